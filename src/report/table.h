/* SPDX-License-Identifier: MIT */
/*
 * Tables of rows that are printed as aligned text or as JSON, from the same cells. What is shown
 * has nothing in it that could disturb a terminal.
 */

#ifndef CCX_REPORT_TABLE_H
#define CCX_REPORT_TABLE_H

#include "ccx/base.h"
#include "ccx/yaml.h"

/* What stands in a row: as people and as programs read it. */
struct cell {
	struct str shown;
	const struct node *value;
};

struct column {
	const char *title; /* NULL: in JSON only */
	const char *key;   /* NULL: in text only */
	bool right;        /* numbers */
};

/* Start with {.a, .key, .columns, .ncolumns}; then one table_add for each cell, row by row. */
struct table {
	struct arena *a;
	const char *key; /* of the list in JSON */
	const struct column *columns;
	uint32_t ncolumns;
	VEC(struct cell) cells;
};

void table_add(struct table *t, struct cell cell);
/* Appends a line of titles and a line a row; the last column is wrapped at width. */
void table_print(struct sb *out, const struct table *t, unsigned width);
/* The rows as a list of maps. */
const struct node *table_node(const struct table *t);

struct cell cell_text(struct arena *a, const char *text); /* NULL: nothing, null */
struct cell cell_bool(struct arena *a, bool value);
/* Below zero it is an enum catalog_amount: a word. */
struct cell cell_amount(struct arena *a, int64_t amount);
/* A part of a whole, "7.5 GB": amount in units of 1/scale; in JSON the amount itself. */
struct cell cell_scaled(struct arena *a, int64_t amount, int64_t scale, const char *unit);
struct cell cell_day(struct arena *a, int yyyymmdd); /* 0: nothing, null */
/* The names of the bits of mask: "cloud, server"; in JSON a list. */
struct cell cell_mask(struct arena *a, unsigned mask, const char *const *names, uint32_t n);

#endif
