/* SPDX-License-Identifier: MIT */
/*
 * Doubts: what this compile did not need, but another one will. Workflows whose condition is
 * false now, the arm of a condition that was not taken, jobs, commands and executors that nobody
 * uses: each is expanded too, its faults become warnings that say when they would strike.
 */
#include "ccx/compile.h"

#include "internal.h"

/* What a doubt must not change in the compile. */
struct doubt {
	struct diag_list *diags;
	uint32_t nsteps, njobs, nrequires, before;
	bool full, unknown;
};

static void
begin(struct compile *c, struct doubt *d)
{
	*d = (struct doubt){.diags = c->diags,
		.nsteps = c->nsteps,
		.njobs = c->njobs,
		.nrequires = c->nrequires,
		.before = c->doubts->all.n,
		.full = c->full,
		.unknown = c->unknown};
	c->diags = c->doubts;
	c->doubting = true;
}

/* Tells every finding since begin when it would strike. */
static void
end(struct compile *c, const struct doubt *d, struct span at, const char *when)
{
	c->diags = d->diags;
	c->nsteps = d->nsteps;
	c->njobs = d->njobs;
	c->nrequires = d->nrequires;
	c->full = d->full;
	c->unknown = d->unknown;
	c->doubting = false;
	for (uint32_t i = d->before; i < c->doubts->all.n; i++)
		diag_note(c->doubts, &c->doubts->all.v[i], at, "would fail when %s", when);
}

/* ---- conditions -------------------------------------------------------------------------- */

/* Once for each condition in the source, however often the command that has it is called. */
static bool
is_new(struct compile *c, struct span at)
{
	struct span *key = NEW(c->a, struct span);
	*key = (struct span){at.file, at.off, 0};
	struct str bytes = {(const char *)key, sizeof *key};
	if (map_has(&c->doubted, bytes))
		return false;
	map_put(c->a, &c->doubted, bytes, key);
	return true;
}

void
doubt_steps(const struct call *call, const struct node *condition, const struct node *steps,
	bool wanted)
{
	struct compile *c = call->c;
	struct steps out = {0};
	struct doubt d;
	if (!c->doubts || c->doubting || c->full || !condition || !is_new(c, steps->span))
		return;
	begin(c, &d);
	steps_expand(call, steps, &out);
	end(c, &d, condition->span, wanted ? "this is true" : "this is false");
}

/* ---- workflows --------------------------------------------------------------------------- */

static bool
is_compiled(const struct compile *c, const struct pair *pair)
{
	for (uint32_t i = 0; i < c->workflows.n; i++)
		if (c->workflows.v[i]->pair == pair)
			return true;
	return false;
}

static void
doubt_workflow(struct compile *c, const struct pair *pair)
{
	struct doubt d;
	const struct node *when = node_get(pair->value, "when");
	when = when ? when : node_get(pair->value, "unless");
	struct workflow **kept = c->workflows.v;
	uint32_t nkept = c->workflows.n, cap = c->workflows.cap;
	c->workflows.v = NULL;
	c->workflows.n = c->workflows.cap = 0;
	begin(c, &d);
	workflow_add(c, pair);
	pass_names(c);
	pass_graph(c);
	end(c, &d, when ? when->span : pair->key->span, "this workflow runs");
	c->workflows.v = kept;
	c->workflows.n = nkept;
	c->workflows.cap = cap;
}

static void
doubt_workflows(struct compile *c)
{
	const struct node *map = c->config->workflows;
	for (uint32_t i = 0; node_has(map, NODE_MAP) && i < map->count; i++) {
		const struct pair *p = &map->u.pairs[i];
		if (p->value->kind == NODE_MAP && !node_is(p->key, "version") && !is_compiled(c, p))
			doubt_workflow(c, p);
	}
}

/* ---- elements that nobody used ----------------------------------------------------------- */

static void
doubt_job(struct compile *c, const struct element *e)
{
	struct call call = {.c = c, .module = e->home};
	call.origin = origin_push(c, NULL, e, e->name, e->span);
	job_compile(&call, e, NULL, e->span);
}

static void
doubt_command(struct compile *c, const struct element *e)
{
	struct call call = {.c = c, .module = e->home};
	struct steps out = {0};
	steps_expand(&call, node_string(c->a, e->name, e->span), &out);
}

static void
doubt_executor(struct compile *c, const struct element *e)
{
	struct call call = {.c = c, .module = e->home};
	struct view view = {.c = c, .pipeline_parameters = !e->home->parent};
	executor_resolve(&call, &view, node_string(c->a, e->name, e->span));
}

static void
doubt_elements(struct compile *c, const struct map *elements,
	void (*expand)(struct compile *c, const struct element *e), const char *when)
{
	for (uint32_t i = 0; i < elements->n && !c->full; i++) {
		const struct element *e = elements->v[i].value;
		struct doubt d;
		if (element_used(c, e) || e->alias.len || e->node->kind != NODE_MAP)
			continue;
		begin(c, &d);
		c->uncalled = e;
		expand(c, e);
		c->uncalled = NULL;
		end(c, &d, e->span, when);
	}
}

/* ---- the whole --------------------------------------------------------------------------- */

static bool
is_known(const struct diag_list *d, const struct diag *g)
{
	for (uint32_t i = 0; i < d->all.n; i++)
		if (d->all.v[i].rule == g->rule && d->all.v[i].span.file == g->span.file &&
			d->all.v[i].span.off == g->span.off)
			return true;
	return false;
}

void
doubts_collect(struct compile *c)
{
	struct module *m = &c->config->module;
	doubt_workflows(c);
	doubt_elements(c, &m->jobs, doubt_job, "a workflow runs this job");
	doubt_elements(c, &m->commands, doubt_command, "a job calls this command");
	doubt_elements(c, &m->executors, doubt_executor, "a job uses this executor");
	for (uint32_t i = 0; i < c->doubts->all.n; i++) {
		struct diag *doubt = &c->doubts->all.v[i];
		if (is_known(c->diags, doubt) || doubt->severity == SEVERITY_NOTE)
			continue;
		struct diag *g = diag_push(
			c->diags, doubt->rule, doubt->span, "%.*s", STR_ARG(doubt->message));
		diag_demote(c->diags, g, SEVERITY_WARNING);
		g->label = doubt->label;
		g->help = doubt->help;
		g->notes = doubt->notes;
		g->origin = doubt->origin;
	}
}
