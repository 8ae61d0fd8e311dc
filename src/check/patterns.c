/* SPDX-License-Identifier: MIT */
/*
 * Names and patterns in filters. Text between slashes is a regular expression for the whole name,
 * anything else is a name. What no branch or tag can be called, git says: no blanks, no `~ ^ : ? *
 * [ \`, no slash at an end.
 */
#include "ccx/check.h"

#include "internal.h"
#include "patterns.h"
#include "written.h"

#include <string.h>

bool
is_pattern(struct str text)
{
	return text.len > 1 && text.s[0] == '/' && text.s[text.len - 1] == '/';
}

enum match
pattern_admits(const struct check *c, struct str item, struct str name)
{
	struct str reason;
	if (!is_pattern(item))
		return str_eq(item, name) ? MATCH_YES : MATCH_NO;
	return pattern_match(c->a, str_sub(item, 1, item.len - 1), name, &reason);
}

/* ---- patterns without slashes ------------------------------------------------------------ */

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_' || c == '/';
}

/* The text as a pattern: slashes at both ends, and a star of file names made one of patterns. */
static struct str
as_pattern(struct arena *a, struct str text)
{
	struct sb b = {.a = a};
	if (!str_starts(text, STR("/")))
		sb_char(&b, '/');
	for (size_t i = 0; i < text.len; i++) {
		if (text.s[i] == '*' && (!i || is_letter(text.s[i - 1])))
			sb_char(&b, '.');
		sb_char(&b, text.s[i]);
	}
	if (!str_ends(text, STR("/")) || text.len == 1)
		sb_char(&b, '/');
	return sb_str(&b);
}

static void
suggest_slashes(const struct check *c, struct diag *g, const struct node *item)
{
	struct str raw = source_text(c->sources, item->span);
	bool quoted = raw.len > 2 && (raw.s[0] == '"' || raw.s[0] == '\'');
	struct str inner = quoted ? str_sub(raw, 1, raw.len - 1) : raw;
	struct str fixed = as_pattern(c->a, inner);
	if (quoted)
		fixed = str_printf(c->a, "%c%.*s%c", raw.s[0], STR_ARG(fixed), raw.s[0]);
	if (!raw.len || memchr(raw.s, '\n', raw.len))
		return;
	diag_help(c->diags, g, "a pattern stands between slashes: %.*s", STR_ARG(fixed));
	diag_fix(c->diags, g, false, item->span, fixed);
}

static void
check_name(const struct check *c, const struct node *item)
{
	struct str text = item->u.text;
	bool half = text.len > 1 && (text.s[0] == '/' || text.s[text.len - 1] == '/');
	bool looks = half, impossible = half;
	for (size_t i = 0; i < text.len; i++) {
		looks = looks || (text.s[i] && strchr("^*?[\\|", text.s[i]));
		impossible = impossible || (text.s[i] && strchr("^*?[\\~: ", text.s[i]));
	}
	if (looks) {
		struct diag *g = diag_push(c->diags, RULE_PATTERN_SLASHES, item->span,
			"without slashes around it \"%.*s\" is a name, not a pattern%s",
			STR_ARG(str_sub(text, 0, 200)),
			impossible ? ", and no branch or tag can be called so" : "");
		suggest_slashes(c, g, item);
	} else if (impossible) {
		struct diag *g = diag_push(c->diags, RULE_IMPOSSIBLE_PATTERN, item->span,
			"no branch or tag can be called \"%.*s\"", STR_ARG(str_sub(text, 0, 200)));
		diag_help(c->diags, g, "git allows no blanks, \"~\" and \":\" in names");
	}
}

/* ---- patterns ---------------------------------------------------------------------------- */

/* Offset behind the class that opens at p[at]. */
static size_t
class_end(struct str p, size_t at)
{
	size_t i = at + 1;
	i += i < p.len && p.s[i] == '^';
	i += i < p.len && p.s[i] == ']';
	for (; i < p.len && p.s[i] != ']'; i++)
		i += p.s[i] == '\\';
	return i + 1;
}

/* /release$-[0-9]+/: an end with something behind it, or a start with something before it. Said
 * only of patterns without groups and alternatives, in which nothing can be left out. */
static bool
is_impossible(struct str p)
{
	if (!p.len)
		return true;
	if (str_has(p, STR("(")) || str_has(p, STR("|")))
		return false;
	for (size_t i = 0; i < p.len; i++) {
		if (p.s[i] == '\\') {
			i++;
		} else if (p.s[i] == '[') {
			i = class_end(p, i) - 1;
		} else if (p.s[i] == '^' && i && is_letter(p.s[i - 1])) {
			bool escaped = i > 1 && p.s[i - 2] == '\\';
			bool optional = i + 1 < p.len && strchr("*?{", p.s[i + 1]);
			if (!escaped && !optional)
				return true;
		} else if (p.s[i] == '$' && i + 1 < p.len && is_letter(p.s[i + 1])) {
			bool optional = i + 2 < p.len && strchr("*?{", p.s[i + 2]);
			if (!optional)
				return true;
		}
	}
	return false;
}

static void
check_pattern(const struct check *c, const struct node *item)
{
	struct str p = str_sub(item->u.text, 1, item->u.text.len - 1), reason;
	if (pattern_match(c->a, p, STR(""), &reason) == MATCH_BAD_PATTERN) {
		struct str message = str_printf(
			c->a, "Invalid regular expression: %.*s: Invalid pattern.", STR_ARG(p));
		struct diag *g = doubt_push(c, RULE_INVALID_PATTERN, item->span, message);
		if (g)
			diag_label(c->diags, g, "%.*s", STR_ARG(reason));
		return;
	}
	if (!is_impossible(p))
		return;
	struct diag *g = diag_push(c->diags, RULE_IMPOSSIBLE_PATTERN, item->span,
		"no name matches this pattern%s", p.len ? "" : ": it is empty");
	diag_help(
		c->diags, g, "a pattern is for the whole name anyway: leave \"^\" and \"$\" away");
}

void
check_patterns(const struct check *c, const struct node *items)
{
	bool list = items->kind == NODE_LIST;
	for (uint32_t i = 0; i < (list ? items->count : 1); i++) {
		const struct node *item = list ? items->u.items[i] : items;
		if (item->kind != NODE_STRING || item->flags & NODE_TEMPLATED ||
			!check_own(c, item->span))
			continue;
		if (is_pattern(item->u.text))
			check_pattern(c, item);
		else
			check_name(c, item);
	}
}
