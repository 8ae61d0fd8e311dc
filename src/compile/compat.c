/* SPDX-License-Identifier: MIT */
/*
 * How the official compiler's output changed over the years. Each month is the first that began
 * with the new form, as far as outputs show: a month stands for its first days (lines are folded
 * since 10 October 2018, so October is not).
 */
#include "ccx/compile.h"

#include "internal.h"

#define MONTH(year, month) ((year)*12 + (month)-1)

/* "2019-07" */
bool
compat_parse(struct str text, struct compat *c)
{
	unsigned n[2] = {0};
	if (text.len != 7 || text.s[4] != '-')
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char d = text.s[i];
		if (i == 4)
			continue;
		if (d < '0' || d > '9')
			return false;
		n[i > 4] = n[i > 4] * 10 + (unsigned)(d - '0');
	}
	if (n[1] < 1 || n[1] > 12)
		return false;
	c->month = MONTH(n[0], n[1]);
	return true;
}

struct compat_style
compat_style(struct compat compat)
{
	unsigned m = compat.month;
	struct compat_style s = {
		.fold = m >= MONTH(2018, 11) && m <= MONTH(2019, 10) ? 80 : 0,
		.upstream = m >= MONTH(2025, 1),
		.preview = m < MONTH(2018, 9),
		.version_21 = m == MONTH(2018, 9),
		.environment_map = m < MONTH(2018, 8),
		.comments = m >= MONTH(2018, 8),
		.filters = m >= MONTH(2023, 4),
	};
	if (m < MONTH(2019, 6))
		s.original_most = SIZE_MAX;
	else if (m < MONTH(2025, 1))
		s.original_most = 13312;
	return s;
}
