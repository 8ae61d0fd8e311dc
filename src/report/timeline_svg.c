/* SPDX-License-Identifier: MIT */
/* A simulation as SVG: time from left to right, a row a job, in it a bar a task. */
#include "svgw.h"
#include "timeline.h"
#include "units.h"
#include "xmlw.h"

enum {
	MARGIN = 16,
	PLOT = 760,  /* width of the time axis */
	ROW = 22,    /* of a job with one task */
	THIN = 9,    /* of each of several tasks */
	TASKS = 16,  /* that have a bar of their own; with more all share one */
	AXIS = 24,   /* marks above a workflow */
	LEGEND = 24, /* what the colours mean, below all */
	JOBS = 1000, /* that are drawn */
	NAME = 36,   /* characters of a name */
	MARKS = 10,  /* of the axis */
};

struct picture {
	struct sb *out;
	const struct report_timeline *t;
	struct arena *a;
	double left, top, bottom; /* of the plot; where the next row begins; the picture's height */
	struct bars bars;
	uint32_t drawn, left_out; /* jobs */
};

static double
x_of(const struct picture *p, int64_t at)
{
	int64_t span = p->t->result->makespan;
	return p->left + (span > 0 ? (double)at / (double)span * PLOT : 0);
}

static double
job_height(const struct sim_job_run *r)
{
	bool many = r->ntasks > 1 && r->ntasks <= TASKS;
	return many ? THIN * r->ntasks + ROW - THIN - 4 : ROW;
}

/* ---- rows -------------------------------------------------------------------------------- */

static void
put_bar(struct picture *p, const struct sim_job_run *r, const struct bar *b)
{
	static const char *const classes[PHASE_COUNT] = {"", "queued", "spin-up", "run", "hold"};
	bool many = r->ntasks > 1 && r->ntasks <= TASKS;
	double x = x_of(p, b->start), width = x_of(p, b->end) - x;
	bool failed = b->phase == PHASE_RUNNING && r->tasks[b->task].status != JOB_SUCCESS;
	sb_puts(p->out, "<g><title>");
	xmlw_text(p->out, timeline_name(p->a, r));
	if (r->ntasks > 1)
		sb_printf(p->out, " %u/%u", (unsigned)b->task + 1, (unsigned)r->ntasks);
	sb_printf(p->out, ": %s %.*s, from %.*s</title>\n", phase_names[b->phase],
		STR_ARG(units_duration(p->a, b->end - b->start)),
		STR_ARG(units_duration(p->a, b->start)));
	struct str class = str_printf(p->a, "%s%s%s", classes[b->phase], failed ? " failed" : "",
		r->critical && b->phase == PHASE_RUNNING ? " critical" : "");
	double y = p->top + 4 + (many ? THIN * b->task : 0);
	svgw_rect(p->out, class.s,
		(struct svg_box){x, y, width < 1 ? 1 : width, many ? THIN - 2 : ROW - 8}, 2);
	sb_puts(p->out, "</g>\n");
}

static void
put_job(struct picture *p, const struct sim_job_run *r)
{
	if (p->drawn == JOBS) {
		p->left_out++;
		return;
	}
	p->drawn++;
	svgw_text(p->out, r->critical ? "critical" : "", MARGIN, p->top + 15,
		svgw_clip(p->a, timeline_name(p->a, r), NAME));
	timeline_bars(p->a, r, p->t->result->makespan, &p->bars);
	for (uint32_t i = 0; i < p->bars.all.n; i++)
		put_bar(p, r, &p->bars.all.v[i]);
	double x = x_of(p, r->end == SIM_NEVER ? p->t->result->makespan : r->end);
	if (r->status != JOB_SUCCESS)
		svgw_text(p->out, "dim", x + 5, p->top + 15, timeline_status(r));
	else if (!p->bars.all.n)
		svgw_rect(p->out, "no-op", (struct svg_box){x - 2, p->top + 8, 4, 6}, 2);
	p->top += job_height(r);
}

static void
put_axis(struct picture *p, double bottom)
{
	int64_t span = p->t->result->makespan, step = timeline_step(span, MARKS);
	for (int64_t at = 0; at <= span; at += step) {
		double x = x_of(p, at);
		sb_printf(p->out, "<path class=\"grid\" d=\"M%.1f %.1f V%.1f\"/>\n", x, p->top,
			bottom);
		svgw_text(p->out, "dim middle", x, p->top - 4, units_duration(p->a, at));
	}
}

static double
workflow_height(const struct sim_workflow_run *w)
{
	double height = 0;
	for (uint32_t i = 0; i < w->njobs; i++)
		height += job_height(&w->jobs[i]);
	return height;
}

static void
put_workflow(struct picture *p, const struct sim_pipeline_run *pipeline,
	const struct sim_workflow_run *w)
{
	if (p->drawn == JOBS) {
		p->left_out += w->njobs;
		return;
	}
	struct str heading = p->t->result->npipelines > 1 ? timeline_heading(p->a, pipeline, w)
							  : w->workflow->name;
	p->top += AXIS + 14;
	svgw_text(p->out, "title", MARGIN, p->top - 20,
		str_printf(p->a, "%.*s: %s", STR_ARG(heading), workflow_status_names[w->status]));
	put_axis(p, p->top + workflow_height(w));
	for (uint32_t i = 0; i < w->njobs; i++)
		put_job(p, &w->jobs[i]);
}

/* ---- the whole --------------------------------------------------------------------------- */

/* Room for the longest name, and for all rows. */
static void
measure(struct picture *p)
{
	const struct sim_result *r = p->t->result;
	double widest = 60;
	uint32_t jobs = 0;
	p->bottom = 2 * MARGIN + LEGEND;
	for (uint32_t i = 0; i < r->npipelines; i++)
		for (uint32_t k = 0; k < r->pipelines[i].nworkflows && jobs < JOBS; k++) {
			const struct sim_workflow_run *w = &r->pipelines[i].workflows[k];
			p->bottom += AXIS + 14;
			for (uint32_t j = 0; j < w->njobs && jobs < JOBS; j++, jobs++) {
				double width = svgw_width(
					svgw_clip(p->a, timeline_name(p->a, &w->jobs[j]), NAME));
				widest = width > widest ? width : widest;
				p->bottom += job_height(&w->jobs[j]);
			}
		}
	p->left = MARGIN + widest + 12;
}

static void
put_legend(struct picture *p)
{
	static const struct {
		const char *classes, *text;
	} marks[] = {{"queued", "queued"}, {"spin-up", "spin-up"}, {"run", "running"},
		{"run critical", "on the critical path"}, {"run failed", "failed"},
		{"hold", "on hold"}};
	double x = p->left, y = p->bottom - MARGIN;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		struct str text = str_of(marks[i].text);
		svgw_rect(p->out, marks[i].classes, (struct svg_box){x, y - 9, 18, 10}, 2);
		svgw_text(p->out, "dim", x + 24, y, text);
		x += 24 + svgw_width(text) + 18;
	}
}

uint32_t
timeline_draw(struct sb *out, const struct report_timeline *t)
{
	struct picture p = {.out = out, .t = t, .a = out->a};
	measure(&p);
	svgw_open(out, p.left + PLOT + 4 * MARGIN, p.bottom,
		str_printf(out->a, "Simulation of %.*s", STR_ARG(t->title)));
	for (uint32_t i = 0; i < t->result->npipelines; i++)
		for (uint32_t k = 0; k < t->result->pipelines[i].nworkflows; k++)
			put_workflow(&p, &t->result->pipelines[i],
				&t->result->pipelines[i].workflows[k]);
	put_legend(&p);
	svgw_close(out);
	return p.left_out;
}

void
timeline_put_svg(struct sb *out, const struct report_timeline *t)
{
	timeline_draw(out, t);
}
