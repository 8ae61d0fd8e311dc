/* SPDX-License-Identifier: MIT */
/* The rules: which there are, and the page of one. */
#include "ccx/report.h"

#include "format.h"
#include "markdown.h"
#include "table.h"

#include <string.h>

enum { LIST_WIDTH = 100, PAGE_WIDTH = 80 };

bool
report_rule_group(struct str name)
{
	for (int i = 0; i < RULE_COUNT; i++)
		if (str_is(name, rule_info((enum rule)i)->group))
			return true;
	return false;
}

/* ---- the list ---------------------------------------------------------------------------- */

static void
add_rule(struct table *t, enum rule rule)
{
	const struct rule_info *info = rule_info(rule);
	struct str url = rule_url(t->a, rule);
	table_add(t, cell_text(t->a, info->id));
	table_add(t, cell_text(t->a, severity_word(info->severity)));
	table_add(t, cell_text(t->a, info->group));
	table_add(t, cell_text(t->a, info->doc));
	table_add(t, cell_text(t->a, str_copy(t->a, url).s));
}

static struct table
list_rules(struct arena *a, struct str group)
{
	static const struct column columns[] = {{"RULE", "id", false},
		{"SEVERITY", "severity", false}, {"GROUP", "group", false},
		{"FINDS", "description", false}, {NULL, "url", false}};
	struct table t = {.a = a, .key = "rules", .columns = columns};
	t.ncolumns = sizeof columns / sizeof *columns;
	for (int i = 0; i < RULE_COUNT; i++)
		if (!group.len || str_is(group, rule_info((enum rule)i)->group))
			add_rule(&t, (enum rule)i);
	return t;
}

void
report_rules_text(struct sb *out, struct str group)
{
	struct table t = list_rules(out->a, group);
	table_print(out, &t, LIST_WIDTH);
}

static void
print_object(struct sb *out, struct pair *pairs, uint32_t n)
{
	node_print_json(out, node_map(out->a, pairs, n, (struct span){0}));
	if (!str_ends(sb_str(out), STR("\n")))
		sb_char(out, '\n');
}

void
report_rules_json(struct sb *out, struct str group)
{
	struct table t = list_rules(out->a, group);
	struct pair pair = {cell_text(out->a, "rules").value, table_node(&t)};
	print_object(out, &pair, 1);
}

/* ---- one page ---------------------------------------------------------------------------- */

void
report_rule_text(struct sb *out, enum rule rule)
{
	const struct rule_info *info = rule_info(rule);
	const struct rule_doc *doc = catalog_rule_doc(str_of(info->id));
	sb_printf(out, "%s (%s, %s)\n\n", info->id, severity_word(info->severity), info->group);
	markdown_print(out, str_of(info->doc), PAGE_WIDTH);
	if (doc) {
		struct str page = str_of(doc->text);
		/* The title is said already. */
		if (str_starts(page, STR("# ")))
			page = str_sub(page, str_find(page, STR("\n"), 0), page.len);
		sb_char(out, '\n');
		markdown_print(out, page, PAGE_WIDTH);
	}
}

void
report_rule_json(struct sb *out, enum rule rule)
{
	const struct rule_info *info = rule_info(rule);
	const struct rule_doc *doc = catalog_rule_doc(str_of(info->id));
	const struct {
		const char *key, *value;
	} rows[] = {{"id", info->id}, {"severity", severity_word(info->severity)},
		{"group", info->group}, {"description", info->doc},
		{"url", str_copy(out->a, rule_url(out->a, rule)).s},
		{"page", doc ? doc->text : NULL}};
	enum { N = sizeof rows / sizeof *rows };
	struct pair pairs[N];
	for (size_t i = 0; i < N; i++)
		pairs[i] = (struct pair){cell_text(out->a, rows[i].key).value,
			cell_text(out->a, rows[i].value).value};
	print_object(out, pairs, N);
}
