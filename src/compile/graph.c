/* SPDX-License-Identifier: MIT */
/* The graph of a workflow: somebody must start, and everybody must be reached. */
#include "ccx/compile.h"

#include "internal.h"

static bool
ready(const struct invocation *inv)
{
	for (uint32_t i = 0; i < inv->upstream.n; i++)
		if (!inv->upstream.v[i]->reached && !inv->upstream.v[i]->filtered)
			return false;
	return true;
}

/* Marks what can run; each round reaches one more level, and a level costs what is not reached
 * yet. */
static uint32_t
reach(struct compile *c, struct workflow *w)
{
	VEC(struct invocation *) left = {0};
	for (uint32_t i = 0; i < w->jobs.n; i++)
		vec_push(c->a, &left, w->jobs.v[i]);
	for (uint32_t before = 0; left.n != before;) {
		before = left.n;
		left.n = 0;
		for (uint32_t i = 0; i < before; i++) {
			struct invocation *inv = left.v[i];
			if (ready(inv))
				inv->reached = true;
			else
				left.v[left.n++] = inv;
		}
	}
	return left.n;
}

static void
report(struct compile *c, struct workflow *w)
{
	struct sb b = {.a = c->a};
	const struct invocation *first = NULL;
	bool entry = false;
	for (uint32_t i = 0; i < w->jobs.n; i++) {
		const struct invocation *inv = w->jobs.v[i];
		entry = entry || inv->reached;
		if (inv->reached)
			continue;
		sb_printf(&b, "%s%.*s", first ? ", " : "", STR_ARG(inv->name));
		first = first ? first : inv;
	}
	if (!entry)
		diag_push(c->diags, RULE_NO_ENTRY_JOB, w->pair->key->span,
			"At least one job in the workflow must have no dependencies.")
			->origin = w->origin;
	struct diag *g = diag_push(c->diags, RULE_UNREACHABLE_JOB, first->span,
		"The following jobs are unreachable: %.*s", STR_ARG(sb_str(&b)));
	g->origin = w->origin;
	diag_help(c->diags, g, "their requires lead back to themselves");
}

bool
pass_graph(struct compile *c)
{
	for (uint32_t i = 0; i < c->workflows.n; i++)
		if (reach(c, c->workflows.v[i]))
			report(c, c->workflows.v[i]);
	return true;
}
