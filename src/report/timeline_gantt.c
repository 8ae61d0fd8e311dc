/* SPDX-License-Identifier: MIT */
/*
 * A simulation as bars of text, a line a job:
 *
 *     main: success after 3m30s          0s        1m        2m        3m
 *       build                            ░████████████                        1m05s
 *       lint                             ░▒▒▒▒                                  22s
 *       test                                         ░████████████████████    1m40s
 */
#include "frame.h"
#include "timeline.h"
#include "units.h"

#include <string.h>

enum {
	WIDTH = 80,
	LABEL = 28,     /* most cells of a name */
	TIME = 8,       /* cells of a duration */
	LEAST = 16,     /* cells of a bar */
	TICK = 10,      /* cells between two marks of the axis, at least */
	PIPELINES = 20, /* that are shown */
};

struct gantt {
	struct frame f;
	const struct report_timeline *t;
	struct arena *a;
	size_t label, width; /* cells of names and of bars */
	size_t tail;         /* cells of the longest status behind a bar */
	int64_t from, to;    /* of the axis */
	struct bars bars;
	char *cells; /* enum phase of each cell */
};

/* ---- cells ------------------------------------------------------------------------------- */

static size_t
cell_of(const struct gantt *g, int64_t at)
{
	int64_t span = g->to - g->from;
	if (at <= g->from || span <= 0)
		return 0;
	size_t cell = (size_t)((double)(at - g->from) / (double)span * (double)g->width);
	return cell < g->width ? cell : g->width - 1;
}

static void
put_padded(struct gantt *g, struct str text, size_t cells)
{
	size_t width = utf8_width(text);
	if (width > cells) {
		text = utf8_head(text, cells - 1);
		frame_text(&g->f, text);
		sb_puts(g->f.out, g->t->ascii ? "~" : "…");
		width = utf8_width(text) + 1;
	} else {
		frame_text(&g->f, text);
	}
	sb_chars(g->f.out, ' ', cells - width);
}

/* What runs covers what waits, and each bar has a cell at least. */
static void
fill_cells(struct gantt *g, const struct sim_job_run *r)
{
	static const enum phase order[] = {PHASE_QUEUED, PHASE_SPIN_UP, PHASE_HOLD, PHASE_RUNNING};
	memset(g->cells, PHASE_NONE, g->width);
	timeline_bars(g->a, r, g->to, &g->bars);
	for (size_t k = 0; k < sizeof order / sizeof *order; k++)
		for (uint32_t i = 0; i < g->bars.all.n; i++) {
			const struct bar *b = &g->bars.all.v[i];
			if (b->phase != order[k])
				continue;
			for (size_t c = cell_of(g, b->start); c <= cell_of(g, b->end - 1); c++)
				g->cells[c] = (char)b->phase;
		}
}

static void
put_cells(struct gantt *g, bool critical, enum paint paint)
{
	static const char *const marks[2][PHASE_COUNT + 1] = {
		{" ", "·", "░", "▒", "┄", "█"}, {" ", ".", ":", "=", "~", "#"}};
	size_t end = g->width;
	while (end && g->cells[end - 1] == PHASE_NONE)
		end--;
	frame_paint(&g->f, paint);
	for (size_t i = 0; i < end; i++) {
		int phase = g->cells[i];
		if (critical && phase == PHASE_RUNNING)
			phase = PHASE_COUNT;
		sb_puts(g->f.out, marks[g->t->ascii][phase]);
	}
	frame_paint(&g->f, PAINT_OFF);
	sb_chars(g->f.out, ' ', g->width - end);
}

/* ---- lines ------------------------------------------------------------------------------- */

static void
put_axis(struct gantt *g, struct str heading)
{
	int64_t step = timeline_step(g->to - g->from, (unsigned)(g->width / TICK));
	struct sb marks = {.a = g->a};
	size_t at = 0;
	frame_paint(&g->f, PAINT_BOLD);
	put_padded(g, heading, g->label + 2);
	frame_paint(&g->f, PAINT_OFF);
	for (int64_t t = 0; t <= g->to - g->from; t += step) {
		struct str text = units_duration(g->a, t);
		size_t cell = cell_of(g, g->from + t);
		if (cell < at || cell + text.len > g->width + TIME)
			continue;
		sb_chars(&marks, ' ', cell - at);
		sb_put(&marks, text);
		at = cell + text.len + 1;
		sb_char(&marks, ' ');
	}
	sb_chars(g->f.out, ' ', 2);
	frame_paint(&g->f, PAINT_GUTTER);
	sb_put(g->f.out, str_trim(sb_str(&marks)));
	frame_paint(&g->f, PAINT_OFF);
	sb_char(g->f.out, '\n');
}

/* How a job ended; of success there is nothing to say. */
static struct str
status_of(const struct sim_job_run *r)
{
	return r->status == JOB_SUCCESS ? STR("") : timeline_status(r);
}

static bool
has_run(const struct sim_job_run *r)
{
	if (r->end == SIM_NEVER) /* it waits for as long as the picture lasts */
		return true;
	if (r->status == JOB_NOT_RUN || r->status == JOB_UNAUTHORIZED)
		return false;
	return r->status != JOB_CANCELED || r->start != r->end;
}

static enum paint
paint_of(const struct sim_job_run *r)
{
	if (r->status == JOB_FAILED)
		return PAINT_ERROR;
	if (r->node->kind == SIM_APPROVAL)
		return PAINT_WARNING;
	return r->critical ? PAINT_HELP : PAINT_NOTE;
}

static void
put_job(struct gantt *g, const struct sim_job_run *r)
{
	sb_puts(g->f.out, "  ");
	put_padded(g, timeline_name(g->a, r), g->label);
	sb_puts(g->f.out, "  ");
	if (!has_run(r)) {
		sb_printf(g->f.out, "%s%s", job_status_names[r->status], r->why.len ? ": " : "");
		put_padded(g, r->why, g->width);
		while (g->f.out->len && g->f.out->s[g->f.out->len - 1] == ' ')
			g->f.out->len--;
		sb_char(g->f.out, '\n');
		return;
	}
	fill_cells(g, r);
	put_cells(g, r->critical, paint_of(r));
	struct str time =
		r->end == SIM_NEVER ? STR("never") : units_duration(g->a, r->end - r->ready);
	sb_chars(g->f.out, ' ', time.len < TIME ? TIME - time.len : 1);
	sb_put(g->f.out, time);
	struct str status = status_of(r);
	if (status.len)
		sb_printf(g->f.out, "  %.*s", STR_ARG(status));
	sb_char(g->f.out, '\n');
}

static void
put_workflow(struct gantt *g, const struct sim_pipeline_run *p, const struct sim_workflow_run *w)
{
	struct str heading = w->workflow->name;
	if (g->t->result->npipelines > 1)
		heading = timeline_heading(g->a, p, w);
	put_axis(g, heading);
	for (uint32_t i = 0; i < w->njobs; i++)
		put_job(g, &w->jobs[i]);
	sb_printf(g->f.out, "  %s", workflow_status_names[w->status]);
	if (w->end != SIM_NEVER && w->status != SIM_WORKFLOW_ON_HOLD)
		sb_printf(g->f.out, " after %.*s",
			STR_ARG(units_duration(g->a, w->end - p->arrival->at)));
	sb_char(g->f.out, '\n');
}

/* ---- the whole --------------------------------------------------------------------------- */

static void
measure_job(struct gantt *g, const struct sim_job_run *r)
{
	size_t name = utf8_width(timeline_name(g->a, r)), tail = status_of(r).len;
	g->label = name > g->label ? name : g->label;
	if (tail && has_run(r) && tail + 2 > g->tail)
		g->tail = tail + 2;
}

static void
measure(struct gantt *g)
{
	const struct sim_result *r = g->t->result;
	size_t width = g->t->style.width ? g->t->style.width : WIDTH;
	for (uint32_t i = 0; i < r->npipelines && i < PIPELINES; i++)
		for (uint32_t k = 0; k < r->pipelines[i].nworkflows; k++)
			for (uint32_t j = 0; j < r->pipelines[i].workflows[k].njobs; j++)
				measure_job(g, &r->pipelines[i].workflows[k].jobs[j]);
	g->label = g->label > LABEL ? LABEL : g->label;
	size_t used = g->label + TIME + 4 + g->tail;
	g->width = width > used + LEAST ? width - used : LEAST;
	g->cells = NEW_ARRAY(g->a, char, g->width);
}

void
timeline_put_gantt(struct sb *out, const struct report_timeline *t)
{
	const struct sim_result *r = t->result;
	struct gantt g = {.f = {.out = out, .style = t->style}, .t = t, .a = out->a};
	bool drawn = false;
	g.to = r->makespan;
	measure(&g);
	for (uint32_t i = 0; i < r->npipelines && i < PIPELINES; i++)
		for (uint32_t k = 0; k < r->pipelines[i].nworkflows; k++) {
			sb_puts(out, drawn ? "\n" : "");
			put_workflow(&g, &r->pipelines[i], &r->pipelines[i].workflows[k]);
			drawn = true;
		}
	if (r->npipelines > PIPELINES)
		sb_printf(
			out, "\n… and %u pipelines more\n", (unsigned)(r->npipelines - PIPELINES));
	if (!drawn)
		sb_puts(out, "nothing runs\n");
	else if (t->ascii)
		sb_puts(out, "\n. queued  : spin-up  = running  # critical path  ~ on hold\n");
	else
		sb_puts(out, "\n· queued  ░ spin-up  ▒ running  █ critical path  ┄ on hold\n");
}
