/* SPDX-License-Identifier: MIT */
/* ccx config pack DIR */
#include "packing.h"

extern const struct command cmd_config_pack;

static const struct opt opts[] = {PACK_OPTS, OPT_END};

static enum exit_code
run(struct cli *cli, char **args)
{
	return pack_run(cli, &cmd_config_pack, args, false);
}

static const struct example examples[] = {
	{"ccx config pack .circleci/src -o .circleci/config.yml", "a config from its parts"},
	{"ccx config pack .circleci/src --check .circleci/config.yml", "is it up to date?"},
	{"ccx config pack .circleci/src | ccx config validate -", "packed and checked"},
	{NULL, NULL},
};

const struct command cmd_config_pack = {
	.name = "config pack",
	.operands = "DIR",
	.summary = "Pack a tree of YAML files into one config",
	.about = "The YAML files of DIR make the top of the config; each folder becomes a key, and "
		 "each file in it an entry under its name. Files below folders of such a folder "
		 "are entries of it too (--compat 0.1: each folder is a map of its own). A file "
		 "that begins with @ adds to the level of its folder instead of becoming an entry. "
		 "Files may use each other's anchors (0.1: they may not).\n"
		 "Hidden files, and files that are not YAML, are passed over. Symbolic links to "
		 "folders are not followed; files are not read from outside of the git checkout.\n"
		 "Keys are sorted and printed as the official packers do it.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_DIR,
	.run = run,
};
