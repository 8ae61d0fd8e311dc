/* SPDX-License-Identifier: MIT */
/* What the files of cost share: arithmetic that stops at the ends, rates, terms of a plan. */
#ifndef CCX_COST_INTERNAL_H
#define CCX_COST_INTERNAL_H

#include "ccx/cost.h"

/* Amounts are not negative; what would be more than int64_t holds is INT64_MAX. */
static inline int64_t
cost_times(int64_t x, int64_t y)
{
	return y && x > INT64_MAX / y ? INT64_MAX : x * y;
}

static inline int64_t
cost_plus(int64_t x, int64_t y)
{
	return x > INT64_MAX - y ? INT64_MAX : x + y;
}

/* x * y / z, rounded down; z > 0. The product itself may be more than fits. */
int64_t cost_share(int64_t x, int64_t y, int64_t z);
/* The same, rounded up. */
int64_t cost_part(int64_t x, int64_t y, int64_t z);

/* What an amount costs, in thousandths of by units: 1500 of 30 are a twentieth of one. */
struct credits cost_charge(const struct cost_rate *rate, int64_t amount, int64_t by);
/* The rate of a class; class may be NULL: it is in no table. */
struct cost_rate cost_class_rate(struct arena *a, const struct cost_options *o,
	enum executor_kind kind, struct str name, const struct resource_class *class);

/* Thousandths of a number as it is written, "24" or "1.5"; false for what is none. digits: 3 */
bool cost_decimal(struct str text, unsigned digits, int64_t *number);
/* A number as a file has it. */
struct cost_unit {
	unsigned digits;   /* behind the point */
	const char *about; /* of what, for people: ", in GB" */
};

/* The same of a node, or a finding. */
bool cost_number(const struct node *n, const struct sources *s, struct cost_unit unit,
	int64_t *number, struct diag_list *d);

/* The class of the host that remote Docker runs on for jobs of that class, or NULL. */
const struct resource_class *cost_host(const struct resource_class *class, int as_of);

/* The model after one change, which fits them, of the jobs with these numbers. */
struct sim_model *cost_change_some(struct arena *a, const struct sim_model *m,
	const struct cost_change *change, const uint32_t *jobs, uint32_t n,
	const struct cost_speed *speed);

#endif
