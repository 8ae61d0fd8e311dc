/* SPDX-License-Identifier: MIT */
/* The configs that the operands of a command name. */
#ifndef CCX_CLI_FILES_H
#define CCX_CLI_FILES_H

#include "ccx/base.h"

struct config_file {
	const char *path; /* "-": standard input */
	uint32_t operand; /* the one that named it */
	bool found;       /* not named, but found: it counts only if it looks like a config */
};

/* An operand as it was given. */
struct file_operand {
	const char *text;
	bool folder;
	bool known; /* names a file that an operand before it has named */
};

struct files {
	struct config_file *v;
	uint32_t n, cap;
	VEC(struct file_operand) operands;
	struct map seen; /* paths: each is taken once */
};

/* Adds what an operand names: a file, whether it is there or not; every YAML file in a
 * .circleci folder below a folder; every file that fits a pattern with *, ? or **. Folders named
 * node_modules, hidden ones and the sources of packed orbs (those with @orb.yml) are passed over.
 * In order of names. */
void files_add(struct arena *a, struct files *files, const char *operand);
/* Whether what was found below a folder is a config, by its name and content: not an orb, nor
 * settings or the like. Text that is no YAML may be one. */
bool files_is_config(const char *path, struct str text);

#endif
