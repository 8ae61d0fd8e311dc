/* SPDX-License-Identifier: MIT */
#include "cost_args.h"

#include <string.h>

enum { DAYS = 30 }; /* of --per-day */

/* ---- the question ------------------------------------------------------------------------ */

bool
cost_args_check(struct cli *cli, const struct command *c, const struct cost_args *args,
	enum exit_code *code)
{
	bool month = args->pushes || args->per_day;
	*code = EXIT_USAGE;
	if (args->pushes && args->per_day)
		cli_usage(cli, c, "--pushes and --per-day say the same: give one of them");
	else if (args->users && !month)
		cli_usage(cli, c, "--users is for a month: give --pushes or --per-day too");
	else if (args->budget_per && !args->budget)
		cli_usage(cli, c, "--budget-per needs a --budget");
	else if (args->budget_per && strcmp(args->budget_per, "month") == 0 && !month)
		cli_usage(cli, c, "a budget per month needs --pushes or --per-day");
	else
		return true;
	return false;
}

/* A number of an option that may not be there; false when it is none, which is said. */
static bool
read_number(struct cli *cli, const struct command *c, const char *option, const char *text,
	int64_t *number)
{
	const int64_t most = 1000000000;
	if (!text || sim_args_number(text, 0, most, number))
		return true;
	cli_usage(cli, c, "--%s takes a whole number up to %lld, not \"%s\"", option,
		(long long)most, text);
	return false;
}

static bool
read_numbers(struct cli *cli, const struct command *c, const struct cost_args *args,
	struct cost_question *q)
{
	int64_t pushes = 0, users = 0, budget = 0;
	bool ok = read_number(cli, c, "pushes", args->pushes, &pushes) &&
		  read_number(cli, c, "per-day", args->per_day, &pushes) &&
		  read_number(cli, c, "users", args->users, &users) &&
		  read_number(cli, c, "budget", args->budget, &budget);
	q->month = args->pushes || args->per_day;
	q->pipelines = (uint64_t)pushes * (args->per_day ? DAYS : 1);
	q->users = (uint32_t)users;
	q->budget = args->budget ? budget * 1000 : -1;
	q->monthly = args->budget_per && strcmp(args->budget_per, "month") == 0;
	return ok;
}

static bool
read_changes(struct cli *cli, const struct command *c, const struct cost_args *args,
	struct cost_question *q)
{
	const char *speed = args->speed ? args->speed : "amdahl:0.8";
	for (uint32_t i = 0; i < args->changes.n; i++) {
		struct cost_change change;
		struct str error, text = str_of(args->changes.v[i]);
		if (!cost_change_parse(cli->a, text, &change, &error)) {
			cli_usage(cli, c, "--what-if: %.*s", STR_ARG(error));
			return false;
		}
		vec_push(cli->a, &q->changes, change);
		vec_push(cli->a, &q->written, text);
	}
	q->speed = str_of(speed);
	if (cost_speed_parse(q->speed, &q->how.speed.ppm))
		return true;
	cli_usage(cli, c,
		"--speedup takes none, linear or amdahl:PART with a part from 0 to 1, not \"%s\"",
		speed);
	return false;
}

static bool
read_rates(const struct cost_args *args, struct sim_input *in, struct cost_question *q,
	enum exit_code *code)
{
	struct session *s = &in->session;
	struct arena *a = s->cli->a;
	uint32_t file;
	struct diag_list diags;
	const struct node *sizes = scenario_sizes(in->scenario);
	if (args->rates && !sim_args_file(s, args->rates, &file, code))
		return false;
	/* Those of the config have been reported. */
	diag_init(&diags, a);
	bool ok = !args->rates || cost_rates_read(a, &q->rates, &s->sources, file, &diags);
	ok &= !sizes || cost_sizes_read(sizes, &s->sources, &q->sizes, &diags);
	cli_report(s->cli, &s->sources, &diags);
	*code = EXIT_USAGE;
	return ok;
}

bool
cost_question_read(const struct cost_args *args, struct sim_input *in, struct cost_question *q,
	enum exit_code *code)
{
	struct cli *cli = in->session.cli;
	const struct command *c = in->session.command;
	*q = (struct cost_question){.advise = args->advise, .sizes = cost_no_sizes};
	q->options = (struct cost_options){.world = in->options.world,
		.rates = &q->rates,
		.sizes = &q->sizes,
		.estimates = args->estimates};
	q->how = (struct cost_case){.model = in->model,
		.sim = &in->options,
		.options = &q->options,
		.speed = {.world = in->options.world}};
	*code = EXIT_USAGE;
	return read_numbers(cli, c, args, q) && read_changes(cli, c, args, q) &&
	       read_rates(args, in, q, code);
}

/* ---- the month --------------------------------------------------------------------------- */

/* triggers: [{schedule: {cron: "0 0 * * 1"}}] -> times in the month of a day */
static uint64_t
runs_in_month(const struct node *triggers, int as_of)
{
	unsigned year = (unsigned)as_of / 10000, month = (unsigned)as_of / 100 % 100;
	int64_t from = cron_time(year, month, 1, 0);
	int64_t to = month == 12 ? cron_time(year + 1, 1, 1, 0) : cron_time(year, month + 1, 1, 0);
	uint64_t n = 0;
	for (uint32_t i = 0; node_has(triggers, NODE_LIST) && i < triggers->count; i++) {
		const struct node *schedule = node_get(triggers->u.items[i], "schedule");
		const struct node *text = node_get(schedule, "cron");
		struct cron cron;
		if (node_has(text, NODE_STRING) && cron_parse(text->u.text, &cron, NULL, NULL))
			n += cron_count(&cron, from, to);
	}
	return n;
}

/* Pushes, and each workflow that is scheduled. */
static struct cost_month *
count_month(struct cli *cli, const struct cost_question *q, const struct sim_model *model,
	const struct cost *pushed)
{
	struct cost_part *parts = NEW_ARRAY(cli->a, struct cost_part, model->nworkflows + 1);
	struct cost_month *month = NEW(cli->a, struct cost_month);
	uint32_t n = 0;
	parts[n++] = (struct cost_part){STR("pushes"), pushed, q->pipelines};
	for (uint32_t i = 0; i < model->nworkflows; i++) {
		const struct sim_workflow *w = &model->workflows[i];
		uint64_t runs = runs_in_month(w->triggers, q->options.world.as_of);
		if (!runs)
			continue;
		struct sim_arrival one = {.model = model, .only = w};
		struct sim_result *played = sim_run(cli->a, &one, 1, q->how.sim);
		parts[n++] =
			(struct cost_part){w->name, cost_of(cli->a, played, &q->options), runs};
	}
	*month = cost_month(parts, n, q->users);
	return month;
}

/* ---- what if ----------------------------------------------------------------------------- */

/* The jobs whose tasks change in number though no step of them shares anything out. */
static void
find_unsplit(struct cli *cli, const struct sim_model *before, const struct sim_model *after,
	struct report_cost *what)
{
	struct str *names = NEW_ARRAY(cli->a, struct str, before->njobs + 1);
	what->unsplit = names;
	for (uint32_t i = 0; i < before->njobs; i++) {
		const struct sim_job *job = &before->jobs[i];
		bool splits = job->parallelism == after->jobs[i].parallelism;
		for (uint32_t k = 0; k < job->nsteps; k++)
			splits = splits || sim_splits_tests(&job->steps[k]);
		if (!splits)
			names[what->nunsplit++] = job->name;
	}
}

/* Whether a pipeline of the model, and each scheduled one, can be played; if not, it is said. */
static bool
fits(struct session *s, const struct sim_model *model)
{
	struct diag_list diags;
	struct sim_arrival one = {.model = model};
	diag_init(&diags, s->cli->a);
	bool ok = sim_fits(&one, 1, &diags);
	for (uint32_t i = 0; ok && i < model->nworkflows; i++) {
		one.only = &model->workflows[i];
		ok = sim_fits(&one, 1, &diags);
	}
	if (!ok)
		cli_report(s->cli, &s->sources, &diags);
	return ok;
}

static bool
try_changes(struct session *s, const struct cost_question *q, struct report_cost *what)
{
	struct cli *cli = s->cli;
	struct str error;
	if (!q->changes.n)
		return true;
	struct sim_model *model = cost_change_apply(
		cli->a, q->how.model, q->changes.v, q->changes.n, &q->how.speed, &error);
	if (!model) {
		cli_usage(cli, s->command, "--what-if: %.*s", STR_ARG(error));
		return false;
	}
	if (!fits(s, model))
		return false;
	struct sim_result *replayed = cost_play(cli->a, &q->how, model);
	what->changes = q->written.v;
	what->nchanges = q->written.n;
	what->replayed = replayed;
	what->recost = cost_of(cli->a, replayed, &q->options);
	if (q->month)
		what->remonth = count_month(cli, q, model, what->recost);
	find_unsplit(cli, q->how.model, model, what);
	return true;
}

/* ---- the answer -------------------------------------------------------------------------- */

bool
cost_answer(const struct cost_question *q, struct sim_input *in, struct report_cost *what,
	enum exit_code *code)
{
	struct session *s = &in->session;
	struct cli *cli = s->cli;
	*what = (struct report_cost){
		.sources = &s->sources, .speed = q->speed, .advise = q->advise};
	*code = EXIT_USAGE;
	if (!fits(s, in->model)) {
		*code = EXIT_FINDINGS;
		return false;
	}
	what->played = cost_play(cli->a, &q->how, in->model);
	struct cost *cost = cost_of(cli->a, what->played, &q->options);
	what->cost = cost;
	if (in->runs && !cost_repeat(cli->a, &q->how, in->runs, &what->drawn)) {
		cli_usage(cli, s->command, "%u runs are more than ccx simulates: take fewer runs",
			(unsigned)in->runs);
		return false;
	}
	if (q->month)
		what->month = count_month(cli, q, in->model, cost);
	if (q->advise)
		what->advice = cost_advise(cli->a, &q->how);
	return try_changes(s, q, what);
}
