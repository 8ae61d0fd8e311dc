/* SPDX-License-Identifier: MIT */
/*
 * Serial groups: one job of a group at a time, whatever its workflow; between a lock and its unlock
 * one workflow. Who comes first goes first, but a newer pipeline wins: when its job comes, jobs of
 * older pipelines that wait do not run any more, and a job of an older pipeline that comes while
 * one of a newer pipeline waits or runs does not run either. So all that wait are of one pipeline.
 */
#include "ccx/sim.h"

#include "engine.h"

static struct serial *
serial_of(struct engine *e, struct str key)
{
	struct serial *s = map_get(&e->serials, key);
	if (s)
		return s;
	s = NEW(e->a, struct serial);
	s->key = key;
	s->gate = gate_new(e);
	map_put(e->a, &e->serials, key, s);
	return s;
}

static uint32_t
pipeline_of(const struct engine *e, const struct waiting *w)
{
	return e->flows.v[w->flow].pipeline;
}

static bool
still_waits(const struct engine *e, const struct waiting *w)
{
	const struct flow *f = &e->flows.v[w->flow];
	return f->attempt == w->attempt && f->nodes[w->node].phase == PHASE_SERIAL;
}

/* Older ones that wait are given up. */
static void
drop_older(struct engine *e, struct serial *s, uint32_t pipeline)
{
	for (; s->head < s->queue.n; s->head++) {
		struct waiting w = s->queue.v[s->head];
		if (!still_waits(e, &w))
			continue;
		if (pipeline_of(e, &w) >= pipeline)
			return;
		node_end(e, w.flow, w.node, JOB_NOT_RUN,
			str_printf(e->a, "pipeline %u came to serial group \"%.*s\" behind it",
				e->result->pipelines[pipeline].number, STR_ARG(s->key)));
	}
	s->queue.n = s->head = 0;
}

/* Does a job of a newer pipeline wait or run? */
static bool
is_newer_there(const struct engine *e, const struct serial *s, uint32_t pipeline)
{
	if (s->held && pipeline_of(e, &s->holder) > pipeline)
		return true;
	for (uint32_t i = s->head; i < s->queue.n; i++)
		if (still_waits(e, &s->queue.v[i]))
			return pipeline_of(e, &s->queue.v[i]) > pipeline;
	return false;
}

/* from: the place of the same workflow run that it waited for, or SIM_NOBODY. */
static void
grant(struct engine *e, struct serial *s, const struct waiting *w, uint32_t from)
{
	s->held = true;
	s->holder = *w;
	s->place = place_got(e, w, EVENT_TURN);
	place_through(e, s->place, s->gate, 1);
	e->stays.v[s->place].from[0] = from;
	if (s->head < s->queue.n)
		place_before(e, s->place, s->queue.v[s->head].since - 1);
	e->flows.v[w->flow].nodes[w->node].locked = true;
	node_granted(e, w->flow, w->node);
}

void
serial_enter(struct engine *e, uint32_t flow, uint32_t node)
{
	struct flow *f = &e->flows.v[flow];
	struct serial *s = serial_of(e, f->run->workflow->nodes[node].serial);
	struct waiting w = {e->now, flow, node, 0, f->attempt};
	if (is_newer_there(e, s, f->pipeline)) {
		node_end(e, flow, node, JOB_NOT_RUN,
			str_printf(e->a, "a newer pipeline is in serial group \"%.*s\"",
				STR_ARG(s->key)));
		return;
	}
	drop_older(e, s, f->pipeline);
	f->nodes[node].phase = PHASE_SERIAL;
	if (!s->held) {
		grant(e, s, &w, SIM_NOBODY);
		return;
	}
	node_run(e, flow, node)->wait = SIM_WAIT_SERIAL;
	vec_push(e->a, &s->queue, w);
	int64_t most = catalog_limit(STR("serial-group-hours"))->amount * 60 * MINUTE_MS;
	tick_push(e, (struct tick){.at = e->now + most,
			     .flow = flow,
			     .node = node,
			     .attempt = f->attempt,
			     .kind = TICK_SERIAL});
}

/* by: the job run of the holder's workflow run whose end it is; SIM_NOBODY: the workflow's own. */
static void
release(struct engine *e, struct serial *s, uint32_t by)
{
	uint32_t flow = s->holder.flow;
	e->flows.v[flow].nodes[s->holder.node].locked = false;
	s->held = false;
	if (by != SIM_NOBODY)
		event_add(e, flow, by, EVENT_RELEASED, s->place);
	while (s->head < s->queue.n) {
		struct waiting w = s->queue.v[s->head++];
		if (!still_waits(e, &w))
			continue;
		bool ours = w.flow == flow && w.since < e->now && by != SIM_NOBODY;
		if (ours)
			node_run(e, flow, w.node)->turn = by;
		grant(e, s, &w, ours ? s->place : SIM_NOBODY);
		return;
	}
	s->queue.n = s->head = 0;
}

void
serial_leave(struct engine *e, uint32_t flow, uint32_t node)
{
	struct flow *f = &e->flows.v[flow];
	if (f->nodes[node].locked)
		release(e, serial_of(e, f->run->workflow->nodes[node].serial), f->nodes[node].run);
}

void
serial_unlock(struct engine *e, uint32_t flow, uint32_t node)
{
	const struct flow *f = &e->flows.v[flow];
	struct serial *s = map_get(&e->serials, f->run->workflow->nodes[node].serial);
	if (s && s->held && s->holder.flow == flow)
		release(e, s, f->nodes[node].run);
}

/* Nobody can hold a lock longer than its workflow lasts. */
void
serial_unlock_all(struct engine *e, uint32_t flow)
{
	struct flow *f = &e->flows.v[flow];
	for (uint32_t i = 0; f->plan->locks && i < f->run->workflow->nnodes; i++)
		if (f->nodes[i].locked)
			release(e, serial_of(e, f->run->workflow->nodes[i].serial), SIM_NOBODY);
}

void
serial_expired(struct engine *e, const struct tick *tick)
{
	const struct flow *f = &e->flows.v[tick->flow];
	if (f->attempt != tick->attempt || f->nodes[tick->node].phase != PHASE_SERIAL)
		return;
	node_end(e, tick->flow, tick->node, JOB_CANCELED,
		str_printf(e->a, "it waited for serial group \"%.*s\" as long as it may",
			STR_ARG(f->run->workflow->nodes[tick->node].serial)));
}
