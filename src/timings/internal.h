/* SPDX-License-Identifier: MIT */
/* Reading files of timings: what the readers of the several kinds share. */
#ifndef CCX_TIMINGS_INTERNAL_H
#define CCX_TIMINGS_INTERNAL_H

#include "ccx/timings.h"
#include "ccx/yaml.h"

/* No duration in a file may be longer. */
#define TIMINGS_MOST_MS ((int64_t)366 * 24 * 60 * MINUTE_MS)

/* Reading one file. */
struct timings_reader {
	struct arena *a;
	struct timings *t; /* where what is read goes: one of these two */
	struct test_times *tests;
	struct sources *s;
	uint32_t file;
	struct diag_list *d;
	uint32_t taken; /* runs and tests so far */
	bool no_job;    /* said already: nobody says whose they are */
};

/* ---- numbers ----------------------------------------------------------------------------- */

/* A decimal number such as 20, 1.5, 1e-3 or (grouped) 1,234.5, times unit (1000: seconds), rounded
 * to the nearest. False when it is none, negative or more than TIMINGS_MOST_MS. */
bool timings_decimal(struct str text, int64_t unit, bool grouped, int64_t *ms);
/* 2026-11-21T13:00:00.25Z as milliseconds since 1970; false when it is none. */
bool timings_instant(struct str text, int64_t *ms);

/* ---- taking what was read ---------------------------------------------------------------- */

/* How a run ended. */
enum timings_end {
	TIMINGS_SKIP, /* it did not come to an end of its own: not counted */
	TIMINGS_UNKNOWN,
	TIMINGS_SUCCESS,
	TIMINGS_FAILED
};

/* What CircleCI's word for a status means; empty: TIMINGS_UNKNOWN. False, and TIMINGS_SKIP, when it
 * is none of its words. */
bool timings_status(struct str word, enum timings_end *end);

struct timings_run {
	struct str job, step;
	int64_t ms;
	enum timings_end end;
};

/* One run. job and step are views that must live as long as the timings. */
void timings_take(struct timings_reader *r, const struct timings_run *run);
/* Runs of which only the number is known. */
void timings_count(
	struct timings_reader *r, const struct timings_run *of, uint32_t runs, uint32_t failures);
/* A distribution over a number of runs, as points at the ppm of timings_grid. */
enum { TIMINGS_GRID = 4 };
extern const uint32_t timings_grid[TIMINGS_GRID]; /* least, median, 95 in 100, most */
void timings_summary(struct timings_reader *r, const struct timings_run *of,
	const int64_t ms[TIMINGS_GRID], uint32_t runs);

/* A test, with empty names for what is not known. */
struct timings_test {
	struct str names[TEST_KEY_COUNT];
	int64_t ms;
	struct span span;
};

/* False, with a finding, when no more are to be read. Names are copied. */
bool timings_take_test(struct timings_reader *r, const struct timings_test *test);

/* A finding of the rule timings-format. */
struct diag *timings_fault(struct timings_reader *r, struct span span, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The finding that nobody says which job a file is of. */
void timings_no_job(struct timings_reader *r, struct span span);

/* ---- kinds ------------------------------------------------------------------------------- */

bool timings_is_csv(struct str text);
void timings_read_csv(struct timings_reader *r);
void timings_read_junit(struct timings_reader *r);
/* JSON or YAML: ours, or of CircleCI's API. */
void timings_read_tree(struct timings_reader *r);
/* An answer of the API, or one of a list of such. */
void timings_read_answer(struct timings_reader *r, const struct node *n, unsigned depth);
/* Reads a number of seconds (unit 1000) or milliseconds (unit 1) that stands in a tree; false after
 * a finding. */
bool timings_node_ms(struct timings_reader *r, const struct node *n, int64_t unit, int64_t *ms);

#endif
