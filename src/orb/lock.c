/* SPDX-License-Identifier: MIT */
/*
 * The lock: which version each reference of a config means, and what its source must be. A block
 * of lines for each reference, sorted by it, so that a change of one orb is a change of its lines.
 */
#include "ccx/orb.h"

#include <stdlib.h>

enum { LOCK_VERSION = 1, SHA256_DIGITS = 64 };

struct reading {
	struct arena *a;
	struct diag_list *d;
	struct orb_lock *lock;
	bool bad;
};

/* ---- reading ----------------------------------------------------------------------------- */

static void
fault(struct reading *r, struct span at, struct str what)
{
	struct diag *g = diag_push(r->d, RULE_INVALID_LOCK, at, "%.*s", STR_ARG(what));
	diag_help(r->d, g, "`ccx orb lock` writes it anew");
	r->bad = true;
}

static bool
is_sha256(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((text.s[i] < '0' || text.s[i] > '9') && (text.s[i] < 'a' || text.s[i] > 'f'))
			return false;
	return text.len == SHA256_DIGITS;
}

static struct str
text_of(struct reading *r, const struct pair *entry, const char *key)
{
	const struct node *n = node_get(entry->value, key);
	if (node_has(n, NODE_STRING))
		return n->u.text;
	fault(r, n ? n->span : entry->key->span,
		str_printf(r->a, "the lock of %.*s needs a text called %s",
			STR_ARG(entry->key->u.text), key));
	return STR("");
}

/* The reference that is looked up in the place of ref; an address, which has no version, stays. */
static bool
pin(struct arena *a, const struct orb_ref *ref, struct orb_lock_entry *e)
{
	const char *why;
	struct str exact = str_printf(
		a, "%.*s/%.*s@%.*s", STR_ARG(ref->ns), STR_ARG(ref->name), STR_ARG(e->exact));
	e->pinned = *ref;
	if (ref->kind == ORB_URL)
		return !e->exact.len;
	return orb_ref_parse(exact, &e->pinned, &why) &&
	       (e->pinned.kind == ORB_EXACT || e->pinned.kind == ORB_DEV) &&
	       version_fits(ref, e->exact);
}

/* circleci/node@5: {version: 5.2.0, from: directory, sha256: 01ab…}
 * https://example.com/orb.yml: {from: https://example.com/orb.yml, sha256: 01ab…} */
static void
read_entry(struct reading *r, const struct pair *pair)
{
	struct orb_lock_entry e = {.span = pair->key->span};
	struct orb_ref ref;
	const char *why;
	if (!node_has(pair->key, NODE_STRING) || !orb_ref_parse(pair->key->u.text, &ref, &why)) {
		fault(r, pair->key->span, STR("this is not an orb reference"));
		return;
	}
	e.ref = pair->key->u.text;
	bool versioned = ref.kind != ORB_URL || node_get(pair->value, "version");
	if (versioned)
		e.exact = text_of(r, pair, "version");
	e.from = text_of(r, pair, "from");
	e.sha256 = text_of(r, pair, "sha256");
	if ((versioned && !e.exact.len) || !e.from.len || !e.sha256.len)
		return;
	if (!pin(r->a, &ref, &e))
		fault(r, node_get(pair->value, "version")->span,
			str_printf(r->a, "\"%.*s\" is no version of %.*s", STR_ARG(e.exact),
				STR_ARG(e.ref)));
	else if (!is_sha256(e.sha256))
		fault(r, node_get(pair->value, "sha256")->span,
			STR("a SHA-256 has 64 digits, 0-9 and a-f"));
	else
		orb_lock_add(r->a, r->lock, &e);
}

/* version: 1
 * configs: [config.yml]
 * orbs: {circleci/node@5: {…}} */
static void
read_root(struct reading *r, const struct node *root, struct span start)
{
	const struct node *version = node_get(root, "version"), *orbs = node_get(root, "orbs");
	const struct node *configs = node_get(root, "configs");
	if (!node_has(version, NODE_INT) || version->u.integer != LOCK_VERSION) {
		fault(r, version ? version->span : start,
			STR("a lock that this ccx can read begins with version: 1"));
		return;
	}
	for (uint32_t i = 0; node_has(configs, NODE_LIST) && i < configs->count; i++)
		if (node_has(configs->u.items[i], NODE_STRING))
			vec_push(r->a, &r->lock->configs, configs->u.items[i]->u.text);
	if (!node_has(orbs, NODE_MAP)) {
		fault(r, orbs ? orbs->span : start, STR("a lock has a map called orbs"));
		return;
	}
	for (uint32_t i = 0; i < orbs->count; i++)
		read_entry(r, &orbs->u.pairs[i]);
}

bool
orb_lock_read(struct arena *a, struct sources *s, uint32_t file, struct diag_list *d,
	struct orb_lock *lock)
{
	struct reading r = {.a = a, .d = d, .lock = lock};
	*lock = (struct orb_lock){.file = file, .path = source_of(s, file)->path};
	const struct node *root = node_load(a, s, file, d);
	if (!root)
		return false;
	read_root(&r, root, (struct span){.file = file});
	return !r.bad;
}

/* ---- use --------------------------------------------------------------------------------- */

void
orb_lock_add(struct arena *a, struct orb_lock *lock, const struct orb_lock_entry *e)
{
	if (map_has(&lock->index, e->ref))
		return;
	struct orb_lock_entry *own = NEW(a, struct orb_lock_entry);
	*own = *e;
	map_put(a, &lock->index, own->ref, own);
}

const struct orb_lock_entry *
orb_lock_find(const struct orb_lock *lock, struct str ref)
{
	return lock ? map_get(&lock->index, ref) : NULL;
}

/* ---- writing ----------------------------------------------------------------------------- */

static int
by_ref(const void *a, const void *b)
{
	return str_cmp(((const struct map_entry *)a)->key, ((const struct map_entry *)b)->key);
}

static struct pair
text_pair(struct arena *a, const char *key, struct str text)
{
	struct span nowhere = {0};
	return (struct pair){node_string(a, str_of(key), nowhere), node_string(a, text, nowhere)};
}

static const struct node *
entry_node(struct arena *a, const struct orb_lock_entry *e)
{
	struct pair *pairs = NEW_ARRAY(a, struct pair, 3);
	uint32_t n = 0;
	if (e->exact.len)
		pairs[n++] = text_pair(a, "version", e->exact);
	pairs[n++] = text_pair(a, "from", e->from);
	pairs[n++] = text_pair(a, "sha256", e->sha256);
	return node_map(a, pairs, n, (struct span){0});
}

static const struct node *
configs_node(struct arena *a, const struct orb_lock *lock)
{
	const struct node **items = NEW_ARRAY(a, const struct node *, lock->configs.n + 1);
	for (uint32_t i = 0; i < lock->configs.n; i++)
		items[i] = node_string(a, lock->configs.v[i], (struct span){0});
	return node_list(a, items, lock->configs.n, (struct span){0});
}

void
orb_lock_print(struct sb *out, const struct orb_lock *lock)
{
	struct arena *a = out->a;
	struct span nowhere = {0};
	uint32_t n = lock->index.n;
	struct map_entry *sorted = NEW_ARRAY(a, struct map_entry, n + 1);
	struct pair *orbs = NEW_ARRAY(a, struct pair, n + 1);
	struct pair top[3];
	if (n)
		memcpy(sorted, lock->index.v, n * sizeof *sorted);
	qsort(sorted, n, sizeof *sorted, by_ref);
	for (uint32_t i = 0; i < n; i++)
		orbs[i] = (struct pair){
			node_string(a, sorted[i].key, nowhere), entry_node(a, sorted[i].value)};
	top[0] = (struct pair){
		node_string(a, STR("version"), nowhere), node_int(a, LOCK_VERSION, nowhere)};
	top[1] = (struct pair){node_string(a, STR("configs"), nowhere), configs_node(a, lock)};
	top[2] = (struct pair){node_string(a, STR("orbs"), nowhere), node_map(a, orbs, n, nowhere)};
	sb_puts(out, "# The version that each orb reference means, and the SHA-256 of its source.\n"
		     "# Written by `ccx orb lock`, held to with --frozen.\n");
	node_print(out, node_map(a, top, 3, nowhere), (struct print_style){0});
}
