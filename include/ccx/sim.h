/* SPDX-License-Identifier: MIT */
/*
 * sim: which jobs run, when, for how long, and what they cost. Knows nothing of drawing.
 *
 * What is compiled becomes a model (jobs, steps, graph); timings and a scenario say how long things
 * take and how they end; the engine plays it event by event; cost adds up what was played.
 *
 * Times are milliseconds from the start of the simulation, credits are milli-credits; both int64_t.
 * The same input and seed give the same result on every machine. Classes, plans, limits and rates
 * come from the catalogue alone. Everything lives in the arena that a function is given.
 */
#ifndef CCX_SIM_H
#define CCX_SIM_H

#include "ccx/base.h"
#include "ccx/catalog.h"
#include "ccx/compile.h"
#include "ccx/diag.h"
#include "ccx/yaml.h"

enum { SIM_SECOND = 1000, SIM_MINUTE = 60 * SIM_SECOND };
#define SIM_NEVER INT64_MAX /* a time that does not come */

/* For whom it is played: what the catalogue is asked for. */
struct sim_world {
	enum catalog_target target;
	enum catalog_plan plan;
	int as_of; /* yyyymmdd */
};

/* ---- the model --------------------------------------------------------------------------- */

enum sim_step_kind {
	SIM_RUN,
	SIM_CHECKOUT,
	SIM_RESTORE_CACHE,
	SIM_SAVE_CACHE,
	SIM_PERSIST,
	SIM_ATTACH,
	SIM_REMOTE_DOCKER,
	SIM_STORE_ARTIFACTS,
	SIM_STORE_TEST_RESULTS,
	SIM_ADD_SSH_KEYS,
	SIM_OTHER_STEP,
};

enum sim_when { SIM_ON_SUCCESS, SIM_ALWAYS, SIM_ON_FAIL };

struct sim_step {
	struct str name; /* as CircleCI shows it: its name, else its type or its command's start */
	enum sim_step_kind kind;
	enum sim_when when;
	bool background;
	int64_t no_output;       /* no_output_timeout */
	unsigned reruns;         /* max_auto_reruns */
	int64_t rerun_delay;     /* auto_rerun_delay */
	const struct node *args; /* what stands under its type; NULL for a bare name */
	struct span span;
	const struct origin *origin;
};

struct sim_job {
	struct str name;
	enum executor_kind kind;
	const struct executor_info *executor; /* NULL: unknown */
	struct str class_name;                /* as written, else the default's; may be empty */
	const struct resource_class *class;   /* NULL: unknown, or a runner's */
	bool runner;                          /* class_name is of self-hosted runners */
	uint32_t parallelism;                 /* at least 1: tasks */
	bool dlc, ip_ranges, remote_docker;
	const struct resource_class *host; /* that remote Docker runs on, billed for the job; or
					    * NULL */
	struct sim_step *steps;
	uint32_t nsteps;
	struct span span, class_span,
		parallelism_span; /* of the keys' values; len 0: not written */
};

enum sim_node_kind { SIM_JOB, SIM_APPROVAL, SIM_NO_OP, SIM_LOCK, SIM_UNLOCK };

struct sim_edge {
	uint32_t from;    /* index of the workflow's node that is waited for */
	unsigned accepts; /* mask of 1 << enum job_status */
};

struct sim_node {
	struct str name, group; /* group: of a matrix or job group, or empty */
	enum sim_node_kind kind;
	const struct sim_job *job; /* of SIM_JOB; else NULL */
	struct str serial;         /* serial group of a job, key of a lock or unlock; or empty */
	struct sim_edge *requires; /* without those that are filtered out */
	uint32_t nrequires;
	struct span span;
};

struct sim_workflow {
	struct str name;
	struct sim_node *nodes; /* in order of the config */
	uint32_t nnodes;
	uint32_t *order; /* nodes, each behind all that it requires */
	unsigned reruns; /* max_auto_reruns */
	struct span span;
};

struct sim_model {
	struct sim_job *jobs;
	uint32_t njobs;
	struct sim_workflow *workflows; /* those that run */
	uint32_t nworkflows;
};

/* The model of what c runs; c->config is not NULL. */
struct sim_model *sim_model(
	struct arena *a, const struct compiled *c, const struct sim_world *world);

/* "1h30m", "90s", "250ms", "1.5m", "10" (seconds) as milliseconds; false when it is none. */
bool sim_duration(struct str text, int64_t *ms);

/* ---- timings ----------------------------------------------------------------------------- */

/* A point of a distribution: so long or less in ppm of a million cases. */
struct timing_point {
	uint32_t ppm;
	int64_t ms;
};

/* How long a job or a step took before. */
struct timing {
	struct str job, step;        /* step: empty for the job as a whole */
	struct timing_point *points; /* rising in both */
	uint32_t npoints;            /* at least one */
	uint32_t runs, failures;     /* 0, 0: how it ended is not known */
	struct str source;           /* the file that said so */
};

struct timings {
	VEC(struct timing) all;
	struct map index; /* "job\nstep" -> number from 1 */
};

/* The timing of a step of a job (step empty: of the job), or NULL. */
const struct timing *timing_find(
	struct arena *a, const struct timings *t, struct str job, struct str step);
/* Duration at a quantile, in between interpolated. 500000: the median. */
int64_t timing_at(const struct timing *t, uint32_t ppm);
/* Reads one file, whose kind is told by its content: our CSV or JSON, answers of CircleCI's API
 * (Insights of jobs, a job with its steps, jobs of a workflow) or JUnit XML. What was there for
 * the same job and step gets further points. False after a finding. */
bool timings_read(
	struct arena *a, struct timings *t, struct sources *s, uint32_t file, struct diag_list *d);

/* ---- scenarios --------------------------------------------------------------------------- */

/* What is assumed of a simulation beyond the timings; read from a file, completed by options. */
struct scenario;

/* An empty one, in which all succeeds and lasts as the defaults say. */
struct scenario *scenario_new(struct arena *a);
/* Reads a scenario file into sc; false after a finding. */
bool scenario_read(struct scenario *sc, struct sources *s, uint32_t file, struct diag_list *d);

/* ---- playing ----------------------------------------------------------------------------- */

/* A pipeline that arrives. */
struct sim_arrival {
	int64_t at;
	const struct sim_model *model;
	struct str branch; /* for auto-cancelling and caches; may be empty */
	struct str label;  /* for reports; may be empty */
};

struct sim_options {
	struct sim_world world;
	const struct timings *timings;   /* NULL: none */
	const struct scenario *scenario; /* NULL: the empty one */
	uint64_t seed;
	bool sampled; /* durations and failures are drawn; else medians, and all that is not said
		       * to fail succeeds */
};

enum sim_end {
	SIM_STEP_SUCCESS,
	SIM_STEP_FAILED,
	SIM_STEP_TIMED_OUT,
	SIM_STEP_CANCELED,
	SIM_STEP_SKIPPED
};

struct sim_step_run {
	const struct sim_step *step;
	int64_t start, end; /* of all its attempts; equal when skipped */
	unsigned attempts;  /* 0: skipped */
	enum sim_end how;
	bool assumed; /* nobody said how long it takes */
};

/* One container, VM or agent. */
struct sim_task_run {
	int64_t slot;       /* it got its place: queueing ends, spin-up begins */
	int64_t start, end; /* steps; what is billed */
	enum job_status status;
	struct sim_step_run *steps;
	uint32_t nsteps;
};

/* What held a job last before it started. */
enum sim_wait {
	SIM_WAIT_NOTHING,  /* it started with its workflow */
	SIM_WAIT_REQUIRES, /* by: the node that ended last */
	SIM_WAIT_SERIAL,   /* another job of its serial group */
	SIM_WAIT_PLAN,     /* concurrency of the plan */
	SIM_WAIT_CLASS,    /* concurrency of its class */
	SIM_WAIT_AGENT,    /* no runner was free */
};

/* One attempt of one node of one workflow. */
struct sim_job_run {
	const struct sim_node *node;
	unsigned attempt; /* from 1; more by reruns of the workflow */
	enum job_status status;
	bool timed_out;     /* failed by the plan's time limit */
	int64_t ready;      /* all that it requires has ended well */
	int64_t start, end; /* first task's slot, last task's end; of an approval: asked, given.
			     * Equal when it never ran */
	enum sim_wait wait;
	uint32_t by;    /* index of a job run in the same workflow run, for SIM_WAIT_REQUIRES; of
			 * one that never ran: the one because of which */
	struct str why; /* of one that never ran or was canceled: a sentence */
	struct sim_task_run *tasks; /* none for what has no executor, or never ran */
	uint32_t ntasks;
	bool critical; /* on the workflow's critical path */
	int64_t slack; /* how much later it could end without the workflow ending later */
};

enum sim_workflow_status {
	SIM_WORKFLOW_SUCCESS,
	SIM_WORKFLOW_FAILED,
	SIM_WORKFLOW_CANCELED,
	SIM_WORKFLOW_UNAUTHORIZED,
	SIM_WORKFLOW_ON_HOLD, /* an approval never came */
	SIM_WORKFLOW_NOT_RUN,
};

struct sim_workflow_run {
	const struct sim_workflow *workflow;
	enum sim_workflow_status status;
	int64_t start, end;
	struct sim_job_run *jobs; /* by attempt, then in order of the nodes */
	uint32_t njobs;
};

struct sim_pipeline_run {
	const struct sim_arrival *arrival;
	uint32_t number; /* from 1, by arrival */
	int64_t end;
	struct sim_workflow_run *workflows;
	uint32_t nworkflows;
};

/* Something worth knowing that is no fault: a cache that nobody saves, layers that collide. */
struct sim_finding {
	struct span span;
	struct str text;
};

struct sim_result {
	struct sim_pipeline_run *pipelines;
	uint32_t npipelines;
	int64_t makespan; /* the last end */
	uint32_t peak;    /* most tasks at a time */
	int64_t queued;   /* sum over tasks: ready to slot */
	struct sim_finding *findings;
	uint32_t nfindings;
	bool assumed; /* some duration was nobody's word */
};

/* Plays arrivals (sorted by time) to their end. */
struct sim_result *sim_run(struct arena *a, const struct sim_arrival *arrivals, uint32_t n,
	const struct sim_options *options);

/* ---- cost -------------------------------------------------------------------------------- */

enum cost_kind {
	COST_COMPUTE,
	COST_DLC,
	COST_STORAGE,
	COST_NETWORK,
	COST_IP_RANGES,
	COST_USERS,
	COST_KIND_COUNT,
};

extern const char *const cost_kind_names[COST_KIND_COUNT]; /* "compute", "dlc", … */

/* Credits that may be only a part of the truth. */
struct credits {
	int64_t milli;
	bool at_least; /* something of it has no known rate */
};

struct cost_sum {
	struct credits kinds[COST_KIND_COUNT];
	struct credits total;
};

/* What one task costs: whole seconds begun, then whole credits begun. rate: milli-credits a
 * minute. */
int64_t cost_compute(int64_t ms, int64_t rate);

#endif
