/* SPDX-License-Identifier: MIT */
/* Planning the events of one config: what is read once, and what is done for each of them. */
#ifndef CCX_CLI_PLAN_RUN_H
#define CCX_CLI_PLAN_RUN_H

#include "ccx/plan.h"

#include "pipeline.h"

/* What all events share. */
struct plan_run {
	struct cli *cli;
	const struct command *command;
	const struct pipeline *pipeline;
	const char *path, *stdin_name, *continuation; /* continuation: as given, or NULL */
	bool asked_changed;                           /* options say which files changed */
	struct str root;                              /* the folder that holds .circleci */
	struct sources sources;
	struct diag_list diags;
	struct orb_store orbs;
	struct pipeline_remote remote;
	struct pipeline_read read;
	uint32_t file;
	const struct node *config; /* the config as written */
	struct map continuations;  /* path -> struct node, of those that were read */
};

/* Reads the config at run->path and what else a compile takes. False with *code set, and said.
 * After true, plan_run_close is due. */
bool plan_run_open(struct plan_run *run, enum exit_code *code);
void plan_run_close(struct plan_run *run);
/* Plans an event, and what a setup config continues with. False with *code set, and said. */
bool plan_run_event(
	struct plan_run *run, struct sim_event *e, struct report_plan *out, enum exit_code *code);

#endif
