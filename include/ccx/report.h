/* SPDX-License-Identifier: MIT */
/*
 * report: how findings look. Knows nothing of where they came from.
 */
#ifndef CCX_REPORT_H
#define CCX_REPORT_H

#include "ccx/base.h"
#include "ccx/diag.h"

struct report_style {
	bool colour;
	unsigned width; /* terminal columns; 0: do not clip */
};

/* Appends every finding as text with code frames:
 *
 *     .circleci/config.yml:41:17: error: job "biuld" is not defined [undefined-job]
 *        |
 *     41 |       - biuld:
 *        |         ^~~~~ did you mean "build"?
 *        |
 *     12 |   build:
 *        |   ----- defined here
 *        = help: jobs defined: build, deploy, test
 */
void report_text(struct sb *out, struct sources *s, const struct diag_list *d,
	struct report_style style);
/* The closing line: "3 errors, 1 warning"; nothing when there is no finding. */
void report_summary(struct sb *out, const struct diag_list *d);

#endif
