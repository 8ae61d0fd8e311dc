/* SPDX-License-Identifier: MIT */
/*
 * Scenario files. The schema says which keys there are and of which type; what it cannot say
 * (durations, lines of outcomes, numbers as keys) is checked here.
 */
#include "ccx/sim.h"

#include "ccx/config.h"
#include "ccx/limits.h"

#include "scenario.h"

struct reading {
	struct scenario *sc;
	struct sources *s;
	struct diag_list *d;
};

/* ---- values ------------------------------------------------------------------------------ */

static bool
invalid(struct reading *r, struct span span, const char *message, struct str text)
{
	diag_push(r->d, RULE_INVALID_VALUE, span, message, STR_ARG(str_sub(text, 0, 200)));
	return false;
}

/* 1m30s. False for what is none, UNSAID for nothing. */
static bool
read_time(struct reading *r, const struct node *n, int64_t *ms)
{
	*ms = UNSAID;
	if (!n || n->kind == NODE_NULL)
		return true;
	struct str text = node_text(r->sc->a, n);
	if (sim_duration(text, ms))
		return true;
	struct diag *g = diag_push(r->d, RULE_INVALID_VALUE, n->span, "\"%.*s\" is no duration",
		STR_ARG(str_sub(text, 0, 200)));
	diag_help(r->d, g, "write one such as `90s`, `1.5m` or `1h30m`, of a year at most");
	*ms = UNSAID;
	return false;
}

/* A key or text that is a whole number from least to most; else least - 1. */
static int64_t
whole(struct str text, int64_t least, int64_t most)
{
	int64_t n = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.s[i] < '0' || text.s[i] > '9' || n > most)
			return least - 1;
		n = n * 10 + (text.s[i] - '0');
	}
	return text.len && n >= least && n <= most ? n : least - 1;
}

static struct str
key_of(struct reading *r, const struct pair *p)
{
	return node_text(r->sc->a, p->key);
}

/* Counts a line that says something of a name; false beyond the limits. */
static bool
count_line(struct reading *r, struct str name, struct span span)
{
	struct scenario *sc = r->sc;
	bool pattern = scenario_is_pattern(name);
	sc->npatterns += pattern;
	if (++sc->lines <= LIMIT_SCENARIO_LINES && sc->npatterns <= LIMIT_SCENARIO_PATTERNS)
		return true;
	diag_push(r->d, RULE_TOO_LARGE, span, "more than %d %s in a scenario",
		pattern ? LIMIT_SCENARIO_PATTERNS : LIMIT_SCENARIO_LINES,
		pattern ? "patterns" : "names");
	return false;
}

static bool
add_time(struct reading *r, struct named_times *to, struct named_time t)
{
	if (!count_line(r, t.pattern, t.span))
		return false;
	vec_push(r->sc->a, &to->all, t);
	if (scenario_is_pattern(t.pattern)) {
		vec_push(r->sc->a, &to->patterns, to->all.n - 1);
		return true;
	}
	struct named_time *one = NEW(r->sc->a, struct named_time);
	*one = t;
	if (!map_has(&to->by_name, t.pattern))
		map_put(r->sc->a, &to->by_name, t.pattern, one);
	return true;
}

/* ---- outcomes ---------------------------------------------------------------------------- */

static bool
set_outcome(struct outcomes *o, uint64_t bit, struct str word)
{
	uint64_t *set = str_is(word, "fail")      ? &o->fail
			: str_is(word, "cancel")  ? &o->cancel
			: str_is(word, "timeout") ? &o->timeout
						  : NULL;
	if (!set && !str_is(word, "success"))
		return false;
	if (set && !(o->said & bit))
		*set |= bit;
	o->said |= bit;
	return true;
}

enum { MOST_ATTEMPT = 60 };

/* attempts: {1: fail, 2: success} */
static bool
read_attempts(struct reading *r, const struct node *map, struct outcomes *o)
{
	bool ok = true;
	for (uint32_t i = 0; node_has(map, NODE_MAP) && i < map->count; i++) {
		const struct pair *p = &map->u.pairs[i];
		struct str key = key_of(r, p);
		int64_t n = whole(key, 1, MOST_ATTEMPT);
		if (n < 1)
			ok = invalid(r, p->key->span,
				"\"%.*s\" is no attempt: they are numbered from 1 to 60", key);
		else if (node_has(p->value, NODE_STRING))
			set_outcome(o, (uint64_t)1 << (n - 1), p->value->u.text);
	}
	return ok;
}

/* all, 1, [1, 2] */
static uint64_t
read_which(const struct node *n)
{
	uint64_t set = 0;
	if (node_is(n, "all"))
		return UINT64_MAX;
	if (node_has(n, NODE_INT))
		return (uint64_t)1 << (n->u.integer - 1);
	for (uint32_t i = 0; node_has(n, NODE_LIST) && i < n->count; i++)
		set |= read_which(n->u.items[i]);
	return set;
}

/* ---- jobs -------------------------------------------------------------------------------- */

static struct job_said *
add_job(struct reading *r, struct str pattern, struct span span)
{
	struct scenario *sc = r->sc;
	struct job_said job = {.pattern = pattern, .span = span, .duration = UNSAID};
	uint32_t *number = NEW(sc->a, uint32_t);
	if (!count_line(r, pattern, span))
		return NULL;
	vec_push(sc->a, &sc->jobs, job);
	*number = sc->jobs.n;
	if (scenario_is_pattern(pattern)) {
		vec_push(sc->a, &sc->patterns, sc->jobs.n - 1);
	} else {
		uint32_t *last = map_get(&sc->by_name, pattern);
		if (!last)
			map_put(sc->a, &sc->by_name, pattern, number);
		for (uint32_t n = last ? *last : 0; n; n = sc->jobs.v[n - 1].next)
			if (!sc->jobs.v[n - 1].next) {
				sc->jobs.v[n - 1].next = *number;
				break;
			}
	}
	return &sc->jobs.v[sc->jobs.n - 1];
}

/* npm ci: 30s
 * Run tests: {duration: 6m, fail: [1], on-hit: 3m, halt: true} */
static bool
read_step(struct reading *r, const struct pair *p, struct job_said *job)
{
	const struct node *map = p->value, *halt = node_get(map, "halt");
	struct step_said step = {.pattern = key_of(r, p), .span = p->key->span, .on_hit = UNSAID};
	bool ok = read_time(
		r, map->kind == NODE_MAP ? node_get(map, "duration") : map, &step.duration);
	ok &= read_time(r, node_get(map, "on-hit"), &step.on_hit);
	step.fail = read_which(node_get(map, "fail"));
	step.timeout = read_which(node_get(map, "timeout"));
	step.halt = node_has(halt, NODE_BOOL) && halt->u.boolean;
	vec_push(r->sc->a, &job->steps, step);
	return ok && count_line(r, step.pattern, step.span);
}

/* 2: {duration: 12m, attempts: {1: fail}} */
static bool
read_task(struct reading *r, const struct pair *p, struct job_said *job)
{
	const struct node *map = p->value;
	struct str key = key_of(r, p);
	int64_t n = whole(key, 0, LIMIT_SIM_TASKS);
	if (n < 0)
		return invalid(
			r, p->key->span, "\"%.*s\" is no task: they are numbered from 0", key);
	struct task_said task = {.number = (uint32_t)n};
	bool ok = read_time(
		r, map->kind == NODE_MAP ? node_get(map, "duration") : map, &task.duration);
	ok &= read_attempts(r, node_get(map, "attempts"), &task.outcomes);
	vec_push(r->sc->a, &job->tasks, task);
	return ok && count_line(r, STR(""), p->key->span);
}

/*
 * test-*:
 *   duration: 8m
 *   attempts: {1: fail}
 *   steps: {npm ci: 30s}
 *   tasks: {0: 9m}
 */
static bool
read_job(struct reading *r, const struct pair *p)
{
	const struct node *map = p->value, *steps = node_get(map, "steps"),
			  *tasks = node_get(map, "tasks");
	struct job_said *job = add_job(r, key_of(r, p), p->key->span);
	if (!job)
		return false;
	bool ok = read_time(
		r, map->kind == NODE_MAP ? node_get(map, "duration") : map, &job->duration);
	ok &= read_attempts(r, node_get(map, "attempts"), &job->outcomes);
	for (uint32_t i = 0; node_has(steps, NODE_MAP) && i < steps->count; i++)
		ok &= read_step(r, &steps->u.pairs[i], job);
	for (uint32_t i = 0; node_has(tasks, NODE_MAP) && i < tasks->count; i++)
		ok &= read_task(r, &tasks->u.pairs[i], job);
	return ok;
}

/* build attempt 1: fail
 * job build attempt 1: fail
 * A job's name may hold " attempt " itself: the last one counts. */
static bool
read_outcome(struct reading *r, const struct node *item)
{
	struct str text = node_text(r->sc->a, item), word, name = {0};
	if (item->kind == NODE_MAP && item->count == 1)
		text = str_printf(r->sc->a, "%.*s: %.*s",
			STR_ARG(node_text(r->sc->a, item->u.pairs[0].key)),
			STR_ARG(node_text(r->sc->a, item->u.pairs[0].value)));
	size_t colon = str_find(text, STR(": "), 0), at = SIZE_MAX;
	for (size_t k = 0; (k = str_find(text, STR(" attempt "), k)) != SIZE_MAX && k < colon; k++)
		at = k;
	if (colon != SIZE_MAX && at != SIZE_MAX)
		name = str_trim(str_sub(text, str_starts(text, STR("job ")) ? 4 : 0, at));
	int64_t n = name.len ? whole(str_trim(str_sub(text, at + 9, colon)), 1, MOST_ATTEMPT) : 0;
	struct outcomes o = {0};
	word = n > 0 ? str_trim(str_sub(text, colon + 1, text.len)) : STR("");
	if (!word.len || !set_outcome(&o, (uint64_t)1 << (n - 1), word)) {
		struct diag *g = diag_push(r->d, RULE_INVALID_VALUE, item->span,
			"\"%.*s\" is no outcome", STR_ARG(str_sub(text, 0, 200)));
		diag_help(r->d, g,
			"write `JOB attempt N: fail`; or success, cancel or timeout in its place");
		return false;
	}
	struct job_said *job = add_job(r, name, item->span);
	if (job)
		job->outcomes = o;
	return job != NULL;
}

static bool
read_jobs(struct reading *r, const struct node *root)
{
	const struct node *outcomes = node_get(root, "outcomes"), *jobs = node_get(root, "jobs");
	bool ok = true;
	for (uint32_t i = 0; node_has(outcomes, NODE_LIST) && i < outcomes->count; i++)
		ok &= read_outcome(r, outcomes->u.items[i]);
	for (uint32_t i = 0; node_has(jobs, NODE_MAP) && i < jobs->count; i++)
		ok &= read_job(r, &jobs->u.pairs[i]);
	return ok;
}

/* ---- what is no job ---------------------------------------------------------------------- */

/* approvals: never
 * approvals: {hold: 10m, "deploy-*": never} */
static bool
read_approvals(struct reading *r, const struct node *n)
{
	bool ok = true;
	for (uint32_t i = 0; n && i < (n->kind == NODE_MAP ? n->count : 1); i++) {
		const struct node *value = n->kind == NODE_MAP ? n->u.pairs[i].value : n;
		struct named_time t = {.pattern = STR("*"), .span = value->span};
		if (n->kind == NODE_MAP) {
			t.pattern = key_of(r, &n->u.pairs[i]);
			t.span = n->u.pairs[i].key->span;
		}
		t.ms = SIM_NEVER;
		ok &= node_is(value, "never") || read_time(r, value, &t.ms);
		ok &= add_time(r, &r->sc->approvals, t);
	}
	return ok;
}

static bool
is_executor(struct reading *r, const struct pair *p)
{
	struct str name = key_of(r, p);
	struct nearest near = {.wanted = name};
	size_t n;
	const struct executor_info *all = catalog_executors(&n);
	for (size_t i = 0; i < n; i++) {
		if (str_is(name, all[i].name))
			return true;
		nearest_try(&near, str_of(all[i].name));
	}
	struct diag *g = diag_push(r->d, RULE_UNKNOWN_KEY, p->key->span,
		"there is no executor \"%.*s\"", STR_ARG(str_sub(name, 0, 200)));
	diag_nearest(r->d, g, &near);
	diag_help(r->d, g, "`ccx catalog executors` lists them");
	return false;
}

/* spin-up: {docker: 5s, macos: 1m} */
static bool
read_spin_up(struct reading *r, const struct node *map)
{
	bool ok = true;
	for (uint32_t i = 0; node_has(map, NODE_MAP) && i < map->count; i++) {
		const struct pair *p = &map->u.pairs[i];
		struct named_time t = {.pattern = key_of(r, p), .span = p->key->span};
		ok &= is_executor(r, p) && read_time(r, p->value, &t.ms) &&
		      add_time(r, &r->sc->spin_up, t);
	}
	return ok;
}

/* caches: warm
 * caches: {v1-deps: hit, v1-build: miss} */
static void
read_caches(struct reading *r, const struct node *n)
{
	static const char *const words[] = {"cold", "warm", "hit", "miss"};
	for (int i = CACHES_COLD; i <= CACHES_MISS; i++)
		if (node_is(n, words[i]))
			r->sc->mode = (enum cache_mode)i;
	for (uint32_t i = 0; node_has(n, NODE_MAP) && i < n->count; i++) {
		struct cache_said said = {
			key_of(r, &n->u.pairs[i]), node_is(n->u.pairs[i].value, "hit")};
		vec_push(r->sc->a, &r->sc->caches, said);
	}
}

static int64_t
count_of(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);
	return node_has(n, NODE_INT) ? n->u.integer : UNSAID;
}

/* acme/linux: 3 */
static bool
read_counts(struct reading *r, const struct node *map, struct map *to)
{
	bool ok = true;
	for (uint32_t i = 0; node_has(map, NODE_MAP) && i < map->count; i++) {
		const struct pair *p = &map->u.pairs[i];
		struct named_count *n = NEW(r->sc->a, struct named_count);
		*n = (struct named_count){key_of(r, p), p->value->u.integer};
		map_put(r->sc->a, to, n->name, n);
		ok &= count_line(r, STR(""), p->key->span);
	}
	return ok;
}

/* concurrency: {plan: 30, classes: {docker/medium: 20}}
 * runners: {acme/linux: 3} */
static bool
read_concurrency(struct reading *r, const struct node *root)
{
	struct scenario *sc = r->sc;
	const struct node *all = node_get(root, "concurrency");
	sc->plan = count_of(all, "plan");
	sc->macos = count_of(all, "macos");
	sc->runner_tasks = count_of(all, "runners");
	bool ok = read_counts(r, node_get(all, "classes"), &sc->classes);
	return read_counts(r, node_get(root, "runners"), &sc->runners) && ok;
}

static bool
read_rest(struct reading *r, const struct node *root)
{
	struct scenario *sc = r->sc;
	const struct node *defaults = node_get(root, "defaults"), *n;
	bool ok = read_time(r, node_get(root, "job-limit"), &sc->job_limit);
	for (int i = 0; i < SIM_STEP_KINDS; i++)
		ok &= read_time(r, node_get(defaults, scenario_step_names[i]), &sc->defaults[i]);
	n = node_get(root, "unauthorized");
	for (uint32_t i = 0; node_has(n, NODE_LIST) && i < n->count; i++) {
		struct named_time t = {node_text(sc->a, n->u.items[i]), n->u.items[i]->span, 0};
		ok &= add_time(r, &sc->unauthorized, t);
	}
	n = node_get(root, "changed");
	for (uint32_t i = 0; node_has(n, NODE_LIST) && i < n->count; i++)
		map_put(sc->a, &sc->changed, node_text(sc->a, n->u.items[i]), sc);
	n = node_get(root, "auto-cancel");
	sc->auto_cancel = node_has(n, NODE_BOOL) && n->u.boolean;
	n = node_get(root, "default-branch");
	if (node_has(n, NODE_STRING))
		sc->default_branch = n->u.text;
	sc->sizes = node_get(root, "sizes");
	return ok;
}

bool
scenario_read(struct scenario *sc, struct sources *s, uint32_t file, struct diag_list *d)
{
	struct reading r = {sc, s, d};
	const struct node *root = node_load(sc->a, s, file, d);
	if (!root || !schema_check(catalog_schema(SCHEMA_SCENARIO), root, d))
		return false;
	bool ok = read_jobs(&r, root);
	ok &= read_approvals(&r, node_get(root, "approvals"));
	ok &= read_spin_up(&r, node_get(root, "spin-up"));
	read_caches(&r, node_get(root, "caches"));
	ok &= read_concurrency(&r, root);
	return read_rest(&r, root) && ok;
}
