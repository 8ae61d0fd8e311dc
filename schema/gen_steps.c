/* SPDX-License-Identifier: MIT */
/* steps.json -> the table of built-in steps. */
#include "gen.h"

#include <stdio.h>
#include <string.h>

/* "flags": ["bare", "shadowed"] */
static void
print_flags(const json_t *flags)
{
	static const char *const names[][2] = {{"bare", "STEP_BARE"}, {"macro", "STEP_MACRO"},
		{"shadowed", "STEP_SHADOWED"}, {"teardown", "STEP_TEARDOWN"}};
	size_t n = sizeof names / sizeof *names, i;
	const json_t *flag;
	printf("0");
	json_array_foreach(flags, i, flag)
	{
		size_t k = 0;
		const char *text = json_string_value(flag);
		while (k < n && (!text || strcmp(names[k][0], text)))
			k++;
		if (k == n)
			gen_fail("unknown flag \"%s\"", text ? text : "?");
		printf(" | %s", names[k][1]);
	}
}

int
main(int argc, char **argv)
{
	static const char *const keys[] = {"name", "title", "flags", "deprecated", "doc", NULL};
	json_t *root = gen_load(argc, argv), *steps = json_object_get(root, "steps"), *step;
	const char *last = NULL;
	size_t i;
	gen_banner("steps.json");
	printf("extern const struct builtin_step catalog_step_table[];\n");
	printf("extern const size_t catalog_step_count;\n\n");
	printf("const struct builtin_step catalog_step_table[] = {\n");
	json_array_foreach(steps, i, step)
	{
		gen_known(step, keys);
		gen_ordered(&last, gen_string(step, "name"));
		printf("\t{");
		gen_text(last);
		printf(", ");
		print_flags(json_object_get(step, "flags"));
		printf(", ");
		gen_text(gen_string(step, "deprecated"));
		printf(",\n\t\t");
		gen_text(gen_string(step, "doc"));
		printf(", ");
		gen_text(gen_string(step, "title"));
		printf("},\n");
	}
	printf("};\n\nconst size_t catalog_step_count = %zu;\n", json_array_size(steps));
	json_decref(root);
	return 0;
}
