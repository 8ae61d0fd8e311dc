/* SPDX-License-Identifier: MIT */
/* What the catalogue's report shares: its tables, and what is common to dated rows. */
#ifndef CCX_REPORT_CATALOG_H
#define CCX_REPORT_CATALOG_H

#include "ccx/report.h"

#include "table.h"

enum { MOST_TABLES = 4 };

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof *(array)))

/* How many rows of a table rest on sources that are younger than the day. */
struct ages {
	uint32_t rows, later; /* with a dated source; of those */
};

/* The tables of one answer. */
struct answer {
	struct arena *a;
	const struct report_catalog *what;
	struct table tables[MOST_TABLES];
	uint32_t n;
	const char *note; /* what the tables cannot say, or NULL */
	struct ages ages; /* of the tables that are only counted */
};

struct table *answer_table(
	struct answer *answer, const char *key, const struct column *columns, uint32_t n);
/* Whether to show a row that is on those targets (a mask) and has that life. */
bool answer_shows(const struct answer *answer, unsigned on, const struct life *life);

/* The columns "state", "since", "deprecated" and "until", which answer_life fills. */
#define LIFE_COLUMNS                                                                 \
	{NULL, "state", false}, {NULL, "since", false}, {NULL, "deprecated", false}, \
	{                                                                            \
		NULL, "until", false                                                 \
	}
void answer_life(struct table *t, const struct life *life, const char *state);
/* "current", "deprecated", "removed", "not yet" */
const char *answer_state(const struct answer *answer, const struct life *life);

/* Appends a part of a remark; NULL and "" append nothing. */
void remark(struct sb *b, const char *text);
/* Appends what a life says: "deprecated until 2026-10-01, use x". */
void remark_life(struct sb *b, const struct life *life, const char *replacement, int as_of);
struct cell remark_cell(const struct sb *b); /* for a column that is in text only */

/* Of the rows that name a source. */
struct ages table_ages(const struct table *t, int as_of);
/* "first known" where the source is younger than the day, else NULL. */
const char *first_known(const char *source, int as_of);

void fill_executors(struct answer *answer);
void fill_classes(struct answer *answer);
void fill_images(struct answer *answer);
void fill_rates(struct answer *answer);

#endif
