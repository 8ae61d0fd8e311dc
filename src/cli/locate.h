/* SPDX-License-Identifier: MIT */
/* Finding the config when no path is given. */
#ifndef CCX_CLI_LOCATE_H
#define CCX_CLI_LOCATE_H

#include "ccx/base.h"

/* The config file that the given path means: the path itself, in a directory its
 * .circleci/config.yml; without a path (NULL) the nearest .circleci/config.yml or config.yaml from
 * the working directory up to the top of its git checkout. NULL when there is none. */
const char *locate_config(struct arena *a, const char *path);

#endif
