/* SPDX-License-Identifier: MIT */
/*
 * How the names of an orb are written: elements among themselves, parameters among themselves.
 * CircleCI takes any style; whoever uses the orb has to remember which it was.
 */
#include "ccx/check.h"

#include "internal.h"
#include "written.h"

enum style { STYLE_ANY, STYLE_KEBAB, STYLE_SNAKE, STYLE_CAMEL, STYLE_CAPITALS, STYLE_COUNT };

static const char *const style_names[] = {
	[STYLE_KEBAB] = "kebab-case",
	[STYLE_SNAKE] = "snake_case",
	[STYLE_CAMEL] = "camelCase",
	[STYLE_CAPITALS] = "CAPITALS",
};

struct name {
	struct str text;
	struct span span;
	enum style style;
};

/* Each name once, in the order in which they stand. */
struct names {
	const struct check *c;
	struct map seen;
	VEC(struct name) all;
	uint32_t count[STYLE_COUNT];
};

static enum style
style_of(struct str name)
{
	bool hyphen = str_has(name, STR("-")), lower = false, upper = false;
	for (size_t i = 0; i < name.len; i++) {
		lower = lower || (name.s[i] >= 'a' && name.s[i] <= 'z');
		upper = upper || (name.s[i] >= 'A' && name.s[i] <= 'Z');
	}
	if (upper)
		return lower ? STYLE_CAMEL : STYLE_CAPITALS;
	if (hyphen)
		return STYLE_KEBAB;
	return str_has(name, STR("_")) ? STYLE_SNAKE : STYLE_ANY;
}

/* Is it CircleCI's own word, which the orb hands on under its name? */
static bool
is_own_word(struct str name)
{
	static const char *const words[] = {"auto_rerun_delay", "circleci_ip_ranges",
		"docker_layer_caching", "max_auto_reruns", "no_output_timeout", "resource_class",
		"working_directory"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_is(name, words[i]))
			return true;
	return false;
}

static void
add(struct names *n, struct str text, struct span span)
{
	static bool dummy;
	struct name name = {text, span, style_of(text)};
	if (name.style == STYLE_ANY || map_has(&n->seen, text) || !check_own(n->c, span))
		return;
	map_put(n->c->a, &n->seen, text, &dummy);
	vec_push(n->c->a, &n->all, name);
	n->count[name.style]++;
}

static void
add_element(void *ctx, const struct element *e)
{
	add(ctx, e->name, e->span);
}

/* A parameter that takes the name of a variable may be called as the variable. */
static void
add_params(void *ctx, const struct element *e)
{
	for (uint32_t i = 0; i < e->params.n; i++) {
		const struct param *p = &e->params.v[i];
		bool variable =
			p->type == PARAM_ENV_VAR_NAME && style_of(p->name) == STYLE_CAPITALS;
		if (!variable && !is_own_word(p->name))
			add(ctx, p->name, p->span);
	}
}

/* The style of most names; of several the one that comes first in the text. */
static enum style
main_style(const struct names *n)
{
	enum style best = STYLE_ANY;
	for (uint32_t i = 0; i < n->all.n; i++)
		if (n->count[n->all.v[i].style] > n->count[best])
			best = n->all.v[i].style;
	return best;
}

/* "14 in kebab-case, 2 in snake_case" */
static struct str
list_styles(const struct names *n)
{
	struct sb b = {.a = n->c->a};
	for (int i = STYLE_KEBAB; i < STYLE_COUNT; i++)
		if (n->count[i])
			sb_printf(&b, "%s%u in %s", b.len ? ", " : "", (unsigned)n->count[i],
				style_names[i]);
	return str_copy(n->c->a, sb_str(&b));
}

static void
judge(const struct names *n, const char *what)
{
	enum { NOTES = 10 };
	enum style style = main_style(n);
	struct diag_list *d = n->c->diags;
	struct diag *g = NULL;
	for (uint32_t i = 0, notes = 0; i < n->all.n && notes < NOTES; i++) {
		const struct name *name = &n->all.v[i];
		if (name->style == style)
			continue;
		if (g) {
			notes++;
			diag_note(d, g, name->span, "another one");
			continue;
		}
		struct str styles = list_styles(n);
		g = diag_push(d, RULE_MIXED_NAMES, name->span,
			"the names of %s are in several styles: %.*s", what, STR_ARG(styles));
		diag_label(d, g, "this is %s", style_names[name->style]);
		diag_help(d, g,
			"write all in one style; a new name is a breaking change, for the next "
			"major version");
	}
}

void
check_orb_names(const struct check *c)
{
	struct names elements = {.c = c}, params = {.c = c};
	const struct module *m = &c->config->module;
	each_own_element(m, (struct element_visitor){add_element, &elements});
	each_own_element(m, (struct element_visitor){add_params, &params});
	judge(&elements, "commands, jobs and executors");
	judge(&params, "parameters");
}
