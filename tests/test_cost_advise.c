/* SPDX-License-Identifier: MIT */
/* Costs of what is really played: advice that keeps its word, and sums over random workflows. */
#include "sim_world.h"

#include "ccx/cost.h"

/* ---- advice ------------------------------------------------------------------------------ */

static const char advised[] =
	"version: 2.1\n"
	"executors:\n"
	"  big:\n"
	"    docker: [{image: cimg/base:current}]\n"
	"    resource_class: xlarge\n"
	"jobs:\n"
	"  build:\n"
	"    executor: big\n"
	"    steps: [{run: make}]\n"
	"  lint:\n"
	"    docker: [{image: cimg/base:current}]\n"
	"    steps: [{run: lint}]\n"
	"  test:\n"
	"    docker: [{image: cimg/base:current}]\n"
	"    parallelism: 3\n"
	"    steps:\n"
	"      - run: install\n"
	"      - run: circleci tests glob x | circleci tests split\n"
	"  image:\n"
	"    machine: {image: ubuntu-2404:current, docker_layer_caching: true}\n"
	"    resource_class: medium\n"
	"    steps: [{run: docker build}]\n"
	"workflows:\n"
	"  main:\n"
	"    jobs: [build, lint, image, {test: {requires: [build]}}]\n";

static const char took[] = "job,step,seconds\n"
			   "build,make,600\n"
			   "lint,lint,100\n"
			   "test,install,60\n"
			   "test,circleci tests glob x | circleci tests split,300\n"
			   "image,docker build,120\n";

struct asked {
	struct cost_options options;
	struct cost_case how;
};

static struct asked *
ask(struct world *w, uint32_t ppm)
{
	struct asked *q = NEW(w->a, struct asked);
	q->options.world = w->options.world;
	q->how = (struct cost_case){.model = w->model, .sim = &w->options, .options = &q->options};
	q->how.speed = (struct cost_speed){w->options.world, ppm};
	return q;
}

static const struct cost_advice *
find_advice(const struct cost_advice *all, uint32_t n, enum cost_change_kind kind, const char *jobs)
{
	for (uint32_t i = 0; i < n; i++)
		if (all[i].kind == kind && str_is(all[i].jobs, jobs))
			return &all[i];
	return NULL;
}

static void
test_advice(void **state)
{
	static const struct {
		enum cost_change_kind kind;
		const char *jobs, *from, *to;
		int64_t saved, lost; /* credits, seconds; lost -1: not known */
		uint32_t line;
		bool written;
	} cases[] = {
		/* 8 to 4 vCPUs, half of the steps' time scales: 15 minutes at 20 instead of 10
		 * at 40; the next smaller ones lose more for each credit */
		{CHANGE_CLASS, "build", "xlarge", "large", 100, 300, 5, true},
		/* 100 s on medium, 150 s on small: lint ends long before the others */
		{CHANGE_CLASS, "lint", "medium", "small", 4, 0, 11, false},
		/* 3 x (60 + 300) to 2 x (60 + 450) */
		{CHANGE_PARALLELISM, "test", "3", "2", 10, 150, 15, true},
		{CHANGE_DLC, "image", "true", "false", 200, -1, 20, true},
	};
	struct world *w = *state;
	world_model(w, advised);
	world_timings(w, took);
	struct asked *q = ask(w, 500000);
	struct cost_advices advice = cost_advise(w->a, &q->how);
	const struct cost_advice *all = advice.v;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct cost_advice *v =
			find_advice(all, advice.n, cases[i].kind, cases[i].jobs);
		assert_non_null(v);
		assert_true(str_is(v->from, cases[i].from));
		assert_true(str_is(v->to, cases[i].to));
		assert_int_equal(v->saved, cases[i].saved * 1000);
		assert_int_equal(
			v->lost, cases[i].lost < 0 ? SIM_NEVER : cases[i].lost * SECOND_MS);
		assert_int_equal(
			source_place(&w->sources, v->span.file, v->span.off).line, cases[i].line);
		assert_int_equal(v->written, cases[i].written);
		assert_false(v->assumed);
	}
	/* First what loses no time, last what loses nobody knows how much. */
	assert_int_equal(all[0].lost, 0);
	assert_int_equal(all[advice.n - 1].lost, SIM_NEVER);
}

/* With no speed-up, writing down what is advised saves exactly what was said. */
static void
test_advice_holds(void **state)
{
	struct world *w = *state;
	uint32_t tried = 0;
	world_model(w, advised);
	world_timings(w, took);
	struct asked *q = ask(w, 0);
	int64_t before =
		cost_of(w->a, cost_play(w->a, &q->how, w->model), &q->options)->sum.total.milli;
	struct cost_advices advice = cost_advise(w->a, &q->how);
	const struct cost_advice *all = advice.v;
	for (uint32_t i = 0; i < advice.n; i++) {
		struct edit edit = {all[i].span, all[i].to};
		struct str text;
		if (!all[i].written || all[i].kind == CHANGE_PARALLELISM)
			continue; /* the time of shared tests would have to be told anew */
		assert_true(text_edit(w->a, str_of(advised), &edit, 1, &text));
		struct sim_model *m = world_model(w, str_copy(w->a, text).s);
		int64_t after =
			cost_of(w->a, cost_play(w->a, &q->how, m), &q->options)->sum.total.milli;
		assert_int_equal(before - after, all[i].saved);
		tried++;
	}
	assert_true(tried >= 2);
}

/* Nothing is played with a model that has nothing in it, and nothing is advised. */
static void
test_advice_nothing(void **state)
{
	struct world *w = *state;
	world_model(w, "version: 2.1\njobs:\n" WORLD_JOB("a") "    resource_class: small\n"
							      "workflows: {w: {jobs: [a]}}\n");
	struct asked *q = ask(w, 800000);
	assert_int_equal(cost_advise(w->a, &q->how).n, 0);
}

/* ---- random workflows -------------------------------------------------------------------- */

static uint64_t
next(uint64_t *seed, uint64_t below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (*seed >> 33) % below;
}

/* Jobs of random classes and tasks, each waiting for some of those before it. */
static void
random_config(struct world *w, uint64_t *seed, struct sb *config, struct sb *timings)
{
	static const char *const classes[] = {
		"small", "medium", "medium+", "large", "xlarge", "large.gen2"};
	uint32_t njobs = 1 + (uint32_t)next(seed, 12);
	config->a = timings->a = w->a;
	sb_puts(config, "version: 2.1\njobs:\n");
	sb_puts(timings, "job,step,seconds\n");
	for (uint32_t i = 0; i < njobs; i++) {
		sb_printf(config,
			"  j%u:\n    docker: [{image: a}]\n    resource_class: %s\n"
			"    parallelism: %u\n    steps: [{run: {name: go, command: make}}",
			(unsigned)i, classes[next(seed, 6)], 1 + (unsigned)next(seed, 4));
		sb_puts(config, next(seed, 4) ? "]\n" : ", setup_remote_docker]\n");
		sb_printf(timings, "j%u,go,%u.%u\n", (unsigned)i, (unsigned)next(seed, 900),
			(unsigned)next(seed, 10));
	}
	sb_puts(config, "workflows:\n  w:\n    jobs:\n");
	for (uint32_t i = 0; i < njobs; i++) {
		sb_printf(config, "      - j%u: {requires: [", (unsigned)i);
		for (uint32_t k = 0, some = 0; k < i; k++)
			if (next(seed, 4) == 0)
				sb_printf(config, "%sj%u", some++ ? ", " : "", (unsigned)k);
		sb_puts(config, "]}\n");
	}
	sb_char(config, '\0');
	sb_char(timings, '\0');
}

/* The credits of a result, added up task by task without the help of anything but the rates. */
static int64_t
by_hand(const struct sim_result *r, bool *known)
{
	const struct sim_workflow_run *run = &r->pipelines[0].workflows[0];
	int64_t credits = 0;
	*known = true;
	for (uint32_t i = 0; i < run->njobs; i++)
		for (uint32_t k = 0; k < run->jobs[i].ntasks; k++) {
			const struct sim_job *job = run->jobs[i].node->job;
			const struct sim_task_run *task = &run->jobs[i].tasks[k];
			const struct resource_class *class =
				job->remote_docker ? job->host : job->class;
			int64_t seconds = (task->end - task->start + 999) / 1000;
			if (class->rate < 0)
				*known = false;
			else
				credits += (seconds * (class->rate / 1000) + 59) / 60;
		}
	return credits;
}

static void
test_random(void **state)
{
	struct world *w = *state;
	for (uint64_t seed = 1, round = 0; round < 200; round++) {
		struct arena_mark mark = arena_mark(w->a);
		struct sb config = {0}, timings = {0};
		struct str error;
		bool known;
		w->timings = (struct timings){0};
		random_config(w, &seed, &config, &timings);
		world_model(w, config.s);
		world_timings(w, timings.s);
		struct asked *q = ask(w, 800000);
		struct sim_result *r = cost_play(w->a, &q->how, w->model);
		struct cost *c = cost_of(w->a, r, &q->options);
		assert_int_equal(by_hand(r, &known) * 1000, c->sum.total.milli);
		assert_int_equal(known, !c->sum.total.at_least);

		/* No change changes nothing; twice the tasks, of which none is shared, cost
		 * twice as much. */
		struct sim_model *same =
			cost_change_apply(w->a, w->model, NULL, 0, &q->how.speed, &error);
		struct sim_result *again = cost_play(w->a, &q->how, same);
		assert_int_equal(again->makespan, r->makespan);
		assert_int_equal(
			cost_of(w->a, again, &q->options)->sum.total.milli, c->sum.total.milli);
		for (uint32_t i = 0; i < same->njobs; i++)
			same->jobs[i].parallelism *= 2;
		again = cost_play(w->a, &q->how, same);
		assert_int_equal(
			cost_of(w->a, again, &q->options)->sum.total.milli, 2 * c->sum.total.milli);
		diag_init(&w->diags, w->a);
		sources_init(&w->sources, w->a);
		arena_reset(w->a, mark);
		diag_init(&w->diags, w->a);
		sources_init(&w->sources, w->a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_advice, world_setup, world_teardown),
		cmocka_unit_test_setup_teardown(test_advice_holds, world_setup, world_teardown),
		cmocka_unit_test_setup_teardown(test_advice_nothing, world_setup, world_teardown),
		cmocka_unit_test_setup_teardown(test_random, world_setup, world_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
