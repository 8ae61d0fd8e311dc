/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer entry for costs: the first line is a change and a speed-up, the whole text a file of
 * rates and a scenario's sizes. What is read must be in bounds, a sum must be that of its parts,
 * and a model must be as it was after a change was tried.
 */
#include "ccx/cost.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TODAY = 20261008, HOUR = 60 * MINUTE_MS };

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static void
check_diags(struct sources *s, const struct diag_list *d)
{
	for (uint32_t i = 0; i < d->all.n; i++) {
		struct span span = d->all.v[i].span;
		const struct source *source = source_of(s, span.file);
		require(source && span.off <= source->text.len);
		require(span.len <= source->text.len - span.off);
	}
}

static void
check_sum(const struct cost_sum *sum)
{
	struct cost_sum parts = {0};
	for (int i = 0; i < COST_KIND_COUNT; i++) {
		require(sum->kinds[i].milli >= 0);
		cost_add(&parts, (enum cost_kind)i, sum->kinds[i]);
	}
	require(parts.total.milli == sum->total.milli);
	require(parts.total.at_least == sum->total.at_least);
}

/* One job of three tasks, of a class that a file of rates may name. */
struct played {
	struct sim_job job;
	struct sim_node node;
	struct sim_workflow workflow;
	struct sim_model model;
	struct sim_step step;
	struct sim_step_run steps[3];
	struct sim_task_run tasks[3];
	struct sim_job_run run;
	struct sim_workflow_run workflow_run;
	struct sim_pipeline_run pipeline;
	struct sim_result result;
};

static void
make_played(struct played *p)
{
	*p = (struct played){.step = {.kind = SIM_SAVE_CACHE}};
	p->job = (struct sim_job){.name = STR("build"),
		.kind = EXECUTOR_DOCKER,
		.class_name = STR("large.gen2"),
		.class = catalog_class(EXECUTOR_DOCKER, STR("large.gen2"), TODAY),
		.parallelism = 3,
		.dlc = true,
		.ip_ranges = true,
		.steps = &p->step,
		.nsteps = 1};
	p->node = (struct sim_node){.name = STR("build"), .kind = SIM_JOB, .job = &p->job};
	p->workflow = (struct sim_workflow){.name = STR("main"), .nodes = &p->node, .nnodes = 1};
	p->model = (struct sim_model){&p->job, 1, &p->workflow, 1};
	for (int i = 0; i < 3; i++) {
		p->steps[i] = (struct sim_step_run){.step = &p->step, .end = HOUR, .attempts = 1};
		p->tasks[i] = (struct sim_task_run){
			.end = (int64_t)HOUR * (i + 1), .steps = &p->steps[i], .nsteps = 1};
	}
	p->run = (struct sim_job_run){
		.node = &p->node, .attempt = 1, .tasks = p->tasks, .ntasks = 3};
	p->workflow_run =
		(struct sim_workflow_run){.workflow = &p->workflow, .jobs = &p->run, .njobs = 1};
	p->pipeline = (struct sim_pipeline_run){.workflows = &p->workflow_run, .nworkflows = 1};
	p->result = (struct sim_result){.pipelines = &p->pipeline, .npipelines = 1};
}

static void
check_cost(struct arena *a, const struct cost_rates *rates, const struct cost_sizes *sizes)
{
	struct played p;
	make_played(&p);
	for (int plan = PLAN_FREE; plan <= PLAN_SCALE; plan++) {
		const struct cost_options options = {
			{TARGET_CLOUD, (enum catalog_plan)plan, TODAY}, rates, sizes, plan == 0};
		struct cost *cost = cost_of(a, &p.result, &options);
		struct cost_part part = {STR("all"), cost, UINT32_MAX};
		struct cost_month month = cost_month(&part, 1, UINT32_MAX);
		check_sum(&cost->sum);
		check_sum(&month.sum);
		require(month.beyond.milli >= 0 && month.beyond.milli <= month.sum.total.milli);
	}
}

static void
check_change(struct arena *a, struct str line)
{
	struct played p;
	struct cost_change change;
	struct cost_speed speed = {{TARGET_CLOUD, PLAN_SCALE, TODAY}, 800000};
	struct str error = STR("");
	make_played(&p);
	if (cost_speed_parse(line, &speed.ppm))
		require(speed.ppm <= 1000000);
	if (!cost_change_parse(a, line, &change, &error)) {
		require(error.len > 0);
		return;
	}
	struct sim_model *m = cost_change_apply(a, &p.model, &change, 1, &speed, &error);
	require(m || error.len > 0);
	require(p.step.scale == 0 && p.job.parallelism == 3 && p.job.dlc);
	require(!m || m->workflows[0].nodes[0].job == &m->jobs[0]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sources sources;
	struct diag_list diags;
	struct cost_rates rates = {0};
	struct cost_sizes sizes = cost_no_sizes;
	struct arena *a = arena_new();
	struct str text = {(const char *)data, size};
	sources_init(&sources, a);
	diag_init(&diags, a);
	uint32_t file = source_add(&sources, STR("input"), text);
	bool ok = cost_rates_read(a, &rates, &sources, file, &diags);
	require(ok == !diags.errors);
	const struct node *root = node_load(a, &sources, file, &diags);
	if (root)
		cost_sizes_read(root, &sources, &sizes, &diags);
	check_diags(&sources, &diags);
	check_cost(a, &rates, &sizes);
	check_change(a, str_sub(text, 0, str_find(text, STR("\n"), 0)));
	arena_free(a);
	return 0;
}
