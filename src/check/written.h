/* SPDX-License-Identifier: MIT */
/* The source as it is written, for checks that look at more than what runs. */
#ifndef CCX_CHECK_WRITTEN_H
#define CCX_CHECK_WRITTEN_H

#include "ccx/check.h"

/* One entry of a workflow's jobs, or of a job group's. */
struct entry {
	const struct node *key;  /* the job */
	const struct node *body; /* a map, or NULL */
};

/* False for what is no entry, and for a map of several keys: what is meant cannot be told. */
bool entry_read(const struct node *item, struct entry *e);
/* The map of names to workflows as pairs, without `version`; NULL when there is none. */
const struct node *written_workflows(const struct check *c);
bool is_workflow(const struct pair *p);

/* Can the tree be walked, aliases written out? */
bool is_walkable(const struct check *c);
/* Has somebody found something at this place? */
bool is_reported(const struct check *c, struct span at);
/* Adds a finding of a rule that is an error where it strikes: here it is a warning. NULL when
 * something is reported at this place, or the list is full. */
struct diag *doubt_push(const struct check *c, enum rule rule, struct span at, struct str message);

/* Every element of the config and of its inline orbs. */
struct element_visitor {
	void (*visit)(void *ctx, const struct element *e);
	void *ctx;
};

void each_element(const struct module *m, struct element_visitor v);
/* The same without inline orbs. */
void each_own_element(const struct module *m, struct element_visitor v);

/* The one name that a string is, as in << parameters.x >>; false for all else. */
bool single_name(struct str text, struct str *name);

/* Adds the fix that takes out the lines of a pair of a block map. None when it is the only pair,
 * or when it does not have its lines for itself. */
void fix_remove(
	const struct check *c, struct diag *g, const struct node *map, const struct node *key);

#endif
