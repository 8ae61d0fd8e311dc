/* SPDX-License-Identifier: MIT */
/*
 * Packing and unpacking trees that each test makes under a temporary folder: where files may be
 * read from, how much of a tree is read, and that nothing in one makes it hang.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ccx/limits.h"
#include "ccx/orb.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct fixture {
	struct arena *a;
	struct str dir;
	struct sources s;
	struct diag_list d;
	struct pack_options how;
};

static int
setup(void **state)
{
	static struct fixture f;
	char dir[] = "/tmp/test_pack.XXXXXX";
	memset(&f, 0, sizeof f);
	f.a = arena_new();
	if (!mkdtemp(dir))
		return -1;
	f.dir = str_copy(f.a, str_of(dir));
	f.how.orb = true;
	sources_init(&f.s, f.a);
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

static const char *
below(struct fixture *f, const char *path)
{
	return str_printf(f->a, "%s/%s", f->dir.s, path).s;
}

/* Writes text to a path below the fixture's directory, making the directories on the way. */
static void
put_text(struct fixture *f, const char *path, struct str text)
{
	char *full = (char *)below(f, path);
	for (char *p = full + f->dir.len + 1; (p = strchr(p, '/')); *p++ = '/') {
		*p = 0;
		mkdir(full, 0777);
	}
	assert_true(file_write(full, text));
}

static void
put(struct fixture *f, const char *path, const char *text)
{
	put_text(f, path, str_of(text));
}

/* The packed text, or NULL with the findings in f->d. */
static const char *
pack(struct fixture *f, const char *path)
{
	struct sb b = {.a = f->a};
	diag_init(&f->d, f->a);
	const struct node *n = pack_tree(f->a, &f->s, str_of(below(f, path)), &f->how, &f->d);
	if (!n) {
		assert_true(f->d.errors > 0);
		return NULL;
	}
	node_print_go(&b, n);
	return str_copy(f->a, sb_str(&b)).s;
}

static void
assert_fault(struct fixture *f, const char *path, enum rule rule, const char *words)
{
	const char *text = pack(f, path);
	if (text)
		fail_msg("%s packs: %s", path, text);
	const struct diag *g = &f->d.all.v[0];
	assert_int_equal(g->rule, rule);
	if (!str_has(g->message, str_of(words)))
		fail_msg("\"%s\" is not in: %.*s", words, STR_ARG(g->message));
}

static void
put_includer(struct fixture *f, const char *directive)
{
	put(f, "repo/src/@orb.yml", "version: 2.1\n");
	put(f, "repo/src/commands/c.yml",
		str_printf(f->a, "steps:\n  - run: \"%s\"\n", directive).s);
}

#define PACKED(run) "commands:\n    c:\n        steps:\n            - run: " run "\nversion: 2.1\n"

/* ---- includes ---------------------------------------------------------------------------- */

static void
test_include_forms(void **state)
{
	struct fixture *f = *state;
	static const char *const cases[][2] = {{"<<include(s.sh)>>", PACKED("hi")},
		{"<< include(./x/../s.sh)\\t>>", PACKED("hi")}, {"<<include(s.sh>>", PACKED("hi")},
		{"a <<include(s.sh)>> b <<include(s.sh)>>", PACKED("a hi b hi")},
		{"<<<include(s.sh)>>", PACKED("<hi")}, {"<<include()>>", PACKED("<<include()>>")},
		{"<<include(a b)>>", PACKED("<<include(a b)>>")},
		{"<<include(s.sh)", PACKED("<<include(s.sh)")},
		{"<<includes(s.sh)>>", PACKED("<<includes(s.sh)>>")},
		{"<< parameters.include >>", PACKED("<< parameters.include >>")}};
	put(f, "repo/src/s.sh", "hi");
	for (size_t i = 0; i < COUNT(cases); i++) {
		put_includer(f, cases[i][0]);
		const char *text = pack(f, "repo/src");
		if (!text)
			fail_msg("%s does not pack", cases[i][0]);
		assert_string_equal(text, cases[i][1]);
	}
}

/* The text is taken whole: line breaks and carriage returns too, every << escaped. */
static void
test_included_text(void **state)
{
	struct fixture *f = *state;
	static const char *const cases[][2] = {{"a\n", "|\n                a"},
		{"a <<< b", "a \\<<< b"}, {"\\<<a", "\\\\<<a"}, {"a<<<<b", "a\\<<\\<<b"},
		{"", "\"\""}, {"a\r\nb\r\n", "\"a\\r\\nb\\r\\n\""}, {"yes", "\"yes\""},
		{"<<include(s.sh)>>", "\\<<include(s.sh)>>"}};
	put_includer(f, "<<include(s.sh)>>");
	for (size_t i = 0; i < COUNT(cases); i++) {
		put(f, "repo/src/s.sh", cases[i][0]);
		const char *text = pack(f, "repo/src");
		struct str want = str_printf(f->a, PACKED("%s"), cases[i][1]);
		assert_non_null(text);
		assert_string_equal(text, want.s);
	}
}

static void
test_include_may_leave_the_root(void **state)
{
	struct fixture *f = *state;
	put(f, "repo/scripts/s.sh", "hi");
	put(f, "outside.sh", "secret");
	put_includer(f, "<<include(../scripts/s.sh)>>");
	assert_string_equal(pack(f, "repo/src"), PACKED("hi"));
	put_includer(f, "<<include(../../outside.sh)>>");
	assert_fault(f, "repo/src", RULE_INVALID_INCLUDE, "outside of the folder around the tree");
	put(f, "repo/.git/HEAD", "");
	assert_fault(f, "repo/src", RULE_INVALID_INCLUDE, "outside of the git checkout");
	f->how.include_root = f->dir;
	assert_string_equal(pack(f, "repo/src"), PACKED("secret"));
	put_includer(f, "<<include(../scripts/s.sh)>>");
	f->how.include_root = str_of(below(f, "repo/src"));
	assert_fault(f, "repo/src", RULE_INVALID_INCLUDE, "outside of --include-root");
	/* a folder whose name begins with that of the boundary is another one */
	put(f, "repo/src2/s.sh", "hi");
	put_includer(f, "<<include(../src2/s.sh)>>");
	assert_fault(f, "repo/src", RULE_INVALID_INCLUDE, "outside of --include-root");
}

static void
test_links(void **state)
{
	struct fixture *f = *state;
	put(f, "repo/.git/HEAD", "");
	put(f, "outside/s.sh", "secret");
	put(f, "repo/scripts/s.sh", "hi");
	put_includer(f, "<<include(l.sh)>>");
	assert_int_equal(symlink("../../outside/s.sh", below(f, "repo/src/l.sh")), 0);
	assert_fault(f, "repo/src", RULE_INVALID_INCLUDE, "outside of the git checkout");
	assert_int_equal(unlink(below(f, "repo/src/l.sh")), 0);
	assert_int_equal(symlink("../scripts/s.sh", below(f, "repo/src/l.sh")), 0);
	assert_string_equal(pack(f, "repo/src"), PACKED("hi"));
	/* through a folder that is a link */
	assert_int_equal(symlink("../../outside", below(f, "repo/src/out")), 0);
	put_includer(f, "<<include(out/s.sh)>>");
	assert_fault(f, "repo/src", RULE_INVALID_INCLUDE, "outside of the git checkout");
	assert_int_equal(symlink("loop.sh", below(f, "repo/src/loop.sh")), 0);
	put_includer(f, "<<include(loop.sh)>>");
	assert_fault(f, "repo/src", RULE_INVALID_INCLUDE, "cannot include");
}

static void
test_linked_parts(void **state)
{
	struct fixture *f = *state;
	put(f, "repo/.git/HEAD", "");
	put(f, "outside/a.yml", "steps: [secret]\n");
	put(f, "repo/shared/b.yml", "steps: [b]\n");
	put(f, "repo/src/@orb.yml", "version: 2.1\n");
	put(f, "repo/src/commands/x.yml", "steps: []\n");
	/* folders behind links are not entered */
	assert_int_equal(symlink("..", below(f, "repo/src/commands/up")), 0);
	assert_int_equal(symlink("../../../outside", below(f, "repo/src/commands/out")), 0);
	assert_int_equal(symlink("../../shared/b.yml", below(f, "repo/src/commands/b.yml")), 0);
	assert_string_equal(pack(f, "repo/src"),
		"commands:\n    b:\n        steps:\n            - b\n    x:\n        steps: []\n"
		"version: 2.1\n");
	assert_int_equal(symlink("../../../outside/a.yml", below(f, "repo/src/commands/a.yml")), 0);
	assert_fault(f, "repo/src", RULE_CANNOT_READ, "outside of the git checkout");
	/* the one file that is packed may be such a link as little */
	assert_int_equal(symlink("../outside/a.yml", below(f, "repo/one.yml")), 0);
	f->how.include_root = str_of(below(f, "repo"));
	assert_fault(f, "repo/one.yml", RULE_CANNOT_READ, "outside");
}

static void
test_what_is_no_text(void **state)
{
	struct fixture *f = *state;
	put_includer(f, "<<include(s.sh)>>");
	put_text(f, "repo/src/s.sh",
		(struct str){"\x7f"
			     "ELF\0",
			5});
	assert_fault(f, "repo/src", RULE_INVALID_INCLUDE, "not UTF-8");
	put(f, "repo/src/s.sh", "caf\xe9");
	assert_fault(f, "repo/src", RULE_INVALID_INCLUDE, "not UTF-8");
	assert_int_equal(unlink(below(f, "repo/src/s.sh")), 0);
	assert_int_equal(mkfifo(below(f, "repo/src/s.sh"), 0666), 0);
	assert_fault(f, "repo/src", RULE_INVALID_INCLUDE, "not a file");
	assert_int_equal(mkfifo(below(f, "repo/src/p.yml"), 0666), 0);
	assert_fault(f, "repo/src", RULE_CANNOT_READ, "not a file");
}

/* ---- how much ---------------------------------------------------------------------------- */

static void
test_huge_include(void **state)
{
	struct fixture *f = *state;
	struct sb b = {.a = f->a};
	put_includer(f, "<<include(s.sh)>>");
	sb_chars(&b, 'x', LIMIT_FILE_BYTES + 1);
	put_text(f, "repo/src/s.sh", sb_str(&b));
	assert_fault(f, "repo/src", RULE_INVALID_INCLUDE, "larger than 16 MiB");
	/* one file, included so often that the text would be too long */
	b.len = LIMIT_FILE_BYTES / 2;
	put_text(f, "repo/src/s.sh", sb_str(&b));
	struct sb steps = {.a = f->a};
	sb_puts(&steps, "steps:\n");
	for (int i = 0; i < 100; i++)
		sb_puts(&steps, "  - run: <<include(s.sh)>>\n");
	put_text(f, "repo/src/commands/c.yml", sb_str(&steps));
	assert_fault(f, "repo/src", RULE_TOO_LARGE, "too large");
}

static void
put_empty(const char *path)
{
	int fd = open(path, O_CREAT | O_WRONLY, 0666);
	assert_true(fd >= 0);
	close(fd);
}

static void
test_many_files(void **state)
{
	struct fixture *f = *state;
	put(f, "repo/src/@orb.yml", "version: 2.1\n");
	put(f, "repo/src/jobs/0.yml", "{}\n");
	for (int i = 1; i <= LIMIT_PACK_FILES; i++)
		put_empty(str_printf(f->a, "%s/repo/src/jobs/%d.yml", f->dir.s, i).s);
	assert_fault(f, "repo/src", RULE_TOO_LARGE, "files to pack");
	put(f, "many/src/@orb.yml", "version: 2.1\n");
	for (int i = 0; i < LIMIT_PACK_ENTRIES; i++)
		put_empty(str_printf(f->a, "%s/many/src/%d", f->dir.s, i).s);
	assert_fault(f, "many/src", RULE_TOO_LARGE, "names");
}

static void
test_deep_folders(void **state)
{
	struct fixture *f = *state;
	struct sb path = {.a = f->a};
	sb_puts(&path, "repo/src/jobs");
	for (int i = 0; i < LIMIT_PACK_DEPTH - 1; i++)
		sb_puts(&path, "/d");
	put(f, "repo/src/@orb.yml", "version: 2.1\n");
	put(f, str_printf(f->a, "%.*s/x.yml", STR_ARG(sb_str(&path))).s, "{}\n");
	assert_string_equal(pack(f, "repo/src"), "jobs:\n    x: {}\nversion: 2.1\n");
	put(f, str_printf(f->a, "%.*s/d/y.yml", STR_ARG(sb_str(&path))).s, "{}\n");
	assert_fault(f, "repo/src", RULE_TOO_LARGE, "folders inside folders");
}

/* Aliases of aliases, within one file and from file to file. */
static void
test_alias_bomb(void **state)
{
	struct fixture *f = *state;
	struct sb b = {.a = f->a};
	sb_puts(&b, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 12; i++) {
		sb_printf(&b, "a%d: &a%d [", i, i);
		for (int j = 0; j < 10; j++)
			sb_printf(&b, "%s*a%d", j ? ", " : "", i - 1);
		sb_puts(&b, "]\n");
	}
	put_text(f, "repo/src/@orb.yml", sb_str(&b));
	assert_fault(f, "repo/src", RULE_TOO_LARGE, "would have more than");
}

/* ---- trees ------------------------------------------------------------------------------- */

static void
test_merging(void **state)
{
	struct fixture *f = *state;
	f->how.orb = false;
	put(f, "src/@a.yml", "jobs: {one: {x: 1}, two: {x: 1}}\nversion: 2\n");
	put(f, "src/b.yml", "version: 2.1\nzed: [1]\n");
	put(f, "src/jobs/@more.yml", "three: {y: 1}\n");
	put(f, "src/jobs/one.yml", "y: 2\n");
	put(f, "src/jobs/three.yml", "x: 3\n");
	put(f, "src/jobs/.hidden/x.yml", "a: 1\n");
	put(f, "src/jobs/sub/four.v1.yaml", "x: 4\n");
	put(f, "src/jobs/.yml", "a: 1\n");
	put(f, "src/jobs/note.txt", "a: 1\n");
	put(f, "src/empty/README.md", "");
	assert_string_equal(pack(f, "src"),
		"jobs:\n    four.v1:\n        x: 4\n    one:\n        \"y\": 2\n    three:\n"
		"        x: 3\n        \"y\": 1\n    two:\n        x: 1\nversion: 2.1\nzed:\n    - "
		"1\n");
	f->how.legacy = true;
	assert_string_equal(pack(f, "src"),
		"empty: {}\njobs:\n    one:\n        \"y\": 2\n    sub:\n"
		"        four.v1:\n            x: 4\n    three:\n        x: 3\n        \"y\": 1\n"
		"    two:\n        x: 1\nversion: 2.1\nzed:\n    - 1\n");
}

static void
test_legacy_orb(void **state)
{
	struct fixture *f = *state;
	f->how.legacy = true;
	put(f, "src/@orb.yml",
		"aliases: []\nversion: 2.1\ndescription: \"\"\norbs: {}\n"
		"examples:\n  e: {result: {version: 2}, usage: {setup: false}, x: 1}\n");
	put(f, "src/commands/README.md", "");
	put(f, "src/scripts/x.yml", "a: 1\n");
	put(f, "src/jobs/sub/x.yml", "a: 1\n");
	put(f, "src/jobs/j.yml", "steps: [\"\\n\\na\\n\"]\n");
	assert_string_equal(pack(f, "src"),
		"version: 2.1\norbs: {}\ncommands: {}\njobs:\n    j:\n        steps:\n"
		"            - |2\n              a\n"
		"examples:\n    e:\n        result:\n            version: \"2\"\n"
		"            workflows: null\n");
}

/* ---- unpacking --------------------------------------------------------------------------- */

static struct unpacked
unpack(struct fixture *f, const char *text, uint32_t script_lines)
{
	struct unpacked out = {0};
	struct unpack_options how = {.orb = f->how.orb, .script_lines = script_lines};
	diag_init(&f->d, f->a);
	uint32_t file = source_add(&f->s, STR("packed.yml"), str_of(text));
	const struct node *n = node_load(f->a, &f->s, file, &f->d);
	assert_non_null(n);
	unpack_tree(f->a, n, &how, &out);
	return out;
}

static void
assert_files(struct fixture *f, const struct unpacked *tree, const char *names)
{
	struct str *paths = NEW_ARRAY(f->a, struct str, tree->files.n);
	for (uint32_t i = 0; i < tree->files.n; i++)
		paths[i] = tree->files.v[i].path;
	assert_string_equal(str_copy(f->a, str_join(f->a, paths, tree->files.n, " ")).s, names);
}

static void
test_names_that_are_no_files(void **state)
{
	struct fixture *f = *state;
	struct unpacked tree = unpack(f,
		"jobs:\n  ok: {}\n  OK: {}\n  a/b: {}\n  .x: {}\n  '@x': {}\n  ..: {}\n  '': {}\n"
		"  \"a\\nb\": {}\n  1: {}\n  text: x\n  'a b': {}\nversion: 2.1\n",
		0);
	assert_files(f, &tree, "jobs/ok.yml jobs/a b.yml @orb.yml");
}

static void
test_scripts(void **state)
{
	struct fixture *f = *state;
	struct unpacked tree = unpack(f,
		"commands:\n  a b:\n    steps:\n      - run: \"1\\n2\\n\"\n"
		"      - run: {command: \"1\\n\\\\<<2\", name: \"x\\ny\"}\n"
		"      - run: \"1\\n<< parameters.x >>\\n\"\n      - run: one\n"
		"      - when: {steps: [{run: \"a\\nb\"}]}\n",
		2);
	assert_files(f, &tree,
		"scripts/a-b.sh scripts/a-b-2.sh scripts/a-b-3.sh commands/a b.yml @orb.yml");
	assert_string_equal(str_copy(f->a, tree.files.v[0].text).s, "1\n2\n");
	assert_string_equal(str_copy(f->a, tree.files.v[1].text).s, "1\n<<2");
	for (uint32_t i = 0; i < tree.files.n; i++)
		put_text(f, str_printf(f->a, "src/%s", tree.files.v[i].path.s).s,
			tree.files.v[i].text);
	assert_string_equal(pack(f, "src"),
		"commands:\n    a b:\n        steps:\n"
		"            - run: |\n                1\n                2\n"
		"            - run:\n                command: |-\n                    1\n"
		"                    \\<<2\n                name: |-\n                    x\n"
		"                    y\n"
		"            - run: |\n                1\n                << parameters.x >>\n"
		"            - run: one\n            - when:\n                steps:\n"
		"                    - run: |-\n                        a\n                        "
		"b\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_include_forms, setup, teardown),
		cmocka_unit_test_setup_teardown(test_included_text, setup, teardown),
		cmocka_unit_test_setup_teardown(test_include_may_leave_the_root, setup, teardown),
		cmocka_unit_test_setup_teardown(test_links, setup, teardown),
		cmocka_unit_test_setup_teardown(test_linked_parts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_no_text, setup, teardown),
		cmocka_unit_test_setup_teardown(test_huge_include, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_files, setup, teardown),
		cmocka_unit_test_setup_teardown(test_deep_folders, setup, teardown),
		cmocka_unit_test_setup_teardown(test_alias_bomb, setup, teardown),
		cmocka_unit_test_setup_teardown(test_merging, setup, teardown),
		cmocka_unit_test_setup_teardown(test_legacy_orb, setup, teardown),
		cmocka_unit_test_setup_teardown(test_names_that_are_no_files, setup, teardown),
		cmocka_unit_test_setup_teardown(test_scripts, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
