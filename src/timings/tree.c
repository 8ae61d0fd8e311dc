/* SPDX-License-Identifier: MIT */
/* Timings in JSON or YAML: ours; and what tells ours from CircleCI's. */
#include "internal.h"

#include "ccx/limits.h"

#include <string.h>

/* ---- the text ---------------------------------------------------------------------------- */

/* The code unit of "\ud83d" at at; -1: there is none. */
static int32_t
unit_at(struct str t, size_t at)
{
	int32_t unit = 0;
	if (at + 6 > t.len || t.s[at] != '\\' || t.s[at + 1] != 'u')
		return -1;
	for (size_t i = at + 2; i < at + 6; i++) {
		const char *digits = "0123456789abcdef", *found;
		char c = t.s[i] >= 'A' && t.s[i] <= 'F' ? (char)(t.s[i] - 'A' + 'a') : t.s[i];
		if (!c || !(found = strchr(digits, c)))
			return -1;
		unit = unit * 16 + (int32_t)(found - digits);
	}
	return unit;
}

/* JSON writes what is beyond U+FFFF as two escapes, which YAML does not know: as the character
 * itself. Half a pair is U+FFFD. */
static struct str
join_surrogates(struct arena *a, struct str t)
{
	struct sb b = {.a = a};
	size_t done = 0;
	for (size_t at = 0; at + 1 < t.len; at++) {
		if (t.s[at] != '\\')
			continue;
		int32_t high = unit_at(t, at), low;
		if (high < 0xd800 || high > 0xdfff) {
			at++; /* an escaped backslash begins nothing */
			continue;
		}
		sb_put(&b, str_sub(t, done, at));
		low = unit_at(t, at + 6);
		bool pair = high < 0xdc00 && low >= 0xdc00 && low <= 0xdfff;
		utf8_put(&b, pair ? 0x10000 + ((uint32_t)(high - 0xd800) << 10) +
					     (uint32_t)(low - 0xdc00)
				  : 0xfffd);
		done = at + (pair ? 12 : 6);
		at = done - 1;
	}
	if (!done)
		return t;
	sb_put(&b, str_sub(t, done, t.len));
	return sb_str(&b);
}

/* ---- numbers ----------------------------------------------------------------------------- */

bool
timings_node_ms(struct timings_reader *r, const struct node *n, int64_t unit, int64_t *ms)
{
	bool number = n->kind == NODE_INT || n->kind == NODE_FLOAT;
	struct str text = source_text(r->s, n->span);
	if (number && timings_decimal(text, unit, false, ms))
		return true;
	struct diag *g = timings_fault(
		r, n->span, "this is no duration in %s", unit == 1 ? "milliseconds" : "seconds");
	diag_label(r->d, g, "a number from 0 to a year is expected");
	return false;
}

static bool
read_count(struct timings_reader *r, const struct node *n, uint32_t *count)
{
	*count = 0;
	if (!n)
		return true;
	if (n->kind == NODE_INT && !(n->flags & NODE_BIG) && n->u.integer >= 0 &&
		n->u.integer <= INT32_MAX) {
		*count = (uint32_t)n->u.integer;
		return true;
	}
	timings_fault(r, n->span, "this is no number of runs");
	return false;
}

/* ---- ours -------------------------------------------------------------------------------- */

/* 61   [61, 70] */
static uint32_t
read_seconds(struct timings_reader *r, const struct node *n, struct timings_run run)
{
	uint32_t taken = 0;
	run.end = TIMINGS_UNKNOWN; /* counted together, by who knows of failures */
	if (n->kind != NODE_LIST) {
		if (!timings_node_ms(r, n, SECOND_MS, &run.ms))
			return 0;
		timings_take(r, &run);
		return 1;
	}
	for (uint32_t i = 0; i < n->count; i++)
		if (timings_node_ms(r, n->u.items[i], SECOND_MS, &run.ms)) {
			timings_take(r, &run);
			taken++;
		}
	return taken;
}

static void
check_keys(struct timings_reader *r, const struct node *map, const char *const *keys)
{
	for (uint32_t i = 0; i < map->count; i++) {
		const struct node *key = map->u.pairs[i].key;
		struct str name = node_text(r->a, key);
		struct nearest nearest = {.wanted = name};
		bool known = false;
		for (const char *const *k = keys; *k; k++) {
			known = known || str_is(name, *k);
			nearest_try(&nearest, str_of(*k));
		}
		if (!known) {
			struct diag *g =
				timings_fault(r, key->span, "unknown key \"%.*s\"", STR_ARG(name));
			diag_nearest(r->d, g, &nearest);
		}
	}
}

/* {seconds: [61, 70], failures: 1, runs: 3} */
static void
read_map(struct timings_reader *r, const struct node *n, const struct timings_run *run)
{
	const struct node *seconds = node_get(n, "seconds");
	const struct node *all = node_get(n, "runs"), *bad = node_get(n, "failures");
	uint32_t runs, failures;
	if (!seconds || (seconds->kind == NODE_LIST && !seconds->count)) {
		struct diag *g = timings_fault(r, n->span, "it does not say how long it took");
		diag_help(r->d, g, "add \"seconds\": a number, or a list of them");
		return;
	}
	uint32_t good = read_seconds(r, seconds, *run);
	if (!read_count(r, all, &runs) || !read_count(r, bad, &failures))
		return;
	if (all && runs < failures) {
		timings_fault(r, all->span, "fewer runs than failures");
		return;
	}
	if (all || bad)
		timings_count(r, run, all ? runs : good + failures, failures);
}

static void
read_one(struct timings_reader *r, const struct node *n, const struct timings_run *run)
{
	static const char *const keys[] = {"seconds", "failures", "runs", "steps", NULL};
	const struct node *steps = n->kind == NODE_MAP ? node_get(n, "steps") : NULL;
	if (n->kind != NODE_MAP) {
		read_seconds(r, n, *run);
		return;
	}
	check_keys(r, n,
		run->step.len ? (const char *const[]){"seconds", "failures", "runs", NULL} : keys);
	/* A job may have steps alone. */
	if (!steps || run->step.len || node_get(n, "seconds"))
		read_map(r, n, run);
	if (!steps || run->step.len)
		return;
	if (steps->kind != NODE_MAP) {
		timings_fault(r, steps->span, "steps is a map from names to seconds");
		return;
	}
	for (uint32_t i = 0; i < steps->count; i++) {
		struct timings_run step = {.job = run->job};
		step.step = node_text(r->a, steps->u.pairs[i].key);
		if (step.step.len)
			read_one(r, steps->u.pairs[i].value, &step);
	}
}

/* jobs: {build: {seconds: [61, 70], steps: {npm ci: 20.5}}} */
static void
read_jobs(struct timings_reader *r, const struct node *jobs)
{
	if (r->tests) {
		timings_fault(r, jobs->span, "this has the durations of jobs, not of tests");
		return;
	}
	for (uint32_t i = 0; i < jobs->count; i++) {
		struct timings_run run = {.job = node_text(r->a, jobs->u.pairs[i].key)};
		read_one(r, jobs->u.pairs[i].value, &run);
	}
}

void
timings_read_tree(struct timings_reader *r)
{
	const struct source *source = source_of(r->s, r->file);
	struct str text = join_surrogates(r->a, source->text);
	if (text.s != source->text.s)
		r->file = source_add(r->s, source->path, text);
	const struct node *root = node_load(r->a, r->s, r->file, r->d);
	if (!root)
		return;
	if (root->weight > 2 * LIMIT_NODES) {
		diag_push(r->d, RULE_TOO_LARGE, root->span,
			"the document has more than %d values with its aliases written out",
			LIMIT_NODES);
		return;
	}
	const struct node *jobs = node_get(root, "jobs");
	if (node_has(jobs, NODE_MAP)) {
		check_keys(r, root, (const char *const[]){"jobs", NULL});
		read_jobs(r, jobs);
		return;
	}
	timings_read_answer(r, root, 0);
}
