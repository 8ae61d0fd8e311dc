/* SPDX-License-Identifier: MIT */
/* A node as text inside a longer text: what `echo << parameters.x >>` gets for x. */
#include "internal.h"
#include "ccx/limits.h"

#include <inttypes.h>

/* Nothing is added to a text that has reached the limit of one string: whoever puts it into
 * another finds it too long. */
static bool
is_full(const struct sb *out)
{
	return out->len >= LIMIT_TEXT_BYTES;
}

static void
put_scalar(struct sb *out, const struct node *n)
{
	char real[32];
	switch (n->kind) {
	case NODE_BOOL:
		sb_puts(out, n->u.boolean ? "true" : "false");
		break;
	case NODE_INT:
		if (n->flags & NODE_BIG)
			sb_put(out, n->u.text);
		else
			sb_printf(out, "%" PRId64, n->u.integer);
		break;
	case NODE_FLOAT:
		double_text(real, n->u.real);
		sb_puts(out, real);
		break;
	case NODE_STRING:
		sb_put(out, n->u.text);
		break;
	default:
		break;
	}
}

static void
put_json_string(struct sb *out, struct str text)
{
	static const char names[] = "btn?fr"; /* \b is 8 */
	sb_char(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.s[i];
		if (c == '"' || c == '\\')
			sb_printf(out, "\\%c", c);
		else if (c >= '\b' && c <= '\r' && c != 11)
			sb_printf(out, "\\%c", names[c - '\b']);
		else if (c < 0x20)
			sb_printf(out, "\\u%04x", c);
		else
			sb_char(out, (char)c);
	}
	sb_char(out, '"');
}

static void put_json(struct sb *out, const struct node *n, unsigned depth);

static void
put_json_list(struct sb *out, const struct node *n, unsigned depth)
{
	sb_char(out, '[');
	for (uint32_t i = 0; i < n->count && !is_full(out); i++) {
		if (i)
			sb_char(out, ',');
		put_json(out, n->u.items[i], depth);
	}
	sb_char(out, ']');
}

static void
put_json_map(struct sb *out, const struct node *n, unsigned depth)
{
	sb_char(out, '{');
	for (uint32_t i = 0; i < n->count && !is_full(out); i++) {
		const struct node *key = n->u.pairs[i].key;
		if (i)
			sb_char(out, ',');
		if (key->kind == NODE_LIST || key->kind == NODE_MAP) {
			put_json(out, key, depth);
		} else {
			struct sb text = {.a = out->a};
			put_scalar(&text, key);
			put_json_string(out, sb_str(&text));
		}
		sb_char(out, ':');
		put_json(out, n->u.pairs[i].value, depth);
	}
	sb_char(out, '}');
}

static void
put_json(struct sb *out, const struct node *n, unsigned depth)
{
	if (is_full(out) || depth > LIMIT_DEPTH)
		return;
	switch (n->kind) {
	case NODE_NULL:
		sb_puts(out, "null");
		break;
	case NODE_STRING:
		put_json_string(out, n->u.text);
		break;
	case NODE_LIST:
		put_json_list(out, n, depth + 1);
		break;
	case NODE_MAP:
		put_json_map(out, n, depth + 1);
		break;
	default:
		put_scalar(out, n);
		break;
	}
}

struct str
node_text(struct arena *a, const struct node *n)
{
	struct sb out = {.a = a};
	if (n->kind == NODE_STRING)
		return n->u.text;
	if (n->kind == NODE_LIST || n->kind == NODE_MAP)
		put_json(&out, n, 0);
	else
		put_scalar(&out, n);
	return sb_str(&out);
}
