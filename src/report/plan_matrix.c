/* SPDX-License-Identifier: MIT */
/* What several events run, beside each other: a row a job, a column an event. */
#include "ccx/report.h"

#include "frame.h"
#include "plan.h"
#include "table.h"

enum { WIDEST = 10000 }; /* columns of a table, which is never broken */

/* A workflow, or a job of one; for each event its answer, or NULL where it is not expanded. */
struct row {
	struct str name;
	bool job;
	const struct plan_answer **answers;
};

struct matrix {
	struct arena *a;
	const struct report_plan *r;
	uint32_t n;
	struct map workflows; /* name -> struct group */
};

/* A workflow's rows. */
struct group {
	struct row self;
	struct map jobs; /* name -> struct row */
};

/* ---- rows -------------------------------------------------------------------------------- */

static struct row
new_row(const struct matrix *m, struct str name, bool job)
{
	return (struct row){.name = name,
		.job = job,
		.answers = NEW_ARRAY(m->a, const struct plan_answer *, m->n)};
}

static void
add_job(const struct matrix *m, struct group *g, const struct plan_entry *e, uint32_t column)
{
	struct row *row = map_get(&g->jobs, e->entry->name);
	if (!row) {
		row = NEW(m->a, struct row);
		*row = new_row(m, e->entry->name, true);
		map_put(m->a, &g->jobs, e->entry->name, row);
	}
	row->answers[column] = &e->answer;
}

/* Workflows of a continuation stand behind those of the setup config. */
static void
add_plan(struct matrix *m, const struct plan *p, const char *prefix, uint32_t column)
{
	for (uint32_t i = 0; p && i < p->nworkflows; i++) {
		const struct plan_workflow *w = &p->workflows[i];
		struct str key = str_printf(m->a, "%s%.*s", prefix, STR_ARG(w->workflow->name));
		struct group *g = map_get(&m->workflows, key);
		if (!g) {
			g = NEW(m->a, struct group);
			g->self = new_row(m, w->workflow->name, false);
			map_put(m->a, &m->workflows, key, g);
		}
		g->self.answers[column] = &w->answer;
		for (uint32_t k = 0; k < w->nentries; k++)
			add_job(m, g, &w->entries[k], column);
	}
}

/* Calls visit for every row in order. */
static void
each_row(const struct matrix *m, void (*visit)(void *ctx, const struct row *row), void *ctx)
{
	for (uint32_t i = 0; i < m->workflows.n; i++) {
		const struct group *g = m->workflows.v[i].value;
		visit(ctx, &g->self);
		for (uint32_t k = 0; k < g->jobs.n; k++)
			visit(ctx, g->jobs.v[k].value);
	}
}

/* ---- the table --------------------------------------------------------------------------- */

/* main, v1.2.3, pr 12, schedule nightly */
static struct str
column_title(struct arena *a, const struct sim_event *e)
{
	switch (e->kind) {
	case EVENT_PULL_REQUEST:
		return str_printf(a, "pr %lld", (long long)e->number);
	case EVENT_SCHEDULE:
		return str_printf(a, "schedule %.*s", STR_ARG(e->schedule));
	case EVENT_API:
		return STR("api");
	default:
		return e->tag.len ? e->tag : e->branch;
	}
}

/* A name as it may stand on a terminal. */
static struct str
harmless(struct arena *a, const char *indent, struct str name)
{
	struct sb b = {.a = a};
	struct frame f = {.out = &b};
	sb_puts(&b, indent);
	frame_text(&f, name);
	return str_copy(a, sb_str(&b));
}

static void
add_row(void *ctx, const struct row *row)
{
	struct table *t = ctx;
	struct str name = harmless(t->a, row->job ? "  " : "", row->name);
	table_add(t, (struct cell){.shown = name});
	for (uint32_t i = 0; i + 1 < t->ncolumns; i++) {
		const struct plan_answer *answer = row->answers[i];
		bool yes = answer && answer->reason == PLAN_RUNS;
		const char *mark = yes && answer->nunknowns ? PLAN_YES " ?"
				   : yes                    ? PLAN_YES
							    : PLAN_NO;
		table_add(t, (struct cell){.shown = str_of(mark)});
	}
}

static void
put_table(struct sb *out, const struct matrix *m)
{
	struct column *columns = NEW_ARRAY(m->a, struct column, m->n + 1);
	columns[0].title = "";
	for (uint32_t i = 0; i < m->n; i++)
		columns[i + 1].title = harmless(m->a, "", column_title(m->a, m->r[i].event)).s;
	struct table t = {.a = m->a, .columns = columns, .ncolumns = m->n + 1};
	each_row(m, add_row, &t);
	table_print(out, &t, WIDEST);
}

/* ---- the reasons ------------------------------------------------------------------------- */

struct reasons {
	const struct matrix *m;
	struct frame f;
};

static bool
same_answer(const struct plan_answer *a, const struct plan_answer *b)
{
	return a && b && a->reason == b->reason && a->why.file == b->why.file &&
	       a->why.off == b->why.off && str_eq(a->text, b->text) && a->nunknowns == b->nunknowns;
}

static bool
is_worth(const struct plan_answer *answer)
{
	return answer &&
	       ((answer->reason != PLAN_RUNS && answer->reason != PLAN_EMPTY) || answer->nunknowns);
}

/* deploy (develop, v1.2.3): runs only on branch main (config.yml:41:15) */
static void
put_reason(struct reasons *r, const struct row *row, uint32_t first)
{
	const struct plan_answer *answer = row->answers[first];
	struct sb b = {.a = r->m->a};
	sb_printf(&b, "%.*s (", STR_ARG(row->name));
	for (uint32_t i = first; i < r->m->n; i++)
		if (same_answer(answer, row->answers[i]))
			sb_printf(&b, "%s%.*s", i > first ? ", " : "",
				STR_ARG(column_title(r->m->a, r->m->r[i].event)));
	sb_puts(&b, "): ");
	struct sb text = {.a = r->m->a};
	sb_put(&text, answer->text);
	plan_put_unknowns(&text, answer);
	sb_put(&b, sb_str(&text));
	frame_text(&r->f, sb_str(&b));
	if (answer->reason != PLAN_RUNS) {
		frame_paint(&r->f, PAINT_GUTTER);
		sb_puts(r->f.out, " (");
		frame_text(&r->f, plan_place(r->m->a, r->f.s, answer->why));
		sb_char(r->f.out, ')');
		frame_paint(&r->f, PAINT_OFF);
	}
	sb_char(r->f.out, '\n');
}

/* Each answer once, with the events that get it. */
static void
put_reasons(void *ctx, const struct row *row)
{
	struct reasons *r = ctx;
	for (uint32_t i = 0; i < r->m->n; i++) {
		bool before = false;
		for (uint32_t k = 0; k < i; k++)
			before = before || same_answer(row->answers[k], row->answers[i]);
		if (!before && is_worth(row->answers[i]))
			put_reason(r, row, i);
	}
}

void
report_plans_text(
	struct sb *out, const struct report_plan *r, uint32_t n, struct report_style style)
{
	struct matrix m = {.a = out->a, .r = r, .n = n};
	for (uint32_t i = 0; i < n; i++)
		add_plan(&m, r[i].plan, "", i);
	for (uint32_t i = 0; i < n; i++)
		add_plan(&m, r[i].continued, "\n", i);
	put_table(out, &m);
	struct sb text = {.a = out->a};
	struct reasons reasons = {&m, {.out = &text, .s = n ? r->sources : NULL, .style = style}};
	each_row(&m, put_reasons, &reasons);
	if (text.len)
		sb_char(out, '\n');
	sb_put(out, sb_str(&text));
}
