/* SPDX-License-Identifier: MIT */
/*
 * Filters: which invocations run for the branch or tag at hand. Where neither is known, map
 * filters are kept as they stand.
 */
#include "ccx/compile.h"

#include "internal.h"

/* What is being built, as far as it is known. */
struct ref {
	const struct node *branch, *tag; /* strings, or NULL */
};

/* main, or a pattern between slashes; each against the whole name */
static bool
item_matches(
	struct compile *c, const struct node *item, struct str name, const struct origin *origin)
{
	struct str text = node_text(c->a, item), reason = {0};
	bool pattern = text.len > 1 && text.s[0] == '/' && text.s[text.len - 1] == '/';
	if (!pattern)
		return str_eq(text, name);
	struct str source = str_sub(text, 1, text.len - 1);
	enum match m = pattern_match(c->a, source, name, &reason);
	if (m != MATCH_BAD_PATTERN && m != MATCH_TOO_HARD)
		return m == MATCH_YES;
	struct diag *g = diag_push(c->diags, RULE_INVALID_PATTERN, item->span,
		"Invalid regular expression: %.*s: Invalid pattern.", STR_ARG(source));
	g->origin = origin;
	diag_label(c->diags, g, "%.*s", STR_ARG(reason));
	return false;
}

/* One item or a list of them. */
static bool
any_matches(
	struct compile *c, const struct node *items, struct str name, const struct origin *origin)
{
	if (items->kind != NODE_LIST)
		return items->kind != NODE_NULL && item_matches(c, items, name, origin);
	for (uint32_t i = 0; i < items->count; i++)
		if (any_matches(c, items->u.items[i], name, origin))
			return true;
	return false;
}

/* only decides where it is given; else ignore. Neither: nothing was said of this kind. */
static bool
admits(struct compile *c, const struct node *rules, struct str name, const struct origin *origin)
{
	const struct node *only = node_get(rules, "only"), *ignore = node_get(rules, "ignore");
	if (only && only->kind != NODE_NULL)
		return any_matches(c, only, name, origin);
	return !ignore || !any_matches(c, ignore, name, origin);
}

/* filters: {branches: {only: main}, tags: {ignore: /.*-rc/}}
 * A branch runs unless branches exclude it; a tag runs only when tags admit it. */
static bool
map_admits(struct compile *c, const struct node *filters, const struct ref *ref,
	const struct origin *origin)
{
	const struct node *branches = node_get(filters, "branches"),
			  *tags = node_get(filters, "tags");
	if (ref->branch && node_has(branches, NODE_MAP) && branches->count == 0)
		return false; /* branches: {} admits none */
	if (ref->branch)
		return !node_has(branches, NODE_MAP) ||
		       admits(c, branches, ref->branch->u.text, origin);
	if (ref->tag)
		return node_has(tags, NODE_MAP) && admits(c, tags, ref->tag->u.text, origin);
	return true;
}

static bool
runs(struct compile *c, const struct invocation *inv, const struct ref *ref)
{
	const struct node *filters = node_get(inv->entry, "filters");
	struct view view = {.c = c, .pipeline_parameters = true};
	bool result = true;
	if (node_has(filters, NODE_STRING)) {
		view_expression(&view, filters, inv->origin, &result);
		return result;
	}
	return map_admits(c, filters, ref, inv->origin);
}

/* A job whose upstreams are all filtered out does not run either. Repeated until nothing changes:
 * entries need not stand in order of their requires. */
static void
filter_downstream(struct workflow *w)
{
	for (bool changed = true; changed;) {
		changed = false;
		for (uint32_t i = 0; i < w->jobs.n; i++) {
			struct invocation *inv = w->jobs.v[i];
			bool left = inv->upstream.n == 0;
			for (uint32_t k = 0; k < inv->upstream.n; k++)
				left = left || !inv->upstream.v[k]->filtered;
			changed = changed || (!left && !inv->filtered);
			inv->filtered = inv->filtered || !left;
		}
	}
}

static const struct node *
known(struct compile *c, const char *name)
{
	const struct node *n = pipeline_value(c, str_of(name));
	return node_has(n, NODE_STRING) && n->u.text.len ? n : NULL;
}

static bool
has_filters(const struct compile *c)
{
	for (uint32_t i = 0; i < c->workflows.n; i++)
		for (uint32_t k = 0; k < c->workflows.v[i]->jobs.n; k++)
			if (node_get(c->workflows.v[i]->jobs.v[k]->entry, "filters"))
				return true;
	return false;
}

bool
pass_filters(struct compile *c)
{
	/* The checkout is asked only when somebody filters. */
	if (!compat_style(c->options->compat).filters || !has_filters(c))
		return true;
	struct ref ref = {known(c, "pipeline.git.branch"), known(c, "pipeline.git.tag")};
	bool any = false;
	for (uint32_t i = 0; i < c->workflows.n; i++) {
		struct workflow *w = c->workflows.v[i];
		for (uint32_t k = 0; k < w->jobs.n; k++)
			w->jobs.v[k]->filtered = !runs(c, w->jobs.v[k], &ref);
		filter_downstream(w);
		for (uint32_t k = 0; k < w->jobs.n; k++)
			any = any || !w->jobs.v[k]->filtered;
	}
	if (any || c->diags->errors)
		return true;
	const struct node *at = ref.branch ? ref.branch : ref.tag;
	struct diag *g = diag_push(c->diags, RULE_NO_JOBS, c->config->workflows->span,
		"All Workflows have been filtered from this Pipeline.\nNo Jobs have been run.");
	if (c->options->tolerant)
		diag_demote(c->diags, g, SEVERITY_NOTE);
	if (at)
		diag_help(c->diags, g, "no job runs for %s \"%.*s\"", ref.branch ? "branch" : "tag",
			STR_ARG(at->u.text));
	return true;
}
