/* SPDX-License-Identifier: MIT */
/*
 * How long what is played takes, and what chance makes of it. Drawn values come from a hash of the
 * seed and of what they are for (pipeline, names, attempt, task, step), not from a sequence: so two
 * simulations that differ in one job draw the same for all others.
 */
#include "ccx/sim.h"

#include "engine.h"

enum { PPM = 1000 * 1000 };

#define MOST_MS ((int64_t)366 * 24 * 3600 * 1000) /* of a step: sums of all steps fit */

enum draw_for { DRAW_TIME = 1, DRAW_TOTAL, DRAW_SPIN_UP, DRAW_STEP_FAILS, DRAW_JOB_FAILS };

/* ---- chance ------------------------------------------------------------------------------ */

/* The finalizer of splitmix64: every bit of x moves half of the bits. */
static uint64_t
mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

uint64_t
sim_draw(uint64_t seed, const uint64_t *v, uint32_t n)
{
	uint64_t x = mix(seed);
	for (uint32_t i = 0; i < n; i++)
		x = mix(x ^ v[i]);
	return x;
}

static uint64_t
draw(const struct engine *e, const struct spot *at, enum draw_for what, unsigned attempt)
{
	const struct node_plan *plan = &at->flow->plan->nodes[at->node];
	const uint64_t v[] = {what, e->result->pipelines[at->flow->pipeline].number,
		at->flow->plan->hash, plan->hash, at->flow->attempt, at->task, at->step, attempt};
	return sim_draw(e->options->seed, v, sizeof v / sizeof *v);
}

static bool
chance(uint64_t drawn, const struct timing *odds)
{
	return drawn % odds->runs < odds->failures;
}

bool
plan_step_fails(const struct engine *e, const struct spot *at, unsigned attempt)
{
	const struct timing *odds = at->flow->plan->nodes[at->node].steps[at->step].odds;
	return e->options->sampled && odds && chance(draw(e, at, DRAW_STEP_FAILS, attempt), odds);
}

bool
plan_job_fails(const struct engine *e, const struct spot *at)
{
	const struct timing *odds = at->flow->plan->nodes[at->node].odds;
	struct spot job = *at;
	job.task = job.step = 0;
	return e->options->sampled && odds && chance(draw(e, &job, DRAW_JOB_FAILS, 0), odds);
}

int64_t
plan_spin_up(const struct engine *e, const struct spot *at)
{
	const struct node_plan *plan = &at->flow->plan->nodes[at->node];
	int64_t range = plan->spin_max - plan->spin_min;
	if (!e->options->sampled)
		return plan->spin_min + range / 2;
	return plan->spin_min + (int64_t)(draw(e, at, DRAW_SPIN_UP, 0) % (uint64_t)(range + 1));
}

/* ---- steps ------------------------------------------------------------------------------- */

/* ms times ppm, without overflow for any duration that can be written. */
static int64_t
part_of(int64_t ms, uint32_t ppm)
{
	return ms / PPM * ppm + ms % PPM * ppm / PPM;
}

/* At its attempt, alone. */
static int64_t
step_time(const struct engine *e, const struct spot *at, unsigned attempt)
{
	const struct node_plan *plan = &at->flow->plan->nodes[at->node];
	const struct step_plan *step = &plan->steps[at->step];
	if (step->splits)
		return plan->bins[at->task].weight;
	if (step->timing && e->options->sampled)
		return timing_at(
			step->timing, (uint32_t)(draw(e, at, DRAW_TIME, attempt) % (PPM + 1)));
	return step->ms;
}

static const struct task_said *
said_of_task(const struct node_plan *plan, uint32_t task)
{
	for (uint32_t i = 0; i < plan->tasks.n; i++)
		if (plan->tasks.v[i].number == task && plan->tasks.v[i].duration != UNSAID)
			return &plan->tasks.v[i];
	return NULL;
}

/* How long all of the task's steps take; *firm: in any case. UNSAID: as long as they take. */
static int64_t
task_total(const struct engine *e, const struct spot *at, bool *firm)
{
	const struct node_plan *plan = &at->flow->plan->nodes[at->node];
	const struct task_said *said = said_of_task(plan, at->task);
	*firm = said || plan->total_firm;
	if (said)
		return said->duration;
	if (plan->total_timing && e->options->sampled)
		return timing_at(
			plan->total_timing, (uint32_t)(draw(e, at, DRAW_TOTAL, 0) % (PPM + 1)));
	return plan->total;
}

/* Is its time a part of what its job takes? Not so what runs beside the others, and what runs after
 * a failure only. */
static bool
counts(const struct sim_step *step)
{
	return !step->background && step->when != SIM_ON_FAIL;
}

static bool
is_share(const struct step_plan *step, bool firm_total)
{
	return !step->firm && (firm_total || (!step->timing && !step->splits));
}

/* total * weight / weights, exact while the weights are no longer than a month in all. */
static int64_t
share_of(int64_t total, int64_t weight, int64_t weights)
{
	while (weights > INT32_MAX) {
		weights /= 2;
		weight /= 2;
	}
	if (!weights)
		return 0;
	return total / weights * weight + total % weights * weight / weights;
}

/* Gives the steps whose time is not known for itself their shares of what is left of total, by
 * weight; the last one gets what rounding leaves. */
static void
share_out(const struct node_plan *plan, struct sim_step_run *runs, int64_t total, bool firm)
{
	const struct sim_job *job = plan->node->job;
	int64_t weights = 0, left;
	uint32_t last = job->nsteps;
	for (uint32_t i = 0; i < job->nsteps; i++) {
		if (!counts(&job->steps[i]))
			continue;
		if (!is_share(&plan->steps[i], firm)) {
			total -= runs[i].end < total ? runs[i].end : total;
			continue;
		}
		weights += runs[i].end;
		last = i;
	}
	left = total;
	for (uint32_t i = 0; i < job->nsteps; i++) {
		if (!counts(&job->steps[i]) || !is_share(&plan->steps[i], firm))
			continue;
		int64_t ms = i == last ? left : share_of(total, runs[i].end, weights);
		runs[i].end = ms < left ? ms : left;
		left -= runs[i].end;
		runs[i].assumed = false;
	}
}

/* What a change would make of it. The times of tests are those of their own task already. */
static int64_t
scaled(const struct step_plan *plan, const struct sim_step *step, int64_t ms)
{
	if (step->scale)
		ms = part_of(ms, step->scale);
	if (step->split && !plan->splits)
		ms = part_of(ms, step->split);
	return ms < MOST_MS ? ms : MOST_MS;
}

void
plan_task(struct engine *e, const struct spot *at)
{
	const struct node_plan *plan = &at->flow->plan->nodes[at->node];
	const struct sim_job *job = plan->node->job;
	struct sim_step_run *runs =
		at->flow->run->jobs[at->flow->nodes[at->node].run].tasks[at->task].steps;
	struct spot step = *at;
	bool firm;
	for (step.step = 0; step.step < job->nsteps; step.step++) {
		runs[step.step].step = &job->steps[step.step];
		runs[step.step].assumed = plan->steps[step.step].assumed;
		runs[step.step].end = step_time(e, &step, 1);
	}
	int64_t total = task_total(e, at, &firm);
	if (total != UNSAID)
		share_out(plan, runs, total, firm);
	for (uint32_t i = 0; i < job->nsteps; i++)
		runs[i].end = scaled(&plan->steps[i], &job->steps[i], runs[i].end);
}

int64_t
plan_again(const struct engine *e, const struct spot *at, unsigned attempt, int64_t first)
{
	const struct node_plan *plan = &at->flow->plan->nodes[at->node];
	const struct step_plan *step = &plan->steps[at->step];
	bool firm;
	if (!e->options->sampled || !step->timing || task_total(e, at, &firm) != UNSAID)
		return first;
	return scaled(step, &plan->node->job->steps[at->step], step_time(e, at, attempt));
}
