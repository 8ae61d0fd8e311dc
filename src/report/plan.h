/* SPDX-License-Identifier: MIT */
/* What the reports of plans share. */
#ifndef CCX_REPORT_PLAN_H
#define CCX_REPORT_PLAN_H

#include "ccx/report.h"
#include "ccx/plan.h"

#define PLAN_YES "✓"
#define PLAN_NO "–"

/* Appends what an answer depends on and nobody gave, behind "; " where something stands already. */
void plan_put_unknowns(struct sb *b, const struct plan_answer *answer);
/* "config.yml:12:7"; empty for a span without a file */
struct str plan_place(struct arena *a, struct sources *s, struct span span);

#endif
