/* SPDX-License-Identifier: MIT */
/* A simulation as one JSON object: every pipeline, workflow, job, task and step. Times are whole
 * milliseconds from the start of the simulation. */
#include "jsonw.h"
#include "timeline.h"

static const char *const wait_names[] = {[SIM_WAIT_NOTHING] = "nothing",
	[SIM_WAIT_REQUIRES] = "requires",
	[SIM_WAIT_SERIAL] = "serial-group",
	[SIM_WAIT_PLAN] = "plan",
	[SIM_WAIT_CLASS] = "class",
	[SIM_WAIT_AGENT] = "agent"};

static void
put_time(struct jsonw *w, const char *key, int64_t ms)
{
	if (ms == SIM_NEVER)
		jsonw_null(w, key);
	else
		jsonw_integer(w, key, ms);
}

static void
put_cache(struct jsonw *w, const struct sim_result *r, const struct sim_step_run *s)
{
	static const char *const names[] = {NULL, "hit", "miss", "saved", "kept"};
	if (s->cached == SIM_CACHE_NONE)
		return;
	jsonw_text(w, "cache", names[s->cached]);
	if (s->cache)
		jsonw_str(w, "cache_key", r->caches[s->cache - 1].key);
}

static void
put_step(struct jsonw *w, const struct sim_result *r, const struct sim_step_run *s)
{
	static const char *const ends[] = {"success", "failed", "timed_out", "canceled", "skipped"};
	jsonw_open(w, NULL, '{');
	jsonw_str(w, "name", s->step->name);
	jsonw_text(w, "status", ends[s->how]);
	jsonw_integer(w, "start_ms", s->start);
	jsonw_integer(w, "end_ms", s->end);
	jsonw_number(w, "attempts", s->attempts);
	jsonw_bool(w, "assumed", s->assumed);
	put_cache(w, r, s);
	jsonw_close(w, '}');
}

static void
put_task(struct jsonw *w, const struct sim_result *r, const struct sim_task_run *t)
{
	jsonw_open(w, NULL, '{');
	jsonw_text(w, "status", job_status_names[t->status]);
	jsonw_integer(w, "slot_ms", t->slot);
	jsonw_integer(w, "start_ms", t->start);
	jsonw_integer(w, "end_ms", t->end);
	jsonw_open(w, "steps", '[');
	for (uint32_t i = 0; i < t->nsteps; i++)
		put_step(w, r, &t->steps[i]);
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

static void
put_job(struct jsonw *w, const struct sim_result *r, const struct sim_workflow_run *run,
	const struct sim_job_run *j)
{
	jsonw_open(w, NULL, '{');
	jsonw_str(w, "name", j->node->name);
	jsonw_text(w, "kind", sim_node_kind_names[j->node->kind]);
	jsonw_number(w, "attempt", j->attempt);
	jsonw_text(w, "status", j->end == SIM_NEVER ? "on_hold" : job_status_names[j->status]);
	jsonw_bool(w, "timed_out", j->timed_out);
	jsonw_bool(w, "assumed", timeline_assumed(j));
	jsonw_integer(w, "ready_ms", j->ready);
	jsonw_integer(w, "start_ms", j->start);
	put_time(w, "end_ms", j->end);
	jsonw_text(w, "waits_for", wait_names[j->wait]);
	if (j->by != SIM_NOBODY)
		jsonw_str(w, "because_of", run->jobs[j->by].node->name);
	else
		jsonw_null(w, "because_of");
	if (j->why.len)
		jsonw_str(w, "why", j->why);
	jsonw_bool(w, "critical", j->critical);
	jsonw_integer(w, "slack_ms", j->slack);
	jsonw_open(w, "tasks", '[');
	for (uint32_t i = 0; i < j->ntasks; i++)
		put_task(w, r, &j->tasks[i]);
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

static void
put_workflow(struct jsonw *w, const struct sim_result *r, const struct sim_workflow_run *run)
{
	static const char *const names[] = {[SIM_WORKFLOW_SUCCESS] = "success",
		[SIM_WORKFLOW_FAILED] = "failed",
		[SIM_WORKFLOW_CANCELED] = "canceled",
		[SIM_WORKFLOW_UNAUTHORIZED] = "unauthorized",
		[SIM_WORKFLOW_ON_HOLD] = "on_hold",
		[SIM_WORKFLOW_NOT_RUN] = "not_run"};
	jsonw_open(w, NULL, '{');
	jsonw_str(w, "name", run->workflow->name);
	jsonw_text(w, "status", names[run->status]);
	jsonw_integer(w, "start_ms", run->start);
	jsonw_integer(w, "end_ms", run->end);
	jsonw_open(w, "jobs", '[');
	for (uint32_t i = 0; i < run->njobs; i++)
		put_job(w, r, run, &run->jobs[i]);
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

static void
put_pipelines(struct jsonw *w, const struct sim_result *r)
{
	jsonw_open(w, "pipelines", '[');
	for (uint32_t i = 0; i < r->npipelines; i++) {
		const struct sim_pipeline_run *p = &r->pipelines[i];
		jsonw_open(w, NULL, '{');
		jsonw_number(w, "number", p->number);
		jsonw_str(w, "branch", p->arrival->branch);
		jsonw_str(w, "label", p->arrival->label);
		jsonw_integer(w, "arrival_ms", p->arrival->at);
		jsonw_integer(w, "end_ms", p->end);
		jsonw_open(w, "workflows", '[');
		for (uint32_t k = 0; k < p->nworkflows; k++)
			put_workflow(w, r, &p->workflows[k]);
		jsonw_close(w, ']');
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static void
put_rest(struct jsonw *w, const struct report_timeline *t)
{
	const struct sim_result *r = t->result;
	jsonw_open(w, "caches", '[');
	for (uint32_t i = 0; i < r->ncaches; i++) {
		jsonw_open(w, NULL, '{');
		jsonw_str(w, "key", r->caches[i].key);
		jsonw_integer(w, "saved_ms", r->caches[i].at);
		jsonw_number(w, "pipeline", r->caches[i].pipeline);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_open(w, "findings", '[');
	for (uint32_t i = 0; i < r->nfindings; i++) {
		const struct source *s = source_of(t->sources, r->findings[i].span.file);
		jsonw_open(w, NULL, '{');
		if (s) {
			struct span at = r->findings[i].span;
			struct place place = source_place(t->sources, at.file, at.off);
			jsonw_str(w, "path", s->path);
			jsonw_number(w, "line", place.line);
			jsonw_number(w, "column", place.column);
		}
		jsonw_str(w, "message", r->findings[i].text);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

void
report_simulation_json(struct sb *out, const struct report_timeline *t)
{
	struct jsonw w = {.out = out};
	const struct sim_result *r = t->result;
	jsonw_open(&w, NULL, '{');
	jsonw_str(&w, "config", t->title);
	jsonw_integer(&w, "makespan_ms", r->makespan);
	jsonw_number(&w, "peak_tasks", r->peak);
	jsonw_integer(&w, "queued_ms", r->queued);
	jsonw_bool(&w, "assumed", r->assumed);
	put_pipelines(&w, r);
	put_rest(&w, t);
	jsonw_close(&w, '}');
	sb_char(out, '\n');
}

/* ---- many runs --------------------------------------------------------------------------- */

static void
put_spread(struct jsonw *w, const char *key, const struct sim_spread *s)
{
	jsonw_open(w, key, '{');
	jsonw_integer(w, "p5", s->p5);
	jsonw_integer(w, "p50", s->p50);
	jsonw_integer(w, "p95", s->p95);
	jsonw_integer(w, "mean", s->mean);
	jsonw_close(w, '}');
}

void
report_odds_json(struct sb *out, const struct report_timeline *t, const struct sim_summary *s)
{
	struct jsonw w = {.out = out};
	jsonw_open(&w, NULL, '{');
	jsonw_str(&w, "config", t->title);
	jsonw_number(&w, "runs", s->runs);
	jsonw_bool(&w, "assumed", s->assumed);
	put_spread(&w, "makespan_ms", &s->makespan);
	jsonw_open(&w, "odds", '[');
	for (uint32_t i = 0; i < s->nodds; i++) {
		const struct sim_odds *o = &s->odds[i];
		jsonw_open(&w, NULL, '{');
		jsonw_str(&w, "workflow", o->workflow->name);
		if (o->node)
			jsonw_str(&w, "job", o->node->name);
		else
			jsonw_null(&w, "job");
		jsonw_number(&w, "played", o->played);
		jsonw_number(&w, "succeeded", o->succeeded);
		put_spread(&w, "time_ms", &o->time);
		put_spread(&w, "queued_ms", &o->queued);
		jsonw_close(&w, '}');
	}
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	sb_char(out, '\n');
}
