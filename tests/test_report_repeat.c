/* SPDX-License-Identifier: MIT */
/*
 * The same simulation gives the same bytes, however it is shown: played twice in one arena, and in
 * one that was used for other things before. Nothing may depend on addresses, on what memory held,
 * or on the order in which hash tables have things.
 */
#include "ccx/report.h"

#include "sim_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static const struct case_size most = {2, 2, 8, 4};
static const char timings[] = "job,step,seconds,status\na0,,1,success\na0,,7,failed\n"
			      "a1,s0,1,success\na1,s0,2,failed\nb0,,3,success\nb0,,5.5,success\n";

static void
put_graphs(struct sb *out, struct arena *a, const struct sim_result *r)
{
	for (uint32_t i = 0; i < r->npipelines; i++)
		for (uint32_t k = 0; k < r->pipelines[i].nworkflows; k++) {
			const struct sim_workflow_run *run = &r->pipelines[i].workflows[k];
			const struct graph *v[] = {graph_of(a, run->workflow, k % 2, run)};
			struct report_graphs graphs = {.v = v, .n = 1};
			for (uint32_t d = 0; report_drawings[d]; d++)
				report_graphs(out, report_drawings[d], &graphs);
		}
}

/* Plays a case and shows it in every way. */
static struct str
shown(struct arena *a, uint64_t seed, bool sampled)
{
	static struct sim_case c;
	struct case_played p;
	struct sb out = {.a = a};
	case_make(&c, seed, &most);
	c.untold = sampled;
	if (!case_play(a, &c, sampled ? timings : NULL, sampled, &p))
		fail_msg("%.*s", STR_ARG(p.fault));
	struct report_timeline t = {
		.sources = &p.sources, .result = p.result, .title = STR("config.yml")};
	report_simulation_json(&out, &t);
	report_simulation_text(&out, &t);
	for (uint32_t i = 0; report_timelines[i]; i++)
		report_timeline(&out, report_timelines[i], &t);
	put_graphs(&out, a, p.result);
	return sb_str(&out);
}

/* Fills an arena with bytes that are not zero, in pieces of odd sizes, and gives them back: what
 * comes then lies elsewhere, and over them. */
static void
disturb(struct arena *a, uint64_t seed)
{
	struct arena_mark mark = arena_mark(a);
	for (unsigned i = 0; i < 400; i++) {
		size_t size = 1 + (seed * 31 + i * 977) % 5000;
		memset(arena_alloc(a, size), 0xa5, size);
	}
	arena_reset(a, mark);
	arena_alloc(a, 1 + seed % 4093);
}

static void
same_bytes(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 150; seed++) {
		struct arena *a = arena_new(), *b = arena_new();
		bool sampled = seed % 3 == 0;
		disturb(b, seed);
		struct str first = shown(a, seed, sampled), again = shown(a, seed, sampled);
		struct str elsewhere = shown(b, seed, sampled);
		assert_true(first.len > 0);
		assert_true(str_eq(first, again));
		assert_true(str_eq(first, elsewhere));
		arena_free(a);
		arena_free(b);
	}
}

/* Another seed draws something else, at least once in a while. */
static void
other_seeds(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	unsigned different = 0;
	for (uint64_t seed = 0; seed < 60; seed++) {
		static struct sim_case c;
		struct case_played p;
		case_make(&c, seed, &most);
		c.untold = true;
		assert_true(case_play(a, &c, timings, true, &p));
		p.options.seed = ~p.options.seed;
		const struct sim_result *r = sim_run(a, p.arrivals, c.npushes, &p.options);
		different += r->makespan != p.result->makespan;
	}
	arena_free(a);
	assert_in_range(different, 10, 60);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_bytes),
		cmocka_unit_test(other_seeds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
