/* SPDX-License-Identifier: MIT */
/* The cache of orbs: ages, broken entries, many writers, and no room to write. */
#include "ccx/orb.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

enum { NOW = 1000000, WRITERS = 50 };

struct world {
	struct arena *a;
	char dir[64];
	struct orb_cache cache;
};

static int
set_up(void **state)
{
	struct arena *a = arena_new();
	struct world *w = NEW(a, struct world);
	w->a = a;
	strcpy(w->dir, "/tmp/ccx-cache.XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	w->cache = (struct orb_cache){
		.dir = str_printf(a, "%s/new/circleci.com", w->dir), .max_age = -1, .now = NOW};
	*state = w;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *w = *state;
	int status = system(str_printf(w->a, "rm -rf %s", w->dir).s);
	arena_free(w->a);
	return status;
}

static struct orb_ref
ref_of(const char *text)
{
	struct orb_ref ref;
	const char *why;
	assert_true(orb_ref_parse(str_of(text), &ref, &why));
	return ref;
}

static void
put(struct world *w, const char *ref, const char *exact, const char *text)
{
	struct orb_ref r = ref_of(ref);
	struct orb_found found = {.exact = str_of(exact), .text = str_of(text)};
	orb_cache_put(&w->cache, w->a, &r, &found);
}

static bool
get(struct world *w, const char *ref, bool stale, struct orb_found *found)
{
	struct orb_ref r = ref_of(ref);
	return orb_cache_get(&w->cache, w->a, &r, stale, found);
}

static const struct {
	const char *ref, *exact;
	int64_t fresh, old; /* seconds later: still there, not any more; 0: never too old */
} lives[] = {
	{"circleci/node@5.2.1", "5.2.1", 1000000000, 0},
	{"circleci/node@5.2", "5.2.1", 3599, 3600},
	{"circleci/node@5", "5.2.1", 3599, 3600},
	{"circleci/node@volatile", "6.0.0", 3599, 3600},
	{"circleci/node", "6.0.0", 3599, 3600},
	{"circleci/node@dev:alpha", "dev:alpha", 299, 300},
	{"circleci/node@dev:a/B.c", "dev:a/B.c", 299, 300},
	{"https://x.example/a/../b.yml?c=d", "", 299, 300},
};

static void
entries_live_by_kind(void **state)
{
	struct world *w = *state;
	struct orb_found found;
	for (size_t i = 0; i < sizeof lives / sizeof *lives; i++) {
		w->cache.now = NOW;
		assert_false(get(w, lives[i].ref, true, &found));
		put(w, lives[i].ref, lives[i].exact, "version: 2.1\n");
		w->cache.now = NOW + lives[i].fresh;
		assert_true(get(w, lives[i].ref, false, &found));
		assert_true(str_is(found.exact, lives[i].exact));
		assert_true(str_is(found.text, "version: 2.1\n"));
		if (!lives[i].old) {
			put(w, "circleci/node@9.9.9", "9.9.9", "");
			continue;
		}
		w->cache.now = NOW + lives[i].old;
		assert_false(get(w, lives[i].ref, false, &found));
		assert_true(get(w, lives[i].ref, true, &found));
		w->cache.now = NOW - 10; /* a clock that was set back */
		assert_false(get(w, lives[i].ref, false, &found));
		if (strcmp(lives[i].ref, "circleci/node@volatile") == 0) {
			struct str rm = str_printf(w->a, "rm -r %s/new", w->dir);
			assert_int_equal(system(rm.s), 0); /* the next is the same reference */
		}
	}
}

static void
age_can_be_set(void **state)
{
	struct world *w = *state;
	struct orb_found found;
	put(w, "circleci/node@5", "5.2.1", "a: 1\n");
	put(w, "circleci/node@5.2.1", "5.2.1", "a: 1\n");
	w->cache.max_age = 0;
	assert_false(get(w, "circleci/node@5", false, &found));
	assert_true(get(w, "circleci/node@5.2.1", false, &found));
	w->cache.max_age = 10;
	w->cache.now = NOW + 9;
	assert_true(get(w, "circleci/node@5", false, &found));
}

static void
overwrite(struct world *w, struct str text)
{
	struct str path = path_join(w->a, w->cache.dir, STR("circleci/node/5.2.1.orb"));
	assert_true(file_write(path.s, text));
}

static void
broken_entries_are_none(void **state)
{
	struct world *w = *state;
	struct orb_found found;
	struct str path = path_join(w->a, w->cache.dir, STR("circleci/node/5.2.1.orb")), whole;
	put(w, "circleci/node@5.2.1", "5.2.1", "jobs: {}\n");
	assert_true(file_read(w->a, path.s, 4096, &whole));
	for (size_t i = 0; i < whole.len;
		i++) { /* cut short anywhere, then a bit flipped anywhere */
		overwrite(w, str_sub(whole, 0, i));
		assert_false(get(w, "circleci/node@5.2.1", true, &found));
		char *copy = (char *)str_copy(w->a, whole).s;
		copy[i] ^= 1;
		overwrite(w, (struct str){copy, whole.len});
		assert_false(get(w, "circleci/node@5.2.1", true, &found));
	}
	overwrite(w, whole);
	assert_true(get(w, "circleci/node@5.2.1", false, &found));
	/* Another orb's entry, whole in itself, in its place. */
	put(w, "circleci/node@5.2.2", "5.2.2", "jobs: {}\n");
	struct str other = path_join(w->a, w->cache.dir, STR("circleci/node/5.2.2.orb"));
	assert_int_equal(rename(other.s, path.s), 0);
	assert_false(get(w, "circleci/node@5.2.1", true, &found));
}

static void
unwritable_is_no_error(void **state)
{
	struct world *w = *state;
	struct orb_found found;
	struct str file = str_printf(w->a, "%s/file", w->dir);
	assert_true(file_write(file.s, STR("")));
	w->cache.dir = str_printf(w->a, "%s/below", file.s);
	put(w, "circleci/node@5.2.1", "5.2.1", "jobs: {}\n");
	assert_false(get(w, "circleci/node@5.2.1", true, &found));
	w->cache.dir = STR("/proc/none");
	put(w, "circleci/node@5.2.1", "5.2.1", "jobs: {}\n");
	assert_false(get(w, "circleci/node@5.2.1", true, &found));
}

/* Half of them are killed at some point; whoever reads meanwhile sees a whole entry or none. */
static void
many_writers(void **state)
{
	struct world *w = *state;
	struct sb text = {.a = w->a};
	pid_t pids[WRITERS];
	sb_chars(&text, 'x', 200000);
	put(w, "circleci/node@5.2.1", "5.2.1", sb_str(&text).s);
	for (int i = 0; i < WRITERS; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			struct orb_found found;
			for (int k = 0; k < 20; k++) {
				put(w, "circleci/node@5.2.1", "5.2.1", sb_str(&text).s);
				if (!get(w, "circleci/node@5.2.1", false, &found) ||
					found.text.len != text.len)
					_exit(1);
			}
			_exit(0);
		}
		assert_true(pids[i] > 0);
	}
	for (int i = 0; i < WRITERS; i++) {
		int status;
		if (i % 2)
			kill(pids[i], SIGKILL);
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		if (WIFEXITED(status))
			assert_int_equal(WEXITSTATUS(status), 0);
	}
	struct orb_found found;
	assert_true(get(w, "circleci/node@5.2.1", false, &found));
	assert_int_equal(found.text.len, text.len);
}

static void
leftovers_are_swept(void **state)
{
	struct world *w = *state;
	struct str dir = path_join(w->a, w->cache.dir, STR("circleci/node"));
	put(w, "circleci/node@5.2.1", "5.2.1", "a: 1\n");
	struct str left = path_join(w->a, dir, STR("5.2.1.orb.Ab3dE9"));
	assert_true(file_write(left.s, STR("half")));
	struct stat st;
	assert_int_equal(stat(left.s, &st), 0);
	w->cache.now = (int64_t)st.st_mtime + 10;
	put(w, "circleci/node@5.2.2", "5.2.2", "a: 1\n");
	assert_true(file_exists(left.s)); /* somebody may still be writing it */
	w->cache.now = (int64_t)st.st_mtime + 4000;
	put(w, "circleci/node@5.2.2", "5.2.2", "a: 1\n");
	assert_false(file_exists(left.s));
	assert_true(file_exists(path_join(w->a, dir, STR("5.2.1.orb")).s));
}

static void
source_uses_any_age(void **state)
{
	struct world *w = *state;
	struct orb_store store;
	struct orb_found found;
	struct orb_ref dev = ref_of("circleci/node@dev:x"), url = ref_of("https://x.example/o.yml");
	put(w, "circleci/node@dev:x", "dev:x", "a: 1\n");
	put(w, "https://x.example/p.yml", "", "");
	w->cache.now = NOW + 100000000;
	orb_store_init(&store, w->a);
	orb_store_add_cache(&store, &w->cache);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(orb_find(&store, &dev, &found), ORB_FOUND);
		assert_true(str_is(found.text, "a: 1\n"));
		assert_true(str_starts(found.origin, w->cache.dir));
	}
	assert_int_equal(orb_find(&store, &url, &found), ORB_MISSING);
	url = ref_of("https://x.example/p.yml");
	assert_int_equal(orb_find(&store, &url, &found), ORB_FOUND);
	assert_int_equal(found.exact.len, 0);
}

static const struct {
	const char *newest, *segment, *next;
} bumps[] = {
	{"1.2.3", "major", "2.0.0"},
	{"1.2.3", "minor", "1.3.0"},
	{"1.2.3", "patch", "1.2.4"},
	{NULL, "patch", "0.0.1"},
	{NULL, "major", "1.0.0"},
	{"4294967295.0.0", "major", "4294967296.0.0"},
	{"1.2.3", "huge", NULL},
	{"99999999999.0.0", "major", NULL},
};

static void
next_versions(void **state)
{
	struct world *w = *state;
	for (size_t i = 0; i < sizeof bumps / sizeof *bumps; i++) {
		struct registry_version v[] = {
			{str_of(bumps[i].newest), STR("")}, {STR("0.9.0"), STR("")}};
		struct registry_orb orb = {.versions = v, .nversions = bumps[i].newest ? 2 : 0};
		struct str next;
		bool ok = orb_next_version(w->a, &orb, str_of(bumps[i].segment), &next);
		assert_int_equal(ok, bumps[i].next != NULL);
		if (ok)
			assert_string_equal(next.s, bumps[i].next);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(entries_live_by_kind, set_up, tear_down),
		cmocka_unit_test_setup_teardown(age_can_be_set, set_up, tear_down),
		cmocka_unit_test_setup_teardown(broken_entries_are_none, set_up, tear_down),
		cmocka_unit_test_setup_teardown(unwritable_is_no_error, set_up, tear_down),
		cmocka_unit_test_setup_teardown(many_writers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(leftovers_are_swept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(source_uses_any_age, set_up, tear_down),
		cmocka_unit_test_setup_teardown(next_versions, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
