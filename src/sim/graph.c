/* SPDX-License-Identifier: MIT */
/* The graph of a workflow as people draw it: a matrix may stand as one node. */
#include "ccx/sim.h"

const char *const sim_node_kind_names[] = {"job", "approval", "no-op", "lock", "unlock"};

struct drawing {
	struct arena *a;
	const struct sim_workflow *w;
	struct graph *g;
	uint32_t *levels; /* of the workflow's nodes */
	uint32_t *places; /* the graph's node of each of the workflow's */
};

static void
find_levels(struct drawing *d)
{
	for (uint32_t i = 0; i < d->w->nnodes; i++) {
		uint32_t at = d->w->order[i];
		const struct sim_node *n = &d->w->nodes[at];
		for (uint32_t k = 0; k < n->nrequires; k++)
			if (d->levels[at] <= d->levels[n->requires[k].from])
				d->levels[at] = d->levels[n->requires[k].from] + 1;
		if (d->g->levels <= d->levels[at])
			d->g->levels = d->levels[at] + 1;
	}
}

/* Members of one matrix at one level. Edges lead from level to level, so that nodes of one level
 * can always be drawn as one. */
static struct str
key_of(const struct drawing *d, uint32_t at)
{
	const struct sim_node *n = &d->w->nodes[at];
	return str_printf(
		d->a, "%u %d %.*s", (unsigned)d->levels[at], (int)n->kind, STR_ARG(n->group));
}

static void
place_nodes(struct drawing *d, bool collapse)
{
	struct map seen = {0};
	for (uint32_t i = 0; i < d->w->nnodes; i++) {
		uint32_t at = d->w->order[i];
		const struct sim_node *n = &d->w->nodes[at];
		struct str key = collapse && n->group.len ? key_of(d, at) : STR("");
		struct graph_node *same = key.len ? map_get(&seen, key) : NULL;
		if (same) {
			same->members++;
			same->name = same->first->group;
			d->places[at] = (uint32_t)(same - d->g->nodes);
			continue;
		}
		d->places[at] = d->g->nnodes;
		same = &d->g->nodes[d->g->nnodes++];
		*same = (struct graph_node){.name = n->name,
			.first = n,
			.members = 1,
			.level = d->levels[at],
			.ms = SIM_NEVER};
		if (key.len)
			map_put(d->a, &seen, key, same);
	}
}

/* The edges of the workflow's nodes, by the graph's node that they lead to; of several between the
 * same two, one. */
static void
place_edges(struct drawing *d)
{
	uint32_t n = d->g->nnodes, *ends = NEW_ARRAY(d->a, uint32_t, n + 2), edges = 0;
	uint32_t *members = NEW_ARRAY(d->a, uint32_t, d->w->nnodes + 1);
	for (uint32_t i = 0; i < d->w->nnodes; i++) {
		ends[d->places[i] + 1]++;
		edges += d->w->nodes[i].nrequires;
	}
	for (uint32_t i = 1; i <= n; i++)
		ends[i] += ends[i - 1];
	for (uint32_t i = 0; i < d->w->nnodes; i++)
		members[ends[d->places[i]]++] = i;
	uint32_t *last = NEW_ARRAY(d->a, uint32_t, n + 1); /* edge from each node, from 1 */
	d->g->edges = NEW_ARRAY(d->a, struct graph_edge, edges + 1);
	for (uint32_t i = 0; i < d->w->nnodes; i++) {
		const struct sim_node *node = &d->w->nodes[members[i]];
		uint32_t to = d->places[members[i]];
		for (uint32_t k = 0; k < node->nrequires; k++) {
			uint32_t from = d->places[node->requires[k].from], e = last[from];
			if (!e || d->g->edges[e - 1].to != to) {
				d->g->edges[d->g->nedges] =
					(struct graph_edge){.from = from, .to = to};
				e = last[from] = ++d->g->nedges;
			}
			d->g->edges[e - 1].accepts |= node->requires[k].accepts;
		}
	}
}

/* What the last attempt of each job took. */
static void
place_times(struct drawing *d, const struct sim_workflow_run *run)
{
	for (uint32_t i = 0; i < run->njobs; i++) {
		const struct sim_job_run *r = &run->jobs[i];
		struct graph_node *n = &d->g->nodes[d->places[r->node - d->w->nodes]];
		n->critical = n->critical || r->critical;
		if (r->end == SIM_NEVER || r->start == r->end)
			continue;
		if (n->ms == SIM_NEVER || n->ms < r->end - r->ready)
			n->ms = r->end - r->ready;
	}
	for (uint32_t i = 0; i < d->g->nedges; i++) {
		struct graph_edge *e = &d->g->edges[i];
		e->critical = d->g->nodes[e->from].critical && d->g->nodes[e->to].critical;
	}
}

struct graph *
graph_of(struct arena *a, const struct sim_workflow *w, bool collapse,
	const struct sim_workflow_run *run)
{
	struct graph *g = NEW(a, struct graph);
	struct drawing d = {a, w, g, NEW_ARRAY(a, uint32_t, w->nnodes + 1),
		NEW_ARRAY(a, uint32_t, w->nnodes + 1)};
	g->workflow = w;
	g->nodes = NEW_ARRAY(a, struct graph_node, w->nnodes + 1);
	g->timed = run != NULL;
	find_levels(&d);
	place_nodes(&d, collapse);
	place_edges(&d);
	if (run)
		place_times(&d, run);
	return g;
}
