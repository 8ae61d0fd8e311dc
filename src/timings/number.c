/* SPDX-License-Identifier: MIT */
/* Numbers and times in files of timings, read from their digits: no binary fraction is made of
 * them on the way. */
#include "internal.h"

enum { DIGITS = 17, EXPONENT = 100 };

static bool
is_digit(struct str t, size_t at)
{
	return at < t.len && t.s[at] >= '0' && t.s[at] <= '9';
}

/* A number as digits and the place of the point: 12.5 is 125 with scale 1. */
struct decimal {
	int64_t digits;
	int scale;
};

/* Digits beyond the 17th do not matter, they only move the point. */
static void
add_digit(struct decimal *n, char c, bool fraction, unsigned *count)
{
	if (*count < DIGITS) {
		n->digits = n->digits * 10 + (c - '0');
		n->scale += fraction;
		*count += n->digits > 0;
	} else {
		n->scale -= !fraction && n->scale > -EXPONENT * 4;
	}
}

/* 1,234 */
static bool
is_group(struct str t, size_t at)
{
	return t.s[at] == ',' && is_digit(t, at + 1) && is_digit(t, at + 2) &&
	       is_digit(t, at + 3) && !is_digit(t, at + 4);
}

/* e-3, behind the digits */
static bool
read_exponent(struct str t, size_t at, struct decimal *n)
{
	int exponent = 0;
	bool negative = ++at < t.len && t.s[at] == '-';
	at += at < t.len && (t.s[at] == '-' || t.s[at] == '+');
	if (!is_digit(t, at))
		return false;
	for (; is_digit(t, at); at++)
		exponent = exponent < EXPONENT * 8 ? exponent * 10 + (t.s[at] - '0') : exponent;
	n->scale -= negative ? -exponent : exponent;
	return at == t.len;
}

static bool
read_decimal(struct str t, bool grouped, struct decimal *n)
{
	unsigned count = 0;
	size_t at = t.len && t.s[0] == '+';
	bool some = false;
	for (; is_digit(t, at) || (some && grouped && at < t.len && is_group(t, at)); at++) {
		if (t.s[at] != ',')
			add_digit(n, t.s[at], false, &count);
		some = true;
	}
	if (at < t.len && t.s[at] == '.')
		for (at++; is_digit(t, at); at++) {
			add_digit(n, t.s[at], true, &count);
			some = true;
		}
	if (some && at < t.len && (t.s[at] == 'e' || t.s[at] == 'E'))
		return read_exponent(t, at, n);
	return some && at == t.len;
}

bool
timings_decimal(struct str text, int64_t unit, bool grouped, int64_t *ms)
{
	struct decimal n = {0};
	if (!read_decimal(text, grouped, &n))
		return false;
	for (; unit > 1; unit /= 10)
		n.scale--;
	for (; n.scale < 0 && n.digits && n.digits <= TIMINGS_MOST_MS; n.scale++)
		n.digits *= 10;
	for (; n.scale > 1 && n.digits; n.scale--)
		n.digits /= 10;
	*ms = n.scale == 1 ? (n.digits + 5) / 10 : n.digits;
	return *ms <= TIMINGS_MOST_MS;
}

/* ---- points in time ---------------------------------------------------------------------- */

/* n digits at *at; moves behind them. */
static bool
read_digits(struct str t, size_t *at, unsigned n, int64_t *value)
{
	for (*value = 0; n; n--, ++*at) {
		if (!is_digit(t, *at))
			return false;
		*value = *value * 10 + (t.s[*at] - '0');
	}
	return true;
}

/* The digits after a mark: -11 */
static bool
read_after(struct str t, size_t *at, char mark, int64_t *value)
{
	if (*at >= t.len || t.s[*at] != mark)
		return false;
	++*at;
	return read_digits(t, at, 2, value);
}

/* Days from 1970 to a day of the Gregorian calendar. */
static int64_t
days_to(int64_t year, int64_t month, int64_t day)
{
	/* Counted from 1 March, so that the leap day is the last one of a year. */
	year -= month <= 2;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719468;
}

/* Z, +01:00 or -0130, as milliseconds. */
static bool
read_zone(struct str t, size_t at, int64_t *ms)
{
	int64_t hours, minutes;
	*ms = 0;
	if (at + 1 == t.len && (t.s[at] == 'Z' || t.s[at] == 'z'))
		return true;
	if (at >= t.len || (t.s[at] != '+' && t.s[at] != '-'))
		return false;
	bool west = t.s[at++] == '-';
	if (!read_digits(t, &at, 2, &hours))
		return false;
	at += at < t.len && t.s[at] == ':';
	if (!read_digits(t, &at, 2, &minutes) || at != t.len)
		return false;
	*ms = (hours * 60 + minutes) * (west ? -MINUTE_MS : MINUTE_MS);
	return true;
}

bool
timings_instant(struct str t, int64_t *ms)
{
	int64_t year, month, day, hour, minute, second, zone, part = 0;
	size_t at = 0;
	if (!read_digits(t, &at, 4, &year) || !read_after(t, &at, '-', &month) ||
		!read_after(t, &at, '-', &day))
		return false;
	if (at >= t.len || (t.s[at] != 'T' && t.s[at] != 't' && t.s[at] != ' '))
		return false;
	at++;
	if (!read_digits(t, &at, 2, &hour) || !read_after(t, &at, ':', &minute) ||
		!read_after(t, &at, ':', &second))
		return false;
	if (at < t.len && t.s[at] == '.') {
		int64_t unit = SECOND_MS;
		for (at++; is_digit(t, at); at++)
			part += (t.s[at] - '0') * (unit /= 10);
	}
	if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 ||
		second > 60 || !read_zone(t, at, &zone))
		return false;
	*ms = (days_to(year, month, day) * 24 + hour) * 60 * MINUTE_MS + minute * MINUTE_MS +
	      second * SECOND_MS + part - zone;
	return true;
}
