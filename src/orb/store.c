/* SPDX-License-Identifier: MIT */
/* A store: sources of orbs, asked in order. */
#include "ccx/orb.h"

#include "internal.h"

#include <stdlib.h>

void
orb_store_init(struct orb_store *s, struct arena *a)
{
	*s = (struct orb_store){.a = a};
}

void
orb_store_add_dir(struct orb_store *s, struct str dir)
{
	vec_push(s->a, &s->sources, dir_source(s->a, dir));
}

enum orb_result
orb_find(struct orb_store *s, const struct orb_ref *ref, struct orb_found *found)
{
	const struct orb_lock_entry *locked = orb_lock_find(s->lock, ref->text);
	if (locked)
		ref = &locked->pinned;
	*found = (struct orb_found){0};
	for (uint32_t i = 0; i < s->sources.n; i++) {
		const struct orb_source *source = &s->sources.v[i];
		enum orb_result result = source->find(source->ctx, s->a, ref, found);
		if (result != ORB_MISSING)
			return result;
	}
	*found = (struct orb_found){0};
	return ORB_MISSING;
}

static int
compare_texts(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static int
compare_versions(const void *a, const void *b)
{
	return version_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Sorts, and keeps one of those that several sources have. */
static uint32_t
sort_once(struct str *v, uint32_t n, int (*compare)(const void *, const void *))
{
	uint32_t kept = 0;
	if (n)
		qsort(v, n, sizeof *v, compare);
	for (uint32_t i = 0; i < n; i++)
		if (!kept || !str_eq(v[kept - 1], v[i]))
			v[kept++] = v[i];
	return kept;
}

uint32_t
orb_versions(struct orb_store *s, struct str ns, struct str name, struct str **versions)
{
	VEC(struct str) all = {0};
	for (uint32_t i = 0; i < s->sources.n; i++) {
		const struct orb_source *source = &s->sources.v[i];
		struct str *v;
		uint32_t n = 0;
		if (source->versions)
			n = source->versions(source->ctx, ns, name, &v);
		for (uint32_t j = 0; j < n; j++)
			vec_push(s->a, &all, v[j]);
	}
	*versions = all.v;
	return sort_once(all.v, all.n, compare_versions);
}

uint32_t
orb_names(struct orb_store *s, struct str **names)
{
	VEC(struct str) all = {0};
	for (uint32_t i = 0; i < s->sources.n; i++) {
		const struct orb_source *source = &s->sources.v[i];
		struct str *v;
		uint32_t n = source->names ? source->names(source->ctx, &v) : 0;
		for (uint32_t j = 0; j < n; j++)
			vec_push(s->a, &all, v[j]);
	}
	*names = all.v;
	return sort_once(all.v, all.n, compare_texts);
}
