/* SPDX-License-Identifier: MIT */
/*
 * Inside of schema_check: the walk over a tree (schema.c), what it says of faults
 * (schema_report.c) and the patterns that names must match (schema_pattern.c).
 */
#ifndef CCX_CONFIG_SCHEMA_H
#define CCX_CONFIG_SCHEMA_H

#include "ccx/config.h"

/* Where the walk is: one frame for each key or index on the way from the root. */
struct frame {
	const struct frame *up;     /* NULL at the root */
	const struct schema *outer; /* whose alternative is being checked, or NULL */
	struct str key;             /* in a map; s is NULL in a list */
	uint32_t index;             /* in a list */
	struct span at;             /* the key, or the start of the item */
};

/* Whether text matches a pattern of schema/config.json: anchored by ^ and $, with literals, \d,
 * \s, [classes], (a|b) groups, and *, +, ? behind a character or class. */
bool schema_matches(const char *pattern, struct str text);

/* A key as text: true and 1 read as they would as strings, a collection as nothing. */
struct str schema_key_text(struct diag_list *d, const struct node *key);

/* Each reports one fault of the node at f, which s describes. */
void report_type(
	struct diag_list *d, const struct schema *s, const struct node *n, const struct frame *f);
void report_choice(
	struct diag_list *d, const struct schema *s, const struct node *n, const struct frame *f);
void report_pattern(
	struct diag_list *d, const struct schema *s, const struct node *n, const struct frame *f);
void report_bounds(
	struct diag_list *d, const struct schema *s, const struct node *n, const struct frame *f);
/* A list or map with fewer or more members than it may have; at is where to point. */
void report_size(struct diag_list *d, const struct schema *s, uint32_t count, struct span at,
	const struct frame *f);
/* No alternative of s is of the type that n names. */
void report_kind(
	struct diag_list *d, const struct schema *s, const struct node *n, const struct frame *f);
/* The key p of a map is not permitted. Returns the listed key that was meant, or NULL. */
const struct schema_key *report_unknown(
	struct diag_list *d, const struct schema *s, const struct pair *p, const struct frame *f);
/* A required key is not there; typo, if not NULL, is the key that was probably meant to be it. */
void report_missing(struct diag_list *d, const struct schema *s, const struct schema_key *key,
	const struct node *typo, const struct frame *f);
/* None of one_of_keys is there. */
void report_none_of(struct diag_list *d, const struct schema *s, const struct frame *f);
/* A key whose name does not match the pattern for its map. */
void report_name(
	struct diag_list *d, const struct schema *s, const struct node *key, const struct frame *f);
/* The pair p stands beside a key without value, under which it should be. */
void report_beside(struct diag_list *d, const struct pair *p, const struct pair *empty,
	const struct schema *wanted, const struct frame *f);

#endif
