/* SPDX-License-Identifier: MIT */
/* An orb on its own, as the registry compiles it when it is published: jobs and commands are
 * expanded though nobody calls them. */
#include "ccx/compile.h"

#include "internal.h"

struct section {
	VEC(struct pair) all;
};

static void
put(struct compile *c, struct section *to, struct str name, const struct node *value)
{
	struct pair pair = {node_string(c->a, name, (struct span){0}), value};
	vec_push(c->a, &to->all, pair);
}

static const struct node *
map_of(struct compile *c, const struct section *from)
{
	return node_map(c->a, from->all.v, from->all.n, (struct span){0});
}

/* jobs: {build: {parameters: {…}, docker: […], steps: […]}} */
static const struct node *
expand_job(struct compile *c, const struct element *e)
{
	struct call call = {.c = c, .module = e->home};
	call.origin = origin_push(c, NULL, e, e->name, e->span);
	struct body *body = job_compile(&call, e, NULL, e->span);
	return body ? body->node : NULL;
}

/* commands: {install: {parameters: {…}, steps: […]}} */
static const struct node *
expand_command(struct compile *c, const struct element *e)
{
	struct call call = {.c = c, .module = e->home};
	struct steps out = {0};
	const struct node *use = node_string(c->a, e->name, e->span);
	if (!steps_expand(&call, node_list(c->a, &use, 1, e->span), &out))
		return NULL;
	const struct node **items = NEW_ARRAY(c->a, const struct node *, out.all.n + 1);
	for (uint32_t i = 0; i < out.all.n; i++)
		items[i] = out.all.v[i].node;
	return node_list(c->a, items, out.all.n, e->span);
}

static const struct node *
expand_all(struct compile *c, const struct map *elements,
	const struct node *(*expand)(struct compile *c, const struct element *e))
{
	struct section out = {0};
	for (uint32_t i = 0; i < elements->n && !c->full; i++) {
		const struct element *e = elements->v[i].value;
		if (e->alias.len || e->node->kind != NODE_MAP)
			continue;
		c->uncalled = e;
		const struct node *value = expand(c, e);
		c->uncalled = NULL;
		if (value)
			put(c, &out, e->name, value);
	}
	return map_of(c, &out);
}

void
compile_orb(struct arena *a, struct sources *s, const struct compile_options *options,
	struct orb_alone *orb, struct diag_list *d)
{
	struct compile c = {.a = a, .sources = s, .diags = d, .options = options};
	struct module *m = NEW(a, struct module);
	struct section out = {0};
	c.file = orb->file;
	c.root = orb->root;
	if (!c.root && !pass_load(&c))
		return;
	orb->root = c.root;
	/* Around the orb stands a config that has nothing else. */
	c.config = NEW(a, struct config);
	c.config->templated = true;
	c.config->module.node = c.root;
	m->path = STR("orb");
	m->parent = &c.config->module;
	if (!module_decode(a, m, c.root, d) && !node_has(c.root, NODE_MAP))
		return;
	orb->module = m;
	orb_imports(&c, m);
	const struct node *jobs = expand_all(&c, &m->jobs, expand_job);
	const struct node *commands = expand_all(&c, &m->commands, expand_command);
	if (commands->count)
		put(&c, &out, STR("commands"), commands);
	if (jobs->count)
		put(&c, &out, STR("jobs"), jobs);
	orb->expanded = d->errors || c.full ? NULL : map_of(&c, &out);
}
