/* SPDX-License-Identifier: MIT */
/*
 * Does a changed config do the same? Both are compiled for several branches and tags, and the
 * results compared. Where a config depends on what is unknown (a private orb), there is nothing to
 * compare; then it must at least have no new fault.
 */
#include "ccx/check.h"
#include "ccx/limits.h"

#include <string.h>

enum { REFS = 16 };

struct ref {
	struct str name;
	bool tag;
};

struct refs {
	struct ref v[REFS];
	uint32_t n;
};

/* What came of one compile. */
struct outcome {
	const struct node *config;
	uint32_t errors, warnings;
	struct str fault; /* the first error */
};

/* ---- branches and tags to try ------------------------------------------------------------ */

static void
add_ref(struct refs *refs, struct str name, bool tag)
{
	bool plain = name.len && name.len < 200 && name.s[0] != '/' && !str_has(name, STR("<<"));
	for (uint32_t i = 0; i < refs->n; i++)
		plain = plain && !(refs->v[i].tag == tag && str_eq(refs->v[i].name, name));
	if (plain && refs->n < REFS)
		refs->v[refs->n++] = (struct ref){name, tag};
}

static void
add_names(struct refs *refs, const struct node *names, bool tag)
{
	if (node_has(names, NODE_STRING))
		add_ref(refs, names->u.text, tag);
	for (uint32_t i = 0; node_has(names, NODE_LIST) && i < names->count; i++)
		if (names->u.items[i]->kind == NODE_STRING)
			add_ref(refs, names->u.items[i]->u.text, tag);
}

static void
add_filters(struct refs *refs, const struct node *filters)
{
	static const char *const kinds[] = {"branches", "tags"};
	for (int i = 0; i < 2; i++) {
		const struct node *kind = node_get(filters, kinds[i]);
		add_names(refs, node_get(kind, "only"), i == 1);
		add_names(refs, node_get(kind, "ignore"), i == 1);
	}
}

/* Names that patterns are usually written for, one that is nobody's, then those of the config. */
static void
collect_refs(struct refs *refs, const struct node *root)
{
	const struct node *workflows = node_get(root, "workflows");
	add_ref(refs, STR("main"), false);
	add_ref(refs, STR("feature/ccx-1"), false);
	add_ref(refs, STR("release/1.2.3"), false);
	add_ref(refs, STR("v1.2.3"), true);
	add_ref(refs, STR("ccx-none"), true);
	for (uint32_t i = 0; node_has(workflows, NODE_MAP) && i < workflows->count; i++) {
		const struct node *jobs = node_get(workflows->u.pairs[i].value, "jobs");
		for (uint32_t k = 0; node_has(jobs, NODE_LIST) && k < jobs->count; k++)
			if (jobs->u.items[k]->kind == NODE_MAP && jobs->u.items[k]->count)
				add_filters(refs,
					node_get(jobs->u.items[k]->u.pairs[0].value, "filters"));
	}
}

/* ---- compiling --------------------------------------------------------------------------- */

struct stand {
	const struct ref *ref;
	const struct checkout *checkout;
};

/* The checkout as it would be for one branch or tag. */
static bool
checkout_get(void *ctx, enum value_default what, struct str *text)
{
	const struct stand *stand = ctx;
	const struct checkout *real = stand->checkout;
	if (what != DEFAULT_TAG && what != DEFAULT_BRANCH)
		return real->get && real->get(real->ctx, what, text);
	*text = stand->ref->name;
	return (what == DEFAULT_TAG) == stand->ref->tag;
}

static struct outcome
compile_text(struct arena *a, const struct trial *t, struct str text, const struct ref *ref)
{
	struct sources sources;
	struct diag_list d;
	struct compile_options options = *t->options;
	struct orb_store orbs = *t->options->orbs;
	orbs.a = a; /* what it reads goes with the compile */
	options.orbs = &orbs;
	struct stand stand = {ref, &t->options->checkout};
	options.checkout = (struct checkout){checkout_get, &stand};
	sources_init(&sources, a);
	diag_init(&d, a);
	struct compiled *c =
		compile_config(a, &sources, source_add(&sources, t->path, text), &options, &d);
	struct outcome o = {c ? c->config : NULL, d.errors + d.dropped, d.warnings, STR("")};
	for (uint32_t i = 0; i < d.all.n && !o.fault.len; i++)
		if (d.all.v[i].severity == SEVERITY_ERROR)
			o.fault = d.all.v[i].message;
	return o;
}

/* ---- comparing --------------------------------------------------------------------------- */

static bool alike(const struct node *a, const struct node *b, int depth);

static bool
is_apart(const struct pair *p)
{
	return node_is(p->key, "filters");
}

/* - deploy: make  was printed as it stands; as a run it is {command: make} */
static bool
same_command(const struct pair *p, const struct node *now)
{
	const struct node *command = node_get(now, "command");
	return node_is(p->key, "deploy") && p->value->kind == NODE_STRING && command &&
	       now->count == 1 && node_equal(p->value, command);
}

/* The value in b for a pair of a: a step that was `deploy` is `run` now. */
static const struct node *
partner(const struct pair *p, const struct node *b)
{
	const struct node *other =
		p->key->kind == NODE_STRING ? node_find(b, p->key->u.text) : NULL;
	for (uint32_t i = 0; !other && i < b->count; i++)
		if (node_equal(p->key, b->u.pairs[i].key))
			other = b->u.pairs[i].value;
	return !other && node_is(p->key, "deploy") ? node_get(b, "run") : other;
}

static bool
maps_alike(const struct node *a, const struct node *b, int depth)
{
	uint32_t na = 0, nb = 0;
	for (uint32_t i = 0; i < b->count; i++)
		nb += !is_apart(&b->u.pairs[i]);
	for (uint32_t i = 0; i < a->count; i++) {
		const struct pair *p = &a->u.pairs[i];
		if (is_apart(p))
			continue;
		const struct node *other = partner(p, b);
		na++;
		if (!other || !(same_command(p, other) || alike(p->value, other, depth + 1)))
			return false;
	}
	return na == nb;
}

/* build  and  build: {filters: …}  are the same invocation. */
static const struct node *
without_empty(const struct node *n)
{
	if (n->kind != NODE_MAP || n->count != 1 || n->u.pairs[0].value->kind != NODE_MAP)
		return n;
	const struct node *body = n->u.pairs[0].value;
	return body->count == 1 && is_apart(&body->u.pairs[0]) ? n->u.pairs[0].key : n;
}

static bool
alike(const struct node *a, const struct node *b, int depth)
{
	if (depth > 4 * LIMIT_DEPTH)
		return false;
	a = without_empty(a);
	b = without_empty(b);
	if (a->kind != b->kind)
		return false;
	if (a->kind == NODE_MAP)
		return maps_alike(a, b, depth);
	if (a->kind != NODE_LIST)
		return node_equal(a, b) || (node_is(a, "deploy") && node_is(b, "run"));
	for (uint32_t i = 0; a->count == b->count && i < a->count; i++)
		if (!alike(a->u.items[i], b->u.items[i], depth + 1))
			return false;
	return a->count == b->count;
}

/* Version 2 also prints the jobs that no workflow has: those of b decide. */
static bool
configs_alike(const struct node *a, const struct node *b)
{
	const struct node *jobs = node_get(b, "jobs"), *before = node_get(a, "jobs");
	const struct node *flows = node_get(b, "workflows"), *old = node_get(a, "workflows");
	if (!jobs != !before || !flows != !old)
		return !jobs && !before && !flows && !old;
	for (uint32_t i = 0; node_has(jobs, NODE_MAP) && i < jobs->count; i++) {
		const struct pair *p = &jobs->u.pairs[i];
		const struct node *job = partner(p, before);
		if (!job || !alike(job, p->value, 0))
			return false;
	}
	return !flows || alike(old, flows, 0);
}

static bool
same_outcome(
	struct arena *a, const struct outcome *before, const struct outcome *after, struct str *why)
{
	if (after->errors > before->errors) {
		*why = str_copy(a, after->fault);
		return false;
	}
	*why = STR("the compiled config would differ");
	if (!before->config || !after->config)
		return !before->config == !after->config && after->warnings <= before->warnings;
	if (before->config->weight > LIMIT_NODES || after->config->weight > LIMIT_NODES) {
		*why = STR("the compiled config is too large to compare");
		return false;
	}
	return configs_alike(before->config, after->config);
}

bool
trial_same(struct arena *a, const struct trial *t, struct str before, struct str after,
	struct str *why)
{
	struct refs refs = {0};
	struct arena *scratch = arena_new();
	struct sources sources;
	struct diag_list d;
	sources_init(&sources, scratch);
	diag_init(&d, scratch);
	const struct node *root =
		node_load(scratch, &sources, source_add(&sources, t->path, before), &d);
	collect_refs(&refs, root);
	bool same = true;
	for (uint32_t i = 0; i < refs.n && same; i++) {
		struct arena *round = arena_new();
		struct outcome was = compile_text(round, t, before, &refs.v[i]);
		struct outcome is = compile_text(round, t, after, &refs.v[i]);
		same = same_outcome(a, &was, &is, why);
		if (!same && !str_starts(*why, STR("the compiled")))
			*why = str_copy(a, *why);
		else if (!same)
			*why = str_printf(a, "%.*s (%s %.*s)", STR_ARG(*why),
				refs.v[i].tag ? "tag" : "branch", STR_ARG(refs.v[i].name));
		arena_free(round);
	}
	arena_free(scratch);
	return same;
}
