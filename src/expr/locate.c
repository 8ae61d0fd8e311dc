/* SPDX-License-Identifier: MIT */
/*
 * From a byte of a scalar's value to the byte of the source that it came from. Quotes, escapes,
 * folding and indentation stand between the two, but all of these only add or change white space
 * or are local to a character: so walk both texts at once, skip white space in each, and compare
 * what is left. If anything differs the value is not that text's, and the whole scalar must do.
 */
#include "internal.h"

enum style { STYLE_PLAIN, STYLE_SINGLE, STYLE_DOUBLE };

/* A character of the source as it reads in the value. */
struct unit {
	char bytes[4];
	size_t n; /* 0 for what is nothing in the value: a folded line break */
	size_t from, to;
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static unsigned
hex(struct str text, size_t from, size_t digits)
{
	unsigned n = 0;
	for (size_t i = from; i < from + digits && i < text.len; i++) {
		char c = text.s[i];
		n = n * 16 + (unsigned)(c >= '0' && c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return n;
}

static void
put_code_point(struct unit *u, unsigned c)
{
	static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};
	unsigned more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	u->n = more + 1;
	for (unsigned i = more; i > 0; i--, c >>= 6)
		u->bytes[i] = (char)(0x80 | (c & 0x3f));
	u->bytes[0] = (char)(more ? lead[more] | (c & 0x3f) : c);
}

/* \n \" \\ \x41 \u00e9 and so on at source[at], as in a double-quoted scalar. */
static struct unit
escape_at(struct str source, size_t at)
{
	static const char names[] = "0abtnvfre", means[] = "\0\a\b\t\n\v\f\r\033";
	char c = at + 1 < source.len ? source.s[at + 1] : '\\';
	struct unit u = {.from = at, .to = at + 2, .n = 1, .bytes = {c}};
	size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
	if (digits) {
		put_code_point(&u, hex(source, at + 2, digits) & 0x1fffff);
		u.to += digits;
	} else if (c == 'N' || c == '_') {
		put_code_point(&u, c == 'N' ? 0x85 : 0xa0);
	} else if (c == 'L' || c == 'P') {
		put_code_point(&u, c == 'L' ? 0x2028 : 0x2029);
	} else if (is_space(c) && c != ' ' && c != '\t') {
		u.n = 0;
	}
	for (size_t i = 0; names[i]; i++)
		if (c == names[i])
			u.bytes[0] = means[i];
	return u;
}

static struct unit
unit_at(struct str source, size_t at, enum style style)
{
	if (style == STYLE_DOUBLE && source.s[at] == '\\')
		return escape_at(source, at);
	struct unit u = {.bytes = {source.s[at]}, .n = 1, .from = at, .to = at + 1};
	if (style == STYLE_SINGLE && source.s[at] == '\'')
		u.to++; /* a quote in single quotes is doubled */
	return u;
}

/* Offset of the value's first line, and how it is written; the scalar starts at source[0]. */
static size_t
value_start(struct str source, enum style *style)
{
	*style = STYLE_PLAIN;
	if (source.len && (source.s[0] == '\'' || source.s[0] == '"')) {
		*style = source.s[0] == '"' ? STYLE_DOUBLE : STYLE_SINGLE;
		return 1;
	}
	if (source.len && (source.s[0] == '|' || source.s[0] == '>')) {
		size_t line = str_find(source, STR("\n"), 0);
		return line == SIZE_MAX ? source.len : line + 1;
	}
	return 0;
}

/* Finds text[from, to) in source; false when source is not what text was read from. */
static bool
find_range(struct str source, struct str text, size_t from, size_t to, struct str *found)
{
	enum style style;
	size_t at = value_start(source, &style), i = 0, start = SIZE_MAX, end = 0;
	while (i < to) {
		if (is_space(text.s[i])) {
			i++;
			continue;
		}
		if (at >= source.len)
			return false;
		struct unit u = unit_at(source, at, style);
		at = u.to;
		if (u.n == 0 || is_space(u.bytes[0]))
			continue;
		for (size_t k = 0; k < u.n; k++)
			if (i + k >= text.len || text.s[i + k] != u.bytes[k])
				return false;
		if (i + u.n > from && start == SIZE_MAX)
			start = u.from;
		i += u.n;
		end = u.to;
	}
	*found = str_sub(source, start, end);
	return start != SIZE_MAX && end <= source.len;
}

struct span
locate(const struct sources *s, const struct node *string, struct str part)
{
	struct span whole = string->span;
	struct str text = string->u.text, source = source_text(s, whole), found;
	size_t from = (size_t)(part.s - text.s);
	if (!part.len || !source.len || !find_range(source, text, from, from + part.len, &found))
		return whole;
	return (struct span){
		whole.file, whole.off + (uint32_t)(found.s - source.s), (uint32_t)found.len};
}
