/* SPDX-License-Identifier: MIT */
/*
 * The text report: for each finding a line that editors and grep can read, then a code frame, the
 * calls that led there and what to do.
 */
#include "ccx/report.h"

#include "frame.h"

#include <string.h>

enum {
	TRAIL = 12, /* calls shown of a long chain: half from either end */
};

static const char *const severity_names[] = {"error", "warning", "note"};
static const enum paint severity_paints[] = {PAINT_ERROR, PAINT_WARNING, PAINT_NOTE};

static void
put_place(const struct frame *f, struct span span)
{
	struct place p = source_place(f->s, span.file, span.off);
	frame_text(f, source_of(f->s, span.file)->path);
	sb_printf(f->out, ":%u:%u", (unsigned)p.line, (unsigned)p.column);
}

/* ---- the first line ---------------------------------------------------------------------- */

static struct str
first_line(struct str text)
{
	return str_sub(text, 0, str_find(text, STR("\n"), 0));
}

/* The lines below the first one. Official texts repeat the source with carets below; where the
 * frame shows that line already they are left out:
 *
 *     Referred to a variable "x" that does not exist:
 *     echo << x >>
 *             ^
 */
static struct str
rest_lines(const struct frame *f, const struct diag *g)
{
	struct str rest = str_sub(g->message, first_line(g->message).len + 1, g->message.len);
	struct str excerpt = first_line(rest);
	struct str carets = str_sub(rest, excerpt.len + 1, rest.len);
	for (size_t i = 0; i < carets.len; i++)
		if (!strchr(" ^", carets.s[i]))
			return rest;
	struct place p = source_place(f->s, g->span.file, g->span.off);
	struct str line = source_line(f->s, g->span.file, p.line);
	bool shown = str_trim(carets).len && str_has(line, str_trim(excerpt));
	return shown ? STR("") : rest;
}

/* The message's first line; without the colon when nothing follows it. */
static struct str
headline(const struct frame *f, const struct diag *g)
{
	struct str line = first_line(g->message);
	bool bare = line.len < g->message.len && !rest_lines(f, g).len;
	return bare && str_ends(line, STR(":")) ? str_sub(line, 0, line.len - 1) : line;
}

/* .circleci/config.yml:41:17: error: job "biuld" is not defined [undefined-job] */
static void
put_header(const struct frame *f, const struct diag *g)
{
	if (source_of(f->s, g->span.file)) {
		frame_paint(f, PAINT_BOLD);
		put_place(f, g->span);
		frame_paint(f, PAINT_OFF);
		sb_puts(f->out, ": ");
	}
	frame_paint(f, f->colour);
	sb_puts(f->out, severity_names[g->severity]);
	frame_paint(f, PAINT_OFF);
	sb_puts(f->out, ": ");
	frame_paint(f, PAINT_BOLD);
	frame_text(f, headline(f, g));
	frame_paint(f, PAINT_OFF);
	sb_printf(f->out, " [%s]\n", rule_info(g->rule)->id);
}

/* ---- the frames -------------------------------------------------------------------------- */

/* Marks of every place that the finding names; the fault itself first. */
static uint32_t
collect_marks(const struct frame *f, const struct diag *g, struct mark **marks)
{
	VEC(struct mark) all = {0};
	if (source_of(f->s, g->span.file)) {
		struct mark m = {g->span, g->label, true, {0}};
		vec_push(f->s->a, &all, m);
	}
	for (const struct diag_note *n = g->notes; n; n = n->next) {
		struct mark m = {n->span, n->text, false, {0}};
		if (source_of(f->s, n->span.file))
			vec_push(f->s->a, &all, m);
	}
	for (uint32_t i = 0; i < all.n; i++) {
		struct mark *m = &all.v[i];
		m->place = source_place(f->s, m->span.file, m->span.off);
		m->span.off = m->place.offset; /* never beyond the text */
		struct str line = source_line(f->s, m->span.file, m->place.line);
		const struct source *source = source_of(f->s, m->span.file);
		size_t end = line.len ? (size_t)(line.s - source->text.s) + line.len : m->span.off;
		if (m->span.off + (size_t)m->span.len > end)
			m->span.len = end > m->span.off ? (uint32_t)(end - m->span.off) : 0;
	}
	*marks = all.v;
	return all.n;
}

static unsigned
gutter_width(const struct mark *marks, uint32_t n)
{
	uint32_t highest = 0;
	for (uint32_t i = 0; i < n; i++)
		highest = marks[i].place.line > highest ? marks[i].place.line : highest;
	unsigned width = 2;
	for (uint32_t limit = 100; highest >= limit && width < 9; limit *= 10)
		width++;
	return width;
}

/* One frame a file: the fault's own first, each other one with a line that names it. */
static void
put_frames(const struct frame *f, const struct diag *g, struct mark *marks, uint32_t n)
{
	while (n) {
		uint32_t file = marks[0].span.file, same = 0;
		/* The marks of this file to the front, the order of the others kept. */
		for (uint32_t i = 0; i < n; i++) {
			if (marks[i].span.file != file)
				continue;
			struct mark m = marks[i];
			for (uint32_t k = i; k > same; k--)
				marks[k] = marks[k - 1];
			marks[same++] = m;
		}
		if (file != g->span.file) {
			frame_paint(f, PAINT_GUTTER);
			sb_printf(f->out, "%*s-->", (int)f->gutter, "");
			frame_paint(f, PAINT_OFF);
			sb_char(f->out, ' ');
			put_place(f, marks[0].span);
			sb_char(f->out, '\n');
		}
		frame_draw(f, marks, same);
		marks += same;
		n -= same;
	}
}

/* ---- below the frame --------------------------------------------------------------------- */

static void
put_equals(const struct frame *f)
{
	frame_paint(f, PAINT_GUTTER);
	sb_printf(f->out, "%*s =", (int)f->gutter, "");
	frame_paint(f, PAINT_OFF);
	sb_char(f->out, ' ');
}

/* The lines of text, the first behind "= word", the others in its column. */
static void
put_block(const struct frame *f, const char *word, struct str text)
{
	put_equals(f);
	if (*word) {
		frame_paint(f, PAINT_HELP);
		sb_puts(f->out, word);
		frame_paint(f, PAINT_OFF);
		sb_puts(f->out, ": ");
	}
	for (bool first = true; text.len; first = false) {
		struct str line = first_line(text);
		text = str_sub(text, line.len + 1, text.len);
		if (!first && line.len)
			sb_chars(f->out, ' ', f->gutter + 3 + (*word ? strlen(word) + 2 : 0));
		frame_text(f, line);
		sb_char(f->out, '\n');
	}
}

static bool
same_span(struct span a, struct span b)
{
	return a.file == b.file && a.off == b.off;
}

/* Error calling command: 'node/install' (called at config.yml:20:9, defined at node.yml:3:3)
 *
 * The words before the bracket are CircleCI's: people search for them. */
static void
put_call(const struct frame *f, const struct origin *o)
{
	static const struct {
		const char *official, *used;
	} words[] = {
		[ORIGIN_WORKFLOW] = {"Error calling workflow: ", "at "},
		[ORIGIN_JOB] = {"Error calling job: ", "called at "},
		[ORIGIN_COMMAND] = {"Error calling command: ", "called at "},
		[ORIGIN_EXECUTOR] = {"in executor: ", "used at "},
		[ORIGIN_ORB] = {"in orb: ", "imported at "},
	};
	put_equals(f);
	sb_puts(f->out, words[o->kind].official);
	sb_char(f->out, '\'');
	frame_text(f, o->name);
	sb_char(f->out, '\'');
	bool use = source_of(f->s, o->use.file) != NULL;
	bool def = source_of(f->s, o->def.file) != NULL && !(use && same_span(o->use, o->def));
	if (use || def)
		sb_puts(f->out, " (");
	if (use) {
		sb_puts(f->out, words[o->kind].used);
		put_place(f, o->use);
	}
	if (def) {
		sb_puts(f->out, use ? ", defined at " : "defined at ");
		put_place(f, o->def);
	}
	sb_puts(f->out, use || def ? ")\n" : "\n");
}

/* Outermost first, as the official compiler lists them. */
static void
put_trail(const struct frame *f, const struct origin *innermost)
{
	uint32_t n = 0;
	for (const struct origin *o = innermost; o; o = o->up)
		n++;
	const struct origin **calls = NEW_ARRAY(f->s->a, const struct origin *, n + 1);
	uint32_t at = n;
	for (const struct origin *o = innermost; o; o = o->up)
		calls[--at] = o;
	for (uint32_t i = 0; i < n; i++) {
		if (n > TRAIL && i == TRAIL / 2) {
			put_equals(f);
			sb_printf(f->out, "... %u more calls\n", (unsigned)(n - TRAIL));
			i = n - TRAIL / 2;
		}
		put_call(f, calls[i]);
	}
}

static void
put_finding(struct frame *f, const struct diag *g)
{
	struct mark *marks;
	uint32_t n = collect_marks(f, g, &marks);
	f->colour = severity_paints[g->severity];
	f->gutter = gutter_width(marks, n);
	put_header(f, g);
	put_frames(f, g, marks, n);
	struct str more = rest_lines(f, g);
	if (more.len)
		put_block(f, "", more);
	if (!source_of(f->s, g->span.file) && g->label.len)
		put_block(f, "", g->label);
	for (const struct diag_note *note = g->notes; note; note = note->next)
		if (!source_of(f->s, note->span.file) && note->text.len)
			put_block(f, "", note->text);
	put_trail(f, g->origin);
	if (g->help.len)
		put_block(f, "help", g->help);
}

void
report_text(struct sb *out, struct sources *s, const struct diag_list *d, struct report_style style)
{
	struct frame f = {.out = out, .s = s, .style = style};
	for (uint32_t i = 0; i < d->all.n; i++) {
		if (i)
			sb_char(out, '\n');
		put_finding(&f, &d->all.v[i]);
	}
}

void
report_summary(struct sb *out, const struct diag_list *d)
{
	const char *between = "";
	if (d->errors) {
		sb_printf(out, "%u error%s", (unsigned)d->errors, d->errors == 1 ? "" : "s");
		between = ", ";
	}
	if (d->warnings) {
		const char *s = d->warnings == 1 ? "" : "s";
		sb_printf(out, "%s%u warning%s", between, (unsigned)d->warnings, s);
	}
	if (d->dropped)
		sb_printf(out, " (%u not shown)", (unsigned)d->dropped);
	if (d->errors || d->warnings)
		sb_char(out, '\n');
}

void
report_summary_files(struct sb *out, const struct sources *s, const struct diag_list *d)
{
	bool *seen = NEW_ARRAY(s->a, bool, s->all.n + 1);
	size_t before = out->len;
	unsigned files = 0;
	report_summary(out, d);
	if (out->len == before)
		return;
	out->len--; /* the line break */
	for (uint32_t i = 0; i < d->all.n; i++) {
		const struct diag *g = &d->all.v[i];
		bool counts = !g->ignored && g->severity != SEVERITY_NOTE;
		if (!counts || !source_of(s, g->span.file) || seen[g->span.file])
			continue;
		seen[g->span.file] = true;
		files++;
	}
	if (files)
		sb_printf(out, " in %u file%s", files, files == 1 ? "" : "s");
	sb_char(out, '\n');
}
