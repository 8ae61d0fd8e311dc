/* SPDX-License-Identifier: MIT */
/* schema_check: what it says of faults and where, and that it is quiet about what is accepted. */
#include "ccx/config.h"
#include "ccx/limits.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define JOB "docker: [{image: a}], steps: [checkout]"

static struct sources sources;
static struct diag_list diags;

/* Checks text as what root says; the findings are in diags. */
static bool
check(enum schema_root root, struct str text)
{
	struct arena *a = arena_new();
	sources_init(&sources, a);
	diag_init(&diags, a);
	uint32_t file = source_add(&sources, STR("config.yml"), text);
	const struct node *n = node_load(a, &sources, file, &diags);
	if (!n)
		fail_msg("does not load: %.*s", STR_ARG(diags.all.v[0].message));
	return schema_check(catalog_schema(root), n, &diags);
}

static void
drop(void)
{
	arena_free(diags.a);
}

/* The findings as "LINE:COLUMN RULE message|label|help" lines. */
static struct str
findings(void)
{
	struct sb out = {.a = diags.a};
	for (uint32_t i = 0; i < diags.all.n; i++) {
		const struct diag *g = &diags.all.v[i];
		struct place p = source_place(&sources, g->span.file, g->span.off);
		sb_printf(&out, "%u:%u %s %.*s|%.*s|%.*s\n", p.line, p.column,
			rule_info(g->rule)->id, STR_ARG(g->message), STR_ARG(g->label),
			STR_ARG(g->help));
	}
	return sb_str(&out);
}

/* Each finding must contain the words wanted of it; "…" stands for anything between. */
static bool
fits(struct str text, const char *wanted)
{
	struct str rest = str_of(wanted);
	size_t at = 0;
	while (rest.len) {
		size_t gap = str_find(rest, STR("…"), 0);
		struct str piece = str_sub(rest, 0, gap);
		rest = gap == SIZE_MAX ? STR("") : str_sub(rest, gap + 3, rest.len);
		size_t found = str_find(text, piece, at);
		if (found == SIZE_MAX || (at == 0 && found != 0 && piece.len))
			return false;
		at = found + piece.len;
	}
	return true;
}

/* ---- faults ------------------------------------------------------------------------------ */

struct fault {
	const char *text;
	const char *found; /* all findings, in order */
};

static void
run(enum schema_root root, const struct fault *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool clean = check(root, str_of(cases[i].text));
		struct str found = findings();
		if (clean || !fits(found, cases[i].found))
			fail_msg("%s\nwanted:\n%s\nfound:\n%.*s", cases[i].text, cases[i].found,
				STR_ARG(found));
		size_t wanted = 0;
		for (const char *c = cases[i].found; *c; c++)
			wanted += *c == '\n';
		assert_int_equal(diags.all.n, wanted);
		drop();
	}
}

#define RUN(root, cases) run((root), (cases), sizeof(cases) / sizeof *(cases))

static void
test_keys(void **state)
{
	(void)state;
	static const struct fault cases[] = {
		{"version: 2.1\njobs:\n  build:\n    docker: [{image: a}]\n    stpes: [checkout]\n",
			"5:5 unknown-key job \"build\": extraneous key [stpes] is not permitted"
			"|did you mean \"steps\"?|permitted keys: description, parallelism, "
			"macos,…\n"},
		{"version: 2.1\njobs:\n  build:\n    dokcer: [{image: a}]\n    steps: []\n",
			"4:5 unknown-key …[dokcer]…did you mean \"docker\"?…\n"},
		{"version: 2.1\njobs:\n  build: {" JOB ", filters: {}}\n",
			"3:52 unknown-key …[filters]…||`filters` belongs to the job's entry in a "
			"workflow, not to the job\n"},
		{"version: 2.1\njobs:\n  build: {" JOB ", load_repo: &x [checkout]}\n",
			"3:52 unknown-key …|a key that only holds an anchor belongs at the top "
			"…\n"},
		{"version: 2.1\njobs:\n  build: {docker: [{imge: a}], steps: []}\n",
			"3:21 unknown-key #/jobs/build/docker/0: extraneous key [imge] …"
			"\"image\"?|permitted keys: gcp_auth, name, command, auth, entrypoint, "
			"image,…\n"},
		{"version: 2.1\njobs:\n  build:\n    steps: []\n",
			"3:3 missing-executor job \"build\": A job must have one of `docker`, "
			"`machine`, "
			"`macos` or `executor` (…\n"},
		{"version: 2.1\njobs:\n  build:\n    machine: true\n",
			"3:3 missing-key job \"build\": required key [steps] not found…\n"},
		{"version: 2.1\njob:\n  build: {" JOB "}\n",
			"2:1 missing-key config: required key [jobs] not found|did you mean "
			"\"jobs\"?…\n"},
		{"version: 2.1\nparameters:\n  a:\n    b:\n      type: string\n",
			"4:5 unknown-key pipeline parameter \"a\": extraneous key [b]…cannot be "
			"grouped…\n"
			"3:3 missing-key …[type]…\n3:3 missing-key …[default]…\n"},
		{"version: 2.1\ncommands:\n  c: {steps: [], shell: sh}\n",
			"3:18 unknown-key command \"c\": …a command has no shell…\n"},
		{"version: 2.1\nworkflows:\n  w:\n    jobs:\n      - b: {matrix: {params: {}}}\n",
			"5:22 unknown-key …[params]…\n5:13 missing-key …[parameters]…\n"},
		{"version: 2.1\njobs:\n  l: {type: lock}\n",
			"3:3 missing-key …[key] not found||\n"},
		{"version: 2.1\njobs:\n  r: {type: release}\n",
			"3:3 missing-key …required key [plan_name] not found…\n"},
	};
	RUN(SCHEMA_CONFIG, cases);
}

static void
test_types(void **state)
{
	(void)state;
	static const struct fault cases[] = {
		{"version: 2.1\njobs:\n  build:\n    docker:\n      image: a\n    steps: []\n",
			"5:7 wrong-type #/jobs/build/docker: expected type: Sequence, found: "
			"Mapping||"
			"`docker` is a list: put `- ` before `image`\n"},
		{"version: 2.1\njobs:\n  b: {docker: a, steps: []}\n",
			"3:15 wrong-type …Sequence, found: String||write `docker: [{image: "
			"NAME}]`\n"},
		{"version: 2.1\njobs:\n  build:\n    machine: true\n    steps:\n      run: make\n",
			"6:7 wrong-type #/jobs/build/steps: expected type: Sequence, found: "
			"Mapping||"
			"`steps` is a list: put `- ` before each step\n"},
		{"version: 2.1\njobs:\n  build:\n    machine: true\n    steps:\n",
			"5:5 wrong-type …expected type: Sequence, found: Null…\n"},
		{"version: 2.1\njobs:\n  b: {machine: true, steps: [[checkout]]}\n",
			"3:30 wrong-type …found: Sequence||YAML cannot put…\n"},
		{"version: 2.1\njobs:\n  b:\n    machine: true\n    steps:\n      - run:\n",
			"6:9 wrong-type #/jobs/b/steps/0/run: expected type: String or Mapping, "
			"found: "
			"Null||give it a command: `- run: make`\n"},
		{"version: 2.1\njobs:\n  b: {machine: true, steps: [{run: {comand: make}}]}\n",
			"3:37 missing-key …[command] not found|did you mean \"command\"?…\n"},
		{"version: 2.1\njobs:\n  b: {machine: true, steps: [], parallelism: \"2\"}\n",
			"3:46 wrong-type …expected type: Integer, found: String||parallelism must "
			"be an "
			"integer or an expression…\n"},
		{"version: 2.1\njobs: [build]\n", "2:7 wrong-type …expected type: Mapping…\n"},
		{"version: 2.1\nworkflows:\n  w:\n    jobs:\n      build:\n        requires: [a]\n",
			"5:7 wrong-type …Sequence, found: Mapping||`jobs` of a workflow is a "
			"list…\n"},
		{"version: 2.1\nworkflows:\n  w:\n    jobs:\n      - build:\n        context: c\n",
			"6:9 wrong-type #/workflows/w/jobs/0/context: expected type: Mapping, "
			"found: "
			"String|stands beside `build`, not under it|indent `context` two more "
			"spaces, "
			"under `build:`\n"},
		{"version: 2.1\njobs:\n  b: {machine: true, steps: [{run: a, name: b}]}\n",
			"3:39 wrong-type #/jobs/b/steps/0: maximum size: [1], found: [2]…\n"},
	};
	RUN(SCHEMA_CONFIG, cases);
}

static void
test_values(void **state)
{
	(void)state;
	static const struct fault cases[] = {
		{"version: 2.1\njobs:\n  b: {type: aproval}\n",
			"3:13 invalid-value job \"b\": Invalid job type 'aproval'. Allowed types: "
			"approval, build, no-op, release, lock, unlock|did you mean "
			"\"approval\"?|\n"},
		{"version: 2.1\njobs:\n  b: {" JOB ", parameters: {n: {type: number}}}\n",
			"3:71 invalid-value …Input not a valid enum value|the type is "
			"`integer`|…\n"},
		{"version: 2.1\nparameters:\n  e: {type: executor, default: x}\n",
			"3:13 invalid-value …use one of: string, boolean, integer, enum\n"},
		{"version: 2.1\nparameters:\n  e: {type: << x >>, default: x}\n",
			"3:13 invalid-value …\n"},
		{"version: 2.1\nparameters:\n  e: {type: enum, default: x, enum: []}\n",
			"3:31 empty …minimum size: [1], found: [0]…\n"},
		{"version: 2.1\nexecutors:\n  Linux: {machine: true}\n",
			"3:3 invalid-name executor \"Linux\": string [Linux] does not match "
			"pattern "
			"^[a-z][a-z\\d_-]*$||executor names are lower case…\n"},
		{"version: 2.1\ncommands:\n  endMission: {steps: []}\n",
			"3:3 invalid-name command \"endMission\"…\n"},
		{"version: 2.1\njobs:\n  b: {" JOB ", retention: {caches: 12h}}\n",
			"3:68 invalid-value …string [12h] does not match pattern "
			"^([1-9]|[12][0-9]|30)d$||use whole days, such as \"7d\"\n"},
		{"version: 2.1\njobs:\n  b: {" JOB ", parallelism: 0}\n",
			"3:61 invalid-value …parallelism must be a positive integer|expected 1 or "
			"more|\n"},
		{"version: 2.1\njobs:\n  b: {machine: true, steps: [{run: {command: a, "
		 "max_auto_reruns: 9, auto_rerun_delay: 11m, when: allways}}]}\n",
			"3:66 invalid-value …must be an integer between 1 and 5|expected 1 to 5|\n"
			"3:87 invalid-value …auto_rerun_delay must match …\n"
			"3:98 invalid-value …did you mean \"always\"?…\n"},
		{"version: 2.1\nworkflows:\n  w:\n    jobs:\n      - h: {type: no-op}\n",
			"5:19 invalid-value …Only jobs with `type: approval` can be defined "
			"inline…\n"},
		{"version: 2.1\nworkflows:\n  w:\n    jobs:\n      - h: {serial-group: a b, "
		 "requires: [{a: [failed, terminal]}]}\n",
			"5:27 invalid-value …string [a b] does not…\n5:56 invalid-value …\n"},
	};
	RUN(SCHEMA_CONFIG, cases);
}

static void
test_version_2(void **state)
{
	(void)state;
	static const struct fault cases[] = {
		{"version: 2\njobs:\n  b: {machine: true, steps: [run]}\n",
			"3:30 invalid-value …Input not a valid enum value||Steps without arguments "
			"can "
			"be called as strings…\n"},
		{"version: 2\njobs:\n  b: {machine: true, steps: [], context: c}\n",
			"3:33 unknown-key …[context]…\n"},
	};
	RUN(SCHEMA_CONFIG_2, cases);
}

static void
test_orb(void **state)
{
	(void)state;
	static const struct fault cases[] = {
		{"version: 2.1\norbs: {a: {jobs: {b: {machine: true}}}}\n",
			"2:19 missing-key job \"b\": required key [steps]…\n"},
		{"commands: {c: {stps: []}}\n", "1:16 unknown-key …\"steps\"?…\n"},
	};
	RUN(SCHEMA_ORB, cases);
}

/* ---- what is accepted -------------------------------------------------------------------- */

static void
test_accepted(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"version: 2.1\nworkflow: {}\naliases: [&a {x: y}]\nsetup: {a: b}\n",
		"version: 2.1\norbs:\nparameters:\nexecutors:\ncommands:\njobs:\nworkflows:\n",
		"version: 2.1\norbs: {a: b/c@1, aws-cli: {}, u: https://x.y/z.yml}\n"
		"commands: {i: a/install}\njobs: {j: a/job}\nexecutors: {e: a/default}\n",
		"version: 2.1\njobs:\n  License check: {docker: << x >>, steps: << parameters.s "
		">>, "
		"parallelism: << parameters.n >>, executor: {name: << e >>, a: [1]}}\n",
		"version: 2.1\njobs: {b: {machine: true, steps: [<< parameters.s >>, steps: << s "
		">>, "
		"{when: {condition: {equal: [1, 2]}, steps: {run: a}, name: x}}, {a/b: ~}, {env: "
		"{}},"
		" {checkout: {post: [a]}}, {store_artifacts: {path: a, prefix: [b]}},"
		" {save_cache: {key: a, paths: .}}, {greet: ~, who: me}]}}\n",
		"version: 2.1\njobs: {b: {" JOB ", environment: [A: 1, B=c, [C: ~, {D: true}]]}}\n",
		"version: 2.1\njobs: {a: {type: approval, steps: []}, n: {type: no-op}, "
		"u: {type: unlock, key: << parameters.k >>}, r: {type: release, plan_name: p}, "
		"b: {type: build, " JOB "}}\n",
		"version: 2.1\nworkflows:\n  version: 2\n  w:\n    description: x\n    when: a == "
		"b\n"
		"    jobs:\n    - a\n    - b: ~\n    - c: {requires: a, filters: \"x == y\"}\n"
		"    - d: {requires: [{c: [success, failed]}, {a: terminal}], filters: {branches: "
		"{ignore: ~}, tags: {only: [a, /b/]}}, context: [x], anything: {a: b}}\n"
		"    - e:\n      filters: {branches: {only: main}}\n"
		"    - f: {matrix: {parameters: {a: [1, 2], b: << x >>}}, type: approval}\n",
		"version: 2.1\njob-groups: {g: {jobs: [a, b: {requires: [a]}]}}\nfunctions: 5\n",
		"version: 2.1\ncommands: {deploy: {steps: []}, run: {steps: []}}\njobs: {b: "
		"{machine: "
		"true, steps: [{deploy: {app: x}}, {run: ~}]}}\norbs: {o: {commands: {save_cache: "
		"{steps: []}}, jobs: {j: {machine: true, steps: [{save_cache: {a: b}}]}}}}\n",
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (!check(SCHEMA_CONFIG, str_of(texts[i])))
			fail_msg("%s\n%.*s", texts[i], STR_ARG(findings()));
		drop();
	}
	assert_true(
		check(SCHEMA_CONFIG_2, STR("version: 2\norbs: 5\njobs: {b: {branches: {only: a}, "
					   "steps: [checkout], machine: {enabled: true}}}\n")));
	drop();
}

/* ---- bounds ------------------------------------------------------------------------------ */

/* A fault in a shared subtree is said once. */
static void
test_shared_faults(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct sb b = {.a = a};
	sb_puts(&b, "version: 2.1\nx: &j {docker: [{imge: x}], steps: []}\njobs:\n");
	for (unsigned i = 0; i < 500; i++)
		sb_printf(&b, "  j%u: *j\n", i);
	assert_false(check(SCHEMA_CONFIG, sb_str(&b)));
	assert_int_equal(diags.all.n, 1);
	drop();
	arena_free(a);
}

/* Aliases that would write out to 9^30 steps. */
static void
test_alias_bomb(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct sb b = {.a = a};
	sb_puts(&b, "version: 2.1\nx:\n  - &a0 {run: make}\n");
	for (unsigned i = 1; i <= 30; i++) {
		sb_printf(&b, "  - &a%u {when: {condition: true, steps: [", i);
		for (unsigned k = 0; k < 9; k++)
			sb_printf(&b, "*a%u, ", i - 1);
		sb_puts(&b, "]}}\n");
	}
	sb_puts(&b, "jobs: {b: {machine: true, steps: [*a30, *a30]}}\n");
	if (!check(SCHEMA_CONFIG, sb_str(&b)))
		fail_msg("%.*s", STR_ARG(findings()));
	drop();
	arena_free(a);
}

static void
test_many_faults(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct sb b = {.a = a};
	sb_puts(&b, "version: 2.1\njobs:\n  b:\n    machine: true\n    steps: []\n");
	for (unsigned i = 0; i < 5000; i++)
		sb_printf(&b, "    key%u: 1\n", i);
	sb_puts(&b, "    ");
	sb_chars(&b, 'k', 1000);
	sb_puts(&b, ": 1\n");
	assert_false(check(SCHEMA_CONFIG, sb_str(&b)));
	assert_int_equal(diags.all.n, LIMIT_ERRORS);
	assert_int_equal(diags.dropped, 1);
	drop();
	arena_free(a);
}

/* Each text against the patterns for retention.caches and auto_rerun_delay. */
static void
test_patterns(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool days, delay;
	} cases[] = {{"1d", true, false}, {"10d", true, false}, {"29d", true, false},
		{"30d", true, false}, {"31d", false, false}, {"0d", false, false},
		{"d", false, false}, {"7d ", false, false}, {"1m", false, true},
		{"10m", false, true}, {"11m", false, false}, {"0s", false, false},
		{"600s", false, true}, {"s", false, false}, {"", false, false}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *a = arena_new();
		struct str days = str_printf(a,
			"jobs: {b: {" JOB ", retention: {caches: '%s'}}}\nversion: 2.1\n",
			cases[i].text);
		struct str delay = str_printf(a,
			"commands: {c: {steps: [{run: {command: a, auto_rerun_delay: '%s'}}]}}\n"
			"version: 2.1\n",
			cases[i].text);
		assert_int_equal(check(SCHEMA_CONFIG, days), cases[i].days);
		drop();
		assert_int_equal(check(SCHEMA_CONFIG, delay), cases[i].delay);
		drop();
		arena_free(a);
	}
}

/* A megabyte of digits where a pattern repeats digits. */
static void
test_long_value(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	struct sb b = {.a = a};
	sb_puts(&b, "version: 2.1\ncommands: {c: {steps: [{run: {command: a, auto_rerun_delay: ");
	sb_chars(&b, '1', 1 << 20);
	sb_puts(&b, "x}}]}}\n");
	assert_false(check(SCHEMA_CONFIG, sb_str(&b)));
	assert_int_equal(diags.all.n, 1);
	assert_in_range(diags.all.v[0].message.len, 20, 500);
	drop();
	arena_free(a);
}

/* Keys of any type and length, and nothing at all. */
static void
test_odd_trees(void **state)
{
	(void)state;
	static const char *const texts[] = {"[]", "5", "", "{? [a, {b: c}] : 1}",
		"jobs: {1: {}, ~: ~, ? [a] : 5, ? {} : []}", "executors: {? [x] : {}, 1: {}}",
		"jobs: {b: {steps: [{}, ~, 5, [], {? {} : ~}], docker: [~, [], {~: ~}]}}",
		"workflows: {w: {jobs: [{}, ~, {a: ~, b: ~}, {? [] : ~, c: 1}]}}"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		for (int root = 0; root < SCHEMA_ROOT_COUNT; root++) {
			check((enum schema_root)root, str_of(texts[i]));
			for (uint32_t k = 0; k < diags.all.n; k++)
				assert_true(diags.all.v[k].message.len > 0);
			drop();
		}
	}
	assert_false(check(SCHEMA_CONFIG, STR("[]")));
	assert_true(fits(findings(), "1:1 wrong-type config: expected type: Mapping, found: …"));
	drop();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_version_2),
		cmocka_unit_test(test_orb),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_shared_faults),
		cmocka_unit_test(test_alias_bomb),
		cmocka_unit_test(test_many_faults),
		cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_long_value),
		cmocka_unit_test(test_odd_trees),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
