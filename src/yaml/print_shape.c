/* SPDX-License-Identifier: MIT */
/*
 * Which style a string needs. The rules are those of PyYAML's emitter, which SnakeYAML (and so the
 * official compiler) took over; they are simpler here because the printer asks for the literal
 * style whenever a text holds a line break, so plain and single-quoted texts are one line each.
 */
#include "print.h"

#include "internal.h"

/* One letter per byte: x unprintable, n line feed, # and : may start a comment or end a key,
 * u part of a longer UTF-8 sequence, . anything else. */
static const char byte_class[] = "xxxxxxxxxxnxxxxx"
				 "xxxxxxxxxxxxxxxx"
				 "...#............"
				 "..........:....."
				 "................"
				 "................"
				 "................"
				 "...............x"
				 "uuuuuuuuuuuuuuuu"
				 "uuuuuuuuuuuuuuuu"
				 "uuuuuuuuuuuuuuuu"
				 "uuuuuuuuuuuuuuuu"
				 "uuuuuuuuuuuuuuuu"
				 "uuuuuuuuuuuuuuuu"
				 "uuuuuuuuuuuuuuuu"
				 "uuuuuuuuuuuuuuuu";

static bool
has_digits(struct str text, size_t *at, size_t least, size_t most)
{
	size_t from = *at;
	while (*at < text.len && *at - from < most && text.s[*at] >= '0' && text.s[*at] <= '9')
		++*at;
	return *at - from >= least;
}

static bool
has_char(struct str text, size_t *at, char c)
{
	if (*at >= text.len || text.s[*at] != c)
		return false;
	++*at;
	return true;
}

/* Z, +1, -03:30; also nothing */
static bool
ends_with_zone(struct str text, size_t at)
{
	size_t zone = at;
	while (has_char(text, &zone, ' '))
		;
	if (zone == text.len)
		return zone == at;
	if (has_char(text, &zone, 'Z'))
		return zone == text.len;
	if (!has_char(text, &zone, '+') && !has_char(text, &zone, '-'))
		return false;
	if (!has_digits(text, &zone, 1, 2))
		return false;
	if (has_char(text, &zone, ':') && !has_digits(text, &zone, 2, 2))
		return false;
	return zone == text.len;
}

/* 2001-12-14, 2001-12-14t21:59:43.10-05:00, 2001-12-14 21:59:43.10 -5 */
static bool
is_timestamp(struct str text)
{
	size_t at = 0;
	if (!has_digits(text, &at, 4, 4) || !has_char(text, &at, '-'))
		return false;
	if (!has_digits(text, &at, 1, 2) || !has_char(text, &at, '-'))
		return false;
	if (!has_digits(text, &at, 1, 2))
		return false;
	if (at == text.len)
		return text.len == 10;
	if (!has_char(text, &at, 'T') && !has_char(text, &at, 't')) {
		if (!has_char(text, &at, ' '))
			return false;
		while (has_char(text, &at, ' '))
			;
	}
	if (!has_digits(text, &at, 1, 2) || !has_char(text, &at, ':'))
		return false;
	if (!has_digits(text, &at, 2, 2) || !has_char(text, &at, ':'))
		return false;
	if (!has_digits(text, &at, 2, 2))
		return false;
	if (has_char(text, &at, '.'))
		has_digits(text, &at, 0, SIZE_MAX);
	return ends_with_zone(text, at);
}

/* 007, 08, 0_1: SnakeYAML quotes digits behind a zero even where they are no octal number. */
static bool
has_leading_zero(struct str text)
{
	if (text.len < 2 || text.s[0] != '0')
		return false;
	for (size_t i = 1; i < text.len; i++)
		if (text.s[i] != '_' && (text.s[i] < '0' || text.s[i] > '9'))
			return false;
	return true;
}

static bool
reads_as_other(struct arena *a, struct str text)
{
	struct node n = {0};
	scalar_resolve(a, &n, text);
	return n.kind != NODE_STRING;
}

/* One letter per ASCII character that a text may start with: ! never plain, ? an indicator when it
 * stands alone, - the same or a number, . 0 a number, + a number or null, w a word of YAML 1.1, < =
 * the merge and value keys, a anything else. */
static const char lead_class[] = "aaaaaaaaaaaaaaaa"
				 "aaaaaaaaaaaaaaaa"
				 "!!!!a!!!aa!+!-.a"
				 "0000000000?a<=!?"
				 "!aaaaawaaaaaaaww"
				 "aaaawaaaawa!a!aa"
				 "!aaaaawaaaaaaaww"
				 "aaaawaaaawa!!!+a";

/* Whether the start of a text allows it to stand plain on one line, and whether YAML 1.1 would take
 * it for something else than a string. */
static bool
starts_plain(struct arena *a, struct str text)
{
	unsigned char first = (unsigned char)text.s[0];
	bool alone = text.len == 1 || text.s[1] == ' ';
	switch (first < 0x80 ? lead_class[first] : 'a') {
	case 'a':
		return true;
	case 'w': /* yes, no, null, true, false, on, off: none is longer than false */
		return text.len > 5 || !reads_as_other(a, text);
	case '?':
		return !alone;
	case '-':
		return !alone && !str_starts(text, STR("---")) && !reads_as_other(a, text);
	case '.':
		return !str_starts(text, STR("...")) && !reads_as_other(a, text);
	case '0':
		return !reads_as_other(a, text) && !is_timestamp(text) && !has_leading_zero(text);
	case '+':
		return !reads_as_other(a, text);
	case '<':
		return !str_is(text, "<<");
	case '=':
		return text.len > 1;
	default:
		return false;
	}
}

static bool
is_wide_break(int32_t c)
{
	return c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* Beyond ASCII: what a YAML text may hold raw. The byte order mark may not stand inside. */
static bool
is_printable(int32_t c)
{
	return c == 0x85 || (c >= 0xa0 && c <= 0xd7ff) ||
	       (c >= 0xe000 && c <= 0xfffd && c != 0xfeff) || (c >= 0x10000 && c < 0x10ffff);
}

struct scan {
	bool breaks;      /* a line break */
	bool wide_breaks; /* one that is not LF */
	bool space_break; /* a line that ends in a space */
	bool special;     /* a character that only an escape can write */
	bool indicator;   /* ": " or " #" */
};

/* The sequence of several bytes at text[*at]. */
static void
scan_wide(struct str text, size_t *at, struct scan *found)
{
	size_t start = *at;
	int32_t c = utf8_next(text, at);
	if (!is_printable(c)) {
		found->special = true;
	} else if (is_wide_break(c)) {
		found->breaks = found->wide_breaks = true;
		found->space_break |= start > 0 && text.s[start - 1] == ' ';
	}
}

static struct scan
scan_text(struct str text)
{
	struct scan found = {0};
	size_t at = 0;
	while (at < text.len) {
		switch (byte_class[(unsigned char)text.s[at]]) {
		case 'n':
			found.breaks = true;
			found.space_break |= at > 0 && text.s[at - 1] == ' ';
			break;
		case ':':
			found.indicator |= at + 1 == text.len || text.s[at + 1] == ' ';
			break;
		case '#':
			found.indicator |= at > 0 && text.s[at - 1] == ' ';
			break;
		case 'u':
			scan_wide(text, &at, &found);
			continue;
		case 'x':
			found.special = true;
			break;
		default:
			break;
		}
		at++;
	}
	return found;
}

struct scalar_shape
scalar_shape(struct arena *a, struct str text)
{
	if (text.len == 0)
		return (struct scalar_shape){STYLE_SINGLE, false, false};
	struct scan found = scan_text(text);
	bool ends_in_space = text.s[text.len - 1] == ' ';
	struct scalar_shape shape = {STYLE_SINGLE, found.breaks, found.wide_breaks};
	if (found.special || found.space_break || (found.breaks && ends_in_space))
		shape.style = STYLE_DOUBLE;
	else if (found.breaks)
		shape.style = STYLE_LITERAL;
	else if (!found.indicator && !ends_in_space && starts_plain(a, text))
		shape.style = STYLE_PLAIN;
	return shape;
}
