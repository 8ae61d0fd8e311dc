/* SPDX-License-Identifier: MIT */
/* What a pipeline costs when it is played often, with drawn durations and failures. */
#include "internal.h"

#include "ccx/limits.h"

#include <stdlib.h>

const uint32_t cost_quantile_ppm[COST_QUANTILES] = {0, 50000, 500000, 950000, 1000000};

static int
number_order(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
	return a < b ? -1 : a > b;
}

/* Sorts n numbers and takes from them. */
static void
take(int64_t *numbers, uint32_t n, int64_t quantiles[COST_QUANTILES])
{
	qsort(numbers, n, sizeof *numbers, number_order);
	for (int i = 0; i < COST_QUANTILES; i++)
		quantiles[i] = numbers[(uint64_t)cost_quantile_ppm[i] * (n - 1) / 1000000];
}

bool
cost_repeat(struct arena *a, const struct cost_case *c, uint32_t runs, struct cost_spread *spread)
{
	struct sim_arrival one = {.model = c->model};
	struct sim_options options = *c->sim;
	struct cost_case drawn = *c;
	if (!runs || sim_size(&one, 1) > LIMIT_SIM_REPEATS / runs)
		return false;
	int64_t *milli = NEW_ARRAY(a, int64_t, runs), *ms = NEW_ARRAY(a, int64_t, runs);
	struct arena *scratch = arena_new();
	struct arena_mark mark = arena_mark(scratch);
	options.sampled = true;
	drawn.sim = &options;
	for (uint32_t i = 0; i < runs; i++) {
		options.seed = sim_run_seed(c->sim->seed, i);
		struct sim_result *played = cost_play(scratch, &drawn, c->model);
		milli[i] = cost_of(scratch, played, c->options)->sum.total.milli;
		ms[i] = played->makespan;
		arena_reset(scratch, mark);
	}
	arena_free(scratch);
	spread->runs = runs;
	take(milli, runs, spread->milli);
	take(ms, runs, spread->ms);
	return true;
}
