/* SPDX-License-Identifier: MIT */
/*
 * Two queues: ticks of the clock by time, and tasks that wait for a place. Tasks wait in pools: one
 * for each class that has a limit of its own, and one for the rest of each family. Free places go
 * to the task that waited longest among those whose class, family and plan have room: a full class
 * does not hold up the others. CircleCI counts tasks, not jobs: each task of a parallel job waits
 * and starts on its own.
 */
#include "ccx/sim.h"

#include "engine.h"

/* ---- ticks ------------------------------------------------------------------------------ */

static bool
tick_before(const struct tick *x, const struct tick *y)
{
	if (x->at != y->at)
		return x->at < y->at;
	if (x->flow != y->flow)
		return x->flow < y->flow;
	if (x->node != y->node)
		return x->node < y->node;
	return x->number < y->number;
}

void
tick_push(struct engine *e, struct tick tick)
{
	tick.number = e->numbered++;
	vec_push(e->a, &e->ticks, tick);
	uint32_t i = e->ticks.n - 1;
	while (i && tick_before(&tick, &e->ticks.v[(i - 1) / 2])) {
		e->ticks.v[i] = e->ticks.v[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	e->ticks.v[i] = tick;
}

int64_t
tick_next(const struct engine *e)
{
	return e->ticks.n ? e->ticks.v[0].at : SIM_NEVER;
}

bool
tick_pop(struct engine *e, int64_t until, struct tick *tick)
{
	struct tick *v = e->ticks.v;
	if (!e->ticks.n || v[0].at > until)
		return false;
	*tick = v[0];
	struct tick last = v[--e->ticks.n];
	uint32_t i = 0, n = e->ticks.n;
	for (uint32_t child; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && tick_before(&v[child + 1], &v[child]))
			child++;
		if (!tick_before(&v[child], &last))
			break;
		v[i] = v[child];
	}
	v[i] = last;
	return true;
}

/* ---- those who wait ---------------------------------------------------------------------- */

static bool
waits_before(const struct waiting *x, const struct waiting *y)
{
	if (x->since != y->since)
		return x->since < y->since;
	if (x->flow != y->flow)
		return x->flow < y->flow;
	if (x->node != y->node)
		return x->node < y->node;
	return x->task < y->task;
}

void
pool_wait(struct engine *e, uint32_t pool, struct waiting w)
{
	struct pool *p = &e->pools.v[pool];
	vec_push(e->a, &p->queue, w);
	uint32_t i = p->queue.n - 1;
	while (i && waits_before(&w, &p->queue.v[(i - 1) / 2])) {
		p->queue.v[i] = p->queue.v[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	p->queue.v[i] = w;
}

static struct waiting
take_first(struct pool *p)
{
	struct waiting *v = p->queue.v, first = v[0], last = v[--p->queue.n];
	uint32_t i = 0, n = p->queue.n;
	for (uint32_t child; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && waits_before(&v[child + 1], &v[child]))
			child++;
		if (!waits_before(&v[child], &last))
			break;
		v[i] = v[child];
	}
	v[i] = last;
	return first;
}

/* ---- pools ------------------------------------------------------------------------------- */

static int64_t
limit_of(const struct engine *e, int64_t said, const char *term)
{
	if (said != UNSAID)
		return said;
	/* Unknown, unlimited and by contract: whoever knows it can say it in the scenario. */
	int64_t amount = catalog_term(str_of(term))->amount[e->options->world.plan];
	return amount >= 0 ? amount : SIM_NEVER;
}

static uint32_t
add_pool(struct engine *e, struct str name, enum family family, int64_t limit)
{
	struct pool pool = {.name = name, .family = family, .gate = gate_new(e), .limit = limit};
	vec_push(e->a, &e->pools, pool);
	return e->pools.n - 1;
}

void
pools_init(struct engine *e)
{
	const struct scenario *sc = e->scenario;
	e->limits[FAMILY_CLOUD] = limit_of(e, sc->plan, "concurrency");
	e->limits[FAMILY_MACOS] = limit_of(e, sc->macos, "macos-concurrency");
	e->limits[FAMILY_RUNNER] = limit_of(e, sc->runner_tasks, "runner-concurrency");
	for (int i = 0; i < FAMILY_COUNT; i++)
		gate_new(e);
	for (int i = 0; i < FAMILY_COUNT; i++)
		add_pool(e, STR(""), (enum family)i, SIM_NEVER);
}

/* The limit of a class: docker/medium, or medium of any executor; agents of a runner's. */
static const struct named_count *
class_limit(const struct engine *e, const struct sim_job *job, struct str full)
{
	const struct scenario *sc = e->scenario;
	const struct map *counts = job->runner ? &sc->runners : &sc->classes;
	const struct named_count *limit = map_get(counts, full);
	return limit ? limit : map_get(counts, job->class_name);
}

uint32_t
pool_of(struct engine *e, const struct sim_job *job)
{
	static const char *const kinds[] = {[EXECUTOR_DOCKER] = "docker",
		[EXECUTOR_MACHINE] = "machine",
		[EXECUTOR_MACOS] = "macos"};
	enum family family = job->runner                   ? FAMILY_RUNNER
			     : job->kind == EXECUTOR_MACOS ? FAMILY_MACOS
							   : FAMILY_CLOUD;
	struct str name = job->runner ? job->class_name
				      : str_printf(e->a, "%s/%.*s", kinds[job->kind],
						STR_ARG(job->class_name));
	const struct named_count *limit = class_limit(e, job, name);
	if (!limit)
		return (uint32_t)family;
	/* A limit that names no executor is one for all, but of a family: docker/medium may be a
	 * runner's name, too. */
	name = str_printf(e->a, "%d %.*s", (int)family, STR_ARG(limit->name));
	const uint32_t *known = map_get(&e->pool_index, name);
	if (known)
		return *known;
	uint32_t *number = NEW(e->a, uint32_t);
	*number = add_pool(e, name, family, limit->n);
	map_put(e->a, &e->pool_index, name, number);
	return *number;
}

/* ---- places ------------------------------------------------------------------------------ */

/* macOS is part of what the plan counts; runners are counted for themselves. */
static bool
plan_has_room(const struct engine *e, enum family family)
{
	if (family != FAMILY_RUNNER && e->running[FAMILY_CLOUD] >= e->limits[FAMILY_CLOUD])
		return false;
	return family == FAMILY_CLOUD || e->running[family] < e->limits[family];
}

static void
count(struct engine *e, struct pool *p, int by)
{
	p->running += by;
	e->tasks += by;
	if (p->family != FAMILY_RUNNER)
		e->running[FAMILY_CLOUD] += by;
	if (p->family != FAMILY_CLOUD)
		e->running[p->family] += by;
}

void
pool_leave(struct engine *e, uint32_t pool, uint32_t place)
{
	count(e, &e->pools.v[pool], -1);
	place_left(e, place);
}

/* The gates that a task of the pool is about to go through. */
static void
go_through(struct engine *e, const struct pool *p, uint32_t place)
{
	place_through(e, place, p->gate, p->limit - p->running);
	if (p->family != FAMILY_RUNNER)
		place_through(
			e, place, FAMILY_CLOUD, e->limits[FAMILY_CLOUD] - e->running[FAMILY_CLOUD]);
	if (p->family != FAMILY_CLOUD)
		place_through(e, place, p->family, e->limits[p->family] - e->running[p->family]);
}

/* Who stands behind it in line: in its own pool, and where more than the pool is full in all. */
static void
look_behind(struct engine *e, const struct pool *p, const struct waiting *w, uint32_t place)
{
	bool all = !plan_has_room(e, p->family);
	struct waiting late = *w;
	for (uint32_t i = 0; i < e->pools.n; i++) {
		const struct pool *other = &e->pools.v[i];
		if (!other->queue.n || (other != p && !all))
			continue;
		late.since = other->queue.v[0].since;
		place_before(e, place, late.since - !waits_before(&late, &other->queue.v[0]));
	}
}

/* Does it still wait? Its workflow may have been canceled. */
static bool
is_stale(const struct engine *e, const struct waiting *w)
{
	const struct flow *f = &e->flows.v[w->flow];
	const struct node_state *n = &f->nodes[w->node];
	return f->attempt != w->attempt || n->phase != PHASE_ACTIVE ||
	       n->tasks[w->task].phase != TASK_WAITS;
}

static struct pool *
next_pool(struct engine *e)
{
	struct pool *best = NULL;
	for (uint32_t i = 0; i < e->pools.n; i++) {
		struct pool *p = &e->pools.v[i];
		while (p->queue.n && is_stale(e, &p->queue.v[0]))
			take_first(p);
		if (!p->queue.n || p->running >= p->limit || !plan_has_room(e, p->family))
			continue;
		if (!best || waits_before(&p->queue.v[0], &best->queue.v[0]))
			best = p;
	}
	return best;
}

void
pools_dispatch(struct engine *e)
{
	for (struct pool *p; (p = next_pool(e));) {
		struct waiting w = take_first(p);
		uint32_t place = place_got(e, &w, EVENT_PLACED);
		go_through(e, p, place);
		count(e, p, 1);
		look_behind(e, p, &w, place);
		if (e->tasks > e->result->peak)
			e->result->peak = (uint32_t)e->tasks;
		task_placed(e, &w, p->full, place);
	}
	for (uint32_t i = 0; i < e->pools.n; i++) {
		struct pool *p = &e->pools.v[i];
		if (!plan_has_room(e, p->family))
			p->full = SIM_WAIT_PLAN;
		else if (p->family == FAMILY_RUNNER)
			p->full = SIM_WAIT_AGENT;
		else
			p->full = SIM_WAIT_CLASS;
	}
}
