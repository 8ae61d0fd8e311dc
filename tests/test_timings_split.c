/* SPDX-License-Identifier: MIT */
/* sim: tests dealt to containers, files by pattern. */
#define _XOPEN_SOURCE 700 /* mkdtemp, nftw */
#include "ccx/timings.h"

#include "ccx/limits.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena *a;

static int
setup(void **state)
{
	(void)state;
	a = arena_new();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

/* ---- splitting --------------------------------------------------------------------------- */

/* Items from "a=3 b=2", bins as "a(3) | b(2)". */
static struct split_item *
items_of(const char *text, uint32_t *n)
{
	struct split_item *items = NEW_ARRAY(a, struct split_item, strlen(text) + 1);
	struct str left = str_of(text);
	for (*n = 0; left.len; ++*n) {
		size_t end = str_find(left, STR(" "), 0);
		struct str one = str_sub(left, 0, end);
		size_t equals = str_find(one, STR("="), 0);
		items[*n].name = str_sub(one, 0, equals);
		items[*n].weight = equals < one.len ? atoll(one.s + equals + 1) : 1;
		left = end == SIZE_MAX ? STR("") : str_sub(left, end + 1, left.len);
	}
	return items;
}

static const char *
shown(const struct split_item *items, const struct split_bin *bins, uint32_t total)
{
	struct sb b = {.a = a};
	for (uint32_t i = 0; i < total; i++) {
		sb_puts(&b, i ? " |" : "");
		for (uint32_t k = 0; k < bins[i].nitems; k++)
			sb_printf(&b, "%s%.*s", b.len ? " " : "",
				STR_ARG(items[bins[i].items[k]].name));
		sb_printf(&b, "%s(%" PRId64 ")", b.len ? " " : "", bins[i].weight);
	}
	return str_copy(a, sb_str(&b)).s;
}

static const struct {
	const char *items;
	uint32_t total;
	const char *bins;
} splits[] = {
	/* The experiment with the agent: an optimal split would take 10 seconds. */
	{"f10=10 f2=2 f3=3 f4=4 f5=5 f6=6", 3, "f10 (10) | f6 f3 f2 (11) | f5 f4 (9)"},
	/* By name: alphabetically, going round. */
	{"d b a c e", 2, "a c e (3) | b d (2)"},
	{"a", 3, "a (1) | (0) | (0)"},
	{"", 2, "(0) | (0)"},
	{"b=0 a=0 c=0", 2, "a b c (0) | (0)"},
	{"x=5 x=5 y=1", 2, "x y (6) | x (5)"},
	/* Bytes decide, not a language: upper case first. */
	{"b a B A", 2, "A a (2) | B b (2)"},
	{"a=9223372036854775807 b=9223372036854775807 c=9", 1, "a b c (9223372036854775807)"},
	{"a=4 b=3 c=3 d=2", 1, "a b c d (12)"},
	{"a=4 b=3 c=3 d=2", 4, "a (4) | b (3) | c (3) | d (2)"},
};

static void
worked_examples(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof splits / sizeof *splits; i++) {
		uint32_t n;
		struct split_item *items = items_of(splits[i].items, &n);
		assert_string_equal(
			shown(items, split_tests(a, items, n, splits[i].total), splits[i].total),
			splits[i].bins);
	}
}

/* 400 test files of 24 minutes on four containers: 100 files and 6 minutes each. */
static void
four_hundred(void **state)
{
	(void)state;
	struct split_item items[400];
	for (int i = 0; i < 400; i++)
		items[i] = (struct split_item){
			str_printf(a, "src/%03d.test.ts", i), 24 * MINUTE_MS / 400};
	struct split_bin *bins = split_tests(a, items, 400, 4);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(bins[i].nitems, 100);
		assert_int_equal(bins[i].weight, 6 * MINUTE_MS);
	}
}

static uint64_t
next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *seed >> 33;
}

static void
shuffle(struct split_item *items, uint32_t n, uint64_t *seed)
{
	for (uint32_t i = n; i > 1; i--) {
		uint32_t k = (uint32_t)(next_random(seed) % i);
		struct split_item swapped = items[k];
		items[k] = items[i - 1];
		items[i - 1] = swapped;
	}
}

static void
check_split(const struct split_item *items, uint32_t n, uint32_t total)
{
	struct split_bin *bins = split_tests(a, items, n, total);
	unsigned *times = NEW_ARRAY(a, unsigned, n + 1);
	int64_t heaviest = 0, least = INT64_MAX, most = 0;
	for (uint32_t i = 0; i < total; i++) {
		int64_t sum = 0;
		for (uint32_t k = 0; k < bins[i].nitems; k++) {
			const struct split_item *item = &items[bins[i].items[k]];
			assert_in_range(bins[i].items[k], 0, n - 1);
			times[bins[i].items[k]]++;
			sum += item->weight;
			if (item->weight > heaviest)
				heaviest = item->weight;
			assert_true(k == 0 || items[bins[i].items[k - 1]].weight >= item->weight);
		}
		assert_int_equal(sum, bins[i].weight);
		least = sum < least ? sum : least;
		most = sum > most ? sum : most;
	}
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(times[i], 1);
	/* What is put on top of the lightest bin is never more than one item. */
	assert_true(most - least <= heaviest);
}

/* Every name is in one bin, and the order in which they are given does not matter. */
static void
any_list(void **state)
{
	(void)state;
	uint64_t seed = 7;
	for (int round = 0; round < 500; round++) {
		struct arena_mark mark = arena_mark(a);
		uint32_t n = (uint32_t)(next_random(&seed) % 200);
		uint32_t total = 1 + (uint32_t)(next_random(&seed) % 12);
		uint64_t span = 1 + next_random(&seed) % 50;
		struct split_item *items = NEW_ARRAY(a, struct split_item, n + 1);
		for (uint32_t i = 0; i < n; i++)
			items[i] = (struct split_item){
				str_printf(a, "t%u", (unsigned)(next_random(&seed) % 300)),
				(int64_t)(next_random(&seed) % span)};
		check_split(items, n, total);
		const char *before = shown(items, split_tests(a, items, n, total), total);
		shuffle(items, n, &seed);
		assert_string_equal(shown(items, split_tests(a, items, n, total), total), before);
		arena_reset(a, mark);
	}
}

/* ---- files by pattern -------------------------------------------------------------------- */

static char root[] = "/tmp/ccx-glob.XXXXXX";

static void
touch(const char *path)
{
	char folder[256];
	for (size_t i = 0; path[i]; i++)
		if (path[i] == '/') {
			snprintf(folder, sizeof folder, "%.*s", (int)i, path);
			mkdir(folder, 0777);
		}
	int fd = open(path, O_WRONLY | O_CREAT, 0666);
	assert_true(fd >= 0);
	close(fd);
}

static int
make_tree(void **state)
{
	static const char *const files[] = {"a.ts", "b.js", ".hidden.ts", "src/c.ts", "src/d.tsx",
		"src/lib/e.ts", "src/lib/.f.ts", "src/[x]/g.ts", "src/\xc3\xa9.ts", "src/\xff.ts",
		"src/a b.ts", "src/lib/src/h.ts", "src/brace{1}.ts", "src/star*.ts"};
	setup(state);
	strcpy(root, "/tmp/ccx-glob.XXXXXX");
	if (!mkdtemp(root) || chdir(root) != 0)
		return -1;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		touch(files[i]);
	return symlink("..", "src/up") | symlink("src", "link") | symlink("nowhere", "dangling");
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static int
drop_tree(void **state)
{
	nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return teardown(state);
}

static const struct {
	const char *pattern, *found;
} globs[] = {
	{"*.ts", ".hidden.ts,a.ts"},
	{"./*.ts", ".hidden.ts,a.ts"},
	{"a.ts", "a.ts"},
	{"none.ts", ""},
	{"src/lib", "src/lib"},
	{"src//lib/", "src/lib"},
	{"?.{ts,js}", "a.ts,b.js"},
	{"{b,a}.*", "a.ts,b.js"},
	{"[a-b].??", "a.ts,b.js"},
	{"[^a].js", "b.js"},
	{"[!a].js", "b.js"},
	{"[b-a].js", ""},
	{"src/?.ts", "src/c.ts,src/\xc3\xa9.ts,src/\xff.ts"},
	{"src/[\xc3\xa0-\xc3\xbf].ts", "src/\xc3\xa9.ts"},
	{"src/[c\xc3\xa9].ts", "src/c.ts,src/\xc3\xa9.ts"},
	{"src/a\\ b.ts", "src/a b.ts"},
	{"src/\\[x\\]/*", "src/[x]/g.ts"},
	{"src/brace\\{1\\}*", "src/brace{1}.ts"},
	{"src/star\\**", "src/star*.ts"},
	/* Below two stars folders come first, then what fits. */
	{"**/c.ts", "src/c.ts"},
	{"src/**/[ceh].ts", "src/lib/src/h.ts,src/lib/e.ts,src/c.ts"},
	{"src/lib/**", "src/lib/.f.ts,src/lib/e.ts,src/lib/src,src/lib/src/h.ts"},
	{"**/*.js", "b.js"},
	/* Links are followed where the pattern names them, but not below two stars. */
	{"link/c.ts", "link/c.ts"},
	{"l*/c.ts", "link/c.ts"},
	{"src/up/src/up/a.ts", "src/up/src/up/a.ts"},
	{"**/a.ts", "a.ts"},
	{"dangling", "dangling"},
	/* Nothing is found twice. */
	{"**/**/h.ts", "src/lib/src/h.ts"},
	{"**/src/**/h.ts", "src/lib/src/h.ts"},
	{"**/src/**/*.tsx", "src/d.tsx"},
	{"**/lib/**/**/*.ts", "src/lib/src/h.ts,src/lib/.f.ts,src/lib/e.ts"},
	{"src/**/../a.ts", "a.ts"},
	{"**/../b.js", "b.js"},
	{"*/../b.js", "b.js"},
	{"src/../a.ts", "a.ts"},
	{"src/{lib/e,c}.ts", "src/lib/e.ts,src/c.ts"},
	{"{src/{lib/e,c},a}.ts", "src/lib/e.ts,src/c.ts,a.ts"},
	{"{,src/}c.ts", "src/c.ts"},
	{"src/c.{t{s,sx},j}", "src/c.ts"},
	{"a**b", ""},
	{"**.js", "b.js"},
	{"*a*.*s*", "a.ts"},
	{"", ""},
	{"../ccx-none*", ""},
	/* malformed */
	{"[a", "!a \"[\" without characters or \"]\""},
	{"[]", "!a \"[\" without characters or \"]\""},
	{"src/[^]", "!a \"[\" without characters or \"]\""},
	{"{a,b", "!a \"{\" that is not closed"},
	{"{a,{b}", "!a \"{\" that is not closed"},
	{"a\\", "!a \"\\\" at its end"},
};

static const char *
found_by(const char *pattern)
{
	struct globbed g = {0};
	struct sb b = {.a = a};
	if (!glob_files(a, str_of(pattern), &g)) {
		sb_printf(&b, "!%.*s", STR_ARG(g.error));
		return str_copy(a, sb_str(&b)).s;
	}
	for (uint32_t i = 0; i < g.paths.n; i++)
		sb_printf(&b, "%s%.*s", i ? "," : "", STR_ARG(g.paths.v[i]));
	return str_copy(a, sb_str(&b)).s;
}

static void
patterns(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof globs / sizeof *globs; i++)
		if (strcmp(found_by(globs[i].pattern), globs[i].found) != 0)
			fail_msg("%s: %s", globs[i].pattern, found_by(globs[i].pattern));
}

/* Names that are no paths: "[" and "\" are characters as others. */
static void
names_that_fit(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *name;
		bool fits;
	} cases[] = {{"", "", true}, {"", "a", false}, {"*", "", true}, {"**", "a/b", true},
		{"test-*-linux", "test-go-1.22-linux", true}, {"test-*-linux", "test-linux", false},
		{"*-a-*", "b-a-a-c", true}, {"*ab", "aab", true}, {"*ab", "aba", false},
		{"?", "", false}, {"?", "/", true}, {"t?st", "t\xc3\xa4st", true},
		{"t?st", "t\xffst", true}, {"t?st", "taast", false}, {"t??st", "taast", true},
		{"[a]", "a", false}, {"[a]*", "[a]b", true}, {"a\\*", "a\\b", true},
		{"a\\*", "a*", false}, {"{a,b}", "a", false}, {"\xc3*", "\xc3\xa4", false}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (glob_fits(str_of(cases[i].pattern), str_of(cases[i].name)) != cases[i].fits)
			fail_msg("%s: %s", cases[i].pattern, cases[i].name);
}

static void
absolute_patterns(void **state)
{
	(void)state;
	struct str pattern = str_printf(a, "%s/s*/lib/e.ts", root);
	assert_string_equal(found_by(pattern.s), str_printf(a, "%s/src/lib/e.ts", root).s);
	assert_string_equal(found_by("/"), "/");
	assert_string_equal(found_by("."), ".");
	assert_string_equal(found_by("/.."), "/");
}

/* Stars that would take turns for ever, braces that multiply, names with NUL. */
static void
hostile_patterns(void **state)
{
	(void)state;
	struct sb stars = {.a = a}, braces = {.a = a}, deep = {.a = a};
	char name[200];
	memset(name, 'a', sizeof name);
	memcpy(name + 190, ".zz", 4);
	touch(name);
	for (int i = 0; i < 100; i++)
		sb_puts(&stars, "*a");
	sb_puts(&stars, "*b");
	assert_string_equal(found_by(str_copy(a, sb_str(&stars)).s), "");
	for (int i = 0; i < 40; i++)
		sb_puts(&braces, "{a,b}");
	assert_string_equal(
		found_by(str_copy(a, sb_str(&braces)).s), "!more alternatives than ccx looks at");
	for (int i = 0; i < 1000; i++)
		sb_puts(&deep, "{");
	assert_string_equal(
		found_by(str_copy(a, sb_str(&deep)).s), "!braces that are nested too deeply");
	sb_chars(&deep, 'a', LIMIT_PATTERN_SOURCE);
	assert_string_equal(found_by(str_copy(a, sb_str(&deep)).s), "!it is too long");
	struct globbed g = {0};
	assert_false(glob_files(a, STR("a\0b"), &g));
	struct sb twice = {.a = a};
	for (int i = 0; i < 50; i++)
		sb_puts(&twice, "**/src/../");
	sb_puts(&twice, "**/none");
	assert_string_equal(found_by(str_copy(a, sb_str(&twice)).s), "");
}

static void
deep_folders(void **state)
{
	(void)state;
	struct sb path = {.a = a};
	for (int i = 0; i < LIMIT_GLOB_DEPTH + 10; i++) {
		sb_puts(&path, i ? "/d" : "d");
		assert_int_equal(mkdir(str_copy(a, sb_str(&path)).s, 0777), 0);
	}
	assert_string_equal(found_by("**/none"), "!it leads to folders that are nested too deeply");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(worked_examples, setup, teardown),
		cmocka_unit_test_setup_teardown(four_hundred, setup, teardown),
		cmocka_unit_test_setup_teardown(any_list, setup, teardown),
		cmocka_unit_test_setup_teardown(patterns, make_tree, drop_tree),
		cmocka_unit_test(names_that_fit),
		cmocka_unit_test_setup_teardown(absolute_patterns, make_tree, drop_tree),
		cmocka_unit_test_setup_teardown(hostile_patterns, make_tree, drop_tree),
		cmocka_unit_test_setup_teardown(deep_folders, make_tree, drop_tree),
	};
	return cmocka_run_group_tests_name("timings_split", tests, NULL, NULL);
}
