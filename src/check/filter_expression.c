/* SPDX-License-Identifier: MIT */
/*
 * Filters in map form as an expression. Without tags a map lets no tag through, and branches that
 * it does not name it lets through all; an expression must say so itself. On a tag
 * pipeline.git.branch is undefined, which makes every comparison undefined, that is false; on a
 * branch pipeline.git.tag may be empty as well, so what is negated asks for that first.
 */
#include "ccx/expr.h"
#include "ccx/limits.h"

#include "migrate.h"

#include <string.h>

/* What one half of the map says of its kind of name. */
enum half { HALF_NEVER, HALF_ALWAYS, HALF_SOME, HALF_UNKNOWN };

struct writer {
	struct sb out;
	const char *name; /* pipeline.git.branch */
	bool negative;    /* terms of ignore */
	bool guarded;
	uint32_t terms;
};

/* ---- patterns ---------------------------------------------------------------------------- */

/* Java and RE2 read the same in it: no class in a class, no intersection, no \v, which is one
 * character in RE2 and a class in Java. */
static bool
reads_the_same(struct str p)
{
	bool class = false;
	for (size_t i = 0; i < p.len; i++) {
		char next = i + 1 < p.len ? p.s[i + 1] : '\0';
		if (p.s[i] == '\\') {
			if (next == 'v' || next == 'u' || next == 'x' || next == 'Q')
				return false;
			i++;
		} else if (class && (p.s[i] == '[' || (p.s[i] == '&' && next == '&'))) {
			return false;
		} else if (p.s[i] == '[') {
			class = true;
			i += next == '^';
			i += i + 1 < p.len && p.s[i + 1] == ']';
		} else if (p.s[i] == ']') {
			class = false;
		}
		if ((unsigned char)p.s[i] < ' ' || (unsigned char)p.s[i] > '~')
			return false;
	}
	return !class;
}

/* Is there a | outside of groups? A class or an escape may hold one too: parentheses do no harm. */
static bool
has_choice(struct str p)
{
	int depth = 0;
	for (size_t i = 0; i < p.len; i++) {
		if (p.s[i] == '\\')
			i++;
		else if (p.s[i] == '(' || p.s[i] == ')')
			depth += p.s[i] == '(' ? 1 : -1;
		else if (p.s[i] == '|' && depth <= 0)
			return true;
	}
	return false;
}

static bool
ends_with_dollar(struct str p)
{
	size_t slashes = 0;
	if (!str_ends(p, STR("$")))
		return false;
	while (slashes + 1 < p.len && p.s[p.len - 2 - slashes] == '\\')
		slashes++;
	return slashes % 2 == 0;
}

/* Filters match whole names, and so does the operator; the anchors say it to people. */
static void
put_pattern(struct sb *out, struct str p)
{
	bool choice = has_choice(p);
	sb_char(out, '/');
	if (choice)
		sb_puts(out, "^(?:");
	else if (!str_starts(p, STR("^")))
		sb_char(out, '^');
	for (size_t i = 0; i < p.len; i++) {
		if (p.s[i] == '/')
			sb_char(out, '\\');
		sb_char(out, p.s[i]);
		if (p.s[i] == '\\' && i + 1 < p.len)
			sb_char(out, p.s[++i]);
	}
	if (choice)
		sb_puts(out, ")$");
	else if (!ends_with_dollar(p))
		sb_char(out, '$');
	sb_char(out, '/');
}

static bool
is_pattern(struct str text)
{
	return text.len > 1 && text.s[0] == '/' && text.s[text.len - 1] == '/';
}

/* /.*\/ */
static bool
matches_all(struct str text)
{
	return str_is(text, "/.*/") || str_is(text, "/^.*$/") || str_is(text, "/.+/") ||
	       str_is(text, "/^.+$/") || str_is(text, "/^.*/") || str_is(text, "/.*$/");
}

/* ---- terms ------------------------------------------------------------------------------- */

static void
put_operator(struct writer *w)
{
	if (w->terms++)
		sb_puts(&w->out, w->negative ? " and " : " or ");
}

/* A name that is not there is no name that is not like this. */
static void
put_guard(struct writer *w)
{
	if (w->guarded)
		return;
	w->guarded = true;
	put_operator(w);
	sb_printf(&w->out, "%s != \"\"", w->name);
}

static void
put_literal(struct writer *w, struct str text)
{
	put_operator(w);
	sb_printf(&w->out, "%s %s \"", w->name, w->negative ? "!=" : "==");
	for (size_t i = 0; i < text.len; i++) {
		if (text.s[i] == '"' || text.s[i] == '\\')
			sb_char(&w->out, '\\');
		sb_char(&w->out, text.s[i]);
	}
	sb_char(&w->out, '"');
}

static bool
put_item(struct writer *w, const struct node *item)
{
	struct str text = item->u.text;
	if (item->kind != NODE_STRING || !text.len || str_has(text, STR("<<")))
		return false;
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.s[i] < ' ' || text.s[i] == 0x7f)
			return false;
	if (!is_pattern(text)) {
		put_literal(w, text);
		return true;
	}
	struct str p = str_sub(text, 1, text.len - 1);
	if (!p.len || p.len + 8 > LIMIT_PATTERN_CHARS || !pattern_is_re2(p) ||
		!pattern_compiles(p) || !reads_the_same(p))
		return false;
	put_operator(w);
	sb_printf(&w->out, w->negative ? "not (%s matches " : "%s matches ", w->name);
	put_pattern(&w->out, p);
	if (w->negative)
		sb_char(&w->out, ')');
	return true;
}

static bool
any_matches_all(const struct node *items, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (items[i].kind == NODE_STRING && matches_all(items[i].u.text))
			return true;
	return false;
}

static bool
any_pattern(const struct node *items, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (items[i].kind == NODE_STRING && is_pattern(items[i].u.text))
			return true;
	return false;
}

/* main  or  [main, /release-.*\/] */
static enum half
put_items(struct writer *w, struct arena *a, const struct node *names)
{
	uint32_t n = names->kind == NODE_LIST ? names->count : 1;
	struct node *items = NEW_ARRAY(a, struct node, n);
	for (uint32_t i = 0; i < n; i++)
		items[i] = names->kind == NODE_LIST ? *names->u.items[i] : *names;
	if (any_matches_all(items, n))
		return w->negative ? HALF_NEVER : HALF_ALWAYS;
	if (w->negative && (any_pattern(items, n) || strcmp(w->name, "pipeline.git.tag") == 0))
		put_guard(w);
	for (uint32_t i = 0; i < n; i++)
		if (!put_item(w, &items[i]))
			return HALF_UNKNOWN;
	return n ? HALF_SOME : HALF_UNKNOWN;
}

/* ---- the map ----------------------------------------------------------------------------- */

/* branches: {only: [main, /release-.*\/]} */
static enum half
put_half(struct writer *w, struct arena *a, const struct pair *p, enum half absent)
{
	if (!p)
		return absent;
	if (p->value->kind != NODE_MAP || p->value->count != 1)
		return HALF_UNKNOWN;
	const struct pair *rule = &p->value->u.pairs[0];
	w->negative = node_is(rule->key, "ignore");
	if (!w->negative && !node_is(rule->key, "only"))
		return HALF_UNKNOWN;
	enum half half = put_items(w, a, rule->value);
	if (half == HALF_ALWAYS) {
		w->out.len = 0;
		w->terms = 0;
	}
	return half;
}

static struct str
half_text(struct writer *w, enum half half, bool alone)
{
	if (half == HALF_ALWAYS)
		put_guard(w);
	struct str text = sb_str(&w->out);
	if (alone || !w->negative || w->terms < 2)
		return text;
	return str_printf(w->out.a, "(%.*s)", STR_ARG(text));
}

struct str
filter_expression(struct arena *a, const struct node *filters)
{
	struct writer branch = {.out = {.a = a}, .name = "pipeline.git.branch"};
	struct writer tag = {.out = {.a = a}, .name = "pipeline.git.tag"};
	const struct pair *branches = node_pair(filters, STR("branches"));
	const struct pair *tags = node_pair(filters, STR("tags"));
	if (filters->kind != NODE_MAP || !filters->count ||
		filters->count != (branches ? 1U : 0) + (tags ? 1U : 0))
		return STR("");
	enum half b = put_half(&branch, a, branches, HALF_ALWAYS);
	enum half t = put_half(&tag, a, tags, HALF_NEVER);
	if (b == HALF_UNKNOWN || t == HALF_UNKNOWN || (b == HALF_NEVER && t == HALF_NEVER))
		return STR("");
	struct str left = b == HALF_NEVER ? STR("") : half_text(&branch, b, t == HALF_NEVER);
	struct str right = t == HALF_NEVER ? STR("") : half_text(&tag, t, b == HALF_NEVER);
	struct str text = str_printf(a, "%.*s%s%.*s", STR_ARG(left),
		left.len && right.len ? " or " : "", STR_ARG(right));
	bool fits = utf8_count(text) < LIMIT_EXPRESSION_CHARS && expr_parses(text);
	return fits ? text : STR("");
}
