/* SPDX-License-Identifier: MIT */
/* A hash table from nodes, by address, to what became of them. Small ones need no allocation. */
#include "internal.h"

static size_t
slot_of(const struct memo *m, const struct node *key)
{
	uint64_t hash = (uint64_t)(uintptr_t)key * 0x9e3779b97f4a7c15u;
	size_t slot = (size_t)(hash >> 32) & (m->cap - 1);
	while (m->v[slot].key && m->v[slot].key != key)
		slot = (slot + 1) & (m->cap - 1);
	return slot;
}

static void
grow(struct memo *m)
{
	struct memo_entry *old = m->v;
	uint32_t old_cap = m->cap;
	m->cap *= 2;
	m->v = NEW_ARRAY(m->a, struct memo_entry, m->cap);
	for (uint32_t i = 0; i < old_cap; i++)
		if (old[i].key)
			m->v[slot_of(m, old[i].key)] = old[i];
}

struct memo_entry *
memo_at(struct memo *m, const struct node *key, bool *fresh)
{
	if (!m->v) {
		m->v = m->first;
		m->cap = sizeof m->first / sizeof *m->first;
	}
	if (m->n >= m->cap / 2)
		grow(m);
	struct memo_entry *entry = &m->v[slot_of(m, key)];
	*fresh = !entry->key;
	if (*fresh) {
		entry->key = key;
		m->n++;
	}
	return entry;
}
