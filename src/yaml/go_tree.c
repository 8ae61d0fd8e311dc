/* SPDX-License-Identifier: MIT */
/* A tree as Go's yaml.v3 would have loaded it, in the order in which it prints maps. */
#include "go.h"
#include "print.h"

#include <stdlib.h>
#include <string.h>

/* ---- order of keys ----------------------------------------------------------------------- */

/* Go asks Unicode; beyond ASCII this takes for letters what is in the blocks of letters. */
static bool
is_letter(int32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	return c >= 0xc0 && c != 0xd7 && c != 0xf7 && !(c >= 0x2000 && c <= 0x2bff) &&
	       !(c >= 0x3000 && c <= 0x3004) && !(c >= 0xfe00 && c <= 0xfe6f) && c < 0xfeff;
}

static bool
is_digit(struct str t, size_t at)
{
	return at < t.len && t.s[at] >= '0' && t.s[at] <= '9';
}

/* The number that goes on at *at; first tells what its digits before are worth. */
static uint64_t
read_run(struct str t, size_t *at, uint64_t v)
{
	for (; is_digit(t, *at); ++*at)
		v = v * 10 + (uint64_t)(t.s[*at] - '0');
	return v;
}

/* A zero at the place where two texts part counts as a digit only behind another number. */
static bool
behind_number(struct str t, size_t at)
{
	while (at > 0 && is_digit(t, at - 1))
		if (t.s[--at] != '0')
			return true;
	return false;
}

static int
order(bool less)
{
	return less ? -1 : 1;
}

/* Two texts that part at byte `at` of both. */
static int
compare_rest(struct str a, struct str b, size_t at)
{
	size_t ia = at, ib = at, na = at, nb = at;
	int32_t ca = utf8_next(a, &na), cb = utf8_next(b, &nb);
	bool la = is_letter(ca), lb = is_letter(cb);
	if (la && lb)
		return order(ca < cb);
	if (la || lb)
		return order(at > 0 && is_digit(a, at - 1) ? la : lb);
	bool zero = a.s[at] == '0' || b.s[at] == '0';
	uint64_t before = zero && behind_number(a, at);
	uint64_t va = read_run(a, &ia, before), vb = read_run(b, &ib, before);
	if (va != vb)
		return order((int64_t)va < (int64_t)vb);
	if (ia != ib)
		return order(ia < ib);
	return order(ca < cb);
}

static int
compare_texts(struct str a, struct str b)
{
	size_t at = 0, least = a.len < b.len ? a.len : b.len;
	while (at < least && a.s[at] == b.s[at])
		at++;
	while (at > 0 && at < least && ((unsigned char)a.s[at] & 0xc0) == 0x80)
		at--; /* they part inside of one character */
	if (at == least)
		return a.len == b.len ? 0 : order(a.len < b.len);
	return compare_rest(a, b, at);
}

/* Booleans are numbers too. */
static bool
key_number(const struct node *key, double *v)
{
	if (key->kind == NODE_BOOL)
		*v = key->u.boolean;
	else if (key->kind == NODE_FLOAT)
		*v = key->u.real;
	else if (key->kind == NODE_INT)
		*v = key->flags & NODE_BIG ? 1e19 : (double)key->u.integer;
	return key->kind == NODE_BOOL || key->kind == NODE_FLOAT || key->kind == NODE_INT;
}

static int
compare_keys(const void *x, const void *y)
{
	const struct node *a = ((const struct pair *)x)->key, *b = ((const struct pair *)y)->key;
	double va, vb;
	bool na = key_number(a, &va), nb = key_number(b, &vb);
	if (na && nb && va != vb)
		return order(va < vb);
	if (a->kind == NODE_STRING && b->kind == NODE_STRING)
		return compare_texts(a->u.text, b->u.text);
	return a->kind == b->kind ? 0 : order(a->kind < b->kind);
}

void
pairs_sort_go(struct pair *pairs, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++) {
		if (compare_keys(&pairs[i - 1], &pairs[i]) > 0) {
			qsort(pairs, n, sizeof *pairs, compare_keys);
			return;
		}
	}
}

/* ---- scalars ----------------------------------------------------------------------------- */

struct reading {
	struct arena *a;
	const struct sources *s;
	unsigned how;
};

static bool
is_plain_decimal(struct str t)
{
	size_t digits = t.len && t.s[0] == '-';
	if (digits == t.len || (t.s[digits] == '0' && t.len > digits + 1))
		return false;
	while (is_digit(t, digits))
		digits++;
	return digits == t.len;
}

static const struct node *
read_scalar(const struct reading *r, const struct node *n, bool is_key)
{
	if (n->flags & NODE_QUOTED || n->kind == NODE_NULL)
		return n;
	struct str text = n->kind == NODE_STRING ? n->u.text : source_text(r->s, n->span);
	if (n->kind == NODE_BOOL && go_old_bool(text) && r->how & GO_BOOLEANS && !is_key)
		return n;
	if (n->kind == NODE_INT && !(n->flags & NODE_BIG) && is_plain_decimal(text))
		return n;
	struct node read = *n;
	read.flags &= (uint8_t)~NODE_BIG;
	enum go_tag tag = go_resolve(r->a, text, &read);
	if (n->kind == NODE_STRING) {
		/* A text that looks like a number to both is one that a tag has made a string. */
		struct node same = *n;
		scalar_resolve(r->a, &same, text);
		if (tag == GO_STRING || same.kind != NODE_STRING)
			return n;
	} else if (tag == GO_STRING) {
		scalar_string(&read, text);
	}
	struct node *copy = NEW(r->a, struct node);
	*copy = read;
	return copy;
}

/* ---- the tree ---------------------------------------------------------------------------- */

static const struct node *
read_node(const struct reading *r, const struct node *n, unsigned depth)
{
	if (n->kind != NODE_LIST && n->kind != NODE_MAP)
		return read_scalar(r, n, false);
	if (depth >= PRINT_DEPTH)
		return n;
	if (n->kind == NODE_LIST) {
		const struct node **items = NEW_ARRAY(r->a, const struct node *, n->count);
		for (uint32_t i = 0; i < n->count; i++)
			items[i] = read_node(r, n->u.items[i], depth + 1);
		return node_list(r->a, items, n->count, n->span);
	}
	struct pair *pairs = NEW_ARRAY(r->a, struct pair, n->count);
	for (uint32_t i = 0; i < n->count; i++) {
		const struct node *key = n->u.pairs[i].key;
		bool scalar = key->kind != NODE_LIST && key->kind != NODE_MAP;
		pairs[i].key = scalar ? read_scalar(r, key, true) : key;
		pairs[i].value = read_node(r, n->u.pairs[i].value, depth + 1);
	}
	if (!(r->how & GO_IN_ORDER))
		pairs_sort_go(pairs, n->count);
	return node_map(r->a, pairs, n->count, n->span);
}

const struct node *
node_as_go(struct arena *a, const struct sources *s, const struct node *n, unsigned how)
{
	return read_node(&(struct reading){a, s, how}, n, 0);
}
