/* SPDX-License-Identifier: MIT */
/* The loader: scalars, spans, anchors, merges. */
#include "yaml_world.h"

/* ---- scalars ----------------------------------------------------------------------------- */

static const struct {
	const char *text, *type, *value;
} plain_scalars_rows[] = {
	{"", "null", ""},
	{"~", "null", ""},
	{"null", "null", ""},
	{"Null", "null", ""},
	{"NULL", "null", ""},
	{"nULL", "string", "nULL"},
	{" ", "string", " "},
	{"true", "boolean", "true"},
	{"TRUE", "boolean", "true"},
	{"yes", "boolean", "true"},
	{"On", "boolean", "true"},
	{"off", "boolean", "false"},
	{"NO", "boolean", "false"},
	{"False", "boolean", "false"},
	{"y", "string", "y"},
	{"N", "string", "N"},
	{"yEs", "string", "yEs"},
	{"truex", "string", "truex"},
	{"0", "integer", "0"},
	{"-0", "integer", "0"},
	{"+12", "integer", "12"},
	{"1_000", "integer", "1000"},
	{"010", "integer", "8"},
	{"-010", "integer", "-8"},
	{"0_7", "integer", "7"},
	{"08", "string", "08"},
	{"09", "string", "09"},
	{"0_", "string", "0_"},
	{"0o17", "string", "0o17"},
	{"0x1F", "integer", "31"},
	{"0xfg", "string", "0xfg"},
	{"0x", "string", "0x"},
	{"0x_", "string", "0x_"},
	{"0b101", "integer", "5"},
	{"0b2", "string", "0b2"},
	{"1:30", "integer", "90"},
	{"190:20:30", "integer", "685230"},
	{"1:75", "string", "1:75"},
	{"0:30", "string", "0:30"},
	{"-1:30", "integer", "-90"},
	{"1:", "string", "1:"},
	{"9223372036854775807", "integer", "9223372036854775807"},
	{"-9223372036854775808", "integer", "-9223372036854775808"},
	{"9223372036854775808", "integer", "9223372036854775808"},
	{"-9223372036854775809", "integer", "-9223372036854775809"},
	{"0x1ffffffffffffffff", "integer", "36893488147419103231"},
	{"123_456_789_012_345_678_901", "integer", "123456789012345678901"},
	{"1.14", "float", "1.14"},
	{"1.10", "float", "1.1"},
	{"1.", "float", "1.0"},
	{".5", "float", "0.5"},
	{"-.5", "float", "-0.5"},
	{"1e3", "float", "1000.0"},
	{"1e10", "float", "1.0E10"},
	{"1E-4", "float", "1.0E-4"},
	{"08.5", "float", "8.5"},
	{"1_0.5", "float", "10.5"},
	{"1:30.5", "float", "90.5"},
	{"+.inf", "float", ".inf"},
	{"-.INF", "float", "-.inf"},
	{".NaN", "float", ".NaN"},
	{"+.nan", "string", "+.nan"},
	{"-0.0", "float", "-0.0"},
	{"1e400", "float", ".inf"},
	{"5e-324", "float", "4.9E-324"},
	{".", "string", "."},
	{"._", "string", "._"},
	{"-", "string", "-"},
	{"+", "string", "+"},
	{"1e", "string", "1e"},
	{"1.2.3", "string", "1.2.3"},
	{"1e3.5", "string", "1e3.5"},
	{"_1", "string", "_1"},
	{"12 ", "string", "12 "},
	{"=", "string", "="},
	{"<<", "string", "<<"},
	{"2020-01-01", "string", "2020-01-01"},
	{"2001-12-14t21:59:43.10-05:00", "string", "2001-12-14t21:59:43.10-05:00"},
	{"1e3e", "string", "1e3e"},
	{"v1", "string", "v1"},
};

static void
test_plain_scalars(void **state)
{
	struct arena *a = arena_new();
	(void)state;
	for (size_t i = 0; i < sizeof plain_scalars_rows / sizeof *plain_scalars_rows; i++) {
		const struct node *n = node_plain(a, str_of(plain_scalars_rows[i].text), nowhere);
		assert_text(str_of(node_type(n)), plain_scalars_rows[i].type,
			plain_scalars_rows[i].text);
		assert_text(
			node_text(a, n), plain_scalars_rows[i].value, plain_scalars_rows[i].text);
	}
	arena_free(a);
}

static void
test_long_numbers(void **state)
{
	struct arena *a = arena_new();
	char digits[1100];
	(void)state;
	memset(digits, '7', sizeof digits);
	const struct node *n = node_plain(a, (struct str){digits, 1024}, nowhere);
	assert_int_equal(n->kind, NODE_INT);
	assert_true(n->flags & NODE_BIG);
	assert_int_equal(n->u.text.len, 1024);
	assert_memory_equal(n->u.text.s, digits, 1024);
	assert_int_equal(node_plain(a, (struct str){digits, 1025}, nowhere)->kind, NODE_STRING);
	memset(digits, 'f', sizeof digits);
	memcpy(digits, "0x", 2);
	n = node_plain(a, (struct str){digits, 1024}, nowhere);
	assert_int_equal(n->u.text.len, 1231); /* 16 ** 1022 */
	memset(digits, '0', sizeof digits);
	n = node_plain(a, (struct str){digits, 1000}, nowhere);
	assert_int_equal(n->kind, NODE_INT);
	assert_int_equal(n->u.integer, 0);
	arena_free(a);
}

/* ---- whole documents --------------------------------------------------------------------- */

struct document {
	const char *text, *shown;
};

static void
check_documents(const struct document *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct load *l = load(str_of(cases[i].text));
		struct sb out = {.a = l->a};
		if (!l->root)
			print_error(
				"%s\n%.*s\n", cases[i].text, STR_ARG(l->diags.all.v[0].message));
		assert_non_null(l->root);
		assert_int_equal(l->diags.all.n, 0);
		show(&out, l->root);
		assert_text(sb_str(&out), cases[i].shown, cases[i].text);
		drop(l);
	}
}

#define CHECK_DOCUMENTS(cases) check_documents(cases, sizeof(cases) / sizeof *(cases))

static void
test_documents(void **state)
{
	static const struct document cases[] = {
		{"", "null"},
		{"# nothing\n", "null"},
		{"---\n", "null"},
		{"---\n...\n", "null"},
		{"a: 1\n...\n", "{'a':1}"},
		{"%YAML 1.1\n---\na: 1\n", "{'a':1}"},
		{"%YAML 1.2\n---\na: 1\n", "{'a':1}"},
		{"a:\nb: ''\nc: \"\"\n", "{'a':null 'b':'' 'c':''}"},
		{"a: {}\nb: []\nc: [ ]\n", "{'a':{} 'b':[] 'c':[]}"},
		{"[a, b: c, {d: e, f}, ]", "['a' {'b':'c'} {'d':'e' 'f':null}]"},
		{"a: one\n  two\n\n  three\n", "{'a':'one two\nthree'}"},
		{"a: 'one\n  two'\n", "{'a':'one two'}"},
		{"a: \"one\\\n  two \\x41\\u00e9\"\n", "{'a':'onetwo A\xc3\xa9'}"},
		{"a: |\n  one\n   two\n\nb: >-\n  one\n  two\n",
			"{'a':'one\n two\n' 'b':'one two'}"},
		{"a: |2+\n   x\n\n", "{'a':' x\n\n'}"},
		{"a: |\n  x\n  \ty\n", "{'a':'x\n\ty\n'}"},
		{"a: 1\r\nb:\r\n  - x\r\n", "{'a':1 'b':['x']}"},
		{"a: 1\rb:\r  - x\r", "{'a':1 'b':['x']}"},
		{"\xef\xbb\xbf"
		 "a: 1\n",
			"{'a':1}"},
		{"a:\tb\n", "{'a':'b'}"},
		{"? [1, 2]\n: x\n? {a: b}\n: y\n~: z\n", "{[1 2]:'x' {'a':'b'}:'y' null:'z'}"},
		{"1: a\n'1': b\n1.0: c\ntrue: d\n'true': e\n",
			"{1:'a' '1':'b' 1.0:'c' true:'d' 'true':'e'}"},
		{"a: '1'\nb: \"true\"\nc: |\n  1\n", "{'a':'1' 'b':'true' 'c':'1\n'}"},
		{"on: x\n", "{true:'x'}"},
		{"a: [\n  1\n]\nb: \"x\ny\"\n", "{'a':[1] 'b':'x y'}"},
		{"steps:\n- a\n- b: {c: d}\n", "{'steps':['a' {'b':{'c':'d'}}]}"},
	};
	(void)state;
	CHECK_DOCUMENTS(cases);
}

static void
test_tags(void **state)
{
	static const struct document cases[] = {
		{"a: !!str 12\nb: ! yes\nc: ! 'x'\n", "{'a':'12' 'b':'yes' 'c':'x'}"},
		{"a: !!int '12'\nb: !!float 1\nc: !!bool 'yes'\nd: !!null ''\n",
			"{'a':12 'b':1.0 'c':true 'd':null}"},
		{"a: !!float 123456789012345678901\n", "{'a':1.2345678901234568E20}"},
		{"a: !!map {}\nb: !!seq\n- x\n", "{'a':{} 'b':['x']}"},
		{"a: !!binary aGk=\nb: !!timestamp 2020-01-01\n", "{'a':'aGk=' 'b':'2020-01-01'}"},
		{"a: !!str\nb: !!str &x\nc: *x\n", "{'a':'' 'b':'' 'c':''}"},
		{"a: !<tag:yaml.org,2002:str> 1\n", "{'a':'1'}"},
	};
	(void)state;
	CHECK_DOCUMENTS(cases);
}

static void
test_anchors(void **state)
{
	static const struct document cases[] = {
		{"a: &x 1\nb: *x\n", "{'a':1 'b':1}"},
		{"a: &x 1\nb: &x 2\nc: *x\n", "{'a':1 'b':2 'c':2}"},
		{"a: &x\nb: *x\n", "{'a':null 'b':null}"},
		{"&k key: v\nother: {*k : w}\n", "{'key':'v' 'other':{'key':'w'}}"},
		{"- &x [&y {a: b}, *y]\n- *x\n- *y\n",
			"[[{'a':'b'} {'a':'b'}] [{'a':'b'} {'a':'b'}] {'a':'b'}]"},
	};
	(void)state;
	CHECK_DOCUMENTS(cases);
	struct load *l = load(STR("a: &x [1]\nb: *x\n"));
	assert_ptr_equal(node_get(l->root, "a"), node_get(l->root, "b"));
	assert_int_equal(l->root->weight, 7);
	assert_int_equal(l->root->height, 2);
	drop(l);
}

static void
test_merges(void **state)
{
#define BASE "x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\n"
#define SHOWN "{'x':{'a':1 'b':2} 'y':{'b':3 'c':4} 'm':"
	static const struct document cases[] = {
		{BASE "m: {<<: *x}\n", SHOWN "{'a':1 'b':2}}"},
		{BASE "m: {p: 0, <<: *x, q: 9}\n", SHOWN "{'p':0 'a':1 'b':2 'q':9}}"},
		{BASE "m: {<<: *x, q: 9, a: 8}\n", SHOWN "{'a':8 'b':2 'q':9}}"},
		{BASE "m: {b: 7, <<: *x}\n", SHOWN "{'b':7 'a':1}}"},
		{BASE "m: {<<: [*x, *y]}\n", SHOWN "{'a':1 'b':2 'c':4}}"},
		{BASE "m: {<<: [*y, *x]}\n", SHOWN "{'b':3 'c':4 'a':1}}"},
		{BASE "m: {<<: *y, k: 5, <<: *x}\n", SHOWN "{'b':3 'c':4 'k':5 'a':1}}"},
		{BASE "m: {<<: {<<: *x, d: 6}, e: 7}\n", SHOWN "{'a':1 'b':2 'd':6 'e':7}}"},
		{BASE "m: {<<: {}, <<: []}\n", SHOWN "{}}"},
		{BASE "m: {'<<': *x}\n", SHOWN "{'<<':{'a':1 'b':2}}}"},
		{BASE "m: {!!merge <<: *x}\n", SHOWN "{'a':1 'b':2}}"},
		{BASE "m: {k: <<}\n", SHOWN "{'k':'<<'}}"},
		{BASE "m: {<<: {1: a, '1': b}, 1: c}\n", SHOWN "{1:'c' '1':'b'}}"},
	};
	(void)state;
	CHECK_DOCUMENTS(cases);
}

/* More keys than are scanned: the index takes over. */
static void
test_large_maps(void **state)
{
	struct arena *a = arena_new();
	struct sb text = {.a = a};
	(void)state;
	sb_puts(&text, "x: &x\n");
	for (int i = 0; i < 5000; i++)
		sb_printf(&text, "  key%d: %d\n", i, i);
	sb_puts(&text, "y:\n  key77: own\n  <<: *x\n  key4999: own\n");
	struct load *l = load(sb_str(&text));
	const struct node *y = node_get(l->root, "y");
	assert_int_equal(y->count, 5000);
	assert_true(node_is(y->u.pairs[0].key, "key77"));
	assert_true(node_is(y->u.pairs[4999].value, "own"));
	assert_true(node_is(y->u.pairs[78].key, "key78"));
	drop(l);
	sb_puts(&text, "z:\n");
	for (int i = 0; i < 100; i++)
		sb_printf(&text, "  k%d: %d\n", i == 99 ? 3 : i, i);
	l = load(sb_str(&text));
	assert_null(l->root);
	assert_int_equal(l->diags.all.n, 1);
	assert_int_equal(l->diags.all.v[0].rule, RULE_YAML_DUPLICATE_KEY);
	assert_text(l->diags.all.v[0].message, "Unable to parse YAML: found duplicate key k3", "z");
	drop(l);
	arena_free(a);
}

/* ---- spans ------------------------------------------------------------------------------- */

/* Follows a path such as "a.0.b" (".key" for the key of the last step instead of its value). */
static const struct node *
follow(const struct node *n, const char *path)
{
	for (const char *p = path; *p && n;) {
		size_t len = strcspn(p, ".");
		struct str step = {p, len};
		p += len;
		if (strcmp(p, ".key") == 0)
			return node_pair(n, step)->key;
		p += *p == '.';
		n = n->kind == NODE_LIST ? n->u.items[step.s[0] - '0'] : node_find(n, step);
	}
	return n;
}

static void
test_spans(void **state)
{
	static const struct {
		const char *text, *path, *span;
	} cases[] = {
		{"a: one\n", "a", "one"},
		{"a: one # two\n", "a", "one"},
		{"a: one\n", "a.key", "a"},
		{"a: 'it''s'\n", "a", "'it''s'"},
		{"\"a\": \"b\"\n", "a.key", "\"a\""},
		{"a: one\n  two\nb: c\n", "a", "one\n  two"},
		{"a: |\n  one\n  two\n\nb: c\n", "a", "|\n  one\n  two"},
		{"a: >-  # note\n  one\n\n", "a", ">-  # note\n  one"},
		{"a: &x one\n", "a", "one"},
		{"a: !!str  &x 'one'\n", "a", "'one'"},
		{"a: &x # note\n  b: c\n", "a", "b: c"},
		{"a: &x\nb: c\n", "a", ""},
		{"a:\n  b: c\n  d: {e: f}\ng: h\n", "a", "b: c\n  d: {e: f}"},
		{"a: [ b, c ]\n", "a", "[ b, c ]"},
		{"a: &x [b]\n", "a", "[b]"},
		{"a: {b: [c], d: e}\n", "a.b", "[c]"},
		{"a: [b: c]\n", "a.0", "b: c"},
		{"a:\n  - b\n  - c: d\n", "a", "b\n  - c: d"},
		{"a:\n  - b\n  - c: d\n", "a.1", "c: d"},
		{"a:\n  - b\n  -\nc: d\n", "a", "b\n  -"},
		{"x: &x 1\na:\n  b: *x\nc: d\n", "a", "b: *x"},
		{"x: &x one\na: *x\n", "a", "one"},
		{"a:\nb: c\n", "a", ""},
		{"b: c\na: {}\n", "a", "{}"},
		{"\xc3\xa9: \xe6\x97\xa5\xe6\x9c\xac # x\na: b\xf0\x9f\x8f\x97 c\n", "a",
			"b\xf0\x9f\x8f\x97 c"},
		{"\xef\xbb\xbf"
		 "a: b\n",
			"a", "b"},
		{"\xef\xbb\xbf"
		 "a: b\n",
			"", "a: b"},
		{"x: 1\r\na: one\r\n  two\r\n", "a", "one\r\n  two"},
		{"x: 1\ra: [b]\r", "a", "[b]"},
		{"x: '\xc2\x85'\na: b\n", "a", "b"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct load *l = load(str_of(cases[i].text));
		assert_non_null(l->root);
		const struct node *n = follow(l->root, cases[i].path);
		assert_non_null(n);
		assert_text(source_text(&l->sources, n->span), cases[i].span, cases[i].text);
		drop(l);
	}
}

/* Every alignment of long characters against the places that the loader remembers. */
static void
test_offsets_behind_long_characters(void **state)
{
	struct arena *a = arena_new();
	(void)state;
	for (int ascii = 0; ascii < 140; ascii++) {
		struct sb text = {.a = a};
		sb_puts(&text, "- ");
		sb_chars(&text, 'x', (size_t)ascii);
		sb_puts(&text, "\xc3\xa9\n- ");
		sb_chars(&text, 'y', 200 - (size_t)ascii);
		sb_puts(&text, "\n- end");
		struct load *l = load(sb_str(&text));
		assert_non_null(l->root);
		const struct node *last = l->root->u.items[2];
		assert_text(source_text(&l->sources, last->span), "end", "offset");
		assert_int_equal(last->span.off + last->span.len, text.len);
		drop(l);
	}
	arena_free(a);
}

static void
test_text_is_not_copied(void **state)
{
	static const char text[] = "a: plain text\nb: 'quoted'\nc: 'it''s'\n";
	struct load *l = load(STR(text));
	(void)state;
	assert_ptr_equal(node_get(l->root, "a")->u.text.s, text + 3);
	assert_ptr_equal(node_get(l->root, "b")->u.text.s, text + 18);
	assert_true(node_is(node_get(l->root, "c"), "it's"));
	drop(l);
}

static void
test_flags(void **state)
{
	struct load *l =
		load(STR("a: x << y >> z\nb: '<< x >>'\nc: <\n<< : {}\n'<<k': v\nd: |\n  <<x\n"
			 "e: [[{f: <<x>>}]]\n"));
	(void)state;
	assert_non_null(l->root);
	assert_int_equal(l->root->flags, NODE_TEMPLATED);
	assert_int_equal(node_get(l->root, "a")->flags, NODE_TEMPLATED);
	assert_int_equal(node_get(l->root, "b")->flags, NODE_TEMPLATED | NODE_QUOTED);
	assert_int_equal(node_get(l->root, "c")->flags, 0);
	assert_int_equal(node_get(l->root, "d")->flags, NODE_TEMPLATED | NODE_QUOTED);
	assert_int_equal(node_get(l->root, "e")->flags, NODE_TEMPLATED);
	assert_int_equal(node_get(l->root, "e")->height, 3);
	drop(l);
	l = load(STR("<<x>>: v\n"));
	assert_int_equal(l->root->flags, 0);
	drop(l);
}

/* ---- nodes ------------------------------------------------------------------------------- */

static void
test_equality(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} cases[] = {
		{"1", "1", true},
		{"1", "'1'", false},
		{"1", "1.0", false},
		{"0x10", "16", true},
		{"a", "'a'", true},
		{"yes", "true", true},
		{"", "~", true},
		{"''", "~", false},
		{".nan", ".NaN", true},
		{"0.0", "-0.0", false},
		{"1.0", "1.00", true},
		{"99999999999999999999", "99999999999999999999", true},
		{"99999999999999999999", "99999999999999999998", false},
		{"99999999999999999999", "'99999999999999999999'", false},
		{"[a, b]", "[a, b]", true},
		{"[a, b]", "[b, a]", false},
		{"[a]", "[a, a]", false},
		{"{a: 1, b: 2}", "{b: 2, a: 1}", true},
		{"{a: 1, b: 2}", "{a: 1, c: 2}", false},
		{"{a: 1, b: 2}", "{a: 2, b: 1}", false},
		{"{}", "[]", false},
		{"{}", "{}", true},
		{"{a: {b: [c, {d: e, f: g}]}}", "a:\n  b:\n  - c\n  - f: g\n    d: e", true},
		{"{a: null}", "{b: null}", false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct load *a = load(str_of(cases[i].a)), *b = load(str_of(cases[i].b));
		if (node_equal(a->root, b->root) != cases[i].equal)
			print_error("%s, %s\n", cases[i].a, cases[i].b);
		assert_int_equal(node_equal(a->root, b->root), cases[i].equal);
		assert_int_equal(node_equal(b->root, a->root), cases[i].equal);
		assert_int_equal(node_hash(a->root) == node_hash(b->root), cases[i].equal);
		drop(a);
		drop(b);
	}
}

static void
test_made_nodes(void **state)
{
	struct arena *a = arena_new();
	(void)state;
	const struct node *items[] = {node_null(a, nowhere), node_bool(a, true, nowhere),
		node_int(a, -5, nowhere), node_string(a, STR("<<x>>"), nowhere)};
	const struct node *list = node_list(a, items, 4, nowhere);
	struct pair pairs[] = {{items[3], items[2]}, {node_string(a, STR("k"), nowhere), list}};
	const struct node *map = node_map(a, pairs, 2, nowhere);
	assert_int_equal(list->weight, 5);
	assert_int_equal(list->height, 1);
	assert_int_equal(list->flags, NODE_TEMPLATED);
	assert_int_equal(map->weight, 9);
	assert_int_equal(map->height, 2);
	assert_int_equal(node_map(a, pairs, 1, nowhere)->flags, 0);
	assert_ptr_equal(node_get(map, "k"), list);
	assert_ptr_equal(node_pair(map, STR("<<x>>")), &pairs[0]);
	assert_null(node_get(map, "none"));
	assert_null(node_get(list, "k"));
	assert_null(node_get(NULL, "k"));
	assert_false(node_is(NULL, "k"));
	assert_true(node_is(pairs[1].key, "k"));
	assert_text(node_text(a, map), "{\"<<x>>\":-5,\"k\":[null,true,-5,\"<<x>>\"]}", "json");
	assert_string_equal(node_type_title(list), "Sequence");
	assert_string_equal(node_type_title(items[2]), "Integer");
	assert_string_equal(node_type(map), "map");
	arena_free(a);
}

/* Trees that were made, not loaded, may be higher than any that was loaded. */
static void
test_tall_trees(void **state)
{
	struct arena *a = arena_new();
	const struct node *x = node_null(a, nowhere), *y = node_null(a, nowhere);
	(void)state;
	for (int i = 0; i < 100000; i++) {
		const struct node **one = NEW_ARRAY(a, const struct node *, 2);
		one[0] = x;
		one[1] = y;
		x = node_list(a, &one[0], 1, nowhere);
		y = node_list(a, &one[1], 1, nowhere);
	}
	assert_int_equal(x->height, UINT16_MAX);
	assert_int_equal(node_hash(x), node_hash(y));
	assert_false(node_equal(x, y));
	assert_true(node_text(a, x).len > 0);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_scalars),
		cmocka_unit_test(test_long_numbers),
		cmocka_unit_test(test_documents),
		cmocka_unit_test(test_tags),
		cmocka_unit_test(test_anchors),
		cmocka_unit_test(test_merges),
		cmocka_unit_test(test_large_maps),
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_offsets_behind_long_characters),
		cmocka_unit_test(test_text_is_not_copied),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_equality),
		cmocka_unit_test(test_made_nodes),
		cmocka_unit_test(test_tall_trees),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
