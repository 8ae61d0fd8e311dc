/* SPDX-License-Identifier: MIT */
/*
 * The registry as a source of orbs, and the web for those by address, behind a cache. Workers share
 * one: what it finds is kept in an arena of its own under a lock, and a host that gave no answer is
 * not asked again, as a thousand configs would otherwise wait a thousand times.
 */
#include "ccx/orb.h"

#include "internal.h"
#include "registry.h"

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
	const struct registry_options *options;
	const struct orb_cache *cache;
	struct str place;
	struct map answers; /* reference -> struct answer */
	struct map silent;  /* host -> struct str: why it is not asked any more */
};

struct orb_remote *
orb_remote_new(
	struct arena *a, const struct registry_options *options, const struct orb_cache *cache)
{
	struct orb_remote *r = NEW(a, struct orb_remote);
	*r = (struct orb_remote){
		.a = arena_new(), .options = options, .cache = cache, .place = options->host};
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
	if (ref->kind == ORB_URL)
		return ref->text;
	return str_printf(r->a, "%.*s: %.*s/%.*s@%.*s", STR_ARG(r->place), STR_ARG(ref->ns),
		STR_ARG(ref->name), STR_ARG(exact));
}

static struct str
host_of(struct orb_remote *r, const struct orb_ref *ref)
{
	return http_host(ref->kind == ORB_URL ? ref->text : r->place);
}

static void
fall_silent(struct orb_remote *r, const struct orb_ref *ref)
{
	struct str *why = NEW(r->a, struct str);
	*why = registry_error(r->registry);
	map_put(r->a, &r->silent, host_of(r, ref), why);
}

/* An old answer is better than none, but only where nobody can be asked. */
static enum orb_result
unreachable(struct orb_remote *r, const struct orb_ref *ref, struct orb_found *found)
{
	struct str *why = map_get(&r->silent, host_of(r, ref));
	if (r->cache && orb_cache_get(r->cache, r->a, ref, true, found))
		return ORB_FOUND;
	*found = (struct orb_found){.origin = r->place, .error = *why};
	return ORB_UNREACHABLE;
}

static enum registry_fault
fetch(struct orb_remote *r, const struct orb_ref *ref, struct orb_found *found)
{
	*found = (struct orb_found){0};
	return ref->kind == ORB_URL ? registry_fetch(r->registry, r->a, ref->text, &found->text)
				    : registry_source(r->registry, r->a, ref, found);
}

static enum orb_result
ask(struct orb_remote *r, const struct orb_ref *ref, struct orb_found *found)
{
	bool may = ref->kind != ORB_URL || http_may_fetch(r->options, ref->text);
	if (may && r->cache && orb_cache_get(r->cache, r->a, ref, false, found))
		return ORB_FOUND;
	if (map_has(&r->silent, host_of(r, ref)))
		return unreachable(r, ref, found);
	switch (fetch(r, ref, found)) {
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
		fall_silent(r, ref);
		return unreachable(r, ref, found);
	}
	found->origin = origin_of(r, ref, found->exact);
	if (!r->cache)
		return ORB_FOUND;
	orb_cache_put(r->cache, r->a, ref, found);
	struct orb_ref exact = *ref;
	if (ref->kind != ORB_EXACT && ref->kind != ORB_DEV && ref->kind != ORB_URL) {
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
	pthread_mutex_lock(&r->lock);
	struct str key = str_copy(r->a, orb_ref_text(r->a, ref));
	struct answer *known = map_get(&r->answers, key);
	if (!known) {
		struct orb_ref own;
		const char *why;
		orb_ref_parse(key, &own, &why);
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
		((struct orb_source){
			.find = remote_find, .place = r->place, .by_address = true, .ctx = r}));
}
