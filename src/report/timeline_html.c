/* SPDX-License-Identifier: MIT */
/*
 * A simulation as one page that loads nothing and runs nothing: its policy forbids both. A summary,
 * the drawing, a table a workflow and what was found.
 */
#include "timeline.h"
#include "units.h"
#include "xmlw.h"

enum { TABLES = 50 }; /* workflows that have one */

static const char head[] =
	"<!DOCTYPE html>\n"
	"<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	"style-src 'unsafe-inline'\">\n"
	"<meta name=\"viewport\" content=\"width=device-width\">\n"
	"<meta name=\"color-scheme\" content=\"light dark\">\n";

static const char style[] =
	"<style>\n"
	"body { font: 15px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto;\n"
	"  padding: 0 1rem; }\n"
	"dl { display: flex; flex-wrap: wrap; gap: 0.5rem 2.5rem; }\n"
	"dt { opacity: 0.65; font-size: 0.85rem; } dd { margin: 0; font-size: 1.25rem; }\n"
	"figure { margin: 1.5rem 0; overflow-x: auto; }\n"
	"table { border-collapse: collapse; font-size: 0.9rem; }\n"
	"th, td { text-align: left; padding: 0.2rem 0.9rem 0.2rem 0; }\n"
	"th { border-bottom: 1px solid; } td.n, th.n { text-align: right; }\n"
	"tr.critical td:first-child { color: #d1242f; font-weight: 600; }\n"
	"summary { cursor: pointer; font-weight: 600; margin: 0.75rem 0; }\n"
	"</style>\n";

/* ---- pieces ------------------------------------------------------------------------------ */

static void
put_fact(struct sb *out, const char *name, struct str value)
{
	sb_printf(out, "<div><dt>%s</dt><dd>", name);
	xmlw_text(out, value);
	sb_puts(out, "</dd></div>\n");
}

static void
put_summary(struct sb *out, const struct sim_result *r)
{
	struct arena *a = out->a;
	sb_puts(out, "<dl>\n");
	put_fact(out, "Pipelines", str_printf(a, "%u", (unsigned)r->npipelines));
	put_fact(out, "All done after", units_duration(a, r->makespan));
	put_fact(out, "Most tasks at a time", str_printf(a, "%u", (unsigned)r->peak));
	put_fact(out, "Time in queues", units_duration(a, r->queued));
	sb_puts(out, "</dl>\n");
	if (r->assumed)
		sb_puts(out, "<p>Some durations are assumed: nothing says how long these steps "
			     "take.</p>\n");
}

static void
put_cell(struct sb *out, bool number, struct str text)
{
	sb_puts(out, number ? "<td class=\"n\">" : "<td>");
	xmlw_text(out, text);
	sb_puts(out, "</td>");
}

/* Of the task that took longest, as the job did. */
static void
put_job(struct sb *out, const struct sim_workflow_run *w, const struct sim_job_run *r)
{
	struct arena *a = out->a;
	bool ended = r->end != SIM_NEVER && r->end > r->start;
	int64_t spin_up = r->ntasks ? r->tasks[0].start - r->tasks[0].slot : 0;
	struct str held = r->why.len ? r->why : timeline_wait(a, w, r);
	sb_puts(out, r->critical ? "<tr class=\"critical\">" : "<tr>");
	put_cell(out, false, timeline_name(a, r));
	put_cell(out, false, timeline_status(r));
	put_cell(out, true, ended ? units_duration(a, r->ready) : STR(""));
	put_cell(out, true, ended ? units_duration(a, r->start - r->ready) : STR(""));
	put_cell(out, true, r->ntasks ? units_duration(a, spin_up) : STR(""));
	put_cell(out, true, ended ? units_duration(a, r->end - r->start - spin_up) : STR(""));
	put_cell(out, true, ended ? units_duration(a, r->slack) : STR(""));
	put_cell(out, false, held);
	sb_puts(out, "</tr>\n");
}

static void
put_table(struct sb *out, const struct sim_pipeline_run *p, const struct sim_workflow_run *w,
	bool open)
{
	sb_puts(out, open ? "<details open><summary>" : "<details><summary>");
	xmlw_text(out, timeline_heading(out->a, p, w));
	sb_printf(out,
		": %s</summary>\n<table>\n<tr><th>Job</th><th>Status</th>"
		"<th class=\"n\">Ready at</th><th class=\"n\">Queued</th>"
		"<th class=\"n\">Spin-up</th><th class=\"n\">Run</th><th class=\"n\">Slack</th>"
		"<th>Held by</th></tr>\n",
		workflow_status_names[w->status]);
	for (uint32_t i = 0; i < w->njobs; i++)
		put_job(out, w, &w->jobs[i]);
	sb_puts(out, "</table></details>\n");
}

static void
put_findings(struct sb *out, const struct report_timeline *t)
{
	if (!t->result->nfindings)
		return;
	sb_puts(out, "<h2>Findings</h2>\n<ul>\n");
	for (uint32_t i = 0; i < t->result->nfindings; i++) {
		const struct sim_finding *f = &t->result->findings[i];
		const struct source *s = source_of(t->sources, f->span.file);
		sb_puts(out, "<li>");
		xmlw_text(out, f->text);
		if (s) {
			struct place at = source_place(t->sources, f->span.file, f->span.off);
			sb_puts(out, " <code>");
			xmlw_text(out, s->path);
			sb_printf(out, ":%u:%u</code>", (unsigned)at.line, (unsigned)at.column);
		}
		sb_puts(out, "</li>\n");
	}
	sb_puts(out, "</ul>\n");
}

/* ---- the whole --------------------------------------------------------------------------- */

static void
put_tables(struct sb *out, const struct sim_result *r)
{
	uint32_t shown = 0, all = 0;
	for (uint32_t i = 0; i < r->npipelines; i++)
		for (uint32_t k = 0; k < r->pipelines[i].nworkflows; k++, all++)
			if (shown < TABLES) {
				put_table(out, &r->pipelines[i], &r->pipelines[i].workflows[k],
					r->npipelines == 1);
				shown++;
			}
	if (all > shown)
		sb_printf(out, "<p>… and %u workflows more.</p>\n", (unsigned)(all - shown));
}

void
timeline_put_html(struct sb *out, const struct report_timeline *t)
{
	sb_puts(out, head);
	sb_puts(out, "<title>Simulation of ");
	xmlw_text(out, t->title);
	sb_puts(out, "</title>\n");
	sb_puts(out, style);
	sb_puts(out, "</head>\n<body>\n<h1>Simulation of ");
	xmlw_text(out, t->title);
	sb_puts(out, "</h1>\n");
	put_summary(out, t->result);
	sb_puts(out, "<figure>\n");
	uint32_t left_out = timeline_draw(out, t);
	sb_puts(out, "</figure>\n");
	if (left_out)
		sb_printf(out, "<p>%u jobs more are not drawn.</p>\n", (unsigned)left_out);
	put_tables(out, t->result);
	put_findings(out, t);
	sb_puts(out, "</body>\n</html>\n");
}
