/* SPDX-License-Identifier: MIT */
/* The ways in which a simulation is shown, and what these share. */
#include "timeline.h"
#include "units.h"

#include <string.h>

const char *const report_timelines[] = {"gantt", "svg", "html", "trace", NULL};
const char *const phase_names[PHASE_COUNT] = {"", "queued", "spin-up", "running", "on hold"};
const char *const workflow_status_names[] = {[SIM_WORKFLOW_SUCCESS] = "success",
	[SIM_WORKFLOW_FAILED] = "failed",
	[SIM_WORKFLOW_CANCELED] = "canceled",
	[SIM_WORKFLOW_UNAUTHORIZED] = "unauthorized",
	[SIM_WORKFLOW_ON_HOLD] = "on hold",
	[SIM_WORKFLOW_NOT_RUN] = "not run"};

void
report_timeline(struct sb *out, const char *how, const struct report_timeline *timeline)
{
	static void (*const puts[])(struct sb *, const struct report_timeline *) = {
		timeline_put_gantt, timeline_put_svg, timeline_put_html, timeline_put_trace};
	for (size_t i = 0; i < sizeof puts / sizeof *puts; i++)
		if (strcmp(how, report_timelines[i]) == 0)
			puts[i](out, timeline);
}

/* ---- bars -------------------------------------------------------------------------------- */

static void
add_bar(struct arena *a, struct bars *bars, struct bar bar, int64_t makespan)
{
	if (bar.end > makespan)
		bar.end = makespan;
	if (bar.start < bar.end)
		vec_push(a, &bars->all, bar);
}

void
timeline_bars(struct arena *a, const struct sim_job_run *r, int64_t makespan, struct bars *bars)
{
	bars->all.n = 0;
	if (r->node->kind == SIM_APPROVAL)
		add_bar(a, bars, (struct bar){PHASE_HOLD, 0, r->start, r->end}, makespan);
	for (uint32_t i = 0; i < r->ntasks; i++) {
		const struct sim_task_run *t = &r->tasks[i];
		add_bar(a, bars, (struct bar){PHASE_QUEUED, i, r->ready, t->slot}, makespan);
		add_bar(a, bars, (struct bar){PHASE_SPIN_UP, i, t->slot, t->start}, makespan);
		add_bar(a, bars, (struct bar){PHASE_RUNNING, i, t->start, t->end}, makespan);
	}
}

/* ---- words ------------------------------------------------------------------------------- */

struct str
timeline_name(struct arena *a, const struct sim_job_run *r)
{
	if (r->attempt <= 1)
		return r->node->name;
	return str_printf(a, "%.*s, attempt %u", STR_ARG(r->node->name), r->attempt);
}

bool
timeline_assumed(const struct sim_job_run *r)
{
	if (r->assumed)
		return true;
	for (uint32_t i = 0; i < r->ntasks; i++)
		for (uint32_t k = 0; k < r->tasks[i].nsteps; k++)
			if (r->tasks[i].steps[k].assumed)
				return true;
	return false;
}

struct str
timeline_status(const struct sim_job_run *r)
{
	if (r->end == SIM_NEVER)
		return STR("on hold");
	return str_of(r->timed_out ? "timed out" : job_status_names[r->status]);
}

struct str
timeline_wait(struct arena *a, const struct sim_workflow_run *w, const struct sim_job_run *r)
{
	switch (r->wait) {
	case SIM_WAIT_NOTHING:
		return STR("");
	case SIM_WAIT_REQUIRES:
		if (r->by >= w->njobs)
			return STR("");
		return str_printf(a, "requires %.*s", STR_ARG(w->jobs[r->by].node->name));
	case SIM_WAIT_SERIAL:
		return str_printf(a, "serial group %.*s", STR_ARG(r->node->serial));
	case SIM_WAIT_PLAN:
		return STR("concurrency of the plan");
	case SIM_WAIT_CLASS:
		return STR("concurrency of its class");
	case SIM_WAIT_AGENT:
		return STR("a free runner");
	}
	return STR("");
}

struct str
timeline_heading(
	struct arena *a, const struct sim_pipeline_run *p, const struct sim_workflow_run *w)
{
	struct sb b = {.a = a};
	sb_printf(&b, "pipeline %u", (unsigned)p->number);
	if (p->arrival->at && !p->arrival->only) /* a schedule's label says when it is */
		sb_printf(&b, ", at %.*s", STR_ARG(units_duration(a, p->arrival->at)));
	if (p->arrival->branch.len)
		sb_printf(&b, ", %.*s", STR_ARG(p->arrival->branch));
	if (p->arrival->label.len)
		sb_printf(&b, ", %.*s", STR_ARG(p->arrival->label));
	sb_printf(&b, ": %.*s", STR_ARG(w->workflow->name));
	return sb_str(&b);
}

int64_t
timeline_step(int64_t span, unsigned most)
{
	static const int64_t steps[] = {10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 15000,
		30000, 60000, 120000, 300000, 600000, 900000, 1800000, 3600000, 7200000, 10800000,
		21600000, 43200000, 86400000};
	size_t n = sizeof steps / sizeof *steps;
	for (size_t i = 0; i < n; i++)
		if (span / steps[i] <= most)
			return steps[i];
	int64_t days = span / steps[n - 1] / (most ? most : 1) + 1;
	return days * steps[n - 1];
}
