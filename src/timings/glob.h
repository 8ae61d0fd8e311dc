/* SPDX-License-Identifier: MIT */
/* Patterns for file names, taken apart. Knows no file. */
#ifndef CCX_TIMINGS_GLOB_H
#define CCX_TIMINGS_GLOB_H

#include "ccx/base.h"

struct str_list {
	struct str *v;
	uint32_t n, cap;
};

enum glob_kind {
	GLOB_LITERAL, /* text: a name as it is */
	GLOB_NAMES,   /* names that fit one of the alternatives */
	GLOB_DEEP,    /* the two stars: any folders */
};

/* What stands between two "/". */
struct glob_part {
	enum glob_kind kind;
	struct str text;
	struct str_list alternatives; /* without braces */
};

/* The parts of a pattern whose braces hold no "/"; NULL with error (NUL-terminated) set when it is
 * malformed. Several "/" in a row are one. */
const struct glob_part *glob_parts(
	struct arena *a, struct str pattern, uint32_t *n, struct str *error);
bool glob_part_matches(const struct glob_part *part, struct str name);
/* Adds what a pattern with braces stands for, in order: "a{b,c{d,e}}" is ab, acd, ace. folders:
 * only braces that hold a "/" are opened. False with error set when one is not closed or there are
 * too many. */
bool glob_expand(struct arena *a, struct str pattern, bool folders, struct str_list *into,
	struct str *error);

#endif
