/* SPDX-License-Identifier: MIT */
/*
 * Filters: which invocations run for the branch or tag at hand. Where neither is known, map
 * filters are kept as they stand.
 */
#include "ccx/compile.h"

#include "internal.h"

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

static const struct node *
known(struct compile *c, const char *name)
{
	const struct node *n = pipeline_value(c, str_of(name));
	return node_has(n, NODE_STRING) && n->u.text.len ? n : NULL;
}

/* branches: {} admits none. Where nothing is said of branches, a tag on the same push may still
 * be ignored. */
static bool
admits_branch(struct compile *c, const struct node *filters, struct str branch,
	const struct origin *origin)
{
	const struct node *branches = node_get(filters, "branches");
	const struct node *ignore = node_get(node_get(filters, "tags"), "ignore");
	if (node_has(branches, NODE_MAP))
		return branches->count && admits(c, branches, branch, origin);
	const struct node *tag = ignore ? known(c, "pipeline.git.tag") : NULL;
	return !tag || !any_matches(c, ignore, tag->u.text, origin);
}

/* filters: {branches: {only: main}, tags: {ignore: v0.1}}
 * A branch runs unless branches exclude it; a tag runs only when tags admit it. */
static bool
map_admits(struct compile *c, const struct node *filters, const struct origin *origin)
{
	const struct node *branch = known(c, "pipeline.git.branch");
	if (branch)
		return admits_branch(c, filters, branch->u.text, origin);
	const struct node *tag = known(c, "pipeline.git.tag"), *tags = node_get(filters, "tags");
	return !tag || (node_has(tags, NODE_MAP) && admits(c, tags, tag->u.text, origin));
}

static bool
runs(struct compile *c, const struct invocation *inv)
{
	const struct node *filters = node_get(inv->entry, "filters");
	struct view view = {.c = c, .pipeline_parameters = true};
	bool result = true;
	if (!node_has(filters, NODE_STRING))
		return map_admits(c, filters, inv->origin);
	view_expression(&view, filters, inv->origin, &result);
	return result;
}

/* Does anything run that inv waits for? If all was filtered out, it does not run either. */
static bool
is_left(const struct invocation *inv)
{
	for (uint32_t k = 0; k < inv->upstream.n; k++)
		if (!inv->upstream.v[k]->filtered)
			return true;
	return inv->upstream.n == 0;
}

/* True when some job of w runs, or it has none to begin with. */
static bool
filter_workflow(struct compile *c, struct workflow *w)
{
	bool any = w->jobs.n == 0;
	for (uint32_t i = 0; i < w->order.n; i++) {
		struct invocation *inv = w->order.v[i];
		inv->filtered = !runs(c, inv) || !is_left(inv);
		any = any || !inv->filtered;
	}
	return any;
}

bool
pass_filters(struct compile *c)
{
	if (!compat_style(c->options->compat).filters)
		return true;
	bool any = false;
	for (uint32_t i = 0; i < c->workflows.n; i++)
		any = filter_workflow(c, c->workflows.v[i]) || any;
	if (any || !c->workflows.n || c->diags->errors)
		return true;
	const struct node *branch = known(c, "pipeline.git.branch");
	const struct node *at = branch ? branch : known(c, "pipeline.git.tag");
	const struct node *where = c->config->workflows ? c->config->workflows : c->root;
	struct diag *g = diag_push(c->diags, RULE_NO_JOBS, where->span,
		"All Workflows have been filtered from this Pipeline.\nNo Jobs have been run.");
	if (c->options->tolerant)
		diag_demote(c->diags, g, SEVERITY_NOTE);
	if (at)
		diag_help(c->diags, g, "no job runs for %s \"%.*s\"", branch ? "branch" : "tag",
			STR_ARG(at->u.text));
	return true;
}
