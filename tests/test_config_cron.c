/* SPDX-License-Identifier: MIT */
#include "ccx/config.h"

#include <setjmp.h>
#include <stdlib.h>

#include <cmocka.h>

enum { HOUR = 60, MINUTE = 60, DAY = 86400 };

static struct cron
cron(const char *text)
{
	struct cron c;
	assert_true(cron_parse(str_of(text), &c, NULL, NULL));
	return c;
}

static void
what_is_a_cron_expression(void **state)
{
	(void)state;
	static const char *const good[] = {"* * * * *", "0 0 1 1 0", "59 23 31 12 7",
		"5,10,15 * * * *", "0 9-17 * * 1-5", "0 0 * jan-mar *", "0 0 * JAN,Jul mon,WED",
		"  0\t0  * * * "};
	static const char *const bad[] = {"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *",
		"* * 0 * *", "* * 32 * *", "* * * 0 *", "* * * 13 *", "* * * * 8", "*/5 * * * *",
		"1,3-5 * * * *", "* * * * mon-fri", "5-1 * * * *", "1, * * * *", ",1 * * * *",
		"- * * * *", "a * * * *", "-1 * * * *", "0x1 * * * *", "0001 * * * *",
		"* * * monday *", "@daily", "1--2 * * * *"};
	struct cron c;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(cron_parse(str_of(good[i]), &c, NULL, NULL));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (cron_parse(str_of(bad[i]), &c, NULL, NULL))
			fail_msg("\"%s\" was taken", bad[i]);
	assert_false(cron_parse((struct str){NULL, 0}, &c, NULL, NULL));
	assert_false(cron_parse((struct str){"0 0 * * \0", 9}, &c, NULL, NULL));
}

/* ---- faults ------------------------------------------------------------------------------ */

struct told {
	struct cron_fault v[CRON_FIELDS];
	int n;
};

static void
note_fault(void *ctx, const struct cron_fault *fault)
{
	struct told *told = ctx;
	assert_true(told->n < CRON_FIELDS);
	told->v[told->n++] = *fault;
}

static void
each_fault_is_told(void **state)
{
	(void)state;
	static const struct {
		const char *text, *part, *field; /* no field: of the whole */
		enum cron_fault_kind kind;
	} cases[] = {
		{"", "", NULL, CRON_FEW_FIELDS},
		{" 0 0 * *\t", "0 0 * *", NULL, CRON_FEW_FIELDS},
		{"60 24 * * * *", "60 24 * * * *", NULL, CRON_MANY_FIELDS},
		{"*/5 * * * *", "*/5", "minute", CRON_STEP},
		{"* 1,2-9/3 * * *", "1,2-9/3", "hour", CRON_STEP},
		{"60 * * * *", "60", "minute", CRON_BAD_VALUE},
		{"* 1,24,25 * * *", "24", "hour", CRON_BAD_VALUE},
		{"* * 1, * *", "1,", "day of the month", CRON_BAD_VALUE},
		{"* * 1-x,2 * *", "1-x", "day of the month", CRON_BAD_VALUE},
		{"* * * mon *", "mon", "month", CRON_BAD_VALUE},
		{"* * * 3,1-2 *", "3,1-2", "month", CRON_RANGE_IN_LIST},
		{"* * * * 1,5-3", "1,5-3", "day of the week", CRON_RANGE_IN_LIST},
		{"* * * * mon-5", "mon-5", "day of the week", CRON_RANGE_OF_NAMES},
		{"* * * * fri-mon", "fri-mon", "day of the week", CRON_RANGE_OF_NAMES},
		{"* * * mar-jan *", "mar-jan", "month", CRON_RANGE_BACKWARDS},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cron c = {.minutes = 5};
		struct told told = {.n = 0};
		assert_false(cron_parse(str_of(cases[i].text), &c, note_fault, &told));
		assert_int_equal(c.minutes, 5);
		assert_int_equal(told.n, 1);
		const struct cron_fault *fault = &told.v[0];
		if (fault->kind != cases[i].kind || !str_is(fault->part, cases[i].part))
			fail_msg("\"%s\": fault %d in \"%.*s\"", cases[i].text, (int)fault->kind,
				STR_ARG(fault->part));
		if (cases[i].field)
			assert_string_equal(fault->field->name, cases[i].field);
		else
			assert_null(fault->field);
	}
}

/* One of each field, in order; and the fields as written of what has none. */
static void
each_field_is_told_of(void **state)
{
	(void)state;
	static const char *const parts[CRON_FIELDS] = {"60", "9-8", "0", "*/2", "1,2-3"};
	struct told told = {.n = 0};
	struct cron c;
	assert_false(cron_parse(STR("60,61 9-8 0 */2 1,2-3"), &c, note_fault, &told));
	assert_int_equal(told.n, CRON_FIELDS);
	for (int i = 0; i < CRON_FIELDS; i++)
		assert_true(str_is(told.v[i].part, parts[i]));
	told.n = 0;
	assert_true(cron_parse(STR(" 5  1-2 31\tfeb,4 * "), &c, note_fault, &told));
	assert_int_equal(told.n, 0);
	assert_true(str_is(c.fields[0], "5"));
	assert_true(str_is(c.fields[CRON_MONTH_DAY], "31"));
	assert_true(str_is(c.fields[3], "feb,4"));
	assert_int_equal(c.hours, 6);
	assert_int_equal(c.months, 1 << 2 | 1 << 4);
	assert_true(c.weekdays == CRON_ANY);
}

/* ---- times ------------------------------------------------------------------------------- */

static void
days_are_counted(void **state)
{
	(void)state;
	static const struct {
		int64_t year;
		unsigned month, day;
		int64_t days;
	} cases[] = {{1970, 1, 1, 0}, {1969, 12, 31, -1}, {2000, 2, 29, 11016}, {2000, 3, 1, 11017},
		{2026, 11, 21, 20778}, {1900, 3, 1, -25508}, {2100, 3, 1, 47541},
		{0, 3, 1, -719468}, {1600, 2, 29, -135081}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(cron_time(cases[i].year, cases[i].month, cases[i].day, 0),
			cases[i].days * DAY);
	assert_int_equal(cron_time(1970, 1, 1, 90), 90 * MINUTE);
}

/* The next times after one, as year-month-day minute. */
static void
next_times(void **state)
{
	(void)state;
	static const struct {
		const char *cron;
		int f[4], e[4]; /* year, month, day, minute: after f comes e */
	} cases[] = {
		{"* * * * *", {2026, 11, 21, 0}, {2026, 11, 21, 1}},
		{"0 0 * * *", {2026, 11, 21, 0}, {2026, 11, 22, 0}},
		{"0 0 * * *", {2026, 12, 31, 1}, {2027, 1, 1, 0}},
		{"30 4 * * *", {2026, 11, 21, 4 * HOUR + 29}, {2026, 11, 21, 4 * HOUR + 30}},
		{"30 4 * * *", {2026, 11, 21, 4 * HOUR + 30}, {2026, 11, 22, 4 * HOUR + 30}},
		{"15 3,21 * * *", {2026, 11, 21, 3 * HOUR + 16}, {2026, 11, 21, 21 * HOUR + 15}},
		/* 2026-11-21 is a Saturday. */
		{"0 0 * * 1-5", {2026, 11, 21, 0}, {2026, 11, 23, 0}},
		{"0 0 * * 0", {2026, 11, 21, 0}, {2026, 11, 22, 0}},
		{"0 0 * * 7", {2026, 11, 21, 0}, {2026, 11, 22, 0}},
		{"0 0 * * sat", {2026, 11, 21, 0}, {2026, 11, 28, 0}},
		/* Leap years: every fourth, no hundredth, every four hundredth. */
		{"0 0 29 2 *", {2026, 11, 21, 0}, {2028, 2, 29, 0}},
		{"0 0 29 2 *", {2096, 2, 29, 0}, {2104, 2, 29, 0}},
		{"0 0 29 2 *", {1996, 3, 1, 0}, {2000, 2, 29, 0}},
		{"0 0 31 * *", {2026, 3, 31, 0}, {2026, 5, 31, 0}},
		/* Day and weekday restricted: either will do. */
		{"0 0 1 * mon", {2026, 11, 21, 0}, {2026, 11, 23, 0}},
		{"0 0 1 * mon", {2026, 11, 30, 0}, {2026, 12, 1, 0}},
		{"0 0 13 12 fri", {2026, 11, 21, 0}, {2026, 12, 4, 0}},
		{"0 0 1 jan-mar *", {2026, 3, 1, 0}, {2027, 1, 1, 0}},
		{"0 0 1 1 *", {1960, 6, 1, 0}, {1961, 1, 1, 0}},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const int *f = cases[i].f, *e = cases[i].e;
		struct cron c = cron(cases[i].cron);
		int64_t from = cron_time(f[0], (unsigned)f[1], (unsigned)f[2], (unsigned)f[3]);
		int64_t next = cron_time(e[0], (unsigned)e[1], (unsigned)e[2], (unsigned)e[3]);
		if (cron_next(&c, from) != next)
			fail_msg("case %d: %s", (int)i, cases[i].cron);
		assert_true(cron_matches(&c, next));
		assert_int_equal(cron_next(&c, next - 1), next);
		assert_int_equal(cron_next(&c, next - MINUTE), next);
	}
}

static void
some_days_never_come(void **state)
{
	(void)state;
	struct cron c = cron("0 0 30 2 *");
	assert_int_equal(cron_next(&c, 0), CRON_NEVER);
	assert_int_equal(cron_count(&c, 0, (int64_t)DAY * 3650), 0);
	c = cron("0 0 30 2 mon"); /* but Mondays do */
	assert_int_equal(cron_next(&c, cron_time(2026, 1, 1, 0)), cron_time(2026, 2, 2, 0));
	c = cron("* * * * *");
	assert_int_equal(cron_next(&c, INT64_MAX), CRON_NEVER);
	assert_int_equal(cron_next(&c, INT64_MIN), CRON_NEVER);
}

/* The walk from time to time finds what asking every minute finds. */
static void
next_and_matches_agree(void **state)
{
	(void)state;
	static const char *const crons[] = {
		"7 5 * * 2", "0,30 8-10 1,15 * *", "59 23 31 12 *", "0 12 29 2 mon", "1 1 1 1 1"};
	int64_t start = cron_time(2027, 12, 1, 0), end = cron_time(2028, 4, 1, 0);
	for (size_t i = 0; i < sizeof crons / sizeof *crons; i++) {
		struct cron c = cron(crons[i]);
		int64_t next = cron_next(&c, start - 1);
		uint32_t n = 0;
		for (int64_t t = start; t < end; t += MINUTE) {
			if (!cron_matches(&c, t))
				continue;
			assert_int_equal(t, next);
			next = cron_next(&c, next);
			n++;
		}
		assert_int_equal(cron_count(&c, start, end), n);
	}
}

static void
runs_of_a_month(void **state)
{
	(void)state;
	struct cron c = cron("0 3 * * 1-5");
	assert_int_equal(cron_count(&c, cron_time(2026, 11, 1, 0), cron_time(2026, 12, 1, 0)), 21);
	c = cron("0 * * * *");
	assert_int_equal(
		cron_count(&c, cron_time(2028, 2, 1, 0), cron_time(2028, 3, 1, 0)), 29 * 24);
	c = cron("0 0 1 * *");
	assert_int_equal(cron_count(&c, cron_time(2026, 1, 1, 0), cron_time(2027, 1, 1, 0)), 12);
	assert_int_equal(cron_count(&c, 0, 0), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_a_cron_expression),
		cmocka_unit_test(each_fault_is_told),
		cmocka_unit_test(each_field_is_told_of),
		cmocka_unit_test(days_are_counted),
		cmocka_unit_test(next_times),
		cmocka_unit_test(some_days_never_come),
		cmocka_unit_test(next_and_matches_agree),
		cmocka_unit_test(runs_of_a_month),
	};
	return cmocka_run_group_tests_name("config_cron", tests, NULL, NULL);
}
