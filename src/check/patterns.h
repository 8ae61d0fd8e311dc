/* SPDX-License-Identifier: MIT */
/* Names and patterns in filters. */
#ifndef CCX_CHECK_PATTERNS_H
#define CCX_CHECK_PATTERNS_H

#include "ccx/check.h"
#include "ccx/expr.h"

/* Is it a regular expression, between slashes? */
bool is_pattern(struct str text);
/* Whether one item of a filter admits a name. */
enum match pattern_admits(const struct check *c, struct str item, struct str name);
/* Checks one item or a list of them. */
void check_patterns(const struct check *c, const struct node *items);

#endif
