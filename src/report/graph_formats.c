/* SPDX-License-Identifier: MIT */
/* Graphs for Graphviz, Mermaid and programs. */
#include "graph.h"
#include "jsonw.h"
#include "statuses.h"
#include "units.h"

/* ---- Graphviz ---------------------------------------------------------------------------- */

/* A quoted string of DOT, in which a backslash begins an escape. */
static void
put_dot_text(struct sb *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.s[i] == '\n') {
			sb_puts(out, "\\n");
			continue;
		}
		if (text.s[i] == '"' || text.s[i] == '\\')
			sb_char(out, '\\');
		sb_char(out, text.s[i]);
	}
}

/* The name, and below it what there is to say. */
static struct str
label(struct arena *a, const struct graph_node *n, const char *line_break)
{
	struct sb b = {.a = a};
	struct str detail = graph_detail(a, n);
	sb_put(&b, n->name);
	if (detail.len)
		sb_printf(&b, "%s%.*s", line_break, STR_ARG(detail));
	if (n->ms != SIM_NEVER)
		sb_printf(&b, "%s%.*s", line_break, STR_ARG(units_duration(a, n->ms)));
	return sb_str(&b);
}

static void
put_dot_node(struct sb *out, const struct graph_node *n, uint32_t workflow, uint32_t i)
{
	static const char *const shapes[] = {[SIM_JOB] = "box",
		[SIM_APPROVAL] = "diamond",
		[SIM_NO_OP] = "ellipse",
		[SIM_LOCK] = "ellipse",
		[SIM_UNLOCK] = "ellipse"};
	sb_printf(out, "\t\tw%un%u [label=\"", (unsigned)workflow, (unsigned)i);
	put_dot_text(out, label(out->a, n, "\n"));
	sb_printf(out, "\", shape=%s", shapes[n->first->kind]);
	if (n->members > 1)
		sb_puts(out, ", peripheries=2");
	sb_puts(out, n->critical ? ", color=red, penwidth=2];\n" : "];\n");
}

static void
put_dot_edge(struct sb *out, const struct graph_edge *e, uint32_t workflow)
{
	struct str accepts = graph_accepts(out->a, e->accepts);
	sb_printf(out, "\t\tw%un%u -> w%un%u", (unsigned)workflow, (unsigned)e->from,
		(unsigned)workflow, (unsigned)e->to);
	if (accepts.len || e->critical)
		sb_puts(out, " [");
	if (accepts.len)
		sb_printf(out, "label=\"%.*s\"%s", STR_ARG(accepts), e->critical ? ", " : "");
	if (e->critical)
		sb_puts(out, "color=red, penwidth=2");
	sb_puts(out, accepts.len || e->critical ? "];\n" : ";\n");
}

void
graph_put_dot(struct sb *out, const struct report_graphs *graphs)
{
	sb_puts(out, "digraph pipeline {\n\trankdir=LR;\n\tnode [fontname=\"sans-serif\"];\n");
	for (uint32_t i = 0; i < graphs->n; i++) {
		const struct graph *g = graphs->v[i];
		sb_printf(out, "\tsubgraph cluster_%u {\n\t\tlabel=\"", (unsigned)i);
		put_dot_text(out, g->workflow->name);
		sb_puts(out, "\";\n");
		for (uint32_t k = 0; k < g->nnodes; k++)
			put_dot_node(out, &g->nodes[k], i, k);
		for (uint32_t k = 0; k < g->nedges; k++)
			put_dot_edge(out, &g->edges[k], i);
		sb_puts(out, "\t}\n");
	}
	sb_puts(out, "}\n");
}

/* ---- Mermaid ----------------------------------------------------------------------------- */

/* Inside of quotes Mermaid reads entities, with "#" for "&", and Markdown's HTML. */
static void
put_mermaid_text(struct sb *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.s[i];
		if (c == '\n')
			sb_puts(out, "<br/>");
		else if (c == '"' || c == '#' || c == '<' || c == '>' || c == '&' || c == ';' ||
			 c == '`' || c < ' ')
			sb_printf(out, "#%u;", (unsigned)c);
		else
			sb_char(out, (char)c);
	}
}

static void
put_mermaid_node(struct sb *out, const struct graph_node *n, uint32_t workflow, uint32_t i)
{
	static const char *const shapes[][2] = {[SIM_JOB] = {"[", "]"},
		[SIM_APPROVAL] = {"{{", "}}"},
		[SIM_NO_OP] = {"([", "])"},
		[SIM_LOCK] = {"([", "])"},
		[SIM_UNLOCK] = {"([", "])"}};
	bool many = n->members > 1;
	sb_printf(out, "    w%un%u%s\"", (unsigned)workflow, (unsigned)i,
		many ? "[[" : shapes[n->first->kind][0]);
	put_mermaid_text(out, label(out->a, n, "\n"));
	sb_printf(out, "\"%s%s\n", many ? "]]" : shapes[n->first->kind][1],
		n->critical ? ":::critical" : "");
}

static void
put_mermaid_edge(struct sb *out, const struct graph_edge *e, uint32_t workflow)
{
	struct str accepts = graph_accepts(out->a, e->accepts);
	sb_printf(out, "    w%un%u %s", (unsigned)workflow, (unsigned)e->from,
		e->critical ? "==>" : "-->");
	if (accepts.len)
		sb_printf(out, "|\"%.*s\"|", STR_ARG(accepts));
	sb_printf(out, " w%un%u\n", (unsigned)workflow, (unsigned)e->to);
}

void
graph_put_mermaid(struct sb *out, const struct report_graphs *graphs)
{
	bool critical = false;
	sb_puts(out, "flowchart LR\n");
	for (uint32_t i = 0; i < graphs->n; i++) {
		const struct graph *g = graphs->v[i];
		sb_printf(out, "  subgraph w%u [\"", (unsigned)i);
		put_mermaid_text(out, g->workflow->name);
		sb_puts(out, "\"]\n");
		for (uint32_t k = 0; k < g->nnodes; k++) {
			put_mermaid_node(out, &g->nodes[k], i, k);
			critical = critical || g->nodes[k].critical;
		}
		for (uint32_t k = 0; k < g->nedges; k++)
			put_mermaid_edge(out, &g->edges[k], i);
		sb_puts(out, "  end\n");
	}
	if (critical)
		sb_puts(out, "  classDef critical stroke:#d1242f,stroke-width:3px\n");
}

/* ---- JSON -------------------------------------------------------------------------------- */

static void
put_node(struct jsonw *w, const struct graph_node *n)
{
	jsonw_open(w, NULL, '{');
	jsonw_str(w, "name", n->name);
	jsonw_text(w, "kind", sim_node_kind_names[n->first->kind]);
	jsonw_number(w, "members", n->members);
	jsonw_number(w, "level", n->level);
	if (n->first->job)
		jsonw_number(w, "parallelism", n->first->job->parallelism);
	if (n->first->serial.len)
		jsonw_str(w, "serial_group", n->first->serial);
	if (n->ms != SIM_NEVER)
		jsonw_number(w, "milliseconds", (uint64_t)n->ms);
	jsonw_bool(w, "critical", n->critical);
	jsonw_close(w, '}');
}

static void
put_edge(struct jsonw *w, const struct graph *g, const struct graph_edge *e)
{
	jsonw_open(w, NULL, '{');
	jsonw_str(w, "from", g->nodes[e->from].name);
	jsonw_str(w, "to", g->nodes[e->to].name);
	statuses_put_json(w, "accepts", e->accepts);
	jsonw_bool(w, "critical", e->critical);
	jsonw_close(w, '}');
}

void
graph_put_json(struct sb *out, const struct report_graphs *graphs)
{
	struct jsonw w = {.out = out};
	jsonw_open(&w, NULL, '{');
	jsonw_open(&w, "workflows", '[');
	for (uint32_t i = 0; i < graphs->n; i++) {
		const struct graph *g = graphs->v[i];
		jsonw_open(&w, NULL, '{');
		jsonw_str(&w, "name", g->workflow->name);
		jsonw_open(&w, "nodes", '[');
		for (uint32_t k = 0; k < g->nnodes; k++)
			put_node(&w, &g->nodes[k]);
		jsonw_close(&w, ']');
		jsonw_open(&w, "edges", '[');
		for (uint32_t k = 0; k < g->nedges; k++)
			put_edge(&w, g, &g->edges[k]);
		jsonw_close(&w, ']');
		jsonw_close(&w, '}');
	}
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
}
