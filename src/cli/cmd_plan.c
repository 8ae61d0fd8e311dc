/* SPDX-License-Identifier: MIT */
/* ccx plan [PATH|-] */
#include "cli.h"

#include "ccx/limits.h"

#include "locate.h"
#include "plan_run.h"
#include "sim_args.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
	MOST_EVENTS = 100,
	MOST_COMPILES = 8, /* of the largest size, in memory at a time */
};

extern const struct command cmd_plan;

struct plan_args {
	const char *config, *stdin_name, *event, *pr, *base, *schedule, *default_branch;
	const char *continuation, *changed_from, *matrix;
	struct opt_list changed;
	bool api, json;
	struct pipeline pipeline;
};

#define FIELD(name) offsetof(struct plan_args, name)
static const struct opt opts[] = {
	{OPT_TEXT, 0, "event", "FILE", FIELD(event),
		"a GitHub webhook's payload, push or pull_request (-: standard input)", NULL,
		COMPLETE_FILE},
	{OPT_TEXT, 0, "pr", "N", FIELD(pr), "pull request N, from the branch", NULL, 0},
	{OPT_TEXT, 0, "base", "BRANCH", FIELD(base), "what the pull request is to be merged into",
		NULL, 0},
	{OPT_TEXT, 0, "schedule", "NAME", FIELD(schedule),
		"a schedule trigger, or the cron of the workflow NAME", NULL, 0},
	{OPT_FLAG, 0, "api", NULL, FIELD(api), "a pipeline that the API is asked for", NULL, 0},
	{OPT_TEXT, 0, "matrix", "NAMES", FIELD(matrix),
		"events beside each other: main,v1.0,pr:N,schedule:NAME,api", NULL, 0},
	{OPT_TEXT, 0, "default-branch", "NAME", FIELD(default_branch),
		"for pipeline.git.branch.is_default", NULL, 0},
	{OPT_LIST, 0, "changed", "FILE", FIELD(changed),
		"a file that changed, for path filtering; repeatable", NULL, COMPLETE_FILE},
	{OPT_TEXT, 0, "changed-from", "FILE", FIELD(changed_from),
		"a list of them, one a line (-: standard input)", NULL, COMPLETE_FILE},
	{OPT_TEXT, 0, "continue", "PATH", FIELD(continuation),
		"the config that a setup config continues with", NULL, COMPLETE_FILE},
	{OPT_FLAG, 0, "json", NULL, FIELD(json), "as JSON", NULL, 0},
	{OPT_TEXT, 'c', "config", "PATH", FIELD(config), "the config, as PATH", NULL,
		COMPLETE_FILE},
	PIPELINE_OPTS_AT(plan_args, pipeline, REMOTE_HOST_OPT(plan_args, pipeline.remote)),
	{OPT_TEXT, 0, "stdin-filename", "PATH", FIELD(stdin_name),
		"what to call standard input in messages", NULL, COMPLETE_FILE},
	OPT_END,
};
#undef FIELD

/* ---- files that changed ------------------------------------------------------------------ */

static void
add_lines(struct cli *cli, struct sim_event *e, struct str text)
{
	while (text.len) {
		size_t end = str_find(text, STR("\n"), 0);
		struct str line = str_trim(str_sub(text, 0, end));
		text = end == SIZE_MAX ? STR("") : str_sub(text, end + 1, text.len);
		if (line.len)
			vec_push(cli->a, &e->changed, line);
	}
}

/* What the options say goes before what a payload says. */
static bool
read_changed(
	struct cli *cli, const struct plan_args *args, struct sim_event *e, enum exit_code *code)
{
	struct str text;
	if (!args->changed.n && !args->changed_from)
		return true;
	e->changed.n = 0;
	e->changed_known = true;
	for (uint32_t i = 0; i < args->changed.n; i++)
		vec_push(cli->a, &e->changed, str_of(args->changed.v[i]));
	if (!args->changed_from)
		return true;
	if (!file_read(cli->a, args->changed_from, LIMIT_FILE_BYTES, &text)) {
		*code = cli_read_fault(errno);
		cli_say("cannot read %s: %s", args->changed_from, strerror(errno));
		return false;
	}
	add_lines(cli, e, text);
	return true;
}

/* ---- the event --------------------------------------------------------------------------- */

static bool
read_payload(struct cli *cli, const struct plan_args *args, struct plan_run *run,
	struct sim_event *e, enum exit_code *code)
{
	struct session *s = &run->session;
	uint32_t file;
	bool ok = pipeline_config(cli, &s->read, args->event, NULL, &file) &&
		  event_read(cli->a, &s->sources, file, &s->diags, e);
	if (ok)
		return true;
	/* It is not the config that is wrong. */
	*code = s->diags.errors ? EXIT_USAGE : s->read.code;
	session_report(s);
	return false;
}

/* --branch and --tag are looked up where all commands look: in the checkout. */
static bool
read_event(struct cli *cli, const struct plan_args *args, struct plan_run *run, struct sim_event *e,
	enum exit_code *code)
{
	*e = (struct sim_event){.default_branch = str_of(args->default_branch)};
	*code = EXIT_USAGE;
	if (args->pr) {
		e->kind = EVENT_PULL_REQUEST;
		if (!sim_args_number(args->pr, 1, INT32_MAX, &e->number)) {
			cli_usage(cli, &cmd_plan, "--pr takes a number, not \"%s\"", args->pr);
			return false;
		}
		e->base = str_of(args->base);
	} else if (args->schedule) {
		e->kind = EVENT_SCHEDULE;
		e->schedule = str_of(args->schedule);
	} else if (args->api) {
		e->kind = EVENT_API;
	} else if (args->event && !read_payload(cli, args, run, e, code)) {
		return false;
	}
	if (args->default_branch)
		e->default_branch = str_of(args->default_branch);
	return read_changed(cli, args, e, code);
}

static bool
is_set(const char *text)
{
	return text && *text;
}

/* One event is asked about, in one way. */
static bool
check_args(const struct cli *cli, const struct plan_args *args)
{
	int ways = (args->event != NULL) + (args->pr != NULL) + (args->schedule != NULL) +
		   args->api + (args->matrix != NULL);
	const char *const one = "one event at a time: --event, --pr, --schedule, --api or --matrix";
	if (ways > 1)
		cli_usage(cli, &cmd_plan, "%s", one);
	else if (args->base && !args->pr)
		cli_usage(cli, &cmd_plan, "--base belongs to --pr");
	else if (args->schedule && !*args->schedule)
		cli_usage(cli, &cmd_plan, "--schedule takes the name of a schedule");
	else if (is_set(args->pipeline.branch) && is_set(args->pipeline.tag))
		cli_usage(cli, &cmd_plan, "a pipeline is for a branch or for a tag: give one");
	else if ((args->event || args->matrix) && (args->pipeline.branch || args->pipeline.tag))
		cli_usage(cli, &cmd_plan, "%s says itself what it is for: leave --branch and --tag",
			args->event ? "--event" : "--matrix");
	else
		return true;
	return false;
}

/* ---- planning ---------------------------------------------------------------------------- */

/* Events of a matrix, "main,v1.2.3,pr:12". */
static bool
read_matrix(struct cli *cli, const struct plan_args *args, struct sim_event *events, uint32_t *n,
	enum exit_code *code)
{
	struct str left = str_of(args->matrix);
	*n = 0;
	for (;;) {
		size_t comma = str_find(left, STR(","), 0);
		struct str one = str_trim(str_sub(left, 0, comma));
		struct sim_event *e = &events[*n];
		*e = (struct sim_event){.default_branch = str_of(args->default_branch)};
		*code = EXIT_USAGE;
		if (!event_parse(one, e)) {
			cli_usage(cli, &cmd_plan, "--matrix: \"%.*s\" is no event", STR_ARG(one));
			return false;
		}
		if (!read_changed(cli, args, e, code))
			return false;
		++*n;
		if (comma == SIZE_MAX)
			return true;
		if (*n == MOST_EVENTS) {
			cli_usage(cli, &cmd_plan, "--matrix takes at most %d events", MOST_EVENTS);
			return false;
		}
		left = str_sub(left, comma + 1, left.len);
	}
}

static enum exit_code
plan_matrix(struct cli *cli, const struct plan_args *args, struct plan_run *run)
{
	struct sim_event *events = NEW_ARRAY(cli->a, struct sim_event, MOST_EVENTS);
	struct report_plan *plans = NEW_ARRAY(cli->a, struct report_plan, MOST_EVENTS);
	enum exit_code code;
	uint32_t n;
	if (!read_matrix(cli, args, events, &n, &code))
		return code;
	for (uint32_t i = 0; i < n; i++) {
		if (!plan_run_event(run, &events[i], &plans[i], &code))
			return code;
		if (arena_used(cli->a) > (size_t)MOST_COMPILES * LIMIT_COMPILE_BYTES) {
			cli_say("%s is too large for so many events: ask for fewer at a time",
				run->session.path);
			return EXIT_OTHER;
		}
	}
	session_report(&run->session);
	if (args->json)
		report_plans_json(&cli->out, plans, n);
	else
		report_plans_text(&cli->out, plans, n, cli_style(cli, STDOUT_FILENO));
	return EXIT_OK;
}

static enum exit_code
plan_one(struct cli *cli, const struct plan_args *args, struct plan_run *run)
{
	struct sim_event event;
	struct report_plan plan;
	enum exit_code code;
	if (!read_event(cli, args, run, &event, &code) ||
		!plan_run_event(run, &event, &plan, &code))
		return code;
	session_report(&run->session);
	if (args->json)
		report_plan_json(&cli->out, &plan);
	else
		report_plan_text(&cli->out, &plan, cli_style(cli, STDOUT_FILENO));
	return EXIT_OK;
}

static enum exit_code
run(struct cli *cli, char **argv)
{
	struct plan_args args = {0};
	struct opt_list operands = {0};
	enum exit_code code;
	if (!cli_options(cli, &cmd_plan, (struct opt_set){opts, &args}, argv, &operands, &code))
		return code;
	if (!check_args(cli, &args))
		return EXIT_USAGE;
	if (operands.n + (args.config != NULL) > 1)
		return cli_usage(cli, &cmd_plan, "one config at a time");
	const char *path = locate_given(cli, operands.n ? operands.v[0] : args.config, false);
	if (!path)
		return EXIT_MISSING;
	struct plan_run planning = {.continuation = args.continuation,
		.asked_changed = args.changed.n || args.changed_from};
	planning.session = (struct session){.cli = cli,
		.command = &cmd_plan,
		.pipeline = &args.pipeline,
		.path = path,
		.stdin_name = args.stdin_name};
	if (!plan_run_open(&planning, &code))
		return code;
	code = args.matrix ? plan_matrix(cli, &args, &planning) : plan_one(cli, &args, &planning);
	session_close(&planning.session);
	return code;
}

static const struct example examples[] = {
	{"ccx plan", "what a push of this branch runs"},
	{"ccx plan --tag v1.2.0", "a tag"},
	{"ccx plan --pr 12 --branch fix --base main", "a pull request"},
	{"ccx plan --event payload.json", "a webhook that GitHub sent"},
	{"ccx plan --matrix main,develop,v1.2.3", "a table: jobs down, events across"},
	{"git diff --name-only main | ccx plan --changed-from -",
		"path filtering, and what follows from it"},
	{NULL, NULL},
};

const struct command cmd_plan = {
	.name = "plan",
	.operands = "[PATH|-]",
	.summary = "Show which workflows and jobs an event runs, and why others do not run",
	.about = "Without other options the event is a push of the branch that is checked out. "
		 "Filters, conditions and schedules are answered as CircleCI would; each job that "
		 "does not run is shown with the filter, condition or requirement that keeps it "
		 "away, and where that stands. That nothing runs is an answer too, with exit 0.\n"
		 "What the event does not set is said where something depends on it; --value gives "
		 "it, and wins over the event. Orbs that cannot be had leave their jobs in the "
		 "plan.\n"
		 "In --matrix names that look like a version are tags: numbers with dots between "
		 "them, a v before and a suffix after - or + allowed. Other names are branches; "
		 "branch:NAME and tag:NAME say it outright.\n"
		 "For a setup config that uses circleci/path-filtering, the changed files (of "
		 "--changed, --changed-from or a push's payload) decide on parameters and config "
		 "as the orb's scripts do, and the plan goes on with that config, or with the one "
		 "that --continue names.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
