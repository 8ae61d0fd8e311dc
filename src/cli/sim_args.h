/* SPDX-License-Identifier: MIT */
/* Options of the commands that play a config: what they share, and the model that comes of it. */
#ifndef CCX_CLI_SIM_ARGS_H
#define CCX_CLI_SIM_ARGS_H

#include "ccx/sim.h"

#include "session.h"

/* A command's own struct holds one of these; its table has SIM_OPTS(type, field), or
 * SIM_INPUT_OPTS where nothing is drawn. */
struct sim_args {
	const char *config, *stdin_name, *target, *plan, *as_of, *scenario, *runs, *seed;
	struct opt_list timings;
	struct pipeline pipeline;
};

extern const char *const sim_target_choices[], *const sim_plan_choices[];

#define SIM_OPT(type, member, field) \
	offsetof(struct type, member) + offsetof(struct sim_args, field)
/* clang-format off */
#define SIM_INPUT_OPTS(type, m)                                                                    \
	{OPT_TEXT, 'c', "config", "PATH", SIM_OPT(type, m, config), "the config, as PATH", NULL,   \
		COMPLETE_FILE},                                                                    \
	{OPT_LIST, 0, "timings", "[JOB=]FILE", SIM_OPT(type, m, timings),                          \
		"how long jobs and steps took: CSV, JSON of CircleCI's API, JUnit; repeatable",    \
		NULL, COMPLETE_FILE},                                                              \
	{OPT_TEXT, 0, "scenario", "FILE", SIM_OPT(type, m, scenario),                              \
		"what is assumed: durations, outcomes, approvals, concurrency, sizes", NULL,       \
		COMPLETE_FILE},                                                                    \
	{OPT_TEXT, 0, "plan", "PLAN", SIM_OPT(type, m, plan),                                      \
		"free, performance (the default) or scale", sim_plan_choices, 0},                  \
	{OPT_TEXT, 0, "target", "TARGET", SIM_OPT(type, m, target),                                \
		"what runs it: cloud (the default) or server", sim_target_choices, 0},             \
	{OPT_TEXT, 0, "as-of", "DATE", SIM_OPT(type, m, as_of),                                    \
		"classes, limits and rates of that day, as YYYY-MM-DD", NULL, 0},                  \
	PIPELINE_OPTS(type, m.pipeline),                                                           \
	{OPT_TEXT, 0, "stdin-filename", "PATH", SIM_OPT(type, m, stdin_name),                      \
		"what to call standard input in messages", NULL, COMPLETE_FILE}
#define SIM_OPTS(type, m)                                                                          \
	SIM_INPUT_OPTS(type, m),                                                                   \
	{OPT_TEXT, 0, "runs", "N", SIM_OPT(type, m, runs),                                         \
		"play it N times with drawn durations and failures; show quantiles", NULL, 0},     \
	{OPT_TEXT, 0, "seed", "S", SIM_OPT(type, m, seed),                                         \
		"what is drawn (default: 1); the same seed gives the same result", NULL, 0}
/* clang-format on */

/* All that a simulation is made of. */
struct sim_input {
	struct session session; /* cli and command are set by the command */
	struct timings timings;
	struct scenario *scenario;
	struct sim_model *model;
	struct sim_options options; /* of these; not sampled */
	uint32_t runs;              /* 0: not asked for */
};

/* Whole decimal number from least to most; false for anything else. */
bool sim_args_number(const char *text, int64_t least, int64_t most, int64_t *number);
/* Compiles the config that operands (at most one), --config, CCX_CONFIG or the working directory
 * name, and reads timings and scenario. False with *code set when that fails, which is said; after
 * true session_close is due. */
bool sim_input_open(struct sim_input *in, const struct sim_args *args,
	const struct opt_list *operands, enum exit_code *code);
/* Reads a file that an option named into the sources of s. False with *code set, and said. */
bool sim_args_file(struct session *s, const char *path, uint32_t *file, enum exit_code *code);

#endif
