/* SPDX-License-Identifier: MIT */
/* Vectors' growth and ordered maps. */
#include "ccx/base.h"

#include <string.h>

void *
vec_room(struct arena *a, void *v, uint32_t *cap, size_t item_size)
{
	uint32_t old = *cap;
	*cap = old ? old * 2 : 8;
	return arena_grow(a, v, old * item_size, *cap * item_size);
}

enum { SCANNED = 12 }; /* maps up to this size need no index */

/* Where the search for key starts. */
static uint32_t
start_of(struct str key)
{
	return (uint32_t)(str_mix(key) * 0x9e3779b97f4a7c15u >> 32);
}

/* The index holds entry numbers from 1, open addressing; 0 is free. */
static uint32_t *
slot_of(const struct map *m, struct str key)
{
	uint32_t mask = m->index_cap - 1, i = start_of(key) & mask;
	while (m->index[i] && !str_eq(m->v[m->index[i] - 1].key, key))
		i = (i + 1) & mask;
	return &m->index[i];
}

static struct map_entry *
find(const struct map *m, struct str key)
{
	if (m->index) {
		uint32_t at = *slot_of(m, key);
		return at ? &m->v[at - 1] : NULL;
	}
	for (uint32_t i = 0; i < m->n; i++)
		if (str_eq(m->v[i].key, key))
			return &m->v[i];
	return NULL;
}

void *
map_get(const struct map *m, struct str key)
{
	struct map_entry *e = find(m, key);
	return e ? e->value : NULL;
}

bool
map_has(const struct map *m, struct str key)
{
	return find(m, key) != NULL;
}

static void
reindex(struct arena *a, struct map *m)
{
	m->index_cap = m->index_cap ? m->index_cap * 2 : 64;
	m->index = NEW_ARRAY(a, uint32_t, m->index_cap);
	for (uint32_t i = 0; i < m->n; i++)
		*slot_of(m, m->v[i].key) = i + 1;
}

void
map_put(struct arena *a, struct map *m, struct str key, void *value)
{
	struct map_entry *e = find(m, key);
	if (e) {
		e->value = value;
		return;
	}
	struct map_entry entry = {key, value};
	vec_push(a, m, entry);
	if (m->index ? m->n * 2 > m->index_cap : m->n > SCANNED)
		reindex(a, m);
	else if (m->index)
		*slot_of(m, key) = m->n;
}
