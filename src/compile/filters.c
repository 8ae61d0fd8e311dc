/* SPDX-License-Identifier: MIT */
/*
 * Filters: which invocations run for the branch or tag at hand. Where neither is known, map
 * filters are kept as they stand.
 */
#include "ccx/compile.h"

#include "internal.h"

/* ---- one name ---------------------------------------------------------------------------- */

/* main, or a pattern between slashes; each against the whole name */
static bool
item_matches(const struct filter_query *q, const struct node *item)
{
	struct str text = node_text(q->a, item), reason = {0};
	bool pattern = text.len > 1 && text.s[0] == '/' && text.s[text.len - 1] == '/';
	if (!pattern)
		return str_eq(text, q->name);
	struct str source = str_sub(text, 1, text.len - 1);
	enum match m = pattern_match(q->a, source, q->name, &reason);
	if (q->bad && (m == MATCH_BAD_PATTERN || m == MATCH_TOO_HARD))
		q->bad(q->ctx, item, source, reason);
	return m == MATCH_YES;
}

const struct node *
filter_match(const struct filter_query *q, const struct node *items)
{
	if (items->kind == NODE_NULL)
		return NULL;
	if (items->kind != NODE_LIST)
		return item_matches(q, items) ? items : NULL;
	for (uint32_t i = 0; i < items->count; i++) {
		const struct node *found = filter_match(q, items->u.items[i]);
		if (found)
			return found;
	}
	return NULL;
}

bool
filter_admits(const struct filter_query *q, const struct node *rules, struct span *why)
{
	const struct pair *only = node_pair(rules, STR("only"));
	if (only && only->value->kind != NODE_NULL) {
		*why = only->key->span;
		return filter_match(q, only->value) != NULL;
	}
	const struct node *ignore = node_get(rules, "ignore");
	const struct node *found = ignore ? filter_match(q, ignore) : NULL;
	if (found)
		*why = found->span;
	return !found;
}

/* ---- an invocation ----------------------------------------------------------------------- */

/* Whose filters are asked. */
struct asking {
	struct compile *c;
	const struct invocation *inv;
};

static void
bad_pattern(void *ctx, const struct node *item, struct str pattern, struct str reason)
{
	const struct asking *by = ctx;
	struct diag *g = diag_push(by->c->diags, RULE_INVALID_PATTERN, item->span,
		"Invalid regular expression: %.*s: Invalid pattern.", STR_ARG(pattern));
	g->origin = by->inv->origin;
	diag_label(by->c->diags, g, "%.*s", STR_ARG(reason));
}

static struct filter_query
query(struct asking *by, struct str name)
{
	return (struct filter_query){by->c->a, name, bad_pattern, by};
}

static const struct node *
known(struct compile *c, const char *name)
{
	const struct node *n = pipeline_value(c, str_of(name));
	return node_has(n, NODE_STRING) && n->u.text.len ? n : NULL;
}

/* branches: {} admits none. Where nothing is said of branches, a tag on the same push may still
 * be ignored. */
static enum absence
branch_absence(
	struct compile *c, struct invocation *inv, const struct node *filters, struct str branch)
{
	const struct pair *branches = node_pair(filters, STR("branches"));
	struct asking by = {c, inv};
	struct filter_query q = query(&by, branch);
	if (branches && branches->value->kind == NODE_MAP) {
		inv->why = branches->key->span;
		return branches->value->count && filter_admits(&q, branches->value, &inv->why)
			       ? PRESENT
			       : ABSENT_BRANCH;
	}
	const struct node *ignore = node_get(node_get(filters, "tags"), "ignore");
	const struct node *tag = ignore ? known(c, "pipeline.git.tag") : NULL;
	if (tag)
		q.name = tag->u.text;
	const struct node *found = tag ? filter_match(&q, ignore) : NULL;
	if (found)
		inv->why = found->span;
	return found ? ABSENT_TAG : PRESENT;
}

/* Without a word of tags no tag is admitted. */
static enum absence
tag_absence(struct compile *c, struct invocation *inv, const struct pair *filters, struct str tag)
{
	const struct pair *tags = filters ? node_pair(filters->value, STR("tags")) : NULL;
	struct asking by = {c, inv};
	struct filter_query q = query(&by, tag);
	if (tags && tags->value->kind == NODE_MAP)
		return filter_admits(&q, tags->value, &inv->why) ? PRESENT : ABSENT_TAG;
	if (filters)
		inv->why = filters->key->span;
	return ABSENT_TAG;
}

/* filters: {branches: {only: main}, tags: {ignore: v0.1}}
 * A branch runs unless branches exclude it; a tag runs only when tags admit it. */
static enum absence
map_absence(struct compile *c, struct invocation *inv, const struct pair *filters)
{
	const struct node *branch = known(c, "pipeline.git.branch");
	if (branch)
		return branch_absence(c, inv, filters ? filters->value : NULL, branch->u.text);
	const struct node *tag = known(c, "pipeline.git.tag");
	return tag ? tag_absence(c, inv, filters, tag->u.text) : PRESENT;
}

/* Its own filters alone; sets inv->why. */
static enum absence
own_absence(struct compile *c, struct invocation *inv)
{
	const struct pair *filters = node_pair(inv->entry, STR("filters"));
	struct view view = {.c = c, .pipeline_parameters = true};
	bool result = true;
	inv->why = inv->span;
	if (!filters || filters->value->kind != NODE_STRING)
		return map_absence(c, inv, filters);
	inv->why = filters->value->span;
	if (!view_expression(&view, filters->value, inv->origin, &result) || result)
		return PRESENT;
	inv->why = expression_decisive(&view, filters->value, inv->origin, false);
	return ABSENT_EXPRESSION;
}

/* Does anything run that inv waits for? If all was filtered out, it does not run either. */
static bool
is_left(const struct invocation *inv)
{
	for (uint32_t k = 0; k < inv->upstream.n; k++)
		if (!inv->upstream.v[k]->absence)
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
		inv->absence = own_absence(c, inv);
		if (!inv->absence && !is_left(inv)) {
			inv->absence = ABSENT_UPSTREAM;
			inv->why = inv->requires.n ? inv->requires.v[0].span : inv->span;
		}
		any = any || !inv->absence;
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
