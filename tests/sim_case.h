/* SPDX-License-Identifier: MIT */
/*
 * Random cases for the simulator, in terms of their own: a config, what a scenario says and when
 * pipelines come. A case is written as the YAML that ccx reads; whoever wants to know what must
 * come of it (sim_reference.c, sim_check.c) looks at the case, not at ccx's model of it.
 *
 * All times are whole seconds.
 */
#ifndef CCX_TESTS_SIM_CASE_H
#define CCX_TESTS_SIM_CASE_H

#include "ccx/cost.h"

enum {
	CASE_CONFIGS = 2,
	CASE_FLOWS = 2,
	CASE_NODES = 24,
	CASE_PIPELINES = 6,
	CASE_STEPS = 4,
	CASE_TASKS = 4,
	CASE_NEVER = -1,
	CASE_UNLIMITED = -1,
};

/* What jobs run on; each has a family of executors and a class. */
enum case_machine { ON_SMALL, ON_MEDIUM, ON_LINUX, ON_MACOS, ON_RUNNER_A, ON_RUNNER_B, ON_COUNT };

struct case_machine_info {
	const char *executor; /* as spin-up names it */
	const char *body;     /* of a job */
	const char *class;    /* as concurrency.classes and runners name it exactly */
	bool runner, macos;
};

extern const struct case_machine_info case_machines[ON_COUNT];

/* Attempts by bit: 1 << (attempt - 1). */
struct case_outcomes {
	unsigned fail, cancel, timeout, said;
};

struct case_step {
	enum sim_when when;
	bool background, halt;
	int seconds, no_output, delay;
	unsigned reruns;        /* max_auto_reruns */
	unsigned fail, timeout; /* attempts */
};

struct case_node {
	char name[8];
	enum sim_node_kind kind;
	char serial[8]; /* group of a job, key of a lock or unlock; or empty */
	unsigned nrequires;
	unsigned from[CASE_NODES], accepts[CASE_NODES]; /* accepts: 1 << enum job_status */
	bool unauthorized;
	int seconds; /* of an approval or no-op; CASE_NEVER */
	/* Of jobs: */
	enum case_machine machine;
	unsigned tasks, nsteps;
	struct case_step steps[CASE_STEPS];
	bool by_task; /* one step, and each task takes its own time */
	int task_seconds[CASE_TASKS];
	struct case_outcomes outcomes, task_outcomes[CASE_TASKS];
};

struct case_flow {
	unsigned reruns, nnodes;
	struct case_node nodes[CASE_NODES];
};

struct case_config {
	unsigned nflows;
	struct case_flow flows[CASE_FLOWS];
};

struct case_push {
	int at, branch; /* branch 0: the default one */
	unsigned config;
};

struct sim_case {
	uint64_t seed;
	unsigned nconfigs, npushes;
	struct case_config configs[CASE_CONFIGS];
	struct case_push pushes[CASE_PIPELINES];
	int plan, macos, runners; /* concurrency */
	int classes[ON_COUNT];    /* of each class; of agents */
	int medium;               /* of all classes called medium that have no limit of their own */
	int spin_up[ON_COUNT];    /* the same for machines of the same executor */
	int job_limit;            /* CASE_UNLIMITED */
	bool auto_cancel;
	bool untold; /* the scenario gives no times of steps and tasks: timings do, or nobody */
};

/* How large a case may get. */
struct case_size {
	unsigned configs, flows, nodes, pipelines;
};

/* The case of a number: always the same. */
void case_make(struct sim_case *c, uint64_t seed, const struct case_size *most);
/* As files: the text of a config, of the scenario. */
struct str case_config_text(struct arena *a, const struct sim_case *c, unsigned config);
struct str case_scenario_text(struct arena *a, const struct sim_case *c);
/* Where a task counts: in ON_COUNT classes, then all of medium; CASE_UNLIMITED: no class. */
int case_pool(const struct sim_case *c, enum case_machine machine);
int case_pool_limit(const struct sim_case *c, int pool);

/* ---- what must come of it (sim_reference.c) ------------------------------------------------ */

struct ref_task {
	int64_t slot, start, end; /* slot below 0: none */
	enum job_status status;
	bool over; /* its place is free again */
};

struct ref_run {
	unsigned node, attempt;
	enum job_status status;
	int64_t start, end; /* SIM_NEVER: of an approval that does not come */
	unsigned ntasks;    /* 0: it never began */
	struct ref_task tasks[CASE_TASKS];
};

struct ref_flow {
	enum sim_workflow_status status;
	int64_t start, end;
	VEC(struct ref_run) runs; /* by attempt, then by node */
};

struct ref_result {
	struct ref_flow flows[CASE_PIPELINES][CASE_FLOWS];
};

/* Plays a case second by second. */
struct ref_result *reference_play(struct arena *a, const struct sim_case *c);

/* Seconds that a task takes from its first step on, and how it ends (sim_reference_task.c). */
int64_t reference_task(const struct sim_case *c, const struct case_node *n, unsigned task,
	unsigned attempt, enum job_status *status);

/* ---- ccx's answer (sim_play.c, sim_check.c, sim_compare.c) --------------------------------- */

/* A case, read and played by ccx. */
struct case_played {
	struct arena *a;
	const struct sim_case *c;
	struct sources sources;
	struct sim_model *models[CASE_CONFIGS];
	struct timings timings;
	struct sim_options options;
	struct sim_arrival arrivals[CASE_PIPELINES];
	struct sim_result *result;
	struct str fault; /* the first that was found; empty: none */
};

/* Reads and plays it, with a CSV of timings (or NULL: all that has a time has it of the scenario);
 * false with p->fault. */
bool case_play(struct arena *a, const struct sim_case *c, const char *timings, bool sampled,
	struct case_played *p);
/* Whether what came of it keeps the rules; false with p->fault. */
bool check_rules(struct case_played *p);
/* The same for what it costs. */
bool check_cost(struct case_played *p);
/* Whether it is what the reference says; false with p->fault. */
bool check_reference(struct case_played *p, const struct ref_result *r);

#endif
