/* SPDX-License-Identifier: MIT */
#include "ccx/base.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

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

#define assert_str(v, text) assert_true(str_is((v), (text)))

/* ---- arenas ------------------------------------------------------------------------------ */

static void
arena_memory_is_zeroed_and_aligned(void **state)
{
	for (size_t size = 1; size < 5000; size = size * 3 + 1) {
		unsigned char *p = arena_alloc(*state, size);
		assert_int_equal((uintptr_t)p % sizeof(long double), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, size);
	}
}

static void
arena_reset_drops_what_came_after(void **state)
{
	struct arena *a = *state;
	char *kept = str_copy(a, STR("kept")).s ? (char *)arena_alloc(a, 8) : NULL;
	memcpy(kept, "before", 7);
	size_t used = arena_used(a);
	struct arena_mark mark = arena_mark(a);
	for (int i = 0; i < 100; i++)
		arena_alloc(a, 100000);
	assert_true(arena_used(a) > used + 100 * 100000 - 1);
	arena_reset(a, mark);
	assert_int_equal(arena_used(a), used);
	assert_string_equal(kept, "before");
	unsigned char *again = arena_alloc(a, 64);
	for (int i = 0; i < 64; i++)
		assert_int_equal(again[i], 0);
}

static void
arena_grow_keeps_the_content(void **state)
{
	struct arena *a = *state;
	char *p = arena_grow(a, NULL, 0, 10);
	memcpy(p, "0123456789", 10);
	char *last = arena_grow(a, p, 10, 1000);
	assert_ptr_equal(p, last); /* the last allocation grows in place */
	arena_alloc(a, 1);
	char *moved = arena_grow(a, last, 1000, 3000);
	assert_ptr_not_equal(moved, last);
	assert_memory_equal(moved, "0123456789", 10);
	char *big = arena_grow(a, NULL, 0, 2 << 20);
	memset(big, 'x', 2 << 20);
	big = arena_grow(a, big, 2 << 20, 8 << 20);
	assert_int_equal(big[(2 << 20) - 1], 'x');
}

/* ---- text -------------------------------------------------------------------------------- */

static void
views_compare_by_bytes(void **state)
{
	(void)state;
	assert_true(str_eq(STR(""), (struct str){NULL, 0}));
	assert_true(str_cmp(STR("a"), STR("ab")) < 0);
	assert_true(str_cmp(STR("b"), STR("ab")) > 0);
	assert_int_equal(str_cmp(STR("a\0b"), STR("a\0b")), 0);
	assert_true(str_cmp(STR("a\0a"), STR("a\0b")) < 0);
	assert_true(str_starts(STR("pipeline.id"), STR("pipeline.")));
	assert_false(str_starts(STR("pipe"), STR("pipeline.")));
	assert_true(str_ends(STR("config.yml"), STR(".yml")));
	assert_false(str_ends(STR("yml"), STR(".yml")));
}

static void
find_stays_inside(void **state)
{
	(void)state;
	struct str text = STR("<< a >> and << b");
	assert_int_equal(str_find(text, STR("<<"), 0), 0);
	assert_int_equal(str_find(text, STR("<<"), 1), 12);
	assert_int_equal(str_find(text, STR("<<"), 13), SIZE_MAX);
	assert_int_equal(str_find(text, STR(""), 3), 3);
	assert_int_equal(str_find(STR("ab"), STR("abc"), 0), SIZE_MAX);
	assert_int_equal(str_find(STR(""), STR("a"), 5), SIZE_MAX);
	assert_str(str_sub(text, 3, 4), "a");
	assert_str(str_sub(text, 14, 99), " b");
	assert_str(str_sub(text, 50, 60), "");
	assert_str(str_trim(STR(" \t\r\n x y \n")), "x y");
	assert_str(str_trim(STR(" \n ")), "");
}

static void
builders_build(void **state)
{
	struct sb b = {.a = *state};
	assert_str(sb_str(&b), "");
	for (int i = 0; i < 1000; i++)
		sb_printf(&b, "%d,", i % 10);
	assert_int_equal(b.len, 2000);
	sb_chars(&b, ' ', 3);
	sb_char(&b, '!');
	assert_true(str_ends(sb_str(&b), STR("9,   !")));
	struct str parts[] = {STR("a"), STR(""), STR("c")};
	assert_str(str_join(*state, parts, 3, ", "), "a, , c");
	assert_str(str_join(*state, parts, 0, ", "), "");
	assert_str(str_printf(*state, "%s-%d", "x", 7), "x-7");
}

/* ---- maps -------------------------------------------------------------------------------- */

static void
maps_keep_order_at_any_size(void **state)
{
	struct map m = {0};
	static int values[5000];
	for (int i = 0; i < 5000; i++)
		map_put(*state, &m, str_printf(*state, "key%d", i), &values[i]);
	assert_int_equal(m.n, 5000);
	for (int i = 0; i < 5000; i += 7) {
		struct str key = str_printf(*state, "key%d", i);
		assert_ptr_equal(map_get(&m, key), &values[i]);
		assert_true(str_eq(m.v[i].key, key));
	}
	assert_null(map_get(&m, STR("key5000")));
	map_put(*state, &m, STR("key3"), &values[9]);
	assert_int_equal(m.n, 5000);
	assert_ptr_equal(m.v[3].value, &values[9]);
	struct map empty = {0};
	assert_false(map_has(&empty, STR("")));
}

/* ---- UTF-8 ------------------------------------------------------------------------------- */

static void
utf8_is_checked_as_rfc_3629_has_it(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t len, bad;
	} rows[] = {
		{"plain", 5, SIZE_MAX}, {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x8f\x97", 9, SIZE_MAX},
		{"a\xc0\x80", 3, 1},        /* overlong */
		{"\xe0\x80\x80", 3, 0},     /* overlong */
		{"\xed\xa0\x80", 3, 0},     /* surrogate */
		{"\xf4\x90\x80\x80", 4, 0}, /* above U+10FFFF */
		{"ok\xe2\x82", 4, 2},       /* cut short */
		{"\x80", 1, 0},             /* continuation alone */
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(
			utf8_invalid((struct str){rows[i].text, rows[i].len}), rows[i].bad);
	assert_int_equal(utf8_count(STR("h\xc3\xa9llo \xff")), 7);
	assert_int_equal(utf8_columns('a'), 1);
	assert_int_equal(utf8_columns(0x65e5), 2);
	assert_int_equal(utf8_columns(0x1f3d7), 2);
	assert_int_equal(utf8_columns(0x301), 0);
	assert_int_equal(utf8_width(STR("a\xe6\x97\xa5\n\xff")), 5);
	assert_int_equal(utf8_head(STR("a\xe6\x97\xa5z"), 2).len, 1);
	assert_int_equal(utf8_head(STR("a\xe6\x97\xa5z"), 3).len, 4);
	assert_int_equal(utf8_head(STR("ab"), 9).len, 2);
}

static void
utf8_round_trips(void **state)
{
	static const uint32_t points[] = {
		0x24, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff};
	for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
		struct sb b = {.a = *state};
		size_t at = 0;
		utf8_put(&b, points[i]);
		assert_int_equal(utf8_next(sb_str(&b), &at), points[i]);
		assert_int_equal(at, b.len);
	}
}

/* ---- nearest name ------------------------------------------------------------------------ */

static struct str
nearest(const char *wanted, const char *const *from)
{
	struct nearest n = {.wanted = str_of(wanted)};
	for (; *from; from++)
		nearest_try(&n, str_of(*from));
	return n.best;
}

static void
nearest_finds_typos_and_no_strangers(void **state)
{
	(void)state;
	static const char *const jobs[] = {"build", "test", "deploy", "release", NULL};
	assert_str(nearest("biuld", jobs), "build");
	assert_str(nearest("Build", jobs), "build");
	assert_str(nearest("depoly", jobs), "deploy");
	assert_str(nearest("tst", jobs), "test");
	assert_str(nearest("lint", jobs), "");
	assert_str(nearest("", jobs), "");
	assert_str(nearest("x", jobs), "");
}

/* ---- files ------------------------------------------------------------------------------- */

static void
files_are_replaced_whole(void **state)
{
	char dir[] = "/tmp/ccx-base-XXXXXX", path[64];
	struct str text;
	struct stat st;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/file", dir);
	assert_true(file_write(path, STR("one\n")));
	assert_int_equal(chmod(path, 0640), 0);
	assert_true(file_write(path, STR("two\n")));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_true(file_read(*state, path, 100, &text));
	assert_str(text, "two\n");
	assert_false(file_read(*state, path, 3, &text));
	assert_int_equal(errno, EFBIG);
	assert_false(file_read(*state, dir, 100, &text));
	assert_int_equal(errno, EISDIR);
	assert_int_equal(unlink(path), 0);
	assert_false(file_read(*state, path, 100, &text));
	assert_int_equal(errno, ENOENT);
	assert_int_equal(rmdir(dir), 0); /* nothing was left beside the file */
	assert_false(file_write(path, STR("no such directory")));
}

static void
paths_join_and_split(void **state)
{
	assert_str(path_join(*state, STR("a"), STR("b")), "a/b");
	assert_str(path_join(*state, STR("a/"), STR("b")), "a/b");
	assert_str(path_join(*state, STR(""), STR("b")), "b");
	assert_str(path_join(*state, STR("a"), STR("/b")), "/b");
	assert_str(path_dir(STR("a/b/c")), "a/b");
	assert_str(path_dir(STR("c")), ".");
	assert_str(path_dir(STR("/c")), "/");
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(arena_memory_is_zeroed_and_aligned),
		TEST(arena_reset_drops_what_came_after),
		TEST(arena_grow_keeps_the_content),
		TEST(views_compare_by_bytes),
		TEST(find_stays_inside),
		TEST(builders_build),
		TEST(maps_keep_order_at_any_size),
		TEST(utf8_is_checked_as_rfc_3629_has_it),
		TEST(utf8_round_trips),
		TEST(nearest_finds_typos_and_no_strangers),
		TEST(files_are_replaced_whole),
		TEST(paths_join_and_split),
	};
	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
