/* SPDX-License-Identifier: MIT */
/*
 * Steps: a list of steps, rendered already, becomes the flat list that runs. Commands are replaced
 * by their steps, conditions by what they choose, steps arguments by what was given.
 */
#include "ccx/compile.h"
#include "ccx/limits.h"

#include "internal.h"

static bool
add(const struct call *call, struct steps *out, const struct node *node)
{
	struct compile *c = call->c;
	if (c->full)
		return false;
	if (++c->nsteps > LIMIT_STEPS) {
		compile_full(c, node->span, "steps", LIMIT_STEPS);
		return false;
	}
	struct compiled_step step = {node, call->origin};
	vec_push(c->a, &out->all, step);
	return true;
}

static const struct node *
one_pair(struct compile *c, const struct node *key, const struct node *value, struct span span)
{
	struct pair *pair = NEW(c->a, struct pair);
	*pair = (struct pair){key, value};
	return node_map(c->a, pair, 1, span);
}

static void
splice(const struct steps *from, const struct call *call, struct steps *out)
{
	struct compile *c = call->c;
	for (uint32_t i = 0; i < from->all.n && !c->full; i++) {
		if (++c->nsteps > LIMIT_STEPS)
			compile_full(c, from->all.v[i].node->span, "steps", LIMIT_STEPS);
		vec_push(c->a, &out->all, from->all.v[i]);
	}
}

static void
bad_step(const struct call *call, struct span at, const char *what)
{
	if (compile_told(call->c, at))
		return;
	struct diag *g = diag_push(call->c->diags, RULE_INVALID_STEP, at, "%s", what);
	g->origin = call->origin;
	diag_help(call->c->diags, g, "a step is a name, or a map with one key: `- run: make`");
}

/* ---- commands ---------------------------------------------------------------------------- */

/* "command a calls itself through b, then c" */
static void
report_cycle(const struct call *call, const struct element *e, struct span at)
{
	struct sb b = {.a = call->c->a};
	const char *between = "";
	for (const struct call *up = call; up && up->element != e; up = up->up) {
		struct str later = str_copy(call->c->a, sb_str(&b));
		b.len = 0;
		sb_put(&b, up->element->name);
		sb_puts(&b, between);
		sb_put(&b, later);
		between = ", then ";
	}
	struct diag *g = diag_push(call->c->diags, RULE_COMMAND_CYCLE, at,
		"Infinite loop detected: command %.*s calls itself%s%.*s", STR_ARG(e->name),
		b.len ? " through " : "", STR_ARG(sb_str(&b)));
	g->origin = call->origin;
	diag_note(call->c->diags, g, e->span, "defined here");
}

static bool
may_call(const struct call *call, const struct element *e, struct span at)
{
	for (const struct call *up = call; up; up = up->up) {
		if (up->element == e) {
			report_cycle(call, e, at);
			return false;
		}
	}
	if (call->depth < LIMIT_COMMAND_DEPTH)
		return true;
	diag_push(call->c->diags, RULE_COMMAND_CYCLE, at,
		"commands call each other more than %d deep", LIMIT_COMMAND_DEPTH)
		->origin = call->origin;
	return false;
}

/* - greet: {to: world}
 * replaced by the steps of commands.greet, rendered with its arguments */
static bool
call_command(const struct call *call, const struct element *e, const struct node *name,
	const struct node *given, struct steps *out)
{
	struct compile *c = call->c;
	if (!may_call(call, e, name->span) || !compile_room(c, name->span))
		return false;
	struct call inner = {.c = c,
		.module = e->home,
		.origin = origin_push(c, call->origin, e, node_text(c->a, name), name->span),
		.up = call,
		.element = e,
		.depth = call->depth + 1};
	struct call outer = *call; /* arguments resolve at the caller, faults name the command */
	outer.origin = inner.origin;
	struct args args;
	const struct node *steps = node_get(e->node, "steps");
	if (!args_bind(&outer, e, given, name->span, &args) || !steps)
		return false;
	struct view view = {.c = c, .args = &args, .pipeline_parameters = !e->home->parent};
	const struct node *rendered = view_render(&view, steps, inner.origin);
	if (!rendered)
		steps_salvage(&inner, &view, steps);
	return rendered && steps_expand(&inner, rendered, out);
}

/* ---- built-in steps ---------------------------------------------------------------------- */

/* - when: {condition: << parameters.x >>, steps: [...]} */
static bool
conditional(const struct call *call, bool want, const struct node *body, struct steps *out)
{
	const struct node *condition = node_get(body, "condition");
	const struct node *steps = node_get(body, "steps");
	struct view view = {.c = call->c};
	bool holds = false;
	if (condition && !view_logic(&view, condition, call->origin, &holds))
		return false;
	if (!steps)
		return true;
	if (holds == want)
		return steps_expand(call, steps, out);
	doubt_steps(call, condition, steps, want);
	return true;
}

/* The value of key in map replaced, or map itself when it has none. */
static const struct node *
with_value(struct compile *c, const struct node *map, const char *key, const struct node *value)
{
	struct pair *pairs = NEW_ARRAY(c->a, struct pair, map->count);
	for (uint32_t i = 0; i < map->count; i++) {
		pairs[i] = map->u.pairs[i];
		if (node_is(pairs[i].key, key))
			pairs[i].value = value;
	}
	return node_map(c->a, pairs, map->count, map->span);
}

/* Steps inside a step, as in with_tool_cache and run.teardown, are expanded in place. */
static const struct node *
expand_inside(const struct call *call, const struct node *body, const char *key)
{
	const struct node *list = node_get(body, key);
	struct steps inner = {0};
	if (!node_has(list, NODE_LIST))
		return body;
	steps_expand(call, list, &inner);
	return with_value(call->c, body, key, steps_list(call->c, &inner, list->span));
}

/* - run: make            becomes  - run: {command: make} */
static const struct node *
run_step(const struct call *call, const struct node *step, const struct node *body)
{
	struct compile *c = call->c;
	const struct node *key = step->u.pairs[0].key;
	if (body->kind == NODE_MAP) {
		const struct node *full = expand_inside(call, body, "teardown");
		return full == body && step->count == 1 ? step : one_pair(c, key, full, step->span);
	}
	const struct node *command = node_string(c->a, STR("command"), key->span);
	return one_pair(c, key, one_pair(c, command, body, body->span), step->span);
}

/* The steps that the compiler itself resolves. */
static bool
macro_step(const struct call *call, struct str name, const struct node *body, struct steps *out)
{
	if (str_is(name, "when") || str_is(name, "unless"))
		return conditional(call, str_is(name, "when"), body, out);
	return steps_expand(call, body, out); /* - steps: << parameters.x >> */
}

static bool
builtin(const struct call *call, const struct builtin_step *b, const struct node *step,
	const struct node *body, struct steps *out)
{
	if (b->flags & STEP_MACRO)
		return macro_step(call, str_of(b->name), body, out);
	if (str_is(str_of(b->name), "run"))
		return add(call, out, run_step(call, step, body));
	if (str_is(str_of(b->name), "with_tool_cache") && body->kind == NODE_MAP) {
		body = expand_inside(call, body, "steps");
		return add(call, out, one_pair(call->c, step->u.pairs[0].key, body, step->span));
	}
	return add(call, out, step);
}

/* ---- one step ---------------------------------------------------------------------------- */

/* functions: {go: circleci.com/x/go@v1.0.0} makes `go` and `go/test` steps, which the compiler
 * passes on. */
static bool
is_function(const struct call *call, struct str name)
{
	const struct node *functions = node_get(call->c->config->module.node, "functions");
	size_t slash = str_find(name, STR("/"), 0);
	return node_find(functions, slash == SIZE_MAX ? name : str_sub(name, 0, slash)) != NULL;
}

/* - save_cache:
 *   key: v1
 * is a step that lost its arguments. run, when and unless are nothing without them. */
static const struct node *
without_rest(const struct call *call, const struct node *key, const struct node *body,
	const struct node *step)
{
	bool run = node_is(key, "run");
	if ((run || node_is(key, "when") || node_is(key, "unless")) && body->kind == NODE_NULL) {
		struct diag *g = diag_push(call->c->diags, RULE_WRONG_TYPE, key->span,
			"%.*s: expected type: %sMapping, found: Null", STR_ARG(key->u.text),
			run ? "String or " : "");
		g->origin = call->origin;
		diag_help(call->c->diags, g,
			"indent its keys deeper than `%.*s`, so that they belong to it",
			STR_ARG(key->u.text));
		return NULL;
	}
	return one_pair(call->c, key, body, step->span);
}

/* key is the step's name where it stands; body its value, NULL when it has none. */
static bool
named_step(const struct call *call, const struct node *step, const struct node *key,
	const struct node *body, struct steps *out)
{
	struct str name = key->u.text;
	const struct element *e;
	enum resolve r = element_find(call->module, ELEMENT_COMMAND, name, &e);
	if (r == RESOLVED)
		return call_command(call, e, key, body, out);
	const struct builtin_step *b = catalog_step(name);
	if (b && !body && step->kind == NODE_STRING && !(b->flags & STEP_BARE)) {
		struct diag *g = diag_push(call->c->diags, RULE_INVALID_STEP, key->span,
			"Input not a valid enum value: step \"%.*s\" needs arguments",
			STR_ARG(name));
		g->origin = call->origin;
		diag_help(call->c->diags, g,
			"Steps without arguments can be called as strings; "
			"this one is a map: `- %.*s: …`",
			STR_ARG(name));
		return false;
	}
	if (b && step->kind == NODE_MAP && step->count > 1)
		step = without_rest(call, key, body, step);
	if (b)
		return step && builtin(call, b, step, body ? body : key, out);
	if (is_function(call, name) || !call->c->config->templated)
		return add(call, out, step);
	struct missing what = {call->module, ELEMENT_COMMAND, name, key->span, call->origin};
	element_missing(call->c, r, &what);
	return false;
}

/* A map of several keys is a step whose arguments were not indented below its name:
 *
 *     - greet:
 *       to: world
 *
 * The official compiler takes the name and loses the rest. */
static const struct pair *
flattened(const struct node *step)
{
	for (uint32_t i = 0; i < step->count; i++)
		if (step->u.pairs[i].value->kind == NODE_NULL)
			return &step->u.pairs[i];
	return &step->u.pairs[0];
}

static bool
expand_one(const struct call *call, const struct node *step, struct steps *out)
{
	if (step->kind == NODE_STRING)
		return named_step(call, step, step, NULL, out);
	if (step->kind == NODE_LIST) /* - << parameters.setup >> */
		return steps_expand(call, step, out);
	if (step->kind != NODE_MAP || step->count == 0) {
		bad_step(call, step->span, "a step must be a name or a map");
		return false;
	}
	const struct pair *p = step->count > 1 ? flattened(step) : &step->u.pairs[0];
	if (p->key->kind != NODE_STRING) {
		bad_step(call, p->key->span, "the name of a step must be a string");
		return false;
	}
	return named_step(call, step, p->key, p->value, out);
}

bool
steps_expand(const struct call *call, const struct node *list, struct steps *out)
{
	const struct steps *known = spliced_steps(call->c, list);
	if (known) {
		splice(known, call, out);
		return true;
	}
	struct call deeper = *call;
	if (++deeper.nesting > LIMIT_DEPTH) {
		diag_push(call->c->diags, RULE_COMMAND_CYCLE, list->span,
			"steps are nested more than %d deep", LIMIT_DEPTH)
			->origin = call->origin;
		return false;
	}
	if (list->kind != NODE_LIST)
		return list->kind == NODE_NULL || expand_one(&deeper, list, out);
	bool ok = true;
	for (uint32_t i = 0; i < list->count && !call->c->full; i++)
		ok = expand_one(&deeper, list->u.items[i], out) && ok;
	return ok;
}

void
steps_salvage(const struct call *call, const struct view *view, const struct node *list)
{
	struct steps unused = {0};
	for (uint32_t i = 0; node_has(list, NODE_LIST) && i < list->count && !call->c->full; i++) {
		const struct node *step = view_render(view, list->u.items[i], call->origin);
		if (step)
			steps_expand(call, step, &unused);
	}
}
