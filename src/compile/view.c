/* SPDX-License-Identifier: MIT */
/* What `<< >>` sees: parameters, matrix values, pipeline values. */
#include "ccx/compile.h"

#include "internal.h"

/* ---- pipeline values --------------------------------------------------------------------- */

static const struct node *
typed(struct compile *c, enum value_type type, struct str text)
{
	struct span none = {0};
	return type == VALUE_STRING ? node_string(c->a, text, none) : node_plain(c->a, text, none);
}

/* Given values win; then what the official CLI would send. A branch and a tag exclude each
 * other: who gives one has the other undefined. */
const struct node *
pipeline_value(struct compile *c, struct str name)
{
	const struct node *given = node_find(c->options->values, name);
	if (given)
		return node_has(given, NODE_NULL) ? NULL : given;
	const struct pipeline_value *v = catalog_value(name);
	if (!v || v->local == DEFAULT_NONE)
		return NULL;
	if (v->local == DEFAULT_TEXT)
		return typed(c, v->type, str_of(v->fixed));
	struct str text;
	const struct checkout *checkout = &c->options->checkout;
	if (checkout->get && checkout->get(checkout->ctx, v->local, &text))
		return typed(c, v->type, text);
	/* Without a remote the official CLI says github. */
	return v->local == DEFAULT_PROJECT_TYPE ? typed(c, v->type, STR("github")) : NULL;
}

/* ---- scopes ------------------------------------------------------------------------------ */

/* "parameters.x" -> "x" */
static bool
after(struct str name, struct str prefix, struct str *rest)
{
	if (!str_starts(name, prefix))
		return false;
	*rest = str_sub(name, prefix.len, name.len);
	return true;
}

static enum lookup
found(const struct node *node, const struct node **value)
{
	*value = node;
	return node ? LOOKUP_FOUND : LOOKUP_UNKNOWN;
}

static enum lookup
find(const void *ctx, struct str name, const struct node **value)
{
	const struct view *view = ctx;
	struct str rest;
	if (after(name, STR("parameters."), &rest)) {
		if (!view->args)
			return LOOKUP_UNKNOWN;
		const struct param *p = param_find(view->args->params, rest);
		if (!p)
			return LOOKUP_UNKNOWN;
		*value = view->args->v[p - view->args->params->v];
		return *value ? LOOKUP_FOUND : LOOKUP_UNDEFINED;
	}
	if (after(name, STR("matrix."), &rest))
		return found(node_find(view->matrix, rest), value);
	if (after(name, STR("pipeline.parameters."), &rest)) {
		if (!view->pipeline_parameters)
			return LOOKUP_UNKNOWN;
		return found(map_get(&view->c->parameters, rest), value);
	}
	if (!str_starts(name, STR("pipeline.")))
		return LOOKUP_UNKNOWN;
	/* The compiler leaves a pipeline value that it does not know empty. */
	*value = pipeline_value(view->c, name);
	return *value ? LOOKUP_FOUND : LOOKUP_UNDEFINED;
}

static void
suggest_each(struct compile *c, struct nearest *n, const char *prefix, struct str name)
{
	nearest_try(n, str_printf(c->a, "%s%.*s", prefix, STR_ARG(name)));
}

static void
suggest(const void *ctx, struct nearest *n)
{
	const struct view *view = ctx;
	struct compile *c = view->c;
	for (uint32_t i = 0; view->args && i < view->args->params->n; i++)
		suggest_each(c, n, "parameters.", view->args->params->v[i].name);
	for (uint32_t i = 0; view->matrix && i < view->matrix->count; i++)
		suggest_each(c, n, "matrix.", node_text(c->a, view->matrix->u.pairs[i].key));
	for (uint32_t i = 0; view->pipeline_parameters && i < c->parameters.n; i++)
		suggest_each(c, n, "pipeline.parameters.", c->parameters.v[i].key);
}

/* ---- rendering and evaluating ------------------------------------------------------------ */

static struct expr
expr_of(const struct view *view, const struct scope *scope, const struct origin *origin)
{
	struct compile *c = view->c;
	return (struct expr){.a = c->a,
		.sources = c->sources,
		.diags = c->diags,
		.scope = scope,
		.origin = origin};
}

/* Of names that are known elsewhere: why they cannot be used here. */
static void
explain_scope(const struct view *view, uint32_t before)
{
	struct diag_list *d = view->c->diags;
	for (uint32_t i = before; i < d->all.n; i++) {
		struct diag *g = &d->all.v[i];
		if (g->rule == RULE_UNDECLARED_PARAMETER && !g->label.len)
			diag_help(d, g,
				"only the command, executor or job that declares a parameter sees "
				"it: declare it there, and hand it on as an argument");
		if (g->rule == RULE_UNKNOWN_VARIABLE && !view->pipeline_parameters &&
			str_has(g->message, STR("\"pipeline.parameters.")))
			diag_help(d, g,
				"orbs do not see pipeline parameters: hand the value on as an "
				"argument");
	}
}

const struct node *
view_render(const struct view *view, const struct node *n, const struct origin *origin)
{
	if (!(n->flags & NODE_TEMPLATED) || !view->c->config->templated)
		return n;
	struct scope scope = {find, suggest, view};
	struct expr e = expr_of(view, &scope, origin);
	uint32_t before = view->c->diags->all.n;
	const struct node *rendered = expr_render(&e, n);
	if (!rendered)
		explain_scope(view, before);
	return rendered;
}

bool
view_logic(const struct view *view, const struct node *statement, const struct origin *origin,
	bool *result)
{
	struct scope scope = {find, suggest, view};
	struct expr e = expr_of(view, &scope, origin);
	return logic_eval(&e, statement, result);
}

bool
view_expression(
	const struct view *view, const struct node *text, const struct origin *origin, bool *result)
{
	struct scope scope = {find, suggest, view};
	struct expr e = expr_of(view, &scope, origin);
	const struct node *value = expr_value(&e, text);
	if (value)
		*result = expr_truthy(value);
	return value != NULL;
}

/* when: << pipeline.parameters.deploy >>
 * when: pipeline.git.branch == "main"
 * when: {and: [<< pipeline.parameters.deploy >>, …]}
 * when: {condition: << pipeline.parameters.deploy >>}    # as in a step; accepted
 * A template turns the text into a logic statement: if more than one tag is left of it, it is a
 * string, and true unless it is empty. */
bool
view_condition(const struct view *view, const struct node *statement, const struct origin *origin,
	bool *result)
{
	const struct node *inner = node_get(statement, "condition");
	if (inner)
		statement = inner;
	if (statement->kind == NODE_STRING && !(statement->flags & NODE_TEMPLATED) &&
		view->c->config->templated)
		return view_expression(view, statement, origin, result);
	const struct node *rendered = view_render(view, statement, origin);
	return rendered && view_logic(view, rendered, origin, result);
}
