/* SPDX-License-Identifier: MIT */
/* The world of the tests of cost: a result of a simulation made by hand. */
#ifndef CCX_TESTS_COST_WORLD_H
#define CCX_TESTS_COST_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ccx/cost.h"

enum { TODAY = 20261008, MOST = 8 };

/* A workflow "w" of jobs that each ran once, one after the other in the arrays. */
struct world {
	struct arena *a;
	struct sim_job jobs[MOST];
	struct sim_node nodes[MOST];
	struct sim_workflow workflow;
	struct sim_model model;
	struct sim_job_run runs[MOST];
	struct sim_workflow_run workflow_run;
	struct sim_pipeline_run pipeline;
	struct sim_result result;
	struct cost_sizes sizes;
	struct cost_rates rates;
	struct cost_options options;
	struct sources sources;
	struct diag_list diags;
};

static inline void
open_world(struct world *w)
{
	*w = (struct world){.a = arena_new()};
	w->model = (struct sim_model){w->jobs, 0, &w->workflow, 1};
	w->workflow = (struct sim_workflow){.name = STR("w"), .nodes = w->nodes};
	w->workflow_run = (struct sim_workflow_run){.workflow = &w->workflow, .jobs = w->runs};
	w->pipeline = (struct sim_pipeline_run){.workflows = &w->workflow_run, .nworkflows = 1};
	w->result = (struct sim_result){.pipelines = &w->pipeline, .npipelines = 1};
	w->options.world = (struct sim_world){TARGET_CLOUD, PLAN_PERFORMANCE, TODAY};
	w->options.rates = &w->rates;
	w->sizes = cost_no_sizes;
	sources_init(&w->sources, w->a);
	diag_init(&w->diags, w->a);
}

/* Adds a job of a class with one run of so many tasks of ms each. */
static inline struct sim_job *
add_job(struct world *w, enum executor_kind kind, const char *class, uint32_t tasks, int64_t ms)
{
	uint32_t i = w->model.njobs++;
	struct sim_job *job = &w->jobs[i];
	struct sim_task_run *runs = NEW_ARRAY(w->a, struct sim_task_run, tasks);
	job->name = str_printf(w->a, "job%u", (unsigned)i);
	job->kind = kind;
	job->class_name = str_of(class);
	job->class = catalog_class(kind, str_of(class), TODAY);
	job->executor = job->class ? job->class->executor : NULL;
	job->parallelism = tasks;
	for (uint32_t k = 0; k < tasks; k++)
		runs[k] = (struct sim_task_run){.start = 5000, .end = 5000 + ms};
	w->nodes[i] = (struct sim_node){.name = job->name, .kind = SIM_JOB, .job = job};
	w->workflow.nnodes = w->model.njobs;
	w->runs[i] = (struct sim_job_run){
		.node = &w->nodes[i], .attempt = 1, .tasks = runs, .ntasks = tasks};
	w->workflow_run.njobs = w->model.njobs;
	return job;
}

static inline struct cost *
count(struct world *w)
{
	return cost_of(w->a, &w->result, &w->options);
}

static inline bool
give_rates(struct world *w, const char *text)
{
	uint32_t file = source_add(&w->sources, STR("rates.yml"), str_of(text));
	return cost_rates_read(w->a, &w->rates, &w->sources, file, &w->diags);
}

#define WITH(w)         \
	struct world w; \
	(void)state;    \
	open_world(&w)

#endif
