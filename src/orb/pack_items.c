/* SPDX-License-Identifier: MIT */
/* List items whose settings are indented too little, which YAML reads as keys beside the name. */
#include "pack.h"
#include "ccx/limits.h"

/* Keys of a step or of a job in a workflow that never stand beside its name. */
static bool
is_setting(const struct node *key)
{
	static const char *const settings[] = {"command", "condition", "context", "filters", "key",
		"keys", "matrix", "name", "paths", "pre-steps", "post-steps", "requires", "steps",
		"type", "when", "working_directory"};
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
		if (node_is(key, settings[i]))
			return true;
	return false;
}

/*
 *     - test:
 *       requires: [build]     indented like the job's name: the job gets no settings
 */
static void
check_item(struct packer *p, const struct node *item)
{
	if (!node_has(item, NODE_MAP) || item->count < 2)
		return;
	const struct pair *first = &item->u.pairs[0];
	if (first->value->kind != NODE_NULL || first->key->kind != NODE_STRING ||
		is_setting(first->key))
		return;
	for (uint32_t i = 1; i < item->count; i++) {
		const struct pair *beside = &item->u.pairs[i];
		if (!is_setting(beside->key))
			continue;
		struct str name = str_sub(first->key->u.text, 0, 200);
		struct diag *g = diag_push(p->d, RULE_DETACHED_KEY, first->key->span,
			"\"%.*s\" has no value but shares a list item with \"%.*s\"", STR_ARG(name),
			STR_ARG(beside->key->u.text));
		diag_label(p->d, g, "no value");
		diag_note(p->d, g, beside->key->span, "this stands beside it, not below it");
		diag_help(
			p->d, g, "indent \"%.*s\" one level further", STR_ARG(beside->key->u.text));
		return;
	}
}

void
pack_check_items(struct packer *p, const struct node *n, unsigned depth)
{
	if (depth > LIMIT_DEPTH || (n->kind != NODE_LIST && n->kind != NODE_MAP))
		return;
	for (uint32_t i = 0; i < n->count; i++) {
		const struct node *part =
			n->kind == NODE_LIST ? n->u.items[i] : n->u.pairs[i].value;
		if (n->kind == NODE_LIST)
			check_item(p, part);
		pack_check_items(p, part, depth + 1);
	}
}
