/* SPDX-License-Identifier: MIT */
/* Comparisons that cannot come out true, by what is known of each side before anything runs. */
#include "ccx/check.h"
#include "ccx/limits.h"

#include "operands.h"
#include "written.h"

#include <string.h>

/* ---- text beside templates --------------------------------------------------------------- */

/* Offset behind the tag at text[at], or the end when it is not closed. */
static size_t
tag_end(struct str text, size_t at)
{
	size_t end = str_find(text, STR(">>"), at + 2);
	return end == SIZE_MAX ? text.len : end + 2;
}

bool
operand_has_text(struct str text)
{
	text = str_trim(text);
	unsigned sections = 0;
	for (size_t at = 0; at < text.len;) {
		bool tag = text.s[at] == '<' && at + 1 < text.len && text.s[at + 1] == '<';
		if (!tag) {
			if (!sections)
				return true; /* what is in a section may not be there */
			at++;
			continue;
		}
		char mark = at + 2 < text.len ? text.s[at + 2] : 0;
		sections += mark == '#' || mark == '^';
		sections -= mark == '/' && sections;
		at = tag_end(text, at);
	}
	return false;
}

/* ---- what is known of an operand --------------------------------------------------------- */

enum type { TYPE_UNKNOWN, TYPE_TEXT, TYPE_INTEGER, TYPE_BOOLEAN };

static const char *const type_names[] = {"", "a string", "an integer", "a boolean"};

struct operand {
	enum type type;
	const struct node *literal; /* or NULL */
	const struct param *param;  /* or NULL */
	struct str name;            /* of what is not literal */
	bool bare;                  /* in an expression: its place is that of the whole of it */
};

static enum type
param_kind(const struct param *p)
{
	switch (p->type) {
	case PARAM_STRING:
	case PARAM_ENV_VAR_NAME:
		return TYPE_TEXT;
	case PARAM_ENUM:
		/* Members need not be strings. */
		for (uint32_t i = 0; node_has(p->choices, NODE_LIST) && i < p->choices->count; i++)
			if (p->choices->u.items[i]->kind != NODE_STRING)
				return TYPE_UNKNOWN;
		return node_has(p->choices, NODE_LIST) ? TYPE_TEXT : TYPE_UNKNOWN;
	case PARAM_INTEGER:
		return TYPE_INTEGER;
	case PARAM_BOOLEAN:
		return TYPE_BOOLEAN;
	default:
		return TYPE_UNKNOWN;
	}
}

static struct operand
named(const struct check *c, const struct params *params, struct str name)
{
	static const enum type types[] = {[VALUE_STRING] = TYPE_TEXT,
		[VALUE_INTEGER] = TYPE_INTEGER,
		[VALUE_BOOLEAN] = TYPE_BOOLEAN};
	static const struct str pipeline = {"pipeline.parameters.", 20}, own = {"parameters.", 11};
	struct operand o = {.name = name};
	if (str_starts(name, pipeline))
		o.param = param_find(&c->config->params, str_sub(name, pipeline.len, name.len));
	else if (params && str_starts(name, own))
		o.param = param_find(params, str_sub(name, own.len, name.len));
	else if (catalog_value(name))
		o.type = types[catalog_value(name)->type];
	if (o.param)
		o.type = param_kind(o.param);
	return o;
}

static struct operand
operand_of(const struct check *c, const struct params *params, const struct node *n)
{
	struct operand o = {.literal = n};
	struct str name;
	if (n->flags & NODE_TEMPLATED) {
		bool one = n->kind == NODE_STRING && single_name(n->u.text, &name);
		return one ? named(c, params, name) : (struct operand){0};
	}
	if (n->kind == NODE_STRING)
		o.type =
			n->u.text.len ? TYPE_TEXT : TYPE_UNKNOWN; /* "" is also what is undefined */
	else if (n->kind == NODE_INT)
		o.type = TYPE_INTEGER;
	else if (n->kind == NODE_BOOL)
		o.type = TYPE_BOOLEAN;
	return o;
}

/* ---- what can be said of two ------------------------------------------------------------- */

/* Text that would be the other's type without its quotes, or with them. */
static void
suggest_quotes(const struct check *c, struct diag *g, const struct operand *literal,
	const struct operand *other)
{
	const struct node *n = literal->literal;
	struct str text = source_text(c->sources, n->span);
	if (literal->bare) {
		diag_help(c->diags, g, "compare it with a value of the same type");
		return;
	}
	if (n->kind != NODE_STRING && other->type == TYPE_TEXT) {
		diag_help(c->diags, g, "quote it: \"%.*s\"", STR_ARG(text));
		diag_fix(c->diags, g, false, n->span, str_printf(c->a, "\"%.*s\"", STR_ARG(text)));
		return;
	}
	const struct node *plain = node_plain(c->a, n->u.text, n->span);
	enum node_kind wanted = other->type == TYPE_INTEGER ? NODE_INT : NODE_BOOL;
	if (n->kind == NODE_STRING && plain->kind == wanted && n->flags & NODE_QUOTED) {
		diag_help(c->diags, g, "leave the quotes away");
		diag_fix(c->diags, g, false, n->span, n->u.text);
		return;
	}
	diag_help(c->diags, g, "compare it with a value of the same type");
}

static void
no_member(const struct check *c, const struct operand *literal, const struct operand *other)
{
	const struct node *choices = other->param->choices;
	for (uint32_t i = 0; i < choices->count; i++)
		if (node_equal(choices->u.items[i], literal->literal))
			return;
	struct diag *g = diag_push(c->diags, RULE_NEVER_EQUAL, literal->literal->span,
		"\"%.*s\" is none of the values of %.*s: they are never equal",
		STR_ARG(str_sub(literal->literal->u.text, 0, 200)), STR_ARG(other->name));
	struct nearest near = {.wanted = literal->literal->u.text};
	for (uint32_t i = 0; diag_kept(c->diags, g) && i < choices->count && i < LIMIT_CANDIDATES;
		i++)
		nearest_try(&near, choices->u.items[i]->u.text);
	diag_nearest(c->diags, g, &near);
	diag_note(c->diags, g, choices->span, "these are its values");
	diag_help(c->diags, g, "compare it with one of them, or add the value");
}

static void
compare(const struct check *c, const struct operand *a, const struct operand *b)
{
	const struct operand *literal = a->literal ? a : b, *other = a->literal ? b : a;
	if (!literal->literal || other->literal || !literal->type || !other->type)
		return;
	if (literal->type == other->type) {
		if (other->param && other->param->type == PARAM_ENUM)
			no_member(c, literal, other);
		return;
	}
	struct diag *g = diag_push(c->diags, RULE_NEVER_EQUAL, literal->literal->span,
		"this is %s and %.*s is %s: they are never equal", type_names[literal->type],
		STR_ARG(other->name), type_names[other->type]);
	suggest_quotes(c, g, literal, other);
}

void
check_operands(const struct check *c, const struct params *params, const struct node *list)
{
	enum { MOST = 64 };
	struct operand all[MOST];
	uint32_t n = list->count < MOST ? list->count : MOST;
	for (uint32_t i = 0; i < n; i++)
		all[i] = operand_of(c, params, list->u.items[i]);
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < i; k++)
			compare(c, &all[k], &all[i]);
}

/* ---- bare expressions -------------------------------------------------------------------- */

static bool
is_name_char(char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
	       (ch && strchr("_?-.", ch));
}

static size_t
skip_blanks(struct str text, size_t at)
{
	while (at < text.len && strchr(" \t\r\n", text.s[at]) && text.s[at])
		at++;
	return at;
}

/* The literal at text[at] as a node: "main", 5, true; NULL for anything else. */
static const struct node *
literal_at(const struct check *c, struct str text, size_t at, struct span span)
{
	if (at < text.len && text.s[at] == '"') {
		size_t end = str_find(text, STR("\""), at + 1);
		struct str inner = str_sub(text, at + 1, end == SIZE_MAX ? at + 1 : end);
		return end == SIZE_MAX || str_has(inner, STR("\\"))
			       ? NULL
			       : node_string(c->a, inner, span);
	}
	size_t end = at;
	while (end < text.len && is_name_char(text.s[end]))
		end++;
	struct str word = str_sub(text, at, end);
	const struct node *n = word.len ? node_plain(c->a, word, span) : NULL;
	bool fits = n && (n->kind == NODE_INT || str_is(word, "true") || str_is(word, "false"));
	return fits ? n : NULL;
}

/* pipeline.parameters.x == "y": what stands before it must not bind tighter (`not x == y`) */
static void
check_comparison(const struct check *c, const struct node *n, size_t start, size_t end)
{
	struct str text = n->u.text, before = str_trim(str_sub(text, 0, start));
	size_t at = skip_blanks(text, end);
	bool equals = at + 1 < text.len && text.s[at + 1] == '=' &&
		      (text.s[at] == '=' || text.s[at] == '!');
	bool first = !before.len || str_ends(before, STR("(")) || str_ends(before, STR(" and")) ||
		     str_ends(before, STR(" or")) || str_ends(before, STR("\nand")) ||
		     str_ends(before, STR("\nor"));
	if (!equals || !first)
		return;
	const struct node *literal = literal_at(c, text, skip_blanks(text, at + 2), n->span);
	if (!literal)
		return;
	struct operand a = operand_of(c, NULL, literal);
	a.bare = true;
	struct operand b = named(c, NULL, str_sub(text, start, end));
	compare(c, &a, &b);
}

void
check_comparisons(const struct check *c, const struct node *n)
{
	struct str text = n->u.text;
	for (size_t at = 0; at < text.len;) {
		if (text.s[at] == '"')
			at = str_find(text, STR("\""), at + 1);
		if (at == SIZE_MAX || text.s[at] == '/' || text.s[at] == '\\')
			return; /* of patterns and escapes no more is made out */
		size_t start = at;
		while (at < text.len && is_name_char(text.s[at]))
			at++;
		if (at > start && str_starts(str_sub(text, start, at), STR("pipeline.")))
			check_comparison(c, n, start, at);
		at = at > start ? at : at + 1;
	}
}
