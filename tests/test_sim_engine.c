/* SPDX-License-Identifier: MIT */
/* What runs, when and why, of small workflows: requirements, approvals, queues, serial groups,
 * reruns, limits. Each job takes ten seconds on a machine that starts at once. */
#include "sim_world.h"

#define JOBS                                                                                       \
	"version: 2.1\njobs:\n" WORLD_JOB("a") WORLD_JOB("b") WORLD_JOB("c") WORLD_JOB("d")        \
		WORLD_JOB(                                                                         \
			"e") "  wide:\n    docker: [{image: cimg/base:current}]\n"                 \
			     "    parallelism: 3\n    steps: [{run: {name: go, command: make}}]\n" \
			     "  mac:\n    macos: {xcode: '26.6'}\n    steps: [{run: make}]\n"      \
			     "  own:\n    machine: true\n    resource_class: acme/linux\n"         \
			     "    steps: [{run: make}]\n"                                          \
			     "  rel: {type: release, plan_name: p}\n"                              \
			     "  take: {type: lock, key: k}\n  give: {type: unlock, key: k}\n"

#define ASSUMED "spin-up: {docker: 0, macos: 0}\ndefaults: {run: 10s}\n"

struct play {
	const char *name;
	const char *workflow; /* the value of workflows.w */
	const char *scenario; /* behind ASSUMED */
	const char *expected;
};

static void
play(struct world *w, const char *workflow, const char *scenario)
{
	struct sb b = {.a = w->a};
	sb_printf(&b, "%sworkflows: {w: %s}\n", JOBS, workflow);
	sb_char(&b, '\0');
	world_model(w, b.s);
	b = (struct sb){.a = w->a};
	sb_printf(&b, "%s%s\n", ASSUMED, scenario);
	sb_char(&b, '\0');
	world_scenario(w, b.s);
}

/* Statuses and what accepts them: a fails, is canceled, … and b requires it with each status. */
static void
statuses(void **state)
{
	static const char *const outcomes[] = {"jobs: {a: {attempts: {1: success}}}",
		"jobs: {a: {attempts: {1: fail}}}", "jobs: {a: {attempts: {1: cancel}}}",
		"unauthorized: [a]", "jobs: {z: {attempts: {1: fail}}}"};
	static const char *const names[] = {
		"success", "failed", "canceled", "unauthorized", "not_run", "terminal"};
	for (int how = JOB_SUCCESS; how <= JOB_NOT_RUN; how++)
		for (int accepts = 0; accepts < 6; accepts++) {
			world_setup(state);
			struct world *w = *state;
			struct str text =
				str_printf(w->a, "{jobs: [c, %s, {b: {requires: [{a: %s}]}}]}",
					how == JOB_NOT_RUN ? "{a: {requires: [{c: failed}]}}" : "a",
					names[accepts]);
			play(w, text.s, outcomes[how]);
			const struct sim_workflow_run *run =
				&world_play(w)->pipelines[0].workflows[0];
			assert_int_equal(run->jobs[1].status, how);
			bool runs = accepts == how || accepts == 5;
			assert_int_equal(run->jobs[2].status, runs ? JOB_SUCCESS : JOB_NOT_RUN);
			if (runs)
				assert_int_equal(run->jobs[2].start, run->jobs[1].end);
			world_teardown(state);
		}
}

static const struct play plays[] = {
	{"one after another", "{jobs: [a, {b: {requires: [a]}}, c]}", "",
		"[1 w success 20]\na 0..10 success *\nb 10..20 success *\n"
		"c 0..10 success slack 10\n"},
	{"the last requirement counts", "{jobs: [a, b, {c: {requires: [a, b]}}]}", "jobs: {b: 4s}",
		"[1 w success 20]\na 0..10 success *\nb 0..4 success slack 6\n"
		"c 10..20 success *\n"},
	{"not run as soon as one fails, others go on",
		"{jobs: [a, b, {c: {requires: [a, b]}}, {d: {requires: [c]}}]}",
		"jobs: {a: {duration: 3s, attempts: {1: fail}}}",
		"[1 w failed 10]\na 0..3 failed slack 7\nb 0..10 success *\n"
		"c @3 not_run: a failed\nd @3 not_run: c did not run\n"},
	{"runs after a failure alone",
		"{jobs: [a, {b: {requires: [{a: failed}]}}, {c: {requires: [{b: [success, "
		"not_run]}]}}]}",
		"",
		"[1 w success 20]\na 0..10 success *\nb @10 not_run *: a succeeded\n"
		"c 10..20 success *\n"},
	{"unauthorized wins over failed", "{jobs: [a, b]}",
		"unauthorized: [a]\noutcomes: [b attempt 1: fail]",
		"[1 w unauthorized 10]\na @0 unauthorized: a context refuses it\n"
		"b 0..10 failed *\n"},
	{"an approval",
		"{jobs: [a, {hold: {type: approval, requires: [a]}}, {b: {requires: "
		"[hold]}}]}",
		"approvals: {hold: 1m}",
		"[1 w success 80]\na 0..10 success *\nhold 10..70 success *\n"
		"b 70..80 success *\n"},
	{"an approval that never comes",
		"{jobs: [a, {hold: {type: approval, requires: [a]}}, {b: {requires: [hold]}}, {c: "
		"{requires: [b]}}]}",
		"approvals: never",
		"[1 w on_hold 10]\na 0..10 success *\nhold 10..never not_run: nobody approves it\n"
		"b @10 not_run: what it requires never ends\n"
		"c @10 not_run: what it requires never ends\n"},
	{"an approval that expires",
		"{jobs: [{hold: {type: approval}}, {b: {requires: [{hold: canceled}]}}]}",
		"approvals: {hold: 91d}",
		"[1 w canceled 7776010]\nhold 0..7776000 canceled *: canceled\n"
		"b 7776000..7776010 success *\n"},
	{"a release takes no machine but time", "{jobs: [rel, {a: {requires: [rel]}}]}",
		"jobs: {rel: 30s}", "[1 w success 40]\nrel 0..30 success *\na 30..40 success *\n"},
	{"each parallel task waits on its own", "{jobs: [wide, a]}", "concurrency: {plan: 2}",
		"[1 w success 20]\nwide 0..20 success *\na 10..20 success plan\n"},
	{"one task of several fails", "{jobs: [wide]}",
		"jobs: {wide: {tasks: {1: {attempts: {1: fail}}, 2: 25s}}}",
		"[1 w failed 25]\nwide 0..25 failed *\n"},
	{"a full class does not hold up others", "{jobs: [a, b, mac]}",
		"concurrency: {classes: {docker/medium: 1}}",
		"[1 w success 20]\na 0..10 success *\nb 10..20 success class *\n"
		"mac 0..10 success slack 10\n"},
	{"runners", "{jobs: [own, {own: {name: own2}}]}", "runners: {acme/linux: 1}",
		"[1 w success 20]\nown 0..10 success *\nown2 10..20 success agent *\n"},
	{"no runner at all", "{jobs: [own, a]}", "runners: {acme/linux: 0}",
		"[1 w not_run 10]\nown @0 not_run: there is no place for acme/linux at all\n"
		"a 0..10 success *\n"},
	{"a time limit", "{jobs: [a, {b: {requires: [{a: failed}]}}]}",
		"job-limit: 1m\njobs: {a: 90s}",
		"[1 w failed 70]\na 0..60 failed limit *\nb 60..70 success *\n"},
	{"a serial group in one workflow",
		"{jobs: [{a: {serial-group: g}}, {b: {serial-group: g}}, {c: {requires: [b]}}]}",
		"",
		"[1 w success 30]\na 0..10 success *\nb 10..20 success serial *\n"
		"c 20..30 success *\n"},
	{"a lock holds up to its unlock",
		"{jobs: [take, {a: {requires: [take]}}, {give: {requires: [{a: terminal}]}}, "
		"{take: {name: take2}}, {b: {requires: [take2]}}]}",
		"outcomes: [a attempt 1: fail]",
		"[1 w failed 20]\ntake @0 success *\na 0..10 failed *\ngive @10 success *\n"
		"take2 @10 success serial *\nb 10..20 success *\n"},
	{"a rerun keeps what succeeded",
		"{max_auto_reruns: 2, jobs: [a, b, {c: {requires: [a, b]}}, {d: {requires: [{a: "
		"failed}]}}]}",
		"jobs: {a: {attempts: {1: fail, 2: fail}}}",
		"[1 w success 50]\na 0..10 failed *\nb 0..10 success slack 10\n"
		"c @10 not_run: a failed\nd 10..20 success *\n"
		"a#2 20..30 failed *\nc#2 @30 not_run: a failed\n"
		"a#3 30..40 success *\nc#3 40..50 success *\n"},
	{"a rerun that fails too", "{max_auto_reruns: 1, jobs: [a]}",
		"jobs: {a: {attempts: {1: fail, 2: fail}}}",
		"[1 w failed 20]\na 0..10 failed *\na#2 10..20 failed *\n"},
	{"what was canceled does not run again", "{max_auto_reruns: 1, jobs: [a]}",
		"jobs: {a: {attempts: {1: cancel}}}",
		"[1 w canceled 10]\na 0..10 canceled *: canceled\n"},
	{"patterns, and names before them", "{jobs: [a, b, wide]}",
		"jobs: {'*': 5s, a: 7s, 'w?de': 9s}",
		"[1 w success 7]\na 0..7 success *\nb 0..5 success slack 2\n"
		"wide 0..5 success slack 2\n"},
};

static void
played(void **state)
{
	unsigned wrong = 0;
	for (size_t i = 0; i < sizeof plays / sizeof *plays; i++) {
		world_setup(state);
		struct world *w = *state;
		play(w, plays[i].workflow, plays[i].scenario);
		world_play(w);
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

/* ---- several pipelines ------------------------------------------------------------------- */

static void
expect_jobs(struct world *w, const char *expected)
{
	world_play(w);
	assert_string_equal(world_jobs(w), expected);
}

/* The documentation's order: 1 deploys, 2 waits, 3 comes and takes the place of 2. */
static void
serial_order(void **state)
{
	struct world *w = *state;
	play(w, "{jobs: [{a: {serial-group: deploy/prod}}]}", "");
	for (int i = 0; i < 3; i++)
		world_push(w, i * 2, "main");
	expect_jobs(w, "[1 w success 10]\na 0..10 success *\n"
		       "[2 w success 4]\na @4 not_run serial *: pipeline 3 came to serial group "
		       "\"deploy/prod\" behind it\n"
		       "[3 w success 20]\na 10..20 success serial *\n");
}

/* An older pipeline that comes later finds a newer one there. */
static void
serial_overtaken(void **state)
{
	struct world *w = *state;
	play(w, "{jobs: [a, {b: {requires: [a], serial-group: g}}]}", "");
	world_push(w, 0, "main");
	struct sim_model *slow = w->model;
	play(w, "{jobs: [{b: {serial-group: g}}]}", "jobs: {b: 30s}");
	world_push(w, 5, "main");
	assert_ptr_not_equal(slow, w->model);
	expect_jobs(w, "[1 w success 10]\na 0..10 success *\nb @10 not_run: a newer pipeline is in "
		       "serial group \"g\"\n"
		       "[2 w success 35]\nb 5..35 success *\n");
}

static void
serial_wait_ends(void **state)
{
	struct world *w = *state;
	play(w, "{jobs: [{a: {serial-group: g}}]}", "job-limit: 7h\njobs: {a: 6h}");
	world_push(w, 0, "x");
	world_push(w, 60, "y");
	expect_jobs(w, "[1 w success 21600]\na 0..21600 success *\n"
		       "[2 w canceled 18060]\na @18060 canceled serial *: it waited for serial "
		       "group \"g\" as long as it may\n");
}

static void
auto_cancel(void **state)
{
	struct world *w = *state;
	play(w, "{jobs: [a, {b: {requires: [a]}}]}", "auto-cancel: true");
	world_push(w, 0, "feature");
	world_push(w, 0, "main");
	world_push(w, 4, "feature");
	world_push(w, 5, "main");
	expect_jobs(w, "[1 w canceled 4]\na 0..4 canceled *: pipeline 3 was pushed to the same "
		       "branch\nb @4 canceled: pipeline 3 was pushed to the same branch\n"
		       "[2 w success 20]\na 0..10 success *\nb 10..20 success *\n"
		       "[3 w success 24]\na 4..14 success *\nb 14..24 success *\n"
		       "[4 w success 25]\na 5..15 success *\nb 15..25 success *\n");
	assert_string_equal(world_steps(w, 0, 0, 0), "go 0..4 canceled");
}

/* The older pipeline goes first where both came at the same instant. */
static void
first_come(void **state)
{
	struct world *w = *state;
	play(w, "{jobs: [a, b]}", "concurrency: {plan: 1}\njobs: {b: 1s}");
	world_push(w, 0, "x");
	world_push(w, 0, "y");
	world_push(w, 3, "z");
	expect_jobs(w, "[1 w success 11]\na 0..10 success *\nb 10..11 success plan *\n"
		       "[2 w success 22]\na 11..21 success plan *\nb 21..22 success plan *\n"
		       "[3 w success 33]\na 22..32 success plan *\nb 32..33 success plan *\n");
	assert_int_equal(w->result->peak, 1);
	assert_int_equal(w->result->makespan, 33 * SECOND_MS);
	assert_int_equal(w->result->queued, (10 + 11 + 21 + 19 + 29) * SECOND_MS);
}

/* Plans come from the catalogue: Free runs 30 tasks and one on macOS at a time. */
static void
plan_limits(void **state)
{
	struct world *w = *state;
	w->options.world.plan = PLAN_FREE;
	play(w, "{jobs: [mac, {mac: {name: mac2}}]}", "");
	expect_jobs(w, "[1 w success 20]\nmac 0..10 success *\nmac2 10..20 success plan *\n");
	w->narrivals = 0;
	play(w, "{jobs: [a]}", "");
	for (int i = 0; i < 40; i++)
		world_push(w, 0, "main");
	assert_int_equal(world_play(w)->peak, 30);
	assert_int_equal(w->result->makespan, 20 * SECOND_MS);
	w->narrivals = 0;
	play(w, "{jobs: [a]}", "jobs: {a: 2h}");
	expect_jobs(w, "[1 w failed 3600]\na 0..3600 failed limit *\n");
	assert_int_equal(w->result->nfindings, 0);
	w->options.world.plan = PLAN_SCALE;
	expect_jobs(w, "[1 w success 7200]\na 0..7200 success *\n");
}

/* What the plan does not have is told of, once. */
static void
plan_lacks(struct world *w, enum catalog_plan plan, const char *expected)
{
	struct sb b = {.a = w->a};
	w->options.world.plan = plan;
	world_play(w);
	for (uint32_t i = 0; i < w->result->nfindings; i++)
		sb_printf(&b, "%.*s\n", STR_ARG(w->result->findings[i].text));
	sb_char(&b, '\0');
	assert_string_equal(b.s, expected);
}

static void
plans(void **state)
{
	struct world *w = *state;
	world_model(w, "version: 2.1\njobs:\n  a:\n    parameters: {v: {type: integer}}\n"
		       "    macos: {xcode: '26.6'}\n    resource_class: m4pro.large\n"
		       "    steps: [checkout]\n  b:\n    docker: [{image: x}]\n"
		       "    circleci_ip_ranges: true\n    steps: [checkout]\n"
		       "workflows: {w: {jobs: [{a: {matrix: {parameters: {v: [1, 2]}}}}, b]}}\n");
	plan_lacks(w, PLAN_FREE,
		"resource class m4pro.large is not on the free plan\n"
		"the free plan has no IP ranges, which job \"b\" asks for\n");
	plan_lacks(w, PLAN_PERFORMANCE, "");
}

/* ---- chance ------------------------------------------------------------------------------ */

static const char *
sampled(struct world *w, uint64_t seed)
{
	w->options.sampled = true;
	w->options.seed = seed;
	world_play(w);
	return world_jobs(w);
}

/* The same seed, the same result; and a job more changes nothing for the others. */
static void
draws(void **state)
{
	struct world *w = *state;
	world_timings(w, "job,step,seconds\na,,10\na,,20\na,,90\nb,go,5\nb,go,50\n");
	play(w, "{jobs: [a, b]}", "");
	struct str one = str_copy(w->a, str_of(sampled(w, 1)));
	assert_string_equal(sampled(w, 1), one.s);
	assert_string_not_equal(sampled(w, 2), one.s);
	int64_t a_end =
		sim_run(w->a, w->arrivals, 1, &w->options)->pipelines[0].workflows[0].jobs[0].end;
	w->narrivals = 0;
	play(w, "{jobs: [c, a]}", "");
	sampled(w, 2);
	assert_int_equal(w->result->pipelines[0].workflows[0].jobs[1].end, a_end);
}

static void
many_runs(void **state)
{
	struct world *w = *state;
	world_timings(w, "job,step,seconds,status\na,,10,success\na,,20,success\na,,30,success\n"
			 "a,,40,failed\n");
	play(w, "{jobs: [a, {b: {requires: [a]}}]}", "");
	world_push(w, 0, "main");
	struct sim_summary *s = sim_repeat(w->a, w->arrivals, 1, &w->options, 400);
	assert_non_null(s);
	assert_int_equal(s->runs, 400);
	assert_int_equal(s->nodds, 3);
	assert_int_equal(s->odds[1].played, 400);
	/* It failed once in four. */
	assert_in_range(s->odds[1].succeeded, 260, 340);
	assert_int_equal(s->odds[0].succeeded, s->odds[1].succeeded);
	assert_int_equal(s->odds[2].played, s->odds[1].succeeded);
	assert_true(s->odds[1].time.p5 < s->odds[1].time.p50);
	assert_true(s->odds[1].time.p50 < s->odds[1].time.p95);
	assert_int_equal(s->odds[2].time.p5, 10 * SECOND_MS);
	struct sim_summary *again = sim_repeat(w->a, w->arrivals, 1, &w->options, 400);
	assert_memory_equal(&s->makespan, &again->makespan, sizeof s->makespan);
	assert_null(sim_repeat(w->a, w->arrivals, 1, &w->options, UINT32_MAX));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statuses),
		cmocka_unit_test(played),
#define WORLD_TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
		WORLD_TEST(serial_order),
		WORLD_TEST(serial_overtaken),
		WORLD_TEST(serial_wait_ends),
		WORLD_TEST(auto_cancel),
		WORLD_TEST(first_come),
		WORLD_TEST(plan_limits),
		WORLD_TEST(plans),
		WORLD_TEST(draws),
		WORLD_TEST(many_runs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
