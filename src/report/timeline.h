/* SPDX-License-Identifier: MIT */
/* What the ways of showing a simulation share. */
#ifndef CCX_REPORT_TIMELINE_H
#define CCX_REPORT_TIMELINE_H

#include "ccx/report.h"
#include "ccx/sim.h"

void timeline_put_gantt(struct sb *out, const struct report_timeline *t);
void timeline_put_svg(struct sb *out, const struct report_timeline *t);
void timeline_put_html(struct sb *out, const struct report_timeline *t);
void timeline_put_trace(struct sb *out, const struct report_timeline *t);

/* What a job does at a time. */
enum phase { PHASE_NONE, PHASE_QUEUED, PHASE_SPIN_UP, PHASE_RUNNING, PHASE_HOLD, PHASE_COUNT };

extern const char *const phase_names[PHASE_COUNT]; /* "", "queued", "spin-up", … */

/* One bar: a phase of a task, or of an approval. */
struct bar {
	enum phase phase;
	uint32_t task;      /* from 0 */
	int64_t start, end; /* start < end */
};

struct bars {
	VEC(struct bar) all;
};

/* The bars of a job in order of its tasks, cut off at the simulation's end; none of one that never
 * ran. */
void timeline_bars(
	struct arena *a, const struct sim_job_run *r, int64_t makespan, struct bars *bars);

extern const char *const workflow_status_names[]; /* "success", …, "on hold", "not run" */

/* "test", "test, attempt 2" */
struct str timeline_name(struct arena *a, const struct sim_job_run *r);
/* Is something of it nobody's word: its time, its start-up, or a step's? */
bool timeline_assumed(const struct sim_job_run *r);
/* How a job ended: "success", "timed out", …; "on hold" when it did not. */
struct str timeline_status(const struct sim_job_run *r);
/* What held a job: "requires build", "serial group deploy"; empty when nothing did. */
struct str timeline_wait(
	struct arena *a, const struct sim_workflow_run *w, const struct sim_job_run *r);
/* "pipeline 3, at 1h30m, main: build-and-test": what a workflow's rows stand under. The time is
 * that of the simulation. */
struct str timeline_heading(
	struct arena *a, const struct sim_pipeline_run *p, const struct sim_workflow_run *w);

/* Distance of marks on an axis that has room for so many: 1, 2, 5, 10, 15, 30 seconds, … */
int64_t timeline_step(int64_t span, unsigned most);
/* Draws all bars below each other in an SVG of its own; returns how many jobs were left out. */
uint32_t timeline_draw(struct sb *out, const struct report_timeline *t);

#endif
