/* SPDX-License-Identifier: MIT */
/* ccx orb unpack FILE DIR */
#include "packing.h"

extern const struct command cmd_orb_unpack;

#define FIELD(name) offsetof(struct unpack_args, name)
static const struct opt opts[] = {
	{OPT_TEXT, 0, "scripts", "LINES", FIELD(scripts),
		"put commands of at least so many lines into files to include", NULL, 0},
	{OPT_FLAG, 'f', "force", NULL, FIELD(force), "write into a folder that is not empty", NULL,
		0},
	{OPT_TEXT, 0, "stdin-filename", "PATH", FIELD(stdin_name),
		"what to call standard input in messages", NULL, COMPLETE_FILE},
	OPT_END,
};
#undef FIELD

static enum exit_code
run(struct cli *cli, char **args)
{
	return unpack_run(cli, &cmd_orb_unpack, args, true);
}

static const struct example examples[] = {
	{"ccx orb unpack orb.yml src", "an orb as a source tree"},
	{"ccx orb unpack --scripts 10 orb.yml src", "long scripts in src/scripts"},
	{NULL, NULL},
};

const struct command cmd_orb_unpack = {
	.name = "orb unpack",
	.operands = "FILE|- DIR",
	.summary = "Take a packed orb apart into a source tree",
	.about = "Each command, job, executor and example gets a file of its own, the rest goes to "
		 "@orb.yml; ccx orb pack makes the same orb of it. Comments are lost. A command "
		 "that uses parameters stays where it is: an included file is text, in which << is "
		 "escaped.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
