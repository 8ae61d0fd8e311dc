/* SPDX-License-Identifier: MIT */
/*
 * Slack and the critical path where tasks queue: for a place of the plan, of a class, for an agent,
 * for their turn in a serial group. What slack promises is tried out: a job that takes so much
 * longer does not make its workflow end later.
 */
#include "sim_world.h"

enum { JOBS = 7, CASES = 400 };

/* ---- what is known by hand --------------------------------------------------------------- */

#define CONFIG                                                                               \
	"version: 2.1\njobs:\n" WORLD_JOB("a") WORLD_JOB("b") WORLD_JOB("c") WORLD_JOB("d")  \
		WORLD_JOB("e") "  wide:\n    docker: [{image: cimg/base:current}]\n"         \
			       "    parallelism: 3\n    steps: [{run: make}]\n"              \
			       "  large:\n    docker: [{image: cimg/base:current}]\n"        \
			       "    resource_class: large\n    steps: [{run: make}]\n"       \
			       "  own:\n    machine: true\n    resource_class: acme/linux\n" \
			       "    steps: [{run: make}]\n"                                  \
			       "  take: {type: lock, key: k}\n  give: {type: unlock, key: k}\n"

#define ASSUMED "spin-up: {docker: 0, macos: 0}\ndefaults: {run: 10s}\n"

struct play {
	const char *name;
	const char *workflow;
	const char *scenario;
	const char *expected;
};

static const struct play plays[] = {
	/* a keeps b waiting, and through it c; d ends with time to spare. */
	{"a place of the plan", "{jobs: [a, d, b, {c: {requires: [b]}}]}",
		"concurrency: {plan: 2}\njobs: {d: 15s}",
		"[1 w success 30]\na 0..10 success *\nd 0..15 success slack 15\n"
		"b 10..20 success plan *\nc 20..30 success *\n"},
	{"hand to hand", "{jobs: [a, b, c]}", "concurrency: {plan: 1}",
		"[1 w success 30]\na 0..10 success *\nb 10..20 success plan *\n"
		"c 20..30 success plan *\n"},
	/* Both end at once, and one who waits is enough for one of them. */
	{"two places for one", "{jobs: [a, b, c]}", "concurrency: {plan: 2}",
		"[1 w success 20]\na 0..10 success *\nb 0..10 success slack 10\n"
		"c 10..20 success plan *\n"},
	/* If d ended 3 later, c would get the place of a, and b wait for that of d. */
	{"whoever leaves first is succeeded by the first in line",
		"{jobs: [d, a, c, {e: {requires: [c]}}, b]}",
		"concurrency: {plan: 2}\njobs: {a: 12s, c: 5s, b: 30s, e: 1s}",
		"[1 w success 42]\nd 0..10 success slack 2\na 0..12 success *\n"
		"c 10..15 success plan slack 26\ne 15..16 success slack 26\n"
		"b 12..42 success plan *\n"},
	/* The last place was free for two seconds when d came to it. */
	{"a place that was free for a while", "{jobs: [a, c, {d: {requires: [c]}}, b]}",
		"concurrency: {plan: 3}\njobs: {a: 8s, b: 30s, d: 30s, c: 10s}",
		"[1 w success 40]\na 0..8 success slack 32\nc 0..10 success *\n"
		"d 10..40 success *\nb 0..30 success slack 10\n"},
	{"the place of a task of several", "{jobs: [wide, {a: {requires: [wide]}}]}",
		"concurrency: {plan: 2}",
		"[1 w success 30]\nwide 0..20 success *\na 20..30 success *\n"},
	{"a class", "{jobs: [a, large, b]}", "concurrency: {classes: {docker/medium: 1}}",
		"[1 w success 20]\na 0..10 success *\nlarge 0..10 success slack 10\n"
		"b 10..20 success class *\n"},
	{"agents", "{jobs: [own, {own: {name: own2}}, {own: {name: own3}}, a]}",
		"runners: {acme/linux: 2}\njobs: {own2: 25s}",
		"[1 w success 25]\nown 0..10 success slack 5\nown2 0..25 success *\n"
		"own3 10..20 success agent slack 5\na 0..10 success slack 15\n"},
	{"a serial group",
		"{jobs: [{a: {serial-group: g}}, {b: {serial-group: g}}, {c: {requires: [a]}}, d]}",
		"jobs: {d: 21s, c: 3s}",
		"[1 w success 21]\na 0..10 success slack 1\nb 10..20 success serial slack 1\n"
		"c 10..13 success slack 8\nd 0..21 success *\n"},
	{"a lock",
		"{jobs: [take, {a: {requires: [take]}}, {give: {requires: [a]}}, "
		"{take: {name: take2}}, {b: {requires: [take2]}}, c]}",
		"",
		"[1 w success 20]\ntake @0 success *\na 0..10 success *\ngive @10 success *\n"
		"take2 @10 success serial *\nb 10..20 success *\nc 0..10 success slack 10\n"},
	/* b waits anyway: a has until then, but must not come behind c, which is ready at 5. */
	{"a turn in line", "{jobs: [a, e, {b: {requires: [a]}}, d, {c: {requires: [d]}}]}",
		"concurrency: {plan: 3}\njobs: {a: 2s, d: 5s, e: 40s, b: 30s, c: 30s}",
		"[1 w success 40]\na 0..2 success slack 8\ne 0..40 success *\n"
		"b 2..32 success slack 8\nd 0..5 success slack 5\nc 5..35 success slack 5\n"},
};

static void
play(struct world *w, const char *config, const char *scenario)
{
	world_model(w, config);
	w->narrivals = 0;
	world_scenario(w, scenario);
	world_play(w);
}

static void
by_hand(void **state)
{
	unsigned wrong = 0;
	for (size_t i = 0; i < sizeof plays / sizeof *plays; i++) {
		world_setup(state);
		struct world *w = *state;
		play(w, str_printf(w->a, "%sworkflows: {w: %s}\n", CONFIG, plays[i].workflow).s,
			str_printf(w->a, "%s%s\n", ASSUMED, plays[i].scenario).s);
		const char *jobs = world_jobs(w);
		if (strcmp(jobs, plays[i].expected) != 0) {
			print_message("%s: expected\n%s\nbut it is\n%s", plays[i].name,
				plays[i].expected, jobs);
			wrong++;
		}
		world_teardown(state);
	}
	assert_int_equal(wrong, 0);
}

/* What another pipeline left is no edge: whoever waits for it has its requirement to thank. */
static void
other_pipelines(void **state)
{
	struct world *w = *state;
	world_model(w, CONFIG "workflows: {w: {jobs: [a, {b: {requires: [a]}}]}}\n");
	world_scenario(w, ASSUMED "concurrency: {plan: 1}\n");
	world_push(w, 0, "x");
	world_push(w, 0, "y");
	world_play(w);
	assert_string_equal(world_jobs(w), "[1 w success 30]\na 0..10 success *\n"
					   "b 20..30 success plan *\n"
					   "[2 w success 40]\na 10..20 success plan *\n"
					   "b 30..40 success plan *\n");
}

/* ---- tried out --------------------------------------------------------------------------- */

struct trial {
	uint64_t seed;
	uint32_t n;
	int seconds[JOBS], extra[JOBS];
};

static uint32_t
draw(const struct trial *t, uint32_t what, uint32_t of, uint32_t below)
{
	const uint64_t v[] = {what, of};
	return (uint32_t)(sim_draw(t->seed, v, 2) % below);
}

static const char *
trial_config(struct arena *a, const struct trial *t)
{
	struct sb b = {.a = a};
	sb_puts(&b, "version: 2.1\njobs:\n");
	for (uint32_t i = 0; i < t->n; i++)
		sb_printf(&b,
			"  j%u: {docker: [{image: cimg/base:current}], resource_class: %s, "
			"parallelism: %u, steps: [{run: make}]}\n",
			i, draw(t, 1, i, 3) ? "medium" : "large",
			draw(t, 2, i, 4) ? 1 : 1 + draw(t, 3, i, 3));
	sb_puts(&b, "workflows: {w: {jobs: [");
	for (uint32_t i = 0; i < t->n; i++) {
		sb_printf(&b, "%s{j%u: {", i ? ", " : "", i);
		if (!draw(t, 4, i, 4))
			sb_puts(&b, "serial-group: g, ");
		sb_puts(&b, "requires: [");
		for (uint32_t k = 0; k < i; k++)
			if (!draw(t, 5, i * JOBS + k, 4))
				sb_printf(&b, "j%u, ", k);
		sb_puts(&b, "]}}");
	}
	sb_puts(&b, "]}}\n");
	return str_printf(a, "%.*s", STR_ARG(sb_str(&b))).s;
}

static const char *
trial_scenario(struct arena *a, const struct trial *t)
{
	struct sb b = {.a = a};
	sb_printf(&b, "spin-up: {docker: 0}\nconcurrency: {plan: %u", 1 + draw(t, 6, 0, 4));
	if (draw(t, 7, 0, 2))
		sb_puts(&b, ", classes: {docker/medium: 1}");
	sb_puts(&b, "}\njobs:\n");
	for (uint32_t i = 0; i < t->n; i++)
		sb_printf(&b, "  j%u: %ds\n", i, t->seconds[i] + t->extra[i]);
	return str_printf(a, "%.*s", STR_ARG(sb_str(&b))).s;
}

static const struct sim_workflow_run *
trial_play(struct world *w, const struct trial *t)
{
	play(w, trial_config(w->a, t), trial_scenario(w->a, t));
	return &w->result->pipelines[0].workflows[0];
}

/* When its tasks came to the line for places. */
static int64_t
in_line(const struct sim_workflow_run *w, uint32_t job)
{
	const struct sim_job_run *r = &w->jobs[job];
	return r->turn == SIM_NOBODY ? r->ready : w->jobs[r->turn].end;
}

static bool
waited(const struct sim_workflow_run *w, uint32_t job, uint32_t task)
{
	return w->jobs[job].tasks[task].slot > in_line(w, job);
}

static int
order(int64_t x, int64_t y)
{
	return (x > y) - (x < y);
}

/* Did others wait than before, or for something else, or in another order? */
static bool
is_reordered(const struct sim_workflow_run *x, const struct sim_workflow_run *y)
{
	for (uint32_t i = 0; i < x->njobs; i++) {
		bool waits = false;
		if (x->jobs[i].wait != y->jobs[i].wait)
			return true;
		for (uint32_t k = 0; k < x->jobs[i].ntasks; k++) {
			waits = waits || waited(x, i, k) || waited(y, i, k);
			if (waited(y, i, k) && !waited(x, i, k))
				return true;
		}
		for (uint32_t k = 0; waits && k < x->njobs; k++)
			if (order(in_line(x, i), in_line(x, k)) !=
				order(in_line(y, i), in_line(y, k)))
				return true;
	}
	return false;
}

/* Its own tasks may wait for each other: then some are later by more. */
static bool
is_later(const struct sim_job_run *one, const struct sim_job_run *two, int64_t slack)
{
	for (uint32_t i = 0; i < one->ntasks; i++)
		if (two->tasks[i].end - one->tasks[i].end > slack)
			return true;
	return false;
}

static void
promised(void **state)
{
	unsigned tried = 0, queued = 0;
	for (uint64_t seed = 0; seed < CASES; seed++) {
		world_setup(state);
		struct world *w = *state;
		struct trial t = {.seed = seed};
		t.n = 2 + draw(&t, 8, 0, JOBS - 1);
		for (uint32_t i = 0; i < t.n; i++)
			t.seconds[i] = 1 + (int)draw(&t, 9, i, 12);
		const struct sim_workflow_run *one = trial_play(w, &t);
		bool queues = w->result->queued > 0;
		for (uint32_t i = 0; i < t.n; i++) {
			int64_t slack = one->jobs[i].slack;
			if (!slack)
				continue;
			t.extra[i] = (int)(slack / SECOND_MS);
			const struct sim_workflow_run *two = trial_play(w, &t);
			t.extra[i] = 0;
			if (is_later(&one->jobs[i], &two->jobs[i], slack) || is_reordered(one, two))
				continue;
			tried++;
			queued += queues;
			if (two->end != one->end)
				fail_msg("case %u: j%u has %lld ms of slack\n%s%s", (unsigned)seed,
					i, (long long)slack, trial_config(w->a, &t),
					trial_scenario(w->a, &t));
		}
		world_teardown(state);
	}
	assert_true(tried > CASES / 2);
	assert_true(queued > CASES / 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_hand),
		cmocka_unit_test_setup_teardown(other_pipelines, world_setup, world_teardown),
		cmocka_unit_test(promised),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
