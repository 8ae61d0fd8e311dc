/* SPDX-License-Identifier: MIT */
/* What happens inside of tasks: which steps run and for how long, caches, workspaces. */
#include "sim_world.h"

#define ASSUMED                                                                                    \
	"spin-up: {docker: 0}\ndefaults: {run: 10s, checkout: 2s, restore_cache: 3s, save_cache: " \
	"4s}\n"

static void
play(struct world *w, const char *steps, const char *scenario)
{
	struct sb b = {.a = w->a};
	sb_printf(&b,
		"version: 2.1\njobs:\n  a:\n    docker: [{image: cimg/base:current}]\n"
		"    steps: %s\nworkflows: {w: {jobs: [a]}}\n",
		steps);
	sb_char(&b, '\0');
	world_model(w, b.s);
	b = (struct sb){.a = w->a};
	sb_printf(&b, "%s%s\n", ASSUMED, scenario);
	sb_char(&b, '\0');
	world_scenario(w, b.s);
}

/* ---- which steps run --------------------------------------------------------------------- */

struct play {
	const char *name, *steps, *scenario, *expected;
};

#define RUN(name, rest) "{run: {name: " name ", command: x" rest "}}"

static const struct play plays[] = {
	{"one after another", "[checkout, " RUN("go", "") ", {run: 'make  all'}]", "",
		"checkout 0..2; go 2..12; make  all 12..22"},
	{"after a failure",
		"[" RUN("go", "") ", " RUN("next", "") ", " RUN("tell", ", when: on_fail") ", " RUN(
			"tidy", ", when: always") ", {store_artifacts: {path: x}}, "
						  "{store_test_results: {path: x, when: "
						  "on_success}}]",
		"jobs: {a: {steps: {go: {fail: 1}}}}",
		"go 0..10 failed; next 10..10 skipped; tell 10..20; tidy 20..30; store_artifacts "
		"30..35 ~; store_test_results 35..35 skipped"},
	{"after a success",
		"[" RUN("go", "") ", " RUN("tell", ", when: on_fail") ", " RUN(
			"tidy", ", when: always") "]",
		"", "go 0..10; tell 10..10 skipped; tidy 10..20"},
	{"the job fails in its last run", "[" RUN("go", "") ", " RUN("test", "") ", checkout]",
		"outcomes: [{a attempt 1: fail}]",
		"go 0..10; test 10..20 failed; checkout 20..20 skipped"},
	{"steps are tried again",
		"[" RUN("go", ", max_auto_reruns: 2, auto_rerun_delay: 30s") ", checkout]",
		"jobs: {a: {steps: {go: {fail: [1]}}}}", "go 0..50 x2; checkout 50..52"},
	{"as often as they may", "[" RUN("go", ", max_auto_reruns: 2") ", checkout]",
		"jobs: {a: {steps: {go: {fail: all}}}}",
		"go 0..30 x3 failed; checkout 30..30 skipped"},
	{"a step that hangs", "[" RUN("go", ", no_output_timeout: 5m") ", checkout]",
		"jobs: {a: {steps: {go: {timeout: 1}}}}",
		"go 0..300 timed_out; checkout 300..300 skipped"},
	{"ten minutes are the default", "[" RUN("go", "") "]",
		"jobs: {a: {attempts: {1: timeout}}}", "go 0..600 timed_out"},
	{"a halt", "[" RUN("go", "") ", " RUN("next", "") ", " RUN("tidy", ", when: always") "]",
		"jobs: {a: {steps: {go: {halt: true}}}}",
		"go 0..10; next 10..10 skipped; tidy 10..10 skipped"},
	{"somebody cancels", "[" RUN("go", "") ", " RUN("tidy", ", when: always") "]",
		"jobs: {a: {attempts: {1: cancel}}}", "go 0..10 canceled; tidy 10..10 skipped"},
	{"the time limit of jobs",
		"[" RUN("go", "") ", " RUN("test", "") ", " RUN("tidy", ", when: always") "]",
		"job-limit: 15s", "go 0..10; test 10..15 timed_out; tidy 15..15 skipped"},
	{"a limit that is just enough", "[" RUN("go", "") "]", "job-limit: 10s", "go 0..10"},
	{"in the background",
		"[" RUN("db", ", background: true") ", " RUN("go", "") ", " RUN(
			"short", ", background: true") ", checkout]",
		"jobs: {a: {steps: {short: 1s}}}",
		"db 0..12; go 0..10; short 10..11; checkout 10..12"},
};

static void
played(void **state)
{
	unsigned wrong = 0;
	for (size_t i = 0; i < sizeof plays / sizeof *plays; i++) {
		world_setup(state);
		struct world *w = *state;
		play(w, plays[i].steps, plays[i].scenario);
		world_play(w);
		const char *steps = world_steps(w, 0, 0, 0);
		if (strcmp(steps, plays[i].expected) != 0) {
			print_message("%s: expected\n%s\nbut it is\n%s\n", plays[i].name,
				plays[i].expected, steps);
			wrong++;
		}
		world_teardown(state);
	}
	assert_int_equal(wrong, 0);
}

/* ---- how long they take ------------------------------------------------------------------ */

static const char *
steps_of(struct world *w, const char *timings, const char *scenario)
{
	w->timings = (struct timings){0};
	w->narrivals = 0;
	if (timings)
		world_timings(w, timings);
	play(w, "[checkout, " RUN("go", "") ", " RUN("test", "") "]", scenario);
	world_play(w);
	return world_steps(w, 0, 0, 0);
}

static void
durations(void **state)
{
	struct world *w = *state;
	/* Assumed by type; said by type. */
	world_scenario(w, "{}");
	assert_string_equal(steps_of(w, NULL, ""), "checkout 0..2; go 2..12; test 12..22");
	assert_false(w->result->assumed);
	/* The step's own timing, and the middle of several. */
	assert_string_equal(steps_of(w, "job,step,seconds\na,go,20\na,go,40\na,go,90\n", ""),
		"checkout 0..2; go 2..42; test 42..52");
	/* The scenario wins over them. */
	assert_string_equal(
		steps_of(w, "job,step,seconds\na,go,40\n", "jobs: {a: {steps: {go: 5s}}}"),
		"checkout 0..2; go 2..7; test 7..17");
	/* The API calls a step without name otherwise. */
	assert_string_equal(steps_of(w, "job,step,seconds\na,Checkout code,4\n", ""),
		"checkout 0..4; go 4..14; test 14..24");
	/* The job's time is shared out by what the steps would take: 2, 10 and 10 of 22. */
	assert_string_equal(steps_of(w, "job,step,seconds\na,,44\n", ""),
		"checkout 0..4; go 4..24; test 24..44");
	/* What is known of a step is no share. */
	assert_string_equal(steps_of(w, "job,step,seconds\na,,62\na,test,50\n", ""),
		"checkout 0..2; go 2..12; test 12..62");
	/* More is known of the steps than of the job: the others get nothing. */
	assert_string_equal(steps_of(w, "job,step,seconds\na,,40\na,test,50\n", ""),
		"checkout 0..0; go 0..0; test 0..50");
	/* The scenario's time of the job wins over timings of steps, which are weights then. */
	assert_string_equal(steps_of(w, "job,step,seconds\na,go,20\n", "jobs: {a: 64s}"),
		"checkout 0..4; go 4..44; test 44..64");
	assert_string_equal(steps_of(w, NULL, "jobs: {a: {duration: 64s, steps: {go: 40s}}}"),
		"checkout 0..4; go 4..44; test 44..64");
	/* A task of its own. */
	assert_string_equal(steps_of(w, NULL, "jobs: {a: {tasks: {0: 44s}}}"),
		"checkout 0..4; go 4..24; test 24..44");
}

/* The built-in defaults are marked, and so is the result. */
static void
assumptions(void **state)
{
	struct world *w = *state;
	play(w, "[checkout, " RUN("go", "") "]", "");
	w->options.scenario = NULL;
	world_play(w);
	assert_string_equal(world_steps(w, 0, 0, 0), "checkout 0..5 ~; go 5..65 ~");
	assert_true(w->result->assumed);
	/* Docker takes five seconds to start. */
	assert_int_equal(w->result->makespan, 70 * SECOND_MS);
}

/* Three tasks share ten tests, the heaviest first. */
static void
split_tests_between_tasks(void **state)
{
	struct world *w = *state;
	struct sb b = {.a = w->a};
	sb_puts(&b, "<testsuite>");
	for (int i = 1; i <= 6; i++)
		sb_printf(&b, "<testcase file=\"t%d\" name=\"n\" time=\"%d\"/>", i, i * 10);
	sb_puts(&b, "</testsuite>");
	w->timings.job = STR("a");
	uint32_t file = source_add(&w->sources, STR("junit.xml"), sb_str(&b));
	assert_true(timings_read(w->a, &w->timings, &w->sources, file, &w->diags));
	world_model(w, "version: 2.1\njobs:\n  a:\n    docker: [{image: cimg/base:current}]\n"
		       "    parallelism: 3\n    steps:\n    - checkout\n"
		       "    - run: {name: go, command: circleci tests run --command=x "
		       "--split-by=timings}\nworkflows: {w: {jobs: [a]}}\n");
	world_scenario(w, ASSUMED);
	world_play(w);
	for (uint32_t i = 0; i < 3; i++)
		assert_string_equal(world_steps(w, 0, 0, i), "checkout 0..2; go 2..72");
}

/* ---- caches ------------------------------------------------------------------------------ */

#define RESTORE(keys) "{restore_cache: {keys: [" keys "]}}"
#define SAVE(key) "{save_cache: {key: " key ", paths: [x]}}"

/* The documentation's example: of all caches that begin with the key, the newest. */
static void
cache_prefix(void **state)
{
	struct world *w = *state;
	play(w,
		"[" SAVE("v1-myapp-cache") ", " SAVE("v1-myapp-cache-new") ", " RESTORE(
			"v1-myapp-cache") "]",
		"");
	world_play(w);
	assert_string_equal(world_steps(w, 0, 0, 0),
		"save_cache 0..4 saved v1-myapp-cache; save_cache 4..8 saved v1-myapp-cache-new; "
		"restore_cache 8..11 hit v1-myapp-cache-new");
}

/* The first one to save a key wins; what a pipeline saved the next one finds. */
static void
cache_first_writer(void **state)
{
	struct world *w = *state;
	play(w,
		"[" RESTORE("'k-{{ checksum \"f\" }}', k-") ", " RUN("go", "") ", " SAVE(
			"'k-{{ checksum \"f\" }}'") "]",
		"jobs: {a: {steps: {go: {duration: 10s, on-hit: 1s}}}}");
	world_push(w, 0, "main");
	world_push(w, 5, "main");
	world_push(w, 60, "main");
	world_play(w);
	assert_string_equal(world_steps(w, 0, 0, 0),
		"restore_cache 0..3 miss; go 3..13; save_cache 13..17 saved k-{checksum f}");
	assert_string_equal(world_steps(w, 1, 0, 0),
		"restore_cache 0..3 miss; go 3..13; save_cache 13..17 kept k-{checksum f}");
	assert_string_equal(world_steps(w, 2, 0, 0),
		"restore_cache 0..3 hit k-{checksum f}; go 3..4; save_cache 4..8 kept k-{checksum "
		"f}");
	assert_int_equal(w->result->ncaches, 1);
	assert_int_equal(w->result->caches[0].at, 17 * SECOND_MS);
}

/* A file that every pipeline changes: only the shorter key finds something. */
static void
cache_changed(void **state)
{
	struct world *w = *state;
	play(w,
		"[" RESTORE("'k-{{ checksum \"f\" }}'") ", " RESTORE("k-") ", " SAVE(
			"'k-{{ checksum \"f\" }}'") "]",
		"changed: [f]");
	world_push(w, 0, "main");
	world_push(w, 60, "main");
	world_play(w);
	assert_string_equal(world_steps(w, 1, 0, 0),
		"restore_cache 0..3 miss; restore_cache 3..6 hit k-{checksum f of 1}; save_cache "
		"6..10 saved k-{checksum f of 2}");
	assert_int_equal(w->result->nfindings, 1);
	assert_non_null(strstr(w->result->findings[0].text.s, "finds no cache in any of 2"));
}

static void
cache_templates(void **state)
{
	static const struct {
		const char *key, *expected;
	} keys[] = {
		{"'{{ .Branch }}-{{.Revision}}'", "main-{revision 1}"},
		{"'{{ arch }}-{{ .Environment.X }}'", "{arch docker}-{.Environment.X}"},
		{"'$X-{{ epoch }}'", "$X-{epoch 4 of 1.0.0.0.0}"},
		{"'{{ .BuildNum }}'", "{build 1.0.0.1}"},
		{"'{{ .Environment.CIRCLE_BRANCH }}{{'", "main{{"},
		{"'{{ checksum `a` }}'", "{checksum a}"},
	};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		world_setup(state);
		struct world *w = *state;
		struct str steps =
			str_printf(w->a, "[{save_cache: {key: %s, paths: [x]}}]", keys[i].key);
		play(w, steps.s, "");
		world_play(w);
		struct str key = w->result->caches[0].key;
		assert_string_equal(str_copy(w->a, key).s, keys[i].expected);
		world_teardown(state);
	}
}

static const char *
restored(struct world *w, const char *caches)
{
	w->narrivals = 0;
	play(w,
		"[" RESTORE("'v1-{{ checksum \"f\" }}'") ", " RESTORE("v2-") ", " SAVE(
			"'v1-{{ checksum \"f\" }}'") "]",
		caches);
	world_play(w);
	return world_steps(w, 0, 0, 0);
}

static void
cache_modes(void **state)
{
	struct world *w = *state;
	assert_string_equal(restored(w, "caches: cold"),
		"restore_cache 0..3 miss; restore_cache 3..6 miss; save_cache 6..10 saved "
		"v1-{checksum f}");
	assert_string_equal(restored(w, "caches: warm"),
		"restore_cache 0..3 hit v1-{checksum f}; restore_cache 3..6 miss; save_cache "
		"6..10 kept v1-{checksum f}");
	assert_int_equal(w->result->caches[0].pipeline, 0);
	assert_string_equal(restored(w, "caches: hit"),
		"restore_cache 0..3 hit; restore_cache 3..6 hit; save_cache 6..10 saved "
		"v1-{checksum f}");
	assert_string_equal(restored(w, "caches: {v2: hit}"),
		"restore_cache 0..3 miss; restore_cache 3..6 hit; save_cache 6..10 saved "
		"v1-{checksum f}");
}

/* They last 15 days; then a key can be saved again. */
static void
cache_expires(void **state)
{
	struct world *w = *state;
	play(w, "[" RESTORE("k") ", " SAVE("k") "]", "");
	world_push(w, 0, "main");
	world_push(w, 14 * 86400, "main");
	world_push(w, 16 * 86400, "main");
	world_play(w);
	assert_string_equal(
		world_steps(w, 1, 0, 0), "restore_cache 0..3 hit k; save_cache 3..7 kept k");
	assert_string_equal(
		world_steps(w, 2, 0, 0), "restore_cache 0..3 miss; save_cache 3..7 saved k");
	assert_int_equal(w->result->ncaches, 2);
}

/* ---- workspaces -------------------------------------------------------------------------- */

#define JOB(name, steps) "  " name ":\n    docker: [{image: x}]\n    steps: [" steps "]\n"
#define PERSIST(root, path) "{persist_to_workspace: {root: " root ", paths: [" path "]}}"

static const char *
findings(struct world *w, const char *workflow)
{
	struct sb b = {.a = w->a};
	sb_printf(&b,
		"version: 2.1\njobs:\n" JOB("a", PERSIST("out", "./dist/"))
			JOB("b", PERSIST(".", "out/dist/app")) JOB("g", PERSIST(".", "'out/*'"))
				JOB("c", "{attach_workspace: {at: .}}")
					JOB("d", "checkout") "workflows: {w: {jobs: %s}}\n",
		workflow);
	sb_char(&b, '\0');
	world_model(w, b.s);
	w->narrivals = 0;
	world_play(w);
	b = (struct sb){.a = w->a};
	for (uint32_t i = 0; i < w->result->nfindings; i++)
		sb_printf(&b, "%.*s\n", STR_ARG(w->result->findings[i].text));
	sb_char(&b, '\0');
	return b.s;
}

static void
workspaces(void **state)
{
	struct world *w = *state;
	assert_string_equal(findings(w, "[a, {d: {requires: [a]}}, {c: {requires: [d]}}]"), "");
	assert_string_equal(findings(w, "[a, c]"),
		"job \"c\" attaches a workspace that is empty: no job before it persists "
		"anything\n");
	assert_string_equal(findings(w, "[a, b, {c: {requires: [a, b]}}]"),
		"jobs \"a\" and \"b\" persist \"out/dist/app\" at the same time; \"c\" attaches "
		"both, and fails if they hold the same file\n");
	/* One after the other: the later layer lies on top. */
	assert_string_equal(findings(w, "[a, {b: {requires: [a]}}, {c: {requires: [b]}}]"), "");
	/* Nobody attaches both. */
	assert_string_equal(findings(w, "[a, b, {c: {requires: [a]}}]"), "");
	/* What a pattern fits nobody knows. */
	assert_string_equal(findings(w, "[a, g, {c: {requires: [a, g]}}]"), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(played),
		cmocka_unit_test(cache_templates),
#define WORLD_TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
		WORLD_TEST(durations),
		WORLD_TEST(assumptions),
		WORLD_TEST(split_tests_between_tasks),
		WORLD_TEST(cache_prefix),
		WORLD_TEST(cache_first_writer),
		WORLD_TEST(cache_changed),
		WORLD_TEST(cache_modes),
		WORLD_TEST(cache_expires),
		WORLD_TEST(workspaces),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
