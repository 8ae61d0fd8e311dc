/* SPDX-License-Identifier: MIT */
/*
 * Scalars as Go's yaml.v3 reads them. It differs from what the compiler reads: yes and off are
 * strings, dates are times, 1:30 is a string, 08 is a float, 0o17 is fifteen.
 */
#include "go.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 1024 }; /* characters of a number; what is longer is taken for a string */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t
skip_digits(struct str t, size_t at)
{
	while (at < t.len && is_digit(t.s[at]))
		at++;
	return at;
}

/* ---- words ------------------------------------------------------------------------------- */

static bool
in_words(struct str text, const char *const *words)
{
	for (; *words; words++)
		if (str_is(text, *words))
			return true;
	return false;
}

bool
go_old_bool(struct str text)
{
	static const char *const words[] = {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n",
		"N", "no", "No", "NO", "off", "Off", "OFF", NULL};
	return text.len <= 3 && in_words(text, words);
}

/* -1_0:30:59.5 */
bool
go_base60(struct str t)
{
	size_t at = t.len && (t.s[0] == '-' || t.s[0] == '+');
	if (at == t.len || !is_digit(t.s[at]))
		return false;
	while (at < t.len && (is_digit(t.s[at]) || t.s[at] == '_'))
		at++;
	bool sixties = false;
	for (; at < t.len && t.s[at] == ':'; sixties = true) {
		size_t from = at + 1, end = skip_digits(t, from);
		if (end == from || end > from + 2 || (end == from + 2 && t.s[from] > '5'))
			return false;
		at = end;
	}
	if (at < t.len && t.s[at] == '.')
		for (at++; at < t.len && (is_digit(t.s[at]) || t.s[at] == '_');)
			at++;
	return sixties && at == t.len;
}

static enum go_tag
resolve_word(struct str text, struct node *n)
{
	static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
	static const char *const trues[] = {"true", "True", "TRUE", NULL};
	static const char *const falses[] = {"false", "False", "FALSE", NULL};
	bool yes = in_words(text, trues);
	if (in_words(text, nulls)) {
		if (n)
			n->kind = NODE_NULL;
		return GO_NULL;
	}
	if (!yes && !in_words(text, falses))
		return GO_STRING;
	if (n) {
		n->kind = NODE_BOOL;
		n->u.boolean = yes;
	}
	return GO_BOOL;
}

/* ---- numbers ----------------------------------------------------------------------------- */

static enum go_tag
set_float(struct node *n, double v)
{
	if (n) {
		n->kind = NODE_FLOAT;
		n->u.real = v;
	}
	return GO_NUMBER;
}

static enum go_tag
resolve_special(struct str t, struct node *n)
{
	static const char *const infs[] = {".inf", ".Inf", ".INF", NULL};
	static const char *const nans[] = {".nan", ".NaN", ".NAN", NULL};
	bool sign = t.len && (t.s[0] == '-' || t.s[0] == '+');
	if (in_words(str_sub(t, sign, t.len), infs))
		return set_float(n, t.s[0] == '-' ? -INFINITY : INFINITY);
	return in_words(t, nans) ? set_float(n, NAN) : GO_STRING;
}

/* 0x1f, 0b11, 0o17, 017, 42; false when it is none or beyond 64 bits. */
static bool
magnitude(struct str t, uint64_t *v)
{
	unsigned base = 10;
	*v = 0;
	if (t.len >= 3 && t.s[0] == '0' && strchr("xXbBoO", t.s[1])) {
		base = strchr("xX", t.s[1]) ? 16 : strchr("bB", t.s[1]) ? 2 : 8;
		t = str_sub(t, 2, t.len);
	} else if (t.len >= 2 && t.s[0] == '0') {
		base = 8;
	}
	for (size_t i = 0; i < t.len; i++) {
		char c = (char)(t.s[i] | 0x20);
		unsigned digit = is_digit(t.s[i])       ? (unsigned)(t.s[i] - '0')
				 : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
							: 16;
		if (digit >= base || *v > (UINT64_MAX - digit) / base)
			return false;
		*v = *v * base + digit;
	}
	return t.len > 0;
}

static bool
resolve_int(struct arena *a, struct str t, struct node *n)
{
	bool sign = t.len && (t.s[0] == '-' || t.s[0] == '+'), negative = sign && t.s[0] == '-';
	uint64_t v;
	if (!magnitude(str_sub(t, sign, t.len), &v))
		return false;
	bool fits = v <= (uint64_t)INT64_MAX + negative;
	if (!fits && sign)
		return false;
	if (!n)
		return true;
	n->kind = NODE_INT;
	if (!fits) {
		n->flags |= NODE_BIG;
		n->u.text = str_printf(a, "%llu", (unsigned long long)v);
		return true;
	}
	n->u.integer = !negative ? (int64_t)v : v > INT64_MAX ? INT64_MIN : -(int64_t)v;
	return true;
}

/* -1.5e3, .5, 3., 08 */
static bool
is_float(struct str t)
{
	size_t from = t.len && (t.s[0] == '-' || t.s[0] == '+'), at = skip_digits(t, from);
	bool whole = at > from;
	if (at < t.len && t.s[at] == '.') {
		size_t part = at + 1;
		at = skip_digits(t, part);
		if (!whole && at == part)
			return false;
	} else if (!whole) {
		return false;
	}
	if (at < t.len && (t.s[at] == 'e' || t.s[at] == 'E')) {
		at++;
		at += at < t.len && (t.s[at] == '-' || t.s[at] == '+');
		size_t digits = at;
		at = skip_digits(t, at);
		if (at == digits)
			return false;
	}
	return at == t.len;
}

static enum go_tag
resolve_number(struct arena *a, struct str text, struct node *n)
{
	char plain[LONGEST + 1];
	size_t len = 0;
	if (text.len > LONGEST)
		return GO_STRING;
	for (size_t i = 0; i < text.len; i++)
		if (text.s[i] != '_')
			plain[len++] = text.s[i];
	plain[len] = '\0';
	struct str t = {plain, len};
	if (text.s[0] != '.' && resolve_int(a, t, n))
		return GO_NUMBER;
	if (text.s[0] == '.' && len < text.len)
		return GO_STRING;
	double v = is_float(t) ? strtod(plain, NULL) : INFINITY;
	return isinf(v) ? GO_STRING : set_float(n, v);
}

/* ---- times ------------------------------------------------------------------------------- */

struct when {
	unsigned year, month, day, hour, minute, second;
	struct str fraction; /* digits */
	struct str zone;     /* Z, +02:00; empty for UTC */
};

/* One or two digits up to most, at *at, which moves behind them. */
static bool
read_two(struct str t, size_t *at, unsigned most, unsigned *v)
{
	size_t end = *at;
	*v = 0;
	while (end < t.len && end < *at + 2 && is_digit(t.s[end]))
		*v = *v * 10 + (unsigned)(t.s[end++] - '0');
	bool ok = end > *at && *v <= most;
	*at = end;
	return ok;
}

static bool
read_char(struct str t, size_t *at, char c)
{
	if (*at == t.len || t.s[*at] != c)
		return false;
	++*at;
	return true;
}

static unsigned
days_in(unsigned year, unsigned month)
{
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (month == 2)
		return leap ? 29 : 28;
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* 15:04:05.999 */
static bool
read_clock(struct str t, size_t *at, struct when *w)
{
	if (!read_two(t, at, 23, &w->hour) || !read_char(t, at, ':') ||
		!read_two(t, at, 59, &w->minute) || !read_char(t, at, ':') ||
		!read_two(t, at, 59, &w->second))
		return false;
	if (*at + 1 < t.len && (t.s[*at] == '.' || t.s[*at] == ',') && is_digit(t.s[*at + 1])) {
		size_t end = skip_digits(t, *at + 1);
		w->fraction = str_sub(t, *at + 1, end < *at + 10 ? end : *at + 10);
		*at = end;
	}
	return true;
}

/* Z, +02:00 */
static bool
read_zone(struct str t, size_t *at, struct when *w)
{
	unsigned hours, minutes;
	size_t from = *at;
	if (read_char(t, at, 'Z'))
		return true;
	if (t.len != from + 6 || (t.s[from] != '+' && t.s[from] != '-'))
		return false;
	++*at;
	if (!read_two(t, at, 24, &hours) || *at != from + 3 || !read_char(t, at, ':') ||
		!read_two(t, at, 59, &minutes))
		return false;
	w->zone = hours || minutes ? str_sub(t, from, *at) : STR("");
	return *at == from + 6;
}

/*
 *     2026-1-2      2026-01-02T15:04:05Z      2026-01-02 15:04:05.5
 */
static bool
read_time(struct str t, struct when *w)
{
	size_t at = 5;
	if (skip_digits(t, 0) != 4 || t.len < 6 || t.s[4] != '-')
		return false;
	for (int i = 0; i < 4; i++)
		w->year = w->year * 10 + (unsigned)(t.s[i] - '0');
	if (!read_two(t, &at, 12, &w->month) || !w->month || !read_char(t, &at, '-') ||
		!read_two(t, &at, days_in(w->year, w->month), &w->day) || !w->day)
		return false;
	if (at == t.len)
		return true;
	char between = t.s[at++];
	if (between == ' ')
		return read_clock(t, &at, w) && at == t.len;
	return (between == 'T' || between == 't') && read_clock(t, &at, w) &&
	       read_zone(t, &at, w) && at == t.len;
}

static bool
resolve_time(struct arena *a, struct str text, struct node *n)
{
	struct when w = {0};
	if (!read_time(text, &w))
		return false;
	if (!n)
		return true;
	while (w.fraction.len && w.fraction.s[w.fraction.len - 1] == '0')
		w.fraction.len--;
	n->kind = NODE_STRING;
	n->flags |= NODE_VERBATIM;
	n->u.text = str_printf(a, "%04u-%02u-%02uT%02u:%02u:%02u%s%.*s%.*s", w.year, w.month, w.day,
		w.hour, w.minute, w.second, w.fraction.len ? "." : "", STR_ARG(w.fraction),
		STR_ARG(w.zone));
	if (!w.zone.len)
		n->u.text = str_printf(a, "%.*sZ", STR_ARG(n->u.text));
	return true;
}

enum go_tag
go_resolve(struct arena *a, struct str text, struct node *n)
{
	char first = text.len ? text.s[0] : '~';
	if (strchr("nNtTfF~", first))
		return first ? resolve_word(text, n) : GO_STRING;
	if (!is_digit(first) && first != '-' && first != '+' && first != '.')
		return GO_STRING;
	enum go_tag special = resolve_special(text, n);
	if (special != GO_STRING)
		return special;
	return resolve_time(a, text, n) ? GO_TIME : resolve_number(a, text, n);
}

/* ---- floats as text ---------------------------------------------------------------------- */

void
go_float_put(struct sb *out, double v)
{
	char text[40];
	if (isnan(v) || isinf(v)) {
		sb_puts(out, isnan(v) ? ".nan" : v < 0 ? "-.inf" : ".inf");
		return;
	}
	int digits = 0;
	for (; digits <= 16; digits++) {
		snprintf(text, sizeof text, "%.*e", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	int exponent = atoi(strchr(text, 'e') + 1);
	if (exponent < -4 || exponent >= 6)
		sb_puts(out, text);
	else
		sb_printf(out, "%.*f", digits > exponent ? digits - exponent : 0, v);
}
