/* SPDX-License-Identifier: MIT */
/* What ccx played, beside what the naive simulator says; and what it costs, counted anew. */
#include "sim_case.h"

#include <stdio.h>

/* ---- times and statuses ------------------------------------------------------------------ */

static int64_t
ms_of(int64_t seconds)
{
	return seconds == SIM_NEVER ? SIM_NEVER : seconds * SECOND_MS;
}

static bool
differs(struct case_played *p, const struct sim_job_run *run, const struct ref_run *ref)
{
	if (!p->fault.len)
		p->fault = str_printf(p->a,
			"case %llu: %.*s, attempt %u: %s %lld..%lld, %u tasks; the reference: %s "
			"%lld..%lld, %u tasks",
			(unsigned long long)p->c->seed, STR_ARG(run->node->name), run->attempt,
			job_status_names[run->status], (long long)run->start, (long long)run->end,
			run->ntasks, job_status_names[ref->status], (long long)ms_of(ref->start),
			(long long)ms_of(ref->end), ref->ntasks);
	return false;
}

static bool
same_run(struct case_played *p, const struct sim_job_run *run, const struct ref_run *ref)
{
	if (run->status != ref->status || run->start != ms_of(ref->start) ||
		run->end != ms_of(ref->end) || run->attempt != ref->attempt ||
		run->ntasks != ref->ntasks)
		return differs(p, run, ref);
	for (uint32_t i = 0; i < run->ntasks; i++) {
		const struct sim_task_run *x = &run->tasks[i];
		const struct ref_task *y = &ref->tasks[i];
		/* What was canceled while it waited has no place of its own. */
		bool placed = y->slot >= 0;
		if ((placed && x->slot != ms_of(y->slot)) || x->start != ms_of(y->start) ||
			x->end != ms_of(y->end) || x->status != y->status)
			return differs(p, run, ref);
	}
	return true;
}

static bool
same_flow(struct case_played *p, const struct sim_workflow_run *w, const struct ref_flow *ref)
{
	for (uint32_t i = 0; i < w->njobs && i < ref->runs.n; i++)
		if (w->jobs[i].node - w->workflow->nodes != ref->runs.v[i].node ||
			!same_run(p, &w->jobs[i], &ref->runs.v[i]))
			return differs(p, &w->jobs[i], &ref->runs.v[i]);
	if (w->njobs == ref->runs.n && w->status == ref->status && w->end == ms_of(ref->end))
		return true;
	p->fault = str_printf(p->a,
		"case %llu: %.*s of %lld: status %d, %u jobs, up to %lld; the reference: %d, %u, "
		"%lld",
		(unsigned long long)p->c->seed, STR_ARG(w->workflow->name), (long long)w->start,
		w->status, w->njobs, (long long)w->end, ref->status, ref->runs.n,
		(long long)ms_of(ref->end));
	return false;
}

bool
check_reference(struct case_played *p, const struct ref_result *r)
{
	for (unsigned i = 0; i < p->c->npushes; i++)
		for (uint32_t k = 0; k < p->result->pipelines[i].nworkflows; k++)
			if (!same_flow(p, &p->result->pipelines[i].workflows[k], &r->flows[i][k]))
				return false;
	return true;
}

/* ---- credits ----------------------------------------------------------------------------- */

static const struct resource_class *
class_of(const struct case_node *n)
{
	static const struct {
		enum executor_kind kind;
		const char *name;
	} classes[ON_COUNT] = {{EXECUTOR_DOCKER, "small"}, {EXECUTOR_DOCKER, "medium"},
		{EXECUTOR_MACHINE, "medium"}, {EXECUTOR_MACOS, "m4pro.medium"}};
	if (case_machines[n->machine].runner)
		return NULL;
	return catalog_class(
		classes[n->machine].kind, str_of(classes[n->machine].name), catalog_as_of());
}

/* Seconds begun times the rate of a minute, credits begun: milli-credits. */
static int64_t
task_credits(const struct resource_class *class, const struct sim_task_run *t)
{
	int64_t seconds = 0, credits = 0;
	while (seconds * SECOND_MS < t->end - t->start)
		seconds++;
	while (class && credits * 60 * 1000 < seconds * class->rate)
		credits++;
	return credits * 1000;
}

static int64_t
run_credits(const struct case_flow *flow, const struct sim_workflow_run *w, uint32_t run)
{
	const struct sim_job_run *job = &w->jobs[run];
	int64_t sum = 0;
	for (uint32_t i = 0; i < job->ntasks; i++)
		sum += task_credits(
			class_of(&flow->nodes[job->node - w->workflow->nodes]), &job->tasks[i]);
	return sum;
}

static bool
check_flow_cost(struct case_played *p, const struct case_flow *flow, const struct cost_workflow *c)
{
	int64_t all = 0;
	for (uint32_t i = 0; i < c->njobs; i++) {
		int64_t sum = 0;
		for (uint32_t k = 0; k < c->run->njobs; k++)
			if (c->run->jobs[k].node == c->jobs[i].node)
				sum += run_credits(flow, c->run, k);
		all += sum;
		if (sum == c->jobs[i].sum.total.milli)
			continue;
		p->fault = str_printf(p->a, "case %llu: %.*s costs %lld, not %lld",
			(unsigned long long)p->c->seed, STR_ARG(c->jobs[i].node->name),
			(long long)c->jobs[i].sum.total.milli, (long long)sum);
		return false;
	}
	for (uint32_t k = 0; k < c->run->njobs; k++)
		all -= run_credits(flow, c->run, k);
	if (all || c->sum.total.at_least) {
		p->fault = str_printf(p->a, "case %llu: some job of %.*s costs nothing",
			(unsigned long long)p->c->seed, STR_ARG(c->run->workflow->name));
		return false;
	}
	return true;
}

static bool
adds_up(struct case_played *p, const char *what, int64_t sum, const struct cost_sum *said)
{
	int64_t kinds = 0;
	for (int i = 0; i < COST_KIND_COUNT; i++)
		kinds += said->kinds[i].milli;
	if (sum == said->total.milli && kinds == sum)
		return true;
	p->fault = str_printf(p->a, "case %llu: %s costs %lld, its parts %lld, its kinds %lld",
		(unsigned long long)p->c->seed, what, (long long)said->total.milli, (long long)sum,
		(long long)kinds);
	return false;
}

bool
check_cost(struct case_played *p)
{
	struct cost_options o = {.world = p->options.world};
	const struct cost *cost = cost_of(p->a, p->result, &o);
	int64_t all = 0;
	for (unsigned i = 0; i < p->c->npushes; i++) {
		const struct case_config *config = &p->c->configs[p->c->pushes[i].config];
		const struct cost_pipeline *pipeline = &cost->pipelines[i];
		int64_t sum = 0;
		for (uint32_t k = 0; k < pipeline->nworkflows; k++) {
			const struct cost_workflow *w = &pipeline->workflows[k];
			int64_t jobs = 0;
			for (uint32_t j = 0; j < w->njobs; j++)
				jobs += w->jobs[j].sum.total.milli;
			if (!check_flow_cost(p, &config->flows[k], w) ||
				!adds_up(p, "a workflow", jobs, &w->sum))
				return false;
			sum += jobs;
		}
		if (!adds_up(p, "a pipeline", sum, &pipeline->sum))
			return false;
		all += sum;
	}
	return adds_up(p, "all", all, &cost->sum);
}
