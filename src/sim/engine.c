/* SPDX-License-Identifier: MIT */
/* The engine's clock: from instant to instant until nothing is left that could happen. */
#include "ccx/sim.h"

#include "ccx/limits.h"

#include "engine.h"

void
engine_find(struct engine *e, struct span span, struct str text)
{
	struct sim_finding finding = {span, text};
	vec_push(e->a, &e->findings, finding);
}

/* ---- how much it is ---------------------------------------------------------------------- */

/* Steps that are played at most, each job counted as one more; stops beyond the limit. */
static uint64_t
workflow_size(const struct sim_workflow *w)
{
	uint64_t sum = 0;
	for (uint32_t i = 0; i < w->nnodes && sum <= LIMIT_SIM_STEPS; i++) {
		const struct sim_job *job = w->nodes[i].job;
		sum += 1 + (job ? (uint64_t)job->parallelism * (job->nsteps + 1) : 0);
	}
	return sum * (w->reruns + 1);
}

uint64_t
sim_size(const struct sim_arrival *arrivals, uint32_t n)
{
	const struct sim_model *last = NULL;
	const struct sim_workflow *only = NULL;
	uint64_t sum = 0, one = 0;
	for (uint32_t i = 0; i < n && sum <= LIMIT_SIM_STEPS; i++) {
		const struct sim_model *m = arrivals[i].model;
		bool same = m == last && arrivals[i].only == only;
		last = m;
		only = arrivals[i].only;
		for (uint32_t k = same ? m->nworkflows : (one = 0); k < m->nworkflows; k++)
			if (only ? &m->workflows[k] == only : !m->workflows[k].triggers)
				one += workflow_size(&m->workflows[k]);
		sum += one + 1;
	}
	return sum;
}

static bool
tasks_fit(const struct sim_model *m, struct diag_list *d)
{
	bool ok = true;
	for (uint32_t i = 0; i < m->njobs; i++) {
		const struct sim_job *job = &m->jobs[i];
		if (job->parallelism <= LIMIT_SIM_TASKS)
			continue;
		diag_push(d, RULE_TOO_LARGE, job->parallelism_span,
			"job \"%.*s\" has more than %d parallel tasks: ccx simulates no more",
			STR_ARG(job->name), LIMIT_SIM_TASKS);
		ok = false;
	}
	return ok;
}

bool
sim_fits(const struct sim_arrival *arrivals, uint32_t n, struct diag_list *d)
{
	const struct sim_model *last = NULL;
	bool ok = true;
	if (n > LIMIT_SIM_PIPELINES) {
		diag_push(d, RULE_TOO_LARGE, (struct span){0},
			"more than %d pipelines: ccx simulates no more at a time",
			LIMIT_SIM_PIPELINES);
		return false;
	}
	for (uint32_t i = 0; i < n && ok; i++)
		if (arrivals[i].model != last)
			ok = tasks_fit(last = arrivals[i].model, d);
	if (!ok || sim_size(arrivals, n) <= LIMIT_SIM_STEPS)
		return ok;
	diag_push(d, RULE_TOO_LARGE, (struct span){0},
		"more than %d steps in all pipelines: ccx simulates no more at a time",
		LIMIT_SIM_STEPS);
	return false;
}

/* ---- the clock --------------------------------------------------------------------------- */

static void
handle(struct engine *e, const struct tick *tick)
{
	switch (tick->kind) {
	case TICK_TASK:
		task_tick(e, tick);
		break;
	case TICK_NODE:
		node_tick(e, tick);
		break;
	case TICK_SERIAL:
		serial_expired(e, tick);
		break;
	}
	nodes_settle(e);
}

/* Ticks that nobody cares about any more do not move the clock. */
static bool
is_stale(const struct engine *e, const struct tick *tick)
{
	const struct flow *f = &e->flows.v[tick->flow];
	if (f->over || f->attempt != tick->attempt)
		return true;
	enum node_phase phase = f->nodes[tick->node].phase;
	return phase != (tick->kind == TICK_TASK          ? PHASE_ACTIVE
				: tick->kind == TICK_NODE ? PHASE_ASKED
							  : PHASE_SERIAL);
}

static void
play(struct engine *e, uint32_t n)
{
	struct tick tick;
	for (uint32_t arrived = 0;;) {
		int64_t next = tick_next(e);
		if (arrived < n && e->result->pipelines[arrived].arrival->at < next)
			next = e->result->pipelines[arrived].arrival->at;
		if (next == SIM_NEVER)
			break;
		e->now = next;
		while (tick_pop(e, next, &tick))
			if (!is_stale(e, &tick))
				handle(e, &tick);
		for (; arrived < n && e->result->pipelines[arrived].arrival->at == next;
			arrived++) {
			flows_start(e, arrived);
			nodes_settle(e);
		}
		pools_dispatch(e);
	}
}

/* ---- the result -------------------------------------------------------------------------- */

static void
sum_up(struct engine *e)
{
	struct sim_result *r = e->result;
	for (uint32_t i = 0; i < r->npipelines; i++)
		if (r->pipelines[i].end > r->makespan)
			r->makespan = r->pipelines[i].end;
	paths_find(e);
	caches_check(e);
	r->findings = e->findings.v;
	r->nfindings = e->findings.n;
	r->caches = e->caches.v;
	r->ncaches = e->caches.n;
}

struct sim_result *
sim_run(struct arena *a, const struct sim_arrival *arrivals, uint32_t n,
	const struct sim_options *options)
{
	struct engine *e = NEW(a, struct engine);
	e->a = a;
	e->options = options;
	e->scenario = options->scenario ? options->scenario : scenario_new(a);
	e->result = NEW(a, struct sim_result);
	e->result->npipelines = n;
	e->result->pipelines = NEW_ARRAY(a, struct sim_pipeline_run, n + 1);
	for (uint32_t i = 0; i < n; i++)
		e->result->pipelines[i] =
			(struct sim_pipeline_run){.arrival = &arrivals[i], .number = i + 1};
	pools_init(e);
	caches_init(e);
	if (n && e->scenario->mode == CACHES_WARM)
		caches_warm(e, &arrivals[0]);
	play(e, n);
	flows_finish(e);
	sum_up(e);
	return e->result;
}
