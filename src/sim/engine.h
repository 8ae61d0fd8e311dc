/* SPDX-License-Identifier: MIT */
/*
 * The engine from inside. It goes from instant to instant. At each, first all that ends then is
 * handled, in order of (pipeline, workflow, node, when it was foreseen); then what arrives then is
 * started; then free places are given to tasks that wait, first come first served, those that came
 * at the same instant in order of (pipeline, workflow, node, task). That is all the order there is:
 * the same input gives the same result.
 *
 * A workflow run is a flow here. Flows are numbered as their pipelines arrive, so a flow's number
 * is the order of pipeline and workflow in one.
 */
#ifndef CCX_SIM_ENGINE_H
#define CCX_SIM_ENGINE_H

#include "scenario.h"

/* ---- what is known beforehand ------------------------------------------------------------ */

/* How long a step takes, if it does; decided once for all pipelines of a model. */
struct step_plan {
	int64_t ms;                  /* alone; where it gets a share of a job's time, its weight */
	int64_t on_hit;              /* instead, when the last restore_cache was a hit; or UNSAID */
	const struct timing *timing; /* that ms is the median of, or NULL */
	const struct timing *odds;   /* how often it fails, or NULL */
	uint64_t fail, timeout;      /* attempts of the step that end so */
	bool firm;                   /* the scenario says ms: it is no share */
	bool splits;                 /* ms is that of the tests that fall to the task: bins */
	bool halt, assumed;
};

struct node_plan {
	const struct sim_node *node;
	struct step_plan *steps;
	int64_t total;   /* of the job's steps, or UNSAID */
	bool total_firm; /* the scenario says so: timings of steps are weights only */
	const struct timing *total_timing, *odds;
	struct outcomes outcomes;
	VEC(struct task_said) tasks;
	struct split_bin *bins; /* of the job's tests, one a task; or NULL */
	uint32_t target;        /* the step that fails when the job does; nsteps: none */
	int64_t delay;          /* of an approval, or SIM_NEVER; of a no-op its time */
	int64_t spin_min, spin_max;
	int64_t limit; /* how long it may run; SIM_NEVER */
	uint32_t pool; /* where its tasks queue */
	uint64_t hash; /* of its name: what is drawn for it depends on nothing else */
	bool unauthorized, assumed;
};

/* Edges the other way round: next[first[i]] … next[first[i + 1] - 1] wait for node i. */
struct onward {
	uint32_t *first, *next;
	unsigned *accepts;
};

struct flow_plan {
	const struct sim_workflow *workflow;
	uint64_t hash; /* of its name */
	struct node_plan *nodes;
	struct onward onward;
	bool locks; /* has LOCK nodes */
};

struct model_plan {
	const struct sim_model *model;
	struct flow_plan *flows; /* in step with model->workflows */
};

/* ---- what happens ------------------------------------------------------------------------ */

enum tick_kind {
	TICK_TASK,   /* a task goes on */
	TICK_NODE,   /* a node without tasks ends: an approval, a no-op that takes time */
	TICK_SERIAL, /* a job has waited for its serial group as long as it may */
};

struct tick {
	int64_t at;
	uint32_t flow, node, task;
	uint32_t attempt; /* of the flow: later ones do not care */
	uint32_t number;  /* ticks are numbered as they are foreseen */
	enum tick_kind kind;
};

/* A task that waits for a place. */
struct waiting {
	int64_t since;
	uint32_t flow, node, task, attempt;
};

enum family { FAMILY_CLOUD, FAMILY_MACOS, FAMILY_RUNNER, FAMILY_COUNT };

/* What a task goes through to its place: the limit of its pool, of its family, of the plan; and a
 * serial group, which has room for one. */
enum { GATES_OF_TASK = 3 };

struct gate {
	int64_t at;         /* the instant at which those of left left */
	VEC(uint32_t) left; /* places in the order in which they were left then */
	uint32_t passed;    /* those of them that somebody has got already */
};

/* One task at its place, or one node that has its turn in a serial group; kept for path.c. */
struct stay {
	uint32_t flow, run, task;
	uint32_t gates[GATES_OF_TASK]; /* that it went through, or SIM_NOBODY */
	bool full[GATES_OF_TASK];      /* the gate had room for one alone */
	bool handed[GATES_OF_TASK];    /* there was none until one was left at that instant */
	uint32_t from[GATES_OF_TASK];  /* the place of the same flow that was left for it at that
					* gate at that instant, or SIM_NOBODY */
	int64_t since, got, left;      /* in line, at its place, gone */
	int64_t until;  /* it could have come to the line as late and kept its turn */
	int64_t latest; /* it could have left as late for those that came to its place */
};

/* What happened in a flow that something behind it had to wait for, in order. */
enum event_kind { EVENT_READY, EVENT_PLACED, EVENT_LEFT, EVENT_TURN, EVENT_RELEASED };

struct event {
	uint32_t before; /* the flow's event before, or SIM_NOBODY */
	uint32_t run;
	uint32_t place; /* but of EVENT_READY */
	enum event_kind kind;
};

/* Places that only tasks of some classes compete for, and the tasks that wait for one. */
struct pool {
	struct str name; /* empty: of all classes of its family that have no limit of their own */
	enum family family;
	uint32_t gate; /* its number */
	int64_t limit; /* SIM_NEVER: none */
	int64_t running;
	VEC(struct waiting) queue; /* a heap */
	enum sim_wait full;        /* what its tasks waited for when places were last given */
};

enum node_phase {
	PHASE_BLOCKED, /* waits for what it requires */
	PHASE_SERIAL,  /* waits for its serial group */
	PHASE_ASKED,   /* an approval that may come */
	PHASE_ACTIVE,  /* has tasks that wait or run */
	PHASE_FINAL,
};

struct task_state {
	uint32_t next;  /* step */
	uint32_t place; /* of one that has had a place */
	uint8_t phase;  /* enum task_phase */
	bool failed, halted, timed_out, canceled;
	bool hit;    /* of the last restore_cache */
	bool saving; /* the step that ended now saves a cache */
};

enum task_phase { TASK_WAITS, TASK_STARTS, TASK_RUNS, TASK_ENDS, TASK_OVER };

struct node_state {
	uint32_t run;   /* index of its last job run */
	uint32_t waits; /* requirements that have not ended */
	uint32_t open;  /* tasks that have not ended */
	uint8_t phase, status;
	bool locked; /* holds a serial group */
	bool placed; /* one of its tasks has had a place */
	struct task_state *tasks;
};

struct flow {
	struct sim_workflow_run *run;
	const struct flow_plan *plan;
	struct node_state *nodes;
	uint32_t pipeline; /* index */
	uint32_t open;     /* nodes that are not final */
	uint32_t attempt;  /* from 1 */
	uint32_t asked;    /* approvals that never come */
	uint32_t happened; /* its last event, or SIM_NOBODY */
	bool canceled, over, ending;
};

/* One serial group. */
struct serial {
	struct str key;
	uint32_t gate;  /* its number */
	uint32_t place; /* of its last holder */
	bool held;
	struct waiting holder;
	VEC(struct waiting) queue;
	uint32_t head;
};

struct node_ref {
	uint32_t flow, node;
};

struct trie;

struct engine {
	struct arena *a;
	const struct sim_options *options;
	const struct scenario *scenario;
	struct sim_result *result;
	int64_t now;
	struct map models; /* identity -> struct model_plan */
	VEC(struct flow) flows;
	VEC(struct tick) ticks; /* a heap */
	uint32_t numbered;
	VEC(struct node_ref) ended; /* whose dependents have not been told */
	uint32_t passed;            /* of these */
	VEC(uint32_t) ending;       /* flows all of whose nodes are final */
	VEC(struct gate) gates;     /* first those of the families */
	VEC(struct stay) stays;
	VEC(struct event) events;
	VEC(struct pool) pools;
	struct map pool_index;        /* name -> number from 1 */
	int64_t limits[FAMILY_COUNT]; /* of MACOS and RUNNER; CLOUD: of the plan, which
				       * macOS is part of */
	int64_t running[FAMILY_COUNT];
	int64_t tasks; /* that have a place */
	struct map serials;
	struct map branches; /* -> number of the last pipeline */
	struct trie *trie;
	VEC(struct sim_cache) caches;
	VEC(struct sim_finding) findings;
	struct map told; /* what there is a finding for */
	struct sb key;   /* scratch */
};

/* prepare.c, times.c */
const struct model_plan *plan_model(struct engine *e, const struct sim_model *m);
/* A step of a task in the simulation. */
struct spot {
	struct flow *flow;
	uint32_t flow_number, node, task, step;
};

/* Puts how long each step takes at its first attempt into the ends of its steps. */
void plan_task(struct engine *e, const struct spot *at);
/* How long another attempt takes, when the first one took so long. */
int64_t plan_again(const struct engine *e, const struct spot *at, unsigned attempt, int64_t first);
/* Does chance make an attempt of a step fail? And the job as a whole? */
bool plan_step_fails(const struct engine *e, const struct spot *at, unsigned attempt);
bool plan_job_fails(const struct engine *e, const struct spot *at);
int64_t plan_spin_up(const struct engine *e, const struct spot *at);

/* queue.c */
void tick_push(struct engine *e, struct tick tick);
bool tick_pop(struct engine *e, int64_t until, struct tick *tick);
int64_t tick_next(const struct engine *e); /* SIM_NEVER: none */
void pools_init(struct engine *e);
uint32_t pool_of(struct engine *e, const struct sim_job *job);
void pool_wait(struct engine *e, uint32_t pool, struct waiting w);
void pool_leave(struct engine *e, uint32_t pool, uint32_t place);
/* Gives free places to those that wait. */
void pools_dispatch(struct engine *e);

/* places.c */
uint32_t gate_new(struct engine *e);
void event_add(struct engine *e, uint32_t flow, uint32_t run, enum event_kind kind, uint32_t place);
/* Who waits got its place. */
uint32_t place_got(struct engine *e, const struct waiting *w, enum event_kind kind);
/* At a gate that has had room for so many before; what was left now is what was got last. */
void place_through(struct engine *e, uint32_t place, uint32_t gate, int64_t room);
/* The task has left all its gates. */
void place_left(struct engine *e, uint32_t place);
/* The place of the same flow that was left for one that waited, or SIM_NOBODY. */
uint32_t place_from(const struct engine *e, uint32_t place);
/* It could have come to the line as late, and would still be before the next one there. */
void place_before(struct engine *e, uint32_t place, int64_t until);

/* serial.c */
void serial_enter(struct engine *e, uint32_t flow, uint32_t node);
void serial_leave(struct engine *e, uint32_t flow, uint32_t node);
void serial_unlock(struct engine *e, uint32_t flow, uint32_t node);
void serial_unlock_all(struct engine *e, uint32_t flow);
void serial_expired(struct engine *e, const struct tick *tick);

/* nodes.c */
struct sim_job_run *node_run(struct engine *e, uint32_t flow, uint32_t node);
void node_ready(struct engine *e, uint32_t flow, uint32_t node);
void node_granted(struct engine *e, uint32_t flow, uint32_t node); /* its serial group is its */
void node_end(
	struct engine *e, uint32_t flow, uint32_t node, enum job_status status, struct str why);
void node_tick(struct engine *e, const struct tick *tick);
void nodes_settle(struct engine *e); /* tells dependents until nothing changes */
void node_cancel(struct engine *e, uint32_t flow, uint32_t node, struct str why);

/* tasks.c */
void task_placed(struct engine *e, const struct waiting *w, enum sim_wait full, uint32_t place);
void task_tick(struct engine *e, const struct tick *tick);
void task_cancel(struct engine *e, uint32_t flow, uint32_t node, uint32_t task);

/* flows.c */
void flows_start(struct engine *e, uint32_t pipeline);
void flow_ended(struct engine *e, uint32_t flow);
void flows_finish(struct engine *e); /* what never comes to an end */

/* caches.c */
void caches_init(struct engine *e);
/* As if a pipeline like this one had saved its caches before. */
void caches_warm(struct engine *e, const struct sim_arrival *like);
/* Finds steps that never found a cache. */
void caches_check(struct engine *e);
/* The cache that a restore_cache finds: its number, 0 for none; *hit is also what the scenario
 * says. */
uint32_t cache_find(struct engine *e, const struct spot *at, bool *hit);
/* Is there one of that very key? */
bool cache_has(struct engine *e, const struct spot *at);
/* Number of the cache, a new one unless *kept. */
uint32_t cache_save(struct engine *e, const struct spot *at, bool *kept);

/* workspaces.c, path.c */
void workspaces_check(struct engine *e, const struct sim_workflow *w, const struct onward *onward);
void paths_find(struct engine *e);

void engine_find(struct engine *e, struct span span, struct str text); /* adds a finding */

#endif
