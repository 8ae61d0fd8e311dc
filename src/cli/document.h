/* SPDX-License-Identifier: MIT */
/* A text that a command makes as a whole: where it goes, or whether a file still has it. */
#ifndef CCX_CLI_DOCUMENT_H
#define CCX_CLI_DOCUMENT_H

#include "cli.h"

/* To standard output (path NULL or "-") or to a file; a failure is said. */
enum exit_code document_write(struct cli *cli, const char *path, struct str text);

/* A file that should hold a text. */
struct document_check {
	const char *path;
	const char *again; /* what to do when it does not: "pack it again" */
	bool long_end;     /* it may end with one line break more */
};

/* EXIT_FINDINGS and the difference on standard output when the file holds another text. */
enum exit_code document_check(struct cli *cli, const struct document_check *check, struct str text);

#endif
