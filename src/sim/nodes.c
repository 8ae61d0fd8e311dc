/* SPDX-License-Identifier: MIT */
/*
 * The life of a node: it waits for what it requires, may wait for its serial group, runs, ends, and
 * what requires it is told. It is ready when all that it requires has ended with a status that it
 * accepts, and not_run as soon as one of them has ended with another.
 */
#include "ccx/sim.h"

#include "engine.h"

struct sim_job_run *
node_run(struct engine *e, uint32_t flow, uint32_t node)
{
	struct flow *f = &e->flows.v[flow];
	return &f->run->jobs[f->nodes[node].run];
}

/* ---- starting ---------------------------------------------------------------------------- */

static void
start_tasks(struct engine *e, uint32_t flow, uint32_t node)
{
	struct flow *f = &e->flows.v[flow];
	const struct sim_job *job = f->run->workflow->nodes[node].job;
	struct node_state *n = &f->nodes[node];
	struct sim_job_run *run = node_run(e, flow, node);
	run->ntasks = n->open = job->parallelism;
	run->tasks = NEW_ARRAY(e->a, struct sim_task_run, run->ntasks);
	n->tasks = NEW_ARRAY(e->a, struct task_state, run->ntasks);
	struct sim_step_run *steps =
		NEW_ARRAY(e->a, struct sim_step_run, (size_t)run->ntasks * job->nsteps + 1);
	n->phase = PHASE_ACTIVE;
	for (uint32_t i = 0; i < run->ntasks; i++) {
		run->tasks[i].slot = SIM_NEVER;
		run->tasks[i].from = SIM_NOBODY;
		run->tasks[i].steps = steps + (size_t)i * job->nsteps;
		run->tasks[i].nsteps = job->nsteps;
		pool_wait(e, f->plan->nodes[node].pool,
			(struct waiting){e->now, flow, node, i, f->attempt});
	}
}

/* hold: {type: approval}, and what takes no machine but may take time (release). */
static void
start_delay(struct engine *e, uint32_t flow, uint32_t node)
{
	struct flow *f = &e->flows.v[flow];
	const struct node_plan *plan = &f->plan->nodes[node];
	f->nodes[node].phase = PHASE_ASKED;
	if (plan->delay == SIM_NEVER) {
		f->asked++;
		return;
	}
	node_run(e, flow, node)->assumed = plan->assumed;
	e->result->assumed = e->result->assumed || plan->assumed;
	tick_push(e, (struct tick){.at = e->now + plan->delay,
			     .flow = flow,
			     .node = node,
			     .attempt = f->attempt,
			     .kind = TICK_NODE});
}

void
node_granted(struct engine *e, uint32_t flow, uint32_t node)
{
	if (e->flows.v[flow].run->workflow->nodes[node].kind == SIM_LOCK)
		node_end(e, flow, node, JOB_SUCCESS, STR(""));
	else
		start_tasks(e, flow, node);
}

void
node_ready(struct engine *e, uint32_t flow, uint32_t node)
{
	struct flow *f = &e->flows.v[flow];
	const struct sim_node *n = &f->run->workflow->nodes[node];
	struct sim_job_run *run = node_run(e, flow, node);
	run->ready = run->start = e->now;
	event_add(e, flow, f->nodes[node].run, EVENT_READY, SIM_NOBODY);
	/* What begins an attempt of the workflow has only the one before to thank for it. */
	bool told = run->by != SIM_NOBODY && f->run->jobs[run->by].attempt == run->attempt;
	run->wait = told ? SIM_WAIT_REQUIRES : SIM_WAIT_NOTHING;
	if (f->plan->nodes[node].unauthorized) {
		node_end(e, flow, node, JOB_UNAUTHORIZED, STR("a context refuses it"));
		return;
	}
	switch (n->kind) {
	case SIM_JOB:
		if (n->serial.len)
			serial_enter(e, flow, node);
		else
			start_tasks(e, flow, node);
		break;
	case SIM_APPROVAL:
	case SIM_NO_OP:
		start_delay(e, flow, node);
		break;
	case SIM_LOCK:
		serial_enter(e, flow, node);
		break;
	case SIM_UNLOCK:
		serial_unlock(e, flow, node);
		node_end(e, flow, node, JOB_SUCCESS, STR(""));
		break;
	}
}

/* ---- ending ------------------------------------------------------------------------------ */

void
node_end(struct engine *e, uint32_t flow, uint32_t node, enum job_status status, struct str why)
{
	struct flow *f = &e->flows.v[flow];
	struct node_state *n = &f->nodes[node];
	struct sim_job_run *run = node_run(e, flow, node);
	bool began = n->phase == PHASE_ASKED || (n->phase == PHASE_ACTIVE && n->placed);
	run->status = status;
	run->why = why;
	run->end = e->now;
	if (n->phase == PHASE_BLOCKED) {
		run->ready = e->now;
		event_add(e, flow, n->run, EVENT_READY, SIM_NOBODY);
	}
	if (!began)
		run->start = e->now;
	n->phase = PHASE_FINAL;
	n->status = (uint8_t)status;
	if (n->locked && f->run->workflow->nodes[node].kind == SIM_JOB)
		serial_leave(e, flow, node);
	struct node_ref ref = {flow, node};
	vec_push(e->a, &e->ended, ref);
	if (!--f->open && !f->ending) {
		f->ending = true;
		vec_push(e->a, &e->ending, flow);
	}
}

/* How an approval or no-op ends. */
void
node_tick(struct engine *e, const struct tick *tick)
{
	struct flow *f = &e->flows.v[tick->flow];
	if (f->attempt != tick->attempt || f->nodes[tick->node].phase != PHASE_ASKED)
		return;
	const struct outcomes *o = &f->plan->nodes[tick->node].outcomes;
	if (attempt_in(o->cancel, tick->attempt))
		node_end(e, tick->flow, tick->node, JOB_CANCELED, STR("canceled"));
	else if (attempt_in(o->fail | o->timeout, tick->attempt))
		node_end(e, tick->flow, tick->node, JOB_FAILED, STR(""));
	else
		node_end(e, tick->flow, tick->node, JOB_SUCCESS, STR(""));
}

static void
cancel_tasks(struct engine *e, uint32_t flow, uint32_t node)
{
	struct sim_job_run *run = node_run(e, flow, node);
	for (uint32_t i = 0; i < run->ntasks; i++)
		task_cancel(e, flow, node, i);
	if (!e->flows.v[flow].nodes[node].placed)
		run->ntasks = 0;
}

void
node_cancel(struct engine *e, uint32_t flow, uint32_t node, struct str why)
{
	struct node_state *n = &e->flows.v[flow].nodes[node];
	if (n->phase == PHASE_FINAL)
		return;
	if (n->phase == PHASE_ACTIVE)
		cancel_tasks(e, flow, node);
	node_end(e, flow, node, JOB_CANCELED, why);
}

/* ---- telling ----------------------------------------------------------------------------- */

static struct str
refusal(struct engine *e, const struct flow *f, uint32_t node)
{
	static const char *const words[JOB_STATUS_COUNT] = {[JOB_SUCCESS] = "succeeded",
		[JOB_FAILED] = "failed",
		[JOB_CANCELED] = "was canceled",
		[JOB_UNAUTHORIZED] = "was not authorized",
		[JOB_NOT_RUN] = "did not run"};
	return str_printf(e->a, "%.*s %s", STR_ARG(f->run->workflow->nodes[node].name),
		words[f->nodes[node].status]);
}

static void
tell(struct engine *e, uint32_t flow, uint32_t from, uint32_t edge)
{
	struct flow *f = &e->flows.v[flow];
	const struct onward *onward = &f->plan->onward;
	uint32_t node = onward->next[edge];
	struct node_state *n = &f->nodes[node];
	if (n->phase != PHASE_BLOCKED)
		return;
	node_run(e, flow, node)->by = f->nodes[from].run;
	if (!(onward->accepts[edge] >> f->nodes[from].status & 1))
		node_end(e, flow, node, JOB_NOT_RUN, refusal(e, f, from));
	else if (!--n->waits)
		node_ready(e, flow, node);
}

/* Two lists grow while they are worked off: nodes that ended, and flows of which that was the last
 * node. A flow is looked at only when nobody is left to tell: it may run again. */
void
nodes_settle(struct engine *e)
{
	for (;;) {
		while (e->passed < e->ended.n) {
			struct node_ref ref = e->ended.v[e->passed++];
			const struct onward *onward = &e->flows.v[ref.flow].plan->onward;
			for (uint32_t i = onward->first[ref.node]; i < onward->first[ref.node + 1];
				i++)
				tell(e, ref.flow, ref.node, i);
		}
		e->passed = e->ended.n = 0;
		if (!e->ending.n)
			return;
		flow_ended(e, e->ending.v[--e->ending.n]);
	}
}
