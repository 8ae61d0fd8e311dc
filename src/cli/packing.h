/* SPDX-License-Identifier: MIT */
/* What packing and unpacking of configs and of orbs have in common: all but their names. */
#ifndef CCX_CLI_PACKING_H
#define CCX_CLI_PACKING_H

#include "ccx/orb.h"

#include "cli.h"

struct pack_args {
	const char *compat, *output_file, *check, *include_root;
};

struct unpack_args {
	const char *scripts, *stdin_name;
	bool force;
};

extern const char *const pack_compat_choices[];

/* clang-format off */
#define PACK_OPTS                                                                                  \
	{OPT_TEXT, 0, "compat", "VERSION", offsetof(struct pack_args, compat),                     \
		"pack as the official CLI 0.1 or 1.x (the default) does", pack_compat_choices, 0}, \
	{OPT_TEXT, 'o', "output-file", "FILE", offsetof(struct pack_args, output_file),            \
		"where the packed document goes (default: standard output)", NULL, COMPLETE_FILE}, \
	{OPT_TEXT, 0, "check", "FILE", offsetof(struct pack_args, check),                          \
		"write nothing: exit with 7, and show the difference, when FILE is stale", NULL,   \
		COMPLETE_FILE},                                                                    \
	{OPT_TEXT, 0, "include-root", "DIR", offsetof(struct pack_args, include_root),             \
		"what no file may lie outside of (default: the git checkout)", NULL, COMPLETE_DIR}
/* clang-format on */

enum exit_code pack_run(struct cli *cli, const struct command *c, char **args, bool orb);
enum exit_code unpack_run(struct cli *cli, const struct command *c, char **args, bool orb);

/* Makes the folders that a path goes through. False with errno set. */
bool packing_parents(struct arena *a, struct str path);
/* Reports a document that is too large to be written, with its aliases written out. */
bool packing_fits(const struct node *doc, struct diag_list *d);
/* Is path an empty folder, or nothing at all? */
bool packing_is_empty(const char *path);
/* Writes the files of a tree into a folder. When one cannot be written that is said, and what was
 * made before it is removed; not so what it was written over. */
enum exit_code packing_write(struct cli *cli, struct str dir, const struct unpacked *tree);

#endif
