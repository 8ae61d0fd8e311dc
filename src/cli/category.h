/* SPDX-License-Identifier: MIT */
/* What `ccx orb add-to-category` and `remove-from-category` share: all but their names. */
#ifndef CCX_CLI_CATEGORY_H
#define CCX_CLI_CATEGORY_H

#include "cli.h"

extern const struct opt category_opts[];

/* Runs c, which puts an orb into a category (add) or takes it out. */
enum exit_code category_run(struct cli *cli, const struct command *c, char **args, bool add);

#endif
