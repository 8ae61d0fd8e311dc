/* SPDX-License-Identifier: MIT */
/*
 * What happens inside of a task: it gets its place, starts up, plays its steps, ends. Steps are
 * played at once up to the next one that looks at the caches or changes them, which has to wait for
 * its time because other tasks do so too.
 *
 *   After a step has failed, steps with `when: always` and `on_fail` run, and those that keep
 *   results and artifacts; after a success, those for failures do not.
 *   A step that fails is tried again, as often as it says; a time out is a failure.
 *   A step that prints nothing is stopped after its no_output_timeout.
 *   Background steps begin in their turn and are stopped when the last step has ended; how they end
 *   does not matter to the job.
 *   A halt ends the task with success; nothing else runs.
 *   When the time limit of jobs is reached the task has failed, and nothing else runs.
 *
 * When a scenario or chance says no more than that a job fails, that happens in its first task, in
 * the step that node_plan calls target; when it is canceled, in all tasks at the end of that step.
 */
#include "ccx/sim.h"

#include "engine.h"

struct playing {
	struct engine *e;
	struct spot at;
	const struct node_plan *plan;
	struct task_state *state;
	struct sim_task_run *run;
	int64_t now, limit;
	struct outcomes outcomes; /* of this task */
};

/* ---- outcomes ---------------------------------------------------------------------------- */

/* How this attempt of the job ends in this task. */
static struct outcomes
task_outcomes(const struct engine *e, const struct spot *at, const struct node_plan *plan)
{
	struct outcomes o = {0};
	uint64_t bit = at->flow->attempt <= 64 ? (uint64_t)1 << (at->flow->attempt - 1) : 0;
	for (uint32_t i = 0; i < plan->tasks.n; i++)
		if (plan->tasks.v[i].number == at->task && plan->tasks.v[i].outcomes.said & bit)
			return plan->tasks.v[i].outcomes;
	o.cancel = plan->outcomes.cancel;
	if (at->task)
		return o;
	o = plan->outcomes;
	if (!(o.said & bit) && plan_job_fails(e, at))
		o.fail |= bit;
	return o;
}

static enum sim_end
step_outcome(const struct playing *p, unsigned attempt)
{
	const struct step_plan *step = &p->plan->steps[p->at.step];
	unsigned job = p->at.flow->attempt;
	if (p->at.step == p->plan->target) {
		if (attempt_in(p->outcomes.cancel, job))
			return SIM_STEP_CANCELED;
		if (attempt_in(p->outcomes.timeout, job))
			return SIM_STEP_TIMED_OUT;
		if (attempt_in(p->outcomes.fail, job))
			return SIM_STEP_FAILED;
	}
	if (attempt_in(step->timeout, attempt))
		return SIM_STEP_TIMED_OUT;
	if (attempt_in(step->fail, attempt) || plan_step_fails(p->e, &p->at, attempt))
		return SIM_STEP_FAILED;
	return SIM_STEP_SUCCESS;
}

/* ---- steps ------------------------------------------------------------------------------- */

static void
note_assumed(struct playing *p, struct sim_step_run *run)
{
	const struct step_plan *step = &p->plan->steps[p->at.step];
	run->assumed =
		run->assumed && run->end > run->start && !(step->on_hit != UNSAID && p->state->hit);
	p->e->result->assumed = p->e->result->assumed || run->assumed;
}

/* The attempts of a step from now on; false when the time limit ends it. */
static bool
play_attempts(struct playing *p, struct sim_step_run *run, int64_t first)
{
	const struct sim_step *step = run->step;
	for (unsigned attempt = 1;; attempt++) {
		int64_t ms = attempt == 1 ? first : plan_again(p->e, &p->at, attempt, first);
		run->attempts = attempt;
		run->how = step_outcome(p, attempt);
		if (run->how == SIM_STEP_TIMED_OUT)
			ms = step->no_output;
		if (ms > p->limit - p->now)
			return false;
		p->now += ms;
		bool again = run->how == SIM_STEP_FAILED || run->how == SIM_STEP_TIMED_OUT;
		if (!again || attempt > step->reruns)
			return true;
		if (step->rerun_delay > p->limit - p->now)
			return false;
		p->now += step->rerun_delay;
	}
}

static void
time_out(struct playing *p, struct sim_step_run *run)
{
	p->now = p->limit;
	run->how = SIM_STEP_TIMED_OUT;
	p->state->failed = p->state->timed_out = p->state->halted = true;
}

/* Finds a cache before the step plays: its time may depend on that. */
static int64_t
look_at_caches(struct playing *p, struct sim_step_run *run, int64_t ms)
{
	if (run->step->kind == SIM_RESTORE_CACHE) {
		run->cache = cache_find(p->e, &p->at, &p->state->hit);
		run->cached = p->state->hit ? SIM_CACHE_HIT : SIM_CACHE_MISS;
		return run->assumed && !p->state->hit ? 0 : ms;
	}
	if (run->step->kind == SIM_SAVE_CACHE)
		return run->assumed && cache_has(p->e, &p->at) ? 0 : ms;
	return ms;
}

static void
play_step(struct playing *p, struct sim_step_run *run)
{
	const struct step_plan *plan = &p->plan->steps[p->at.step];
	int64_t ms = run->end;
	run->start = p->now;
	if (run->step->background) { /* its end is known when the task's is */
		run->attempts = 1;
		run->end = plan->firm && ms < SIM_NEVER - p->now ? p->now + ms : SIM_NEVER;
		return;
	}
	if (plan->on_hit != UNSAID && p->state->hit)
		ms = plan->on_hit;
	ms = look_at_caches(p, run, ms);
	if (!play_attempts(p, run, ms))
		time_out(p, run);
	run->end = p->now;
	note_assumed(p, run);
	if (run->how == SIM_STEP_CANCELED)
		p->state->canceled = p->state->halted = true;
	else if (run->how != SIM_STEP_SUCCESS)
		p->state->failed = true;
	else if (plan->halt)
		p->state->halted = true;
	p->state->saving = run->step->kind == SIM_SAVE_CACHE && run->how == SIM_STEP_SUCCESS;
}

static void
skip_step(struct playing *p, struct sim_step_run *run)
{
	run->start = run->end = p->now;
	run->how = SIM_STEP_SKIPPED;
	run->assumed = false;
}

static bool
is_skipped(const struct playing *p, const struct sim_step *step)
{
	if (p->state->halted)
		return true;
	return p->state->failed ? step->when == SIM_ON_SUCCESS : step->when == SIM_ON_FAIL;
}

/* ---- playing ----------------------------------------------------------------------------- */

static void
wait_until(struct playing *p, enum task_phase phase)
{
	const struct spot *at = &p->at;
	p->state->phase = (uint8_t)phase;
	tick_push(p->e, (struct tick){.at = p->now,
				.flow = at->flow_number,
				.node = at->node,
				.task = at->task,
				.attempt = at->flow->attempt,
				.kind = TICK_TASK});
}

static void
save(struct playing *p)
{
	struct sim_step_run *run = &p->run->steps[p->state->next - 1];
	bool kept;
	p->at.step = p->state->next - 1;
	run->cache = cache_save(p->e, &p->at, &kept);
	run->cached = kept ? SIM_CACHE_KEPT : SIM_CACHE_SAVED;
	p->state->saving = false;
}

/* Plays on to where the task has to wait. */
static void
play(struct playing *p)
{
	const struct sim_job *job = p->plan->node->job;
	while (p->state->next < job->nsteps) {
		p->at.step = p->state->next;
		struct sim_step_run *run = &p->run->steps[p->at.step];
		const struct sim_step *step = run->step;
		bool cache = step->kind == SIM_RESTORE_CACHE || step->kind == SIM_SAVE_CACHE;
		if (is_skipped(p, step)) {
			skip_step(p, run);
			p->state->next++;
			continue;
		}
		if (cache && p->now > p->e->now) {
			wait_until(p, TASK_RUNS);
			return;
		}
		play_step(p, run);
		p->state->next++;
		if (p->state->saving && p->now > p->e->now) {
			wait_until(p, TASK_RUNS);
			return;
		}
		if (p->state->saving)
			save(p);
	}
	wait_until(p, TASK_ENDS);
}

/* ---- the task ---------------------------------------------------------------------------- */

static struct playing
playing_of(struct engine *e, uint32_t flow, uint32_t node, uint32_t task)
{
	struct flow *f = &e->flows.v[flow];
	struct playing p = {.e = e,
		.at = {f, flow, node, task, 0},
		.plan = &f->plan->nodes[node],
		.state = &f->nodes[node].tasks[task],
		.run = &node_run(e, flow, node)->tasks[task],
		.now = e->now};
	p.limit = p.plan->limit == SIM_NEVER ? SIM_NEVER : p.run->start + p.plan->limit;
	p.outcomes = task_outcomes(e, &p.at, p.plan);
	return p;
}

/* It has a place: its machine starts. */
void
task_placed(struct engine *e, const struct waiting *w, enum sim_wait full, uint32_t place)
{
	struct sim_job_run *run = node_run(e, w->flow, w->node);
	struct playing p = playing_of(e, w->flow, w->node, w->task);
	struct node_state *n = &p.at.flow->nodes[w->node];
	if (!n->placed) {
		run->start = e->now;
		if (e->now > w->since)
			run->wait = full;
	}
	n->placed = true;
	p.run->slot = e->now;
	p.state->place = place;
	uint32_t from = place_from(e, place);
	if (from != SIM_NOBODY) {
		p.run->from = e->stays.v[from].run;
		p.run->from_task = e->stays.v[from].task;
	}
	if (e->result->queued < SIM_NEVER / 2)
		e->result->queued += e->now - run->ready;
	run->assumed = p.plan->assumed;
	e->result->assumed = e->result->assumed || p.plan->assumed;
	p.now = e->now + plan_spin_up(e, &p.at);
	wait_until(&p, TASK_STARTS);
}

/* The end of the steps that ran beside the others. */
static void
end_background(struct sim_task_run *run)
{
	for (uint32_t i = 0; i < run->nsteps; i++)
		if (run->steps[i].attempts && run->steps[i].end > run->end)
			run->steps[i].end = run->end;
}

static void
end_task(struct playing *p)
{
	struct node_state *n = &p->at.flow->nodes[p->at.node];
	struct sim_job_run *run = node_run(p->e, p->at.flow_number, p->at.node);
	p->run->end = p->now;
	p->run->status = p->state->failed     ? JOB_FAILED
			 : p->state->canceled ? JOB_CANCELED
					      : JOB_SUCCESS;
	p->state->phase = TASK_OVER;
	run->timed_out = run->timed_out || p->state->timed_out;
	end_background(p->run);
	pool_leave(p->e, p->plan->pool, p->state->place);
	if (--n->open)
		return;
	enum job_status status = JOB_SUCCESS;
	for (uint32_t i = 0; i < run->ntasks; i++) {
		if (run->tasks[i].status == JOB_FAILED)
			status = JOB_FAILED;
		else if (run->tasks[i].status == JOB_CANCELED && status == JOB_SUCCESS)
			status = JOB_CANCELED;
	}
	node_end(p->e, p->at.flow_number, p->at.node, status,
		status == JOB_CANCELED ? STR("canceled") : STR(""));
}

void
task_tick(struct engine *e, const struct tick *tick)
{
	struct flow *f = &e->flows.v[tick->flow];
	if (f->attempt != tick->attempt || f->nodes[tick->node].phase != PHASE_ACTIVE)
		return;
	struct playing p = playing_of(e, tick->flow, tick->node, tick->task);
	switch (p.state->phase) {
	case TASK_STARTS:
		p.run->start = e->now;
		p.limit = p.plan->limit == SIM_NEVER ? SIM_NEVER : e->now + p.plan->limit;
		plan_task(e, &p.at);
		play(&p);
		break;
	case TASK_RUNS:
		if (p.state->saving)
			save(&p);
		play(&p);
		break;
	case TASK_ENDS:
		end_task(&p);
		break;
	default:
		break;
	}
}

/* Steps that were played ahead of time have not happened. */
static void
cut_steps(struct sim_task_run *run, uint32_t played, int64_t now)
{
	for (uint32_t i = 0; i < run->nsteps; i++) {
		struct sim_step_run *step = &run->steps[i];
		if (i >= played || step->start >= now) {
			*step = (struct sim_step_run){.step = step->step,
				.start = now,
				.end = now,
				.how = SIM_STEP_SKIPPED};
		} else if (step->attempts && step->end > now) {
			step->end = now;
			step->how = SIM_STEP_CANCELED;
		}
	}
}

/* The workflow was canceled: one that has no place yet gives up waiting for it. */
void
task_cancel(struct engine *e, uint32_t flow, uint32_t node, uint32_t task)
{
	struct playing p = playing_of(e, flow, node, task);
	enum task_phase phase = p.state->phase;
	if (phase == TASK_OVER)
		return;
	if (phase != TASK_WAITS)
		pool_leave(e, p.plan->pool, p.state->place);
	if (phase == TASK_WAITS)
		p.run->slot = e->now;
	if (phase <= TASK_STARTS)
		p.run->start = e->now;
	for (uint32_t i = 0; phase <= TASK_STARTS && i < p.run->nsteps; i++)
		p.run->steps[i].step = &p.plan->node->job->steps[i];
	cut_steps(p.run, p.state->next, e->now);
	p.run->end = e->now;
	p.run->status = JOB_CANCELED;
	p.state->phase = TASK_OVER;
}
