/* SPDX-License-Identifier: MIT */
/*
 * Names in expressions: pipeline values that do not exist, are not there on a server, and
 * parameters in parts of the config that no compile has looked at yet (the operand behind the
 * deciding one, a section that is hidden).
 */
#include "ccx/check.h"
#include "ccx/expr.h"
#include "ccx/limits.h"

#include "internal.h"
#include "written.h"

/* Where names are looked at, and which exist there besides pipeline values. */
struct names {
	const struct check *c;
	const struct params *params; /* NULL: parameters are not looked at */
	const struct node *entry;    /* of a workflow: matrix values may be used; or NULL */
};

/* ---- pipeline values --------------------------------------------------------------------- */

/* What a trigger brings grows with the services that trigger. */
static bool
is_open(struct str name)
{
	return str_starts(name, STR("pipeline.trigger_parameters.")) ||
	       str_starts(name, STR("pipeline.event."));
}

static void
find_nearest(struct nearest *near)
{
	size_t n;
	const struct pipeline_value *all = catalog_values(&n);
	for (size_t i = 0; i < n; i++)
		nearest_try(near, str_of(all[i].name));
}

static void
unknown_value(const struct check *c, struct str name, struct span span)
{
	struct nearest near = {.wanted = name};
	bool full = c->diags->all.n >= LIMIT_ERRORS; /* then nothing of it is shown */
	if (!full)
		find_nearest(&near);
	if (is_open(name) && (!near.best.len || near.distance > 2))
		return;
	struct diag *g = diag_push(c->diags, RULE_UNKNOWN_VALUE, span,
		"there is no pipeline value \"%.*s\": it is always empty", STR_ARG(name));
	if (full)
		return;
	diag_nearest(c->diags, g, &near);
	if (near.best.len)
		diag_fix(c->diags, g, false, span, near.best);
	diag_help(c->diags, g, "`ccx catalog values` lists the pipeline values");
}

static void
check_value(const struct check *c, struct str name, struct span span)
{
	const struct pipeline_value *v = catalog_value(name);
	if (!v) {
		unknown_value(c, name, span);
		return;
	}
	bool here = c->options->server ? v->server : v->cloud;
	if (here || !v->integrations[0])
		return;
	struct diag *g = diag_push(c->diags, RULE_VALUE_NOT_AVAILABLE, span,
		"%s does not exist on %s: it is always empty there", v->name,
		c->options->server ? "CircleCI server" : "CircleCI cloud");
	diag_help(c->diags, g, "hand the value in as a pipeline parameter");
}

/* ---- parameters and matrix values -------------------------------------------------------- */

/* Has the compiler said so, wherever it put it? */
static bool
is_told(const struct check *c, struct str name)
{
	for (uint32_t i = 0; i < c->diags->all.n; i++) {
		const struct diag *g = &c->diags->all.v[i];
		if ((g->rule == RULE_UNDECLARED_PARAMETER || g->rule == RULE_UNKNOWN_VARIABLE) &&
			str_has(g->message, name))
			return true;
	}
	return false;
}

static void
undeclared(const struct names *n, enum rule rule, struct str name, struct span span)
{
	const struct check *c = n->c;
	if (is_told(c, name))
		return;
	struct str message = str_printf(c->a, "\"%.*s\" does not exist here", STR_ARG(name));
	struct diag *g = doubt_push(c, rule, span, message);
	if (!g)
		return;
	struct nearest near = {.wanted = name};
	const struct params *p = rule == RULE_UNDECLARED_PARAMETER ? n->params : NULL;
	for (uint32_t i = 0; p && i < p->n; i++)
		nearest_try(&near, str_printf(c->a, "parameters.%.*s", STR_ARG(p->v[i].name)));
	diag_nearest(c->diags, g, &near);
	diag_help(c->diags, g,
		"no compile has needed it so far; the first that does will fail: declare it");
}

static void
check_name(void *ctx, struct str name, struct span span)
{
	const struct names *n = ctx;
	struct str rest;
	if (!check_own(n->c, span))
		return;
	if (str_starts(name, STR("pipeline."))) {
		if (!str_starts(name, STR("pipeline.parameters.")))
			check_value(n->c, name, span);
	} else if (str_starts(name, STR("parameters.")) && n->params) {
		rest = str_sub(name, STR("parameters.").len, name.len);
		if (!param_find(n->params, rest))
			undeclared(n, RULE_UNDECLARED_PARAMETER, name, span);
	} else if (str_starts(name, STR("matrix.")) && n->entry) {
		rest = str_sub(name, STR("matrix.").len, name.len);
		const struct node *axes = node_get(node_get(n->entry, "matrix"), "parameters");
		if ((!axes || axes->kind == NODE_MAP) && !node_find(axes, rest))
			undeclared(n, RULE_UNKNOWN_VARIABLE, name, span);
	}
}

/* ---- where names stand ------------------------------------------------------------------- */

static void
check_element(void *ctx, const struct element *e)
{
	struct names n = *(const struct names *)ctx;
	for (uint32_t i = 0; i < e->params.n; i++)
		expr_names(n.c->a, n.c->sources, e->params.v[i].fallback, check_name, &n);
	n.params = &e->params;
	expr_names(n.c->a, n.c->sources, e->body, check_name, &n);
}

/* when: pipeline.git.branch == "main"
 * filters: pipeline.git.tag starts-with "v" */
static void
check_bare(struct names *n, const struct node *text)
{
	if (!node_has(text, NODE_STRING))
		expr_names(n->c->a, n->c->sources, text, check_name, n);
	else if (text->flags & NODE_TEMPLATED)
		expr_names(n->c->a, n->c->sources, text, check_name, n);
	else
		expr_bare_names(n->c->sources, text, check_name, n);
}

static void
check_entries(struct names *n, const struct node *jobs)
{
	for (uint32_t i = 0; node_has(jobs, NODE_LIST) && i < jobs->count; i++) {
		struct entry e;
		if (!entry_read(jobs->u.items[i], &e) || !e.body)
			continue;
		n->entry = e.body;
		expr_names(n->c->a, n->c->sources, e.body, check_name, n);
		n->entry = NULL;
		const struct node *filters = node_get(e.body, "filters");
		if (node_has(filters, NODE_STRING))
			check_bare(n, filters);
	}
}

void
check_references(const struct check *c)
{
	struct names n = {.c = c};
	const struct node *workflows = written_workflows(c);
	if (!c->config->templated || !is_walkable(c))
		return;
	each_element(&c->config->module, (struct element_visitor){check_element, &n});
	for (uint32_t i = 0; workflows && i < workflows->count; i++) {
		const struct pair *p = &workflows->u.pairs[i];
		if (!is_workflow(p))
			continue;
		check_bare(&n, node_get(p->value, "when"));
		check_bare(&n, node_get(p->value, "unless"));
		check_entries(&n, node_get(p->value, "jobs"));
	}
	for (uint32_t i = 0; i < c->config->module.groups.n; i++) {
		const struct element *g = c->config->module.groups.v[i].value;
		check_entries(&n, node_get(g->node, "jobs"));
	}
	expr_names(c->a, c->sources, node_get(c->root, "setup"), check_name, &n);
}
