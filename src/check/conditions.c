/* SPDX-License-Identifier: MIT */
/*
 * Conditions that do not ask what they seem to ask. A workflow's `when` is a bare expression or a
 * logic statement; the condition of a step is always a logic statement, in which any text that is
 * not empty is true.
 */
#include "ccx/check.h"
#include "ccx/expr.h"
#include "ccx/limits.h"

#include "internal.h"
#include "operands.h"
#include "written.h"

/* Where a condition stands. */
struct condition {
	const struct check *c;
	const struct params *params; /* of the element around it, or NULL */
	const char *what;            /* "workflow", "steps" */
	const struct node *whole;    /* the condition of all */
	bool workflow;               /* it may be a bare expression */
	bool negated;                /* unless */
};

static void check_statement(const struct condition *p, const struct node *n, unsigned depth);

/* ---- what is always so ------------------------------------------------------------------- */

static void
constant(const struct condition *p, const struct node *n, bool value)
{
	struct diag_list *d = p->c->diags;
	bool top = n == p->whole;
	struct diag *g = diag_push(d, RULE_CONSTANT_CONDITION, n->span, "this %s is always %s",
		top ? "condition" : "operand", value ? "true" : "false");
	if (!top)
		diag_help(d, g, "remove it, or compare what was meant");
	else if (value != p->negated)
		diag_help(d, g, "remove the condition: the %s always run%s", p->what,
			p->workflow ? "s" : "");
	else
		diag_help(d, g, "the %s never run%s: remove the condition, or what stands under it",
			p->what, p->workflow ? "s" : "");
}

/* Is it an expression that somebody thought would be evaluated? */
static bool
is_comparison(struct str text)
{
	static const char *const words[] = {
		"==", "!=", " matches ", " starts-with ", " contains ", " and ", " or ", "not "};
	if (!expr_parses(text))
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_has(text, str_of(words[i])))
			return true;
	return str_starts(text, STR("pipeline.")) || str_starts(text, STR("parameters."));
}

/* condition: pipeline.git.branch == "main"     condition: $DEPLOY     condition: "false" */
static void
plain_text(const struct condition *p, const struct node *n)
{
	struct diag_list *d = p->c->diags;
	struct str text = str_sub(n->u.text, 0, 100);
	struct diag *g = diag_push(d, RULE_ALWAYS_TEXT, n->span,
		"`%.*s` is text here, and text is always true", STR_ARG(text));
	bool name = str_starts(text, STR("pipeline.")) || str_starts(text, STR("parameters."));
	if (name && !str_has(text, STR(" ")))
		diag_help(d, g, "write << %.*s >> to ask for its value", STR_ARG(text));
	else if (is_comparison(n->u.text))
		diag_help(d, g,
			"expressions are evaluated only as the `when` of a workflow: use a logic "
			"statement such as `equal: [main, << pipeline.git.branch >>]`");
	else if (text.s[0] == '$')
		diag_help(d, g,
			"conditions are decided before a job starts, without its environment: ask "
			"in the command of a `run` step");
	else
		diag_help(d, g, "ask for a value with << >>, or remove the condition");
}

/* when: << pipeline.parameters.env >> == "prod" */
static void
template_text(const struct condition *p, const struct node *n)
{
	struct diag_list *d = p->c->diags;
	struct diag *g = diag_push(d, RULE_TEMPLATE_CONDITION, n->span,
		"with text beside << >> this is always true: nothing is compared");
	bool compares = str_has(n->u.text, STR("==")) || str_has(n->u.text, STR("!="));
	if (p->workflow && compares)
		diag_help(d, g,
			"leave << and >> away, or use a logic statement such as `equal: [prod, << "
			"… >>]`");
	else if (compares)
		diag_help(d, g,
			"put the whole comparison between << and >>, or use a logic statement such "
			"as `equal:`");
	else
		diag_help(d, g, "join several conditions with `and:` or `or:`");
}

static void
visit_count(void *ctx, struct str name, struct span span)
{
	(void)name;
	(void)span;
	++*(unsigned *)ctx;
}

/* A bare expression without a name in it has one value only. */
static void
bare_expression(const struct condition *p, const struct node *n)
{
	unsigned names = 0;
	bool truth = false;
	struct diag_list quiet;
	struct expr e = {.a = p->c->a, .sources = p->c->sources, .diags = &quiet};
	diag_init(&quiet, p->c->a);
	if (!expr_parses(n->u.text))
		return;
	expr_bare_names(p->c->sources, n, visit_count, &names);
	const struct node *value = names ? NULL : expr_value(&e, n);
	truth = value && expr_truthy(value);
	if (value)
		constant(p, n, truth);
	else
		check_comparisons(p->c, n);
}

static void
check_string(const struct condition *p, const struct node *n)
{
	if (n->flags & NODE_TEMPLATED && p->c->config->templated) {
		if (operand_has_text(n->u.text))
			template_text(p, n);
		return;
	}
	if (p->workflow && n == p->whole)
		bare_expression(p, n);
	else if (n->u.text.len)
		plain_text(p, n);
	else
		constant(p, n, false);
}

/* ---- operators --------------------------------------------------------------------------- */

static void
duplicate(const struct condition *p, const struct node *list, const struct pair *op)
{
	enum { MOST = 64 };
	for (uint32_t i = 1; i < list->count && i < MOST; i++) {
		for (uint32_t k = 0; k < i; k++) {
			if (!node_equal(list->u.items[i], list->u.items[k]))
				continue;
			struct diag *g = diag_push(p->c->diags, RULE_DUPLICATE_OPERAND,
				list->u.items[i]->span, "this operand of `%.*s` is there twice",
				STR_ARG(op->key->u.text));
			diag_note(p->c->diags, g, list->u.items[k]->span, "here before");
			diag_help(p->c->diags, g, "remove one of them, or correct it");
			return;
		}
	}
}

static bool
is_literal(const struct node *n)
{
	return !(n->flags & NODE_TEMPLATED) && n->kind != NODE_LIST && n->kind != NODE_MAP;
}

/* equal: [main, << pipeline.git.branch >>] */
static void
check_equal(const struct condition *p, const struct node *statement, const struct pair *op)
{
	const struct node *list = op->value;
	bool literals = true, same = true;
	for (uint32_t i = 0; i < list->count; i++) {
		literals = literals && is_literal(list->u.items[i]);
		same = same && node_equal(list->u.items[0], list->u.items[i]);
	}
	if (literals || (same && list->count > 1)) {
		constant(p, statement, same);
		return;
	}
	check_operands(p->c, p->params, list);
}

/* and: [a, b]   or: [a, b] */
static void
check_list(const struct condition *p, const struct pair *op, unsigned depth)
{
	const struct node *list = op->value;
	if (list->count == 1) {
		struct diag *g = diag_push(p->c->diags, RULE_SINGLE_OPERAND, op->key->span,
			"`%.*s` has only one operand", STR_ARG(op->key->u.text));
		diag_help(p->c->diags, g, "put the operand in its place, or add what is missing");
	}
	duplicate(p, list, op);
	for (uint32_t i = 0; i < list->count; i++)
		check_statement(p, list->u.items[i], depth + 1);
}

/* matches: {pattern: "^release/.*$", value: << pipeline.git.branch >>}
 * The compiler does not get so far when another operand decides. */
static void
check_matches(const struct condition *p, const struct node *args)
{
	const struct node *pattern = node_get(args, "pattern");
	struct str reason;
	if (!node_has(pattern, NODE_STRING) || pattern->flags & NODE_TEMPLATED)
		return;
	struct str text = pattern->u.text;
	if (text.len >= 2 && text.s[0] == '/' && text.s[text.len - 1] == '/')
		text = str_sub(text, 1, text.len - 1);
	if (pattern_match(p->c->a, text, STR(""), &reason) != MATCH_BAD_PATTERN)
		return;
	struct diag *g = doubt_push(p->c, RULE_INVALID_PATTERN, pattern->span,
		str_printf(p->c->a, "Invalid regular expression: %.*s: Invalid pattern.",
			STR_ARG(text)));
	if (g)
		diag_label(p->c->diags, g, "%.*s", STR_ARG(reason));
}

/* The compiler has not read it when another operand decided. */
static void
unknown_operator(const struct condition *p, const struct node *key)
{
	static const char *const words[] = {"and", "or", "not", "equal", "matches"};
	struct arena *a = p->c->a;
	struct nearest near = {.wanted = node_text(a, key)};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		nearest_try(&near, str_of(words[i]));
	struct diag *g = doubt_push(p->c, RULE_INVALID_LOGIC, key->span,
		str_printf(a,
			"Unknown logic operator \"%.*s\": expected and, or, not, equal or matches",
			STR_ARG(str_sub(near.wanted, 0, 200))));
	if (!g)
		return;
	diag_nearest(p->c->diags, g, &near);
	if (near.best.len)
		diag_fix(p->c->diags, g, false, key->span, near.best);
}

static void
check_operator(
	const struct condition *p, const struct node *n, const struct pair *op, unsigned depth)
{
	bool list = node_is(op->key, "and") || node_is(op->key, "or");
	if (list && op->value->kind == NODE_LIST)
		check_list(p, op, depth);
	else if (node_is(op->key, "equal") && op->value->kind == NODE_LIST)
		check_equal(p, n, op);
	else if (node_is(op->key, "not"))
		check_statement(p, op->value, depth + 1);
	else if (node_is(op->key, "matches"))
		check_matches(p, op->value);
	else if (!list && !node_is(op->key, "equal"))
		unknown_operator(p, op->key);
}

static void
check_statement(const struct condition *p, const struct node *n, unsigned depth)
{
	if (depth > LIMIT_EXPRESSION_DEPTH || !check_own(p->c, n->span))
		return;
	if (n->kind == NODE_STRING)
		check_string(p, n);
	else if (n->kind == NODE_MAP && n->count == 1)
		check_operator(p, n, &n->u.pairs[0], depth);
	else if (n->kind == NODE_BOOL || n->kind == NODE_INT)
		constant(p, n, logic_truthy(n));
}

/* ---- where conditions stand -------------------------------------------------------------- */

/* - when: {condition: << parameters.x >>, steps: [...]}, however deep in steps and arguments */
static void
find_steps(struct condition *p, const struct node *n, unsigned depth)
{
	if (depth > LIMIT_DEPTH)
		return;
	for (uint32_t i = 0; n->kind == NODE_LIST && i < n->count; i++)
		find_steps(p, n->u.items[i], depth + 1);
	for (uint32_t i = 0; n->kind == NODE_MAP && i < n->count; i++) {
		const struct pair *pair = &n->u.pairs[i];
		bool when = node_is(pair->key, "when"), unless = node_is(pair->key, "unless");
		const struct node *condition =
			when || unless ? node_get(pair->value, "condition") : NULL;
		if (condition && node_get(pair->value, "steps")) {
			p->whole = condition;
			p->negated = unless;
			check_statement(p, condition, 0);
		}
		find_steps(p, pair->value, depth + 1);
	}
}

static void
check_element(void *ctx, const struct element *e)
{
	struct condition p = {.c = ctx, .params = &e->params, .what = "steps"};
	if (e->kind != ELEMENT_EXECUTOR && check_own(p.c, e->span))
		find_steps(&p, e->node, 0);
}

static void
check_workflow(const struct check *c, const struct node *workflow)
{
	struct condition p = {.c = c, .what = "workflow", .workflow = true};
	const struct node *when = node_get(workflow, "when"),
			  *unless = node_get(workflow, "unless"),
			  *jobs = node_get(workflow, "jobs");
	p.whole = when ? when : unless;
	p.negated = !when;
	if (p.whole)
		check_statement(&p, p.whole, 0);
	p = (struct condition){.c = c, .what = "steps"};
	if (jobs)
		find_steps(&p, jobs, 0);
}

void
check_conditions(const struct check *c)
{
	const struct node *workflows = written_workflows(c);
	if (!c->config->templated || !is_walkable(c))
		return;
	each_element(&c->config->module, (struct element_visitor){check_element, (void *)c});
	for (uint32_t i = 0; workflows && i < workflows->count; i++)
		if (is_workflow(&workflows->u.pairs[i]))
			check_workflow(c, workflows->u.pairs[i].value);
}
