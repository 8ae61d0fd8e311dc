/* SPDX-License-Identifier: MIT */
/* ccx __dump man|bash|zsh|fish|options: what the build makes of the option tables. */
#include "cli.h"

#include "dump.h"

#include <string.h>

extern const struct command cmd_dump;

static const struct {
	const char *name;
	void (*write)(struct sb *b);
} kinds[] = {
	{"man", dump_man},
	{"bash", dump_bash},
	{"zsh", dump_zsh},
	{"fish", dump_fish},
	{"options", dump_options},
};

static enum exit_code
run(struct cli *cli, char **args)
{
	struct opt_list operands = {0};
	enum exit_code code;
	if (!cli_options(cli, &cmd_dump, (struct opt_set){NULL, NULL}, args, &operands, &code))
		return code;
	for (size_t i = 0; operands.n == 1 && i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(operands.v[0], kinds[i].name) == 0) {
			kinds[i].write(&cli->out);
			return EXIT_OK;
		}
	}
	return cli_usage(cli, &cmd_dump, "one of man, bash, zsh, fish, options");
}

const struct command cmd_dump = {
	.name = "__dump",
	.operands = "man|bash|zsh|fish|options",
	.summary = "Print what is generated from the option tables",
	.about = "",
	.hidden = true,
	.run = run,
};
