/* SPDX-License-Identifier: MIT */
/*
 * The order in which a Clojure hash map with string keys is walked: the official compiler keeps
 * its jobs in such a map, which has no order of its own from the ninth entry on.
 */
#include "ccx/compile.h"

#include <stdlib.h>

#include "internal.h"

static uint32_t
rotl(uint32_t x, unsigned by)
{
	return x << by | x >> (32 - by);
}

/* Java's String.hashCode: over UTF-16 units. */
static uint32_t
java_hash(struct str s)
{
	uint32_t h = 0;
	for (size_t at = 0; at < s.len;) {
		int32_t c = utf8_next(s, &at);
		if (c >= 0x10000) {
			h = 31 * h + (0xd800 + (((uint32_t)c - 0x10000) >> 10));
			c = 0xdc00 + ((c - 0x10000) & 0x3ff);
		}
		h = 31 * h + (uint32_t)c;
	}
	return h;
}

/* Clojure hashes the hash code once more: Murmur3 of one int. */
static uint32_t
clojure_hash(struct str s)
{
	uint32_t k = java_hash(s), h;
	if (k == 0)
		return 0;
	h = rotl(rotl(k * 0xcc9e2d51, 15) * 0x1b873593, 13) * 5 + 0xe6546b64;
	h ^= 4;
	h = (h ^ h >> 16) * 0x85ebca6b;
	h = (h ^ h >> 13) * 0xc2b2ae35;
	return h ^ h >> 16;
}

struct position {
	uint64_t key;
	uint32_t index;
};

/* The tree branches on five bits of the hash at a time, low bits first: the walk is in order of
 * those groups. */
static uint64_t
walk_key(uint32_t hash)
{
	uint64_t key = 0;
	for (unsigned shift = 0; shift < 35; shift += 5)
		key = key << 5 | ((uint64_t)hash >> shift & 31);
	return key;
}

static int
by_key(const void *x, const void *y)
{
	const struct position *a = x, *b = y;
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return (a->index > b->index) - (a->index < b->index);
}

void
clojure_order(struct arena *a, const struct str *names, uint32_t n, uint32_t *order)
{
	struct position *places = NEW_ARRAY(a, struct position, n);
	for (uint32_t i = 0; i < n; i++)
		places[i] = (struct position){walk_key(clojure_hash(names[i])), i};
	qsort(places, n, sizeof *places, by_key);
	for (uint32_t i = 0; i < n; i++)
		order[i] = places[i].index;
}
