/* SPDX-License-Identifier: MIT */
/*
 * The registry as a source of orbs, behind its cache. Workers share one: what it finds is kept in
 * an arena of its own under a lock, and a registry that gave no answer is not asked again, as a
 * thousand configs would otherwise wait a thousand times.
 */
#include "ccx/orb.h"

#include "internal.h"

#include <pthread.h>

/* What became of one reference. */
struct answer {
	enum orb_result result;
	struct orb_found found;
};

struct orb_remote {
	struct arena *a;
	pthread_mutex_t lock;
	struct registry *registry;
	const struct orb_cache *cache;
	struct str place;
	struct map answers; /* reference -> struct answer */
	struct str silent;  /* why it is not asked any more; empty: it is */
};

struct orb_remote *
orb_remote_new(
	struct arena *a, const struct registry_options *options, const struct orb_cache *cache)
{
	struct orb_remote *r = NEW(a, struct orb_remote);
	*r = (struct orb_remote){.a = arena_new(), .cache = cache, .place = options->host};
	r->registry = registry_new(r->a, options);
	pthread_mutex_init(&r->lock, NULL);
	return r;
}

void
orb_remote_free(struct orb_remote *r)
{
	if (!r)
		return;
	registry_free(r->registry);
	pthread_mutex_destroy(&r->lock);
	arena_free(r->a);
	r->a = NULL;
}

/* "https://circleci.com: circleci/node@5.2.1" */
static struct str
origin_of(struct orb_remote *r, const struct orb_ref *ref, struct str exact)
{
	return str_printf(r->a, "%.*s: %.*s/%.*s@%.*s", STR_ARG(r->place), STR_ARG(ref->ns),
		STR_ARG(ref->name), STR_ARG(exact));
}

/* An old answer is better than none, but only where the registry cannot be asked. */
static enum orb_result
unreachable(struct orb_remote *r, const struct orb_ref *ref, struct orb_found *found)
{
	if (r->cache && orb_cache_get(r->cache, r->a, ref, true, found))
		return ORB_FOUND;
	*found = (struct orb_found){.origin = r->place, .error = r->silent};
	return ORB_UNREACHABLE;
}

static enum orb_result
ask(struct orb_remote *r, const struct orb_ref *ref, struct orb_found *found)
{
	if (r->cache && orb_cache_get(r->cache, r->a, ref, false, found))
		return ORB_FOUND;
	if (r->silent.len)
		return unreachable(r, ref, found);
	switch (registry_source(r->registry, r->a, ref, found)) {
	case REGISTRY_FINE:
		break;
	case REGISTRY_ABSENT:
		return ORB_MISSING;
	case REGISTRY_REFUSED:
		*found = (struct orb_found){.origin = origin_of(r, ref, ref->version),
			.error = registry_error(r->registry)};
		return ORB_UNREACHABLE;
	case REGISTRY_NO_ANSWER:
	case REGISTRY_UNCERTAIN:
		r->silent = registry_error(r->registry);
		return unreachable(r, ref, found);
	}
	found->origin = origin_of(r, ref, found->exact);
	if (!r->cache)
		return ORB_FOUND;
	orb_cache_put(r->cache, r->a, ref, found);
	struct orb_ref exact = *ref;
	if (ref->kind != ORB_EXACT && ref->kind != ORB_DEV) {
		exact.kind = ORB_EXACT;
		exact.version = found->exact;
		orb_cache_put(r->cache, r->a, &exact, found);
	}
	return ORB_FOUND;
}

static enum orb_result
remote_find(void *ctx, struct arena *a, const struct orb_ref *ref, struct orb_found *found)
{
	struct orb_remote *r = ctx;
	(void)a;
	*found = (struct orb_found){.origin = r->place};
	if (ref->kind == ORB_URL)
		return ORB_MISSING;
	pthread_mutex_lock(&r->lock);
	struct str key = str_printf(r->a, "%.*s/%.*s@%.*s", STR_ARG(ref->ns), STR_ARG(ref->name),
		STR_ARG(ref->version));
	struct answer *known = map_get(&r->answers, key);
	if (!known) {
		struct orb_ref own = *ref;
		size_t at = str_find(key, STR("@"), 0);
		own.ns = str_sub(key, 0, ref->ns.len);
		own.name = str_sub(key, ref->ns.len + 1, at);
		own.version = str_sub(key, at + 1, key.len);
		known = NEW(r->a, struct answer);
		known->result = ask(r, &own, &known->found);
		map_put(r->a, &r->answers, key, known);
	}
	*found = known->found;
	pthread_mutex_unlock(&r->lock);
	return known->result;
}

void
orb_store_add_remote(struct orb_store *s, struct orb_remote *r)
{
	vec_push(s->a, &s->sources,
		((struct orb_source){.find = remote_find, .place = r->place, .ctx = r}));
}
