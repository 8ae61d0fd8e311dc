/* SPDX-License-Identifier: MIT */
/* Compiling and checking configs, many at a time. */
#ifndef CCX_CLI_VALIDATE_H
#define CCX_CLI_VALIDATE_H

#include "files.h"
#include "session.h"

/* What is asked; the same for all files. */
struct validate {
	const char *stdin_name, *target, *as_of;
	bool next, only_default_path;
	bool fix, unsafe_fixes; /* fix what is safe to fix, or everything that can be fixed */
	bool diff;              /* show what would be fixed, and write nothing */
	unsigned threads;       /* 0: as many as there are processors */
	struct pipeline pipeline;
};

/* What came of it. */
struct validated {
	struct sources sources; /* what the findings show, and no more */
	struct diag_list diags; /* in order of the files */
	struct str *paths;      /* of the files that were checked */
	uint32_t npaths, fixed;
	struct arena **kept; /* what the sources show */
	uint32_t nkept;
	struct settings settings; /* of the first file */
	enum exit_code code;      /* EXIT_OK, or why a file was not checked, which has been said */
};

/* Checks each file with the settings nearest to it. False when nothing can be checked: out->code
 * says why, and the reason has been said. */
bool validate_files(struct cli *cli, const struct command *c, const struct validate *what,
	const struct files *files, struct validated *out);

/* To be called when all has been printed, also after false. */
void validated_free(struct validated *v);

#endif
