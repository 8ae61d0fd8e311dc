/* SPDX-License-Identifier: MIT */
/*
 * Caches: keys that are saved and never restored, restored and never saved, or that never change.
 * What a `{{ }}` becomes is known only when the job runs, so it may be like anything else.
 */
#include "ccx/check.h"

#include "internal.h"

enum {
	LONGEST = 256,                /* bytes of a key that are compared */
	MOST_PAIRS = 4 * 1000 * 1000, /* of keys that are compared: no config of people has more */
};

/* A key of some step of a compiled job. */
struct key {
	const struct compiled_step *step;
	const struct compiled_job *job;
	const struct node *text;
};

struct keys {
	VEC(struct key) saved, restored;
};

/* ---- comparing ---------------------------------------------------------------------------- */

/* How a key begins before anything in it depends on the job; whole when that is all of it. */
struct beginning {
	struct str text;
	bool whole;
};

static struct beginning
beginning(struct str key)
{
	size_t open = str_find(str_sub(key, 0, LONGEST), STR("{{"), 0);
	if (open == SIZE_MAX)
		open = key.len < LONGEST ? key.len : LONGEST;
	return (struct beginning){str_sub(key, 0, open), open == key.len};
}

/* Could a cache saved as `saved` be found by `wanted`, which need only be its beginning?
 *
 *     v1-deps-          finds  v1-deps-{{ checksum "go.sum" }}
 *     v1-{{ arch }}-    may find  v1-linux-
 *     v2-deps-          does not find  v1-deps-{{ checksum "go.sum" }} */
static bool
may_find(struct str wanted, struct str saved)
{
	struct beginning w = beginning(wanted), s = beginning(saved);
	size_t n = w.text.len < s.text.len ? w.text.len : s.text.len;
	if (!str_eq(str_sub(w.text, 0, n), str_sub(s.text, 0, n)))
		return false;
	return w.text.len <= s.text.len || !s.whole;
}

static bool
any_finds(const struct keys *keys, struct str saved)
{
	for (uint32_t i = 0; i < keys->restored.n; i++)
		if (may_find(keys->restored.v[i].text->u.text, saved))
			return true;
	return false;
}

static bool
any_saves(const struct keys *keys, struct str wanted)
{
	for (uint32_t i = 0; i < keys->saved.n; i++)
		if (may_find(wanted, keys->saved.v[i].text->u.text))
			return true;
	return false;
}

/* ---- collecting --------------------------------------------------------------------------- */

static void
add_restored(
	const struct check *c, struct keys *keys, const struct key *base, const struct node *text)
{
	struct key k = *base;
	k.text = text;
	if (node_has(text, NODE_STRING))
		vec_push(c->a, &keys->restored, k);
	for (uint32_t i = 0; node_has(text, NODE_LIST) && i < text->count; i++)
		if (text->u.items[i]->kind == NODE_STRING)
			add_restored(c, keys, base, text->u.items[i]);
}

static void
collect(const struct check *c, struct keys *keys)
{
	for (uint32_t i = 0; i < c->compiled->njobs; i++) {
		const struct compiled_job *job = &c->compiled->jobs[i];
		for (uint32_t k = 0; k < job->nsteps; k++) {
			const struct node *node = job->steps[k].node;
			const struct node *restore = node_get(node, "restore_cache");
			struct key key = {&job->steps[k], job, NULL};
			add_restored(c, keys, &key, node_get(restore, "key"));
			add_restored(c, keys, &key, node_get(restore, "keys"));
			key.text = node_get(node_get(node, "save_cache"), "key");
			if (node_has(key.text, NODE_STRING))
				vec_push(c->a, &keys->saved, key);
		}
	}
}

/* ---- saved and restored ------------------------------------------------------------------- */

static void
nearest_key(
	const struct check *c, struct diag *g, struct str key, const struct keys *keys, bool saved)
{
	struct nearest near = {.wanted = key};
	uint32_t n = saved ? keys->saved.n : keys->restored.n;
	for (uint32_t i = 0; i < n; i++)
		nearest_try(&near, (saved ? keys->saved.v : keys->restored.v)[i].text->u.text);
	diag_nearest(c->diags, g, &near);
}

static void
check_saved(const struct check *c, const struct keys *keys)
{
	for (uint32_t i = 0; i < keys->saved.n; i++) {
		const struct key *k = &keys->saved.v[i];
		if (!check_own(c, k->text->span) || any_finds(keys, k->text->u.text))
			continue;
		struct diag *g = diag_push(c->diags, RULE_CACHE_NEVER_RESTORED, k->text->span,
			"no job restores the cache \"%.*s\"", STR_ARG(k->text->u.text));
		nearest_key(c, g, k->text->u.text, keys, false);
		diag_help(c->diags, g,
			"restore it where it helps, or remove this step: storage is paid for");
	}
}

/* A step is told of when none of its keys can find anything: older names as a fallback are fine. */
static void
check_restored(const struct check *c, const struct keys *keys)
{
	for (uint32_t i = 0, next; i < keys->restored.n; i = next) {
		const struct key *k = &keys->restored.v[i];
		bool found = false;
		for (next = i; next < keys->restored.n && keys->restored.v[next].step == k->step;
			next++)
			found = found || any_saves(keys, keys->restored.v[next].text->u.text);
		if (found || !check_own(c, k->text->span))
			continue;
		struct diag *g = diag_push(c->diags, RULE_CACHE_NEVER_SAVED, k->text->span,
			"no job saves a cache whose key starts with \"%.*s\"",
			STR_ARG(k->text->u.text));
		nearest_key(c, g, k->text->u.text, keys, true);
		diag_help(c->diags, g, "save it in a job, or remove this step");
	}
}

/* ---- keys that never change --------------------------------------------------------------- */

/* What a template stands for that is the same in every run: `arch`, `.Branch`. */
static bool is_steady(struct str template)
{
	return str_is(template, "arch") || str_is(template, ".Branch");
}

/* Numbers such as 1.2.3 or 2024-01-15 say what is in the cache: who changes it changes them. Not
 * so the 1 of "v1-". */
static bool
names_version(struct str key)
{
	for (size_t i = 0; i + 2 < key.len; i++) {
		bool number = key.s[i] >= '0' && key.s[i] <= '9';
		bool more = key.s[i + 2] >= '0' && key.s[i + 2] <= '9';
		if (number && more &&
			(key.s[i + 1] == '.' || key.s[i + 1] == '-' || key.s[i + 1] == '_'))
			return true;
		if (number && key.s[i + 1] >= '0' && key.s[i + 1] <= '9')
			return true;
	}
	return false;
}

static bool
never_changes(struct str key)
{
	for (size_t at = 0, open; (open = str_find(key, STR("{{"), at)) != SIZE_MAX;) {
		size_t close = str_find(key, STR("}}"), open);
		if (close == SIZE_MAX || !is_steady(str_trim(str_sub(key, open + 2, close))))
			return false;
		at = close + 2;
	}
	return !names_version(key);
}

static void
check_steady(const struct check *c, const struct keys *keys)
{
	for (uint32_t i = 0; i < keys->saved.n; i++) {
		const struct node *text = keys->saved.v[i].text;
		if (!check_own(c, text->span) || !never_changes(text->u.text) ||
			str_has(source_text(c->sources, text->span), STR("<<")))
			continue;
		struct diag *g = diag_push(c->diags, RULE_CACHE_KEY_STEADY, text->span,
			"the key \"%.*s\" never changes, so what is saved first is never replaced",
			STR_ARG(text->u.text));
		diag_help(c->diags, g,
			"add what it depends on, as in `{{ checksum \"package-lock.json\" }}`");
	}
}

void
check_caches(const struct check *c)
{
	struct keys keys = {0};
	if (!c->compiled->config)
		return;
	collect(c, &keys);
	struct conditional skip = check_conditional(c);
	check_steady(c, &keys);
	if (skip.workflows || skip.setup || (uint64_t)keys.saved.n * keys.restored.n > MOST_PAIRS)
		return;
	if (!skip.restore)
		check_saved(c, &keys);
	if (!skip.save)
		check_restored(c, &keys);
}
