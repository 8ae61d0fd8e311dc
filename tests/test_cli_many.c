/* SPDX-License-Identifier: MIT */
/* cli: what is taken for a config, and work on several threads. */
#include "../src/cli/files.h"
#include "../src/cli/pool.h"
#include "../src/cli/vendor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
configs_are_known_by_their_keys(void **state)
{
	(void)state;
	static const struct {
		const char *path, *text;
		bool config;
	} rows[] = {
		{"config.yml", "version: 2.1\njobs: {}\n", true},
		{"config.yml", "\xef\xbb\xbfversion: 2.1\r\njobs:\r\n", true},
		{"config.yml", "\"version\": 2.1\n'workflows' :\n  a:\n", true},
		{"config.yml", "# x\nsetup: true\nversion: 2.1", true},
		{"broken.yml", "version: 2.1\njobs: {\n", true},
		{"json.yml", "  {\"jobs\": {}, \"version\": 2.1}", true},
		{"json.yml", "{\"jobs\": {}}", false},
		{"jobs.yml", "jobs: {}\n", false},
		{"deep.yml", "a:\n  version: 2.1\n  jobs: {}\n", false},
		{"compose.yml", "version: 3\nservices: {}\n", false},
		{"orb.yml", "version: 2.1\ndescription: x\ncommands: {}\n", false},
		{"orb.yml", "version: 2.1\ndisplay: {}\njobs: {}\n", false},
		{"odd.yml", "version: 2.1\ndescription: x\njobs: {}\nworkflows: {}\n", true},
		{"orbs/a/b/1.2.3.yml", "version: 2.1\njobs: {}\n", false},
		{"orbs/a/b/dev:x.yml", "version: 2.1\njobs: {}\n", false},
		{"versions: 1", "versions: 2.1\njobs: {}\n", false},
		{"empty.yml", "", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (files_is_config(rows[i].path, str_of(rows[i].text)) != rows[i].config)
			fail_msg("row %zu: %s", i, rows[i].path);
	struct str nul = {"version\0: 2.1\njobs: {}\n\0\0", 25};
	assert_false(files_is_config("nul.yml", nul));
}

/* ---- threads ----------------------------------------------------------------------------- */

struct counted {
	atomic_uint times[1000];
	atomic_uint busy[POOL_THREADS_MOST]; /* by worker */
	atomic_bool clash;
};

static void
count(void *ctx, unsigned worker, uint32_t i)
{
	struct counted *c = ctx;
	if (atomic_fetch_add(&c->busy[worker], 1) != 0)
		c->clash = true;
	atomic_fetch_add(&c->times[i], 1);
	atomic_fetch_sub(&c->busy[worker], 1);
}

static void
each_is_done_once_and_no_worker_twice_at_a_time(void **state)
{
	(void)state;
	static const unsigned threads[] = {0, 1, 2, 7, POOL_THREADS_MOST, 100000};
	static const uint32_t amounts[] = {0, 1, 2, 1000};
	for (size_t t = 0; t < sizeof threads / sizeof *threads; t++) {
		for (size_t n = 0; n < sizeof amounts / sizeof *amounts; n++) {
			static struct counted c;
			memset(&c, 0, sizeof c);
			pool_run(threads[t], amounts[n], count, &c);
			for (uint32_t i = 0; i < 1000; i++)
				assert_int_equal(c.times[i], i < amounts[n]);
			assert_false(c.clash);
		}
	}
	assert_in_range(pool_processors(), 1, POOL_THREADS_MOST);
}

/* ---- the official CLI's name ------------------------------------------------------------- */

static void
the_name_of_the_program_counts(void **state)
{
	(void)state;
	assert_true(vendor_is("circleci"));
	assert_true(vendor_is("/usr/bin/circleci"));
	assert_false(vendor_is("/opt/circleci/ccx"));
	assert_false(vendor_is("circleci-ccx"));
	assert_false(vendor_is(""));
	assert_false(vendor_is(NULL));
}

static void
options_of_the_official_cli_are_taken_out(void **state)
{
	(void)state;
	static const struct command validate = {.name = "config validate"};
	static const struct command other = {.name = "orb pack"};
	static const struct {
		const struct command *of;
		const char *args, *left;
	} rows[] = {
		{&validate, "-o gh/x a.yml", "a.yml"},
		{&validate, "-ogh/x a.yml", "a.yml"},
		{&validate, "--org-slug gh/x --ignore-deprecated-images a.yml", "a.yml"},
		{&validate, "--org-slug=gh/x -c a.yml", "-c a.yml"},
		{&validate, "--org-slugs -- -o x", "--org-slugs -- -o x"},
		{&validate, "-o", ""},
		{&other, "-o out a", "-o out a"},
		{NULL, "--endpoint e --debug config", "--debug config"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *a = arena_new();
		char *words[16] = {NULL};
		size_t n = 0;
		char *text = (char *)str_copy(a, str_of(rows[i].args)).s;
		for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
			words[n++] = word;
		struct sb left = {.a = a};
		for (char **word = vendor_args(a, words, rows[i].of); *word; word++)
			sb_printf(&left, "%s%s", left.len ? " " : "", *word);
		if (!str_is(sb_str(&left), rows[i].left))
			fail_msg("row %zu: %.*s", i, STR_ARG(sb_str(&left)));
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(configs_are_known_by_their_keys),
		cmocka_unit_test(each_is_done_once_and_no_worker_twice_at_a_time),
		cmocka_unit_test(the_name_of_the_program_counts),
		cmocka_unit_test(options_of_the_official_cli_are_taken_out),
	};
	return cmocka_run_group_tests_name("cli_many", tests, NULL, NULL);
}
