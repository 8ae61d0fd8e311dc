/* SPDX-License-Identifier: MIT */
/* ccx config validate [PATH…|-] */
#include "cli.h"

#include "findings.h"
#include "locate.h"
#include "pool.h"
#include "validate.h"
#include "vendor.h"

#include <stdlib.h>
#include <string.h>

extern const struct command cmd_config_validate;

struct validate_args {
	const char *config, *threads;
	bool only_configs;
	struct validate what;
	struct findings findings;
};

static const char *const targets[] = {"cloud", "server", NULL};

#define FIELD(name) offsetof(struct validate_args, name)
static const struct opt opts[] = {
	{OPT_TEXT, 'c', "config", "PATH", FIELD(config), "the config, as PATH", NULL,
		COMPLETE_FILE},
	FINDINGS_OPTS(validate_args, findings),
	{OPT_TEXT, 0, "target", "TARGET", FIELD(what.target), "cloud (the default) or server",
		targets, 0},
	{OPT_TEXT, 0, "as-of", "DATE", FIELD(what.as_of), "read dated tables as of that day", NULL,
		0},
	{OPT_FLAG, 'n', "next", NULL, FIELD(what.next), "apply the rules of the announced compiler",
		NULL, 0},
	{OPT_FLAG, 0, "only-default-path", NULL, FIELD(what.only_default_path),
		"check only what this push would run", NULL, 0},
	{OPT_FLAG, 0, "fix", NULL, FIELD(what.fix), "fix what is safe to fix", NULL, 0},
	{OPT_FLAG, 0, "unsafe-fixes", NULL, FIELD(what.unsafe_fixes),
		"also make fixes that may change what the config does", NULL, 0},
	{OPT_FLAG, 0, "diff", NULL, FIELD(what.diff),
		"show what would be fixed as a diff, and write nothing", NULL, 0},
	PIPELINE_OPTS(validate_args, what.pipeline),
	{OPT_TEXT, 0, "stdin-filename", "PATH", FIELD(what.stdin_name),
		"what to call standard input in messages", NULL, COMPLETE_FILE},
	{OPT_FLAG, 0, "only-configs", NULL, FIELD(only_configs),
		"pass over files that do not look like configs", NULL, 0},
	{OPT_TEXT, 'j', "threads", "N", FIELD(threads),
		"files to check at a time (default: one a processor)", NULL, 0},
	OPT_END,
};
#undef FIELD

/* What --threads says; false when it is no number that makes sense. */
static bool
read_threads(const char *text, unsigned *threads)
{
	*threads = 0;
	if (!text)
		return true;
	size_t digits = strspn(text, "0123456789");
	if (!digits || digits > 3 || text[digits])
		return false;
	*threads = (unsigned)strtoul(text, NULL, 10);
	return *threads >= 1 && *threads <= POOL_THREADS_MOST;
}

/* The files that the operands, --config, CCX_CONFIG or the working directory name. */
static enum exit_code
find_files(struct cli *cli, const struct validate_args *args, const struct opt_list *operands,
	struct files *files)
{
	if (operands->n && args->config)
		return cli_usage(cli, &cmd_config_validate, "two configs: \"%s\" and --config %s",
			operands->v[0], args->config);
	for (uint32_t i = 0; i < operands->n; i++)
		files_add(cli->a, files, operands->v[i]);
	for (uint32_t i = 0; i < files->n; i++)
		files->v[i].found |= args->only_configs;
	if (operands->n)
		return EXIT_OK;
	const char *path = locate_given(cli, args->config, true);
	if (!path)
		return EXIT_MISSING;
	files_add(cli->a, files, path);
	return EXIT_OK;
}

/* Standard output is for the text then, not for the findings. */
static bool
is_piped_fix(const struct validate_args *v, const struct files *files)
{
	bool piped = false;
	for (uint32_t i = 0; i < files->n; i++)
		piped = piped || strcmp(files->v[i].path, "-") == 0;
	return piped && (v->what.fix || v->what.unsafe_fixes);
}

static enum exit_code
vendor_end(struct cli *cli, struct validated *done, const struct files *files)
{
	cli_report(cli, &done->sources, &done->diags);
	if (done->code != EXIT_OK)
		return done->code;
	if (done->diags.errors)
		return EXIT_FINDINGS;
	for (uint32_t i = 0; i < files->n && i < done->npaths; i++)
		vendor_valid(&cli->out, files->n == 1 ? files->v[i].path : done->paths[i].s);
	return EXIT_OK;
}

static enum exit_code
end(struct cli *cli, struct validate_args *v, struct validated *done, const struct files *files)
{
	struct report_input report = {.sources = &done->sources,
		.findings = &done->diags,
		.version = CCX_VERSION,
		.paths = done->paths,
		.npaths = done->npaths};
	if (done->fixed && !cli->common.quiet)
		sb_printf(&cli->last, "%u %sfixed\n", (unsigned)done->fixed,
			v->what.diff ? "can be " : "");
	v->findings.silent = v->what.diff || is_piped_fix(v, files);
	enum exit_code code =
		findings_end(cli, &v->findings, &done->settings, &report, &done->diags);
	return done->code == EXIT_OK ? code : done->code;
}

static enum exit_code
run(struct cli *cli, char **args)
{
	struct validate_args v = {0};
	struct opt_list operands = {0};
	struct files files = {0};
	struct validated done;
	enum exit_code code;
	const struct command *c = &cmd_config_validate;
	if (!cli_options(cli, c, (struct opt_set){opts, &v}, args, &operands, &code))
		return code;
	if (!findings_check(cli, c, &v.findings, &code))
		return code;
	if (!read_threads(v.threads, &v.what.threads))
		return cli_usage(cli, c, "--threads takes a number from 1 to %d, not \"%s\"",
			POOL_THREADS_MOST, v.threads);
	code = find_files(cli, &v, &operands, &files);
	if (code != EXIT_OK)
		return code;
	if (validate_files(cli, c, &v.what, &files, &done))
		code = cli->vendor ? vendor_end(cli, &done, &files) : end(cli, &v, &done, &files);
	else
		code = done.code;
	validated_free(&done);
	return code;
}

static const struct example examples[] = {
	{"ccx config validate", "the config of this checkout"},
	{"ccx config validate .", "every config of every project below"},
	{"ccx config validate --format sarif -o x.sarif --format text", "two reports of one run"},
	{"ccx config validate --baseline known.json", "only what is new"},
	{"ccx config validate --diff", "what --fix would change"},
	{NULL, NULL},
};

const struct command cmd_config_validate = {
	.name = "config validate",
	.operands = "[PATH|-]...",
	.summary = "Say everything that is wrong with a config, each with its place",
	.about = "Compiles each config as a push would and checks what the compiler does not. "
		 "PATH is a config, a pattern with *, ? or **, or a folder: every config in a "
		 ".circleci folder below it is checked.\n"
		 "A comment \"# ccx: ignore[rule] reason\" ignores findings of its line, or of the "
		 "next one when it is alone; ignore-block[rule] those of the key or list item, and "
		 "ignore-file[rule] those of the file.\n"
		 "Settings come from .circleci/ccx.yml: severity, ignore, contexts, "
		 "resource-classes, orb-path, fail-on, target, baseline.\n"
		 "The formats: text, concise, json, jsonl, sarif, github, gitlab, junit, "
		 "checkstyle, rdjson.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
