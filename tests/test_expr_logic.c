/* SPDX-License-Identifier: MIT */
/* Logic statements, and regular expressions. */
#include "expr_world.h"

struct row {
	const char *text, *shows; /* "true", "false", or the message of the fault */
};

/* As a config's statement: rendered, then evaluated. */
static bool
logic(const struct expr *e, const struct node *statement, bool *result)
{
	*result = false;
	const struct node *rendered = expr_render(e, statement);
	return rendered && logic_eval(e, rendered, result);
}

static void
check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct world *w = world_new();
		bool result = false;
		bool ok = logic(&w->e, world_load(w, rows[i].text), &result);
		const char *got = !ok ? world_fault(w)->message.s : result ? "true" : "false";
		if (strcmp(got, rows[i].shows) != 0)
			fail_msg(
				"%s\ngives:    %s\nexpected: %s", rows[i].text, got, rows[i].shows);
		assert_int_equal(w->diags.all.n, ok ? 0 : 1);
		if (!ok)
			assert_ptr_equal(world_fault(w)->origin, &w->origin);
		world_free(w);
	}
}

#define CHECK_ROWS(rows) check_rows(rows, sizeof rows / sizeof *rows)

static void
test_scalars(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"true", "true"},
		{"false", "false"},
		{"~", "false"},
		{"0", "false"},
		{"1", "true"},
		{"0.0", "false"},
		{".nan", "false"},
		{"0.5", "true"},
		{"''", "false"},
		{"'false'", "true"},
		{"'0'", "true"},
		{"$VAR", "true"},
		{"on_fail", "true"},
		{"99999999999999999999999", "true"},
		{"<< t >>", "true"},
		{"<< f >>", "false"},
		{"<< u >>", "false"},
		{"<< empty >>", "false"},
		{"<< s >>", "true"},
		{"<< list >>", "true"},
		{"<< none >>", "false"},
		{"<< f >> << f >>", "true"},
		{"<< pipeline.git.branch >> == \"nope\"", "true"},
		{"<< pipeline.git.branch == \"nope\" >>", "false"},
		{"[]", "false"},
	};
	CHECK_ROWS(rows);
}

static void
test_operators(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"and: [true, 1, x]", "true"},
		{"and: [true, 0]", "false"},
		{"or: [false, 0, '']", "false"},
		{"or: [false, << t >>]", "true"},
		{"not: true", "false"},
		{"not: << f >>", "true"},
		{"not: {and: [true, false]}", "true"},
		{"equal: [1]", "true"},
		{"equal: [1, 1, 1]", "true"},
		{"equal: [1, 1, 2]", "false"},
		{"equal: [1, '1']", "false"},
		{"equal: ['true', true]", "false"},
		{"equal: [main, << pipeline.git.branch >>]", "true"},
		{"equal: [5, << n >>]", "true"},
		{"equal: ['5', << n >>]", "false"},
		{"equal: ['', << u >>]", "true"},
		{"equal: [{size: 2, name: x}, << map >>]", "true"},
		{"equal: [{size: 2, name: y}, << map >>]", "false"},
		{"equal: [[a, b], << list >>]", "true"},
		{"and: [{or: [false, {equal: [a, a]}]}, {not: {not: x}}]", "true"},
		{"or:\n- and: [true, false]\n- not: {equal: [<< s >>, text]}\n", "false"},
		{"and: [<< list >>, << t >>]", "true"},
		{"not: << list >>", "false"},
	};
	CHECK_ROWS(rows);
}

static void
test_matches(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"matches: {pattern: '^release/.*$', value: release/1}", "true"},
		{"matches: {pattern: 'release', value: release/1}", "false"},
		{"matches: {value: release/1, pattern: /release.*/}", "true"},
		{"matches: {pattern: 'a|ab', value: ab}", "true"},
		{"matches: {pattern: '^(?!main).*$', value: dev}", "true"},
		{"matches: {pattern: '^(?!main).*$', value: << pipeline.git.branch >>}", "false"},
		{"matches: {pattern: '', value: << u >>}", "true"},
		{"matches: {pattern: '[0-9]+', value: << n >>}", "true"},
		{"matches: {pattern: '(a', value: a}",
			"Invalid regular expression: (a: Invalid pattern."},
		{"matches: {pattern: /*/, value: a}",
			"Invalid regular expression: *: Invalid pattern."},
		{"and: [false, {matches: {pattern: '(a', value: a}}]", "false"},
		{"or: [true, {matches: {pattern: '(a', value: a}}]", "true"},
		{"matches: {pattern: '(a*)*b|(a+a+)+c', value: "
		 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!}",
			"The regular expression takes too many steps to match"},
		{"matches: {pattern: a}", "Logic operator \"matches\" needs a value"},
		{"matches: {value: a}", "Logic operator \"matches\" needs a pattern"},
		{"matches: {pattern: a, value: [a]}",
			"The pattern and value of \"matches\" must be strings"},
		{"matches: {pattern: a, value: a, flags: i}",
			"Logic operator \"matches\" takes only pattern and value"},
		{"matches: [a, a]",
			"Logic operator \"matches\" needs a map with pattern and value"},
	};
	CHECK_ROWS(rows);
}

static void
test_faults(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"and: []", "Logic operator \"and\" needs at least one argument"},
		{"or: []", "Logic operator \"or\" needs at least one argument"},
		{"equal: []", "Logic operator \"equal\" needs at least one argument"},
		{"and: true", "Logic operator \"and\" needs a list of arguments"},
		{"equal: {a: b}", "Logic operator \"equal\" needs a list of arguments"},
		{"or:", "Logic operator \"or\" needs a list of arguments"},
		{"nand: [true]",
			"Unknown logic operator \"nand\": expected and, or, not, equal or matches"},
		{"and: [true, {equals: [1, 1]}]", "Unknown logic operator \"equals\": expected "
						  "and, or, not, equal or matches"},
		{"1: [true]",
			"Unknown logic operator \"1\": expected and, or, not, equal or matches"},
		{"{and: [true], or: [true]}",
			"A logic statement has exactly one of and, or, not, equal and matches"},
		{"{}", "A logic statement has exactly one of and, or, not, equal and matches"},
		{"and: [<< nope >>]", "Referred to a variable \"nope\" that does not exist:\n"
				      "<< nope >>\n ^^^^"},
		{"not: <<EOF", "Unclosed '<<' tag\n('<<' must be escaped as '\\<<' in config "
			       "v2.1+)"},
	};
	CHECK_ROWS(rows);
}

static void
test_fault_places(void **state)
{
	(void)state;
	static const struct {
		const char *text, *marked, *label;
		enum rule rule;
	} rows[] = {
		{"and: [{equals: [1, 1]}]", "equals", "did you mean \"equal\"?",
			RULE_INVALID_LOGIC},
		{"whatever: 1", "whatever", "", RULE_INVALID_LOGIC},
		{"{and: [true], or: [true]}", "or", "", RULE_INVALID_LOGIC},
		{"matches: {pattern: '(a', value: a}", "'(a'", "missing closing parenthesis",
			RULE_INVALID_PATTERN},
		{"or: 12", "12", "", RULE_INVALID_LOGIC},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world *w = world_new();
		bool result = true;
		assert_false(logic(&w->e, world_load(w, rows[i].text), &result));
		assert_false(result);
		assert_str(world_marked(w), rows[i].marked);
		assert_str(world_fault(w)->label, rows[i].label);
		assert_int_equal(world_fault(w)->rule, rows[i].rule);
		world_free(w);
	}
}

/* not: {not: {not: ... true}} */
static const struct node *
nested(struct world *w, int depth)
{
	const struct node *n = node_bool(w->a, true, (struct span){0});
	for (int i = 0; i < depth; i++) {
		struct pair *p = NEW(w->a, struct pair);
		*p = (struct pair){world_string(w, "not"), n};
		n = node_map(w->a, p, 1, (struct span){0});
	}
	return n;
}

static void
test_depth(void **state)
{
	(void)state;
	struct world *w = world_new();
	bool result;
	assert_true(logic(&w->e, nested(w, 99), &result));
	assert_false(result);
	assert_false(logic(&w->e, nested(w, 100), &result));
	assert_int_equal(world_fault(w)->rule, RULE_EXPRESSION_LIMIT);
	assert_false(logic(&w->e, nested(w, 10000), &result));
	assert_false(logic_truthy(NULL));
	world_free(w);
}

/* Each `and` holds the one before twice. */
static void
test_aliases(void **state)
{
	(void)state;
	struct world *w = world_new();
	const struct node *n = node_bool(w->a, true, (struct span){0});
	bool result = true;
	for (int i = 0; i < 60; i++) {
		const struct node **items = NEW_ARRAY(w->a, const struct node *, 2);
		struct pair *p = NEW(w->a, struct pair);
		items[0] = items[1] = n;
		*p = (struct pair){
			world_string(w, "and"), node_list(w->a, items, 2, (struct span){0})};
		n = node_map(w->a, p, 1, (struct span){0});
		if (i == 5) {
			assert_true(logic_eval(&w->e, n, &result));
			assert_true(result);
		}
	}
	assert_false(logic(&w->e, n, &result));
	assert_false(result);
	assert_str(world_fault(w)->message, "Logic statement is too large");
	assert_int_equal(world_fault(w)->rule, RULE_EXPRESSION_LIMIT);
	world_free(w);
}

/* A statement that is rendered already is not rendered again. */
static void
test_rendered_statements(void **state)
{
	(void)state;
	struct world *w = world_new();
	bool result;
	assert_true(logic_eval(&w->e, world_load(w, "equal: ['<< f >>', << f >>]"), &result));
	assert_true(result);
	assert_true(logic_eval(&w->e, world_string(w, "<< f >>"), &result));
	assert_true(result);
	assert_int_equal(w->diags.all.n, 0);
	world_free(w);
}

/* ---- patterns ---------------------------------------------------------------------------- */

static void
test_patterns(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *subject;
		enum match expected;
	} rows[] = {
		{"", "", MATCH_YES},
		{"", "a", MATCH_NO},
		{".*", "", MATCH_YES},
		{"a", "a", MATCH_YES},
		{"a", "ab", MATCH_NO},
		{"b", "ab", MATCH_NO},
		{"a$", "a\n", MATCH_NO},
		{"a|ab", "ab", MATCH_YES},
		{"^a|b$", "ab", MATCH_NO},
		{"a.c",
			"a\xe2\x82\xac"
			"c",
			MATCH_YES},
		{"a.*", "a\nb", MATCH_NO},
		{"(?s)a.*", "a\nb", MATCH_YES},
		{"(?i)MAIN", "main", MATCH_YES},
		{"(a)\\1", "aa", MATCH_YES},
		{"v\\d+(\\.\\d+)*", "v1.2.3", MATCH_YES},
		{".*", "\xff", MATCH_NO},
		{"\xff", "a", MATCH_BAD_PATTERN},
		{"[", "a", MATCH_BAD_PATTERN},
		{"a{2,1}", "a", MATCH_BAD_PATTERN},
		{"\\C", "a", MATCH_BAD_PATTERN},
		{"(x+x+)+y", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", MATCH_NO},
		{"(x+x+)+[yz]", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxzx", MATCH_TOO_HARD},
		{"(*LIMIT_MATCH=4000000000)(x+x+)+[yz]", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxzx",
			MATCH_TOO_HARD},
	};
	struct arena *a = arena_new();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str reason;
		enum match m =
			pattern_match(a, str_of(rows[i].pattern), str_of(rows[i].subject), &reason);
		if (m != rows[i].expected)
			fail_msg("/%s/ on \"%s\" gives %d", rows[i].pattern, rows[i].subject, m);
		assert_int_equal(reason.len > 0, m == MATCH_BAD_PATTERN);
	}
	arena_free(a);
}

static void
test_large_patterns_and_subjects(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct str reason;
	struct sb text = {.a = a};
	sb_chars(&text, 'a', 4 << 20);
	assert_int_equal(
		pattern_match(a, str_sub(sb_str(&text), 0, 4096), STR("a"), &reason), MATCH_NO);
	assert_int_equal(pattern_match(a, str_sub(sb_str(&text), 0, 4097), STR("a"), &reason),
		MATCH_BAD_PATTERN);
	assert_true(str_has(reason, STR("4096")));
	assert_int_equal(pattern_match(a, STR(".*"), sb_str(&text), &reason), MATCH_YES);
	assert_int_equal(pattern_match(a, STR("(.*)(.*)(.*)(.*)[bc]a"), sb_str(&text), &reason),
		MATCH_TOO_HARD);
	text.len = 0;
	sb_chars(&text, '(', 4000);
	assert_int_equal(pattern_match(a, sb_str(&text), STR("a"), &reason), MATCH_BAD_PATTERN);
	assert_int_equal(pattern_match(a, STR("((a{1,1000}){1,1000}){1,1000}"), STR("a"), &reason),
		MATCH_BAD_PATTERN);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scalars),
		cmocka_unit_test(test_operators),
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_fault_places),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_aliases),
		cmocka_unit_test(test_rendered_statements),
		cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_large_patterns_and_subjects),
	};
	return cmocka_run_group_tests_name("expr logic", tests, NULL, NULL);
}
