/* SPDX-License-Identifier: MIT */
/* Walks over the source as it is written. */
#include "ccx/check.h"
#include "ccx/limits.h"

#include "written.h"

#include <string.h>

/* ---- workflows --------------------------------------------------------------------------- */

/* - build
 * - build: {requires: [test]} */
bool
entry_read(const struct node *item, struct entry *e)
{
	*e = (struct entry){0};
	if (item->kind == NODE_STRING)
		e->key = item;
	if (item->kind == NODE_MAP && item->count == 1) {
		const struct pair *p = &item->u.pairs[0];
		e->key = p->key->kind == NODE_STRING ? p->key : NULL;
		e->body = p->value->kind == NODE_MAP ? p->value : NULL;
	}
	return e->key != NULL;
}

const struct node *
written_workflows(const struct check *c)
{
	return node_has(c->config->workflows, NODE_MAP) ? c->config->workflows : NULL;
}

bool
is_workflow(const struct pair *p)
{
	return p->value->kind == NODE_MAP && p->key->kind == NODE_STRING &&
	       !node_is(p->key, "version");
}

/* ---- what may be said -------------------------------------------------------------------- */

bool
is_walkable(const struct check *c)
{
	return c->root && c->root->weight <= LIMIT_NODES;
}

bool
is_reported(const struct check *c, struct span at)
{
	for (uint32_t i = 0; i < c->diags->all.n; i++) {
		struct span span = c->diags->all.v[i].span;
		if (span.file == at.file && span.off == at.off)
			return true;
	}
	return false;
}

struct diag *
doubt_push(const struct check *c, enum rule rule, struct span at, struct str message)
{
	if (is_reported(c, at) || c->diags->all.n >= LIMIT_ERRORS)
		return NULL;
	struct diag *g = diag_push(c->diags, rule, at, "%.*s", STR_ARG(message));
	diag_demote(c->diags, g, SEVERITY_WARNING);
	return g;
}

/* ---- elements ---------------------------------------------------------------------------- */

static void
each_of(const struct map *elements, struct element_visitor v)
{
	for (uint32_t i = 0; i < elements->n; i++) {
		const struct element *e = elements->v[i].value;
		if (node_has(e->node, NODE_MAP))
			v.visit(v.ctx, e);
	}
}

void
each_own_element(const struct module *m, struct element_visitor v)
{
	each_of(&m->jobs, v);
	each_of(&m->commands, v);
	each_of(&m->executors, v);
}

static void
each_in(const struct module *m, struct element_visitor v, int depth)
{
	each_own_element(m, v);
	for (uint32_t i = 0; depth < LIMIT_ORB_DEPTH && i < m->orbs.n; i++) {
		const struct orb_entry *o = m->orbs.v[i].value;
		if (o->module && node_has(o->node, NODE_MAP))
			each_in(o->module, v, depth + 1);
	}
}

void
each_element(const struct module *m, struct element_visitor v)
{
	each_in(m, v, 0);
}

/* ---- names ------------------------------------------------------------------------------- */

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("_?-.", c));
}

bool
single_name(struct str text, struct str *name)
{
	text = str_trim(text);
	if (!str_starts(text, STR("<<")) || !str_ends(text, STR(">>")) || text.len < 5)
		return false;
	*name = str_trim(str_sub(text, 2, text.len - 2));
	for (size_t i = 0; i < name->len; i++)
		if (!is_name_char(name->s[i]))
			return false;
	return name->len > 0;
}

/* ---- fixes ------------------------------------------------------------------------------- */

static bool
is_blank(struct str text, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (text.s[i] != ' ')
			return false;
	return true;
}

void
fix_remove(const struct check *c, struct diag *g, const struct node *map, const struct node *key)
{
	const struct source *source = source_of(c->sources, c->file);
	const struct pair *p = node_pair(map, key->u.text);
	if (!source || !p || map->count < 2 || key->span.file != c->file ||
		key->span.off < map->span.off || key->span.off >= map->span.off + map->span.len)
		return;
	struct str text = source->text;
	size_t start = key->span.off, end = start + key->span.len;
	while (start && text.s[start - 1] != '\n')
		start--;
	/* A value that stands elsewhere (an alias) is not part of the lines. */
	struct span value = p->value->span;
	if (value.len && value.off >= key->span.off && value.off < map->span.off + map->span.len)
		end = value.off + value.len;
	while (end < text.len && text.s[end - 1] != '\n' && text.s[end] != '\n')
		end++;
	if (end < text.len && text.s[end] == '\n' && text.s[end - 1] != '\n')
		end++;
	if (is_blank(text, start, key->span.off))
		diag_fix(c->diags, g, false,
			(struct span){c->file, (uint32_t)start, (uint32_t)(end - start)}, STR(""));
}
