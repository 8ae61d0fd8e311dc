/* SPDX-License-Identifier: MIT */
/* Planning the events of one config: what is read once, and what is done for each of them. */
#ifndef CCX_CLI_PLAN_RUN_H
#define CCX_CLI_PLAN_RUN_H

#include "ccx/plan.h"

#include "session.h"

/* What all events share. */
struct plan_run {
	struct session session;    /* as its command set it */
	const char *continuation;  /* as given, or NULL */
	bool asked_changed;        /* options say which files changed */
	struct str root;           /* the folder that holds .circleci */
	const struct node *config; /* the config as written */
	struct map continuations;  /* path -> struct node, of those that were read */
};

/* Reads the config and what else a compile takes. False with *code set, and said. After true,
 * session_close is due. */
bool plan_run_open(struct plan_run *run, enum exit_code *code);
/* Plans an event, and what a setup config continues with. False with *code set, and said. */
bool plan_run_event(
	struct plan_run *run, struct sim_event *e, struct report_plan *out, enum exit_code *code);

#endif
