/* SPDX-License-Identifier: MIT */
/* What the files that find changes share. */
#ifndef ORB_CHANGES_H
#define ORB_CHANGES_H

#include "ccx/config.h"
#include "ccx/orb.h"

struct change_search {
	struct arena *a;
	const struct module *old, *new_module;
	struct orb_changes *out;
	uint64_t weight; /* of what may still be compared */
};

/* Adds a change of the element, import or example that like names; the caller fills in the rest
 * before the next call. */
struct orb_change *change_add(
	struct change_search *s, enum orb_change_kind kind, const struct orb_change *like);
/* Equal, or both NULL. What is too much to compare counts as changed. */
bool change_equal(struct change_search *s, const struct node *a, const struct node *b);
/* A key that a map of texts finds nodes by: equal for equal nodes. */
struct str change_likeness(struct arena *a, const struct node *n);

/* A key of two maps whose values differ; NULL where it is not. */
struct key_change {
	const struct pair *old, *new_pair;
};

/* The keys that differ, those of the old map first; what is no map has no keys. */
struct key_change *changed_keys(
	struct change_search *s, const struct node *old, const struct node *new_map, uint32_t *n);

/* What changed in the parameters of an element. */
void changes_of_params(struct change_search *s, const struct params *old,
	const struct params *new_params, const struct orb_change *like);
/* What changed inside of an element: a map of keys such as steps, docker and environment. */
void changes_of_body(struct change_search *s, const struct element *old,
	const struct element *new_element, const struct orb_change *like);

#endif
