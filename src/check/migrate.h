/* SPDX-License-Identifier: MIT */
/* What the files that rewrite configs share. */
#ifndef CCX_CHECK_MIGRATE_H
#define CCX_CHECK_MIGRATE_H

#include "ccx/check.h"

/* The expression that runs for the same branches and tags as filters in map form; empty when there
 * is none of which that is certain. It ends no line. */
struct str filter_expression(struct arena *a, const struct node *filters);

/* Which `<<` of a text are to be read as text. */
enum escape {
	ESCAPE_ALL,      /* version 2 knows no templates */
	ESCAPE_UNCLOSED, /* those that no >> closes */
};

/* Edits of g that put a backslash before each such `<<` of a string, as its quotes ask for. False
 * when one cannot be written so: a backslash stands before it already. */
bool escape_string(const struct check *c, struct diag *g, bool safe, const struct node *string,
	enum escape which);

/* Findings with fixes for `config migrate`: the version, the filters. */
void migrate_version(const struct check *c, struct diag *g);
void migrate_filters(const struct check *c);

#endif
