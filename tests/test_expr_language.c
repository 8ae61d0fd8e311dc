/* SPDX-License-Identifier: MIT */
/* The expression language: tokens, grammar, operators, and the wording of every fault. */
#include "expr_world.h"

struct row {
	const char *text, *shows; /* "type text", or the message of the fault */
};

static void
check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct world *w = world_new();
		const struct node *v = expr_value(&w->e, world_string(w, rows[i].text));
		const char *got = world_show(w, v);
		if (strcmp(got, rows[i].shows) != 0)
			fail_msg(
				"%s\ngives:    %s\nexpected: %s", rows[i].text, got, rows[i].shows);
		if (v)
			assert_int_equal(w->diags.all.n, 0);
		else
			assert_ptr_equal(world_fault(w)->origin, &w->origin);
		world_free(w);
	}
}

#define CHECK_ROWS(rows) check_rows(rows, sizeof rows / sizeof *rows)

static void
test_literals(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"true", "boolean true"},
		{"TRUE", "boolean true"},
		{"false", "boolean false"},
		{"FALSE", "boolean false"},
		{"0", "integer 0"},
		{"007", "integer 7"},
		{"9223372036854775807", "integer 9223372036854775807"},
		{"\"\"", "string "},
		{"\"a b\"", "string a b"},
		{"\"a \\\" b\"", "string a \" b"},
		{"\"a \\\\\"", "string a \\"},
		{"\"\\n \\d\"", "string \\n \\d"},
		{"\"two\nlines\"", "string two\nlines"},
		{"/a\\/b/ or 1", "string a/b"},
		{"/a\\\\/ or 1", "string a\\\\"},
		{"/\\d/ or 1", "string \\d"},
		{" \t\r\n n \n", "integer 5"},
		{"s", "string text"},
		{"u", "null "},
		{"map", "map {\"name\":\"x\",\"size\":2}"},
		{"(((n)))", "integer 5"},
	};
	CHECK_ROWS(rows);
}

static void
test_precedence(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"not n == n", "boolean false"},
		{"not (n == n)", "boolean false"},
		{"not f == t", "boolean true"},
		{"not not t", "boolean true"},
		{"!!n", "boolean true"},
		{"! f and t", "boolean true"},
		{"f and f or 1", "integer 1"},
		{"1 or f and f", "integer 1"},
		{"t or t and f", "boolean true"},
		{"(t or t) and f", "boolean false"},
		{"1 < 2 == t", "boolean true"},
		{"t == 1 < 2", "boolean true"},
		{"2 == 1 + 1", "Unexpected character '+':\n2 == 1 + 1\n       ^"},
		{"n == 5 == t", "boolean true"},
		{"5 == n != t", "boolean false"},
		{"s == s contains s", "Expected string operands to \"contains\" operator:\n"
				      "s == s contains s\n       ^^^^^^^^"},
		{"1 < 2 < 3", "Expected numeric operands to \"<\" operator:\n1 < 2 < 3\n      ^"},
		{"f AND t OR n", "integer 5"},
		{"NOT t", "boolean false"},
	};
	CHECK_ROWS(rows);
}

static void
test_operators(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"n or 1", "integer 5"},
		{"u or \"unknown\"", "string unknown"},
		{"f or zero", "integer 0"},
		{"zero and empty", "string "},
		{"n and s", "string text"},
		{"f and missing", "boolean false"},
		{"t or missing", "boolean true"},
		{"t or 1 < s", "boolean true"},
		{"1 == 1", "boolean true"},
		{"1 == \"1\"", "boolean false"},
		{"1 != \"1\"", "boolean true"},
		{"t == \"true\"", "boolean false"},
		{"list == list", "boolean true"},
		{"/a/ == \"a\"", "boolean false"},
		{"/a/ == /a/", "boolean true"},
		{"1 < 2", "boolean true"},
		{"2 <= 2", "boolean true"},
		{"2 > 2", "boolean false"},
		{"2 >= 3", "boolean false"},
		{"\"text\" contains \"ex\"", "boolean true"},
		{"s CONTAINS \"ax\"", "boolean false"},
		{"s starts-with \"te\"", "boolean true"},
		{"s STARTS-WITH \"ex\"", "boolean false"},
		{"s starts-with \"\"", "boolean true"},
		{"s matches /te.t/", "boolean true"},
		{"s matches /te/", "boolean false"},
		{"\"ab\" MATCHES /a|ab/", "boolean true"},
		{"\"a/b\" matches /a\\/b/", "boolean true"},
		{"\"\xc3\xa9\" matches /\xc3\xa9/", "boolean true"},
		{"\"MAIN\" matches /(?i)main/", "boolean true"},
		{"\"a\nb\" matches /a.b/", "boolean false"},
	};
	CHECK_ROWS(rows);
}

static void
test_undefined(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"u == u", "null "},
		{"u != 1", "null "},
		{"1 == u", "null "},
		{"u < \"x\"", "null "},
		{"1 >= u", "null "},
		{"u contains 1", "null "},
		{"1 starts-with u", "null "},
		{"u matches \"x\"", "null "},
		{"s matches u", "null "},
		{"u and 1", "null "},
		{"1 and u", "null "},
		{"u or f", "boolean false"},
		{"f or u", "null "},
		{"not u", "boolean true"},
		{"not (u == u)", "boolean true"},
		{"(u < 1) == t", "null "},
		{"pipeline.git.tag", "null "},
	};
	CHECK_ROWS(rows);
}

static void
test_scanner_faults(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"a & b", "Unexpected character '&':\na & b\n  ^"},
		{"n == 'x'", "Unexpected character ''':\nn == 'x'\n     ^"},
		{"-1", "Unexpected character '-':\n-1\n^"},
		{"1.5", "Unexpected character '.':\n1.5\n ^"},
		{"_x", "Unexpected character '_':\n_x\n^"},
		{"?", "Unexpected character '?':\n?\n^"},
		{"foo..bar", "Unexpected character '.':\nfoo..bar\n   ^"},
		{"foo.", "Unexpected character '.':\nfoo.\n   ^"},
		{"n \xc2\xa3 1", "Unexpected character '\xc2\xa3':\nn \xc2\xa3 1\n  ^"},
		{"\"\xc3\xa9\" %", "Unexpected character '%':\n\"\xc3\xa9\" %\n    ^"},
		{"a b %", "Unexpected character '%':\na b %\n    ^"},
		{"n = 1", "Incomplete token, expected \"==\", found ' ':\nn = 1\n  ^"},
		{"n =x", "Incomplete token, expected \"==\", found 'x':\nn =x\n  ^"},
		{"n =", "Incomplete token, expected \"==\", found '':\nn =\n  ^"},
		{"9223372036854775808", "Invalid numeric literal, numbers can range from 0 to "
					"2^63 - 1:\n9223372036854775808\n^"},
		{"n == \"x", "Unterminated string starting here:\nn == \"x\n     ^"},
		{"\"x\\\"", "Unterminated string starting here:\n\"x\\\"\n^"},
		{"s matches /x", "Unterminated pattern starting here:\ns matches /x\n          ^"},
		{"s matches /x\\/", "Unterminated pattern starting here:\ns matches /x\\/\n"
				    "          ^"},
		{"s matches /\xe2\x82\xac/",
			"Invalid pattern character, only ASCII and Latin-1 are "
			"allowed in patterns:\ns matches /\xe2\x82\xac/\n"
			"           ^"},
		{"s matches /\\u0041/", "Invalid pattern character, only ASCII and Latin-1 are "
					"allowed in patterns:\ns matches /\\u0041/\n           ^"},
		{"s matches /a\\x41/", "Invalid pattern character, only ASCII and Latin-1 are "
				       "allowed in patterns:\ns matches /a\\x41/\n            ^"},
		{"s matches /(/", "Syntax error in pattern:\ns matches /(/\n          ^"},
		{"n ==\n1 & 2\n3", "Unexpected character '&':\n1 & 2\n  ^"},
	};
	CHECK_ROWS(rows);
}

static void
test_parser_faults(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"", "Expected expression"},
		{" \n", "Expected expression"},
		{"n n2", "Unexpected additional input, found \"n2\", expected EOF:\nn n2\n  ^^"},
		{"n 12ab", "Unexpected additional input, found \"12\", expected EOF:\n"
			   "n 12ab\n  ^^"},
		{"(n) )", "Unexpected additional input, found \")\", expected EOF:\n(n) )\n    ^"},
		{"== 1", "Expected expression, found \"==\":\n== 1\n^^"},
		{"1 == and", "Expected expression, found \"and\":\n1 == and\n     ^^^"},
		{"n ==", "Expected expression, found end of expression:\nn ==\n    ^"},
		{"not", "Expected expression, found end of expression:\nnot\n   ^"},
		{"()", "Expected expression, found \")\":\n()\n ^"},
		{"(n", "Expected ')' after expression:\n(n\n  ^"},
		{"(n 12", "Expected ')' after expression:\n(n 12\n   ^^"},
		{"hello invalid world", "Unknown infix function:\nhello invalid world\n"
					"      ^^^^^^^"},
		{"s begins-with \"x\" and t", "Unknown infix function:\ns begins-with \"x\" and t\n"
					      "  ^^^^^^^^^^^"},
		{"t And f", "Unknown infix function:\nt And f\n  ^^^"},
		{"n n2 and", "Unexpected additional input, found \"n2\", expected EOF:\n"
			     "n n2 and\n  ^^"},
	};
	CHECK_ROWS(rows);
}

static void
test_evaluation_faults(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"pipeline.number starts-with \"1\"",
			"Expected string operands to \"starts-with\" operator:\n"
			"pipeline.number starts-with \"1\"\n                ^^^^^^^^^^^"},
		{"s contains 1", "Expected string operands to \"contains\" operator:\n"
				 "s contains 1\n  ^^^^^^^^"},
		{"s contains /t/", "Expected string operands to \"contains\" operator:\n"
				   "s contains /t/\n  ^^^^^^^^"},
		{"s < 1", "Expected numeric operands to \"<\" operator:\ns < 1\n  ^"},
		{"1 >= real", "Expected numeric operands to \">=\" operator:\n1 >= real\n  ^^"},
		{"s matches \"t\"", "Expected the right operand to \"matches\" operator to be a "
				    "pattern:\ns matches \"t\"\n  ^^^^^^^"},
		{"1 matches \"t\"", "Expected the right operand to \"matches\" operator to be a "
				    "pattern:\n1 matches \"t\"\n  ^^^^^^^"},
		{"1 matches /t/", "Expected string operands to \"matches\" operator:\n"
				  "1 matches /t/\n  ^^^^^^^"},
		{"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\" matches /(a*)*b|(a+a+)+c/",
			"Pattern takes too many steps to match:\n"
			"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\" matches /(a*)*b|(a+a+)+c/\n"
			"                                          ^^^^^^^"},
		{"missing == 1", "Referred to a variable \"missing\" that does not exist:\n"
				 "missing == 1\n^^^^^^^"},
		{"pipeline.parameters.url", "Referred to a variable \"pipeline.parameters.url\" "
					    "that does not exist:\npipeline.parameters.url\n"
					    "^^^^^^^^^^^^^^^^^^^^^^^"},
		{"parameters.x", "Arguments referenced without declared parameters: parameters.x"},
		{"ident?",
			"Referred to a variable \"ident?\" that does not exist:\nident?\n^^^^^^"},
		{"a.-b", "Referred to a variable \"a.-b\" that does not exist:\na.-b\n^^^^"},
		{"And", "Referred to a variable \"And\" that does not exist:\nAnd\n^^^"},
	};
	CHECK_ROWS(rows);
}

static void
test_rules_and_suggestions(void **state)
{
	(void)state;
	static const struct {
		const char *text, *label;
		enum rule rule;
	} rows[] = {
		{"parameters.mesage", "did you mean \"parameters.message\"?",
			RULE_UNDECLARED_PARAMETER},
		{"parameters.xyz", "", RULE_UNDECLARED_PARAMETER},
		{"pipeline.git.brunch", "did you mean \"pipeline.git.branch\"?",
			RULE_UNKNOWN_VARIABLE},
		{"&", "", RULE_EXPRESSION_SYNTAX},
		{"1 < s", "", RULE_EXPRESSION_TYPE},
		{"s matches /(/", "", RULE_INVALID_PATTERN},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world *w = world_new();
		assert_null(expr_value(&w->e, world_string(w, rows[i].text)));
		assert_int_equal(world_fault(w)->rule, rows[i].rule);
		assert_str(world_fault(w)->label, rows[i].label);
		world_free(w);
	}
}

static void
test_re2_only(void **state)
{
	(void)state;
	static const char *const good[] = {"a+?b*?c??", "(?:a|b){2,3}?", "(?P<x>a)(?<y>b)",
		"(?i-s:a)", "[]a]+", "[^]b]?", "[[:alpha:]_]*", "[a\\]]+", "\\.\\d\\Q", "^a$|\\bb",
		"{x}", "a{,2}", "\\pL"};
	static const char *const bad[] = {"(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(?>a)", "(a)\\1",
		"(?<n>a)\\k<n>", "(?P=n)", "a++", "a*+", "a{2}+", "(?|a)", "(?R)", "(*FAIL)",
		"(?#c)", "\\Ka", "a**", "(?1)", "[a"};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		char text[100];
		snprintf(text, sizeof text, "s matches /%s/", good[i]);
		if (!expr_parses(str_of(text)))
			fail_msg("refused: %s", text);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char text[100];
		snprintf(text, sizeof text, "s matches /%s/", bad[i]);
		if (expr_parses(str_of(text)))
			fail_msg("accepted: %s", text);
	}
}

static struct str
repeat(struct arena *a, const char *before, const char *part, size_t n, const char *behind)
{
	struct sb text = {.a = a};
	sb_puts(&text, before);
	for (size_t i = 0; i < n; i++)
		sb_puts(&text, part);
	sb_puts(&text, behind);
	return sb_str(&text);
}

static bool
parses_pattern_of(struct world *w, size_t n, const char *letter)
{
	return expr_parses(repeat(w->a, "s matches /", letter, n, "/"));
}

static void
test_limits(void **state)
{
	(void)state;
	struct world *w = world_new();
	assert_true(parses_pattern_of(w, 256, "a"));
	assert_true(parses_pattern_of(w, 256, "\xc3\xa9"));
	assert_true(parses_pattern_of(w, 256, "\\/"));
	assert_false(parses_pattern_of(w, 257, "a"));
	assert_false(parses_pattern_of(w, 257, "\xc3\xa9"));
	assert_true(expr_parses(repeat(w->a, "\"", "\xe2\x82\xac", 2046, "\"")));
	assert_false(expr_parses(repeat(w->a, "\"", "\xe2\x82\xac", 2047, "\"")));
	assert_true(expr_parses(repeat(w->a, "1", " or 1", 400, "")));
	assert_false(expr_parses(repeat(w->a, "", "(", 1000, "")));
	assert_false(expr_parses(repeat(w->a, "", "!", 2000, "1")));
	const struct node *n =
		node_string(w->a, repeat(w->a, "", "(", 10000, "1"), (struct span){0});
	assert_null(expr_value(&w->e, n));
	assert_str(world_fault(w)->message,
		"Expressions must be less than 2048 characters, this one is 10001");
	assert_int_equal(world_fault(w)->rule, RULE_EXPRESSION_LIMIT);
	n = node_string(w->a, repeat(w->a, "", "not ", 101, "1"), (struct span){0});
	assert_null(expr_value(&w->e, n));
	assert_str(world_fault(w)->message, "Expression is too deeply nested");
	assert_int_equal(world_fault(w)->rule, RULE_EXPRESSION_LIMIT);
	world_free(w);
}

/* A name where an operator should be makes the parser look ahead: never more than once each. */
static void
test_nested_unknown_functions(void **state)
{
	(void)state;
	struct world *w = world_new();
	assert_false(expr_parses(repeat(w->a, "", "(a b ", 95, "")));
	assert_false(expr_parses(repeat(w->a, "", "a b (", 95, "1")));
	world_free(w);
}

static void
test_values_of_other_nodes(void **state)
{
	(void)state;
	struct world *w = world_new();
	const struct node *yes = node_bool(w->a, true, (struct span){0});
	assert_ptr_equal(expr_value(&w->e, yes), yes);
	assert_ptr_equal(expr_value(&w->e, world_string(w, "map")), node_get(w->names, "map"));
	assert_true(expr_truthy(yes));
	assert_true(expr_truthy(node_get(w->names, "zero")));
	assert_true(expr_truthy(node_get(w->names, "empty")));
	assert_false(expr_truthy(node_get(w->names, "f")));
	assert_false(expr_truthy(node_get(w->names, "u")));
	assert_false(expr_truthy(NULL));
	w->e.scope = NULL;
	assert_null(expr_value(&w->e, world_string(w, "n")));
	world_free(w);
}

static void
test_bad_utf8(void **state)
{
	(void)state;
	assert_false(expr_parses(STR("\xff")));
	assert_false(expr_parses(STR("\0")));
	assert_true(expr_parses(STR("\"\xff\"")));
	assert_false(expr_parses(STR("s matches /\xff/")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_literals),
		cmocka_unit_test(test_precedence),
		cmocka_unit_test(test_operators),
		cmocka_unit_test(test_undefined),
		cmocka_unit_test(test_scanner_faults),
		cmocka_unit_test(test_parser_faults),
		cmocka_unit_test(test_evaluation_faults),
		cmocka_unit_test(test_rules_and_suggestions),
		cmocka_unit_test(test_re2_only),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_nested_unknown_functions),
		cmocka_unit_test(test_values_of_other_nodes),
		cmocka_unit_test(test_bad_utf8),
	};
	return cmocka_run_group_tests_name("expr language", tests, NULL, NULL);
}
