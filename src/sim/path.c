/* SPDX-License-Identifier: MIT */
/*
 * Why a workflow took as long as it did. The critical path leads from the job that ended last back
 * over what each waited for last: the job that left its place to it or released its serial group,
 * else the one that made it ready, or, where a workflow runs again, the last job of the attempt
 * before. A job's slack is how much later it could have ended without the workflow ending later: it
 * is found by going through what happened backwards, with the latest time at which each may.
 */
#include "ccx/sim.h"

#include "engine.h"

/* Did it get so far as to be ready? What then only waited for its serial group lasted, too. */
static bool
has_run(const struct sim_job_run *run)
{
	bool kept_away = run->status == JOB_NOT_RUN || run->status == JOB_CANCELED;
	return run->end != SIM_NEVER && (run->end > run->ready || !kept_away);
}

/* The task that ended last; SIM_NOBODY: it has none. */
static uint32_t
last_task(const struct sim_job_run *run)
{
	uint32_t last = run->ntasks ? 0 : SIM_NOBODY;
	for (uint32_t i = 1; i < run->ntasks; i++)
		if (run->tasks[i].end > run->tasks[last].end)
			last = i;
	return last;
}

static void
mark_critical(struct sim_workflow_run *w)
{
	uint32_t job = SIM_NOBODY, task;
	for (uint32_t i = 0; i < w->njobs; i++)
		if (has_run(&w->jobs[i]) &&
			(job == SIM_NOBODY || w->jobs[i].end > w->jobs[job].end))
			job = i;
	if (job == SIM_NOBODY)
		return;
	/* What something waited for happened before it: this comes to an end. */
	for (task = last_task(&w->jobs[job]);;) {
		struct sim_job_run *run = &w->jobs[job];
		run->critical = true;
		if (task != SIM_NOBODY && run->tasks[task].from != SIM_NOBODY) {
			job = run->tasks[task].from;
			task = run->tasks[task].from_task;
			continue;
		}
		job = run->turn != SIM_NOBODY ? run->turn : run->by;
		if (job == SIM_NOBODY)
			return;
		task = last_task(&w->jobs[job]);
	}
}

/* By when what somebody came to at a gate must have been left: all of it, because nothing else was
 * free there; or all but what was left at an instant, which was handed on one by one. */
struct latest_gate {
	int64_t all, before, at;
};

/* The latest times, by job run: what is behind a job run may have come to it by another attempt. */
struct latest {
	struct engine *e;
	struct sim_workflow_run *w;
	int64_t *end;
	int64_t *line; /* in line for a place or its turn; SIM_NEVER: it did not get so far */
	int64_t *room; /* how much later all its tasks may leave their places */
	struct latest_gate *gates; /* by number */
	uint32_t *run;             /* of each node, in the attempt that is looked at */
	int64_t begin; /* of the attempt behind: all of one end before the next begins */
};

static void
not_later(int64_t *latest, int64_t at)
{
	if (at < *latest)
		*latest = at;
}

/* A job that is ready because of others would be so later if one of them ended later. */
static void
look_ready(struct latest *l, uint32_t job)
{
	const struct sim_job_run *run = &l->w->jobs[job];
	const struct sim_node *node = run->node;
	if (run->end == SIM_NEVER)
		return;
	int64_t ready = l->line[job];
	if (ready == SIM_NEVER)
		ready = l->end[job] - (run->end - run->ready);
	if (run->by != SIM_NOBODY && l->w->jobs[run->by].attempt == run->attempt)
		not_later(&l->end[run->by], ready);
	else
		not_later(&l->begin, ready);
	/* One job is enough to keep another from running. */
	if (!has_run(run))
		return;
	for (uint32_t i = 0; i < node->nrequires; i++)
		not_later(&l->end[l->run[node->requires[i].from]], ready);
}

/* When it had to be in line to have its place by then. Who waited for others than the jobs of its
 * own workflow would wait as long; else it has time, as long as it keeps its turn. */
static int64_t
latest_in_line(const struct stay *p, int64_t got)
{
	bool ours = false;
	for (int i = 0; i < GATES_OF_TASK; i++)
		ours = ours || p->from[i] != SIM_NOBODY;
	if (p->got == p->since || !ours)
		return got - (p->got - p->since);
	return got < p->until ? got : p->until;
}

/* Going back to an instant: what must be earlier than a later one must so whenever it was left. */
static void
pass_instant(struct latest_gate *g, int64_t at)
{
	if (g->at != at)
		not_later(&g->all, g->before);
	g->at = at;
}

/* It had its place: what had left by then what it came to must not be later. */
static void
look_got(struct latest *l, const struct stay *p, int64_t got)
{
	for (int i = 0; i < GATES_OF_TASK && p->gates[i] != SIM_NOBODY; i++) {
		if (p->from[i] != SIM_NOBODY)
			not_later(&l->e->stays.v[p->from[i]].latest, got);
		struct latest_gate *g = &l->gates[p->gates[i]];
		pass_instant(g, p->got);
		if (p->handed[i])
			not_later(&g->before, got);
		if (p->full[i])
			not_later(&g->all, got);
	}
}

static void
look_left(struct latest *l, struct stay *p)
{
	for (int i = 0; i < GATES_OF_TASK && p->gates[i] != SIM_NOBODY; i++) {
		struct latest_gate *g = &l->gates[p->gates[i]];
		pass_instant(g, p->left);
		not_later(&p->latest, g->all);
	}
	if (p->latest != SIM_NEVER)
		not_later(&l->room[p->run], p->latest - p->left);
}

static void
look_back(struct latest *l, const struct event *event)
{
	struct stay *p = event->place == SIM_NOBODY ? NULL : &l->e->stays.v[event->place];
	uint32_t job = event->run;
	int64_t got;
	switch (event->kind) {
	case EVENT_READY:
		look_ready(l, job);
		break;
	case EVENT_PLACED:
		not_later(&p->latest, l->end[job]);
		got = p->latest - (p->left - p->got);
		look_got(l, p, got);
		not_later(&l->line[job], latest_in_line(p, got));
		break;
	case EVENT_LEFT:
		look_left(l, p);
		break;
	case EVENT_TURN:
		got = l->line[job];
		if (got == SIM_NEVER)
			got = l->end[job] - (l->w->jobs[job].end - p->got);
		look_got(l, p, got);
		l->line[job] = latest_in_line(p, got);
		break;
	case EVENT_RELEASED:
		not_later(&l->end[job], l->gates[p->gates[0]].all);
		break;
	}
}

/* Nothing is known of what a flow leaves at its gates. */
static void
forget_gates(struct latest *l, uint32_t event)
{
	for (; event != SIM_NOBODY; event = l->e->events.v[event].before) {
		const struct event *v = &l->e->events.v[event];
		const struct stay *p = v->place == SIM_NOBODY ? NULL : &l->e->stays.v[v->place];
		for (int i = 0; p && i < GATES_OF_TASK && p->gates[i] != SIM_NOBODY; i++)
			l->gates[p->gates[i]] =
				(struct latest_gate){SIM_NEVER, SIM_NEVER, SIM_NEVER};
	}
}

static int64_t
slack_of(const struct latest *l, uint32_t job)
{
	const struct sim_job_run *run = &l->w->jobs[job];
	if (run->end <= run->start || run->end == SIM_NEVER)
		return 0;
	int64_t slack = l->end[job] - run->end;
	return slack < l->room[job] ? slack : l->room[job];
}

/* From the last attempt to the first; in each, what happened last first. */
static void
find_slack(struct latest *l, uint32_t happened)
{
	struct sim_workflow_run *w = l->w;
	uint32_t first = w->njobs;
	forget_gates(l, happened);
	for (uint32_t i = 0; i < w->njobs; i++) {
		l->end[i] = w->end;
		l->line[i] = l->room[i] = SIM_NEVER;
	}
	for (uint32_t end = w->njobs; end > 0; end = first) {
		unsigned attempt = w->jobs[end - 1].attempt;
		for (first = end; first > 0 && w->jobs[first - 1].attempt == attempt; first--)
			;
		for (uint32_t i = first; i < end; i++)
			not_later(&l->end[i], l->begin);
		/* Each node's last run up to this attempt. */
		for (uint32_t i = 0; i < end; i++)
			l->run[w->jobs[i].node - w->workflow->nodes] = i;
		for (; happened != SIM_NOBODY && l->e->events.v[happened].run >= first;
			happened = l->e->events.v[happened].before)
			look_back(l, &l->e->events.v[happened]);
	}
	for (uint32_t i = 0; i < w->njobs; i++)
		w->jobs[i].slack = slack_of(l, i);
}

void
paths_find(struct engine *e)
{
	struct arena_mark mark = arena_mark(e->a);
	struct latest l = {.e = e, .gates = NEW_ARRAY(e->a, struct latest_gate, e->gates.n + 1)};
	for (uint32_t i = 0; i < e->flows.n; i++) {
		struct arena_mark of_flow = arena_mark(e->a);
		struct sim_workflow_run *w = e->flows.v[i].run;
		l.w = w;
		l.begin = w->end;
		l.end = NEW_ARRAY(e->a, int64_t, w->njobs + 1);
		l.line = NEW_ARRAY(e->a, int64_t, w->njobs + 1);
		l.room = NEW_ARRAY(e->a, int64_t, w->njobs + 1);
		l.run = NEW_ARRAY(e->a, uint32_t, w->workflow->nnodes + 1);
		mark_critical(w);
		find_slack(&l, e->flows.v[i].happened);
		arena_reset(e->a, of_flow);
	}
	arena_reset(e->a, mark);
}
