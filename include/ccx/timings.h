/* SPDX-License-Identifier: MIT */
/*
 * timings: how long jobs, steps and tests took, read from what other programs and CircleCI write of
 * it, and tests shared out by that. Knows no config.
 *
 * Times are milliseconds. Everything lives in the arena that a function is given.
 */
#ifndef CCX_TIMINGS_H
#define CCX_TIMINGS_H

#include "ccx/base.h"
#include "ccx/diag.h"

struct split_item;

/* ---- timings ----------------------------------------------------------------------------- */

/* A point of a distribution: so long or less in ppm of a million cases. */
struct timing_point {
	uint32_t ppm;
	int64_t ms;
};

/* How long a job or a step took before. */
struct timing {
	struct str job, step;        /* step: empty for the job as a whole */
	struct timing_point *points; /* rising in both */
	uint32_t npoints;            /* at least one */
	uint32_t runs, failures;     /* 0, 0: how it ended is not known */
	struct str source;           /* the file that said so first */
	struct timing_samples *from; /* what the points are made of; of timings.c alone */
};

/* Tests with the milliseconds that they took, each name once. */
struct test_sums {
	struct split_item *v;
	uint32_t n, cap;
	struct map index; /* name -> number from 1 */
};

/* The tests of a job, by file (else class, else name): what its parallel tasks share out between
 * them, by split_tests. */
struct timing_tests {
	struct str job;
	struct split_item *items;
	uint32_t nitems;
	struct test_sums *sums; /* what the items are in; of timings.c alone */
};

struct timings {
	struct str job; /* whose a file is that does not say it; empty: nobody's */
	VEC(struct timing) all;
	struct map index; /* "job\nstep" -> number from 1 */
	VEC(struct timing_tests) tests;
};

/* The timing of a step of a job (step empty: of the job), or NULL. */
const struct timing *timing_find(
	struct arena *a, const struct timings *t, struct str job, struct str step);
/* The tests of a job, or NULL. */
const struct timing_tests *timing_tests_find(const struct timings *t, struct str job);
/* Duration at a quantile, in between interpolated. 500000: the median. */
int64_t timing_at(const struct timing *t, uint32_t ppm);
/*
 * Reads one file of at most LIMIT_TIMINGS_BYTES, whose kind is told by its content:
 *
 *     our CSV (job,step,seconds) and CircleCI's usage export
 *     our JSON or YAML: {"jobs": {"build": {"seconds": [61, 70], "steps": {"npm ci": [20.5]}}}}
 *     answers of CircleCI's API: Insights of jobs, runs of a job, a job, the jobs of a workflow, a
 *     build of v1.1 with its steps, the tests of a job; and lists of such answers
 *     JUnit XML
 *
 * What was there for the same job and step gets further points. Runs of a job, its tests and JUnit
 * XML do not say whose they are: t->job does. False after a finding.
 */
bool timings_read(
	struct arena *a, struct timings *t, struct sources *s, uint32_t file, struct diag_list *d);

/* ---- splitting --------------------------------------------------------------------------- */

/* Something that one of several containers does: a test file, a class, a test. */
struct split_item {
	struct str name;
	int64_t weight; /* in any unit, not negative */
};

/* What one container does: items by number, in the order in which they were dealt. */
struct split_bin {
	uint32_t *items;
	uint32_t nitems;
	int64_t weight;
};

/* Deals n items to total (at least 1) bins: the heaviest first, among equals by name, each to the
 * bin that has least, among equals to the first. Items of the same weight go round in order of
 * their names. Every item is in one bin; the same items in another order give the same bins. */
struct split_bin *split_tests(
	struct arena *a, const struct split_item *items, uint32_t n, uint32_t total);

/* By what a test is known. */
enum test_key { TEST_FILE, TEST_CLASS, TEST_NAME, TEST_KEY_COUNT };

extern const char *const test_key_names[TEST_KEY_COUNT]; /* "filename", "classname", "testname" */

/* How long tests took before, summed up by each of what they are known by. */
struct test_times {
	struct test_sums by[TEST_KEY_COUNT];
	uint32_t tests; /* read so far */
};

/* Adds the tests of a file: JUnit XML, or the JSON in which a CircleCI job finds those of its last
 * run. False after a finding. */
bool test_times_read(struct arena *a, struct test_times *t, struct sources *s, uint32_t file,
	struct diag_list *d);
/* Milliseconds of a name ("./a" is "a"), or -1. */
int64_t test_time(const struct test_times *t, enum test_key key, struct str name);

/* ---- files by pattern -------------------------------------------------------------------- */

struct globbed {
	VEC(struct str) paths;
	uint32_t visited; /* names in folders that were looked at */
	struct str error; /* why glob_files gave false */
};

/*
 * Adds the paths, files and folders, that fit a pattern:
 *
 *     *          anything but "/"             [a-z] [^a]  one character of a set, or not of it
 *     ?          one character but "/"        {ts,tsx}    one of these patterns
 *     ** (as the whole of a part of the path) folders, as many as there are or none; at the end
 *                anything below              \x          x itself
 *
 * A name that begins with a dot is as good as any. Below ** links to folders are not followed. What
 * cannot be read is passed over. In each folder the folders that ** leads to come first, then what
 * fits, each by name. False when the pattern is malformed or too much is looked at.
 */
bool glob_files(struct arena *a, struct str pattern, struct globbed *g);
/* Does a text that is no path fit a pattern of "*", any text, and "?", one character? */
bool glob_fits(struct str pattern, struct str text);

#endif
