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

/* Final statuses of a job, as `requires` names them. */
enum job_status {
	JOB_SUCCESS,
	JOB_FAILED,
	JOB_CANCELED,
	JOB_UNAUTHORIZED,
	JOB_NOT_RUN,
	JOB_STATUS_COUNT,
};

extern const char *const job_status_names[JOB_STATUS_COUNT]; /* "success", … */

/* Why something of the source is not in the processed config. */
enum absence {
	PRESENT,
	ABSENT_CONDITION,  /* of a workflow: its `when` is false, or its `unless` true */
	ABSENT_BRANCH,     /* filters do not admit the branch */
	ABSENT_TAG,        /* filters do not admit the tag, or say nothing of tags */
	ABSENT_EXPRESSION, /* filters are an expression, and it is false */
	ABSENT_UPSTREAM,   /* all that it requires is absent */
	ABSENT_EMPTY,      /* of a workflow: all its entries are absent */
};

/* requires: [{build: [success, failed]}] */
struct compiled_edge {
	uint32_t from;    /* index in the workflow's entries: what is waited for */
	unsigned accepts; /* mask of 1 << enum job_status */
};

/* One node of a workflow's graph: matrices and groups are expanded. */
struct compiled_entry {
	struct str name;   /* in the output */
	struct str target; /* the job as written: "build", "node/test" */
	struct str group;  /* of the members of a matrix or of a job group its name, else empty */
	struct span span;  /* where it is invoked */
	const char *type; /* "approval", "no-op", "lock", "unlock", "release", …; NULL: a build */
	enum absence absence;
	struct span why;                /* of an absence: the filter, else the entry */
	const struct node *entry;       /* its map rendered (context, serial-group, …), or NULL */
	struct compiled_job *job;       /* NULL when there is none: approvals, what is absent */
	struct compiled_edge *requires; /* all, also those that are absent; in order */
	uint32_t nrequires;
};

struct compiled_workflow {
	struct str name;
	struct span span; /* the name */
	enum absence absence;
	struct span why;                /* of an absence: the condition's operand that decides, else
					 * the jobs */
	bool why_true;                  /* that operand is true */
	const struct node *node;        /* its map as written, or NULL for the implicit one */
	struct compiled_entry *entries; /* in order; none when a condition keeps it away */
	uint32_t nentries;
};

struct compiled {
	const struct node *root;     /* as written */
	const struct config *source; /* decoded */
	const struct node *config;   /* version, jobs, workflows as printed; NULL after an error, or
				      * when it depends on what is unknown */
	struct compiled_job *jobs;   /* in printed order */
	uint32_t njobs;
	struct compiled_workflow *workflows; /* all of the source, those that do not run too */
	uint32_t nworkflows;
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
/* The same for a config that is loaded already: one that is part of another source. */
struct compiled *compile_node(struct arena *a, struct sources *s, const struct node *root,
	const struct compile_options *options, struct diag_list *d);

/* An orb on its own, and what a compile makes of it. */
struct orb_alone {
	uint32_t file;           /* that it is read from; of a packed tree the first one */
	const struct node *root; /* as written; NULL: read it from file */

	const struct module *module; /* decoded; NULL when it is no map */
	const struct node *expanded; /* a map of its jobs and commands; NULL after an error */
};

/* Compiles an orb on its own: every job and command is expanded with its defaults, and with a
 * stand-in for what has none. orb->file and root are given, the rest is made. */
void compile_orb(struct arena *a, struct sources *s, const struct compile_options *options,
	struct orb_alone *orb, struct diag_list *d);

/* ---- filters ----------------------------------------------------------------------------- */

/* A branch or tag that rules are asked about. */
struct filter_query {
	struct arena *a;
	struct str name;
	/* Told of each pattern that is none, and why; may be NULL. */
	void (*bad)(void *ctx, const struct node *item, struct str pattern, struct str reason);
	void *ctx;
};

/* Whether rules admit the name: `only` decides where it is given, else `ignore`; neither admits
 * all. When they do not, *why is the place of what says so.
 *
 *     {only: [main, /release.*$/]}
 */
bool filter_admits(const struct filter_query *q, const struct node *rules, struct span *why);
/* The first of one item or a list of them that the name fits, or NULL. */
const struct node *filter_match(const struct filter_query *q, const struct node *items);

/* ---- printing ---------------------------------------------------------------------------- */

/* The text that the official compiler of options->compat prints for c; source is the config's
 * text, appended as comments where that compiler did, or always if original is set. */
void compiled_print(struct sb *out, const struct compiled *c, struct compat compat,
	struct str source, bool original);
/* Appends, for each job and step, where it came from: one line each, made to be read. */
void compiled_trace(struct sb *out, const struct compiled *c, struct sources *s);

#endif
