/* SPDX-License-Identifier: MIT */
/* Comments as YAML has them, and the key or item that each belongs to. */
#include "ccx/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* Each comment as "text", with "^" before it when it is alone, then "=" and the first and last
 * word of its block; divided by "|". */
static void
assert_comments(const char *text, const char *expected)
{
	struct arena *a = arena_new();
	struct sources s;
	struct sb got = {.a = a};
	uint32_t n;
	sources_init(&s, a);
	uint32_t file = source_add(&s, STR("in.yml"), str_of(text));
	const struct comment *c = node_comments(a, &s, file, &n);
	for (uint32_t i = 0; i < n; i++) {
		struct str said = str_trim(source_text(&s, c[i].span));
		struct str block = str_trim(source_text(&s, c[i].block));
		size_t last = block.len;
		while (last && !strchr(" \n", block.s[last - 1]))
			last--;
		sb_printf(&got, "%s%s%.*s", i ? "|" : "", c[i].alone ? "^" : "", STR_ARG(said));
		if (block.len)
			sb_printf(&got, "=%.*s..%.*s",
				STR_ARG(str_sub(block, 0, str_find(block, STR(" "), 0))),
				STR_ARG(str_sub(block, last, block.len)));
	}
	sb_char(&got, 0);
	assert_string_equal(got.s, expected);
	arena_free(a);
}

static void
test_what_is_one(void **state)
{
	(void)state;
	assert_comments("", "");
	assert_comments("# only", "^# only");
	assert_comments("# one\n\n  # two\n", "^# one|^# two");
	assert_comments("a: b#c\n", "");
	assert_comments("a: 'b # c'\n", "");
	assert_comments("a: \"b # c\n  # d\" # e\n", "# e");
	assert_comments("a: b # c\n", "# c=a:..b");
	assert_comments("a: |\n  # b\n # c\nd: e\n", "^# c=d:..e");
	assert_comments("a: >-   # head # more\n  # b\n", "# head # more=a:..b");
	assert_comments("a: |2 # head\n    # b\n", "# head=a:..b");
	assert_comments("a: [b, # c\n  'd # e', # f\n]\n", "# c=a:..]|# f");
	assert_comments("\xef\xbb\xbf# a\nb: c # d\n", "^# a=b:..c|# d=b:..c");
	assert_comments("\xc3\xa4: \xe2\x82\xac # \xc3\xb6\r\nb: 1 # c\r\n",
		"# \xc3\xb6=\xc3\xa4:..\xe2\x82\xac|# c=b:..1");
	assert_comments("%YAML 1.1 # a\n--- # b\nc: d # e\n... # f\n",
		"# a=%YAML..1.1|# b=---..---|# e=c:..d|# f=........");
}

static void
test_what_belongs(void **state)
{
	(void)state;
	assert_comments("# a\nb: c\nd: e\n", "^# a=b:..c");
	assert_comments("b:\n  # a\n  c: d\n  e: f\n", "^# a=c:..d");
	assert_comments("b: # a\n  c: d\n  e: f\ng: h\n", "# a=b:..f");
	assert_comments("b: # a\n- c\n- d: e\n  f: g\nh: i\n", "# a=b:..g");
	assert_comments("b:\n- c # a\n- d\n", "# a=-..c");
	assert_comments("b:\n# a\n- c: d\n  e: f\n- g\n", "^# a=-..f");
	assert_comments("b: # a\n  c: |\n    x\n  y\nd: e\n", "# a=b:..x");
	assert_comments("b: # a\n  c: |\n    x\n\nd: e\n", "# a=b:..x");
	assert_comments("b: # a\n  - c\n# e\nf: g\n", "# a=b:..c|^# e=f:..g");
	assert_comments("b: {\n# a\nc: d}\ne: f\n", "^# a");
	assert_comments("b: 1\n# the end\n", "^# the end");
}

/* What comes before a fault is told all the same. */
static void
test_faults(void **state)
{
	(void)state;
	assert_comments("a: 1 # b\nc: ]\nd: 2 # e\n", "# b=a:..1|# e=d:..2");
	assert_comments("a: 1 # b\nc: \"open\n", "# b=a:..1");
	/* These are found before the first token. */
	assert_comments("a: 1 # b\n\x01 # c\n", "");
	assert_comments("a: 1 # b\n\xff", "");
	assert_comments("\t# a\nb: c\n", "");
}

static void
test_many_brackets(void **state)
{
	(void)state;
	enum { MANY = 200000 };
	struct arena *a = arena_new();
	struct sources s;
	struct sb b = {.a = a};
	uint32_t n;
	sb_puts(&b, "# first\n");
	sb_chars(&b, '[', MANY);
	sb_puts(&b, "# last\n");
	sources_init(&s, a);
	node_comments(a, &s, source_add(&s, STR("in.yml"), sb_str(&b)), &n);
	assert_int_equal(n, 1);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_one),
		cmocka_unit_test(test_what_belongs),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_many_brackets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
