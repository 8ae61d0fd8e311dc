/* SPDX-License-Identifier: MIT */
/* What a scenario file says, for those who play it. */
#ifndef CCX_SIM_SCENARIO_H
#define CCX_SIM_SCENARIO_H

#include "ccx/sim.h"

enum { UNSAID = -1, SIM_STEP_KINDS = SIM_OTHER_STEP + 1 };

/* Sets of attempts: bit n - 1 is attempt n, up to 64. */
struct outcomes {
	uint64_t said; /* those that are named at all */
	uint64_t fail, cancel, timeout;
};

static inline bool
attempt_in(uint64_t set, unsigned attempt)
{
	return attempt <= 64 && set >> (attempt - 1) & 1;
}

/* Run tests: {duration: 6m, fail: [1], on-hit: 3m} */
struct step_said {
	struct str pattern;
	struct span span;
	int64_t duration, on_hit; /* or UNSAID */
	uint64_t fail, timeout;
	bool halt;
};

/* 2: {duration: 12m} */
struct task_said {
	uint32_t number;
	int64_t duration;
	struct outcomes outcomes;
};

struct job_said {
	struct str pattern;
	struct span span;
	int64_t duration;
	struct outcomes outcomes;
	VEC(struct step_said) steps;
	VEC(struct task_said) tasks;
	uint32_t next; /* number from 1 of another one of the same name; 0: none */
};

/* hold: 10m */
struct named_time {
	struct str pattern;
	struct span span;
	int64_t ms; /* SIM_NEVER: never */
};

/* Times by name or pattern: who is named exactly is not looked for among the patterns. */
struct named_times {
	VEC(struct named_time) all;
	struct map by_name;     /* -> struct named_time */
	VEC(uint32_t) patterns; /* numbers of the others, in order of the file */
};

/* docker/medium: 20 */
struct named_count {
	struct str name;
	int64_t n;
};

enum cache_mode { CACHES_COLD, CACHES_WARM, CACHES_HIT, CACHES_MISS };

/* v1-deps: hit */
struct cache_said {
	struct str prefix; /* of a key as it is written */
	bool hit;
};

struct scenario {
	struct arena *a;
	int64_t defaults[SIM_STEP_KINDS]; /* or UNSAID */
	VEC(struct job_said) jobs;
	struct map by_name;     /* those whose name is no pattern: -> number of the first */
	VEC(uint32_t) patterns; /* numbers of the others, in order of the file */
	struct named_times approvals, spin_up;
	struct named_times unauthorized; /* of which the time says nothing */
	enum cache_mode mode;
	VEC(struct cache_said) caches;
	struct map changed;                /* files */
	struct map runners, classes;       /* -> struct named_count */
	int64_t plan, macos, runner_tasks; /* concurrency, or UNSAID */
	int64_t job_limit;
	uint32_t lines; /* of the file that say something of a name */
	uint32_t npatterns;
	bool auto_cancel;
	struct str default_branch;
	const struct node *sizes; /* or NULL */
};

bool scenario_is_pattern(struct str name); /* one for glob_fits */
/* The one that is named exactly, else the first pattern that fits; or NULL. */
const struct named_time *scenario_time(const struct named_times *times, struct str name);

/* All that is said of a node: what its name says before what patterns say, and these in order of
 * the file. Calls f with each. */
void scenario_each(const struct scenario *sc, const struct sim_node *node,
	void (*f)(void *ctx, const struct job_said *said), void *ctx);

extern const char *const scenario_step_names[SIM_STEP_KINDS]; /* "run", "checkout", …, "other" */

#endif
