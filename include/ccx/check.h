/* SPDX-License-Identifier: MIT */
/*
 * check: what is wrong, unwise or useless in a config that compiles. Knows nothing of how the tree
 * was loaded.
 *
 * Each subject is one file in src/check/ with one entry function, listed in order in
 * src/check/check.c; each finding is a row in ccx/rules.def. What cannot be known offline (a
 * context, an image tag, a private orb) is passed over in silence.
 */
#ifndef CCX_CHECK_H
#define CCX_CHECK_H

#include "ccx/base.h"
#include "ccx/catalog.h"
#include "ccx/compile.h"
#include "ccx/config.h"
#include "ccx/diag.h"
#include "ccx/yaml.h"

struct check_options {
	bool server;        /* checked against a CircleCI server, not the cloud */
	uint32_t as_of;     /* yyyymmdd: what the dated tables are read at */
	bool next;          /* rules of the announced compiler are errors */
	const struct node *settings; /* .circleci/ccx.yml as loaded, or NULL */
};

/* What a check looks at. */
struct check {
	struct arena *a;
	struct sources *sources;
	struct diag_list *diags;
	const struct check_options *options;
	uint32_t file;                  /* the config in sources */
	const struct node *root;        /* as written */
	const struct config *config;    /* decoded; never NULL */
	const struct compiled *compiled; /* as it would run; compiled->config is NULL after an error */
};

/* Runs every check; findings go to c->diags. */
void check_config(const struct check *c);

#endif
