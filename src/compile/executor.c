/* SPDX-License-Identifier: MIT */
/* Executors: from a job's `executor` to the map that it stands for. */
#include "ccx/compile.h"

#include "internal.h"

/* executor: << parameters.count >>: a reference to what is no text. */
static void
not_a_name(const struct call *call, const struct node *written, const struct node *value)
{
	struct compile *c = call->c;
	struct str text = node_text(c->a, written);
	struct diag *g = diag_push(c->diags, RULE_INVALID_EXECUTOR, written->span,
		"Executor invocation %.*s must resolve to an executor name", STR_ARG(text));
	g->origin = call->origin;
	diag_label(c->diags, g, "resolves to %.*s (type %s)", STR_ARG(node_text(c->a, value)),
		node_type(value));
	diag_note(c->diags, g, value->span, "the value");
}

static const struct node *
bad_format(const struct call *call, const struct node *value)
{
	const struct node *written = node_get(call->element->body, "executor");
	if (written == value)
		return NULL; /* the schema has said so */
	if (node_has(written, NODE_STRING) && value->kind < NODE_STRING) {
		not_a_name(call, written, value);
		return NULL;
	}
	struct diag *g = diag_push(call->c->diags, RULE_INVALID_EXECUTOR, value->span,
		"Unexpected executor invocation format\nThe value of `name` must be a string");
	g->origin = call->origin;
	diag_help(call->c->diags, g,
		"Examples of correct executor invocation:\n"
		"  executor: string-executor-name\n"
		"  executor: {name: string-executor-name}\n"
		"  executor: << parameters.executor-type-parameter >>");
	return NULL;
}

/* executor: {name: node/default, tag: "20"}: what is not the name is an argument. */
static const struct node *
arguments_of(struct compile *c, const struct node *value)
{
	if (value->kind != NODE_MAP)
		return NULL;
	struct pair *pairs = NEW_ARRAY(c->a, struct pair, value->count);
	uint32_t n = 0;
	for (uint32_t i = 0; i < value->count; i++)
		if (!node_is(value->u.pairs[i].key, "name"))
			pairs[n++] = value->u.pairs[i];
	return node_map(c->a, pairs, n, value->span);
}

/* Does the name stand in the source as it is? */
static bool
is_written(struct compile *c, const struct node *name)
{
	return name->u.text.len && str_has(source_text(c->sources, name->span), name->u.text);
}

const struct node *
executor_resolve(const struct call *call, const struct view *view, const struct node *value)
{
	struct compile *c = call->c;
	const struct module *home = executor_home(c, value);
	/* A map that came through a parameter is still as written: it is read in the job. */
	if (home && value->kind == NODE_MAP) {
		value = view_render(view, value, call->origin);
		if (!value)
			return NULL;
	}
	const struct node *name = value->kind == NODE_MAP ? node_get(value, "name") : value;
	if (!node_has(name, NODE_STRING))
		return bad_format(call, value);
	if (c->uncalled && !is_written(c, name))
		return NULL; /* it depends on what nobody gives */
	if (executor_home(c, name))
		home = executor_home(c, name);
	home = home ? home : call->module;
	const struct element *e;
	enum resolve r = element_find(home, ELEMENT_EXECUTOR, name->u.text, &e);
	if (r != RESOLVED) {
		struct missing what = {
			home, ELEMENT_EXECUTOR, name->u.text, name->span, call->origin};
		element_missing(c, r, &what);
		return NULL;
	}
	struct call inner = *call;
	inner.origin = origin_push(c, call->origin, e, name->u.text, name->span);
	struct args args;
	if (!args_bind(&inner, e, arguments_of(c, value), name->span, &args))
		return NULL;
	if (!node_has(e->body, NODE_MAP))
		return NULL; /* the schema has said so */
	struct view body = {.c = c, .args = &args, .pipeline_parameters = !e->home->parent};
	return view_render(&body, e->body, inner.origin);
}
