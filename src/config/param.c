/* SPDX-License-Identifier: MIT */
/* Parameters: which values a type takes, and whether defaults are such values. */
#include "ccx/config.h"

/* ^[A-Za-z_][A-Za-z0-9_]*$, as POSIX names environment variables */
static bool
is_variable_name(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.s[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
		if (!letter && (i == 0 || c < '0' || c > '9'))
			return false;
	}
	return s.len > 0;
}

/* Members of an enum are compared as text: published orbs have `enum: [true, false]` with string
 * defaults and the reverse. */
static bool
is_choice(const struct param *p, const struct node *value, struct arena *a)
{
	if (!node_has(p->choices, NODE_LIST))
		return true;
	struct str text = node_text(a, value);
	for (uint32_t i = 0; i < p->choices->count; i++)
		if (str_eq(text, node_text(a, p->choices->u.items[i])))
			return true;
	return false;
}

bool
param_accepts(const struct param *p, const struct node *value, struct arena *a)
{
	switch (p->type) {
	case PARAM_STRING:
		return value->kind == NODE_STRING;
	case PARAM_BOOLEAN:
		return value->kind == NODE_BOOL;
	case PARAM_INTEGER:
		return value->kind == NODE_INT;
	case PARAM_ENUM:
		return value->kind < NODE_LIST && is_choice(p, value, a);
	case PARAM_EXECUTOR:
		return value->kind == NODE_STRING || node_get(value, "name");
	case PARAM_STEPS:
		return value->kind == NODE_LIST;
	case PARAM_ENV_VAR_NAME:
		return value->kind == NODE_STRING && is_variable_name(value->u.text);
	case PARAM_TYPE_COUNT: /* its declaration was reported */
		return true;
	}
	return false;
}

/* "on" (type string), 5 (type integer): how the official compiler shows a value. */
static struct str
shown(struct arena *a, const struct node *value)
{
	const char *quote = value->kind == NODE_STRING ? "\"" : "";
	struct str text = value->kind == NODE_NULL ? STR("null") : node_text(a, value);
	if (text.len > 120)
		text = str_printf(a, "%.*s…", STR_ARG(str_sub(text, 0, 117)));
	return str_printf(a, "%s%.*s%s (type %s)", quote, STR_ARG(text), quote, node_type(value));
}

/* Text that would be of the parameter's type if it were not quoted. */
static bool
unquoted_fits(const struct param *p, const struct node *value, struct arena *a)
{
	if (!(value->flags & NODE_QUOTED) || p->type == PARAM_STRING)
		return false;
	return param_accepts(p, node_plain(a, value->u.text, value->span), a);
}

/* What 3.10 was written as cannot be told from its value, so floats are not repeated. */
static void
quote_it(struct diag_list *d, struct diag *g, const struct node *value)
{
	if (value->kind == NODE_INT)
		diag_help(d, g, "quote it to make it a string: \"%.*s\"",
			STR_ARG(node_text(d->a, value)));
	else
		diag_help(d, g, "quote it to make it a string");
}

static void
explain(struct diag_list *d, struct diag *g, const struct param *p, const struct node *value)
{
	if (p->type == PARAM_ENUM && node_has(p->choices, NODE_LIST)) {
		struct sb b = {.a = d->a};
		struct nearest n = {.wanted = node_text(d->a, value)};
		for (uint32_t i = 0; i < p->choices->count; i++) {
			struct str choice = node_text(d->a, p->choices->u.items[i]);
			sb_puts(&b, i ? ", " : "");
			sb_put(&b, choice);
			nearest_try(&n, choice);
		}
		diag_nearest(d, g, &n);
		diag_help(d, g, "one of: %.*s", STR_ARG(sb_str(&b)));
	} else if (p->type == PARAM_STRING && value->kind < NODE_STRING) {
		quote_it(d, g, value);
	} else if (value->kind == NODE_STRING && unquoted_fits(p, value, d->a)) {
		diag_help(d, g, "write it without quotes");
	} else if (p->type == PARAM_BOOLEAN) {
		diag_help(d, g, "write true or false");
	} else if (p->type == PARAM_ENV_VAR_NAME && value->kind == NODE_STRING) {
		diag_help(d, g, "letters, digits and underscores, no digit first, and no $");
	} else if (p->type == PARAM_EXECUTOR) {
		diag_help(d, g, "give its name, or a map with `name` and its arguments");
	} else if (p->type == PARAM_ENV_VAR_NAME) {
		diag_help(d, g, "the name alone, without `$`: letters, digits and `_`");
	} else if (p->type == PARAM_STEPS && node_is(value, "")) {
		diag_help(d, g, "steps are a list: `[]` for none");
	} else if (p->type == PARAM_STEPS) {
		diag_help(d, g, "steps are a list, even when there is one: put `- ` before it");
	}
}

bool
param_check(const struct param *p, const struct node *value, struct arena *a, struct diag_list *d)
{
	if (param_accepts(p, value, a))
		return true;
	struct diag *g = diag_push(d, RULE_ARGUMENT_TYPE, value->span,
		"Type error for argument %.*s: expected type: %s, actual value: %.*s",
		STR_ARG(p->name), param_type_names[p->type], STR_ARG(shown(a, value)));
	diag_label(d, g, "expected %s", param_type_names[p->type]);
	explain(d, g, p, value);
	diag_note(d, g, p->span, "declared here");
	return false;
}

void
param_check_default(const struct param *p, struct diag_list *d)
{
	const struct node *value = p->fallback;
	if (!value || (value->flags & NODE_TEMPLATED) || param_accepts(p, value, d->a))
		return;
	struct diag *g = diag_push(d, RULE_DEFAULT_TYPE, value->span,
		"Parameter error: default value of parameter '%.*s' is '%.*s' (type %s): expected "
		"type %s",
		STR_ARG(p->name), STR_ARG(node_text(d->a, value)), node_type(value),
		param_type_names[p->type]);
	diag_label(d, g, "expected %s", param_type_names[p->type]);
	explain(d, g, p, value);
}
