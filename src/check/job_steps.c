/* SPDX-License-Identifier: MIT */
/* The steps of a compiled job in the order in which they run, commands put in. */
#include "ccx/check.h"

#include "internal.h"

enum { MOST_BYTES = 256 << 20 }; /* of commands that are searched for what they do */

struct job_check {
	const struct check *c;
	const struct compiled_job *job;
	uint64_t *searched; /* bytes of commands, of all jobs */
};

/* The place of a step when the config itself writes it, else file 0. */
static struct span
own_place(const struct job_check *k, const struct compiled_step *step)
{
	struct span span = step->node->span;
	if (step->node->kind == NODE_MAP && step->node->count)
		span = step->node->u.pairs[0].key->span;
	return check_own(k->c, span) ? span : (struct span){0};
}

static bool
is_step(const struct compiled_step *step, const char *name)
{
	return node_is(step->node, name) || node_get(step->node, name);
}

/* ---- the same twice ---------------------------------------------------------------------- */

static void
check_twice(const struct job_check *k, uint32_t i)
{
	const struct compiled_step *one = &k->job->steps[i - 1], *two = &k->job->steps[i];
	struct span at = own_place(k, two);
	if (!at.file || !is_step(one, "checkout") || !node_equal(one->node, two->node))
		return;
	struct diag *g = diag_push(k->c->diags, RULE_CHECKOUT_TWICE, at,
		"job \"%.*s\" has just checked out the same", STR_ARG(k->job->name));
	struct span before = check_place(k->c, one->node->span, one->origin);
	if (before.file && before.off != at.off)
		diag_note(k->c->diags, g, before, "the first checkout");
	diag_help(k->c->diags, g, "remove one of the two");
}

/* ---- what the executor does not have ----------------------------------------------------- */

/* setup_remote_docker is for containers: virtual machines have a Docker of their own. */
static void
check_remote_docker(const struct job_check *k, uint32_t i)
{
	const struct compiled_step *step = &k->job->steps[i];
	const char *kind = node_get(k->job->node, "machine") ? "machine"
			   : node_get(k->job->node, "macos") ? "macos"
							     : NULL;
	struct span at = check_place(k->c, step->node->span, step->origin);
	if (!kind || !at.file || !is_step(step, "setup_remote_docker"))
		return;
	struct diag *g = diag_push(k->c->diags, RULE_REMOTE_DOCKER_EXECUTOR, at,
		"setup_remote_docker works on the docker executor only; job \"%.*s\" runs on %s",
		STR_ARG(k->job->name), kind);
	diag_help(k->c->diags, g,
		kind[2] == 'c' && kind[3] == 'h' ? "remove it: a machine has Docker already"
						 : "build images in a job on docker or machine");
}

/* ---- background -------------------------------------------------------------------------- */

static void
check_background(const struct job_check *k)
{
	const struct compiled_step *last = &k->job->steps[k->job->nsteps - 1];
	const struct node *background = node_get(node_get(last->node, "run"), "background");
	struct span at = own_place(k, last);
	if (!node_has(background, NODE_BOOL) || !background->u.boolean || !at.file)
		return;
	struct diag *g = diag_push(k->c->diags, RULE_BACKGROUND_LAST, at,
		"nothing follows this background step in job \"%.*s\": the job ends and stops it",
		STR_ARG(k->job->name));
	diag_help(k->c->diags, g, "remove `background`, or add the steps that it serves");
}

/* ---- time -------------------------------------------------------------------------------- */

/* "20m", "1.25h", "90s", 90: in seconds, at least 0; -1 when it is none. */
static int64_t
seconds(const struct node *duration)
{
	if (node_has(duration, NODE_INT))
		return duration->u.integer;
	if (!node_has(duration, NODE_STRING) || !duration->u.text.len)
		return -1;
	struct str text = str_trim(duration->u.text);
	int64_t whole = 0, unit = 1;
	size_t i = 0;
	for (; i < text.len && i < 9 && text.s[i] >= '0' && text.s[i] <= '9'; i++)
		whole = whole * 10 + (text.s[i] - '0');
	if (i == 0 || i == text.len)
		return i ? whole : -1;
	char last = text.s[text.len - 1];
	if (last == 'm' || last == 'h')
		unit = last == 'm' ? 60 : 3600;
	else if (last != 's')
		return -1;
	return whole * unit;
}

/* The longest that any plan lets a job run, in seconds; 0 when some plan sets none. */
static int64_t
longest_job(void)
{
	const struct plan_term *term = catalog_term(STR("job-minutes"));
	int64_t most = 0;
	for (int plan = 0; term && plan < PLAN_SERVER; plan++) {
		if (term->amount[plan] <= 0)
			return 0;
		most = term->amount[plan] > most ? term->amount[plan] : most;
	}
	return most * 60;
}

static void
check_timeout(const struct job_check *k, uint32_t i)
{
	const struct node *run = node_get(k->job->steps[i].node, "run");
	const struct node *timeout = node_get(run, "no_output_timeout");
	const struct node *class = node_get(k->job->node, "resource_class");
	if (!timeout)
		return;
	int64_t most = longest_job();
	bool runner = node_has(class, NODE_STRING) && runner_form(class->u.text) != RUNNER_NONE;
	if (!check_own(k->c, timeout->span) || k->c->options->server || runner || most == 0 ||
		seconds(timeout) <= most)
		return;
	struct diag *g = diag_push(k->c->diags, RULE_TIMEOUT_TOO_LONG, timeout->span,
		"no plan lets a job run for longer than %lld hours: this timeout never applies",
		(long long)(most / 3600));
	diag_help(k->c->diags, g,
		"the job is stopped after 1 hour on the Free plan, 3 on "
		"Performance, 5 on Scale");
}

/* ---- test results ------------------------------------------------------------------------ */

/* Steps that cannot make a file. */
static bool
makes_nothing(const struct compiled_step *step)
{
	static const char *const names[] = {"checkout", "add_ssh_keys", "setup_remote_docker",
		"save_cache", "persist_to_workspace", "store_artifacts", "store_test_results"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (is_step(step, names[i]))
			return true;
	return false;
}

static void
check_unwritten(const struct job_check *k, uint32_t i)
{
	const struct compiled_step *step = &k->job->steps[i];
	struct span at = own_place(k, step);
	if (!at.file || !is_step(step, "store_test_results"))
		return;
	for (uint32_t n = 0; n < i; n++)
		if (!makes_nothing(&k->job->steps[n]))
			return;
	struct diag *g = diag_push(k->c->diags, RULE_TEST_RESULTS_UNWRITTEN, at,
		"no step before this one can have written test results");
	diag_help(k->c->diags, g, "put it behind the step that runs the tests");
}

/* Options that make a test runner write JUnit XML, and nothing else. */
static const char *junit_options[] = {"--junitxml=", "--junitxml ", "--junit-xml=", "--junit-xml ",
	"--junitfile=", "--junitfile ", "--log-junit ", "--log-junit=", "RspecJunitFormatter"};

static const char *
written_by(const struct node *run)
{
	const struct node *command = node_get(run, "command");
	for (size_t i = 0; i < sizeof junit_options / sizeof *junit_options; i++)
		if (node_has(command, NODE_STRING) &&
			str_has(command->u.text, str_of(junit_options[i])))
			return junit_options[i];
	return NULL;
}

/* The results may also go elsewhere: into a workspace, or to another service with curl. */
static bool
takes_results(const struct compiled_step *step)
{
	const struct node *command = node_get(node_get(step->node, "run"), "command");
	static const char *const others[] = {"curl", "upload", "datadog-ci", "codecov"};
	for (size_t i = 0; node_has(command, NODE_STRING) && i < sizeof others / sizeof *others;
		i++)
		if (str_has(command->u.text, str_of(others[i])))
			return true;
	return false;
}

static bool
stores_results(const struct compiled_step *step)
{
	return is_step(step, "store_test_results") || is_step(step, "persist_to_workspace");
}

static void
check_unstored(const struct job_check *k)
{
	const struct node *writer = NULL;
	/* Before the scripts are searched, which takes longer. */
	for (uint32_t i = 0; i < k->job->nsteps; i++)
		if (stores_results(&k->job->steps[i]))
			return;
	for (uint32_t i = 0; i < k->job->nsteps; i++) {
		const struct node *run = node_get(k->job->steps[i].node, "run");
		const struct node *command = node_get(run, "command");
		*k->searched += node_has(command, NODE_STRING) ? command->u.text.len : 0;
		if (*k->searched > MOST_BYTES)
			return;
		if (takes_results(&k->job->steps[i]))
			return;
		if (!writer && written_by(run) && check_own(k->c, command->span))
			writer = run;
	}
	if (!writer)
		return;
	struct diag *g = diag_push(k->c->diags, RULE_TEST_RESULTS_UNSTORED,
		node_get(writer, "command")->span,
		"job \"%.*s\" writes JUnit results (%.*s) and does not store them",
		STR_ARG(k->job->name), STR_ARG(str_trim(str_of(written_by(writer)))));
	diag_help(k->c->diags, g,
		"add `- store_test_results: {path: …}` so that CircleCI shows failed tests");
}

/* ---- all --------------------------------------------------------------------------------- */

void
check_job_steps(const struct check *c)
{
	if (!c->compiled->config)
		return;
	uint64_t searched = 0;
	for (uint32_t i = 0; i < c->compiled->njobs; i++) {
		struct job_check k = {c, &c->compiled->jobs[i], &searched};
		for (uint32_t n = 0; n < k.job->nsteps; n++) {
			if (n)
				check_twice(&k, n);
			check_remote_docker(&k, n);
			check_timeout(&k, n);
			check_unwritten(&k, n);
		}
		if (k.job->nsteps) {
			check_background(&k);
			check_unstored(&k);
		}
	}
}
