/* SPDX-License-Identifier: MIT */
/* Templates: tags and sections in strings, typed values, rendering of trees, places of faults. */
#include "expr_world.h"

struct row {
	const char *text, *shows; /* "type text", or the message of the fault */
};

static void
check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct world *w = world_new();
		const struct node *v = expr_render(&w->e, world_string(w, rows[i].text));
		const char *got = world_show(w, v);
		if (strcmp(got, rows[i].shows) != 0)
			fail_msg(
				"%s\ngives:    %s\nexpected: %s", rows[i].text, got, rows[i].shows);
		assert_int_equal(w->diags.errors, v ? 0 : 1);
		world_free(w);
	}
}

#define CHECK_ROWS(rows) check_rows(rows, sizeof rows / sizeof *rows)

static void
test_text(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"plain", "string plain"},
		{"echo x >> log", "string echo x >> log"},
		{"v1-<< s >>-{{ checksum \"go.sum\" }}",
			"string v1-text-{{ checksum \"go.sum\" }}"},
		{"<<s>><< n >>", "string text5"},
		{"<<  n\t>>!", "string 5!"},
		{"x=<< t >>,<< f >>,<< n >>,<< real >>,<< u >>,<< empty >>",
			"string x=true,false,5,1.14,,"},
		{"$<<s>> ${<<s>>}", "string $text ${text}"},
		{"<<s>>>", "string text>"},
		{"<<n>> >> $BASH_ENV", "string 5 >> $BASH_ENV"},
		{"a << tagged >> b", "string a << n >> b"},
		{"<< n == 5 and \"yes\" or \"no\" >>!", "string yes!"},
		{"x << pipeline.parameters.url:with:colons >>", "string x odd"},
		{"x << u == 1 >>", "string x "},
		{"<< n >= 5 >>.", "string true."},
	};
	CHECK_ROWS(rows);
}

static void
test_escapes(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"cat \\<<EOF", "string cat <<EOF"},
		{"\\<<", "string <<"},
		{"\\<< n >>", "string << n >>"},
		{"\\<<< $X", "string <<< $X"},
		{"\\<<<\"$(aws)\"", "string <<<\"$(aws)\""},
		{"\\<<<< n >>", "string <<5"},
		{"\\\\<< n >>", "string \\5"},
		{"\\\\\\<< n >>", "string \\\\5"},
		{"a\\\\\\\\<< n >>", "string a\\\\\\5"},
		{"\\<<\\<<", "string <<<<"},
		{"<< n >>\\<<", "string 5<<"},
		{"<< n >>\\\\<< n >>", "string 5\\5"},
		{"read -ra TAGS \\<<< \"<< s >>\"", "string read -ra TAGS <<< \"text\""},
		{"\\n\\\\ << n >>", "string \\n\\\\ 5"},
	};
	CHECK_ROWS(rows);
}

static void
test_typed_values(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"<< n >>", "integer 5"},
		{"<<t>>", "boolean true"},
		{" \n<< f >>\n", "boolean false"},
		{"<< s >>", "string text"},
		{"<< u >>", "string "},
		{"<< u == 1 >>", "string "},
		{"<< real >>", "float 1.14"},
		{"<< list >>", "list [\"a\",\"b\"]"},
		{"<< map >>", "map {\"name\":\"x\",\"size\":2}"},
		{"<< tagged >>", "string << n >>"},
		{"<< pipeline.git.branch == \"main\" and 10 or 1 >>", "integer 10"},
		{"<< pipeline.git.branch == \"x\" and 10 or 1 >>", "integer 1"},
		{"<< pipeline.parameters.url:with:colons >>", "string odd"},
		{"<< f or list >>", "list [\"a\",\"b\"]"},
		{"\\\\<< n >>", "string \\5"},
		{"<< n >>.", "string 5."},
	};
	CHECK_ROWS(rows);
}

static void
test_sections(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"a<<# t >> b<</ t >>", "string a b"},
		{"a<<# f >> b<</ f >>", "string a"},
		{"a<<^ t >> b<</ t >>", "string a"},
		{"a<<^f>> b<</f>>", "string a b"},
		{"<<#s>>1<</s>><<#empty>>2<</empty>><<#u>>3<</u>><<#none>>4<</none>><<#list>>5"
		 "<</list>><<#zero>>6<</zero>><<#map>>7<</map>>",
			"string 1567"},
		{"<<# t >>true<</ t >>", "string true"},
		{"<<# t >><< n >><</ t >>", "string 5"},
		{"<<# t >>a<<# f >>b<</ f >>c<<^ f >>d<</ f >>e<</ t >>", "string acde"},
		{"<<# f >>a<<# t >>b<<^ t >>c<</ t >>d<</ t >>e<</ f >>x", "string x"},
		{"<<# t >>a<<# t >>b<</ t >>c<</ t >>", "string abc"},
		{"<<# f >><< missing >><<# nope >><</ nope >><</ f >>.", "string ."},
		{"<<# t >>\\<<EOF<</ t >>", "string <<EOF"},
		{"<<# pipeline.parameters.url:with:colons >>y<</ "
		 "pipeline.parameters.url:with:colons "
		 ">>",
			"string y"},
		{"\\<<# t >>", "string <<# t >>"},
	};
	CHECK_ROWS(rows);
}

static void
test_sections_alone_on_a_line(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"a\n<<# t >>\nb\n<</ t >>\nc\n", "string a\nb\nc\n"},
		{"a\n  <<# t >>  \n  b\n\t<</ t >>\nc\n", "string a\n  b\nc\n"},
		{"a\n<<# f >>\nb\n<</ f >>\nc\n", "string a\nc\n"},
		{"a\n  <<^ t >>\nb\n  <</ t >>\nc\n", "string a\nc\n"},
		{"<<# t >>\nb\n<</ t >>", "string b\n"},
		{"a\n<<# t >>\nb\n  <</ t >>", "string a\nb\n"},
		{"a\r\n<<# t >>\r\nb\r\n<</ t >>\r\nc", "string a\r\nb\r\nc"},
		{"a\n<<# t >>b\n<</ t >>c\n", "string a\nb\nc\n"},
		{"a <<# t >>\nb <</ t >>\nc\n", "string a \nb \nc\n"},
		{"a\n<<# t >> <</ t >>\nb\n", "string a\n \nb\n"},
		{"a\n<< n >>\nb\n", "string a\n5\nb\n"},
		{"a\n  << u >>\nb\n", "string a\n  \nb\n"},
		{"<<# t >>\n<<# t >>\nx\n<</ t >>\n<</ t >>\n", "string x\n"},
		{"a\n\n<<# f >>\nb\n<</ f >>\n\nc", "string a\n\n\nc"},
	};
	CHECK_ROWS(rows);
}

#define UNCLOSED "Unclosed '<<' tag\n('<<' must be escaped as '\\<<' in config v2.1+)"

static void
test_template_faults(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"cat <<EOF", UNCLOSED},
		{"python - <<'PY'\nprint()\nPY\n", UNCLOSED},
		{"read <<< \"x\"", UNCLOSED},
		{"<<", UNCLOSED},
		{"<< parameters.<< x >> >>", UNCLOSED},
		{"<< n >> <<", UNCLOSED},
		{"<<>>", "Expected expression after '<<'"},
		{"a <<>> b", "Expected expression after '<<'"},
		{"<< >>", "Expected expression"},
		{"<<\n>>", "Expected expression"},
		{"<<# t >>", "Unclosed section, expected '<</'"},
		{"<<# t >><<# f >><</ f >>", "Unclosed section, expected '<</'"},
		{"a <</ t >>", "Expected section end tag to match start tag"},
		{"<<# t >><</ f >>", "Expected section end tag to match start tag"},
		{"<<# t >><<# f >><</ t >><</ f >>", "Expected section end tag to match start tag"},
		{"<<# t", "Unclosed '<<' tag"},
		{"<<^ t << n >>", "Unclosed '<<' tag"},
		{"<<# t >><</ t", "Unclosed '<<' tag"},
		{"<<#>>", "Expected identifier"},
		{"<</>>", "Expected identifier"},
		{"<<# >>", "Expected valid identifier"},
		{"<<# a b >>", "Expected valid identifier"},
		{"<<# n == 5 >>", "Expected valid identifier"},
		{"<<# .a >>", "Expected valid identifier"},
		{"<<# a. >>", "Expected valid identifier"},
		{"<<# missing >><</ missing >>", "Referred to a variable \"missing\" that does not "
						 "exist:\n<<# missing >>\n ^^^^^^^"},
		{"<<# parameters.x >><</ parameters.x >>",
			"Arguments referenced without declared parameters: parameters.x"},
		{"x << list >>", "<< list >> is a list and cannot be part of a longer text"},
		{"x << map >>", "<< map >> is a map and cannot be part of a longer text"},
	};
	CHECK_ROWS(rows);
}

static void
test_expression_faults_in_tags(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"<< pipeline.parameters.bug >>",
			"Referred to a variable \"pipeline.parameters.bug\" that does not exist:\n"
			"<< pipeline.parameters.bug >>\n ^^^^^^^^^^^^^^^^^^^^^^^"},
		{"make USE=<< parameters.usegrackle >>",
			"Arguments referenced without declared parameters: parameters.usegrackle"},
		{"a << n & t >> b", "Unexpected character '&':\n<< n & t >>\n   ^"},
		{"<< n == >>",
			"Expected expression, found end of expression:\n<< n == >>\n      ^"},
		{"<< n ==\n  & >> x", "Unexpected character '&':\n  & >>\n  ^"},
		{"<< \"a>>b\" >>", "Unterminated string starting here:\n<< \"a>>\n ^"},
		{"<< a:b.c d >>", "Unexpected character ':':\n<< a:b.c d >>\n  ^"},
		{"<< a.b:c >>", "Referred to a variable \"a.b:c\" that does not exist:\n"
				"<< a.b:c >>\n ^^^^^"},
		{"<< missing >> << nope", UNCLOSED},
		{"<<a..b>>",
			"Referred to a variable \"a..b\" that does not exist:\n<<a..b>>\n^^^^"},
	};
	CHECK_ROWS(rows);
}

static const struct node *
repeated(struct world *w, const char *part, size_t n, const char *end)
{
	struct sb text = {.a = w->a};
	for (size_t i = 0; i < n; i++)
		sb_puts(&text, part);
	sb_puts(&text, end);
	return node_string(w->a, sb_str(&text), (struct span){0});
}

static void
check_limit(const char *part, size_t n, const char *end, enum rule rule, const char *message)
{
	struct world *w = world_new();
	assert_null(expr_render(&w->e, repeated(w, part, n, end)));
	assert_int_equal(w->diags.all.n, 1);
	assert_str(world_fault(w)->message, message);
	assert_int_equal(world_fault(w)->rule, rule);
	world_free(w);
}

static void
test_limits(void **state)
{
	(void)state;
	check_limit("<<# t >>", 10000, "", RULE_EXPRESSION_LIMIT, "Sections are too deeply nested");
	check_limit("<<# t >>", 64, "", RULE_TEMPLATE_SYNTAX, "Unclosed section, expected '<</'");
	check_limit("<<", 100000, "", RULE_TEMPLATE_SYNTAX, UNCLOSED);
	check_limit("\\<< ", 100000, "<<", RULE_TEMPLATE_SYNTAX, UNCLOSED);
	struct world *w = world_new();
	struct sb text = {.a = w->a};
	sb_puts(&text, "<<");
	sb_chars(&text, ' ', 2046);
	sb_puts(&text, "n >>");
	assert_non_null(expr_render(&w->e, node_string(w->a, sb_str(&text), (struct span){0})));
	text.len -= 4;
	sb_puts(&text, " n >>");
	assert_null(expr_render(&w->e, node_string(w->a, sb_str(&text), (struct span){0})));
	assert_str(world_fault(w)->message,
		"Expressions must be less than 2048 characters, this one is 2049");
	text.len = 0;
	sb_puts(&text, "<<#");
	sb_chars(&text, 'a', 5000);
	sb_puts(&text, ">>");
	assert_null(expr_render(&w->e, node_string(w->a, sb_str(&text), (struct span){0})));
	assert_str(world_fault(w)->message,
		"Expressions must be less than 2048 characters, this one is 5000");
	world_free(w);
}

static enum lookup
find_large(const void *ctx, struct str name, const struct node **value)
{
	(void)name;
	*value = ctx;
	return LOOKUP_FOUND;
}

static void
test_long_results(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct sb text = {.a = w->a};
	sb_chars(&text, 'x', 1 << 20);
	struct scope scope = {find_large, NULL, node_string(w->a, sb_str(&text), (struct span){0})};
	w->e.scope = &scope;
	const struct node *n = expr_render(&w->e, repeated(w, "<< x >>", 4, ""));
	assert_int_equal(n->u.text.len, 4 << 20);
	assert_null(expr_render(&w->e, repeated(w, "<< x >>", 5, "")));
	assert_int_equal(world_fault(w)->rule, RULE_EXPRESSION_LIMIT);
	const struct node *items[100];
	for (size_t i = 0; i < 100; i++)
		items[i] = repeated(w, "<< x >>", 4, "");
	assert_null(expr_render(&w->e, node_list(w->a, items, 100, (struct span){0})));
	assert_int_equal(w->diags.all.n, 2);
	world_free(w);
}

/* ---- trees ------------------------------------------------------------------------------- */

static void
test_sharing(void **state)
{
	(void)state;
	struct world *w = world_new();
	const struct node *n = world_load(w, "a: {b: [1, 2]}\n"
					     "<< n >>: [x, << n >>, << list >>, << map >>]\n"
					     "c: [p, {q: 'x << s >>'}]\n");
	assert_ptr_equal(expr_render(&w->e, node_get(n, "a")), node_get(n, "a"));
	const struct node *r = expr_render(&w->e, n);
	assert_non_null(r);
	assert_ptr_not_equal(r, n);
	assert_ptr_equal(node_get(r, "a"), node_get(n, "a"));
	const struct node *items = node_get(r, "<< n >>");
	assert_ptr_equal(items->u.items[0], node_get(n, "<< n >>")->u.items[0]);
	assert_ptr_equal(items->u.items[1], node_get(w->names, "n"));
	assert_ptr_equal(items->u.items[2], node_get(w->names, "list"));
	assert_ptr_equal(items->u.items[3], node_get(w->names, "map"));
	assert_ptr_equal(node_get(r, "c")->u.items[0], node_get(n, "c")->u.items[0]);
	const struct node *q = node_get(node_get(r, "c")->u.items[1], "q");
	const struct node *was = node_get(node_get(n, "c")->u.items[1], "q");
	assert_str(q->u.text, "x text");
	assert_memory_equal(&q->span, &was->span, sizeof q->span);
	assert_true(node_equal(expr_render(&w->e, r), r));
	world_free(w);
}

/* What rendering made is done: its << is text. */
static void
test_rendered_once(void **state)
{
	(void)state;
	struct world *w = world_new();
	const struct node *n = expr_render(&w->e, world_load(w, "[cat \\<<EOF, 'a << tagged >>']"));
	assert_str(n->u.items[0]->u.text, "cat <<EOF");
	assert_str(n->u.items[1]->u.text, "a << n >>");
	assert_ptr_equal(expr_render(&w->e, n), n);
	assert_ptr_equal(
		expr_render(&w->e, world_string(w, "<< tagged >>")), node_get(w->names, "tagged"));
	assert_null(expr_render(&w->e, NULL));
	world_free(w);
}

/* Each list holds the one before twice: 2^60 leaves, 60 nodes. */
static void
test_aliases(void **state)
{
	(void)state;
	struct world *w = world_new();
	const struct node *n = world_string(w, "<< n >>"), *bad = world_string(w, "<< nope >>");
	for (int i = 0; i < 60; i++) {
		const struct node **items = NEW_ARRAY(w->a, const struct node *, 4);
		items[0] = items[1] = n;
		n = node_list(w->a, items, 2, (struct span){0});
		items[2] = items[3] = bad;
		bad = node_list(w->a, items + 2, 2, (struct span){0});
	}
	const struct node *r = expr_render(&w->e, n);
	assert_non_null(r);
	assert_ptr_equal(r->u.items[0], r->u.items[1]);
	assert_null(expr_render(&w->e, bad));
	assert_int_equal(w->diags.all.n, 1);
	world_free(w);
}

static void
test_deep_trees(void **state)
{
	(void)state;
	struct world *w = world_new();
	const struct node *n = world_string(w, "<< n >>");
	for (int i = 0; i < 2000; i++) {
		const struct node **items = NEW_ARRAY(w->a, const struct node *, 1);
		items[0] = n;
		n = node_list(w->a, items, 1, (struct span){0});
		if (i == 1000)
			assert_non_null(expr_render(&w->e, n));
	}
	assert_null(expr_render(&w->e, n));
	assert_int_equal(world_fault(w)->rule, RULE_EXPRESSION_LIMIT);
	world_free(w);
}

static void
test_all_faults_of_a_tree(void **state)
{
	(void)state;
	struct world *w = world_new();
	const struct node *n = world_load(w, "a: << one >>\nb: [<< two >>, << n >>, <<EOF]\n"
					     "c: {d: << three >> << four >>}\n");
	assert_null(expr_render(&w->e, n));
	assert_int_equal(w->diags.all.n, 4);
	static const char *const marked[] = {"one", "two", "<<", "three"};
	for (int i = 0; i < 4; i++) {
		assert_str(source_text(&w->sources, w->diags.all.v[i].span), marked[i]);
		assert_ptr_equal(w->diags.all.v[i].origin, &w->origin);
	}
	world_free(w);
}

static void
test_many_faults(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct sb text = {.a = w->a};
	for (int i = 0; i < 5000; i++)
		sb_puts(&text, "- << nope >>\n");
	assert_null(expr_render(&w->e, world_load(w, str_copy(w->a, sb_str(&text)).s)));
	assert_int_equal(w->diags.all.n, LIMIT_ERRORS);
	world_free(w);
}

/* ---- places ------------------------------------------------------------------------------ */

static void
test_places(void **state)
{
	(void)state;
	static const struct {
		const char *source, *marked;
		uint32_t offset;
	} rows[] = {
		{"- make << nope >>", "nope", 10},
		{"- 'it''s << nope >>'", "nope", 12},
		{"- \"a\\tb \\u00e9 \\U0001F600 \\x41 << n == nope >>\"", "nope", 39},
		{"- \"<< \\\"x\\\" == nope >>\"", "nope", 15},
		{"- \"<< n == \\\"x\\\" & >>\"", "&", 17},
		{"- \"a \\\n    b << nope >>\"", "nope", 16},
		{"- |\n  echo\n\n    x\n  << nope >>\n", "nope", 23},
		{"- >-\n  echo\n  << nope\n  >>\n", "nope", 17},
		{"- echo\n  a << n ==\n    nope >>\n", "nope", 23},
		{"- |\n  cat <<EOF\n  EOF\n", "<<", 10},
		{"- \"\xe2\x82\xac << nope >>\"", "nope", 10},
		{"- << n n >>", "n", 7},
		{"- x << n == >>", ">>", 12},
		{"- << 1 < s >>", "<", 7},
		{"- x << list >>", "<< list >>", 4},
		{"- |\n  a\n  <<# nope >>\n  <</ nope >>\n", "nope", 14},
		{"- a <<# t >>", "<<# t >>", 4},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world *w = world_new();
		assert_null(expr_render(&w->e, world_load(w, rows[i].source)));
		assert_str(world_marked(w), rows[i].marked);
		if (w->diags.all.v[0].span.off != rows[i].offset)
			fail_msg("%s: at %u", rows[i].source, w->diags.all.v[0].span.off);
		world_free(w);
	}
}

/* A text that is not the source's is marked as a whole. */
static void
test_places_of_other_texts(void **state)
{
	(void)state;
	struct world *w = world_new();
	const struct node *n = world_load(w, "[some words of the source]");
	struct node *other = NEW(w->a, struct node);
	*other = *n->u.items[0];
	other->u.text = STR("some << nope >>");
	other->flags |= NODE_TEMPLATED;
	assert_null(expr_render(&w->e, other));
	assert_str(world_marked(w), "some words of the source");
	world_free(w);
}

static void
test_help_for_unclosed_tags(void **state)
{
	(void)state;
	struct world *w = world_new();
	assert_null(expr_render(&w->e, world_string(w, "cat <<EOF")));
	assert_int_equal(world_fault(w)->rule, RULE_TEMPLATE_SYNTAX);
	assert_true(str_has(world_fault(w)->help, STR("\\<<")));
	world_free(w);
}

/* ---- references -------------------------------------------------------------------------- */

struct names {
	struct world *w;
	struct sb found;
};

static void
collect(void *ctx, struct str name, struct span span)
{
	struct names *names = ctx;
	struct str marked = source_text(&names->w->sources, span);
	sb_printf(&names->found, "%.*s%s ", STR_ARG(name), str_eq(name, marked) ? "" : "~");
}

static void
test_names(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"- << a >>\n- x: 'b << b or c.d >>'\n- none\n", "a b c.d "},
		{"- <<# a >>x<</ a >><<^ b >><< c >><</ b >>\n", "a b c "},
		{"- << f and a >>\n", "f a "},
		{"- << pipeline.parameters.u:v >>\n", "pipeline.parameters.u:v "},
		{"- << a b >>\n- << = >>\n- << c >> <<EOF\n- \\<< d >>\n", "c "},
		{"- |\n  << a >>\n", "a "},
		{"- &x [<< a >>]\n- *x\n", "a "},
		{"<< k >>: 1\n", ""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world *w = world_new();
		struct names names = {w, {.a = w->a}};
		expr_names(w->a, &w->sources, world_load(w, rows[i].text), collect, &names);
		assert_str(sb_str(&names.found), rows[i].shows);
		assert_int_equal(w->diags.all.n, 0);
		world_free(w);
	}
	expr_names(NULL, NULL, NULL, collect, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_typed_values),
		cmocka_unit_test(test_sections),
		cmocka_unit_test(test_sections_alone_on_a_line),
		cmocka_unit_test(test_template_faults),
		cmocka_unit_test(test_expression_faults_in_tags),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_long_results),
		cmocka_unit_test(test_sharing),
		cmocka_unit_test(test_rendered_once),
		cmocka_unit_test(test_aliases),
		cmocka_unit_test(test_deep_trees),
		cmocka_unit_test(test_all_faults_of_a_tree),
		cmocka_unit_test(test_many_faults),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_places_of_other_texts),
		cmocka_unit_test(test_help_for_unclosed_tags),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests_name("expr", tests, NULL, NULL);
}
