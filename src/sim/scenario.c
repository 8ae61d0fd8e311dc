/* SPDX-License-Identifier: MIT */
/* What a scenario says of a job: names before patterns, patterns in order of the file. */
#include "ccx/sim.h"

#include "ccx/check.h"

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
	sc->sizes = cost_no_sizes;
	return sc;
}

const struct cost_sizes *
scenario_sizes(const struct scenario *sc)
{
	return &sc->sizes;
}

bool
scenario_means(struct arena *a, struct str pattern, struct str name)
{
	if (str_eq(pattern, name))
		return true;
	if (!str_has(pattern, STR("*")) && !str_has(pattern, STR("?")))
		return false;
	struct arena_mark mark = arena_mark(a);
	bool fits = str_is(pattern, "*") || glob_matches(a, pattern, name);
	arena_reset(a, mark);
	return fits;
}

const struct named_time *
scenario_time(struct arena *a, const struct named_time *v, uint32_t n, struct str name)
{
	for (uint32_t i = 0; i < n; i++)
		if (str_eq(v[i].pattern, name))
			return &v[i];
	for (uint32_t i = 0; i < n; i++)
		if (scenario_means(a, v[i].pattern, name))
			return &v[i];
	return NULL;
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
scenario_each(struct arena *a, const struct scenario *sc, const struct sim_node *node,
	void (*f)(void *ctx, const struct job_said *said), void *ctx)
{
	each_named(sc, node->name, f, ctx);
	if (!str_eq(node->name, node->group))
		each_named(sc, node->group, f, ctx);
	for (uint32_t i = 0; i < sc->patterns.n; i++) {
		const struct job_said *said = &sc->jobs.v[sc->patterns.v[i]];
		if (scenario_means(a, said->pattern, node->name))
			f(ctx, said);
	}
}

/* ---- names that nothing has -------------------------------------------------------------- */

/* What a name may mean: jobs and groups, those alone that wait for approval, or executors. */
enum meant { MEANT_JOB, MEANT_APPROVAL };

static bool
can_be_meant(const struct sim_node *n, enum meant meant)
{
	return (n->kind == SIM_APPROVAL) == (meant == MEANT_APPROVAL) || meant == MEANT_JOB;
}

/* The names that something of the model has. */
static void
collect_names(
	const struct scenario *sc, const struct sim_model *m, enum meant meant, struct map *names)
{
	for (uint32_t i = 0; i < m->nworkflows; i++)
		for (uint32_t k = 0; k < m->workflows[i].nnodes; k++) {
			const struct sim_node *n = &m->workflows[i].nodes[k];
			if (!can_be_meant(n, meant))
				continue;
			map_put(sc->a, names, n->name, (void *)n);
			if (n->group.len)
				map_put(sc->a, names, n->group, (void *)n);
		}
}

static bool
is_any_meant(const struct scenario *sc, struct str pattern, const struct map *names)
{
	if (map_has(names, pattern))
		return true;
	for (uint32_t i = 0; i < names->n; i++)
		if (scenario_means(sc->a, pattern, names->v[i].key))
			return true;
	return false;
}

static void
check_name(const struct scenario *sc, const struct map *names, struct str name, struct span span,
	struct diag_list *d)
{
	if (is_any_meant(sc, name, names))
		return;
	struct nearest near = {.wanted = name};
	struct diag *g = diag_push(
		d, RULE_UNDEFINED_JOB, span, "nothing that runs is called \"%.*s\"", STR_ARG(name));
	diag_demote(d, g, SEVERITY_WARNING);
	for (uint32_t i = 0; diag_kept(d, g) && i < names->n; i++)
		nearest_try(&near, names->v[i].key);
	diag_nearest(d, g, &near);
}

static bool
has_step(const struct scenario *sc, const struct sim_node *n, const struct step_said *step,
	struct nearest *near)
{
	for (uint32_t i = 0; n->job && i < n->job->nsteps; i++) {
		if (scenario_means(sc->a, step->pattern, n->job->steps[i].name))
			return true;
		nearest_try(near, n->job->steps[i].name);
	}
	return false;
}

static void
check_steps(const struct scenario *sc, const struct sim_model *m, const struct job_said *said,
	struct diag_list *d)
{
	for (uint32_t k = 0; k < said->steps.n; k++) {
		const struct step_said *step = &said->steps.v[k];
		struct nearest near = {.wanted = step->pattern};
		bool jobs = false, found = false;
		for (uint32_t i = 0; i < m->nworkflows && !found; i++)
			for (uint32_t j = 0; j < m->workflows[i].nnodes && !found; j++) {
				const struct sim_node *n = &m->workflows[i].nodes[j];
				if (!scenario_means(sc->a, said->pattern, n->name) &&
					!str_eq(said->pattern, n->group))
					continue;
				jobs = true;
				found = has_step(sc, n, step, &near);
			}
		if (found || !jobs)
			continue;
		struct diag *g = diag_push(d, RULE_INVALID_STEP, step->span,
			"job \"%.*s\" has no step \"%.*s\"", STR_ARG(said->pattern),
			STR_ARG(step->pattern));
		diag_demote(d, g, SEVERITY_WARNING);
		diag_nearest(d, g, &near);
	}
}

void
scenario_check(const struct scenario *sc, const struct sim_model *m, struct diag_list *d)
{
	struct map jobs = {0}, approvals = {0};
	collect_names(sc, m, MEANT_JOB, &jobs);
	collect_names(sc, m, MEANT_APPROVAL, &approvals);
	for (uint32_t i = 0; i < sc->jobs.n; i++) {
		check_name(sc, &jobs, sc->jobs.v[i].pattern, sc->jobs.v[i].span, d);
		check_steps(sc, m, &sc->jobs.v[i], d);
	}
	for (uint32_t i = 0; i < sc->unauthorized.n; i++)
		check_name(sc, &jobs, sc->unauthorized.v[i].pattern, sc->unauthorized.v[i].span, d);
	for (uint32_t i = 0; i < sc->approvals.n; i++)
		if (!str_is(sc->approvals.v[i].pattern, "*"))
			check_name(sc, &approvals, sc->approvals.v[i].pattern,
				sc->approvals.v[i].span, d);
}
