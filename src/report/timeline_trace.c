/* SPDX-License-Identifier: MIT */
/*
 * A simulation as trace events, which Perfetto and chrome://tracing open: a process a workflow, a
 * thread a task, in it its phases and its steps. An event stands on a line of its own.
 */
#include "jsonw.h"
#include "timeline.h"

struct trace {
	struct sb *out;
	struct arena *a;
	bool some;
	uint32_t process, thread;
	struct bars bars;
};

static struct jsonw
open_event(struct trace *t, const char *phase, struct str name)
{
	sb_puts(t->out, t->some ? ",\n" : "\n");
	t->some = true;
	struct jsonw w = {.out = t->out, .compact = true};
	jsonw_open(&w, NULL, '{');
	jsonw_text(&w, "ph", phase);
	jsonw_str(&w, "name", name);
	jsonw_number(&w, "pid", t->process);
	jsonw_number(&w, "tid", t->thread);
	return w;
}

/* The name of a process or thread. */
static void
put_name(struct trace *t, const char *what, struct str name)
{
	struct jsonw w = open_event(t, "M", str_of(what));
	jsonw_open(&w, "args", '{');
	jsonw_str(&w, "name", name);
	jsonw_close(&w, '}');
	jsonw_close(&w, '}');
}

/* Times of trace events are microseconds. */
static struct jsonw
open_slice(struct trace *t, struct str name, const char *category, int64_t start, int64_t end)
{
	struct jsonw w = open_event(t, "X", name);
	jsonw_text(&w, "cat", category);
	jsonw_number(&w, "ts", (uint64_t)start * 1000);
	jsonw_number(&w, "dur", (uint64_t)(end - start) * 1000);
	return w;
}

static void
put_steps(struct trace *t, const struct sim_task_run *task)
{
	static const char *const ends[] = {[SIM_STEP_SUCCESS] = "success",
		[SIM_STEP_FAILED] = "failed",
		[SIM_STEP_TIMED_OUT] = "timed out",
		[SIM_STEP_CANCELED] = "canceled",
		[SIM_STEP_SKIPPED] = "skipped"};
	for (uint32_t i = 0; i < task->nsteps; i++) {
		const struct sim_step_run *s = &task->steps[i];
		if (s->start == s->end)
			continue;
		struct jsonw w = open_slice(t, s->step->name, "step", s->start, s->end);
		jsonw_open(&w, "args", '{');
		jsonw_text(&w, "status", ends[s->how]);
		jsonw_number(&w, "attempts", s->attempts);
		jsonw_bool(&w, "assumed", s->assumed);
		jsonw_close(&w, '}');
		jsonw_close(&w, '}');
	}
}

/* A task's phases follow each other in one thread; what runs holds its steps. */
static void
put_job(struct trace *t, const struct sim_workflow_run *wr, const struct sim_job_run *r,
	int64_t makespan)
{
	uint32_t task = UINT32_MAX;
	timeline_bars(t->a, r, makespan, &t->bars);
	for (uint32_t i = 0; i < t->bars.all.n; i++) {
		const struct bar *b = &t->bars.all.v[i];
		struct str name = timeline_name(t->a, r);
		if (r->ntasks > 1)
			name = str_printf(t->a, "%.*s %u/%u", STR_ARG(name), (unsigned)b->task + 1,
				(unsigned)r->ntasks);
		if (b->task != task) {
			t->thread++;
			put_name(t, "thread_name", name);
			task = b->task;
		}
		bool runs = b->phase == PHASE_RUNNING;
		struct jsonw w = open_slice(t, runs ? name : str_of(phase_names[b->phase]),
			phase_names[b->phase], b->start, b->end);
		jsonw_open(&w, "args", '{');
		jsonw_text(&w, "status", job_status_names[r->status]);
		jsonw_bool(&w, "critical", r->critical);
		jsonw_str(&w, "held_by", timeline_wait(t->a, wr, r));
		jsonw_close(&w, '}');
		jsonw_close(&w, '}');
		if (runs)
			put_steps(t, &r->tasks[b->task]);
	}
}

void
timeline_put_trace(struct sb *out, const struct report_timeline *timeline)
{
	struct trace t = {.out = out, .a = out->a};
	const struct sim_result *r = timeline->result;
	sb_puts(out, "{\"displayTimeUnit\": \"ms\", \"traceEvents\": [");
	for (uint32_t i = 0; i < r->npipelines; i++)
		for (uint32_t k = 0; k < r->pipelines[i].nworkflows; k++) {
			const struct sim_workflow_run *w = &r->pipelines[i].workflows[k];
			t.process++;
			put_name(&t, "process_name", timeline_heading(t.a, &r->pipelines[i], w));
			for (uint32_t j = 0; j < w->njobs; j++)
				put_job(&t, w, &w->jobs[j], r->makespan);
		}
	sb_puts(out, "\n]}\n");
}
