/* SPDX-License-Identifier: MIT */
/* The loader: what is said about text that is not YAML, and how much it takes. */
#include "yaml_world.h"

/* ---- faults ------------------------------------------------------------------------------ */

#define UNABLE "Unable to parse YAML: "
#define TAB_WORDS                                                  \
	"found character '\\t(TAB)' that cannot start any token. " \
	"(Do not use \\t(TAB) for indentation)"

static const struct {
	const char *text;
	enum rule rule;
	uint32_t line, column;
	const char *message, *label;
} faults_rows[] = {
	{"steps:\n    - a\n  - b\n", RULE_YAML_SYNTAX, 3, 3,
		"did not find expected key (expected <block end>, but found "
		"'<block sequence start>')",
		"indented less than the list it belongs to"},
	{"a:\n\tb: c\n", RULE_YAML_SYNTAX, 2, 1, TAB_WORDS, "a tab"},
	{"a: b\n\tc: d\n", RULE_YAML_SYNTAX, 2, 1, TAB_WORDS, "a tab"},
	{"a: |\n  b\n\tc: d\n", RULE_YAML_SYNTAX, 3, 1, TAB_WORDS, "a tab"},
	{"a: \"b\nc: d\n", RULE_YAML_SYNTAX, 1, 4, "found unexpected end of stream",
		"this quote is never closed"},
	{"a: \"b\nc: \"d\"\n", RULE_YAML_SYNTAX, 1, 4,
		"did not find expected key (expected <block end>, but found '<scalar>')",
		"this quoted text goes on over several lines"},
	{"run: echo a: b\n", RULE_YAML_SYNTAX, 1, 12, "mapping values are not allowed here",
		"a colon cannot stand here"},
	{"a:\n  docker:x\n  steps: []\n", RULE_YAML_SYNTAX, 2, 9,
		"mapping values are not allowed here", "a space is missing behind this colon"},
	{"a:\n  b: c\n  docker:x\n  steps: []\n", RULE_YAML_SYNTAX, 3, 9,
		"could not find expected ':'", "a space is missing behind this colon"},
	{"a:\n  build\n    b: c\n", RULE_YAML_SYNTAX, 2, 3, "mapping values are not allowed here",
		"a colon is missing behind this key"},
	{"a: 1\nfoo\nb: 2\n", RULE_YAML_SYNTAX, 2, 1, "could not find expected ':'",
		"a colon is missing behind this key"},
	{"a:\n  - b\n    - c: d\n", RULE_YAML_SYNTAX, 3, 5, "mapping values are not allowed here",
		"indented so far that it continues the text above"},
	{"a: - b\n", RULE_YAML_SYNTAX, 1, 4, "sequence entries are not allowed here",
		"a list cannot begin here"},
	{"a:\n  - b\n  c: d\n", RULE_YAML_SYNTAX, 3, 3, "expected <block end>, but found '?'",
		"stands among list entries without a dash"},
	{"a: \"x\"\n  b: c\n", RULE_YAML_SYNTAX, 2, 3,
		"did not find expected key (expected <block end>, but found "
		"'<block mapping start>')",
		"its indentation fits no key above it"},
	{"a: [b, c\n", RULE_YAML_SYNTAX, 1, 4, "expected ',' or ']', but got <stream end>",
		"this bracket is never closed"},
	{"a: {b: c d: e}\n", RULE_YAML_SYNTAX, 1, 11,
		"expected ',' or '}', but got :", "a comma or a bracket is missing before"},
	{"a: {{ b }}/c\n", RULE_YAML_SYNTAX, 1, 11,
		"did not find expected key (expected <block end>, but found '<scalar>')",
		"text behind the closing bracket"},
	{"\xc3\xa9: @b\n", RULE_YAML_SYNTAX, 1, 4,
		"found character '@' that cannot start any token. "
		"(Do not use @ for indentation)",
		"no value begins with this character"},
	{"a: *.js\n", RULE_YAML_SYNTAX, 1, 4,
		"did not find expected alphabetic or numeric character", "a name must follow this"},
	{"a: 1\n---\nb: 2\n", RULE_YAML_DOCUMENTS, 2, 1,
		"expected a single document in the stream, but found another document",
		"a second document begins here"},
	{"a: 1\n---\n", RULE_YAML_DOCUMENTS, 2, 1,
		"expected a single document in the stream, but found another document",
		"a second document begins here"},
	{"a: &defaults 1\nb: *defalts\n", RULE_YAML_ALIAS, 2, 4, "found undefined alias defalts",
		"did you mean \"defaults\"?"},
	{"a:\n  <<: *x\nb: &x {}\n", RULE_YAML_ALIAS, 2, 7, "found undefined alias x",
		"used before it is defined"},
	{"a: &a [*a]\n", RULE_YAML_ALIAS, 1, 8, "found recursive alias a",
		"stands inside the value that it names"},
	{"a: 1\nb: 2\n'a': 3\n", RULE_YAML_DUPLICATE_KEY, 3, 1, "found duplicate key a",
		"this key is in the map already"},
	{"16: 1\n0x10: 2\n", RULE_YAML_DUPLICATE_KEY, 2, 1, "found duplicate key 16",
		"this key is in the map already"},
	{"? [a, {b: c, d: e}]\n: 1\n? [a, {d: e, b: c}]\n: 2\n", RULE_YAML_DUPLICATE_KEY, 3, 3,
		"found duplicate key [\"a\",{\"d\":\"e\",\"b\":\"c\"}]",
		"this key is in the map already"},
	{"x: &x {a: 1}\nb: {a: 1, <<: *x, a: 2}\n", RULE_YAML_DUPLICATE_KEY, 2, 19,
		"found duplicate key a", "this key is in the map already"},
	{"a:\n  <<: text\n", RULE_YAML_MERGE, 2, 3,
		"expected a mapping or list of mappings for merging, but found scalar",
		"merges no map"},
	{"a:\n  <<: [{}, []]\n", RULE_YAML_MERGE, 2, 3,
		"expected a mapping for merging, but found sequence",
		"merges a list with more than maps in it"},
	{"a: !ref x\n", RULE_YAML_TAG, 1, 9, "the tag !ref is not supported here",
		"has the tag !ref"},
	{"a: !!int x\n", RULE_YAML_TAG, 1, 10, "the value does not fit its tag !!int", "no int"},
	{"a: !!str []\n", RULE_YAML_TAG, 1, 4, "the tag !!str is not supported here",
		"has the tag !!str"},
	{"a: caf\xe9 x\n", RULE_YAML_ENCODING, 1, 7, "the byte 0xE9 is not UTF-8", "not UTF-8"},
	{"a: \xed\xa0\x80\n", RULE_YAML_ENCODING, 1, 4, "the byte 0xED is not UTF-8", "not UTF-8"},
	{"a: \x07\n", RULE_YAML_ENCODING, 1, 4,
		"the character U+0007 is not allowed: special characters are not allowed",
		"invisible"},
	{"a: x\xef\xbb\xbf\n", RULE_YAML_ENCODING, 1, 5,
		"the character U+FEFF is not allowed: special characters are not allowed",
		"a byte order mark"},
	{"\xff\xfe"
	 "a\n",
		RULE_YAML_ENCODING, 1, 1, "the file is UTF-16; save it as UTF-8", ""},
};

static void
test_faults(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof faults_rows / sizeof *faults_rows; i++) {
		struct load *l = load(str_of(faults_rows[i].text));
		struct sb message = {.a = l->a};
		assert_null(l->root);
		assert_int_equal(l->diags.all.n, 1);
		const struct diag *g = &l->diags.all.v[0];
		struct place place = source_place(&l->sources, g->span.file, g->span.off);
		sb_printf(&message, UNABLE "%s", faults_rows[i].message);
		sb_char(&message, '\0');
		assert_text(g->message, message.s, faults_rows[i].text);
		assert_text(g->label, faults_rows[i].label, faults_rows[i].text);
		if (place.line != faults_rows[i].line || place.column != faults_rows[i].column)
			print_error("%s at %" PRIu32 ":%" PRIu32 "\n", faults_rows[i].text,
				place.line, place.column);
		assert_int_equal(place.line, faults_rows[i].line);
		assert_int_equal(place.column, faults_rows[i].column);
		assert_int_equal(g->rule, faults_rows[i].rule);
		drop(l);
	}
}

static void
test_nul_byte(void **state)
{
	struct load *l = load(STR("a: b\n\0c: d\n"));
	(void)state;
	assert_null(l->root);
	assert_int_equal(l->diags.all.v[0].rule, RULE_YAML_ENCODING);
	assert_int_equal(l->diags.all.v[0].span.off, 5);
	drop(l);
}

static void
test_several_faults(void **state)
{
	struct load *l = load(STR("a: *x\nb: !y z\nc: 1\nc: 2\nd: {<<: 1}\ne: *x\n"));
	static const uint32_t lines[] = {1, 2, 5, 6, 4};
	(void)state;
	assert_null(l->root);
	assert_int_equal(l->diags.all.n, 5);
	for (uint32_t i = 0; i < 5; i++) {
		struct span span = l->diags.all.v[i].span;
		assert_int_equal(source_place(&l->sources, span.file, span.off).line, lines[i]);
	}
	const struct diag *twice = &l->diags.all.v[4];
	assert_int_equal(twice->rule, RULE_YAML_DUPLICATE_KEY);
	assert_text(twice->notes->text, "first defined here", "note");
	drop(l);
}

static struct str
repeat(struct arena *a, const char *text, size_t n)
{
	struct sb b = {.a = a};
	for (size_t i = 0; i < n; i++)
		sb_puts(&b, text);
	return sb_str(&b);
}

/* Texts that would cost too much come to a named end. */
static void
test_limits(void **state)
{
	struct arena *a = arena_new();
	struct sb stairs = {.a = a}, chain = {.a = a};
	(void)state;
	sb_puts(&stairs, "a:\n");
	for (int i = 1; i < 1000; i++) {
		sb_chars(&stairs, ' ', (size_t)i);
		sb_puts(&stairs, "a:\n");
	}
	sb_puts(&chain, "a0: &a0 [x]\n");
	for (int i = 1; i < 300; i++)
		sb_printf(&chain, "a%d: &a%d [*a%d]\n", i, i, i - 1);
	struct {
		struct str text;
		enum rule rule;
	} cases[] = {
		{repeat(a, "[", 10000), RULE_YAML_DEPTH},
		{repeat(a, "{", 10000), RULE_YAML_DEPTH},
		{repeat(a, "- ", 10000), RULE_YAML_DEPTH},
		{repeat(a, "? ", 10000), RULE_YAML_DEPTH},
		{sb_str(&stairs), RULE_YAML_DEPTH},
		{sb_str(&chain), RULE_YAML_DEPTH},
		{repeat(a, "%TAG !x! y\n", 1000), RULE_TOO_LARGE},
		{repeat(a, " ", LIMIT_FILE_BYTES + 1), RULE_TOO_LARGE},
		{repeat(a, "a: !b c\n", 300), RULE_YAML_TAG},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct load *l = load(cases[i].text);
		assert_null(l->root);
		assert_int_equal(l->diags.all.v[0].rule, cases[i].rule);
		assert_true(l->diags.all.n <= LIMIT_ERRORS);
		drop(l);
	}
	arena_free(a);
}

/* A small text whose aliases written out would fill any memory. */
static struct load *
load_bomb(struct arena *a)
{
	struct sb text = {.a = a};
	for (char c = 'a'; c <= 'b'; c++) {
		sb_printf(&text, "%c0: &%c0 [x,x,x,x,x,x,x,x,x]\n", c, c);
		for (int i = 1; i < 100; i++) {
			sb_printf(&text, "%c%d: &%c%d [", c, i, c, i);
			for (int j = 0; j < 9; j++)
				sb_printf(&text, "*%c%d,", c, i - 1);
			sb_puts(&text, "]\n");
		}
	}
	return load(sb_str(&text));
}

static void
test_bombs(void **state)
{
	struct arena *a = arena_new();
	struct load *l = load_bomb(a);
	(void)state;
	assert_non_null(l->root);
	const struct node *x = l->root->u.pairs[99].value, *y = l->root->u.pairs[199].value;
	assert_int_equal(x->weight, UINT32_MAX);
	assert_int_equal(x->height, 100);
	assert_int_equal(node_hash(x), node_hash(y));
	assert_true(node_equal(x, x));
	assert_false(node_equal(x, y)); /* not to be found out in this world */
	assert_true(node_equal(l->root->u.pairs[3].value, l->root->u.pairs[103].value));
	assert_true(node_text(l->a, x).len <= LIMIT_TEXT_BYTES + 4096);
	drop(l);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_nul_byte),
		cmocka_unit_test(test_several_faults),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_bombs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
