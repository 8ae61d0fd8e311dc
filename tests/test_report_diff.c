/* SPDX-License-Identifier: MIT */
/* report: unified diffs. */
#include "report_world.h"

#include <stdlib.h>

static struct str
diff_of(struct arena *a, struct str old, struct str new_text)
{
	struct sb out = {.a = a};
	report_diff(&out, STR("f.yml"), old, STR("f.yml"), new_text);
	return sb_str(&out);
}

static void
diffs_read_as_patch_wants_them(void **state)
{
	(void)state;
	static const struct {
		const char *old, *new_text, *diff;
	} rows[] = {
		{"", "", ""},
		{"a\nb\n", "a\nb\n", ""},
		{"a\n", "b\n", "--- f.yml\n+++ f.yml\n@@ -1 +1 @@\n-a\n+b\n"},
		{"", "a\nb\n", "--- f.yml\n+++ f.yml\n@@ -0,0 +1,2 @@\n+a\n+b\n"},
		{"a\nb\n", "", "--- f.yml\n+++ f.yml\n@@ -1,2 +0,0 @@\n-a\n-b\n"},
		{"a\nb\nc\n", "a\nc\n", "--- f.yml\n+++ f.yml\n@@ -1,3 +1,2 @@\n a\n-b\n c\n"},
		{"a", "a\n",
			"--- f.yml\n+++ f.yml\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n"
			"+a\n"},
		{"a\nb", "x\nb",
			"--- f.yml\n+++ f.yml\n@@ -1,2 +1,2 @@\n-a\n+x\n b\n"
			"\\ No newline at end of file\n"},
		{"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "x\n2\n3\n4\n5\n6\n7\n8\ny\n",
			"--- f.yml\n+++ f.yml\n@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n 4\n"
			"@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+y\n"},
		{"1\n2\n3\n4\n5\n6\n7\n8\n", "x\n2\n3\n4\n5\n6\n7\ny\n",
			"--- f.yml\n+++ f.yml\n@@ -1,8 +1,8 @@\n-1\n+x\n 2\n 3\n 4\n 5\n 6\n 7\n"
			"-8\n+y\n"},
	};
	struct arena *a = arena_new();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str got = diff_of(a, str_of(rows[i].old), str_of(rows[i].new_text));
		if (!str_is(got, rows[i].diff))
			fail_msg("row %zu:\n%.*s", i, STR_ARG(got));
	}
	arena_free(a);
}

static struct str
next_line(struct str *text)
{
	size_t end = str_find(*text, STR("\n"), 0);
	struct str line = str_sub(*text, 0, end == SIZE_MAX ? text->len : end + 1);
	*text = str_sub(*text, line.len, text->len);
	return line;
}

/* Applies a diff as patch(1) does, checking every line and number on the way. */
static struct str
patch(struct arena *a, struct str old, struct str diff)
{
	struct sb out = {.a = a};
	unsigned long line = 1;
	next_line(&diff);
	next_line(&diff);
	while (diff.len) {
		struct str mark = next_line(&diff);
		if (mark.s[0] == '@') {
			unsigned long from = strtoul(mark.s + 4, NULL, 10);
			unsigned long n = 1;
			const char *comma = strchr(mark.s, ','), *plus = strchr(mark.s, '+');
			if (comma && comma < plus)
				n = strtoul(comma + 1, NULL, 10);
			for (from += n == 0; line < from; line++)
				sb_put(&out, next_line(&old));
			continue;
		}
		struct str text = str_sub(mark, 1, mark.len);
		if (mark.s[0] != '+') {
			assert_true(str_eq(next_line(&old), text));
			line++;
		}
		if (mark.s[0] != '-')
			sb_put(&out, text);
	}
	sb_put(&out, old);
	return sb_str(&out);
}

static struct str
random_text(struct arena *a, uint32_t *seed, uint32_t most, uint32_t words)
{
	struct sb b = {.a = a};
	uint32_t n = (*seed = *seed * 1103515245 + 12345) >> 16;
	for (uint32_t i = 0; i < n % most; i++) {
		*seed = *seed * 1103515245 + 12345;
		sb_printf(&b, "line %u\n", (unsigned)((*seed >> 16) % words));
	}
	return sb_str(&b);
}

static void
diffs_make_the_new_text_of_the_old(void **state)
{
	(void)state;
	uint32_t seed = 7;
	for (int i = 0; i < 600; i++) {
		struct arena *a = arena_new();
		struct str old = random_text(a, &seed, 60, i % 2 ? 8 : 40);
		struct str new_text = random_text(a, &seed, 60, i % 2 ? 8 : 40);
		struct str diff = diff_of(a, old, new_text);
		if (str_eq(old, new_text))
			assert_int_equal(diff.len, 0);
		else
			assert_true(str_eq(patch(a, old, diff), new_text));
		arena_free(a);
	}
}

/* Nothing in common: everything goes and everything comes, in bounded time and memory. */
static void
long_texts_without_likeness_are_replaced(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct sb old = {.a = a}, new_text = {.a = a};
	sb_puts(&old, "same\n");
	sb_puts(&new_text, "same\n");
	for (unsigned i = 0; i < 20000; i++) {
		sb_printf(&old, "old %u\n", i);
		sb_printf(&new_text, "new %u\n", i);
	}
	struct str diff = diff_of(a, sb_str(&old), sb_str(&new_text));
	assert_true(str_has(diff, STR("@@ -1,20001 +1,20001 @@\n same\n-old 0\n")));
	assert_true(str_eq(patch(a, sb_str(&old), diff), sb_str(&new_text)));
	assert_true(arena_used(a) < 64 << 20);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(diffs_read_as_patch_wants_them),
		cmocka_unit_test(diffs_make_the_new_text_of_the_old),
		cmocka_unit_test(long_texts_without_likeness_are_replaced),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
