/* SPDX-License-Identifier: MIT */
/*
 * What YAML 1.1 reads otherwise than people do: 3.10 is the number 3.1, 012 is ten, 12:30 is 750,
 * and yes, no, on and off are booleans. Said where text is meant: of the values and names of
 * environment variables, of Xcode versions, of members of enums and axes. Of octal and sexagesimal
 * integers it is said everywhere.
 */
#include "ccx/check.h"

#include "internal.h"
#include "written.h"

#include <string.h>

struct walk {
	const struct check *c;
	const char
		*text; /* what stands here is text for whoever reads it: it becomes this; or NULL */
};

/* ---- findings ---------------------------------------------------------------------------- */

static void
suggest_quotes(const struct check *c, struct diag *g, const struct node *n)
{
	struct str raw = source_text(c->sources, n->span);
	diag_help(c->diags, g, "quote it: \"%.*s\"", STR_ARG(raw));
	diag_fix(c->diags, g, false, n->span, str_printf(c->a, "\"%.*s\"", STR_ARG(raw)));
}

static void
changed(const struct walk *w, const struct node *n, enum rule rule)
{
	const struct check *c = w->c;
	struct str raw = str_sub(source_text(c->sources, n->span), 0, 100);
	struct str value = node_text(c->a, n);
	if (str_eq(raw, value) || !check_own(c, n->span) || is_reported(c, n->span))
		return;
	struct diag *g = diag_push(c->diags, rule, n->span, "YAML reads %.*s as the %s %.*s%s",
		STR_ARG(raw), node_type(n), STR_ARG(value), w->text ? w->text : "");
	if (w->text)
		suggest_quotes(c, g, n);
	else
		diag_help(c->diags, g, "write %.*s, or quote it if it is text", STR_ARG(value));
}

/* ---- numbers ----------------------------------------------------------------------------- */

/* 012, 0x1f and 12:30 are integers of other bases; 1_000 is for readers and stays one. */
static bool
is_odd(struct str raw)
{
	bool octal = raw.len > 1 && raw.s[0] == '0' && raw.s[1] >= '0' && raw.s[1] <= '9';
	return octal || str_has(raw, STR(":"));
}

/* What comes of a scalar where nobody expects text. */
static void
check_scalar(const struct walk *w, const struct node *n)
{
	if (n->flags & NODE_QUOTED)
		return;
	if (w->text && n->kind == NODE_BOOL)
		changed(w, n, RULE_WORD_AS_BOOLEAN);
	else if (w->text && (n->kind == NODE_INT || n->kind == NODE_FLOAT))
		changed(w, n, RULE_LOST_DIGITS);
	else if (n->kind == NODE_INT && is_odd(source_text(w->c->sources, n->span)))
		changed(w, n, RULE_LOST_DIGITS);
}

/* ---- where text is meant ----------------------------------------------------------------- */

static const char in_environment[] = ", and the variable becomes that";
static const char in_version[] = ", and that is another version";
static const char in_list[] = "";

/* What stands under a key is text. */
static const char *
meant_under(const struct node *key)
{
	if (node_is(key, "environment"))
		return in_environment;
	if (node_is(key, "xcode"))
		return in_version;
	return node_is(key, "enum") ? in_list : NULL;
}

static void walk(struct walk w, const struct node *n);

/* environment: {on: 1} */
static void
check_key(const struct walk *w, const struct node *key)
{
	struct walk here = {w->c, ": that is its name"};
	if (w->text == in_environment && key->kind != NODE_STRING)
		check_scalar(&here, key);
}

/* matrix: {parameters: {version: [3.9, 3.10]}} */
static void
walk_axes(const struct check *c, const struct node *matrix)
{
	const struct node *parameters = node_get(matrix, "parameters");
	for (uint32_t i = 0; node_has(parameters, NODE_MAP) && i < parameters->count; i++) {
		const struct node *axis = parameters->u.pairs[i].value;
		for (uint32_t k = 0; axis->kind == NODE_LIST && k < axis->count; k++)
			if (axis->u.items[k]->kind == NODE_FLOAT)
				check_scalar(&(struct walk){c, in_list}, axis->u.items[k]);
	}
}

static void
walk_map(const struct walk *w, const struct node *map)
{
	for (uint32_t i = 0; i < map->count; i++) {
		const struct pair *p = &map->u.pairs[i];
		const char *text = meant_under(p->key);
		check_key(w, p->key);
		if (node_is(p->key, "matrix"))
			walk_axes(w->c, p->value);
		walk((struct walk){w->c, text ? text : w->text}, p->value);
	}
}

/* As deep as the document is, and that is bounded. */
static void
walk(struct walk w, const struct node *n)
{
	for (uint32_t i = 0; n->kind == NODE_LIST && i < n->count; i++)
		walk(w, n->u.items[i]);
	if (n->kind == NODE_MAP)
		walk_map(&w, n);
	else if (n->kind != NODE_LIST)
		check_scalar(&w, n);
}

void
check_traps(const struct check *c)
{
	if (is_walkable(c))
		walk((struct walk){c, NULL}, c->root);
}
