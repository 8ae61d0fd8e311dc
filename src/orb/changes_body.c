/* SPDX-License-Identifier: MIT */
/*
 * What changed inside of an element: its steps and where they run. Only the kind of machine of an
 * executor is more than the orb's own affair: it runs other people's steps.
 */
#include "changes.h"

struct body_change {
	struct change_search *s;
	const struct orb_change *like;
	const struct pair *old, *new_pair; /* a key and its value; NULL where it is not */
};

/* ---- values ------------------------------------------------------------------------------ */

static struct span
key_span(const struct pair *p, struct span otherwise)
{
	return p ? p->key->span : otherwise;
}

/* A change of the key, with its values. */
static struct orb_change *
add(const struct body_change *b, enum orb_change_kind kind)
{
	struct orb_change *c = change_add(b->s, kind, b->like);
	const struct pair *p = b->old ? b->old : b->new_pair;
	c->part = node_text(b->s->a, p->key);
	c->old = key_span(b->old, c->old);
	c->new_span = key_span(b->new_pair, c->new_span);
	c->before = b->old ? b->old->value : NULL;
	c->after = b->new_pair ? b->new_pair->value : NULL;
	return c;
}

/* Points at the first step that is another. */
static void
steps_changed(const struct body_change *b)
{
	struct orb_change *c = add(b, ORB_CHANGE_STEPS);
	const struct node *x = c->before, *y = c->after;
	c->before = c->after = NULL;
	for (uint32_t i = 0; node_has(x, NODE_LIST) && node_has(y, NODE_LIST); i++) {
		if (i == x->count || i == y->count ||
			!change_equal(b->s, x->u.items[i], y->u.items[i])) {
			c->old = i < x->count ? x->u.items[i]->span : c->old;
			c->new_span = i < y->count ? y->u.items[i]->span : c->new_span;
			return;
		}
	}
}

/* ---- images ------------------------------------------------------------------------------ */

/* The map without a key; what is no map as it is. */
static const struct node *
without(struct arena *a, const struct node *map, const char *key)
{
	if (map->kind != NODE_MAP)
		return map;
	struct pair *pairs = NEW_ARRAY(a, struct pair, map->count);
	uint32_t n = 0;
	for (uint32_t i = 0; i < map->count; i++)
		if (!node_is(map->u.pairs[i].key, key))
			pairs[n++] = map->u.pairs[i];
	return node_map(a, pairs, n, map->span);
}

/* {image: cimg/node:20.1, environment: {A: b}}: the image by itself, the rest as one.
 * {xcode: 16.2.0} is the same of macos. */
static void
compare_machines(const struct body_change *b, const struct node *x, const struct node *y)
{
	const char *image = node_get(x, "xcode") ? "xcode" : "image";
	const struct node *before = node_get(x, image), *after = node_get(y, image);
	bool both = before && after;
	if (both && !change_equal(b->s, before, after)) {
		struct orb_change *c = add(b, ORB_CHANGE_IMAGE);
		c->part = str_of(image);
		c->before = before;
		c->after = after;
		c->old = before->span;
		c->new_span = after->span;
	}
	struct arena *a = b->s->a;
	if (!both || !change_equal(b->s, without(a, x, image), without(a, y, image))) {
		struct orb_change *c = add(b, ORB_CHANGE_SETTING);
		c->old = x->span;
		c->new_span = y->span;
	}
}

/* docker:
 *   - image: cimg/node:20.1
 *   - image: postgres:16
 * machine: {image: ubuntu-2404:current}
 * macos: {xcode: 16.2.0} */
static void
machine_changed(const struct body_change *b)
{
	const struct node *x = b->old ? b->old->value : NULL;
	const struct node *y = b->new_pair ? b->new_pair->value : NULL;
	if (node_has(x, NODE_MAP) && node_has(y, NODE_MAP)) {
		compare_machines(b, x, y);
		return;
	}
	if (!node_has(x, NODE_LIST) || !node_has(y, NODE_LIST) || x->count != y->count) {
		add(b, ORB_CHANGE_SETTING);
		return;
	}
	for (uint32_t i = 0; i < x->count; i++)
		if (!change_equal(b->s, x->u.items[i], y->u.items[i]))
			compare_machines(b, x->u.items[i], y->u.items[i]);
}

/* ---- keys -------------------------------------------------------------------------------- */

static const char *const machines[] = {"docker", "machine", "macos"};
enum { MACHINES = sizeof machines / sizeof *machines };

static bool
is_machine(const struct node *key)
{
	for (int i = 0; i < MACHINES; i++)
		if (node_is(key, machines[i]))
			return true;
	return false;
}

static void
key_changed(const struct body_change *b)
{
	const struct node *key = (b->old ? b->old : b->new_pair)->key;
	if (node_is(key, "steps"))
		steps_changed(b);
	else if (node_is(key, "environment"))
		add(b, ORB_CHANGE_ENVIRONMENT);
	else if (node_is(key, "resource_class"))
		add(b, ORB_CHANGE_RESOURCE_CLASS);
	else if (is_machine(key))
		machine_changed(b);
	else
		add(b, ORB_CHANGE_SETTING);
}

/* The kind of machine that an executor is: its key; NULL when there is none. */
static const struct pair *
machine_of(const struct node *body)
{
	for (int i = 0; i < MACHINES; i++) {
		const struct pair *p = node_pair(body, str_of(machines[i]));
		if (p)
			return p;
	}
	return NULL;
}

static bool
kind_changed(struct body_change b, const struct node *x, const struct node *y)
{
	b.old = machine_of(x);
	b.new_pair = machine_of(y);
	if (!b.old || !b.new_pair || node_equal(b.old->key, b.new_pair->key))
		return false;
	struct orb_change *c = add(&b, ORB_CHANGE_EXECUTOR_KIND);
	c->before = b.old->key;
	c->after = b.new_pair->key;
	return true;
}

/* Is it another one because the kind of machine is? */
static bool
belongs_to_kind(const struct node *key)
{
	return is_machine(key) || node_is(key, "resource_class");
}

void
changes_of_body(struct change_search *s, const struct element *old,
	const struct element *new_element, const struct orb_change *like)
{
	struct body_change b = {.s = s, .like = like};
	uint32_t n;
	const struct node *x = old->body, *y = new_element->body;
	bool moved = old->kind == ELEMENT_EXECUTOR && kind_changed(b, x, y);
	const struct key_change *keys = changed_keys(s, x, y, &n);
	for (uint32_t i = 0; i < n; i++) {
		b.old = keys[i].old;
		b.new_pair = keys[i].new_pair;
		if (!moved || !belongs_to_kind((b.old ? b.old : b.new_pair)->key))
			key_changed(&b);
	}
}
