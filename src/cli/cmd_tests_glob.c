/* SPDX-License-Identifier: MIT */
/* ccx tests glob PATTERN... */
#include "ccx/timings.h"

#include "cli.h"

extern const struct command cmd_tests_glob;

static const struct opt opts[] = {OPT_END};

static enum exit_code
run(struct cli *cli, char **args)
{
	struct opt_list operands = {0};
	struct globbed found = {0};
	enum exit_code code;
	if (!cli_options(
		    cli, &cmd_tests_glob, (struct opt_set){opts, NULL}, args, &operands, &code))
		return code;
	if (!operands.n)
		return cli_usage(cli, &cmd_tests_glob, "which files? a pattern is missing");
	for (uint32_t i = 0; i < operands.n; i++) {
		uint32_t before = found.paths.n;
		if (!glob_files(cli->a, str_of(operands.v[i]), &found)) {
			cli_say("the pattern \"%s\" cannot be used: %.*s", operands.v[i],
				STR_ARG(found.error));
			return EXIT_USAGE;
		}
		if (found.paths.n == before && !cli->common.quiet)
			cli_say("nothing fits the pattern \"%s\"", operands.v[i]);
	}
	for (uint32_t i = 0; i < found.paths.n; i++) {
		sb_put(&cli->out, found.paths.v[i]);
		sb_char(&cli->out, '\n');
	}
	return EXIT_OK;
}

static const struct example examples[] = {
	{"ccx tests glob \"test/**/*.rb\" \"spec/*_spec.rb\"", "quoted, or the shell expands it"},
	{"ccx tests glob \"src/**/*.test.{ts,tsx}\" | ccx tests split --index 0 --total 4",
		"the first of four parts"},
	{NULL, NULL},
};

const struct command cmd_tests_glob = {
	.name = "tests glob",
	.operands = "PATTERN...",
	.summary = "List the files that fit patterns",
	.about =
		"One a line, as circleci tests glob lists them inside a job. * stands for anything "
		"but /, ? for one character, [a-z] for one of a set ([^a-z]: not of it), {a,b} for "
		"one of several patterns, and ** between slashes for any folders, or none. Hidden "
		"files are as good as others, folders that fit are listed too, and below ** links "
		"to "
		"folders are not followed.\n"
		"The patterns are taken one after the other; what two of them fit is listed twice.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
