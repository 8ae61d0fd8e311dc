/* SPDX-License-Identifier: MIT */
/* What a compiled config becomes before it is played, and what is read beside it: durations,
 * scenarios, arrivals. */
#include "sim_world.h"

/* ---- durations --------------------------------------------------------------------------- */

static void
durations(void **state)
{
	static const struct {
		const char *text;
		int64_t ms; /* -1: none */
	} all[] = {
		{"90s", 90000},
		{"10", 10000},
		{"0", 0},
		{"1h30m", 5400000},
		{"1.5m", 90000},
		{"1.25h", 4500000},
		{"250ms", 250},
		{"0.0015s", 1},
		{"2d", 172800000},
		{"2.5", 2500},
		{"1.00000000001s", 1000},
		{"366d", 31622400000},
		{"", -1},
		{"s", -1},
		{"1h30", -1},
		{"30 s", -1},
		{"-1s", -1},
		{"1.s", -1},
		{".5s", -1},
		{"1x", -1},
		{"1s ", -1},
		{"367d", -1},
		{"99999999999999999999s", -1},
		{"300d300d", -1},
	};
	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		int64_t ms = -1;
		bool ok = sim_duration(str_of(all[i].text), &ms);
		if (ok != (all[i].ms >= 0) || (ok && ms != all[i].ms))
			fail_msg("\"%s\": %lld", all[i].text, (long long)ms);
	}
}

/* ---- jobs -------------------------------------------------------------------------------- */

/* kind executor class host tasks flags, then steps */
static const char *
job_text(struct world *w, const struct sim_job *j)
{
	static const char *const kinds[] = {"docker", "machine", "macos"};
	struct sb b = {.a = w->a};
	sb_printf(&b, "%s %s %.*s%s%s", kinds[j->kind], j->executor ? j->executor->name : "-",
		STR_ARG(j->class_name), j->class ? "" : "?", j->runner ? " runner" : "");
	if (j->parallelism > 1)
		sb_printf(&b, " x%u", j->parallelism);
	if (j->host)
		sb_printf(&b, " on %s", j->host->name);
	sb_printf(&b, "%s%s%s", j->remote_docker ? " remote" : "", j->dlc ? " dlc" : "",
		j->ip_ranges ? " ip" : "");
	sb_char(&b, '\0');
	return b.s;
}

static void
machines(void **state)
{
	static const struct {
		const char *job, *expected;
	} all[] = {
		{"docker: [{image: x}]", "docker docker medium"},
		{"docker: [{image: x}]\n    resource_class: large", "docker docker large"},
		{"docker: [{image: x}]\n    resource_class: arm.medium",
			"docker docker-arm arm.medium"},
		{"docker: [{image: x}]\n    resource_class: huge", "docker docker huge?"},
		{"docker: [{image: x}]\n    parallelism: 4\n    circleci_ip_ranges: true",
			"docker docker medium x4 ip"},
		{"docker: [{image: x}]\n    resource_class: acme/k8s",
			"docker runner acme/k8s? runner"},
		{"machine: {image: 'ubuntu-2404:current'}", "machine linux medium"},
		{"machine: {image: 'ubuntu-2404:current', docker_layer_caching: true}\n    "
		 "resource_class: arm.large",
			"machine arm arm.large dlc"},
		{"machine: {image: 'windows-server-2022-gui:current'}",
			"machine windows windows.medium"},
		{"machine: true\n    resource_class: acme/linux",
			"machine runner acme/linux? runner"},
		{"macos: {xcode: '26.6'}", "macos macos m4pro.medium"},
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		world_setup(state);
		struct world *w = *state;
		world_model(w, str_printf(w->a,
				       "version: 2.1\njobs:\n  a:\n    %s\n    steps: [checkout]\n"
				       "workflows: {w: {jobs: [a]}}\n",
				       all[i].job)
				       .s);
		assert_int_equal(w->model->njobs, 1);
		assert_string_equal(job_text(w, &w->model->jobs[0]), all[i].expected);
		world_teardown(state);
	}
}

static void
remote_docker(void **state)
{
	static const char *const classes[][2] = {{"medium", "medium"}, {"medium+", "large"},
		{"small", "medium"}, {"arm.large", "arm.large"}};
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
		world_setup(state);
		struct world *w = *state;
		world_model(w, str_printf(w->a,
				       "version: 2.1\njobs:\n  a:\n    docker: [{image: x}]\n"
				       "    resource_class: %s\n    steps:\n"
				       "    - setup_remote_docker: {docker_layer_caching: true}\n"
				       "workflows: {w: {jobs: [a]}}\n",
				       classes[i][0])
				       .s);
		const struct sim_job *j = &w->model->jobs[0];
		assert_true(j->remote_docker && j->dlc);
		assert_string_equal(j->host->name, classes[i][1]);
		assert_int_equal(j->host->kind, EXECUTOR_MACHINE);
		world_teardown(state);
	}
}

static void
steps(void **state)
{
	struct world *w = *state;
	world_model(w, "version: 2.1\njobs:\n  a:\n    docker: [{image: x}]\n    steps:\n"
		       "    - checkout\n"
		       "    - run: \"\\n\\n  make all  \\nmake test\"\n"
		       "    - run: {name: Server, command: s, background: true}\n"
		       "    - run: {command: t, when: on_fail, no_output_timeout: 1.5h}\n"
		       "    - run: {command: u, max_auto_reruns: 3, auto_rerun_delay: 30s}\n"
		       "    - save_cache: {key: k, paths: [x], name: Keep}\n"
		       "    - store_artifacts: {path: x}\n"
		       "    - store_test_results: {path: x}\n"
		       "workflows: {w: {jobs: [a]}}\n");
	static const struct {
		const char *name;
		enum sim_step_kind kind;
		enum sim_when when;
	} expected[] = {{"checkout", SIM_CHECKOUT, SIM_ON_SUCCESS},
		{"make all", SIM_RUN, SIM_ON_SUCCESS}, {"Server", SIM_RUN, SIM_ON_SUCCESS},
		{"t", SIM_RUN, SIM_ON_FAIL}, {"u", SIM_RUN, SIM_ON_SUCCESS},
		{"Keep", SIM_SAVE_CACHE, SIM_ON_SUCCESS},
		{"store_artifacts", SIM_STORE_ARTIFACTS, SIM_ALWAYS},
		{"store_test_results", SIM_STORE_TEST_RESULTS, SIM_ALWAYS}};
	const struct sim_job *j = &w->model->jobs[0];
	assert_int_equal(j->nsteps, 8);
	for (uint32_t i = 0; i < j->nsteps; i++) {
		assert_true(str_is(j->steps[i].name, expected[i].name));
		assert_int_equal(j->steps[i].kind, expected[i].kind);
		assert_int_equal(j->steps[i].when, expected[i].when);
		assert_int_equal(j->steps[i].background, i == 2);
	}
	assert_int_equal(j->steps[1].no_output, 10 * MINUTE_MS);
	assert_int_equal(j->steps[3].no_output, 90 * MINUTE_MS);
	assert_int_equal(j->steps[4].reruns, 3);
	assert_int_equal(j->steps[4].rerun_delay, 30 * SECOND_MS);
}

/* ---- graphs ------------------------------------------------------------------------------ */

static void
graphs(void **state)
{
	struct world *w = *state;
	world_model(w,
		"version: 2.1\njobs:\n" WORLD_JOB("a") WORLD_JOB(
			"b") "  m:\n    parameters: {v: {type: string}}\n"
			     "    docker: [{image: x}]\n    steps: [checkout]\n"
			     "  n: {type: no-op}\n"
			     "job-groups:\n  g: {jobs: [a, {b: {requires: [a]}}]}\n"
			     "workflows:\n  w:\n    max_auto_reruns: 3\n    jobs:\n"
			     "    - last: {type: approval, requires: [m, {n: failed}]}\n"
			     "    - m: {matrix: {parameters: {v: [x, y]}}, serial-group: s}\n"
			     "    - n\n"
			     "    - gone: {type: approval, filters: {branches: {only: other}}}\n"
			     "    - g: {requires: [n, gone], serial-group: prod}\n"
			     "  off: {when: false, jobs: [a]}\n"
			     "  night:\n    triggers: [{schedule: {cron: '0 3 * * *', filters: "
			     "{branches: "
			     "{only: main}}}}]\n    jobs: [a]\n");
	struct sb b = {.a = w->a};
	static const char *const kinds[] = {"job", "approval", "no-op", "lock", "unlock"};
	assert_int_equal(w->model->nworkflows, 2);
	const struct sim_workflow *f = &w->model->workflows[0];
	assert_int_equal(f->reruns, 3);
	assert_null(f->triggers);
	assert_non_null(w->model->workflows[1].triggers);
	for (uint32_t i = 0; i < f->nnodes; i++) {
		const struct sim_node *n = &f->nodes[i];
		sb_printf(&b, "%.*s:%s", STR_ARG(n->name), kinds[n->kind]);
		if (n->serial.len)
			sb_printf(&b, "(%.*s)", STR_ARG(n->serial));
		for (uint32_t k = 0; k < n->nrequires; k++)
			sb_printf(&b, " <%.*s/%x", STR_ARG(f->nodes[n->requires[k].from].name),
				n->requires[k].accepts);
		sb_char(&b, '\n');
	}
	sb_char(&b, '\0');
	assert_string_equal(b.s, "last:approval <m-x/1 <m-y/1 <n/2\n"
				 "m-x:job(s)\nm-y:job(s)\nn:no-op\n"
				 "g/start:lock(prod) <n/1\ng/a:job <g/start/1\ng/b:job <g/a/1\n"
				 "g/end:no-op <g/b/1\ng/unlock:unlock(prod) <g/end/1f\n");
	uint32_t *at = NEW_ARRAY(w->a, uint32_t, f->nnodes);
	for (uint32_t i = 0; i < f->nnodes; i++)
		at[f->order[i]] = i + 1;
	for (uint32_t i = 0; i < f->nnodes; i++)
		for (uint32_t k = 0; k < f->nodes[i].nrequires; k++)
			assert_true(at[i] && at[f->nodes[i].requires[k].from] < at[i]);
}

/* ---- scenarios --------------------------------------------------------------------------- */

static void
scenario_faults(void **state)
{
	static const struct {
		const char *text, *message;
	} all[] = {
		{"jobs: {a: soon}", "\"soon\" is no duration"},
		{"jobs: {a: {duration: 1 hour}}", "\"1 hour\" is no duration"},
		{"jobs: {a: {attempts: {0: fail}}}", "\"0\" is no attempt"},
		{"jobs: {a: {attempts: {61: fail}}}", "\"61\" is no attempt"},
		{"jobs: {a: {attempts: {1: explode}}}", "not a valid enum value"},
		{"jobs: {a: {steps: {go: {fail: 0}}}}", "from 1 to 60"},
		{"jobs: {a: {tasks: {first: 1m}}}", "\"first\" is no task"},
		{"jobs: {a: {durations: 1m}}", "durations"},
		{"job: {a: 1m}", "job"},
		{"outcomes: [a fails]", "\"a fails\" is no outcome"},
		{"outcomes: [a attempt 1: explode]", "is no outcome"},
		{"outcomes: [' attempt 1: fail']", "is no outcome"},
		{"spin-up: {dokcer: 1s}", "there is no executor \"dokcer\""},
		{"approvals: {hold: later}", "\"later\" is no duration"},
		{"concurrency: {plan: -1}", "from 0 to 1000000"},
		{"concurrency: {plan: many}", "Integer"},
		{"caches: lukewarm", "not a valid enum value"},
		{"auto-cancel: perhaps", "expected type: Boolean"},
		{"job-limit: x", "\"x\" is no duration"},
		{"defaults: {run: x}", "\"x\" is no duration"},
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		world_setup(state);
		struct world *w = *state;
		uint32_t file = source_add(&w->sources, STR("s.yml"), str_of(all[i].text));
		if (scenario_read(scenario_new(w->a), &w->sources, file, &w->diags) ||
			!w->diags.errors)
			fail_msg("%s: no finding", all[i].text);
		struct diag *g = &w->diags.all.v[0];
		if (!str_has(g->message, str_of(all[i].message)) &&
			!str_has(g->help, str_of(all[i].message)))
			fail_msg("%s: %.*s", all[i].text, STR_ARG(g->message));
		assert_int_not_equal(g->span.file, 0);
		world_teardown(state);
	}
}

static void
scenario_names(void **state)
{
	struct world *w = *state;
	world_model(
		w, "version: 2.1\njobs:\n" WORLD_JOB(
			   "build") "workflows: {w: {jobs: [build, {hold: {type: approval}}]}}\n");
	struct scenario *sc = scenario_new(w->a);
	uint32_t file = source_add(&w->sources, STR("s.yml"),
		STR("jobs: {biuld: 1m, build: {steps: {goo: 1s}}, 'x*': 1m, 'b*': 1m}\n"
		    "outcomes: [deploy attempt 1: fail]\nunauthorized: [hold]\n"
		    "approvals: {holt: 1m, hold: 1m}\n"));
	assert_true(scenario_read(sc, &w->sources, file, &w->diags));
	scenario_check(sc, w->model, &w->diags);
	struct sb b = {.a = w->a};
	for (uint32_t i = 0; i < w->diags.all.n; i++)
		sb_printf(&b, "%.*s (%.*s)\n", STR_ARG(w->diags.all.v[i].message),
			STR_ARG(w->diags.all.v[i].label));
	sb_char(&b, '\0');
	assert_string_equal(b.s, "nothing that runs is called \"deploy\" ()\n"
				 "nothing that runs is called \"biuld\" (did you mean \"build\"?)\n"
				 "job \"build\" has no step \"goo\" (did you mean \"go\"?)\n"
				 "nothing that runs is called \"x*\" ()\n"
				 "nothing that runs is called \"holt\" (did you mean \"hold\"?)\n");
	assert_int_equal(w->diags.errors, 0);
}

/* ---- arrivals ---------------------------------------------------------------------------- */

static const char *
arrivals_text(struct world *w, const char *text)
{
	struct sim_arrivals all = {.model = w->model};
	struct sb b = {.a = w->a};
	diag_init(&w->diags, w->a);
	uint32_t file = source_add(&w->sources, STR("arrivals"), str_of(text));
	if (!sim_arrivals_read(w->a, &all, &w->sources, file, &w->diags)) {
		assert_int_equal(w->diags.errors, 1);
		return str_copy(w->a, w->diags.all.v[0].message).s;
	}
	for (uint32_t i = 0; i < all.all.n; i++)
		sb_printf(&b, "%lld %.*s %.*s;", (long long)(all.all.v[i].at / SECOND_MS),
			STR_ARG(all.all.v[i].branch), STR_ARG(all.all.v[i].label));
	sb_char(&b, '\0');
	return b.s;
}

static void
arrivals(void **state)
{
	struct world *w = *state;
	world_model(w, "version: 2.1\njobs:\n" WORLD_JOB("a") "workflows: {w: {jobs: [a]}}\n");
	assert_string_equal(
		arrivals_text(w, "time,branch,label\n# all\n\n1m, x, second\r\n0, \"y\"\n1m,z"),
		"0 y ;60 x second;60 z ;");
	assert_string_equal(
		arrivals_text(w, "2026-11-21T10:00:30Z,a\n2026-11-21 09:59,b\n"
				 "2026-11-21T12:00:00+02:00,c\n2026-11-20T23:59:00.5-10:00,d\n"),
		"0 b ;0 d ;60 c ;90 a ;");
	assert_string_equal(
		arrivals_text(w, "2024-02-28T23:59:00Z\n2024-03-01T00:00:00Z"), "0  ;86460  ;");
	assert_string_equal(arrivals_text(w, "# none\n"), "no pipeline arrives");
	assert_string_equal(arrivals_text(w, "soon,x"), "\"soon\" is no time");
	assert_string_equal(
		arrivals_text(w, "2026-13-01T00:00Z"), "\"2026-13-01T00:00Z\" is no time");
	assert_string_equal(
		arrivals_text(w, "2026-11-21T25:00Z"), "\"2026-11-21T25:00Z\" is no time");
	assert_string_equal(arrivals_text(w, "1m\n2026-11-21T10:00Z"),
		"offsets and days do not go together in one file");
}

/* About as many as the rate says, the same for the same seed. */
static void
rates(void **state)
{
	struct world *w = *state;
	struct sim_rate rate = {.seed = 7};
	struct sim_arrivals all = {0}, again = {0};
	world_model(w, "version: 2.1\njobs:\n" WORLD_JOB("a") "workflows: {w: {jobs: [a]}}\n");
	struct sim_arrival like = {.model = w->model, .branch = STR("main")};
	assert_false(sim_rate_parse(STR("12"), &rate));
	assert_false(sim_rate_parse(STR("0/h"), &rate));
	assert_false(sim_rate_parse(STR("/h"), &rate));
	assert_false(sim_rate_parse(STR("1/"), &rate));
	assert_false(sim_rate_parse(STR("1/x"), &rate));
	assert_false(sim_rate_parse(STR("99999999999/h"), &rate));
	assert_true(sim_rate_parse(STR("3/30m"), &rate));
	assert_int_equal(rate.every, 30 * MINUTE_MS);
	assert_true(sim_rate_parse(STR("60/h"), &rate));
	rate.period = (int64_t)100 * 60 * MINUTE_MS;
	assert_true(sim_arrivals_draw(w->a, &all, &like, &rate));
	assert_in_range(all.all.n, 5800, 6200);
	/* Of exponential times 63 in 100 are shorter than the mean. */
	uint32_t shorter = 0;
	for (uint32_t i = 1; i < all.all.n; i++) {
		assert_true(all.all.v[i - 1].at <= all.all.v[i].at);
		shorter += all.all.v[i].at - all.all.v[i - 1].at < MINUTE_MS;
	}
	assert_in_range(shorter * 100 / all.all.n, 61, 65);
	assert_true(sim_arrivals_draw(w->a, &again, &like, &rate));
	assert_int_equal(all.all.n, again.all.n);
	assert_int_equal(all.all.v[100].at, again.all.v[100].at);
	rate.count = LIMIT_SIM_PIPELINES;
	assert_false(sim_arrivals_draw(w->a, &again, &like, &rate));
}

static void
schedules(void **state)
{
	struct world *w = *state;
	struct sim_arrivals all = {0};
	world_model(w,
		"version: 2.1\njobs:\n" WORLD_JOB("a") "workflows:\n  push: {jobs: [a]}\n"
						       "  night:\n    triggers: [{schedule: {cron: "
						       "'0 3 * * *', filters: {branches: "
						       "{only: main}}}}]\n    jobs: [a]\n"
						       "  noon:\n    triggers: [{schedule: {cron: "
						       "'0 12 * * 1', filters: {branches: "
						       "{only: main}}}}]\n    jobs: [a]\n");
	struct sim_arrival like = {.model = w->model};
	/* A Sunday. */
	int64_t from = cron_time(2026, 11, 22, 0);
	assert_true(
		sim_arrivals_schedule(w->a, &all, &like, from, (int64_t)2 * 24 * 60 * MINUTE_MS));
	assert_int_equal(all.all.n, 3);
	assert_int_equal(all.all.v[0].at, 3 * 60 * MINUTE_MS);
	assert_ptr_equal(all.all.v[0].only, &w->model->workflows[1]);
	assert_int_equal(all.all.v[2].at, 36 * 60 * MINUTE_MS);
	struct sim_result *r = sim_run(w->a, all.all.v, all.all.n, &w->options);
	assert_int_equal(r->pipelines[2].nworkflows, 1);
	assert_true(str_is(r->pipelines[2].workflows[0].workflow->name, "noon"));
	/* A push plays what has no schedule. */
	r = sim_run(w->a, &like, 1, &w->options);
	assert_int_equal(r->pipelines[0].nworkflows, 1);
	assert_true(str_is(r->pipelines[0].workflows[0].workflow->name, "push"));
}

/* ---- bounds ------------------------------------------------------------------------------ */

static void
bounds(void **state)
{
	struct world *w = *state;
	world_model(w, "version: 2.1\njobs:\n  a:\n    docker: [{image: x}]\n    parallelism: "
		       "99999999999\n    steps: [checkout]\nworkflows: {w: {jobs: [a]}}\n");
	struct sim_arrival one = {.model = w->model};
	assert_int_equal(w->model->jobs[0].parallelism, UINT32_MAX);
	assert_false(sim_fits(&one, 1, &w->diags));
	assert_true(str_has(w->diags.all.v[0].message, STR("more than 10000 parallel tasks")));
	assert_int_not_equal(w->diags.all.v[0].span.len, 0);
	w->model->jobs[0].parallelism = LIMIT_SIM_TASKS;
	assert_true(sim_fits(&one, 1, &w->diags));
	struct sim_arrival *many = NEW_ARRAY(w->a, struct sim_arrival, LIMIT_SIM_PIPELINES + 1);
	for (uint32_t i = 0; i <= LIMIT_SIM_PIPELINES; i++)
		many[i] = one;
	assert_false(sim_fits(many, 1000, &w->diags));
	assert_true(str_has(w->diags.all.v[1].message, STR("steps in all pipelines")));
	assert_false(sim_fits(many, LIMIT_SIM_PIPELINES + 1, &w->diags));
	assert_true(str_has(w->diags.all.v[2].message, STR("more than 100000 pipelines")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(durations),
		cmocka_unit_test(machines),
		cmocka_unit_test(remote_docker),
		cmocka_unit_test(scenario_faults),
#define WORLD_TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
		WORLD_TEST(steps),
		WORLD_TEST(graphs),
		WORLD_TEST(scenario_names),
		WORLD_TEST(arrivals),
		WORLD_TEST(rates),
		WORLD_TEST(schedules),
		WORLD_TEST(bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
