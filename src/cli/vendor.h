/* SPDX-License-Identifier: MIT */
/*
 * ccx called by the name of the official CLI (a link named circleci): its options are understood,
 * and what it says looks as editors and hooks expect that were written for it.
 */
#ifndef CCX_CLI_VENDOR_H
#define CCX_CLI_VENDOR_H

#include "cli.h"

/* Whether argv[0] is that name. */
bool vendor_is(const char *program);
/* args without what only the official CLI knows. of: the command, or NULL for what stands before
 * its name. */
char **vendor_args(struct arena *a, char **args, const struct command *of);
/* The errors, as the official CLI lists them:
 *
 *     Error: ERROR IN CONFIG FILE:
 *     - line 41, column 9: job "biuld" is not defined [undefined-job]
 */
void vendor_report(struct sb *out, struct sources *s, const struct diag_list *d);
/* Config file at .circleci/config.yml is valid. */
void vendor_valid(struct sb *out, const char *path);

#endif
