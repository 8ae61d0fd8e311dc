/* SPDX-License-Identifier: MIT */
/*
 * What schema_check says. The official compiler's phrase comes first, so that people can search for
 * it; then in label and help what it does not say: the nearest key, what is permitted, what to do.
 */
#include "schema.h"

/* ---- where ------------------------------------------------------------------------------- */

/* Names and values come from the input and may be of any length. */
static struct str
brief(struct diag_list *d, struct str text)
{
	enum { MOST = 60 };
	size_t at = 0;
	for (unsigned n = 0; n < MOST && at < text.len; n++)
		utf8_next(text, &at);
	return at == text.len ? text : str_printf(d->a, "%.*s…", (int)at, text.s);
}

static struct str
key_text(struct diag_list *d, const struct node *key)
{
	return brief(d, schema_key_text(d, key));
}

/* "#/jobs/build/docker/0" */
static void
put_pointer(struct diag_list *d, struct sb *out, const struct frame *f)
{
	if (!f->up) {
		sb_char(out, '#');
		return;
	}
	put_pointer(d, out, f->up);
	if (f->key.s)
		sb_printf(out, "/%.*s", STR_ARG(brief(d, f->key)));
	else
		sb_printf(out, "/%u", f->index);
}

/* `job "build"`, or the pointer of what has no name */
static struct str
where(struct diag_list *d, const struct schema *s, const struct frame *f)
{
	struct sb b = {.a = d->a};
	if (s->noun && f->key.len)
		sb_printf(&b, "%s \"%.*s\"", s->noun, STR_ARG(brief(d, f->key)));
	else if (s->noun && !f->up)
		sb_puts(&b, s->noun);
	else
		put_pointer(d, &b, f);
	return sb_str(&b);
}

static void
add_help(struct diag_list *d, struct diag *g, const struct schema *s, const struct frame *f)
{
	if (s->help)
		diag_help(d, g, "%s", s->help);
	else if (f->outer && f->outer->help)
		diag_help(d, g, "%s", f->outer->help);
}

/* What s has to say of a key or value that people write by mistake, or NULL. */
static const char *
hint_for(const struct schema *s, struct str text)
{
	for (uint16_t i = 0; i < s->nhints; i++)
		if (str_eq(s->hints[i].text, text))
			return s->hints[i].help;
	return NULL;
}

static void
put_list(struct sb *out, const char *const *texts, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		sb_printf(out, "%s%s", i ? ", " : "", texts[i]);
}

/* ---- values ------------------------------------------------------------------------------ */

/* "String or Mapping": as the official validator calls what s takes; null goes without saying. */
static struct str
expected_types(struct diag_list *d, unsigned types)
{
	static const struct {
		unsigned kinds;
		const char *title;
	} titles[] = {{1u << NODE_STRING, "String"}, {1u << NODE_MAP, "Mapping"},
		{1u << NODE_LIST, "Sequence"}, {1u << NODE_INT | 1u << NODE_FLOAT, "Number"},
		{1u << NODE_INT, "Integer"}, {1u << NODE_BOOL, "Boolean"},
		{1u << NODE_NULL, "Null"}};
	struct sb b = {.a = d->a};
	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
		if ((types & titles[i].kinds) != titles[i].kinds ||
			(titles[i].kinds == 1u << NODE_NULL && b.len))
			continue;
		sb_printf(&b, "%s%s", b.len ? " or " : "", titles[i].title);
		types &= ~titles[i].kinds;
	}
	return sb_str(&b);
}

/* An absent value has no text to point at: its key has. */
static struct span
place(const struct node *n, const struct frame *f)
{
	return n->kind == NODE_NULL || !n->span.len ? f->at : n->span;
}

/* key: {{ arch }}-v1      # to YAML a map in a map */
static bool
is_bare_braces(const struct node *n)
{
	return n->kind == NODE_MAP && n->count == 1 && n->u.pairs[0].key->kind == NODE_MAP;
}

static const char quote_braces[] = "quote a text that begins with `{{`: YAML reads it as a map";

void
report_type(
	struct diag_list *d, const struct schema *s, const struct node *n, const struct frame *f)
{
	struct diag *g = diag_push(d, RULE_WRONG_TYPE, place(n, f),
		"%.*s: expected type: %.*s, found: %s", STR_ARG(where(d, s, f)),
		STR_ARG(expected_types(d, s->types)), node_type_title(n));
	const char *hint = hint_for(s, str_of(node_type_title(n)));
	if (is_bare_braces(n))
		hint = quote_braces;
	if (hint)
		diag_help(d, g, "%s", hint);
	else
		add_help(d, g, s, f);
}

void
report_choice(
	struct diag_list *d, const struct schema *s, const struct node *n, const struct frame *f)
{
	struct nearest near = {.wanted = n->u.text};
	struct sb list = {.a = d->a};
	put_list(&list, s->choices, s->nchoices);
	for (uint16_t i = 0; i < s->nchoices; i++)
		nearest_try(&near, str_of(s->choices[i]));
	struct diag *g = diag_push(d, RULE_INVALID_VALUE, place(n, f), "%.*s: %s",
		STR_ARG(where(d, s, f)), s->fault ? s->fault : "Input not a valid enum value");
	const char *hint = hint_for(s, n->u.text);
	if (hint)
		diag_label(d, g, "%s", hint);
	else
		diag_nearest(d, g, &near);
	add_help(d, g, s, f);
	if (!g->help.len)
		diag_help(d, g, "use one of: %.*s", STR_ARG(sb_str(&list)));
}

void
report_pattern(
	struct diag_list *d, const struct schema *s, const struct node *n, const struct frame *f)
{
	struct diag *g;
	if (s->fault)
		g = diag_push(d, RULE_INVALID_VALUE, place(n, f), "%.*s: %s",
			STR_ARG(where(d, s, f)), s->fault);
	else
		g = diag_push(d, RULE_INVALID_VALUE, place(n, f),
			"%.*s: string [%.*s] does not match pattern %s", STR_ARG(where(d, s, f)),
			STR_ARG(brief(d, n->u.text)), s->pattern);
	add_help(d, g, s, f);
}

void
report_bounds(
	struct diag_list *d, const struct schema *s, const struct node *n, const struct frame *f)
{
	struct diag *g = diag_push(d, RULE_INVALID_VALUE, place(n, f), "%.*s: %s",
		STR_ARG(where(d, s, f)), s->fault ? s->fault : "number out of range");
	if (s->maximum == INT64_MAX)
		diag_label(d, g, "expected %lld or more", (long long)s->minimum);
	else
		diag_label(d, g, "expected %lld to %lld", (long long)s->minimum,
			(long long)s->maximum);
}

void
report_size(struct diag_list *d, const struct schema *s, uint32_t count, struct span at,
	const struct frame *f)
{
	bool few = count < s->min_items;
	struct diag *g = diag_push(d, few ? RULE_EMPTY : RULE_WRONG_TYPE, at,
		"%.*s: %s size: [%u], found: [%u]", STR_ARG(where(d, s, f)),
		few ? "minimum" : "maximum", few ? s->min_items : s->max_items, count);
	if (!few)
		diag_label(d, g, "one key too many");
	add_help(d, g, s, f);
}

void
report_kind(
	struct diag_list *d, const struct schema *s, const struct node *n, const struct frame *f)
{
	const struct node *kind = node_get(n, s->discriminator);
	struct nearest near = {.wanted = kind->u.text};
	struct sb list = {.a = d->a};
	for (uint16_t i = 0; i < s->nany; i++) {
		const struct schema_key *key = schema_key(s->any[i], str_of(s->discriminator));
		if (!key)
			continue;
		sb_puts(&list, list.len ? ", " : "");
		put_list(&list, key->value->choices, key->value->nchoices);
		for (uint16_t k = 0; k < key->value->nchoices; k++)
			nearest_try(&near, str_of(key->value->choices[k]));
	}
	struct diag *g = diag_push(d, RULE_INVALID_VALUE, kind->span,
		"%.*s: Invalid %s %s '%.*s'. Allowed types: %.*s", STR_ARG(where(d, s, f)),
		s->noun ? s->noun : "map", s->discriminator, STR_ARG(brief(d, kind->u.text)),
		STR_ARG(sb_str(&list)));
	diag_nearest(d, g, &near);
}

/* ---- keys -------------------------------------------------------------------------------- */

static const struct schema_key *
nearest_listed(const struct schema *s, struct nearest *near)
{
	for (uint16_t i = 0; i < s->nkeys; i++)
		nearest_try(near, s->keys[i].name);
	return near->best.len ? schema_key(s, near->best) : NULL;
}

static void
help_permitted(struct diag_list *d, struct diag *g, const struct schema *s)
{
	struct sb b = {.a = d->a};
	sb_puts(&b, "permitted keys: ");
	for (uint16_t i = 0; i < s->nkeys; i++)
		sb_printf(&b, "%s%.*s", i ? ", " : "", STR_ARG(s->keys[i].name));
	diag_help(d, g, "%.*s", STR_ARG(sb_str(&b)));
}

const struct schema_key *
report_unknown(
	struct diag_list *d, const struct schema *s, const struct pair *p, const struct frame *f)
{
	struct str name = schema_key_text(d, p->key);
	struct nearest near = {.wanted = name};
	const char *hint = hint_for(s, name);
	const struct schema_key *meant = hint ? NULL : nearest_listed(s, &near);
	struct diag *g = diag_push(d, RULE_UNKNOWN_KEY, p->key->span,
		"%.*s: extraneous key [%.*s] is not permitted", STR_ARG(where(d, s, f)),
		STR_ARG(brief(d, name)));
	if (hint) {
		diag_help(d, g, "%s", hint);
		return NULL;
	}
	diag_nearest(d, g, &near);
	if (!meant && s->stray && (p->value->kind == NODE_LIST || p->value->kind == NODE_MAP))
		diag_label(d, g, "%s", s->stray);
	help_permitted(d, g, s);
	return meant;
}

void
report_missing(struct diag_list *d, const struct schema *s, const struct schema_key *key,
	const struct node *typo, const struct frame *f)
{
	struct diag *g = diag_push(d, RULE_MISSING_KEY, typo ? typo->span : f->at,
		"%.*s: required key [%.*s] not found", STR_ARG(where(d, s, f)), STR_ARG(key->name));
	if (typo) {
		diag_label(d, g, "did you mean \"%.*s\"?", STR_ARG(key->name));
		diag_help(d, g, "unknown keys are ignored here");
	} else if (s->help) {
		diag_help(d, g, "%s", s->help);
	}
}

void
report_none_of(struct diag_list *d, const struct schema *s, const struct frame *f)
{
	if (s->missing) {
		struct diag *g = diag_push(d, RULE_MISSING_EXECUTOR, f->at, "%.*s: %s",
			STR_ARG(where(d, s, f)), s->missing);
		diag_help(d, g,
			"say where it runs, for example `docker: [{image: cimg/base:current}]`");
		return;
	}
	struct sb list = {.a = d->a};
	for (uint16_t i = 0; i < s->n_one_of_keys; i++)
		sb_printf(&list, "%s[%s]", i ? " or " : "", s->one_of_keys[i]);
	struct diag *g = diag_push(d, RULE_MISSING_KEY, f->at, "%.*s: required key %.*s not found",
		STR_ARG(where(d, s, f)), STR_ARG(sb_str(&list)));
	add_help(d, g, s, f);
}

void
report_name(
	struct diag_list *d, const struct schema *s, const struct node *key, const struct frame *f)
{
	struct str name = key_text(d, key);
	const char *noun = s->other && s->other->noun ? s->other->noun : "key";
	struct diag *g = diag_push(d, RULE_INVALID_NAME, key->span,
		"%s \"%.*s\": string [%.*s] does not match pattern %s", noun, STR_ARG(name),
		STR_ARG(name), s->key_pattern);
	add_help(d, g, s, f);
}

void
report_beside(struct diag_list *d, const struct pair *p, const struct pair *empty,
	const struct schema *wanted, const struct frame *f)
{
	struct str name = key_text(d, p->key), above = key_text(d, empty->key);
	struct frame beside = {.up = f, .key = name};
	struct sb pointer = {.a = d->a};
	put_pointer(d, &pointer, &beside);
	struct diag *g = diag_push(d, RULE_WRONG_TYPE, p->key->span,
		"%.*s: expected type: %.*s, found: %s", STR_ARG(sb_str(&pointer)),
		STR_ARG(expected_types(d, wanted->types)), node_type_title(p->value));
	diag_label(d, g, "stands beside `%.*s`, not under it", STR_ARG(above));
	diag_help(d, g, "indent `%.*s` two more spaces, under `%.*s:`", STR_ARG(name),
		STR_ARG(above));
}
