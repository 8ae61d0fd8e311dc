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

struct split_item;

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
	struct str source;           /* the file that said so first */
	struct timing_samples *from; /* what the points are made of; of src/sim/timings.c alone */
};

/* Tests with the milliseconds that they took, each name once. */
struct test_sums {
	struct split_item *v;
	uint32_t n, cap;
	struct map index; /* name -> number from 1 */
};

/* The tests of a job, by file (else class, else name): what its parallel tasks share out between
 * them, by split_tests. */
struct timing_tests {
	struct str job;
	struct split_item *items;
	uint32_t nitems;
	struct test_sums *sums; /* what the items are in; of src/sim/timings.c alone */
};

struct timings {
	struct str job; /* whose a file is that does not say it; empty: nobody's */
	VEC(struct timing) all;
	struct map index; /* "job\nstep" -> number from 1 */
	VEC(struct timing_tests) tests;
};

/* The timing of a step of a job (step empty: of the job), or NULL. */
const struct timing *timing_find(
	struct arena *a, const struct timings *t, struct str job, struct str step);
/* The tests of a job, or NULL. */
const struct timing_tests *timing_tests_find(const struct timings *t, struct str job);
/* Duration at a quantile, in between interpolated. 500000: the median. */
int64_t timing_at(const struct timing *t, uint32_t ppm);
/*
 * Reads one file of at most LIMIT_TIMINGS_BYTES, whose kind is told by its content:
 *
 *     our CSV (job,step,seconds) and CircleCI's usage export
 *     our JSON or YAML: {"jobs": {"build": {"seconds": [61, 70], "steps": {"npm ci": [20.5]}}}}
 *     answers of CircleCI's API: Insights of jobs, runs of a job, a job, the jobs of a workflow, a
 *     build of v1.1 with its steps, the tests of a job; and lists of such answers
 *     JUnit XML
 *
 * What was there for the same job and step gets further points. Runs of a job, its tests and JUnit
 * XML do not say whose they are: t->job does. False after a finding.
 */
bool timings_read(
	struct arena *a, struct timings *t, struct sources *s, uint32_t file, struct diag_list *d);

/* ---- splitting --------------------------------------------------------------------------- */

/* Something that one of several containers does: a test file, a class, a test. */
struct split_item {
	struct str name;
	int64_t weight; /* in any unit, not negative */
};

/* What one container does: items by number, in the order in which they were dealt. */
struct split_bin {
	uint32_t *items;
	uint32_t nitems;
	int64_t weight;
};

/* Deals n items to total (at least 1) bins: the heaviest first, among equals by name, each to the
 * bin that has least, among equals to the first. Items of the same weight go round in order of
 * their names. Every item is in one bin; the same items in another order give the same bins. */
struct split_bin *split_tests(
	struct arena *a, const struct split_item *items, uint32_t n, uint32_t total);

/* By what a test is known. */
enum test_key { TEST_FILE, TEST_CLASS, TEST_NAME, TEST_KEY_COUNT };

extern const char *const test_key_names[TEST_KEY_COUNT]; /* "filename", "classname", "testname" */

/* How long tests took before, summed up by each of what they are known by. */
struct test_times {
	struct test_sums by[TEST_KEY_COUNT];
	uint32_t tests; /* read so far */
};

/* Adds the tests of a file: JUnit XML, or the JSON in which a CircleCI job finds those of its last
 * run. False after a finding. */
bool test_times_read(struct arena *a, struct test_times *t, struct sources *s, uint32_t file,
	struct diag_list *d);
/* Milliseconds of a name ("./a" is "a"), or -1. */
int64_t test_time(const struct test_times *t, enum test_key key, struct str name);

/* ---- files by pattern -------------------------------------------------------------------- */

struct globbed {
	VEC(struct str) paths;
	uint32_t visited; /* names in folders that were looked at */
	struct str error; /* why glob_files gave false */
};

/*
 * Adds the paths, files and folders, that fit a pattern:
 *
 *     *          anything but "/"             [a-z] [^a]  one character of a set, or not of it
 *     ?          one character but "/"        {ts,tsx}    one of these patterns
 *     ** (as the whole of a part of the path) folders, as many as there are or none; at the end
 *                anything below              \x          x itself
 *
 * A name that begins with a dot is as good as any. Below ** links to folders are not followed. What
 * cannot be read is passed over. In each folder the folders that ** leads to come first, then what
 * fits, each by name. False when the pattern is malformed or too much is looked at.
 */
bool glob_files(struct arena *a, struct str pattern, struct globbed *g);

/* ---- scenarios --------------------------------------------------------------------------- */

/* What is assumed of a simulation beyond the timings; read from a file, completed by options. */
struct scenario;

/* An empty one, in which all succeeds and lasts as the defaults say. */
struct scenario *scenario_new(struct arena *a);
/* Reads a scenario file into sc; false after a finding. */
bool scenario_read(struct scenario *sc, struct sources *s, uint32_t file, struct diag_list *d);
/* Warns of jobs, steps and approvals that a scenario names and the model does not have. */
void scenario_check(const struct scenario *sc, const struct sim_model *m, struct diag_list *d);

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

#include "ccx/sim_cost.h"
#include "ccx/sim_runs.h"

#endif
