/* SPDX-License-Identifier: MIT */
/*
 * The keys of a map that has just been read: none may be there twice, and a plain `<<` puts the
 * pairs of other maps in its place. The order is SnakeYAML's: a merged pair stands where the `<<`
 * stands, unless its key is there already; a key that the map states itself takes the map's own
 * value wherever that is written, and keeps the place of its first appearance.
 */
#include "load.h"
#include "ccx/limits.h"

#include <string.h>

enum { SCANNED = 16 }; /* maps up to this size need no index */

/* Pairs in order, no key twice. */
struct keyset {
	struct arena *a;
	VEC(struct pair) pairs;
	VEC(bool) own;   /* of each pair: the map states it itself */
	uint32_t *slots; /* numbers from 1 into pairs, open addressing; NULL for small sets */
	uint32_t slots_cap;
};

static bool
same_key(const struct node *a, const struct node *b)
{
	if (a->kind == NODE_STRING && b->kind == NODE_STRING)
		return str_eq(a->u.text, b->u.text);
	return node_equal(a, b);
}

static uint32_t *
slot_of(const struct keyset *k, const struct node *key)
{
	uint32_t mask = k->slots_cap - 1, i = (uint32_t)node_hash(key) & mask;
	while (k->slots[i] && !same_key(k->pairs.v[k->slots[i] - 1].key, key))
		i = (i + 1) & mask;
	return &k->slots[i];
}

/* Number of the pair with that key, from 1; 0 when there is none. */
static uint32_t
keyset_find(const struct keyset *k, const struct node *key)
{
	if (k->slots)
		return *slot_of(k, key);
	for (uint32_t i = 0; i < k->pairs.n; i++)
		if (same_key(k->pairs.v[i].key, key))
			return i + 1;
	return 0;
}

static void
reindex(struct keyset *k)
{
	k->slots_cap = k->slots_cap ? k->slots_cap * 4 : SCANNED * 8;
	k->slots = NEW_ARRAY(k->a, uint32_t, k->slots_cap);
	for (uint32_t i = 0; i < k->pairs.n; i++)
		*slot_of(k, k->pairs.v[i].key) = i + 1;
}

/* Adds a pair whose key is not there. */
static void
keyset_add(struct keyset *k, struct pair pair, bool own)
{
	vec_push(k->a, &k->pairs, pair);
	vec_push(k->a, &k->own, own);
	if (k->slots ? k->pairs.n * 2 > k->slots_cap : k->pairs.n > SCANNED)
		reindex(k);
	else if (k->slots)
		*slot_of(k, pair.key) = k->pairs.n;
}

static void
fault_duplicate(struct loader *l, const struct node *first, const struct node *again)
{
	struct str name = node_text(l->scratch, again);
	struct str message =
		str_printf(l->a, UNABLE "found duplicate key %.*s", STR_ARG(str_sub(name, 0, 200)));
	struct diag *g = load_fault(l, RULE_YAML_DUPLICATE_KEY, again->span, message);
	diag_label(l->d, g, "this key is in the map already");
	diag_note(l->d, g, first->span, "first defined here");
	diag_help(l->d, g, "remove one of the two, or give it another name");
}

static void
check_keys(struct loader *l, const struct pair *pairs, uint32_t n)
{
	struct keyset k = {.a = l->scratch};
	for (uint32_t i = 0; i < n && !l->stop; i++) {
		uint32_t at = keyset_find(&k, pairs[i].key);
		if (at)
			fault_duplicate(l, k.pairs.v[at - 1].key, pairs[i].key);
		else
			keyset_add(&k, pairs[i], true);
	}
}

static void
check_few_keys(struct loader *l, const struct pair *pairs, uint32_t n)
{
	for (uint32_t i = 1; i < n && !l->stop; i++) {
		uint32_t j = 0;
		while (j < i && !same_key(pairs[j].key, pairs[i].key))
			j++;
		if (j < i)
			fault_duplicate(l, pairs[j].key, pairs[i].key);
	}
}

void
load_map(struct loader *l, struct node *node, const struct node **parts, uint32_t n)
{
	struct pair *pairs = NEW_ARRAY(l->a, struct pair, n);
	for (uint32_t i = 0; i < n; i++)
		pairs[i] = (struct pair){parts[2 * i], parts[2 * i + 1]};
	if (n <= SCANNED) {
		check_few_keys(l, pairs, n);
	} else {
		struct arena_mark mark = arena_mark(l->scratch);
		check_keys(l, pairs, n);
		arena_reset(l->scratch, mark);
	}
	node_fill_map(node, pairs, n);
}

/* SnakeYAML's names of what a node is. */
static const char *
node_id(const struct node *n)
{
	return n->kind == NODE_LIST ? "sequence" : n->kind == NODE_MAP ? "mapping" : "scalar";
}

static void
fault_merge(struct loader *l, const struct node *key, const struct node *what, bool in_list)
{
	if (what == l->unknown)
		return; /* an alias that has its own finding */
	struct str message =
		str_printf(l->a, UNABLE "expected a mapping%s for merging, but found %s",
			in_list ? "" : " or list of mappings", node_id(what));
	struct diag *g = load_fault(l, RULE_YAML_MERGE, key->span, message);
	diag_label(l->d, g, "merges %s", in_list ? "a list with more than maps in it" : "no map");
	diag_note(l->d, g, what->span, "this is not a map");
	diag_help(l->d, g,
		"`<<` takes an alias of a map, as in `<<: *defaults`, or a list of such aliases");
}

/* The keys of map that are not there yet. */
static bool
merge_map(struct loader *l, struct keyset *k, const struct node *map, struct span where)
{
	if (!load_count(l, map->count, where))
		return false;
	for (uint32_t i = 0; i < map->count; i++)
		if (!keyset_find(k, map->u.pairs[i].key))
			keyset_add(k, map->u.pairs[i], false);
	return true;
}

/* <<: *defaults, <<: [*a, *b] */
static void
merge_value(struct loader *l, struct keyset *k, struct pair merge)
{
	const struct node *value = merge.value;
	if (value->kind == NODE_MAP) {
		merge_map(l, k, value, merge.key->span);
		return;
	}
	if (value->kind != NODE_LIST) {
		fault_merge(l, merge.key, value, false);
		return;
	}
	for (uint32_t i = 0; i < value->count && !l->stop; i++) {
		const struct node *item = value->u.items[i];
		if (item->kind != NODE_MAP)
			fault_merge(l, merge.key, item, true);
		else if (!merge_map(l, k, item, merge.key->span))
			return;
	}
}

static void
own_pair(struct loader *l, struct keyset *k, struct pair pair)
{
	uint32_t at = keyset_find(k, pair.key);
	if (!at) {
		keyset_add(k, pair, true);
	} else if (k->own.v[at - 1]) {
		fault_duplicate(l, k->pairs.v[at - 1].key, pair.key);
	} else {
		k->pairs.v[at - 1] = pair;
		k->own.v[at - 1] = true;
	}
}

void
load_merged_map(struct loader *l, struct node *node, const struct node **parts, uint32_t n)
{
	struct arena_mark mark = arena_mark(l->scratch);
	struct keyset k = {.a = l->scratch};
	for (uint32_t i = 0; i < n && !l->stop; i++) {
		struct pair pair = {parts[2 * i], parts[2 * i + 1]};
		if (pair.key->flags & NODE_MERGE)
			merge_value(l, &k, pair);
		else
			own_pair(l, &k, pair);
	}
	struct pair *pairs = NEW_ARRAY(l->a, struct pair, k.pairs.n);
	if (k.pairs.n)
		memcpy(pairs, k.pairs.v, k.pairs.n * sizeof *pairs);
	arena_reset(l->scratch, mark);
	node_fill_map(node, pairs, k.pairs.n);
}
