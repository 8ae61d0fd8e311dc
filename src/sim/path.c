/* SPDX-License-Identifier: MIT */
/*
 * Why a workflow took as long as it did. The critical path leads from the job that ended last back
 * over what made each ready: another job, or, where a workflow runs again, the last job of the
 * attempt before. A job's slack is how much later it could have ended without the workflow ending
 * later, if all behind it waited and ran as long as they did.
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

static void
mark_critical(struct sim_workflow_run *w)
{
	uint32_t last = SIM_NOBODY;
	for (uint32_t i = 0; i < w->njobs; i++)
		if (has_run(&w->jobs[i]) &&
			(last == SIM_NOBODY || w->jobs[i].end > w->jobs[last].end))
			last = i;
	/* What made a job ready ended before it: this comes to an end. */
	while (last != SIM_NOBODY && !w->jobs[last].critical) {
		w->jobs[last].critical = true;
		last = w->jobs[last].by;
	}
}

/* The latest ends, by job run: what is behind a job run may have come to it by another attempt. */
struct latest {
	struct sim_workflow_run *w;
	int64_t *end;
	uint32_t *run; /* of each node, in the attempt that is looked at */
	int64_t begin; /* of the attempt behind: all of one end before the next begins */
};

static void
not_later(struct latest *l, uint32_t job, int64_t end)
{
	if (end < l->end[job])
		l->end[job] = end;
}

/* A job that is ready because of others would be so later if one of them ended later. */
static void
look_back(struct latest *l, uint32_t job)
{
	const struct sim_job_run *run = &l->w->jobs[job];
	const struct sim_node *node = run->node;
	if (run->end == SIM_NEVER)
		return;
	int64_t ready = l->end[job] - (run->end - run->ready);
	if (run->by != SIM_NOBODY && l->w->jobs[run->by].attempt == run->attempt)
		not_later(l, run->by, ready);
	else if (ready < l->begin)
		l->begin = ready;
	/* One job is enough to keep another from running. */
	if (!has_run(run))
		return;
	for (uint32_t i = 0; i < node->nrequires; i++)
		not_later(l, l->run[node->requires[i].from], ready);
}

/* From the last attempt to the first; in each, what is behind first. */
static void
find_slack(struct arena *a, struct sim_workflow_run *w)
{
	uint32_t nnodes = w->workflow->nnodes, first = w->njobs;
	struct latest l = {
		w, NEW_ARRAY(a, int64_t, w->njobs + 1), NEW_ARRAY(a, uint32_t, nnodes + 1), w->end};
	for (uint32_t i = 0; i < w->njobs; i++)
		l.end[i] = w->end;
	for (uint32_t end = w->njobs; end > 0; end = first) {
		unsigned attempt = w->jobs[end - 1].attempt;
		for (first = end; first > 0 && w->jobs[first - 1].attempt == attempt; first--)
			;
		for (uint32_t i = first; i < end; i++)
			not_later(&l, i, l.begin);
		/* Each node's last run up to this attempt. */
		for (uint32_t i = 0; i < end; i++)
			l.run[w->jobs[i].node - w->workflow->nodes] = i;
		for (uint32_t i = nnodes; i-- > 0;) {
			uint32_t job = l.run[w->workflow->order[i]];
			if (job >= first)
				look_back(&l, job);
		}
	}
	for (uint32_t i = 0; i < w->njobs; i++)
		if (w->jobs[i].end > w->jobs[i].start && w->jobs[i].end != SIM_NEVER)
			w->jobs[i].slack = l.end[i] - w->jobs[i].end;
}

void
path_find(struct arena *a, struct sim_workflow_run *w)
{
	struct arena_mark mark = arena_mark(a);
	mark_critical(w);
	find_slack(a, w);
	arena_reset(a, mark);
}
