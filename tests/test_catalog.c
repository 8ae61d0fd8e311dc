/* SPDX-License-Identifier: MIT */
/* The tables that are made of schema/: what is looked up is found, and the data hangs together. */
#include "ccx/catalog.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

/* ---- pipeline values --------------------------------------------------------------------- */

static void
test_values_are_found(void **state)
{
	(void)state;
	static const struct {
		const char *name, *fixed;
		enum value_type type;
		enum value_default local;
	} cases[] = {
		{"pipeline.config.file_path", "", VALUE_STRING, DEFAULT_TEXT},
		{"pipeline.config.file_type", NULL, VALUE_STRING, DEFAULT_NONE},
		{"pipeline.event.github.pull_request.number", "111", VALUE_INTEGER, DEFAULT_TEXT},
		{"pipeline.git.base_revision", NULL, VALUE_STRING, DEFAULT_REVISION},
		{"pipeline.git.branch", NULL, VALUE_STRING, DEFAULT_BRANCH},
		{"pipeline.git.branch.is_default", "false", VALUE_BOOLEAN, DEFAULT_TEXT},
		{"pipeline.git.repo_url", NULL, VALUE_STRING, DEFAULT_REMOTE_URL},
		{"pipeline.git.revision", NULL, VALUE_STRING, DEFAULT_REVISION},
		{"pipeline.git.ssh_checkout_url", NULL, VALUE_STRING, DEFAULT_NONE},
		{"pipeline.git.tag", NULL, VALUE_STRING, DEFAULT_TAG},
		{"pipeline.id", "00000000-0000-0000-0000-000000000001", VALUE_STRING, DEFAULT_TEXT},
		{"pipeline.number", "1", VALUE_INTEGER, DEFAULT_TEXT},
		{"pipeline.project.slug", NULL, VALUE_STRING, DEFAULT_NONE},
		{"pipeline.project.type", NULL, VALUE_STRING, DEFAULT_PROJECT_TYPE},
		{"pipeline.trigger_source", "webhook", VALUE_STRING, DEFAULT_TEXT},
		{"pipeline.vcs.type", NULL, VALUE_STRING, DEFAULT_NONE},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct pipeline_value *v = catalog_value(str_of(cases[i].name));
		assert_non_null(v);
		assert_string_equal(v->name, cases[i].name);
		assert_int_equal(v->type, cases[i].type);
		assert_int_equal(v->local, cases[i].local);
		if (cases[i].fixed)
			assert_string_equal(v->fixed, cases[i].fixed);
		else
			assert_null(v->fixed);
	}
	assert_null(catalog_value(STR("pipeline.git.branc")));
	assert_null(catalog_value(STR("pipeline.git.branch.is_defaul")));
	assert_null(catalog_value(STR("")));
	assert_null(catalog_value(STR("zzz")));
}

static void
test_deprecated_values(void **state)
{
	(void)state;
	const struct pipeline_value *v = catalog_value(STR("pipeline.trigger_source"));
	assert_string_equal(v->deprecated, "2026-08-01");
	assert_string_equal(v->replacement, "pipeline.trigger.type");
	v = catalog_value(STR("pipeline.git.branch"));
	assert_null(v->deprecated);
	assert_null(v->replacement);
	assert_true(v->cloud && v->server);
	assert_string_equal(v->integrations, "A,AS,O,B,D,G");
	assert_false(catalog_value(STR("pipeline.deploy.reason"))->server);
}

/* Sorted, named as pipeline values are, and every replacement exists. */
static void
test_values_hang_together(void **state)
{
	(void)state;
	size_t n;
	const struct pipeline_value *v = catalog_values(&n);
	assert_in_range(n, 150, 400);
	for (size_t i = 0; i < n; i++) {
		assert_true(str_starts(str_of(v[i].name), STR("pipeline.")));
		assert_ptr_equal(catalog_value(str_of(v[i].name)), &v[i]);
		assert_true(i == 0 || strcmp(v[i - 1].name, v[i].name) < 0);
		assert_true((v[i].local == DEFAULT_TEXT) == (v[i].fixed != NULL));
		if (v[i].replacement)
			assert_non_null(catalog_value(str_of(v[i].replacement)));
	}
}

/* ---- steps ------------------------------------------------------------------------------- */

static void
test_steps(void **state)
{
	(void)state;
	size_t n;
	const struct builtin_step *s = catalog_steps(&n);
	for (size_t i = 0; i < n; i++) {
		assert_ptr_equal(catalog_step(str_of(s[i].name)), &s[i]);
		assert_true(strlen(s[i].doc) > 20);
	}
	assert_int_equal(catalog_step(STR("checkout"))->flags, STEP_BARE | STEP_SHADOWED);
	assert_int_equal(catalog_step(STR("run"))->flags, STEP_SHADOWED | STEP_TEARDOWN);
	assert_int_equal(catalog_step(STR("when"))->flags, STEP_MACRO);
	assert_int_equal(catalog_step(STR("with_tool_cache"))->flags, 0);
	assert_string_equal(catalog_step(STR("deploy"))->deprecated, "run");
	assert_null(catalog_step(STR("node/install")));
}

/* ---- schema ------------------------------------------------------------------------------ */

/* Walks a path of keys: "*" stands for an unlisted key, "[]" for an item of a list. */
static const struct schema *
follow(const struct schema *s, const char *path)
{
	struct str rest = str_of(path);
	while (s && rest.len) {
		size_t slash = str_find(rest, STR("/"), 0);
		struct str word = str_sub(rest, 0, slash);
		rest = slash == SIZE_MAX ? STR("") : str_sub(rest, slash + 1, rest.len);
		for (uint16_t i = 0; s->nany && i < s->nany; i++) {
			unsigned wanted = str_is(word, "[]") ? 1u << NODE_LIST : 1u << NODE_MAP;
			if (s->any[i] && s->any[i]->types & wanted) {
				s = s->any[i];
				i = UINT16_MAX - 1;
			}
		}
		const struct schema_key *key = schema_key(s, word);
		s = key                  ? key->value
		    : str_is(word, "[]") ? s->items
		    : str_is(word, "*")  ? s->other
					 : NULL;
	}
	return s;
}

static void
test_schema_paths(void **state)
{
	(void)state;
	static const struct {
		enum schema_root root;
		const char *path;
		unsigned types;
	} cases[] = {
		{SCHEMA_CONFIG, "executors/*/docker/[]/image", 1u << NODE_STRING},
		{SCHEMA_CONFIG, "commands/*/steps/[]/save_cache/key", 1u << NODE_STRING},
		{SCHEMA_CONFIG, "workflows/*/jobs/[]/*/matrix", 1u << NODE_MAP},
		{SCHEMA_CONFIG, "commands/*/steps/[]/run/background", 1u << NODE_BOOL},
		{SCHEMA_CONFIG_2, "jobs/*/parallelism", 1u << NODE_INT},
		{SCHEMA_CONFIG_2, "jobs/*/steps", 1u << NODE_LIST},
		{SCHEMA_ORB, "orbs/*", 1u << NODE_STRING | 1u << NODE_MAP},
		{SCHEMA_ORB, "executors/*/environment/[]/[]/*",
			1u << NODE_NULL | 1u << NODE_BOOL | 1u << NODE_INT | 1u << NODE_FLOAT |
				1u << NODE_STRING},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct schema *s = follow(catalog_schema(cases[i].root), cases[i].path);
		if (!s)
			fail_msg("nothing at %s", cases[i].path);
		if (s->types != cases[i].types)
			fail_msg("%s: types %x", cases[i].path, s->types);
	}
	assert_null(schema_key(catalog_schema(SCHEMA_CONFIG_2), STR("orbs")));
	assert_null(schema_key(catalog_schema(SCHEMA_CONFIG), STR("job")));
}

/* The official validator lists a closed map's keys in this order. */
static void
test_key_order(void **state)
{
	(void)state;
	static const char *const image[] = {"gcp_auth", "name", "command", "auth", "entrypoint",
		"image", "environment", "aws_auth", "user"};
	const struct schema *s = follow(catalog_schema(SCHEMA_CONFIG), "executors/*/docker/[]");
	assert_true(s->closed);
	assert_int_equal(s->nkeys, sizeof image / sizeof *image);
	for (size_t i = 0; i < s->nkeys; i++)
		assert_true(str_is(s->keys[i].name, image[i]));
}

/* Every key that is reachable says what it is for. */
static void
check_docs(const struct schema *s, unsigned depth)
{
	if (!s || depth > 12)
		return;
	for (uint16_t i = 0; i < s->nkeys; i++) {
		if (!s->keys[i].doc)
			fail_msg("%s has no description in %s", s->keys[i].name.s, s->name);
		if (s->keys[i].value != s)
			check_docs(s->keys[i].value, depth + 1);
	}
	for (uint16_t i = 0; i < s->nany; i++)
		check_docs(s->any[i], depth + 1);
	if (s->items != s)
		check_docs(s->items, depth + 1);
	if (s->other != s)
		check_docs(s->other, depth + 1);
}

static void
test_every_key_is_described(void **state)
{
	(void)state;
	for (int root = 0; root < SCHEMA_ROOT_COUNT; root++)
		check_docs(catalog_schema((enum schema_root)root), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_are_found),
		cmocka_unit_test(test_deprecated_values),
		cmocka_unit_test(test_values_hang_together),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_schema_paths),
		cmocka_unit_test(test_key_order),
		cmocka_unit_test(test_every_key_is_described),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
