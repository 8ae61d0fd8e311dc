/* SPDX-License-Identifier: MIT */
/*
 * A tree against the schema of schema/config.json. Reports every fault at its own place; where a
 * value may have several forms, only what is wrong with the form that was meant.
 */
#include "ccx/config.h"

#include "ccx/limits.h"
#include "schema.h"

#include <string.h>

/* A collection that was checked: aliases may lead to it any number of times. */
struct visit {
	const struct schema *schema;
	const struct node *node, *commands;
};

struct walk {
	struct diag_list *d;
	const struct node *commands; /* of the config or orb that the walk is in, or NULL */
	struct arena *scratch;       /* made when the first collection is remembered */
	struct visit *visits;        /* a hash table */
	uint32_t nvisits, cap;
	unsigned depth;
	bool faulty; /* something was reported */
};

static void check(
	struct walk *w, const struct schema *s, const struct node *n, const struct frame *f);

/* ---- what was checked -------------------------------------------------------------------- */

/* Collections of less weight are rather checked again, unless there are faults in them: those
 * are reported once however many aliases lead there. */
enum { WORTH_REMEMBERING = 64 };

static struct visit *
find_visit(struct walk *w, const struct visit *v)
{
	uintptr_t mix = (uintptr_t)v->node ^ ((uintptr_t)v->schema << 7) ^ (uintptr_t)v->commands;
	uint32_t i = (uint32_t)(((uint64_t)mix * 0x9e3779b97f4a7c15u) >> 32);
	for (;; i++) {
		struct visit *slot = &w->visits[i & (w->cap - 1)];
		if (!slot->node || !memcmp(slot, v, sizeof *v))
			return slot;
	}
}

static void
grow_visits(struct walk *w)
{
	struct visit *old = w->visits;
	uint32_t n = w->cap;
	if (!w->scratch)
		w->scratch = arena_new();
	w->cap = n ? 2 * n : 256;
	w->visits = NEW_ARRAY(w->scratch, struct visit, w->cap);
	for (uint32_t i = 0; i < n; i++)
		if (old[i].node)
			*find_visit(w, &old[i]) = old[i];
}

static void
remember(struct walk *w, struct visit v)
{
	if (2 * w->nvisits >= w->cap)
		grow_visits(w);
	struct visit *slot = find_visit(w, &v);
	w->nvisits += !slot->node;
	*slot = v;
}

static bool
is_remembered(struct walk *w, struct visit v)
{
	bool small = v.node->weight < WORTH_REMEMBERING;
	return w->cap && (!small || w->faulty) && find_visit(w, &v)->node;
}

/* ---- alternatives ------------------------------------------------------------------------ */

static bool
admits(const struct schema *s, const struct node *n)
{
	return !s || !s->types || s->types & 1u << n->kind;
}

static bool
has_choice(const struct schema *s, struct str text)
{
	for (uint16_t i = 0; i < s->nchoices; i++)
		if (str_is(text, s->choices[i]))
			return true;
	return false;
}

/* type: release
 * The alternative of that type; without it the one that does not ask for it. */
static const struct schema *
pick_by_kind(const struct schema *s, const struct node *n)
{
	const struct node *kind = node_get(n, s->discriminator);
	bool known = node_has(kind, NODE_STRING) && !(kind->flags & NODE_TEMPLATED);
	for (uint16_t i = 0; i < s->nany; i++) {
		const struct schema_key *key = schema_key(s->any[i], str_of(s->discriminator));
		if (!key || !admits(s->any[i], n))
			continue;
		if (known ? has_choice(key->value, kind->u.text) : !key->required)
			return s->any[i];
	}
	return NULL;
}

static uint32_t
known_keys(const struct schema *s, const struct node *n)
{
	uint32_t known = 0;
	for (uint32_t i = 0; s && n->kind == NODE_MAP && i < n->count; i++)
		if (n->u.pairs[i].key->kind == NODE_STRING)
			known += schema_key(s, n->u.pairs[i].key->u.text) != NULL;
	return known;
}

/* Of the alternatives that admit n's type the one that knows most of its keys. */
static const struct schema *
pick_by_type(const struct schema *s, const struct node *n)
{
	const struct schema *best = NULL;
	uint32_t most = 0;
	for (uint16_t i = 0; i < s->nany; i++) {
		if (!admits(s->any[i], n))
			continue;
		uint32_t known = best ? known_keys(s->any[i], n) : 0;
		if (best && !most)
			most = known_keys(best, n);
		if (best && known <= most)
			continue;
		best = s->any[i];
		most = known;
	}
	return best;
}

static void
check_any(struct walk *w, const struct schema *s, const struct node *n, const struct frame *f)
{
	const struct schema *meant =
		s->discriminator && n->kind == NODE_MAP ? pick_by_kind(s, n) : pick_by_type(s, n);
	struct frame inner = *f;
	if (!f->outer || s->help)
		inner.outer = s;
	if (meant)
		check(w, meant, n, &inner);
	else if (s->discriminator)
		report_kind(w->d, s, n, f);
}

/* ---- scalars and lists ------------------------------------------------------------------- */

static void
check_scalar(struct walk *w, const struct schema *s, const struct node *n, const struct frame *f)
{
	if (n->kind == NODE_STRING && s->nchoices && !has_choice(s, n->u.text))
		report_choice(w->d, s, n, f);
	if (n->kind == NODE_STRING && s->pattern && !schema_matches(s->pattern, n->u.text))
		report_pattern(w->d, s, n, f);
	if (n->kind == NODE_INT && s->bounded &&
		(n->flags & NODE_BIG || n->u.integer < s->minimum || n->u.integer > s->maximum))
		report_bounds(w->d, s, n, f);
}

/* A map's own span may be long: its first key is where it starts. */
static struct span
start_of(const struct node *n)
{
	return n->kind == NODE_MAP && n->count ? n->u.pairs[0].key->span : n->span;
}

static void
check_list(struct walk *w, const struct schema *s, const struct node *n, const struct frame *f)
{
	if (n->count < s->min_items || (s->max_items && n->count > s->max_items))
		report_size(w->d, s, n->count, f->at, f);
	for (uint32_t i = 0; s->items && i < n->count && !w->d->dropped; i++) {
		struct frame item = {.up = f, .index = i, .at = start_of(n->u.items[i])};
		check(w, s->items, n->u.items[i], &item);
	}
}

/* ---- maps -------------------------------------------------------------------------------- */

struct str
schema_key_text(struct diag_list *d, const struct node *key)
{
	if (key->kind == NODE_STRING)
		return key->u.text;
	return key->kind < NODE_LIST ? node_text(d->a, key) : STR("");
}

static void
check_value(struct walk *w, const struct schema *s, const struct pair *p, const struct frame *f)
{
	if (!s)
		return;
	struct frame inner = {.up = f, .key = schema_key_text(w->d, p->key), .at = p->key->span};
	check(w, s, p->value, &inner);
}

/* A command of the same name stands before a built-in step, and takes what it likes. */
static bool
is_shadowed(const struct walk *w, const struct schema *s, struct str name)
{
	return s->shadowed && node_find(w->commands, name);
}

/* One key of a map. A key that is not permitted but looks like a listed one explains why that is
 * missing: its bit is set in *meant. */
static void
check_pair(struct walk *w, const struct schema *s, const struct pair *p, const struct frame *f,
	uint64_t *meant)
{
	struct str name = schema_key_text(w->d, p->key);
	const struct schema_key *key = schema_key(s, name);
	if (key) {
		if (!is_shadowed(w, s, key->name))
			check_value(w, key->value, p, f);
		return;
	}
	if (s->closed) {
		key = report_unknown(w->d, s, p, f);
		if (key)
			*meant |= (uint64_t)1 << (key - s->keys);
		return;
	}
	if (s->key_pattern && !schema_matches(s->key_pattern, name))
		report_name(w->d, s, p->key, f);
	check_value(w, s->other, p, f);
}

/* `job:` where `jobs` is not there: an open map would ignore it without a word. */
static const struct node *
near_miss(const struct schema *s, const struct schema_key *key, const struct node *n)
{
	struct nearest near = {.wanted = key->name};
	const struct node *typo = NULL;
	for (uint32_t i = 0; !s->closed && i < n->count; i++) {
		const struct pair *p = &n->u.pairs[i];
		if (p->key->kind != NODE_STRING || p->value->kind == NODE_NULL ||
			!admits(key->value, p->value) || schema_key(s, p->key->u.text))
			continue;
		struct str before = near.best;
		nearest_try(&near, p->key->u.text);
		if (near.best.s != before.s)
			typo = p->key;
	}
	return typo;
}

static bool
has_one_of(const struct schema *s, const struct node *n, uint64_t meant)
{
	for (uint16_t i = 0; i < s->n_one_of_keys; i++) {
		struct str name = str_of(s->one_of_keys[i]);
		const struct schema_key *key = schema_key(s, name);
		if (node_find(n, name) || (key && meant >> (key - s->keys) & 1))
			return true;
	}
	return s->n_one_of_keys == 0;
}

static void
check_missing(struct walk *w, const struct schema *s, const struct node *n, const struct frame *f,
	uint64_t meant)
{
	for (uint16_t i = 0; i < s->nkeys; i++) {
		const struct schema_key *key = &s->keys[i];
		if ((!key->required && !key->expected) || meant >> i & 1 || node_find(n, key->name))
			continue;
		const struct node *typo = near_miss(s, key, n);
		if (key->required || typo)
			report_missing(w->d, s, key, typo, f);
	}
	if (!has_one_of(s, n, meant))
		report_none_of(w->d, s, f);
}

static const struct pair *
pair_without_value(const struct node *n)
{
	for (uint32_t i = 0; n->count > 1 && i < n->count; i++)
		if (n->u.pairs[i].value->kind == NODE_NULL)
			return &n->u.pairs[i];
	return NULL;
}

/* - build:
 *   context: deploy      # should be two further in
 * The official compiler drops keys without value where one key is expected, and takes the others;
 * so such a map passes if the others do. */
static void
check_beside(struct walk *w, const struct schema *s, const struct node *n, const struct pair *empty,
	const struct frame *f)
{
	uint64_t meant = 0;
	for (uint32_t i = 0; i < n->count && !w->d->dropped; i++) {
		const struct pair *p = &n->u.pairs[i];
		if (p->value->kind == NODE_NULL)
			continue;
		const struct schema_key *key = schema_key(s, schema_key_text(w->d, p->key));
		const struct schema *wanted = key ? key->value : s->other;
		if (wanted && !admits(wanted, p->value))
			report_beside(w->d, p, empty, wanted, f);
		else
			check_pair(w, s, p, f, &meant);
	}
}

static void
check_map(struct walk *w, const struct schema *s, const struct node *n, const struct frame *f)
{
	const struct pair *empty = s->drop_nulls ? pair_without_value(n) : NULL;
	uint64_t meant = 0;
	if (empty) {
		check_beside(w, s, n, empty, f);
		return;
	}
	if (n->count < s->min_items)
		report_size(w->d, s, n->count, f->at, f);
	if (s->max_items && n->count > s->max_items)
		report_size(w->d, s, n->count, n->u.pairs[s->max_items].key->span, f);
	for (uint32_t i = 0; i < n->count && !w->d->dropped; i++)
		check_pair(w, s, &n->u.pairs[i], f, &meant);
	check_missing(w, s, n, f, meant);
}

/* ---- any node ---------------------------------------------------------------------------- */

static void
check_inside(struct walk *w, const struct schema *s, const struct node *n, const struct frame *f)
{
	const struct node *commands = w->commands;
	if (s->module)
		w->commands = node_get(n, "commands");
	if (!admits(s, n))
		report_type(w->d, s, n, f);
	else if (s->nany)
		check_any(w, s, n, f);
	else if (n->kind == NODE_MAP)
		check_map(w, s, n, f);
	else if (n->kind == NODE_LIST)
		check_list(w, s, n, f);
	else
		check_scalar(w, s, n, f);
	w->commands = commands;
}

static void
check(struct walk *w, const struct schema *s, const struct node *n, const struct frame *f)
{
	if (!s || w->d->dropped || w->depth > 4 * LIMIT_DEPTH)
		return;
	if (n->kind == NODE_STRING && n->flags & NODE_TEMPLATED && !s->literal)
		return;
	struct visit visit = {s, n, w->commands};
	bool collection = n->kind >= NODE_LIST;
	if (collection && is_remembered(w, visit))
		return;
	uint32_t before = w->d->errors;
	w->depth++;
	check_inside(w, s, n, f);
	w->depth--;
	w->faulty |= w->d->errors != before;
	if (collection && (n->weight >= WORTH_REMEMBERING || w->d->errors != before))
		remember(w, visit);
}

bool
schema_check(const struct schema *s, const struct node *n, struct diag_list *d)
{
	struct walk w = {.d = d};
	struct frame root = {.at = n->span};
	uint32_t before = d->errors + d->dropped;
	root.at.len = 0;
	check(&w, s, n, &root);
	arena_free(w.scratch);
	return d->errors + d->dropped == before;
}
