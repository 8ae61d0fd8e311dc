/* SPDX-License-Identifier: MIT */
/* References, versions, and directories of orbs: each test makes its own under a temporary one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ccx/limits.h"
#include "ccx/orb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct fixture {
	struct arena *a;
	struct orb_store store;
	struct str dir;
};

static int
setup(void **state)
{
	static struct fixture f;
	char dir[] = "/tmp/test_orb.XXXXXX";
	f.a = arena_new();
	if (!mkdtemp(dir))
		return -1;
	f.dir = str_copy(f.a, str_of(dir));
	orb_store_init(&f.store, f.a);
	*state = &f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;
	struct str command = str_printf(f->a, "rm -rf %s", f->dir.s);
	int status = system(command.s);
	arena_free(f->a);
	return status;
}

/* Writes text to a path below the fixture's directory, making the directories on the way. */
static void
put(struct fixture *f, const char *path, const char *text)
{
	char *full = (char *)str_printf(f->a, "%s/%s", f->dir.s, path).s;
	for (char *p = full + f->dir.len + 1; (p = strchr(p, '/')); *p++ = '/') {
		*p = 0;
		mkdir(full, 0777);
	}
	assert_true(file_write(full, str_of(text)));
}

static enum orb_result
find(struct fixture *f, const char *text, struct orb_found *found)
{
	struct orb_ref ref;
	const char *why;
	if (!orb_ref_parse(str_of(text), &ref, &why))
		fail_msg("%s: %s", text, why);
	return orb_find(&f->store, &ref, found);
}

/* Fails unless text is found as version exact with contents body. */
static void
finds(struct fixture *f, const char *text, const char *exact, const char *body)
{
	struct orb_found found;
	enum orb_result result = find(f, text, &found);
	if (result != ORB_FOUND || !str_is(found.exact, exact) || !str_is(found.text, body))
		fail_msg("%s: result %d, version %.*s, text %.*s", text, (int)result,
			STR_ARG(found.exact), STR_ARG(found.text));
}

static void
misses(struct fixture *f, const char *text)
{
	struct orb_found found;
	enum orb_result result = find(f, text, &found);
	if (result != ORB_MISSING)
		fail_msg("%s: result %d, %.*s", text, (int)result, STR_ARG(found.origin));
}

/* Fails unless text is broken, with origin ending and reason as given. */
static void
breaks(struct fixture *f, const char *text, const char *origin, const char *error)
{
	struct orb_found found;
	enum orb_result result = find(f, text, &found);
	if (result != ORB_BROKEN || !str_ends(found.origin, str_of(origin)) ||
		!str_is(found.error, error))
		fail_msg("%s: result %d, origin %.*s, error %.*s", text, (int)result,
			STR_ARG(found.origin), STR_ARG(found.error));
}

/* ---- references -------------------------------------------------------------------------- */

static void
references(void **state)
{
	static const struct {
		const char *text, *ns, *name, *version;
		enum orb_version_kind kind;
		uint32_t part[3];
	} cases[] = {
		{"circleci/node@5.2.1", "circleci", "node", "5.2.1", ORB_EXACT, {5, 2, 1}},
		{"circleci/node@5.2", "circleci", "node", "5.2", ORB_MINOR, {5, 2, 0}},
		{"circleci/node@5", "circleci", "node", "5", ORB_MAJOR, {5, 0, 0}},
		{"circleci/node@0.0.0", "circleci", "node", "0.0.0", ORB_EXACT, {0, 0, 0}},
		{"circleci/node@4294967295", "circleci", "node", "4294967295", ORB_MAJOR,
			{UINT32_MAX, 0, 0}},
		{"circleci/node@volatile", "circleci", "node", "volatile", ORB_VOLATILE, {0}},
		{"circleci/node", "circleci", "node", "volatile", ORB_VOLATILE, {0}},
		{"a-b_9/c1@dev:alpha", "a-b_9", "c1", "dev:alpha", ORB_DEV, {0}},
		{"aa/bb@dev:1.2.3-rc_4", "aa", "bb", "dev:1.2.3-rc_4", ORB_DEV, {0}},
		{"aa/bb@dev:Feature/X", "aa", "bb", "dev:Feature/X", ORB_DEV, {0}},
		{"https://example.com/orb.yml", "", "", "", ORB_URL, {0}},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct orb_ref ref;
		const char *why;
		if (!orb_ref_parse(str_of(cases[i].text), &ref, &why))
			fail_msg("%s: %s", cases[i].text, why);
		assert_null(why);
		assert_true(str_is(ref.text, cases[i].text));
		assert_true(str_is(ref.ns, cases[i].ns));
		assert_true(str_is(ref.name, cases[i].name));
		assert_true(str_is(ref.version, cases[i].version));
		assert_int_equal(ref.kind, cases[i].kind);
		assert_memory_equal(ref.part, cases[i].part, sizeof ref.part);
	}
}

static const struct {
	const char *text, *why;
} fault_cases[] = {
	{"", "it is empty"},
	{"@1", "the namespace and the name before @ are missing"},
	{"node", "it has no namespace"},
	{"node@5", "it has no namespace"},
	{"/node@5", "the namespace before / is missing"},
	{"circleci/@5", "the name after / is missing"},
	{"circleci/", "the name after / is missing"},
	{"a/b/c@5", "it has more than one / before the version"},
	{"../../etc/passwd@1", "it has more than one / before the version"},
	{"../passwd@1", "namespaces and names are made of a-z, 0-9, _ and -"},
	{"circleci/..@1", "namespaces and names are made of a-z, 0-9, _ and -"},
	{"CircleCI/node@5", "namespaces and names are in lower case"},
	{"circleci/Node@5", "namespaces and names are in lower case"},
	{"circleci/no.de@5", "namespaces and names are made of a-z, 0-9, _ and -"},
	{"circleci/n\xc3\xb6@5", "namespaces and names are made of a-z, 0-9, _ and -"},
	{"1circle/node@5", "namespaces and names start with a letter"},
	{"circleci/-node@5", "namespaces and names start with a letter"},
	{"c/node@5", "namespaces and names have at least two characters"},
	{"circleci/n@5", "namespaces and names have at least two characters"},
	{"circleci/node@", "the version after @ is missing"},
	{"circleci/node@1@2", "it has more than one @"},
	{"circleci/node@dev:a@b", "it has more than one @"},
	{"circleci/node@dev:", "the label after dev: is missing"},
	{"circleci/node@dev:a:b", "labels of dev versions are made of a-z, 0-9, dots, _ and -"},
	{"circleci/node@dev", "a dev version is written dev:label"},
	{"circleci/node@latest", "the newest version is called volatile"},
	{"circleci/node@v1.2", "versions have no leading v"},
	{"circleci/node@^1.2", "versions have no range operators: 1.2 means the highest 1.2.z"},
	{"circleci/node@>=1", "versions have no range operators: 1.2 means the highest 1.2.z"},
	{"circleci/node@1.x", "versions have no wildcards: 1.2 means the highest 1.2.z"},
	{"circleci/node@*", "versions have no wildcards: 1.2 means the highest 1.2.z"},
	{"circleci/node@1.2.3-rc.1", "versions have no prerelease or build part"},
	{"circleci/node@1.2.3+5", "versions have no prerelease or build part"},
	{"circleci/node@1.2.3.4", "a version has at most three numbers"},
	{"circleci/node@1.", "a number of the version is missing"},
	{"circleci/node@.1", "a number of the version is missing"},
	{"circleci/node@1..2", "a number of the version is missing"},
	{"circleci/node@4294967296", "a number of the version is too large"},
	{"circleci/node@1.99999999999999999999999", "a number of the version is too large"},
	{"circleci/node@main", "a version is 1, 1.2, 1.2.3, volatile or dev:label"},
	{"circleci/node@Volatile", "a version is 1, 1.2, 1.2.3, volatile or dev:label"},
	{"circleci/node@1/../../2", "a version is 1, 1.2, 1.2.3, volatile or dev:label"},
	{" circleci/node@5", "it holds white space or control characters"},
	{"circleci/node@5\n", "it holds white space or control characters"},
	{"circleci/node@<<x>>", "it still holds an expression"},
	{"http://example.com/x", "orbs are fetched by https:// only"},
	{"https://", "the address ends after https://"},
};

static void
faults(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(fault_cases); i++) {
		struct orb_ref ref;
		const char *why = NULL;
		bool ok = orb_ref_parse(str_of(fault_cases[i].text), &ref, &why);
		if (ok || strcmp(why, fault_cases[i].why) != 0)
			fail_msg("%s: %s", fault_cases[i].text, why ? why : "parsed");
	}
	struct orb_ref ref;
	const char *why;
	assert_false(orb_ref_parse((struct str){"aa/bb@dev:x\0y", 13}, &ref, &why));
	assert_string_equal(why, "it holds white space or control characters");
	assert_false(orb_ref_parse((struct str){0}, &ref, &why));
}

/* ---- versions ---------------------------------------------------------------------------- */

static void
order(void **state)
{
	/* ascending */
	static const char *const sorted[] = {"", "1", "1.2", "1.2.3.4", "1.2.x", "dev:a", "dev:b",
		"0.0.0", "0.0.9", "0.0.10", "0.9.0", "0.10.0", "1.9.3", "1.10.0", "2.0.0", "10.0.0",
		"4294967296.0.0", "99999999999999999999999.0.0"};
	(void)state;
	for (size_t i = 0; i < COUNT(sorted); i++)
		for (size_t j = 0; j < COUNT(sorted); j++) {
			int c = version_cmp(str_of(sorted[i]), str_of(sorted[j]));
			if ((c > 0) - (c < 0) != (i > j) - (i < j))
				fail_msg("%s and %s: %d", sorted[i], sorted[j], c);
		}
	assert_true(version_cmp(STR("01.010.0"), STR("1.9.0")) > 0);
	assert_true(version_cmp(STR("1.02.0"), STR("1.2.0")) != 0);
}

static void
fitting(void **state)
{
	static const struct {
		const char *ref, *exact;
		bool fits;
	} cases[] = {
		{"aa/bb@1.2.3", "1.2.3", true},
		{"aa/bb@1.2.3", "1.2.30", false},
		{"aa/bb@1.2", "1.2.0", true},
		{"aa/bb@1.2", "1.2.99", true},
		{"aa/bb@1.2", "1.20.0", false},
		{"aa/bb@1.2", "2.1.2", false},
		{"aa/bb@1", "1.0.0", true},
		{"aa/bb@1", "10.0.0", false},
		{"aa/bb@0", "0.3.1", true},
		{"aa/bb@0", "4294967296.0.0", false},
		{"aa/bb@0", "18446744073709551616.0.0", false},
		{"aa/bb@volatile", "7.0.1", true},
		{"aa/bb@volatile", "99999999999999999999.0.1", true},
		{"aa/bb@volatile", "dev:alpha", false},
		{"aa/bb@volatile", "1.2", false},
		{"aa/bb@1", "1.x.0", false},
		{"aa/bb@dev:alpha", "dev:alpha", true},
		{"aa/bb@dev:alpha", "dev:alph", false},
		{"aa/bb@dev:1.2.3", "1.2.3", false},
		{"https://example.com/1.2.3", "1.2.3", false},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct orb_ref ref;
		const char *why;
		assert_true(orb_ref_parse(str_of(cases[i].ref), &ref, &why));
		if (version_fits(&ref, str_of(cases[i].exact)) != cases[i].fits)
			fail_msg("%s and %s", cases[i].ref, cases[i].exact);
	}
}

/* ---- directories ------------------------------------------------------------------------- */

static void
resolution(void **state)
{
	struct fixture *f = *state;
	static const char *const versions[] = {
		"0.9.1", "1.2.9", "1.2.10", "1.9.0", "1.10.0", "2.0.0", "dev:alpha", "dev:9.9.9"};
	for (size_t i = 0; i < COUNT(versions); i++)
		put(f, str_printf(f->a, "acme/tool/%s.yml", versions[i]).s, versions[i]);
	put(f, "acme/tool/README.yml", "no version");
	put(f, "acme/tool/3.0.0.yaml", "not the layout");
	put(f, "acme/tool/.4.0.0.yml", "hidden");
	put(f, "acme/tool/5.0.0.yml.orig", "left over");
	orb_store_add_dir(&f->store, f->dir);
	finds(f, "acme/tool@1.2.9", "1.2.9", "1.2.9");
	finds(f, "acme/tool@1.2", "1.2.10", "1.2.10");
	finds(f, "acme/tool@1", "1.10.0", "1.10.0");
	finds(f, "acme/tool@0", "0.9.1", "0.9.1");
	finds(f, "acme/tool@volatile", "2.0.0", "2.0.0");
	finds(f, "acme/tool", "2.0.0", "2.0.0");
	finds(f, "acme/tool@dev:alpha", "dev:alpha", "dev:alpha");
	misses(f, "acme/tool@dev:9");
	misses(f, "acme/tool@1.2.1");
	misses(f, "acme/tool@1.3");
	misses(f, "acme/tool@3");
	misses(f, "acme/tools@1");
	misses(f, "ajax/tool@1");
	misses(f, "https://example.com/tool.yml");
	struct orb_found found;
	assert_int_equal(find(f, "acme/tool@2.0", &found), ORB_FOUND);
	assert_true(str_eq(found.origin, str_printf(f->a, "%s/acme/tool/2.0.0.yml", f->dir.s)));
}

static void
dev_only(void **state)
{
	struct fixture *f = *state;
	put(f, "acme/tool/dev:first.yml", "x");
	orb_store_add_dir(&f->store, f->dir);
	misses(f, "acme/tool@volatile");
	misses(f, "acme/tool@1");
	finds(f, "acme/tool@dev:first", "dev:first", "x");
}

/* Nothing outside the directory is ever read, even through a reference that was not parsed. */
static void
no_escape(void **state)
{
	struct fixture *f = *state;
	put(f, "secret/tool/1.0.0.yml", "secret");
	put(f, "secret/1.0.0.yml", "secret");
	put(f, "orbs/acme/tool/dev:a/b.yml", "in a directory named dev:a");
	orb_store_add_dir(&f->store, path_join(f->a, f->dir, STR("orbs")));
	misses(f, "acme/tool@dev:a/b");
	misses(f, "acme/tool@dev:/../../../secret/tool/1.0.0");
	misses(f, "acme/tool@dev:a/../../../../secret/tool/1.0.0");
	static const struct orb_ref crafted[] = {
		{.ns = {"../secret", 9},
			.name = {"tool", 4},
			.kind = ORB_EXACT,
			.version = {"1.0.0", 5}},
		{.ns = {"..", 2}, .name = {"secret", 6}, .kind = ORB_VOLATILE},
		{.ns = {"acme", 4}, .name = {"..", 2}, .kind = ORB_VOLATILE},
		{.ns = {"acme", 4},
			.name = {"tool", 4},
			.kind = ORB_EXACT,
			.version = {"../../../secret/tool/1.0.0", 26}},
		{.ns = {"", 0}, .name = {"/", 1}, .kind = ORB_MAJOR},
		{.ns = {"acme\0x", 6}, .name = {"tool", 4}, .kind = ORB_VOLATILE},
	};
	for (size_t i = 0; i < COUNT(crafted); i++) {
		struct orb_found found;
		struct str *versions;
		assert_int_equal(orb_find(&f->store, &crafted[i], &found), ORB_MISSING);
		if (crafted[i].kind != ORB_EXACT)
			assert_int_equal(
				orb_versions(&f->store, crafted[i].ns, crafted[i].name, &versions),
				0);
	}
}

static void
broken_files(void **state)
{
	struct fixture *f = *state;
	put(f, "acme/tool/1.0.0.yml", "good");
	put(f, "acme/tool/1.1.0.yml/inside", "");
	put(f, "acme/tool/2.0.0.yml", "");
	put(f, "acme/loop/1.0.0.yml", "");
	put(f, "acme/plain", "");
	const char *big = str_printf(f->a, "%s/acme/tool/3.0.0.yml", f->dir.s).s;
	const char *pipe = str_printf(f->a, "%s/acme/tool/4.0.0.yml", f->dir.s).s;
	const char *loop = str_printf(f->a, "%s/acme/tool/5.0.0.yml", f->dir.s).s;
	put(f, "acme/tool/3.0.0.yml", "");
	assert_int_equal(truncate(big, LIMIT_FILE_BYTES + 1), 0);
	assert_int_equal(mkfifo(pipe, 0666), 0);
	assert_int_equal(symlink("5.0.0.yml", loop), 0);
	orb_store_add_dir(&f->store, f->dir);
	finds(f, "acme/tool@1.0.0", "1.0.0", "good");
	breaks(f, "acme/tool@1", "/acme/tool/1.1.0.yml", "Is a directory");
	finds(f, "acme/tool@2", "2.0.0", "");
	breaks(f, "acme/tool@3.0.0", "/acme/tool/3.0.0.yml", "larger than 16 MiB");
	breaks(f, "acme/tool@4", "/acme/tool/4.0.0.yml", "not a regular file");
	breaks(f, "acme/tool@volatile", "/acme/tool/5.0.0.yml",
		"Too many levels of symbolic links");
	misses(f, "acme/plain@1");
	misses(f, "acme/plain@1.0.0");
	char longest[300] = "aa/";
	memset(longest + 3, 'x', sizeof longest - 4);
	misses(f, longest);
}

static void
places(void **state)
{
	struct fixture *f = *state;
	misses(f, "acme/tool@1"); /* no source at all */
	orb_store_add_dir(&f->store, path_join(f->a, f->dir, STR("nowhere")));
	misses(f, "acme/tool@1");
	struct str *names;
	assert_int_equal(orb_names(&f->store, &names), 0);
	assert_int_equal(orb_versions(&f->store, STR("acme"), STR("tool"), &names), 0);
	put(f, "file", "");
	orb_store_add_dir(&f->store, path_join(f->a, f->dir, STR("file")));
	breaks(f, "acme/tool@1", "/file", "Not a directory");
}

static void
several_directories(void **state)
{
	struct fixture *f = *state;
	put(f, "one/acme/tool/1.0.0.yml", "one");
	put(f, "two/acme/tool/1.0.0.yml", "two");
	put(f, "two/acme/tool/1.1.0.yml", "two");
	put(f, "two/acme/tool/10.0.0.yml", "two");
	put(f, "two/acme/tool/dev:x.yml", "two");
	put(f, "two/ajax/soap/1.0.0.yml", "two");
	orb_store_add_dir(&f->store, path_join(f->a, f->dir, STR("one")));
	orb_store_add_dir(&f->store, path_join(f->a, f->dir, STR("two/")));
	finds(f, "acme/tool@1.0.0", "1.0.0", "one");
	finds(f, "acme/tool@1", "1.0.0", "one"); /* the first that has a fitting one */
	finds(f, "acme/tool@1.1", "1.1.0", "two");
	struct str *v;
	uint32_t n = orb_versions(&f->store, STR("acme"), STR("tool"), &v);
	assert_true(str_is(str_join(f->a, v, n, " "), "dev:x 1.0.0 1.1.0 10.0.0"));
	n = orb_versions(&f->store, STR("acme"), STR("tool"), &v);
	assert_int_equal(n, 4);
	n = orb_names(&f->store, &v);
	assert_true(str_is(str_join(f->a, v, n, " "), "acme/tool ajax/soap"));
}

/* Asked again, an orb is the same text, not another copy of it. */
static void
read_once(void **state)
{
	struct fixture *f = *state;
	put(f, "acme/tool/1.0.0.yml", "first");
	orb_store_add_dir(&f->store, f->dir);
	struct orb_found before, after;
	assert_int_equal(find(f, "acme/tool@1", &before), ORB_FOUND);
	put(f, "acme/tool/1.0.0.yml", "changed");
	put(f, "acme/tool/1.0.1.yml", "new");
	assert_int_equal(find(f, "acme/tool@1.0", &after), ORB_FOUND);
	assert_ptr_equal(before.text.s, after.text.s);
	assert_true(str_is(after.text, "first"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references),
		cmocka_unit_test(faults),
		cmocka_unit_test(order),
		cmocka_unit_test(fitting),
		cmocka_unit_test_setup_teardown(resolution, setup, teardown),
		cmocka_unit_test_setup_teardown(dev_only, setup, teardown),
		cmocka_unit_test_setup_teardown(no_escape, setup, teardown),
		cmocka_unit_test_setup_teardown(broken_files, setup, teardown),
		cmocka_unit_test_setup_teardown(places, setup, teardown),
		cmocka_unit_test_setup_teardown(several_directories, setup, teardown),
		cmocka_unit_test_setup_teardown(read_once, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
