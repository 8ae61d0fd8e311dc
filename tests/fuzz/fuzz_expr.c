/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer entry for expr. The first byte says how the rest is read: as a string to render, a
 * bare expression, a config whose strings are rendered, a logic statement, or pattern and subject.
 */
#include "ccx/expr.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum lookup
find(const void *ctx, struct str name, const struct node **value)
{
	const struct node *names = ctx;
	*value = node_find(names, name);
	return !*value                       ? LOOKUP_UNKNOWN
	       : (*value)->kind == NODE_NULL ? LOOKUP_UNDEFINED
					     : LOOKUP_FOUND;
}

static void
suggest(const void *ctx, struct nearest *n)
{
	const struct node *names = ctx;
	for (uint32_t i = 0; i < names->count; i++)
		nearest_try(n, names->u.pairs[i].key->u.text);
}

static void
visit(void *ctx, struct str name, struct span span)
{
	(void)name;
	*(size_t *)ctx += span.len;
}

static void
run_pattern(struct arena *a, struct str text)
{
	size_t cut = str_find(text, STR("\n"), 0);
	struct str reason;
	if (cut != SIZE_MAX)
		pattern_match(a, str_sub(text, 0, cut), str_sub(text, cut + 1, text.len), &reason);
}

static void
run(const struct expr *e, char mode, struct str text, uint32_t file)
{
	bool result;
	size_t seen = 0;
	struct span span = {file, 0, (uint32_t)text.len};
	const struct node *n = node_string(e->a, text, span);
	if (mode == 'p') {
		run_pattern(e->a, text);
		return;
	}
	if (mode == 'e') {
		expr_value(e, n);
		expr_parses(text);
		return;
	}
	if (mode != 's')
		n = node_load(e->a, e->sources, file, e->diags);
	if (!n)
		return;
	expr_names(e->a, e->sources, n, visit, &seen);
	n = expr_render(e, n);
	if (n && mode == 'l')
		logic_eval(e, n, &result);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char values[] = "a: text\nb: true\nc: 5\nd: ~\ne: [x]\nf: {k: v}\n"
				     "parameters.g: ''\npipeline.number: 1\n";
	struct sources sources;
	struct diag_list diags;
	if (!size)
		return 0;
	struct arena *a = arena_new();
	sources_init(&sources, a);
	diag_init(&diags, a);
	uint32_t names = source_add(&sources, STR("names"), STR(values));
	struct scope scope = {find, suggest, node_load(a, &sources, names, &diags)};
	struct str text = {(const char *)data + 1, size - 1};
	uint32_t file = source_add(&sources, STR("input"), text);
	struct expr e = {a, &sources, &diags, &scope, NULL};
	run(&e, (char)data[0], text, file);
	for (uint32_t i = 0; i < diags.all.n; i++)
		source_place(&sources, diags.all.v[i].span.file, diags.all.v[i].span.off);
	arena_free(a);
	return 0;
}
