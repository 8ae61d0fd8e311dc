/* SPDX-License-Identifier: MIT */
/* sources.json -> the table of sources, which the rows of the other dated tables name. */
#include "dated.h"

#include <stdio.h>

int
main(int argc, char **argv)
{
	static const char *const keys[] = {"id", "title", "date", "official", "url", NULL};
	json_t *root = gen_load(argc, argv), *sources = json_object_get(root, "sources"), *source;
	const char *last = NULL;
	size_t i;
	gen_banner("sources.json");
	printf("extern const struct catalog_source catalog_source_table[];\n");
	printf("extern const size_t catalog_source_count;\n\n");
	printf("const struct catalog_source catalog_source_table[] = {\n");
	json_array_foreach(sources, i, source)
	{
		gen_known(source, keys);
		gen_ordered(&last, gen_string(source, "id"));
		printf("\t{");
		gen_text(last);
		dated_text(source, "title");
		dated_text(source, "date");
		printf(", %d", gen_bool(source, "official"));
		dated_text(source, "url");
		printf("},\n");
	}
	printf("};\n\nconst size_t catalog_source_count = %zu;\n", json_array_size(sources));
	json_decref(root);
	return 0;
}
