/* SPDX-License-Identifier: MIT */
/*
 * Timings in what CircleCI's API answers. Of each answer only the keys are read that are named
 * here; what has not run to an end of its own is passed over.
 */
#include "internal.h"

#include <string.h>

enum { ANSWER_DEPTH = 3 }; /* lists of answers, as tools make them of several pages */

static struct str
text_at(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);
	return node_has(n, NODE_STRING) ? n->u.text : STR("");
}

static bool
is_number(const struct node *n)
{
	return node_has(n, NODE_INT) || node_has(n, NODE_FLOAT);
}

bool
timings_status(struct str word, enum timings_end *end)
{
	static const struct {
		const char *word;
		enum timings_end end;
	} words[] = {{"", TIMINGS_UNKNOWN}, {"success", TIMINGS_SUCCESS},
		{"fixed", TIMINGS_SUCCESS}, {"no_tests", TIMINGS_SUCCESS},
		{"failed", TIMINGS_FAILED}, {"timedout", TIMINGS_FAILED},
		{"infrastructure_fail", TIMINGS_FAILED}, {"error", TIMINGS_FAILED},
		{"canceled", TIMINGS_SKIP}, {"skipped", TIMINGS_SKIP}, {"not_run", TIMINGS_SKIP},
		{"not_running", TIMINGS_SKIP}, {"running", TIMINGS_SKIP}, {"failing", TIMINGS_SKIP},
		{"queued", TIMINGS_SKIP}, {"scheduled", TIMINGS_SKIP}, {"blocked", TIMINGS_SKIP},
		{"on_hold", TIMINGS_SKIP}, {"unauthorized", TIMINGS_SKIP},
		{"retried", TIMINGS_SKIP}, {"terminated-unknown", TIMINGS_SKIP}};
	*end = TIMINGS_SKIP;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_is(word, words[i].word)) {
			*end = words[i].end;
			return true;
		}
	return false;
}

/* How the run of an answer ended; a word that did not exist when this was written says nothing. */
static enum timings_end
end_of(const struct node *n)
{
	enum timings_end end;
	timings_status(text_at(n, "status"), &end);
	return end;
}

/* The job that an answer names, else the one that the user named. False after a finding. */
static bool
find_job(struct timings_reader *r, const struct node *n, struct str name, struct timings_run *run)
{
	run->job = name.len ? name : r->t->job;
	if (!run->job.len)
		timings_no_job(r, n->span);
	return run->job.len > 0;
}

/* ---- from start to stop ------------------------------------------------------------------ */

/* {"started_at": "2026-11-21T13:00:00Z", "stopped_at": "2026-11-21T13:01:01.5Z"} */
static bool
read_span(struct timings_reader *r, const struct node *n, int64_t *ms)
{
	const struct node *from = node_get(n, "started_at"), *to = node_get(n, "stopped_at");
	int64_t start, stop;
	if (!node_has(from, NODE_STRING) || !node_has(to, NODE_STRING))
		return false;
	if (!timings_instant(from->u.text, &start) || !timings_instant(to->u.text, &stop)) {
		bool first = !timings_instant(from->u.text, &start);
		struct diag *g = timings_fault(
			r, first ? from->span : to->span, "this is no date with a time");
		diag_label(r->d, g, "such as 2026-11-21T13:00:00Z");
		return false;
	}
	*ms = stop - start;
	if (*ms >= 0 && *ms <= TIMINGS_MOST_MS)
		return true;
	timings_fault(
		r, to->span, *ms < 0 ? "it stopped before it started" : "it took more than a year");
	return false;
}

/* A run of a job: unit is that of its "duration", of which the two times are the truer form. */
static void
read_run(struct timings_reader *r, const struct node *n, int64_t unit)
{
	const struct node *duration = node_get(n, "duration");
	struct timings_run run = {.end = end_of(n)};
	uint32_t errors = r->d->errors;
	r->taken++;
	/* Not begun, not ended, or an approval, which nothing runs. */
	bool none = !node_has(node_get(n, "stopped_at"), NODE_STRING) && !is_number(duration);
	if (run.end == TIMINGS_SKIP || none || str_is(text_at(n, "type"), "approval"))
		return;
	if (!find_job(r, n, text_at(n, "name"), &run))
		return;
	if (read_span(r, n, &run.ms) || (r->d->errors == errors && is_number(duration) &&
						timings_node_ms(r, duration, unit, &run.ms)))
		timings_take(r, &run);
}

/* ---- Insights ---------------------------------------------------------------------------- */

/* {"min": 51, "median": 60, "p95": 95, "max": 120}; what is not there lies in between. */
static bool
read_quantiles(struct timings_reader *r, const struct node *n, int64_t ms[TIMINGS_GRID])
{
	static const char *const keys[TIMINGS_GRID] = {"min", "median", "p95", "max"};
	const struct node *values[TIMINGS_GRID];
	values[1] = node_get(n, keys[1]);
	if (!is_number(values[1])) {
		timings_fault(r, n->span, "it does not say how long it took: there is no median");
		return false;
	}
	for (int i = 0; i < TIMINGS_GRID; i++) {
		values[i] = node_get(n, keys[i]);
		if (!is_number(values[i]))
			values[i] = i == 2 && is_number(node_get(n, keys[3])) ? node_get(n, keys[3])
									      : values[1];
		if (!timings_node_ms(r, values[i], SECOND_MS, &ms[i]))
			return false;
		if (i && ms[i] < ms[i - 1]) {
			timings_fault(
				r, values[i]->span, "%s is less than %s", keys[i], keys[i - 1]);
			return false;
		}
	}
	return true;
}

static uint32_t
count_at(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);
	bool fits = node_has(n, NODE_INT) && !(n->flags & NODE_BIG) && n->u.integer > 0;
	return !fits ? 0 : n->u.integer > INT32_MAX ? INT32_MAX : (uint32_t)n->u.integer;
}

/* {"name": "build", "metrics": {"total_runs": 20, "failed_runs": 1, "duration_metrics": {…}}} */
static void
read_insights(struct timings_reader *r, const struct node *n, const struct node *metrics)
{
	const struct node *quantiles = node_get(metrics, "duration_metrics");
	struct timings_run run = {0};
	int64_t ms[TIMINGS_GRID];
	if (!node_has(quantiles, NODE_MAP)) {
		timings_fault(r, metrics->span, "metrics without duration_metrics");
		return;
	}
	if (!find_job(r, n, text_at(n, "name"), &run) || !read_quantiles(r, quantiles, ms))
		return;
	uint32_t good = count_at(metrics, "successful_runs"),
		 bad = count_at(metrics, "failed_runs");
	uint32_t runs = good + bad ? good + bad : count_at(metrics, "total_runs");
	timings_summary(r, &run, ms, runs);
	timings_count(r, &run, runs, bad);
}

/* ---- builds of v1.1 ---------------------------------------------------------------------- */

/* {"name": "npm ci", "actions": [{"run_time_millis": 20500, "status": "success", "index": 0}]}: an
 * action for each parallel task, or one for all. */
static void
read_step(struct timings_reader *r, const struct node *step, struct str job)
{
	const struct node *actions = node_get(step, "actions");
	struct timings_run run = {.job = job, .step = text_at(step, "name")};
	for (uint32_t i = 0; node_has(actions, NODE_LIST) && i < actions->count; i++) {
		const struct node *action = actions->u.items[i];
		const struct node *time = node_get(action, "run_time_millis");
		run.end = end_of(action);
		if (!run.step.len)
			run.step = text_at(action, "name");
		if (run.step.len && run.end != TIMINGS_SKIP && is_number(time) &&
			timings_node_ms(r, time, 1, &run.ms))
			timings_take(r, &run);
	}
}

/* {"build_time_millis": 61500, "status": "success", "workflows": {"job_name": "build"},
 *  "steps": […]} */
static void
read_build(struct timings_reader *r, const struct node *n)
{
	const struct node *time = node_get(n, "build_time_millis"), *steps = node_get(n, "steps");
	struct timings_run run = {.end = end_of(n)};
	r->taken++;
	if (!find_job(r, n, text_at(node_get(n, "workflows"), "job_name"), &run))
		return;
	if (is_number(time) && timings_node_ms(r, time, 1, &run.ms))
		timings_take(r, &run);
	for (uint32_t i = 0; node_has(steps, NODE_LIST) && i < steps->count; i++)
		read_step(r, steps->u.items[i], run.job);
}

/* ---- tests ------------------------------------------------------------------------------- */

/* {"file": "spec/cart_spec.rb", "classname": "spec.cart", "name": "adds up", "run_time": 1.25} */
static bool
read_test(struct timings_reader *r, const struct node *n)
{
	static const char *const keys[TEST_KEY_COUNT] = {"file", "classname", "name"};
	const struct node *time = node_get(n, "run_time");
	struct timings_test test = {.span = n->span};
	if (!time || time->kind == NODE_NULL)
		return true;
	if (!timings_node_ms(r, time, SECOND_MS, &test.ms))
		return true;
	for (int i = 0; i < TEST_KEY_COUNT; i++)
		test.names[i] = text_at(n, keys[i]);
	return timings_take_test(r, &test);
}

/* ---- which is it ------------------------------------------------------------------------- */

/* One of a list of items. */
static bool
read_item(struct timings_reader *r, const struct node *n)
{
	const struct node *metrics = node_get(n, "metrics");
	if (node_get(n, "run_time"))
		return read_test(r, n);
	if (r->tests || n->kind != NODE_MAP)
		return true;
	if (node_has(metrics, NODE_MAP))
		read_insights(r, n, metrics);
	else if (node_get(n, "started_at") || node_get(n, "duration"))
		read_run(r, n, SECOND_MS);
	return true;
}

static void
read_items(struct timings_reader *r, const struct node *items)
{
	for (uint32_t i = 0; i < items->count; i++)
		if (!read_item(r, items->u.items[i]))
			return;
}

/* {"tests": [{"run_time": 1.25, …}], "exceptions": []} */
static void
read_tests(struct timings_reader *r, const struct node *tests)
{
	for (uint32_t i = 0; i < tests->count; i++)
		if (!read_test(r, tests->u.items[i]))
			return;
}

void
timings_read_answer(struct timings_reader *r, const struct node *n, unsigned depth)
{
	const struct node *items = node_get(n, "items"), *tests = node_get(n, "tests");
	if (n->kind == NODE_LIST && depth < ANSWER_DEPTH) {
		for (uint32_t i = 0; i < n->count; i++)
			timings_read_answer(r, n->u.items[i], depth + 1);
		return;
	}
	if (node_has(items, NODE_LIST))
		read_items(r, items);
	else if (node_has(tests, NODE_LIST))
		read_tests(r, tests);
	else if (r->tests)
		return;
	else if (node_get(n, "steps") || node_get(n, "build_time_millis"))
		read_build(r, n);
	else if (node_get(n, "duration") || node_get(n, "started_at"))
		read_run(r, n, 1);
}
