/* SPDX-License-Identifier: MIT */
/* What an event runs, as a tree for people. */
#include "ccx/report.h"

#include "ccx/plan.h"
#include "frame.h"
#include "plan.h"
#include "statuses.h"

enum {
	WIDEST_NAME = 48,  /* columns of names that remarks are aligned behind */
	MOST_REQUIRES = 5, /* that are named */
	REMARK_GAP = 3,
};

struct drawing {
	struct frame f;
	struct arena *a;
	size_t column; /* where remarks begin */
};

/* ---- words ------------------------------------------------------------------------------- */

/* " (failed/canceled)", " (however it ends)" */
static void
put_statuses(struct sb *b, unsigned accepts)
{
	struct str text = statuses_text(b->a, accepts, "/", "however it ends");
	if (text.len)
		sb_printf(b, " (%.*s)", STR_ARG(text));
}

/* after build, test (failed), … and 3 more */
static void
put_requires(struct sb *b, const struct plan_workflow *w, const struct compiled_entry *e)
{
	uint32_t named = 0, left = 0;
	for (uint32_t i = 0; i < e->nrequires; i++) {
		const struct plan_entry *from = &w->entries[e->requires[i].from];
		if (from->answer.reason != PLAN_RUNS)
			continue;
		if (named == MOST_REQUIRES) {
			left++;
			continue;
		}
		sb_printf(b, "%s%.*s",
			named++  ? ", "
			: b->len ? ", after "
				 : "after ",
			STR_ARG(from->entry->name));
		put_statuses(b, e->requires[i].accepts);
	}
	if (left)
		sb_printf(b, " and %u more", (unsigned)left);
}

void
plan_put_unknowns(struct sb *b, const struct plan_answer *answer)
{
	for (uint32_t i = 0; i < answer->nunknowns; i++) {
		const struct plan_unknown *u = &answer->unknowns[i];
		sb_printf(b, "%s%.*s, taken as ",
			i        ? ", and "
			: b->len ? "; unknown: depends on "
				 : "unknown: depends on ",
			STR_ARG(u->name));
		if (u->taken.len)
			sb_printf(b, "\"%.*s\"", STR_ARG(u->taken));
		else
			sb_puts(b, "empty");
	}
	if (answer->nunknowns)
		sb_puts(b, ": give --value");
}

struct str
plan_place(struct arena *a, struct sources *s, struct span span)
{
	const struct source *source = source_of(s, span.file);
	if (!source)
		return STR("");
	struct place p = source_place(s, span.file, span.off);
	return str_printf(
		a, "%.*s:%u:%u", STR_ARG(source->path), (unsigned)p.line, (unsigned)p.column);
}

/* ---- lines ------------------------------------------------------------------------------- */

static void
put_mark(const struct frame *f, bool yes)
{
	frame_paint(f, yes ? PAINT_HELP : PAINT_WARNING);
	sb_puts(f->out, yes ? PLAN_YES : PLAN_NO);
	frame_paint(f, PAINT_OFF);
	sb_char(f->out, ' ');
}

/* One line of the tree: what it is called, and what is to say of it. */
struct line {
	unsigned indent;
	bool yes;
	struct str name, remark;
	struct span place; /* without a file: none */
};

/* – deploy   runs only on branch main (.circleci/config.yml:41:15) */
static void
put_line(const struct drawing *d, const struct line *l)
{
	const struct frame *f = &d->f;
	struct str place = plan_place(d->a, f->s, l->place);
	size_t columns = l->indent + utf8_width(l->name);
	sb_chars(f->out, ' ', l->indent);
	put_mark(f, l->yes);
	if (!l->indent)
		frame_paint(f, PAINT_BOLD);
	frame_text(f, l->name);
	if (!l->indent)
		frame_paint(f, PAINT_OFF);
	if (l->remark.len || place.len) {
		sb_chars(f->out, ' ', (columns < d->column ? d->column - columns : 0) + REMARK_GAP);
		frame_text(f, l->remark);
	}
	if (place.len) {
		frame_paint(f, PAINT_GUTTER);
		sb_puts(f->out, " (");
		frame_text(f, place);
		sb_char(f->out, ')');
		frame_paint(f, PAINT_OFF);
	}
	sb_char(f->out, '\n');
}

static struct line
answer_line(const struct drawing *d, const struct plan_answer *answer, unsigned indent)
{
	struct line l = {.indent = indent, .yes = answer->reason == PLAN_RUNS};
	struct sb b = {.a = d->a};
	sb_put(&b, answer->text);
	plan_put_unknowns(&b, answer);
	l.remark = sb_str(&b);
	if (!l.yes)
		l.place = answer->why;
	return l;
}

static void
put_entry(const struct drawing *d, const struct plan_workflow *w, const struct plan_entry *e)
{
	struct line l = answer_line(d, &e->answer, 2);
	struct sb b = {.a = d->a};
	l.name = e->entry->name;
	if (l.yes) {
		sb_puts(&b, e->entry->type ? e->entry->type : "");
		put_requires(&b, w, e->entry);
		plan_put_unknowns(&b, &e->answer);
		l.remark = sb_str(&b);
	}
	put_line(d, &l);
}

static void
put_workflow(const struct drawing *d, const struct plan_workflow *w)
{
	struct line l = answer_line(d, &w->answer, 0);
	l.name = w->workflow->name;
	put_line(d, &l);
	for (uint32_t i = 0; i < w->nentries; i++)
		put_entry(d, w, &w->entries[i]);
}

static void
widen(struct drawing *d, struct str name, size_t indent)
{
	size_t columns = indent + utf8_width(name);
	if (columns > d->column && columns <= WIDEST_NAME)
		d->column = columns;
}

static void
put_tree(struct drawing *d, const struct plan *p)
{
	d->column = 0;
	for (uint32_t i = 0; i < p->nworkflows; i++) {
		const struct plan_workflow *w = &p->workflows[i];
		widen(d, w->workflow->name, 0);
		for (uint32_t k = 0; k < w->nentries; k++)
			widen(d, w->entries[k].entry->name, 2);
	}
	for (uint32_t i = 0; i < p->nworkflows; i++)
		put_workflow(d, &p->workflows[i]);
}

/* ---- headings ---------------------------------------------------------------------------- */

static void
put_heading(const struct drawing *d, struct str text)
{
	frame_paint(&d->f, PAINT_BOLD);
	frame_text(&d->f, text);
	frame_paint(&d->f, PAINT_OFF);
}

/* : 2 of 3 workflows, 5 jobs */
static void
put_counts(struct sb *out, const struct plan *p)
{
	if (p->njobs)
		sb_printf(out, ": %u of %u workflow%s, %u job%s\n\n", (unsigned)p->nrunning,
			(unsigned)p->nworkflows, p->nworkflows == 1 ? "" : "s", (unsigned)p->njobs,
			p->njobs == 1 ? "" : "s");
	else
		sb_puts(out, ": nothing runs\n\n");
}

static void
put_notes(const struct drawing *d, const struct sim_event *e)
{
	for (uint32_t i = 0; i < e->notes.n; i++) {
		sb_puts(d->f.out, "note: ");
		frame_text(&d->f, e->notes.v[i]);
		sb_puts(d->f.out, i + 1 == e->notes.n ? "\n\n" : "\n");
	}
}

/* ---- what a setup config continues with -------------------------------------------------- */

static struct str
parameters_text(struct arena *a, const struct node *parameters)
{
	struct sb b = {.a = a};
	for (uint32_t i = 0; parameters && i < parameters->count; i++) {
		const struct pair *p = &parameters->u.pairs[i];
		sb_printf(&b, "%s%.*s=%.*s", i ? ", " : "", STR_ARG(node_text(a, p->key)),
			STR_ARG(node_text(a, p->value)));
	}
	return sb_str(&b);
}

static void
put_paths(struct drawing *d, const struct path_filter *paths)
{
	struct sb b = {.a = d->a};
	sb_printf(&b, "path filtering against %.*s", STR_ARG(paths->base));
	sb_char(d->f.out, '\n');
	put_heading(d, sb_str(&b));
	struct str place = plan_place(d->a, d->f.s, paths->span);
	frame_paint(&d->f, PAINT_GUTTER);
	sb_puts(d->f.out, " (");
	frame_text(&d->f, place);
	sb_puts(d->f.out, ")");
	frame_paint(&d->f, PAINT_OFF);
	sb_puts(d->f.out, "\n\n");
	d->column = 0;
	for (uint32_t i = 0; i < paths->nlines; i++)
		widen(d, paths->lines[i].text, 0);
	for (uint32_t i = 0; i < paths->nlines; i++) {
		const struct path_line *from = &paths->lines[i];
		struct line l = {.yes = from->file.len > 0, .name = from->text};
		l.remark = l.yes ? from->file : STR("no changed file");
		put_line(d, &l);
	}
}

static void
put_continued(struct drawing *d, const struct report_plan *r)
{
	struct sb *out = d->f.out;
	struct str parameters = parameters_text(d->a, r->paths ? r->paths->parameters : NULL);
	sb_char(out, '\n');
	put_heading(d, str_printf(d->a, "continues with %.*s", STR_ARG(r->continuation)));
	if (parameters.len) {
		sb_puts(out, " and ");
		frame_text(&d->f, parameters);
	}
	put_counts(out, r->continued);
	put_tree(d, r->continued);
}

static void
put_setup(struct drawing *d, const struct report_plan *r)
{
	if (r->paths)
		put_paths(d, r->paths);
	if (r->continued)
		put_continued(d, r);
	else if (!r->plan->njobs)
		sb_puts(d->f.out, "\nThis is a setup config: as none of its jobs runs, nothing is "
				  "continued.\n");
	else if (r->event->changed_known)
		sb_puts(d->f.out,
			"\nThis is a setup config, and none of its jobs that run filters "
			"by path: name the\nconfig that it continues with by --continue.\n");
	else
		sb_puts(d->f.out, "\nThis is a setup config: its jobs choose what the pipeline "
				  "continues with. Name that\nconfig by --continue or, where it "
				  "filters by path, the changed files by --changed.\n");
}

void
report_plan_text(struct sb *out, const struct report_plan *r, struct report_style style)
{
	struct drawing d = {.f = {.out = out, .s = r->sources, .style = style}, .a = out->a};
	put_heading(&d, event_title(out->a, r->event));
	if (!r->plan) {
		sb_puts(out, ": no pipeline\n\n");
		frame_text(&d.f, r->event->no_pipeline);
		sb_char(out, '\n');
		return;
	}
	put_counts(out, r->plan);
	put_notes(&d, r->event);
	put_tree(&d, r->plan);
	if (r->plan->setup)
		put_setup(&d, r);
}
