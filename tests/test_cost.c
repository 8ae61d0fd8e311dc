/* SPDX-License-Identifier: MIT */
/* Costs of results made by hand: each figure can be followed on paper. */
#include "cost_world.h"

/* ---- tasks ------------------------------------------------------------------------------- */

static void
test_compute(void **state)
{
	static const struct {
		int64_t ms, rate, credits;
	} cases[] = {
		{10000, 10000, 2}, /* the documentation's own example: 1.67 */
		{61000, 10000, 11},
		{60000, 10000, 10},
		{60001, 10000, 11}, /* the 61st second has begun */
		{1, 5000, 1},
		{0, 10000, 0},
		{3600000, 0, 0},
		{1000, 60000, 1},
		{1000, 60001, 2},
		{59000, 13000, 13}, /* 12.78 */
		{5 * 3600 * 1000, 1000000, 300000},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(cost_compute(cases[i].ms, cases[i].rate), cases[i].credits * 1000);
	assert_true(cost_compute(INT64_MAX, INT64_MAX) > 0);
	assert_true(cost_compute(INT64_MAX, 1) > 0);
}

/* Whatever is added up: each sum is that of its parts. */
static void
need_sums(const struct cost *c)
{
	struct cost_sum all = {0};
	for (uint32_t p = 0; p < c->npipelines; p++) {
		struct cost_sum pipeline = {0};
		const struct cost_pipeline *of = &c->pipelines[p];
		for (uint32_t w = 0; w < of->nworkflows; w++) {
			struct cost_sum workflow = {0};
			for (uint32_t j = 0; j < of->workflows[w].njobs; j++)
				cost_add_sum(&workflow, &of->workflows[w].jobs[j].sum);
			assert_memory_equal(&workflow, &of->workflows[w].sum, sizeof workflow);
			cost_add_sum(&pipeline, &workflow);
		}
		for (int k = COST_STORAGE; k <= COST_IP_RANGES; k++)
			cost_add(&pipeline, (enum cost_kind)k, of->sum.kinds[k]);
		assert_memory_equal(&pipeline, &of->sum, sizeof pipeline);
		cost_add_sum(&all, &pipeline);
	}
	assert_memory_equal(&all, &c->sum, sizeof all);
}

static void
test_jobs(void **state)
{
	WITH(w);
	add_job(&w, EXECUTOR_DOCKER, "medium", 1, 10000);          /* 2 */
	add_job(&w, EXECUTOR_DOCKER, "large", 4, 61000);           /* 4 x 21 */
	add_job(&w, EXECUTOR_MACHINE, "large", 2, 30000)->dlc = 1; /* 2 x 10 + 2 x 200 */
	struct sim_job *remote = add_job(&w, EXECUTOR_DOCKER, "small", 1, 60000);
	remote->remote_docker = true; /* runs on a medium host: 10 */
	remote->host = catalog_class(EXECUTOR_MACHINE, STR("medium"), TODAY);
	struct sim_job *runner = add_job(&w, EXECUTOR_MACHINE, "my-org/box", 3, 600000);
	runner->runner = true; /* 0 */
	struct cost *c = count(&w);
	const struct cost_job *jobs = c->pipelines[0].workflows[0].jobs;
	need_sums(c);
	assert_int_equal(c->pipelines[0].workflows[0].njobs, 5);
	assert_int_equal(jobs[0].sum.total.milli, 2000);
	assert_int_equal(jobs[1].sum.total.milli, 84000);
	assert_int_equal(jobs[1].ms, 4 * 61000);
	assert_int_equal(jobs[2].sum.kinds[COST_COMPUTE].milli, 20000);
	assert_int_equal(jobs[2].sum.kinds[COST_DLC].milli, 400000);
	assert_int_equal(jobs[3].sum.total.milli, 10000);
	assert_string_equal(jobs[3].rate->name.s, "linux/medium");
	assert_int_equal(jobs[4].sum.total.milli, 0);
	assert_false(c->sum.total.at_least);
	assert_int_equal(c->sum.total.milli, 516000);
	/* docker/medium, docker/large, linux/large, dlc, linux/medium, runner */
	assert_int_equal(c->rates.n, 6);
	arena_free(w.a);
}

/* Attempts add up under one job; what never ran costs nothing. */
static void
test_attempts(void **state)
{
	WITH(w);
	add_job(&w, EXECUTOR_DOCKER, "medium", 1, 10000);
	add_job(&w, EXECUTOR_DOCKER, "medium", 2, 60000);
	w.runs[2] = w.runs[1];
	w.runs[2].attempt = 2;
	w.runs[0].ntasks = 0;
	w.workflow_run.njobs = 3;
	struct cost *c = count(&w);
	need_sums(c);
	assert_int_equal(c->pipelines[0].workflows[0].njobs, 1);
	assert_int_equal(c->pipelines[0].workflows[0].jobs[0].tasks, 4);
	assert_int_equal(c->sum.total.milli, 40000);
	arena_free(w.a);
}

/* ---- what is not known ------------------------------------------------------------------- */

static void
test_unknown(void **state)
{
	WITH(w);
	add_job(&w, EXECUTOR_DOCKER, "medium", 1, 60000);
	add_job(&w, EXECUTOR_DOCKER, "large.gen2", 1, 60000);
	add_job(&w, EXECUTOR_DOCKER, "of-tomorrow", 1, 60000);
	struct cost *c = count(&w);
	need_sums(c);
	assert_true(c->sum.total.at_least);
	assert_int_equal(c->sum.total.milli, 10000);
	assert_int_equal(c->rates.v[1]->milli, AMOUNT_UNKNOWN);
	assert_int_equal(c->rates.v[1]->estimate, 24000);
	assert_false(c->rates.v[1]->estimated);
	assert_string_equal(c->rates.v[2]->name.s, "docker/of-tomorrow");

	w.options.estimates = true;
	c = count(&w);
	assert_int_equal(c->sum.total.milli, 34000);
	assert_true(c->rates.v[1]->estimated);
	assert_true(c->sum.total.at_least); /* the third has none */

	assert_true(give_rates(&w, "docker/large.gen2: 25.5\ndocker/of-tomorrow: 1\ndlc: 150\n"));
	c = count(&w);
	assert_false(c->sum.total.at_least);
	assert_int_equal(c->sum.total.milli, 10000 + 26000 + 1000);
	assert_true(c->rates.v[1]->span.file != 0);
	assert_null(c->rates.v[1]->source);
	assert_int_equal(w.diags.errors, 0);
	assert_int_equal(w.diags.warnings, 1); /* a class that is in no table */
	arena_free(w.a);
}

/* A rate has one name, that of its executor; a file may also say what a config calls it. */
static void
test_names(void **state)
{
	static const struct {
		const char *text, *name; /* NULL: refused */
		uint32_t warnings;
	} cases[] = {
		{"linux/large: 3", "linux/large", 0},
		{"machine/large: 3", "linux/large", 0},
		{"arm/arm.large: 3", "arm/arm.large", 0},
		{"machine/arm.large: 3", "arm/arm.large", 0},
		{"docker-arm/arm.large: 3", "docker-arm/arm.large", 0},
		{"docker/arm.large: 3", "docker-arm/arm.large", 0},
		{"windows/windows.large: 3", "windows/windows.large", 0},
		{"macos/m4pro.large: 3", "macos/m4pro.large", 0},
		{"linux/of-tomorrow: 3", "machine/of-tomorrow", 1},
		{"docker/a/b: 3", "docker/a/b", 1},
		{"arm/large: 3", NULL, 0},
		{"linux/arm.large: 3", NULL, 0},
		{"runner/box: 3", NULL, 0},
		{"linux/: 3", NULL, 0},
		{"/large: 3", NULL, 0},
		{"large: 3", NULL, 0},
		{"linux: 3", NULL, 0},
		{"linux/large: 3\nmachine/large: 3", NULL, 0},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		WITH(w);
		assert_int_equal(give_rates(&w, cases[i].text), cases[i].name != NULL);
		assert_int_equal(w.diags.errors, cases[i].name ? 0 : 1);
		assert_int_equal(w.diags.warnings, cases[i].warnings);
		if (cases[i].name) {
			const struct cost_rate *rate =
				cost_given(&w.options, str_of(cases[i].name));
			assert_non_null(rate);
			assert_int_equal(rate->milli, 3000);
			assert_true(str_is(rate->name, cases[i].name));
		}
		arena_free(w.a);
	}
}

/* A remote host of which nobody knows the class. */
static void
test_unknown_host(void **state)
{
	WITH(w);
	add_job(&w, EXECUTOR_DOCKER, "small.gen2", 1, 60000)->remote_docker = true;
	struct cost *c = count(&w);
	assert_true(c->sum.total.at_least);
	assert_string_equal(c->rates.v[0]->name.s, "remote-docker");
	assert_true(give_rates(&w, "remote-docker: 30"));
	assert_int_equal(count(&w)->sum.total.milli, 30000);
	arena_free(w.a);
}

static void
test_rates_file(void **state)
{
	static const struct {
		const char *text, *message, *label; /* message NULL: good */
	} cases[] = {
		{"", NULL, NULL},
		{"# nothing\n", NULL, NULL},
		{"{dlc: 0, storage: 1.25, credit: 0.0005, plan/credits: 100000}", NULL, NULL},
		{"docker/lage: 3", "the catalogue has no class \"docker/lage\"",
			"did you mean \"docker/large\"?"},
		{"dcl: 3", "nothing is called \"dcl\"", "did you mean \"dlc\"?"},
		{"no-such-thing-at-all: 3", "nothing is called \"no-such-thing-at-all\"", ""},
		{"plan/user: 3", "nothing is called \"plan/user\"", "did you mean \"plan/users\"?"},
		{"credits: 15", "nothing is called \"credits\"", "did you mean \"credit\"?"},
		{"dlc: much", "expected a number, found string", ""},
		{"dlc: [1]", "expected a number, found list", ""},
		{"dlc: -1",
			"expected a number from 0 to 1000000000 with at most 3 digits behind the "
			"point",
			""},
		{"dlc: 1.2345",
			"expected a number from 0 to 1000000000 with at most 3 digits behind the "
			"point",
			""},
		{"dlc: 1e3",
			"expected a number from 0 to 1000000000 with at most 3 digits behind the "
			"point",
			""},
		{"dlc: 99999999999999999999",
			"expected a number from 0 to 1000000000 with at most 3 digits behind the "
			"point",
			""},
		{"[dlc]", "expected a map of rates, found list", ""},
		{"dlc", "expected a map of rates, found string", ""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		WITH(w);
		bool ok = give_rates(&w, cases[i].text);
		const struct diag *g = w.diags.all.n ? &w.diags.all.v[0] : NULL;
		assert_int_equal(ok, !w.diags.errors);
		assert_int_equal(g != NULL, cases[i].message != NULL);
		if (g) {
			assert_true(str_is(g->message, cases[i].message));
			assert_true(str_is(g->label, cases[i].label));
		}
		arena_free(w.a);
	}
}

/* ---- sizes ------------------------------------------------------------------------------- */

static void
run_steps(struct world *w, const struct sim_step *steps, uint32_t n)
{
	struct sim_task_run *task = &w->runs[0].tasks[0];
	task->steps = NEW_ARRAY(w->a, struct sim_step_run, n);
	task->nsteps = n;
	for (uint32_t i = 0; i < n; i++)
		task->steps[i] = (struct sim_step_run){.step = &steps[i], .attempts = 1};
}

static void
test_sizes(void **state)
{
	static const struct sim_step steps[] = {
		{.kind = SIM_SAVE_CACHE}, {.kind = SIM_PERSIST}, {.kind = SIM_STORE_ARTIFACTS}};
	WITH(w);
	add_job(&w, EXECUTOR_DOCKER, "medium", 1, 60000)->ip_ranges = true;
	w.options.sizes = &w.sizes;
	w.sizes.caches = 1500;      /* 1.5 GB for 15 days */
	w.sizes.artifacts = 300;    /* 0.3 GB for 10 days */
	w.sizes.artifact_days = 10; /* 25.5 GB days: 0.85 GB-months, 357 credits */
	w.sizes.ip_ranges = 2000;   /* 900 credits */
	w.sizes.network = 5000;     /* no job of a runner: nothing */
	run_steps(&w, steps, 3);
	struct cost *c = count(&w);
	need_sums(c);
	assert_int_equal(c->storage, 25500);
	assert_int_equal(c->sum.kinds[COST_STORAGE].milli, 357000);
	assert_int_equal(c->sum.kinds[COST_IP_RANGES].milli, 900000);
	assert_int_equal(c->sum.kinds[COST_NETWORK].milli, 0);

	w.jobs[0].runner = true;
	w.runs[0].tasks[0].steps[0].attempts = 0; /* the cache was not saved */
	c = count(&w);
	assert_int_equal(c->storage, 3000);
	assert_int_equal(c->sum.kinds[COST_NETWORK].milli, 2100000);
	arena_free(w.a);
}

static void
test_sizes_read(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{"{caches: 1.5, network: 2, ip-ranges: .5}", NULL},
		{"{artifacts: {gb: 0.25, days: 7}}", NULL},
		{"{}", NULL},
		{"{cache: 1}", "no such size"},
		{"{caches: {gib: 1}}", "a size has no such key"},
		{"{network: {gb: 1, days: 7}}", "a size has no such key"},
		{"{caches: 1 GB}", "expected a number, found string"},
		{"{artifacts: {days: 7.5}}", "expected a whole number from 0 to 1000000000"},
		{"5", "expected a map of sizes, found integer"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		WITH(w);
		uint32_t file = source_add(&w.sources, STR("s"), str_of(cases[i].text));
		const struct node *map = node_load(w.a, &w.sources, file, &w.diags);
		assert_non_null(map);
		assert_int_equal(
			cost_sizes_read(map, &w.sources, &w.sizes, &w.diags), !cases[i].message);
		if (cases[i].message)
			assert_true(str_is(w.diags.all.v[0].message, cases[i].message));
		if (i == 0) {
			assert_int_equal(w.sizes.caches, 1500);
			assert_int_equal(w.sizes.ip_ranges, 500);
			assert_int_equal(w.sizes.cache_days, AMOUNT_UNKNOWN);
		}
		arena_free(w.a);
	}
}

/* ---- months ------------------------------------------------------------------------------ */

static struct cost_month
month_of(struct world *w, uint64_t pipelines, uint32_t users)
{
	struct cost_part *part = NEW(w->a, struct cost_part);
	*part = (struct cost_part){STR("pushes"), count(w), pipelines};
	return cost_month(part, 1, users);
}

static void
test_month(void **state)
{
	static const struct {
		enum catalog_plan plan;
		uint64_t pipelines;
		uint32_t users;
		int64_t total, beyond, packages, fits; /* in credits */
		int64_t dollars;                       /* micro-dollars */
	} cases[] = {
		/* 120 credits a pipeline, 30,000 included in both */
		{PLAN_FREE, 100, 0, 12000, 0, 0, 250, 0},
		{PLAN_FREE, 250, 5, 30000, 0, 0, 250, 0},
		{PLAN_FREE, 251, 0, 30120, 120, -1, 250, -1},
		{PLAN_PERFORMANCE, 250, 0, 30000, 0, 0, 250, 15000000},
		{PLAN_PERFORMANCE, 251, 0, 30120, 120, 1, 250, 30000000},
		{PLAN_PERFORMANCE, 1000, 0, 120000, 90000, 4, 250, 75000000},
		{PLAN_PERFORMANCE, 250, 7, 80000, 50000, 2, 250, 45000000},
		{PLAN_SCALE, 1000, 0, 120000, 0, -1, -1, -1},
		{PLAN_PERFORMANCE, 0, 0, 0, 0, 0, -1, 15000000},
	};
	WITH(w);
	add_job(&w, EXECUTOR_DOCKER, "large", 2, 180000);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		w.options.world.plan = cases[i].plan;
		struct cost_month m = month_of(&w, cases[i].pipelines, cases[i].users);
		assert_int_equal(m.sum.total.milli, cases[i].total * 1000);
		assert_int_equal(m.beyond.milli, cases[i].beyond * 1000);
		assert_int_equal(m.packages, cases[i].packages);
		assert_int_equal(m.fits, cases[i].fits);
		assert_int_equal(m.dollars, cases[i].dollars);
		assert_false(m.sum.total.at_least);
	}
	arena_free(w.a);
}

/* Products beyond 64 bits are exact; sums beyond are said to be more. */
static void
test_month_of_many(void **state)
{
	WITH(w);
	add_job(&w, EXECUTOR_DOCKER, "large", 2, 180000);
	struct cost_month m = month_of(&w, 1000000000, 1000000000);
	int64_t total = INT64_C(120000000000000) + INT64_C(24999999875000000);
	assert_true(m.sum.total.milli == total);
	assert_true(m.packages == (total - 30000000 + 24999999) / 25000000);
	assert_int_equal(m.fits, 250); /* users are no part of a pipeline */
	assert_false(cost_is_more(m.sum.total));
	assert_false(m.beyond.at_least);

	m = month_of(&w, UINT64_C(76861433640456), 0);
	assert_true(m.sum.total.milli == INT64_C(9223372036854720000));
	assert_false(cost_is_more(m.sum.total));
	assert_int_equal(m.fits, 250);
	m = month_of(&w, UINT64_C(76861433640457), 0);
	assert_true(cost_is_more(m.sum.total));
	assert_true(m.beyond.at_least);
	assert_int_equal(m.fits, AMOUNT_UNKNOWN);
	assert_true(month_of(&w, UINT64_MAX, UINT32_MAX).beyond.at_least);
	assert_true(cost_compute(INT64_C(3000000000000), INT64_C(100000000000)) ==
		    INT64_C(5000000000000000000));
	arena_free(w.a);
}

/* What the plan includes is free; what nobody says that it includes makes it "at least". */
static void
test_month_storage(void **state)
{
	static const struct sim_step save = {.kind = SIM_SAVE_CACHE};
	WITH(w);
	add_job(&w, EXECUTOR_DOCKER, "medium", 1, 60000);
	w.options.sizes = &w.sizes;
	w.sizes.caches = 1000; /* half a GB-month */
	run_steps(&w, &save, 1);
	w.options.world.plan = PLAN_FREE;
	assert_int_equal(month_of(&w, 4, 0).sum.kinds[COST_STORAGE].milli, 0);
	assert_int_equal(month_of(&w, 10, 0).sum.kinds[COST_STORAGE].milli, 3 * 420000);
	w.options.world.plan = PLAN_PERFORMANCE;
	assert_true(month_of(&w, 10, 0).sum.total.at_least);
	assert_true(give_rates(&w, "plan/storage: 1.5"));
	struct cost_month m = month_of(&w, 10, 0);
	assert_false(m.sum.total.at_least);
	assert_int_equal(m.sum.kinds[COST_STORAGE].milli, 3500 * 420);
	arena_free(w.a);
}

static void
test_money(void **state)
{
	static const struct {
		enum catalog_plan plan;
		int64_t milli, dollars;
	} cases[] = {
		{PLAN_PERFORMANCE, 1000, 600},
		{PLAN_PERFORMANCE, 25000000, 15000000},
		{PLAN_PERFORMANCE, 1, 1},
		{PLAN_FREE, 1000, AMOUNT_UNKNOWN},
		{PLAN_SCALE, 1000, AMOUNT_CUSTOM},
	};
	WITH(w);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		w.options.world.plan = cases[i].plan;
		assert_int_equal(cost_dollars(&w.options, cases[i].milli), cases[i].dollars);
	}
	assert_true(give_rates(&w, "credit: 0.000475"));
	assert_int_equal(cost_dollars(&w.options, 1000000), 475000);
	arena_free(w.a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compute),
		cmocka_unit_test(test_jobs),
		cmocka_unit_test(test_attempts),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_unknown_host),
		cmocka_unit_test(test_rates_file),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_sizes_read),
		cmocka_unit_test(test_month),
		cmocka_unit_test(test_month_of_many),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_month_storage),
		cmocka_unit_test(test_money),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
