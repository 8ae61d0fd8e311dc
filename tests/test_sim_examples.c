/* SPDX-License-Identifier: MIT */
/*
 * What the documentation says in words and figures, played: every way to write which status of a
 * requirement is good enough, and test files that are split among containers.
 */
#include "sim_world.h"

#define ASSUMED "spin-up: {docker: 0}\ndefaults: {run: 10s}\n"

static void
play(struct world *w, const char *jobs, const char *workflow, const char *scenario)
{
	world_model(w,
		str_printf(w->a, "version: 2.1\njobs:\n%sworkflows: {w: %s}\n", jobs, workflow).s);
	world_scenario(w, str_printf(w->a, "%s%s\n", ASSUMED, scenario).s);
	world_play(w);
}

static const struct sim_job_run *
job_run(const struct world *w, uint32_t number)
{
	return &w->result->pipelines[0].workflows[0].jobs[number];
}

/* ---- statuses ---------------------------------------------------------------------------- */

#define JOBS WORLD_JOB("first") WORLD_JOB("then") WORLD_JOB("fails")

/* How a job comes to each status: `first` of the workflow, and the scenario. */
static const struct {
	const char *first, *scenario;
} ways[JOB_STATUS_COUNT] = {
	[JOB_SUCCESS] = {"first", ""},
	[JOB_FAILED] = {"first", "outcomes: [first attempt 1: fail]"},
	[JOB_CANCELED] = {"first", "outcomes: [first attempt 1: cancel]"},
	[JOB_UNAUTHORIZED] = {"first", "unauthorized: [first]"},
	[JOB_NOT_RUN] = {"{first: {requires: [{fails: failed}]}}", ""},
};

static void
expect_then(enum job_status status, const char *requires, bool runs)
{
	void *state;
	world_setup(&state);
	struct world *w = state;
	play(w, JOBS,
		str_printf(w->a, "{jobs: [%s, {then: {requires: [%s]}}, fails]}",
			ways[status].first, requires)
			.s,
		ways[status].scenario);
	assert_int_equal(job_run(w, 0)->status, status);
	const struct sim_job_run *then = job_run(w, 1);
	assert_int_equal(then->status, runs ? JOB_SUCCESS : JOB_NOT_RUN);
	assert_int_equal(then->ntasks, runs);
	/* Either way it is known at the same instant. */
	assert_int_equal(then->ready, job_run(w, 0)->end);
	assert_int_equal(then->by, 0);
	if (!runs)
		assert_true(str_starts(then->why, STR("first ")));
	world_teardown(&state);
}

/* requires: [first: [failed, canceled]]: all sets, in both directions of the list. */
static void
status_lists(void **state)
{
	(void)state;
	for (unsigned set = 1; set < 1u << JOB_STATUS_COUNT; set++)
		for (int backwards = 0; backwards < 2; backwards++) {
			struct arena *a = arena_new();
			struct sb b = {.a = a};
			sb_puts(&b, "{first: [");
			for (int i = 0; i < JOB_STATUS_COUNT; i++) {
				int s = backwards ? JOB_STATUS_COUNT - 1 - i : i;
				if (set >> s & 1)
					sb_printf(&b, "%s, ", job_status_names[s]);
			}
			sb_puts(&b, "]}");
			sb_char(&b, '\0');
			for (int s = 0; s < JOB_STATUS_COUNT; s++)
				expect_then((enum job_status)s, b.s, set >> s & 1);
			arena_free(a);
		}
}

/* The other ways to write them; a name alone means success. */
static void
status_forms(void **state)
{
	static const struct {
		const char *requires;
		unsigned accepts;
	} forms[] = {
		{"first", 1u << JOB_SUCCESS},
		{"{first: success}", 1u << JOB_SUCCESS},
		{"{first: failed}", 1u << JOB_FAILED},
		{"{first: canceled}", 1u << JOB_CANCELED},
		{"{first: unauthorized}", 1u << JOB_UNAUTHORIZED},
		{"{first: not_run}", 1u << JOB_NOT_RUN},
		{"{first: terminal}", (1u << JOB_STATUS_COUNT) - 1},
		{"first: [success, failed]", 1u << JOB_SUCCESS | 1u << JOB_FAILED},
	};
	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		for (int s = 0; s < JOB_STATUS_COUNT; s++)
			expect_then(
				(enum job_status)s, forms[i].requires, forms[i].accepts >> s & 1);
}

/* Two requirements have to end well each in its own way. */
static void
status_pairs(void **state)
{
	struct world *w = *state;
	play(w, JOBS,
		"{jobs: [first, fails, {then: {requires: [first, fails: [failed, canceled]]}}]}",
		"jobs: {first: 25s, fails: {duration: 40s, attempts: {1: fail}}}");
	assert_string_equal(world_jobs(w), "[1 w failed 50]\nfirst 0..25 success slack 15\n"
					   "fails 0..40 failed *\nthen 40..50 success *\n");
}

/* ---- splitting --------------------------------------------------------------------------- */

enum { FILES = 400, SUITE_MS = 24 * 60 * 1000 };

/* 400 test files that take 24 minutes in all: as JUnit XML of the last run. */
static void
read_suite(struct world *w)
{
	struct sb b = {.a = w->a};
	sb_puts(&b, "<testsuite>");
	for (int i = 0; i < FILES; i++)
		sb_printf(&b, "<testcase file=\"t/%03d.js\" name=\"x\" time=\"%d.%03d\"/>", i,
			SUITE_MS / FILES / 1000, SUITE_MS / FILES % 1000);
	sb_puts(&b, "</testsuite>");
	uint32_t file = source_add(&w->sources, STR("junit.xml"), sb_str(&b));
	w->timings.job = STR("test");
	assert_true(timings_read(w->a, &w->timings, &w->sources, file, &w->diags));
}

/* One container runs them in 24 minutes, four in 6: a quarter of the time, the same credits. */
static void
four_containers(void **state)
{
	static const struct {
		const char *parallelism;
		uint32_t tasks;
	} runs[] = {{"1", 1}, {"4", 4}, {"8", 8}};
	struct world *w = *state;
	read_suite(w);
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
		int64_t sum = 0, each = SUITE_MS / runs[i].tasks;
		const char *job = str_printf(w->a,
			"  test:\n    docker: [{image: cimg/node:20.11}]\n    parallelism: %s\n"
			"    steps: [{run: {name: go, command: circleci tests split "
			"--split-by=timings t/*.js}}]\n",
			runs[i].parallelism)
					  .s;
		w->narrivals = 0;
		play(w, job, "{jobs: [test]}", "");
		const struct sim_job_run *run = job_run(w, 0);
		assert_int_equal(run->ntasks, runs[i].tasks);
		assert_int_equal(run->end - run->start, each);
		for (uint32_t t = 0; t < run->ntasks; t++) {
			assert_int_equal(run->tasks[t].end - run->tasks[t].start, each);
			sum += run->tasks[t].end - run->tasks[t].start;
		}
		assert_int_equal(sum, SUITE_MS);
		assert_false(w->result->assumed);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_lists),
		cmocka_unit_test(status_forms),
		cmocka_unit_test_setup_teardown(status_pairs, world_setup, world_teardown),
		cmocka_unit_test_setup_teardown(four_containers, world_setup, world_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
