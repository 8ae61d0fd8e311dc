/* SPDX-License-Identifier: MIT */
/* The printer: which style a string gets, how structures are laid out, folding, JSON. */
#include "ccx/yaml.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

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

static const struct node *
text(struct arena *a, const char *s)
{
	return node_string(a, str_of(s), nowhere);
}

static const struct node *
list(struct arena *a, uint32_t n, ...)
{
	const struct node **items = NEW_ARRAY(a, const struct node *, n + 1);
	va_list args;
	va_start(args, n);
	for (uint32_t i = 0; i < n; i++)
		items[i] = va_arg(args, const struct node *);
	va_end(args);
	return node_list(a, items, n, nowhere);
}

/* n pairs: key, value, key, value … */
static const struct node *
map(struct arena *a, uint32_t n, ...)
{
	struct pair *pairs = NEW_ARRAY(a, struct pair, n + 1);
	va_list args;
	va_start(args, n);
	for (uint32_t i = 0; i < n; i++) {
		pairs[i].key = va_arg(args, const struct node *);
		pairs[i].value = va_arg(args, const struct node *);
	}
	va_end(args);
	return node_map(a, pairs, n, nowhere);
}

static const char *
print(struct arena *a, const struct node *n, unsigned fold)
{
	struct sb out = {.a = a};
	node_print(&out, n, (struct print_style){fold});
	sb_char(&out, '\0');
	return out.s;
}

static const char *
json(struct arena *a, const struct node *n)
{
	struct sb out = {.a = a};
	node_print_json(&out, n);
	sb_char(&out, '\0');
	return out.s;
}

static const char *
repeat(struct arena *a, const char *unit, size_t n, const char *tail)
{
	struct sb out = {.a = a};
	while (n--)
		sb_puts(&out, unit);
	sb_puts(&out, tail);
	sb_char(&out, '\0');
	return out.s;
}

/* "k: value" with this text as value. */
static const char *
print_value(struct arena *a, const char *value, unsigned fold)
{
	return print(a, map(a, 1, text(a, "k"), text(a, value)), fold);
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void
plain_texts(void **state)
{
	static const char *const plain[] = {"word", "0.1.5546", "1.12.4", "~/x", "/.*/",
		"echo \"a\"", "0 10 * * *", "a:b", "a#b", "-a", "--flag", "?x", ":x", "y", "n",
		"no way", "nulls", "offset", "a, b", "a [b] {c}", "1.2.3", "0o17", "12:99",
		"2020-1-1", "2020-01-01x", "2020-01-01 10:00", "2020-01-01 10:00:00 -", "<<x", "<",
		"==", "a'b", "a\"b", "back\\slash", "$X", "caf\xc3\xa9", "\xe6\x97\xa5\xe6\x9c\xac",
		"\xf0\x9f\x8f\x97", "..", ".a", "<<<", "1e", "v1e3", "tRUE", "yEs", "a\xc2\xa0z",
		"x {{ .Branch }}"};
	struct arena *a = *state;
	for (size_t i = 0; i < COUNT(plain); i++)
		assert_string_equal(
			print_value(a, plain[i], 0), str_printf(a, "k: %s\n", plain[i]).s);
}

static void
single_quoted_texts(void **state)
{
	static const char *const single[] = {"", "386", "10.0", "true", "off", "on", "YES", "No",
		"OFF", "null", "~", "NULL", "0x1F", "0b101", "017", "08", "0_9", "1_000", "-12",
		"+3", "1e3", "1.5e-3", ".5", ".inf", "-.INF", ".NaN", "12:30", "12:30:45.5",
		"2020-01-01", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43",
		"2001-1-4  1:59:43. Z", "=", "<<", "a: b", "a:", "a #b", "#a", ",a", "[a", "]a",
		"{a", "}a", "&a", "*", "*a", "!a", "|", ">", "\"a\"", "%a", "@a", "`a`", "? a", "?",
		": a", ":", "-", "- a", "---", "---a", "...", "...a", " a", "a ", " ",
		"{{ .Branch }}"};
	struct arena *a = *state;
	for (size_t i = 0; i < COUNT(single); i++)
		assert_string_equal(
			print_value(a, single[i], 0), str_printf(a, "k: '%s'\n", single[i]).s);
	assert_string_equal(print_value(a, "'it''s", 0), "k: '''it''''s'\n");
	assert_string_equal(print_value(a, "# it's", 0), "k: '# it''s'\n");
}

static void
double_quoted_texts(void **state)
{
	static const char *const pairs[][2] = {
		{"a\tb", "a\\tb"},
		{"a \nb\n", "a \\nb\\n"},
		{"a\nb ", "a\\nb "},
		{"say \"a\\b\"\r\n", "say \\\"a\\\\b\\\"\\r\\n"},
		{"\x1b[0m\x07\x08\x0b\x0c", "\\e[0m\\a\\b\\v\\f"},
		{"\x01\x7f", "\\x01\\x7f"},
		{"\xc2\x80", "\\x80"},
		{"\t\xc2\x85\xc2\xa0\xe2\x80\xa8\xe2\x80\xa9", "\\t\\N\\_\\L\\P"},
		{"\t\xef\xbb\xbf\xef\xbf\xbe", "\\t\\ufeff\\ufffe"},
		{"\t\xc3\xa9\xe6\x97\xa5\xf0\x9f\x8f\x97",
			"\\t\xc3\xa9\xe6\x97\xa5\xf0\x9f\x8f\x97"},
		{"bad \xff\xc3", "bad \xef\xbf\xbd\xef\xbf\xbd"},
	};
	struct arena *a = *state;
	for (size_t i = 0; i < COUNT(pairs); i++)
		assert_string_equal(print_value(a, pairs[i][0], 0),
			str_printf(a, "k: \"%s\"\n", pairs[i][1]).s);
	const struct node *nul = node_string(a, (struct str){"a\0b", 3}, nowhere);
	assert_string_equal(print(a, nul, 0), "\"a\\0b\"\n");
}

static void
literal_texts(void **state)
{
	static const char *const pairs[][2] = {
		{"a\nb\n", "|\n    a\n    b\n"},
		{"a\nb", "|-\n    a\n    b\n"},
		{"a\n\n\n", "|+\n    a\n\n\n"},
		{"a\n\n  b: #c\n", "|\n    a\n\n      b: #c\n"},
		{"  a\nb", "|2-\n      a\n    b\n"},
		{"\na\n", "|2\n\n    a\n"},
		{"\n", "|2+\n\n"},
		{"---\n- x", "|-\n    ---\n    - x\n"},
		{"a\xe2\x80\xa8z\n", "|\n    a\xe2\x80\xa8    z\n"},
		{"a\xc2\x85", "|\n    a\xc2\x85"},
		{"\xe2\x80\xa9\xe6\x97\xa5\n\xe2\x80\xa8",
			"|2+\n\xe2\x80\xa9    \xe6\x97\xa5\n\xe2\x80\xa8"},
	};
	struct arena *a = *state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		const struct node *step = map(a, 1, text(a, "run"), text(a, pairs[i][0]));
		const struct node *steps = map(a, 1, text(a, "steps"), list(a, 1, step));
		const char *expected = str_printf(a, "steps:\n- run: %s", pairs[i][1]).s;
		assert_string_equal(print(a, steps, 0), expected);
		steps = map(
			a, 2, text(a, "steps"), list(a, 1, step), text(a, "z"), text(a, "1.2.3"));
		expected = str_printf(a, "%sz: 1.2.3\n", expected).s;
		assert_string_equal(print(a, steps, 0), expected);
	}
}

static void
other_scalars(void **state)
{
	struct arena *a = *state;
	static const char *const pairs[][2] = {
		{"1.14", "1.14"},
		{"3.0", "3.0"},
		{"0x1F", "31"},
		{"1_000", "1000"},
		{"yes", "true"},
		{"Off", "false"},
		{"~", "null"},
		{"", "null"},
		{".inf", ".inf"},
		{"1e10", "1.0E10"},
		{"-9223372036854775808", "-9223372036854775808"},
		{"123456789012345678901234567890", "123456789012345678901234567890"},
		{"-99999999999999999999", "-99999999999999999999"},
	};
	for (size_t i = 0; i < COUNT(pairs); i++) {
		const struct node *n = node_plain(a, str_of(pairs[i][0]), nowhere);
		assert_string_equal(print(a, n, 0), str_printf(a, "%s\n", pairs[i][1]).s);
	}
	assert_string_equal(print(a, node_int(a, 0, nowhere), 0), "0\n");
	assert_string_equal(print(a, node_int(a, INT64_MAX, nowhere), 0), "9223372036854775807\n");
	const struct node *date = node_plain(a, STR("2020-01-01"), nowhere);
	assert_string_equal(print(a, date, 0), "'2020-01-01'\n");
}

static void
structures(void **state)
{
	struct arena *a = *state;
	const struct node *x = text(a, "x"), *y = text(a, "y"), *none = node_null(a, nowhere);
	const struct node *no_list = list(a, 0), *no_map = map(a, 0);
	assert_string_equal(print(a, no_map, 0), "{}\n");
	assert_string_equal(print(a, no_list, 0), "[]\n");
	assert_string_equal(print(a, text(a, "a\nb"), 0), "|-\n  a\n  b\n");
	const struct node *empty = map(a, 3, x, no_map, y, no_list, text(a, "z"), none);
	assert_string_equal(print(a, empty, 0), "x: {}\ny: []\nz: null\n");
	empty = list(a, 3, no_map, no_list, none);
	assert_string_equal(print(a, empty, 0), "- {}\n- []\n- null\n");
	const struct node *nested = list(a, 2, list(a, 2, x, list(a, 1, y)), map(a, 1, x, y));
	assert_string_equal(print(a, nested, 0), "- - x\n  - - y\n- x: y\n");
	const struct node *both = map(a, 2, x, nested, y, map(a, 2, x, nested, y, y));
	assert_string_equal(print(a, both, 0),
		"x:\n- - x\n  - - y\n- x: y\ny:\n  x:\n  - - x\n    - - y\n  - x: y\n  y: y\n");
	const struct node *step = map(a, 2, x, map(a, 1, y, x), y, list(a, 1, x));
	assert_string_equal(print(a, list(a, 1, step), 0), "- x:\n    y: x\n  y:\n  - x\n");
}

static void
simple_keys(void **state)
{
	struct arena *a = *state;
	static const char *const simple[][2] = {{"<<", "'<<'"}, {"1", "'1'"}, {"on", "'on'"},
		{"a: b", "'a: b'"}, {"a\tb", "\"a\\tb\""}, {"a b", "a b"}, {"=", "'='"}};
	const struct node *x = text(a, "x");
	for (size_t i = 0; i < COUNT(simple); i++)
		assert_string_equal(print(a, map(a, 1, text(a, simple[i][0]), x), 0),
			str_printf(a, "%s: x\n", simple[i][1]).s);
	const struct node *odd = map(a, 3, node_int(a, 8, nowhere), x, node_bool(a, true, nowhere),
		x, node_null(a, nowhere), x);
	assert_string_equal(print(a, odd, 0), "8: x\ntrue: x\nnull: x\n");
	odd = map(a, 2, map(a, 0), x, list(a, 0), list(a, 1, x));
	assert_string_equal(print(a, odd, 0), "{}: x\n[]:\n- x\n");
}

/* Empty keys, those of several lines, and collections need a "?" of their own. */
static void
complex_keys(void **state)
{
	struct arena *a = *state;
	const struct node *x = text(a, "x"), *xs = list(a, 2, x, x), *m = map(a, 2, x, x, x, xs);
	assert_string_equal(print(a, map(a, 1, text(a, ""), x), 0), "? ''\n: x\n");
	const struct node *lines = map(a, 2, text(a, "a\nb"), xs, x, x);
	assert_string_equal(
		print(a, list(a, 1, lines), 0), "- ? |-\n    a\n    b\n  : - x\n    - x\n  x: x\n");
	assert_string_equal(print(a, map(a, 1, text(a, "a\n \tb"), m), 0),
		"? \"a\\n \\tb\"\n: x: x\n  x:\n  - x\n  - x\n");
	assert_string_equal(print(a, map(a, 2, xs, xs, m, m), 0),
		"? - x\n  - x\n: - x\n  - x\n? x: x\n  x:\n  "
		"- x\n  - x\n: x: x\n  x:\n  - x\n  - x\n");
}

/* A key with its tag (!!str) must stay below 128 characters to stand in front of its colon. */
static void
long_keys(void **state)
{
	struct arena *a = *state;
	static const char *const units[] = {"k", "\xc3\xa9", "\xe6\x97\xa5"};
	const struct node *v = text(a, "v");
	for (size_t i = 0; i < COUNT(units); i++) {
		const char *fits = repeat(a, units[i], 122, ""),
			   *over = repeat(a, units[i], 123, "");
		assert_string_equal(
			print(a, map(a, 1, text(a, fits), v), 0), str_printf(a, "%s: v\n", fits).s);
		assert_string_equal(print(a, map(a, 1, text(a, over), v), 0),
			str_printf(a, "? %s\n: v\n", over).s);
	}
	struct str digits = str_of(repeat(a, "1", 123, ""));
	assert_string_equal(print(a, map(a, 1, node_plain(a, digits, nowhere), v), 0),
		str_printf(a, "? %s\n: v\n", digits.s).s);
}

/* From autumn 2018 to summer 2019 the official compiler folded at 80 columns. */
static void
folding(void **state)
{
	struct arena *a = *state;
	const char *w = repeat(a, "abcdefghi ", 7, "abcdefghi"); /* 79 columns; 82 behind "k: " */
	const char *const pairs[][2] = {
		{"%s z y", "k: %s\n  z y\n"},
		{"%s  z y", "k: %s  z\n  y\n"},
		{"%s: y", "k: '%s:\n  y'\n"},
		{"%s z\ty", "k: \"%s\\\n  \\ z\\ty\"\n"},
		{"'%s y", "k: '''%s\n  y'\n"},
		{"%s ", "k: '%s '\n"},
		{"%s\n", "k: |\n  %s\n"},
	};
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct sb value = {.a = a}, expected = {.a = a};
		sb_printf(&value, pairs[i][0], w);
		sb_printf(&expected, pairs[i][1], w);
		sb_char(&value, '\0');
		sb_char(&expected, '\0');
		assert_string_equal(print_value(a, value.s, 80), expected.s);
	}
	const char *key = repeat(a, "abcdefghi ", 9, "z"); /* keys are not folded */
	assert_string_equal(print(a, map(a, 1, text(a, key), text(a, "x y")), 80),
		str_printf(a, "%s: x\n  y\n", key).s);
	assert_string_equal(print(a, text(a, repeat(a, "abcdefghi ", 9, "\n")), 80),
		str_printf(a, "\"%s\\\n  \\ \\n\"\n", repeat(a, "abcdefghi ", 8, "abcdefghi")).s);
}

/* Columns of double-quoted folds as SnakeYAML counts them: behind an escape in column 81 only when
 * no other follows. */
static void
folding_at_escapes(void **state)
{
	struct arena *a = *state;
	const char *x76 = repeat(a, "x", 76, ""), *x77 = repeat(a, "x", 77, "");
	const char *x78 = repeat(a, "x", 78, "");
	const char *const pairs[][2] = {
		{str_printf(a, "%s\t\tzz", x76).s, str_printf(a, "\"%s\\t\\t\\\n  zz\"\n", x76).s},
		{str_printf(a, "%s\t\tzz", x77).s, str_printf(a, "\"%s\\t\\t\\\n  zz\"\n", x77).s},
		{str_printf(a, "%s\tzz", x78).s, str_printf(a, "\"%s\\t\\\n  zz\"\n", x78).s},
		{str_printf(a, "%s\t\tzz", x78).s, str_printf(a, "\"%s\\t\\t\\\n  zz\"\n", x78).s},
		{str_printf(a, "%s\t zz", x78).s, str_printf(a, "\"%s\\t\\\n  \\ zz\"\n", x78).s},
		{str_printf(a, "%s\tz", x76).s, str_printf(a, "\"%s\\tz\"\n", x76).s},
	};
	for (size_t i = 0; i < COUNT(pairs); i++)
		assert_string_equal(print(a, text(a, pairs[i][0]), 80), pairs[i][1]);
}

/* The text is appended, and its columns count from its own lines. */
static void
appending(void **state)
{
	struct arena *a = *state;
	struct sb out = {.a = a};
	sb_puts(&out, "# head\n");
	const char *w = repeat(a, "abcdefghi ", 8, "z");
	node_print(&out, text(a, w), (struct print_style){80});
	node_print(&out, text(a, "a\n"), (struct print_style){80});
	node_print(&out, text(a, "b"), (struct print_style){0});
	struct str expected = str_printf(a, "# head\n%s|\n  a\nb\n", print(a, text(a, w), 80));
	assert_true(str_eq(sb_str(&out), expected));
}

static void
json_texts(void **state)
{
	struct arena *a = *state;
	const struct node *x = text(a, "x");
	assert_string_equal(json(a, map(a, 0)), "{}");
	assert_string_equal(json(a, list(a, 0)), "[]");
	assert_string_equal(json(a, node_null(a, nowhere)), "null");
	assert_string_equal(json(a, list(a, 2, x, list(a, 1, map(a, 1, x, map(a, 0))))),
		"[\n  \"x\",\n  [\n    {\n      \"x\": {}\n    }\n  ]\n]");
	assert_string_equal(json(a, text(a, "q\" b\\ \n\t\r\b\f \x01\x1f\x7f \xe6\x97\xa5 \xff.")),
		"\"q\\\" b\\\\ \\n\\t\\r\\b\\f \\u0001\\u001f\x7f \xe6\x97\xa5 \xef\xbf\xbd.\"");
	static const char *const numbers[][2] = {{"1.0", "1.0"}, {"1.14", "1.14"},
		{"1e10", "1.0E10"}, {".inf", "null"}, {".NaN", "null"}, {"-7", "-7"},
		{"yes", "true"},
		{"123456789012345678901234567890", "123456789012345678901234567890"}};
	for (size_t i = 0; i < COUNT(numbers); i++) {
		const struct node *n = node_plain(a, str_of(numbers[i][0]), nowhere);
		assert_string_equal(json(a, n), numbers[i][1]);
	}
	const struct node *odd = map(a, 5, node_int(a, 8, nowhere), x, node_bool(a, false, nowhere),
		x, node_null(a, nowhere), x, node_plain(a, STR("1.5"), nowhere), x, text(a, "a\"b"),
		x);
	assert_string_equal(json(a, odd),
		"{\n  \"8\": \"x\",\n  \"false\": \"x\",\n  \"null\": \"x\",\n  \"1.5\": \"x\",\n"
		"  \"a\\\"b\": \"x\"\n}");
	const struct node *key = list(a, 1, x), *inner = node_string(a, node_text(a, key), nowhere);
	assert_string_equal(
		json(a, map(a, 1, key, x)), str_printf(a, "{\n  %s: \"x\"\n}", json(a, inner)).s);
}

/* A tree deeper than any that is loaded or expanded ends in null instead of ending the stack. */
static void
bottomless(void **state)
{
	struct arena *a = *state;
	const struct node *lists = text(a, "x"), *maps = lists, *key = text(a, "k"), *keyed = lists;
	for (int i = 0; i < 100000; i++) {
		lists = list(a, 1, lists);
		maps = map(a, 1, key, maps);
		keyed = map(a, 1, keyed, key);
	}
	struct str s = str_of(print(a, lists, 0));
	assert_true(str_starts(s, STR("- - - ")) && str_ends(s, STR("- null\n")));
	assert_true(str_ends(str_of(print(a, maps, 0)), STR("k: null\n")));
	assert_true(str_has(str_of(print(a, keyed, 0)), STR("? null\n")));
	assert_true(str_has(str_of(json(a, lists)), STR(" null\n")));
	assert_true(str_has(str_of(json(a, maps)), STR("\"k\": null\n")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(plain_texts, setup, teardown),
		cmocka_unit_test_setup_teardown(single_quoted_texts, setup, teardown),
		cmocka_unit_test_setup_teardown(double_quoted_texts, setup, teardown),
		cmocka_unit_test_setup_teardown(literal_texts, setup, teardown),
		cmocka_unit_test_setup_teardown(other_scalars, setup, teardown),
		cmocka_unit_test_setup_teardown(structures, setup, teardown),
		cmocka_unit_test_setup_teardown(simple_keys, setup, teardown),
		cmocka_unit_test_setup_teardown(complex_keys, setup, teardown),
		cmocka_unit_test_setup_teardown(long_keys, setup, teardown),
		cmocka_unit_test_setup_teardown(folding, setup, teardown),
		cmocka_unit_test_setup_teardown(folding_at_escapes, setup, teardown),
		cmocka_unit_test_setup_teardown(appending, setup, teardown),
		cmocka_unit_test_setup_teardown(json_texts, setup, teardown),
		cmocka_unit_test_setup_teardown(bottomless, setup, teardown),
	};
	return cmocka_run_group_tests_name("yaml print", tests, NULL, NULL);
}
