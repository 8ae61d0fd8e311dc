/* SPDX-License-Identifier: MIT */
/* ccx config unpack FILE DIR */
#include "packing.h"

extern const struct command cmd_config_unpack;

#define FIELD(name) offsetof(struct unpack_args, name)
static const struct opt opts[] = {
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
	return unpack_run(cli, &cmd_config_unpack, args, false);
}

static const struct example examples[] = {
	{"ccx config unpack .circleci/config.yml .circleci/src", "a config as a tree of files"},
	{NULL, NULL},
};

const struct command cmd_config_unpack = {
	.name = "config unpack",
	.operands = "FILE|- DIR",
	.summary = "Take a config apart into a tree of files",
	.about = "Each job, command, executor, job group and workflow gets a file of its own, the "
		 "rest goes to @config.yml; ccx config pack makes the same config of it. Comments "
		 "are lost, and aliases are written out.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
