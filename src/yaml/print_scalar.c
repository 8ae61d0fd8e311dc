/* SPDX-License-Identifier: MIT */
/*
 * Writes one scalar. Folding is what the official compiler did from 2018 to 2019, with SnakeYAML's
 * best width of 80; columns count UTF-16 units, as Java does.
 */
#include "print.h"

#include "internal.h"

#include <string.h>

size_t
utf16_units(struct str text)
{
	size_t n = 0;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.s[i];
		n += (c & 0xc0) != 0x80;
		n += c >= 0xf0;
	}
	return n;
}

void
printer_newline(struct printer *p, size_t indent)
{
	if (!p->fresh)
		sb_char(p->out, '\n');
	p->fresh = false;
	p->line = p->out->len;
	sb_chars(p->out, ' ', indent);
}

static size_t
column(const struct printer *p)
{
	return utf16_units(str_sub(sb_str(p->out), p->line, p->out->len));
}

/* A text without line breaks, its quotes doubled when quoted. A space that stands alone beyond the
 * fold becomes a line break: one at either end of a quoted text may not, YAML would lose it. */
static void
put_folded(struct printer *p, struct str text, size_t indent, bool quoted)
{
	size_t col = column(p);
	for (size_t at = 0, end; at < text.len; at = end) {
		char c = text.s[at];
		end = at + 1;
		if (c == ' ') {
			while (end < text.len && text.s[end] == ' ')
				end++;
			if (end == at + 1 && at > 0 && end < text.len && col > p->fold) {
				printer_newline(p, indent);
				col = indent;
				continue;
			}
		} else if (quoted && c == '\'') {
			sb_char(p->out, '\'');
			col++;
		} else {
			while (end < text.len && text.s[end] != ' ' && text.s[end] != '\'')
				end++;
		}
		sb_put(p->out, str_sub(text, at, end));
		col += utf16_units(str_sub(text, at, end));
	}
}

static void
put_single(struct printer *p, struct str text, size_t indent, bool fold)
{
	sb_char(p->out, '\'');
	if (fold) {
		put_folded(p, text, indent, true);
	} else {
		const char *quote;
		while (text.len && (quote = memchr(text.s, '\'', text.len))) {
			size_t upto = (size_t)(quote - text.s) + 1;
			sb_put(p->out, str_sub(text, 0, upto));
			sb_char(p->out, '\'');
			text = str_sub(text, upto, text.len);
		}
		sb_put(p->out, text);
	}
	sb_char(p->out, '\'');
}

char
print_short_escape(int32_t c)
{
	static const char low[] = "0......abtnvfr.............e";
	switch (c) {
	case '"':
	case '\\':
		return (char)c;
	case 0x85:
		return 'N';
	case 0xa0:
		return '_';
	case 0x2028:
		return 'L';
	case 0x2029:
		return 'P';
	default:
		return c >= 0 && c < (int32_t)sizeof low - 1 && low[c] != '.' ? low[c] : 0;
	}
}

/* One character inside double quotes. Returns whether it was more than a plain ASCII one: behind
 * such a one SnakeYAML may fold. A byte that is no UTF-8 comes out as the replacement character. */
static bool
put_escaped(struct sb *out, int32_t c)
{
	static const char hex[] = "0123456789abcdef";
	char escape = print_short_escape(c);
	if (escape) {
		sb_char(out, '\\');
		sb_char(out, escape);
		return true;
	}
	if (c >= ' ' && c <= '~') {
		sb_char(out, (char)c);
		return false;
	}
	if (c < 0 || (c >= 0xa0 && c != 0xfeff && c != 0xfffe && c != 0xffff)) {
		utf8_put(out, c < 0 ? 0xfffd : (uint32_t)c);
		return true;
	}
	sb_puts(out, c > 0xff ? "\\u" : "\\x");
	for (int shift = c > 0xff ? 12 : 4; shift >= 0; shift -= 4)
		sb_char(out, hex[c >> shift & 15]);
	return true;
}

static bool
is_raw(char c)
{
	return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

/* "a line\twith escapes, folded behind a backslash:\
 *   \ the space at the start of a line needs one too"
 * A fold comes before a space, or behind a character that is more than plain ASCII: there one
 * column later if another such one follows (an oddity of SnakeYAML's that old outputs show). There
 * is none behind the first character, or before the last. */
static void
put_double_folded(struct printer *p, struct str text, size_t indent)
{
	struct sb *out = p->out;
	size_t col = column(p);
	bool wide = false; /* the last character was more than plain ASCII */
	for (size_t at = 0; at < text.len;) {
		size_t start = at, written = out->len;
		int32_t c = utf8_next(text, &at);
		bool may_fold = start > 0 && at < text.len;
		bool folds =
			may_fold && col > p->fold && (c == ' ' || (wide && is_raw(text.s[start])));
		if (!folds) {
			wide = put_escaped(out, c);
			col += utf16_units(str_sub(sb_str(out), written, out->len));
			folds = may_fold && wide && col > p->fold + 1;
			start = at;
		}
		if (!folds)
			continue;
		sb_char(out, '\\');
		printer_newline(p, indent);
		wide = false;
		col = indent;
		at = start;
		if (text.s[at] == ' ') {
			sb_puts(out, "\\ ");
			col += 2;
			at++;
		}
	}
}

static void
put_double(struct printer *p, struct str text, size_t indent, bool fold)
{
	sb_char(p->out, '"');
	if (fold) {
		put_double_folded(p, text, indent);
		text.len = 0;
	}
	for (size_t at = 0; at < text.len;) {
		size_t start = at;
		while (at < text.len && is_raw(text.s[at]))
			at++;
		sb_put(p->out, str_sub(text, start, at));
		if (at < text.len)
			put_escaped(p->out, utf8_next(text, &at));
	}
	sb_char(p->out, '"');
}

/* Bytes of the line break at text[at], or 0: LF, NEL, LS, PS. */
static size_t
break_at(struct str text, size_t at)
{
	const char *s = text.s + at;
	size_t left = text.len - at;
	if (left >= 1 && s[0] == '\n')
		return 1;
	if (left >= 2 && memcmp(s, "\xc2\x85", 2) == 0)
		return 2;
	if (left >= 3 && (memcmp(s, "\xe2\x80\xa8", 3) == 0 || memcmp(s, "\xe2\x80\xa9", 3) == 0))
		return 3;
	return 0;
}

/* The same for the line break that ends the text. */
static size_t
break_at_end(struct str text)
{
	for (size_t n = 1; n <= 3 && n <= text.len; n++)
		if (break_at(text, text.len - n) == n)
			return n;
	return 0;
}

static size_t
line_end(struct str text, size_t at, bool wide)
{
	if (!wide) {
		const char *lf = memchr(text.s + at, '\n', text.len - at);
		return lf ? (size_t)(lf - text.s) : text.len;
	}
	while (at < text.len && !break_at(text, at))
		at++;
	return at;
}

/* |2-
 *     the first line begins with a space (2), and no line break ends the last (-) */
static void
put_literal(struct printer *p, struct str text, size_t indent, bool wide)
{
	struct sb *out = p->out;
	sb_char(out, '|');
	if (text.s[0] == ' ' || break_at(text, 0))
		sb_char(out, '2');
	size_t last = break_at_end(text);
	if (!last)
		sb_char(out, '-');
	else if (last == text.len || break_at_end(str_sub(text, 0, text.len - last)))
		sb_char(out, '+');
	sb_char(out, '\n');
	for (size_t at = 0; at < text.len;) {
		size_t end = line_end(text, at, wide);
		size_t broken = break_at(text, end);
		if (end > at)
			sb_chars(out, ' ', indent);
		sb_put(out, str_sub(text, at, end + broken));
		at = end + broken;
	}
	if (!last)
		sb_char(out, '\n');
	p->fresh = true;
	p->line = out->len;
}

void
scalar_put(struct printer *p, struct str text, struct scalar_shape shape, size_t indent, bool split)
{
	bool fold = split && text.len > 1 && p->fold != SIZE_MAX;
	switch (shape.style) {
	case STYLE_PLAIN:
		if (fold)
			put_folded(p, text, indent, false);
		else
			sb_put(p->out, text);
		break;
	case STYLE_SINGLE:
		put_single(p, text, indent, fold);
		break;
	case STYLE_DOUBLE:
		put_double(p, text, indent, fold);
		break;
	case STYLE_LITERAL:
		put_literal(p, text, indent, shape.wide_breaks);
		break;
	}
}

void
integer_put(struct sb *out, int64_t value)
{
	char digits[20];
	size_t at = sizeof digits;
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (value < 0)
		sb_char(out, '-');
	sb_put(out, (struct str){digits + at, sizeof digits - at});
}

void
number_put(struct sb *out, const struct node *n)
{
	if (n->kind == NODE_BOOL) {
		sb_puts(out, n->u.boolean ? "true" : "false");
	} else if (n->kind == NODE_FLOAT) {
		char text[32];
		double_text(text, n->u.real);
		sb_puts(out, text);
	} else if (n->kind == NODE_INT && n->flags & NODE_BIG) {
		sb_put(out, n->u.text);
	} else if (n->kind == NODE_INT) {
		integer_put(out, n->u.integer);
	} else {
		sb_puts(out, "null");
	}
}
