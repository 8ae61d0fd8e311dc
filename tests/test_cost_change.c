/* SPDX-License-Identifier: MIT */
/* What if: changes as they are written, and what they make of a model. */
#include "cost_world.h"

static void
test_change_parse(void **state)
{
	static const struct {
		const char *text, *job, *error;
		enum cost_change_kind kind;
		uint32_t number;
	} cases[] = {
		{"build.resource_class=large", "build", NULL, CHANGE_CLASS, 0},
		{"test-1.20.parallelism=8", "test-1.20", NULL, CHANGE_PARALLELISM, 8},
		{"*.dlc=false", "*", NULL, CHANGE_DLC, 0},
		{"a.docker_layer_caching=true", "a", NULL, CHANGE_DLC, 1},
		{"a.resource_class=org/x=1", "a", NULL, CHANGE_CLASS, 0},
		{"build", NULL, "takes JOB.KEY=VALUE, not \"build\"", 0, 0},
		{"", NULL, "takes JOB.KEY=VALUE, not \"\"", 0, 0},
		{"=", NULL, "takes JOB.KEY=VALUE, not \"=\"", 0, 0},
		{"a.dlc=", NULL, "takes JOB.KEY=VALUE, not \"a.dlc=\"", 0, 0},
		{".dlc=true", NULL, "takes JOB.KEY=VALUE, not \".dlc=true\"", 0, 0},
		{"a.paralelism=2", NULL,
			"\"paralelism\" cannot be changed; did you mean parallelism?", 0, 0},
		{"a.image=2", NULL,
			"\"image\" cannot be changed; resource_class, parallelism and dlc can", 0,
			0},
		{"a.parallelism=0", NULL, "parallelism is a number from 1 to 10000, not \"0\"", 0,
			0},
		{"a.parallelism=99999999999999999999", NULL,
			"parallelism is a number from 1 to 10000, not \"99999999999999999999\"", 0,
			0},
		{"a.dlc=maybe", NULL, "dlc is true or false, not \"maybe\"", 0, 0},
	};
	WITH(w);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cost_change change;
		struct str error;
		bool ok = cost_change_parse(w.a, str_of(cases[i].text), &change, &error);
		assert_int_equal(ok, !cases[i].error);
		if (!ok) {
			assert_true(str_is(error, cases[i].error));
			continue;
		}
		assert_true(str_is(change.job, cases[i].job));
		assert_int_equal(change.kind, cases[i].kind);
		assert_int_equal(change.number, cases[i].number);
	}
	arena_free(w.a);
}

static void
test_speed(void **state)
{
	static const struct {
		const char *text;
		int64_t ppm; /* -1: none */
	} cases[] = {
		{"none", 0},
		{"linear", 1000000},
		{"amdahl:0.8", 800000},
		{"amdahl:0", 0},
		{"amdahl:1", 1000000},
		{"amdahl:.5", 500000},
		{"amdahl:1.1", -1},
		{"amdahl:", -1},
		{"amdahl:-1", -1},
		{"gustafson", -1},
		{"", -1},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint32_t ppm;
		bool ok = cost_speed_parse(str_of(cases[i].text), &ppm);
		assert_int_equal(ok, cases[i].ppm >= 0);
		if (ok)
			assert_int_equal(ppm, cases[i].ppm);
	}
}

/* A job of three steps: checkout, a run step, one that splits tests. */
static void
give_steps(struct world *w, struct sim_job *job)
{
	const char *text = "{command: 'circleci tests glob a | circleci tests split >t'}";
	uint32_t file = source_add(&w->sources, STR("step"), str_of(text));
	const struct node *split = node_load(w->a, &w->sources, file, &w->diags);
	job->steps = NEW_ARRAY(w->a, struct sim_step, 3);
	job->nsteps = 3;
	job->steps[0].kind = SIM_CHECKOUT;
	job->steps[1].kind = job->steps[2].kind = SIM_RUN;
	job->steps[1].args = node_string(w->a, STR("make"), split->span);
	job->steps[2].args = split;
}

static void
test_change_apply(void **state)
{
	static const struct {
		const char *change;
		uint32_t ppm;
		uint32_t run, split; /* of the run steps, in ppm; of the one that splits */
	} cases[] = {
		/* medium has 2 vCPUs, large 4, small 1; the job has 4 tasks */
		{"job0.resource_class=large", 1000000, 500000, 0},
		{"job0.resource_class=large", 800000, 600000, 0},
		{"job0.resource_class=small", 1000000, 2000000, 0},
		{"job0.resource_class=xlarge", 0, 1000000, 0},
		{"job0.parallelism=8", 800000, 0, 500000},
		{"job0.parallelism=1", 800000, 0, 4000000},
		{"*.parallelism=3", 800000, 0, 1333334},
		{"job0.dlc=true", 800000, 0, 0},
	};
	WITH(w);
	give_steps(&w, add_job(&w, EXECUTOR_DOCKER, "medium", 4, 60000));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cost_change change;
		struct cost_speed speed = {w.options.world, cases[i].ppm};
		struct str error = STR("");
		assert_true(cost_change_parse(w.a, str_of(cases[i].change), &change, &error));
		struct sim_model *m = cost_change_apply(w.a, &w.model, &change, 1, &speed, &error);
		assert_non_null(m);
		assert_int_equal(m->jobs[0].steps[0].scale, 0);
		assert_int_equal(m->jobs[0].steps[1].scale, cases[i].run);
		assert_int_equal(m->jobs[0].steps[1].split, 0);
		assert_int_equal(m->jobs[0].steps[2].scale, cases[i].run);
		assert_int_equal(m->jobs[0].steps[2].split, cases[i].split);
		assert_ptr_equal(m->workflows[0].nodes[0].job, &m->jobs[0]);
		assert_int_equal(w.jobs[0].steps[1].scale, 0); /* untouched */
		assert_int_equal(w.jobs[0].parallelism, 4);
	}
	arena_free(w.a);
}

static void
test_change_faults(void **state)
{
	static const struct {
		const char *change, *error;
	} cases[] = {
		{"jop0.parallelism=2", "no job that runs is called \"jop0\"; did you mean job0?"},
		{"quite-another.dlc=true", "no job that runs is called \"quite-another\""},
		{"job0.resource_class=lage",
			"docker has no resource class \"lage\" for job job0; did you mean large?"},
		{"job1.resource_class=gen2-tiny", "macos has no resource class \"gen2-tiny\" for "
						  "job job1; ccx catalog classes "
						  "lists them"},
		{"*.resource_class=giant-size", "macos has no resource class \"giant-size\" for "
						"job job1; ccx catalog classes lists them"},
		{"*.resource_class=large", NULL}, /* of those jobs that can have it */
		{"job0.resource_class=org/box", NULL},
	};
	WITH(w);
	struct cost_speed speed = {w.options.world, 800000};
	give_steps(&w, add_job(&w, EXECUTOR_DOCKER, "medium", 4, 60000));
	add_job(&w, EXECUTOR_MACOS, "m4pro.medium", 1, 60000);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cost_change change;
		struct str error = STR("");
		assert_true(cost_change_parse(w.a, str_of(cases[i].change), &change, &error));
		struct sim_model *m = cost_change_apply(w.a, &w.model, &change, 1, &speed, &error);
		assert_int_equal(m != NULL, !cases[i].error);
		if (!m && !str_is(error, cases[i].error))
			fail_msg("%s: %.*s", cases[i].change, STR_ARG(error));
	}
	arena_free(w.a);
}

/* Several at once: their effects multiply, and the host of remote Docker follows the class. */
static void
test_changes(void **state)
{
	static const char *const texts[] = {
		"job0.resource_class=large", "job0.parallelism=8", "job0.dlc=true"};
	struct cost_change changes[3];
	WITH(w);
	struct str error = STR("");
	struct cost_speed speed = {w.options.world, 1000000};
	struct sim_job *job = add_job(&w, EXECUTOR_DOCKER, "medium", 4, 60000);
	give_steps(&w, job);
	job->remote_docker = true;
	for (int i = 0; i < 3; i++)
		assert_true(cost_change_parse(w.a, str_of(texts[i]), &changes[i], &error));
	struct sim_model *m = cost_change_apply(w.a, &w.model, changes, 3, &speed, &error);
	assert_non_null(m);
	assert_int_equal(m->jobs[0].steps[1].scale, 500000);
	assert_int_equal(m->jobs[0].steps[2].scale, 500000);
	assert_int_equal(m->jobs[0].steps[2].split, 500000);
	assert_int_equal(m->jobs[0].parallelism, 8);
	assert_true(m->jobs[0].dlc);
	assert_string_equal(m->jobs[0].host->name, "large");
	assert_int_equal(m->jobs[0].host->kind, EXECUTOR_MACHINE);
	arena_free(w.a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_change_parse),
		cmocka_unit_test(test_speed),
		cmocka_unit_test(test_change_apply),
		cmocka_unit_test(test_change_faults),
		cmocka_unit_test(test_changes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
