/* SPDX-License-Identifier: MIT */
/*
 * A simulation as tables: a line a job, or, where there are many workflows, a line a workflow.
 * Times are from the start of the workflow.
 */
#include "frame.h"
#include "table.h"
#include "timeline.h"
#include "units.h"

enum {
	WIDTH = 100,
	MOST_TABLES = 4, /* workflows whose jobs are listed */
	MOST_LINES = 40, /* findings that are listed */
};

struct page {
	struct arena *a;
	struct sb *out;
	const struct report_timeline *t;
	unsigned width;
};

/* ---- cells ------------------------------------------------------------------------------- */

static void
add_text(struct table *t, struct str text)
{
	table_add(t, (struct cell){.shown = text});
}

static void
add_time(struct table *t, int64_t ms)
{
	add_text(t, ms > 0 ? units_duration(t->a, ms) : STR("-"));
}

/* "* test, attempt 2 (4 tasks)" */
static struct str
job_title(struct arena *a, const struct sim_job_run *r)
{
	struct sb b = {.a = a};
	sb_puts(&b, r->critical ? "* " : "  ");
	sb_put(&b, timeline_name(a, r));
	if (r->ntasks > 1)
		sb_printf(&b, " (%u tasks)", (unsigned)r->ntasks);
	return sb_str(&b);
}

static struct str
job_because(struct arena *a, const struct sim_workflow_run *w, const struct sim_job_run *r)
{
	if (r->why.len)
		return r->why;
	if (r->timed_out)
		return STR("the time limit of jobs");
	if (r->attempt > 1 && r->wait == SIM_WAIT_NOTHING)
		return STR("the workflow runs again");
	return timeline_wait(a, w, r);
}

/* Of its slowest task; ~ where something of it is assumed. */
static struct str
job_time(struct arena *a, const struct sim_job_run *r)
{
	if (r->end == SIM_NEVER)
		return STR("-");
	int64_t most = r->ntasks ? 0 : r->end - r->start;
	for (uint32_t i = 0; i < r->ntasks; i++)
		if (r->tasks[i].end - r->tasks[i].start > most)
			most = r->tasks[i].end - r->tasks[i].start;
	return str_printf(
		a, "%s%.*s", timeline_assumed(r) ? "~" : "", STR_ARG(units_duration(a, most)));
}

static int64_t
job_spin_up(const struct sim_job_run *r)
{
	int64_t most = 0;
	for (uint32_t i = 0; i < r->ntasks; i++)
		if (r->tasks[i].start - r->tasks[i].slot > most)
			most = r->tasks[i].start - r->tasks[i].slot;
	return most;
}

static void
add_job(struct table *t, const struct sim_workflow_run *w, const struct sim_job_run *r)
{
	bool ran = r->ntasks || r->end > r->start || r->assumed;
	add_text(t, job_title(t->a, r));
	add_time(t, r->ntasks ? r->start - r->ready : 0);
	add_time(t, job_spin_up(r));
	add_text(t, ran ? job_time(t->a, r) : STR("-"));
	if (r->end == SIM_NEVER)
		add_text(t, STR("never"));
	else
		add_text(t, ran ? units_duration(t->a, r->end - w->start) : STR("-"));
	add_time(t, ran ? r->slack : 0);
	add_text(t, r->end == SIM_NEVER ? STR("on hold") : str_of(job_status_names[r->status]));
	add_text(t, job_because(t->a, w, r));
}

/* ---- tables ------------------------------------------------------------------------------ */

static void
put_jobs(struct page *p, const struct sim_pipeline_run *pipeline, const struct sim_workflow_run *w)
{
	static const struct column columns[] = {{"  job", NULL, false}, {"queued", NULL, true},
		{"spin-up", NULL, true}, {"run", NULL, true}, {"ends", NULL, true},
		{"slack", NULL, true}, {"status", NULL, false}, {"because", NULL, false}};
	struct table t = {
		.a = p->a, .columns = columns, .ncolumns = sizeof columns / sizeof *columns};
	struct frame f = {.out = p->out, .style = p->t->style};
	for (uint32_t i = 0; i < w->njobs; i++)
		add_job(&t, w, &w->jobs[i]);
	sb_char(p->out, '\n');
	frame_paint(&f, PAINT_BOLD);
	frame_text(&f, timeline_heading(p->a, pipeline, w));
	frame_paint(&f, PAINT_OFF);
	sb_printf(p->out, ": %s after %.*s\n\n", workflow_status_names[w->status],
		STR_ARG(units_duration(p->a, w->end - w->start)));
	table_print(p->out, &t, p->width);
}

static void
add_workflow(struct table *t, const struct sim_pipeline_run *p, const struct sim_workflow_run *w)
{
	int64_t queued = 0;
	for (uint32_t i = 0; i < w->njobs; i++)
		if (w->jobs[i].ntasks)
			queued += w->jobs[i].start - w->jobs[i].ready;
	add_text(t, str_printf(t->a, "%u", (unsigned)p->number));
	add_text(t, units_duration(t->a, w->start));
	add_text(t, p->arrival->branch);
	add_text(t, w->workflow->name);
	add_time(t, w->end - w->start);
	add_time(t, queued);
	add_text(t, str_of(workflow_status_names[w->status]));
	add_text(t, p->arrival->label);
}

static void
put_workflows(struct page *p)
{
	static const struct column columns[] = {{"pipeline", NULL, true}, {"arrives", NULL, true},
		{"branch", NULL, false}, {"workflow", NULL, false}, {"time", NULL, true},
		{"jobs queued", NULL, true}, {"status", NULL, false}, {"", NULL, false}};
	const struct sim_result *r = p->t->result;
	struct table t = {
		.a = p->a, .columns = columns, .ncolumns = sizeof columns / sizeof *columns};
	for (uint32_t i = 0; i < r->npipelines; i++)
		for (uint32_t k = 0; k < r->pipelines[i].nworkflows; k++)
			add_workflow(&t, &r->pipelines[i], &r->pipelines[i].workflows[k]);
	sb_char(p->out, '\n');
	table_print(p->out, &t, p->width);
}

/* ---- the page ---------------------------------------------------------------------------- */

static uint32_t
count_workflows(const struct sim_result *r)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < r->npipelines; i++)
		n += r->pipelines[i].nworkflows;
	return n;
}

static void
put_head(struct page *p)
{
	const struct sim_result *r = p->t->result;
	struct frame f = {.out = p->out, .style = p->t->style};
	frame_text(&f, p->t->title);
	sb_printf(p->out, ": %u %s, over after %.*s; at most %u %s at a time",
		(unsigned)r->npipelines, r->npipelines == 1 ? "pipeline" : "pipelines",
		STR_ARG(units_duration(p->a, r->makespan)), (unsigned)r->peak,
		r->peak == 1 ? "task" : "tasks");
	if (r->queued)
		sb_printf(p->out, ", which queued for %.*s in all",
			STR_ARG(units_duration(p->a, r->queued)));
	sb_char(p->out, '\n');
}

static void
put_findings(struct page *p)
{
	const struct sim_result *r = p->t->result;
	struct frame f = {.out = p->out, .style = p->t->style};
	for (uint32_t i = 0; i < r->nfindings && i < MOST_LINES; i++) {
		const struct sim_finding *g = &r->findings[i];
		const struct source *s = source_of(p->t->sources, g->span.file);
		sb_puts(p->out, i ? "" : "\n");
		if (s) {
			struct place at = source_place(p->t->sources, g->span.file, g->span.off);
			frame_text(&f, s->path);
			sb_printf(p->out, ":%u:%u: ", at.line, at.column);
		}
		frame_text(&f, g->text);
		sb_char(p->out, '\n');
	}
	if (r->nfindings > MOST_LINES)
		sb_printf(p->out, "and %u more\n", (unsigned)(r->nfindings - MOST_LINES));
}

/* What the marks mean: * stands in tables of jobs only. */
static void
put_legend(struct page *p, bool jobs)
{
	bool assumed = p->t->result->assumed;
	if (!jobs && !assumed)
		return;
	sb_printf(p->out, "\n%s%s%s\n", jobs ? "* on the critical path" : "",
		jobs && assumed ? "; " : "",
		assumed ? "~ some of it is assumed: --timings or --scenario say how long things "
			  "take"
			: "");
}

void
report_simulation_text(struct sb *out, const struct report_timeline *t)
{
	struct page p = {out->a, out, t, t->style.width ? t->style.width : WIDTH};
	const struct sim_result *r = t->result;
	put_head(&p);
	if (count_workflows(r) > MOST_TABLES)
		put_workflows(&p);
	for (uint32_t i = 0; i < r->npipelines && count_workflows(r) <= MOST_TABLES; i++)
		for (uint32_t k = 0; k < r->pipelines[i].nworkflows; k++)
			put_jobs(&p, &r->pipelines[i], &r->pipelines[i].workflows[k]);
	if (!count_workflows(r))
		sb_puts(out, "\nNothing runs: `ccx plan` says why\n");
	put_findings(&p);
	put_legend(&p, count_workflows(r) && count_workflows(r) <= MOST_TABLES);
}

/* ---- many runs --------------------------------------------------------------------------- */

static void
add_spread(struct table *t, const struct sim_spread *s)
{
	add_time(t, s->p5);
	add_time(t, s->p50);
	add_time(t, s->p95);
}

/* 98.5% */
static struct str
percent(struct arena *a, uint64_t part, uint64_t of)
{
	uint64_t tenths = of ? part * 1000 / of : 0;
	if (!of)
		return STR("-");
	return str_printf(a, "%u.%u%%", (unsigned)(tenths / 10), (unsigned)(tenths % 10));
}

static void
add_odds(struct table *t, const struct sim_odds *o)
{
	struct str name = o->node ? o->node->name : o->workflow->name;
	add_text(t, str_printf(t->a, "%s%.*s", o->node ? "  " : "", STR_ARG(name)));
	add_spread(t, &o->time);
	add_text(t, o->queued.p95 ? units_duration(t->a, o->queued.p95) : STR("-"));
	add_text(t, percent(t->a, o->succeeded, o->played));
	add_text(t, str_printf(t->a, "%llu", (unsigned long long)o->played));
}

void
report_odds_text(struct sb *out, const struct report_timeline *t, const struct sim_summary *s)
{
	static const struct column columns[] = {{"workflow, job", NULL, false}, {"p5", NULL, true},
		{"p50", NULL, true}, {"p95", NULL, true}, {"queued p95", NULL, true},
		{"succeeds", NULL, true}, {"of", NULL, true}};
	struct arena *a = out->a;
	struct frame f = {.out = out, .style = t->style};
	struct table table = {
		.a = a, .columns = columns, .ncolumns = sizeof columns / sizeof *columns};
	frame_text(&f, t->title);
	sb_printf(out, ": %u runs, over after %.*s (p5) to %.*s (p95), half of them by %.*s\n\n",
		(unsigned)s->runs, STR_ARG(units_duration(a, s->makespan.p5)),
		STR_ARG(units_duration(a, s->makespan.p95)),
		STR_ARG(units_duration(a, s->makespan.p50)));
	for (uint32_t i = 0; i < s->nodds; i++)
		if (s->odds[i].played)
			add_odds(&table, &s->odds[i]);
	table_print(out, &table, t->style.width ? t->style.width : WIDTH);
	if (s->assumed)
		sb_puts(out, "\nSome durations are assumed: --timings or --scenario say how long "
			     "things take\n");
}
