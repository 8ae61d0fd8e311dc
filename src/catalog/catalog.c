/* SPDX-License-Identifier: MIT */
/* Lookups in the tables that are generated from schema/. */
#include "internal.h"

#include <string.h>

extern const struct schema *const catalog_roots[SCHEMA_ROOT_COUNT];
extern const struct builtin_step catalog_step_table[];
extern const size_t catalog_step_count;
extern const struct pipeline_value catalog_value_table[];
extern const size_t catalog_value_count;
extern const struct assumption catalog_assumption_table[];
extern const size_t catalog_assumption_count;
extern const struct rule_doc catalog_rule_docs[];
extern const size_t catalog_rule_docs_count;
extern const struct template_file catalog_orb_files[];
extern const size_t catalog_orb_files_count;

/* ---- schema ------------------------------------------------------------------------------ */

const struct schema *
catalog_schema(enum schema_root root)
{
	return catalog_roots[root];
}

const struct schema_key *
schema_key(const struct schema *s, struct str name)
{
	for (uint16_t i = 0; i < s->nkeys; i++)
		if (str_eq(s->keys[i].name, name))
			return &s->keys[i];
	return NULL;
}

/* ---- named rows, sorted by name ---------------------------------------------------------- */

const void *
catalog_row(const void *rows, size_t n, size_t size, struct str name)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *row = (const char *)rows + middle * size;
		const char *row_name;
		memcpy(&row_name, row, sizeof row_name);
		int order = str_cmp(name, str_of(row_name));
		if (order == 0)
			return row;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const struct builtin_step *
catalog_step(struct str name)
{
	return catalog_row(
		catalog_step_table, catalog_step_count, sizeof *catalog_step_table, name);
}

const struct builtin_step *
catalog_steps(size_t *n)
{
	*n = catalog_step_count;
	return catalog_step_table;
}

const struct pipeline_value *
catalog_value(struct str name)
{
	return catalog_row(
		catalog_value_table, catalog_value_count, sizeof *catalog_value_table, name);
}

const struct pipeline_value *
catalog_values(size_t *n)
{
	*n = catalog_value_count;
	return catalog_value_table;
}

const struct assumption *
catalog_assumption(struct str name)
{
	return catalog_row(catalog_assumption_table, catalog_assumption_count,
		sizeof *catalog_assumption_table, name);
}

const struct rule_doc *
catalog_rule_doc(struct str id)
{
	return catalog_row(
		catalog_rule_docs, catalog_rule_docs_count, sizeof *catalog_rule_docs, id);
}

const struct template_file *
catalog_orb_template(size_t *n)
{
	*n = catalog_orb_files_count;
	return catalog_orb_files;
}
