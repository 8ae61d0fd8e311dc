/* SPDX-License-Identifier: MIT */
/*
 * What became of each workflow and entry of the source: those that run, and why the others do
 * not. The passes have found it out; here it is told. Costs a walk over the entries.
 */
#include "ccx/compile.h"

#include "internal.h"

const char *const job_status_names[JOB_STATUS_COUNT] = {
	[JOB_SUCCESS] = "success",
	[JOB_FAILED] = "failed",
	[JOB_CANCELED] = "canceled",
	[JOB_UNAUTHORIZED] = "unauthorized",
	[JOB_NOT_RUN] = "not_run",
};

/* ---- entries ----------------------------------------------------------------------------- */

/* "no-op" of {type: no-op}; NULL for a build. */
static const char *
type_of(struct compile *c, const struct invocation *inv)
{
	if (inv->type)
		return inv->type;
	const struct node *type = node_get(inv->body ? inv->body->node : NULL, "type");
	if (!node_has(type, NODE_STRING) || node_is(type, "build"))
		return NULL;
	return str_copy(c->a, type->u.text).s;
}

static unsigned
accepts_of(const struct node *statuses)
{
	unsigned mask = 0;
	if (!statuses)
		return 1u << JOB_SUCCESS;
	for (uint32_t i = 0; i < statuses->count; i++)
		for (unsigned k = 0; k < JOB_STATUS_COUNT; k++)
			if (node_is(statuses->u.items[i], job_status_names[k]))
				mask |= 1u << k;
	return mask;
}

static void
collect_edges(struct compile *c, const struct invocation *inv, struct compiled_entry *e)
{
	e->nrequires = inv->upstream.n;
	e->requires = NEW_ARRAY(c->a, struct compiled_edge, e->nrequires);
	for (uint32_t i = 0; i < e->nrequires; i++)
	e->requires[i] =
		(struct compiled_edge){inv->upstream.v[i]->index, accepts_of(inv->accepts.v[i])};
}

/* Invocations of one final name share the job that the first of them became. */
static struct compiled_job *
job_of(const struct compile *c, const struct invocation *inv)
{
	if (inv->absence || inv->job || !inv->body)
		return inv->absence ? NULL : inv->job;
	const struct invocation *first = map_get(&c->printed, inv->final);
	return first ? first->job : NULL;
}

static struct compiled_entry
entry_of(struct compile *c, const struct invocation *inv)
{
	return (struct compiled_entry){.name = inv->final,
		.target = inv->target,
		.group = inv->part_of.len ? inv->part_of : inv->group,
		.span = inv->span,
		.type = type_of(c, inv),
		.absence = inv->absence,
		.why = inv->absence ? inv->why : (struct span){0},
		.entry = inv->entry,
		.job = job_of(c, inv)};
}

/* An entry that equals an earlier one is the same node. */
static bool
is_again(const struct invocation *inv)
{
	return inv->twin && inv->twin != inv;
}

static void
collect_entries(struct compile *c, const struct workflow *w, struct compiled_workflow *out)
{
	out->entries = NEW_ARRAY(c->a, struct compiled_entry, w->jobs.n);
	for (uint32_t i = 0; i < w->jobs.n; i++)
		if (!is_again(w->jobs.v[i]))
			w->jobs.v[i]->index = out->nentries++;
	bool any = false;
	for (uint32_t i = 0; i < w->jobs.n; i++) {
		const struct invocation *inv = w->jobs.v[i];
		if (is_again(inv))
			continue;
		struct compiled_entry *e = &out->entries[inv->index];
		*e = entry_of(c, inv);
		collect_edges(c, inv, e);
		any = any || !e->absence;
	}
	if (!out->node && out->nentries)
		out->span = out->entries[0].span; /* nobody wrote this workflow */
	const struct pair *jobs = node_pair(out->node, STR("jobs"));
	if (any || (!out->nentries && (!jobs || !jobs->value->count)))
		return;
	out->absence = ABSENT_EMPTY;
	out->why = jobs ? jobs->key->span : out->span;
}

/* ---- workflows --------------------------------------------------------------------------- */

static void
add_workflow(struct compile *c, const struct pair *pair, struct compiled *out, uint32_t kept)
{
	struct compiled_workflow *w = &out->workflows[out->nworkflows++];
	if (pair) {
		w->name = node_text(c->a, pair->key);
		w->span = pair->key->span;
		w->node = pair->value;
	}
	if (kept < c->workflows.n && c->workflows.v[kept]->pair == pair) {
		w->name = c->workflows.v[kept]->name;
		collect_entries(c, c->workflows.v[kept], w);
		return;
	}
	w->absence = ABSENT_CONDITION;
	w->why = c->absent.v[out->nworkflows - 1 - kept].why;
	w->why_true = c->absent.v[out->nworkflows - 1 - kept].why_true;
}

void
outcome_collect(struct compile *c, struct compiled *out)
{
	const struct node *map = c->config->workflows;
	uint32_t n = c->workflows.n + c->absent.n, kept = 0;
	out->workflows = NEW_ARRAY(c->a, struct compiled_workflow, n);
	if (!map && n)
		add_workflow(c, NULL, out, 0);
	for (uint32_t i = 0; node_has(map, NODE_MAP) && i < map->count; i++) {
		const struct pair *p = &map->u.pairs[i];
		bool is_kept = kept < c->workflows.n && c->workflows.v[kept]->pair == p;
		uint32_t gone = out->nworkflows - kept;
		if (!is_kept && (gone == c->absent.n || c->absent.v[gone].pair != p))
			continue;
		add_workflow(c, p, out, kept);
		kept += is_kept;
	}
}
