/* SPDX-License-Identifier: MIT */
/* Finding elements by name, and saying what is wrong when there is none. */
#include "ccx/compile.h"
#include "ccx/limits.h"

#include "internal.h"

enum { ALIAS_DEPTH = 8 };

static const struct map *
section(const struct module *m, enum element_kind kind)
{
	switch (kind) {
	case ELEMENT_COMMAND:
		return &m->commands;
	case ELEMENT_EXECUTOR:
		return &m->executors;
	case ELEMENT_JOB:
		return &m->jobs;
	case ELEMENT_GROUP:
		break;
	}
	return &m->groups;
}

/* "node/test": the module behind "node", and "test". */
static enum resolve
enter(const struct module **m, struct str *name)
{
	size_t slash = str_find(*name, STR("/"), 0);
	if (slash == SIZE_MAX)
		return RESOLVED;
	const struct orb_entry *o = map_get(&(*m)->orbs, str_sub(*name, 0, slash));
	if (!o)
		return RESOLVE_NO_ORB;
	if (!o->module)
		return RESOLVE_UNKNOWN;
	*m = o->module;
	*name = str_sub(*name, slash + 1, name->len);
	return RESOLVED;
}

/* jobs: {test: node/test}: another element's name stands for the definition. Executors may also
 * name a local one. */
static enum resolve
find(const struct module *m, enum element_kind kind, struct str name, const struct element **e,
	unsigned depth)
{
	enum resolve r = map_has(section(m, kind), name) ? RESOLVED : enter(&m, &name);
	if (r != RESOLVED)
		return r;
	*e = map_get(section(m, kind), name);
	if (!*e)
		return RESOLVE_NO_ELEMENT;
	struct str alias = (*e)->alias;
	if (!alias.len)
		return RESOLVED;
	bool local = kind == ELEMENT_EXECUTOR && map_has(&m->executors, alias);
	if (depth == 0 || (!str_has(alias, STR("/")) && !local))
		return RESOLVE_BAD_ALIAS;
	r = find(m, kind, alias, e, depth - 1);
	return r == RESOLVED || r == RESOLVE_UNKNOWN ? r : RESOLVE_BAD_ALIAS;
}

enum resolve
element_find(
	const struct module *m, enum element_kind kind, struct str name, const struct element **e)
{
	return find(m, kind, name, e, ALIAS_DEPTH);
}

/* ---- faults ------------------------------------------------------------------------------ */

static void
offer(struct compile *c, struct nearest *n, const struct map *names, struct str prefix)
{
	for (uint32_t i = 0; i < names->n && names->n <= LIMIT_CANDIDATES; i++) {
		struct str name = names->v[i].key;
		if (prefix.len)
			name = str_printf(c->a, "%.*s/%.*s", STR_ARG(prefix), STR_ARG(name));
		nearest_try(n, name);
	}
}

/* Every name of the kind that m's text could have meant. */
static struct nearest
nearest_element(struct compile *c, const struct module *m, enum element_kind kind, struct str name)
{
	struct nearest n = {.wanted = name};
	offer(c, &n, section(m, kind), STR(""));
	if (kind == ELEMENT_JOB)
		offer(c, &n, &m->groups, STR(""));
	for (uint32_t i = 0; i < m->orbs.n; i++) {
		const struct orb_entry *o = m->orbs.v[i].value;
		if (o->module)
			offer(c, &n, section(o->module, kind), o->alias);
	}
	if (kind == ELEMENT_COMMAND) {
		size_t count;
		const struct builtin_step *steps = catalog_steps(&count);
		for (size_t i = 0; i < count; i++)
			nearest_try(&n, str_of(steps[i].name));
	}
	return n;
}

/* "jobs defined here: build, test", or "jobs of orb "node": test" */
static void
list_names(struct compile *c, struct diag *g, const struct missing *what)
{
	enum { MOST = 12 };
	const struct module *m = what->module;
	const char *kind = element_kind_names[what->kind];
	struct str name = what->name;
	if (enter(&m, &name) != RESOLVED)
		return;
	const struct map *names = section(m, what->kind);
	struct sb b = {.a = c->a};
	for (uint32_t i = 0; i < names->n && i < MOST; i++)
		sb_printf(&b, "%s%.*s", i ? ", " : "", STR_ARG(names->v[i].key));
	if (names->n > MOST)
		sb_printf(&b, " and %u more", names->n - MOST);
	struct str prefix = str_sub(what->name, 0, what->name.len - name.len);
	if (names->n && prefix.len)
		diag_help(c->diags, g, "%ss of orb \"%.*s\": %.*s", kind, (int)prefix.len - 1,
			prefix.s, STR_ARG(sb_str(&b)));
	else if (names->n)
		diag_help(c->diags, g, "%ss defined here: %.*s", kind, STR_ARG(sb_str(&b)));
}

static struct diag *
no_orb(struct compile *c, const struct module *m, enum element_kind kind, struct str name,
	struct span at)
{
	struct str prefix = str_sub(name, 0, str_find(name, STR("/"), 0));
	struct diag *g = diag_push(c->diags, RULE_UNDEFINED_ORB, at,
		"Cannot find orb '%.*s' looking for %s named '%.*s'", STR_ARG(prefix),
		element_kind_names[kind], STR_ARG(name));
	struct nearest n = {.wanted = prefix};
	if (diag_kept(c->diags, g))
		offer(c, &n, &m->orbs, STR(""));
	diag_nearest(c->diags, g, &n);
	if (!n.best.len)
		diag_help(c->diags, g, "declare it: `orbs: {%.*s: namespace/name@version}`",
			STR_ARG(prefix));
	return g;
}

/* The name is one of another kind: a job run as a step, a command as a job. */
static bool
other_kind(struct compile *c, struct diag *g, const struct module *m, enum element_kind kind,
	struct str name)
{
	static const char *const advice[] = {[ELEMENT_COMMAND] = "a command is a step of a job",
		[ELEMENT_EXECUTOR] = "an executor is named under a job's `executor`",
		[ELEMENT_JOB] = "a job is run by a workflow, not as a step",
		[ELEMENT_GROUP] = "a job group is run by a workflow"};
	for (int k = ELEMENT_COMMAND; k <= ELEMENT_GROUP; k++) {
		const struct element *e;
		if (k == (int)kind || element_find(m, (enum element_kind)k, name, &e) != RESOLVED)
			continue;
		diag_label(c->diags, g, "\"%.*s\" is %s %s", STR_ARG(name),
			k == ELEMENT_EXECUTOR ? "an" : "a", element_kind_names[k]);
		diag_help(c->diags, g, "%s", advice[k]);
		diag_note(c->diags, g, e->span, "defined here");
		return true;
	}
	return false;
}

/* executors: {node: defualt}: an executor's alias may name one beside it. */
static void
bad_local_alias(struct compile *c, const struct module *m, const struct element *e,
	const struct origin *origin)
{
	struct diag *g = diag_push(c->diags, RULE_INVALID_ALIAS, e->node->span,
		"Executor alias '%.*s' refers to '%.*s', which is not a known local executor",
		STR_ARG(e->name), STR_ARG(e->alias));
	struct nearest n = nearest_element(c, m, ELEMENT_EXECUTOR, e->alias);
	g->origin = origin;
	diag_nearest(c->diags, g, &n);
}

static void
bad_alias(struct compile *c, const struct module *m, enum element_kind kind, struct str name,
	const struct origin *origin)
{
	static const char *const called[] = {
		[ELEMENT_COMMAND] = "step", [ELEMENT_EXECUTOR] = "executor", [ELEMENT_JOB] = "job"};
	const struct element *e = map_get(section(m, kind), name);
	if (!e)
		return;
	size_t slash = str_find(e->alias, STR("/"), 0);
	if (kind == ELEMENT_EXECUTOR && slash == SIZE_MAX) {
		bad_local_alias(c, m, e, origin);
		return;
	}
	struct diag *g = diag_push(c->diags, RULE_INVALID_ALIAS, e->node->span,
		"Unable to determine target for %s invocation %.*s (renamed from local %s %.*s)",
		called[kind], STR_ARG(e->alias), element_kind_names[kind], STR_ARG(name));
	struct nearest n = {.wanted = e->alias};
	g->origin = origin;
	if (slash == SIZE_MAX)
		diag_help(c->diags, g,
			"Invalid orb element alias, expected a single "
			"'orb-alias/element-name' reference");
	else if (map_has(&m->orbs, str_sub(e->alias, 0, slash)))
		n = nearest_element(c, m, kind, e->alias);
	else
		diag_help(c->diags, g, "declare it: `orbs: {%.*s: namespace/name@version}`",
			(int)slash, e->alias.s);
	diag_nearest(c->diags, g, &n);
}

/* Its orb could not be had, or is an empty map that a script fills in: nothing can be said of it,
 * and nothing printed that depends on it. A missing orb was reported where it is named. */
static void
unknown(struct compile *c, const struct missing *what)
{
	struct str prefix = str_sub(what->name, 0, str_find(what->name, STR("/"), 0));
	const struct orb_entry *o = map_get(&what->module->orbs, prefix);
	c->unknown = true;
	if (!o || o->node->kind != NODE_MAP)
		return;
	struct diag *g = diag_push(c->diags, RULE_UNDEFINED_ORB, what->at,
		"Cannot find a definition for %s named %.*s: orb '%.*s' is empty here",
		element_kind_names[what->kind], STR_ARG(what->name), STR_ARG(prefix));
	g->origin = what->origin;
	if (c->options->tolerant)
		diag_demote(c->diags, g, SEVERITY_NOTE);
	diag_help(c->diags, g, "give the orb's source, or a reference to it");
	diag_note(c->diags, g, o->span, "declared here");
}

void
element_missing(struct compile *c, enum resolve why, const struct missing *what)
{
	static const enum rule rules[] = {[ELEMENT_COMMAND] = RULE_UNDEFINED_COMMAND,
		[ELEMENT_EXECUTOR] = RULE_UNDEFINED_EXECUTOR,
		[ELEMENT_JOB] = RULE_UNDEFINED_JOB,
		[ELEMENT_GROUP] = RULE_UNDEFINED_JOB};
	const struct module *m = what->module;
	enum element_kind kind = what->kind;
	struct str name = what->name;
	if (why == RESOLVE_UNKNOWN) {
		unknown(c, what);
		return;
	}
	if (why == RESOLVE_BAD_ALIAS) {
		bad_alias(c, m, kind, name, what->origin);
		return;
	}
	if (why == RESOLVE_NO_ORB) {
		no_orb(c, m, kind, name, what->at)->origin = what->origin;
		return;
	}
	struct diag *g = diag_push(c->diags, rules[kind], what->at,
		"Cannot find a definition for %s named %.*s", element_kind_names[kind],
		STR_ARG(name));
	g->origin = what->origin;
	if (!diag_kept(c->diags, g) || other_kind(c, g, m, kind, name))
		return;
	struct nearest n = nearest_element(c, m, kind, name);
	diag_nearest(c->diags, g, &n);
	list_names(c, g, what);
}

const struct origin *
origin_push(struct compile *c, const struct origin *up, const struct element *e, struct str name,
	struct span use)
{
	static const enum origin_kind kinds[] = {[ELEMENT_COMMAND] = ORIGIN_COMMAND,
		[ELEMENT_EXECUTOR] = ORIGIN_EXECUTOR,
		[ELEMENT_JOB] = ORIGIN_JOB,
		[ELEMENT_GROUP] = ORIGIN_JOB};
	struct origin *o = NEW(c->a, struct origin);
	*o = (struct origin){
		.up = up, .kind = kinds[e->kind], .name = name, .use = use, .def = e->span};
	return o;
}
