/* SPDX-License-Identifier: MIT */
/*
 * The compiler: a table of passes over one struct compile. A pass reports what it finds and goes
 * on as far as it makes sense, so that one run shows as many faults as can be told apart; only
 * when there was none is something printed.
 */
#include "ccx/compile.h"
#include "ccx/limits.h"

#include "internal.h"

static const struct pass {
	bool (*run)(struct compile *c);
} passes[] = {
	{pass_load},       /* text to nodes */
	{pass_decode},     /* nodes to elements, checked against the schema */
	{pass_parameters}, /* pipeline parameters: given or default */
	{pass_orbs},       /* orb references rendered, sources loaded */
	{pass_workflows},  /* conditions, groups, matrices, jobs, commands, executors */
	{pass_names},      /* numbering, requires */
	{pass_graph},      /* entry jobs, reachability */
	{pass_filters},    /* branches and tags */
	{pass_assemble},   /* the printed document */
};

bool
pass_load(struct compile *c)
{
	c->root = node_load(c->a, c->sources, c->file, c->diags);
	return c->root != NULL;
}

bool
pass_decode(struct compile *c)
{
	bool preview = compat_style(c->options->compat).preview;
	c->config = config_decode(c->a, c->root, preview, c->diags);
	return c->config != NULL;
}

void
compile_full(struct compile *c, struct span at, const char *what, unsigned long limit)
{
	if (c->full)
		return;
	c->full = true;
	struct diag *g = diag_push(c->diags, RULE_TOO_LARGE, at,
		"this config expands to more than %lu %s", limit, what);
	diag_help(c->diags, g,
		"no real pipeline is that large; look for aliases, commands, matrices or "
		"parameters that multiply each other");
}

bool
compile_room(struct compile *c, struct span at)
{
	if (arena_used(c->a) - c->before > LIMIT_COMPILE_BYTES)
		compile_full(c, at, "bytes of memory", LIMIT_COMPILE_BYTES);
	return !c->full;
}

bool
compile_told(const struct compile *c, struct span at)
{
	for (uint32_t i = 0; i < c->diags->all.n; i++) {
		const struct diag *g = &c->diags->all.v[i];
		if (!g->origin && g->severity == SEVERITY_ERROR && g->span.file == at.file &&
			g->span.off == at.off)
			return true;
	}
	return false;
}

/* From a pass on; c->root is there when it is not the first. */
static struct compiled *
run(struct compile *c, size_t pass)
{
	struct diag_list doubts;
	diag_init(&doubts, c->a);
	c->before = arena_used(c->a);
	c->doubts = c->options->thorough ? &doubts : NULL;
	for (; pass < sizeof passes / sizeof *passes; pass++)
		if (!passes[pass].run(c))
			break;
	if (!c->config)
		return NULL;
	if (c->doubts)
		doubts_collect(c);
	struct compiled *out = c->result ? c->result : NEW(c->a, struct compiled);
	outcome_collect(c, out);
	out->root = c->root;
	out->source = c->config;
	out->orbs = c->refs.v;
	out->norbs = c->refs.n;
	out->orbs_missing = c->orbs_missing;
	return out;
}

struct compiled *
compile_config(struct arena *a, struct sources *s, uint32_t file,
	const struct compile_options *options, struct diag_list *d)
{
	struct compile c = {.a = a, .sources = s, .diags = d, .options = options, .file = file};
	return run(&c, 0);
}

struct compiled *
compile_node(struct arena *a, struct sources *s, const struct node *root,
	const struct compile_options *options, struct diag_list *d)
{
	struct compile c = {.a = a, .sources = s, .diags = d, .options = options, .root = root};
	c.file = root->span.file;
	return run(&c, 1);
}
