/* SPDX-License-Identifier: MIT */
/*
 * What jobs run on, against the dated tables: resource classes, machine images, Xcode versions.
 * The compiler checks none of it; a job that asks for what does not exist fails as it starts. Of a
 * server nothing is known, because its classes and images are its installation's.
 */
#include "ccx/check.h"

#include "executors.h"
#include "internal.h"

/* ---- what a job runs on ------------------------------------------------------------------ */

static const char *const kind_names[] = {
	[EXECUTOR_DOCKER] = "docker", [EXECUTOR_MACHINE] = "machine", [EXECUTOR_MACOS] = "macos"};

static bool
environment_of(const struct check *c, const struct compiled_job *job, struct environment *e)
{
	*e = (struct environment){.c = c, .job = job, .element = check_job_element(c, job)};
	for (size_t i = 0; i < sizeof kind_names / sizeof *kind_names; i++) {
		const struct node *body = node_get(job->node, kind_names[i]);
		if (!body)
			continue;
		e->kind = (enum executor_kind)i;
		e->kind_name = kind_names[i];
		e->body = body;
		e->class = node_get(job->node, "resource_class");
		if (!e->class) /* the compiler lifts it */
			e->class = node_get(body, "resource_class");
		e->runner = node_has(e->class, NODE_STRING) &&
			    ((e->class->flags & NODE_TEMPLATED) ||
				    runner_form(e->class->u.text) != RUNNER_NONE);
		return true;
	}
	return false;
}

struct span
environment_place(const struct environment *e, struct span span)
{
	if (check_own(e->c, span))
		return span;
	const struct node *executor = e->element ? node_get(e->element->node, "executor") : NULL;
	if (executor && check_own(e->c, executor->span))
		return executor->span;
	return check_place(e->c, span, e->job->origin);
}

struct str
environment_day(struct arena *a, int day)
{
	return str_printf(a, "%04d-%02d-%02d", day / 10000, day / 100 % 100, day % 100);
}

/* ---- resource classes -------------------------------------------------------------------- */

/* Names that a later CircleCI may well have: a new generation, a new kind of machine. */
static bool
may_be_new(struct str name)
{
	static const char *const families[] = {"gpu.", "windows.gpu.", "macos.", "arm."};
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (str_starts(name, str_of(families[i])))
			return true;
	return str_has(name, STR(".gen")) ||
	       (name.len > 1 && name.s[0] == 'm' && name.s[1] >= '0' && name.s[1] <= '9');
}

static void
suggest_class(const struct environment *e, struct diag *g, struct str name)
{
	struct nearest near = {.wanted = name};
	size_t n;
	const struct resource_class *all = catalog_classes(&n);
	for (size_t i = 0; i < n; i++)
		if (all[i].kind == e->kind &&
			life_at(&all[i].life, (int)e->c->options->as_of) == LIFE_CURRENT)
			nearest_try(&near, str_of(all[i].name));
	diag_nearest(e->c->diags, g, &near);
}

static void
unknown_class(const struct environment *e, struct str name)
{
	int as_of = (int)e->c->options->as_of;
	struct diag_list *d = e->c->diags;
	struct span at = environment_place(e, e->class->span);
	for (int kind = EXECUTOR_DOCKER; at.file && kind <= EXECUTOR_MACOS; kind++) {
		if (!catalog_class((enum executor_kind)kind, name, as_of))
			continue;
		/* Machines have been seen to run on it. */
		if (e->kind == EXECUTOR_MACHINE && str_is(name, "medium+"))
			return;
		struct diag *g = diag_push(d, RULE_CLASS_EXECUTOR, at,
			"resource class \"%.*s\" is for %s jobs; this is a %s job", STR_ARG(name),
			kind_names[kind], e->kind_name);
		if (e->written)
			diag_demote(d, g, SEVERITY_WARNING);
		diag_help(d, g, "take a class of the %s executor: `ccx catalog classes` lists them",
			e->kind_name);
		return;
	}
	if (!at.file || may_be_new(name))
		return;
	struct diag *g = diag_push(d, RULE_UNKNOWN_CLASS, at,
		"the %s executor has no resource class \"%.*s\"", e->kind_name, STR_ARG(name));
	if (e->written)
		diag_demote(d, g, SEVERITY_WARNING);
	suggest_class(e, g, name);
	diag_help(d, g,
		"`ccx catalog classes` lists the classes; one of a self-hosted runner is "
		"namespace/name");
}

static void
dated_class(const struct environment *e, const struct resource_class *class)
{
	struct diag_list *d = e->c->diags;
	struct span at = environment_place(e, e->class->span);
	enum life_state state = life_at(&class->life, (int)e->c->options->as_of);
	bool removed = state == LIFE_REMOVED;
	if (!at.file ||
		(!removed && (state != LIFE_DEPRECATED || !check_own(e->c, e->class->span))))
		return;
	int day = removed ? class->life.until : class->life.deprecated;
	struct str since = environment_day(e->c->a, day);
	struct diag *g = diag_push(d, removed ? RULE_REMOVED_CLASS : RULE_DEPRECATED_CLASS, at,
		"resource class \"%s\" of the %s executor has been %s since %.*s", class->name,
		e->kind_name, removed ? "gone" : "deprecated", STR_ARG(since));
	if (removed)
		diag_demote(d, g, e->refusal);
	if (!class->replacement)
		return;
	diag_help(d, g, "use %s", class->replacement);
	if (check_own(e->c, e->class->span) && environment_is_literal(e, e->class))
		diag_fix(d, g, false, e->class->span, str_of(class->replacement));
}

static const struct resource_class *
check_class(const struct environment *e)
{
	if (!node_has(e->class, NODE_STRING) || e->runner || (e->class->flags & NODE_TEMPLATED))
		return NULL;
	struct str name = e->class->u.text;
	if (!name.len || str_has(name, STR("$")))
		return NULL;
	const struct resource_class *class =
		catalog_class(e->kind, name, (int)e->c->options->as_of);
	if (!class)
		unknown_class(e, name);
	else
		dated_class(e, class);
	return class;
}

/* ---- all of one job ---------------------------------------------------------------------- */

/* Does the text of the config stand for itself, not for what a template or alias made of it? */
bool
environment_is_literal(const struct environment *e, const struct node *n)
{
	struct str text = source_text(e->c->sources, n->span);
	return text.len && !str_has(text, STR("<<")) && text.s[0] != '*';
}

/* - build: {context: [docker-hub]} */
static void
collect_contexts(const struct check *c, struct map *names)
{
	const struct node *workflows = node_get(c->compiled->config, "workflows");
	for (uint32_t i = 0; node_has(workflows, NODE_MAP) && i < workflows->count; i++) {
		const struct node *jobs = node_get(workflows->u.pairs[i].value, "jobs");
		for (uint32_t k = 0; node_has(jobs, NODE_LIST) && k < jobs->count; k++) {
			const struct node *job = jobs->u.items[k];
			if (job->kind != NODE_MAP || !job->count)
				continue;
			const struct pair *p = &job->u.pairs[0];
			if (p->key->kind == NODE_STRING && node_get(p->value, "context"))
				map_put(c->a, names, p->key->u.text, (void *)p->value);
		}
	}
}

/* A class on the job wins over one inside `machine`, which nobody sees. */
static void
check_class_twice(const struct check *c, const struct element *e)
{
	const struct node *inner = node_get(node_get(e->node, "machine"), "resource_class");
	const struct node *outer = node_get(e->node, "resource_class");
	if (!inner || !outer || node_equal(inner, outer) || !check_own(c, inner->span))
		return;
	struct diag *g = diag_push(c->diags, RULE_CLASS_TWICE, inner->span,
		"resource_class is set both on the %s and inside its `machine` map",
		element_kind_names[e->kind]);
	diag_note(c->diags, g, outer->span, "this one is used");
	diag_help(c->diags, g, "remove the one inside `machine`");
}

/* Will CircleCI refuse to start this job? */
static bool
is_refused(const struct environment *e)
{
	const struct node *name = e->class;
	const struct resource_class *class =
		node_has(name, NODE_STRING)
			? catalog_class(e->kind, name->u.text, (int)e->c->options->as_of)
			: NULL;
	if (e->runner || e->c->options->server)
		return false;
	return (class && life_at(&class->life, (int)e->c->options->as_of) == LIFE_REMOVED) ||
	       images_refused(e);
}

/* What is gone fails a job, not the config. It is an error when nothing of the config can run, and
 * a warning while other jobs still do. */
static enum severity
refusal(const struct check *c)
{
	for (uint32_t i = 0; i < c->compiled->njobs; i++) {
		struct environment e;
		if (environment_of(c, &c->compiled->jobs[i], &e) && !is_refused(&e))
			return SEVERITY_WARNING;
	}
	return SEVERITY_ERROR;
}

static void
check_environment(const struct environment *e)
{
	const struct resource_class *class = e->c->options->server ? NULL : check_class(e);
	if (e->kind == EXECUTOR_DOCKER)
		images_docker(e);
	else if (e->kind == EXECUTOR_MACHINE && !e->c->options->server && !e->runner)
		images_machine(e, class);
	else if (e->kind == EXECUTOR_MACOS && !e->c->options->server && !e->runner)
		images_xcode(e);
}

static void
check_compiled(const struct check *c)
{
	enum severity severity = refusal(c);
	struct map told = {0}, contexts = {0};
	collect_contexts(c, &contexts);
	for (uint32_t i = 0; i < c->compiled->njobs; i++) {
		struct environment e;
		if (!environment_of(c, &c->compiled->jobs[i], &e))
			continue;
		e.refusal = severity;
		e.contexts = &contexts;
		e.told = &told;
		check_environment(&e);
	}
}

/* Without a compile, because of an error or an orb that is not at hand, what stands in the text is
 * looked at. Whether something uses it is unknown: nothing of it is an error. */
static void
check_written(const struct check *c, const struct map *elements, struct map *told)
{
	for (uint32_t i = 0; i < elements->n; i++) {
		const struct element *element = elements->v[i].value;
		struct compiled_job job = {.name = element->name, .node = element->node};
		struct environment e;
		if (!environment_of(c, &job, &e))
			continue;
		e.element = element;
		e.written = true;
		e.refusal = SEVERITY_WARNING;
		e.told = told;
		check_environment(&e);
	}
}

void
check_executors(const struct check *c)
{
	const struct module *m = &c->config->module;
	struct map told = {0};
	for (uint32_t i = 0; i < m->jobs.n; i++)
		check_class_twice(c, m->jobs.v[i].value);
	for (uint32_t i = 0; i < m->executors.n; i++)
		check_class_twice(c, m->executors.v[i].value);
	if (c->compiled->config) {
		check_compiled(c);
		return;
	}
	check_written(c, &m->jobs, &told);
	check_written(c, &m->executors, &told);
}
