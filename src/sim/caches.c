/* SPDX-License-Identifier: MIT */
/*
 * Caches as the simulated project has them. A key is written once: who saves it first wins, until
 * it expires. restore_cache tries its keys in order; each finds what begins with it, and of that
 * what was saved last, even where one has that very key.
 *
 * What a `{{ }}` of a key becomes is not known, only when it becomes the same, so it stands for
 * itself in braces: {checksum go.sum} is the same in all pipelines, unless the scenario says that
 * they change the file; {revision 3} is that of pipeline 3.
 */
#include "ccx/sim.h"

#include "engine.h"

#include <string.h>

/* ---- keys -------------------------------------------------------------------------------- */

/* Whose key it is: of the simulation, or (flow NULL) of the pipeline before it. */
struct keyed {
	struct engine *e;
	const struct spot *at;
	const struct sim_job *job;
	struct str branch;
	uint32_t pipeline;
};

/* checksum "go.sum"
 * File names are quoted in one of two ways. */
static void
put_checksum(struct keyed *k, struct str file)
{
	file = str_trim(file);
	if (file.len > 1 && (file.s[0] == '"' || file.s[0] == '`'))
		file = str_sub(file, 1, file.len - 1);
	sb_printf(&k->e->key, "{checksum %.*s", STR_ARG(file));
	if (map_has(&k->e->scenario->changed, file))
		sb_printf(&k->e->key, " of %u", k->pipeline);
	sb_char(&k->e->key, '}');
}

/* What stands between {{ and }}. */
static void
put_template(struct keyed *k, struct str t)
{
	struct sb *b = &k->e->key;
	const struct spot *at = k->at;
	if (str_is(t, ".Environment.CIRCLE_SHA1"))
		t = STR(".Revision");
	if (str_is(t, ".Environment.CIRCLE_BUILD_NUM"))
		t = STR(".BuildNum");
	if (str_is(t, ".Environment.CIRCLE_BRANCH"))
		t = STR(".Branch");
	if (str_is(t, ".Branch") && k->branch.len)
		sb_put(b, k->branch);
	else if (str_is(t, ".Revision"))
		sb_printf(b, "{revision %u}", k->pipeline);
	else if (str_is(t, ".BuildNum"))
		sb_printf(b, "{build %u.%u.%u.%u}", k->pipeline, at->flow_number, at->node,
			at->flow ? at->flow->attempt : 0);
	else if (str_is(t, "epoch"))
		sb_printf(b, "{epoch %lld of %u.%u.%u.%u.%u}", (long long)(k->e->now / SECOND_MS),
			k->pipeline, at->flow_number, at->node, at->task, at->step);
	else if (str_is(t, "arch"))
		sb_printf(b, "{arch %s}", k->job->executor ? k->job->executor->name : "");
	else if (str_starts(t, STR("checksum ")))
		put_checksum(k, str_sub(t, 9, t.len));
	else
		sb_printf(b, "{%.*s}", STR_ARG(t));
}

/* v1-{{ checksum "go.sum" }}-{{ .Branch }}; the result is valid until the next one. */
static struct str
render(struct keyed *k, struct str key)
{
	size_t at = 0;
	k->e->key.len = 0;
	while (at < key.len) {
		size_t open = str_find(key, STR("{{"), at);
		size_t close = open == SIZE_MAX ? SIZE_MAX : str_find(key, STR("}}"), open);
		if (close == SIZE_MAX)
			open = key.len;
		sb_put(&k->e->key, str_sub(key, at, open));
		if (close == SIZE_MAX)
			break;
		put_template(k, str_trim(str_sub(key, open + 2, close)));
		at = close + 2;
	}
	size_t longest = (size_t)catalog_limit(STR("cache-key-characters"))->amount;
	return str_sub(sb_str(&k->e->key), 0, longest);
}

/* ---- what is saved ----------------------------------------------------------------------- */

/* A tree of bytes: each node knows the cache that was saved last of those whose keys lead through
 * it. Nodes are numbers from 1; the root is 1. */
struct trie_node {
	uint32_t child, next; /* first child, next sibling */
	uint32_t last, own;   /* caches by number: last saved below, of this very key */
	char byte;
};

struct trie {
	VEC(struct trie_node) nodes;
	int64_t days; /* that a cache lasts, in ms */
};

static uint32_t
child_of(const struct trie *t, uint32_t node, char byte)
{
	uint32_t child = t->nodes.v[node - 1].child;
	while (child && t->nodes.v[child - 1].byte != byte)
		child = t->nodes.v[child - 1].next;
	return child;
}

/* The node that a key leads to, or 0. */
static uint32_t
trie_find(const struct trie *t, struct str key)
{
	uint32_t node = 1;
	for (size_t i = 0; i < key.len && node; i++)
		node = child_of(t, node, key.s[i]);
	return node;
}

/* Notes cache on the way to its key. */
static void
trie_put(struct engine *e, struct str key, uint32_t cache)
{
	struct trie *t = e->trie;
	uint32_t node = 1;
	t->nodes.v[0].last = cache;
	for (size_t i = 0; i < key.len; i++) {
		uint32_t child = child_of(t, node, key.s[i]);
		if (!child) {
			struct trie_node fresh = {
				.byte = key.s[i], .next = t->nodes.v[node - 1].child};
			vec_push(e->a, &t->nodes, fresh);
			child = t->nodes.n;
			t->nodes.v[node - 1].child = child;
		}
		node = child;
		t->nodes.v[node - 1].last = cache;
	}
	t->nodes.v[node - 1].own = cache;
}

void
caches_init(struct engine *e)
{
	struct trie_node root = {0};
	e->trie = NEW(e->a, struct trie);
	vec_push(e->a, &e->trie->nodes, root);
	e->trie->days = catalog_limit(STR("cache-days"))->amount * 24 * 60 * MINUTE_MS;
	e->key.a = e->a;
}

/* 0 for one that has expired. */
static uint32_t
alive(const struct engine *e, uint32_t cache)
{
	return cache && e->now - e->caches.v[cache - 1].at < e->trie->days ? cache : 0;
}

static uint32_t
add_cache(struct engine *e, struct str key, int64_t at, uint32_t pipeline)
{
	struct sim_cache cache = {str_copy(e->a, key), at, pipeline};
	vec_push(e->a, &e->caches, cache);
	trie_put(e, key, e->caches.n);
	return e->caches.n;
}

/* ---- steps ------------------------------------------------------------------------------- */

static const struct sim_step *
step_at(const struct spot *at)
{
	return &at->flow->run->workflow->nodes[at->node].job->steps[at->step];
}

static struct keyed
keyed_at(struct engine *e, const struct spot *at)
{
	const struct sim_pipeline_run *p = &e->result->pipelines[at->flow->pipeline];
	const struct sim_job *job = at->flow->run->workflow->nodes[at->node].job;
	return (struct keyed){e, at, job, p->arrival->branch, p->number};
}

/* save_cache: {key: v1-…, paths: […]} */
static struct str
save_key(struct engine *e, const struct spot *at)
{
	const struct node *key = node_get(step_at(at)->args, "key");
	struct keyed k = keyed_at(e, at);
	return render(&k, key ? node_text(e->a, key) : STR(""));
}

static uint32_t
cache_of_key(const struct engine *e, struct str key)
{
	uint32_t node = trie_find(e->trie, key);
	return node ? alive(e, e->trie->nodes.v[node - 1].own) : 0;
}

bool
cache_has(struct engine *e, const struct spot *at)
{
	return cache_of_key(e, save_key(e, at)) != 0;
}

uint32_t
cache_save(struct engine *e, const struct spot *at, bool *kept)
{
	struct str key = save_key(e, at);
	uint32_t cache = cache_of_key(e, key);
	*kept = cache != 0;
	return cache ? cache
		     : add_cache(e, key, e->now, e->result->pipelines[at->flow->pipeline].number);
}

/* What the scenario says of a key as it is written: 1 found, 0 not found, UNSAID. */
static int
said_of_key(const struct engine *e, struct str key)
{
	const struct scenario *sc = e->scenario;
	if (sc->mode == CACHES_HIT || sc->mode == CACHES_MISS)
		return sc->mode == CACHES_HIT;
	for (uint32_t i = 0; i < sc->caches.n; i++)
		if (str_starts(key, sc->caches.v[i].prefix))
			return sc->caches.v[i].hit;
	return UNSAID;
}

/* False to go on with the next key. */
static bool
try_key(struct keyed *k, const struct node *key, uint32_t *cache, bool *hit)
{
	struct str text = node_text(k->e->a, key);
	int said = said_of_key(k->e, text);
	uint32_t node = said == 0 ? 0 : trie_find(k->e->trie, render(k, text));
	*cache = node ? alive(k->e, k->e->trie->nodes.v[node - 1].last) : 0;
	*hit = *cache || said == 1;
	return *hit;
}

/* restore_cache: {keys: [v1-{{ checksum "go.sum" }}, v1-]}; a `key` comes before `keys`. */
uint32_t
cache_find(struct engine *e, const struct spot *at, bool *hit)
{
	const struct node *args = step_at(at)->args, *keys = node_get(args, "keys");
	struct keyed k = keyed_at(e, at);
	uint32_t cache = 0;
	*hit = false;
	if (node_get(args, "key") && try_key(&k, node_get(args, "key"), &cache, hit))
		return cache;
	for (uint32_t i = 0; node_has(keys, NODE_LIST) && i < keys->count; i++)
		if (try_key(&k, keys->u.items[i], &cache, hit))
			return cache;
	return 0;
}

/* ---- before and after -------------------------------------------------------------------- */

void
caches_warm(struct engine *e, const struct sim_arrival *like)
{
	for (uint32_t i = 0; i < like->model->njobs; i++)
		for (uint32_t s = 0; s < like->model->jobs[i].nsteps; s++) {
			const struct sim_job *job = &like->model->jobs[i];
			const struct sim_step *step = &job->steps[s];
			const struct node *key = node_get(step->args, "key");
			struct spot at = {NULL, 0, i, 0, s};
			struct keyed k = {e, &at, job, like->branch, 0};
			if (step->kind != SIM_SAVE_CACHE || !key)
				continue;
			struct str text = render(&k, node_text(e->a, key));
			if (!cache_of_key(e, text))
				add_cache(e, text, -1, 0);
		}
}

/* How often a step looked for a cache. */
struct looked {
	uint32_t hits, misses;
	uint32_t pipeline, pipelines; /* the last one that missed; how many did */
};

static void
count_look(struct engine *e, struct map *looks, const struct sim_step_run *r, uint32_t pipeline)
{
	struct str id = {(const char *)&r->step, sizeof r->step};
	struct looked *l = map_get(looks, id);
	if (!l)
		map_put(e->a, looks, id, l = NEW(e->a, struct looked));
	l->hits += r->cached == SIM_CACHE_HIT;
	l->misses += r->cached == SIM_CACHE_MISS;
	l->pipelines += l->pipeline != pipeline;
	l->pipeline = pipeline;
}

static void
count_looks(struct engine *e, struct map *looks, const struct sim_job_run *run, uint32_t pipeline)
{
	for (uint32_t t = 0; t < run->ntasks; t++)
		for (uint32_t s = 0; s < run->tasks[t].nsteps; s++) {
			const struct sim_step_run *r = &run->tasks[t].steps[s];
			if (r->cached == SIM_CACHE_HIT || r->cached == SIM_CACHE_MISS)
				count_look(e, looks, r, pipeline);
		}
}

/* In one pipeline there may be nothing to find yet. */
void
caches_check(struct engine *e)
{
	struct map looks = {0};
	if (e->result->npipelines < 2 || e->scenario->mode == CACHES_MISS)
		return;
	for (uint32_t i = 0; i < e->flows.n; i++)
		for (uint32_t k = 0; k < e->flows.v[i].run->njobs; k++)
			count_looks(
				e, &looks, &e->flows.v[i].run->jobs[k], e->flows.v[i].pipeline + 1);
	for (uint32_t i = 0; i < looks.n; i++) {
		const struct looked *l = looks.v[i].value;
		const struct sim_step *step;
		memcpy(&step, looks.v[i].key.s, sizeof step);
		if (l->hits || l->pipelines < 2)
			continue;
		engine_find(e, step->span,
			str_printf(e->a, "\"%.*s\" finds no cache in any of %u pipelines",
				STR_ARG(step->name), l->pipelines));
	}
}
