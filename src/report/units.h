/* SPDX-License-Identifier: MIT */
/* Quantities as people write them. */
#ifndef CCX_REPORT_UNITS_H
#define CCX_REPORT_UNITS_H

#include "ccx/base.h"

/* "0s", "250ms", "4.2s", "1m", "1m20s", "2h05m", "3d04h": two units at most. ms is not below
 * zero. */
struct str units_duration(struct arena *a, int64_t ms);
/* Appends a whole number with its thousands apart: "1,234,567". */
void units_put_number(struct sb *b, int64_t n);

#endif
