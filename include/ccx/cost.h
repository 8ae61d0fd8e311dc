/* SPDX-License-Identifier: MIT */
/*
 * cost: what that costs which sim played.
 *
 * Credits are milli-credits, dollars micro-dollars, sizes thousandths of GB. Every rate comes from
 * the catalogue or from a file that somebody gives; one that neither has is unknown, and what is
 * added up with it is "at least".
 */
#ifndef CCX_COST_H
#define CCX_COST_H

#include "ccx/sim.h"

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
	int64_t milli; /* INT64_MAX: more than that */
	bool at_least; /* something of it has no known rate */
};

/* Whether they are more than can be counted. */
bool cost_is_more(struct credits credits);

struct cost_sum {
	struct credits kinds[COST_KIND_COUNT];
	struct credits total;
};

/* What one task costs: whole seconds begun, then whole credits begun. rate: milli-credits a
 * minute. */
int64_t cost_compute(int64_t ms, int64_t rate);
void cost_add(struct cost_sum *sum, enum cost_kind kind, struct credits credits);
void cost_add_sum(struct cost_sum *sum, const struct cost_sum *more);

/* What something costs and who says so. */
struct cost_rate {
	struct str name;    /* "linux/large", "dlc", as a file of rates names it */
	struct str per;     /* "minute", "job run", "GB" */
	int64_t milli;      /* milli-credits that are counted; AMOUNT_UNKNOWN */
	int64_t estimate;   /* derived and confirmed by nobody; AMOUNT_UNKNOWN */
	bool estimated;     /* milli is the estimate: somebody asked for that */
	const char *source; /* id of the catalogue's source; NULL: unknown, or a file's word */
	struct span span;   /* where a file says so; file 0: none does */
};

/* "linux/large": a class behind the name of its executor; behind its key in a config, "machine/x",
 * where no table has it. */
struct str cost_class_name(struct arena *a, enum executor_kind kind, struct str class_name);

/* Rates, and terms of a plan, that somebody gives: "docker/large.gen2", "dlc", "plan/credits". */
struct cost_rates {
	struct map all; /* -> struct cost_rate; of a term milli is in thousandths of its unit, of
			 * "credits" in micro-dollars a package */
};

/* Reads a file of rates; false after a finding. */
bool cost_rates_read(struct arena *a, struct cost_rates *rates, struct sources *s, uint32_t file,
	struct diag_list *d);

/* How much one pipeline keeps and moves: thousandths of a GB, AMOUNT_UNKNOWN where not given. */
struct cost_sizes {
	int64_t caches, workspaces, artifacts; /* that it saves */
	int64_t network;                       /* to self-hosted runners */
	int64_t ip_ranges;                     /* in and out of its jobs with circleci_ip_ranges */
	int64_t cache_days, workspace_days, artifact_days; /* kept; else as the catalogue says */
};

extern const struct cost_sizes cost_no_sizes;

/* Reads scenario_sizes into *sizes, which is cost_no_sizes before; false after a finding. */
bool cost_sizes_read(const struct node *map, const struct sources *s, struct cost_sizes *sizes,
	struct diag_list *d);

struct cost_options {
	struct sim_world world;
	const struct cost_rates *rates; /* given ones, or NULL */
	const struct cost_sizes *sizes; /* or NULL */
	bool estimates;                 /* where no rate is known, count the estimate */
};

/* The rate of a price of the catalogue ("dlc"), as a file or the catalogue has it. */
struct cost_rate cost_price(const struct cost_options *o, const char *name);
/* What the plan includes of something ("storage"), in thousandths; below zero an enum
 * catalog_amount. */
int64_t cost_term(const struct cost_options *o, const char *name);
/* The rate that a file gives, or NULL. */
const struct cost_rate *cost_given(const struct cost_options *o, struct str name);

/* A job of a workflow with all its attempts. */
struct cost_job {
	const struct sim_node *node;
	uint32_t tasks;               /* that ran */
	int64_t ms;                   /* whole seconds of all its tasks */
	const struct cost_rate *rate; /* of its class, of remote Docker's host; NULL: not billed */
	bool assumed;                 /* nobody said how long some step takes */
	struct cost_sum sum;
};

struct cost_workflow {
	const struct sim_workflow_run *run;
	struct cost_job *jobs; /* those that ran, in order of the nodes */
	uint32_t njobs;
	struct cost_sum sum;
	bool assumed;
};

struct cost_pipeline {
	const struct sim_pipeline_run *run;
	struct cost_workflow *workflows;
	uint32_t nworkflows;
	struct cost_sum sum;      /* also storage and network, as if the plan included none */
	int64_t storage, network; /* thousandths: of GB times days that it keeps, of GB moved */
};

struct cost {
	const struct cost_options *options;
	struct cost_pipeline *pipelines;
	uint32_t npipelines;
	struct cost_sum sum;
	VEC(const struct cost_rate *) rates; /* that were used, in order of their first use */
	int64_t storage, network;            /* of all pipelines */
	bool assumed;
};

/* What a simulation costs. options must live as long as the result. */
struct cost *cost_of(
	struct arena *a, const struct sim_result *r, const struct cost_options *options);

/* Pipelines of one kind in a month. */
struct cost_part {
	struct str name; /* "pushes", a scheduled workflow's */
	const struct cost *cost;
	uint64_t pipelines; /* each costs what those of cost do on average */
};

/* A month of pipelines. */
struct cost_month {
	const struct cost_part *parts;
	uint32_t nparts;
	uint64_t pipelines;
	struct cost_sum sum;      /* storage and network beyond what the plan includes */
	int64_t storage, network; /* as of a pipeline, in all */
	int64_t included;         /* milli-credits of the plan, or an enum catalog_amount */
	struct credits beyond;    /* of sum.total; 0 where included is no number */
	int64_t fits;             /* pipelines that the included credits pay; AMOUNT_UNKNOWN */
	int64_t packages;         /* to buy; AMOUNT_UNKNOWN: the plan sells none at a list price */
	int64_t dollars;          /* micro-dollars: the plan and its packages; AMOUNT_UNKNOWN */
	uint32_t users;           /* active ones; 0: not given */
};

/* What is counted by the month is added; parts (at least one, with the same options) must live as
 * long as the result. */
struct cost_month cost_month(const struct cost_part *parts, uint32_t n, uint32_t users);
/* Days that make a month of storage. */
int64_t cost_storage_days(void);
/* Credits in micro-dollars at the plan's price; below zero an enum catalog_amount. */
int64_t cost_dollars(const struct cost_options *options, int64_t milli);

/* ---- what if ----------------------------------------------------------------------------- */

enum cost_change_kind { CHANGE_CLASS, CHANGE_PARALLELISM, CHANGE_DLC };

/* build.resource_class=large */
struct cost_change {
	enum cost_change_kind kind;
	struct str job; /* a job, the name of a matrix or group, or "*" */
	struct str value;
	uint32_t number; /* parallelism; 1 and 0 for on and off */
};

/* False with *error. */
bool cost_change_parse(
	struct arena *a, struct str text, struct cost_change *change, struct str *error);
/* How much faster a job gets: the part of its `run` steps that scales with vCPUs, in ppm. */
struct cost_speed {
	struct sim_world world;
	uint32_t ppm;
};

/* "amdahl:0.8", "linear" (all of it), "none". */
bool cost_speed_parse(struct str text, uint32_t *ppm);
/* The model after changes, m itself untouched: the time of `run` steps is scaled by vCPUs, of those
 * that split tests by tasks too; what is no `run` step takes as long as before. NULL with *error.
 */
struct sim_model *cost_change_apply(struct arena *a, const struct sim_model *m,
	const struct cost_change *changes, uint32_t n, const struct cost_speed *speed,
	struct str *error);

/* What is asked: how a model is played and what it costs. */
struct cost_case {
	const struct sim_model *model;
	const struct sim_options *sim;
	const struct cost_options *options;
	struct cost_speed speed;
};

/* Plays one pipeline of the case's model, or of another one. */
struct sim_result *cost_play(
	struct arena *a, const struct cost_case *c, const struct sim_model *model);

/* What drawn runs come to: the least, at 5 %, the median, at 95 %, the most. */
enum { COST_QUANTILES = 5 };
extern const uint32_t cost_quantile_ppm[COST_QUANTILES];

struct cost_spread {
	uint32_t runs;
	int64_t milli[COST_QUANTILES], ms[COST_QUANTILES]; /* credits, and until the end */
};

/* Plays a pipeline so often with drawn durations and failures, with the seeds of sim_repeat. False
 * when that is more than LIMIT_SIM_REPEATS. */
bool cost_repeat(
	struct arena *a, const struct cost_case *c, uint32_t runs, struct cost_spread *spread);

/* A change that saves credits. */
struct cost_advice {
	enum cost_change_kind kind;
	struct str jobs;     /* that the line is for: "build", "test-1.20, test-1.21" */
	struct str from, to; /* values of the key; "on" and "off" */
	struct span span;    /* the value to edit, else the job that lacks the key */
	bool written;        /* the key is there */
	int64_t saved;       /* milli-credits a pipeline */
	int64_t lost;        /* ms by which the pipeline ends later; SIM_NEVER: unknown */
	int64_t slower;      /* ms by which its jobs take longer in all */
	struct str note;     /* what else there is to know; may be empty */
	bool assumed;        /* the durations are */
};

/* Changes of one line each that save credits, by credits saved for seconds lost. */
struct cost_advices {
	struct cost_advice *v;
	uint32_t n;
	uint32_t untried; /* lines that were not looked at: the cheapest of very many */
};

struct cost_advices cost_advise(struct arena *a, const struct cost_case *c);

#endif
