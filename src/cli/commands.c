/* SPDX-License-Identifier: MIT */
/* The command table, and the options that every command takes. */
#include "cli.h"

#define COMMAND(x) extern const struct command cmd_##x;
#include "commands.def"
#undef COMMAND

const struct command *const commands[] = {
#define COMMAND(x) &cmd_##x,
#include "commands.def"
#undef COMMAND
};

const uint32_t ncommands = sizeof commands / sizeof *commands;

static const char *const color_choices[] = {"always", "never", "auto", NULL};

/* The options of the official CLI at the end speak of an account or of its own ways: they have no
 * effect unless a command has them too. Scripts that give them run unchanged. A token is never read
 * from the command line, which every user of the machine can see. */
const struct opt common_opts[] = {
	{OPT_TEXT, 0, "color", "WHEN", offsetof(struct common, color),
		"colour: always, never or auto (a terminal, NO_COLOR unset)", color_choices, 0},
	{OPT_FLAG, 0, "no-color", NULL, offsetof(struct common, no_color),
		"the same as --color=never", NULL, 0},
	{OPT_FLAG, 'q', "quiet", NULL, offsetof(struct common, quiet),
		"errors only: no warnings, no summary", NULL, 0},
	{OPT_FLAG, 'v', "verbose", NULL, offsetof(struct common, verbose),
		"say which files are used and which options have no effect", NULL, 0},
	{OPT_FLAG, 'h', "help", NULL, offsetof(struct common, help), "show help", NULL, 0},
	{OPT_FLAG, 'V', "version", NULL, offsetof(struct common, version), "show the version", NULL,
		0},
	{OPT_IGNORE, 0, "org", "ORG", 0, NULL, NULL, 0},
	{OPT_IGNORE, 0, "org-slug", "SLUG", 0, NULL, NULL, 0},
	{OPT_IGNORE, 0, "org-id", "ID", 0, NULL, NULL, 0},
	{OPT_IGNORE, 0, "token", "TOKEN", 0, NULL, NULL, 0},
	{OPT_IGNORE, 0, "host", "URL", 0, NULL, NULL, 0},
	{OPT_IGNORE, 'n', "next", NULL, 0, NULL, NULL, 0},
	{OPT_IGNORE, 0, "skip-update-check", NULL, 0, NULL, NULL, 0},
	{OPT_IGNORE, 0, "debug", NULL, 0, NULL, NULL, 0},
	OPT_END,
};
