/* SPDX-License-Identifier: MIT */
#include "ccx/diag.h"
#include "ccx/limits.h"

#include <setjmp.h>
#include <stdlib.h>

#include <cmocka.h>

static struct arena *a;
static struct sources s;
static struct diag_list d;

static int
setup(void **state)
{
	(void)state;
	a = arena_new();
	sources_init(&s, a);
	diag_init(&d, a);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static void
places_count_lines_and_code_points(void **state)
{
	(void)state;
	uint32_t f = source_add(&s, STR("x.yml"),
		STR("ab\nc\xc3\xa9"
		    "d\r\ne\rf"));
	static const struct {
		uint32_t offset, line, column;
	} rows[] = {{0, 1, 1}, {2, 1, 3}, {3, 2, 1}, {6, 2, 3}, {9, 3, 1}, {11, 4, 1}, {99, 4, 2}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct place p = source_place(&s, f, rows[i].offset);
		assert_int_equal(p.line, rows[i].line);
		assert_int_equal(p.column, rows[i].column);
	}
	assert_true(str_is(source_line(&s, f, 2), "c\xc3\xa9"
						  "d"));
	assert_true(str_is(source_line(&s, f, 4), "f"));
	assert_true(str_is(source_line(&s, f, 5), ""));
	assert_true(str_is(source_line(&s, f, 0), ""));
	assert_true(str_is(source_text(&s, (struct span){f, 3, 3}), "c\xc3\xa9"));
}

static void
a_byte_order_mark_takes_no_column(void **state)
{
	(void)state;
	uint32_t f = source_add(&s, STR("x.yml"),
		STR("\xef\xbb\xbf"
		    "version"));
	assert_int_equal(source_place(&s, f, 3).column, 1);
	assert_true(str_is(source_line(&s, f, 1), "version"));
}

static void
long_lines_count_the_same(void **state)
{
	(void)state;
	/* Characters of every length, bytes that are none, a line break far behind. */
	static const char unit[] = "a\xc3\xa9\xf0\x9f\x98\x80\xff\xe2\x82\xac\xe2\x82";
	struct sb b = {.a = a};
	sb_puts(&b, "\xef\xbb\xbf");
	while (b.len < 20000)
		sb_puts(&b, unit);
	sb_puts(&b, "\nx\n");
	while (b.len < 40000)
		sb_puts(&b, unit);
	struct str text = sb_str(&b);
	uint32_t f = source_add(&s, STR("x.yml"), text);
	for (uint32_t line = 1, start = 3, at = start; at <= text.len; at++) {
		struct place p = source_place(&s, f, at);
		if (p.line > line) {
			line = p.line;
			start = at;
		}
		assert_int_equal(p.column, utf8_count(str_sub(text, start, at)) + 1);
	}
	assert_int_equal(source_place(&s, f, 0).column, 1);
}

static void
no_file_is_no_place(void **state)
{
	(void)state;
	assert_null(source_of(&s, 0));
	assert_null(source_of(&s, 7));
	assert_int_equal(source_place(&s, 0, 5).line, 1);
	assert_true(str_is(source_text(&s, (struct span){0, 1, 2}), ""));
}

static void
equal_findings_are_said_once(void **state)
{
	(void)state;
	struct span at = {1, 10, 2};
	diag_push(&d, RULE_UNKNOWN_KEY, at, "key %s", "x");
	struct diag *again = diag_push(&d, RULE_UNKNOWN_KEY, at, "key %s", "x");
	diag_help(&d, again, "dropped with it");
	diag_push(&d, RULE_UNKNOWN_KEY, at, "key %s", "y");
	assert_int_equal(d.all.n, 2);
	assert_int_equal(d.errors, 2);
	assert_int_equal(d.all.v[0].help.len, 0);
}

static void
findings_sort_by_place_and_keep_their_order(void **state)
{
	(void)state;
	diag_push(&d, RULE_UNKNOWN_KEY, (struct span){2, 0, 1}, "d");
	diag_push(&d, RULE_UNKNOWN_KEY, (struct span){1, 9, 1}, "b");
	diag_push(&d, RULE_UNKNOWN_KEY, (struct span){1, 9, 5}, "c");
	diag_push(&d, RULE_UNKNOWN_KEY, (struct span){1, 3, 1}, "a");
	diag_sort(&d);
	for (int i = 0; i < 4; i++)
		assert_int_equal(d.all.v[i].message.s[0], 'a' + i);
}

static void
findings_beyond_the_limit_are_counted(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < LIMIT_ERRORS + 5; i++)
		diag_push(&d, RULE_UNKNOWN_KEY, (struct span){1, i, 1}, "x");
	assert_int_equal(d.all.n, LIMIT_ERRORS);
	assert_int_equal(d.dropped, 5);
	assert_int_equal(d.errors, LIMIT_ERRORS + 5);
}

static void
decorations_stay_with_their_finding(void **state)
{
	(void)state;
	struct diag *g = diag_push(&d, RULE_UNDEFINED_JOB, (struct span){1, 0, 1}, "m");
	struct nearest n = {.wanted = STR("biuld")};
	nearest_try(&n, STR("build"));
	diag_nearest(&d, g, &n);
	diag_help(&d, g, "help %d", 1);
	diag_note(&d, g, (struct span){1, 5, 1}, "first");
	diag_note(&d, g, (struct span){1, 6, 1}, "second");
	assert_true(str_is(g->label, "did you mean \"build\"?"));
	assert_true(str_is(g->help, "help 1"));
	assert_true(str_is(g->notes->text, "first"));
	assert_true(str_is(g->notes->next->text, "second"));
	assert_null(g->notes->next->next);
}

static void
rule_ids_are_found_and_unique(void **state)
{
	(void)state;
	for (int i = 0; i < RULE_COUNT; i++) {
		enum rule rule;
		const struct rule_info *info = rule_info((enum rule)i);
		assert_true(rule_find(str_of(info->id), &rule));
		assert_int_equal(rule, i);
		assert_true(str_ends(str_of(info->doc), STR(".")));
	}
	enum rule rule;
	assert_false(rule_find(STR("no-such-rule"), &rule));
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(places_count_lines_and_code_points),
		TEST(a_byte_order_mark_takes_no_column),
		TEST(long_lines_count_the_same),
		TEST(no_file_is_no_place),
		TEST(equal_findings_are_said_once),
		TEST(findings_sort_by_place_and_keep_their_order),
		TEST(findings_beyond_the_limit_are_counted),
		TEST(decorations_stay_with_their_finding),
		TEST(rule_ids_are_found_and_unique),
	};
	return cmocka_run_group_tests_name("diag", tests, NULL, NULL);
}
