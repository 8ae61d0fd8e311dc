/* SPDX-License-Identifier: MIT */
/* assumptions.json -> the table of what is assumed where nobody says anything. */
#include "gen.h"

#include <stdio.h>

int
main(int argc, char **argv)
{
	static const char *const keys[] = {"name", "seconds", "doc", NULL};
	json_t *root = gen_load(argc, argv), *rows = json_object_get(root, "assumptions"), *row;
	const char *last = NULL;
	size_t i;
	gen_banner("assumptions.json");
	printf("extern const struct assumption catalog_assumption_table[];\n");
	printf("extern const size_t catalog_assumption_count;\n\n");
	printf("const struct assumption catalog_assumption_table[] = {\n");
	json_array_foreach(rows, i, row)
	{
		const json_t *seconds = json_object_get(row, "seconds");
		gen_known(row, keys);
		gen_ordered(&last, gen_string(row, "name"));
		if (!json_is_integer(seconds) || json_integer_value(seconds) < 0)
			gen_fail("\"%s\" lacks its \"seconds\"", last);
		printf("\t{");
		gen_text(last);
		printf(", %" JSON_INTEGER_FORMAT ", ", json_integer_value(seconds));
		gen_text(gen_string(row, "doc"));
		printf("},\n");
	}
	printf("};\n\nconst size_t catalog_assumption_count = %zu;\n", json_array_size(rows));
	json_decref(root);
	return 0;
}
