/* SPDX-License-Identifier: MIT */
/* Workflows: which are kept, and the invocations of each. */
#include "ccx/compile.h"
#include "ccx/limits.h"

#include "internal.h"

/* ---- conditions -------------------------------------------------------------------------- */

/* A workflow is kept unless its when is false or its unless is true; absent then says what makes
 * it so. */
static bool
is_kept(struct compile *c, const struct node *workflow, const struct origin *origin,
	struct absent *absent)
{
	struct view view = {.c = c, .pipeline_parameters = true};
	const struct node *when = node_get(workflow, "when");
	const struct node *unless = node_get(workflow, "unless");
	bool holds = true, fails = false;
	if (when && unless) {
		const struct node *key = node_pair(workflow, STR("unless"))->key;
		struct diag *g = diag_push(c->diags, RULE_UNKNOWN_KEY, key->span,
			"a workflow cannot have both when and unless");
		g->origin = origin;
		diag_note(c->diags, g, node_pair(workflow, STR("when"))->key->span,
			"the other condition");
		diag_help(c->diags, g, "write one condition: `and: [A, {not: B}]`");
		absent->why = key->span;
		return false;
	}
	if (when)
		view_condition(&view, when, origin, &holds);
	if (unless)
		view_condition(&view, unless, origin, &fails);
	absent->why_true = holds;
	if (!holds || fails)
		absent->why =
			condition_decisive(&view, holds ? unless : when, origin, &absent->why_true);
	return holds && !fails;
}

/* The schema lets a template stand for anything; here none is read. */
static void
not_a(struct compile *c, const struct node *n, const char *expected)
{
	if (!compile_told(c, n->span))
		diag_push(c->diags, RULE_WRONG_TYPE, n->span, "expected type: %s, found: %s",
			expected, node_type_title(n));
}

static const struct origin *
origin_of(struct compile *c, const struct pair *pair)
{
	struct origin *o = NEW(c->a, struct origin);
	*o = (struct origin){.kind = ORIGIN_WORKFLOW,
		.name = node_text(c->a, pair->key),
		.use = pair->key->span,
		.def = pair->key->span};
	return o;
}

/* workflows:
 *   main:
 *     when: << pipeline.parameters.deploy >>
 *     jobs: [build, deploy: {requires: [build]}] */
void
workflow_add(struct compile *c, const struct pair *pair)
{
	struct workflow *w = NEW(c->a, struct workflow);
	w->pair = pair;
	w->origin = origin_of(c, pair);
	w->name = w->origin->name;
	vec_push(c->a, &c->workflows, w);
	const struct node *jobs = node_get(pair->value, "jobs");
	if (jobs && jobs->kind != NODE_LIST)
		not_a(c, jobs, "Sequence");
	for (uint32_t i = 0; node_has(jobs, NODE_LIST) && i < jobs->count; i++)
		invocation_add(c, w, jobs->u.items[i]);
}

/* ---- the implicit workflow --------------------------------------------------------------- */

/* Without workflows the job called build runs, in a workflow called workflow. */
static bool
implicit_workflow(struct compile *c)
{
	const struct element *build = map_get(&c->config->module.jobs, STR("build"));
	if (!build) {
		struct span at = c->root->span;
		at.len = 0;
		struct diag *g = diag_push(c->diags, RULE_NO_JOBS, at,
			"There are no workflows or build jobs in the config.");
		diag_help(c->diags, g, "add `workflows`, or call the job `build`");
		return false;
	}
	struct workflow *w = NEW(c->a, struct workflow);
	w->name = STR("workflow");
	vec_push(c->a, &c->workflows, w);
	invocation_add(c, w, node_string(c->a, STR("build"), build->span));
	return true;
}

bool
pass_workflows(struct compile *c)
{
	const struct node *map = c->config->workflows;
	if (!map)
		return implicit_workflow(c);
	if (map->kind != NODE_MAP) {
		not_a(c, map, "Mapping");
		return false;
	}
	for (uint32_t i = 0; i < map->count; i++) {
		const struct pair *p = &map->u.pairs[i];
		struct absent absent = {.pair = p};
		if (node_is(p->key, "version") || p->value->kind != NODE_MAP)
			continue;
		if (is_kept(c, p->value, origin_of(c, p), &absent))
			workflow_add(c, p);
		else
			vec_push(c->a, &c->absent, absent);
	}
	return true;
}
