/* SPDX-License-Identifier: MIT */
/* A simulation shown as text, SVG, a page and trace events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../src/report/timeline.h"

#include <jansson.h>

/* STR for initializers, which have to be constant. */
#define TEXT(literal)                          \
	{                                      \
		(literal), sizeof(literal) - 1 \
	}

static const struct sim_job job = {.parallelism = 1};
static const struct sim_step step = {.name = TEXT("make <test> & \"co\"")};

static struct sim_node nodes[] = {
	{.name = TEXT("build"), .kind = SIM_JOB, .job = &job},
	{.name = TEXT("test"), .kind = SIM_JOB, .job = &job},
	{.name = TEXT("hold"), .kind = SIM_APPROVAL},
	{.name = TEXT("a <name> that is & longer than anybody would wish a name to be"),
		.kind = SIM_JOB,
		.job = &job},
};
static struct sim_workflow flow = {.name = TEXT("main"), .nodes = nodes, .nnodes = 4};

static struct sim_step_run steps[] = {
	{.step = &step, .start = 5000, .end = 65000, .attempts = 2, .how = SIM_STEP_SUCCESS}};
static struct sim_task_run build_tasks[] = {
	{.slot = 0, .start = 5000, .end = 65000, .steps = steps, .nsteps = 1}};
static struct sim_task_run test_tasks[] = {{.slot = 65000, .start = 70000, .end = 170000},
	{.slot = 90000, .start = 95000, .end = 110000, .status = JOB_FAILED}};

static struct sim_job_run jobs[] = {
	{.node = &nodes[0],
		.attempt = 1,
		.start = 0,
		.end = 65000,
		.tasks = build_tasks,
		.ntasks = 1,
		.critical = true,
		.by = SIM_NOBODY},
	{.node = &nodes[1],
		.attempt = 2,
		.status = JOB_FAILED,
		.ready = 65000,
		.start = 65000,
		.end = 170000,
		.wait = SIM_WAIT_REQUIRES,
		.by = 0,
		.tasks = test_tasks,
		.ntasks = 2},
	{.node = &nodes[2],
		.attempt = 1,
		.ready = 65000,
		.start = 65000,
		.end = SIM_NEVER,
		.by = 0},
	{.node = &nodes[3],
		.attempt = 1,
		.status = JOB_NOT_RUN,
		.ready = 65000,
		.start = 65000,
		.end = 65000,
		.why = TEXT("test failed"),
		.by = 1},
};

static struct sim_workflow_run run = {.workflow = &flow,
	.status = SIM_WORKFLOW_ON_HOLD,
	.end = SIM_NEVER,
	.jobs = jobs,
	.njobs = 4};
static struct sim_arrival arrival = {.branch = TEXT("main")};
static struct sim_pipeline_run pipeline = {
	.arrival = &arrival, .number = 1, .workflows = &run, .nworkflows = 1};
static struct sim_finding finding = {.text = TEXT("nobody saves the cache <x>")};
static struct sim_result result = {.pipelines = &pipeline,
	.npipelines = 1,
	.makespan = 200000,
	.findings = &finding,
	.nfindings = 1};

static struct str
show(struct arena *a, const char *how, unsigned width, bool ascii)
{
	struct sb b = {.a = a};
	struct sources s;
	sources_init(&s, a);
	struct report_timeline t = {.sources = &s,
		.result = &result,
		.title = STR("a & b.yml"),
		.style = {.width = width},
		.ascii = ascii};
	report_timeline(&b, how, &t);
	return sb_str(&b);
}

static void
test_gantt(void **state)
{
	(void)state;
	static const char expected[] =
		"main                            0s       1m        2m       3m\n"
		"  build                         ###########                        1m05s\n"
		"  test, attempt 2                         :=================       1m45s  failed\n"
		"  hold                                    ~~~~~~~~~~~~~~~~~~~~~~   never\n"
		"  a <name> that is & longer t~  not_run: test failed\n"
		"  on hold\n"
		"\n. queued  : spin-up  = running  # critical path  ~ on hold\n";
	struct arena *a = arena_new();
	struct str got = show(a, "gantt", 0, true);
	if (!str_is(got, expected))
		fail_msg("got:\n%.*s\nexpected:\n%s", STR_ARG(got), expected);
	assert_true(str_has(show(a, "gantt", 0, false), STR("build                         ██")));
	arena_free(a);
}

/* A page in which everything is balanced, escaped, and asks for nothing. */
static void
test_html(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct str page = show(a, "html", 0, false);
	assert_true(str_has(page, STR("<h1>Simulation of a &amp; b.yml</h1>")));
	assert_true(str_has(page, STR("nobody saves the cache &lt;x&gt;")));
	assert_true(str_has(page, STR("Some durations are assumed")) == result.assumed);
	assert_false(str_has(page, STR("<name>")));
	assert_false(str_has(page, STR("<script")));
	assert_false(str_has(page, STR("src=")));
	assert_false(str_has(page, STR("href=")));
	assert_false(str_has(page, STR("url(")));
	assert_false(str_has(page, STR("@import")));
	arena_free(a);
}

static void
test_svg(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct str svg = show(a, "svg", 0, false);
	assert_true(str_starts(svg, STR("<svg xmlns=\"http://www.w3.org/2000/svg\"")));
	assert_true(str_has(svg, STR("<title>build: running 1m, from 5s</title>")));
	assert_true(
		str_has(svg, STR("<title>test, attempt 2 2/2: queued 25s, from 1m05s</title>")));
	assert_true(str_has(svg, STR("class=\"run failed\"")));
	assert_true(str_has(svg, STR("class=\"run critical\"")));
	assert_true(str_has(svg, STR("class=\"hold\"")));
	assert_false(str_has(svg, STR("nan")));
	arena_free(a);
}

static void
test_trace(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct str text = show(a, "trace", 0, false);
	json_error_t error;
	json_t *root = json_loadb(text.s, text.len, 0, &error), *e;
	if (!root)
		fail_msg("%s at %d", error.text, error.position);
	size_t i, slices = 0, names = 0, found = 0;
	json_array_foreach(json_object_get(root, "traceEvents"), i, e)
	{
		const char *phase = json_string_value(json_object_get(e, "ph"));
		slices += *phase == 'X';
		names += *phase == 'M';
		if (strcmp(json_string_value(json_object_get(e, "name")), "make <test> & \"co\"") ==
			0) {
			found++;
			assert_int_equal(json_integer_value(json_object_get(e, "ts")), 5000000);
			assert_int_equal(json_integer_value(json_object_get(e, "dur")), 60000000);
		}
	}
	assert_int_equal(slices, 2 + 1 + 2 + 3 + 1);
	assert_int_equal(names, 1 + 4);
	assert_int_equal(found, 1);
	json_decref(root);
	arena_free(a);
}

static void
test_steps_of_axes(void **state)
{
	(void)state;
	assert_int_equal(timeline_step(0, 5), 10);
	assert_int_equal(timeline_step(200000, 4), 60000);
	assert_int_equal(timeline_step(200000, 3), 60000);
	for (int64_t span = 1; span < INT64_MAX / 4; span *= 3)
		assert_true(span / timeline_step(span, 6) <= 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gantt),
		cmocka_unit_test(test_html),
		cmocka_unit_test(test_svg),
		cmocka_unit_test(test_trace),
		cmocka_unit_test(test_steps_of_axes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
