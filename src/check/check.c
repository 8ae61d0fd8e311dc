/* SPDX-License-Identifier: MIT */
/* The checks, in the order in which they run. */
#include "ccx/check.h"

#include "internal.h"

static void (*const checks[])(const struct check *c) = {
#define CHECK(name) check_##name,
#include "checks.def"
#undef CHECK
};

void
check_config(const struct check *c)
{
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		checks[i](c);
}
