/* SPDX-License-Identifier: MIT */
/*
 * Who left the place that another got: kept as it happens, for who asks afterwards what could have
 * been later. At a gate that is full, what is left at an instant is got in the order in which it
 * was left, and only after the places that had been free before.
 */
#include "ccx/sim.h"

#include "engine.h"

uint32_t
gate_new(struct engine *e)
{
	struct gate gate = {0};
	vec_push(e->a, &e->gates, gate);
	return e->gates.n - 1;
}

void
event_add(struct engine *e, uint32_t flow, uint32_t run, enum event_kind kind, uint32_t place)
{
	struct flow *f = &e->flows.v[flow];
	struct event event = {f->happened, run, place, kind};
	vec_push(e->a, &e->events, event);
	f->happened = e->events.n - 1;
}

uint32_t
place_got(struct engine *e, const struct waiting *w, enum event_kind kind)
{
	struct stay place = {.flow = w->flow,
		.run = e->flows.v[w->flow].nodes[w->node].run,
		.task = w->task,
		.since = w->since,
		.got = e->now,
		.left = e->now,
		.until = SIM_NEVER,
		.latest = SIM_NEVER};
	for (int i = 0; i < GATES_OF_TASK; i++)
		place.gates[i] = place.from[i] = SIM_NOBODY;
	vec_push(e->a, &e->stays, place);
	event_add(e, w->flow, place.run, kind, e->stays.n - 1);
	return e->stays.n - 1;
}

void
place_through(struct engine *e, uint32_t place, uint32_t gate, int64_t room)
{
	struct stay *p = &e->stays.v[place];
	struct gate *g = &e->gates.v[gate];
	int64_t fresh = g->at == e->now ? g->left.n - g->passed : 0;
	int i = 0;
	while (p->gates[i] != SIM_NOBODY)
		i++;
	p->gates[i] = gate;
	p->full[i] = room == 1;
	if (!fresh || room > fresh)
		return;
	uint32_t from = g->left.v[g->passed++];
	p->handed[i] = true;
	if (e->stays.v[from].flow == p->flow)
		p->from[i] = from;
}

void
place_left(struct engine *e, uint32_t place)
{
	struct stay *p = &e->stays.v[place];
	p->left = e->now;
	for (int i = 0; i < GATES_OF_TASK && p->gates[i] != SIM_NOBODY; i++) {
		struct gate *g = &e->gates.v[p->gates[i]];
		if (g->at != e->now)
			g->left.n = g->passed = 0;
		g->at = e->now;
		vec_push(e->a, &g->left, place);
	}
	event_add(e, p->flow, p->run, EVENT_LEFT, place);
}

uint32_t
place_from(const struct engine *e, uint32_t place)
{
	const struct stay *p = &e->stays.v[place];
	for (int i = 0; i < GATES_OF_TASK && p->since < p->got; i++)
		if (p->from[i] != SIM_NOBODY)
			return p->from[i];
	return SIM_NOBODY;
}

void
place_before(struct engine *e, uint32_t place, int64_t until)
{
	struct stay *p = &e->stays.v[place];
	if (until < p->since)
		until = p->since;
	if (until < p->until)
		p->until = until;
}
