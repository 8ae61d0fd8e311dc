/* SPDX-License-Identifier: MIT */
/*
 * What changed in the parameters of an element: which arguments of its callers are still taken,
 * and which they lack. The order of parameters and of choices says nothing.
 */
#include "changes.h"

static struct orb_change *
add(struct change_search *s, enum orb_change_kind kind, const struct param *old,
	const struct param *new_param, const struct orb_change *like)
{
	struct orb_change *c = change_add(s, kind, like);
	c->part = old ? old->name : new_param->name;
	c->old = old ? old->span : (struct span){0};
	c->new_span = new_param ? new_param->span : (struct span){0};
	return c;
}

static const struct node *
text_node(struct arena *a, struct str text)
{
	return node_string(a, text, (struct span){0});
}

/* ---- types ------------------------------------------------------------------------------- */

/* Does the new type take each choice of the old one, quoted or not? An enum takes both. */
static bool
takes_choices(struct arena *a, const struct param *old, const struct param *new_param)
{
	if (!node_has(old->choices, NODE_LIST))
		return false;
	for (uint32_t i = 0; i < old->choices->count; i++) {
		struct str text = node_text(a, old->choices->u.items[i]);
		struct span span = old->choices->u.items[i]->span;
		if (!param_accepts(new_param, node_plain(a, text, span), a) ||
			!param_accepts(new_param, node_string(a, text, span), a))
			return false;
	}
	return true;
}

/* Does the new type take all that the old one takes? CircleCI converts no argument: a bare 5 or
 * true is no string. An executor must exist besides, so no other type can become one. */
static bool
takes_all(struct arena *a, const struct param *old, const struct param *new_param)
{
	if (old->type == PARAM_ENUM && new_param->type != PARAM_EXECUTOR)
		return takes_choices(a, old, new_param);
	if (old->type == PARAM_BOOLEAN && new_param->type == PARAM_ENUM)
		return param_accepts(new_param, node_bool(a, true, old->span), a) &&
		       param_accepts(new_param, node_bool(a, false, old->span), a);
	return old->type == PARAM_ENV_VAR_NAME && new_param->type == PARAM_STRING;
}

static void
compare_types(struct change_search *s, const struct param *old, const struct param *new_param,
	const struct orb_change *like)
{
	bool wider = takes_all(s->a, old, new_param);
	struct orb_change *c =
		add(s, wider ? ORB_CHANGE_PARAMETER_WIDENED : ORB_CHANGE_PARAMETER_TYPE, old,
			new_param, like);
	c->before = text_node(s->a, str_of(param_type_names[old->type]));
	c->after = text_node(s->a, str_of(param_type_names[new_param->type]));
}

/* enum: [linux, macos] */
static struct map
texts_of(struct arena *a, const struct node *choices)
{
	struct map texts = {0};
	for (uint32_t i = 0; node_has(choices, NODE_LIST) && i < choices->count; i++) {
		const struct node *choice = choices->u.items[i];
		map_put(a, &texts, node_text(a, choice), (void *)choice);
	}
	return texts;
}

static void
compare_choices(struct change_search *s, const struct param *old, const struct param *new_param,
	const struct orb_change *like)
{
	struct map before = texts_of(s->a, old->choices);
	struct map after = texts_of(s->a, new_param->choices);
	for (uint32_t i = 0; i < before.n; i++) {
		if (map_has(&after, before.v[i].key))
			continue;
		struct orb_change *c = add(s, ORB_CHANGE_CHOICE_REMOVED, old, new_param, like);
		c->before = before.v[i].value;
		c->old = c->before->span;
	}
	for (uint32_t i = 0; i < after.n; i++) {
		if (map_has(&before, after.v[i].key))
			continue;
		struct orb_change *c = add(s, ORB_CHANGE_CHOICE_ADDED, old, new_param, like);
		c->after = after.v[i].value;
		c->new_span = c->after->span;
	}
}

/* ---- one parameter ----------------------------------------------------------------------- */

/* "1" and 1 are one choice of an enum, and mean the same when the type went along. */
static bool
same_default(struct change_search *s, const struct param *old, const struct param *new_param)
{
	const struct node *a = old->fallback, *b = new_param->fallback;
	bool texts = old->type != new_param->type || old->type == PARAM_ENUM;
	if (texts && a->kind < NODE_LIST && b->kind < NODE_LIST)
		return str_eq(node_text(s->a, a), node_text(s->a, b));
	return change_equal(s, a, b);
}

static void
compare_defaults(struct change_search *s, const struct param *old, const struct param *new_param,
	const struct orb_change *like)
{
	enum orb_change_kind kind = ORB_CHANGE_DEFAULT;
	if (!old->fallback && !new_param->fallback)
		return;
	if (!new_param->fallback)
		kind = ORB_CHANGE_PARAMETER_REQUIRED;
	else if (!old->fallback)
		kind = ORB_CHANGE_PARAMETER_OPTIONAL;
	else if (same_default(s, old, new_param))
		return;
	struct orb_change *c = add(s, kind, old, new_param, like);
	c->before = old->fallback;
	c->after = new_param->fallback;
	if (c->before)
		c->old = c->before->span;
	if (c->after)
		c->new_span = c->after->span;
}

static void
compare_param(struct change_search *s, const struct param *old, const struct param *new_param,
	const struct orb_change *like)
{
	if (old->type != new_param->type)
		compare_types(s, old, new_param, like);
	else if (old->type == PARAM_ENUM)
		compare_choices(s, old, new_param, like);
	compare_defaults(s, old, new_param, like);
	if (!change_equal(s, node_get(old->node, "description"),
		    node_get(new_param->node, "description")))
		add(s, ORB_CHANGE_PARAMETER_DESCRIPTION, old, new_param, like);
}

/* ---- all of them ------------------------------------------------------------------------- */

/* Declarations as short as {type: string} are alike without being one: a description tells. */
static bool
is_distinct(const struct param *p)
{
	const struct node *about = node_get(p->node, "description");
	return node_has(about, NODE_STRING) && str_trim(about->u.text).len;
}

/* The parameters that only the new version has, by what they are declared as. */
static struct map
newcomers(struct arena *a, const struct params *old, const struct params *new_params)
{
	struct map found = {0};
	for (uint32_t i = 0; i < new_params->n; i++) {
		struct param *p = &new_params->v[i];
		if (!param_find(old, p->name) && is_distinct(p))
			map_put(a, &found, change_likeness(a, p->node), p);
	}
	return found;
}

/* The parameter that old became, which leaves the newcomers; or NULL. */
static const struct param *
successor(struct change_search *s, struct map *found, const struct param *old)
{
	if (!is_distinct(old))
		return NULL;
	struct str likeness = change_likeness(s->a, old->node);
	const struct param *p = map_get(found, likeness);
	if (!p || !change_equal(s, old->node, p->node))
		return NULL;
	map_put(s->a, found, likeness, NULL);
	return p;
}

void
changes_of_params(struct change_search *s, const struct params *old,
	const struct params *new_params, const struct orb_change *like)
{
	struct map found = newcomers(s->a, old, new_params), renamed = {0};
	for (uint32_t i = 0; i < old->n; i++) {
		const struct param *p = &old->v[i], *now = param_find(new_params, p->name);
		if (now) {
			compare_param(s, p, now, like);
			continue;
		}
		now = successor(s, &found, p);
		if (!now) {
			add(s, ORB_CHANGE_PARAMETER_REMOVED, p, NULL, like);
			continue;
		}
		map_put(s->a, &renamed, now->name, (void *)now);
		add(s, ORB_CHANGE_PARAMETER_RENAMED, p, now, like)->after =
			text_node(s->a, now->name);
	}
	for (uint32_t i = 0; i < new_params->n; i++) {
		const struct param *p = &new_params->v[i];
		if (param_find(old, p->name) || map_has(&renamed, p->name))
			continue;
		add(s,
			p->fallback ? ORB_CHANGE_PARAMETER_ADDED
				    : ORB_CHANGE_PARAMETER_ADDED_REQUIRED,
			NULL, p, like)
			->after = p->fallback;
	}
}
