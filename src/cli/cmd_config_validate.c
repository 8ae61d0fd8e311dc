/* SPDX-License-Identifier: MIT */
/* ccx config validate [PATH…|-] */
#include "cli.h"

#include "ccx/check.h"

#include "findings.h"
#include "locate.h"
#include "pipeline.h"
#include "settings.h"

#include <string.h>

extern const struct command cmd_config_validate;

struct validate {
	const char *config, *stdin_name, *target, *as_of;
	bool next, only_default_path;
	struct pipeline pipeline;
	struct findings findings;
};

static const char *const targets[] = {"cloud", "server", NULL};

#define FIELD(name) offsetof(struct validate, name)
static const struct opt opts[] = {
	{OPT_TEXT, 'c', "config", "PATH", FIELD(config), "the config, as PATH", NULL,
		COMPLETE_FILE},
	FINDINGS_OPTS(validate, findings),
	{OPT_TEXT, 0, "target", "TARGET", FIELD(target), "cloud (the default) or server", targets,
		0},
	{OPT_TEXT, 0, "as-of", "DATE", FIELD(as_of), "read dated tables as of that day", NULL, 0},
	{OPT_FLAG, 'n', "next", NULL, FIELD(next), "apply the rules of the announced compiler",
		NULL, 0},
	{OPT_FLAG, 0, "only-default-path", NULL, FIELD(only_default_path),
		"check only what this push would run", NULL, 0},
	PIPELINE_OPTS(validate, pipeline),
	{OPT_TEXT, 0, "stdin-filename", "PATH", FIELD(stdin_name),
		"what to call standard input in messages", NULL, COMPLETE_FILE},
	OPT_END,
};
#undef FIELD

/* One run over one file. True when every check has run. */
static bool
validate_file(struct cli *cli, const struct validate *args, const struct settings *settings,
	struct pipeline_read *read, uint32_t file)
{
	struct inputs *in = &read->in;
	const char *target =
		args->target ? args->target : settings_text(cli->a, settings, "target");
	struct check_options how = {.server = target && strcmp(target, "server") == 0,
		.as_of = (uint32_t)catalog_as_of(),
		.next = args->next,
		.settings = settings->root};
	if (args->as_of)
		how.as_of = (uint32_t)catalog_day(str_of(args->as_of));
	struct compiled *c = compile_config(cli->a, in->sources, file, &read->options, in->diags);
	if (!c)
		return false;
	struct check check = {.a = cli->a,
		.sources = in->sources,
		.diags = in->diags,
		.options = &how,
		.file = file,
		.root = c->root,
		.config = c->source,
		.compiled = c};
	check_config(&check);
	return c->config && !in->diags->dropped;
}

static enum exit_code
validate(struct cli *cli, const struct validate *args, const char *path)
{
	struct sources sources;
	struct diag_list diags;
	struct orb_store orbs;
	uint32_t file = 0;
	struct pipeline_read read = {.in = {.a = cli->a, .sources = &sources, .diags = &diags},
		.options = {.orbs = &orbs,
			.compat = COMPAT_NEWEST,
			.tolerant = true,
			.thorough = !args->only_default_path}};
	sources_init(&sources, cli->a);
	diag_init(&diags, cli->a);
	pipeline_orbs(cli->a, &args->pipeline, &orbs);
	bool piped = strcmp(path, "-") == 0 && args->stdin_name;
	struct settings settings =
		settings_find(cli, piped ? args->stdin_name : path, &sources, &diags);
	settings_orbs(&settings, &sources, cli->a, &orbs);
	if (!pipeline_inputs(cli, &cmd_config_validate, &args->pipeline, &read))
		return read.code;
	bool complete = false;
	if (pipeline_config(cli, &read, path, args->stdin_name, &file))
		complete = validate_file(cli, args, &settings, &read, file);
	else if (read.code != EXIT_FINDINGS)
		return read.code;
	check_comments(&sources, &diags, file, complete);
	settings_apply(settings.root, &settings.paths, &sources, &diags);
	struct report_input report = {.sources = &sources,
		.findings = &diags,
		.version = CCX_VERSION,
		.paths = &source_of(&sources, file)->path,
		.npaths = 1};
	return findings_end(cli, &args->findings, &settings, &report, &diags);
}

static enum exit_code
run(struct cli *cli, char **args)
{
	struct validate v = {0};
	struct opt_list operands = {0};
	enum exit_code code;
	if (!cli_options(
		    cli, &cmd_config_validate, (struct opt_set){opts, &v}, args, &operands, &code))
		return code;
	if (!findings_check(cli, &cmd_config_validate, &v.findings, &code))
		return code;
	const char *path = locate_config(cli->a, operands.n ? operands.v[0] : v.config);
	if (!path) {
		cli_say("no .circleci/config.yml here or above; name a config, or - for standard "
			"input");
		return EXIT_MISSING;
	}
	return validate(cli, &v, path);
}

static const struct example examples[] = {
	{"ccx config validate", "the config of this checkout"},
	{"ccx config validate --format sarif -o x.sarif --format text", "two reports of one run"},
	{"ccx config validate --baseline known.json", "only what is new"},
	{NULL, NULL},
};

const struct command cmd_config_validate = {
	.name = "config validate",
	.operands = "[PATH|-]",
	.summary = "Say everything that is wrong with a config, each with its place",
	.about = "Compiles the config as a push would and checks what the compiler does not.\n"
		 "A comment \"# ccx: ignore[rule] reason\" ignores findings of its line, or of the "
		 "next one when it is alone; ignore-block[rule] those of the key or list item, and "
		 "ignore-file[rule] those of the file.\n"
		 "Settings come from .circleci/ccx.yml: severity, ignore, contexts, "
		 "resource-classes, orb-path, fail-on, target, baseline.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
