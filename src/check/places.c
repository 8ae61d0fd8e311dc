/* SPDX-License-Identifier: MIT */
/* What the checks share: where to report a fault, and the steps of a config as written. */
#include "ccx/check.h"
#include "ccx/limits.h"

#include "internal.h"

/* ---- places ------------------------------------------------------------------------------ */

bool
check_own(const struct check *c, struct span span)
{
	return span.file >= c->file && span.file - c->file <= c->more;
}

struct span
check_place(const struct check *c, struct span span, const struct origin *origin)
{
	for (; !check_own(c, span) && origin; origin = origin->up)
		span = origin->use;
	return check_own(c, span) ? span : (struct span){0};
}

const struct element *
check_job_element(const struct check *c, const struct compiled_job *job)
{
	for (const struct origin *o = job->origin; o; o = o->up) {
		const struct element *e = map_get(&c->config->module.jobs, o->name);
		if (o->kind == ORIGIN_JOB && e && e->span.file == o->def.file &&
			e->span.off == o->def.off)
			return e;
	}
	return NULL;
}

/* ---- steps as written -------------------------------------------------------------------- */

struct walk {
	const struct check *c;
	struct step_visitor visitor;
	const struct module *module;
	const struct element *element;
};

static void walk_steps(const struct walk *w, const struct node *steps, bool guarded, int depth);

static bool
mentions(const struct node *n, struct str text, int depth)
{
	if (!n || depth > LIMIT_DEPTH)
		return false;
	if (n->kind == NODE_STRING)
		return str_has(n->u.text, text);
	for (uint32_t i = 0; n->kind == NODE_LIST && i < n->count; i++)
		if (mentions(n->u.items[i], text, depth + 1))
			return true;
	for (uint32_t i = 0; n->kind == NODE_MAP && i < n->count; i++)
		if (mentions(n->u.pairs[i].value, text, depth + 1))
			return true;
	return false;
}

/* - save_cache:            the pair without value is what the compiler takes
 *   key: v1                for the step */
static const struct pair *
step_pair(const struct node *step)
{
	for (uint32_t i = 0; step->count > 1 && i < step->count; i++)
		if (step->u.pairs[i].value->kind == NODE_NULL)
			return &step->u.pairs[i];
	return &step->u.pairs[0];
}

static void
walk_step(const struct walk *w, const struct node *step, bool guarded, int depth)
{
	struct written_step seen = {.step = step, .module = w->module, .guarded = guarded};
	seen.element = w->element;
	if (step->kind == NODE_STRING) {
		seen.key = step;
	} else if (step->kind == NODE_MAP && step->count) {
		seen.key = step_pair(step)->key;
		seen.body = step_pair(step)->value;
	}
	if (!node_has(seen.key, NODE_STRING))
		return;
	seen.name = seen.key->u.text;
	if (!map_has(&w->module->commands, seen.name))
		seen.builtin = catalog_step(seen.name);
	w->visitor.visit(w->visitor.ctx, &seen);
	if (!node_has(seen.body, NODE_MAP))
		return;
	bool asks = seen.builtin && mentions(node_get(seen.body, "condition"), STR("pipeline."), 0);
	walk_steps(w, node_get(seen.body, "steps"), guarded || asks, depth + 1);
	walk_steps(w, node_get(seen.body, "teardown"), guarded, depth + 1);
}

static void
walk_steps(const struct walk *w, const struct node *steps, bool guarded, int depth)
{
	if (depth > LIMIT_DEPTH)
		return;
	for (uint32_t i = 0; node_has(steps, NODE_LIST) && i < steps->count; i++) {
		const struct node *step = steps->u.items[i];
		if (step->kind == NODE_LIST)
			walk_steps(w, step, guarded, depth + 1);
		else
			walk_step(w, step, guarded, depth);
	}
}

static void
walk_elements(struct walk *w, const struct map *elements)
{
	for (uint32_t i = 0; i < elements->n; i++) {
		const struct element *e = elements->v[i].value;
		w->element = e;
		walk_steps(w, node_get(e->node, "steps"), false, 0);
		for (uint32_t k = 0; k < e->params.n; k++)
			if (e->params.v[k].type == PARAM_STEPS)
				walk_steps(w, e->params.v[k].fallback, false, 0);
	}
}

static void
walk_module(const struct check *c, const struct step_visitor *v, const struct module *m, int depth)
{
	struct walk w = {c, *v, m, NULL};
	walk_elements(&w, &m->jobs);
	walk_elements(&w, &m->commands);
	for (uint32_t i = 0; depth < LIMIT_ORB_DEPTH && i < m->orbs.n; i++) {
		const struct orb_entry *o = m->orbs.v[i].value;
		if (o->module && node_has(o->node, NODE_MAP))
			walk_module(c, v, o->module, depth + 1);
	}
}

/* - build: {pre-steps: [checkout], post-steps: [...]} */
static void
walk_invocations(const struct walk *w)
{
	const struct node *workflows = w->c->config->workflows;
	for (uint32_t i = 0; node_has(workflows, NODE_MAP) && i < workflows->count; i++) {
		const struct node *jobs = node_get(workflows->u.pairs[i].value, "jobs");
		for (uint32_t k = 0; node_has(jobs, NODE_LIST) && k < jobs->count; k++) {
			const struct node *job = jobs->u.items[k];
			if (job->kind != NODE_MAP || !job->count)
				continue;
			walk_steps(w, node_get(job->u.pairs[0].value, "pre-steps"), false, 0);
			walk_steps(w, node_get(job->u.pairs[0].value, "post-steps"), false, 0);
		}
	}
}

void
check_written_steps(const struct check *c, struct step_visitor visitor)
{
	struct walk w = {c, visitor, &c->config->module, NULL};
	if (!c->root || c->root->weight > LIMIT_NODES) /* aliases in aliases: too much to read */
		return;
	walk_module(c, &visitor, &c->config->module, 0);
	walk_invocations(&w);
}

enum { MOST_JOBS = 2048 }; /* of one workflow whose names are compared */

/* ---- what depends on the pipeline -------------------------------------------------------- */

static void
note_conditional(void *ctx, const struct written_step *s)
{
	struct conditional *all = ctx;
	if (!s->builtin || !s->guarded)
		return;
	all->attach |= str_is(s->name, "attach_workspace");
	all->persist |= str_is(s->name, "persist_to_workspace");
	all->save |= str_is(s->name, "save_cache");
	all->restore |= str_is(s->name, "restore_cache");
}

/* Is there a "test-…" of the matrix job "test"? */
static bool
is_member(const struct node *compiled, const struct node *name)
{
	for (uint32_t i = 0; node_has(compiled, NODE_LIST) && i < compiled->count; i++) {
		const struct node *job = compiled->u.items[i];
		if (job->kind == NODE_MAP && job->count)
			job = job->u.pairs[0].key;
		if (job->kind == NODE_STRING && name->kind == NODE_STRING &&
			str_starts(job->u.text, name->u.text) &&
			job->u.text.len > name->u.text.len &&
			job->u.text.s[name->u.text.len] == '-')
			return true;
	}
	return false;
}

/* Is the entry, which has filters, among the compiled jobs of its workflow? */
static bool
is_kept(const struct node *compiled, const struct node *entry)
{
	const struct pair *p = &entry->u.pairs[0];
	const struct node *name = node_get(p->value, "name");
	if (!name && node_get(p->value, "matrix"))
		return is_member(compiled, p->key);
	name = name ? name : p->key;
	for (uint32_t i = 0; node_has(compiled, NODE_LIST) && i < compiled->count; i++) {
		const struct node *job = compiled->u.items[i];
		if (job->kind == NODE_MAP && job->count)
			job = job->u.pairs[0].key;
		if (node_equal(job, name))
			return true;
	}
	return false;
}

/* Every job of the workflow stayed, as far as can be told from its name. */
static bool
is_whole(const struct check *c, const struct pair *workflow)
{
	const struct node *all = node_get(c->compiled->config, "workflows");
	const struct node *mine = node_find(all, workflow->key->u.text);
	const struct node *jobs = node_get(workflow->value, "jobs");
	const struct node *kept = node_get(mine, "jobs");
	if (node_has(kept, NODE_LIST) && kept->count > MOST_JOBS)
		return false;
	for (uint32_t i = 0; node_has(jobs, NODE_LIST) && i < jobs->count; i++) {
		const struct node *entry = jobs->u.items[i];
		if (entry->kind == NODE_MAP && entry->count &&
			node_get(entry->u.pairs[0].value, "filters") && !is_kept(kept, entry))
			return false;
	}
	return mine != NULL;
}

bool
check_is_whole(const struct check *c, struct str workflow)
{
	const struct pair *p = node_pair(c->config->workflows, workflow);
	return !p || is_whole(c, p);
}

struct conditional
check_conditional(const struct check *c)
{
	struct conditional all = {0};
	const struct node *workflows = c->config->workflows;
	check_written_steps(c, (struct step_visitor){note_conditional, &all});
	all.setup = node_get(c->root, "setup") != NULL;
	for (uint32_t i = 0; node_has(workflows, NODE_MAP) && i < workflows->count; i++) {
		const struct pair *p = &workflows->u.pairs[i];
		if (p->key->kind == NODE_STRING && p->value->kind == NODE_MAP && !is_whole(c, p))
			all.workflows = true;
	}
	return all;
}
