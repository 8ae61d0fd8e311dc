/* SPDX-License-Identifier: MIT */
/* What the drawings of graphs share. */
#ifndef CCX_REPORT_GRAPH_H
#define CCX_REPORT_GRAPH_H

#include "ccx/report.h"
#include "ccx/sim.h"

void graph_put_text(struct sb *out, const struct report_graphs *graphs);
void graph_put_dot(struct sb *out, const struct report_graphs *graphs);
void graph_put_mermaid(struct sb *out, const struct report_graphs *graphs);
void graph_put_svg(struct sb *out, const struct report_graphs *graphs);
void graph_put_json(struct sb *out, const struct report_graphs *graphs);

/* "failed, canceled"; "any end" for all; empty for success alone, which needs no word. */
struct str graph_accepts(struct arena *a, unsigned accepts);
/* "test ×3", "approval", "machine/large ×4": what stands behind a name. */
struct str graph_detail(struct arena *a, const struct graph_node *n);

/* ---- layers ------------------------------------------------------------------------------ */

/* A place in a layer: a node, or where a long edge passes. */
struct spot {
	uint32_t node; /* UINT32_MAX: an edge passes */
	uint32_t edge;
	uint32_t level;
	double y; /* in rows */
};

/* Nodes in columns by level, edges through spots of their own where they span several. */
struct layers {
	struct spot *spots;
	uint32_t nspots;
	uint32_t *of_node;        /* the spot of each node */
	uint32_t *first_of_edge;  /* the first of the spots that an edge passes, in order */
	uint32_t *passes_of_edge; /* how many */
	double rows;              /* height of all */
};

/* Lays a graph out so that edges cross little: layers by barycentres, rows by the median of the
 * neighbours. */
struct layers *graph_layers(struct arena *a, const struct graph *g);

#endif
