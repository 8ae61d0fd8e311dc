/* SPDX-License-Identifier: MIT */
/*
 * How long jobs, steps and tests took before: what was read, added up, and asked for.
 *
 * Single runs are kept as they are. What ended well counts; how long a run took that failed matters
 * only where none ended well. Summaries of many runs (Insights) are mixed by their numbers of runs:
 * each quantile is the mean of the quantiles.
 */
#include "internal.h"

#include "ccx/limits.h"

#include <stdlib.h>

enum {
	MOST_POINTS = 1001,
	MOST_WEIGHT = 1000000, /* of a summary: keeps sums in bounds */
};

const uint32_t timings_grid[TIMINGS_GRID] = {0, 500000, 950000, 1000000};

struct samples {
	int64_t *v;
	uint32_t n, cap;
};

struct timing_samples {
	struct samples good, bad;
	int64_t summary[TIMINGS_GRID];
	uint32_t weight; /* of the summary; 0: there is none */
	bool changed;
};

/* ---- asking ------------------------------------------------------------------------------ */

static struct str
key_of(struct arena *a, struct str job, struct str step)
{
	char *key = arena_alloc(a, job.len + step.len + 2);
	memcpy(key, job.s ? job.s : "", job.len);
	key[job.len] = '\n';
	memcpy(key + job.len + 1, step.s ? step.s : "", step.len);
	return (struct str){key, job.len + step.len + 1};
}

static struct timing *
find(const struct timings *t, struct str key)
{
	uintptr_t number = (uintptr_t)map_get(&t->index, key);
	return number ? &t->all.v[number - 1] : NULL;
}

const struct timing *
timing_find(struct arena *a, const struct timings *t, struct str job, struct str step)
{
	struct arena_mark mark = arena_mark(a);
	const struct timing *found = find(t, key_of(a, job, step));
	arena_reset(a, mark);
	return found;
}

const struct timing_tests *
timing_tests_find(const struct timings *t, struct str job)
{
	for (uint32_t i = 0; i < t->tests.n; i++)
		if (str_eq(t->tests.v[i].job, job))
			return &t->tests.v[i];
	return NULL;
}

/* Points may be as many as a thousand: halves the rest each time. */
static int64_t
value_at(const struct timing_point *points, uint32_t n, uint32_t ppm)
{
	uint32_t low = 0, high = n;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (points[middle].ppm < ppm)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || low == n)
		return points[low ? n - 1 : 0].ms;
	const struct timing_point *from = &points[low - 1], *to = &points[low];
	int64_t range = to->ppm - from->ppm, rise = (to->ms - from->ms) * (ppm - from->ppm);
	return from->ms + (rise + range / 2) / range;
}

int64_t
timing_at(const struct timing *t, uint32_t ppm)
{
	return value_at(t->points, t->npoints, ppm);
}

/* ---- adding up --------------------------------------------------------------------------- */

static struct timing *
timing_of(struct timings_reader *r, const struct timings_run *run)
{
	struct str key = key_of(r->a, run->job, run->step);
	struct timing *t = find(r->t, key);
	if (!t) {
		struct timing new = {.job = run->job, .step = run->step};
		new.source = source_of(r->s, r->file)->path;
		new.from = NEW(r->a, struct timing_samples);
		vec_push(r->a, &r->t->all, new);
		map_put(r->a, &r->t->index, key, (void *)(uintptr_t)r->t->all.n);
		t = &r->t->all.v[r->t->all.n - 1];
	}
	t->from->changed = true;
	return t;
}

static uint32_t
sum(uint32_t a, uint32_t b)
{
	return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

void
timings_take(struct timings_reader *r, const struct timings_run *run)
{
	if (run->end == TIMINGS_SKIP)
		return;
	struct timing *t = timing_of(r, run);
	struct samples *into = run->end == TIMINGS_FAILED ? &t->from->bad : &t->from->good;
	vec_push(r->a, into, run->ms);
	t->runs = sum(t->runs, run->end != TIMINGS_UNKNOWN);
	t->failures = sum(t->failures, run->end == TIMINGS_FAILED);
	r->taken++;
}

void
timings_count(
	struct timings_reader *r, const struct timings_run *of, uint32_t runs, uint32_t failures)
{
	struct timing *t = timing_of(r, of);
	t->runs = sum(t->runs, runs);
	t->failures = sum(t->failures, failures);
}

static int64_t
mean(int64_t a, int64_t weight_a, int64_t b, int64_t weight_b)
{
	int64_t weight = weight_a + weight_b;
	return (a * weight_a + b * weight_b + weight / 2) / weight;
}

void
timings_summary(struct timings_reader *r, const struct timings_run *of,
	const int64_t ms[TIMINGS_GRID], uint32_t runs)
{
	struct timing_samples *from = timing_of(r, of)->from;
	uint32_t weight = runs > MOST_WEIGHT ? MOST_WEIGHT : runs ? runs : 1;
	for (int i = 0; i < TIMINGS_GRID; i++)
		from->summary[i] = mean(from->summary[i], from->weight, ms[i], weight);
	from->weight = sum(from->weight, weight);
	if (from->weight > MOST_WEIGHT)
		from->weight = MOST_WEIGHT;
	r->taken++;
}

/* ---- points ------------------------------------------------------------------------------ */

static int
compare_ms(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* The points of single runs: the first is the least, the last the most. */
static struct timing_point *
points_of_runs(struct arena *a, struct samples *runs, uint32_t *n)
{
	qsort(runs->v, runs->n, sizeof *runs->v, compare_ms);
	*n = runs->n < MOST_POINTS ? runs->n : MOST_POINTS;
	struct timing_point *points = NEW_ARRAY(a, struct timing_point, *n);
	for (uint32_t i = 0; i < *n; i++) {
		uint64_t last = *n > 1 ? *n - 1 : 1;
		points[i].ppm = *n > 1 ? (uint32_t)(i * UINT64_C(1000000) / last) : 500000;
		points[i].ms = runs->v[(uint64_t)i * (runs->n - 1) / last];
	}
	return points;
}

static struct timing_point *
points_of_summary(struct arena *a, const struct timing_samples *from)
{
	struct timing_point *points = NEW_ARRAY(a, struct timing_point, TIMINGS_GRID);
	for (int i = 0; i < TIMINGS_GRID; i++)
		points[i] = (struct timing_point){timings_grid[i], from->summary[i]};
	return points;
}

/* Both at each ppm that either has. */
static void
mix(struct arena *a, struct timing *t, const struct timing_point *runs, uint32_t nruns)
{
	const struct timing_point *summary = points_of_summary(a, t->from);
	uint32_t weight = t->from->good.n < MOST_WEIGHT ? t->from->good.n : MOST_WEIGHT;
	t->points = NEW_ARRAY(a, struct timing_point, nruns + TIMINGS_GRID);
	t->npoints = 0;
	for (uint32_t i = 0, k = 0; i < nruns || k < TIMINGS_GRID;) {
		uint32_t ppm = i < nruns ? runs[i].ppm : UINT32_MAX;
		if (k < TIMINGS_GRID && summary[k].ppm < ppm)
			ppm = summary[k].ppm;
		i += i < nruns && runs[i].ppm == ppm;
		k += k < TIMINGS_GRID && summary[k].ppm == ppm;
		int64_t ms = mean(value_at(runs, nruns, ppm), weight,
			value_at(summary, TIMINGS_GRID, ppm), t->from->weight);
		t->points[t->npoints++] = (struct timing_point){ppm, ms};
	}
}

static void
make_points(struct arena *a, struct timing *t)
{
	struct timing_samples *from = t->from;
	struct samples *runs = from->good.n || from->weight ? &from->good : &from->bad;
	uint32_t n = 0;
	struct timing_point *points = runs->n ? points_of_runs(a, runs, &n) : NULL;
	if (from->weight && points) {
		mix(a, t, points, n);
		return;
	}
	t->points = points ? points : points_of_summary(a, from);
	t->npoints = points ? n : TIMINGS_GRID;
}

static void
finish(struct timings_reader *r)
{
	for (uint32_t i = 0; i < r->t->all.n; i++) {
		struct timing *t = &r->t->all.v[i];
		if (t->from->changed)
			make_points(r->a, t);
		t->from->changed = false;
	}
	for (uint32_t i = 0; i < r->t->tests.n; i++) {
		struct timing_tests *t = &r->t->tests.v[i];
		t->items = t->sums->v;
		t->nitems = t->sums->n;
	}
}

/* ---- tests ------------------------------------------------------------------------------- */

const char *const test_key_names[TEST_KEY_COUNT] = {"filename", "classname", "testname"};

static struct str
without_dot(struct str name)
{
	while (str_starts(name, STR("./")))
		name = str_sub(name, 2, name.len);
	return name;
}

int64_t
test_time(const struct test_times *t, enum test_key key, struct str name)
{
	const struct test_sums *sums = &t->by[key];
	uintptr_t number = (uintptr_t)map_get(&sums->index, without_dot(name));
	return number ? sums->v[number - 1].weight : -1;
}

static void
add_test(struct arena *a, struct test_sums *sums, struct str name, int64_t ms)
{
	uintptr_t number = (uintptr_t)map_get(&sums->index, name);
	if (number) {
		int64_t *weight = &sums->v[number - 1].weight;
		*weight = *weight > INT64_MAX - ms ? INT64_MAX : *weight + ms;
		return;
	}
	struct split_item item = {str_copy(a, name), ms};
	vec_push(a, sums, item);
	map_put(a, &sums->index, item.name, (void *)(uintptr_t)sums->n);
}

static struct test_sums *
tests_of_job(struct timings_reader *r)
{
	for (uint32_t i = 0; i < r->t->tests.n; i++)
		if (str_eq(r->t->tests.v[i].job, r->t->job))
			return r->t->tests.v[i].sums;
	struct timing_tests new = {.job = r->t->job, .sums = NEW(r->a, struct test_sums)};
	vec_push(r->a, &r->t->tests, new);
	return new.sums;
}

bool
timings_take_test(struct timings_reader *r, const struct timings_test *test)
{
	if (r->taken >= LIMIT_TESTS) {
		diag_push(r->d, RULE_TOO_LARGE, test->span, "the file has more than %d tests",
			LIMIT_TESTS);
		return false;
	}
	if (r->t && !r->t->job.len) {
		timings_no_job(r, test->span);
		return false;
	}
	struct test_sums *of = r->t ? tests_of_job(r) : NULL;
	for (int k = 0; k < TEST_KEY_COUNT; k++) {
		struct str name = without_dot(test->names[k]);
		if (!name.len)
			continue;
		add_test(r->a, of ? of : &r->tests->by[k], name, test->ms);
		if (of)
			break;
	}
	r->taken++;
	return true;
}

/* ---- reading ----------------------------------------------------------------------------- */

struct diag *
timings_fault(struct timings_reader *r, struct span span, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct str text = str_vprintf(r->a, format, args);
	va_end(args);
	return diag_push(r->d, RULE_TIMINGS_FORMAT, span, "%.*s", STR_ARG(text));
}

void
timings_no_job(struct timings_reader *r, struct span span)
{
	struct str path = source_of(r->s, r->file)->path;
	if (r->no_job)
		return;
	r->no_job = true;
	struct diag *g = diag_push(r->d, RULE_TIMINGS_JOB, span,
		"nothing in %.*s says which job it is of", STR_ARG(path));
	diag_help(r->d, g, "name the job before the file: --timings build=%.*s", STR_ARG(path));
}

/* Whether the first character that is no blank is c. */
static bool
begins(struct str text, char c)
{
	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_sub(text, 3, text.len);
	text = str_trim(text);
	return text.len && text.s[0] == c;
}

/* In UTF-16, which tools on Windows write, every other byte is NUL. */
static bool
is_xml(struct str text)
{
	bool wide = str_starts(text, STR("\xff\xfe")) || str_starts(text, STR("\xfe\xff"));
	return begins(text, '<') || wide;
}

static bool
read_file(struct timings_reader *r)
{
	uint32_t errors = r->d->errors;
	struct str text = source_of(r->s, r->file)->text;
	struct span whole = {r->file, 0, 0};
	if (text.len > LIMIT_TIMINGS_BYTES)
		diag_push(r->d, RULE_TOO_LARGE, whole, "the file has more than %d bytes",
			LIMIT_TIMINGS_BYTES);
	else if (is_xml(text))
		timings_read_junit(r);
	else if (!begins(text, '{') && !begins(text, '[') && timings_is_csv(text))
		timings_read_csv(r);
	else
		timings_read_tree(r);
	if (r->d->errors == errors && !r->taken) {
		struct diag *g = timings_fault(r, whole,
			r->t ? "nothing here says how long a job took"
			     : "nothing here says how long a test took");
		diag_help(r->d, g, "see ccx rule timings-format for what can be read");
	}
	return r->d->errors == errors;
}

bool
timings_read(
	struct arena *a, struct timings *t, struct sources *s, uint32_t file, struct diag_list *d)
{
	struct timings_reader r = {.a = a, .t = t, .s = s, .file = file, .d = d};
	bool ok = read_file(&r);
	finish(&r);
	return ok;
}

bool
test_times_read(struct arena *a, struct test_times *t, struct sources *s, uint32_t file,
	struct diag_list *d)
{
	struct timings_reader r = {.a = a, .tests = t, .s = s, .file = file, .d = d};
	bool ok = read_file(&r);
	t->tests += r.taken;
	return ok;
}
