/* SPDX-License-Identifier: MIT */
/* Applying fixes to a text until there is nothing left to fix. */
#ifndef CCX_CLI_FIX_H
#define CCX_CLI_FIX_H

#include "ccx/diag.h"

#include "cli.h"

/* What a look at a text found. */
struct fix_seen {
	bool loaded; /* it is a config that can be read */
	uint32_t file;
	struct diag_list *diags; /* those that are ignored are marked */
};

struct fixer {
	/* Checks text as if it stood in the file; what it makes lives in arena a. */
	void (*look)(void *ctx, struct arena *a, struct str text, struct fix_seen *seen);
	void *ctx;
	bool unsafe; /* also fixes that may change what the config does */
};

/* *fixed is text, in arena a, with as many fixes as can be made: fixes that would keep it from
 * being read, or bring errors, are left out. Returns their number. */
uint32_t fix_text(struct arena *a, const struct fixer *f, struct str text, struct str *fixed);

/* Writes the file, or its difference to standard output ("-" always as a whole text, unless the
 * difference is asked for). False, and said, when it cannot be written. */
bool fix_write(struct cli *cli, const char *path, struct str before, struct str after, bool diff);

#endif
