/* SPDX-License-Identifier: MIT */
/* Nodes: making them, looking into maps, comparing, hashing. */
#include "internal.h"
#include "ccx/limits.h"

#include <math.h>
#include <string.h>

/* ---- making ------------------------------------------------------------------------------ */

static struct node *
new_node(struct arena *a, enum node_kind kind, struct span span)
{
	struct node *n = NEW(a, struct node);
	n->kind = (uint8_t)kind;
	n->weight = 1;
	n->span = span;
	return n;
}

const struct node *
node_null(struct arena *a, struct span span)
{
	return new_node(a, NODE_NULL, span);
}

const struct node *
node_bool(struct arena *a, bool value, struct span span)
{
	struct node *n = new_node(a, NODE_BOOL, span);
	n->u.boolean = value;
	return n;
}

const struct node *
node_int(struct arena *a, int64_t value, struct span span)
{
	struct node *n = new_node(a, NODE_INT, span);
	n->u.integer = value;
	return n;
}

const struct node *
node_string(struct arena *a, struct str text, struct span span)
{
	struct node *n = new_node(a, NODE_STRING, span);
	scalar_string(n, text);
	return n;
}

/* Adds what a part means for the whole. Keys carry no templates. */
static void
count_part(struct node *whole, const struct node *part, bool is_value)
{
	if (is_value)
		whole->flags |= part->flags & NODE_TEMPLATED;
	if (part->height >= whole->height)
		whole->height = part->height < UINT16_MAX ? part->height + 1 : UINT16_MAX;
	uint32_t room = UINT32_MAX - whole->weight;
	whole->weight += part->weight < room ? part->weight : room;
}

void
node_fill_list(struct node *n, const struct node **items, uint32_t count)
{
	n->kind = NODE_LIST;
	n->height = 1;
	n->weight = 1;
	n->count = count;
	n->u.items = items;
	for (uint32_t i = 0; i < count; i++)
		count_part(n, items[i], true);
}

void
node_fill_map(struct node *n, struct pair *pairs, uint32_t count)
{
	n->kind = NODE_MAP;
	n->height = 1;
	n->weight = 1;
	n->count = count;
	n->u.pairs = pairs;
	for (uint32_t i = 0; i < count; i++) {
		count_part(n, pairs[i].key, false);
		count_part(n, pairs[i].value, true);
	}
}

const struct node *
node_list(struct arena *a, const struct node **items, uint32_t n, struct span span)
{
	struct node *list = new_node(a, NODE_LIST, span);
	node_fill_list(list, items, n);
	return list;
}

const struct node *
node_map(struct arena *a, struct pair *pairs, uint32_t n, struct span span)
{
	struct node *map = new_node(a, NODE_MAP, span);
	node_fill_map(map, pairs, n);
	return map;
}

const struct node *
node_of_map(struct arena *a, const struct map *values)
{
	struct pair *pairs = NEW_ARRAY(a, struct pair, values->n);
	for (uint32_t i = 0; i < values->n; i++) {
		const struct node *value = values->v[i].value;
		pairs[i] = (struct pair){node_string(a, values->v[i].key, value->span), value};
	}
	return node_map(a, pairs, values->n, (struct span){0});
}

/* ---- looking ----------------------------------------------------------------------------- */

const struct pair *
node_pair(const struct node *map, struct str key)
{
	if (!node_has(map, NODE_MAP))
		return NULL;
	for (uint32_t i = 0; i < map->count; i++) {
		const struct pair *p = &map->u.pairs[i];
		if (p->key->kind == NODE_STRING && str_eq(p->key->u.text, key))
			return p;
	}
	return NULL;
}

const struct node *
node_find(const struct node *map, struct str key)
{
	const struct pair *p = node_pair(map, key);
	return p ? p->value : NULL;
}

bool
node_is(const struct node *scalar, const char *text)
{
	return node_has(scalar, NODE_STRING) && str_is(scalar->u.text, text);
}

const char *
node_type(const struct node *n)
{
	static const char *const names[] = {
		"null", "boolean", "integer", "float", "string", "list", "map"};
	return names[n->kind];
}

const char *
node_type_title(const struct node *n)
{
	static const char *const names[] = {
		"Null", "Boolean", "Integer", "Number", "String", "Sequence", "Mapping"};
	return names[n->kind];
}

/* ---- comparing --------------------------------------------------------------------------- */

/* As Java's Double.equals: NaN is NaN, and 0.0 is not -0.0. */
static bool
same_real(double a, double b)
{
	if (isnan(a) || isnan(b))
		return isnan(a) && isnan(b);
	return a == b && !signbit(a) == !signbit(b);
}

static bool
same_scalar(const struct node *a, const struct node *b)
{
	switch (a->kind) {
	case NODE_NULL:
		return true;
	case NODE_BOOL:
		return a->u.boolean == b->u.boolean;
	case NODE_INT:
		if ((a->flags & NODE_BIG) != (b->flags & NODE_BIG))
			return false;
		return a->flags & NODE_BIG ? str_eq(a->u.text, b->u.text)
					   : a->u.integer == b->u.integer;
	case NODE_FLOAT:
		return same_real(a->u.real, b->u.real);
	default:
		return str_eq(a->u.text, b->u.text);
	}
}

/* What is left to spend on one comparison. Two graphs of aliases can have more paths than atoms
 * exist; when the visits are used up, only a shared node still counts as equal. */
enum { EQUAL_VISITS = 4 << 20 };

static bool same(const struct node *a, const struct node *b, unsigned depth, uint32_t *visits);

static bool
same_list(const struct node *a, const struct node *b, unsigned depth, uint32_t *visits)
{
	for (uint32_t i = 0; i < a->count; i++)
		if (!same(a->u.items[i], b->u.items[i], depth, visits))
			return false;
	return true;
}

/* The search for each key starts behind the one found last: maps in the same order take one
 * step a key. */
static bool
same_map(const struct node *a, const struct node *b, unsigned depth, uint32_t *visits)
{
	uint32_t at = 0;
	for (uint32_t i = 0; i < a->count; i++) {
		uint32_t tried = 0;
		while (tried < a->count &&
			!same(a->u.pairs[i].key, b->u.pairs[at].key, depth, visits)) {
			at = at + 1 < a->count ? at + 1 : 0;
			tried++;
		}
		if (tried == a->count ||
			!same(a->u.pairs[i].value, b->u.pairs[at].value, depth, visits))
			return false;
		at = at + 1 < a->count ? at + 1 : 0;
	}
	return true;
}

static bool
same(const struct node *a, const struct node *b, unsigned depth, uint32_t *visits)
{
	if (a == b)
		return true;
	if (a->kind != b->kind)
		return false;
	if (*visits == 0 || depth > LIMIT_DEPTH)
		return false;
	--*visits;
	if (a->kind != NODE_LIST && a->kind != NODE_MAP)
		return same_scalar(a, b);
	if (a->count != b->count || a->weight != b->weight || a->height != b->height)
		return false;
	return a->kind == NODE_LIST ? same_list(a, b, depth + 1, visits)
				    : same_map(a, b, depth + 1, visits);
}

bool
node_equal(const struct node *a, const struct node *b)
{
	uint32_t visits = EQUAL_VISITS;
	return same(a, b, 0, &visits);
}

/* ---- hashing ----------------------------------------------------------------------------- */

/* A collection that is heavier goes into its parent's hash by its size only. That keeps the hash
 * of any graph of aliases cheap, and equal nodes have equal weights. */
enum { HASHED_WEIGHT = 256 };

static uint64_t
mix(uint64_t h)
{
	h ^= h >> 32;
	h *= 0x9e3779b97f4a7c15u;
	h ^= h >> 29;
	h *= 0xbf58476d1ce4e5b9u;
	return h ^ h >> 32;
}

static uint64_t
hash_real(double v)
{
	uint64_t bits = 1; /* all NaNs */
	if (!isnan(v))
		memcpy(&bits, &v, sizeof bits);
	return bits;
}

static uint64_t
hash_scalar(const struct node *n)
{
	uint64_t seed = (uint64_t)n->kind << 56;
	switch (n->kind) {
	case NODE_NULL:
		return mix(seed);
	case NODE_BOOL:
		return mix(seed + n->u.boolean);
	case NODE_INT:
		return mix(
			seed + (n->flags & NODE_BIG ? str_mix(n->u.text) : (uint64_t)n->u.integer));
	case NODE_FLOAT:
		return mix(seed + hash_real(n->u.real));
	default:
		return mix(seed + str_mix(n->u.text));
	}
}

static uint64_t hash_parts(const struct node *n);

static uint64_t
hash_part(const struct node *n)
{
	if (n->kind != NODE_LIST && n->kind != NODE_MAP)
		return hash_scalar(n);
	if (n->weight > HASHED_WEIGHT)
		return mix(((uint64_t)n->kind << 56) + ((uint64_t)n->count << 16) + n->weight);
	return hash_parts(n); /* at most HASHED_WEIGHT deep */
}

/* The pairs of a map are added up, for their order does not count. */
static uint64_t
hash_parts(const struct node *n)
{
	uint64_t h = mix(((uint64_t)n->kind << 56) + n->count);
	if (n->kind == NODE_LIST) {
		for (uint32_t i = 0; i < n->count; i++)
			h = mix(h + hash_part(n->u.items[i]));
		return h;
	}
	for (uint32_t i = 0; i < n->count; i++) {
		const struct pair *p = &n->u.pairs[i];
		h += mix(hash_part(p->key) + 3 * hash_part(p->value));
	}
	return h;
}

uint64_t
node_hash(const struct node *n)
{
	return n->kind == NODE_LIST || n->kind == NODE_MAP ? hash_parts(n) : hash_scalar(n);
}
