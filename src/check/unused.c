/* SPDX-License-Identifier: MIT */
/*
 * What is defined and never used. A name counts as used wherever it could be one: a command when
 * some list has it, an executor when any text is its name. So what is reported is unused, and what
 * is unused may go unreported.
 *
 * Nothing is said of a file without workflows: it is a part of a config, to be joined with others.
 */
#include "ccx/check.h"
#include "ccx/limits.h"

#include "internal.h"
#include "written.h"

enum { LONGEST = 200 }; /* bytes of a name: a longer one is not looked at */

struct uses {
	const struct check *c;
	struct map texts;    /* strings that are values */
	struct map items;    /* keys of maps in lists: steps and jobs with arguments */
	struct map prefixes; /* what stands before the first "/" of any of them, or of a key */
	struct map jobs;     /* jobs that workflows, job groups or aliases name */
	struct map axes;     /* "job/axis" of every matrix */
	bool any_orb;        /* an orb's name is made by an expression */
	bool any_executor;   /* an executor's name is */
	const struct anchor_use *anchors;
	uint32_t nanchors;
	VEC(uint32_t) held; /* where the anchors stand that have aliases; in order */
};

static bool dummy;

/* ---- what is named ----------------------------------------------------------------------- */

static void
add(const struct uses *u, struct map *set, struct str text)
{
	if (text.len && text.len <= LONGEST && !map_has(set, text))
		map_put(u->c->a, set, text, &dummy);
}

static void
add_prefix(struct uses *u, struct str text)
{
	size_t slash = str_find(str_sub(text, 0, 200), STR("/"), 0);
	if (slash != SIZE_MAX)
		add(u, &u->prefixes, str_sub(text, 0, slash));
	if (str_has(text, STR(">>/")) || str_has(text, STR(">> /")))
		u->any_orb = true;
}

/* executor: << parameters.os >>-large
 * executor: << pipeline.parameters.executor >>     # given when the pipeline is started */
static void
note_executor(struct uses *u, const struct node *n)
{
	struct str name;
	if (node_has(n, NODE_MAP))
		n = node_get(n, "name");
	if (!node_has(n, NODE_STRING) || !(n->flags & NODE_TEMPLATED))
		return;
	if (!single_name(n->u.text, &name) || str_starts(name, STR("pipeline.")))
		u->any_executor = true;
}

static void
collect(struct uses *u, const struct node *n, bool item)
{
	if (n->kind == NODE_STRING) {
		add(u, &u->texts, n->u.text);
		add_prefix(u, n->u.text);
	}
	for (uint32_t i = 0; n->kind == NODE_LIST && i < n->count; i++)
		collect(u, n->u.items[i], true);
	for (uint32_t i = 0; n->kind == NODE_MAP && i < n->count; i++) {
		const struct pair *p = &n->u.pairs[i];
		if (p->key->kind == NODE_STRING) {
			add_prefix(u, p->key->u.text);
			if (item)
				add(u, &u->items, p->key->u.text);
		}
		if (node_is(p->key, "executor"))
			note_executor(u, p->value);
		collect(u, p->value, false);
	}
}

static void
collect_entry(struct uses *u, const struct entry *e)
{
	const struct node *axes = node_get(node_get(e->body, "matrix"), "parameters");
	add(u, &u->jobs, e->key->u.text);
	for (uint32_t i = 0; node_has(axes, NODE_MAP) && i < axes->count; i++)
		if (axes->u.pairs[i].key->kind == NODE_STRING)
			add(u, &u->axes,
				str_printf(u->c->a, "%.*s/%.*s", STR_ARG(e->key->u.text),
					STR_ARG(axes->u.pairs[i].key->u.text)));
}

/* An entry of several keys may mean each of them. */
static void
collect_jobs(struct uses *u, const struct node *jobs)
{
	for (uint32_t i = 0; node_has(jobs, NODE_LIST) && i < jobs->count; i++) {
		const struct node *item = jobs->u.items[i];
		struct entry e;
		if (entry_read(item, &e))
			collect_entry(u, &e);
		for (uint32_t k = 0; item->kind == NODE_MAP && k < item->count; k++)
			if (item->u.pairs[k].key->kind == NODE_STRING)
				add(u, &u->jobs, item->u.pairs[k].key->u.text);
	}
}

static void
collect_all(struct uses *u, const struct node *workflows)
{
	const struct config *config = u->c->config;
	collect(u, u->c->root, false);
	for (uint32_t i = 0; i < workflows->count; i++)
		collect_jobs(u, node_get(workflows->u.pairs[i].value, "jobs"));
	for (uint32_t i = 0; i < config->module.groups.n; i++) {
		const struct element *g = config->module.groups.v[i].value;
		collect_jobs(u, node_get(g->node, "jobs"));
	}
	for (uint32_t i = 0; i < config->module.jobs.n; i++) {
		const struct element *e = config->module.jobs.v[i].value;
		add(u, &u->jobs, e->alias);
	}
	u->anchors = node_anchors(u->c->a, u->c->sources, u->c->file, &u->nanchors);
	for (uint32_t i = 0; i < u->nanchors; i++)
		if (u->anchors[i].uses)
			vec_push(u->c->a, &u->held, u->anchors[i].span.off);
}

/* ---- elements ---------------------------------------------------------------------------- */

/* Some part of it is used elsewhere through an alias. */
static bool
holds_anchor(const struct uses *u, struct span name, struct span body)
{
	uint32_t from = 0, to = u->held.n;
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		if (u->held.v[middle] <= name.off)
			from = middle + 1;
		else
			to = middle;
	}
	return from < u->held.n && u->held.v[from] < body.off + body.len;
}

struct elements {
	const struct element **v;
	uint32_t n, cap;
};

static void
unused_element(const struct uses *u, const struct element *e, enum rule rule, const char *why)
{
	const struct check *c = u->c;
	static const char *const sections[] = {[ELEMENT_COMMAND] = "commands",
		[ELEMENT_EXECUTOR] = "executors",
		[ELEMENT_JOB] = "jobs"};
	struct diag *g = diag_push(c->diags, rule, e->span, "%s \"%.*s\" is not used: %s",
		element_kind_names[e->kind], STR_ARG(e->name), why);
	diag_help(c->diags, g, "remove it, or use it");
	const struct node *section = node_get(c->root, sections[e->kind]);
	const struct pair *p = diag_kept(c->diags, g) ? node_pair(section, e->name) : NULL;
	if (p && diag_kept(c->diags, g))
		fix_remove(c, g, section, p->key);
}

/* Is it named anywhere? */
static bool
is_used(const struct uses *u, const struct element *e)
{
	if (e->kind == ELEMENT_JOB)
		return map_has(&u->jobs, e->name);
	return map_has(&u->texts, e->name) ||
	       (e->kind == ELEMENT_COMMAND && map_has(&u->items, e->name));
}

static void
note_rest(const struct uses *u, struct diag *g, const struct elements *all)
{
	enum { NOTES = 20 };
	for (uint32_t i = 1; i < all->n && i < NOTES; i++)
		diag_note(u->c->diags, g, all->v[i]->span, "nor is \"%.*s\"",
			STR_ARG(all->v[i]->name));
	diag_help(u->c->diags, g, "remove what is left over, or use it");
}

/* A config of which most has moved elsewhere is one finding, not a hundred. */
static void
check_elements(const struct uses *u, const struct map *map, enum rule rule, const char *why)
{
	enum { MANY = 10 };
	struct elements all = {0};
	for (uint32_t i = 0; i < map->n; i++) {
		const struct element *e = map->v[i].value;
		if (check_own(u->c, e->span) && e->name.len <= LONGEST && !is_used(u, e) &&
			!holds_anchor(u, e->span, e->node->span))
			vec_push(u->c->a, &all, e);
	}
	for (uint32_t i = 0; all.n <= MANY && i < all.n; i++)
		unused_element(u, all.v[i], rule, why);
	if (all.n <= MANY)
		return;
	struct diag *g = diag_push(u->c->diags, rule, all.v[0]->span,
		"%s \"%.*s\" and %u others are not used: %s", element_kind_names[all.v[0]->kind],
		STR_ARG(all.v[0]->name), all.n - 1, why);
	note_rest(u, g, &all);
}

static void
check_orbs(const struct uses *u)
{
	const struct check *c = u->c;
	const struct map *orbs = &c->config->module.orbs;
	for (uint32_t i = 0; !u->any_orb && i < orbs->n; i++) {
		const struct orb_entry *o = orbs->v[i].value;
		if (map_has(&u->prefixes, o->alias) || !check_own(c, o->span) ||
			o->alias.len > LONGEST)
			continue;
		struct diag *g = diag_push(c->diags, RULE_UNUSED_ORB, o->span,
			"orb \"%.*s\" is not used: nothing begins with `%.*s/`", STR_ARG(o->alias),
			STR_ARG(o->alias));
		diag_help(c->diags, g, "remove it: %s loads it all the same",
			c->compiled ? "every pipeline" : "whoever uses this orb");
		const struct node *section = node_get(c->root, "orbs");
		const struct pair *p = diag_kept(c->diags, g) ? node_pair(section, o->alias) : NULL;
		if (p)
			fix_remove(c, g, section, p->key);
	}
}

/* ---- parameters -------------------------------------------------------------------------- */

/* Elements may share the declaration of a parameter, through an alias or a merge. */
struct declarations {
	const struct uses *u;
	struct map used; /* bytes of the span of a declaration */
	VEC(struct declaration {
		const struct element *e;
		const struct param *p;
	})
	unused;
};

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

/* What stands behind each prefix in a text, however much of it is a name: "x:y" gives x and x:y. */
static void
collect_after(const struct uses *u, struct map *names, struct str text, struct str prefix)
{
	for (size_t at = 0; (at = str_find(text, prefix, at)) != SIZE_MAX;) {
		at += prefix.len;
		size_t end = at;
		while (end < text.len && is_word(text.s[end]))
			end++;
		add(u, names, str_sub(text, at, end));
		while (end < text.len && text.s[end] > ' ' && text.s[end] != '>')
			end++;
		add(u, names, str_sub(text, at, end));
	}
}

/* In every text, also in those that do not parse: somebody means it. */
static void
collect_parameters(const struct uses *u, struct map *names, const struct node *n)
{
	if (n->kind == NODE_STRING)
		collect_after(u, names, n->u.text, STR("parameters."));
	for (uint32_t i = 0; n->kind == NODE_LIST && i < n->count; i++)
		collect_parameters(u, names, n->u.items[i]);
	for (uint32_t i = 0; n->kind == NODE_MAP && i < n->count; i++) {
		collect_parameters(u, names, n->u.pairs[i].key);
		collect_parameters(u, names, n->u.pairs[i].value);
	}
}

static struct str
span_key(const struct param *p)
{
	return (struct str){(const char *)&p->span, sizeof p->span};
}

static void
visit_element(void *ctx, const struct element *e)
{
	struct declarations *d = ctx;
	struct arena *a = d->u->c->a;
	struct map names = {0};
	if (e->params.n)
		collect_parameters(d->u, &names, e->body);
	for (uint32_t i = 0; i < e->params.n; i++) {
		const struct param *p = &e->params.v[i];
		struct str axis = str_printf(a, "%.*s/%.*s", STR_ARG(e->name), STR_ARG(p->name));
		/* A matrix may vary what the job itself does not read: then it gives names. */
		if (map_has(&names, p->name) || map_has(&d->u->axes, axis))
			map_put(a, &d->used, span_key(p), &dummy);
		else if (check_own(d->u->c, p->span) && p->name.len <= LONGEST)
			vec_push(a, &d->unused, ((struct declaration){e, p}));
	}
}

static void
check_params(const struct uses *u)
{
	struct declarations d = {.u = u};
	each_element(&u->c->config->module, (struct element_visitor){visit_element, &d});
	for (uint32_t i = 0; i < d.unused.n; i++) {
		const struct declaration *x = &d.unused.v[i];
		if (map_has(&d.used, span_key(x->p)))
			continue;
		/* Said once of all who share it. */
		map_put(u->c->a, &d.used, span_key(x->p), &dummy);
		struct diag *g = diag_push(u->c->diags, RULE_UNUSED_PARAMETER, x->p->span,
			"parameter \"%.*s\" is not used in %s \"%.*s\"", STR_ARG(x->p->name),
			element_kind_names[x->e->kind], STR_ARG(str_sub(x->e->name, 0, 200)));
		diag_help(u->c->diags, g,
			"use it as << parameters.%.*s >>, or remove it and the arguments for it%s",
			STR_ARG(x->p->name), u->c->compiled ? "" : ", in a major version");
	}
}

/* ---- pipeline parameters ----------------------------------------------------------------- */

/* Parameters may be for another config: a setup config hands all of its own on, and a continued
 * one has to declare what it is handed. */
static bool
hands_on(const struct check *c)
{
	const struct source *source = source_of(c->sources, c->file);
	return !source || node_get(c->root, "setup") || str_has(source->path, STR("continu")) ||
	       str_has(source->text, STR("continuation"));
}

/* A file of another name may be continued with by a config that hands it this parameter. */
static bool
is_first(const struct check *c)
{
	struct str path = source_of(c->sources, c->file)->path;
	return str_ends(path, STR("config.yml")) || str_ends(path, STR("config.yaml"));
}

static void
check_pipeline_params(const struct uses *u)
{
	const struct check *c = u->c;
	struct map names = {0};
	if (!c->config->params.n || hands_on(c))
		return;
	collect_after(u, &names, source_of(c->sources, c->file)->text, STR("pipeline.parameters."));
	for (uint32_t i = 0; i < c->config->params.n; i++) {
		const struct param *p = &c->config->params.v[i];
		/* The official GitHub action sends these, and a config must declare what it is
		 * sent. */
		if (str_starts(p->name, STR("GHA_")) || map_has(&names, p->name) ||
			!check_own(c, p->span) || p->name.len > LONGEST)
			continue;
		struct diag *g = diag_push(c->diags, RULE_UNUSED_PIPELINE_PARAMETER, p->span,
			"pipeline parameter \"%.*s\" is not used", STR_ARG(p->name));
		diag_help(c->diags, g,
			"remove it, unless something that triggers this project sends it");
		if (!is_first(c))
			diag_demote(c->diags, g, SEVERITY_NOTE);
	}
}

/* ---- anchors and empty sections ---------------------------------------------------------- */

static void
check_anchors(const struct uses *u)
{
	for (uint32_t i = 0; i < u->nanchors; i++) {
		const struct anchor_use *anchor = &u->anchors[i];
		if (anchor->uses)
			continue;
		struct diag *g = diag_push(u->c->diags, RULE_UNUSED_ANCHOR, anchor->span,
			"anchor \"%.*s\" is not used: there is no `*%.*s` after it",
			STR_ARG(str_sub(anchor->name, 0, 200)),
			STR_ARG(str_sub(anchor->name, 0, 200)));
		diag_help(u->c->diags, g, "remove it");
		struct span span = anchor->span;
		struct str text = source_of(u->c->sources, u->c->file)->text;
		if (span.off && text.s[span.off - 1] == ' ') {
			span.off--;
			span.len++;
		}
		diag_fix(u->c->diags, g, false, span, STR(""));
	}
}

/* commands: {}      executors:      # and nothing */
static void
check_sections(const struct check *c)
{
	static const char *const sections[] = {
		"orbs", "commands", "executors", "parameters", "jobs", "job-groups"};
	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
		const struct pair *p = node_pair(c->root, str_of(sections[i]));
		if (!p || (p->value->kind != NODE_NULL && p->value->kind != NODE_MAP) ||
			(p->value->kind == NODE_MAP && p->value->count) ||
			is_reported(c, p->key->span) || is_reported(c, p->value->span))
			continue;
		struct diag *g = diag_push(
			c->diags, RULE_EMPTY_SECTION, p->key->span, "`%s` is empty", sections[i]);
		diag_help(c->diags, g, "remove it");
		fix_remove(c, g, c->root, p->key);
	}
}

void
check_unused(const struct check *c)
{
	const struct node *workflows = written_workflows(c);
	struct uses u = {.c = c};
	if (!workflows || !is_walkable(c))
		return;
	collect_all(&u, workflows);
	check_anchors(&u);
	check_sections(c);
	const struct module *m = &c->config->module;
	check_elements(&u, &m->jobs, RULE_UNUSED_JOB, "no workflow runs it");
	check_elements(&u, &m->commands, RULE_UNUSED_COMMAND, "no step calls it");
	if (!u.any_executor)
		check_elements(&u, &m->executors, RULE_UNUSED_EXECUTOR, "no job runs on it");
	if (!c->config->templated)
		return;
	check_orbs(&u);
	check_params(&u);
	check_pipeline_params(&u);
}

/* What an orb defines is for others to use; what it imports, and its parameters, are not. */
void
check_orb_unused(const struct check *c)
{
	struct uses u = {.c = c};
	if (!is_walkable(c))
		return;
	collect(&u, c->root, false);
	check_orbs(&u);
	check_params(&u);
}
