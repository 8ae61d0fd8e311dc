/* SPDX-License-Identifier: MIT */
/*
 * compile: config to processed config, pass by pass. Knows no rule of taste.
 *
 * The passes stand in order in src/compile/compile.c; each is one file. Everything that a compile
 * makes lives in the arena it is given.
 */
#ifndef CCX_COMPILE_H
#define CCX_COMPILE_H

#include "ccx/base.h"
#include "ccx/config.h"
#include "ccx/diag.h"
#include "ccx/orb.h"
#include "ccx/yaml.h"

/* ---- what a compile is asked ------------------------------------------------------------- */

/* How the official compiler of a month printed. Month as year * 12 + month - 1. */
struct compat {
	unsigned month;
};

#define COMPAT_NEWEST ((struct compat){9999 * 12})

bool compat_parse(struct str text, struct compat *c); /* "2019-07" */

/* Facts of the checkout, asked for only when a config uses them. Each returns false when it is
 * not known (the value is then undefined); the text must outlive the compile. */
struct checkout {
	bool (*get)(void *ctx, enum value_default what, struct str *text);
	void *ctx;
};

struct compile_options {
	struct orb_store *orbs;
	const struct node *parameters; /* map of pipeline parameters given, or NULL */
	const struct node *values;     /* map "pipeline.x" -> value; overrides defaults; or NULL */
	struct checkout checkout;      /* get may be NULL: nothing is known */
	struct compat compat;
	bool thorough; /* what does not run now is compiled too: its faults are warnings */
	bool tolerant; /* what is unknown (an orb that is not at hand) is a note, not an error */
};

/* ---- what it gives ----------------------------------------------------------------------- */

/* A step of a compiled job and how it came there. */
struct compiled_step {
	const struct node *node;
	const struct origin *origin; /* innermost call; NULL: written in the job itself */
};

struct compiled_job {
	struct str name;
	const struct node *node; /* the printed body */
	const struct compiled_step *steps;
	uint32_t nsteps;
	const struct origin *origin; /* the invocation, then workflow */
};

/* An orb reference that was resolved, in the config or in an orb. */
struct compiled_orb {
	struct orb_ref ref; /* as written, expressions evaluated */
	struct str exact;   /* "5.2.1" */
	struct str origin;  /* as of struct orb_found */
	struct str text;
	struct span span; /* of the reference */
};

struct compiled {
	const struct node *root;     /* as written */
	const struct config *source; /* decoded */
	const struct node *config;   /* version, jobs, workflows as printed; NULL after an error, or
				      * when it depends on what is unknown */
	struct compiled_job *jobs;   /* in printed order */
	uint32_t njobs;
	struct str *comments; /* lines printed above, without "# " */
	uint32_t ncomments;
	struct compiled_orb *orbs; /* of which there is a source, in order of the references */
	uint32_t norbs;
	bool orbs_missing; /* there are others: references of orbs that could not be had */
	bool version2;     /* the source was version 2 */
};

/* Compiles one source. NULL when it cannot even be decoded; otherwise the result may lack config.
 * Errors, warnings and notes are in d. */
struct compiled *compile_config(struct arena *a, struct sources *s, uint32_t file,
	const struct compile_options *options, struct diag_list *d);

/* Compiles an orb on its own: every job and command is expanded with its defaults, and with a
 * stand-in for what has none. Gives a map of both, or NULL after an error. */
const struct node *compile_orb(struct arena *a, struct sources *s, uint32_t file,
	const struct compile_options *options, struct diag_list *d);

/* The text that the official compiler of options->compat prints for c; source is the config's
 * text, appended as comments where that compiler did, or always if original is set. */
void compiled_print(struct sb *out, const struct compiled *c, struct compat compat,
	struct str source, bool original);
/* Appends, for each job and step, where it came from: one line each, made to be read. */
void compiled_trace(struct sb *out, const struct compiled *c, struct sources *s);

#endif
