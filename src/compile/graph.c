/* SPDX-License-Identifier: MIT */
/* The graph of a workflow: somebody must start, and everybody must be reached. */
#include "ccx/compile.h"

#include "internal.h"

/* Jobs that wait for each job, as one array in order of the jobs they wait for: those of job i
 * stand from start[i] to start[i + 1]. */
struct downstream {
	uint32_t *start;
	struct invocation **jobs;
};

static struct downstream
find_downstream(struct compile *c, struct workflow *w)
{
	uint32_t n = w->jobs.n, edges = 0;
	struct downstream d = {.start = NEW_ARRAY(c->a, uint32_t, n + 2)};
	for (uint32_t i = 0; i < n; i++)
		w->jobs.v[i]->index = i;
	/* Counted two places on, so that filling leaves each start where it belongs. */
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < w->jobs.v[i]->upstream.n; k++, edges++)
			d.start[w->jobs.v[i]->upstream.v[k]->index + 2]++;
	for (uint32_t i = 2; i < n + 2; i++)
		d.start[i] += d.start[i - 1];
	d.jobs = NEW_ARRAY(c->a, struct invocation *, edges);
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < w->jobs.v[i]->upstream.n; k++)
			d.jobs[d.start[w->jobs.v[i]->upstream.v[k]->index + 1]++] = w->jobs.v[i];
	return d;
}

/* Puts the jobs that can run into w->order, each behind all that it waits for. */
static void
sort_jobs(struct compile *c, struct workflow *w)
{
	struct downstream d = find_downstream(c, w);
	for (uint32_t i = 0; i < w->jobs.n; i++) {
		struct invocation *inv = w->jobs.v[i];
		inv->waits = inv->upstream.n;
		if (!inv->waits)
			vec_push(c->a, &w->order, inv);
	}
	for (uint32_t done = 0; done < w->order.n; done++) {
		uint32_t i = w->order.v[done]->index;
		for (uint32_t k = d.start[i]; k < d.start[i + 1]; k++)
			if (--d.jobs[k]->waits == 0)
				vec_push(c->a, &w->order, d.jobs[k]);
	}
}

static void
report(struct compile *c, struct workflow *w)
{
	struct sb b = {.a = c->a};
	const struct invocation *first = NULL;
	for (uint32_t i = 0; i < w->jobs.n; i++) {
		const struct invocation *inv = w->jobs.v[i];
		if (!inv->waits)
			continue;
		sb_printf(&b, "%s%.*s", first ? ", " : "", STR_ARG(inv->name));
		first = first ? first : inv;
	}
	if (!w->order.n)
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
	for (uint32_t i = 0; i < c->workflows.n; i++) {
		struct workflow *w = c->workflows.v[i];
		sort_jobs(c, w);
		if (w->order.n < w->jobs.n)
			report(c, w);
	}
	return true;
}
