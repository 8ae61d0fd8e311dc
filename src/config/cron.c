/* SPDX-License-Identifier: MIT */
/*
 * Cron expressions of schedules: five fields of POSIX in UTC, without steps, ranges in lists and
 * ranges of named days, which CircleCI does not take. Dates are counted here, in the Gregorian
 * calendar, so that no time zone of a machine has a say.
 */
#include "ccx/config.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, MOST_DAYS = 9 * 366 };

/* ---- dates ------------------------------------------------------------------------------- */

/* A day as people write it; weekday 0 is Sunday. */
struct date {
	int64_t year;
	unsigned month, day, weekday;
};

static int64_t
floor_div(int64_t n, int64_t by)
{
	return n / by - (n % by < 0);
}

/* Days since 1970-01-01. Years begin in March here, so that a leap day ends one; 400 of them have
 * 146097 days. */
static struct date
date_of(int64_t days)
{
	int64_t shifted = days + 719468, era = floor_div(shifted, 146097);
	int64_t of_era = shifted - era * 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;
	struct date d = {.year = year + era * 400 + (month >= 10),
		.month = (unsigned)(month < 10 ? month + 3 : month - 9),
		.day = (unsigned)(of_year - (153 * month + 2) / 5 + 1)};
	int64_t weekday = (days + 4) % 7; /* 1970-01-01 was a Thursday */
	d.weekday = (unsigned)(weekday < 0 ? weekday + 7 : weekday);
	return d;
}

int64_t
cron_time(int64_t year, unsigned month, unsigned day, unsigned minute)
{
	int64_t y = month > 2 ? year : year - 1, era = floor_div(y, 400);
	int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	int64_t of_era = y - era * 400;
	of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
	return (era * 146097 + of_era - 719468) * DAY + (int64_t)minute * MINUTE;
}

/* ---- reading ----------------------------------------------------------------------------- */

static const struct cron_field fields[CRON_FIELDS] = {
	{"minute", 0, 59, 59, NULL, false},
	{"hour", 0, 23, 23, NULL, false},
	{"day of the month", 1, 31, 31, NULL, false},
	{"month", 1, 12, 12, "janfebmaraprmayjunjulaugsepoctnovdec", true},
	{"day of the week", 0, 6, 7, "sunmontuewedthufrisat", false},
};

struct reader {
	void (*tell)(void *ctx, const struct cron_fault *fault);
	void *ctx;
};

/* False, for the caller to return. */
static bool
tell(const struct reader *r, enum cron_fault_kind kind, const struct cron_field *f, struct str part)
{
	struct cron_fault fault = {kind, f, part};
	if (r->tell)
		r->tell(r->ctx, &fault);
	return false;
}

/* 5, 05, MON; -1 for anything else. *word: it was a name */
static int
value_of(const struct cron_field *f, struct str text, bool *word)
{
	int n = 0;
	*word = false;
	for (int i = 0; text.len == 3 && f->words && f->words[3 * i]; i++) {
		const char *w = f->words + 3 * (size_t)i;
		*word = (text.s[0] | 32) == w[0] && (text.s[1] | 32) == w[1] &&
			(text.s[2] | 32) == w[2];
		if (*word)
			return f->least + i;
	}
	if (!text.len || text.len > 3)
		return -1;
	for (size_t i = 0; i < text.len; i++) {
		if (text.s[i] < '0' || text.s[i] > '9')
			return -1;
		n = n * 10 + text.s[i] - '0';
	}
	return n >= f->least && n <= f->most ? n : -1;
}

/* 5, 1-5: an item of a field, which may be all of it */
static bool
read_item(const struct reader *r, const struct cron_field *f, struct str field, struct str item,
	uint64_t *values)
{
	size_t dash = str_find(item, STR("-"), 0);
	bool range = dash != SIZE_MAX, word = false, word2 = false;
	int from = value_of(f, str_sub(item, 0, dash), &word), to = from;
	if (range)
		to = value_of(f, str_sub(item, dash + 1, item.len), &word2);
	if (from < 0 || to < 0)
		return tell(r, CRON_BAD_VALUE, f, item.len ? item : field);
	if (range && item.len < field.len)
		return tell(r, CRON_RANGE_IN_LIST, f, field);
	if (range && !f->word_ranges && (word || word2))
		return tell(r, CRON_RANGE_OF_NAMES, f, item);
	if (from > to)
		return tell(r, CRON_RANGE_BACKWARDS, f, item);
	for (int i = from; i <= to; i++)
		*values |= (uint64_t)1 << i;
	return true;
}

/* *, 5, 1-5, 1,3,5 */
static bool
read_field(const struct reader *r, const struct cron_field *f, struct str field, uint64_t *values)
{
	if (str_has(field, STR("/")))
		return tell(r, CRON_STEP, f, field);
	if (str_is(field, "*")) {
		*values = CRON_ANY;
		return true;
	}
	for (size_t at = 0; at <= field.len;) {
		size_t comma = str_find(field, STR(","), at);
		size_t end = comma == SIZE_MAX ? field.len : comma;
		if (!read_item(r, f, field, str_sub(field, at, end), values))
			return false;
		at = end + 1;
	}
	return true;
}

/* Cuts text into its fields; false when there are not five. */
static bool
split(const struct reader *r, struct str text, struct str *fields_of)
{
	int n = 0;
	for (size_t at = 0; at < text.len;) {
		size_t start = at;
		while (at < text.len && text.s[at] != ' ' && text.s[at] != '\t')
			at++;
		if (start == at) {
			at++;
			continue;
		}
		if (n == CRON_FIELDS)
			return tell(r, CRON_MANY_FIELDS, NULL, str_trim(text));
		fields_of[n++] = str_sub(text, start, at);
	}
	return n == CRON_FIELDS || tell(r, CRON_FEW_FIELDS, NULL, str_trim(text));
}

/* 30 4 * * 1-5 */
bool
cron_parse(struct str text, struct cron *cron,
	void (*tell_fault)(void *ctx, const struct cron_fault *fault), void *ctx)
{
	struct reader r = {tell_fault, ctx};
	struct cron c = {0};
	uint64_t *const values[CRON_FIELDS] = {
		&c.minutes, &c.hours, &c.days, &c.months, &c.weekdays};
	if (!split(&r, text, c.fields))
		return false;
	bool ok = true;
	for (int i = 0; i < CRON_FIELDS; i++)
		ok = read_field(&r, &fields[i], c.fields[i], values[i]) && ok;
	/* Sunday is 0 and 7. */
	if (c.weekdays != CRON_ANY)
		c.weekdays = (c.weekdays | c.weekdays >> 7) & 0x7f;
	if (ok)
		*cron = c;
	return ok;
}

/* ---- asking ------------------------------------------------------------------------------ */

static bool
has(uint64_t values, unsigned n)
{
	return values >> n & 1;
}

/* When the day of the month and that of the week are both restricted, either will do (POSIX). */
static bool
has_day(const struct cron *cron, struct date d)
{
	bool day = has(cron->days, d.day), weekday = has(cron->weekdays, d.weekday);
	if (!has(cron->months, d.month))
		return false;
	if (cron->days != CRON_ANY && cron->weekdays != CRON_ANY)
		return day || weekday;
	return day && weekday;
}

bool
cron_matches(const struct cron *cron, int64_t t)
{
	int64_t days = floor_div(t, DAY), rest = t - days * DAY;
	return has(cron->minutes, (unsigned)(rest / MINUTE % 60)) &&
	       has(cron->hours, (unsigned)(rest / HOUR)) && has_day(cron, date_of(days));
}

/* The first minute of a day from minute on that fits; -1 when there is none. */
static int
minute_from(const struct cron *cron, int minute)
{
	for (int m = minute; m < DAY / MINUTE; m++) {
		if (!has(cron->hours, (unsigned)m / 60))
			m += 59 - m % 60;
		else if (has(cron->minutes, (unsigned)m % 60))
			return m;
	}
	return -1;
}

/* A 29 February comes within nine years; what does not come by then (30 February) never does. */
int64_t
cron_next(const struct cron *cron, int64_t t)
{
	if (t < INT64_MIN / 2 || t > INT64_MAX / 2)
		return CRON_NEVER;
	int64_t days = floor_div(t, DAY), first = days;
	int minute = (int)((t - days * DAY) / MINUTE) + 1;
	for (; days <= first + MOST_DAYS; days++, minute = 0) {
		if (!has_day(cron, date_of(days)))
			continue;
		int found = minute_from(cron, minute);
		if (found >= 0)
			return days * DAY + (int64_t)found * MINUTE;
	}
	return CRON_NEVER;
}

uint32_t
cron_count(const struct cron *cron, int64_t from, int64_t to)
{
	uint32_t n = 0;
	for (int64_t t = cron_next(cron, from - 1); t < to; t = cron_next(cron, t))
		n++;
	return n;
}
