/* SPDX-License-Identifier: MIT */
/* One entry of a workflow's jobs: a job, an approval, a matrix of jobs or a job group. */
#include "ccx/compile.h"
#include "ccx/limits.h"

#include "internal.h"

#include <string.h>

/* Keys of an entry that are the workflow's; the others are arguments of the job. */
static bool
is_reserved(const struct node *key)
{
	static const char *const names[] = {"requires", "name", "context", "type", "filters",
		"matrix", "serial-group", "override-with", "upstream"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (node_is(key, names[i]))
			return true;
	return false;
}

/* Everything about one entry while it is being expanded. */
struct entry {
	struct compile *c;
	struct workflow *w;
	struct str target;         /* "build", "node/test" */
	struct span span;          /* the name */
	const struct node *map;    /* as written, or NULL */
	const struct element *job; /* NULL for an approval, or when its orb is unknown */
	bool approval;
	bool empty; /* a matrix without any combination, which is no fault */
	const struct origin *origin;
};

/* ---- requires ---------------------------------------------------------------------------- */

const struct node *
job_statuses(struct compile *c, struct span span)
{
	static const char *const names[] = {
		"success", "failed", "canceled", "unauthorized", "not_run"};
	enum { N = sizeof names / sizeof *names };
	const struct node **items = NEW_ARRAY(c->a, const struct node *, N);
	for (uint32_t i = 0; i < N; i++)
		items[i] = node_string(c->a, str_of(names[i]), span);
	return node_list(c->a, items, N, span);
}

static void
bad_status(struct compile *c, const struct node *status, const struct origin *origin)
{
	if (compile_told(c, status->span))
		return;
	struct nearest n = {.wanted = node_text(c->a, status)};
	static const char *const known[] = {
		"success", "failed", "canceled", "unauthorized", "not_run", "terminal"};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		nearest_try(&n, str_of(known[i]));
	struct diag *g = diag_push(c->diags, RULE_INVALID_REQUIRES, status->span,
		"\"%.*s\" is not a job status", STR_ARG(n.wanted));
	g->origin = origin;
	diag_nearest(c->diags, g, &n);
	diag_help(c->diags, g,
		"one of: success, failed, canceled, unauthorized, not_run, or "
		"terminal alone");
}

static bool
is_status(const struct node *n)
{
	return node_is(n, "success") || node_is(n, "failed") || node_is(n, "canceled") ||
	       node_is(n, "unauthorized") || node_is(n, "not_run");
}

/* failed  or  [success, failed]  or  terminal; as a list */
static const struct node *
statuses_of(struct compile *c, const struct node *value, const struct origin *origin)
{
	if (node_is(value, "terminal"))
		return job_statuses(c, value->span);
	if (value->kind != NODE_LIST) {
		const struct node **one = NEW(c->a, const struct node *);
		*one = value;
		value = node_list(c->a, one, 1, value->span);
	}
	for (uint32_t i = 0; i < value->count; i++)
		if (!is_status(value->u.items[i]))
			bad_status(c, value->u.items[i], origin);
	return value;
}

static void
require(struct compile *c, struct invocation *inv, const struct node *name,
	const struct node *statuses)
{
	struct requirement r = {.name = node_text(c->a, name), .span = name->span};
	if (++c->nrequires > LIMIT_REQUIRES)
		compile_full(c, name->span, "requires", LIMIT_REQUIRES);
	if (c->full)
		return;
	if (statuses && statuses->kind != NODE_NULL)
		r.statuses = statuses_of(c, statuses, inv->origin);
	vec_push(c->a, &inv->requires, r);
}

/* requires: [build, {test: failed}, {lint: [success, failed]}] */
static void
read_requires(struct compile *c, struct invocation *inv, const struct node *requires)
{
	if (!requires || requires->kind == NODE_NULL)
		return;
	if (requires->kind < NODE_LIST)
		require(c, inv, requires, NULL);
	for (uint32_t i = 0; requires->kind == NODE_LIST && i < requires->count; i++) {
		const struct node *item = requires->u.items[i];
		if (item->kind == NODE_LIST)
			read_requires(c, inv, item);
		else if (item->kind != NODE_MAP)
			require(c, inv, item, NULL);
		for (uint32_t j = 0; item->kind == NODE_MAP && j < item->count; j++)
			require(c, inv, item->u.pairs[j].key, item->u.pairs[j].value);
	}
}

void
invocation_requires(struct compile *c, struct invocation *inv)
{
	read_requires(c, inv, node_get(inv->entry, "requires"));
}

/* ---- rendering an entry ------------------------------------------------------------------ */

/* An executor given as a map is read inside the job, where other parameters are in scope. */
static bool
read_later(const struct entry *e, const struct pair *p)
{
	if (!e->job || p->value->kind != NODE_MAP || p->key->kind != NODE_STRING)
		return false;
	const struct param *param = param_find(&e->job->params, p->key->u.text);
	return param && param->type == PARAM_EXECUTOR;
}

/* The entry without its matrix, rendered with one combination of it; NULL after a fault. */
static const struct node *
render_entry(const struct entry *e, const struct node *combination)
{
	struct compile *c = e->c;
	struct view view = {.c = c, .matrix = combination, .pipeline_parameters = true};
	struct pair *pairs = NEW_ARRAY(c->a, struct pair, e->map->count);
	uint32_t n = 0;
	bool ok = true;
	for (uint32_t i = 0; i < e->map->count; i++) {
		struct pair p = e->map->u.pairs[i];
		if (node_is(p.key, "matrix"))
			continue;
		if (!read_later(e, &p))
			p.value = view_render(&view, p.value, e->origin);
		ok = ok && p.value;
		pairs[n++] = p;
	}
	return ok ? node_map(c->a, pairs, n, e->map->span) : NULL;
}

/* What goes to the job: the entry's own arguments, then the matrix's values. */
static const struct node *
arguments_of(const struct entry *e, const struct node *map, const struct node *combination)
{
	uint32_t most = (map ? map->count : 0) + (combination ? combination->count : 0), n = 0;
	if (!most)
		return NULL;
	struct pair *pairs = NEW_ARRAY(e->c->a, struct pair, most);
	for (uint32_t i = 0; map && i < map->count; i++)
		if (!is_reserved(map->u.pairs[i].key))
			pairs[n++] = map->u.pairs[i];
	for (uint32_t i = 0; combination && i < combination->count; i++) {
		const struct pair *p = &combination->u.pairs[i];
		bool declared = e->job && p->key->kind == NODE_STRING &&
				param_find(&e->job->params, p->key->u.text);
		/* A matrix may have a parameter called name, for the members' names alone. */
		if (declared || !node_is(p->key, "name"))
			pairs[n++] = *p;
	}
	/* The span is the entry's: what stands in it is written there, not brought by a reference.
	 */
	return n ? node_map(e->c->a, pairs, n, e->map->span) : NULL;
}

/* ---- adding ------------------------------------------------------------------------------ */

static struct invocation *
new_invocation(const struct entry *e, const struct node *map)
{
	struct compile *c = e->c;
	if (c->njobs >= LIMIT_JOBS) {
		compile_full(c, e->span, "jobs", LIMIT_JOBS);
		return NULL;
	}
	c->njobs++;
	struct invocation *inv = NEW(c->a, struct invocation);
	inv->target = inv->name = e->target;
	inv->span = e->span;
	inv->entry = map;
	inv->origin = e->origin;
	invocation_requires(c, inv);
	vec_push(c->a, &e->w->jobs, inv);
	return inv;
}

static bool
is_blank(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!strchr(" \t\n", s.s[i]))
			return false;
	return true;
}

/* name: build for << matrix.os >> */
static struct str
explicit_name(const struct entry *e, const struct node *map, const struct node *combination,
	struct str otherwise)
{
	struct compile *c = e->c;
	const struct node *name = node_get(map, "name");
	if (!name || name->kind == NODE_NULL)
		name = node_get(combination, "name");
	if (!name || name->kind == NODE_NULL)
		return otherwise;
	struct str text = node_text(c->a, name);
	if (is_blank(text)) {
		const struct node *written = node_get(e->map, "name");
		diag_push(c->diags, RULE_INVALID_NAME, (written ? written : name)->span,
			"the name of a job must not be blank")
			->origin = e->origin;
	}
	return text;
}

/* - build: {context: aws, requires: [lint], version: "20"}
 * - hold: {type: approval, requires: [build]} */
static struct invocation *
add_job(const struct entry *e, const struct node *combination)
{
	struct compile *c = e->c;
	const struct node *map = e->map ? render_entry(e, combination) : NULL;
	if (e->map && !map)
		return NULL;
	struct invocation *inv = new_invocation(e, map);
	if (!inv)
		return NULL;
	struct str plain = combination ? matrix_name(c->a, e->target, combination) : e->target;
	inv->name = explicit_name(e, map, combination, plain);
	if (e->approval) {
		inv->type = "approval";
		return inv;
	}
	inv->args = arguments_of(e, map, combination);
	if (!e->job)
		return inv;
	struct call call = {.c = c, .module = &c->config->module, .origin = e->origin};
	inv->body = job_compile(&call, e->job, inv->args, e->span);
	return inv;
}

static void
add_matrix(struct entry *e, const struct node *matrix)
{
	struct compile *c = e->c;
	struct view view = {.c = c, .pipeline_parameters = true};
	matrix = view_render(&view, matrix, e->origin);
	if (!matrix)
		return;
	const struct node *alias = node_get(matrix, "alias");
	struct str group = node_has(alias, NODE_STRING) ? alias->u.text : e->target;
	const struct node *all = matrix_expand(c, matrix, group, e->origin);
	e->empty = all && all->count == 0;
	for (uint32_t i = 0; all && i < all->count && !c->full; i++) {
		struct invocation *inv = add_job(e, all->u.items[i]);
		if (inv)
			inv->group = group;
	}
}

/* An entry may name an orb's job that replaces the local one where the orb has it. */
static const struct element *
override(const struct entry *e, const struct element *job)
{
	struct compile *c = e->c;
	struct view view = {.c = c, .pipeline_parameters = true};
	const struct node *with = node_get(e->map, "override-with");
	with = with ? view_render(&view, with, e->origin) : NULL;
	if (!node_has(with, NODE_STRING) || !with->u.text.len)
		return job;
	const struct element *other;
	if (!str_has(with->u.text, STR("/"))) {
		diag_push(c->diags, RULE_INVALID_VALUE, with->span,
			"override-with: \"%.*s\" does not reference a job definition in an orb",
			STR_ARG(with->u.text))
			->origin = e->origin;
		return job;
	}
	return element_find(&c->config->module, ELEMENT_JOB, with->u.text, &other) == RESOLVED
		       ? other
		       : job;
}

static bool
find_job(struct entry *e)
{
	struct compile *c = e->c;
	const struct module *m = &c->config->module;
	enum resolve r = element_find(m, ELEMENT_JOB, e->target, &e->job);
	if (r != RESOLVED)
		e->job = NULL;
	if (e->map)
		e->job = override(e, e->job);
	if (e->job) {
		e->origin = origin_push(c, e->w->origin, e->job, e->target, e->span);
		return true;
	}
	struct missing what = {m, ELEMENT_JOB, e->target, e->span, e->w->origin};
	element_missing(c, r, &what);
	return r == RESOLVE_UNKNOWN;
}

/* type is for approvals alone: other kinds of job are defined under jobs. */
static bool
check_type(const struct entry *e, const struct node *type)
{
	if (!type || type->kind == NODE_NULL || node_is(type, "approval"))
		return true;
	if (compile_told(e->c, type->span))
		return false;
	struct str text = node_text(e->c->a, type);
	struct diag *g = diag_push(e->c->diags, RULE_INVALID_VALUE, type->span,
		"Only jobs with `type: approval` can be defined inline under the "
		"`workflows:`/`job-groups:` section. For `type: %.*s`, define the job in the "
		"`jobs:` section instead.",
		STR_ARG(text));
	g->origin = e->w->origin;
	return false;
}

static void
expand_entry(struct entry *e)
{
	struct compile *c = e->c;
	const struct node *type = node_get(e->map, "type"), *matrix = node_get(e->map, "matrix");
	if (!check_type(e, type))
		return;
	e->approval = node_is(type, "approval");
	const struct element *group = map_get(&c->config->module.groups, e->target);
	if (group && !e->approval)
		group_add(c, e->w, group, e->map, e->span);
	else if (!e->approval && !find_job(e))
		return;
	else if (matrix && matrix->kind != NODE_NULL)
		add_matrix(e, matrix);
	else
		add_job(e, NULL);
}

static void
add_entry(struct entry *e)
{
	uint32_t before = e->w->jobs.n;
	expand_entry(e);
	if (e->w->jobs.n == before && !e->empty)
		e->w->incomplete = true;
}

void
invocation_add(struct compile *c, struct workflow *w, const struct node *item)
{
	struct view view = {.c = c, .pipeline_parameters = true};
	struct entry e = {.c = c, .w = w, .origin = w->origin, .span = item->span};
	if (c->full)
		return;
	if (item->kind == NODE_STRING) {
		item = view_render(&view, item, w->origin);
		if (!item)
			return;
		e.target = node_text(c->a, item);
		add_entry(&e);
		return;
	}
	if (item->kind != NODE_MAP || item->count == 0)
		return; /* the schema has said so */
	const struct pair *p = &item->u.pairs[0];
	e.target = node_text(c->a, p->key);
	e.span = p->key->span;
	e.map = p->value->kind == NODE_MAP && p->value->count ? p->value : NULL;
	add_entry(&e);
}
