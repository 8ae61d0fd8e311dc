/* SPDX-License-Identifier: MIT */
/* Texts loaded for tests of the loader, and their trees shown. */
#ifndef CCX_TESTS_YAML_WORLD_H
#define CCX_TESTS_YAML_WORLD_H

#include "ccx/yaml.h"
#include "ccx/limits.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct span nowhere;

/* One text and what became of it. */
struct load {
	struct arena *a;
	struct sources sources;
	struct diag_list diags;
	const struct node *root;
};

static inline struct load *
load(struct str text)
{
	struct arena *a = arena_new();
	struct load *l = NEW(a, struct load);
	l->a = a;
	sources_init(&l->sources, a);
	diag_init(&l->diags, a);
	uint32_t file = source_add(&l->sources, STR("test.yml"), text);
	l->root = node_load(a, &l->sources, file, &l->diags);
	return l;
}

static inline void
drop(struct load *l)
{
	arena_free(l->a);
}

/* Like flow YAML, without commas; strings stand in single quotes. */
static inline void
show(struct sb *out, const struct node *n)
{
	struct str text = n->kind < NODE_LIST ? node_text(out->a, n) : STR("");
	switch (n->kind) {
	case NODE_LIST:
		sb_char(out, '[');
		for (uint32_t i = 0; i < n->count; i++) {
			sb_puts(out, i ? " " : "");
			show(out, n->u.items[i]);
		}
		sb_char(out, ']');
		break;
	case NODE_MAP:
		sb_char(out, '{');
		for (uint32_t i = 0; i < n->count; i++) {
			sb_puts(out, i ? " " : "");
			show(out, n->u.pairs[i].key);
			sb_char(out, ':');
			show(out, n->u.pairs[i].value);
		}
		sb_char(out, '}');
		break;
	case NODE_STRING:
		sb_printf(out, "'%.*s'", STR_ARG(text));
		break;
	case NODE_NULL:
		sb_puts(out, "null");
		break;
	default:
		sb_put(out, text);
		break;
	}
}

static inline void
assert_text(struct str actual, const char *expected, const char *of)
{
	if (!str_is(actual, expected)) {
		print_error("%s\n  is  %.*s\n  not %s\n", of, STR_ARG(actual), expected);
		fail();
	}
}

#endif
