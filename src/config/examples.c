/* SPDX-License-Identifier: MIT */
/* The examples of an orb, and what they call it. */
#include "ccx/config.h"
#include "ccx/limits.h"

enum { WEIGHT_MOST = 1000000 }; /* of all examples that are searched, aliases written out */

/* examples:
 *   install:
 *     description: Install the tools
 *     usage: {version: 2.1, orbs: {tools: acme/tools@1.0}, workflows: {…}} */
struct orb_example *
orb_examples(struct arena *a, const struct module *orb, uint32_t *n)
{
	const struct node *section = node_get(orb->node, "examples");
	*n = node_has(section, NODE_MAP) ? section->count : 0;
	struct orb_example *all = NEW_ARRAY(a, struct orb_example, *n + 1);
	for (uint32_t i = 0; i < *n; i++) {
		const struct pair *p = &section->u.pairs[i];
		const struct node *text = node_get(p->value, "description");
		const struct node *usage = node_get(p->value, "usage");
		all[i].name = node_text(a, p->key);
		all[i].span = p->key->span;
		all[i].usage = node_has(usage, NODE_MAP) ? usage : NULL;
		if (node_has(text, NODE_STRING))
			all[i].description = text->u.text;
	}
	return all;
}

struct str
orb_reference_name(struct str reference)
{
	struct str name = str_trim(str_sub(reference, 0, str_find(reference, STR("@"), 0)));
	size_t slash = str_find(name, STR("/"), 0);
	if (slash == 0 || slash >= name.len || slash + 1 == name.len || str_has(name, STR(":")) ||
		str_has(name, STR("<<")))
		return STR("");
	return name;
}

/* ---- who am I? --------------------------------------------------------------------------- */

/* An orb that examples import. */
struct candidate {
	struct orb_self self;
	uint32_t examples; /* that import it */
	bool hits;         /* something is used of it that this orb has */
};

struct search {
	struct arena *a;
	const struct module *orb;
	struct map candidates; /* name -> struct candidate */
	const struct node *imports;
	uint32_t weight; /* of what was searched */
};

/* tools/install, in a step, a workflow or behind executor: */
static void
find_use(struct search *s, struct str text)
{
	size_t slash = str_find(text, STR("/"), 0);
	const struct node *reference = node_find(s->imports, str_sub(text, 0, slash));
	if (slash >= text.len || !node_has(reference, NODE_STRING))
		return;
	struct candidate *c = map_get(&s->candidates, orb_reference_name(reference->u.text));
	struct str name = str_sub(text, slash + 1, text.len);
	if (!c)
		return;
	c->hits = c->hits || map_has(&s->orb->commands, name) || map_has(&s->orb->jobs, name) ||
		  map_has(&s->orb->executors, name);
}

/* As deep as the document is, and that is bounded. */
static void
find_uses(struct search *s, const struct node *n)
{
	if (n->kind == NODE_STRING)
		find_use(s, n->u.text);
	for (uint32_t i = 0; n->kind == NODE_LIST && i < n->count; i++)
		find_uses(s, n->u.items[i]);
	for (uint32_t i = 0; n->kind == NODE_MAP && i < n->count; i++) {
		find_uses(s, n->u.pairs[i].key);
		find_uses(s, n->u.pairs[i].value);
	}
}

/* orbs: {tools: acme/tools@1.0, node: circleci/node@x.y} */
static void
add_imports(struct search *s, const struct node *imports)
{
	struct map here = {0};
	for (uint32_t i = 0; node_has(imports, NODE_MAP) && i < imports->count; i++) {
		const struct pair *p = &imports->u.pairs[i];
		struct str name = p->value->kind == NODE_STRING
					  ? orb_reference_name(p->value->u.text)
					  : STR("");
		if (!name.len || map_has(&here, name))
			continue;
		struct candidate *c = map_get(&s->candidates, name);
		if (!c) {
			c = NEW(s->a, struct candidate);
			c->self = (struct orb_self){name, node_text(s->a, p->key)};
			map_put(s->a, &s->candidates, name, c);
		}
		map_put(s->a, &here, name, c);
		c->examples++;
	}
}

static void
search_usage(struct search *s, const struct node *usage)
{
	if (!usage || usage->weight > WEIGHT_MOST - s->weight)
		return;
	s->weight += usage->weight;
	s->imports = node_get(usage, "orbs");
	add_imports(s, s->imports);
	for (uint32_t i = 0; i < usage->count; i++)
		if (!node_is(usage->u.pairs[i].key, "orbs"))
			find_uses(s, usage->u.pairs[i].value);
}

struct orb_self
orb_self(struct arena *a, const struct module *orb)
{
	struct search s = {.a = a, .orb = orb};
	uint32_t n;
	const struct orb_example *all = orb_examples(a, orb, &n);
	for (uint32_t i = 0; i < n; i++)
		search_usage(&s, all[i].usage);
	/* Another orb may happen to have an element of the same name: the orb itself is the one
	 * that most examples import. When that does not tell them apart, nothing does. */
	const struct candidate *best = NULL;
	bool tie = false;
	for (uint32_t i = 0; i < s.candidates.n; i++) {
		const struct candidate *c = s.candidates.v[i].value;
		if (!c->hits || (best && c->examples < best->examples))
			continue;
		tie = best && c->examples == best->examples;
		best = c;
	}
	return best && !tie ? best->self : (struct orb_self){0};
}
