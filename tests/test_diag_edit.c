/* SPDX-License-Identifier: MIT */
/* diag: edits of text, and which fixes can be made at once. */
#include "ccx/diag.h"

#include <setjmp.h>
#include <stdlib.h>

#include <cmocka.h>

static struct arena *a;

static int
setup(void **state)
{
	(void)state;
	a = arena_new();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

#define AT(off, len, text)                       \
	{                                        \
		{1, (off), (len)},               \
		{                                \
			(text), sizeof(text) - 1 \
		}                                \
	}

static void
edits_replace_insert_and_remove(void **state)
{
	(void)state;
	static const struct {
		const char *before, *after; /* NULL: refused */
		struct edit edits[3];
		uint32_t n;
	} rows[] = {
		{"abc", "abc", {AT(0, 0, "")}, 0},
		{"abc", "abc", {AT(1, 0, "")}, 1},
		{"abc", "xabc", {AT(0, 0, "x")}, 1},
		{"abc", "abcx", {AT(3, 0, "x")}, 1},
		{"abc", "", {AT(0, 3, "")}, 1},
		{"", "x", {AT(0, 0, "x")}, 1},
		{"abc", "aXYc", {AT(1, 1, "XY")}, 1},
		{"abcdef", "1bc2ef3", {AT(0, 1, "1"), AT(3, 1, "2"), AT(6, 0, "3")}, 3},
		{"abc", "XYc", {AT(0, 1, "X"), AT(1, 1, "Y")}, 2},
		{"abc", NULL, {AT(0, 2, "X"), AT(1, 1, "Y")}, 2},
		{"abc", NULL, {AT(1, 0, "X"), AT(1, 0, "Y")}, 2},
		{"abc", NULL, {AT(1, 0, "X"), AT(1, 1, "Y")}, 2},
		{"abc", NULL, {AT(2, 0, "X"), AT(1, 0, "Y")}, 2},
		{"abc", NULL, {AT(4, 0, "X")}, 1},
		{"abc", NULL, {AT(2, 2, "X")}, 1},
		{"abc", NULL, {AT(2, UINT32_MAX, "X")}, 1},
		{"abc", NULL, {AT(UINT32_MAX, UINT32_MAX, "X")}, 1},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str out = STR("untouched");
		bool ok = text_edit(a, str_of(rows[i].before), rows[i].edits, rows[i].n, &out);
		assert_int_equal(ok, rows[i].after != NULL);
		if (!str_is(out, ok ? rows[i].after : "untouched"))
			fail_msg("row %zu gives \"%.*s\"", i, STR_ARG(out));
	}
}

static void
a_fix_is_taken_whole_or_not_at_all(void **state)
{
	(void)state;
	struct edit first[] = {AT(4, 2, "x"), AT(10, 0, "y")};
	struct edit crossing[] = {AT(0, 1, "z"), AT(5, 1, "z")};
	struct edit same_insert[] = {AT(10, 0, "z")}, behind[] = {AT(6, 4, "z")};
	struct edit elsewhere[] = {{{2, 0, 1}, STR("z")}};
	struct fix_set set = {0};
	struct fix f = {true, first, 2}, none = {true, NULL, 0};
	assert_true(fix_set_takes(&set, &f, 1));
	assert_false(fix_set_takes(&set, &none, 1));
	fix_set_add(a, &set, &f);
	assert_false(fix_set_takes(&set, &f, 1));
	assert_false(fix_set_takes(&set, &(struct fix){true, crossing, 2}, 1));
	assert_false(fix_set_takes(&set, &(struct fix){true, same_insert, 1}, 1));
	assert_false(fix_set_takes(&set, &(struct fix){true, elsewhere, 1}, 1));
	assert_true(fix_set_takes(&set, &(struct fix){true, behind, 1}, 1));
	fix_set_add(a, &set, &(struct fix){true, behind, 1});
	assert_int_equal(set.fixes, 2);
	assert_int_equal(set.edits.n, 3);
	for (uint32_t i = 1; i < set.edits.n; i++)
		assert_true(set.edits.v[i - 1].span.off < set.edits.v[i].span.off);
}

static void
collecting_leaves_out_what_is_unsafe_or_ignored(void **state)
{
	(void)state;
	struct diag_list d;
	diag_init(&d, a);
	for (uint32_t i = 0; i < 4; i++) {
		struct span span = {1, i * 10, 2};
		struct diag *g = diag_push(&d, RULE_EMPTY, span, "%u", (unsigned)i);
		diag_fix(&d, g, i != 1, span, STR("x"));
		if (i == 2)
			diag_ignore(&d, g, STR(""));
	}
	diag_push(&d, RULE_EMPTY, (struct span){1, 90, 1}, "no fix");
	struct fix_set safe = {0}, all = {0}, other = {0};
	fix_set_collect(&d, 1, false, &safe);
	fix_set_collect(&d, 1, true, &all);
	fix_set_collect(&d, 2, true, &other);
	assert_int_equal(safe.fixes, 2);
	assert_int_equal(all.fixes, 3);
	assert_int_equal(other.fixes, 0);
}

/* Many fixes in any order keep the set in order and free of overlaps. */
static void
sets_stay_in_order(void **state)
{
	(void)state;
	struct fix_set set = {0};
	uint32_t seed = 1;
	char text[512];
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = 'a';
	for (int i = 0; i < 2000; i++) {
		seed = seed * 1103515245 + 12345;
		struct edit *e = NEW(a, struct edit);
		*e = (struct edit){{1, (seed >> 16) % 500, (seed >> 8) % 12}, STR("b")};
		struct fix fix = {true, e, 1};
		struct str out;
		if (!fix_set_takes(&set, &fix, 1))
			continue;
		fix_set_add(a, &set, &fix);
		struct str whole = {text, sizeof text};
		assert_true(text_edit(a, whole, set.edits.v, set.edits.n, &out));
	}
	assert_true(set.fixes > 40);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(edits_replace_insert_and_remove, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_fix_is_taken_whole_or_not_at_all, setup, teardown),
		cmocka_unit_test_setup_teardown(
			collecting_leaves_out_what_is_unsafe_or_ignored, setup, teardown),
		cmocka_unit_test_setup_teardown(sets_stay_in_order, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
