/* SPDX-License-Identifier: MIT */
#include "units.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

static struct str
two(struct arena *a, int64_t ms, int64_t unit, const char *large, const char *small)
{
	/* The smaller unit is rounded, which may fill up the larger one. */
	int64_t part = large[0] == 'm' ? SECOND : large[0] == 'h' ? MINUTE : HOUR;
	ms += part / 2;
	long long first = ms / unit, second = ms % unit / part;
	if (!second)
		return str_printf(a, "%lld%s", first, large);
	return str_printf(a, "%lld%s%02lld%s", first, large, second, small);
}

struct str
units_duration(struct arena *a, int64_t ms)
{
	if (ms == 0)
		return STR("0s");
	if (ms < SECOND)
		return str_printf(a, "%lldms", (long long)ms);
	if (ms < 10 * SECOND && ms % SECOND)
		return str_printf(
			a, "%lld.%llds", (long long)(ms / SECOND), (long long)(ms % SECOND / 100));
	if (ms < MINUTE - SECOND / 2)
		return str_printf(a, "%llds", (long long)((ms + SECOND / 2) / SECOND));
	if (ms < HOUR - SECOND / 2)
		return two(a, ms, MINUTE, "m", "s");
	if (ms < DAY - MINUTE / 2)
		return two(a, ms, HOUR, "h", "m");
	return two(a, ms, DAY, "d", "h");
}

void
units_put_number(struct sb *b, int64_t n)
{
	char digits[24];
	int len = 0;
	if (n < 0)
		sb_char(b, '-');
	for (uint64_t left = n < 0 ? (uint64_t)0 - (uint64_t)n : (uint64_t)n; left || !len;
		left /= 10)
		digits[len++] = (char)('0' + left % 10);
	while (len--) {
		sb_char(b, digits[len]);
		if (len && len % 3 == 0)
			sb_char(b, ',');
	}
}
