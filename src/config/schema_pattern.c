/* SPDX-License-Identifier: MIT */
/*
 * The patterns of schema/config.json, matched without compiling them: names are many and their
 * patterns simple, and a config of a megabyte must not wait for a regular expression library.
 * The patterns are ours; the text is not. Only a repeated class can give back what it took, and
 * no pattern repeats a group, so the depth is bounded by the pattern's length.
 */
#include "schema.h"

#include <string.h>

static bool match_here(const char *p, const char *end, struct str text);

static bool
one_of(const char *set, char c)
{
	return c && strchr(set, c);
}

static bool
is_escape_of(char escape, char c)
{
	if (escape == 'd')
		return c >= '0' && c <= '9';
	if (escape == 's')
		return one_of(" \t\n\v\f\r", c);
	return escape == c;
}

/* Length of the atom at p: x, \d or [a-z]. */
static size_t
atom_length(const char *p, const char *end)
{
	const char *q = p;
	if (*q == '\\')
		return 2;
	if (*q == '[')
		while (q < end && *q != ']')
			q += *q == '\\' ? 2 : 1;
	return (size_t)(q - p) + 1;
}

/* [a-z\d_-] with p behind the bracket */
static bool
class_has(const char *p, char c)
{
	for (; *p && *p != ']'; p++) {
		if (*p == '\\') {
			if (is_escape_of(*++p, c))
				return true;
		} else if (p[1] == '-' && p[2] != ']') {
			if (c >= p[0] && c <= p[2])
				return true;
			p += 2;
		} else if (*p == c) {
			return true;
		}
	}
	return false;
}

static bool
atom_has(const char *p, char c)
{
	if (*p == '[')
		return class_has(p + 1, c);
	return *p == '\\' ? is_escape_of(p[1], c) : *p == c;
}

/* x*rest, x+rest, x?rest: as many as there are, then fewer until the rest matches. */
static bool
match_repeat(const char *atom, const char *rest, const char *end, struct str text)
{
	size_t least = rest[0] == '+', most = rest[0] == '?' ? 1 : text.len, n = 0;
	while (n < most && n < text.len && atom_has(atom, text.s[n]))
		n++;
	for (size_t take = n + 1; take-- > least;)
		if (match_here(rest + 1, end, str_sub(text, take, text.len)))
			return true;
	return false;
}

/* Offset of the parenthesis that closes the one at p. */
static const char *
group_end(const char *p)
{
	int depth = 0;
	for (; *p; p++) {
		if (*p == '\\')
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && --depth == 0)
			return p;
	}
	return p;
}

/* (a|b)rest: an alternative takes the first n bytes, whichever n lets the rest match. */
static bool
match_group(const char *p, const char *end, struct str text)
{
	const char *close = group_end(p), *start = p + 1;
	for (const char *q = start; q <= close; q++) {
		if (*q == '(')
			q = group_end(q);
		if (q < close && *q != '|')
			continue;
		for (size_t n = 0; n <= text.len; n++)
			if (match_here(start, q, str_sub(text, 0, n)) &&
				match_here(close + 1, end, str_sub(text, n, text.len)))
				return true;
		start = q + 1;
	}
	return false;
}

/* Whether the pattern from p to end matches the whole text. */
static bool
match_here(const char *p, const char *end, struct str text)
{
	while (p < end) {
		if (*p == '(')
			return match_group(p, end, text);
		const char *rest = p + atom_length(p, end);
		if (rest < end && one_of("*+?", *rest))
			return match_repeat(p, rest, end, text);
		if (!text.len || !atom_has(p, text.s[0]))
			return false;
		text = str_sub(text, 1, text.len);
		p = rest;
	}
	return text.len == 0;
}

bool
schema_matches(const char *pattern, struct str text)
{
	size_t len = strlen(pattern);
	return match_here(pattern + 1, pattern + len - 1, text);
}
