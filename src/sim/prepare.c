/* SPDX-License-Identifier: MIT */
/*
 * What is known of each node of a model before anything is played. How long a step takes is said
 * by, first one first:
 *
 *   1. the scenario, of this step
 *   2. the timings, of this step
 *   3. the tests that the timings have of the job, for a step that splits them among the tasks
 *   4. the time of the job (the scenario's, else the timings'), of which the steps that nobody
 *      spoke of get shares, by what 5 and 6 say of them; where the scenario gives the job's time,
 *      2 and 3 are shares too
 *   5. the scenario, of steps of its type
 *   6. schema/assumptions.json, which is marked as assumed
 *
 * The time of a job is that of its steps: starting up comes on top of it.
 */
#include "ccx/sim.h"

#include "ccx/limits.h"

#include "engine.h"

static int64_t
assumed_ms(const char *name)
{
	const struct assumption *a = catalog_assumption(str_of(name));
	return a ? a->seconds * SECOND_MS : 0;
}

/* ---- what the scenario says -------------------------------------------------------------- */

struct planning {
	struct engine *e;
	struct node_plan *plan;
};

static void
merge_outcomes(struct outcomes *to, const struct outcomes *more)
{
	uint64_t fresh = more->said & ~to->said;
	to->said |= fresh;
	to->fail |= more->fail & fresh;
	to->cancel |= more->cancel & fresh;
	to->timeout |= more->timeout & fresh;
}

static void
merge_step(struct step_plan *to, const struct step_said *said)
{
	if (!to->firm && said->duration != UNSAID) {
		to->ms = said->duration;
		to->firm = true;
	}
	if (to->on_hit == UNSAID)
		to->on_hit = said->on_hit;
	if (!to->fail && !to->timeout) {
		to->fail = said->fail;
		to->timeout = said->timeout & ~said->fail;
	}
	to->halt = to->halt || said->halt;
}

static void
merge_said(void *ctx, const struct job_said *said)
{
	struct planning *p = ctx;
	const struct sim_job *job = p->plan->node->job;
	merge_outcomes(&p->plan->outcomes, &said->outcomes);
	if (p->plan->total == UNSAID && said->duration != UNSAID) {
		p->plan->total = said->duration;
		p->plan->total_firm = true;
	}
	for (uint32_t k = 0; k < said->tasks.n; k++)
		vec_push(p->e->a, &p->plan->tasks, said->tasks.v[k]);
	for (uint32_t k = 0; job && k < said->steps.n; k++)
		for (uint32_t i = 0; i < job->nsteps; i++)
			if (glob_fits(said->steps.v[k].pattern, job->steps[i].name))
				merge_step(&p->plan->steps[i], &said->steps.v[k]);
}

/* ---- what the timings say ---------------------------------------------------------------- */

static const struct timing *
timing_of(struct engine *e, struct str job, struct str step)
{
	if (!e->options->timings)
		return NULL;
	struct arena_mark mark = arena_mark(e->a);
	const struct timing *t = timing_find(e->a, e->options->timings, job, step);
	arena_reset(e->a, mark);
	return t;
}

/* CircleCI's API has titles of its own for steps without name: "Checkout code". */
static const struct timing *
timing_of_step(struct engine *e, const struct sim_job *job, const struct sim_step *step)
{
	const struct builtin_step *b = catalog_step(step->name);
	const struct timing *t = timing_of(e, job->name, step->name);
	return t || !b || !b->title ? t : timing_of(e, job->name, str_of(b->title));
}

static void
time_step(struct planning *p, uint32_t i)
{
	const struct sim_step *step = &p->plan->node->job->steps[i];
	struct step_plan *to = &p->plan->steps[i];
	const struct timing *t = timing_of_step(p->e, p->plan->node->job, step);
	if (t && t->runs)
		to->odds = t;
	if (to->firm)
		return;
	if (t && t->npoints) {
		to->timing = t;
		to->ms = timing_at(t, 500000);
	} else if (p->plan->bins && sim_splits_tests(step)) {
		to->splits = true;
	} else {
		int64_t said = p->e->scenario->defaults[step->kind];
		const char *kind = scenario_step_names[step->kind];
		to->ms = said;
		to->assumed = said == UNSAID;
		if (to->assumed)
			to->ms = assumed_ms(str_printf(p->e->a, "step/%s", kind).s);
	}
}

static void
time_job(struct planning *p)
{
	struct node_plan *plan = p->plan;
	const struct sim_job *job = plan->node->job;
	const struct timing *t = timing_of(p->e, job->name, STR(""));
	const struct timing_tests *tests =
		p->e->options->timings ? timing_tests_find(p->e->options->timings, job->name)
				       : NULL;
	if (tests && tests->nitems)
		plan->bins = split_tests(p->e->a, tests->items, tests->nitems, job->parallelism);
	if (plan->total == UNSAID && t && t->npoints) {
		plan->total_timing = t;
		plan->total = timing_at(t, 500000);
	}
	plan->odds = t && t->runs ? t : NULL;
	for (uint32_t i = 0; i < job->nsteps; i++) {
		time_step(p, i);
		if (plan->steps[i].odds)
			plan->odds = NULL; /* it would count twice */
	}
}

/* ---- machines ---------------------------------------------------------------------------- */

/* Jobs of a matrix, and other models, would say the same again. */
static void
find_once(struct engine *e, struct span span, struct str text)
{
	if (map_has(&e->told, text))
		return;
	map_put(e->a, &e->told, text, e);
	engine_find(e, span, text);
}

static void
plan_start(struct engine *e, struct node_plan *plan)
{
	const struct sim_job *job = plan->node->job;
	const struct executor_info *x = job->executor;
	struct str name = x ? str_of(x->name) : STR("");
	const struct named_time *said = scenario_time(&e->scenario->spin_up, name);
	if (said) {
		plan->spin_min = plan->spin_max = said->ms;
	} else if (x && x->start_min >= 0) {
		plan->spin_min = (int64_t)x->start_min * SECOND_MS;
		plan->spin_max = (int64_t)x->start_max * SECOND_MS;
	} else {
		plan->spin_min = plan->spin_max = assumed_ms("spin-up");
		plan->assumed = true;
		find_once(e, job->class_span.len ? job->class_span : job->span,
			str_printf(e->a,
				"no source says how long %.*s takes to start: taken as %d "
				"s; `spin-up` of a scenario says otherwise",
				STR_ARG(name.len ? name : STR("this executor")),
				(int)(plan->spin_min / SECOND_MS)));
	}
}

/* What the plan does not have it does not start; it is played all the same. */
static void
check_plan(struct engine *e, const struct sim_job *job)
{
	enum catalog_plan plan = e->options->world.plan;
	if (job->class && job->class->not_plans >> plan & 1)
		find_once(e, job->class_span.len ? job->class_span : job->span,
			str_printf(e->a, "resource class %.*s is not on the %s plan",
				STR_ARG(job->class_name), catalog_plan_names[plan]));
	if (job->ip_ranges && catalog_term(STR("ip-ranges"))->amount[plan] == 0)
		find_once(e, job->span,
			str_printf(e->a,
				"the %s plan has no IP ranges, which job \"%.*s\" asks for",
				catalog_plan_names[plan], STR_ARG(job->name)));
}

static int64_t
job_limit(const struct engine *e, const struct sim_job *job)
{
	if (e->scenario->job_limit != UNSAID)
		return e->scenario->job_limit;
	if (job->runner)
		return catalog_limit(STR("runner-hours"))->amount * 60 * MINUTE_MS;
	int64_t minutes = catalog_term(STR("job-minutes"))->amount[e->options->world.plan];
	return minutes > 0 ? minutes * MINUTE_MS : SIM_NEVER;
}

/* The step in which a job fails of which only that is known: its last `run` that is neither in the
 * background nor for failures, else the last such step of any kind. */
static uint32_t
target_of(const struct sim_job *job)
{
	uint32_t run = job->nsteps, any = job->nsteps;
	for (uint32_t i = 0; i < job->nsteps; i++) {
		if (job->steps[i].background || job->steps[i].when != SIM_ON_SUCCESS)
			continue;
		any = i;
		run = job->steps[i].kind == SIM_RUN ? i : run;
	}
	return run < job->nsteps ? run : any;
}

/* ---- nodes ------------------------------------------------------------------------------- */

static void
plan_approval(struct engine *e, struct node_plan *plan)
{
	const struct named_time *said = scenario_time(&e->scenario->approvals, plan->node->name);
	int64_t most = catalog_limit(STR("approval-days"))->amount * 24 * 60 * MINUTE_MS;
	plan->delay = said ? said->ms : assumed_ms("approval");
	plan->assumed = !said;
	if (plan->delay != SIM_NEVER && plan->delay > most)
		plan->outcomes.cancel = UINT64_MAX; /* it expires */
	if (plan->delay != SIM_NEVER && plan->delay > most)
		plan->delay = most;
}

static void
plan_node(struct engine *e, const struct sim_node *node, struct node_plan *plan)
{
	const struct sim_job *job = node->job;
	struct planning p = {.e = e, .plan = plan};
	*plan = (struct node_plan){
		.node = node, .total = UNSAID, .limit = SIM_NEVER, .hash = str_hash(node->name)};
	if (job) {
		plan->steps = NEW_ARRAY(e->a, struct step_plan, job->nsteps + 1);
		for (uint32_t i = 0; i < job->nsteps; i++)
			plan->steps[i].on_hit = UNSAID;
	}
	scenario_each(e->scenario, node, merge_said, &p);
	plan->unauthorized = scenario_time(&e->scenario->unauthorized, node->name) != NULL;
	if (node->kind == SIM_APPROVAL)
		plan_approval(e, plan);
	if (node->kind == SIM_NO_OP && plan->total != UNSAID)
		plan->delay = plan->total;
	if (!job)
		return;
	time_job(&p);
	plan_start(e, plan);
	check_plan(e, job);
	plan->limit = job_limit(e, job);
	plan->target = target_of(job);
	plan->pool = pool_of(e, job);
}

/* ---- graphs ------------------------------------------------------------------------------ */

static void
plan_onward(struct arena *a, const struct sim_workflow *w, struct onward *to)
{
	uint32_t edges = 0;
	to->first = NEW_ARRAY(a, uint32_t, w->nnodes + 2);
	for (uint32_t i = 0; i < w->nnodes; i++)
		for (uint32_t k = 0; k < w->nodes[i].nrequires; k++, edges++)
			to->first[w->nodes[i].requires[k].from + 2]++;
	for (uint32_t i = 2; i <= w->nnodes; i++)
		to->first[i] += to->first[i - 1];
	to->next = NEW_ARRAY(a, uint32_t, edges + 1);
	to->accepts = NEW_ARRAY(a, unsigned, edges + 1);
	for (uint32_t i = 0; i < w->nnodes; i++)
		for (uint32_t k = 0; k < w->nodes[i].nrequires; k++) {
			uint32_t at = to->first[w->nodes[i].requires[k].from + 1]++;
			to->next[at] = i;
			to->accepts[at] = w->nodes[i].requires[k].accepts;
		}
}

static void
plan_flow(struct engine *e, const struct sim_workflow *w, struct flow_plan *plan)
{
	*plan = (struct flow_plan){.workflow = w, .hash = str_hash(w->name)};
	plan->nodes = NEW_ARRAY(e->a, struct node_plan, w->nnodes + 1);
	for (uint32_t i = 0; i < w->nnodes; i++) {
		plan_node(e, &w->nodes[i], &plan->nodes[i]);
		plan->locks = plan->locks || w->nodes[i].kind == SIM_LOCK;
	}
	plan_onward(e->a, w, &plan->onward);
	workspaces_check(e, w, &plan->onward);
}

const struct model_plan *
plan_model(struct engine *e, const struct sim_model *m)
{
	struct str identity = {(const char *)&m, sizeof m};
	struct model_plan *plan = map_get(&e->models, identity);
	if (plan)
		return plan;
	plan = NEW(e->a, struct model_plan);
	plan->model = m;
	plan->flows = NEW_ARRAY(e->a, struct flow_plan, m->nworkflows + 1);
	for (uint32_t i = 0; i < m->nworkflows; i++)
		plan_flow(e, &m->workflows[i], &plan->flows[i]);
	map_put(e->a, &e->models, str_copy(e->a, identity), plan);
	return plan;
}
