/* SPDX-License-Identifier: MIT */
/* plans.json -> what plans include, limits, prices, and how server differs. */
#include "dated.h"

#include <stdio.h>

/* Prints what every table of this file begins and ends with; row prints the middle. */
static void
print_table(const json_t *root, const char *key, const char *type, void (*row)(const json_t *row))
{
	const json_t *rows = json_object_get(root, key), *r;
	const char *last = NULL;
	size_t i;
	if (!json_is_array(rows))
		gen_fail("no list \"%s\"", key);
	printf("extern const struct %s catalog_%s_table[];\n", type, key);
	printf("extern const size_t catalog_%s_count;\n", key);
	printf("const struct %s catalog_%s_table[] = {\n", type, key);
	json_array_foreach(rows, i, r)
	{
		gen_ordered(&last, gen_string(r, "name"));
		printf("\t{");
		gen_text(last);
		row(r);
		dated_text(r, "doc");
		printf(", ");
		gen_text(dated_need(r, "source"));
		printf("},\n");
	}
	printf("};\nconst size_t catalog_%s_count = %zu;\n\n", key, json_array_size(rows));
}

/* {"name": "job-minutes", "unit": "minutes", "free": 60, …} */
static void
print_term(const json_t *term)
{
	static const char *const keys[] = {"name", "unit", "free", "performance", "scale", "server",
		"since", "deprecated", "until", "doc", "source", NULL};
	gen_known((json_t *)term, keys);
	dated_text(term, "unit");
	printf(", {");
	for (size_t i = 2; i < 6; i++) {
		printf("%s", i > 2 ? ", " : "");
		dated_amount(json_object_get(term, keys[i]));
	}
	printf("}, ");
	dated_life(term);
}

/* {"name": "matrix-jobs", "amount": 128, "unit": "jobs", …} */
static void
print_limit(const json_t *limit)
{
	static const char *const keys[] = {
		"name", "amount", "unit", "since", "deprecated", "until", "doc", "source", NULL};
	gen_known((json_t *)limit, keys);
	dated_text(limit, "unit");
	printf(", ");
	dated_amount(json_object_get(limit, "amount"));
	printf(", ");
	dated_life(limit);
}

/* {"name": "dlc", "per": "job run", "credits": 200000, …} */
static void
print_price(const json_t *price)
{
	static const char *const keys[] = {"name", "per", "credits", "dollars", "since",
		"deprecated", "until", "doc", "source", NULL};
	gen_known((json_t *)price, keys);
	dated_text(price, "per");
	printf(", %" JSON_INTEGER_FORMAT, dated_number(price, "credits"));
	printf(", %" JSON_INTEGER_FORMAT ", ", dated_number(price, "dollars"));
	dated_life(price);
}

/* {"name": "config-policies", "since": "4.2", …} */
static void
print_difference(const json_t *difference)
{
	static const char *const keys[] = {"name", "since", "doc", "source", NULL};
	gen_known((json_t *)difference, keys);
	dated_text(difference, "since");
}

int
main(int argc, char **argv)
{
	json_t *root = gen_load(argc, argv);
	gen_banner("plans.json");
	int as_of = dated_day(root, "as_of", 0);
	if (!as_of)
		gen_fail("no day \"as_of\"");
	printf("extern const int catalog_as_of_day;\n");
	printf("const int catalog_as_of_day = %d;\n\n", as_of);
	print_table(root, "terms", "plan_term", print_term);
	print_table(root, "limits", "catalog_limit", print_limit);
	print_table(root, "prices", "catalog_price", print_price);
	print_table(root, "server", "server_difference", print_difference);
	json_decref(root);
	return 0;
}
