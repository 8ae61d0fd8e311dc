/* SPDX-License-Identifier: MIT */
/*
 * Names: which invocations are one job, which are numbered, and whom a requires means.
 *
 * Invocations that would have one name are told apart so:
 *   - in one workflow, equal entries are one job; entries that differ in anything, even only in
 *     requires, are several;
 *   - across workflows, those with equal bodies are one job.
 * One job keeps its name; several are numbered -1, -2, … in order of appearance.
 */
#include "ccx/compile.h"
#include "ccx/limits.h"

#include "internal.h"

/* One job among those of a name. */
struct variant {
	struct invocation *first;
	const struct workflow *workflow; /* the one that used it last */
	VEC(struct invocation *) all;
};

struct variants {
	VEC(struct variant *) all;
};

/* ---- finding the variant of an invocation ------------------------------------------------ */

static uint64_t
hash_of(const struct node *n)
{
	return n ? node_hash(n) : 0;
}

static bool
same_node(const struct node *a, const struct node *b)
{
	return a == b || (a && b && node_equal(a, b));
}

static bool
same_body(const struct body *a, const struct body *b)
{
	if (a == b)
		return true;
	return a && b && a->hash == b->hash && same_node(a->node, b->node);
}

static bool
same_entry(const struct invocation *a, const struct invocation *b)
{
	return str_eq(a->target, b->target) && same_node(a->entry, b->entry) &&
	       same_node(a->args, b->args);
}

/* Key of the variants of a name that share a hash. */
static struct str
key_of(struct compile *c, struct str name, uint64_t hash)
{
	return str_printf(c->a, "%016llx%.*s", (unsigned long long)hash, STR_ARG(name));
}

/* Those of a key, made when there are none. */
static struct variants *
bucket(struct compile *c, struct map *m, struct str key)
{
	struct variants *v = map_get(m, key);
	if (!v) {
		v = NEW(c->a, struct variants);
		map_put(c->a, m, key, v);
	}
	return v;
}

struct numbering {
	struct compile *c;
	struct map by_name;  /* name -> struct variants */
	struct map by_body;  /* name and hash of body -> struct variants */
	struct map by_entry; /* of one workflow: name and hash of entry -> struct variants */
};

/* The variant that an equal entry of this workflow has, or NULL. */
static struct variant *
equal_entry(struct variants *same, const struct invocation *inv)
{
	for (uint32_t i = 0; i < same->all.n; i++)
		if (same_entry(same->all.v[i]->all.v[same->all.v[i]->all.n - 1], inv))
			return same->all.v[i];
	return NULL;
}

/* A variant of an equal body that this workflow has not used yet, or a new one. Those used are
 * moved behind, so that many invocations of one body do not search each other. */
static struct variant *
equal_body(struct numbering *n, struct variants *same, const struct workflow *w,
	struct invocation *inv)
{
	for (uint32_t i = 0; i < same->all.n; i++) {
		struct variant *v = same->all.v[i];
		if (v->workflow == w)
			break; /* as are all behind it */
		if (!same_body(v->first->body, inv->body))
			continue;
		for (; i + 1 < same->all.n; i++)
			same->all.v[i] = same->all.v[i + 1];
		same->all.v[same->all.n - 1] = v;
		return v;
	}
	struct variant *v = NEW(n->c->a, struct variant);
	v->first = inv;
	vec_push(n->c->a, &same->all, v);
	vec_push(n->c->a, &bucket(n->c, &n->by_name, inv->name)->all, v);
	return v;
}

static void
place(struct numbering *n, const struct workflow *w, struct invocation *inv)
{
	struct compile *c = n->c;
	uint64_t entry = hash_of(inv->entry) ^ (hash_of(inv->args) * 3);
	uint64_t body = inv->body ? inv->body->hash : 1;
	struct variants *entries = bucket(c, &n->by_entry, key_of(c, inv->name, entry));
	struct variants *bodies = bucket(c, &n->by_body, key_of(c, inv->name, body));
	struct variant *v = equal_entry(entries, inv);
	if (!v) {
		v = equal_body(n, bodies, w, inv);
		vec_push(c->a, &entries->all, v);
	}
	v->workflow = w;
	vec_push(c->a, &v->all, inv);
}

/* A number is passed over when a job has that very name already. */
static void
number(struct numbering *n, struct str name, const struct variants *variants)
{
	unsigned next = 1;
	for (uint32_t i = 0; i < variants->all.n; i++) {
		const struct variant *v = variants->all.v[i];
		struct str final = name;
		while (variants->all.n > 1) {
			final = str_printf(n->c->a, "%.*s-%u", STR_ARG(name), next++);
			if (!map_has(&n->by_name, final))
				break;
		}
		for (uint32_t k = 0; k < v->all.n; k++)
			v->all.v[k]->final = final;
	}
}

/* ---- requires ---------------------------------------------------------------------------- */

/* Whom a name may mean in one workflow. */
struct index {
	struct map names, groups, finals; /* -> struct invocations */
};

struct invocations {
	VEC(struct invocation *) all;
};

static void
index_add(struct compile *c, struct map *m, struct str key, struct invocation *inv)
{
	struct invocations *list = map_get(m, key);
	if (!key.len)
		return;
	if (!list) {
		list = NEW(c->a, struct invocations);
		map_put(c->a, m, key, list);
	}
	vec_push(c->a, &list->all, inv);
}

/* Each job once, however many of its names are listed. */
static void
accept(struct compile *c, struct invocation *inv, struct invocation *up,
	const struct node *statuses)
{
	if (up->asked_by == inv || c->full)
		return;
	up->asked_by = inv;
	if (++c->nrequires > LIMIT_REQUIRES)
		compile_full(c, inv->span, "requires", LIMIT_REQUIRES);
	vec_push(c->a, &inv->upstream, up);
	vec_push(c->a, &inv->accepts, statuses);
}

/* Jobs of that name other than inv itself; equal entries are one. */
static struct invocations
others(struct compile *c, const struct invocations *list, const struct invocation *inv)
{
	struct invocations out = {0};
	for (uint32_t i = 0; list && i < list->all.n; i++) {
		struct invocation *o = list->all.v[i];
		if (o->twin == o && inv->twin != o)
			vec_push(c->a, &out.all, o);
	}
	return out;
}

/* The job itself, or one that is called otherwise in this workflow. */
static bool
explain(struct compile *c, struct diag *g, const struct workflow *w, const struct invocation *inv,
	struct str name)
{
	if (str_eq(name, inv->name)) {
		diag_help(c->diags, g, "a job cannot wait for itself");
		return true;
	}
	for (uint32_t i = 0; i < w->jobs.n; i++) {
		const struct invocation *o = w->jobs.v[i];
		if (o == inv || !str_eq(o->target, name))
			continue;
		struct str called = o->group.len ? o->group : o->name;
		diag_label(c->diags, g, "called \"%.*s\" here", STR_ARG(called));
		diag_note(c->diags, g, o->span, "\"%.*s\"", STR_ARG(called));
		return true;
	}
	return false;
}

static void
suggest(struct compile *c, struct diag *g, const struct workflow *w, const struct requirement *r)
{
	struct nearest n = {.wanted = r->name};
	struct sb b = {.a = c->a};
	for (uint32_t i = 0; i < w->jobs.n; i++) {
		if (w->jobs.n <= LIMIT_CANDIDATES) {
			nearest_try(&n, w->jobs.v[i]->name);
			nearest_try(&n, w->jobs.v[i]->group);
		}
		if (i < 12)
			sb_printf(&b, "%s%.*s", i ? ", " : "", STR_ARG(w->jobs.v[i]->name));
	}
	diag_nearest(c->diags, g, &n);
	diag_help(c->diags, g, "jobs of workflow \"%.*s\": %.*s%s", STR_ARG(w->name),
		STR_ARG(sb_str(&b)), w->jobs.n > 12 ? ", …" : "");
}

static void
no_such_job(struct compile *c, const struct workflow *w, const struct invocation *inv,
	const struct requirement *r, const struct invocations *found)
{
	for (uint32_t i = 0; i < w->jobs.n; i++) {
		if (!str_eq(w->jobs.v[i]->member, r->name))
			continue;
		struct str path = w->jobs.v[i]->name;
		struct str group = str_sub(path, 0, path.len - r->name.len - 1);
		diag_push(c->diags, RULE_JOB_GROUP, r->span,
			"\"%.*s\" is defined inside job group \"%.*s\", not directly in this "
			"workflow",
			STR_ARG(r->name), STR_ARG(group))
			->origin = w->origin;
		return;
	}
	bool many = found->all.n > 1;
	struct diag *g = diag_push(c->diags,
		many ? RULE_AMBIGUOUS_REQUIRES : RULE_UNDEFINED_REQUIRES, r->span,
		"Job '%.*s' requires '%.*s', which is the name of %u other jobs in workflow "
		"'%.*s'",
		STR_ARG(inv->name), STR_ARG(r->name), found->all.n, STR_ARG(w->name));
	g->origin = w->origin;
	if (!diag_kept(c->diags, g))
		return;
	if (!many) {
		if (!explain(c, g, w, inv, r->name))
			suggest(c, g, w, r);
		return;
	}
	diag_help(c->diags, g,
		"You can give a job within a workflow an explicit name by adding a name key");
	for (uint32_t i = 0; i < found->all.n && i < 4; i++)
		diag_note(c->diags, g, found->all.v[i]->span, "one of them");
}

/* A name means the one other job that has it; else all members of a matrix; else a job by its
 * numbered name. */
static void
resolve(struct compile *c, const struct workflow *w, const struct index *ix, struct invocation *inv,
	const struct requirement *r)
{
	if (!r->name.len)
		return; /* reported before */
	struct invocations named = others(c, map_get(&ix->names, r->name), inv);
	struct invocations group = others(c, map_get(&ix->groups, r->name), inv);
	struct invocations final = others(c, map_get(&ix->finals, r->name), inv);
	struct invocations *found = &named;
	if (named.all.n == 0 && group.all.n)
		found = &group;
	else if (named.all.n != 1 && final.all.n == 1)
		found = &final;
	if (found == &named && named.all.n != 1) {
		no_such_job(c, w, inv, r, &named);
		return;
	}
	for (uint32_t i = 0; i < found->all.n; i++)
		accept(c, inv, found->all.v[i], r->statuses);
}

static void
resolve_workflow(struct compile *c, const struct workflow *w)
{
	struct index ix = {0};
	for (uint32_t i = 0; i < w->jobs.n; i++) {
		struct invocation *inv = w->jobs.v[i];
		index_add(c, &ix.names, inv->name, inv);
		index_add(c, &ix.groups, inv->group, inv);
		index_add(c, &ix.finals, inv->final, inv);
		const struct invocations *same = map_get(&ix.finals, inv->final);
		inv->twin = same ? same->all.v[0] : inv;
	}
	for (uint32_t i = 0; i < w->jobs.n; i++)
		for (uint32_t k = 0; k < w->jobs.v[i]->requires.n; k++)
			resolve(c, w, &ix, w->jobs.v[i], &w->jobs.v[i]->requires.v[k]);
}

bool
pass_names(struct compile *c)
{
	struct numbering n = {.c = c};
	for (uint32_t i = 0; i < c->workflows.n; i++) {
		struct workflow *w = c->workflows.v[i];
		n.by_entry = (struct map){0};
		for (uint32_t k = 0; k < w->jobs.n; k++)
			place(&n, w, w->jobs.v[k]);
	}
	for (uint32_t i = 0; i < n.by_name.n; i++)
		number(&n, n.by_name.v[i].key, n.by_name.v[i].value);
	/* A job that could not be added would be missed below: that was reported where it is. */
	for (uint32_t i = 0; i < c->workflows.n; i++)
		if (!c->workflows.v[i]->incomplete)
			resolve_workflow(c, c->workflows.v[i]);
	return true;
}
