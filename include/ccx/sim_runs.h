/* SPDX-License-Identifier: MIT */
/*
 * sim: when pipelines come, and what many runs of them come to. A part of ccx/sim.h.
 *
 * What is drawn comes from a hash of the seed, in integers: the same on every machine.
 */
#ifndef CCX_SIM_RUNS_H
#define CCX_SIM_RUNS_H

#include "ccx/sim.h"

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

/* Adds each time at which a schedule of a workflow comes up, in the period from a moment (seconds
 * since 1970) on, which is the start of the simulation. False beyond LIMIT_SIM_PIPELINES. */
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

#endif
