/* SPDX-License-Identifier: MIT */
/* ccx simulate [PATH|-] */
#include "cli.h"

#include "ccx/limits.h"
#include "ccx/report.h"

#include "document.h"
#include "sim_args.h"

#include <string.h>

extern const struct command cmd_simulate;

struct simulate {
	const char *arrivals, *rate, *period, *schedules, *format, *output_file;
	bool ascii;
	struct sim_args sim;
};

static const char *const format_choices[] = {"text", "json", "gantt", "svg", "html", "trace", NULL};

#define FIELD(name) offsetof(struct simulate, name)
static const struct opt opts[] = {
	{OPT_TEXT, 0, "format", "FORMAT", FIELD(format),
		"text (the default), json, gantt, svg, html, or trace for Perfetto", format_choices,
		0},
	{OPT_TEXT, 'o', "output-file", "FILE", FIELD(output_file), "write there", NULL,
		COMPLETE_FILE},
	{OPT_FLAG, 0, "ascii", NULL, FIELD(ascii), "draw gantt with # and :", NULL, 0},
	{OPT_TEXT, 0, "arrivals", "FILE", FIELD(arrivals),
		"several pipelines: lines of time, branch and label", NULL, COMPLETE_FILE},
	{OPT_TEXT, 0, "rate", "N/TIME", FIELD(rate),
		"several pipelines by chance: 12/h; for as long as --for says", NULL, 0},
	{OPT_TEXT, 0, "for", "TIME", FIELD(period), "how long they come: 8h", NULL, 0},
	{OPT_TEXT, 0, "schedules", "TIME", FIELD(schedules),
		"also the schedules of workflows that come up in that time, from --as-of on", NULL,
		0},
	SIM_OPTS(simulate, sim),
	OPT_END,
};
#undef FIELD

/* What is played, and what was found to say about it. */
struct question {
	struct cli *cli;
	const struct simulate *args;
	struct sim_input *in;
	struct diag_list diags; /* those of the config have been reported */
	struct sim_arrivals arrivals;
};

/* ---- when pipelines come ----------------------------------------------------------------- */

/* One pipeline, now, of the branch that is built. */
static struct sim_arrival
one_arrival(const struct question *q)
{
	const struct checkout *checkout = &q->in->session.read.options.checkout;
	struct sim_arrival arrival = {.model = q->in->model};
	if (!checkout->get || !checkout->get(checkout->ctx, DEFAULT_BRANCH, &arrival.branch))
		arrival.branch = STR("");
	return arrival;
}

static bool
read_time(const struct question *q, const char *option, const char *text, int64_t *ms)
{
	if (sim_duration(str_of(text), ms) && *ms > 0)
		return true;
	cli_usage(q->cli, &cmd_simulate, "--%s takes a time such as 90s, 30m or 8h, not \"%s\"",
		option, text);
	return false;
}

static bool
draw_arrivals(struct question *q, const struct sim_arrival *like)
{
	struct sim_rate rate = {.seed = q->in->options.seed};
	if (!sim_rate_parse(str_of(q->args->rate), &rate)) {
		cli_usage(q->cli, &cmd_simulate,
			"--rate takes a number in a time such as 12/h or 3/30m, not \"%s\"",
			q->args->rate);
		return false;
	}
	if (!q->args->period) {
		cli_usage(q->cli, &cmd_simulate, "--rate needs --for: how long they come");
		return false;
	}
	if (!read_time(q, "for", q->args->period, &rate.period))
		return false;
	if (sim_arrivals_draw(q->cli->a, &q->arrivals, like, &rate))
		return true;
	cli_usage(q->cli, &cmd_simulate, "--rate for that long are more than %d pipelines",
		LIMIT_SIM_PIPELINES);
	return false;
}

static bool
add_schedules(struct question *q, const struct sim_arrival *like)
{
	int day = q->in->options.world.as_of;
	int64_t period, from;
	if (!q->args->schedules)
		return true;
	if (!read_time(q, "schedules", q->args->schedules, &period))
		return false;
	from = cron_time(day / 10000, (unsigned)(day / 100 % 100), (unsigned)(day % 100), 0);
	if (sim_arrivals_schedule(q->cli->a, &q->arrivals, like, from, period))
		return true;
	cli_usage(q->cli, &cmd_simulate, "schedules for that long are more than %d pipelines",
		LIMIT_SIM_PIPELINES);
	return false;
}

/* A file, chance or schedules; without any of these one push. */
static bool
read_arrivals(struct question *q, enum exit_code *code)
{
	struct sim_arrival like = one_arrival(q);
	uint32_t file;
	*code = EXIT_USAGE;
	if (q->args->arrivals && q->args->rate) {
		cli_usage(q->cli, &cmd_simulate, "give --arrivals or --rate, not both");
		return false;
	}
	if (q->args->period && !q->args->rate) {
		cli_usage(q->cli, &cmd_simulate, "--for needs a --rate");
		return false;
	}
	q->arrivals.model = like.model;
	if (q->args->arrivals) {
		if (!sim_args_file(&q->in->session, q->args->arrivals, &file, code))
			return false;
		if (!sim_arrivals_read(
			    q->cli->a, &q->arrivals, &q->in->session.sources, file, &q->diags))
			return false;
	}
	if (q->args->rate && !draw_arrivals(q, &like))
		return false;
	if (!add_schedules(q, &like))
		return false;
	if (!q->args->arrivals && !q->args->rate && !q->args->schedules)
		vec_push(q->cli->a, &q->arrivals.all, like);
	return true;
}

/* ---- showing ----------------------------------------------------------------------------- */

static bool
is_format(const struct question *q, const char *name)
{
	return strcmp(q->args->format ? q->args->format : "text", name) == 0;
}

static struct report_timeline
timeline_of(const struct question *q)
{
	return (struct report_timeline){.sources = &q->in->session.sources,
		.title = str_of(q->in->session.path),
		.style = q->args->output_file ? (struct report_style){0} : cli_style(q->cli, 1),
		.ascii = q->args->ascii};
}

static enum exit_code
put(const struct question *q, const struct sb *b)
{
	return document_write(q->cli, q->args->output_file, sb_str(b));
}

static enum exit_code
play_once(struct question *q)
{
	struct report_timeline t = timeline_of(q);
	struct sb b = {.a = q->cli->a};
	if ((is_format(q, "json") || is_format(q, "trace")) &&
		sim_size(q->arrivals.all.v, q->arrivals.all.n) > LIMIT_SIM_SHOWN)
		return cli_usage(q->cli, &cmd_simulate,
			"more than %d steps are too many for --format %s: take fewer pipelines, or "
			"text",
			LIMIT_SIM_SHOWN, q->args->format);
	t.result = sim_run(q->cli->a, q->arrivals.all.v, q->arrivals.all.n, &q->in->options);
	if (is_format(q, "text"))
		report_simulation_text(&b, &t);
	else if (is_format(q, "json"))
		report_simulation_json(&b, &t);
	else
		report_timeline(&b, q->args->format, &t);
	return put(q, &b);
}

static enum exit_code
play_often(struct question *q)
{
	struct report_timeline t = timeline_of(q);
	struct sb b = {.a = q->cli->a};
	if (!is_format(q, "text") && !is_format(q, "json"))
		return cli_usage(q->cli, &cmd_simulate,
			"--format %s shows one run; --runs takes text or json", q->args->format);
	struct sim_summary *s = sim_repeat(
		q->cli->a, q->arrivals.all.v, q->arrivals.all.n, &q->in->options, q->in->runs);
	if (!s)
		return cli_usage(q->cli, &cmd_simulate,
			"%u runs of %u pipelines are more than ccx simulates: take fewer runs",
			(unsigned)q->in->runs, (unsigned)q->arrivals.all.n);
	if (is_format(q, "json"))
		report_odds_json(&b, &t, s);
	else
		report_odds_text(&b, &t, s);
	return put(q, &b);
}

/* ---- the command ------------------------------------------------------------------------- */

/* Whether it is so little that ccx plays it. One pipeline that is too much is the config's fault,
 * many are those of the options. */
static bool
can_play(struct question *q, enum exit_code *code)
{
	const struct sim_arrival *all = q->arrivals.all.v;
	uint32_t n = q->arrivals.all.n;
	struct diag_list unsaid;
	diag_init(&unsaid, q->cli->a);
	*code = EXIT_FINDINGS;
	if (sim_fits(all, n, &unsaid))
		return true;
	for (uint32_t i = 0; i < n; i++)
		if ((!i || all[i].only != all[i - 1].only || all[i].model != all[i - 1].model) &&
			!sim_fits(&all[i], 1, &q->diags))
			return false;
	*code = EXIT_USAGE;
	const char *option = q->args->rate       ? "--rate and --for"
			     : q->args->arrivals ? "--arrivals"
						 : "--schedules";
	cli_usage(q->cli, &cmd_simulate,
		"%u pipelines of %s have more than %d steps: take fewer pipelines", (unsigned)n,
		option, LIMIT_SIM_STEPS);
	return false;
}

static enum exit_code
simulate(struct question *q)
{
	enum exit_code code;
	bool ok = read_arrivals(q, &code);
	if (ok)
		scenario_check(q->in->scenario, q->in->model, &q->diags);
	if (ok)
		ok = can_play(q, &code);
	if (q->diags.all.n)
		cli_report(q->cli, &q->in->session.sources, &q->diags);
	if (!ok)
		return code;
	return q->in->runs ? play_often(q) : play_once(q);
}

static enum exit_code
run(struct cli *cli, char **args)
{
	struct simulate s = {0};
	struct opt_list operands = {0};
	struct sim_input in = {.session = {.cli = cli, .command = &cmd_simulate}};
	enum exit_code code;
	if (!cli_options(cli, &cmd_simulate, (struct opt_set){opts, &s}, args, &operands, &code) ||
		!sim_input_open(&in, &s.sim, &operands, &code))
		return code;
	struct question q = {.cli = cli, .args = &s, .in = &in};
	diag_init(&q.diags, cli->a);
	code = simulate(&q);
	session_close(&in.session);
	return code;
}

static const struct example examples[] = {
	{"ccx simulate --timings insights.json", "when each job of a push starts and ends"},
	{"ccx simulate --scenario what-if.yml", "with outcomes, approvals and limits assumed"},
	{"ccx simulate --timings t.csv --runs 500", "how long it takes in 5, 50 and 95 of 100"},
	{"ccx simulate --rate 12/h --for 8h --plan free", "a day of pushes, and how they queue"},
	{"ccx simulate --format html -o timeline.html", "a page to look at"},
	{NULL, NULL},
};

const struct command cmd_simulate = {
	.name = "simulate",
	.operands = "[PATH|-]",
	.summary = "Play a config: what runs when, for how long, and what it waits for",
	.about =
		"The config is compiled and played event by event: workflows, jobs with their "
		"requirements, approvals, serial groups and reruns, parallel tasks that queue for "
		"the plan's concurrency, executors that start up, steps, caches and workspaces. "
		"Nothing runs and nothing is asked of CircleCI; the same input gives the same "
		"result.\n"
		"How long jobs and steps take is read with --timings or said in a --scenario; what "
		"neither says is assumed, and marked with ~. A scenario is YAML:\n"
		"jobs: {build: 5m, \"test-*\": {duration: 8m, attempts: {1: fail}}}\n"
		"approvals: {hold: 10m, release: never}\n"
		"concurrency: {plan: 30, classes: {docker/large: 4}}\n"
		"runners: {acme/linux: 2}\n"
		"caches: warm\n"
		"Its other keys are defaults, outcomes, unauthorized, changed, spin-up, job-limit, "
		"auto-cancel, default-branch and sizes; ccx schema describes each.\n"
		"A line of --arrivals is a time (30m, or 2026-11-21T10:15:00Z), a branch and a "
		"label, with commas between them.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
