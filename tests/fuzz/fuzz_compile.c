/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer entry for the compiler: the input is a config and, behind a line "--- orb", the source
 * that every orb reference finds. It is compiled as a push and as validate does it; what compiles
 * is printed, traced and loaded again, and compiles to itself.
 */
#include "ccx/check.h"
#include "ccx/compile.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PRINTED_WEIGHT = 100000 }; /* aliases can make a small text huge */

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static enum orb_result
find_orb(void *ctx, struct arena *a, const struct orb_ref *ref, struct orb_found *found)
{
	(void)a;
	const struct str *text = ctx;
	if (!text->len || ref->kind == ORB_URL)
		return ORB_MISSING;
	*found = (struct orb_found){.exact = STR("1.0.0"), .origin = STR("orb.yml"), .text = *text};
	return ORB_FOUND;
}

static bool
get_fact(void *ctx, enum value_default what, struct str *text)
{
	(void)ctx;
	*text = what == DEFAULT_BRANCH ? STR("main") : STR("v1");
	return what != DEFAULT_TAG;
}

struct run {
	struct arena *a;
	struct sources sources;
	struct diag_list diags;
	struct orb_store orbs;
	struct compile_options options;
};

static void
open_run(struct run *r, struct arena *a, struct str *orb)
{
	*r = (struct run){.a = a};
	sources_init(&r->sources, a);
	diag_init(&r->diags, a);
	orb_store_init(&r->orbs, a);
	struct orb_source source = {.find = find_orb, .place = STR("memory"), .ctx = orb};
	vec_push(a, &r->orbs.sources, source);
	r->options = (struct compile_options){
		.orbs = &r->orbs, .compat = COMPAT_NEWEST, .checkout = {get_fact, NULL}};
}

static void
check_again(struct arena *a, struct str text)
{
	struct run r;
	struct str no_orb = {0};
	open_run(&r, a, &no_orb);
	uint32_t file = source_add(&r.sources, STR("again.yml"), text);
	require(node_load(a, &r.sources, file, &r.diags) != NULL);
	require(r.diags.errors == 0);
}

static void
process(struct arena *a, struct str config, struct str *orb)
{
	struct run r;
	open_run(&r, a, orb);
	uint32_t file = source_add(&r.sources, STR("config.yml"), config);
	struct compiled *c = compile_config(a, &r.sources, file, &r.options, &r.diags);
	if (!c || !c->config) {
		require(r.diags.all.n > 0);
		return;
	}
	require(r.diags.errors == 0);
	struct sb text = {.a = a}, trace = {.a = a};
	if (c->config->weight > PRINTED_WEIGHT)
		return;
	compiled_print(&text, c, r.options.compat, config, false);
	compiled_trace(&trace, c, &r.sources);
	/* A line break that YAML 1.1 knows and the printer leaves raw reads back as another. */
	if (!str_has(sb_str(&text), STR("\xc2\x85")) && !str_has(sb_str(&text), STR("\xe2\x80")))
		check_again(a, sb_str(&text));
}

static void
validate(struct arena *a, struct str config, struct str *orb)
{
	struct run r;
	open_run(&r, a, orb);
	r.options.tolerant = r.options.thorough = true;
	uint32_t file = source_add(&r.sources, STR("config.yml"), config);
	struct compiled *c = compile_config(a, &r.sources, file, &r.options, &r.diags);
	if (!c)
		return;
	struct check_options how = {.as_of = (uint32_t)catalog_as_of()};
	struct check check = {.a = a,
		.sources = &r.sources,
		.diags = &r.diags,
		.options = &how,
		.file = file,
		.root = c->root,
		.config = c->source,
		.compiled = c};
	check_config(&check);
	diag_sort(&r.diags);
	for (uint32_t i = 0; i < r.diags.all.n; i++)
		require(r.diags.all.v[i].message.len > 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct str all = str_copy(a, (struct str){(const char *)data, size}), orb = {0};
	size_t cut = str_find(all, STR("\n--- orb\n"), 0);
	if (cut != SIZE_MAX)
		orb = str_sub(all, cut + 9, all.len);
	process(a, str_sub(all, 0, cut), &orb);
	validate(a, str_sub(all, 0, cut), &orb);
	arena_free(a);
	return 0;
}
