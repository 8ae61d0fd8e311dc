/* SPDX-License-Identifier: MIT */
/* ccx orb process FILE */
#include "cli.h"

#include "orb_compile.h"

extern const struct command cmd_orb_process;

struct process_args {
	struct orb_compile what;
};

static const struct opt opts[] = {
	PIPELINE_OPTS(process_args, what.pipeline),
	ORB_COMPILE_OPTS(process_args, what),
	OPT_END,
};

static enum exit_code
run(struct cli *cli, char **args)
{
	struct process_args a = {.what = {.print = true}};
	struct opt_list operands = {0};
	enum exit_code code;
	if (!cli_options(cli, &cmd_orb_process, (struct opt_set){opts, &a}, args, &operands, &code))
		return code;
	return orb_compile_run(cli, &cmd_orb_process, &a.what, &operands);
}

static const struct example examples[] = {
	{"ccx orb process orb.yml", "here, without a network unless it imports orbs"},
	{"ccx orb process orb.yml --remote", "and compare with what the registry says"},
	{NULL, NULL},
};

const struct command cmd_orb_process = {
	.name = "orb process",
	.operands = "FILE|DIR|-",
	.summary = "Print the jobs and commands of an orb, expanded",
	.about = "Every job and command is expanded with its defaults, and with a stand-in for "
		 "parameters that have none. With --remote the registry is asked for the same, and "
		 "a diff shows where its answer differs.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
