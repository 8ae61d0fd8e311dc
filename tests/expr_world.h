/* SPDX-License-Identifier: MIT */
/* The world of the tests of expr: one source, a scope with a value of each type, findings. */
#ifndef CCX_TESTS_EXPR_WORLD_H
#define CCX_TESTS_EXPR_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ccx/expr.h"
#include "ccx/limits.h"

#include <stdio.h>
#include <string.h>

struct world {
	struct arena *a;
	struct sources sources;
	struct diag_list diags;
	struct scope scope;
	struct origin origin;
	struct expr e;
	const struct node *names; /* map of what is in scope; null values are undefined */
};

static const char world_names[] = "s: text\n"
				  "empty: ''\n"
				  "n: 5\n"
				  "zero: 0\n"
				  "t: true\n"
				  "f: false\n"
				  "u: ~\n"
				  "real: 1.14\n"
				  "list: [a, b]\n"
				  "none: []\n"
				  "map: {name: x, size: 2}\n"
				  "tagged: << n >>\n"
				  "pipeline.git.branch: main\n"
				  "pipeline.git.tag: ~\n"
				  "pipeline.parameters.url:with:colons: odd\n"
				  "pipeline.number: 1\n"
				  "parameters.message: hello\n"
				  "parameters.on: true\n"
				  "parameters.off: false\n";

static enum lookup
world_find(const void *ctx, struct str name, const struct node **value)
{
	const struct world *w = ctx;
	*value = node_find(w->names, name);
	return !*value                       ? LOOKUP_UNKNOWN
	       : (*value)->kind == NODE_NULL ? LOOKUP_UNDEFINED
					     : LOOKUP_FOUND;
}

static void
world_suggest(const void *ctx, struct nearest *n)
{
	const struct world *w = ctx;
	for (uint32_t i = 0; i < w->names->count; i++)
		nearest_try(n, w->names->u.pairs[i].key->u.text);
}

/* The node that text is, from a file of its own. */
static const struct node *
world_load(struct world *w, const char *text)
{
	uint32_t file = source_add(&w->sources, STR("config.yml"), str_of(text));
	const struct node *n = node_load(w->a, &w->sources, file, &w->diags);
	assert_non_null(n);
	return n;
}

static struct world *
world_new(void)
{
	struct arena *a = arena_new();
	struct world *w = NEW(a, struct world);
	w->a = a;
	sources_init(&w->sources, a);
	diag_init(&w->diags, a);
	w->names = world_load(w, world_names);
	w->scope = (struct scope){world_find, world_suggest, w};
	w->e = (struct expr){a, &w->sources, &w->diags, &w->scope, &w->origin};
	return w;
}

static void
world_free(struct world *w)
{
	arena_free(w->a);
}

/* A string as it might stand in a config, without a place in one. */
static inline const struct node *
world_string(struct world *w, const char *text)
{
	return node_string(w->a, str_of(text), (struct span){0});
}

/* A value as the tests write it: type and text. */
static inline const char *
world_show(struct world *w, const struct node *n)
{
	if (!n)
		return w->diags.all.n ? w->diags.all.v[w->diags.all.n - 1].message.s : "no finding";
	return str_printf(w->a, "%s %.*s", node_type(n), STR_ARG(node_text(w->a, n))).s;
}

/* The source text that the only finding points to. */
static inline struct str
world_marked(struct world *w)
{
	assert_int_equal(w->diags.all.n, 1);
	assert_ptr_equal(w->diags.all.v[0].origin, &w->origin);
	return source_text(&w->sources, w->diags.all.v[0].span);
}

static inline const struct diag *
world_fault(struct world *w)
{
	assert_true(w->diags.all.n > 0);
	return &w->diags.all.v[w->diags.all.n - 1];
}

static inline void
assert_str(struct str text, const char *expected)
{
	if (!str_is(text, expected))
		fail_msg("got \"%.*s\", expected \"%s\"", STR_ARG(text), expected);
}

#endif
