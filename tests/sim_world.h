/* SPDX-License-Identifier: MIT */
/*
 * The world of the tests of sim: a config is compiled, a scenario and timings are read, pipelines
 * are played, and what came of it is written as short lines:
 *
 *     build 5..65 success
 *     deploy not_run: build failed
 */
#ifndef CCX_TESTS_SIM_WORLD_H
#define CCX_TESTS_SIM_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ccx/limits.h"
#include "ccx/sim.h"

#include <stdio.h>
#include <string.h>

enum { WORLD_ARRIVALS = 64 };

struct world {
	struct arena *a;
	struct sources sources;
	struct diag_list diags;
	struct orb_store orbs;
	struct timings timings;
	struct sim_model *model;
	struct sim_options options;
	struct sim_arrival arrivals[WORLD_ARRIVALS];
	uint32_t narrivals;
	struct sim_result *result;
};

/* Jobs of one `run` step, on an executor that starts at once unless a test says otherwise. */
#define WORLD_JOB(name)                                                                        \
	"  " name ":\n    docker: [{image: cimg/base:current}]\n    steps: [{run: {name: go, " \
	"command: make}}]\n"

static inline int
world_setup(void **state)
{
	struct arena *a = arena_new();
	struct world *w = NEW(a, struct world);
	w->a = a;
	sources_init(&w->sources, a);
	diag_init(&w->diags, a);
	orb_store_init(&w->orbs, a);
	w->options.world = (struct sim_world){TARGET_CLOUD, PLAN_PERFORMANCE, catalog_as_of()};
	w->options.timings = &w->timings;
	*state = w;
	return 0;
}

static inline int
world_teardown(void **state)
{
	struct world *w = *state;
	arena_free(w->a);
	return 0;
}

static inline void
world_expect_clean(struct world *w)
{
	for (uint32_t i = 0; i < w->diags.all.n; i++)
		print_message("%.*s\n", STR_ARG(w->diags.all.v[i].message));
	assert_int_equal(w->diags.errors, 0);
}

static inline struct sim_model *
world_model(struct world *w, const char *config)
{
	struct pair *pairs = NEW_ARRAY(w->a, struct pair, 1);
	struct span none = {0};
	pairs[0] = (struct pair){node_string(w->a, STR("pipeline.git.branch"), none),
		node_string(w->a, STR("main"), none)};
	struct compile_options o = {.orbs = &w->orbs,
		.values = node_map(w->a, pairs, 1, none),
		.compat = COMPAT_NEWEST};
	uint32_t file = source_add(&w->sources, STR("config.yml"), str_of(config));
	struct compiled *c = compile_config(w->a, &w->sources, file, &o, &w->diags);
	world_expect_clean(w);
	assert_non_null(c->config);
	return w->model = sim_model(w->a, c, &w->options.world);
}

static inline void
world_scenario(struct world *w, const char *text)
{
	struct scenario *sc = scenario_new(w->a);
	uint32_t file = source_add(&w->sources, STR("scenario.yml"), str_of(text));
	bool ok = scenario_read(sc, &w->sources, file, &w->diags);
	world_expect_clean(w);
	assert_true(ok);
	w->options.scenario = sc;
}

static inline void
world_timings(struct world *w, const char *csv)
{
	uint32_t file = source_add(&w->sources, STR("timings.csv"), str_of(csv));
	bool ok = timings_read(w->a, &w->timings, &w->sources, file, &w->diags);
	world_expect_clean(w);
	assert_true(ok);
}

static inline void
world_push(struct world *w, int64_t seconds, const char *branch)
{
	assert_true(w->narrivals < WORLD_ARRIVALS);
	w->arrivals[w->narrivals++] = (struct sim_arrival){
		.at = seconds * SECOND_MS, .model = w->model, .branch = str_of(branch)};
}

static inline struct sim_result *
world_play(struct world *w)
{
	if (!w->narrivals)
		world_push(w, 0, "main");
	bool fits = sim_fits(w->arrivals, w->narrivals, &w->diags);
	world_expect_clean(w);
	assert_true(fits);
	return w->result = sim_run(w->a, w->arrivals, w->narrivals, &w->options);
}

/* ---- what came of it --------------------------------------------------------------------- */

/* 65, 65.5 */
static inline void
put_seconds(struct sb *b, int64_t ms)
{
	if (ms == SIM_NEVER)
		sb_puts(b, "never");
	else if (ms % SECOND_MS)
		sb_printf(b, "%lld.%03lld", (long long)(ms / SECOND_MS),
			(long long)(ms % SECOND_MS));
	else
		sb_printf(b, "%lld", (long long)(ms / SECOND_MS));
}

static inline void
put_job(struct sb *b, const struct sim_job_run *run)
{
	static const char *const waits[] = {"", "", " serial", " plan", " class", " agent"};
	sb_printf(b, "%.*s", STR_ARG(run->node->name));
	if (run->attempt > 1)
		sb_printf(b, "#%u", run->attempt);
	if (run->start != run->end) {
		sb_char(b, ' ');
		put_seconds(b, run->start);
		sb_puts(b, "..");
		put_seconds(b, run->end);
	} else {
		sb_puts(b, " @");
		put_seconds(b, run->end);
	}
	sb_printf(b, " %s%s%s", job_status_names[run->status], run->timed_out ? " limit" : "",
		waits[run->wait]);
	if (run->critical)
		sb_puts(b, " *");
	if (run->slack) {
		sb_puts(b, " slack ");
		put_seconds(b, run->slack);
	}
	if (run->why.len)
		sb_printf(b, ": %.*s", STR_ARG(run->why));
	sb_char(b, '\n');
}

/* All job runs; with several workflows or pipelines each under "#1 name status". */
static inline const char *
world_jobs(struct world *w)
{
	static const char *const names[] = {
		"success", "failed", "canceled", "unauthorized", "on_hold", "not_run"};
	struct sb b = {.a = w->a};
	const struct sim_result *r = w->result;
	for (uint32_t i = 0; i < r->npipelines; i++)
		for (uint32_t k = 0; k < r->pipelines[i].nworkflows; k++) {
			const struct sim_workflow_run *run = &r->pipelines[i].workflows[k];
			sb_printf(&b, "[%u %.*s %s ", r->pipelines[i].number,
				STR_ARG(run->workflow->name), names[run->status]);
			put_seconds(&b, run->end);
			sb_puts(&b, "]\n");
			for (uint32_t j = 0; j < run->njobs; j++)
				put_job(&b, &run->jobs[j]);
		}
	sb_char(&b, '\0');
	return b.s;
}

/* The steps of a job run's task: "go 0..60 x2 failed; tell 60..60 skipped". */
static inline const char *
world_steps(struct world *w, uint32_t pipeline, uint32_t job, uint32_t task)
{
	static const char *const ends[] = {"", " failed", " timed_out", " canceled", " skipped"};
	static const char *const cached[] = {"", " hit", " miss", " saved", " kept"};
	struct sb b = {.a = w->a};
	const struct sim_job_run *run = &w->result->pipelines[pipeline].workflows[0].jobs[job];
	assert_true(task < run->ntasks);
	for (uint32_t i = 0; i < run->tasks[task].nsteps; i++) {
		const struct sim_step_run *s = &run->tasks[task].steps[i];
		sb_printf(&b, "%s%.*s ", i ? "; " : "", STR_ARG(s->step->name));
		put_seconds(&b, s->start - run->tasks[task].start);
		sb_puts(&b, "..");
		put_seconds(&b, s->end - run->tasks[task].start);
		if (s->attempts > 1)
			sb_printf(&b, " x%u", s->attempts);
		sb_printf(&b, "%s%s", ends[s->how], cached[s->cached]);
		if (s->cache)
			sb_printf(&b, " %.*s", STR_ARG(w->result->caches[s->cache - 1].key));
		if (s->assumed)
			sb_puts(&b, " ~");
	}
	sb_char(&b, '\0');
	return b.s;
}

#endif
