/* SPDX-License-Identifier: MIT */
/* The lock: what is written is read back, and nothing else is believed. */
#include "ccx/orb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define HEAD "version: 1\nconfigs: [config.yml]\n"
#define REST "from: directory, sha256: " HASH "}\n"

struct world {
	struct arena *a;
	struct sources sources;
	struct diag_list diags;
	struct orb_lock lock;
};

static bool
read_lock(struct world *w, struct str text)
{
	w->a = arena_new();
	sources_init(&w->sources, w->a);
	diag_init(&w->diags, w->a);
	uint32_t file = source_add(&w->sources, STR("ccx.lock"), text);
	return orb_lock_read(w->a, &w->sources, file, &w->diags, &w->lock);
}

static void
reads_what_it_writes(void **state)
{
	static const char *const refs[][2] = {{"acme/tool@volatile", "12.0.3"},
		{"acme/tool@dev:1e3", "dev:1e3"}, {"acme/tool@1", "1.4.0"},
		{"acme/tool@1.3", "1.3.9"}, {"acme/base@2.0.0", "2.0.0"},
		{"https://x.example/o.yml", ""}};
	static const char *const sorted[] = {"acme/base@2.0.0", "acme/tool@1", "acme/tool@1.3",
		"acme/tool@dev:1e3", "acme/tool@volatile", "https://x.example/o.yml"};
	enum { N = sizeof refs / sizeof *refs };
	struct arena *a = arena_new();
	struct orb_lock lock = {0};
	struct world w;
	(void)state;
	for (size_t i = 0; i < N; i++) {
		struct orb_lock_entry e = {.ref = str_of(refs[i][0]),
			.exact = str_of(refs[i][1]),
			.from = STR("https://circleci.com"),
			/* Digits only, and digits with one e: still texts. */
			.sha256 = i % 2 ? sha256_hex(a, str_of(refs[i][0]))
					: STR("1e34567890123456789012345678901234567890123456789"
					      "012345678901234")};
		orb_lock_add(a, &lock, &e);
		orb_lock_add(a, &lock, &e);
	}
	vec_push(a, &lock.configs, STR("config.yml"));
	vec_push(a, &lock.configs, STR("on"));
	struct sb first = {.a = a}, second = {.a = a};
	orb_lock_print(&first, &lock);
	assert_true(read_lock(&w, sb_str(&first)));
	assert_int_equal(w.lock.index.n, N);
	assert_int_equal(w.lock.configs.n, 2);
	for (size_t i = 0; i < N; i++) {
		const struct orb_lock_entry *e = orb_lock_find(&w.lock, str_of(refs[i][0]));
		assert_non_null(e);
		assert_true(str_is(e->exact, refs[i][1]));
		assert_true(str_is(e->pinned.version, refs[i][1]));
		assert_true(str_is(w.lock.index.v[i].key, sorted[i]));
	}
	orb_lock_print(&second, &w.lock);
	assert_true(str_eq(sb_str(&first), sb_str(&second)));
	arena_free(w.a);
	arena_free(a);
}

static void
believes_nothing_else(void **state)
{
	static const char *const bad[] = {
		"",
		"[]",
		"- a",
		"version: 1",
		"version: 1\norbs: []",
		"version: '1'\norbs: {}",
		"version: 2\norbs: {}",
		"orbs: {}",
		"version: 1\norbs: {",
		"version: 1\norbs: \x01",
		HEAD "orbs: {acme/tool@1: }",
		HEAD "orbs: {acme/tool@1: [a]}",
		HEAD "orbs: {acme/tool@1: {version: 1.0.0, from: directory}}",
		HEAD "orbs: {acme/tool@1: {version: 1.0.0, from: directory, sha256: 12}}",
		HEAD "orbs: {acme/tool@1: {version: 1.0.0, from: directory, sha256: abcd}}",
		HEAD "orbs: {acme/tool@1: {version: 2.0.0, " REST "}",
		HEAD "orbs: {acme/tool@1: {version: '1.0', " REST "}",
		HEAD "orbs: {acme/tool@1: {version: volatile, " REST "}",
		HEAD "orbs: {acme/tool@1: {version: dev:x, " REST "}",
		HEAD "orbs: {acme/tool@1: {version: ../../../x, " REST "}",
		HEAD "orbs: {acme/tool@1.2.3: {version: 1.2.4, " REST "}",
		HEAD "orbs: {acme/tool@dev:a: {version: dev:b, " REST "}",
		HEAD "orbs: {../tool@1: {version: 1.0.0, " REST "}",
		HEAD "orbs: {'https://x.example/o': {version: 1.0.0, " REST "}",
		HEAD "orbs: {'https://x.example/o': {from: x, sha256: ab}}",
		HEAD "orbs: {'http://x.example/o': {" REST "}",
		HEAD "orbs: {7: {version: 1.0.0, " REST "}",
	};
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct world w;
		if (read_lock(&w, str_of(bad[i])))
			fail_msg("read: %s", bad[i]);
		assert_int_not_equal(w.diags.errors, 0);
		assert_int_equal(w.lock.index.n, 0);
		arena_free(w.a);
	}
}

static void
keeps_what_is_fine(void **state)
{
	struct world w;
	(void)state;
	assert_false(read_lock(&w, STR("version: 1\norbs:\n"
				       "  acme/tool@1: {version: 1.0.0, " REST
				       "  acme/tool@2: {version: 1.0.0, " REST)));
	assert_int_equal(w.diags.errors, 1);
	assert_non_null(orb_lock_find(&w.lock, STR("acme/tool@1")));
	assert_null(orb_lock_find(&w.lock, STR("acme/tool@2")));
	assert_null(orb_lock_find(NULL, STR("acme/tool@1")));
	arena_free(w.a);
}

/* A source that has every version that is asked for. */
static enum orb_result
echo(void *ctx, struct arena *a, const struct orb_ref *ref, struct orb_found *found)
{
	(void)ctx;
	(void)a;
	*found = (struct orb_found){.exact = ref->version, .text = ref->version};
	return ORB_FOUND;
}

static void
decides_what_is_asked_for(void **state)
{
	struct world w;
	struct orb_store store;
	struct orb_ref ref;
	struct orb_found found;
	const char *why;
	(void)state;
	assert_true(read_lock(&w, STR("version: 1\norbs:\n  acme/tool@1: {version: 1.0.7, " REST)));
	orb_store_init(&store, w.a);
	vec_push(w.a, &store.sources, ((struct orb_source){.find = echo}));
	assert_true(orb_ref_parse(STR("acme/tool@1"), &ref, &why));
	assert_int_equal(orb_find(&store, &ref, &found), ORB_FOUND);
	assert_true(str_is(found.exact, "1"));
	store.lock = &w.lock;
	assert_int_equal(orb_find(&store, &ref, &found), ORB_FOUND);
	assert_true(str_is(found.exact, "1.0.7"));
	assert_true(orb_ref_parse(STR("acme/tool@1.0"), &ref, &why));
	assert_int_equal(orb_find(&store, &ref, &found), ORB_FOUND);
	assert_true(str_is(found.exact, "1.0"));
	arena_free(w.a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_it_writes),
		cmocka_unit_test(believes_nothing_else),
		cmocka_unit_test(keeps_what_is_fine),
		cmocka_unit_test(decides_what_is_asked_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
