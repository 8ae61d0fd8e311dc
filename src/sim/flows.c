/* SPDX-License-Identifier: MIT */
/*
 * The life of a workflow: all that a pipeline plays start together. When its last node has ended,
 * its status is told from those of its nodes; one that failed and has auto-reruns left runs again
 * from where it failed, at once. What waits for an approval that never comes is on hold.
 */
#include "ccx/sim.h"

#include "engine.h"

#include <string.h>

/* ---- starting ---------------------------------------------------------------------------- */

static void
start_flow(struct engine *e, uint32_t pipeline, struct sim_workflow_run *run,
	const struct flow_plan *plan)
{
	const struct sim_workflow *w = plan->workflow;
	struct flow f = {.run = run,
		.plan = plan,
		.pipeline = pipeline,
		.attempt = 1,
		.happened = SIM_NOBODY};
	*run = (struct sim_workflow_run){
		.workflow = w, .start = e->now, .end = e->now, .njobs = w->nnodes};
	run->jobs = NEW_ARRAY(e->a, struct sim_job_run, w->nnodes + 1);
	f.nodes = NEW_ARRAY(e->a, struct node_state, w->nnodes + 1);
	f.open = w->nnodes;
	for (uint32_t i = 0; i < w->nnodes; i++) {
		f.nodes[i] = (struct node_state){.run = i, .waits = w->nodes[i].nrequires};
		run->jobs[i] = (struct sim_job_run){
			.node = &w->nodes[i], .attempt = 1, .by = SIM_NOBODY, .turn = SIM_NOBODY};
	}
	vec_push(e->a, &e->flows, f);
	uint32_t flow = e->flows.n - 1;
	for (uint32_t i = 0; i < w->nnodes; i++)
		if (!w->nodes[i].nrequires)
			node_ready(e, flow, i);
}

/* Whatever of the branch has not ended: a pipeline before the last one has been canceled by that.
 * Workflows of a schedule are not. */
static void
cancel_branch(struct engine *e, uint32_t pipeline, const uint32_t *older)
{
	struct str why = str_printf(e->a, "pipeline %u was pushed to the same branch",
		e->result->pipelines[pipeline].number);
	uint32_t flow = older[1];
	for (uint32_t i = 0; i < e->result->pipelines[older[0]].nworkflows; i++, flow++) {
		struct flow *f = &e->flows.v[flow];
		if (f->over || !f->open)
			continue;
		f->canceled = true;
		for (uint32_t k = 0; k < f->run->workflow->nnodes; k++)
			node_cancel(e, flow, k, why);
	}
}

static void
cancel_redundant(struct engine *e, uint32_t pipeline)
{
	const struct sim_arrival *arrival = e->result->pipelines[pipeline].arrival;
	if (!e->scenario->auto_cancel || !arrival->branch.len || arrival->only ||
		str_eq(arrival->branch, e->scenario->default_branch))
		return;
	/* The last pipeline of the branch and its first flow. */
	uint32_t *last = map_get(&e->branches, arrival->branch);
	if (last)
		cancel_branch(e, pipeline, last);
	else
		map_put(e->a, &e->branches, arrival->branch, last = NEW_ARRAY(e->a, uint32_t, 2));
	last[0] = pipeline;
	last[1] = e->flows.n;
}

void
flows_start(struct engine *e, uint32_t pipeline)
{
	struct sim_pipeline_run *run = &e->result->pipelines[pipeline];
	const struct sim_arrival *arrival = run->arrival;
	const struct model_plan *plan = plan_model(e, arrival->model);
	cancel_redundant(e, pipeline);
	run->workflows = NEW_ARRAY(e->a, struct sim_workflow_run, arrival->model->nworkflows + 1);
	for (uint32_t i = 0; i < arrival->model->nworkflows; i++) {
		const struct sim_workflow *w = &arrival->model->workflows[i];
		if (arrival->only ? w == arrival->only : !w->triggers)
			start_flow(
				e, pipeline, &run->workflows[run->nworkflows++], &plan->flows[i]);
	}
	run->end = e->now;
}

/* ---- reruns ------------------------------------------------------------------------------ */

/*
 * Rerun from failed: jobs that failed run again, and what they kept from running: whatever did not
 * succeed and requires, over any number of jobs, one that runs again. All else is kept, jobs too
 * that ran because one failed. A lock whose group runs again is taken again, and given back.
 */
static uint32_t
choose_again(const struct flow *f, bool *again)
{
	const struct sim_workflow *w = f->run->workflow;
	uint32_t n = 0;
	for (uint32_t i = 0; i < w->nnodes; i++) {
		uint32_t node = w->order[i];
		enum job_status status = f->nodes[node].status;
		again[node] = status == JOB_FAILED;
		for (uint32_t k = 0; k < w->nodes[node].nrequires && status != JOB_SUCCESS; k++)
			again[node] = again[node] || again[w->nodes[node].requires[k].from];
	}
	for (uint32_t i = w->nnodes; f->plan->locks && i-- > 0;) {
		uint32_t node = w->order[i];
		const struct onward *o = &f->plan->onward;
		for (uint32_t k = o->first[node];
			w->nodes[node].kind == SIM_LOCK && k < o->first[node + 1]; k++)
			again[node] = again[node] || again[o->next[k]];
		for (uint32_t k = 0;
			again[node] && w->nodes[node].kind == SIM_LOCK && k < w->nnodes; k++)
			if (w->nodes[k].kind == SIM_UNLOCK &&
				str_eq(w->nodes[k].serial, w->nodes[node].serial))
				again[k] = true;
	}
	for (uint32_t i = 0; i < w->nnodes; i++)
		n += again[i];
	return n;
}

/* Room for the job runs of another attempt behind those that are there. */
static void
add_runs(struct engine *e, struct flow *f, uint32_t more)
{
	struct sim_workflow_run *run = f->run;
	struct sim_job_run *jobs = NEW_ARRAY(e->a, struct sim_job_run, run->njobs + more);
	memcpy(jobs, run->jobs, run->njobs * sizeof *jobs);
	run->jobs = jobs;
}

/* The job run that ended last: the next attempt begins because of it. */
static uint32_t
last_run(const struct sim_workflow_run *run)
{
	uint32_t last = 0;
	for (uint32_t i = 1; i < run->njobs; i++)
		if (run->jobs[i].end > run->jobs[last].end)
			last = i;
	return last;
}

/* A kept upstream has its status: it counts at once. */
static void
wait_again(struct flow *f, uint32_t node, const bool *again)
{
	const struct sim_node *n = &f->run->workflow->nodes[node];
	struct node_state *state = &f->nodes[node];
	state->waits = 0;
	for (uint32_t i = 0; i < n->nrequires; i++)
		state->waits += again[n->requires[i].from];
}

static bool
is_refused(const struct flow *f, uint32_t node, const bool *again)
{
	const struct sim_node *n = &f->run->workflow->nodes[node];
	for (uint32_t i = 0; i < n->nrequires; i++)
		if (!again[n->requires[i].from] &&
			!(n->requires[i].accepts >> f->nodes[n->requires[i].from].status & 1))
			return true;
	return false;
}

static void
run_again(struct engine *e, uint32_t flow, const bool *again, uint32_t n)
{
	struct flow *f = &e->flows.v[flow];
	struct sim_workflow_run *run = f->run;
	uint32_t because = last_run(run);
	add_runs(e, f, n);
	f->attempt++;
	f->open = n;
	f->ending = false;
	for (uint32_t i = 0; i < run->workflow->nnodes; i++) {
		if (!again[i])
			continue;
		f->nodes[i] = (struct node_state){.run = run->njobs};
		run->jobs[run->njobs++] = (struct sim_job_run){.node = &run->workflow->nodes[i],
			.attempt = f->attempt,
			.by = because,
			.turn = SIM_NOBODY,
			.ready = e->now};
		wait_again(f, i, again);
	}
	for (uint32_t i = 0; i < run->workflow->nnodes; i++) {
		if (!again[i] || f->nodes[i].phase != PHASE_BLOCKED)
			continue;
		if (is_refused(f, i, again))
			node_end(e, flow, i, JOB_NOT_RUN,
				STR("what it requires ended otherwise before"));
		else if (!f->nodes[i].waits)
			node_ready(e, flow, i);
	}
}

/* ---- ending ------------------------------------------------------------------------------ */

/* Unauthorized wins over failed, failed over canceled; jobs that did not run are no fault. */
static enum sim_workflow_status
status_of(const struct flow *f)
{
	bool seen[JOB_STATUS_COUNT] = {false};
	for (uint32_t i = 0; i < f->run->workflow->nnodes; i++)
		seen[f->nodes[i].status] = true;
	if (f->canceled)
		return SIM_WORKFLOW_CANCELED;
	if (seen[JOB_UNAUTHORIZED])
		return SIM_WORKFLOW_UNAUTHORIZED;
	if (seen[JOB_FAILED])
		return SIM_WORKFLOW_FAILED;
	if (seen[JOB_CANCELED])
		return SIM_WORKFLOW_CANCELED;
	return SIM_WORKFLOW_SUCCESS;
}

void
flow_ended(struct engine *e, uint32_t flow)
{
	struct flow *f = &e->flows.v[flow];
	uint32_t nodes = f->run->workflow->nnodes;
	serial_unlock_all(e, flow);
	f->run->status = status_of(f);
	f->run->end = e->now;
	e->result->pipelines[f->pipeline].end = e->now;
	if (f->run->status == SIM_WORKFLOW_FAILED && f->attempt <= f->run->workflow->reruns) {
		bool *again = NEW_ARRAY(e->a, bool, nodes + 1);
		uint32_t n = choose_again(f, again);
		run_again(e, flow, again, n);
		return;
	}
	f->over = true;
}

/* ---- what never comes to an end ---------------------------------------------------------- */

static void
finish_node(struct engine *e, struct flow *f, uint32_t node)
{
	struct node_state *n = &f->nodes[node];
	struct sim_job_run *run = &f->run->jobs[n->run];
	int64_t then = f->run->end;
	run->status = JOB_NOT_RUN;
	if (n->phase == PHASE_ASKED) {
		run->end = SIM_NEVER;
		run->why = STR("nobody approves it");
	} else if (n->phase == PHASE_BLOCKED) {
		run->ready = run->start = run->end = then;
		run->why = STR("what it requires never ends");
	} else {
		run->ntasks = 0;
		run->start = run->end = run->ready;
		run->why = n->phase == PHASE_SERIAL
				   ? STR("its serial group is never free")
				   : str_printf(e->a, "there is no place for %.*s at all",
					     STR_ARG(run->node->job->class_name));
	}
}

static int64_t
last_end(const struct sim_workflow_run *run)
{
	int64_t end = run->start;
	for (uint32_t i = 0; i < run->njobs; i++)
		if (run->jobs[i].end > end && run->jobs[i].end != SIM_NEVER)
			end = run->jobs[i].end;
	return end;
}

void
flows_finish(struct engine *e)
{
	for (uint32_t i = 0; i < e->flows.n; i++) {
		struct flow *f = &e->flows.v[i];
		if (f->over)
			continue;
		f->run->end = last_end(f->run);
		f->run->status = f->asked ? SIM_WORKFLOW_ON_HOLD : SIM_WORKFLOW_NOT_RUN;
		for (uint32_t k = 0; k < f->run->workflow->nnodes; k++)
			if (f->nodes[k].phase != PHASE_FINAL)
				finish_node(e, f, k);
		struct sim_pipeline_run *p = &e->result->pipelines[f->pipeline];
		if (f->run->end > p->end)
			p->end = f->run->end;
	}
}
