/* SPDX-License-Identifier: MIT */
/*
 * The printer of Go's yaml.v3, whose form published orbs and packed configs have. Indents grow to
 * the next multiple of four, save that a list item's own value stands two further than its dash;
 * no line is folded; a line break makes a literal block where that can be read back.
 */
#include "go.h"
#include "print.h"

#include <math.h>
#include <string.h>

enum { INDENT = 4, LONGEST_KEY = 128 }; /* bytes; a longer key is written behind a "?" */

enum spot { SPOT_ROOT, SPOT_ITEM, SPOT_KEY, SPOT_LONG_KEY, SPOT_VALUE };

struct emitter {
	struct sb *out;
	size_t line;    /* offset in out of the current line */
	bool indention; /* nothing but indicators stands on it */
	bool whitespace;
};

/* ---- what a string allows ---------------------------------------------------------------- */

static bool
is_blank_at(struct str t, size_t at)
{
	return at < t.len && (t.s[at] == ' ' || t.s[at] == '\t');
}

/* Bytes of the line break at text[at], or 0: LF, CR, NEL, LS, PS. */
static size_t
break_at(struct str t, size_t at)
{
	const char *s = t.s + at;
	size_t left = t.len - at;
	if (*s == '\n' || *s == '\r')
		return 1;
	if (left >= 2 && memcmp(s, "\xc2\x85", 2) == 0)
		return 2;
	if (left >= 3 && (memcmp(s, "\xe2\x80\xa8", 3) == 0 || memcmp(s, "\xe2\x80\xa9", 3) == 0))
		return 3;
	return 0;
}

/* In yaml.v3 nothing beyond the basic plane is printable, which makes an emoji an escape. */
static bool
is_printable(int32_t c)
{
	return c == '\n' || (c >= 0x20 && c <= 0x7e) || (c >= 0xa0 && c <= 0xfffd && c != 0xfeff);
}

/* What has been seen of a string. */
struct seen {
	bool special, tab, plain_bad, breaks;
	bool lead, trail_space, trail_break, break_space, space_break;
};

/* Punctuation that ends a plain scalar, or cannot begin one. */
static bool
is_indicator(struct str t, size_t at, bool before_blank)
{
	char c = t.s[at];
	bool last = at + 1 >= t.len || is_blank_at(t, at + 1);
	if (at == 0 && strchr("#,[]{}&*!|>'\"%@`", c) && c)
		return true;
	if (c == ':' || (at == 0 && (c == '?' || c == '-')))
		return last;
	return c == '#' && before_blank;
}

/* Characters that say nothing, unless they begin a text. */
static bool
is_ordinary(char c)
{
	return c > ' ' && c < 0x7f && c != ':' && c != '#';
}

static struct seen
look(struct str t)
{
	struct seen s = {0};
	bool blank = true, space = false, broken = false;
	if (t.len >= 3 && (memcmp(t.s, "---", 3) == 0 || memcmp(t.s, "...", 3) == 0))
		s.plain_bad = true;
	for (size_t at = 0; at < t.len;) {
		if (at > 0 && is_ordinary(t.s[at])) {
			space = broken = blank = false;
			at++;
			continue;
		}
		size_t start = at, ends = break_at(t, at);
		int32_t c = utf8_next(t, &at);
		s.plain_bad = s.plain_bad || is_indicator(t, start, blank);
		s.tab = s.tab || c == '\t';
		s.special = s.special || (c != '\t' && !is_printable(c));
		if (c == ' ') {
			s.lead = s.lead || start == 0;
			s.trail_space = at == t.len;
			s.break_space = s.break_space || broken;
		} else if (ends) {
			s.breaks = true;
			s.lead = s.lead || start == 0;
			s.trail_break = at == t.len;
			s.space_break = s.space_break || space;
		}
		space = c == ' ';
		broken = ends > 0;
		blank = ends || c == ' ' || c == '\t' || c == 0;
	}
	return s;
}

/* No byte of most strings needs a closer look. */
static bool
is_simple(struct str t)
{
	if (!t.len || t.s[0] == '-' || t.s[0] == '?' || t.s[0] == '.')
		return false;
	for (size_t i = 0; i < t.len; i++) {
		char c = t.s[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    c == '_' || c == '-' || c == '/' || c == '.'))
			return false;
	}
	return true;
}

struct go_shape
go_shape(struct str t)
{
	if (is_simple(t))
		return (struct go_shape){false, true, true, true};
	if (!t.len)
		return (struct go_shape){false, true, true, false};
	struct seen s = look(t);
	struct go_shape shape = {.multiline = s.breaks};
	shape.single = !s.break_space && !s.space_break && !s.tab && !s.special;
	shape.plain = shape.single && !s.lead && !s.trail_space && !s.trail_break && !s.breaks &&
		      !s.plain_bad;
	shape.literal = !s.trail_space && !s.space_break && !s.special;
	return shape;
}

static bool
has_lf(struct str t)
{
	return t.len && memchr(t.s, '\n', t.len);
}

bool
go_prints_literal(struct str t)
{
	return has_lf(t) && go_shape(t).literal;
}

/* ---- places ------------------------------------------------------------------------------ */

static void
put_break(struct emitter *e)
{
	sb_char(e->out, '\n');
	e->line = e->out->len;
	e->indention = true;
}

static void
put_indent(struct emitter *e, size_t indent)
{
	size_t column = e->out->len - e->line;
	if (!e->indention || column > indent || (column == indent && !e->whitespace)) {
		put_break(e);
		column = 0;
	}
	sb_chars(e->out, ' ', indent - column);
	e->whitespace = true;
}

static void
put_indicator(struct emitter *e, const char *indicator, bool spaced, bool indention)
{
	if (spaced && !e->whitespace)
		sb_char(e->out, ' ');
	sb_puts(e->out, indicator);
	e->whitespace = false;
	e->indention = e->indention && indention;
}

/* ---- scalars ----------------------------------------------------------------------------- */

/* "a line\tof \U0001F680"; yaml.v3 escapes the whole of a text that begins with a byte order mark
 */
static void
put_double(struct emitter *e, struct str t)
{
	bool all = str_starts(t, STR("\xef\xbb\xbf"));
	put_indicator(e, "\"", true, false);
	for (size_t at = 0; at < t.len;) {
		size_t start = at;
		int32_t c = utf8_next(t, &at);
		bool raw = !all && is_printable(c) && c != '"' && c != '\\' && !break_at(t, start);
		char escape = print_short_escape(c);
		if (c < 0)
			utf8_put(e->out, 0xfffd);
		else if (raw)
			sb_put(e->out, str_sub(t, start, at));
		else if (escape)
			sb_printf(e->out, "\\%c", escape);
		else
			sb_printf(e->out,
				c <= 0xff     ? "\\x%02X"
				: c <= 0xffff ? "\\u%04X"
					      : "\\U%08X",
				(unsigned)c);
	}
	put_indicator(e, "\"", false, false);
}

/* 'it''s: a' ; the only line breaks that may stand in it are LS and PS */
static void
put_single(struct emitter *e, struct str t, size_t indent)
{
	bool broken = false;
	put_indicator(e, "'", true, false);
	for (size_t at = 0, n; at < t.len; at += n) {
		n = break_at(t, at);
		if (n) {
			sb_put(e->out, str_sub(t, at, at + n));
			e->line = e->out->len;
			e->indention = broken = true;
			continue;
		}
		if (broken)
			put_indent(e, indent);
		if (t.s[at] == '\'')
			sb_char(e->out, '\'');
		n = 1;
		sb_char(e->out, t.s[at]);
		e->indention = broken = false;
	}
	put_indicator(e, "'", false, false);
}

/* |4- : spaces or a line break begin the text (4), no line break ends it (-), more than one do (+).
 * yaml.v3 leaves the 4 out before a tab, and libyaml, like itself, then cannot read it. */
static void
put_hints(struct emitter *e, struct str t, size_t step)
{
	size_t end = t.len;
	while (end > 0 && ((unsigned char)t.s[end - 1] & 0xc0) == 0x80)
		end--;
	size_t last = end ? break_at(t, end - 1) : 0, before = end ? end - 1 : 0;
	while (before > 0 && ((unsigned char)t.s[before - 1] & 0xc0) == 0x80)
		before--;
	if (t.s[0] == ' ' || t.s[0] == '\t' || break_at(t, 0))
		sb_printf(e->out, "%zu", step);
	if (!last)
		sb_char(e->out, '-');
	else if (before == 0 || break_at(t, before - 1))
		sb_char(e->out, '+');
}

/* The end of the line that begins at from: LF, and where there are any, LS and PS. */
static size_t
line_end(struct str t, size_t from, bool wide)
{
	const char *lf = memchr(t.s + from, '\n', t.len - from);
	size_t end = lf ? (size_t)(lf - t.s) : t.len;
	for (size_t at = from; wide && at < end; at++)
		if (break_at(t, at))
			return at;
	return end;
}

/* The text of a literal block. A line break that begins it ends the line of the "|" and is lost:
 * that is how yaml.v3 does it. */
static void
put_literal(struct emitter *e, struct str t, size_t indent, size_t step)
{
	bool wide = memchr(t.s, '\xe2', t.len);
	put_indicator(e, "|", true, false);
	put_hints(e, t, step);
	e->whitespace = true;
	for (size_t at = 0; at < t.len;) {
		size_t end = line_end(t, at, wide), ends = end < t.len ? break_at(t, end) : 0;
		if (end > at)
			put_indent(e, indent);
		sb_put(e->out, str_sub(t, at, end + ends));
		e->indention = ends > 0;
		e->line = ends ? e->out->len : e->line;
		at = end + ends;
	}
}

static void
put_plain(struct emitter *e, struct str t)
{
	if (t.len && !e->whitespace)
		sb_char(e->out, ' ');
	sb_put(e->out, t);
	e->whitespace = e->whitespace && !t.len;
	e->indention = false;
}

/* step: how far indent is from that of the collection around it. */
static void
put_string(struct emitter *e, const struct node *n, enum spot spot, size_t indent, size_t step)
{
	struct str t = n->u.text;
	struct go_shape shape = go_shape(t);
	bool literal = has_lf(t), verbatim = n->flags & NODE_VERBATIM;
	bool merges = spot == SPOT_KEY && str_is(t, "<<"); /* unless it is quoted */
	if (literal && shape.literal && spot != SPOT_KEY)
		put_literal(e, t, indent, step);
	else if (literal || merges || (spot == SPOT_KEY && shape.multiline) ||
		 (!verbatim && (go_old_bool(t) || go_base60(t) ||
				       go_resolve(e->out->a, t, NULL) != GO_STRING)))
		put_double(e, t);
	else if (shape.plain && (t.len || spot != SPOT_KEY))
		put_plain(e, t);
	else if (shape.single)
		put_single(e, t, indent);
	else
		put_double(e, t);
}

static void
put_scalar(struct emitter *e, const struct node *n, enum spot spot, size_t indent, size_t step)
{
	if (n->kind == NODE_STRING) {
		put_string(e, n, spot, indent, step);
		return;
	}
	put_plain(e, STR(""));
	if (!e->whitespace)
		sb_char(e->out, ' ');
	if (n->kind == NODE_FLOAT)
		go_float_put(e->out, n->u.real);
	else
		number_put(e->out, n);
	e->whitespace = false;
}

/* ---- collections ------------------------------------------------------------------------- */

/* Where the parts of what stands in a collection of that indent are indented to. */
static size_t
deeper(size_t indent, enum spot spot)
{
	return spot == SPOT_ITEM ? indent + 2 : (indent + INDENT) / INDENT * INDENT;
}

static void put_node(
	struct emitter *e, const struct node *n, enum spot spot, size_t indent, unsigned depth);

static bool
is_simple_key(const struct node *key)
{
	if (key->kind == NODE_LIST || key->kind == NODE_MAP)
		return key->count == 0;
	return key->kind != NODE_STRING ||
	       (key->u.text.len <= LONGEST_KEY && !go_shape(key->u.text).multiline);
}

static void
put_pair(struct emitter *e, const struct pair *p, size_t indent, unsigned depth)
{
	put_indent(e, indent);
	if (is_simple_key(p->key)) {
		put_node(e, p->key, SPOT_KEY, indent, depth);
		put_indicator(e, ":", false, false);
	} else {
		put_indicator(e, "?", true, true);
		put_node(e, p->key, SPOT_LONG_KEY, indent, depth);
		put_indent(e, indent);
		put_indicator(e, ":", true, true);
	}
	put_node(e, p->value, SPOT_VALUE, indent, depth);
}

static void
put_node(struct emitter *e, const struct node *n, enum spot spot, size_t indent, unsigned depth)
{
	bool list = n->kind == NODE_LIST, collection = list || n->kind == NODE_MAP;
	if (collection && n->count == 0) {
		put_indicator(e, list ? "[]" : "{}", true, false);
		return;
	}
	size_t inner = spot == SPOT_ROOT && collection ? 0 : deeper(indent, spot);
	if (!collection || depth >= PRINT_DEPTH) {
		put_scalar(e, n, spot, inner, inner - indent);
		return;
	}
	for (uint32_t i = 0; i < n->count; i++) {
		if (!list) {
			put_pair(e, &n->u.pairs[i], inner, depth + 1);
			continue;
		}
		put_indent(e, inner);
		put_indicator(e, "-", true, true);
		put_node(e, n->u.items[i], SPOT_ITEM, inner, depth + 1);
	}
}

void
node_print_go(struct sb *out, const struct node *n)
{
	struct emitter e = {.out = out, .line = out->len, .indention = true, .whitespace = true};
	put_node(&e, n, SPOT_ROOT, 0, 0);
	if (out->len > e.line)
		put_break(&e);
}
