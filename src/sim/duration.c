/* SPDX-License-Identifier: MIT */
/* Durations as people write them. */
#include "ccx/sim.h"

#define MOST_MS ((int64_t)366 * 24 * 3600 * 1000) /* a year: sums of all that is played fit */

static int64_t
unit_ms(struct str unit)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {{"ms", 1}, {"s", SECOND_MS}, {"m", MINUTE_MS}, {"h", 60 * MINUTE_MS},
		{"d", 24 * 60 * MINUTE_MS}};
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (str_is(unit, units[i].name))
			return units[i].ms;
	return 0;
}

static bool
is_digit(struct str text, size_t at)
{
	return at < text.len && text.s[at] >= '0' && text.s[at] <= '9';
}

/* 12 or 1.5, in millionths; moves *at behind it. Digits beyond the sixth are too small to matter.
 */
static bool
read_number(struct str text, size_t *at, int64_t *millionths)
{
	int64_t n = 0, unit = 1000 * 1000;
	size_t start = *at;
	for (; is_digit(text, *at); ++*at) {
		n = n * 10 + (text.s[*at] - '0');
		if (n > MOST_MS)
			return false;
	}
	if (*at == start)
		return false;
	n *= unit;
	if (*at < text.len && text.s[*at] == '.') {
		++*at;
		if (!is_digit(text, *at))
			return false;
		for (; is_digit(text, *at); ++*at)
			n += (text.s[*at] - '0') * (unit /= 10);
	}
	*millionths = n;
	return true;
}

/* 90s */
static bool
read_part(struct str text, size_t *at, int64_t *ms)
{
	int64_t number, unit;
	size_t start;
	if (!read_number(text, at, &number))
		return false;
	for (start = *at; *at < text.len && text.s[*at] >= 'a' && text.s[*at] <= 'z'; ++*at)
		;
	bool bare = start == *at && start == text.len;
	unit = bare ? SECOND_MS : unit_ms(str_sub(text, start, *at));
	if (!unit || number / (1000 * 1000) > MOST_MS / unit)
		return false;
	*ms = number / (1000 * 1000) * unit + number % (1000 * 1000) * unit / (1000 * 1000);
	return true;
}

/* 1h30m, 1.5m, 250ms, 10 */
bool
sim_duration(struct str text, int64_t *ms)
{
	int64_t sum = 0, part;
	for (size_t at = 0; at < text.len;) {
		bool first = at == 0;
		if (!read_part(text, &at, &part))
			return false;
		/* 1h30: a number without unit stands alone. */
		if (!first && is_digit(text, text.len - 1))
			return false;
		sum += part;
		if (sum > MOST_MS)
			return false;
	}
	*ms = sum;
	return text.len > 0;
}
