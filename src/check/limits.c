/* SPDX-License-Identifier: MIT */
/* Limits that CircleCI sets and its compiler does not check. */
#include "ccx/check.h"

#include "internal.h"

static int64_t
limit(const char *name)
{
	const struct catalog_limit *l = catalog_limit(str_of(name));
	return l && l->amount > 0 ? l->amount : INT64_MAX;
}

/* ---- contexts ---------------------------------------------------------------------------- */

/* context: aws  or  context: [aws, slack] */
static void
collect_contexts(const struct check *c, const struct node *context, struct map *names)
{
	if (node_has(context, NODE_STRING))
		map_put(c->a, names, context->u.text, (void *)context);
	for (uint32_t i = 0; node_has(context, NODE_LIST) && i < context->count; i++)
		if (context->u.items[i]->kind == NODE_STRING)
			collect_contexts(c, context->u.items[i], names);
}

static void
check_contexts(const struct check *c)
{
	const struct node *workflows = node_get(c->compiled->config, "workflows");
	struct map names = {0};
	for (uint32_t i = 0; workflows && i < workflows->count; i++) {
		const struct node *jobs = node_get(workflows->u.pairs[i].value, "jobs");
		for (uint32_t k = 0; node_has(jobs, NODE_LIST) && k < jobs->count; k++) {
			const struct node *job = jobs->u.items[k];
			if (job->kind == NODE_MAP && job->count)
				collect_contexts(
					c, node_get(job->u.pairs[0].value, "context"), &names);
		}
	}
	int64_t most = limit("config-contexts");
	if (names.n <= most)
		return;
	const struct node *last = names.v[names.n - 1].value;
	struct diag *g = diag_push(c->diags, RULE_TOO_MANY_CONTEXTS, last->span,
		"this config names %u contexts; CircleCI allows %lld", names.n, (long long)most);
	diag_help(c->diags, g, "put variables that are used together into one context");
}

/* ---- cache keys -------------------------------------------------------------------------- */

static void
check_key(const struct check *c, const struct node *key)
{
	if (!node_has(key, NODE_STRING))
		return;
	int64_t most = limit("cache-key-characters");
	/* A character is a byte at least: most keys need no counting. */
	if ((int64_t)key->u.text.len <= most || (int64_t)utf8_count(key->u.text) <= most)
		return;
	struct diag *g = diag_push(c->diags, RULE_CACHE_KEY_LENGTH, key->span,
		"this cache key has %zu characters; CircleCI allows %lld", utf8_count(key->u.text),
		(long long)most);
	diag_help(c->diags, g, "put a checksum into the key instead of the text");
}

static void
check_keys(const struct check *c)
{
	for (uint32_t i = 0; i < c->compiled->njobs; i++) {
		const struct compiled_job *job = &c->compiled->jobs[i];
		for (uint32_t k = 0; k < job->nsteps; k++) {
			const struct node *step = job->steps[k].node;
			const struct node *restore = node_get(step, "restore_cache");
			const struct node *keys = node_get(restore, "keys");
			check_key(c, node_get(node_get(step, "save_cache"), "key"));
			check_key(c, node_get(restore, "key"));
			for (uint32_t n = 0; node_has(keys, NODE_LIST) && n < keys->count; n++)
				check_key(c, keys->u.items[n]);
		}
	}
}

void
check_limits(const struct check *c)
{
	if (!c->compiled->config)
		return;
	check_contexts(c);
	check_keys(c);
}
