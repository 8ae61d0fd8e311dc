/* SPDX-License-Identifier: MIT */
/* Maps and lists while they are being put together. */
#include "ccx/compile.h"

#include "internal.h"

void
pairs_add(struct compile *c, struct pairs *to, const struct node *key, const struct node *value)
{
	struct pair pair = {key, value};
	vec_push(c->a, &to->all, pair);
}

struct pair *
pairs_find(const struct pairs *in, struct str key)
{
	uintptr_t at = (uintptr_t)map_get(&in->index, key);
	return at ? &in->all.v[at - 1] : NULL;
}

void
pairs_set(struct compile *c, struct pairs *to, const struct node *key, const struct node *value)
{
	struct str name = node_text(c->a, key);
	struct pair *there = pairs_find(to, name);
	if (there) {
		there->value = value;
		return;
	}
	pairs_add(c, to, key, value);
	map_put(c->a, &to->index, name, (void *)(uintptr_t)to->all.n);
}

const struct node *
pairs_map(struct compile *c, const struct pairs *from, struct span span)
{
	return node_map(c->a, from->all.v, from->all.n, span);
}

const struct node *
steps_list(struct compile *c, const struct steps *steps, struct span span)
{
	const struct node **items = NEW_ARRAY(c->a, const struct node *, steps->all.n);
	for (uint32_t i = 0; i < steps->all.n; i++)
		items[i] = steps->all.v[i].node;
	return node_list(c->a, items, steps->all.n, span);
}
