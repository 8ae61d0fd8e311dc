/* SPDX-License-Identifier: MIT */
/*
 * Arguments: what a call gives, checked against what the element declares. Values are rendered in
 * the caller's scope before they come here, so a steps argument is expanded at once, where its
 * commands can be found, and an executor's name keeps the module in which it was written.
 */
#include "ccx/compile.h"

#include "internal.h"

/* ---- values that remember where they were written ---------------------------------------- */

/* Nodes are shared, so identity is made: the same list given twice is two arguments. */
static const struct node *
own_copy(struct compile *c, const struct node *n)
{
	struct node *copy = NEW(c->a, struct node);
	*copy = *n;
	return copy;
}

/* A map's key for what p points to; the bytes live as long as *p does. */
static struct str
identity(const void *const *p)
{
	return (struct str){(const char *)p, sizeof *p};
}

static void
remember(struct compile *c, struct map *m, const void *p, void *value)
{
	const void **key = NEW(c->a, const void *);
	*key = p;
	map_put(c->a, m, identity(key), value);
}

static void *
recall(const struct map *m, const void *p)
{
	return map_get(m, identity(&p));
}

const struct steps *
spliced_steps(struct compile *c, const struct node *list)
{
	return recall(&c->splices, list);
}

const struct module *
executor_home(struct compile *c, const struct node *value)
{
	return recall(&c->homes, value);
}

bool
element_used(const struct compile *c, const struct element *e)
{
	return recall(&c->used, e) != NULL;
}

static const struct node *
bind_steps(const struct call *call, const struct node *list)
{
	struct compile *c = call->c;
	if (list->kind != NODE_LIST || spliced_steps(c, list))
		return list;
	list = own_copy(c, list);
	struct steps *steps = NEW(c->a, struct steps);
	steps_expand(call, list, steps);
	remember(c, &c->splices, list, steps);
	return list;
}

static const struct node *
bind_executor(const struct call *call, const struct node *value)
{
	struct compile *c = call->c;
	if (executor_home(c, value))
		return value;
	value = own_copy(c, value);
	remember(c, &c->homes, value, (void *)call->module);
	return value;
}

/* ---- binding ----------------------------------------------------------------------------- */

/* Was the value written in the call itself, or did a reference bring it? */
static bool
is_literal(const struct node *value, const struct node *given)
{
	struct span v = value->span, g = given->span;
	return v.file && v.file == g.file && v.off >= g.off && v.off < g.off + g.len;
}

/* A number or boolean that a reference brought may stand for text; a literal one may not. */
static const struct node *
coerce(struct compile *c, const struct param *p, const struct node *value, const struct node *given)
{
	bool text = p->type == PARAM_STRING || p->type == PARAM_ENUM;
	bool scalar = value->kind != NODE_NULL && value->kind < NODE_STRING;
	if (!text || !scalar || is_literal(value, given))
		return value;
	return node_string(c->a, node_text(c->a, value), value->span);
}

/* The same value at another place. */
static const struct node *
placed(struct compile *c, const struct node *value, struct span at)
{
	struct node *n = NEW(c->a, struct node);
	*n = *value;
	n->span = at;
	return n;
}

/* The value as the element sees it, or NULL after a fault. A pipeline value stands in no file: of
 * what is wrong with it, key says where. */
static const struct node *
bind_value(const struct call *call, const struct param *p, const struct node *value,
	const struct node *given, struct span key)
{
	struct compile *c = call->c;
	value = coerce(c, p, value, given);
	if (!value->span.file && !param_accepts(p, value, c->a))
		value = placed(c, value, key);
	uint32_t before = c->diags->all.n;
	if (!param_check(p, value, c->a, c->diags)) {
		for (uint32_t i = before; i < c->diags->all.n; i++)
			c->diags->all.v[i].origin = call->origin;
		return NULL;
	}
	if (p->type == PARAM_STEPS)
		return bind_steps(call, value);
	return p->type == PARAM_EXECUTOR ? bind_executor(call, value) : value;
}

/* pre-steps and post-steps come with the arguments of a job and are no parameters of it. */
static bool
is_implicit(const struct element *e, const struct node *key)
{
	return e->kind == ELEMENT_JOB && (node_is(key, "pre-steps") || node_is(key, "post-steps"));
}

/* What people write at a job's entry: a key of entries misspelt, or one that belongs to the job. */
static bool
near_entry_key(struct nearest *n)
{
	static const char *const of_entries[] = {"requires", "name", "context", "filters", "matrix",
		"serial-group", "override-with", "pre-steps", "post-steps"};
	static const char *const of_jobs[] = {"environment", "executor", "docker", "machine",
		"macos", "resource_class", "parallelism", "working_directory", "shell", "steps"};
	for (size_t i = 0; i < sizeof of_entries / sizeof *of_entries; i++)
		nearest_try(n, str_of(of_entries[i]));
	for (size_t i = 0; i < sizeof of_jobs / sizeof *of_jobs; i++)
		if (str_is(n->wanted, of_jobs[i]))
			return true;
	return false;
}

static void
unexpected(const struct call *call, const struct element *e, const struct node *key)
{
	struct compile *c = call->c;
	struct nearest n = {.wanted = node_text(c->a, key)};
	for (uint32_t i = 0; i < e->params.n; i++)
		nearest_try(&n, e->params.v[i].name);
	bool of_job = e->kind == ELEMENT_JOB && near_entry_key(&n);
	struct diag *g = diag_push(c->diags, RULE_UNEXPECTED_ARGUMENT, key->span,
		"Unexpected argument(s): %.*s", STR_ARG(n.wanted));
	g->origin = call->origin;
	diag_nearest(c->diags, g, &n);
	struct sb b = {.a = c->a};
	for (uint32_t i = 0; i < e->params.n; i++)
		sb_printf(&b, "%s%.*s", i ? ", " : "", STR_ARG(e->params.v[i].name));
	const char *kind = element_kind_names[e->kind];
	if (of_job)
		diag_help(c->diags, g,
			"`%.*s` is set in the job; to give it here, make it a parameter of job "
			"\"%.*s\"",
			STR_ARG(n.wanted), STR_ARG(e->name));
	else if (e->params.n)
		diag_help(c->diags, g, "parameters of %s \"%.*s\": %.*s", kind, STR_ARG(e->name),
			STR_ARG(sb_str(&b)));
	else
		diag_help(c->diags, g, "%s \"%.*s\" has no parameters", kind, STR_ARG(e->name));
	diag_note(c->diags, g, e->span, "defined here");
}

static bool
bind_given(const struct call *call, const struct element *e, const struct node *given,
	struct args *args)
{
	bool ok = true;
	for (uint32_t i = 0; given && i < given->count; i++) {
		const struct pair *pair = &given->u.pairs[i];
		const struct param *p = pair->key->kind == NODE_STRING
						? param_find(&e->params, pair->key->u.text)
						: NULL;
		if (!p && is_implicit(e, pair->key))
			continue;
		if (!p) {
			unexpected(call, e, pair->key);
			ok = false;
			continue;
		}
		/* An argument without a value is none: the default holds. */
		if (pair->value->kind == NODE_NULL)
			continue;
		const struct node **slot = &args->v[p - e->params.v];
		*slot = bind_value(call, p, pair->value, given, pair->key->span);
		ok = ok && *slot;
	}
	return ok;
}

static void
missing(const struct call *call, const struct element *e, struct span at, struct sb *names,
	const struct param *first)
{
	struct diag *g = diag_push(call->c->diags, RULE_MISSING_ARGUMENT, at,
		"Missing required argument(s): %.*s", STR_ARG(sb_str(names)));
	g->origin = call->origin;
	diag_help(call->c->diags, g,
		"%s \"%.*s\" cannot do without; give a value here or a default "
		"where it is declared",
		element_kind_names[e->kind], STR_ARG(e->name));
	diag_note(call->c->diags, g, first->span,
		node_get(first->node, "default") ? "declared here; an empty default is none"
						 : "declared here, without a default");
}

/* Stands for what a caller would give, where nobody calls. An executor is left undefined. */
static const struct node *
placeholder(struct compile *c, const struct param *p)
{
	if (p->type == PARAM_BOOLEAN)
		return node_bool(c->a, true, p->span);
	if (p->type == PARAM_INTEGER)
		return node_int(c->a, 1, p->span);
	if (p->type == PARAM_STEPS)
		return node_list(c->a, NULL, 0, p->span);
	if (p->type == PARAM_ENUM && node_has(p->choices, NODE_LIST) && p->choices->count)
		return p->choices->u.items[0];
	/* Text that stands nowhere in a source: what is built from it is told from what is written.
	 */
	struct str text = str_printf(c->a, "(%.*s)", STR_ARG(p->name));
	return p->type == PARAM_EXECUTOR ? NULL : node_string(c->a, text, p->span);
}

/* Defaults are read where the element is defined; one may use the parameters before it. */
static bool
bind_defaults(const struct call *call, const struct element *e, struct span at, struct args *args)
{
	struct compile *c = call->c;
	struct call home = *call;
	home.module = e->home;
	struct view view = {.c = c, .args = args, .pipeline_parameters = !e->home->parent};
	struct sb names = {.a = c->a};
	const struct param *first = NULL;
	bool ok = true;
	for (uint32_t i = 0; i < e->params.n; i++) {
		const struct param *p = &e->params.v[i];
		if (args->v[i])
			continue;
		if (!p->fallback && c->uncalled == e) {
			args->v[i] = placeholder(c, p);
			continue;
		}
		if (!p->fallback) {
			sb_printf(&names, "%s%.*s", first ? ", " : "", STR_ARG(p->name));
			first = first ? first : p;
			continue;
		}
		const struct node *value = view_render(&view, p->fallback, call->origin);
		/* A default of a wrong type was reported where it is declared. */
		if (value && (p->fallback->flags & NODE_TEMPLATED))
			value = bind_value(&home, p, value, p->fallback, p->span);
		else if (value && p->type == PARAM_STEPS)
			value = bind_steps(&home, value);
		else if (value && p->type == PARAM_EXECUTOR)
			value = bind_executor(&home, value);
		args->v[i] = value;
		ok = ok && value;
	}
	if (first)
		missing(call, e, at, &names, first);
	return ok && !first;
}

bool
args_bind(const struct call *call, const struct element *e, const struct node *given,
	struct span at, struct args *args)
{
	*args = (struct args){.params = &e->params};
	if (given && given->kind != NODE_MAP && given->kind != NODE_NULL) {
		struct diag *g = diag_push(call->c->diags, RULE_WRONG_TYPE, given->span,
			"expected type: Mapping, found: %s", node_type_title(given));
		g->origin = call->origin;
		diag_help(call->c->diags, g,
			"arguments of %s \"%.*s\" are a map of parameter names "
			"to values",
			element_kind_names[e->kind], STR_ARG(e->name));
		return false;
	}
	if (given && given->kind == NODE_NULL)
		given = NULL;
	args->v = NEW_ARRAY(call->c->a, const struct node *, e->params.n + 1);
	if (call->c->doubts && !element_used(call->c, e))
		remember(call->c, &call->c->used, e, (void *)e);
	/* A wrong argument is not reported as missing too. */
	return bind_given(call, e, given, args) && bind_defaults(call, e, at, args);
}
