/* SPDX-License-Identifier: MIT */
/*
 * Prints a node tree as the official compiler does: PyYAML's block style with indent 2, list dashes
 * in the column of the parent key, no line width. Shared nodes are written out each time; the
 * caller bounds that by their weight.
 */
#include "print.h"

#include "ccx/limits.h"

/* A key is written in front of its ": " only while it and its tag are shorter than this; longer
 * ones, those of several lines and the empty one become "? key". */
enum { SIMPLE_KEY = 128 };

static void put_list(struct printer *p, const struct node *list, size_t indent, unsigned depth);
static void put_map(struct printer *p, const struct node *map, size_t indent, unsigned depth);

/* A scalar or an empty collection: what stands behind its key or dash on the same line. */
static bool
is_inline(const struct node *n)
{
	return n->count == 0 || (n->kind != NODE_LIST && n->kind != NODE_MAP);
}

static void
put_inline(struct printer *p, const struct node *n, size_t indent)
{
	if (n->kind == NODE_STRING)
		scalar_put(p, n->u.text, scalar_shape(p->out->a, n->u.text), indent, true);
	else if (n->kind == NODE_LIST)
		sb_puts(p->out, "[]");
	else if (n->kind == NODE_MAP)
		sb_puts(p->out, "{}");
	else
		number_put(p->out, n);
}

/* Behind a dash, or the "?" and ":" of a long key, a collection begins on the same line:
 * - name: a
 *   value: b
 * - - nested */
static void
put_behind_mark(struct printer *p, const struct node *n, size_t indent, unsigned depth)
{
	sb_char(p->out, ' ');
	if (is_inline(n))
		put_inline(p, n, indent + 2);
	else if (depth >= PRINT_DEPTH)
		sb_puts(p->out, "null");
	else if (n->kind == NODE_LIST)
		put_list(p, n, indent + 2, depth + 1);
	else
		put_map(p, n, indent + 2, depth + 1);
}

/* Behind "key:" it begins on the next line, a list not deeper than the key. */
static void
put_behind_key(struct printer *p, const struct node *n, size_t indent, unsigned depth)
{
	if (is_inline(n)) {
		sb_char(p->out, ' ');
		put_inline(p, n, indent + 2);
	} else if (depth >= PRINT_DEPTH) {
		sb_puts(p->out, " null");
	} else if (n->kind == NODE_LIST) {
		printer_newline(p, indent);
		put_list(p, n, indent, depth + 1);
	} else {
		printer_newline(p, indent + 2);
		put_map(p, n, indent + 2, depth + 1);
	}
}

static void
put_list(struct printer *p, const struct node *list, size_t indent, unsigned depth)
{
	for (uint32_t i = 0; i < list->count; i++) {
		if (i)
			printer_newline(p, indent);
		sb_char(p->out, '-');
		put_behind_mark(p, list->u.items[i], indent, depth);
	}
}

/* Length of a key's tag, which counts although it is not written: !!str, !!bool, !!float. */
static size_t
tag_length(const struct node *key)
{
	switch (key->kind) {
	case NODE_NULL:
	case NODE_BOOL:
		return 6;
	case NODE_FLOAT:
		return 7;
	default:
		return 5;
	}
}

static bool
is_simple_key(const struct node *key, struct scalar_shape shape)
{
	if (!is_inline(key) || shape.breaks)
		return false;
	bool digits = key->kind == NODE_INT && key->flags & NODE_BIG;
	if (key->kind != NODE_STRING && !digits)
		return true;
	struct str text = key->u.text;
	if (text.len == 0)
		return false;
	return text.len + tag_length(key) < SIMPLE_KEY ||
	       utf16_units(text) + tag_length(key) < SIMPLE_KEY;
}

/* ? a long key
 * : its value */
static void
put_long_pair(struct printer *p, const struct pair *pair, size_t indent, unsigned depth)
{
	sb_char(p->out, '?');
	put_behind_mark(p, pair->key, indent, depth);
	printer_newline(p, indent);
	sb_char(p->out, ':');
	put_behind_mark(p, pair->value, indent, depth);
}

static void
put_map(struct printer *p, const struct node *map, size_t indent, unsigned depth)
{
	for (uint32_t i = 0; i < map->count; i++) {
		const struct pair *pair = &map->u.pairs[i];
		struct scalar_shape shape = {STYLE_PLAIN, false, false};
		if (i)
			printer_newline(p, indent);
		if (pair->key->kind == NODE_STRING)
			shape = scalar_shape(p->out->a, pair->key->u.text);
		if (!is_simple_key(pair->key, shape)) {
			put_long_pair(p, pair, indent, depth);
			continue;
		}
		if (pair->key->kind == NODE_STRING)
			scalar_put(p, pair->key->u.text, shape, indent, false);
		else
			put_inline(p, pair->key, indent);
		sb_char(p->out, ':');
		put_behind_key(p, pair->value, indent, depth);
	}
}

void
node_print(struct sb *out, const struct node *n, struct print_style style)
{
	struct printer p = {
		.out = out,
		.fold = style.fold ? style.fold : SIZE_MAX,
		.line = out->len,
	};
	if (is_inline(n))
		put_inline(&p, n, 2);
	else if (n->kind == NODE_LIST)
		put_list(&p, n, 0, 1);
	else
		put_map(&p, n, 0, 1);
	printer_newline(&p, 0);
}
