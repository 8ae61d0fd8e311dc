/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer entry for timings: any text is read as a file of timings and as one of test times. What
 * is read must be in order and in bounds; findings must lie in their sources.
 */
#include "ccx/timings.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LONGEST ((int64_t)366 * 24 * 60 * MINUTE_MS)

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static void
check_timing(struct arena *a, const struct timings *all, const struct timing *t)
{
	require(t->npoints > 0 && t->failures <= t->runs);
	require(timing_find(a, all, t->job, t->step) == t || str_has(t->job, STR("\n")) ||
		str_has(t->step, STR("\n")));
	for (uint32_t i = 0; i < t->npoints; i++) {
		const struct timing_point *p = &t->points[i];
		require(p->ppm <= 1000000 && p->ms >= 0 && p->ms <= LONGEST);
		require(i == 0 || (p->ppm > p[-1].ppm && p->ms >= p[-1].ms));
		require(timing_at(t, p->ppm) == p->ms);
	}
	require(timing_at(t, 250000) <= timing_at(t, 750000));
}

static void
check_sums(struct arena *a, const struct split_item *items, uint32_t n)
{
	int64_t sum = 0;
	uint32_t dealt = 0;
	const struct split_bin *bins = split_tests(a, items, n, 3);
	for (uint32_t i = 0; i < n; i++) {
		require(items[i].name.len > 0 && items[i].weight >= 0);
		sum += items[i].weight;
	}
	for (int i = 0; i < 3; i++) {
		sum -= bins[i].weight;
		dealt += bins[i].nitems;
	}
	require(sum == 0 && dealt == n);
}

static void
check_diags(struct sources *s, const struct diag_list *d)
{
	for (uint32_t i = 0; i < d->all.n; i++) {
		struct span span = d->all.v[i].span;
		const struct source *source = source_of(s, span.file);
		require(source && span.off <= source->text.len);
		require(span.len <= source->text.len - span.off);
		source_place(s, span.file, span.off);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sources sources;
	struct diag_list diags;
	struct timings timings = {0};
	struct test_times times = {0};
	struct arena *a = arena_new();
	/* The first byte says whether the job is known. */
	bool named = size && data[0] == '!';
	struct str text = {(const char *)data + named, size - named};
	timings.job = named ? STR("job") : STR("");
	sources_init(&sources, a);
	diag_init(&diags, a);
	uint32_t file = source_add(&sources, STR("input"), text);
	bool ok = timings_read(a, &timings, &sources, file, &diags);
	require(ok == !diags.errors);
	check_diags(&sources, &diags);
	for (uint32_t i = 0; i < timings.all.n; i++)
		check_timing(a, &timings, &timings.all.v[i]);
	for (uint32_t i = 0; i < timings.tests.n; i++)
		check_sums(a, timings.tests.v[i].items, timings.tests.v[i].nitems);
	test_times_read(a, &times, &sources, file, &diags);
	for (int k = 0; k < TEST_KEY_COUNT; k++)
		check_sums(a, times.by[k].v, times.by[k].n);
	check_diags(&sources, &diags);
	arena_free(a);
	return 0;
}
