/* SPDX-License-Identifier: MIT */
#ifndef CCX_CHECK_INTERNAL_H
#define CCX_CHECK_INTERNAL_H

#include "ccx/check.h"

#define CHECK(name) void check_##name(const struct check *c);
#include "checks.def"
#include "orb_checks.def"
#undef CHECK

/* ---- places (places.c) ------------------------------------------------------------------- */

/* Is it in the config itself, not in an orb? */
bool check_own(const struct check *c, struct span span);
/* span, or where the config brings in what stands in an orb; file 0 when that is not known. */
struct span check_place(const struct check *c, struct span span, const struct origin *origin);
/* The job of the config that a compiled job was made from; NULL for one of an orb. */
const struct element *check_job_element(const struct check *c, const struct compiled_job *job);

/* ---- steps as written (places.c) --------------------------------------------------------- */

struct written_step {
	const struct node *step;       /* string or map */
	const struct node *key, *body; /* its name; its value, NULL for a string */
	struct str name;
	const struct builtin_step *builtin; /* NULL for commands, also those that shadow one */
	const struct module *module;
	const struct element *element; /* whose step it is; NULL: of a workflow's entry */
	bool guarded;                  /* runs only when something of the pipeline is so */
};

struct step_visitor {
	void (*visit)(void *ctx, const struct written_step *s);
	void *ctx;
};

/* Every step of jobs, commands, inline orbs, pre-steps and post-steps, used or not. */
void check_written_steps(const struct check *c, struct step_visitor visitor);

/* What another pipeline may have that this one has not: then nothing can be said to be missing. */
struct conditional {
	bool attach, persist, save, restore; /* some such step depends on a pipeline value */
	bool workflows;                      /* some workflow or job of one was left out */
	bool setup;                          /* another config follows this one */
};

struct conditional check_conditional(const struct check *c);
/* Did all jobs of a compiled workflow stay, as far as their names tell? */
bool check_is_whole(const struct check *c, struct str workflow);

#endif
