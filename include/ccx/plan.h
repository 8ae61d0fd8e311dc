/* SPDX-License-Identifier: MIT */
/*
 * plan: which workflows and jobs an event runs, and why the others do not run. Knows nothing of
 * time and cost.
 */
#ifndef CCX_PLAN_H
#define CCX_PLAN_H

#include "ccx/base.h"
#include "ccx/compile.h"
#include "ccx/diag.h"
#include "ccx/yaml.h"

/* ---- events and plans -------------------------------------------------------------------- */

enum event_kind {
	EVENT_PUSH, /* of a branch; also when nothing is known */
	EVENT_TAG,
	EVENT_PULL_REQUEST,
	EVENT_SCHEDULE, /* a schedule trigger, or the cron of a workflow that has that name */
	EVENT_API,
	EVENT_KIND_COUNT,
};

extern const char *const event_kind_names[EVENT_KIND_COUNT]; /* "push", "tag", … */

/* What asks for a pipeline. Start with {0}. */
struct sim_event {
	enum event_kind kind;
	struct str branch, tag;    /* at most one of them; both empty: not known */
	int64_t number;            /* of a pull request; 0: not known */
	struct str base;           /* of a pull request: the branch that it is to be merged into */
	struct str schedule;       /* its name */
	bool of_workflow;          /* it is the cron of the workflow of that name */
	struct str default_branch; /* empty: not known */
	struct str no_pipeline;    /* why none comes of it, as a sentence; empty: one does */
	VEC(struct str) changed;   /* files */
	bool changed_known;
	struct map values;     /* further pipeline values that it sets: name -> struct node */
	VEC(struct str) notes; /* sentences: what it leaves open */
};

/* "main", "v1.2.3", "branch:1.0", "tag:next", "pr:12", "schedule:nightly", "api": what looks like a
 * version (digits with dots between them, a v before, a suffix after "-" or "+") is a tag, other
 * names are branches. False when it is none of these. */
bool event_parse(struct str text, struct sim_event *e);
/* Finds out whether a schedule is that of a workflow of the config. */
void event_settle(struct sim_event *e, const struct node *root);
/* "push to main", "tag v1.2.3", "pull request 12 from fix to main" */
struct str event_title(struct arena *a, const struct sim_event *e);
/* Reads the payload of a GitHub webhook, push or pull_request. False after a finding. */
bool event_read(struct arena *a, struct sources *s, uint32_t file, struct diag_list *d,
	struct sim_event *e);
/* The pipeline values that an event sets, as compile takes them; those given (or NULL) win. */
const struct node *event_values(
	struct arena *a, const struct sim_event *e, const struct node *given);

enum plan_reason {
	PLAN_RUNS,
	PLAN_CONDITION,
	PLAN_BRANCH,
	PLAN_TAG,
	PLAN_EXPRESSION,
	PLAN_UPSTREAM,
	PLAN_EMPTY,
	PLAN_SCHEDULED,       /* of a workflow: only its own schedule runs it */
	PLAN_OTHER_SCHEDULE,  /* of a workflow: this is the schedule of another */
	PLAN_SCHEDULE_BRANCH, /* of a workflow: its schedule is not for this branch */
	PLAN_REASON_COUNT,
};

extern const char *const plan_reason_names[PLAN_REASON_COUNT]; /* "runs", "condition", … */

/* A pipeline value that something depends on and the event does not set. */
struct plan_unknown {
	struct str name;
	struct str taken; /* what was taken for it; empty: undefined */
};

/* Whether something runs. */
struct plan_answer {
	enum plan_reason reason;
	struct span why; /* of a no: its place */
	struct str text; /* of a no: what keeps it away; else empty */
	struct plan_unknown *unknowns;
	uint32_t nunknowns;
};

struct plan_entry {
	const struct compiled_entry *entry;
	struct plan_answer answer;
};

struct plan_workflow {
	const struct compiled_workflow *workflow;
	struct plan_answer answer;
	struct str schedule;        /* its cron expressions; empty: it has none */
	struct plan_entry *entries; /* in step with the workflow's; none when it is kept away */
	uint32_t nentries, njobs;   /* njobs: that run */
};

struct plan {
	const struct sim_event *event;
	const struct compiled *compiled;
	struct plan_workflow *workflows; /* in step with those of compiled */
	uint32_t nworkflows, nrunning, njobs;
	bool setup; /* a setup config: more may follow */
};

/* Which workflows and jobs of c, compiled with values (of event_values), run for e. */
struct plan *sim_plan(struct arena *a, struct sources *s, const struct compiled *c,
	const struct sim_event *e, const struct node *values);

/* One line of a mapping, in the order of the text. */
struct path_line {
	struct span span; /* without a file when it is not known */
	struct str text;
	struct str file; /* the first changed file that it matches; empty: none */
};

/* How a setup config's circleci/path-filtering chooses what to continue with. */
struct path_filter {
	struct span span; /* the invocation */
	const struct plan_entry *entry;
	struct str base; /* revision to which the commit is compared */
	struct path_line *lines;
	uint32_t nlines;
	const struct node *parameters; /* map, or NULL */
	VEC(struct str) configs;       /* paths that it continues with, merged; at least one */
};

/* The first path filtering among the jobs of p, run over the files of its event: NULL when there is
 * none, or after a finding. Mappings in files are looked for below root. */
struct path_filter *path_filter(struct arena *a, struct sources *s, const struct plan *p,
	struct str root, struct diag_list *d);

#endif
