/* SPDX-License-Identifier: MIT */
/*
 * A simulator that is as naive as can be, to compare the real one with: it goes from second to
 * second and looks at everything. In each second
 *
 *   1. what is due ends, one after another, in order of pipeline, workflow and node; each end is
 *      told to those that wait for it, and what that leads to, before the next one is handled;
 *   2. then what arrives starts;
 *   3. then places are given, one by one, to whoever waits longest and has room: its class, its
 *      family, the plan;
 *
 * and again, until nothing happens in this second any more.
 */
#include "sim_case.h"

#include <string.h>

enum { SERIAL_SECONDS = 5 * 3600, QUEUED = CASE_PIPELINES * CASE_FLOWS * CASE_NODES + 1 };

enum phase { BLOCKED, SERIAL, ASKED, ACTIVE, FINAL };

struct player {
	int64_t due; /* its tasks and delays: when; SIM_NEVER: not before something else happens */
	enum phase phase;
	enum job_status status;
	unsigned told; /* how many of those that it requires */
	uint32_t run;
	int64_t since; /* in the queue of its serial group; of its tasks, in theirs */
	unsigned long came;
};

struct stage {
	const struct case_flow *flow;
	struct ref_flow *out;
	bool begun, over, canceled;
	unsigned attempt;
	struct player players[CASE_NODES];
};

struct spot {
	unsigned push, flow, node;
};

struct holder {
	bool held;
	struct spot by;
};

struct theatre {
	struct arena *a;
	const struct sim_case *c;
	struct ref_result *r;
	int64_t now;
	unsigned long comings;
	struct stage stages[CASE_PIPELINES][CASE_FLOWS];
	struct holder holders[4]; /* of g0, g1, k0, k1 */
	struct spot ended[QUEUED];
	unsigned nended, ntold;
};

static struct stage *
stage_of(struct theatre *t, struct spot p)
{
	return &t->stages[p.push][p.flow];
}

static struct player *
player_of(struct theatre *t, struct spot p)
{
	return &stage_of(t, p)->players[p.node];
}

static const struct case_node *
node_of(struct theatre *t, struct spot p)
{
	return &stage_of(t, p)->flow->nodes[p.node];
}

static struct ref_run *
run_of(struct theatre *t, struct spot p)
{
	return &stage_of(t, p)->out->runs.v[player_of(t, p)->run];
}

/* The next place in order of pipeline, workflow and node; false behind the last. */
static bool
next_place(struct theatre *t, struct spot *p)
{
	p->node++;
	for (; p->push < t->c->npushes; p->push++, p->flow = p->node = 0)
		for (; p->flow < t->c->configs[t->c->pushes[p->push].config].nflows;
			p->flow++, p->node = 0)
			if (stage_of(t, *p)->begun && p->node < stage_of(t, *p)->flow->nnodes)
				return true;
	return false;
}

#define BEFORE_ALL ((struct spot){0, 0, UINT32_MAX})

static void end(struct theatre *t, struct spot p, enum job_status status);

/* ---- serial groups ----------------------------------------------------------------------- */

static struct holder *
holder_of(struct theatre *t, const char *key)
{
	return &t->holders[(key[0] == 'k') * 2 + (key[1] - '0')];
}

static void
queue_tasks(struct theatre *t, struct spot p)
{
	struct ref_run *run = run_of(t, p);
	player_of(t, p)->phase = ACTIVE;
	player_of(t, p)->since = t->now;
	player_of(t, p)->due = SIM_NEVER;
	run->ntasks = node_of(t, p)->tasks;
	for (unsigned i = 0; i < run->ntasks; i++)
		run->tasks[i].slot = -1;
}

static void
hold(struct theatre *t, struct spot p)
{
	*holder_of(t, node_of(t, p)->serial) = (struct holder){true, p};
	if (node_of(t, p)->kind == SIM_LOCK)
		end(t, p, JOB_SUCCESS);
	else
		queue_tasks(t, p);
}

static bool
waits_for(struct theatre *t, struct spot p, const char *key)
{
	return player_of(t, p)->phase == SERIAL && strcmp(node_of(t, p)->serial, key) == 0;
}

/* Of those that wait for a group the one that came first; false: nobody does. */
static bool
first_waiting(struct theatre *t, const char *key, struct spot *first)
{
	bool any = false;
	for (struct spot p = BEFORE_ALL; next_place(t, &p);)
		if (waits_for(t, p, key) &&
			(!any || player_of(t, p)->came < player_of(t, *first)->came)) {
			*first = p;
			any = true;
		}
	return any;
}

static void
release(struct theatre *t, const char *key)
{
	struct spot next;
	holder_of(t, key)->held = false;
	if (first_waiting(t, key, &next))
		hold(t, next);
}

static void
enter(struct theatre *t, struct spot p)
{
	const char *key = node_of(t, p)->serial;
	struct holder *h = holder_of(t, key);
	bool newer = h->held && h->by.push > p.push;
	for (struct spot q = BEFORE_ALL; next_place(t, &q);)
		newer = newer || (waits_for(t, q, key) && q.push > p.push);
	if (newer) {
		end(t, p, JOB_NOT_RUN);
		return;
	}
	for (struct spot q; first_waiting(t, key, &q) && q.push < p.push;)
		end(t, q, JOB_NOT_RUN);
	player_of(t, p)->phase = SERIAL;
	player_of(t, p)->came = ++t->comings;
	player_of(t, p)->due = t->now + SERIAL_SECONDS;
	if (!h->held)
		hold(t, p);
}

/* ---- nodes ------------------------------------------------------------------------------- */

static void
ready(struct theatre *t, struct spot p)
{
	const struct case_node *n = node_of(t, p);
	struct player *player = player_of(t, p);
	run_of(t, p)->start = t->now;
	if (n->unauthorized) {
		end(t, p, JOB_UNAUTHORIZED);
		return;
	}
	if (n->kind == SIM_LOCK || (n->kind == SIM_JOB && n->serial[0])) {
		enter(t, p);
	} else if (n->kind == SIM_JOB) {
		queue_tasks(t, p);
	} else if (n->kind == SIM_UNLOCK) {
		struct holder *h = holder_of(t, n->serial);
		if (h->held && h->by.push == p.push && h->by.flow == p.flow)
			release(t, n->serial);
		end(t, p, JOB_SUCCESS);
	} else {
		player->phase = ASKED;
		player->due = n->seconds == CASE_NEVER ? SIM_NEVER : t->now + n->seconds;
	}
}

static bool
is_begun(const struct ref_run *run)
{
	for (unsigned i = 0; i < run->ntasks; i++)
		if (run->tasks[i].slot >= 0)
			return true;
	return false;
}

static void
end(struct theatre *t, struct spot p, enum job_status status)
{
	struct player *player = player_of(t, p);
	struct ref_run *run = run_of(t, p);
	const struct case_node *n = node_of(t, p);
	run->status = player->status = status;
	run->end = t->now;
	if (player->phase != ASKED && !is_begun(run)) {
		run->start = t->now;
		run->ntasks = 0;
	}
	bool holds = player->phase == ACTIVE && n->serial[0];
	player->phase = FINAL;
	player->due = SIM_NEVER;
	if (holds)
		release(t, n->serial);
	t->ended[t->nended++] = p;
}

/* Tasks that are due leave their places; with the last one the job ends. */
static void
end_tasks(struct theatre *t, struct spot p)
{
	struct ref_run *run = run_of(t, p);
	bool failed = false, canceled = false, open = false;
	player_of(t, p)->due = SIM_NEVER;
	for (unsigned i = 0; i < run->ntasks; i++) {
		struct ref_task *task = &run->tasks[i];
		task->over = task->over || (task->slot >= 0 && task->end <= t->now);
		open = open || !task->over;
		if (!task->over && task->slot >= 0 && task->end < player_of(t, p)->due)
			player_of(t, p)->due = task->end;
		failed = failed || task->status == JOB_FAILED;
		canceled = canceled || task->status == JOB_CANCELED;
	}
	if (!open)
		end(t, p, failed ? JOB_FAILED : canceled ? JOB_CANCELED : JOB_SUCCESS);
}

static void
cancel(struct theatre *t, struct spot p)
{
	struct ref_run *run = run_of(t, p);
	if (player_of(t, p)->phase == FINAL)
		return;
	for (unsigned i = 0; i < run->ntasks; i++) {
		struct ref_task *task = &run->tasks[i];
		if (task->over)
			continue;
		if (task->slot < 0 || task->start > t->now)
			task->start = t->now;
		task->status = JOB_CANCELED;
		task->end = t->now;
		task->over = true;
	}
	end(t, p, JOB_CANCELED);
}

/* ---- workflows --------------------------------------------------------------------------- */

/* Another attempt, of these nodes. */
static void
begin(struct theatre *t, struct spot p, const bool *again)
{
	struct stage *s = stage_of(t, p);
	s->attempt++;
	for (p.node = 0; p.node < s->flow->nnodes; p.node++) {
		if (!again[p.node])
			continue;
		struct ref_run run = {.node = p.node, .attempt = s->attempt};
		s->players[p.node] = (struct player){.run = s->out->runs.n, .due = SIM_NEVER};
		vec_push(t->a, &s->out->runs, run);
	}
	for (p.node = 0; p.node < s->flow->nnodes; p.node++) {
		const struct case_node *n = &s->flow->nodes[p.node];
		bool refused = false;
		if (!again[p.node] || s->players[p.node].phase != BLOCKED)
			continue;
		for (unsigned i = 0; i < n->nrequires; i++) {
			const struct player *from = &s->players[n->from[i]];
			if (again[n->from[i]])
				continue;
			s->players[p.node].told++;
			refused = refused || !(n->accepts[i] >> from->status & 1);
		}
		if (refused)
			end(t, p, JOB_NOT_RUN);
		else if (s->players[p.node].told == n->nrequires)
			ready(t, p);
	}
}

static enum sim_workflow_status
status_of(const struct stage *s)
{
	bool seen[JOB_STATUS_COUNT] = {false};
	for (unsigned i = 0; i < s->flow->nnodes; i++)
		seen[s->players[i].status] = true;
	return s->canceled              ? SIM_WORKFLOW_CANCELED
	       : seen[JOB_UNAUTHORIZED] ? SIM_WORKFLOW_UNAUTHORIZED
	       : seen[JOB_FAILED]       ? SIM_WORKFLOW_FAILED
	       : seen[JOB_CANCELED]     ? SIM_WORKFLOW_CANCELED
					: SIM_WORKFLOW_SUCCESS;
}

/* Does a node that did not succeed wait for one that runs again? */
static bool
waits_again(const struct stage *s, unsigned node, const bool *again)
{
	const struct case_node *n = &s->flow->nodes[node];
	for (unsigned i = 0; i < n->nrequires; i++)
		if (again[n->from[i]])
			return s->players[node].status != JOB_SUCCESS;
	return false;
}

/* Is it a lock of something that runs again, or what gives such a lock back? */
static bool
locks_again(const struct stage *s, unsigned node, const bool *again)
{
	const struct case_node *n = &s->flow->nodes[node];
	for (unsigned k = 0; k < s->flow->nnodes; k++) {
		const struct case_node *m = &s->flow->nodes[k];
		for (unsigned i = 0; n->kind == SIM_LOCK && again[k] && i < m->nrequires; i++)
			if (m->from[i] == node)
				return true;
		if (n->kind == SIM_UNLOCK && m->kind == SIM_LOCK && again[k] &&
			strcmp(n->serial, m->serial) == 0)
			return true;
	}
	return false;
}

/* Jobs that failed, and what they kept from running; then the locks of all these. */
static void
choose_again(const struct stage *s, bool *again)
{
	unsigned nnodes = s->flow->nnodes;
	for (unsigned i = 0; i < nnodes; i++)
		again[i] = s->players[i].status == JOB_FAILED;
	for (unsigned round = 0; round < nnodes; round++)
		for (unsigned i = 0; i < nnodes; i++)
			again[i] = again[i] || waits_again(s, i, again);
	for (unsigned round = 0; round < nnodes; round++)
		for (unsigned i = 0; i < nnodes; i++)
			again[i] = again[i] || locks_again(s, i, again);
}

/* Nobody holds a lock longer than its workflow lasts; they are given back in order of the nodes. */
static void
release_all(struct theatre *t, struct spot p)
{
	static const char *const keys[] = {"g0", "g1", "k0", "k1"};
	for (p.node = 0; p.node < stage_of(t, p)->flow->nnodes; p.node++)
		for (unsigned i = 0; i < 4; i++)
			if (t->holders[i].held && memcmp(&t->holders[i].by, &p, sizeof p) == 0)
				release(t, keys[i]);
}

/* Ends a workflow all of whose nodes have ended, or runs it again; false: there is none. */
static bool
end_flow(struct theatre *t)
{
	bool again[CASE_NODES], all;
	for (struct spot p = BEFORE_ALL; next_place(t, &p);) {
		struct stage *s = stage_of(t, p);
		all = !s->over && p.node == 0;
		for (unsigned i = 0; i < s->flow->nnodes; i++)
			all = all && s->players[i].phase == FINAL;
		if (!all)
			continue;
		release_all(t, p);
		s->out->status = status_of(s);
		s->out->end = t->now;
		if (s->out->status == SIM_WORKFLOW_FAILED && s->attempt <= s->flow->reruns) {
			choose_again(s, again);
			begin(t, p, again);
		} else {
			s->over = true;
		}
		return true;
	}
	return false;
}

static void
tell(struct theatre *t, struct spot from)
{
	struct stage *s = stage_of(t, from);
	struct spot p = from;
	for (p.node = 0; p.node < s->flow->nnodes; p.node++) {
		const struct case_node *n = &s->flow->nodes[p.node];
		for (unsigned i = 0; i < n->nrequires; i++) {
			struct player *player = &s->players[p.node];
			if (n->from[i] != from.node || player->phase != BLOCKED)
				continue;
			player->told++;
			if (!(n->accepts[i] >> s->players[from.node].status & 1))
				end(t, p, JOB_NOT_RUN);
			else if (player->told == n->nrequires)
				ready(t, p);
		}
	}
}

/* All that follows at once from what has ended. */
static void
settle(struct theatre *t)
{
	do {
		while (t->ntold < t->nended)
			tell(t, t->ended[t->ntold++]);
		t->ntold = t->nended = 0;
	} while (end_flow(t));
}

/* ---- a second ---------------------------------------------------------------------------- */

static bool
end_one(struct theatre *t)
{
	for (struct spot p = BEFORE_ALL; next_place(t, &p);) {
		struct player *player = player_of(t, p);
		if (player->phase == FINAL || player->due > t->now)
			continue;
		if (player->phase == ACTIVE)
			end_tasks(t, p);
		else
			end(t, p, player->phase == SERIAL ? JOB_CANCELED : JOB_SUCCESS);
		settle(t);
		return true;
	}
	return false;
}

static void
cancel_branch(struct theatre *t, unsigned push)
{
	const struct case_push *pushes = t->c->pushes;
	for (struct spot p = BEFORE_ALL; next_place(t, &p) && p.push < push;) {
		struct stage *s = stage_of(t, p);
		if (s->over || pushes[p.push].branch != pushes[push].branch)
			continue;
		s->canceled = true;
		cancel(t, p);
	}
}

static bool
arrive(struct theatre *t)
{
	bool all[CASE_NODES], any = false;
	memset(all, true, sizeof all);
	for (struct spot p = {0}; p.push < t->c->npushes; p.push++) {
		const struct case_push *push = &t->c->pushes[p.push];
		const struct case_config *config = &t->c->configs[push->config];
		if (push->at != t->now || t->stages[p.push][0].begun)
			continue;
		any = true;
		if (t->c->auto_cancel && push->branch)
			cancel_branch(t, p.push);
		for (p.flow = 0; p.flow < config->nflows; p.flow++) {
			struct stage *s = stage_of(t, p);
			s->flow = &config->flows[p.flow];
			s->out = &t->r->flows[p.push][p.flow];
			s->out->start = s->out->end = t->now;
			s->begun = true;
			begin(t, p, all);
		}
		p.flow = 0;
		settle(t);
	}
	return any;
}

/* ---- places ------------------------------------------------------------------------------ */

/* Tasks that have a place now: of a pool, of macOS, of runners, of what the plan counts. */
static int
running(struct theatre *t, int pool, bool macos, bool runners, bool plan)
{
	int n = 0;
	for (struct spot p = BEFORE_ALL; next_place(t, &p);) {
		const struct ref_run *run = run_of(t, p);
		enum case_machine machine = node_of(t, p)->machine;
		bool counts = (pool >= 0 && case_pool(t->c, machine) == pool) ||
			      (macos && case_machines[machine].macos) ||
			      (runners && case_machines[machine].runner) ||
			      (plan && !case_machines[machine].runner);
		for (unsigned i = 0; counts && i < run->ntasks; i++)
			n += run->tasks[i].slot >= 0 && !run->tasks[i].over;
	}
	return n;
}

static bool
has_room(struct theatre *t, enum case_machine machine)
{
	const struct sim_case *c = t->c;
	const struct case_machine_info *info = &case_machines[machine];
	int pool = case_pool(c, machine);
	if (pool >= 0 && running(t, pool, false, false, false) >= case_pool_limit(c, pool))
		return false;
	if (info->macos && c->macos >= 0 && running(t, -1, true, false, false) >= c->macos)
		return false;
	if (info->runner && c->runners >= 0 && running(t, -1, false, true, false) >= c->runners)
		return false;
	return info->runner || c->plan < 0 || running(t, -1, false, false, true) < c->plan;
}

static void
start_task(struct theatre *t, struct spot p, struct ref_task *task, unsigned number)
{
	const struct case_node *n = node_of(t, p);
	if (!is_begun(run_of(t, p)))
		run_of(t, p)->start = t->now;
	task->slot = t->now;
	task->start = t->now + t->c->spin_up[n->machine];
	task->end = task->start +
		    reference_task(t->c, n, number, stage_of(t, p)->attempt, &task->status);
	if (task->end < player_of(t, p)->due)
		player_of(t, p)->due = task->end;
}

/* Who has waited longest, and among those who came at the same time the first in order, gets a
 * place, unless there is no room where it wants one. */
static bool
place_one(struct theatre *t)
{
	struct spot best = {0};
	unsigned task = 0;
	bool any = false;
	for (struct spot p = BEFORE_ALL; next_place(t, &p);) {
		struct ref_run *run = run_of(t, p);
		unsigned i = 0;
		if (player_of(t, p)->phase != ACTIVE)
			continue;
		while (i < run->ntasks && run->tasks[i].slot >= 0)
			i++;
		if (i == run->ntasks ||
			(any && player_of(t, p)->since >= player_of(t, best)->since) ||
			!has_room(t, node_of(t, p)->machine))
			continue;
		best = p;
		task = i;
		any = true;
	}
	if (any)
		start_task(t, best, &run_of(t, best)->tasks[task], task);
	return any;
}

/* ---- the play ---------------------------------------------------------------------------- */

/* Is there anything that will happen some time? */
static bool
is_open(struct theatre *t)
{
	for (unsigned i = 0; i < t->c->npushes; i++)
		if (!t->stages[i][0].begun)
			return true;
	for (struct spot p = BEFORE_ALL; next_place(t, &p);)
		if (player_of(t, p)->phase != FINAL && player_of(t, p)->due != SIM_NEVER)
			return true;
	return false;
}

/* What never ends: approvals that do not come, what waits for them, what no place is for. */
static void
finish(struct theatre *t)
{
	for (struct spot p = BEFORE_ALL; next_place(t, &p);) {
		struct stage *s = stage_of(t, p);
		bool asked = false;
		if (s->over)
			continue;
		s->out->end = s->out->start;
		for (unsigned i = 0; i < s->flow->nnodes; i++)
			asked = asked || s->players[i].phase == ASKED;
		for (uint32_t i = 0; i < s->out->runs.n; i++) {
			const struct ref_run *run = &s->out->runs.v[i];
			const struct player *player = &s->players[run->node];
			bool final = player->run != i || player->phase == FINAL;
			if (final && run->end > s->out->end)
				s->out->end = run->end;
		}
		s->out->status = asked ? SIM_WORKFLOW_ON_HOLD : SIM_WORKFLOW_NOT_RUN;
		for (unsigned i = 0; i < s->flow->nnodes; i++) {
			struct player *player = &s->players[i];
			struct ref_run *run = &s->out->runs.v[player->run];
			if (player->phase == FINAL)
				continue;
			run->status = JOB_NOT_RUN;
			if (player->phase == BLOCKED)
				run->start = s->out->end;
			run->end = player->phase == ASKED ? SIM_NEVER : run->start;
			run->ntasks = 0;
		}
		s->over = true;
	}
}

struct ref_result *
reference_play(struct arena *a, const struct sim_case *c)
{
	struct theatre *t = NEW(a, struct theatre);
	t->a = a;
	t->c = c;
	t->r = NEW(a, struct ref_result);
	for (t->now = 0; is_open(t); t->now++)
		for (bool more = true; more;) {
			more = false;
			while (end_one(t))
				more = true;
			more = arrive(t) || more;
			while (place_one(t))
				more = true;
		}
	finish(t);
	return t->r;
}
