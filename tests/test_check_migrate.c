/* SPDX-License-Identifier: MIT */
/* check: filters as expressions, and whether two configs do the same. */
#include "ccx/check.h"

#include "../src/check/migrate.h"

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

static struct str
expression_of(const char *map)
{
	struct sources s;
	struct diag_list d;
	sources_init(&s, a);
	diag_init(&d, a);
	const struct node *n = node_load(a, &s, source_add(&s, STR("f.yml"), str_of(map)), &d);
	assert_non_null(n);
	return filter_expression(a, n);
}

#define B "pipeline.git.branch"
#define T "pipeline.git.tag"

static const struct {
	const char *map, *expression; /* "": it stays a map */
} filters[] = {
	{"branches: {only: main}", B " == \"main\""},
	{"branches: {only: [main]}", B " == \"main\""},
	{"branches: {only: [main, dev]}", B " == \"main\" or " B " == \"dev\""},
	{"branches: {only: release.*}", B " == \"release.*\""},
	{"branches: {only: 'a\"b\\c'}", B " == \"a\\\"b\\\\c\""},
	{"branches: {ignore: main}", B " != \"main\""},
	{"branches: {ignore: [main, dev]}", B " != \"main\" and " B " != \"dev\""},
	{"branches: {only: /v.*/}", B " matches /^v.*$/"},
	{"branches: {only: /^v.*$/}", B " matches /^v.*$/"},
	{"branches: {only: '/v\\$/'}", B " matches /^v\\$$/"},
	{"branches: {only: '/v\\\\$/'}", B " matches /^v\\\\$/"},
	{"branches: {only: /a|b/}", B " matches /^(?:a|b)$/"},
	{"branches: {only: /(a|b)/}", B " matches /^(a|b)$/"},
	{"branches: {only: /^a|b$/}", B " matches /^(?:^a|b$)$/"},
	{"branches: {only: /release/.*/}", B " matches /^release\\/.*$/"},
	{"branches: {only: '/release\\/.*/'}", B " matches /^release\\/.*$/"},
	{"branches: {only: '/a\\\\/b/'}", B " matches /^a\\\\\\/b$/"},
	{"branches: {ignore: /v.*/}", B " != \"\" and not (" B " matches /^v.*$/)"},
	{"branches: {only: /.*/}", B " != \"\""},
	{"branches: {only: [main, /.*/]}", B " != \"\""},
	{"tags: {only: v1}", B " != \"\" or " T " == \"v1\""},
	{"tags: {only: /.*/}", B " != \"\" or " T " != \"\""},
	{"tags: {ignore: v1}", B " != \"\" or (" T " != \"\" and " T " != \"v1\")"},
	{"{branches: {ignore: /.*/}, tags: {only: /v.*/}}", T " matches /^v.*$/"},
	{"{branches: {ignore: /.*/}, tags: {ignore: v1}}", T " != \"\" and " T " != \"v1\""},
	{"{branches: {only: main}, tags: {ignore: /.*/}}", B " == \"main\""},
	{"{branches: {only: main}, tags: {only: /v.*/}}",
		B " == \"main\" or " T " matches /^v.*$/"},
	{"{branches: {ignore: [a, b]}, tags: {only: v}}",
		"(" B " != \"a\" and " B " != \"b\") or " T " == \"v\""},
	/* what no expression is certain to mean */
	{"{}", ""},
	{"branches: {}", ""},
	{"branches: null", ""},
	{"branches: main", ""},
	{"branches: {only: main, ignore: dev}", ""},
	{"branches: {only: []}", ""},
	{"branches: {only: null}", ""},
	{"branches: {only: 1.0}", ""},
	{"branches: {only: [main, 7]}", ""},
	{"branches: {only: << pipeline.git.branch >>}", ""},
	{"branches: {only: /^(?!x).*/}", ""},
	{"branches: {only: '/(a)\\1/'}", ""},
	{"branches: {only: /a++/}", ""},
	{"branches: {only: '/[a/'}", ""},
	{"branches: {only: '/[a-z&&[^b]]/'}", ""},
	{"branches: {only: '/[a[b]]/'}", ""},
	{"branches: {only: '/\\x41/'}", ""},
	{"branches: {only: /\xc3\xa9/}", ""},
	{"branches: {only: //}", ""},
	{"branches: {only: \"a\\nb\"}", ""},
	{"branches: {ignore: /.*/}", ""},
	{"{branches: {only: main}, tag: {only: v1}}", ""},
};

static void
filters_become_expressions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		struct str got = expression_of(filters[i].map);
		if (!str_is(got, filters[i].expression))
			fail_msg("%s gives: %.*s", filters[i].map, STR_ARG(got));
	}
}

static struct str
config_with(const char *filters_text)
{
	return str_printf(a,
		"version: 2.1\n"
		"jobs:\n"
		"  build: {docker: [{image: a}], steps: [checkout]}\n"
		"  test: {docker: [{image: a}], steps: [checkout]}\n"
		"workflows:\n"
		"  main:\n"
		"    jobs:\n"
		"      - build\n"
		"      - test: {filters: %s}\n",
		filters_text);
}

static bool
same(struct str before, struct str after, struct str *why)
{
	struct orb_store orbs;
	orb_store_init(&orbs, a);
	struct compile_options options = {.orbs = &orbs, .compat = COMPAT_NEWEST, .tolerant = true};
	struct trial t = {&options, STR("config.yml")};
	*why = STR("");
	return trial_same(a, &t, before, after, why);
}

/* Every expression lets through what the map did, on branches and tags. */
static void
expressions_mean_what_the_maps_meant(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		struct str expression = str_of(filters[i].expression), why;
		if (!expression.len)
			continue;
		struct sb quoted = {.a = a};
		sb_char(&quoted, '\'');
		sb_put(&quoted, expression);
		sb_puts(&quoted, "'");
		const char *map = filters[i].map;
		struct str before = config_with(map[0] == '{' ? map : str_printf(a, "{%s}", map).s);
		struct str after = config_with(str_copy(a, sb_str(&quoted)).s);
		if (!same(before, after, &why))
			fail_msg("%s: %.*s", map, STR_ARG(why));
	}
}

static void
differences_are_found(void **state)
{
	(void)state;
	static const struct {
		const char *before, *after, *why;
	} rows[] = {
		{"{branches: {only: main}}", "pipeline.git.branch == \"dev\"", "branch main"},
		{"{branches: {ignore: main}}", "not (pipeline.git.branch == \"main\")",
			"tag v1.2.3"},
		{"{tags: {only: v9}}", "pipeline.git.branch != \"\"", "tag v9"},
		{"{branches: {only: main}}", "pipeline.git.branch ==", "end of expression"},
		{"{branches: {only: main}}", "'[", "Unable to parse YAML"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str why;
		assert_false(same(config_with(rows[i].before), config_with(rows[i].after), &why));
		if (!str_has(why, str_of(rows[i].why)))
			fail_msg("row %zu: %.*s", i, STR_ARG(why));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(filters_become_expressions, setup, teardown),
		cmocka_unit_test_setup_teardown(
			expressions_mean_what_the_maps_meant, setup, teardown),
		cmocka_unit_test_setup_teardown(differences_are_found, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
