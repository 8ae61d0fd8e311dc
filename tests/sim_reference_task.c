/* SPDX-License-Identifier: MIT */
/* The naive simulator's steps: one after another, each attempt for itself. */
#include "sim_case.h"

struct playing {
	const struct case_node *n;
	unsigned attempt;
	int64_t now, limit; /* from the first step on */
	bool failed, halted, canceled;
	struct case_outcomes o;
};

static bool
has(unsigned attempts_, unsigned attempt)
{
	return attempts_ >> (attempt - 1) & 1;
}

/* Time goes by; false when it is over for the job. */
static bool
spend(struct playing *p, int64_t time)
{
	p->now += time;
	if (p->limit < 0 || p->now <= p->limit)
		return true;
	p->now = p->limit;
	p->failed = p->halted = true;
	return false;
}

static void
play_step(struct playing *p, const struct case_step *s, int64_t time, bool target)
{
	for (unsigned try = 1;; try++) {
		bool cancel = target && has(p->o.cancel, p->attempt);
		bool timeout = !cancel &&
			       ((target && has(p->o.timeout, p->attempt)) || has(s->timeout, try));
		bool fail =
			!cancel && ((target && has(p->o.fail, p->attempt)) || has(s->fail, try));
		/* What is said of the job comes before what is said of the step. */
		if (target && has(p->o.fail, p->attempt))
			timeout = false;
		if (!spend(p, timeout ? s->no_output : time))
			return;
		if (cancel)
			p->canceled = p->halted = true;
		else if (!fail && !timeout)
			p->halted = s->halt;
		if (cancel || (!fail && !timeout))
			return;
		if (try > s->reruns) {
			p->failed = true;
			return;
		}
		if (!spend(p, s->delay))
			return;
	}
}

/* The last step that always runs fails when the job as a whole is said to. */
static unsigned
target_of(const struct case_node *n)
{
	unsigned target = n->nsteps;
	for (unsigned i = 0; i < n->nsteps; i++)
		if (!n->steps[i].background && n->steps[i].when == SIM_ON_SUCCESS)
			target = i;
	return target;
}

int64_t
reference_task(const struct sim_case *c, const struct case_node *n, unsigned task, unsigned attempt,
	enum job_status *status)
{
	struct playing p = {.n = n, .attempt = attempt, .limit = c->job_limit};
	unsigned target = target_of(n);
	if (has(n->task_outcomes[task].said, attempt))
		p.o = n->task_outcomes[task];
	else if (task == 0)
		p.o = n->outcomes;
	else
		p.o.cancel = n->outcomes.cancel;
	for (unsigned i = 0; i < n->nsteps && !p.halted; i++) {
		const struct case_step *s = &n->steps[i];
		if (s->background || s->when == (p.failed ? SIM_ON_SUCCESS : SIM_ON_FAIL))
			continue;
		play_step(&p, s, n->by_task ? n->task_seconds[task] : s->seconds, i == target);
	}
	*status = p.failed ? JOB_FAILED : p.canceled ? JOB_CANCELED : JOB_SUCCESS;
	return p.now;
}
