/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer entry for yaml: any text is loaded, and what loads is printed and loaded again. Spans
 * must lie in the text, and what was printed must mean the same.
 */
#include "ccx/yaml.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PRINTED_WEIGHT = 100000 }; /* aliases can make a small text huge */

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static void
check_span(struct sources *s, struct span span)
{
	const struct source *source = source_of(s, span.file);
	require(source && span.off <= source->text.len);
	require(span.len <= source->text.len - span.off);
}

static void
check_tree(struct sources *s, const struct node *n, unsigned *visits)
{
	if (++*visits > PRINTED_WEIGHT)
		return;
	check_span(s, n->span);
	for (uint32_t i = 0; i < n->count; i++) {
		if (n->kind == NODE_LIST) {
			check_tree(s, n->u.items[i], visits);
			continue;
		}
		check_tree(s, n->u.pairs[i].key, visits);
		check_tree(s, n->u.pairs[i].value, visits);
	}
}

static void
check_diags(struct sources *s, const struct diag_list *d)
{
	for (uint32_t i = 0; i < d->all.n; i++) {
		const struct diag *g = &d->all.v[i];
		check_span(s, g->span);
		require(g->message.len > 0);
		source_place(s, g->span.file, g->span.off);
		for (const struct diag_note *note = g->notes; note; note = note->next)
			check_span(s, note->span);
	}
}

static void
check_again(struct sources *s, const struct node *n, struct diag_list *d)
{
	struct sb text = {.a = s->a}, json = {.a = s->a};
	node_print(&text, n, (struct print_style){0});
	node_print_json(&json, n);
	node_text(s->a, n);
	if (str_has(sb_str(&text), STR("\xc2\x85")))
		return; /* as in the official form, U+0085 in a block is read back as a line feed */
	uint32_t file = source_add(s, STR("printed"), sb_str(&text));
	const struct node *again = node_load(s->a, s, file, d);
	require(again && node_equal(n, again) && node_hash(n) == node_hash(again));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sources sources;
	struct diag_list diags;
	struct arena *a = arena_new();
	unsigned visits = 0;
	sources_init(&sources, a);
	diag_init(&diags, a);
	struct str text = {(const char *)data, size};
	uint32_t file = source_add(&sources, STR("input"), text);
	const struct node *n = node_load(a, &sources, file, &diags);
	require(n ? !diags.errors : diags.errors);
	check_diags(&sources, &diags);
	if (n)
		check_tree(&sources, n, &visits);
	if (n && n->weight < PRINTED_WEIGHT)
		check_again(&sources, n, &diags);
	arena_free(a);
	return 0;
}
