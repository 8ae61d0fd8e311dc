/* SPDX-License-Identifier: MIT */
/* What the two halves of the checker share. */
#ifndef CCX_TESTS_SIM_CHECK_H
#define CCX_TESTS_SIM_CHECK_H

#include "sim_case.h"

/* A workflow run with what the case has of it. */
struct checked {
	struct case_played *p;
	const struct sim_workflow_run *w;
	const struct case_flow *flow;
	bool open;     /* some of it never ends */
	bool canceled; /* by a newer push */
};

/* False; the first fault is kept. */
bool check_fault(struct case_played *p, const char *what, struct str of);
const struct case_node *checked_node(const struct checked *c, const struct sim_job_run *run);
/* When an attempt began: when all of the one before had ended. */
int64_t attempt_start(const struct checked *c, unsigned attempt);
/* Did it get so far as to be ready, and when? Not so what its requirements kept from running. */
bool was_ready(const struct checked *c, const struct sim_job_run *run, int64_t *at);

/* The least of all limits of places; UINT32_MAX: there is none. */
uint32_t case_least_limit(const struct sim_case *c);

/* Requirements, statuses, times, critical path and slack of a workflow run. */
bool check_flow(struct checked *c);

#endif
