/* SPDX-License-Identifier: MIT */
/* cli: the option parser, the option tables, inputs, and reading a git directory. */
#include "../src/cli/cli.h"

#include "../src/cli/checkout.h"
#include "../src/cli/inputs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* ---- options ----------------------------------------------------------------------------- */

struct values {
	bool all, brief;
	const char *file, *mode;
	struct opt_list names;
};

static const char *const modes[] = {"fast", "safe", NULL};
static const struct opt table[] = {
	{OPT_FLAG, 'a', "all", NULL, offsetof(struct values, all), "all", NULL, 0},
	{OPT_FLAG, 'b', "brief", NULL, offsetof(struct values, brief), "brief", NULL, 0},
	{OPT_TEXT, 'f', "file", "FILE", offsetof(struct values, file), "file", NULL, 0},
	{OPT_TEXT, 0, "mode", "MODE", offsetof(struct values, mode), "mode", modes, 0},
	{OPT_LIST, 'n', "name", "NAME", offsetof(struct values, names), "name", NULL, 0},
	{OPT_IGNORE, 'o', "org", "ORG", 0, NULL, NULL, 0},
	OPT_END,
};

/* args are split at single spaces; "_" is an empty argument. */
static bool
parse(struct arena *a, const char *args, struct values *v, struct opt_list *operands,
	struct opt_parse *p)
{
	static char text[64]; /* outlives the call: values point into it */
	char *argv[16] = {NULL}, **at = argv;
	int n = 0;
	snprintf(text, sizeof text, "%s", args);
	for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
		argv[n++] = strcmp(word, "_") == 0 ? word + 1 : word;
	*v = (struct values){0};
	*operands = (struct opt_list){0};
	*p = (struct opt_parse){.a = a, .sets = {{table, v}, {NULL, NULL}}};
	return opt_parse(p, &at, operands);
}

/* What was read, in one line. */
static const char *
shown(struct arena *a, const struct values *v, const struct opt_list *operands)
{
	struct sb b = {.a = a};
	sb_printf(&b, "%s%s", v->all ? "all " : "", v->brief ? "brief " : "");
	if (v->file)
		sb_printf(&b, "file=%s ", v->file);
	if (v->mode)
		sb_printf(&b, "mode=%s ", v->mode);
	for (uint32_t i = 0; i < v->names.n; i++)
		sb_printf(&b, "name=%s ", v->names.v[i]);
	sb_char(&b, '|');
	for (uint32_t i = 0; i < operands->n; i++)
		sb_printf(&b, " %s", operands->v[i]);
	sb_char(&b, 0);
	return b.s;
}

static void
options_are_read(void **state)
{
	static const struct {
		const char *args, *want;
	} rows[] = {
		{"", "|"},
		{"x -a y", "all | x y"},
		{"-ab", "all brief |"},
		{"--all --brief", "all brief |"},
		{"-f x", "file=x |"},
		{"-fx", "file=x |"},
		{"-f=x", "file=x |"},
		{"-af x y", "all file=x | y"},
		{"-afb", "all file=b |"},
		{"--file x --file=y", "file=y |"},
		{"--file=a=b", "file=a=b |"},
		{"--file= x", "file= | x"},
		{"--file _ x", "file= | x"},
		{"--file -- x", "file=-- | x"},
		{"--file -a", "file=-a |"},
		{"-n a --name b -nc", "name=a name=b name=c |"},
		{"--mode safe", "mode=safe |"},
		{"- -a", "all | -"},
		{"-a -- -b --file", "all | -b --file"},
		{"-o x --org y z", "| z"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct values v;
		struct opt_list operands;
		struct opt_parse p;
		assert_true(parse(*state, rows[i].args, &v, &operands, &p));
		assert_string_equal(shown(*state, &v, &operands), rows[i].want);
	}
}

static void
wrong_options_are_named(void **state)
{
	static const struct {
		const char *args, *want;
	} rows[] = {
		{"--fiel x", "unknown option --fiel; did you mean --file?"},
		{"--zzzzzz", "unknown option --zzzzzz"},
		{"--al", "unknown option --al; did you mean --all?"},
		{"-z", "unknown option -z"},
		{"-a\xc3\xa9", "unknown option -\xc3\xa9"},
		{"--all=yes", "--all takes no value"},
		{"--file", "--file needs a value: FILE"},
		{"-af", "-f needs a value: FILE"},
		{"--mode sage", "--mode takes one of fast, safe, not \"sage\"; did you mean safe?"},
		{"--mode _", "--mode takes one of fast, safe, not \"\""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct values v;
		struct opt_list operands;
		struct opt_parse p;
		assert_false(parse(*state, rows[i].args, &v, &operands, &p));
		assert_string_equal(str_copy(*state, p.error).s, rows[i].want);
	}
}

static void
parsing_can_stop_at_an_operand(void **state)
{
	char all[] = "-a", word[] = "go", brief[] = "-b";
	char *argv[] = {all, word, brief, NULL}, **at = argv;
	struct values v = {0};
	struct opt_parse p = {.a = *state, .sets = {{table, &v}, {NULL, NULL}}};
	assert_true(opt_parse(&p, &at, NULL));
	assert_true(v.all && !v.brief);
	assert_ptr_equal(at, argv + 1);
}

/* No name or letter twice in what a command takes, and every help fits a terminal. */
static void
tables_are_sound(void **state)
{
	for (uint32_t c = 0; c < ncommands; c++) {
		const struct opt *all[64];
		uint32_t n = 0;
		for (uint32_t i = 0; i < opt_count(commands[c]->opts); i++)
			all[n++] = &commands[c]->opts[i];
		for (uint32_t i = 0; i < opt_count(common_opts); i++)
			all[n++] = &common_opts[i];
		for (uint32_t i = 0; i < n; i++) {
			assert_true(!all[i]->choices || all[i]->value);
			assert_true((all[i]->kind == OPT_FLAG) <= !all[i]->value);
			for (uint32_t k = 0; k < i; k++) {
				/* A command may give a meaning to what others ignore. */
				if (all[i]->kind == OPT_IGNORE)
					continue;
				assert_string_not_equal(all[i]->name, all[k]->name);
				assert_true(!all[i]->letter || all[i]->letter != all[k]->letter);
			}
		}
		struct sb b = {.a = *state};
		help_command(&b, commands[c]);
		uint32_t lines = 0, column = 0;
		for (size_t i = 0; i < b.len; i++) {
			column = b.s[i] == '\n' ? 0 : column + 1;
			lines += b.s[i] == '\n';
			assert_true(column <= 100);
		}
		assert_true(lines <= 60);
	}
}

/* ---- parameters and values --------------------------------------------------------------- */

struct world {
	struct sources s;
	struct diag_list d;
	struct inputs in;
};

static void
world_init(struct world *w, struct arena *a)
{
	sources_init(&w->s, a);
	diag_init(&w->d, a);
	w->in = (struct inputs){.a = a, .sources = &w->s, .diags = &w->d};
}

static const char *
json(struct arena *a, const struct node *map)
{
	return map ? str_copy(a, node_text(a, map)).s : "none";
}

static void
parameters_are_read(void **state)
{
	static const struct {
		const char *text, *assignment, *want;
	} rows[] = {
		{NULL, NULL, "none"},
		{"", NULL, "none"},
		{"{a: 1}", NULL, "{\"a\":1}"},
		{"a: 1\nb: x", "a=2", "{\"a\":2,\"b\":\"x\"}"},
		{NULL, "a=true", "{\"a\":true}"},
		{NULL, "a=\"true\"", "{\"a\":\"true\"}"},
		{NULL, "a='5'", "{\"a\":\"5\"}"},
		{NULL, "a=5", "{\"a\":5}"},
		{NULL, "a=", "{\"a\":\"\"}"},
		{NULL, "a=b=c: d # e", "{\"a\":\"b=c: d # e\"}"},
		{NULL, "a=[x", "{\"a\":\"[x\"}"},
		{NULL, " a = b", "{\"a\":\" b\"}"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world w;
		struct opt_list assignments = {0};
		const struct node *map;
		world_init(&w, *state);
		if (rows[i].assignment)
			vec_push((struct arena *)*state, &assignments, rows[i].assignment);
		assert_true(inputs_parameters(&w.in, rows[i].text, &assignments, &map));
		assert_string_equal(json(*state, map), rows[i].want);
	}
}

static void
wrong_parameters_are_refused(void **state)
{
	static const struct {
		const char *text, *assignment, *error, *finding;
	} rows[] = {
		{"[1]", NULL, "", "parameters must be a YAML map"},
		{"text", NULL, "", "parameters must be a YAML map"},
		{"null", NULL, "", "parameters must be a YAML map"},
		{"/", NULL, "cannot read /: Is a directory", NULL},
		{NULL, "a", "--param takes NAME=VALUE, not \"a\"", NULL},
		{NULL, "=a", "--param takes NAME=VALUE, not \"=a\"", NULL},
		{NULL, "a=\xff", "--param: \"a\" is not UTF-8", NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world w;
		struct opt_list assignments = {0};
		const struct node *map;
		world_init(&w, *state);
		if (rows[i].assignment)
			vec_push((struct arena *)*state, &assignments, rows[i].assignment);
		assert_false(inputs_parameters(&w.in, rows[i].text, &assignments, &map));
		assert_string_equal(str_copy(*state, w.in.error).s, rows[i].error);
		assert_int_equal(w.d.all.n, rows[i].finding != NULL);
		if (rows[i].finding)
			assert_true(str_is(w.d.all.v[0].message, rows[i].finding));
	}
}

static void
values_are_typed(void **state)
{
	static const struct {
		const char *assignment, *want, *error;
	} rows[] = {
		{"pipeline.git.branch=1.10", "{\"pipeline.git.branch\":\"1.10\"}", NULL},
		{"pipeline.number=7", "{\"pipeline.number\":7}", NULL},
		{"pipeline.git.brnch=x", NULL,
			"unknown pipeline value pipeline.git.brnch; did you mean "
			"pipeline.git.branch?"},
		{"pipeline.parameters.x=1", NULL,
			"pipeline.parameters.x is a parameter: give it with --param"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world w;
		struct opt_list assignments = {0};
		const struct node *map;
		world_init(&w, *state);
		vec_push((struct arena *)*state, &assignments, rows[i].assignment);
		bool ok = inputs_values(&w.in, NULL, &assignments, &map);
		assert_int_equal(ok, rows[i].error == NULL);
		if (ok)
			assert_string_equal(json(*state, map), rows[i].want);
		else
			assert_string_equal(str_copy(*state, w.in.error).s, rows[i].error);
	}
}

/* ---- the checkout ------------------------------------------------------------------------ */

#define OID_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define OID_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

struct repository {
	struct arena *a;
	char dir[64];
};

static void
put(const struct repository *r, const char *name, const char *text)
{
	struct str path = path_join(r->a, str_of(r->dir), str_of(name));
	for (size_t i = strlen(r->dir) + 1; i < path.len; i++) {
		if (path.s[i] == '/')
			mkdir(str_copy(r->a, str_sub(path, 0, i)).s, 0777);
	}
	assert_true(file_write(path.s, str_of(text)));
}

static void
repository_new(struct repository *r, struct arena *a)
{
	*r = (struct repository){.a = a};
	strcpy(r->dir, "/tmp/ccx-test-git.XXXXXX");
	assert_non_null(mkdtemp(r->dir));
	setenv("GIT_DIR", r->dir, 1);
}

static void
repository_remove(struct repository *r)
{
	assert_int_equal(system(str_printf(r->a, "rm -rf %s", r->dir).s), 0);
	unsetenv("GIT_DIR");
}

/* What the checkout says, "-" where it does not know. */
static void
expect_fact(struct arena *a, struct checkout c, enum value_default what, const char *want)
{
	struct str text;
	bool known = c.get(c.ctx, what, &text);
	assert_string_equal(known ? str_copy(a, text).s : "-", want);
}

static void
checkout_reads_branch_and_revision(void **state)
{
	static const struct {
		const char *head, *loose, *packed, *branch, *revision;
	} rows[] = {
		{"ref: refs/heads/main\n", OID_A "\n", NULL, "main", OID_A},
		{"ref: refs/heads/main\n", NULL, OID_B " refs/heads/main\n", "main", OID_B},
		{"ref: refs/heads/main\n", OID_A "\n", OID_B " refs/heads/main\n", "main", OID_A},
		{"ref: refs/heads/main\n", NULL, NULL, "main", "-"},
		{"ref: refs/heads/main\n", "rubbish", NULL, "main", "-"},
		{"ref: refs/heads/main\n", "ref: refs/heads/main", NULL, "main", "-"},
		{"ref: ../../etc/passwd\n", NULL, NULL, "-", "-"},
		{"ref: refs/heads/.invalid\n", NULL, NULL, "-", "-"},
		{OID_B "\n", NULL, NULL, "-", OID_B},
		{"", NULL, NULL, "-", "-"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct repository r;
		repository_new(&r, *state);
		put(&r, "HEAD", rows[i].head);
		if (rows[i].loose)
			put(&r, "refs/heads/main", rows[i].loose);
		if (rows[i].packed)
			put(&r, "packed-refs", rows[i].packed);
		struct checkout c = checkout_open(*state, NULL, NULL);
		expect_fact(*state, c, DEFAULT_BRANCH, rows[i].branch);
		expect_fact(*state, c, DEFAULT_REVISION, rows[i].revision);
		repository_remove(&r);
	}
}

static void
checkout_reads_tags(void **state)
{
	static const struct {
		const char *name, *loose, *packed, *want;
	} rows[] = {
		{"v1", OID_A "\n", NULL, "v1"},
		{"rel/v1", OID_A "\n", NULL, "rel/v1"},
		{"v1", NULL, "# pack-refs\n" OID_A " refs/tags/v2\n", "v2"},
		{"v1", NULL, OID_B " refs/tags/v3\n^" OID_A "\n", "v3"},
		{"v1", NULL, OID_B " refs/tags/v3\n^" OID_B "\n", "-"},
		{"v1", NULL, OID_A " refs/heads/v3\n", "-"},
		{"v2", OID_A "\n", OID_A " refs/tags/v10\n", "v10"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct repository r;
		repository_new(&r, *state);
		put(&r, "HEAD", OID_A "\n");
		if (rows[i].loose)
			put(&r, str_printf(*state, "refs/tags/%s", rows[i].name).s, rows[i].loose);
		if (rows[i].packed)
			put(&r, "packed-refs", rows[i].packed);
		expect_fact(*state, checkout_open(*state, NULL, NULL), DEFAULT_TAG, rows[i].want);
		repository_remove(&r);
	}
}

static void
checkout_reads_remotes(void **state)
{
	static const struct {
		const char *config, *url, *type;
	} rows[] = {
		{"", "", "-"},
		{"[remote \"origin\"]\n\turl = git@github.com:a/b.git\n", "git@github.com:a/b.git",
			"github"},
		{"[remote \"up\"]\n\turl = https://gitlab.com/u/p\n[remote \"origin\"]\n"
		 "\turl = \"https://bitbucket.org/a/b\" ; mine\n",
			"https://bitbucket.org/a/b", "bitbucket"},
		{"[remote \"up\"]\nurl=https://me:secret@gitlab.example.com/u/p.git\n",
			"https://gitlab.example.com/u/p.git", "gitlab"},
		{"[branch \"x\"]\nurl = https://github.com/a/b\n", "", "-"},
		{"[remote \"origin\"]\nurl = /srv/github/x.git\n", "/srv/github/x.git", "-"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct repository r;
		repository_new(&r, *state);
		put(&r, "config", rows[i].config);
		struct checkout c = checkout_open(*state, NULL, NULL);
		expect_fact(*state, c, DEFAULT_REMOTE_URL, rows[i].url);
		expect_fact(*state, c, DEFAULT_PROJECT_TYPE, rows[i].type);
		repository_remove(&r);
	}
}

static void
checkout_follows_worktrees(void **state)
{
	struct repository r;
	repository_new(&r, *state);
	put(&r, "main/worktrees/w/HEAD", "ref: refs/heads/side\n");
	put(&r, "main/worktrees/w/commondir", "../..\n");
	put(&r, "main/refs/heads/side", OID_B "\n");
	setenv("GIT_DIR", str_printf(*state, "%s/main/worktrees/w", r.dir).s, 1);
	struct checkout c = checkout_open(*state, NULL, NULL);
	expect_fact(*state, c, DEFAULT_BRANCH, "side");
	expect_fact(*state, c, DEFAULT_REVISION, OID_B);
	repository_remove(&r);
}

static void
options_override_the_checkout(void **state)
{
	static const struct {
		const char *branch, *tag, *want_branch, *want_tag;
	} rows[] = {
		{NULL, NULL, "main", "v1"},
		{"dev", NULL, "dev", "-"},
		{NULL, "v2", "-", "v2"},
		{"dev", "v2", "dev", "v2"},
		{"", NULL, "-", "-"},
		{NULL, "", "-", "-"},
	};
	struct repository r;
	repository_new(&r, *state);
	put(&r, "HEAD", "ref: refs/heads/main\n");
	put(&r, "refs/heads/main", OID_A "\n");
	put(&r, "refs/tags/v1", OID_A "\n");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct checkout c = checkout_open(*state, rows[i].branch, rows[i].tag);
		expect_fact(*state, c, DEFAULT_BRANCH, rows[i].want_branch);
		expect_fact(*state, c, DEFAULT_TAG, rows[i].want_tag);
		expect_fact(*state, c, DEFAULT_REVISION, OID_A);
	}
	repository_remove(&r);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(options_are_read, setup, teardown),
		cmocka_unit_test_setup_teardown(wrong_options_are_named, setup, teardown),
		cmocka_unit_test_setup_teardown(parsing_can_stop_at_an_operand, setup, teardown),
		cmocka_unit_test_setup_teardown(tables_are_sound, setup, teardown),
		cmocka_unit_test_setup_teardown(parameters_are_read, setup, teardown),
		cmocka_unit_test_setup_teardown(wrong_parameters_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(values_are_typed, setup, teardown),
		cmocka_unit_test_setup_teardown(
			checkout_reads_branch_and_revision, setup, teardown),
		cmocka_unit_test_setup_teardown(checkout_reads_tags, setup, teardown),
		cmocka_unit_test_setup_teardown(checkout_reads_remotes, setup, teardown),
		cmocka_unit_test_setup_teardown(checkout_follows_worktrees, setup, teardown),
		cmocka_unit_test_setup_teardown(options_override_the_checkout, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
