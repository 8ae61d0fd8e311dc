/* SPDX-License-Identifier: MIT */
/*
 * What changed between two versions of an orb: which of its names there are, and what each is.
 * Everything is looked up by name, so that order says nothing. Maps are hashed where the text
 * decides how large they are.
 */
#include "changes.h"

#include "ccx/limits.h"

/* Nodes that one search compares: more than a document can have without aliases. Those of aliases
 * could be more than there is time for. */
enum { COMPARED_NODES = 4 * LIMIT_NODES };

const char *const orb_bump_names[ORB_BUMP_COUNT] = {"none", "patch", "minor", "major"};
const char *const orb_class_names[ORB_BUMP_COUNT] = {"none", "fix", "feature", "breaking"};

const struct orb_change_info *
orb_change_info(enum orb_change_kind kind)
{
	static const struct orb_change_info table[] = {
#define CHANGE(ID, id, bump, text, reason) {id, bump, text, reason},
#include "ccx/orb_changes.def"
#undef CHANGE
	};
	return &table[kind];
}

/* ---- what all parts use ------------------------------------------------------------------ */

struct orb_change *
change_add(struct change_search *s, enum orb_change_kind kind, const struct orb_change *like)
{
	struct orb_change c = *like;
	c.kind = kind;
	vec_push(s->a, &s->out->all, c);
	return &s->out->all.v[s->out->all.n - 1];
}

bool
change_equal(struct change_search *s, const struct node *a, const struct node *b)
{
	if (a == b)
		return true;
	if (!a || !b || a->weight != b->weight || a->weight > s->weight)
		return false;
	s->weight -= a->weight;
	return node_equal(a, b);
}

struct str
change_likeness(struct arena *a, const struct node *n)
{
	return str_printf(a, "%016llx", (unsigned long long)node_hash(n));
}

/* Key -> struct pair. */
static struct map
pairs_of(struct arena *a, const struct node *map)
{
	struct map found = {0};
	for (uint32_t i = 0; node_has(map, NODE_MAP) && i < map->count; i++)
		map_put(a, &found, node_text(a, map->u.pairs[i].key), &map->u.pairs[i]);
	return found;
}

struct key_change *
changed_keys(
	struct change_search *s, const struct node *old, const struct node *new_map, uint32_t *n)
{
	struct map before = pairs_of(s->a, old), after = pairs_of(s->a, new_map);
	struct key_change *keys =
		NEW_ARRAY(s->a, struct key_change, (size_t)before.n + after.n + 1);
	*n = 0;
	for (uint32_t i = 0; i < before.n; i++) {
		const struct pair *p = before.v[i].value, *now = map_get(&after, before.v[i].key);
		if (!now || !change_equal(s, p->value, now->value))
			keys[(*n)++] = (struct key_change){p, now};
	}
	for (uint32_t i = 0; i < after.n; i++)
		if (!map_has(&before, after.v[i].key))
			keys[(*n)++] = (struct key_change){NULL, after.v[i].value};
	return keys;
}

/* ---- the orb itself ---------------------------------------------------------------------- */

/* Adds a change of a key that is in one of the versions or in both. */
static struct orb_change *
add_key(struct change_search *s, enum orb_change_kind kind, const struct key_change *k,
	const struct orb_change *like)
{
	struct orb_change *c = change_add(s, kind, like);
	if (k->old) {
		c->old = k->old->key->span;
		c->before = k->old->value;
	}
	if (k->new_pair) {
		c->new_span = k->new_pair->key->span;
		c->after = k->new_pair->value;
	}
	return c;
}

static struct str
key_text(struct arena *a, const struct key_change *k)
{
	return node_text(a, (k->old ? k->old : k->new_pair)->key);
}

/* version: 2.1
 * description: Installs Node.js. */
static void
compare_about(struct change_search *s, const char *key, enum orb_change_kind kind)
{
	const struct orb_change like = {.subject = "orb"};
	const struct key_change k = {
		node_pair(s->old->node, str_of(key)), node_pair(s->new_module->node, str_of(key))};
	const struct node *x = k.old ? k.old->value : NULL;
	const struct node *y = k.new_pair ? k.new_pair->value : NULL;
	/* 2.1 is "2.1". */
	if (x && y && x->kind < NODE_LIST && y->kind < NODE_LIST &&
		str_eq(node_text(s->a, x), node_text(s->a, y)))
		return;
	if (!change_equal(s, x, y))
		add_key(s, kind, &k, &like)->part = str_of(key);
}

/* display: {home_url: https://…, source_url: https://…} */
static void
compare_display(struct change_search *s)
{
	const struct orb_change like = {.subject = "orb"};
	uint32_t n;
	const struct key_change *keys = changed_keys(
		s, node_get(s->old->node, "display"), node_get(s->new_module->node, "display"), &n);
	for (uint32_t i = 0; i < n; i++)
		add_key(s, ORB_CHANGE_DISPLAY, &keys[i], &like)->part = key_text(s->a, &keys[i]);
}

/* orbs: {node: circleci/node@5.2}      examples: {simple: {usage: {…}}} */
static void
compare_entries(struct change_search *s, const char *key, const char *subject,
	const enum orb_change_kind kinds[3])
{
	uint32_t n;
	const struct key_change *keys = changed_keys(
		s, node_get(s->old->node, key), node_get(s->new_module->node, key), &n);
	for (uint32_t i = 0; i < n; i++) {
		const struct orb_change like = {
			.subject = subject, .name = key_text(s->a, &keys[i])};
		add_key(s, kinds[!keys[i].old ? 0 : !keys[i].new_pair ? 1 : 2], &keys[i], &like);
	}
}

/* ---- elements ---------------------------------------------------------------------------- */

static const struct map *
elements_of(const struct module *m, enum element_kind kind)
{
	return kind == ELEMENT_COMMAND ? &m->commands
	       : kind == ELEMENT_JOB   ? &m->jobs
				       : &m->executors;
}

/* install: tools/install       # of an orb written out in this one
 * other: default               # of an executor
 * The definition that a name stands for; NULL when another orb has it, or nobody. */
static const struct element *
definition(const struct element *e)
{
	for (int i = 0; i < LIMIT_ORB_DEPTH && e && e->alias.len; i++) {
		const struct module *m = e->home;
		size_t slash = str_find(e->alias, STR("/"), 0);
		struct str name = e->alias;
		if (slash != SIZE_MAX) {
			const struct orb_entry *o = map_get(&m->orbs, str_sub(e->alias, 0, slash));
			name = str_sub(e->alias, slash + 1, e->alias.len);
			m = o ? o->module : NULL;
		}
		e = m ? map_get(elements_of(m, e->kind), name) : NULL;
	}
	return e && !e->alias.len ? e : NULL;
}

/* "install of circleci/node@5.2": what a name stands for, or that it stands for itself. */
static const struct node *
meaning(struct arena *a, const struct element *e)
{
	struct str text = e->alias;
	size_t slash = str_find(text, STR("/"), 0);
	const struct orb_entry *o =
		slash == SIZE_MAX ? NULL : map_get(&e->home->orbs, str_sub(text, 0, slash));
	if (!text.len)
		text = STR("a definition");
	else if (o && o->node->kind == NODE_STRING)
		text = str_printf(a, "%.*s of %.*s", STR_ARG(str_sub(text, slash + 1, text.len)),
			STR_ARG(o->node->u.text));
	return node_string(a, text, (struct span){0});
}

static struct orb_change
subject_of(const struct element *old, const struct element *new_element)
{
	const struct element *e = old ? old : new_element;
	struct orb_change c = {.subject = element_kind_names[e->kind], .name = e->name};
	if (old)
		c.old = old->span;
	if (new_element)
		c.new_span = new_element->span;
	return c;
}

static void
compare_element(
	struct change_search *s, const struct element *old, const struct element *new_element)
{
	const struct orb_change like = subject_of(old, new_element);
	const struct element *x = definition(old), *y = definition(new_element);
	if (!x || !y) {
		const struct node *before = meaning(s->a, old);
		const struct node *after = meaning(s->a, new_element);
		if (node_equal(before, after))
			return;
		struct orb_change *c = change_add(s, ORB_CHANGE_ALIAS, &like);
		c->before = before;
		c->after = after;
		return;
	}
	changes_of_params(s, &x->params, &y->params, &like);
	changes_of_body(s, x, y, &like);
	const struct key_change about = {
		node_pair(x->node, STR("description")), node_pair(y->node, STR("description"))};
	if (!change_equal(s, about.old ? about.old->value : NULL,
		    about.new_pair ? about.new_pair->value : NULL))
		add_key(s, ORB_CHANGE_DESCRIPTION, &about, &like);
}

/* The elements that only the new version has, by what they do. */
static struct map
newcomers(struct arena *a, const struct map *old, const struct map *new_map)
{
	struct map found = {0};
	for (uint32_t i = 0; i < new_map->n; i++) {
		struct element *e = new_map->v[i].value;
		if (!map_has(old, e->name))
			map_put(a, &found, change_likeness(a, e->body), e);
	}
	return found;
}

/* The element that does what old did, and leaves the newcomers; or NULL. */
static const struct element *
successor(struct change_search *s, struct map *found, const struct element *old)
{
	struct str likeness = change_likeness(s->a, old->body);
	const struct element *e = map_get(found, likeness);
	if (!e || !change_equal(s, old->body, e->body) ||
		!change_equal(
			s, node_get(old->node, "parameters"), node_get(e->node, "parameters")))
		return NULL;
	map_put(s->a, found, likeness, NULL);
	return e;
}

static void
compare_elements(struct change_search *s, enum element_kind kind)
{
	const struct map *old = elements_of(s->old, kind), *now = elements_of(s->new_module, kind);
	struct map found = newcomers(s->a, old, now), renamed = {0};
	for (uint32_t i = 0; i < old->n; i++) {
		const struct element *e = old->v[i].value, *same = map_get(now, e->name);
		if (same) {
			compare_element(s, e, same);
			continue;
		}
		const struct element *next = successor(s, &found, e);
		const struct orb_change like = subject_of(e, next);
		struct orb_change *c =
			change_add(s, next ? ORB_CHANGE_RENAMED : ORB_CHANGE_REMOVED, &like);
		if (!next)
			continue;
		c->after = node_string(s->a, next->name, next->span);
		map_put(s->a, &renamed, next->name, (void *)next);
	}
	for (uint32_t i = 0; i < now->n; i++) {
		const struct element *e = now->v[i].value;
		const struct orb_change like = subject_of(NULL, e);
		if (!map_has(old, e->name) && !map_has(&renamed, e->name))
			change_add(s, ORB_CHANGE_ADDED, &like);
	}
}

/* ---- all of it --------------------------------------------------------------------------- */

/* Puts the changes in the order of their kinds, those of one kind as they were found. */
static void
sort(struct arena *a, struct orb_changes *out)
{
	uint32_t start[ORB_CHANGE_COUNT + 1] = {0};
	struct orb_change *sorted = NEW_ARRAY(a, struct orb_change, out->all.n + 1);
	for (uint32_t i = 0; i < out->all.n; i++)
		start[out->all.v[i].kind + 1]++;
	for (int k = 0; k < ORB_CHANGE_COUNT; k++)
		start[k + 1] += start[k];
	for (uint32_t i = 0; i < out->all.n; i++)
		sorted[start[out->all.v[i].kind]++] = out->all.v[i];
	out->all.v = sorted;
	out->all.cap = out->all.n + 1;
}

void
orb_changes_find(struct arena *a, const struct module *old, const struct module *new_module,
	struct orb_changes *out)
{
	static const enum orb_change_kind imports[] = {
		ORB_CHANGE_IMPORT_ADDED, ORB_CHANGE_IMPORT_REMOVED, ORB_CHANGE_IMPORT};
	static const enum orb_change_kind examples[] = {
		ORB_CHANGE_EXAMPLE_ADDED, ORB_CHANGE_EXAMPLE_REMOVED, ORB_CHANGE_EXAMPLE};
	struct change_search s = {a, old, new_module, out, COMPARED_NODES};
	compare_elements(&s, ELEMENT_COMMAND);
	compare_elements(&s, ELEMENT_JOB);
	compare_elements(&s, ELEMENT_EXECUTOR);
	compare_entries(&s, "orbs", "import", imports);
	compare_entries(&s, "examples", "example", examples);
	compare_about(&s, "description", ORB_CHANGE_DESCRIPTION);
	compare_about(&s, "version", ORB_CHANGE_VERSION);
	compare_display(&s);
	sort(a, out);
	for (uint32_t i = 0; i < out->all.n; i++) {
		enum orb_bump bump = orb_change_info(out->all.v[i].kind)->bump;
		out->count[bump]++;
		out->bump = bump > out->bump ? bump : out->bump;
	}
}
