/* SPDX-License-Identifier: MIT */
/* The printed document: version, jobs, workflows. */
#include "ccx/compile.h"
#include "ccx/limits.h"

#include "internal.h"

enum { ORDERED_JOBS = 8 }; /* a Clojure map keeps the order of so many entries */

static const struct node *
text_of(struct compile *c, struct str text)
{
	return node_string(c->a, text, (struct span){0});
}

static const struct node *
key(struct compile *c, const char *name)
{
	return text_of(c, str_of(name));
}

static const struct node *
integer(struct compile *c, int64_t n)
{
	return node_int(c->a, n, (struct span){0});
}

static const struct node *
map_of(struct compile *c, const struct pairs *from)
{
	return pairs_map(c, from, (struct span){0});
}

/* ---- jobs -------------------------------------------------------------------------------- */

/* Every job once, in order of first use. */
static uint32_t
collect_jobs(struct compile *c, struct invocation **out)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < c->workflows.n; i++) {
		struct workflow *w = c->workflows.v[i];
		for (uint32_t k = 0; k < w->jobs.n; k++) {
			struct invocation *inv = w->jobs.v[k];
			if (!inv->body || !inv->body->node || map_has(&c->printed, inv->final))
				continue;
			map_put(c->a, &c->printed, inv->final, inv);
			out[n++] = inv;
		}
	}
	return n;
}

static const struct node *
assemble_jobs(struct compile *c, struct compiled *out)
{
	struct invocation **jobs = NEW_ARRAY(c->a, struct invocation *, c->njobs + 1);
	uint32_t n = collect_jobs(c, jobs);
	struct str *names = NEW_ARRAY(c->a, struct str, n);
	uint32_t *order = NEW_ARRAY(c->a, uint32_t, n);
	for (uint32_t i = 0; i < n; i++) {
		names[i] = jobs[i]->final;
		order[i] = i;
	}
	if (n > ORDERED_JOBS)
		clojure_order(c->a, names, n, order);
	out->jobs = NEW_ARRAY(c->a, struct compiled_job, n);
	out->njobs = n;
	struct pairs all = {0};
	for (uint32_t i = 0; i < n; i++) {
		struct invocation *inv = jobs[order[i]];
		const struct body *b = inv->body;
		inv->job = &out->jobs[i];
		out->jobs[i] = (struct compiled_job){.name = inv->final,
			.node = b->node,
			.steps = b->steps.all.v,
			.nsteps = b->steps.all.n,
			.origin = inv->origin};
		pairs_add(c, &all, text_of(c, inv->final), b->node);
	}
	return map_of(c, &all);
}

/* ---- workflows --------------------------------------------------------------------------- */

/* requires: names, and what each must have ended with */
static void
put_requires(struct compile *c, struct pairs *to, const struct invocation *inv)
{
	VEC(const struct node *) names = {0};
	struct pairs upstream = {0};
	for (uint32_t i = 0; i < inv->upstream.n; i++) {
		if (inv->upstream.v[i]->absence)
			continue;
		const struct node *name = text_of(c, inv->upstream.v[i]->final);
		const struct node *statuses = inv->accepts.v[i];
		if (!statuses) {
			const struct node **one = NEW(c->a, const struct node *);
			*one = key(c, "success");
			statuses = node_list(c->a, one, 1, (struct span){0});
		}
		vec_push(c->a, &names, name);
		pairs_add(c, &upstream, name, statuses);
	}
	if (!names.n)
		return;
	pairs_add(c, to, key(c, "requires"), node_list(c->a, names.v, names.n, (struct span){0}));
	if (compat_style(c->options->compat).upstream)
		pairs_add(c, to, key(c, "upstream"), map_of(c, &upstream));
}

static void
put_own(struct compile *c, struct pairs *to, const struct node *entry, const char *name)
{
	const struct node *value = node_get(entry, name);
	if (value)
		pairs_add(c, to, key(c, name), value);
}

/* The fixed order of an entry's keys; a bare name when none is left. */
static const struct node *
assemble_entry(struct compile *c, const struct invocation *inv)
{
	struct pairs keys = {0};
	put_own(c, &keys, inv->entry, "filters");
	if (inv->type)
		pairs_add(c, &keys, key(c, "type"), key(c, inv->type));
	put_requires(c, &keys, inv);
	put_own(c, &keys, inv->entry, "context");
	put_own(c, &keys, inv->entry, "serial-group");
	const struct node *name = text_of(c, inv->final);
	if (!keys.all.n)
		return name;
	struct pairs entry = {0};
	pairs_add(c, &entry, name, map_of(c, &keys));
	return map_of(c, &entry);
}

static const struct node *
assemble_entries(struct compile *c, const struct workflow *w)
{
	const struct node **items = NEW_ARRAY(c->a, const struct node *, w->jobs.n + 1);
	uint32_t n = 0;
	for (uint32_t i = 0; i < w->jobs.n; i++)
		if (!w->jobs.v[i]->absence)
			items[n++] = assemble_entry(c, w->jobs.v[i]);
	return node_list(c->a, items, n, (struct span){0});
}

/* Triggers and other keys keep their place; conditions have been answered. */
static const struct node *
assemble_workflow(struct compile *c, const struct workflow *w)
{
	struct pairs keys = {0};
	const struct node *entries = assemble_entries(c, w), *map = w->pair->value;
	struct view view = {.c = c, .pipeline_parameters = true};
	if (entries->count == 0 && node_get(map, "jobs")->count > 0)
		return NULL; /* nothing of it runs */
	for (uint32_t i = 0; i < map->count; i++) {
		const struct pair *p = &map->u.pairs[i];
		if (node_is(p->key, "when") || node_is(p->key, "unless"))
			continue;
		const struct node *value = entries;
		if (!node_is(p->key, "jobs"))
			value = view_render(&view, p->value, w->origin);
		if (value)
			pairs_add(c, &keys, p->key, value);
	}
	return map_of(c, &keys);
}

/* Without workflows in the source: version first, then the one that was made up. */
static const struct node *
implicit_workflows(struct compile *c)
{
	struct pairs all = {0}, one = {0};
	pairs_add(c, &one, key(c, "jobs"), assemble_entries(c, c->workflows.v[0]));
	pairs_add(c, &all, key(c, "version"), integer(c, 2));
	pairs_add(c, &all, key(c, "workflow"), map_of(c, &one));
	return map_of(c, &all);
}

/* version keeps the place that it has in the source, and is added last where it has none. */
static const struct node *
assemble_workflows(struct compile *c)
{
	const struct node *map = c->config->workflows;
	struct pairs all = {0};
	uint32_t kept = 0;
	bool version = false;
	if (!map)
		return implicit_workflows(c);
	for (uint32_t i = 0; i < map->count; i++) {
		const struct pair *p = &map->u.pairs[i];
		if (node_is(p->key, "version")) {
			pairs_add(c, &all, p->key, integer(c, 2));
			version = true;
			continue;
		}
		if (kept == c->workflows.n || c->workflows.v[kept]->pair != p)
			continue;
		const struct node *w = assemble_workflow(c, c->workflows.v[kept++]);
		if (w)
			pairs_add(c, &all, p->key, w);
	}
	if (!version)
		pairs_add(c, &all, key(c, "version"), integer(c, 2));
	return map_of(c, &all);
}

/* ---- warnings that are printed ----------------------------------------------------------- */

/* A command that has the name of a built-in step wins over it, and is told. */
static void
warn_shadowed(struct compile *c, const struct module *m, struct str path)
{
	for (uint32_t i = 0; i < m->commands.n; i++) {
		const struct element *e = m->commands.v[i].value;
		const struct builtin_step *b = catalog_step(e->name);
		if (!b || !(b->flags & STEP_SHADOWED))
			continue;
		struct str line = str_printf(c->a,
			"Command '%.*s' in %.*scommands.%.*s may override built-in CircleCI "
			"command '%.*s'",
			STR_ARG(e->name), STR_ARG(path), STR_ARG(e->name), STR_ARG(e->name));
		diag_push(c->diags, RULE_SHADOWED_STEP, e->span, "%.*s", STR_ARG(line));
		line = str_printf(c->a, "WARNING: %.*s", STR_ARG(line));
		vec_push(c->a, &c->comments, line);
	}
	for (uint32_t i = 0; i < m->orbs.n; i++) {
		const struct orb_entry *o = m->orbs.v[i].value;
		if (o->module && o->node->kind == NODE_MAP)
			warn_shadowed(c, o->module,
				str_printf(
					c->a, "%.*sorbs.%.*s.", STR_ARG(path), STR_ARG(o->alias)));
	}
}

/* Nothing may be printed that lacks a job. Whatever kept one from being compiled has been said,
 * but for definitions that a template was taken for. */
static void
check_bodies(struct compile *c)
{
	for (uint32_t i = 0; i < c->workflows.n; i++) {
		const struct workflow *w = c->workflows.v[i];
		for (uint32_t k = 0; k < w->jobs.n; k++) {
			const struct invocation *inv = w->jobs.v[k];
			if (!inv->body || inv->body->node)
				continue;
			struct diag *g = diag_push(c->diags, RULE_WRONG_TYPE, inv->span,
				"job \"%.*s\" is not defined by a map", STR_ARG(inv->target));
			g->origin = inv->origin;
		}
	}
}

bool
pass_assemble(struct compile *c)
{
	if (c->config->templated)
		warn_shadowed(c, &c->config->module, STR(""));
	if (!c->diags->errors && !c->unknown)
		check_bodies(c);
	if (c->diags->errors || c->unknown)
		return false;
	struct compiled *out = NEW(c->a, struct compiled);
	struct compat_style style = compat_style(c->options->compat);
	struct pairs all = {0};
	bool v21 = style.version_21 && c->config->templated;
	pairs_add(c, &all, key(c, "version"), v21 ? c->config->version : integer(c, 2));
	pairs_add(c, &all, key(c, "jobs"), assemble_jobs(c, out));
	pairs_add(c, &all, key(c, "workflows"), assemble_workflows(c));
	out->config = map_of(c, &all);
	out->comments = c->comments.v;
	out->ncomments = c->comments.n;
	out->version2 = !c->config->templated;
	uint64_t bytes = (uint64_t)out->config->weight *
			 (NODE_WEIGHT_BYTES + 2 * (uint64_t)out->config->height);
	if (bytes > LIMIT_OUTPUT_BYTES)
		compile_full(c, c->root->span, "bytes of output", LIMIT_OUTPUT_BYTES);
	/* What is printed may have had faults of its own: keys of workflows are rendered here. */
	if (!c->diags->errors)
		c->result = out;
	return c->result != NULL;
}
