/* SPDX-License-Identifier: MIT */
/* ccx orb pack DIR */
#include "packing.h"

extern const struct command cmd_orb_pack;

static const struct opt opts[] = {PACK_OPTS, OPT_END};

static enum exit_code
run(struct cli *cli, char **args)
{
	return pack_run(cli, &cmd_orb_pack, args, true);
}

static const struct example examples[] = {
	{"ccx orb pack src", "the orb whose @orb.yml is in src"},
	{"ccx orb pack src -o orb.yml", "to a file"},
	{"ccx orb pack src --check orb.yml", "is the packed file up to date?"},
	{"ccx orb pack --compat 0.1 src", "the bytes that circleci 0.1 prints"},
	{NULL, NULL},
};

const struct command cmd_orb_pack = {
	.name = "orb pack",
	.operands = "DIR",
	.summary = "Pack the source tree of an orb into one file",
	.about = "@orb.yml and the other YAML files of DIR make the top of the document; each "
		 "folder becomes a section, and each file in it an entry under its name. Files "
		 "below a folder of a section belong to the section (0.1: folders in folders are "
		 "not read). A file that begins with @ adds to its section instead of becoming an "
		 "entry. Files may use each other's anchors (0.1: they may not).\n"
		 "In jobs, commands and executors, <<include(PATH)>> stands for the text of a "
		 "file, its path taken from DIR; each << in it is escaped. No file is read from "
		 "outside of the git checkout, not by .. and not by a symbolic link; outside of "
		 "any checkout, from outside of the folder that holds DIR.\n"
		 "The document is printed as the official packers print it, so that a packed file "
		 "that one of them has made does not change. --compat 0.1 keeps only the keys of "
		 "an orb that the CLI 0.1 knows, in its order.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_DIR,
	.run = run,
};
