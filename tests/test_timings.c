/* SPDX-License-Identifier: MIT */
/* sim: how long jobs, steps and tests took, read from every kind of file. */
#include "ccx/timings.h"

#include "ccx/limits.h"

#include "../src/timings/internal.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Files read one after another, and what came of it. */
struct world {
	struct arena *a;
	struct sources sources;
	struct diag_list diags;
	struct timings timings;
	struct test_times times;
};

static struct world *
new_world(void)
{
	struct arena *a = arena_new();
	struct world *w = NEW(a, struct world);
	w->a = a;
	sources_init(&w->sources, a);
	diag_init(&w->diags, a);
	return w;
}

static void
drop(struct world *w)
{
	arena_free(w->a);
}

static bool
read_text(struct world *w, struct str text)
{
	uint32_t file = source_add(&w->sources, STR("t"), text);
	return timings_read(w->a, &w->timings, &w->sources, file, &w->diags);
}

/* "build: 0=61000 1000000=70000 runs 2 failed 1; build/npm ci: 500000=20500" */
static const char *
shown(const struct world *w)
{
	struct sb b = {.a = w->a};
	for (uint32_t i = 0; i < w->timings.all.n; i++) {
		const struct timing *t = &w->timings.all.v[i];
		sb_printf(&b, "%s%.*s%s%.*s:", i ? "; " : "", STR_ARG(t->job),
			t->step.len ? "/" : "", STR_ARG(t->step));
		for (uint32_t k = 0; k < t->npoints; k++)
			sb_printf(&b, " %u=%" PRId64, (unsigned)t->points[k].ppm, t->points[k].ms);
		if (t->runs)
			sb_printf(
				&b, " runs %u failed %u", (unsigned)t->runs, (unsigned)t->failures);
	}
	for (uint32_t i = 0; i < w->timings.tests.n; i++) {
		const struct timing_tests *t = &w->timings.tests.v[i];
		sb_printf(&b, "%s%.*s tests:", b.len ? "; " : "", STR_ARG(t->job));
		for (uint32_t k = 0; k < t->nitems; k++)
			sb_printf(&b, " %.*s=%" PRId64, STR_ARG(t->items[k].name),
				t->items[k].weight);
	}
	return str_copy(w->a, sb_str(&b)).s;
}

/* "2:8 \"x\" is no duration in seconds [timings-format]", one a line. */
static const char *
faults(struct world *w)
{
	struct sb b = {.a = w->a};
	for (uint32_t i = 0; i < w->diags.all.n; i++) {
		const struct diag *g = &w->diags.all.v[i];
		struct place p = source_place(&w->sources, g->span.file, g->span.off);
		sb_printf(&b, "%s%u:%u %.*s", i ? "\n" : "", (unsigned)p.line, (unsigned)p.column,
			STR_ARG(g->message));
		if (g->rule != RULE_TIMINGS_FORMAT)
			sb_printf(&b, " [%s]", rule_info(g->rule)->id);
	}
	return str_copy(w->a, sb_str(&b)).s;
}

/* ---- numbers ----------------------------------------------------------------------------- */

static const struct {
	const char *text;
	int64_t unit, ms; /* ms -1: refused */
} numbers[] = {
	{"0", 1000, 0},
	{"1", 1000, 1000},
	{"1.5", 1000, 1500},
	{".5", 1000, 500},
	{"5.", 1000, 5000},
	{"+2", 1000, 2000},
	{"0.0005", 1000, 1},
	{"0.0004", 1000, 0},
	{"0.00049999999999999999999", 1000, 0},
	/* as binary fractions these would come out one less */
	{"4.35", 1000, 4350},
	{"1.005", 1000, 1005},
	{"8.2985", 1000, 8299},
	{"1.1050", 1000, 1105},
	{"1e3", 1000, 1000000},
	{"1.5E-3", 1000, 2},
	{"2e+1", 1, 20},
	{"1234.5", 1, 1235},
	{"0.00000000000000000000000000000000001", 1000, 0},
	{"000000000000000000000000000000000001.25", 1000, 1250},
	{"31622400", 1000, TIMINGS_MOST_MS},
	{"31622400.001", 1000, -1},
	{"99999999999999999999999999", 1000, -1},
	{"1e99", 1000, -1},
	{"1e999999999999999999", 1000, -1},
	{"1e-999999999999999999", 1000, 0},
	{"0e999999", 1000, 0},
	{"-1", 1000, -1},
	{"-0", 1000, -1},
	{"", 1000, -1},
	{".", 1000, -1},
	{"+", 1000, -1},
	{"e5", 1000, -1},
	{"1e", 1000, -1},
	{"1e+", 1000, -1},
	{"1.2.3", 1000, -1},
	{"1s", 1000, -1},
	{"NaN", 1000, -1},
	{"inf", 1000, -1},
	{"0x10", 1000, -1},
	{"1,234.5", 1000, -1},
	{" 1", 1000, -1},
};

static void
decimals(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		int64_t ms = -1;
		if (!timings_decimal(str_of(numbers[i].text), numbers[i].unit, false, &ms))
			ms = -1;
		if (ms != numbers[i].ms)
			fail_msg("%s: %" PRId64, numbers[i].text, ms);
	}
}

static void
grouped_decimals(void **state)
{
	(void)state;
	int64_t ms;
	assert_true(timings_decimal(STR("1,234.5"), 1000, true, &ms));
	assert_int_equal(ms, 1234500);
	assert_true(timings_decimal(STR("12,345,678"), 1, true, &ms));
	assert_int_equal(ms, 12345678);
	assert_false(timings_decimal(STR("1,23"), 1000, true, &ms));
	assert_false(timings_decimal(STR("1,2345"), 1000, true, &ms));
	assert_false(timings_decimal(STR(",234"), 1000, true, &ms));
}

static const struct {
	const char *text;
	int64_t ms; /* -1: refused */
} instants[] = {
	{"1970-01-01T00:00:00Z", 0},
	{"1970-01-01T00:00:01.5Z", 1500},
	{"2000-02-29T00:00:00Z", INT64_C(951782400000)},
	{"2000-03-01T00:00:00Z", INT64_C(951868800000)},
	{"2026-11-21T13:00:00.123456Z", INT64_C(1795266000123)},
	{"2026-11-21T14:30:00+01:30", INT64_C(1795266000000)},
	{"2026-11-21T11:00:00-0200", INT64_C(1795266000000)},
	{"2026-11-21 13:00:00Z", INT64_C(1795266000000)},
	{"2026-11-21T13:00:00", -1},
	{"2026-11-21", -1},
	{"2026-13-21T13:00:00Z", -1},
	{"2026-11-21T24:00:00Z", -1},
	{"2026-11-21T13:00:00Zz", -1},
	{"2026-11-21T13:00:00+1", -1},
	{"", -1},
	{"now", -1},
};

static void
points_in_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof instants / sizeof *instants; i++) {
		int64_t ms = -1;
		if (!timings_instant(str_of(instants[i].text), &ms))
			ms = -1;
		if (ms != instants[i].ms)
			fail_msg("%s: %" PRId64, instants[i].text, ms);
	}
}

/* ---- kinds of files ---------------------------------------------------------------------- */

#define INSIGHTS(metrics)                                                                          \
	"{\"next_page_token\": null, \"items\": [{\"name\": \"build\", \"metrics\": " metrics "}]" \
	"}"

static const struct {
	const char *job; /* of --timings JOB=FILE */
	const char *text, *timings;
} kinds[] = {
	/* our CSV */
	{"", "job,step,seconds\nbuild,,61\nbuild,npm ci,20.5\nbuild,,70\n",
		"build: 0=61000 1000000=70000; build/npm ci: 500000=20500"},
	{"", "\xef\xbb\xbfJob , Seconds,attempt\r\n\"a \"\"b\"\"\",1.5,2\r\n\r\n c ,2,1",
		"a \"b\": 500000=1500; c: 500000=2000"},
	{"", "job,seconds,status\na,1,success\na,9,failed\na,5,canceled\na,,not_run\na,2,success\n",
		"a: 0=1000 1000000=2000 runs 3 failed 1"},
	{"", "job,seconds,status\na,9,failed\n", "a: 500000=9000 runs 1 failed 1"},
	{"build", "seconds\n5\n6\n", "build: 0=5000 1000000=6000"},
	{"", "job,seconds\n\"a\nb\",1\n", "a\nb: 500000=1000"},
	/* the usage export */
	{"",
		"ORGANIZATION_ID,JOB_NAME,JOB_RUN_SECONDS,JOB_BUILD_STATUS,RESOURCE_CLASS\n"
		"1,build,61,success,medium\n1,build,\\N,not_run,\\N\n1,build,30,failed,medium\n",
		"build: 500000=61000 runs 2 failed 1"},
	/* our JSON and YAML */
	{"",
		"{\"jobs\": {\"build\": {\"seconds\": [61, 70], \"failures\": 1, "
		"\"steps\": {\"npm ci\": [20.5]}}}}",
		"build: 0=61000 1000000=70000 runs 3 failed 1; build/npm ci: 500000=20500"},
	{"", "jobs:\n  a: 12\n  b: [1, 2e1]\n  c: {seconds: 0.5, runs: 20, failures: 2}\n",
		"a: 500000=12000; b: 0=1000 1000000=20000; c: 500000=500 runs 20 failed 2"},
	{"", "jobs: {a: {steps: {x: {seconds: 3, failures: 1}, y: 2}}}",
		"a/x: 500000=3000 runs 2 failed 1; a/y: 500000=2000"},
	{"", "{\"jobs\": {\"\\ud83d\\ude00\": 1, \"\\\\ud83d\": 2, \"\\ud83d x\": 3}}",
		"\xf0\x9f\x98\x80: 500000=1000; \\ud83d: 500000=2000; \xef\xbf\xbd x: 500000=3000"},
	/* Insights */
	{"",
		INSIGHTS("{\"success_rate\": 0.95, \"total_runs\": 21, \"failed_runs\": 1, "
			 "\"successful_runs\": 19, \"throughput\": 0.5, \"duration_metrics\": "
			 "{\"min\": 51, \"mean\": 62, \"median\": 60, \"p95\": 95, \"max\": 120, "
			 "\"standard_deviation\": 9.5}}"),
		"build: 0=51000 500000=60000 950000=95000 1000000=120000 runs 20 failed 1"},
	{"", INSIGHTS("{\"total_runs\": 4, \"duration_metrics\": {\"median\": 60, \"max\": 80}}"),
		"build: 0=60000 500000=60000 950000=80000 1000000=80000 runs 4 failed 0"},
	/* the runs of a job, which do not name it */
	{"build",
		"{\"items\": [{\"id\": \"1\", \"duration\": 61, \"status\": \"success\", "
		"\"started_at\": \"2026-11-21T13:00:00.000Z\", \"stopped_at\": "
		"\"2026-11-21T13:01:01.250Z\", \"credits_used\": 12}, "
		"{\"id\": \"2\", \"duration\": 70, \"status\": \"success\"}, "
		"{\"id\": \"3\", \"duration\": 7, \"status\": \"canceled\"}]}",
		"build: 0=61250 1000000=70000 runs 2 failed 0"},
	/* a job, in milliseconds */
	{"",
		"{\"web_url\": \"x\", \"name\": \"build\", \"number\": 7, \"duration\": 61250, "
		"\"status\": \"failed\", \"started_at\": null}",
		"build: 500000=61250 runs 1 failed 1"},
	/* the jobs of a workflow */
	{"",
		"{\"items\": [{\"name\": \"a\", \"type\": \"build\", \"status\": \"success\", "
		"\"started_at\": \"2026-11-21T13:00:00Z\", \"stopped_at\": "
		"\"2026-11-21T14:00:30Z\"}, {\"name\": \"hold\", \"type\": \"approval\", "
		"\"status\": \"success\", \"started_at\": \"2026-11-21T13:00:00Z\", "
		"\"stopped_at\": \"2026-11-21T14:00:30Z\"}, {\"name\": \"b\", \"status\": "
		"\"blocked\"}, {\"name\": \"c\", \"status\": \"running\", \"started_at\": "
		"\"2026-11-21T13:00:00Z\", \"stopped_at\": null}]}",
		"a: 500000=3630000 runs 1 failed 0"},
	/* a build of v1.1, of two tasks */
	{"",
		"{\"build_time_millis\": 61500, \"status\": \"success\", \"workflows\": "
		"{\"job_name\": \"build\"}, \"steps\": [{\"name\": \"npm ci\", \"actions\": "
		"[{\"index\": 0, \"name\": \"npm ci\", \"run_time_millis\": 20500, \"status\": "
		"\"success\"}, {\"index\": 1, \"name\": \"npm ci\", \"run_time_millis\": 21500, "
		"\"status\": \"success\"}]}, {\"name\": \"tests\", \"actions\": [{\"index\": 0, "
		"\"run_time_millis\": 9, \"status\": \"timedout\"}, {\"index\": 1, "
		"\"run_time_millis\": null, \"status\": \"running\"}]}]}",
		"build: 500000=61500 runs 1 failed 0; build/npm ci: 0=20500 1000000=21500 runs 2 "
		"failed 0; build/tests: 500000=9 runs 1 failed 1"},
	{"b", "[{\"duration\": 1000}, [{\"items\": [{\"duration\": 3}]}]]",
		"b: 0=1000 1000000=3000"},
	/* tests */
	{"test",
		"<testsuites><testsuite file='a'><testcase time='1'/><testcase time='2' "
		"file='b'/></testsuite><testcase classname='C' name='n' time='0.25'/><testcase "
		"name='n' time='4'/><testcase name='x'/><testsuite file='./a'><testcase "
		"time='1e1'/></testsuite></testsuites>",
		"test tests: a=11000 b=2000 C=250 n=4000"},
	{"test",
		"{\"items\": [{\"classname\": \"C\", \"name\": \"n\", \"file\": null, "
		"\"run_time\": 0.5, \"result\": \"success\"}], \"next_page_token\": null}",
		"test tests: C=500"},
	{"test",
		"<?xml version='1.0' encoding='ISO-8859-1'?>\n<testsuite><testcase name='\xe9' "
		"time='1'/></testsuite>",
		"test tests: \xc3\xa9=1000"},
};

static void
every_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct world *w = new_world();
		w->timings.job = str_of(kinds[i].job);
		bool ok = read_text(w, str_of(kinds[i].text));
		if (!ok || w->diags.all.n || strcmp(shown(w), kinds[i].timings) != 0)
			fail_msg("%s\n%s\n%s", kinds[i].text, shown(w), faults(w));
		drop(w);
	}
}

static const struct {
	const char *text, *faults;
} wrong[] = {
	{"", "1:1 nothing here says how long a job took"},
	{"hello", "1:1 nothing here says how long a job took"},
	{"{}", "1:1 nothing here says how long a job took"},
	{"[]", "1:1 nothing here says how long a job took"},
	{"{\"items\": []}", "1:1 nothing here says how long a job took"},
	{"{\"jobs\": {}}", "1:1 nothing here says how long a job took"},
	{"{\"message\": \"Permission denied\"}", "1:1 nothing here says how long a job took"},
	/* CSV */
	{"job,step\na,b\n", "1:1 there is no column \"seconds\""},
	{"seconds\n1\n", "1:1 there is no column \"job\""},
	{"job,seconds,status\na,1,passed\nb,1,success\n", "2:5 \"passed\" is no status of a run"},
	{"job,seconds\n", "1:1 nothing here says how long a job took"},
	{"job,seconds\na,fast\nb,-1\nc\n,4\n\"d,5\n",
		"2:3 \"fast\" is no duration in seconds\n3:3 \"-1\" is no duration in seconds\n"
		"4:2 \"\" is no duration in seconds\n5:1 a line without the name of a job\n"
		"6:1 a field in quotes that does not end"},
	/* ours */
	{"jobs: {a: fast}", "1:11 this is no duration in seconds"},
	{"jobs: {a: [1, .nan, -.inf, 0x10, '5', null]}",
		"1:15 this is no duration in seconds\n1:21 this is no duration in seconds\n"
		"1:28 this is no duration in seconds\n1:34 this is no duration in seconds\n"
		"1:39 this is no duration in seconds"},
	{"jobs: {a: {second: 1}}", "1:12 unknown key \"second\"\n1:11 it does not say how long it "
				   "took"},
	{"jobs: {a: {seconds: []}}", "1:11 it does not say how long it took"},
	{"jobs: {a: {seconds: 1, failures: some}}", "1:34 this is no number of runs"},
	{"jobs: {a: {seconds: 1, runs: 1, failures: 2}}", "1:30 fewer runs than failures"},
	{"jobs: {a: {steps: [b]}}", "1:19 steps is a map from names to seconds"},
	{"jobs: {a: {steps: {b: {steps: {}}}}}",
		"1:24 unknown key \"steps\"\n1:23 it does not say how long it took"},
	{"jobs: {a: 1}\nversion: 1", "2:1 unknown key \"version\""},
	/* the API */
	{INSIGHTS("{}"), "1:66 metrics without duration_metrics"},
	{INSIGHTS("{\"duration_metrics\": {\"min\": 1}}"),
		"1:87 it does not say how long it took: there is no median"},
	{INSIGHTS("{\"duration_metrics\": {\"min\": 2, \"median\": 1}}"),
		"1:108 median is less than min"},
	{INSIGHTS("{\"duration_metrics\": {\"median\": 1e99}}"),
		"1:98 this is no duration in seconds"},
	{"{\"items\": [{\"duration\": 1}, {\"duration\": 2}]}",
		"1:12 nothing in t says which job it is of [timings-job]"},
	{"{\"name\": \"a\", \"started_at\": \"today\", \"stopped_at\": \"2026-11-21T13:00:00Z\"}",
		"1:29 this is no date with a time"},
	{"{\"name\": \"a\", \"started_at\": \"2026-11-21T13:00:01Z\", \"stopped_at\": "
	 "\"2026-11-21T13:00:00Z\"}",
		"1:67 it stopped before it started"},
	{"{\"name\": \"a\", \"started_at\": \"0001-11-21T13:00:01Z\", \"stopped_at\": "
	 "\"9999-11-21T13:00:00Z\"}",
		"1:67 it took more than a year"},
	{"{\"build_time_millis\": 1}", "1:1 nothing in t says which job it is of [timings-job]"},
	/* JUnit */
	{"<testsuite><testcase name='a' time='1'/></testsuite>",
		"1:12 nothing in t says which job it is of [timings-job]"},
	{"<testsuite/>", "1:1 nothing here says how long a job took"},
	{"<a/>", "1:1 the root of JUnit XML is testsuites, not a"},
	{"<", "1:1 this is no XML: unclosed token"},
	{"<testsuite>", "1:12 this is no XML: no element found"},
	{"<testsuite>\n</testcase>", "2:3 this is no XML: mismatched tag"},
	{"<testsuite>&lol;</testsuite>", "1:12 this is no XML: undefined entity"},
};

static void
every_fault(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct world *w = new_world();
		bool ok = read_text(w, str_of(wrong[i].text));
		if (ok || strcmp(faults(w), wrong[i].faults) != 0)
			fail_msg("%s\n%s", wrong[i].text, faults(w));
		drop(w);
	}
}

/* ---- what they say ----------------------------------------------------------------------- */

static void
quantiles(void **state)
{
	(void)state;
	struct world *w = new_world();
	assert_true(read_text(w, STR("jobs: {a: [10, 40, 20, 30], b: 5}")));
	const struct timing *t = timing_find(w->a, &w->timings, STR("a"), STR(""));
	assert_non_null(t);
	assert_true(str_is(t->source, "t"));
	assert_int_equal(timing_at(t, 0), 10000);
	assert_int_equal(timing_at(t, 500000), 25000);
	assert_int_equal(timing_at(t, 333333), 20000);
	assert_int_equal(timing_at(t, 900000), 37000);
	assert_int_equal(timing_at(t, 1000000), 40000);
	assert_int_equal(timing_at(t, 5000000), 40000);
	t = timing_find(w->a, &w->timings, STR("b"), STR(""));
	assert_int_equal(timing_at(t, 0), 5000);
	assert_int_equal(timing_at(t, 1000000), 5000);
	assert_null(timing_find(w->a, &w->timings, STR("b"), STR("x")));
	assert_null(timing_find(w->a, &w->timings, STR(""), STR("")));
	assert_null(timing_tests_find(&w->timings, STR("a")));
	drop(w);
}

/* Files add up: single runs among each other, and with summaries by their numbers. */
static void
several_files(void **state)
{
	(void)state;
	struct world *w = new_world();
	assert_true(read_text(w, STR("job,seconds,status\nbuild,60,success\n")));
	assert_true(read_text(w, STR("jobs: {build: {seconds: [80], failures: 2}}")));
	assert_string_equal(shown(w), "build: 0=60000 1000000=80000 runs 4 failed 2");
	assert_true(read_text(w, STR(INSIGHTS("{\"total_runs\": 6, \"duration_metrics\": {\"min\": "
					      "20, \"median\": 30, \"p95\": 40, \"max\": 40}}"))));
	assert_string_equal(shown(w), "build: 0=30000 500000=40000 950000=49750 1000000=50000 "
				      "runs 10 failed 2");
	assert_true(read_text(w, STR(INSIGHTS("{\"total_runs\": 6, \"duration_metrics\": {\"min\": "
					      "40, \"median\": 50, \"p95\": 60, \"max\": 60}}"))));
	assert_string_equal(shown(w), "build: 0=34286 500000=44286 950000=54143 1000000=54286 "
				      "runs 16 failed 2");
	w->timings.job = STR("build");
	assert_true(read_text(w, STR("<testsuite><testcase file='a' time='1'/></testsuite>")));
	assert_true(read_text(w, STR("<testsuite><testcase file='a' time='2'/></testsuite>")));
	const struct timing_tests *tests = timing_tests_find(&w->timings, STR("build"));
	assert_int_equal(tests->nitems, 1);
	assert_int_equal(tests->items[0].weight, 3000);
	drop(w);
}

/* A hundred thousand runs become a thousand points that say the same. */
static void
many_runs(void **state)
{
	(void)state;
	struct world *w = new_world();
	struct sb b = {.a = w->a};
	sb_puts(&b, "job,seconds\n");
	for (int i = 0; i <= 100000; i++)
		sb_printf(&b, "a,%d\n", i * 7 % 100001);
	assert_true(read_text(w, sb_str(&b)));
	const struct timing *t = timing_find(w->a, &w->timings, STR("a"), STR(""));
	assert_int_equal(t->npoints, 1001);
	for (uint32_t ppm = 0; ppm <= 1000000; ppm += 1000)
		assert_int_equal(timing_at(t, ppm), (int64_t)ppm * 100);
	drop(w);
}

static void
times_of_tests(void **state)
{
	(void)state;
	struct world *w = new_world();
	struct str text = STR("<testsuites><testsuite file='./spec/a.rb'>"
			      "<testcase classname='A' name='x' time='1'/>"
			      "<testcase classname='A' name='y' time='.5'/></testsuite>"
			      "<testcase classname='B' name='x' time='2'/></testsuites>");
	uint32_t file = source_add(&w->sources, STR("t"), text);
	assert_true(test_times_read(w->a, &w->times, &w->sources, file, &w->diags));
	assert_int_equal(w->times.tests, 3);
	assert_int_equal(test_time(&w->times, TEST_FILE, STR("spec/a.rb")), 1500);
	assert_int_equal(test_time(&w->times, TEST_FILE, STR("././spec/a.rb")), 1500);
	assert_int_equal(test_time(&w->times, TEST_FILE, STR("/spec/a.rb")), -1);
	assert_int_equal(test_time(&w->times, TEST_CLASS, STR("A")), 1500);
	assert_int_equal(test_time(&w->times, TEST_CLASS, STR("B")), 2000);
	assert_int_equal(test_time(&w->times, TEST_NAME, STR("x")), 3000);
	assert_int_equal(test_time(&w->times, TEST_NAME, STR("")), -1);
	drop(w);
}

/* ---- hostile input ----------------------------------------------------------------------- */

static void
expect_refused(struct str text, enum rule rule)
{
	struct world *w = new_world();
	assert_false(read_text(w, text));
	assert_true(w->diags.errors > 0);
	assert_string_equal(rule_info(w->diags.all.v[0].rule)->id, rule_info(rule)->id);
	drop(w);
}

static struct str
repeated(struct arena *a, const char *first, const char *again, int n, const char *last)
{
	struct sb b = {.a = a};
	sb_puts(&b, first);
	for (int i = 0; i < n; i++)
		sb_puts(&b, again);
	sb_puts(&b, last);
	return sb_str(&b);
}

static void
hostile_files(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	expect_refused(repeated(a, "<testsuite>", "<a>", 100000, ""), RULE_TIMINGS_FORMAT);
	expect_refused(repeated(a, "[", "[", 100000, ""), RULE_YAML_DEPTH);
	expect_refused(STR("job,seconds\n\0\0\0,\0\n"), RULE_TIMINGS_FORMAT);
	expect_refused(STR("<testsuite>\0</testsuite>"), RULE_TIMINGS_FORMAT);
	expect_refused(STR("<testsuite name='\xff'/>"), RULE_TIMINGS_FORMAT);
	expect_refused(STR("\xff\xfe<\0"), RULE_TIMINGS_FORMAT);
	expect_refused(STR("\xff"), RULE_YAML_ENCODING);
	expect_refused(repeated(a, "job,seconds\n", "a,b\n", 100000, ""), RULE_TIMINGS_FORMAT);
	expect_refused(repeated(a, "job,seconds\n\"", "\"\"", 100000, ""), RULE_TIMINGS_FORMAT);
	expect_refused(repeated(a, "<testsuite>", "<testcase time='x' name='a'/>", 100000, ""),
		RULE_TIMINGS_FORMAT);
	/* Aliases of lists of numbers: written out these would be millions of millions. */
	struct sb bomb = {.a = a};
	sb_puts(&bomb, "jobs:\n  x: &x [");
	for (int i = 0; i < 20000; i++)
		sb_puts(&bomb, "1,");
	sb_puts(&bomb, "1]\n");
	for (int i = 0; i < 20000; i++)
		sb_printf(&bomb, "  j%d: *x\n", i);
	expect_refused(sb_str(&bomb), RULE_TOO_LARGE);
	struct str huge = {NULL, (size_t)LIMIT_TIMINGS_BYTES + 1};
	huge.s = arena_alloc(a, huge.len);
	expect_refused(huge, RULE_TOO_LARGE);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decimals),
		cmocka_unit_test(grouped_decimals),
		cmocka_unit_test(points_in_time),
		cmocka_unit_test(every_kind),
		cmocka_unit_test(every_fault),
		cmocka_unit_test(quantiles),
		cmocka_unit_test(several_files),
		cmocka_unit_test(many_runs),
		cmocka_unit_test(times_of_tests),
		cmocka_unit_test(hostile_files),
	};
	return cmocka_run_group_tests_name("timings", tests, NULL, NULL);
}
