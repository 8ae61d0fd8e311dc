/* SPDX-License-Identifier: MIT */
/*
 * Job groups: an invocation of a group becomes its members between a job that starts it and one
 * that ends it; with a serial group, between a lock and an unlock.
 *
 *     g/start ─▶ members without requires … members that nothing requires ─▶ g/end ─▶ g/unlock
 */
#include "ccx/compile.h"

#include "internal.h"

static void
fault(struct compile *c, struct workflow *w, struct span at, struct str message)
{
	diag_push(c->diags, RULE_JOB_GROUP, at, "%.*s", STR_ARG(message))->origin = w->origin;
}

/* What an invocation of a group may say. */
static bool
check_entry(struct compile *c, struct workflow *w, const struct node *entry)
{
	static const char *const allowed[] = {"name", "requires", "filters", "serial-group"};
	static const char *const known[] = {
		"override-with", "type", "context", "pre-steps", "post-steps"};
	uint32_t before = c->diags->errors;
	for (uint32_t i = 0; entry && i < entry->count; i++) {
		const struct node *key = entry->u.pairs[i].key;
		struct str name = node_text(c->a, key), text = {0};
		bool fine = false;
		for (size_t k = 0; k < sizeof allowed / sizeof *allowed; k++)
			fine = fine || str_is(name, allowed[k]);
		if (fine)
			continue;
		text = str_printf(c->a,
			"Job group invocations do not support custom parameters, but found: `%.*s`",
			STR_ARG(name));
		if (str_is(name, "matrix"))
			text = STR("Job group invocations do not support `matrix`");
		for (size_t k = 0; k < sizeof known / sizeof *known; k++)
			if (str_is(name, known[k]))
				text = str_printf(c->a,
					"Job group invocations do not support use of `%s`",
					known[k]);
		fault(c, w, key->span, text);
	}
	return c->diags->errors == before;
}

static bool
check_group(struct compile *c, struct workflow *w, const struct element *g)
{
	const struct element *job = map_get(&c->config->module.jobs, g->name);
	if (!job)
		return true;
	struct diag *d = diag_push(c->diags, RULE_JOB_GROUP, g->span,
		"\"%.*s\" is the name of a job and of a job group", STR_ARG(g->name));
	d->origin = w->origin;
	diag_note(c->diags, d, job->span, "the job");
	return false;
}

/* jobs: [test, test: {context: c}]: the second would need a name of its own. */
static bool
check_members(struct compile *c, struct workflow *w, const struct element *g,
	const struct workflow *inner)
{
	struct map seen = {0};
	for (uint32_t i = 0; i < inner->jobs.n; i++) {
		struct str name = inner->jobs.v[i]->name;
		const struct invocation *first = map_get(&seen, name);
		unsigned times = 0;
		if (!first) {
			map_put(c->a, &seen, name, inner->jobs.v[i]);
			continue;
		}
		for (uint32_t k = 0; k < inner->jobs.n; k++)
			times += str_eq(inner->jobs.v[k]->name, name);
		struct diag *d = diag_push(c->diags, RULE_JOB_GROUP, inner->jobs.v[i]->span,
			"Job '%.*s' occurs %u times in job group '%.*s'. You can give a job within "
			"a job group an explicit name by adding a `name` key",
			STR_ARG(name), times, STR_ARG(g->name));
		d->origin = w->origin;
		diag_note(c->diags, d, first->span, "the first");
		return false;
	}
	return true;
}

/* Members: entries of the group's jobs; a group in a group is refused. */
static bool
add_members(struct compile *c, struct workflow *inner, const struct element *g)
{
	const struct node *jobs = node_get(g->node, "jobs");
	bool ok = node_has(jobs, NODE_LIST);
	for (uint32_t i = 0; ok && i < jobs->count; i++) {
		const struct node *item = jobs->u.items[i];
		const struct node *key =
			item->kind == NODE_MAP && item->count ? item->u.pairs[0].key : item;
		struct str name = node_text(c->a, key);
		if (map_has(&c->config->module.groups, name)) {
			fault(c, inner, key->span,
				str_printf(c->a,
					"Job group \"%.*s\" cannot reference job group \"%.*s\" -- "
					"nesting is not supported",
					STR_ARG(g->name), STR_ARG(name)));
			ok = false;
			continue;
		}
		const struct node *body =
			item->kind == NODE_MAP && item->count ? item->u.pairs[0].value : NULL;
		const struct node *serial = node_get(body, "serial-group");
		if (serial)
			fault(c, inner, serial->span,
				STR("A job of a job group cannot have a `serial-group`: the group "
				    "can"));
		ok = ok && !serial;
		invocation_add(c, inner, item);
	}
	return ok;
}

/* ---- the jobs that the compiler adds ----------------------------------------------------- */

/* {type: no-op}, {type: lock, key: k} */
static struct body *
added_body(struct compile *c, const char *type, const struct node *key)
{
	struct span none = {0};
	struct pair *pairs = NEW_ARRAY(c->a, struct pair, 2);
	pairs[0] = (struct pair){
		node_string(c->a, STR("type"), none), node_string(c->a, str_of(type), none)};
	if (key)
		pairs[1] = (struct pair){node_string(c->a, STR("key"), none), key};
	struct body *b = NEW(c->a, struct body);
	b->node = node_map(c->a, pairs, key ? 2 : 1, none);
	b->hash = node_hash(b->node);
	return b;
}

/* The entry with this key alone: the rest has become other jobs. */
static const struct node *
only(struct compile *c, const struct node *entry, const char *name)
{
	for (uint32_t i = 0; entry && i < entry->count; i++)
		if (node_is(entry->u.pairs[i].key, name))
			return node_map(c->a, &entry->u.pairs[i], 1, entry->span);
	return NULL;
}

static struct str
within(struct compile *c, struct str group, struct str name)
{
	return str_printf(c->a, "%.*s/%.*s", STR_ARG(group), STR_ARG(name));
}

/* g/start: a part of group g that nobody wrote */
static struct invocation *
add_part(struct compile *c, struct workflow *w, struct str group, const char *part,
	struct body *body)
{
	struct invocation *inv = NEW(c->a, struct invocation);
	struct str name = within(c, group, str_of(part));
	*inv = (struct invocation){
		.target = name, .name = name, .part_of = group, .body = body, .origin = w->origin};
	vec_push(c->a, &w->jobs, inv);
	c->njobs++;
	return inv;
}

static void
require(struct compile *c, struct invocation *inv, struct str name, const struct node *statuses)
{
	struct requirement r = {.name = name, .span = inv->span, .statuses = statuses};
	vec_push(c->a, &inv->requires, r);
}

static bool
is_required(const struct workflow *w, struct str name)
{
	for (uint32_t i = 0; i < w->jobs.n; i++)
		for (uint32_t k = 0; k < w->jobs.v[i]->requires.n; k++)
			if (str_eq(w->jobs.v[i]->requires.v[k].name, name))
				return true;
	return false;
}

/* A member's requires name other members; nothing outside is one. */
static void
rename_member(struct compile *c, struct workflow *w, struct invocation *inv, struct str group,
	const struct workflow *inner)
{
	for (uint32_t k = 0; k < inv->requires.n; k++) {
		struct requirement *r = &inv->requires.v[k];
		bool member = false;
		for (uint32_t i = 0; i < inner->jobs.n; i++)
			member = member || str_eq(inner->jobs.v[i]->member, r->name);
		if (!member)
			fault(c, w, r->span,
				str_printf(c->a, "\"%.*s\" is not a member of this job group",
					STR_ARG(r->name)));
		r->name = member ? within(c, group, r->name) : STR("");
	}
	inv->name = within(c, group, inv->member);
	inv->part_of = group;
}

/* The same group twice needs two names. */
static bool
check_twice(struct compile *c, struct workflow *w, struct str name, struct span at)
{
	for (uint32_t i = 0; i < w->jobs.n; i++) {
		if (!str_eq(w->jobs.v[i]->group, name) || !w->jobs.v[i]->ends_group)
			continue;
		fault(c, w, at,
			str_printf(c->a,
				"Job group \"%.*s\" is invoked multiple times without a \"name\" "
				"attribute. Each invocation must have a unique name",
				STR_ARG(name)));
		return false;
	}
	return true;
}

void
group_add(struct compile *c, struct workflow *w, const struct element *g, const struct node *entry,
	struct span at)
{
	struct view view = {.c = c, .pipeline_parameters = true};
	struct workflow inner = {.name = w->name, .origin = w->origin};
	if (!check_group(c, w, g) || !check_entry(c, w, entry))
		return;
	entry = entry ? view_render(&view, entry, w->origin) : NULL;
	const struct node *key = node_get(entry, "serial-group"), *named = node_get(entry, "name");
	struct str name = named ? node_text(c->a, named) : g->name;
	if (!check_twice(c, w, name, at) || !add_members(c, &inner, g) ||
		!check_members(c, w, g, &inner))
		return;
	struct invocation *start =
		add_part(c, w, name, "start", added_body(c, key ? "lock" : "no-op", key));
	start->entry = entry;
	start->span = at;
	invocation_requires(c, start);
	start->entry = only(c, entry, "filters");
	for (uint32_t i = 0; i < inner.jobs.n; i++)
		inner.jobs.v[i]->member = inner.jobs.v[i]->name;
	for (uint32_t i = 0; i < inner.jobs.n; i++) {
		struct invocation *inv = inner.jobs.v[i];
		rename_member(c, w, inv, name, &inner);
		if (!inv->requires.n)
			require(c, inv, start->name, NULL);
		vec_push(c->a, &w->jobs, inv);
	}
	struct invocation *end = add_part(c, w, name, "end", added_body(c, "no-op", NULL));
	end->span = at;
	end->group = name;
	end->ends_group = true;
	for (uint32_t i = 0; i < inner.jobs.n; i++)
		if (!is_required(&inner, inner.jobs.v[i]->name))
			require(c, end, inner.jobs.v[i]->name, NULL);
	if (!key)
		return;
	struct invocation *unlock = add_part(c, w, name, "unlock", added_body(c, "unlock", key));
	unlock->span = at;
	require(c, unlock, end->name, job_statuses(c, at));
}
