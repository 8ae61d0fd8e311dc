/* SPDX-License-Identifier: MIT */
#include "sim_args.h"

#include "ccx/limits.h"

#include "locate.h"

#include <errno.h>
#include <string.h>

enum { MOST_RUNS = 100000 };

const char *const sim_target_choices[] = {"cloud", "server", NULL};
const char *const sim_plan_choices[] = {"free", "performance", "scale", NULL};

bool
sim_args_number(const char *text, int64_t least, int64_t most, int64_t *number)
{
	int64_t n = 0;
	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || n > (INT64_MAX - 9) / 10)
			return false;
		n = n * 10 + (*text - '0');
	}
	*number = n;
	return n >= least && n <= most;
}

/* ---- for whom, how often ----------------------------------------------------------------- */

/* A server has no plan but its own. */
static enum catalog_plan
plan_of(const struct sim_args *args, enum catalog_target target)
{
	if (target == TARGET_SERVER)
		return PLAN_SERVER;
	for (int i = 0; args->plan && i < PLAN_COUNT; i++)
		if (strcmp(args->plan, catalog_plan_names[i]) == 0)
			return (enum catalog_plan)i;
	return PLAN_PERFORMANCE;
}

static bool
read_numbers(struct sim_input *in, const struct sim_args *args)
{
	const struct cli *cli = in->session.cli;
	const struct command *c = in->session.command;
	int64_t runs = 0, seed = 1;
	if (args->runs && !sim_args_number(args->runs, 1, MOST_RUNS, &runs)) {
		cli_usage(cli, c, "--runs takes a number from 1 to %d, not \"%s\"", MOST_RUNS,
			args->runs);
		return false;
	}
	if (args->seed && !sim_args_number(args->seed, 0, INT64_MAX, &seed)) {
		cli_usage(cli, c, "--seed takes a whole number, not \"%s\"", args->seed);
		return false;
	}
	in->options.world.as_of = args->as_of ? catalog_day(str_of(args->as_of)) : catalog_as_of();
	if (!in->options.world.as_of) {
		cli_usage(cli, c, "--as-of takes a day as YYYY-MM-DD, not \"%s\"", args->as_of);
		return false;
	}
	in->runs = (uint32_t)runs;
	in->options.seed = (uint64_t)seed;
	return true;
}

/* ---- files ------------------------------------------------------------------------------- */

bool
sim_args_file(struct session *s, const char *path, uint32_t *file, enum exit_code *code)
{
	struct str text, name = strcmp(path, "-") == 0 ? STR("<stdin>") : str_of(path);
	if (s->cli->common.verbose)
		cli_say("reading %.*s", STR_ARG(name));
	if (file_read(s->cli->a, path, LIMIT_TIMINGS_BYTES, &text)) {
		*file = source_add(&s->sources, name, text);
		return true;
	}
	*code = cli_read_fault(errno);
	cli_say("cannot read %s: %s", path, strerror(errno));
	return false;
}

/* "build=junit.xml": a file of that job, unless one is called so. */
static const char *
split_timings(struct cli *cli, const char *given, struct str *job)
{
	const char *equals = strchr(given, '=');
	*job = STR("");
	if (!equals || equals == given || file_exists(given))
		return given;
	*job = str_copy(cli->a, (struct str){given, (size_t)(equals - given)});
	return equals + 1;
}

/* What --timings and --scenario name. What is wrong in them is no fault of the config. */
static bool
read_assumptions(struct sim_input *in, const struct sim_args *args, enum exit_code *code)
{
	struct session *s = &in->session;
	struct arena *a = s->cli->a;
	uint32_t file;
	bool ok = true;
	for (uint32_t i = 0; i < args->timings.n; i++) {
		const char *path = split_timings(s->cli, args->timings.v[i], &in->timings.job);
		if (!sim_args_file(s, path, &file, code))
			return false;
		ok &= timings_read(a, &in->timings, &s->sources, file, &s->diags);
	}
	in->scenario = scenario_new(a);
	if (args->scenario) {
		if (!sim_args_file(s, args->scenario, &file, code))
			return false;
		ok &= scenario_read(in->scenario, &s->sources, file, &s->diags);
	}
	if (!ok)
		session_report(s);
	*code = EXIT_USAGE;
	return ok;
}

/* ---- the model --------------------------------------------------------------------------- */

/* False when there is nothing to play, which is reported. */
static bool
compile(struct sim_input *in, const struct sim_args *args, enum exit_code *code)
{
	struct session *s = &in->session;
	const char *target = args->target;
	if (!target)
		target = settings_text(s->cli->a, &s->settings, "target");
	if (target && strcmp(target, "server") == 0)
		in->options.world.target = TARGET_SERVER;
	in->options.world.plan = plan_of(args, in->options.world.target);
	session_orbs(s);
	if (session_compile(s, code))
		return true;
	session_close(s);
	return false;
}

/* The one config that is named in one of two ways. */
static bool
find_config(struct session *s, const struct sim_args *args, const struct opt_list *operands,
	enum exit_code *code)
{
	if (operands->n + (args->config != NULL) > 1) {
		*code = cli_usage(s->cli, s->command, "one config at a time");
		return false;
	}
	s->path = locate_given(s->cli, operands->n ? operands->v[0] : args->config, false);
	*code = EXIT_MISSING;
	return s->path != NULL;
}

/* Insights know jobs of other configs too, so that one name is no mistake; no name at all is. */
static void
warn_of_timings(const struct sim_input *in)
{
	const struct cli *cli = in->session.cli;
	const struct timings *t = &in->timings;
	struct map jobs = {0};
	struct str one = t->tests.n ? t->tests.v[0].job : STR("");
	for (uint32_t i = 0; i < in->model->njobs; i++)
		map_put(cli->a, &jobs, in->model->jobs[i].name, &in->model->jobs[i]);
	for (uint32_t i = 0; i < t->tests.n; i++)
		if (map_has(&jobs, t->tests.v[i].job))
			return;
	for (uint32_t i = 0; i < t->all.n; i++) {
		one = t->all.v[i].job;
		if (map_has(&jobs, one))
			return;
	}
	if (one.len && !cli->common.quiet)
		cli_say("warning: --timings tells of no job that runs, but of %.*s",
			STR_ARG(str_sub(one, 0, 200)));
}

bool
sim_input_open(struct sim_input *in, const struct sim_args *args, const struct opt_list *operands,
	enum exit_code *code)
{
	struct session *s = &in->session;
	s->pipeline = &args->pipeline;
	s->stdin_name = args->stdin_name;
	*code = EXIT_USAGE;
	if (!read_numbers(in, args) || !find_config(s, args, operands, code))
		return false;
	if (!session_open(s, code) || !read_assumptions(in, args, code) || !compile(in, args, code))
		return false;
	in->model = sim_model(s->cli->a, s->compiled, &in->options.world);
	warn_of_timings(in);
	in->options.timings = &in->timings;
	in->options.scenario = in->scenario;
	return true;
}
