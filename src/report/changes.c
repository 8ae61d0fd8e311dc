/* SPDX-License-Identifier: MIT */
/* What changed between two versions of an orb, and which version that calls for. */
#include "ccx/report.h"

#include "ccx/orb.h"
#include "frame.h"
#include "jsonw.h"

#include <string.h>

enum {
	VALUE_CHARS = 48,  /* of a value or a name in a sentence */
	PLACE_COLUMN = 84, /* where places stand at most, behind the sentences */
	CLASS_COLUMNS = 10,
};

/* ---- sentences --------------------------------------------------------------------------- */

static void
put_clipped(struct sb *b, struct str text)
{
	size_t at = 0;
	for (unsigned chars = 0; chars < VALUE_CHARS && at < text.len; chars++)
		utf8_next(text, &at);
	sb_put(b, str_sub(text, 0, at));
	sb_puts(b, at < text.len ? "…" : "");
}

/* A text that is quoted in YAML lest it be something else is quoted here, too. */
static void
put_value(struct sb *b, const struct node *n)
{
	struct str text = n->kind == NODE_NULL ? STR("null") : node_text(b->a, n);
	bool quoted = n->kind == NODE_STRING &&
		      (!text.len || node_plain(b->a, text, n->span)->kind != NODE_STRING);
	sb_char(b, quoted ? '"' : '`');
	put_clipped(b, text);
	sb_char(b, quoted ? '"' : '`');
}

static bool
is_scalar(const struct node *n)
{
	return n && n->kind < NODE_LIST;
}

static void
put_values(struct sb *b, const struct orb_change *c)
{
	if ((c->before && !is_scalar(c->before)) || (c->after && !is_scalar(c->after)))
		return;
	if (c->before) {
		sb_puts(b, " from ");
		put_value(b, c->before);
	}
	if (c->after) {
		sb_puts(b, " to ");
		put_value(b, c->after);
	}
}

static void
put_field(struct sb *b, struct str field, const struct orb_change *c)
{
	if (str_is(field, "subject")) {
		sb_puts(b, c->subject);
		sb_puts(b, c->name.len ? " " : "");
		put_clipped(b, c->name);
	} else if (str_is(field, "part")) {
		sb_char(b, '`');
		put_clipped(b, c->part);
		sb_char(b, '`');
	} else if (str_is(field, "values")) {
		put_values(b, c);
	} else {
		const struct node *n = str_is(field, "old") ? c->before : c->after;
		if (is_scalar(n))
			put_value(b, n);
		else
			sb_puts(b, "…");
	}
}

/* "{subject}: parameter {part} was removed" */
static struct str
sentence(struct arena *a, const struct orb_change *c)
{
	struct sb b = {.a = a};
	struct str text = str_of(orb_change_info(c->kind)->text);
	while (text.len) {
		size_t open = str_find(text, STR("{"), 0);
		size_t close = str_find(text, STR("}"), 0);
		sb_put(&b, str_sub(text, 0, open));
		if (open == SIZE_MAX)
			break;
		put_field(&b, str_sub(text, open + 1, close), c);
		text = str_sub(text, close + 1, text.len);
	}
	return str_copy(a, sb_str(&b));
}

static enum orb_bump
class_of(const struct orb_change *c)
{
	return orb_change_info(c->kind)->bump;
}

/* Where a reader should look: in the new version, unless it is not there any more. */
static struct span
place_of(const struct orb_change *c)
{
	return c->new_span.file ? c->new_span : c->old;
}

/* ---- text -------------------------------------------------------------------------------- */

static size_t
place_column(const struct str *sentences, uint32_t n)
{
	size_t widest = 0;
	for (uint32_t i = 0; i < n; i++) {
		size_t columns = utf8_width(sentences[i]);
		if (columns > widest && columns <= PLACE_COLUMN)
			widest = columns;
	}
	return widest;
}

/* breaking  command build: parameter `version` was removed   orb.yml:12:7 */
static void
put_change(const struct frame *f, const struct orb_change *c, struct str text, size_t column)
{
	static const enum paint paints[] = {PAINT_OFF, PAINT_NOTE, PAINT_HELP, PAINT_ERROR};
	enum orb_bump bump = class_of(c);
	const char *class = orb_class_names[bump];
	struct span span = place_of(c);
	const struct source *source = source_of(f->s, span.file);
	size_t columns = utf8_width(text);
	frame_paint(f, paints[bump]);
	sb_puts(f->out, class);
	frame_paint(f, PAINT_OFF);
	sb_chars(f->out, ' ', CLASS_COLUMNS - strlen(class));
	frame_text(f, text);
	if (source) {
		struct place p = source_place(f->s, span.file, span.off);
		sb_chars(f->out, ' ', (columns < column ? column - columns : 0) + 3);
		frame_text(f, source->path);
		sb_printf(f->out, ":%u:%u", (unsigned)p.line, (unsigned)p.column);
	}
	sb_char(f->out, '\n');
}

/* Why the changes above are of their class: once for those of a kind. */
static void
put_reason(const struct frame *f, enum orb_change_kind kind)
{
	sb_chars(f->out, ' ', CLASS_COLUMNS);
	frame_paint(f, PAINT_GUTTER);
	sb_puts(f->out, orb_change_info(kind)->reason);
	frame_paint(f, PAINT_OFF);
	sb_char(f->out, '\n');
}

/* 4 changes: 2 breaking, 1 feature, 1 fix */
static void
put_counts(struct sb *out, const struct orb_changes *changes)
{
	uint32_t n = changes->all.n;
	const char *before = ": ";
	sb_printf(out, "%u change%s", (unsigned)n, n == 1 ? "" : "s");
	for (int bump = ORB_BUMP_MAJOR; bump > ORB_BUMP_NONE; bump--) {
		unsigned count = changes->count[bump];
		const char *plural = bump == ORB_BUMP_MAJOR   ? ""
				     : bump == ORB_BUMP_PATCH ? "es"
							      : "s";
		if (count == 0)
			continue;
		sb_printf(out, "%s%u %s%s", before, count, orb_class_names[bump],
			count == 1 ? "" : plural);
		before = ", ";
	}
	sb_char(out, '\n');
}

/* The version above the old one that the changes call for; empty when there is none to name. */
static struct str
next_version(struct arena *a, const struct report_changes *r)
{
	struct registry_version old = {.version = r->old_version};
	struct registry_orb orb = {.versions = &old, .nversions = 1};
	struct str next = {0};
	enum orb_bump ignored;
	if (orb_version_bump(r->old_version, r->old_version, &ignored))
		orb_next_version(a, &orb, str_of(orb_bump_names[r->changes->bump]), &next);
	return next;
}

/* By how much the new version is above the old one; false when that cannot be told. */
static bool
actual_bump(const struct report_changes *r, enum orb_bump *bump)
{
	return !r->two_orbs && orb_version_bump(r->old_version, r->new_version, bump);
}

/* Whether the new version is as far above the old one as it must be. */
static void
put_verdict(struct sb *out, const struct report_changes *r)
{
	enum orb_bump actual;
	if (!actual_bump(r, &actual))
		return;
	if (actual == ORB_BUMP_NONE) {
		sb_printf(out, "%.*s is not above %.*s.\n", STR_ARG(r->new_version),
			STR_ARG(r->old_version));
		return;
	}
	sb_printf(out, "%.*s is a %s version above %.*s: %s.\n", STR_ARG(r->new_version),
		orb_bump_names[actual], STR_ARG(r->old_version),
		actual >= r->changes->bump ? "that suffices" : "that is not enough");
}

void
report_changes_text(struct sb *out, const struct report_changes *r, struct report_style style)
{
	struct frame f = {.out = out, .s = r->sources, .style = style};
	uint32_t n = r->changes->all.n;
	if (n == 0) {
		sb_puts(out,
			"Nothing changed for users of the orb: no new version is called for.\n");
		return;
	}
	struct str *sentences = NEW_ARRAY(out->a, struct str, n);
	for (uint32_t i = 0; i < n; i++)
		sentences[i] = sentence(out->a, &r->changes->all.v[i]);
	size_t column = place_column(sentences, n);
	for (uint32_t i = 0; i < n; i++) {
		const struct orb_change *c = &r->changes->all.v[i];
		put_change(&f, c, sentences[i], column);
		if (i + 1 == n || c[1].kind != c->kind)
			put_reason(&f, c->kind);
		if (i + 1 == n || class_of(&c[1]) != class_of(c))
			sb_char(out, '\n');
	}
	put_counts(out, r->changes);
	struct str next = next_version(out->a, r);
	sb_printf(out, "This calls for a %s version", orb_bump_names[r->changes->bump]);
	if (next.len)
		sb_printf(out, ": %.*s after %.*s", STR_ARG(next), STR_ARG(r->old_version));
	sb_puts(out, ".\n");
	put_verdict(out, r);
}

/* ---- JSON -------------------------------------------------------------------------------- */

static void
put_json_value(struct jsonw *w, const char *key, const struct node *n)
{
	if (is_scalar(n) && n->kind != NODE_NULL)
		jsonw_str(w, key, node_text(w->out->a, n));
	else
		jsonw_null(w, key);
}

static void
put_json_change(struct jsonw *w, struct sources *s, const struct orb_change *c)
{
	const struct orb_change_info *info = orb_change_info(c->kind);
	jsonw_open(w, NULL, '{');
	jsonw_text(w, "class", orb_class_names[info->bump]);
	jsonw_text(w, "kind", info->id);
	jsonw_text(w, "subject", c->subject);
	jsonw_optional(w, "name", c->name);
	jsonw_optional(w, "part", c->part);
	put_json_value(w, "old", c->before);
	put_json_value(w, "new", c->after);
	jsonw_str(w, "message", sentence(w->out->a, c));
	jsonw_text(w, "reason", info->reason);
	jsonw_place(w, "old_place", s, c->old);
	jsonw_place(w, "new_place", s, c->new_span);
	jsonw_close(w, '}');
}

static void
put_json_side(struct jsonw *w, const char *key, struct str name, struct str version)
{
	jsonw_open(w, key, '{');
	jsonw_str(w, "name", name);
	jsonw_optional(w, "version", version);
	jsonw_close(w, '}');
}

static void
put_json_verdict(struct jsonw *w, const struct report_changes *r)
{
	enum orb_bump actual;
	jsonw_text(w, "bump", orb_bump_names[r->changes->bump]);
	jsonw_optional(w, "next_version", next_version(w->out->a, r));
	if (actual_bump(r, &actual)) {
		jsonw_text(w, "actual_bump", orb_bump_names[actual]);
		jsonw_bool(w, "suffices", actual >= r->changes->bump);
	} else {
		jsonw_null(w, "actual_bump");
		jsonw_null(w, "suffices");
	}
}

void
report_changes_json(struct sb *out, const struct report_changes *r)
{
	struct jsonw w = {.out = out};
	jsonw_open(&w, NULL, '{');
	put_json_side(&w, "old", r->old_name, r->old_version);
	put_json_side(&w, "new", r->new_name, r->new_version);
	jsonw_open(&w, "changes", '[');
	for (uint32_t i = 0; i < r->changes->all.n; i++)
		put_json_change(&w, r->sources, &r->changes->all.v[i]);
	jsonw_close(&w, ']');
	jsonw_open(&w, "summary", '{');
	for (int bump = ORB_BUMP_MAJOR; bump > ORB_BUMP_NONE; bump--)
		jsonw_number(&w, orb_class_names[bump], r->changes->count[bump]);
	jsonw_close(&w, '}');
	put_json_verdict(&w, r);
	jsonw_close(&w, '}');
	sb_char(out, '\n');
}
