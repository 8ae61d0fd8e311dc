/* SPDX-License-Identifier: MIT */
/*
 * What CLI 0.1 does with an orb before it prints it: it reads its own packed text into fixed
 * structures. Keys that these lack are gone, the rest gets their order, and each literal block has
 * lost a line break at its start.
 */
#include "pack.h"
#include "ccx/limits.h"

static const struct node *
lose_breaks(struct packer *p, const struct node *n, unsigned depth)
{
	if (n->kind == NODE_STRING) {
		bool loses = str_starts(n->u.text, STR("\n")) && go_prints_literal(n->u.text);
		return loses ? node_string(p->a, str_sub(n->u.text, 1, n->u.text.len), n->span) : n;
	}
	if ((n->kind != NODE_LIST && n->kind != NODE_MAP) || depth > 2 * LIMIT_DEPTH)
		return n;
	if (n->kind == NODE_LIST) {
		const struct node **items = NEW_ARRAY(p->a, const struct node *, n->count);
		for (uint32_t i = 0; i < n->count; i++)
			items[i] = lose_breaks(p, n->u.items[i], depth + 1);
		return node_list(p->a, items, n->count, n->span);
	}
	struct pair *pairs = NEW_ARRAY(p->a, struct pair, n->count);
	for (uint32_t i = 0; i < n->count; i++) {
		pairs[i].key = n->u.pairs[i].key;
		pairs[i].value = lose_breaks(p, n->u.pairs[i].value, depth + 1);
	}
	return node_map(p->a, pairs, n->count, n->span);
}

/* A scalar that is read into a text: 2.1 becomes "2.1". */
static const struct node *
as_text(struct packer *p, const struct node *n)
{
	if (!n || n->kind == NODE_STRING || n->kind == NODE_LIST || n->kind == NODE_MAP)
		return n;
	struct sb b = {.a = p->a};
	if (n->kind != NODE_NULL)
		node_print_go(&b, n);
	return node_string(p->a, str_trim(sb_str(&b)), n->span);
}

static bool
is_empty_text(const struct node *n)
{
	return !n || n->kind == NODE_NULL || (n->kind == NODE_STRING && !n->u.text.len);
}

struct fields {
	struct packer *p;
	VEC(struct pair) pairs;
};

static void
field(struct fields *f, const char *key, const struct node *value)
{
	struct pair pair = {node_string(f->p->a, str_of(key), (struct span){0}), value};
	if (value)
		vec_push(f->p->a, &f->pairs, pair);
}

static const struct node *
fields_map(const struct fields *f, struct span span)
{
	return node_map(f->p->a, f->pairs.v, f->pairs.n, span);
}

static const struct node *
present(const struct node *n)
{
	return node_has(n, NODE_NULL) ? NULL : n;
}

/*
 * usage:
 *     version: "2.1"
 *     setup: true
 *     orbs: {…}
 *     jobs: {…}
 *     workflows: {…}
 */
static const struct node *
legacy_usage(struct packer *p, const struct node *usage)
{
	struct fields f = {.p = p};
	const struct node *version = as_text(p, node_get(usage, "version"));
	const struct node *setup = node_get(usage, "setup");
	const struct node *workflows = node_get(usage, "workflows");
	field(&f, "version", is_empty_text(version) ? NULL : version);
	field(&f, "setup", node_has(setup, NODE_BOOL) && setup->u.boolean ? setup : NULL);
	field(&f, "orbs", present(node_get(usage, "orbs")));
	field(&f, "jobs", present(node_get(usage, "jobs")));
	if (!f.pairs.n && !present(workflows))
		return NULL;
	field(&f, "workflows", workflows ? workflows : node_null(p->a, (struct span){0}));
	return fields_map(&f, usage->span);
}

static const struct node *
legacy_example(struct packer *p, const struct node *example)
{
	struct fields f = {.p = p};
	const struct node *description = as_text(p, node_get(example, "description"));
	field(&f, "description", is_empty_text(description) ? NULL : description);
	field(&f, "usage", legacy_usage(p, node_get(example, "usage")));
	field(&f, "result", legacy_usage(p, node_get(example, "result")));
	return fields_map(&f, example->span);
}

static const struct node *
legacy_examples(struct packer *p, const struct node *examples)
{
	if (!node_has(examples, NODE_MAP) || !examples->count)
		return NULL;
	struct pair *pairs = NEW_ARRAY(p->a, struct pair, examples->count);
	for (uint32_t i = 0; i < examples->count; i++) {
		pairs[i].key = examples->u.pairs[i].key;
		pairs[i].value = legacy_example(p, examples->u.pairs[i].value);
	}
	return node_map(p->a, pairs, examples->count, examples->span);
}

const struct node *
pack_legacy_orb(struct packer *p, const struct node *doc)
{
	static const char *const rest[] = {"display", "orbs", "commands", "executors", "jobs"};
	struct fields f = {.p = p};
	doc = lose_breaks(p, doc, 0);
	const struct node *version = node_get(doc, "version");
	const struct node *description = as_text(p, node_get(doc, "description"));
	field(&f, "version", present(version));
	field(&f, "description", is_empty_text(description) ? NULL : description);
	for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
		field(&f, rest[i], node_get(doc, rest[i]));
	field(&f, "examples", legacy_examples(p, node_get(doc, "examples")));
	return fields_map(&f, doc->span);
}
