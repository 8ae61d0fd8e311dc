/* SPDX-License-Identifier: MIT */
/* ccx orb validate FILE|DIR|- */
#include "cli.h"

#include "orb_compile.h"

extern const struct command cmd_orb_validate;

struct validate_args {
	struct orb_compile what;
	struct findings findings;
};

static const struct opt opts[] = {
	FINDINGS_OPTS(validate_args, findings),
	PIPELINE_OPTS(validate_args, what.pipeline),
	ORB_COMPILE_OPTS(validate_args, what),
	{OPT_TEXT, 0, "name", "NS/NAME", offsetof(struct validate_args, what.name),
		"the orb's name in its examples, where its path does not tell", NULL, 0},
	OPT_END,
};

static enum exit_code
run(struct cli *cli, char **args)
{
	struct validate_args a = {.findings = {.aside = true}};
	struct opt_list operands = {0};
	enum exit_code code;
	if (!cli_options(
		    cli, &cmd_orb_validate, (struct opt_set){opts, &a}, args, &operands, &code))
		return code;
	if (!findings_check(cli, &cmd_orb_validate, &a.findings, &code))
		return code;
	a.what.findings = &a.findings;
	return orb_compile_run(cli, &cmd_orb_validate, &a.what, &operands);
}

static const struct example examples[] = {
	{"ccx orb validate orb.yml", "here, without a network unless other orbs are imported"},
	{"ccx orb validate src", "an orb in parts, each finding in its file"},
	{"ccx orb validate orb.yml --remote", "and compare with what the registry says"},
	{NULL, NULL},
};

const struct command cmd_orb_validate = {
	.name = "orb validate",
	.operands = "FILE|DIR|-",
	.summary = "Check that an orb compiles on its own, and review it",
	.about = "Every job and command is expanded with its defaults, and with a stand-in for "
		 "parameters that have none, as the registry does before it publishes an orb. DIR "
		 "is packed before that.\n"
		 "Then each of its examples is compiled, with the orb as it is in the place of the "
		 "one that the example imports: what --name says, or the path of the orb "
		 "(acme/tools/1.2.3.yml), or else the import of which the examples use what this "
		 "orb has. The registry does not do that: an example that is broken is a warning.\n"
		 "What users of the orb would miss is reported too (ccx rules --group review). "
		 "Settings and comments that ignore findings are those of config validate. "
		 "Findings go to standard error unless --format or -o says otherwise.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
