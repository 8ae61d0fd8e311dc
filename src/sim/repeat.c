/* SPDX-License-Identifier: MIT */
/* Many runs with drawn durations and failures, and what they come to. */
#include "ccx/sim.h"

#include "ccx/limits.h"

#include "engine.h"

#include <stdlib.h>

struct samples {
	VEC(int64_t) all;
};

struct gathering {
	struct arena *a;
	struct sim_summary *summary;
	const struct sim_model *model;
	struct samples makespan, *time, *queued; /* in step with the odds */
	uint32_t *first;                         /* of each workflow, its number in the odds */
};

/* ---- quantiles --------------------------------------------------------------------------- */

static int
by_size(const void *x, const void *y)
{
	const int64_t *p = x, *q = y;
	return *p < *q ? -1 : *p > *q;
}

/* What percent of all do not exceed: the least one of which that is so. */
static int64_t
quantile(const struct samples *s, uint64_t percent)
{
	uint64_t rank = (s->all.n * percent + 99) / 100;
	return s->all.v[rank ? rank - 1 : 0];
}

static struct sim_spread
spread_of(struct samples *s)
{
	struct sim_spread spread = {0};
	int64_t rest = 0;
	if (!s->all.n)
		return spread;
	qsort(s->all.v, s->all.n, sizeof *s->all.v, by_size);
	for (uint32_t i = 0; i < s->all.n; i++) {
		spread.mean += s->all.v[i] / s->all.n;
		rest += s->all.v[i] % s->all.n;
	}
	spread.mean += rest / s->all.n;
	spread.p5 = quantile(s, 5);
	spread.p50 = quantile(s, 50);
	spread.p95 = quantile(s, 95);
	return spread;
}

/* ---- one run ----------------------------------------------------------------------------- */

static void
gather_job(struct gathering *g, uint32_t odds, const struct sim_job_run *run)
{
	struct sim_odds *o = &g->summary->odds[odds];
	if (run->end == SIM_NEVER || (!run->ntasks && run->end == run->start))
		return;
	o->played++;
	o->succeeded += run->status == JOB_SUCCESS;
	vec_push(g->a, &g->time[odds].all, run->end - run->ready);
	if (run->ntasks)
		vec_push(g->a, &g->queued[odds].all, run->start - run->ready);
}

static void
gather_workflow(struct gathering *g, const struct sim_workflow_run *w)
{
	uint32_t odds = g->first[w->workflow - g->model->workflows];
	struct sim_odds *o = &g->summary->odds[odds];
	if (w->status == SIM_WORKFLOW_ON_HOLD || w->status == SIM_WORKFLOW_NOT_RUN)
		return;
	o->played++;
	o->succeeded += w->status == SIM_WORKFLOW_SUCCESS;
	vec_push(g->a, &g->time[odds].all, w->end - w->start);
	for (uint32_t i = 0; i < w->njobs; i++)
		gather_job(g, odds + 1 + (uint32_t)(w->jobs[i].node - w->workflow->nodes),
			&w->jobs[i]);
}

static void
gather(struct gathering *g, const struct sim_result *r)
{
	vec_push(g->a, &g->makespan.all, r->makespan);
	g->summary->assumed = g->summary->assumed || r->assumed;
	for (uint32_t i = 0; i < r->npipelines; i++)
		for (uint32_t k = 0; k < r->pipelines[i].nworkflows; k++)
			gather_workflow(g, &r->pipelines[i].workflows[k]);
}

/* ---- all runs ---------------------------------------------------------------------------- */

static struct gathering
gathering_of(struct arena *a, const struct sim_model *m, uint32_t runs)
{
	struct gathering g = {.a = a, .summary = NEW(a, struct sim_summary), .model = m};
	uint32_t n = 0;
	for (uint32_t i = 0; i < m->nworkflows; i++)
		n += 1 + m->workflows[i].nnodes;
	g.summary->runs = runs;
	g.summary->nodds = n;
	g.summary->odds = NEW_ARRAY(a, struct sim_odds, n + 1);
	g.time = NEW_ARRAY(a, struct samples, n + 1);
	g.queued = NEW_ARRAY(a, struct samples, n + 1);
	g.first = NEW_ARRAY(a, uint32_t, m->nworkflows + 1);
	n = 0;
	for (uint32_t i = 0; i < m->nworkflows; i++) {
		const struct sim_workflow *w = &m->workflows[i];
		g.first[i] = n;
		g.summary->odds[n++].workflow = w;
		for (uint32_t k = 0; k < w->nnodes; k++, n++) {
			g.summary->odds[n].workflow = w;
			g.summary->odds[n].node = &w->nodes[k];
		}
	}
	return g;
}

static bool
fits(const struct sim_arrival *arrivals, uint32_t n, uint32_t runs)
{
	const struct sim_model *m = arrivals[0].model;
	uint64_t samples = 1;
	for (uint32_t i = 0; i < m->nworkflows; i++)
		samples += 1 + 2 * (uint64_t)m->workflows[i].nnodes;
	return samples * n <= LIMIT_SIM_SAMPLES / runs &&
	       sim_size(arrivals, n) <= LIMIT_SIM_REPEATS / runs;
}

uint64_t
sim_run_seed(uint64_t seed, uint64_t run)
{
	const uint64_t numbers[] = {0x72756eu, run}; /* of runs */
	return sim_draw(seed, numbers, 2);
}

struct sim_summary *
sim_repeat(struct arena *a, const struct sim_arrival *arrivals, uint32_t n,
	const struct sim_options *options, uint32_t runs)
{
	struct sim_options one = *options;
	if (!n || !runs || !fits(arrivals, n, runs))
		return NULL;
	struct gathering g = gathering_of(a, arrivals[0].model, runs);
	one.sampled = true;
	for (uint64_t i = 0; i < runs; i++) {
		one.seed = sim_run_seed(options->seed, i);
		struct arena *scratch = arena_new();
		gather(&g, sim_run(scratch, arrivals, n, &one));
		arena_free(scratch);
	}
	g.summary->makespan = spread_of(&g.makespan);
	for (uint32_t i = 0; i < g.summary->nodds; i++) {
		g.summary->odds[i].time = spread_of(&g.time[i]);
		g.summary->odds[i].queued = spread_of(&g.queued[i]);
	}
	return g.summary;
}
