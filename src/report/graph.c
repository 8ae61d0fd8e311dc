/* SPDX-License-Identifier: MIT */
/* The ways in which graphs are drawn, and what these share. */
#include "graph.h"
#include "statuses.h"

#include <string.h>

const char *const report_drawings[] = {"text", "dot", "mermaid", "svg", "json", NULL};

void
report_graphs(struct sb *out, const char *drawing, const struct report_graphs *graphs)
{
	static void (*const puts[])(struct sb *, const struct report_graphs *) = {
		graph_put_text, graph_put_dot, graph_put_mermaid, graph_put_svg, graph_put_json};
	for (size_t i = 0; i < sizeof puts / sizeof *puts; i++)
		if (strcmp(drawing, report_drawings[i]) == 0)
			puts[i](out, graphs);
}

struct str
graph_accepts(struct arena *a, unsigned accepts)
{
	return statuses_text(a, accepts, ", ", "any end");
}

struct str
graph_detail(struct arena *a, const struct graph_node *n)
{
	struct sb b = {.a = a};
	if (n->members > 1)
		sb_printf(&b, "matrix of %u", (unsigned)n->members);
	if (n->first->kind != SIM_JOB)
		sb_printf(&b, "%s%s", b.len ? ", " : "", sim_node_kind_names[n->first->kind]);
	if (n->first->job && n->first->job->parallelism > 1)
		sb_printf(&b, "%sparallelism %u", b.len ? ", " : "",
			(unsigned)n->first->job->parallelism);
	if (n->first->serial.len)
		sb_printf(&b, "%sserial group %.*s", b.len ? ", " : "", STR_ARG(n->first->serial));
	return sb_str(&b);
}
