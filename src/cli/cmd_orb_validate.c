/* SPDX-License-Identifier: MIT */
/* ccx orb validate FILE */
#include "cli.h"

#include "orb_compile.h"

extern const struct command cmd_orb_validate;

struct validate_args {
	struct orb_compile what;
};

static const struct opt opts[] = {
	PIPELINE_OPTS(validate_args, what.pipeline),
	ORB_COMPILE_OPTS(validate_args, what),
	OPT_END,
};

static enum exit_code
run(struct cli *cli, char **args)
{
	struct validate_args a = {.what = {.print = false}};
	struct opt_list operands = {0};
	enum exit_code code;
	if (!cli_options(
		    cli, &cmd_orb_validate, (struct opt_set){opts, &a}, args, &operands, &code))
		return code;
	return orb_compile_run(cli, &cmd_orb_validate, &a.what, &operands);
}

static const struct example examples[] = {
	{"ccx orb validate orb.yml", "here, without a network unless it imports orbs"},
	{"ccx orb validate orb.yml --remote", "and compare with what the registry says"},
	{NULL, NULL},
};

const struct command cmd_orb_validate = {
	.name = "orb validate",
	.operands = "FILE|-",
	.summary = "Check that an orb compiles on its own",
	.about = "Every job and command is expanded with its defaults, and with a stand-in for "
		 "parameters that have none, as the registry does before it publishes an orb.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
