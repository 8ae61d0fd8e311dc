/* SPDX-License-Identifier: MIT */
/*
 * Which part of a condition makes it what it is: the false operand of an and, the true one of an
 * or. Found by asking the operands one by one, for conditions that keep something away alone.
 */
#include "ccx/compile.h"

#include "internal.h"

#include <string.h>

enum { DECISIVE_DEPTH = 8 }; /* each level evaluates its operands once more */

/* ---- expressions ------------------------------------------------------------------------- */

/* An operator between two operands, outside of parentheses and strings. */
struct joint {
	size_t at, end;
	bool any; /* or */
};

static bool
is_word(char c)
{
	return c && (strchr("-_?.", c) || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			    (c >= 'A' && c <= 'Z'));
}

/* Offset behind the string that opens at text[at]. */
static size_t
string_end(struct str text, size_t at)
{
	for (at++; at < text.len && text.s[at] != '"'; at++)
		at += text.s[at] == '\\';
	return at + 1;
}

static bool
read_joint(struct str word, bool *any)
{
	*any = str_is(word, "or") || str_is(word, "OR");
	return *any || str_is(word, "and") || str_is(word, "AND");
}

/* The next operator from at on; at the end of the text when there is none. */
static struct joint
next_joint(struct str text, size_t at)
{
	unsigned depth = 0;
	struct joint j = {.at = text.len, .end = text.len};
	while (at < text.len) {
		char c = text.s[at];
		size_t start = at;
		if (c == '"') {
			at = string_end(text, at);
		} else if (is_word(c)) {
			while (at < text.len && is_word(text.s[at]))
				at++;
			if (!depth && read_joint(str_sub(text, start, at), &j.any)) {
				j.at = start;
				j.end = at;
				return j;
			}
		} else {
			depth += c == '(';
			depth -= c == ')' && depth;
			at++;
		}
	}
	return j;
}

static bool
has_or(struct str text)
{
	for (struct joint j = next_joint(text, 0); j.at < text.len; j = next_joint(text, j.end))
		if (j.any)
			return true;
	return false;
}

/* Where the text of n stands in the source, if it stands there as it is. */
static bool
written_at(const struct view *view, const struct node *n, uint32_t *off)
{
	struct str raw = source_text(view->c->sources, n->span);
	uint32_t shift = raw.len == n->u.text.len + 2;
	*off = n->span.off + shift;
	return str_eq(str_sub(raw, shift, raw.len - shift), n->u.text);
}

/* pipeline.git.branch == "main" and pipeline.parameters.deploy */
struct span
expression_decisive(
	const struct view *view, const struct node *n, const struct origin *origin, bool result)
{
	struct str text = n->u.text;
	uint32_t off;
	bool any = has_or(text);
	if (any != result || !written_at(view, n, &off))
		return n->span; /* all operands together */
	for (size_t at = 0; at < text.len;) {
		struct joint j = next_joint(text, at);
		struct str part = str_trim(str_sub(text, at, j.at));
		struct span span = {
			n->span.file, off + (uint32_t)(part.s - text.s), (uint32_t)part.len};
		at = j.end;
		/* and binds closer than or */
		while (any && j.at < text.len && !j.any) {
			j = next_joint(text, j.end);
			part = str_trim(str_sub(text, (size_t)(part.s - text.s), j.at));
			span.len = (uint32_t)part.len;
			at = j.end;
		}
		const struct node *operand = node_string(view->c->a, part, span);
		bool value = !result;
		if (!expr_parses(part) || !view_expression(view, operand, origin, &value))
			break;
		if (value == result)
			return span;
	}
	return n->span;
}

/* ---- logic statements -------------------------------------------------------------------- */

/* A statement as it is written, and rendered: alike down to the strings that hold << >>. */
struct statement {
	const struct node *written, *rendered;
	bool value;
};

/* Moves to the operand at i of the list under the only key. */
static void
enter(struct statement *s, uint32_t i)
{
	s->written = s->written->u.pairs[0].value->u.items[i];
	s->rendered = s->rendered->u.pairs[0].value->u.items[i];
}

static bool
has_operands(const struct node *n, uint32_t count)
{
	return n->kind == NODE_MAP && n->count == 1 && n->u.pairs[0].value->kind == NODE_LIST &&
	       n->u.pairs[0].value->count == count;
}

/* Moves to the operand that makes the statement what it is; false when there is none of its own. */
static bool
descend(const struct view *view, struct statement *s, const struct origin *origin)
{
	if (s->rendered->kind != NODE_MAP || s->rendered->count != 1 ||
		s->written->kind != NODE_MAP || s->written->count != 1)
		return false;
	const struct pair *p = &s->rendered->u.pairs[0];
	if (node_is(p->key, "not")) {
		s->value = !s->value;
		s->written = s->written->u.pairs[0].value;
		s->rendered = p->value;
		return true;
	}
	bool all = node_is(p->key, "and");
	if ((!all && !node_is(p->key, "or")) || !has_operands(s->rendered, p->value->count) ||
		!has_operands(s->written, p->value->count))
		return false;
	if (all == s->value && p->value->count != 1)
		return false; /* all of them together */
	for (uint32_t i = 0; i < p->value->count; i++) {
		bool result = !s->value;
		if (!view_logic(view, p->value->u.items[i], origin, &result))
			return false;
		if (result != s->value)
			continue;
		enter(s, i);
		return true;
	}
	return false;
}

/* As of a workflow's when: not a template, and so an expression as it stands. */
static bool
is_expression(const struct view *view, const struct node *n)
{
	return n->kind == NODE_STRING && !(n->flags & NODE_TEMPLATED) && view->c->config->templated;
}

/* and: [<< pipeline.parameters.deploy >>, {not: {equal: [main, << pipeline.git.branch >>]}}] */
struct span
condition_decisive(const struct view *view, const struct node *statement,
	const struct origin *origin, bool *result)
{
	const struct node *inner = node_get(statement, "condition");
	struct statement s = {.written = inner ? inner : statement, .value = *result};
	if (view->c->diags->errors)
		return s.written->span;
	if (is_expression(view, s.written))
		return expression_decisive(view, s.written, origin, *result);
	if (s.written->kind != NODE_MAP)
		return s.written->span;
	s.rendered = view_render(view, s.written, origin);
	for (unsigned depth = 0; s.rendered && depth < DECISIVE_DEPTH; depth++)
		if (!descend(view, &s, origin))
			break;
	*result = s.value;
	return s.written->span;
}
