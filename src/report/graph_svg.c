/* SPDX-License-Identifier: MIT */
/* Graphs as SVG: a column a level, from left to right, workflows below each other. */
#include "graph.h"
#include "svgw.h"
#include "units.h"

enum {
	MARGIN = 16,
	TITLE = 28, /* of a workflow, above its jobs */
	ROW = 52,   /* from one job to the one below it */
	BOX = 38,   /* height of a job */
	PAD = 10,   /* left and right of its text */
	GAP = 48,   /* between columns */
	LEAST = 60, /* width of a column */
	MOST = 40,  /* characters of a name */
};

struct picture {
	struct sb *out;
	const struct graph *g;
	struct layers *l;
	double top;   /* of the jobs */
	double *left; /* of each column */
	double *width;
};

/* ---- texts ------------------------------------------------------------------------------- */

static struct str
second_line(struct arena *a, const struct graph_node *n)
{
	struct str detail = graph_detail(a, n);
	if (n->ms == SIM_NEVER)
		return svgw_clip(a, detail, MOST);
	struct str time = units_duration(a, n->ms);
	if (!detail.len)
		return time;
	return svgw_clip(a, str_printf(a, "%.*s, %.*s", STR_ARG(time), STR_ARG(detail)), MOST);
}

static double
box_width(struct arena *a, const struct graph_node *n)
{
	double name = svgw_width(svgw_clip(a, n->name, MOST)), more = svgw_width(second_line(a, n));
	return (name > more ? name : more) + 2 * PAD;
}

/* ---- pieces ------------------------------------------------------------------------------ */

static double
middle(const struct picture *p, uint32_t spot)
{
	return p->top + p->l->spots[spot].y * ROW + BOX / 2.0;
}

static void
put_node(const struct picture *p, uint32_t i)
{
	const struct graph_node *n = &p->g->nodes[i];
	struct arena *a = p->out->a;
	struct str more = second_line(a, n);
	double y = middle(p, p->l->of_node[i]), x = p->left[n->level];
	struct svg_box box = {x, y - BOX / 2.0, p->width[n->level], BOX};
	struct str classes = str_printf(
		a, "%s%s", sim_node_kind_names[n->first->kind], n->critical ? " critical" : "");
	if (n->members > 1)
		svgw_rect(p->out, classes.s,
			(struct svg_box){box.x + 4, box.y + 4, box.width, box.height}, 6);
	svgw_rect(p->out, classes.s, box, n->first->kind == SIM_JOB ? 6 : BOX / 2.0);
	svgw_text(p->out, "middle", x + box.width / 2, more.len ? y - 3 : y + 4,
		svgw_clip(a, n->name, MOST));
	if (more.len)
		svgw_text(p->out, "dim middle", x + box.width / 2, y + 13, more);
}

/* A curve from the right side of one place to the left side of the next. */
static void
put_curve(const struct picture *p, double x1, double y1, double x2, double y2)
{
	double bend = (x2 - x1) / 2;
	sb_printf(p->out, " C%.1f %.1f %.1f %.1f %.1f %.1f", x1 + bend, y1, x2 - bend, y2, x2, y2);
}

static void
put_edge(const struct picture *p, uint32_t e)
{
	const struct graph_edge *edge = &p->g->edges[e];
	const char *critical = edge->critical ? " critical" : "";
	uint32_t from = p->g->nodes[edge->from].level, to = p->g->nodes[edge->to].level;
	double x = p->left[from] + p->width[from], y = middle(p, p->l->of_node[edge->from]);
	double end = p->left[to] - 6, low = middle(p, p->l->of_node[edge->to]);
	sb_printf(p->out, "<path class=\"edge%s\" d=\"M%.1f %.1f", critical, x, y);
	for (uint32_t k = 0; k < p->l->passes_of_edge[e]; k++) {
		const struct spot *s = &p->l->spots[p->l->first_of_edge[e] + k];
		double next = middle(p, p->l->first_of_edge[e] + k);
		put_curve(p, x, y, p->left[s->level], next);
		x = p->left[s->level] + p->width[s->level];
		y = next;
		sb_printf(p->out, " L%.1f %.1f", x, y);
	}
	put_curve(p, x, y, end, low);
	sb_printf(p->out, "\"/>\n<path class=\"head%s\" d=\"M%.1f %.1f l-7 -4 v8 z\"/>\n", critical,
		end + 6, low);
	struct str accepts = graph_accepts(p->out->a, edge->accepts);
	if (accepts.len)
		svgw_text(p->out, "dim end label", end - 4, low - 5, accepts);
}

/* Those on the critical path come last, above the others. */
static void
put_edges(const struct picture *p, bool critical)
{
	for (uint32_t e = 0; e < p->g->nedges; e++)
		if (p->g->edges[e].critical == critical)
			put_edge(p, e);
}

/* ---- the whole --------------------------------------------------------------------------- */

/* Room for the words on edges that lead into a column. */
static void
place_columns(struct picture *p)
{
	struct arena *a = p->out->a;
	double x = MARGIN;
	double *gaps = NEW_ARRAY(a, double, p->g->levels + 1);
	p->left = NEW_ARRAY(a, double, p->g->levels + 1);
	p->width = NEW_ARRAY(a, double, p->g->levels + 1);
	for (uint32_t i = 0; i < p->g->nnodes; i++) {
		double width = box_width(a, &p->g->nodes[i]),
		       *widest = &p->width[p->g->nodes[i].level];
		width = width < LEAST ? LEAST : width;
		*widest = width > *widest ? width : *widest;
	}
	for (uint32_t e = 0; e < p->g->nedges; e++) {
		double width = svgw_width(graph_accepts(a, p->g->edges[e].accepts));
		double *gap = &gaps[p->g->nodes[p->g->edges[e].to].level];
		*gap = width > *gap ? width : *gap;
	}
	for (uint32_t i = 0; i < p->g->levels; i++) {
		x += i ? GAP + gaps[i] : 0;
		p->left[i] = x;
		x += p->width[i];
	}
	p->left[p->g->levels] = x + MARGIN;
}

static double
title_width(const struct graph *g)
{
	return svgw_width(g->workflow->name) + 2 * MARGIN;
}

void
graph_put_svg(struct sb *out, const struct report_graphs *graphs)
{
	struct picture *all = NEW_ARRAY(out->a, struct picture, graphs->n + 1);
	double width = 0, height = MARGIN;
	for (uint32_t i = 0; i < graphs->n; i++) {
		struct picture *p = &all[i];
		*p = (struct picture){.out = out, .g = graphs->v[i]};
		p->l = graph_layers(out->a, p->g);
		p->top = height + TITLE;
		place_columns(p);
		height = p->top + p->l->rows * ROW + MARGIN;
		width = p->left[p->g->levels] > width ? p->left[p->g->levels] : width;
		width = title_width(p->g) > width ? title_width(p->g) : width;
	}
	svgw_open(out, width, height, STR("Workflows"));
	for (uint32_t i = 0; i < graphs->n; i++) {
		const struct picture *p = &all[i];
		svgw_text(out, "title", MARGIN, p->top - TITLE / 2.0 + 4, p->g->workflow->name);
		put_edges(p, false);
		put_edges(p, true);
		for (uint32_t k = 0; k < p->g->nnodes; k++)
			put_node(p, k);
	}
	svgw_close(out);
}
