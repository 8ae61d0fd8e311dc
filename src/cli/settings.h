/* SPDX-License-Identifier: MIT */
/* The settings files of ccx: where they are, and paths in them. */
#ifndef CCX_CLI_SETTINGS_H
#define CCX_CLI_SETTINGS_H

#include "ccx/check.h"

#include "cli.h"

struct settings {
	const struct node *root; /* the project's and the user's joined; NULL: there are none */
	struct project_paths paths;
	const struct sources *sources; /* that they stand in */
};

/* Reads .circleci/ccx.yml, the nearest one above the config at path ("-": above the current
 * folder), and below it the user's ccx/config.yml. What is wrong with them is added to d. */
struct settings settings_find(
	struct cli *cli, const char *path, struct sources *s, struct diag_list *d);
/* The text under a key, or NULL. */
const char *settings_text(struct arena *a, const struct settings *settings, const char *key);
/* A path that stands in a settings file of s, from the current folder: there it is written from the
 * folder that holds .circleci, in the user's file from that file's folder. */
const char *settings_path(struct arena *a, const struct sources *s, const struct node *path);
/* Adds the folders of orb-path. */
void settings_orbs(const struct settings *settings, const struct sources *s, struct arena *a,
	struct orb_store *orbs);

#endif
