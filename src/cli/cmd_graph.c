/* SPDX-License-Identifier: MIT */
/* ccx graph [CONFIG] */
#include "cli.h"

#include "document.h"
#include "sim_args.h"

extern const struct command cmd_graph;

struct graph_args {
	struct sim_args sim;
	struct opt_list workflows;
	const char *format, *output_file;
	bool expand, ascii;
};

#define FIELD(name) offsetof(struct graph_args, name)
static const struct opt opts[] = {
	{OPT_LIST, 0, "workflow", "NAME", FIELD(workflows), "that workflow only; repeatable", NULL,
		0},
	{OPT_FLAG, 0, "expand", NULL, FIELD(expand), "show every member of a matrix", NULL, 0},
	{OPT_TEXT, 'f', "format", "FORMAT", FIELD(format),
		"text (the default), dot, mermaid, svg or json", report_drawings, 0},
	{OPT_FLAG, 0, "ascii", NULL, FIELD(ascii), "draw the text with -, | and + only", NULL, 0},
	{OPT_TEXT, 'o', "output-file", "FILE", FIELD(output_file), "write there", NULL,
		COMPLETE_FILE},
	SIM_INPUT_OPTS(graph_args, sim),
	OPT_END,
};
#undef FIELD

static bool
is_wanted(const struct graph_args *args, struct str name)
{
	for (uint32_t i = 0; i < args->workflows.n; i++)
		if (str_is(name, args->workflows.v[i]))
			return true;
	return args->workflows.n == 0;
}

/* A name that no workflow has: said, with the nearest one. */
static bool
check_names(const struct graph_args *args, const struct compiled *c)
{
	for (uint32_t i = 0; i < args->workflows.n; i++) {
		struct nearest near = {.wanted = str_of(args->workflows.v[i])};
		bool found = false;
		for (uint32_t k = 0; k < c->nworkflows; k++) {
			found = found || str_eq(near.wanted, c->workflows[k].name);
			nearest_try(&near, c->workflows[k].name);
		}
		if (found)
			continue;
		if (near.best.len)
			cli_say("there is no workflow \"%s\"; did you mean \"%.*s\"?",
				args->workflows.v[i], STR_ARG(near.best));
		else
			cli_say("there is no workflow \"%s\"", args->workflows.v[i]);
		return false;
	}
	return true;
}

/* Workflows that are not drawn because they do not run. */
static void
say_absent(struct session *s, const struct graph_args *args)
{
	for (uint32_t i = 0; i < s->compiled->nworkflows && !s->cli->common.quiet; i++) {
		const struct compiled_workflow *w = &s->compiled->workflows[i];
		if (w->absence == PRESENT || !is_wanted(args, w->name))
			continue;
		struct place at = source_place(&s->sources, w->why.file, w->why.off);
		cli_say("workflow %.*s does not run (%s:%u:%u); --branch, --tag, --param and "
			"--value say for which pipeline to draw",
			STR_ARG(w->name), s->path, (unsigned)at.line, (unsigned)at.column);
	}
}

/* One pipeline, played: it tells durations and the critical path. NULL when nobody says how long
 * anything takes. */
static const struct sim_pipeline_run *
play(struct cli *cli, const struct graph_args *args, struct sim_input *in)
{
	struct sim_arrival one = {.model = in->model};
	if ((!args->sim.timings.n && !args->sim.scenario) || !sim_fits(&one, 1, &in->session.diags))
		return NULL;
	return &sim_run(cli->a, &one, 1, &in->options)->pipelines[0];
}

static enum exit_code
draw(struct cli *cli, const struct graph_args *args, struct sim_input *in)
{
	const struct sim_pipeline_run *played = play(cli, args, in);
	const struct graph **graphs =
		NEW_ARRAY(cli->a, const struct graph *, in->model->nworkflows + 1);
	struct report_graphs all = {.v = graphs, .ascii = args->ascii};
	struct sb text = {.a = cli->a};
	for (uint32_t i = 0; i < in->model->nworkflows; i++) {
		const struct sim_workflow *w = &in->model->workflows[i];
		if (is_wanted(args, w->name))
			graphs[all.n++] = graph_of(cli->a, w, !args->expand,
				played && i < played->nworkflows ? &played->workflows[i] : NULL);
	}
	if (!args->output_file)
		all.style = cli_style(cli, 1);
	report_graphs(&text, args->format ? args->format : "text", &all);
	say_absent(&in->session, args);
	return document_write(cli, args->output_file, sb_str(&text));
}

static enum exit_code
run(struct cli *cli, char **args)
{
	struct graph_args g = {0};
	struct opt_list operands = {0};
	struct sim_input in = {.session = {.cli = cli, .command = &cmd_graph}};
	enum exit_code code;
	if (!cli_options(cli, &cmd_graph, (struct opt_set){opts, &g}, args, &operands, &code))
		return code;
	/* Asked for no pipeline, all is drawn that any branch has. */
	if (!g.sim.pipeline.branch && !g.sim.pipeline.tag)
		g.sim.pipeline.branch = g.sim.pipeline.tag = "";
	if (!sim_input_open(&in, &g.sim, &operands, &code))
		return code;
	code = check_names(&g, in.session.compiled) ? draw(cli, &g, &in) : EXIT_USAGE;
	session_close(&in.session);
	return code;
}

static const struct example examples[] = {
	{"ccx graph", "every workflow, in the terminal"},
	{"ccx graph --branch main --workflow deploy", "one, as main runs it"},
	{"ccx graph --format svg -o graph.svg", "a picture"},
	{"ccx graph --timings insights.json", "with durations and the critical path"},
	{NULL, NULL},
};

const struct command cmd_graph = {
	.name = "graph",
	.operands = "[CONFIG]",
	.summary = "Draw the workflows of a config",
	.about = "Each job stands behind the jobs that it requires. Without --branch and --tag "
		 "filters are not applied: all jobs are drawn. A matrix is one node unless "
		 "--expand is given. With --timings or --scenario the jobs show how long they take "
		 "and the critical path is marked.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
