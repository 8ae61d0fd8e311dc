/* SPDX-License-Identifier: MIT */
/* What a scenario says of a job: names before patterns, patterns in order of the file. */
#include "ccx/sim.h"

#include "ccx/limits.h"

#include "scenario.h"

const char *const scenario_step_names[SIM_STEP_KINDS] = {
	[SIM_RUN] = "run",
	[SIM_CHECKOUT] = "checkout",
	[SIM_RESTORE_CACHE] = "restore_cache",
	[SIM_SAVE_CACHE] = "save_cache",
	[SIM_PERSIST] = "persist_to_workspace",
	[SIM_ATTACH] = "attach_workspace",
	[SIM_REMOTE_DOCKER] = "setup_remote_docker",
	[SIM_STORE_ARTIFACTS] = "store_artifacts",
	[SIM_STORE_TEST_RESULTS] = "store_test_results",
	[SIM_ADD_SSH_KEYS] = "add_ssh_keys",
	[SIM_OTHER_STEP] = "other",
};

struct scenario *
scenario_new(struct arena *a)
{
	struct scenario *sc = NEW(a, struct scenario);
	sc->a = a;
	for (int i = 0; i < SIM_STEP_KINDS; i++)
		sc->defaults[i] = UNSAID;
	sc->plan = sc->macos = sc->runner_tasks = sc->job_limit = UNSAID;
	sc->default_branch = STR("main");
	return sc;
}

const struct node *
scenario_sizes(const struct scenario *sc)
{
	return sc->sizes;
}

bool
scenario_is_pattern(struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.s[i] == '*' || name.s[i] == '?')
			return true;
	return false;
}

const struct named_time *
scenario_time(const struct named_times *times, struct str name)
{
	const struct named_time *exact = map_get(&times->by_name, name);
	for (uint32_t i = 0; !exact && i < times->patterns.n; i++) {
		const struct named_time *t = &times->all.v[times->patterns.v[i]];
		if (glob_fits(t->pattern, name))
			return t;
	}
	return exact;
}

static void
each_named(const struct scenario *sc, struct str name,
	void (*f)(void *ctx, const struct job_said *said), void *ctx)
{
	const uint32_t *first = name.len ? map_get(&sc->by_name, name) : NULL;
	for (uint32_t n = first ? *first : 0; n; n = sc->jobs.v[n - 1].next)
		f(ctx, &sc->jobs.v[n - 1]);
}

void
scenario_each(const struct scenario *sc, const struct sim_node *node,
	void (*f)(void *ctx, const struct job_said *said), void *ctx)
{
	each_named(sc, node->name, f, ctx);
	if (!str_eq(node->name, node->group))
		each_named(sc, node->group, f, ctx);
	for (uint32_t i = 0; i < sc->patterns.n; i++) {
		const struct job_said *said = &sc->jobs.v[sc->patterns.v[i]];
		if (glob_fits(said->pattern, node->name))
			f(ctx, said);
	}
}

/* ---- names that nothing has -------------------------------------------------------------- */

enum { MOST_COMPARED = 10 * 1000 * 1000 }; /* names of steps; more are not checked */

struct checking {
	const struct scenario *sc;
	const struct sim_model *m;
	struct diag_list *d;
	struct map jobs, approvals; /* names and groups -> struct sim_node */
	uint32_t compared;
};

static void
collect_names(struct checking *c)
{
	struct arena *a = c->sc->a;
	for (uint32_t i = 0; i < c->m->nworkflows; i++)
		for (uint32_t k = 0; k < c->m->workflows[i].nnodes; k++) {
			const struct sim_node *n = &c->m->workflows[i].nodes[k];
			map_put(a, &c->jobs, n->name, (void *)n);
			if (n->group.len && !map_has(&c->jobs, n->group))
				map_put(a, &c->jobs, n->group, (void *)n);
			if (n->kind == SIM_APPROVAL)
				map_put(a, &c->approvals, n->name, (void *)n);
		}
}

static bool
is_any_meant(const struct map *names, struct str pattern)
{
	if (map_has(names, pattern) || !scenario_is_pattern(pattern))
		return map_has(names, pattern);
	for (uint32_t i = 0; i < names->n; i++)
		if (glob_fits(pattern, names->v[i].key))
			return true;
	return false;
}

static void
check_name(struct checking *c, const struct map *names, struct str name, struct span span)
{
	if (is_any_meant(names, name))
		return;
	struct nearest near = {.wanted = name};
	struct diag *g = diag_push(c->d, RULE_UNDEFINED_JOB, span,
		"nothing that runs is called \"%.*s\"", STR_ARG(str_sub(name, 0, 200)));
	diag_demote(c->d, g, SEVERITY_WARNING);
	for (uint32_t i = 0; diag_kept(c->d, g) && i < names->n && i < LIMIT_CANDIDATES; i++)
		nearest_try(&near, names->v[i].key);
	diag_nearest(c->d, g, &near);
}

static bool
has_step(struct checking *c, const struct sim_node *n, const struct step_said *step)
{
	for (uint32_t i = 0; n->job && i < n->job->nsteps; i++, c->compared++)
		if (glob_fits(step->pattern, n->job->steps[i].name))
			return true;
	return false;
}

/* Has any job that is meant such a step? Of a name one job is enough; *one is such a job. */
static bool
is_step_there(struct checking *c, const struct job_said *said, const struct step_said *step,
	const struct sim_node **one)
{
	*one = map_get(&c->jobs, said->pattern);
	if (*one)
		return has_step(c, *one, step);
	for (uint32_t i = 0; i < c->m->nworkflows; i++)
		for (uint32_t k = 0; k < c->m->workflows[i].nnodes; k++) {
			const struct sim_node *n = &c->m->workflows[i].nodes[k];
			if (!glob_fits(said->pattern, n->name))
				continue;
			*one = n;
			if (has_step(c, n, step))
				return true;
		}
	return false;
}

static void
check_steps(struct checking *c, const struct job_said *said)
{
	const struct sim_node *one;
	for (uint32_t k = 0; k < said->steps.n && c->compared < MOST_COMPARED; k++) {
		const struct step_said *step = &said->steps.v[k];
		struct nearest near = {.wanted = step->pattern};
		if (is_step_there(c, said, step, &one) || !one)
			continue;
		struct diag *g = diag_push(c->d, RULE_INVALID_STEP, step->span,
			"job \"%.*s\" has no step \"%.*s\"", STR_ARG(str_sub(one->name, 0, 200)),
			STR_ARG(str_sub(step->pattern, 0, 200)));
		diag_demote(c->d, g, SEVERITY_WARNING);
		for (uint32_t i = 0; one->job && diag_kept(c->d, g) && i < one->job->nsteps &&
				     i < LIMIT_CANDIDATES;
			i++)
			nearest_try(&near, one->job->steps[i].name);
		diag_nearest(c->d, g, &near);
	}
}

void
scenario_check(const struct scenario *sc, const struct sim_model *m, struct diag_list *d)
{
	struct checking c = {.sc = sc, .m = m, .d = d};
	collect_names(&c);
	for (uint32_t i = 0; i < sc->jobs.n; i++) {
		check_name(&c, &c.jobs, sc->jobs.v[i].pattern, sc->jobs.v[i].span);
		check_steps(&c, &sc->jobs.v[i]);
	}
	for (uint32_t i = 0; i < sc->unauthorized.all.n; i++) {
		const struct named_time *t = &sc->unauthorized.all.v[i];
		check_name(&c, &c.jobs, t->pattern, t->span);
	}
	for (uint32_t i = 0; i < sc->approvals.all.n; i++) {
		const struct named_time *t = &sc->approvals.all.v[i];
		if (!str_is(t->pattern, "*"))
			check_name(&c, &c.approvals, t->pattern, t->span);
	}
}
