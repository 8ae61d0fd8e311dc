/* SPDX-License-Identifier: MIT */
/* ccx cost [CONFIG] */
#include "cli.h"

#include "cost_args.h"

#include <string.h>

extern const struct command cmd_cost;

#define FIELD(name) offsetof(struct cost_args, name)
static const char *const per_choices[] = {"pipeline", "month", NULL};

static const struct opt opts[] = {
	{OPT_TEXT, 0, "pushes", "N", FIELD(pushes), "also a month of N pipelines", NULL, 0},
	{OPT_TEXT, 0, "per-day", "N", FIELD(per_day),
		"also a month of 30 days with N pipelines each", NULL, 0},
	{OPT_TEXT, 0, "users", "N", FIELD(users), "active users in that month", NULL, 0},
	{OPT_LIST, 0, "what-if", "JOB.KEY=VALUE", FIELD(changes),
		"compare with another resource_class, parallelism or dlc; repeatable", NULL, 0},
	{OPT_TEXT, 0, "speedup", "MODEL", FIELD(speed),
		"how vCPUs speed steps up: none, linear, amdahl:PART (default: amdahl:0.8)", NULL,
		0},
	{OPT_FLAG, 0, "advise", NULL, FIELD(advise), "which lines to change to save credits", NULL,
		0},
	{OPT_TEXT, 0, "budget", "CREDITS", FIELD(budget), "exit 7 when it costs more", NULL, 0},
	{OPT_TEXT, 0, "budget-per", "TIME", FIELD(budget_per),
		"what the budget is for: pipeline (the default) or month", per_choices, 0},
	{OPT_TEXT, 0, "rates", "FILE", FIELD(rates), "rates of your own, as YAML", NULL,
		COMPLETE_FILE},
	{OPT_FLAG, 0, "estimates", NULL, FIELD(estimates),
		"count an estimate where nobody publishes a rate", NULL, 0},
	{OPT_FLAG, 0, "json", NULL, FIELD(json), "as JSON", NULL, 0},
	SIM_OPTS(cost_args, sim),
	OPT_END,
};
#undef FIELD

/* ---- the budget -------------------------------------------------------------------------- */

/* "1,234 credits" without separators: for a sentence. */
static struct str
credits_text(struct arena *a, int64_t milli)
{
	int64_t whole = milli / 1000, rest = milli % 1000;
	return rest ? str_printf(a, "%lld.%03d", (long long)whole, (int)rest)
		    : str_printf(a, "%lld", (long long)whole);
}

static enum exit_code
check_budget(struct cli *cli, const struct cost_question *q, const struct report_cost *what)
{
	const struct cost *c = what->recost ? what->recost : what->cost;
	const struct cost_month *month = what->remonth ? what->remonth : what->month;
	const char *of = q->monthly ? "month" : "pipeline";
	const char *with = what->recost ? " with these changes" : "";
	struct credits total = q->monthly ? month->sum.total : c->sum.total;
	const char *bound = cost_is_more(total) ? "more than " : total.at_least ? "at least " : "";
	if (cost_is_more(total))
		total.milli -= total.milli % 1000;
	struct str cost = credits_text(cli->a, total.milli);
	struct str budget = credits_text(cli->a, q->budget);
	if (q->budget < 0)
		return EXIT_OK;
	if (total.milli > q->budget) {
		struct str over = credits_text(cli->a, total.milli - q->budget);
		cli_say("a %s%s costs %s%.*s credits: %.*s more than the budget of %.*s", of, with,
			bound, STR_ARG(cost), STR_ARG(over), STR_ARG(budget));
		return EXIT_FINDINGS;
	}
	if (total.at_least)
		cli_say("warning: a %s%s costs at least %.*s credits; whether the budget of %.*s "
			"is enough is unknown: --rates gives the rates that are missing",
			of, with, STR_ARG(cost), STR_ARG(budget));
	return EXIT_OK;
}

/* ---- the command ------------------------------------------------------------------------- */

static void
put_server(struct cli *cli, bool json)
{
	sb_puts(&cli->out, json ? "{\n  \"plan\": \"server\",\n  \"target\": \"server\",\n"
				  "  \"pipeline\": null\n}\n"
				: "A CircleCI server has no credits: its licence counts, and what "
				  "it runs on.\n");
}

static enum exit_code
count(struct cli *cli, const struct cost_args *args, struct sim_input *in)
{
	struct cost_question q;
	struct report_cost what;
	enum exit_code code;
	if (in->options.world.target == TARGET_SERVER) {
		put_server(cli, args->json);
		return EXIT_OK;
	}
	if (!cost_question_read(args, in, &q, &code) || !cost_answer(&q, in, &what, &code))
		return code;
	if (args->json)
		report_cost_json(&cli->out, &what);
	else
		report_cost_text(&cli->out, &what);
	return check_budget(cli, &q, &what);
}

static enum exit_code
run(struct cli *cli, char **args)
{
	struct cost_args c = {0};
	struct opt_list operands = {0};
	struct sim_input in = {.session = {.cli = cli, .command = &cmd_cost}};
	enum exit_code code;
	if (!cli_options(cli, &cmd_cost, (struct opt_set){opts, &c}, args, &operands, &code) ||
		!cost_args_check(cli, &cmd_cost, &c, &code) ||
		!sim_input_open(&in, &c.sim, &operands, &code))
		return code;
	code = count(cli, &c, &in);
	session_close(&in.session);
	return code;
}

static const struct example examples[] = {
	{"ccx cost --timings insights.json", "what a push costs, by what jobs took before"},
	{"ccx cost --pushes 400 --users 12", "a month, against what the plan includes"},
	{"ccx cost --what-if build.resource_class=large --what-if test.parallelism=8",
		"another machine and more tasks, side by side"},
	{"ccx cost --advise", "which lines to change to save credits"},
	{"ccx cost --budget 500", "fail in CI when a pipeline gets dearer than that"},
	{NULL, NULL},
};

const struct command cmd_cost = {
	.name = "cost",
	.operands = "[PATH|-]",
	.summary = "Count the credits that a config costs, and say how it could cost less",
	.about = "The config is compiled and played: each task is billed at its class, seconds and "
		 "then credits rounded up, and Docker layer caching by the task. Rates, allowances "
		 "and prices are those of ccx catalog rates, each shown with its source and date. "
		 "A rate that nobody publishes is unknown and makes the total \"at least\".\n"
		 "How long jobs take is read with --timings or said in a --scenario; what neither "
		 "says is assumed, and marked with ~. Storage and network are counted when the "
		 "scenario gives sizes in GB: sizes: {caches: 1.5, workspaces: 0.5, artifacts: "
		 "{gb: 0.2, days: 7}, network: 2, ip-ranges: 1}.\n"
		 "--rates names a file of rates that are yours or that nobody publishes, one a "
		 "line, by the names of ccx catalog rates: docker/large.gen2: 24 (credits a "
		 "minute), linux/large: 18, dlc: 150, credit: 0.0005 "
		 "(dollars), plan/credits: 100000 (included each month).\n"
		 "--what-if takes the name of a job, of a matrix, or * for all; the keys are "
		 "resource_class, parallelism and dlc. With more vCPUs a part of the time of run "
		 "steps gets less, as --speedup says; with more tasks only steps that split tests "
		 "get shorter.\n"
		 "In a month the scheduled workflows of the config are counted too, as often as "
		 "their cron says.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
