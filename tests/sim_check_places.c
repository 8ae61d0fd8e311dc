/* SPDX-License-Identifier: MIT */
/*
 * Whether what ccx played keeps the rules of places and turns: who may run beside whom, who goes
 * first. And all that is checked, put together.
 */
#include "sim_check.h"

#include <string.h>

/* ---- places ------------------------------------------------------------------------------ */

/* A job that was ready. */
struct entrant {
	const struct sim_job_run *run;
	const struct case_node *n;
	unsigned pipeline;
	int64_t turn;  /* the one before it has ended */
	int64_t since; /* the same, also behind those that took no time at that instant */
};

/* A task in line and at its place. */
struct seat {
	const struct sim_job_run *run;
	enum case_machine machine;
	int64_t earliest, since; /* it came to the line: where that does not show, between these */
	int64_t slot, end;
};

enum { GATES = ON_COUNT + 4, GATE_MACOS = ON_COUNT + 1, GATE_RUNNERS, GATE_PLAN };

struct seats {
	struct case_played *p;
	VEC(struct seat) all;
	int64_t at;       /* the instant that is looked at */
	int taken[GATES]; /* how many have a place just after it */
	bool instant;     /* tasks that take no time had a place, too */
};

/* What tasks go through: limits of a class, of macOS, of runners, of the plan. */
static bool
passes(const struct sim_case *c, enum case_machine machine, int gate)
{
	if (gate == GATE_MACOS)
		return case_machines[machine].macos;
	if (gate == GATE_RUNNERS)
		return case_machines[machine].runner;
	if (gate == GATE_PLAN)
		return !case_machines[machine].runner;
	return case_pool(c, machine) == gate;
}

static int
gate_limit(const struct sim_case *c, int gate)
{
	if (gate == GATE_MACOS)
		return c->macos;
	if (gate == GATE_RUNNERS)
		return c->runners;
	return gate == GATE_PLAN ? c->plan : case_pool_limit(c, gate);
}

uint32_t
case_least_limit(const struct sim_case *c)
{
	uint32_t least = UINT32_MAX;
	for (int gate = 0; gate < GATES; gate++) {
		int limit = gate_limit(c, gate);
		if (limit >= 0 && (uint32_t)limit < least)
			least = (uint32_t)limit;
	}
	return least;
}

static void
count_taken(struct seats *s, int64_t at)
{
	s->at = at;
	s->instant = false;
	memset(s->taken, 0, sizeof s->taken);
	for (uint32_t i = 0; i < s->all.n; i++) {
		const struct seat *seat = &s->all.v[i];
		s->instant = s->instant || (seat->slot == at && seat->end == at);
		for (int gate = 0; gate < GATES; gate++)
			s->taken[gate] += seat->slot <= at && at < seat->end &&
					  passes(s->p->c, seat->machine, gate);
	}
}

/* Is one of the first so many gates, of those that the seat goes through, full? */
static bool
is_held(const struct seats *s, const struct seat *seat, int before)
{
	for (int gate = 0; gate < before; gate++) {
		int limit = gate_limit(s->p->c, gate);
		if (limit >= 0 && passes(s->p->c, seat->machine, gate) && s->taken[gate] >= limit)
			return true;
	}
	return false;
}

/* Did one that came later get a place that this one could have had? */
static bool
is_overtaken(const struct seats *s, const struct seat *seat)
{
	if (s->instant || is_held(s, seat, GATE_PLAN))
		return false;
	for (uint32_t i = 0; i < s->all.n; i++) {
		const struct seat *other = &s->all.v[i];
		if (other->slot == s->at && other->end > s->at && other->earliest > seat->since &&
			!case_machines[other->machine].runner &&
			!case_machines[seat->machine].runner)
			return true;
	}
	return false;
}

/* Never too many; nobody waits where there is room; nobody is overtaken but where its own class or
 * family is full. */
static bool
check_instant(struct seats *s, int64_t at)
{
	count_taken(s, at);
	for (int gate = 0; gate < GATES; gate++) {
		int limit = gate_limit(s->p->c, gate);
		if (limit >= 0 && s->taken[gate] > limit)
			return check_fault(s->p, "more have places than there are",
				str_printf(s->p->a, "gate %d", gate));
	}
	for (uint32_t i = 0; i < s->all.n; i++) {
		const struct seat *seat = &s->all.v[i];
		if (seat->since > at || seat->slot <= at)
			continue;
		if (!is_held(s, seat, GATES))
			return check_fault(
				s->p, "waits though there is room", seat->run->node->name);
		if (is_overtaken(s, seat))
			return check_fault(s->p, "is overtaken", seat->run->node->name);
	}
	return true;
}

/* The tasks of a job are in line from when it is ready or, in a serial group, from when the one
 * before it has ended. */
static void
add_seats(struct seats *s, const struct entrant *e)
{
	for (uint32_t i = 0; i < e->run->ntasks; i++) {
		const struct sim_task_run *t = &e->run->tasks[i];
		struct seat seat = {e->run, e->n->machine, e->turn, e->since, t->slot, t->end};
		vec_push(s->p->a, &s->all, seat);
	}
}

/* ---- serial groups ----------------------------------------------------------------------- */

struct serials {
	struct case_played *p;
	VEC(struct entrant) all;
};

static bool
same_group(const struct entrant *x, const struct entrant *y)
{
	return strcmp(x->n->serial, y->n->serial) == 0;
}

/* Its turn is when the last one that ran before it has ended. Of two jobs of a group one has ended
 * when the other begins; and an older pipeline's does not begin while a newer one's is there. */
static bool
check_serial(struct serials *s)
{
	for (uint32_t i = 0; i < s->all.n; i++) {
		struct entrant *x = &s->all.v[i];
		for (uint32_t k = 0; k < s->all.n; k++) {
			const struct entrant *y = &s->all.v[k];
			bool gave_up = !y->run->ntasks && y->run->status == JOB_CANCELED;
			if (i == k || !same_group(x, y) || !x->run->ntasks ||
				(!y->run->ntasks && !gave_up))
				continue;
			if (!gave_up && x->run->start < y->run->end && y->run->start < x->run->end)
				return check_fault(s->p,
					"overlaps with another of its serial group",
					x->run->node->name);
			if (y->run->end > x->run->start)
				continue;
			if (!gave_up && y->run->start < x->run->start && y->run->end > x->turn)
				x->turn = y->run->end;
			/* Which of two that take no time goes first does not show, nor whether
			 * one that was canceled had its turn. */
			if (y->run->end > x->since)
				x->since = y->run->end;
		}
	}
	for (uint32_t i = 0; i < s->all.n; i++)
		for (uint32_t k = 0; k < s->all.n; k++) {
			const struct entrant *x = &s->all.v[i], *y = &s->all.v[k];
			if (same_group(x, y) && x->run->ntasks && y->run->ntasks &&
				x->pipeline < y->pipeline && y->run->ready < x->turn &&
				x->turn < y->run->end)
				return check_fault(s->p, "runs though a newer pipeline is there",
					x->run->node->name);
		}
	return true;
}

/* One of an older pipeline that had its turn taken away, or a newer one waited: there is one. */
static bool
check_passed_over(struct serials *s, const struct checked *c, unsigned pipeline)
{
	int64_t at;
	for (uint32_t i = 0; i < c->w->njobs; i++) {
		const struct sim_job_run *run = &c->w->jobs[i];
		const struct case_node *n = checked_node(c, run);
		bool found = false;
		if (c->open || n->kind != SIM_JOB || run->status != JOB_NOT_RUN ||
			!was_ready(c, run, &at))
			continue;
		for (uint32_t k = 0; k < s->all.n; k++)
			found = found || (s->all.v[k].pipeline > pipeline &&
						 strcmp(s->all.v[k].n->serial, n->serial) == 0 &&
						 s->all.v[k].run->ready <= run->end);
		if (!found)
			return check_fault(
				s->p, "no newer pipeline takes its turn", run->node->name);
	}
	return true;
}

/* ---- locks ------------------------------------------------------------------------------- */

/* How long a lock that was taken is held: up to its workflow's unlock, or the attempt's end. */
static int64_t
lock_end(const struct checked *c, const struct sim_job_run *lock)
{
	const char *key = checked_node(c, lock)->serial;
	int64_t end = c->w->end;
	for (uint32_t i = 0; i < c->w->njobs; i++) {
		const struct sim_job_run *run = &c->w->jobs[i];
		const struct case_node *n = checked_node(c, run);
		if (n->kind == SIM_UNLOCK && run->status == JOB_SUCCESS && run->end >= lock->end &&
			strcmp(n->serial, key) == 0 && run->end < end)
			end = run->end;
		/* The next attempt begins when all is over. */
		if (run->attempt == lock->attempt + 1 && attempt_start(c, run->attempt) < end)
			end = attempt_start(c, run->attempt);
	}
	return end;
}

static bool
is_taken_lock(const struct checked *c, const struct sim_job_run *run)
{
	return checked_node(c, run)->kind == SIM_LOCK && run->status == JOB_SUCCESS;
}

static bool
check_locks(const struct checked *c, const struct checked *d)
{
	for (uint32_t i = 0; i < c->w->njobs; i++)
		for (uint32_t k = 0; k < d->w->njobs; k++) {
			const struct sim_job_run *x = &c->w->jobs[i], *y = &d->w->jobs[k];
			if (x == y || !is_taken_lock(c, x) || !is_taken_lock(d, y) ||
				!str_eq(x->node->serial, y->node->serial))
				continue;
			if (x->end < lock_end(d, y) && y->end < lock_end(c, x))
				return check_fault(
					c->p, "holds a lock that another one holds", x->node->name);
		}
	return true;
}

/* ---- all of it --------------------------------------------------------------------------- */

struct checking {
	struct case_played *p;
	struct checked flows[CASE_PIPELINES * CASE_FLOWS];
	unsigned pipeline[CASE_PIPELINES * CASE_FLOWS];
	unsigned nflows;
	struct serials serials;
	struct seats seats;
};

static void
add_entrants(struct checking *k, const struct checked *c, unsigned pipeline)
{
	for (uint32_t i = 0; i < c->w->njobs; i++) {
		const struct sim_job_run *run = &c->w->jobs[i];
		const struct case_node *n = checked_node(c, run);
		struct entrant e = {run, n, pipeline, run->ready, run->ready};
		int64_t at;
		if (n->kind == SIM_JOB && n->serial[0] && was_ready(c, run, &at))
			vec_push(k->p->a, &k->serials.all, e);
		else if (n->kind == SIM_JOB)
			add_seats(&k->seats, &e);
	}
}

static bool
check_seats(struct checking *k)
{
	int64_t queued = 0, peak = 0;
	for (uint32_t i = 0; i < k->serials.all.n; i++) {
		add_seats(&k->seats, &k->serials.all.v[i]);
	}
	for (uint32_t i = 0; i < k->seats.all.n; i++) {
		const struct seat *seat = &k->seats.all.v[i];
		if (!check_instant(&k->seats, seat->slot) || !check_instant(&k->seats, seat->end))
			return false;
		int64_t now = 0;
		for (uint32_t j = 0; j < k->seats.all.n; j++)
			now += k->seats.all.v[j].slot <= seat->slot &&
			       k->seats.all.v[j].end > seat->slot;
		peak = now > peak ? now : peak;
		queued += seat->slot - seat->run->ready;
	}
	/* Of tasks that take no time several may have a place one after the other. */
	if (k->p->result->peak < peak)
		return check_fault(k->p, "the peak is higher than it says", STR(""));
	if (!k->p->c->auto_cancel && k->p->result->queued != queued)
		return check_fault(k->p, "the queueing adds up to something else", STR(""));
	return true;
}

static bool
gather(struct checking *k)
{
	const struct sim_result *r = k->p->result;
	int64_t last = 0;
	for (unsigned i = 0; i < k->p->c->npushes; i++) {
		const struct case_config *config = &k->p->c->configs[k->p->c->pushes[i].config];
		if (r->pipelines[i].nworkflows != config->nflows)
			return check_fault(k->p, "another number of workflows", STR(""));
		for (unsigned f = 0; f < config->nflows; f++) {
			struct checked *c = &k->flows[k->nflows];
			*c = (struct checked){.p = k->p,
				.w = &r->pipelines[i].workflows[f],
				.flow = &config->flows[f]};
			k->pipeline[k->nflows++] = i;
			last = c->w->end > last ? c->w->end : last;
			if (c->w->workflow->nnodes != c->flow->nnodes)
				return check_fault(
					k->p, "another number of jobs", c->w->workflow->name);
			if (c->w->start != k->p->arrivals[i].at)
				return check_fault(k->p, "starts late", c->w->workflow->name);
		}
	}
	return last == r->makespan || check_fault(k->p, "the last end is another", STR(""));
}

bool
check_rules(struct case_played *p)
{
	struct checking *k = NEW(p->a, struct checking);
	k->p = k->serials.p = k->seats.p = p;
	if (!gather(k))
		return false;
	for (unsigned i = 0; i < k->nflows; i++) {
		if (!check_flow(&k->flows[i]))
			return false;
		add_entrants(k, &k->flows[i], k->pipeline[i]);
	}
	if (!check_serial(&k->serials))
		return false;
	for (unsigned i = 0; i < k->nflows; i++) {
		if (!check_passed_over(&k->serials, &k->flows[i], k->pipeline[i]))
			return false;
		for (unsigned j = 0; j <= i; j++)
			if (!check_locks(&k->flows[i], &k->flows[j]))
				return false;
	}
	return check_seats(k);
}
