/* SPDX-License-Identifier: MIT */
/*
 * Layered layout (Sugiyama's): a node's column is its level; in each column the order is that of
 * the barycentres of its neighbours, swept to and fro while crossings become fewer; its row is then
 * as near to their mean as the others in the column allow.
 */
#include "graph.h"

#include <stdlib.h>
#include <string.h>

enum {
	SWEEPS = 8,          /* to and fro */
	MOST_PASSES = 20000, /* spots of long edges; with more they are drawn straight */
};

#define NO_NODE UINT32_MAX

/* Neighbours of each spot: those of spot i stand from start[i] to start[i + 1]. */
struct neighbours {
	uint32_t *start, *spots;
};

struct layout {
	struct arena *a;
	const struct graph *g;
	struct layers *l;
	struct neighbours before, after;
	uint32_t *order;  /* spots, column by column, from top to bottom */
	uint32_t *column; /* where each column starts in order; one more at the end */
	uint32_t *place;  /* of each spot in its column */
};

/* ---- spots and segments ------------------------------------------------------------------ */

static uint32_t
count_passes(const struct graph *g)
{
	uint64_t n = 0;
	for (uint32_t i = 0; i < g->nedges; i++)
		n += g->nodes[g->edges[i].to].level - g->nodes[g->edges[i].from].level - 1;
	return n > MOST_PASSES ? 0 : (uint32_t)n;
}

static void
make_spots(struct layout *x)
{
	const struct graph *g = x->g;
	struct layers *l = x->l;
	uint32_t passes = count_passes(g);
	l->spots = NEW_ARRAY(x->a, struct spot, g->nnodes + passes + 1);
	l->of_node = NEW_ARRAY(x->a, uint32_t, g->nnodes + 1);
	l->first_of_edge = NEW_ARRAY(x->a, uint32_t, g->nedges + 1);
	l->passes_of_edge = NEW_ARRAY(x->a, uint32_t, g->nedges + 1);
	for (uint32_t i = 0; i < g->nnodes; i++) {
		l->of_node[i] = l->nspots;
		l->spots[l->nspots++] = (struct spot){i, 0, g->nodes[i].level, 0};
	}
	for (uint32_t e = 0; passes && e < g->nedges; e++) {
		uint32_t to = g->nodes[g->edges[e].to].level;
		l->first_of_edge[e] = l->nspots;
		for (uint32_t at = g->nodes[g->edges[e].from].level + 1; at < to; at++) {
			l->passes_of_edge[e]++;
			l->spots[l->nspots++] = (struct spot){NO_NODE, e, at, 0};
		}
	}
}

/* Calls with the spots at both ends of each piece of an edge that leads from a column to the next:
 * not for edges that are drawn straight past others. */
static void
each_segment(
	const struct layout *x, void (*visit)(void *ctx, uint32_t from, uint32_t to), void *ctx)
{
	for (uint32_t e = 0; e < x->g->nedges; e++) {
		uint32_t from = x->l->of_node[x->g->edges[e].from];
		for (uint32_t k = 0; k < x->l->passes_of_edge[e]; k++) {
			uint32_t to = x->l->first_of_edge[e] + k;
			visit(ctx, from, to);
			from = to;
		}
		uint32_t end = x->l->of_node[x->g->edges[e].to];
		if (x->l->spots[from].level + 1 == x->l->spots[end].level)
			visit(ctx, from, end);
	}
}

static void
count_segment(void *ctx, uint32_t from, uint32_t to)
{
	struct layout *x = ctx;
	x->after.start[from + 2]++;
	x->before.start[to + 2]++;
}

static void
add_segment(void *ctx, uint32_t from, uint32_t to)
{
	struct layout *x = ctx;
	x->after.spots[x->after.start[from + 1]++] = to;
	x->before.spots[x->before.start[to + 1]++] = from;
}

static void
make_neighbours(struct layout *x)
{
	uint32_t n = x->l->nspots, segments = x->g->nedges;
	for (uint32_t e = 0; e < x->g->nedges; e++)
		segments += x->l->passes_of_edge[e];
	x->before.start = NEW_ARRAY(x->a, uint32_t, n + 2);
	x->after.start = NEW_ARRAY(x->a, uint32_t, n + 2);
	x->before.spots = NEW_ARRAY(x->a, uint32_t, segments + 1);
	x->after.spots = NEW_ARRAY(x->a, uint32_t, segments + 1);
	each_segment(x, count_segment, x);
	for (uint32_t i = 2; i <= n; i++) {
		x->before.start[i] += x->before.start[i - 1];
		x->after.start[i] += x->after.start[i - 1];
	}
	each_segment(x, add_segment, x);
}

/* Spots in the order in which they were made: nodes as in the config, then long edges. */
static void
make_columns(struct layout *x)
{
	const struct layers *l = x->l;
	uint32_t *next = NEW_ARRAY(x->a, uint32_t, x->g->levels + 1);
	x->column = NEW_ARRAY(x->a, uint32_t, x->g->levels + 1);
	x->order = NEW_ARRAY(x->a, uint32_t, l->nspots + 1);
	x->place = NEW_ARRAY(x->a, uint32_t, l->nspots + 1);
	for (uint32_t i = 0; i < l->nspots; i++)
		x->column[l->spots[i].level + 1]++;
	for (uint32_t i = 0; i < x->g->levels; i++) {
		x->column[i + 1] += x->column[i];
		next[i] = x->column[i];
	}
	for (uint32_t i = 0; i < l->nspots; i++) {
		uint32_t level = l->spots[i].level;
		x->place[i] = next[level] - x->column[level];
		x->order[next[level]++] = i;
	}
}

/* ---- order in columns -------------------------------------------------------------------- */

static double
mean_of(const struct layout *x, const struct neighbours *n, uint32_t spot, bool rows, double none)
{
	double sum = 0;
	uint32_t from = n->start[spot], to = n->start[spot + 1];
	for (uint32_t i = from; i < to; i++)
		sum += rows ? x->l->spots[n->spots[i]].y : (double)x->place[n->spots[i]];
	return from == to ? none : sum / (to - from);
}

struct wish {
	double at;
	uint32_t place, spot;
};

static int
by_wish(const void *x, const void *y)
{
	const struct wish *a = x, *b = y;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return a->place < b->place ? -1 : a->place > b->place;
}

static void
sort_column(struct layout *x, uint32_t level, const struct neighbours *n, struct wish *wishes)
{
	uint32_t from = x->column[level], count = x->column[level + 1] - from;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t spot = x->order[from + i];
		wishes[i] = (struct wish){mean_of(x, n, spot, false, i), i, spot};
	}
	qsort(wishes, count, sizeof *wishes, by_wish);
	for (uint32_t i = 0; i < count; i++) {
		x->order[from + i] = wishes[i].spot;
		x->place[wishes[i].spot] = i;
	}
}

/* Pairs of edges that cross between a column and the next: for each end, those that came before
 * and end below it. sums is a Fenwick tree over the places of the next column. */
static uint64_t
column_crossings(const struct layout *x, uint32_t level, uint32_t *sums)
{
	uint32_t size = x->column[level + 2] - x->column[level + 1], seen = 0;
	uint64_t crossings = 0;
	memset(sums, 0, sizeof *sums * (size + 1));
	for (uint32_t i = x->column[level]; i < x->column[level + 1]; i++) {
		uint32_t from = x->after.start[x->order[i]], to = x->after.start[x->order[i] + 1];
		for (uint32_t k = from; k < to; k++) {
			uint32_t above = 0;
			for (uint32_t p = x->place[x->after.spots[k]] + 1; p; p -= p & -p)
				above += sums[p];
			crossings += seen - above;
		}
		for (uint32_t k = from; k < to; k++, seen++)
			for (uint32_t p = x->place[x->after.spots[k]] + 1; p <= size; p += p & -p)
				sums[p]++;
	}
	return crossings;
}

static uint64_t
crossings(const struct layout *x, uint32_t *sums)
{
	uint64_t n = 0;
	for (uint32_t level = 0; level + 1 < x->g->levels; level++)
		n += column_crossings(x, level, sums);
	return n;
}

static void
sort_columns(struct layout *x)
{
	size_t n = x->l->nspots;
	struct wish *wishes = NEW_ARRAY(x->a, struct wish, n + 1);
	uint32_t *sums = NEW_ARRAY(x->a, uint32_t, n + 2);
	uint32_t *best = NEW_ARRAY(x->a, uint32_t, n + 1);
	uint64_t fewest = crossings(x, sums);
	memcpy(best, x->order, n * sizeof *best);
	for (int sweep = 0; sweep < SWEEPS && fewest; sweep++) {
		for (uint32_t k = 1; k < x->g->levels; k++) {
			bool down = sweep % 2 == 0;
			sort_column(x, down ? k : x->g->levels - 1 - k,
				down ? &x->before : &x->after, wishes);
		}
		uint64_t now = crossings(x, sums);
		if (now >= fewest)
			continue;
		fewest = now;
		memcpy(best, x->order, n * sizeof *best);
	}
	memcpy(x->order, best, n * sizeof *best);
}

/* ---- rows -------------------------------------------------------------------------------- */

/* Rows at least one apart, as near to the wishes as can be: where wishes are too close, their
 * group takes the mean of what each would have it (pool adjacent violators). */
static void
place_column(struct layout *x, uint32_t level, const struct neighbours *n, struct wish *groups)
{
	uint32_t from = x->column[level], to = x->column[level + 1], ngroups = 0;
	for (uint32_t i = from; i < to; i++) {
		uint32_t spot = x->order[i];
		double y = mean_of(x, n, spot, true, x->l->spots[spot].y);
		struct wish group = {y - (i - from), 1, i}; /* place: how many; spot: the first */
		while (ngroups && groups[ngroups - 1].at >= group.at) {
			struct wish *last = &groups[--ngroups];
			group.at = (group.at * group.place + last->at * last->place) /
				   (group.place + last->place);
			group.place += last->place;
			group.spot = last->spot;
		}
		groups[ngroups++] = group;
	}
	for (uint32_t k = 0; k < ngroups; k++)
		for (uint32_t i = 0; i < groups[k].place; i++)
			x->l->spots[x->order[groups[k].spot + i]].y =
				groups[k].at + (groups[k].spot + i - from);
}

static void
place_rows(struct layout *x)
{
	struct layers *l = x->l;
	struct wish *groups = NEW_ARRAY(x->a, struct wish, l->nspots + 1);
	double top = 0, bottom = 0;
	for (uint32_t level = 0; level < x->g->levels; level++)
		for (uint32_t i = x->column[level]; i < x->column[level + 1]; i++)
			l->spots[x->order[i]].y = i - x->column[level];
	for (int sweep = 0; sweep < SWEEPS; sweep++)
		for (uint32_t k = 1; k < x->g->levels; k++) {
			bool down = sweep % 2 == 0;
			place_column(x, down ? k : x->g->levels - 1 - k,
				down ? &x->before : &x->after, groups);
		}
	for (uint32_t i = 0; i < l->nspots; i++)
		top = i == 0 || l->spots[i].y < top ? l->spots[i].y : top;
	for (uint32_t i = 0; i < l->nspots; i++) {
		l->spots[i].y -= top;
		bottom = l->spots[i].y > bottom ? l->spots[i].y : bottom;
	}
	l->rows = l->nspots ? bottom + 1 : 0;
}

struct layers *
graph_layers(struct arena *a, const struct graph *g)
{
	struct layers *l = NEW(a, struct layers);
	struct layout x = {.a = a, .g = g, .l = l};
	make_spots(&x);
	make_neighbours(&x);
	make_columns(&x);
	sort_columns(&x);
	place_rows(&x);
	return l;
}
