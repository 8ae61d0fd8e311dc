/* SPDX-License-Identifier: MIT */
/* What `ccx cost` is asked, and how the answer is made. */
#ifndef CCX_CLI_COST_ARGS_H
#define CCX_CLI_COST_ARGS_H

#include "ccx/report.h"

#include "sim_args.h"

struct cost_args {
	const char *pushes, *per_day, *users, *speed, *budget, *budget_per, *rates;
	struct opt_list changes;
	bool advise, estimates, json;
	struct sim_args sim;
};

/* The options, read. */
struct cost_question {
	struct cost_rates rates;
	struct cost_sizes sizes;
	struct cost_options options;
	struct cost_case how;
	struct str speed; /* as it was written */
	VEC(struct cost_change) changes;
	VEC(struct str) written; /* changes, as they were */
	uint64_t pipelines;      /* of a month */
	bool month;              /* it is asked for */
	uint32_t users;
	int64_t budget; /* milli-credits; -1: none */
	bool monthly;   /* the budget is a month's */
	bool advise;
};

/* False with *code set, and said, when options do not go together. */
bool cost_args_check(struct cli *cli, const struct command *c, const struct cost_args *args,
	enum exit_code *code);
/* Reads options and the file of rates. False with *code set, and said. */
bool cost_question_read(const struct cost_args *args, struct sim_input *in, struct cost_question *q,
	enum exit_code *code);
/* Plays and counts. False with *code set, and said: a change does not fit the config. */
bool cost_answer(const struct cost_question *q, struct sim_input *in, struct report_cost *what,
	enum exit_code *code);

#endif
