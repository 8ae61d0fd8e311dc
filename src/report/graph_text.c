/* SPDX-License-Identifier: MIT */
/*
 * A graph as lines of text, a line a job, as version control systems draw histories:
 *
 *     ●    build
 *     ├─╮
 *     │ ●  test ×3
 *     ● │  lint
 *     ├─╯
 *     ◆    hold  approval
 *
 * A lane is one job's end, which later jobs wait for: it stays open until the last of them.
 */
#include "frame.h"
#include "graph.h"
#include "units.h"

#include <string.h>

enum { WIDTH = 80, MOST_LANES = 20 };

#define NOBODY UINT32_MAX

enum side { UP = 1, DOWN = 2, LEFT = 4, RIGHT = 8 };

static const char *const lines[16] = {
	" ", "╵", "╷", "│", "╴", "╯", "╮", "┤", "╶", "╰", "╭", "├", "─", "┴", "┬", "┼"};
static const char *const ascii_lines[16] = {
	" ", "|", "|", "|", "-", "'", ".", "+", "-", "'", ".", "+", "-", "+", "+", "+"};

struct lane {
	uint32_t node; /* whose end it is; NOBODY: free */
	uint32_t left; /* nodes that still wait for it */
};

struct text {
	struct frame f;
	const struct report_graphs *graphs;
	const struct graph *g;
	struct arena *a;
	VEC(struct lane) lanes;
	uint32_t *lane_of; /* of each node whose lane is open */
	uint32_t *waiting; /* edges that leave each node */
	uint32_t widest;   /* lanes at a time */
	bool measuring;    /* nothing is written: only widest is wanted */
};

/* ---- lanes ------------------------------------------------------------------------------- */

static uint32_t
free_lane(struct text *t)
{
	for (uint32_t i = 0; i < t->lanes.n; i++)
		if (t->lanes.v[i].node == NOBODY)
			return i;
	vec_push(t->a, &t->lanes, ((struct lane){NOBODY, 0}));
	if (t->lanes.n > t->widest)
		t->widest = t->lanes.n;
	return t->lanes.n - 1;
}

/* Where a node stands: in the leftmost lane that ends with it, or in one of its own. */
static uint32_t
lane_for(struct text *t, const struct graph_edge *in, uint32_t n)
{
	uint32_t best = NOBODY;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t lane = t->lane_of[in[i].from];
		if (t->lanes.v[lane].left == 1 && lane < best)
			best = lane;
	}
	return best == NOBODY ? free_lane(t) : best;
}

static void
put_lines(struct text *t, const uint8_t *sides)
{
	const char *const *set = t->graphs->ascii ? ascii_lines : lines;
	uint32_t last = 0;
	if (t->measuring)
		return;
	for (uint32_t i = 0; i < t->lanes.n; i++)
		if (sides[i])
			last = i;
	sb_puts(t->f.out, "  ");
	for (uint32_t i = 0; i <= last && i < t->lanes.n; i++) {
		sb_puts(t->f.out, set[sides[i]]);
		if (i < last)
			sb_puts(t->f.out, sides[i] & RIGHT ? set[LEFT | RIGHT] : " ");
	}
	sb_char(t->f.out, '\n');
}

/* ├─┴─╮ from the lanes that a node waits for to its own; no line where that is the same one. */
static void
put_join(struct text *t, const struct graph_edge *in, uint32_t n, uint32_t own)
{
	uint8_t sides[MOST_LANES + 1] = {0};
	uint32_t left = own, right = own;
	for (uint32_t i = 0; i < t->lanes.n; i++)
		if (t->lanes.v[i].node != NOBODY)
			sides[i] = UP | DOWN;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t lane = t->lane_of[in[i].from];
		sides[lane] = UP;
		if (t->lanes.v[lane].left > 1)
			sides[lane] |= DOWN;
		left = lane < left ? lane : left;
		right = lane > right ? lane : right;
	}
	sides[own] |= DOWN;
	for (uint32_t i = left; i <= right && left < right; i++) {
		sides[i] |= i > left ? LEFT : 0;
		sides[i] |= i < right ? RIGHT : 0;
	}
	if (left < right)
		put_lines(t, sides);
}

/* ---- nodes ------------------------------------------------------------------------------- */

static struct str
clip(struct text *t, struct str text, size_t room)
{
	if (utf8_width(text) <= room)
		return text;
	return str_printf(
		t->a, "%.*s%s", STR_ARG(utf8_head(text, room - 1)), t->graphs->ascii ? "~" : "…");
}

/* "  approval, after test: failed  1m20s" */
static struct str
remarks(struct text *t, uint32_t node, const struct graph_edge *in, uint32_t n)
{
	const struct graph_node *g = &t->g->nodes[node];
	struct sb b = {.a = t->a};
	struct str detail = graph_detail(t->a, g);
	sb_put(&b, detail);
	for (uint32_t i = 0; i < n; i++) {
		struct str accepts = graph_accepts(t->a, in[i].accepts);
		if (accepts.len)
			sb_printf(&b, "%safter %.*s: %.*s", b.len ? ", " : "",
				STR_ARG(t->g->nodes[in[i].from].name), STR_ARG(accepts));
	}
	if (g->ms != SIM_NEVER)
		sb_printf(&b, "%s%.*s", b.len ? ", " : "", STR_ARG(units_duration(t->a, g->ms)));
	if (g->critical)
		sb_printf(&b, "%scritical", b.len ? ", " : "");
	return sb_str(&b);
}

static enum paint
paint_of(const struct graph_node *n)
{
	if (n->critical)
		return PAINT_ERROR;
	if (n->first->kind == SIM_APPROVAL)
		return PAINT_WARNING;
	return n->first->kind == SIM_JOB ? PAINT_BOLD : PAINT_GUTTER;
}

static const char *
symbol(const struct text *t, const struct graph_node *n)
{
	bool ascii = t->graphs->ascii;
	if (n->first->kind == SIM_APPROVAL)
		return ascii ? "?" : "◆";
	if (n->first->kind == SIM_JOB)
		return ascii ? "*" : "●";
	return ascii ? "o" : "○";
}

static void
put_label(struct text *t, uint32_t node, struct str remark, size_t used)
{
	const struct graph_node *g = &t->g->nodes[node];
	size_t width = t->graphs->style.width ? t->graphs->style.width : WIDTH;
	size_t room = width > used + 8 ? width - used : 8;
	struct str name = clip(t, g->name, room);
	frame_paint(&t->f, paint_of(g));
	frame_text(&t->f, name);
	frame_paint(&t->f, PAINT_OFF);
	room -= utf8_width(name) < room ? utf8_width(name) : room;
	if (remark.len && room > 6) {
		sb_puts(t->f.out, "  ");
		frame_text(&t->f, clip(t, remark, room - 2));
	}
	sb_char(t->f.out, '\n');
}

static void
put_node(struct text *t, uint32_t node, uint32_t own, struct str remark)
{
	const struct graph_node *g = &t->g->nodes[node];
	if (t->measuring)
		return;
	sb_puts(t->f.out, "  ");
	for (uint32_t i = 0; i < t->widest; i++) {
		bool open = i < t->lanes.n && t->lanes.v[i].node != NOBODY;
		if (i == own)
			frame_paint(&t->f, paint_of(g));
		sb_puts(t->f.out, i == own           ? symbol(t, g)
				  : !open            ? " "
				  : t->graphs->ascii ? "|"
						     : "│");
		if (i == own)
			frame_paint(&t->f, PAINT_OFF);
		sb_char(t->f.out, ' ');
	}
	sb_char(t->f.out, ' ');
	put_label(t, node, remark, 2 * t->widest + 3);
}

/* ---- the whole --------------------------------------------------------------------------- */

static void
draw_node(struct text *t, uint32_t node, const struct graph_edge *in, uint32_t n)
{
	uint32_t own = lane_for(t, in, n);
	put_join(t, in, n, own);
	for (uint32_t i = 0; i < n; i++) {
		struct lane *lane = &t->lanes.v[t->lane_of[in[i].from]];
		if (--lane->left == 0)
			lane->node = NOBODY;
	}
	put_node(t, node, own, t->measuring ? STR("") : remarks(t, node, in, n));
	t->lanes.v[own] = (struct lane){t->waiting[node] ? node : NOBODY, t->waiting[node]};
	t->lane_of[node] = own;
	while (t->lanes.n && t->lanes.v[t->lanes.n - 1].node == NOBODY)
		t->lanes.n--;
}

/* False when there are too many lanes. */
static bool
draw(struct text *t)
{
	uint32_t e = 0;
	t->lanes.n = 0;
	memset(t->waiting, 0, sizeof *t->waiting * t->g->nnodes);
	for (uint32_t i = 0; i < t->g->nedges; i++)
		t->waiting[t->g->edges[i].from]++;
	for (uint32_t i = 0; i < t->g->nnodes && t->widest <= MOST_LANES; i++) {
		uint32_t from = e;
		while (e < t->g->nedges && t->g->edges[e].to == i)
			e++;
		draw_node(t, i, &t->g->edges[from], e - from);
	}
	return t->widest <= MOST_LANES;
}

/* "  test  approval  < build, lint": of a graph that is too wide to be drawn. */
static void
list(struct text *t)
{
	uint32_t e = 0;
	for (uint32_t i = 0; i < t->g->nnodes; i++) {
		struct sb b = {.a = t->a};
		uint32_t from = e;
		for (; e < t->g->nedges && t->g->edges[e].to == i; e++)
			sb_printf(&b, "%s%.*s",
				e > from           ? ", "
				: t->graphs->ascii ? "< "
						   : "← ",
				STR_ARG(t->g->nodes[t->g->edges[e].from].name));
		struct str remark = remarks(t, i, &t->g->edges[from], e - from);
		if (remark.len)
			remark = str_printf(t->a, "%.*s  ", STR_ARG(remark));
		sb_printf(t->f.out, "  %s ", symbol(t, &t->g->nodes[i]));
		put_label(t, i, str_printf(t->a, "%.*s%.*s", STR_ARG(remark), STR_ARG(sb_str(&b))),
			4);
	}
}

void
graph_put_text(struct sb *out, const struct report_graphs *graphs)
{
	for (uint32_t i = 0; i < graphs->n; i++) {
		const struct graph *g = graphs->v[i];
		struct text t = {.f = {.out = out, .style = graphs->style},
			.graphs = graphs,
			.g = g,
			.a = out->a,
			.lane_of = NEW_ARRAY(out->a, uint32_t, g->nnodes + 1),
			.waiting = NEW_ARRAY(out->a, uint32_t, g->nnodes + 1),
			.measuring = true};
		bool fits = draw(&t);
		sb_puts(out, i ? "\n" : "");
		frame_paint(&t.f, PAINT_BOLD);
		frame_text(&t.f, g->workflow->name);
		frame_paint(&t.f, PAINT_OFF);
		sb_char(out, '\n');
		t.measuring = false;
		if (fits)
			draw(&t);
		else
			list(&t);
	}
}
