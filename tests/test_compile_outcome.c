/* SPDX-License-Identifier: MIT */
#include "ccx/compile.h"

#include <setjmp.h>
#include <stdlib.h>

#include <cmocka.h>

static struct arena *a;
static struct sources s;
static struct diag_list d;
static struct orb_store orbs;

static int
setup(void **state)
{
	(void)state;
	a = arena_new();
	sources_init(&s, a);
	diag_init(&d, a);
	orb_store_init(&orbs, a);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

/* values: "branch main", "tag v1", or nothing, which leaves both undefined. */
static struct compiled *
compile(const char *text, const char *values)
{
	struct pair *pairs = NEW_ARRAY(a, struct pair, 2);
	struct span none = {0};
	struct str v = str_of(values);
	bool branch = str_starts(v, STR("branch ")), tag = str_starts(v, STR("tag "));
	pairs[0] = (struct pair){node_string(a, STR("pipeline.git.branch"), none),
		branch ? node_string(a, str_sub(v, 7, v.len), none) : node_null(a, none)};
	pairs[1] = (struct pair){node_string(a, STR("pipeline.git.tag"), none),
		tag ? node_string(a, str_sub(v, 4, v.len), none) : node_null(a, none)};
	struct compile_options o = {.orbs = &orbs,
		.values = node_map(a, pairs, 2, none),
		.compat = COMPAT_NEWEST,
		.tolerant = true};
	uint32_t file = source_add(&s, STR("c.yml"), str_of(text));
	struct compiled *c = compile_config(a, &s, file, &o, &d);
	assert_non_null(c);
	return c;
}

static void
put_absence(struct sb *b, enum absence absence, struct span why)
{
	static const char *const names[] = {
		"", "condition", "branch", "tag", "expression", "upstream", "empty"};
	if (absence == PRESENT) {
		assert_int_equal(why.file, 0);
		return;
	}
	struct place p = source_place(&s, why.file, why.off);
	sb_printf(b, "!%s@%u:%u", names[absence], p.line, p.column);
}

static void
put_entry(struct sb *b, const struct compiled_workflow *w, const struct compiled_entry *e)
{
	sb_printf(b, " %.*s", STR_ARG(e->name));
	if (e->group.len)
		sb_printf(b, "{%.*s}", STR_ARG(e->group));
	if (e->type)
		sb_printf(b, ":%s", e->type);
	if (e->job)
		assert_true(str_eq(e->job->name, e->name));
	else if (!e->absence)
		sb_char(b, '-');
	put_absence(b, e->absence, e->why);
	for (uint32_t i = 0; i < e->nrequires; i++) {
		const struct compiled_edge *r = &e->requires[i];
		assert_true(r->from < w->nentries);
		sb_printf(b, "<%.*s", STR_ARG(w->entries[r->from].name));
		if (r->accepts != 1u << JOB_SUCCESS)
			sb_printf(b, "=%x", r->accepts);
	}
}

/* main: build test!branch@7:3<build; nightly!condition@9:11: */
static void
assert_outcome(const char *text, const char *values, const char *expected)
{
	const struct compiled *c = compile(text, values);
	struct sb b = {.a = a};
	for (uint32_t i = 0; i < c->nworkflows; i++) {
		const struct compiled_workflow *w = &c->workflows[i];
		sb_printf(&b, "%s%.*s", i ? "; " : "", STR_ARG(w->name));
		put_absence(&b, w->absence, w->why);
		sb_puts(&b, w->why_true ? "+:" : ":");
		for (uint32_t k = 0; k < w->nentries; k++)
			put_entry(&b, w, &w->entries[k]);
	}
	sb_char(&b, '\0');
	assert_string_equal(sb_str(&b).s, expected);
}

#define JOBS                                                      \
	"version: 2.1\n"                                          \
	"jobs:\n"                                                 \
	"  build: &j {docker: [{image: a}], steps: [checkout]}\n" \
	"  test: *j\n"                                            \
	"  deploy: *j\n"

/* ---- why entries are absent -------------------------------------------------------------- */

static const char filters[] =
	JOBS "workflows:\n"                                             /*  6 */
	     "  main:\n"                                                /*  7 */
	     "    jobs:\n"                                              /*  8 */
	     "      - build\n"                                          /*  9 */
	     "      - test:\n"                                          /* 10 */
	     "          filters: {branches: {only: [main, /rel.*/]}}\n" /* 11 */
	     "      - deploy:\n"                                        /* 12 */
	     "          requires: [{test: [success, failed]}]\n"        /* 13 */
	     "          filters: {branches: {ignore: [x, main]}, tags: {only: /v.*/}}\n" /* 14 */;

static void
filters_say_why(void **state)
{
	(void)state;
	assert_outcome(filters, "", "main: build test deploy<test=3");
	assert_outcome(filters, "branch rel1", "main: build test deploy<test=3");
	assert_outcome(filters, "branch main", "main: build test deploy!branch@14:44<test=3");
	assert_outcome(filters, "branch other",
		"main: build test!branch@11:32 deploy!upstream@13:23<test=3");
	assert_outcome(filters, "tag v1",
		"main!empty@8:5: build!tag@9:9 test!tag@11:11 deploy!upstream@13:23<test=3");
	assert_outcome(filters, "tag x",
		"main!empty@8:5: build!tag@9:9 test!tag@11:11 deploy!tag@14:59<test=3");
}

static void
other_filters(void **state)
{
	(void)state;
	static const char text[] =
		JOBS "workflows:\n"                                         /*  6 */
		     "  main:\n"                                            /*  7 */
		     "    jobs:\n"                                          /*  8 */
		     "      - build:\n"                                     /*  9 */
		     "          filters: pipeline.git.branch == \"main\"\n" /* 10 */
		     "      - test:\n"                                      /* 11 */
		     "          filters: {branches: {}}\n"                  /* 12 */
		     "      - deploy:\n"                                    /* 13 */
		     "          filters: {tags: {ignore: [a, v1]}}\n" /* 14 */;
	assert_outcome(text, "branch main", "main: build test!branch@12:21 deploy");
	assert_outcome(text, "branch x", "main: build!expression@10:20 test!branch@12:21 deploy");
	assert_outcome(text, "tag v1",
		"main!empty@8:5: build!expression@10:20 test!tag@12:11 deploy!tag@14:40");
	assert_outcome(text, "tag v2", "main: build!expression@10:20 test!tag@12:11 deploy");
}

/* Some upstream is left, or none. */
static void
upstreams(void **state)
{
	(void)state;
	static const char text[] =
		JOBS "workflows:\n"
		     "  main:\n"
		     "    jobs:\n"
		     "      - hold: {type: approval, filters: {branches: {only: main}}}\n" /* 9 */
		     "      - build\n"
		     "      - test: {requires: [hold, build]}\n"
		     "      - deploy: {requires: [hold]}\n";
	assert_outcome(
		text, "branch main", "main: hold:approval- build test<hold<build deploy<hold");
	assert_outcome(text, "branch x",
		"main: hold:approval!branch@9:53 build test<hold<build deploy!upstream@12:29<hold");
}

/* ---- expanding --------------------------------------------------------------------------- */

static void
matrices_and_repetitions(void **state)
{
	(void)state;
	static const char text[] =
		"version: 2.1\n"
		"jobs:\n"
		"  b: {parameters: {v: {type: string}}, docker: [{image: << parameters.v >>}],\n"
		"    steps: [checkout]}\n"
		"workflows:\n"
		"  main:\n"
		"    jobs:\n"
		"      - b: {matrix: {alias: all, parameters: {v: [\"1\", \"2\"]}}}\n"
		"      - b: {name: last, v: x, requires: [all, b-1]}\n"
		"      - b: {name: last, v: x, requires: [all, b-1]}\n"
		"      - b: {name: end, v: x, requires: [{last: terminal}]}\n";
	assert_outcome(text, "", "main: b-1{all} b-2{all} last<b-1<b-2 end<last=1f");
}

static void
job_groups(void **state)
{
	(void)state;
	static const char text[] =
		JOBS "job-groups:\n"
		     "  g: {jobs: [build, test: {requires: [build]}]}\n"
		     "workflows:\n"
		     "  main:\n"
		     "    jobs:\n"
		     "      - g: {serial-group: k, filters: {branches: {only: main}}}\n" /* 11 */
		     "      - deploy: {requires: [g]}\n";
	assert_outcome(text, "branch main",
		"main: g/start{g}:lock g/build{g}<g/start g/test{g}<g/build g/end{g}:no-op<g/test "
		"g/unlock{g}:unlock<g/end=1f deploy<g/end");
	assert_outcome(text, "branch x",
		"main!empty@10:5: g/start{g}:lock!branch@11:51 g/build{g}!upstream@7:14<g/start "
		"g/test{g}!upstream@7:39<g/build g/end{g}:no-op!upstream@11:9<g/test "
		"g/unlock{g}:unlock!upstream@11:9<g/end=1f deploy!upstream@12:29<g/end");
}

static void
types_of_jobs(void **state)
{
	(void)state;
	assert_outcome("version: 2.1\n"
		       "jobs:\n"
		       "  a: {type: no-op}\n"
		       "  b: {type: lock, key: k}\n"
		       "  c: {type: build, machine: true, steps: [checkout]}\n"
		       "workflows: {w: {jobs: [a, b, c]}}\n",
		"", "w: a:no-op b:lock c");
}

/* Orbs that are not at hand leave entries without a body. */
static void
unknown_orbs(void **state)
{
	(void)state;
	assert_outcome("version: 2.1\n"
		       "orbs: {o: x/y@1.0.0}\n"
		       "workflows: {w: {jobs: [o/run, o/run: {name: b, requires: [o/run]}]}}\n",
		"", "w: o/run- b-<o/run");
}

/* ---- workflows --------------------------------------------------------------------------- */

static void
conditions_say_why(void **state)
{
	(void)state;
	static const char text[] = JOBS
		"parameters: {p: {type: boolean, default: false}}\n"
		"workflows:\n"
		"  a: {when: << pipeline.parameters.p >>, jobs: [build]}\n"         /* 8 */
		"  b: {unless: true, jobs: [build]}\n"                              /* 9 */
		"  c: {when: {and: [true, {not: true}]}, jobs: [build]}\n"          /* 10 */
		"  d: {jobs: [build]}\n"                                            /* 11 */
		"  e: {when: {or: [false, {equal: [1, 2]}]}, jobs: [build]}\n"      /* 12 */
		"  f: {unless: {or: [false, {and: [1, 2]}]}, jobs: [build]}\n"      /* 13 */
		"  g: {when: pipeline.git.branch == \"x\", jobs: [build]}\n"        /* 14 */
		"  h: {when: {not: {or: [false, true]}}, jobs: [build]}\n"          /* 15 */
		"  i: {when: {condition: {and: [{or: [false]}]}}, jobs: [build]}\n" /* 16 */
		"  j: {jobs: []}\n"                                                 /* 17 */
		"  k: {when: {and: [true, << pipeline.parameters.p >>]}, jobs: [build]}\n"
		"  l: {when: {not: {matches: {pattern: m.*, value: << pipeline.git.branch >>}}},\n"
		"    jobs: [build]}\n";
	assert_outcome(text, "branch main",
		"a!condition@8:13:; b!condition@9:15+:; c!condition@10:32+:; d: build; "
		"e!condition@12:13:; f!condition@13:28+:; g!condition@14:13:; h!condition@15:32+:; "
		"i!condition@16:38:; j:; k!condition@18:26:; l!condition@19:19+:");
}

/* Expressions are taken apart at their operators, where the text is written as it is. */
static void
expressions_say_why(void **state)
{
	(void)state;
	static const struct {
		const char *condition;
		unsigned column; /* counted from the condition's start, 1 */
	} cases[] = {
		{"true and pipeline.git.branch == \"x\" and false", 10},
		{"'\"true and false\" == \"\" AND true'", 2},
		{"'\"a and b\" == \"a and b\" and (false and true)'", 29},
		{"'true and false'", 11},
		{"\"true and false\"", 11},
		{"false or false", 1},
		{"not (true or false)", 1},
		{"(true and false)", 1},
		{"true and (pipeline.git.branch == \"or\" or false)", 10},
		{"true and pipeline.git.branch-and == \"y\"", 10},
		{"not true and true", 1},
		{">\n      true\n      and false", 1},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str text =
			str_printf(a, JOBS "workflows:\n  w:\n    jobs: [build]\n    when: %s\n",
				cases[i].condition);
		struct str expected = str_printf(a, "w!condition@9:%u:", 10 + cases[i].column);
		diag_init(&d, a);
		assert_outcome(str_copy(a, text).s, "branch main", str_copy(a, expected).s);
	}
	assert_outcome(JOBS "workflows: {w: {jobs: [build], unless: false or true and true}}\n", "",
		"w!condition@6:49+:");
	assert_outcome(JOBS "workflows: {w: {jobs: [build], unless: true and true}}\n", "",
		"w!condition@6:40+:");
	assert_outcome(JOBS "workflows: {w: {jobs: [build: {filters: true and false}]}}\n", "",
		"w!empty@6:17: build!expression@6:50");
}

static void
implicit_workflow(void **state)
{
	(void)state;
	assert_outcome(JOBS, "branch main", "workflow: build");
	assert_outcome(JOBS, "tag v1", "workflow!empty@3:3: build!tag@3:3");
	assert_outcome("version: 2.1\njobs: {test: {machine: true, steps: [checkout]}}\n", "", "");
}

/* Errors leave what could be told. */
static void
faulty_configs(void **state)
{
	(void)state;
	assert_outcome(JOBS "workflows: {w: {jobs: [build, nope, test: {requires: [gone]}]}}\n", "",
		"w: build- test-");
	assert_outcome(JOBS "workflows: {w: {when: a, unless: b, jobs: [build]}}\n", "",
		"w!condition@6:26:");
	assert_outcome(JOBS "workflows: [w]\n", "", "");
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(filters_say_why),
		TEST(other_filters),
		TEST(upstreams),
		TEST(matrices_and_repetitions),
		TEST(job_groups),
		TEST(types_of_jobs),
		TEST(unknown_orbs),
		TEST(conditions_say_why),
		TEST(expressions_say_why),
		TEST(implicit_workflow),
		TEST(faulty_configs),
	};
	return cmocka_run_group_tests_name("compile_outcome", tests, NULL, NULL);
}
