/* SPDX-License-Identifier: MIT */
/* Markdown made of text by others: nothing of it reaches beyond its own end. */
#include "../src/report/mdw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

struct row {
	const char *in, *out;
};

static void
expect(struct str got, const struct row *row)
{
	if (!str_is(got, row->out))
		fprintf(stderr, "--- %s\n--- want\n%s\n--- got\n%.*s\n---\n", row->in, row->out,
			STR_ARG(got));
	assert_true(str_is(got, row->out));
}

static void
texts(void **state)
{
	static const struct row rows[] = {
		{"", ""},
		{" \n ", ""},
		{"plain *text* with [a link](https://x.y)",
			"plain *text* with [a link](https://x.y)\n"},
		{"one\ntwo  \n\nthree\n", "one\ntwo\n\nthree\n"},
		{"<b>&lt; a & b &c <<x>>", "\\<b>&amp;lt; a & b &amp;c \\<\\<x>>\n"},
		{"`a <b>` `", "`a <b>` \\`\n"},
		{"``a`b`` c`d", "``a`b`` c\\`d\n"},
		{"^v\\d+\\.x \\<b>", "^v\\\\d+\\\\.x \\\\\\<b>\n"},
		{"a | b", "a | b\n"},
		{"# Title\n#no\n####### x\n  ## in", "\\# Title\n#no\n\\####### x\n  \\## in\n"},
		{"Title\n===\nTitle\n---\n-\n- item", "Title\n\\===\nTitle\n\\---\n\\-\n- item\n"},
		{"```sh\na <b> `\n```\n<b>", "```sh\na <b> `\n```\n\\<b>\n"},
		{"```sh\na <b>", "\\`\\`\\`sh\na \\<b>\n"},
		{"~~~\na\n````\n~~~~\nb", "~~~\na\n````\n~~~~\nb\n"},
		{"~~~\na\n~~", "\\~~~\na\n~~\n"},
		{"````\n```\n<b>\n```", "\\`\\`\\`\\`\n```\n<b>\n```\n"},
		{"a\tb\x1b[1m", "a b [1m\n"},
	};
	(void)state;
	struct arena *a = arena_new();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sb b = {.a = a};
		mdw_text(&b, str_of(rows[i].in));
		expect(sb_str(&b), &rows[i]);
	}
	arena_free(a);
}

static void
cells(void **state)
{
	static const struct row rows[] = {
		{"", ""},
		{"a|b `c|d` \\|", "a\\|b `c\\|d` \\\\\\|"},
		{"one\n two\n\nthree", "one two<br>three"},
		{"any of:\n- a\n* b\n2. c\n-d", "any of:<br>- a<br>* b<br>2. c -d"},
		{"a <br> `b", "a \\<br> \\`b"},
		{"# a\n```\nb\n```", "# a \\`\\`\\` b \\`\\`\\`"},
	};
	(void)state;
	struct arena *a = arena_new();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sb b = {.a = a};
		mdw_cell(&b, str_of(rows[i].in));
		expect(sb_str(&b), &rows[i]);
	}
	arena_free(a);
}

static void
codes(void **state)
{
	static const struct row rows[] = {
		{"a", "`a`"},
		{"", "`  `"},
		{"a|b", "`a\\|b`"},
		{"a`b", "``a`b``"},
		{"`", "`` ` ``"},
		{"``a", "``` ``a ```"},
		{" a ", "`  a  `"},
		{"a\nb", "`a b`"},
	};
	(void)state;
	struct arena *a = arena_new();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sb b = {.a = a};
		mdw_code(&b, str_of(rows[i].in), true);
		expect(sb_str(&b), &rows[i]);
	}
	arena_free(a);
}

static void
fences(void **state)
{
	static const struct row rows[] = {
		{"a: 1\n", "```yaml\na: 1\n```\n"},
		{"a", "```yaml\na\n```\n"},
		{"a: |\n  ```\n  b\n  ````\n", "`````yaml\na: |\n  ```\n  b\n  ````\n`````\n"},
	};
	(void)state;
	struct arena *a = arena_new();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sb b = {.a = a};
		mdw_fence(&b, "yaml", str_of(rows[i].in));
		expect(sb_str(&b), &rows[i]);
	}
	arena_free(a);
}

static void
links_and_anchors(void **state)
{
	static const struct row links[] = {
		{"https://x.y/z?a=1", "[Home](https://x.y/z?a=1)"},
		{"https://x.y/a)b <c>", "[Home](https://x.y/a%29b%20%3Cc%3E)"},
		{"javascript:alert(1)", "Home: `javascript:alert(1)`"},
	};
	static const struct row anchors[] = {{"Install Tools", "install-tools"},
		{"acme/tools", "acmetools"}, {"run_tests-2.0", "run_tests-20"}};
	(void)state;
	struct arena *a = arena_new();
	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		struct sb b = {.a = a};
		mdw_link(&b, "Home", str_of(links[i].in));
		expect(sb_str(&b), &links[i]);
	}
	for (size_t i = 0; i < sizeof anchors / sizeof *anchors; i++)
		expect(mdw_anchor(a, str_of(anchors[i].in)), &anchors[i]);
	arena_free(a);
}

/* Each would take minutes if every run of backticks or fence looked for its end anew. */
static void
long_texts(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct sb runs = {.a = a}, fences_ = {.a = a}, out = {.a = a};
	for (size_t n = 1; n < 2000; n++) {
		sb_chars(&runs, '`', n);
		sb_char(&runs, ' ');
	}
	for (size_t n = 0; n < 200000; n++)
		sb_puts(&fences_, n % 2 ? "```x\n" : "~~~~x\n");
	mdw_text(&out, sb_str(&runs));
	assert_true(out.len > runs.len);
	out.len = 0;
	mdw_text(&out, sb_str(&fences_));
	assert_true(out.len > fences_.len);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts),
		cmocka_unit_test(cells),
		cmocka_unit_test(codes),
		cmocka_unit_test(fences),
		cmocka_unit_test(links_and_anchors),
		cmocka_unit_test(long_texts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
