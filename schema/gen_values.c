/* SPDX-License-Identifier: MIT */
/* values.json -> the table of pipeline values. */
#include "gen.h"

#include <stdio.h>
#include <string.h>

/* Index of text in names, which ends with NULL. */
static size_t
index_of(const char *const *names, const char *text)
{
	size_t i = 0;
	while (names[i] && (!text || strcmp(names[i], text)))
		i++;
	if (!names[i])
		gen_fail("unknown word \"%s\"", text ? text : "?");
	return i;
}

static void
print_type(const char *type)
{
	static const char *const words[] = {"string", "integer", "boolean", NULL};
	static const char *const names[] = {"VALUE_STRING", "VALUE_INTEGER", "VALUE_BOOLEAN"};
	fputs(names[index_of(words, type)], stdout);
}

/* "local": "github_app", or {"from": "branch"}, or absent. */
static void
print_local(const json_t *local)
{
	static const char *const words[] = {
		"branch", "tag", "revision", "remote-url", "project-type", NULL};
	static const char *const names[] = {"DEFAULT_BRANCH", "DEFAULT_TAG", "DEFAULT_REVISION",
		"DEFAULT_REMOTE_URL", "DEFAULT_PROJECT_TYPE"};
	if (json_is_object(local)) {
		printf("%s, NULL", names[index_of(words, gen_string(local, "from"))]);
		return;
	}
	printf("%s, ", local ? "DEFAULT_TEXT" : "DEFAULT_NONE");
	if (json_is_integer(local))
		printf("\"%" JSON_INTEGER_FORMAT "\"", json_integer_value(local));
	else if (json_is_boolean(local))
		gen_text(json_is_true(local) ? "true" : "false");
	else
		gen_text(json_string_value(local));
}

static void
print_value(const json_t *value)
{
	printf("\t{");
	gen_text(gen_string(value, "name"));
	printf(", ");
	print_type(gen_string(value, "type"));
	printf(", ");
	print_local(json_object_get(value, "local"));
	printf(", ");
	gen_text(gen_string(value, "integrations"));
	printf(", %d, %d, ", gen_bool(value, "cloud"), gen_bool(value, "server"));
	gen_text(gen_string(value, "deprecated"));
	printf(", ");
	gen_text(gen_string(value, "replacement"));
	printf("},\n");
}

int
main(int argc, char **argv)
{
	static const char *const keys[] = {"name", "type", "integrations", "cloud", "server",
		"deprecated", "replacement", "local", NULL};
	json_t *root = gen_load(argc, argv), *values = json_object_get(root, "values"), *value;
	const char *last = NULL;
	size_t i;
	gen_banner("values.json");
	printf("extern const struct pipeline_value catalog_value_table[];\n");
	printf("extern const size_t catalog_value_count;\n\n");
	printf("const struct pipeline_value catalog_value_table[] = {\n");
	json_array_foreach(values, i, value)
	{
		gen_known(value, keys);
		gen_ordered(&last, gen_string(value, "name"));
		print_value(value);
	}
	printf("};\n\nconst size_t catalog_value_count = %zu;\n", json_array_size(values));
	json_decref(root);
	return 0;
}
