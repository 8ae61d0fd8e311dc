/* SPDX-License-Identifier: MIT */
/* The parameters of an orb's elements: whether they are described, and secrets among them. */
#include "ccx/check.h"

#include "internal.h"
#include "written.h"

/* ---- descriptions ------------------------------------------------------------------------ */

/* to: {type: string, description: Whom to greet} */
static bool
is_described(const struct param *p)
{
	const struct node *text = node_get(p->node, "description");
	return node_has(text, NODE_STRING) && str_trim(text->u.text).len;
}

/* One finding an element, however many of its parameters lack one. */
static void
check_descriptions(const struct check *c, const struct element *e)
{
	enum { NOTES = 10 };
	struct diag *g = NULL;
	uint32_t n = 0;
	for (uint32_t i = 0; i < e->params.n; i++)
		n += !is_described(&e->params.v[i]) && check_own(c, e->params.v[i].span);
	for (uint32_t i = 0, seen = 0; i < e->params.n && seen < NOTES; i++) {
		const struct param *p = &e->params.v[i];
		if (is_described(p) || !check_own(c, p->span))
			continue;
		seen++;
		if (g) {
			diag_note(c->diags, g, p->span, "nor has \"%.*s\"", STR_ARG(p->name));
			continue;
		}
		struct str more = n > 1 ? str_printf(c->a, ", nor ha%s %u other%s",
						  n > 2 ? "ve" : "s", n - 1, n > 2 ? "s" : "")
					: STR("");
		g = diag_push(c->diags, RULE_PARAMETER_DESCRIPTION, p->span,
			"parameter \"%.*s\" of %s \"%.*s\" has no description%.*s",
			STR_ARG(p->name), element_kind_names[e->kind], STR_ARG(e->name),
			STR_ARG(more));
		diag_help(c->diags, g, "say what it is for: the registry shows it beside the type");
	}
}

/* ---- secrets ----------------------------------------------------------------------------- */

/* Is it the word, in capitals or not? */
static bool
is_word(struct str text, const char *word)
{
	for (size_t i = 0; i < text.len; i++)
		if ((text.s[i] | 0x20) != word[i])
			return false;
	return word[text.len] == '\0';
}

static bool
is_one_of(struct str text, const char *const *words)
{
	for (; *words; words++)
		if (is_word(text, *words))
			return true;
	return false;
}

/* Cuts the last word off a name: aws-secret-key  dockerPassword  GITHUB_TOKEN */
static struct str
cut_word(struct str *name)
{
	size_t at = name->len;
	bool hump = false;
	while (at > 0 && !hump && name->s[at - 1] != '-' && name->s[at - 1] != '_') {
		at--;
		hump = at > 0 && name->s[at] >= 'A' && name->s[at] <= 'Z' &&
		       name->s[at - 1] >= 'a' && name->s[at - 1] <= 'z';
	}
	struct str word = str_sub(*name, at, name->len);
	name->len = at && !hump ? at - 1 : at;
	return word;
}

static bool
names_secret(struct str name)
{
	static const char *const secrets[] = {
		"token", "password", "passwd", "passphrase", "secret", "apikey", NULL};
	static const char *const keys[] = {"api", "secret", "private", "signing", NULL};
	struct str last = cut_word(&name);
	if (is_one_of(last, secrets))
		return true;
	return is_word(last, "key") && is_one_of(cut_word(&name), keys);
}

/* default: $TOKEN      default: ACME_TOKEN */
static bool
names_variable(const struct node *fallback)
{
	if (!node_has(fallback, NODE_STRING) || !fallback->u.text.len)
		return false;
	struct str text = fallback->u.text;
	for (size_t i = 0; i < text.len; i++)
		if (!((text.s[i] >= 'A' && text.s[i] <= 'Z') ||
			    (text.s[i] >= '0' && text.s[i] <= '9') || text.s[i] == '_'))
			return str_has(text, STR("$")) || str_has(text, STR("<<"));
	return true;
}

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

/* Which parameters give the name of a variable:
 * $<< parameters.token >>  ${<<parameters.token>>}  ${!<< parameters.token >>} */
static void
collect_names(struct arena *a, struct map *names, struct str text)
{
	static bool dummy;
	const struct str mark = STR("parameters.");
	for (size_t at = 0; (at = str_find(text, mark, at)) != SIZE_MAX;) {
		struct str before = str_trim(str_sub(text, at > 8 ? at - 8 : 0, at));
		bool tag = str_ends(before, STR("<<"));
		at += mark.len;
		size_t end = at;
		while (end < text.len && is_name_char(text.s[end]))
			end++;
		before = str_sub(before, 0, tag ? before.len - 2 : 0);
		if (str_ends(before, STR("$")) || str_ends(before, STR("${")) ||
			str_ends(before, STR("${!")))
			map_put(a, names, str_sub(text, at, end), &dummy);
		at = end;
	}
}

static void
collect_variables(struct arena *a, struct map *names, const struct node *n)
{
	if (!(n->flags & NODE_TEMPLATED))
		return;
	if (n->kind == NODE_STRING)
		collect_names(a, names, n->u.text);
	for (uint32_t i = 0; n->kind == NODE_LIST && i < n->count; i++)
		collect_variables(a, names, n->u.items[i]);
	for (uint32_t i = 0; n->kind == NODE_MAP && i < n->count; i++)
		collect_variables(a, names, n->u.pairs[i].value);
}

static bool
speaks_of_variable(const struct param *p)
{
	const struct node *text = node_get(p->node, "description");
	return node_has(text, NODE_STRING) && (str_has(text->u.text, STR("nvironment variable")) ||
						      str_has(text->u.text, STR("env var")) ||
						      str_has(text->u.text, STR("ame of")));
}

static bool
may_be_secret(const struct check *c, const struct param *p)
{
	return p->type == PARAM_STRING && check_own(c, p->span) && names_secret(p->name) &&
	       !names_variable(p->fallback) && !speaks_of_variable(p);
}

/* token: {type: string}
 * What is given for it stands in a config, which everybody can read who can read the project. */
static void
check_secrets(const struct check *c, const struct element *e)
{
	struct map variables = {0};
	bool collected = false;
	for (uint32_t i = 0; i < e->params.n; i++) {
		const struct param *p = &e->params.v[i];
		if (!may_be_secret(c, p))
			continue;
		if (!collected)
			collect_variables(c->a, &variables, e->body);
		collected = true;
		if (map_has(&variables, p->name))
			continue;
		struct diag *g = diag_push(c->diags, RULE_SECRET_PARAMETER, p->span,
			"parameter \"%.*s\" of %s \"%.*s\" takes what looks like a secret as text",
			STR_ARG(p->name), element_kind_names[e->kind], STR_ARG(e->name));
		diag_help(c->diags, g,
			"type `env_var_name` takes the name of the variable that holds it, to be "
			"used as ${<< parameters.%.*s >>}",
			STR_ARG(p->name));
	}
}

static void
check_element(void *ctx, const struct element *e)
{
	const struct check *c = ctx;
	check_descriptions(c, e);
	check_secrets(c, e);
}

void
check_orb_parameters(const struct check *c)
{
	if (is_walkable(c))
		each_own_element(
			&c->config->module, (struct element_visitor){check_element, (void *)c});
}
