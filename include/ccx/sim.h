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
#include "ccx/timings.h"
#include "ccx/yaml.h"

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
	int64_t no_output;   /* no_output_timeout */
	unsigned reruns;     /* max_auto_reruns */
	int64_t rerun_delay; /* auto_rerun_delay */
	uint32_t scale;      /* ppm of the time that is said of it (what if …); 0: all of it */
	uint32_t split;      /* the same for the share of a task; not of tests that are dealt out */
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
	struct span span, class_span, parallelism_span,
		dlc_span; /* of the keys' values; len 0: not written */
};

enum sim_node_kind { SIM_JOB, SIM_APPROVAL, SIM_NO_OP, SIM_LOCK, SIM_UNLOCK };

extern const char *const sim_node_kind_names[]; /* "job", "approval", "no-op", … */

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
	uint32_t *order;             /* nodes, each behind all that it requires */
	unsigned reruns;             /* max_auto_reruns */
	const struct node *triggers; /* of one that runs on a schedule only; else NULL */
	struct span span;
};

struct sim_model {
	struct sim_job *jobs;
	uint32_t njobs;
	struct sim_workflow *workflows; /* those that run, scheduled ones too */
	uint32_t nworkflows;
};

/* The model of what c runs; c->config is not NULL. */
struct sim_model *sim_model(
	struct arena *a, const struct compiled *c, const struct sim_world *world);

/* Whether a step shares out its tests among the tasks of its job. */
bool sim_splits_tests(const struct sim_step *step);

/* "1h30m", "90s", "250ms", "1.5m", "10" (seconds) as milliseconds; false when it is none. */
bool sim_duration(struct str text, int64_t *ms);

/* ---- scenarios --------------------------------------------------------------------------- */

/* What is assumed of a simulation beyond the timings; read from a file, completed by options. */
struct scenario;

/* An empty one, in which all succeeds and lasts as the defaults say. */
struct scenario *scenario_new(struct arena *a);
/* Reads a scenario file into sc; false after a finding. */
bool scenario_read(struct scenario *sc, struct sources *s, uint32_t file, struct diag_list *d);
/* What stands under `sizes`, for who counts the cost; or NULL. */
const struct node *scenario_sizes(const struct scenario *sc);
/* Warns of jobs, steps and approvals that a scenario names and the model does not have. */
void scenario_check(const struct scenario *sc, const struct sim_model *m, struct diag_list *d);

/* ---- playing ----------------------------------------------------------------------------- */

/* A pipeline that arrives. */
struct sim_arrival {
	int64_t at;
	const struct sim_model *model;
	const struct sim_workflow *only; /* the one whose schedule it is; NULL: a push, which plays
					  * all that have no triggers */
	struct str branch;               /* for auto-cancelling and caches; may be empty */
	struct str label;                /* for reports; may be empty */
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

/* What a step did with the caches. */
enum sim_cached {
	SIM_CACHE_NONE, /* nothing: it is another step */
	SIM_CACHE_HIT,
	SIM_CACHE_MISS,
	SIM_CACHE_SAVED,
	SIM_CACHE_KEPT, /* there was one of that key already: keys are written once */
};

struct sim_step_run {
	const struct sim_step *step;
	int64_t start, end; /* of all its attempts; equal when skipped */
	unsigned attempts;  /* 0: skipped */
	enum sim_end how;
	bool assumed;   /* nobody said how long it takes */
	uint8_t cached; /* enum sim_cached */
	uint32_t cache; /* number from 1 of the cache that was restored or saved; 0: none */
};

/* One container, VM or agent. */
struct sim_task_run {
	int64_t slot;       /* it got its place: queueing ends, spin-up begins */
	int64_t start, end; /* steps; what is billed */
	uint32_t from;      /* index of the job run of the same workflow run, one of whose tasks */
	uint32_t from_task; /* left the place that it waited for; SIM_NOBODY: it did not wait, or
			     * for another workflow */
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

#define SIM_NOBODY UINT32_MAX

/* One attempt of one node of one workflow. */
struct sim_job_run {
	const struct sim_node *node;
	unsigned attempt; /* from 1; more by reruns of the workflow */
	enum job_status status;
	bool timed_out;     /* failed by the plan's time limit */
	bool assumed;       /* nobody said how long its approval or start-up takes */
	int64_t ready;      /* all that it requires has ended well */
	int64_t start, end; /* first task's slot, last task's end; of an approval: asked, given, and
			     * SIM_NEVER when it is not. Equal when it never ran */
	enum sim_wait wait;
	uint32_t by;    /* index of the job run in the same workflow run that made it ready; of one
			 * that never ran: the one because of which; SIM_NOBODY: none */
	uint32_t turn;  /* the same of its turn in its serial group, if it waited for that: whose
			 * end, or which unlock, released it; SIM_NOBODY: none of this workflow */
	struct str why; /* of one that never ran or was canceled: a sentence */
	struct sim_task_run *tasks; /* none for what has no executor, or never ran */
	uint32_t ntasks;
	bool critical; /* on the workflow's critical path */
	/*
	 * How much later it could end, each of its tasks by as much, without the workflow run
	 * ending later, if nothing else of it took longer. What requires it counts, and so does
	 * what gets a place or a serial group that it leaves. Only the same workflow run is looked
	 * at, and its queues are taken to stay as they are: a delay by which others would queue
	 * that did not, for something else, or in another order, is not foreseen.
	 */
	int64_t slack;
};

enum sim_workflow_status {
	SIM_WORKFLOW_SUCCESS,
	SIM_WORKFLOW_FAILED,
	SIM_WORKFLOW_CANCELED,
	SIM_WORKFLOW_UNAUTHORIZED,
	SIM_WORKFLOW_ON_HOLD, /* an approval never came */
	SIM_WORKFLOW_NOT_RUN, /* something of it waits for a place that there is not */
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

/* A cache that a simulated job saved. */
struct sim_cache {
	struct str key; /* what depends on the pipeline stands in braces: "v1-{checksum go.sum}" */
	int64_t at;     /* below 0: before the simulation */
	uint32_t pipeline; /* its number; 0: before the simulation */
};

struct sim_result {
	struct sim_pipeline_run *pipelines;
	uint32_t npipelines;
	int64_t makespan; /* the last end */
	uint32_t peak;    /* most tasks at a time */
	int64_t queued;   /* sum over tasks: ready to slot */
	struct sim_finding *findings;
	uint32_t nfindings;
	struct sim_cache *caches; /* in the order in which they were saved */
	uint32_t ncaches;
	bool assumed; /* some duration was nobody's word */
};

/* Steps that are played at most, jobs and pipelines counted as one more; above LIMIT_SIM_STEPS it
 * is only known that there are so many. */
uint64_t sim_size(const struct sim_arrival *arrivals, uint32_t n);
/* Whether ccx will play that much: tasks of one job, pipelines, jobs and steps in all. False after
 * a finding. */
bool sim_fits(const struct sim_arrival *arrivals, uint32_t n, struct diag_list *d);
/* Plays arrivals (sorted by time), which sim_fits, to their end. */
struct sim_result *sim_run(struct arena *a, const struct sim_arrival *arrivals, uint32_t n,
	const struct sim_options *options);

/* ---- arrivals ---------------------------------------------------------------------------- */

struct sim_arrivals {
	const struct sim_model *model; /* of those that a file has */
	VEC(struct sim_arrival) all;   /* sorted by time */
};

/*
 * Reads pipelines from a file, each a line of time, branch and label:
 *
 *     0s, main, first push
 *     2026-11-21T10:15:00Z, feature/x
 *     1h30m
 *
 * Times are offsets, or days with a time, of which the first is the start. False after a
 * finding.
 */
bool sim_arrivals_read(struct arena *a, struct sim_arrivals *to, struct sources *s, uint32_t file,
	struct diag_list *d);

/* Pushes that come by chance: so many in a time, on average. */
struct sim_rate {
	uint32_t count;
	int64_t every, period;
	uint64_t seed;
};

/* "12/h", "3/30m". */
bool sim_rate_parse(struct str text, struct sim_rate *rate);
/* Adds what comes in the period: times between arrivals are exponential. False beyond
 * LIMIT_SIM_PIPELINES. */
bool sim_arrivals_draw(struct arena *a, struct sim_arrivals *to, const struct sim_arrival *like,
	const struct sim_rate *rate);

/* Adds each time at which a schedule of a workflow comes up, which its label says, in the period
 * from a moment (seconds since 1970) on, which is the start of the simulation. False beyond
 * LIMIT_SIM_PIPELINES. */
bool sim_arrivals_schedule(struct arena *a, struct sim_arrivals *to, const struct sim_arrival *like,
	int64_t from, int64_t period);

/* 64 bits that depend on the seed and the n numbers alone: a hash, so that what is drawn for one
 * thing does not move what is drawn for another. */
uint64_t sim_draw(uint64_t seed, const uint64_t *v, uint32_t n);

/* ---- many runs --------------------------------------------------------------------------- */

/* What many runs came to: durations in ms that 5, 50 and 95 of 100 do not exceed. */
struct sim_spread {
	int64_t p5, p50, p95, mean;
};

/* A job, or with node NULL a workflow as a whole, over all pipelines of all runs. */
struct sim_odds {
	const struct sim_workflow *workflow;
	const struct sim_node *node;
	uint64_t played, succeeded; /* those that came to an end: a job that never ran did not */
	struct sim_spread time;     /* from ready (a workflow: its start) to its end */
	struct sim_spread queued;   /* of a job: ready to its first slot */
};

struct sim_summary {
	uint32_t runs;
	struct sim_spread makespan;
	struct sim_odds *odds; /* each workflow, followed by its jobs */
	uint32_t nodds;
	bool assumed;
};

/* The seed of one of many runs, from 0. */
uint64_t sim_run_seed(uint64_t seed, uint64_t run);
/* Plays the arrivals, all of one model, so often with drawn durations and failures. NULL when that
 * is more than LIMIT_SIM_SAMPLES. */
struct sim_summary *sim_repeat(struct arena *a, const struct sim_arrival *arrivals, uint32_t n,
	const struct sim_options *options, uint32_t runs);

/* ---- graphs ------------------------------------------------------------------------------ */

struct graph_node {
	struct str name;              /* of a matrix that is drawn as one, the matrix's */
	const struct sim_node *first; /* it, or the first of its members */
	uint32_t members;             /* 1, or of a matrix that is drawn as one */
	uint32_t level;               /* edges of the longest way that leads to it */
	int64_t ms;                   /* from ready to its end, of the last member; SIM_NEVER:
				       * unknown, or it never ends */
	bool critical;                /* on the critical path */
};

struct graph_edge {
	uint32_t from, to; /* indexes of nodes */
	unsigned accepts;  /* mask of 1 << enum job_status */
	bool critical;
};

/* The graph of a workflow as it is drawn: each node behind all that it requires, edges in order of
 * the node that they lead to. */
struct graph {
	const struct sim_workflow *workflow;
	struct graph_node *nodes;
	struct graph_edge *edges;
	uint32_t nnodes, nedges, levels;
	bool timed; /* durations and the critical path are those of a run */
};

/* With collapse the members of a matrix are one node where they stand at the same level. run, of
 * the same workflow, says what is critical and how long things take; or NULL. */
struct graph *graph_of(struct arena *a, const struct sim_workflow *w, bool collapse,
	const struct sim_workflow_run *run);

#endif
