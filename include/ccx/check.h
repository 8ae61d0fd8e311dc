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
	bool server;                 /* checked against a CircleCI server, not the cloud */
	uint32_t as_of;              /* yyyymmdd: what the dated tables are read at */
	bool next;                   /* rules of the announced compiler are errors */
	bool migrate;                /* also find what `config migrate` rewrites */
	const struct node *settings; /* .circleci/ccx.yml as loaded, or NULL */
};

/* What a check looks at. */
struct check {
	struct arena *a;
	struct sources *sources;
	struct diag_list *diags;
	const struct check_options *options;
	uint32_t file;               /* the config in sources */
	uint32_t more;               /* files behind it that are parts of the same orb */
	bool tree;                   /* an orb that was packed: what it includes can be told */
	const struct node *root;     /* as written */
	const struct config *config; /* decoded; never NULL */
	const struct compiled
		*compiled; /* as it would run; compiled->config is NULL after an error */
};

/* Runs every check; findings go to c->diags. */
void check_config(const struct check *c);

/* Runs the checks that are for the authors of orbs. config->module is the orb, compiled NULL;
 * neither the settings nor the other options are asked for. */
void check_orb(const struct check *c);

/* What the examples of an orb are compiled with, besides the orb itself. */
struct usage_options {
	const struct compile_options *compile; /* where other orbs come from */
	struct str name; /* "acme/tools": what the orb is called; empty when not known */
	bool sure;       /* else the examples are asked too */
};

/* Compiles the examples of an orb that compiles on its own, as if it were published as it is.
 * Warnings say what would fail; a note says what another orb, not at hand, keeps from being told.
 */
void check_usages(const struct check *c, const struct usage_options *how);

/* ---- trying changes ---------------------------------------------------------------------- */

/* How a config is compiled before and after a change. */
struct trial {
	const struct compile_options *options; /* its checkout is not asked for branch and tag */
	struct str path;
};

/* Whether a text can be loaded and does the same as another: on several branches and tags, those
 * that its filters name and some more, it compiles to the same jobs with the same steps. Filters
 * themselves may differ, and so may a `deploy` step and its `run`; after says nothing about jobs
 * that no workflow has. Otherwise false, and *why in arena a. */
bool trial_same(struct arena *a, const struct trial *t, struct str before, struct str after,
	struct str *why);
/* Does a change for `config migrate` belong to this finding? */
bool migrate_wants(const struct check *c, const struct diag *g);

/* ---- what is not reported ---------------------------------------------------------------- */

/* Marks the findings that comments ignore: comments of file, which are themselves judged, and of
 * other files that have findings. complete: every check has run, so that a comment that ignored
 * nothing is useless. */
void check_comments(struct sources *s, struct diag_list *d, uint32_t file, bool complete);
/* The same of a tree: of file and of so many files behind it. */
void check_tree_comments(
	struct sources *s, struct diag_list *d, uint32_t file, uint32_t more, bool complete);

/* ---- settings ---------------------------------------------------------------------------- */

/* A settings file as a map, checked; NULL when there is nothing in it or something is wrong. */
const struct node *settings_read(
	struct arena *a, struct sources *s, uint32_t file, struct diag_list *d);
/* Both together: nearer wins where they disagree, lists are joined. Either may be NULL. */
const struct node *settings_join(
	struct arena *a, const struct node *nearer, const struct node *farther);
/* Whether the list under key has the name; false when there is no such list. */
bool settings_list_has(const struct node *settings, const char *key, struct str name);

/* Whether a path fits a pattern: * and ? stand for anything but "/", ** for anything. */
bool glob_matches(struct arena *a, struct str pattern, struct str path);

/* How the paths of sources become paths from the project's folder, which globs are written for. */
struct project_paths {
	struct str folder; /* what they begin with: "", "..", "/home/me/app" */
	struct str here;   /* the current folder, from the project's: "", "services/api" */
};

/* The path of a source from the project's folder. */
struct str project_path(struct arena *a, const struct project_paths *paths, struct str path);

/* Gives findings the severity that the settings say, takes out those that are off, and marks those
 * that are ignored by path. */
void settings_apply(const struct node *settings, const struct project_paths *paths,
	struct sources *s, struct diag_list *d);

#endif
