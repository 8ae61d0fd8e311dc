/* SPDX-License-Identifier: MIT */
/*
 * Filters of branches and tags: jobs that can run nowhere, or not where their filter says, because
 * what they require is filtered out there. A job without filters runs on every branch and on no
 * tag; a job all of whose requirements are filtered out does not run.
 */
#include "ccx/check.h"

#include "internal.h"
#include "patterns.h"
#include "written.h"

enum {
	MOST_JOBS = 4096,      /* of one workflow */
	MOST_REQUIRES = 65536, /* of one workflow */
	MOST_BRANCHES = 16,    /* of one filter that are looked at */
	MOST_MATCHES = 2000,   /* of one run: each may take its time */
};

enum answer { NO, YES, UNKNOWN };

struct job {
	struct entry entry;
	struct str name; /* that requires may give it; empty when it is made by an expression */
	const struct node *filters;
	uint32_t *requires; /* indexes */
	uint32_t nrequires;
	bool complete;         /* every requirement was found */
	enum answer own, tags; /* for tags: by its own filter; with what it requires */
};

struct graph {
	const struct check *c;
	struct job *v;
	uint32_t n, edges;
	uint32_t *matches; /* patterns that were tried in this run */
	struct map index;  /* name -> index + 1; 0 for a name that is there twice */
};

/* ---- one filter -------------------------------------------------------------------------- */

/* branches: {ignore: [everything]}     branches: {only: []} */
static bool
none_passes(const struct node *rules)
{
	static const char *const all[] = {"/.*/", "/.+/", "/^.*$/", "/^.+$/", "/.*?/"};
	const struct node *only = node_get(rules, "only"), *ignore = node_get(rules, "ignore");
	if (only && only->kind != NODE_NULL)
		return only->kind == NODE_LIST && !only->count;
	bool list = node_has(ignore, NODE_LIST);
	for (uint32_t i = 0; ignore && i < (list ? ignore->count : 1); i++)
		for (size_t k = 0; k < sizeof all / sizeof *all; k++)
			if (node_is(list ? ignore->u.items[i] : ignore, all[k]))
				return true;
	return false;
}

static bool
no_branch(const struct node *filters)
{
	return none_passes(node_get(filters, "branches"));
}

/* tags: {only: /v[0-9]+/} says something of tags; tags: {} and tags: null do not */
static enum answer
tags_answer(const struct node *filters)
{
	if (!filters || filters->kind == NODE_NULL)
		return NO;
	if (filters->kind != NODE_MAP)
		return UNKNOWN; /* an expression */
	const struct node *tags = node_get(filters, "tags");
	if (!tags || tags->kind == NODE_NULL)
		return NO;
	if (tags->kind != NODE_MAP)
		return UNKNOWN;
	return none_passes(tags) ? NO : YES;
}

static enum answer
any_matches(const struct graph *g, const struct node *items, struct str name)
{
	bool list = items->kind == NODE_LIST;
	for (uint32_t i = 0; i < (list ? items->count : 1); i++) {
		const struct node *item = list ? items->u.items[i] : items;
		if (item->kind != NODE_STRING || item->flags & NODE_TEMPLATED ||
			(is_pattern(item->u.text) && ++*g->matches > MOST_MATCHES))
			return UNKNOWN;
		enum match m = pattern_admits(g->c, item->u.text, name);
		if (m == MATCH_YES)
			return YES;
		if (m != MATCH_NO)
			return UNKNOWN;
	}
	return NO;
}

static enum answer
branch_answer(const struct graph *g, const struct node *filters, struct str name)
{
	const struct node *branches = node_get(filters, "branches");
	const struct node *only = node_get(branches, "only"),
			  *ignore = node_get(branches, "ignore");
	if (node_has(filters, NODE_STRING))
		return UNKNOWN;
	if (only && only->kind != NODE_NULL)
		return any_matches(g, only, name);
	if (!ignore || ignore->kind == NODE_NULL)
		return YES;
	enum answer a = any_matches(g, ignore, name);
	return a == UNKNOWN ? UNKNOWN : a == YES ? NO : YES;
}

/* ---- the workflow ------------------------------------------------------------------------ */

static struct str
entry_name(const struct entry *e)
{
	const struct node *matrix = node_get(e->body, "matrix");
	const struct node *alias = node_get(matrix, "alias");
	const struct node *name = matrix ? alias : node_get(e->body, "name");
	name = name ? name : e->key;
	bool fixed = name->kind == NODE_STRING && !(name->flags & NODE_TEMPLATED);
	return fixed ? name->u.text : (struct str){0};
}

static bool
add_job(struct graph *g, const struct node *item)
{
	struct job *j = &g->v[g->n];
	*j = (struct job){0};
	if (!entry_read(item, &j->entry))
		return false;
	j->name = entry_name(&j->entry);
	j->filters = node_get(j->entry.body, "filters");
	j->own = j->tags = tags_answer(j->filters);
	g->n++;
	bool twice = map_has(&g->index, j->name);
	if (j->name.len)
		map_put(g->c->a, &g->index, j->name, twice ? NULL : (void *)(uintptr_t)g->n);
	return true;
}

/* requires: [build, {test: [success, failed]}] */
static void
add_requires(struct graph *g, struct job *j)
{
	const struct node *list = node_get(j->entry.body, "requires");
	j->complete = !list || list->kind == NODE_LIST;
	if (!node_has(list, NODE_LIST) || list->count > MOST_REQUIRES - g->edges) {
		j->complete = j->complete && !list;
		return;
	}
	j->requires = NEW_ARRAY(g->c->a, uint32_t, list->count + 1);
	g->edges += list->count;
	for (uint32_t i = 0; i < list->count; i++) {
		const struct node *name = list->u.items[i];
		if (name->kind == NODE_MAP && name->count == 1)
			name = name->u.pairs[0].key;
		bool text = name->kind == NODE_STRING;
		uintptr_t at = text ? (uintptr_t)map_get(&g->index, name->u.text) : 0;
		if (at)
		j->requires[j->nrequires++] = (uint32_t)at - 1;
		else j->complete = false;
	}
}

static bool
read_graph(struct graph *g, const struct node *jobs)
{
	if (!node_has(jobs, NODE_LIST) || jobs->count > MOST_JOBS)
		return false;
	g->v = NEW_ARRAY(g->c->a, struct job, jobs->count + 1);
	for (uint32_t i = 0; i < jobs->count; i++)
		if (!add_job(g, jobs->u.items[i]))
			return false;
	for (uint32_t i = 0; i < g->n; i++)
		add_requires(g, &g->v[i]);
	return true;
}

/* Takes tags away from jobs all of whose requirements do without. Repeated until nothing changes:
 * entries need not stand in order. */
static void
spread(struct graph *g)
{
	for (bool changed = true; changed;) {
		changed = false;
		for (uint32_t i = 0; i < g->n; i++) {
			struct job *j = &g->v[i];
			bool left = !j->nrequires || !j->complete;
			for (uint32_t k = 0; k < j->nrequires && !left; k++)
				left = g->v[j->requires[k]].tags != NO;
			changed = changed || (!left && j->tags != NO);
			j->tags = left ? j->tags : NO;
		}
	}
}

/* ---- findings ---------------------------------------------------------------------------- */

static struct str
shown_name(const struct job *j)
{
	return str_sub(j->name.len ? j->name : j->entry.key->u.text, 0, 200);
}

/* Its own filter lets tags pass, no filter of what it requires does. */
static bool
lost_tags(const struct graph *g, const struct job *j)
{
	if (j->own != YES || !j->complete || !j->nrequires)
		return false;
	for (uint32_t i = 0; i < j->nrequires; i++)
		if (g->v[j->requires[i]].own != NO)
			return false;
	return true;
}

static void
note_upstream(const struct graph *g, struct diag *d, const struct job *j, const char *why)
{
	enum { NOTES = 4 };
	for (uint32_t i = 0; i < j->nrequires && i < NOTES; i++) {
		const struct job *up = &g->v[j->requires[i]];
		if (check_own(g->c, up->entry.key->span))
			diag_note(g->c->diags, d, up->entry.key->span, "%s", why);
	}
}

static void
report_tags(const struct graph *g, const struct job *j)
{
	struct diag_list *d = g->c->diags;
	bool nowhere = no_branch(j->filters);
	struct diag *f = diag_push(d, RULE_FILTERED_UPSTREAM, j->entry.key->span,
		"\"%.*s\" %s: its filter lets tags pass, but nothing that it requires runs for "
		"tags",
		STR_ARG(shown_name(j)), nowhere ? "never runs" : "does not run for tags");
	note_upstream(g, f, j, "runs for no tag");
	diag_help(d, f, "give the jobs that it requires the same `tags` filter");
}

static void
report_never(const struct graph *g, const struct job *j)
{
	struct diag_list *d = g->c->diags;
	struct diag *f = diag_push(d, RULE_NEVER_RUNS, j->entry.key->span,
		"\"%.*s\" never runs: its filter lets no branch pass, and none is for tags",
		STR_ARG(shown_name(j)));
	const struct node *branches = node_get(j->filters, "branches");
	if (branches && check_own(g->c, branches->span))
		diag_note(d, f, branches->span, "this filter");
	diag_help(d, f, "add a `tags` filter if it is for tags, or remove the job");
}

/* only: [main, develop]: is there one on which everything that the job requires is filtered? */
static void
check_branches(const struct graph *g, const struct job *j)
{
	const struct check *c = g->c;
	const struct node *only = node_get(node_get(j->filters, "branches"), "only");
	bool list = node_has(only, NODE_LIST);
	uint32_t n = !only ? 0 : list ? only->count : 1;
	if (!j->complete || !j->nrequires)
		return;
	for (uint32_t i = 0; i < n && i < MOST_BRANCHES; i++) {
		const struct node *name = list ? only->u.items[i] : only;
		if (name->kind != NODE_STRING || name->flags & NODE_TEMPLATED ||
			is_pattern(name->u.text))
			continue;
		bool lost = true;
		for (uint32_t k = 0; k < j->nrequires && lost; k++) {
			const struct job *up = &g->v[j->requires[k]];
			lost = branch_answer(g, up->filters, name->u.text) == NO;
		}
		if (!lost)
			continue;
		struct diag *f = diag_push(c->diags, RULE_FILTERED_UPSTREAM, j->entry.key->span,
			"\"%.*s\" does not run on branch \"%.*s\": nothing that it requires runs "
			"there",
			STR_ARG(shown_name(j)), STR_ARG(str_sub(name->u.text, 0, 200)));
		note_upstream(g, f, j, "is filtered out there");
		diag_help(c->diags, f, "let the filters of what it requires pass the branch");
		return;
	}
}

static void
check_workflow(const struct check *c, const struct node *workflow, uint32_t *matches)
{
	struct graph g = {.c = c, .matches = matches};
	if (!read_graph(&g, node_get(workflow, "jobs")))
		return;
	spread(&g);
	for (uint32_t i = 0; i < g.n; i++) {
		const struct job *j = &g.v[i];
		if (!check_own(c, j->entry.key->span))
			continue;
		if (lost_tags(&g, j))
			report_tags(&g, j);
		else if (j->own == NO && no_branch(j->filters))
			report_never(&g, j);
		else
			check_branches(&g, j);
	}
}

/* ---- the filters themselves -------------------------------------------------------------- */

/* branches: {only: main, ignore: /wip.+/} */
static void
check_rules(const struct check *c, const struct node *rules)
{
	const struct pair *only = node_pair(rules, STR("only")),
			  *ignore = node_pair(rules, STR("ignore"));
	if (!node_has(rules, NODE_MAP))
		return;
	if (only)
		check_patterns(c, only->value);
	if (ignore)
		check_patterns(c, ignore->value);
	if (!only || !ignore || only->value->kind == NODE_NULL ||
		ignore->value->kind == NODE_NULL || !check_own(c, ignore->key->span))
		return;
	struct diag *g = diag_push(c->diags, RULE_ONLY_AND_IGNORE, ignore->key->span,
		"`ignore` does nothing here: `only` decides where both are given");
	diag_note(c->diags, g, only->key->span, "this decides");
	diag_help(c->diags, g, "remove one of them");
}

static void
check_filters_map(const struct check *c, const struct node *filters)
{
	check_rules(c, node_get(filters, "branches"));
	check_rules(c, node_get(filters, "tags"));
}

/* triggers: [{schedule: {cron: "0 0 * * *", filters: {branches: {only: main}}}}] */
static void
check_triggers(const struct check *c, const struct node *triggers)
{
	for (uint32_t i = 0; node_has(triggers, NODE_LIST) && i < triggers->count; i++)
		check_filters_map(
			c, node_get(node_get(triggers->u.items[i], "schedule"), "filters"));
}

static void
check_jobs(const struct check *c, const struct node *jobs)
{
	for (uint32_t i = 0; node_has(jobs, NODE_LIST) && i < jobs->count; i++) {
		struct entry e;
		if (entry_read(jobs->u.items[i], &e))
			check_filters_map(c, node_get(e.body, "filters"));
	}
}

void
check_branch_filters(const struct check *c)
{
	const struct node *workflows = written_workflows(c);
	uint32_t matches = 0;
	for (uint32_t i = 0; is_walkable(c) && workflows && i < workflows->count; i++) {
		const struct pair *p = &workflows->u.pairs[i];
		if (!is_workflow(p))
			continue;
		check_jobs(c, node_get(p->value, "jobs"));
		check_triggers(c, node_get(p->value, "triggers"));
		check_workflow(c, p->value, &matches);
	}
}
