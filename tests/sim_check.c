/* SPDX-License-Identifier: MIT */
/*
 * Whether what ccx played keeps the rules, found out from the times and statuses alone: who ran
 * when, who had a place when, what follows from which status. What must be true is looked up in the
 * case, not in ccx's model of it.
 */
#include "sim_check.h"

#include <string.h>

bool
check_fault(struct case_played *p, const char *what, struct str of)
{
	if (!p->fault.len)
		p->fault = str_printf(p->a, "case %llu: %s: %.*s", (unsigned long long)p->c->seed,
			what, STR_ARG(of));
	return false;
}

/* ---- one workflow ------------------------------------------------------------------------ */

static unsigned
node_number(const struct checked *c, const struct sim_job_run *run)
{
	return (unsigned)(run->node - c->w->workflow->nodes);
}

const struct case_node *
checked_node(const struct checked *c, const struct sim_job_run *run)
{
	return &c->flow->nodes[node_number(c, run)];
}

/* The last run of a node up to an attempt. */
static const struct sim_job_run *
run_in(const struct checked *c, unsigned node, unsigned attempt)
{
	const struct sim_job_run *found = NULL;
	for (uint32_t i = 0; i < c->w->njobs; i++)
		if (node_number(c, &c->w->jobs[i]) == node && c->w->jobs[i].attempt <= attempt)
			found = &c->w->jobs[i];
	return found;
}

int64_t
attempt_start(const struct checked *c, unsigned attempt)
{
	int64_t start = c->w->start;
	for (uint32_t i = 0; i < c->w->njobs; i++)
		if (c->w->jobs[i].attempt < attempt && c->w->jobs[i].end > start)
			start = c->w->jobs[i].end;
	return start;
}

bool
was_ready(const struct checked *c, const struct sim_job_run *run, int64_t *at)
{
	const struct case_node *n = checked_node(c, run);
	*at = attempt_start(c, run->attempt);
	for (unsigned i = 0; i < n->nrequires; i++) {
		const struct sim_job_run *from = run_in(c, n->from[i], run->attempt);
		if (from->end == SIM_NEVER || !(n->accepts[i] >> from->status & 1))
			return false;
		if (from->end > *at)
			*at = from->end;
	}
	return true;
}

/* The time at which it became clear that it would not run: SIM_NEVER when it did not. */
static int64_t
refused_at(const struct checked *c, const struct sim_job_run *run)
{
	const struct case_node *n = checked_node(c, run);
	int64_t start = attempt_start(c, run->attempt), at = SIM_NEVER;
	for (unsigned i = 0; i < n->nrequires; i++) {
		const struct sim_job_run *from = run_in(c, n->from[i], run->attempt);
		int64_t end = from->end < start ? start : from->end;
		if (!(n->accepts[i] >> from->status & 1) && end < at)
			at = end;
	}
	return at;
}

/* Nothing begins before its requirements have ended with what it accepts, nor later than that; and
 * what will never run is known as soon as one requirement has ended otherwise. */
static bool
check_requirements(const struct checked *c, const struct sim_job_run *run)
{
	int64_t at;
	bool ran = run->ntasks || run->status == JOB_UNAUTHORIZED || run->start < run->end;
	bool ready = was_ready(c, run, &at);
	if (ran && !ready)
		return check_fault(c->p, "ran though a requirement refuses it", run->node->name);
	if (c->open || c->canceled)
		return true;
	if (ready && run->ready != at)
		return check_fault(
			c->p, "was not ready when its requirements were", run->node->name);
	if (ready)
		return true;
	if (run->status != JOB_NOT_RUN)
		return check_fault(c->p, "should not have run", run->node->name);
	if (run->end != refused_at(c, run))
		return check_fault(c->p, "was not given up at once", run->node->name);
	return true;
}

/* A status that follows from those of the tasks; from the requirements; from what the case says. */
static bool
check_status(const struct checked *c, const struct sim_job_run *run)
{
	const struct case_node *n = checked_node(c, run);
	bool failed = false, stopped = false;
	int64_t at;
	for (uint32_t i = 0; i < run->ntasks; i++) {
		failed = failed || run->tasks[i].status == JOB_FAILED;
		stopped = stopped || run->tasks[i].status == JOB_CANCELED;
	}
	enum job_status of_tasks = failed ? JOB_FAILED : stopped ? JOB_CANCELED : JOB_SUCCESS;
	if (run->ntasks && run->status != of_tasks && !c->canceled)
		return check_fault(c->p, "its status is not that of its tasks", run->node->name);
	if (run->ntasks && run->ntasks != n->tasks)
		return check_fault(c->p, "has another number of tasks", run->node->name);
	if ((run->status == JOB_UNAUTHORIZED) != (n->unauthorized && was_ready(c, run, &at)) &&
		!c->open && !c->canceled)
		return check_fault(c->p, "is not authorized, or should not be", run->node->name);
	bool may_give_up = n->serial[0] || c->open || refused_at(c, run) != SIM_NEVER;
	if (run->status == JOB_NOT_RUN && !may_give_up)
		return check_fault(c->p, "nothing keeps it from running", run->node->name);
	if (run->status == JOB_SUCCESS && n->kind == SIM_JOB && !run->ntasks)
		return check_fault(c->p, "succeeded without running", run->node->name);
	return true;
}

static bool
check_times(const struct checked *c, const struct sim_job_run *run)
{
	int64_t first = SIM_NEVER, last = 0;
	if (run->ready < c->w->start || run->start < run->ready || run->end < run->start)
		return check_fault(c->p, "its times are in no order", run->node->name);
	for (uint32_t i = 0; i < run->ntasks; i++) {
		const struct sim_task_run *t = &run->tasks[i];
		if (t->slot < run->ready || t->start < t->slot || t->end < t->start)
			return check_fault(
				c->p, "times of a task are in no order", run->node->name);
		first = t->slot < first ? t->slot : first;
		last = t->end > last ? t->end : last;
	}
	if (run->ntasks && (run->start != first || run->end != last))
		return check_fault(c->p, "does not span its tasks", run->node->name);
	if (run->end != SIM_NEVER && run->end > c->w->end)
		return check_fault(c->p, "ends behind its workflow", run->node->name);
	return true;
}

/* ---- the critical path ------------------------------------------------------------------- */

/* Not so what was canceled or given up before it was ready. */
static bool
has_run(const struct sim_job_run *run)
{
	if (run->status == JOB_CANCELED || run->status == JOB_NOT_RUN)
		return run->end != SIM_NEVER && run->ready < run->end;
	return true;
}

/* Is it a real wait? One of its requirements, or the job that ended an earlier attempt, that ended
 * when it was ready. */
static bool
is_link(const struct checked *c, const struct sim_job_run *run, const struct sim_job_run *by)
{
	const struct case_node *n = checked_node(c, run);
	if (by->end != run->ready)
		return false;
	for (unsigned i = 0; i < n->nrequires && by->attempt == run->attempt; i++)
		if (run_in(c, n->from[i], run->attempt) == by)
			return true;
	return by->attempt < run->attempt;
}

/* One task of a job on the path. */
struct stop {
	const struct sim_job_run *run;
	uint32_t task; /* SIM_NOBODY: it has none */
};

static struct stop
last_stop(const struct sim_job_run *run)
{
	struct stop s = {run, run->ntasks ? 0 : SIM_NOBODY};
	for (uint32_t i = 1; i < run->ntasks; i++)
		if (run->tasks[i].end > run->tasks[s.task].end)
			s.task = i;
	return s;
}

/* What it waited for last: a place, its turn, what it requires. False: nothing, or not really. */
static bool
step_back(const struct checked *c, struct stop *s)
{
	const struct sim_job_run *run = s->run;
	if (s->task != SIM_NOBODY && run->tasks[s->task].from != SIM_NOBODY) {
		const struct sim_task_run *t = &run->tasks[s->task];
		*s = (struct stop){&c->w->jobs[t->from], t->from_task};
		return t->slot > run->ready && s->task < s->run->ntasks &&
		       s->run->tasks[s->task].end == t->slot;
	}
	if (run->turn != SIM_NOBODY) {
		*s = last_stop(&c->w->jobs[run->turn]);
		return run->node->serial.len && s->run->end > run->ready &&
		       s->run->end <= run->start;
	}
	if (run->by == SIM_NOBODY)
		return false;
	*s = last_stop(&c->w->jobs[run->by]);
	return is_link(c, run, s->run);
}

/* One chain without gaps from the start of the workflow to the job that ends last. */
static bool
check_path(const struct checked *c)
{
	const struct sim_job_run *last = NULL;
	bool *seen = NEW_ARRAY(c->p->a, bool, c->w->njobs + 1);
	for (uint32_t i = 0; i < c->w->njobs; i++)
		if (has_run(&c->w->jobs[i]) && (!last || c->w->jobs[i].end > last->end))
			last = &c->w->jobs[i];
	struct stop at = {last, SIM_NOBODY};
	for (bool linked = last != NULL; linked;) {
		if (at.run == last && at.task == SIM_NOBODY)
			at = last_stop(last);
		struct stop from = at;
		seen[at.run - c->w->jobs] = true;
		if (!at.run->critical || at.run->slack)
			return check_fault(
				c->p, "is on the path but not critical", at.run->node->name);
		linked = step_back(c, &at);
		if (!linked && at.run != from.run)
			return check_fault(
				c->p, "did not wait for what is before it", from.run->node->name);
		if (!linked && at.run->ready != c->w->start)
			return check_fault(c->p, "the path has gaps before", at.run->node->name);
	}
	for (uint32_t i = 0; i < c->w->njobs; i++)
		if (c->w->jobs[i].critical && !seen[i])
			return check_fault(
				c->p, "is critical but on no path", c->w->jobs[i].node->name);
	return true;
}

/* The end of the workflow if a job ended so much later and all behind it waited and ran as long as
 * they did. */
static int64_t
end_if_later(const struct checked *c, uint32_t late, int64_t by, int64_t *ends)
{
	int64_t start = c->w->start, all = start;
	unsigned attempt = 1;
	for (uint32_t i = 0; i < c->w->njobs; i++)
		ends[i] = -1;
	for (uint32_t done = 0; done < c->w->njobs;) {
		uint32_t before = done;
		for (uint32_t i = 0; i < c->w->njobs; i++) {
			const struct sim_job_run *run = &c->w->jobs[i];
			const struct case_node *n = checked_node(c, run);
			int64_t ready = start;
			bool can = ends[i] < 0 && run->attempt == attempt;
			for (unsigned k = 0; can && k < n->nrequires; k++) {
				const struct sim_job_run *from = run_in(c, n->from[k], attempt);
				int64_t end = ends[from - c->w->jobs];
				can = end >= 0;
				if (from->attempt == attempt && end > ready)
					ready = end;
			}
			if (!can)
				continue;
			/* One is enough to keep it from running; it may have ended before. */
			if (!has_run(run))
				ready = run->by != SIM_NOBODY &&
							c->w->jobs[run->by].attempt == attempt
						? ends[run->by]
						: start;
			ends[i] = ready + run->end - run->ready + (i == late ? by : 0);
			all = ends[i] > all ? ends[i] : all;
			done++;
		}
		if (done == before) {
			attempt++;
			start = all;
		}
	}
	return all;
}

/* Did nobody have to wait for a place or its turn, nor would if others were later? */
static bool
is_roomy(const struct checked *c)
{
	for (uint32_t i = 0; i < c->w->njobs; i++)
		if (c->w->jobs[i].node->serial.len)
			return false;
	return c->p->result->peak < case_least_limit(c->p->c);
}

/* Slack is exactly how much later, where nothing queues; what takes no time has none. */
static bool
check_slack(const struct checked *c)
{
	bool roomy = is_roomy(c);
	int64_t *ends = NEW_ARRAY(c->p->a, int64_t, c->w->njobs + 1);
	for (uint32_t i = 0; i < c->w->njobs; i++) {
		const struct sim_job_run *run = &c->w->jobs[i];
		if (run->slack < 0)
			return check_fault(c->p, "its slack is less than none", run->node->name);
		if (run->start == run->end && run->slack)
			return check_fault(c->p, "takes no time and has slack", run->node->name);
		if (run->start == run->end || c->open || c->canceled || !roomy)
			continue;
		if (end_if_later(c, i, run->slack, ends) > c->w->end)
			return check_fault(c->p, "its slack is too much", run->node->name);
		if (end_if_later(c, i, run->slack + 1, ends) <= c->w->end)
			return check_fault(c->p, "its slack is too little", run->node->name);
	}
	return true;
}

bool
check_flow(struct checked *c)
{
	c->open = c->w->status == SIM_WORKFLOW_ON_HOLD || c->w->status == SIM_WORKFLOW_NOT_RUN;
	for (uint32_t i = 0; i < c->w->njobs; i++)
		c->canceled = c->canceled || str_has(c->w->jobs[i].why, STR("same branch"));
	for (uint32_t i = 0; i < c->w->njobs; i++) {
		const struct sim_job_run *run = &c->w->jobs[i];
		if (!str_is(run->node->name, checked_node(c, run)->name))
			return check_fault(c->p, "is another node than it was", run->node->name);
		if (!check_times(c, run) || !check_requirements(c, run) || !check_status(c, run))
			return false;
	}
	return check_path(c) && check_slack(c);
}
