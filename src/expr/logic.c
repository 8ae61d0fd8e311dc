/* SPDX-License-Identifier: MIT */
/*
 * Logic statements: conditions written in YAML, evaluated once they are rendered as a whole.
 */
#include "internal.h"

#include <math.h>

bool
logic_truthy(const struct node *value)
{
	if (!value)
		return false;
	switch ((enum node_kind)value->kind) {
	case NODE_NULL:
		return false;
	case NODE_BOOL:
		return value->u.boolean;
	case NODE_INT:
		return value->flags & NODE_BIG || value->u.integer != 0;
	case NODE_FLOAT:
		return !isnan(value->u.real) && value->u.real != 0;
	case NODE_STRING:
		return value->u.text.len > 0;
	case NODE_LIST:
	case NODE_MAP:
		return value->count > 0;
	}
	return false;
}

/* ---- faults ------------------------------------------------------------------------------ */

static struct diag *
push(const struct expr *e, enum rule rule, struct span span, struct str message)
{
	struct diag *g = diag_push(e->diags, rule, span, "%.*s", STR_ARG(message));
	g->origin = e->origin;
	return g;
}

static bool
fail(const struct expr *e, const struct node *n, const char *message)
{
	push(e, RULE_INVALID_LOGIC, n->span, str_of(message));
	return false;
}

static const char *const operators[] = {"and", "or", "not", "equal", "matches"};

static bool
is_operator(const struct node *key)
{
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
		if (node_is(key, operators[i]))
			return true;
	return false;
}

static bool
fail_word(const struct expr *e, const struct node *key)
{
	struct str word = node_text(e->a, key);
	struct nearest near = {.wanted = word};
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
		nearest_try(&near, str_of(operators[i]));
	struct diag *g = push(e, RULE_INVALID_LOGIC, key->span,
		str_printf(e->a,
			"Unknown logic operator \"%.*s\": expected and, or, not, equal or matches",
			STR_ARG(word)));
	diag_nearest(e->diags, g, &near);
	return false;
}

/* ---- operators --------------------------------------------------------------------------- */

static bool evaluate(const struct expr *e, const struct node *n, unsigned depth, bool *result);

/* The arguments of and, or and equal; CircleCI refuses an empty list. */
static bool
check_arguments(const struct expr *e, const struct pair *p)
{
	bool list = p->value->kind == NODE_LIST;
	if (list && p->value->count)
		return true;
	const struct node *at = p->value->span.len ? p->value : p->key;
	push(e, RULE_INVALID_LOGIC, at->span,
		str_printf(e->a, "Logic operator \"%.*s\" needs %s", STR_ARG(p->key->u.text),
			list ? "at least one argument" : "a list of arguments"));
	return false;
}

/* and: [a, b]   or: [a, b]   What comes behind the deciding argument is not looked at. */
static bool
evaluate_list(const struct expr *e, const struct node *list, bool all, unsigned depth, bool *result)
{
	*result = all;
	for (uint32_t i = 0; i < list->count && *result == all; i++)
		if (!evaluate(e, list->u.items[i], depth + 1, result))
			return false;
	return true;
}

/* equal: [main, << pipeline.git.branch >>] */
static bool
evaluate_equal(const struct node *list, bool *result)
{
	*result = true;
	for (uint32_t i = 1; i < list->count && *result; i++)
		*result = node_equal(list->u.items[0], list->u.items[i]);
	return true;
}

static bool
is_collection(const struct node *n)
{
	return n->kind == NODE_LIST || n->kind == NODE_MAP;
}

/* A pattern is written with or without slashes around it. */
static struct str
without_slashes(struct str pattern)
{
	bool slashes = pattern.len >= 2 && pattern.s[0] == '/' && pattern.s[pattern.len - 1] == '/';
	return slashes ? str_sub(pattern, 1, pattern.len - 1) : pattern;
}

/* The two keys of matches, and no others. */
static bool
check_matches(const struct expr *e, const struct node *key, const struct node *args)
{
	if (args->kind != NODE_MAP)
		return fail(e, args->span.len ? args : key,
			"Logic operator \"matches\" needs a map with pattern and value");
	for (uint32_t i = 0; i < args->count; i++) {
		const struct pair *p = &args->u.pairs[i];
		if (!node_is(p->key, "pattern") && !node_is(p->key, "value"))
			return fail(e, p->key,
				"Logic operator \"matches\" takes only pattern and value");
		if (is_collection(p->value))
			return fail(e, p->value,
				"The pattern and value of \"matches\" must be strings");
	}
	if (!node_get(args, "pattern"))
		return fail(e, key, "Logic operator \"matches\" needs a pattern");
	if (!node_get(args, "value"))
		return fail(e, key, "Logic operator \"matches\" needs a value");
	return true;
}

/* matches: {pattern: "^release/.*$", value: << pipeline.git.branch >>} */
static bool
evaluate_matches(const struct expr *e, const struct pair *p, bool *result)
{
	if (!check_matches(e, p->key, p->value))
		return false;
	const struct node *pattern = node_get(p->value, "pattern");
	struct str text = without_slashes(node_text(e->a, pattern)), reason;
	struct str subject = node_text(e->a, node_get(p->value, "value"));
	enum match m = pattern_match(e->a, text, subject, &reason);
	*result = m == MATCH_YES;
	if (m == MATCH_BAD_PATTERN) {
		struct diag *g = push(e, RULE_INVALID_PATTERN, pattern->span,
			str_printf(e->a, "Invalid regular expression: %.*s: Invalid pattern.",
				STR_ARG(text)));
		diag_label(e->diags, g, "%.*s", STR_ARG(reason));
	} else if (m == MATCH_TOO_HARD) {
		push(e, RULE_INVALID_PATTERN, pattern->span,
			STR("The regular expression takes too many steps to match"));
	}
	return m == MATCH_YES || m == MATCH_NO;
}

/* One operator with its arguments. */
static bool
evaluate_pair(const struct expr *e, const struct pair *p, unsigned depth, bool *result)
{
	if (node_is(p->key, "not")) {
		if (!evaluate(e, p->value, depth + 1, result))
			return false;
		*result = !*result;
		return true;
	}
	if (node_is(p->key, "matches"))
		return evaluate_matches(e, p, result);
	if (!check_arguments(e, p))
		return false;
	if (node_is(p->key, "equal"))
		return evaluate_equal(p->value, result);
	return evaluate_list(e, p->value, node_is(p->key, "and"), depth, result);
}

static bool
evaluate(const struct expr *e, const struct node *n, unsigned depth, bool *result)
{
	if (depth >= LIMIT_EXPRESSION_DEPTH) {
		push(e, RULE_EXPRESSION_LIMIT, n->span,
			STR("Logic statements cannot be nested more than 100 levels deep"));
		return false;
	}
	if (n->kind != NODE_MAP) {
		*result = logic_truthy(n);
		return true;
	}
	for (uint32_t i = 0; i < n->count; i++)
		if (!is_operator(n->u.pairs[i].key))
			return fail_word(e, n->u.pairs[i].key);
	if (n->count != 1)
		return fail(e, n->count ? n->u.pairs[1].key : n,
			"A logic statement has exactly one of and, or, not, equal and matches");
	return evaluate_pair(e, &n->u.pairs[0], depth, result);
}

bool
logic_eval(const struct expr *e, const struct node *statement, bool *result)
{
	*result = false;
	/* Aliases could make a short statement take longer than anybody can wait. */
	bool ok = statement->weight <= LIMIT_LOGIC_NODES || statement->kind != NODE_MAP;
	if (!ok)
		push(e, RULE_EXPRESSION_LIMIT, statement->span,
			STR("Logic statement is too large"));
	ok = ok && evaluate(e, statement, 0, result);
	*result = ok && *result;
	return ok;
}
