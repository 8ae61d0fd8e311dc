/* SPDX-License-Identifier: MIT */
/* Rendering a tree: only the way to a string that has tags is rebuilt, all else is shared. */
#include "internal.h"

#include <string.h>

struct render {
	const struct expr *e;
	struct memo memo;
	size_t made; /* bytes of text so far */
	bool full;   /* too many bytes: nothing more is rendered */
};

static const struct node *render(struct render *r, const struct node *n);

static const struct node *
render_string(struct render *r, const struct node *n)
{
	if (r->full || fault_enough(r->e) || !template_check(r->e, n))
		return NULL;
	const struct node *value = template_value(r->e, n);
	if (value && value->kind == NODE_STRING)
		r->made += value->u.text.len;
	if (r->made <= LIMIT_COMPILE_BYTES)
		return value;
	r->full = true;
	fault_at(r->e, n, n->u.text, RULE_EXPRESSION_LIMIT,
		"The config becomes too large with all texts substituted");
	return NULL;
}

static const struct node *
render_list(struct render *r, const struct node *n)
{
	const struct node **items = NULL;
	bool ok = true;
	for (uint32_t i = 0; i < n->count; i++) {
		const struct node *item = render(r, n->u.items[i]);
		ok = ok && item;
		if (!ok || item == n->u.items[i])
			continue;
		if (!items) {
			items = NEW_ARRAY(r->e->a, const struct node *, n->count);
			memcpy(items, n->u.items, n->count * sizeof *items);
		}
		items[i] = item;
	}
	if (!ok)
		return NULL;
	return items ? node_list(r->e->a, items, n->count, n->span) : n;
}

static const struct node *
render_map(struct render *r, const struct node *n)
{
	struct pair *pairs = NULL;
	bool ok = true;
	for (uint32_t i = 0; i < n->count; i++) {
		const struct node *value = render(r, n->u.pairs[i].value);
		ok = ok && value;
		if (!ok || value == n->u.pairs[i].value)
			continue;
		if (!pairs) {
			pairs = NEW_ARRAY(r->e->a, struct pair, n->count);
			memcpy(pairs, n->u.pairs, n->count * sizeof *pairs);
		}
		pairs[i].value = value;
	}
	if (!ok)
		return NULL;
	return pairs ? node_map(r->e->a, pairs, n->count, n->span) : n;
}

static const struct node *
render(struct render *r, const struct node *n)
{
	if (!(n->flags & NODE_TEMPLATED))
		return n;
	if (n->kind == NODE_STRING)
		return render_string(r, n);
	bool fresh;
	struct memo_entry *seen = memo_at(&r->memo, n, &fresh);
	if (!fresh)
		return seen->value;
	const struct node *value = n->kind == NODE_LIST  ? render_list(r, n)
				   : n->kind == NODE_MAP ? render_map(r, n)
							 : n;
	memo_at(&r->memo, n, &fresh)->value = value;
	return value;
}

const struct node *
expr_render(const struct expr *e, const struct node *n)
{
	if (!n || !(n->flags & NODE_TEMPLATED))
		return n;
	if (n->height > 4 * LIMIT_DEPTH) {
		struct diag *g = diag_push(e->diags, RULE_EXPRESSION_LIMIT, n->span, "%s",
			"Values are too deeply nested");
		g->origin = e->origin;
		return NULL;
	}
	struct render r = {.e = e, .memo = {.a = e->a}};
	return render(&r, n);
}
