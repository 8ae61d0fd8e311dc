/* SPDX-License-Identifier: MIT */
/* Patterns for file names: taken apart, and matched with names. */
#include "ccx/timings.h"

#include "ccx/limits.h"
#include "glob.h"

enum { ALTERNATIVES = 4096, BRACES = 32 };

static const char not_closed[] = "a \"{\" that is not closed";
static const char bad_class[] = "a \"[\" without characters or \"]\"";
static const char bad_escape[] = "a \"\\\" at its end";

static bool
fail(struct str *error, const char *text)
{
	*error = str_of(text);
	return false;
}

/* ---- sets of characters ------------------------------------------------------------------ */

/* The end of a set "[a-z]" that begins at from, behind its "]"; 0: malformed. */
static size_t
class_end(struct str p, size_t from)
{
	size_t at = from + 1;
	if (at < p.len && (p.s[at] == '^' || p.s[at] == '!'))
		at++;
	size_t first = at;
	while (at < p.len && p.s[at] != ']')
		at += p.s[at] == '\\' ? 2 : 1;
	return at < p.len && at > first ? at + 1 : 0;
}

/* One character of a set at *at, maybe escaped. */
static int32_t
class_char(struct str p, size_t *at)
{
	if (p.s[*at] == '\\' && *at + 1 < p.len)
		(*at)++;
	return utf8_next(p, at);
}

/* [abc] [a-z0-9] [^a] [!a]: whether it has c; *at moves from its "[" behind its "]". */
static bool
class_has(struct str p, size_t *at, int32_t c)
{
	size_t end = class_end(p, *at), i = *at + 1;
	bool negated = p.s[i] == '^' || p.s[i] == '!', has = false;
	struct str set = str_sub(p, 0, end - 1);
	i += negated;
	while (i < set.len) {
		int32_t low = class_char(set, &i), high = low;
		if (i + 1 < set.len && set.s[i] == '-') {
			i++;
			high = class_char(set, &i);
		}
		has = has || (low <= c && c <= high);
	}
	*at = end;
	return has != negated;
}

/* ---- braces ------------------------------------------------------------------------------ */

/* One {a,b}: where it stands, and whether a "/" stands in it. */
struct brace {
	size_t from, end; /* of "{", behind "}" */
	bool folders;
};

/* What stands at at, an escaped character or a set being one; 0: a malformed set. */
static size_t
step_over(struct str p, size_t at)
{
	if (p.s[at] == '\\')
		return at + 2 <= p.len ? at + 2 : at + 1;
	return p.s[at] == '[' ? class_end(p, at) : at + 1;
}

/* The first outermost brace of a pattern from `from` on; end 0: none. */
static bool
find_brace(struct str p, size_t from, struct brace *b, struct str *error)
{
	unsigned open = 0;
	*b = (struct brace){0};
	for (size_t at = from; at < p.len;) {
		char c = p.s[at];
		if (c == '{' && !open++)
			b->from = at;
		if (open && c == '/')
			b->folders = true;
		if (open > BRACES)
			return fail(error, "braces that are nested too deeply");
		if (open && c == '}' && !--open) {
			b->end = at + 1;
			return true;
		}
		at = step_over(p, at);
		if (!at)
			return fail(error, bad_class);
	}
	return open ? fail(error, not_closed) : true;
}

/* The next alternative of a brace from *at on, which moves behind its "," or "}". */
static struct str
next_alternative(struct str p, size_t *at)
{
	unsigned open = 0;
	size_t from = *at, i = from;
	while (open || (p.s[i] != ',' && p.s[i] != '}')) {
		open += p.s[i] == '{';
		open -= p.s[i] == '}';
		i = step_over(p, i);
	}
	*at = i + 1;
	return str_sub(p, from, i);
}

/* Patterns still to be opened stand on a stack, the next one on top. */
bool
glob_expand(
	struct arena *a, struct str pattern, bool folders, struct str_list *into, struct str *error)
{
	struct str_list left = {0};
	vec_push(a, &left, pattern);
	while (left.n) {
		struct str p = left.v[--left.n];
		struct brace b = {0};
		do
			if (!find_brace(p, b.end, &b, error))
				return false;
		while (b.end && folders && !b.folders);
		if (left.n + into->n > ALTERNATIVES)
			return fail(error, "more alternatives than ccx looks at");
		if (!b.end) {
			vec_push(a, into, p);
			continue;
		}
		uint32_t first = left.n;
		for (size_t at = b.from + 1; at < b.end;) {
			struct str one = next_alternative(p, &at);
			struct str parts[] = {str_sub(p, 0, b.from), one, str_sub(p, b.end, p.len)};
			vec_push(a, &left, str_join(a, parts, 3, ""));
		}
		for (uint32_t i = first, j = left.n - 1; i < j; i++, j--) {
			struct str swapped = left.v[i];
			left.v[i] = left.v[j];
			left.v[j] = swapped;
		}
	}
	return true;
}

/* ---- parts ------------------------------------------------------------------------------- */

static bool
is_plain(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (strchr("*?[{\\", text.s[i]))
			return false;
	return true;
}

/* Whether every set is closed and nothing ends with a "\". */
static bool
check_part(struct str text, struct str *error)
{
	for (size_t at = 0; at < text.len;) {
		if (text.s[at] == '\\' && at + 1 == text.len)
			return fail(error, bad_escape);
		at = step_over(text, at);
		if (!at)
			return fail(error, bad_class);
	}
	return true;
}

static bool
read_part(struct arena *a, struct str text, struct glob_part *part, struct str *error)
{
	part->text = text;
	if (str_is(text, "**"))
		part->kind = GLOB_DEEP;
	if (part->kind == GLOB_DEEP || is_plain(text))
		return true;
	part->kind = GLOB_NAMES;
	return check_part(text, error) && glob_expand(a, text, false, &part->alternatives, error);
}

/* Where the "/" is at which a part ends. A set cannot hold one. */
static size_t
part_end(struct str p, size_t from)
{
	size_t slash = str_find(p, STR("/"), from);
	return slash == SIZE_MAX ? p.len : slash;
}

const struct glob_part *
glob_parts(struct arena *a, struct str pattern, uint32_t *n, struct str *error)
{
	VEC(struct glob_part) parts = {0};
	for (size_t at = 0, end; at < pattern.len; at = end + 1) {
		struct glob_part part = {0};
		end = part_end(pattern, at);
		if (end == at)
			continue;
		if (!read_part(a, str_sub(pattern, at, end), &part, error))
			return NULL;
		bool twice =
			part.kind == GLOB_DEEP && parts.n && parts.v[parts.n - 1].kind == GLOB_DEEP;
		if (!twice)
			vec_push(a, &parts, part);
	}
	if (!parts.n)
		parts.v = NEW(a, struct glob_part);
	*n = parts.n;
	return parts.v;
}

/* ---- matching ---------------------------------------------------------------------------- */

/* Whether one character of name fits what stands at *at of p; both move behind it. With sets "["
 * begins one, and "\" escapes. */
static bool
match_one(struct str p, size_t *at, bool sets, struct str name, size_t *k)
{
	size_t at_name = *k, at_pattern;
	int32_t c = utf8_next(name, k);
	if (sets && p.s[*at] == '[')
		return class_has(p, at, c);
	if (p.s[*at] == '?') {
		(*at)++;
		return true;
	}
	if (sets && p.s[*at] == '\\')
		(*at)++;
	at_pattern = *at;
	utf8_next(p, at);
	return str_eq(str_sub(p, at_pattern, *at), str_sub(name, at_name, *k));
}

/* A star that fails takes one character more; only the last star can have to. */
static bool
matches(struct str p, bool sets, struct str name)
{
	size_t at = 0, k = 0, star = SIZE_MAX, taken = 0;
	while (k < name.len) {
		if (at < p.len && p.s[at] == '*') {
			star = ++at;
			taken = k;
			continue;
		}
		if (at < p.len && match_one(p, &at, sets, name, &k))
			continue;
		if (star == SIZE_MAX)
			return false;
		utf8_next(name, &taken);
		k = taken;
		at = star;
	}
	while (at < p.len && p.s[at] == '*')
		at++;
	return at == p.len;
}

bool
glob_part_matches(const struct glob_part *part, struct str name)
{
	if (part->kind == GLOB_LITERAL)
		return str_eq(part->text, name);
	for (uint32_t i = 0; i < part->alternatives.n; i++)
		if (matches(part->alternatives.v[i], true, name))
			return true;
	return false;
}

bool
glob_fits(struct str pattern, struct str text)
{
	return matches(pattern, false, text);
}
