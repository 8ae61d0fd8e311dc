/* SPDX-License-Identifier: MIT */
/* Reading and printing as Go's yaml.v3 does it; anchors that files share. */
#include "ccx/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct span nowhere;

static int
setup(void **state)
{
	*state = arena_new();
	return 0;
}

static int
teardown(void **state)
{
	arena_free(*state);
	return 0;
}

/* The text loaded and printed again. */
static const char *
reprint(struct arena *a, const char *text, bool booleans)
{
	struct sources s;
	struct diag_list d;
	struct sb b = {.a = a};
	sources_init(&s, a);
	diag_init(&d, a);
	uint32_t file = source_add(&s, STR("test.yml"), str_of(text));
	const struct node *n = node_load(a, &s, file, &d);
	if (!n)
		fail_msg("%s: does not load", text);
	node_print_go(&b, node_as_go(a, &s, n, booleans ? GO_BOOLEANS : 0));
	return str_copy(a, sb_str(&b)).s;
}

/* A plain value, behind "v: ", and what becomes of it. */
static void
test_scalars(void **state)
{
	static const char *const cases[][2] = {{"text", "text"}, {"true", "true"}, {"TRUE", "true"},
		{"yes", "\"yes\""}, {"Off", "\"Off\""}, {"n", "\"n\""}, {"~", "null"}, {"", "null"},
		{"Null", "null"}, {"5", "5"}, {"+5", "5"}, {"-0", "0"}, {"017", "15"},
		{"0o17", "15"}, {"08", "8"}, {"0x1F", "31"}, {"0b101", "5"}, {"1_000", "1000"},
		{"9223372036854775807", "9223372036854775807"},
		{"18446744073709551615", "18446744073709551615"},
		{"18446744073709551616", "1.8446744073709552e+19"},
		{"-9223372036854775808", "-9223372036854775808"},
		{"-9223372036854775809", "-9.223372036854776e+18"}, {"2.1", "2.1"}, {"3.10", "3.1"},
		{"2.0", "2"}, {".5", "0.5"}, {"5.", "5"}, {"1e3", "1000"}, {"1e6", "1e+06"},
		{"1234567.5", "1.2345675e+06"}, {"0.0001", "0.0001"}, {"0.00001", "1e-05"},
		{".inf", ".inf"}, {"-.INF", "-.inf"}, {".nan", ".nan"}, {"1e400", "1e400"},
		{"1:30", "\"1:30\""}, {"12:30:45.5", "\"12:30:45.5\""}, {"1.2.3", "1.2.3"},
		{"0x", "0x"}, {"1__0", "10"}, {"!!str 5", "\"5\""}, {"!!str yes", "\"yes\""},
		{"'5'", "\"5\""}, {"\"true\"", "\"true\""}, {"2026-01-02", "2026-01-02T00:00:00Z"},
		{"2026-1-2T3:4:5.500Z", "2026-01-02T03:04:05.5Z"},
		{"2026-01-02T03:04:05+02:00", "2026-01-02T03:04:05+02:00"},
		{"2026-01-02 03:04:05", "2026-01-02T03:04:05Z"}, {"2026-02-29", "2026-02-29"},
		{"2024-02-29", "2024-02-29T00:00:00Z"}, {"2026-13-01", "2026-13-01"},
		{"'2026-01-02'", "\"2026-01-02\""}, {"2026-01", "2026-01"},
		{"20260102", "20260102"}, {"cimg/go:1.2", "cimg/go:1.2"}, {"=", "="}};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str text = str_printf(*state, "v: %s\n", cases[i][0]);
		struct str want = str_printf(*state, "v: %s\n", cases[i][1]);
		assert_string_equal(reprint(*state, text.s, false), want.s);
	}
}

/* Strings and how they are written, as a value. */
static void
test_strings(void **state)
{
	static const char *const cases[][2] = {{"", "\"\""}, {"a b", "a b"}, {" a", "' a'"},
		{"a ", "'a '"}, {"a: b", "'a: b'"}, {"a:", "'a:'"}, {"a:b", "a:b"},
		{"a #b", "'a #b'"}, {"a#b", "a#b"}, {"#a", "'#a'"}, {"- a", "'- a'"}, {"-a", "-a"},
		{"-", "'-'"}, {"---", "'---'"}, {"....", "'....'"}, {"? a", "'? a'"}, {"?a", "?a"},
		{"*a", "'*a'"}, {"&a", "'&a'"}, {"!a", "'!a'"}, {"%a", "'%a'"}, {"@a", "'@a'"},
		{"`a", "'`a'"}, {"[a", "'[a'"}, {"{a", "'{a'"}, {"a, [b]", "a, [b]"},
		{"'a'", "'''a'''"}, {"it's", "it's"}, {"\"a\"", "'\"a\"'"}, {"a\tb", "\"a\\tb\""},
		{"a\rb", "\"a\\rb\""}, {"a\x01", "\"a\\x01\""}, {"\x7f", "\"\\x7F\""},
		{"\xc3\xa9", "\xc3\xa9"}, {"\xc2\x85", "\"\\N\""}, {"\xc2\x9f", "\"\\x9F\""},
		{"\xc2\xa0x", "\xc2\xa0x"},
		{"\xef\xbb\xbf"
		 "a",
			"\"\\uFEFF\\x61\""},
		{"\xf0\x9f\x9a\x80 go", "\"\\U0001F680 go\""}, {"<< x >>", "<< x >>"}, {"<<", "<<"},
		{"a\nb", "|-\n    a\n    b"}, {"a\n", "|\n    a"}, {"a\n\n", "|+\n    a\n"},
		{"a \nb", "\"a \\nb\""}, {"a\n b", "|-\n    a\n     b"}, {"a\n ", "\"a\\n \""},
		{" a\nb", "|4-\n     a\n    b"}, {"a\tb\n", "|\n    a\tb"},
		{"\ta\nb", "|4-\n    \ta\n    b"}, {"\na\n", "|4\n    a"},
		{"\n\na\n", "|4\n\n    a"}, {"\xf0\x9f\x9a\x80\nb", "\"\\U0001F680\\nb\""},
		{"a\xe2\x80\xa8"
		 "b",
			"'a\xe2\x80\xa8    b'"}};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pair pair = {node_string(*state, STR("k"), nowhere),
			node_string(*state, str_of(cases[i][0]), nowhere)};
		struct sb b = {.a = *state};
		node_print_go(&b, node_map(*state, &pair, 1, nowhere));
		struct str want = str_printf(*state, "k: %s\n", cases[i][1]);
		assert_string_equal(str_copy(*state, sb_str(&b)).s, want.s);
	}
}

static void
test_key_that_would_merge(void **state)
{
	assert_string_equal(reprint(*state, "'<<': {a: <<}\n", false), "\"<<\":\n    a: <<\n");
}

static void
test_bytes_that_are_no_text(void **state)
{
	struct sb b = {.a = *state};
	node_print_go(&b, node_string(*state, (struct str){"a\0\xff", 3}, nowhere));
	assert_string_equal(str_copy(*state, sb_str(&b)).s, "\"a\\0\xef\xbf\xbd\"\n");
}

static void
test_layout(void **state)
{
	static const char *const cases[][2] = {{"{}", "{}\n"}, {"[]", "[]\n"}, {"", "null\n"},
		{"a", "a\n"}, {"[a, b]", "- a\n- b\n"}, {"a: {}\nb: []\n", "a: {}\nb: []\n"},
		{"a: {b: {c: 1}}", "a:\n    b:\n        c: 1\n"},
		{"a: [b, {c: 1, d: [e]}]", "a:\n    - b\n    - c: 1\n      d:\n        - e\n"},
		{"a: [[b, [c]], []]", "a:\n    - - b\n      - - c\n    - []\n"},
		{"a: [{b: {c: {d: 1}}}]", "a:\n    - b:\n        c:\n            d: 1\n"},
		{"- - k: \"x\\ny\"\n", "- - k: |-\n        x\n        y\n"},
		{"a: [\"x\\ny\\n\", z]", "a:\n    - |\n      x\n      y\n    - z\n"},
		/* yaml.v3 writes 4 here, too, which cannot be read back */
		{"a: [\" x\\ny\\n\"]", "a:\n    - |2\n       x\n      y\n"},
		{"a: [{k: \" x\\ny\\n\"}]", "a:\n    - k: |2\n         x\n        y\n"},
		{"? \"a\\nb\"\n: 1\n", "? |-\n    a\n    b\n: 1\n"}, {"? {}\n: 1\n", "{}: 1\n"},
		{"'': 1", "\"\": 1\n"}, {"'a: b': 1", "'a: b': 1\n"},
		{"x: &a {b: 1}\nz: *a\n", "x:\n    b: 1\nz:\n    b: 1\n"},
		{"a: &a {b: 1, c: 2}\nd:\n  <<: *a\n  c: 3\n",
			"a:\n    b: 1\n    c: 2\nd:\n    b: 1\n    c: 3\n"}};
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(reprint(*state, cases[i][0], false), cases[i][1]);
}

static void
test_long_keys(void **state)
{
	struct sb key = {.a = *state};
	sb_chars(&key, 'k', 128);
	struct str fits = str_copy(*state, sb_str(&key)), text;
	text = str_printf(*state, "%s: 1\n", fits.s);
	assert_string_equal(reprint(*state, text.s, false), text.s);
	text = str_printf(*state, "%sx: [1, {a: b}]\n", fits.s);
	struct str want = str_printf(*state, "? %sx\n:   - 1\n    - a: b\n", fits.s);
	assert_string_equal(reprint(*state, text.s, false), want.s);
}

/* Plain words are booleans when they are asked for, as values. */
static void
test_booleans(void **state)
{
	static const char text[] = "on: [on, Off, YES, no, 'on', y, n, true]\n";
	assert_string_equal(reprint(*state, text, true),
		"\"on\":\n    - true\n    - false\n    - true\n    - false\n    - \"on\"\n"
		"    - \"y\"\n    - \"n\"\n    - true\n");
	assert_string_equal(reprint(*state, text, false),
		"\"on\":\n    - \"on\"\n    - \"Off\"\n    - \"YES\"\n    - \"no\"\n    - \"on\"\n"
		"    - \"y\"\n    - \"n\"\n    - true\n");
}

static void
test_order_of_keys(void **state)
{
	static const char *const order[] = {"1", "2", "10", "2.5x", "-", "_", "_a", "A", "B", "a",
		"a-b", "a_b", "a.b", "a1", "a1b", "a2", "a9", "a10", "a10b", "a010", "ab", "b",
		"job-a", "job_b", "job9", "job10", "\xc3\xa9"};
	struct pair pairs[COUNT(order)];
	struct str got[COUNT(order)];
	for (size_t i = 0; i < COUNT(order); i++) {
		struct str key = str_of(order[(i * 11 + 5) % COUNT(order)]);
		pairs[i].key = node_string(*state, key, nowhere);
		pairs[i].value = node_null(*state, nowhere);
	}
	pairs_sort_go(pairs, COUNT(order));
	for (size_t i = 0; i < COUNT(order); i++)
		got[i] = pairs[i].key->u.text;
	assert_string_equal(str_copy(*state, str_join(*state, got, COUNT(order), " ")).s,
		"- _ _a 1 2 2.5x 10 A B a a-b a.b a_b a1 a1b a2 a9 a10 a10b a010 ab b job-a job_b "
		"job9 job10 \xc3\xa9");
}

/* ---- anchors of several files ------------------------------------------------------------ */

static const struct node *
load_shared(struct arena *a, struct sources *s, const char *text, struct anchors *anchors,
	uint32_t *faults)
{
	struct diag_list d;
	diag_init(&d, a);
	uint32_t file = source_add(s, STR("part.yml"), str_of(text));
	const struct node *n = node_load_shared(a, s, file, anchors, &d);
	*faults = d.errors;
	return n;
}

static void
test_shared_anchors(void **state)
{
	struct anchors anchors = {.collect = true};
	struct sources s;
	uint32_t faults;
	sources_init(&s, *state);
	assert_non_null(load_shared(
		*state, &s, "x: &x [1]\ny: &y {z: *x}\nx2: &w old\n", &anchors, &faults));
	assert_null(load_shared(*state, &s, "w: &w new\nv: *nowhere\n", &anchors, &faults));
	assert_int_equal(faults, 1);
	anchors.collect = false;
	const struct node *n =
		load_shared(*state, &s, "a: *x\nb: *w\nc: &w own\nd: *w\n", &anchors, &faults);
	assert_non_null(n);
	assert_int_equal(node_get(n, "a")->u.items[0]->u.integer, 1);
	assert_true(node_is(node_get(n, "b"), "new"));
	assert_true(node_is(node_get(n, "d"), "own"));
	/* its value holds an alias */
	assert_null(load_shared(*state, &s, "a: *y\n", &anchors, &faults));
	n = load_shared(*state, &s, "m:\n  <<: *x\n", &anchors, &faults);
	assert_null(n);
	assert_int_equal(faults, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_scalars, setup, teardown),
		cmocka_unit_test_setup_teardown(test_strings, setup, teardown),
		cmocka_unit_test_setup_teardown(test_key_that_would_merge, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bytes_that_are_no_text, setup, teardown),
		cmocka_unit_test_setup_teardown(test_layout, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_keys, setup, teardown),
		cmocka_unit_test_setup_teardown(test_booleans, setup, teardown),
		cmocka_unit_test_setup_teardown(test_order_of_keys, setup, teardown),
		cmocka_unit_test_setup_teardown(test_shared_anchors, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
