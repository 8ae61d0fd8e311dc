/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer entry for the simulator: the input is a config and, behind lines "--- scenario",
 * "--- timings", "--- arrivals" and "--- rates", what is assumed beside it. What compiles is
 * played as three pushes and as each schedule, by the median and by chance, shown in every way
 * there is, counted and advised upon. What was played must be in order; a second play is the same.
 */
#include "ccx/compile.h"
#include "ccx/report.h"
#include "ccx/sim.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_PLAYED = 3000, MOST_PIPELINES = 20 };

static void
require(bool condition)
{
	if (!condition)
		abort();
}

struct fuzz {
	struct arena *a;
	struct sources sources;
	struct diag_list diags;
	struct orb_store orbs;
	struct compiled *compiled;
	struct sim_model *model;
	struct cost_sizes sizes;
	struct timings timings;
	struct scenario *scenario;
	struct cost_rates rates;
	struct sim_arrivals arrivals;
	struct sim_options options;
};

static bool
get_fact(void *ctx, enum value_default what, struct str *text)
{
	(void)ctx;
	*text = STR("main");
	return what == DEFAULT_BRANCH;
}

/* ---- reading ----------------------------------------------------------------------------- */

/* The lines behind one that says "--- name", up to the next such line. */
static struct str
part(const struct fuzz *f, struct str all, const char *name)
{
	struct str head = str_printf(f->a, "\n--- %s\n", name);
	size_t at = str_find(all, head, 0);
	if (at == SIZE_MAX)
		return STR("");
	return str_sub(all, at + head.len, str_find(all, STR("\n--- "), at + head.len - 1));
}

static void
read_config(struct fuzz *f, struct str all)
{
	struct compile_options o = {
		.orbs = &f->orbs, .compat = COMPAT_NEWEST, .checkout = {get_fact, NULL}};
	struct str text = str_sub(all, 0, str_find(all, STR("\n--- "), 0));
	uint32_t file = source_add(&f->sources, STR("config.yml"), text);
	f->compiled = compile_config(f->a, &f->sources, file, &o, &f->diags);
}

static void
read_rest(struct fuzz *f, struct str all)
{
	struct sources *s = &f->sources;
	struct str text;
	f->scenario = scenario_new(f->a);
	/* Who reads a wrong file plays without it. */
	if ((text = part(f, all, "scenario")).len &&
		!scenario_read(f->scenario, s, source_add(s, STR("scenario.yml"), text), &f->diags))
		f->scenario = scenario_new(f->a);
	f->sizes = cost_no_sizes;
	if (scenario_sizes(f->scenario) &&
		!cost_sizes_read(scenario_sizes(f->scenario), s, &f->sizes, &f->diags))
		f->sizes = cost_no_sizes;
	if ((text = part(f, all, "timings")).len)
		timings_read(f->a, &f->timings, s, source_add(s, STR("timings"), text), &f->diags);
	if ((text = part(f, all, "rates")).len &&
		!cost_rates_read(
			f->a, &f->rates, s, source_add(s, STR("rates.yml"), text), &f->diags))
		f->rates = (struct cost_rates){0};
	f->arrivals.model = f->model;
	if ((text = part(f, all, "arrivals")).len &&
		!sim_arrivals_read(
			f->a, &f->arrivals, s, source_add(s, STR("arrivals"), text), &f->diags))
		f->arrivals = (struct sim_arrivals){0};
	scenario_check(f->scenario, f->model, &f->diags);
}

/* Is it little enough for a fuzzer, which wants many runs? */
static bool
is_little(const struct sim_model *m)
{
	uint64_t n = 0;
	for (uint32_t i = 0; i < m->nworkflows; i++)
		for (uint32_t k = 0; k < m->workflows[i].nnodes && n <= MOST_PLAYED; k++) {
			const struct sim_job *job = m->workflows[i].nodes[k].job;
			n += job ? (uint64_t)job->parallelism * (job->nsteps + 1) : 1;
			n += m->workflows[i].nodes[k].nrequires;
		}
	return n <= MOST_PLAYED;
}

/* ---- what was played --------------------------------------------------------------------- */

static void
check_task(const struct sim_job_run *run, const struct sim_task_run *task, int64_t makespan)
{
	int64_t now = task->start;
	require(run->ready <= task->slot && task->slot <= task->start);
	require(task->start <= task->end && task->end <= makespan && task->end <= run->end);
	for (uint32_t i = 0; i < task->nsteps; i++) {
		const struct sim_step_run *s = &task->steps[i];
		require(s->step == &run->node->job->steps[i]);
		require(now <= s->start && s->start <= s->end && s->end <= task->end);
		now = s->step->background ? s->start : s->end;
	}
}

static void
check_result(const struct sim_result *r)
{
	for (uint32_t i = 0; i < r->npipelines; i++)
		for (uint32_t k = 0; k < r->pipelines[i].nworkflows; k++) {
			const struct sim_workflow_run *w = &r->pipelines[i].workflows[k];
			require(w->start <= w->end && w->end <= r->pipelines[i].end);
			for (uint32_t j = 0; j < w->njobs; j++) {
				const struct sim_job_run *run = &w->jobs[j];
				require(run->ready <= run->start && run->start <= run->end);
				require(w->start <= run->ready && run->slack >= 0);
				require(!run->critical || run->slack == 0);
				require(run->by == SIM_NOBODY || run->by < w->njobs);
				for (uint32_t t = 0; t < run->ntasks; t++)
					check_task(run, &run->tasks[t], r->makespan);
			}
		}
}

/* ---- showing ----------------------------------------------------------------------------- */

static void
show_graphs(struct fuzz *f, const struct sim_result *r)
{
	for (uint32_t i = 0; r->npipelines && i < r->pipelines[0].nworkflows; i++) {
		const struct sim_workflow_run *run = &r->pipelines[0].workflows[i];
		const struct graph *v[] = {graph_of(f->a, run->workflow, false, NULL),
			graph_of(f->a, run->workflow, true, run)};
		struct report_graphs graphs = {v, 2, {false, 0}, i % 2};
		for (uint32_t k = 0; report_drawings[k]; k++) {
			struct sb out = {.a = f->a};
			report_graphs(&out, report_drawings[k], &graphs);
			require(out.len > 0);
		}
	}
}

static void
show(struct fuzz *f, const struct sim_result *r)
{
	struct report_timeline t = {&f->sources, r, STR("config.yml"), {false, 0}, false};
	struct sb json = {.a = f->a};
	for (uint32_t i = 0; report_timelines[i]; i++) {
		struct sb out = {.a = f->a};
		report_timeline(&out, report_timelines[i], &t);
		require(out.len > 0);
	}
	report_simulation_text(&json, &t);
	report_simulation_json(&json, &t);
	show_graphs(f, r);
}

static void
show_cost(struct fuzz *f, const struct sim_result *r)
{
	struct cost_options o = {f->options.world, &f->rates, &f->sizes, f->timings.all.n % 2};
	struct cost_case how = {f->model, &f->options, &o, {f->options.world, 800000}};
	struct report_cost what = {
		.sources = &f->sources, .played = r, .speed = STR("amdahl:0.8"), .advise = true};
	struct cost *cost = cost_of(f->a, r, &o);
	struct cost_part pushes = {STR("pushes"), cost, 1000};
	struct cost_month month = cost_month(&pushes, 1, 9);
	struct sb out = {.a = f->a};
	what.cost = cost;
	what.month = &month;
	what.advice = cost_advise(f->a, &how);
	report_cost_text(&out, &what);
	report_cost_json(&out, &what);
	require(cost->sum.total.milli >= 0 && month.sum.total.milli >= 0);
}

/* ---- playing ----------------------------------------------------------------------------- */

static struct str
played(struct fuzz *f, struct arena *a, struct sim_result **r)
{
	struct sb out = {.a = a};
	*r = sim_run(a, f->arrivals.all.v, f->arrivals.all.n, &f->options);
	struct report_timeline t = {&f->sources, *r, STR(""), {false, 0}, false};
	report_simulation_json(&out, &t);
	return sb_str(&out);
}

static void
play(struct fuzz *f)
{
	struct arena *other = arena_new();
	struct sim_result *r, *again;
	struct str one = played(f, f->a, &r), two = played(f, other, &again);
	require(str_eq(one, two));
	arena_free(other);
	check_result(r);
	show(f, r);
	show_cost(f, r);
}

static void
add_arrivals(struct fuzz *f)
{
	struct sim_arrival like = {.model = f->model, .branch = STR("main")};
	if (f->arrivals.all.n > MOST_PIPELINES)
		f->arrivals.all.n = MOST_PIPELINES;
	for (int i = 0; !f->arrivals.all.n && i < 3; i++) {
		struct sim_arrival push = like;
		push.at = i * 3 * SECOND_MS;
		vec_push(f->a, &f->arrivals.all, push);
		vec_push(f->a, &f->arrivals.all, push);
	}
	for (uint32_t i = 0; i < f->model->nworkflows; i++) {
		like.only = &f->model->workflows[i];
		like.at = f->arrivals.all.v[f->arrivals.all.n - 1].at;
		if (like.only->triggers && f->arrivals.all.n < MOST_PIPELINES)
			vec_push(f->a, &f->arrivals.all, like);
	}
}

static void
simulate(struct fuzz *f, struct str all)
{
	read_config(f, all);
	if (!f->compiled || !f->compiled->config || f->diags.errors)
		return;
	f->options.world =
		(struct sim_world){TARGET_CLOUD, (enum catalog_plan)(all.len % 3), catalog_as_of()};
	f->model = sim_model(f->a, f->compiled, &f->options.world);
	if (!is_little(f->model))
		return;
	read_rest(f, all);
	add_arrivals(f);
	f->options.timings = &f->timings;
	f->options.scenario = f->scenario;
	require(sim_fits(f->arrivals.all.v, f->arrivals.all.n, &f->diags));
	play(f);
	f->options.sampled = true;
	play(f);
	struct sb out = {.a = f->a};
	struct report_timeline t = {&f->sources, NULL, STR("config.yml"), {false, 0}, false};
	struct sim_summary *s =
		sim_repeat(f->a, f->arrivals.all.v, f->arrivals.all.n, &f->options, 3);
	report_odds_text(&out, &t, s);
	report_odds_json(&out, &t, s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz f = {.a = arena_new()};
	sources_init(&f.sources, f.a);
	diag_init(&f.diags, f.a);
	orb_store_init(&f.orbs, f.a);
	simulate(&f, str_copy(f.a, (struct str){(const char *)data, size}));
	arena_free(f.a);
	return 0;
}
