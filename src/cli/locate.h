/* SPDX-License-Identifier: MIT */
/* Finding the config that a command is about. */
#ifndef CCX_CLI_LOCATE_H
#define CCX_CLI_LOCATE_H

#include "cli.h"

/* The config file that the given path means: the path itself, in a directory its
 * .circleci/config.yml; without a path (NULL) the nearest .circleci/config.yml or config.yaml from
 * the working directory up to the top of its git checkout. NULL when there is none. */
const char *locate_config(struct arena *a, const char *path);
/* The same for what a command is given: without a path, the one that CCX_CONFIG names. When there
 * is none that is said; piped: with the advice that standard input would do. */
const char *locate_given(struct cli *cli, const char *named, bool piped);

#endif
