/* SPDX-License-Identifier: MIT */
/*
 * Prints a node tree as JSON, two spaces a level. What JSON has no words for: infinity and "not a
 * number" become null, keys become strings, bytes that are no UTF-8 the replacement character.
 */
#include "print.h"

#include "internal.h"

#include <math.h>

static void put_value(struct sb *out, const struct node *n, unsigned depth);

static void
put_control(struct sb *out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char names[] = "........btn.fr..................";
	sb_char(out, '\\');
	if (names[c] != '.') {
		sb_char(out, names[c]);
		return;
	}
	sb_puts(out, "u00");
	sb_char(out, hex[c >> 4]);
	sb_char(out, hex[c & 15]);
}

/* The bytes from at on that a JSON string takes as they are. */
static size_t
raw_end(struct str text, size_t at)
{
	while (at < text.len) {
		unsigned char c = (unsigned char)text.s[at];
		if (c < ' ' || c == '"' || c == '\\')
			break;
		size_t next = at;
		if (c < 0x80)
			at++;
		else if (utf8_next(text, &next) < 0)
			break;
		else
			at = next;
	}
	return at;
}

static void
put_string(struct sb *out, struct str text)
{
	sb_char(out, '"');
	for (size_t at = 0; at < text.len;) {
		size_t start = at;
		at = raw_end(text, at);
		sb_put(out, str_sub(text, start, at));
		if (at == text.len)
			break;
		unsigned char c = (unsigned char)text.s[at++];
		if (c >= 0x80) {
			utf8_put(out, 0xfffd);
		} else if (c < ' ') {
			put_control(out, c);
		} else {
			sb_char(out, '\\');
			sb_char(out, (char)c);
		}
	}
	sb_char(out, '"');
}

static void
put_scalar(struct sb *out, const struct node *n)
{
	if (n->kind == NODE_STRING)
		put_string(out, n->u.text);
	else if (n->kind == NODE_FLOAT && !isfinite(n->u.real))
		sb_puts(out, "null");
	else
		number_put(out, n);
}

static void
put_key(struct sb *out, const struct node *key)
{
	if (key->kind == NODE_STRING) {
		put_string(out, key->u.text);
	} else if (key->kind == NODE_LIST || key->kind == NODE_MAP) {
		put_string(out, node_text(out->a, key));
	} else {
		sb_char(out, '"');
		number_put(out, key);
		sb_char(out, '"');
	}
}

static void
put_newline(struct sb *out, unsigned depth)
{
	sb_char(out, '\n');
	sb_chars(out, ' ', 2 * (size_t)depth);
}

static void
put_list(struct sb *out, const struct node *list, unsigned depth)
{
	sb_char(out, '[');
	for (uint32_t i = 0; i < list->count; i++) {
		if (i)
			sb_char(out, ',');
		put_newline(out, depth + 1);
		put_value(out, list->u.items[i], depth + 1);
	}
	if (list->count)
		put_newline(out, depth);
	sb_char(out, ']');
}

static void
put_map(struct sb *out, const struct node *map, unsigned depth)
{
	sb_char(out, '{');
	for (uint32_t i = 0; i < map->count; i++) {
		if (i)
			sb_char(out, ',');
		put_newline(out, depth + 1);
		put_key(out, map->u.pairs[i].key);
		sb_puts(out, ": ");
		put_value(out, map->u.pairs[i].value, depth + 1);
	}
	if (map->count)
		put_newline(out, depth);
	sb_char(out, '}');
}

static void
put_value(struct sb *out, const struct node *n, unsigned depth)
{
	if (n->kind != NODE_LIST && n->kind != NODE_MAP)
		put_scalar(out, n);
	else if (depth >= PRINT_DEPTH)
		sb_puts(out, "null");
	else if (n->kind == NODE_LIST)
		put_list(out, n, depth);
	else
		put_map(out, n, depth);
}

void
node_print_json(struct sb *out, const struct node *n)
{
	put_value(out, n, 0);
}
