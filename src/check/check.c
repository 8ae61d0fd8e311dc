/* SPDX-License-Identifier: MIT */
/* The checks, in the order in which they run. */
#include "ccx/check.h"

#include "internal.h"

static void (*const checks[])(const struct check *c) = {
#define CHECK(name) check_##name,
#include "checks.def"
#undef CHECK
};

static void (*const orb_checks[])(const struct check *c) = {
#define CHECK(name) check_##name,
#include "orb_checks.def"
#undef CHECK
};

void
check_config(const struct check *c)
{
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		checks[i](c);
}

void
check_orb(const struct check *c)
{
	for (size_t i = 0; i < sizeof orb_checks / sizeof *orb_checks; i++)
		orb_checks[i](c);
}
