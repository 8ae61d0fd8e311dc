/* SPDX-License-Identifier: MIT */
/* What both reports of a cost share: the rates that it rests on, changed jobs. */
#ifndef CCX_REPORT_COST_H
#define CCX_REPORT_COST_H

#include "ccx/report.h"

#include "table.h"

/* Rates as rows: number, name, credits, unit, source, date, what else there is to know. */
struct table cost_rates_table(struct arena *a, const struct report_cost *what);
/* Which rates these are, of a day before the first or after the newest ones; else empty. */
struct str cost_rates_note(
	struct arena *a, const struct report_cost *what, const struct table *rates);
/* The number of a rate in that table, from 1; 0: it is not there. */
uint32_t cost_rate_number(const struct report_cost *what, const struct cost_rate *rate);

/* A job before and after a change. */
struct cost_changed {
	const struct sim_workflow *workflow;
	const struct cost_job *before, *after;
};

/* The jobs of which time or credits differ; *n is their number. */
struct cost_changed *cost_changed_jobs(
	struct arena *a, const struct report_cost *what, uint32_t *n);
/* Whether the difference of two totals is known: what is unknown is the same in both. */
bool cost_comparable(const struct cost_changed *jobs, uint32_t n);
/* "-12.5 %" of what was, in tenths of a percent; false when there was nothing. */
bool cost_percent(int64_t before, int64_t after, int64_t *tenths);

/* The runs before and after of the jobs that end in another way with a change. */
struct cost_end {
	const struct sim_job_run *was, *is;
};

struct cost_end *cost_other_ends(struct arena *a, const struct report_cost *what, uint32_t *n);

/* Whether a source says that the plan does not have the job's class. */
bool cost_plan_lacks(const struct sim_job *job, enum catalog_plan plan);

/* ---- quantities -------------------------------------------------------------------------- */

struct str cost_milli_text(struct arena *a, int64_t milli); /* 1234500: "1,234.5" */
/* "580", "at least 200", "more than 9,000", "unknown" */
struct str cost_credits_text(struct arena *a, struct credits c);
/* "$12.34", below a dollar "$0.0312" */
struct str cost_dollars_text(struct arena *a, int64_t micro);
/* What those credits are in money: "$12.34", "at least $12.34" */
struct str cost_money_text(struct arena *a, struct credits c, int64_t micro);

#endif
