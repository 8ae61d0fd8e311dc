/* SPDX-License-Identifier: MIT */
/*
 * The patterns of schema/config.json, matched without compiling them: names are many and their
 * patterns simple, and a config of a megabyte must not wait for a regular expression library.
 * The patterns are ours; the text is not. No pattern repeats a group, so the depth is bounded by
 * the pattern's length, and none has two repetitions in a row that can share what they take, so
 * the time is in proportion to the text.
 */
#include "schema.h"

#include <string.h>

/* A part of a pattern, and what must match behind it. */
struct part {
	const char *p, *end;
	const struct part *then;
};

static bool match_part(struct part part, struct str text);

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

/* x*, x+, x? with the sign at sign: as many as there are, then fewer until the rest matches. */
static bool
match_repeat(struct part part, const char *sign, struct str text)
{
	size_t least = *sign == '+', most = *sign == '?' ? 1 : text.len, n = 0;
	while (n < most && n < text.len && atom_has(part.p, text.s[n]))
		n++;
	part.p = sign + 1;
	for (;; n--) {
		if (n >= least && match_part(part, str_sub(text, n, text.len)))
			return true;
		if (n == 0)
			return false;
	}
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

/* (a|b): one of the alternatives, each followed by what stands behind the group. */
static bool
match_group(struct part part, struct str text)
{
	const char *close = group_end(part.p), *start = part.p + 1;
	struct part behind = {close + 1, part.end, part.then};
	for (const char *q = start; q <= close; q++) {
		if (*q == '(')
			q = group_end(q);
		else if (q == close || *q == '|') {
			if (match_part((struct part){start, q, &behind}, text))
				return true;
			start = q + 1;
		}
	}
	return false;
}

/* Whether the part and what follows it match the whole text. */
static bool
match_part(struct part part, struct str text)
{
	while (part.p < part.end) {
		if (*part.p == '(')
			return match_group(part, text);
		const char *rest = part.p + atom_length(part.p, part.end);
		if (rest < part.end && one_of("*+?", *rest))
			return match_repeat(part, rest, text);
		if (!text.len || !atom_has(part.p, text.s[0]))
			return false;
		text = str_sub(text, 1, text.len);
		part.p = rest;
	}
	return part.then ? match_part(*part.then, text) : text.len == 0;
}

bool
schema_matches(const char *pattern, struct str text)
{
	struct part whole = {pattern + 1, pattern + strlen(pattern) - 1, NULL};
	return match_part(whole, text);
}
