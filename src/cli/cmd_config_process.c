/* SPDX-License-Identifier: MIT */
/* ccx config process [PATH|-] */
#include "cli.h"

#include "document.h"
#include "locate.h"
#include "session.h"

#include <string.h>

extern const struct command cmd_config_process;

struct process {
	const char *config, *stdin_name, *output_file, *output, *compat;
	bool json, original, trace;
	struct pipeline pipeline;
};

static const char *const output_choices[] = {"yaml", "json", NULL};

#define FIELD(name) offsetof(struct process, name)
static const struct opt opts[] = {
	{OPT_TEXT, 'c', "config", "PATH", FIELD(config), "the config, as PATH", NULL,
		COMPLETE_FILE},
	{OPT_TEXT, 'o', "output-file", "FILE", FIELD(output_file), "write there", NULL,
		COMPLETE_FILE},
	{OPT_TEXT, 0, "output", "FORMAT", FIELD(output), "print as yaml (the default) or json",
		output_choices, 0},
	{OPT_FLAG, 0, "json", NULL, FIELD(json), "the same as --output json", NULL, 0},
	{OPT_FLAG, 0, "original", NULL, FIELD(original), "append the source, as comments", NULL, 0},
	{OPT_FLAG, 0, "trace", NULL, FIELD(trace),
		"print where each job and step came from instead", NULL, 0},
	{OPT_TEXT, 0, "compat", "YYYY-MM", FIELD(compat),
		"print as the official compiler did in that month", NULL, 0},
	PIPELINE_OPTS(process, pipeline),
	{OPT_TEXT, 0, "stdin-filename", "PATH", FIELD(stdin_name),
		"what to call standard input in messages", NULL, COMPLETE_FILE},
	OPT_END,
};
#undef FIELD

/* ---- what is asked ----------------------------------------------------------------------- */

/* The config that the operands, --config, CCX_CONFIG or the working directory name. */
static enum exit_code
find_config(struct cli *cli, const struct process *args, const struct opt_list *operands,
	const char **path)
{
	const struct command *c = &cmd_config_process;
	if (operands->n > 1)
		return cli_usage(
			cli, c, "one config at a time: \"%s\" is too many", operands->v[1]);
	if (operands->n && args->config)
		return cli_usage(cli, c, "two configs: \"%s\" and --config %s", operands->v[0],
			args->config);
	*path = locate_given(cli, operands->n ? operands->v[0] : args->config, true);
	return *path ? EXIT_OK : EXIT_MISSING;
}

/* ---- what is given ----------------------------------------------------------------------- */

/* What came of it, as the options want to see it. */
static enum exit_code
put(struct session *s, const struct process *args)
{
	const struct compiled *c = s->compiled;
	struct sb b = {.a = s->cli->a};
	bool json = args->json || (args->output && strcmp(args->output, "json") == 0);
	if (args->trace)
		compiled_trace(&b, c, &s->sources);
	else if (json)
		node_print_json(&b, c->config);
	else
		compiled_print(&b, c, s->read.options.compat, source_of(&s->sources, s->file)->text,
			args->original);
	if (b.len && b.s[b.len - 1] != '\n')
		sb_char(&b, '\n');
	return document_write(s->cli, args->output_file, sb_str(&b));
}

static enum exit_code
process(struct cli *cli, const struct process *args, const char *path)
{
	struct session s = {.cli = cli,
		.command = &cmd_config_process,
		.pipeline = &args->pipeline,
		.path = path,
		.stdin_name = args->stdin_name};
	struct compat compat = COMPAT_NEWEST;
	enum exit_code code;
	if (args->compat && !compat_parse(str_of(args->compat), &compat))
		return cli_usage(cli, &cmd_config_process,
			"--compat takes a month as YYYY-MM, not \"%s\"", args->compat);
	if (!session_open(&s, &code))
		return code;
	s.read.options.compat = compat;
	session_orbs(&s);
	if (session_compile(&s, &code))
		code = put(&s, args);
	session_close(&s);
	return code;
}

static enum exit_code
run(struct cli *cli, char **args)
{
	struct process p = {0};
	struct opt_list operands = {0};
	enum exit_code code;
	const char *path = NULL;
	if (!cli_options(
		    cli, &cmd_config_process, (struct opt_set){opts, &p}, args, &operands, &code))
		return code;
	code = find_config(cli, &p, &operands, &path);
	return code == EXIT_OK ? process(cli, &p, path) : code;
}

static const struct example examples[] = {
	{"ccx config process", "the config of this checkout"},
	{"ccx config process config.yml -o out.yml", "another one, to a file"},
	{"ccx config process --tag v1.2.0 -", "standard input, for a tag"},
	{"ccx config process --param deploy=true", "a pipeline parameter given"},
	{"ccx config process --orb-path orbs --trace", "which orb each step is from"},
	{NULL, NULL},
};

const struct command cmd_config_process = {
	.name = "config process",
	.operands = "[PATH|-]",
	.summary = "Print a config with everything expanded, as CircleCI would run it",
	.about = "Without PATH the config is the one that CCX_CONFIG names, or the nearest "
		 ".circleci/config.yml from the working directory up to the top of its git "
		 "checkout. "
		 "PATH may be a directory that holds a .circleci/config.yml.\n"
		 "Pipeline values are those that the official CLI sends: fixed ones, and the "
		 "branch, "
		 "tag, revision and remote of the git checkout. Giving --branch makes the tag "
		 "undefined, and --tag the branch, unless both are given.\n"
		 "The value of --param is read as YAML reads a plain or quoted scalar: true, 5 and "
		 "\"5\" are a boolean, an integer and a string.\n"
		 "The processed config goes to standard output; errors and warnings go to standard "
		 "error, and after an error nothing is written.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
