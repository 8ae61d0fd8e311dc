/* SPDX-License-Identifier: MIT */
#include "ccx/compile.h"

#include <setjmp.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../src/compile/internal.h"

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

/* ---- order of jobs ----------------------------------------------------------------------- */

static void
assert_order(const char *names, const char *expected)
{
	VEC(struct str) v = {0};
	struct sb b = {.a = a};
	struct str left = str_of(names);
	while (left.len) {
		size_t space = str_find(left, STR(" "), 0);
		struct str word = str_sub(left, 0, space);
		vec_push(a, &v, word);
		left = space < left.len ? str_sub(left, space + 1, left.len) : STR("");
	}
	uint32_t *order = NEW_ARRAY(a, uint32_t, v.n);
	clojure_order(a, v.v, v.n, order);
	for (uint32_t i = 0; i < v.n; i++)
		sb_printf(&b, "%s%.*s", i ? " " : "", STR_ARG(v.v[order[i]]));
	sb_char(&b, '\0');
	assert_string_equal(sb_str(&b).s, expected);
}

/* Walks of real Clojure maps. */
static void
jobs_are_walked_as_clojure_walks_them(void **state)
{
	(void)state;
	assert_order("a b c d e f g h i", "d f e a i b g h c");
	assert_order("build test lint deploy e2e docs release publish notify",
		"release deploy lint build publish e2e notify docs test");
	assert_order("", "");
}

/* The hash is over UTF-16: a character outside the BMP is two units. */
static void
order_counts_utf16_units(void **state)
{
	(void)state;
	struct str names[] = {STR("\xf0\x9f\x8f\x97"), STR("b"), STR("\xe6\x97\xa5")};
	uint32_t order[3];
	bool seen[3] = {false};
	clojure_order(a, names, 3, order);
	for (int i = 0; i < 3; i++)
		seen[order[i]] = true;
	assert_true(seen[0] && seen[1] && seen[2]);
	uint32_t again[3];
	clojure_order(a, names, 3, again);
	assert_memory_equal(order, again, sizeof order);
}

/* ---- months ------------------------------------------------------------------------------ */

static struct compat_style
style(const char *month)
{
	struct compat c = {0};
	assert_true(compat_parse(str_of(month), &c));
	return compat_style(c);
}

static void
output_changed_over_the_years(void **state)
{
	(void)state;
	assert_int_equal(style("2018-10").fold, 0);
	assert_int_equal(style("2018-11").fold, 80);
	assert_int_equal(style("2019-10").fold, 80);
	assert_int_equal(style("2019-11").fold, 0);
	assert_true(style("2018-07").environment_map);
	assert_false(style("2018-10").environment_map);
	assert_true(style("2018-09").version_21);
	assert_false(style("2018-10").version_21);
	assert_false(style("2024-03").upstream);
	assert_true(style("2025-02").upstream);
	assert_false(style("2023-01").filters);
	assert_true(style("2023-04").filters);
	assert_true(style("2019-03").original_most == SIZE_MAX);
	assert_int_equal(style("2024-03").original_most, 13312);
	assert_int_equal(style("2026-01").original_most, 0);
	assert_true(compat_style(COMPAT_NEWEST).upstream);
}

static void
months_are_written_in_one_way(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "2019", "2019-7", "2019-13", "2019-00", "19-07",
		"2019-07-01", "2019/07", "x019-07"};
	struct compat c;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(compat_parse(str_of(bad[i]), &c));
}

/* ---- matrices ---------------------------------------------------------------------------- */

static const struct node *
load(struct compile *c, struct sources *s, struct diag_list *d, const char *text)
{
	sources_init(s, a);
	diag_init(d, a);
	*c = (struct compile){.a = a, .sources = s, .diags = d};
	const struct node *n = node_load(a, s, source_add(s, STR("m.yml"), str_of(text)), d);
	assert_non_null(n);
	return n;
}

static void
assert_matrix(const char *text, const char *expected)
{
	struct compile c;
	struct sources s;
	struct diag_list d;
	const struct node *all = matrix_expand(&c, load(&c, &s, &d, text), STR("t"), NULL);
	struct sb b = {.a = a};
	for (uint32_t i = 0; all && i < all->count; i++)
		sb_printf(&b, "%s%.*s", i ? " " : "",
			STR_ARG(matrix_name(a, STR("t"), all->u.items[i])));
	if (!all)
		sb_put(&b, d.all.v[0].message);
	sb_char(&b, '\0');
	assert_string_equal(sb_str(&b).s, expected);
}

/* Axes sort by name, the last varies fastest; an exclusion may name some axes only. */
static void
matrices_expand_in_alphabetical_order(void **state)
{
	(void)state;
	assert_matrix("{parameters: {os: [l, m], arch: [a, b]}}", "t-a-l t-a-m t-b-l t-b-m");
	assert_matrix(
		"{parameters: {os: [l, m], arch: [a, b]}, exclude: [{os: l}]}", "t-a-m t-b-m");
	assert_matrix("{parameters: {v: [1, 2]}, exclude: [{v: \"1\"}]}", "t-1 t-2");
	assert_matrix("{parameters: {v: }}", "");
	assert_matrix("{parameters: {v: 3}}", "expected type: Sequence, found: Integer");
}

static void
matrices_are_bounded(void **state)
{
	(void)state;
	struct sb b = {.a = a};
	sb_puts(&b, "{parameters: {a: [");
	for (int i = 0; i < 129; i++)
		sb_printf(&b, "%d,", i);
	sb_puts(&b, "]}}");
	sb_char(&b, '\0');
	assert_matrix(sb_str(&b).s,
		"The t build matrix expands to 129 jobs. Matrices cannot generate "
		"more than 128 jobs.");
}

/* ---- aliases of elements ----------------------------------------------------------------- */

static void
elements_are_found_through_aliases(void **state)
{
	(void)state;
	struct compile c;
	struct sources s;
	struct diag_list d;
	const struct node *root = load(&c, &s, &d,
		"version: 2.1\n"
		"orbs: {tool: {jobs: {run: {machine: true, steps: []}}}, gone: x/y@1}\n"
		"executors: {first: second, second: {machine: true}, bad: nowhere}\n"
		"jobs: {mine: tool/run, lost: tool/nope, loop: loop}\n");
	const struct config *config = config_decode(a, root, false, &d);
	const struct element *e;
	const struct module *m = &config->module;
	assert_int_equal(element_find(m, ELEMENT_JOB, STR("mine"), &e), RESOLVED);
	assert_true(str_is(e->home->path, "tool"));
	assert_int_equal(element_find(m, ELEMENT_JOB, STR("tool/run"), &e), RESOLVED);
	assert_int_equal(element_find(m, ELEMENT_JOB, STR("lost"), &e), RESOLVE_BAD_ALIAS);
	assert_int_equal(element_find(m, ELEMENT_JOB, STR("loop"), &e), RESOLVE_BAD_ALIAS);
	assert_int_equal(element_find(m, ELEMENT_JOB, STR("no/job"), &e), RESOLVE_NO_ORB);
	assert_int_equal(element_find(m, ELEMENT_JOB, STR("gone/job"), &e), RESOLVE_UNKNOWN);
	assert_int_equal(element_find(m, ELEMENT_EXECUTOR, STR("first"), &e), RESOLVED);
	assert_true(str_is(e->name, "second"));
	assert_int_equal(element_find(m, ELEMENT_EXECUTOR, STR("bad"), &e), RESOLVE_BAD_ALIAS);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(jobs_are_walked_as_clojure_walks_them),
		TEST(order_counts_utf16_units),
		TEST(output_changed_over_the_years),
		TEST(months_are_written_in_one_way),
		TEST(matrices_expand_in_alphabetical_order),
		TEST(matrices_are_bounded),
		TEST(elements_are_found_through_aliases),
	};
	return cmocka_run_group_tests_name("compile", tests, NULL, NULL);
}
