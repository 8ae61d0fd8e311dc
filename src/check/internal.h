/* SPDX-License-Identifier: MIT */
#ifndef CCX_CHECK_INTERNAL_H
#define CCX_CHECK_INTERNAL_H

#include "ccx/check.h"

#define CHECK(name) void check_##name(const struct check *c);
#include "checks.def"
#undef CHECK

#endif
