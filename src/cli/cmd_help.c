/* SPDX-License-Identifier: MIT */
/* ccx help [COMMAND] */
#include "cli.h"

extern const struct command cmd_help;

static enum exit_code
run(struct cli *cli, char **args)
{
	struct opt_list words = {0};
	enum exit_code code;
	if (!cli_options(cli, &cmd_help, (struct opt_set){NULL, NULL}, args, &words, &code))
		return code;
	return help_write(cli, &words) ? EXIT_OK : unknown_command(cli, &words);
}

const struct command cmd_help = {
	.name = "help",
	.operands = "[COMMAND]",
	.summary = "Explain a command, or list them all",
	.about = "Prints the help of COMMAND, or the list of commands.",
	.run = run,
};
