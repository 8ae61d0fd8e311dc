/* SPDX-License-Identifier: MIT */
/* Drawings of graphs: lanes of text, layers, and the formats for other programs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../src/report/graph.h"
#include "../src/report/units.h"

#include <stdlib.h>
#include <string.h>

static const struct sim_job plain_job = {.parallelism = 1};

static uint32_t
find_node(const struct sim_workflow *w, struct str name)
{
	for (uint32_t i = 0; i < w->nnodes; i++)
		if (str_eq(w->nodes[i].name, name))
			return i;
	fail_msg("no node %.*s", STR_ARG(name));
	return 0;
}

/* "a", "b?: a", "c#g: a b": ? is an approval, #g a member of matrix g, !x requires a failed x. */
static struct sim_workflow *
workflow_of(struct arena *a, const char *const *rows, uint32_t n)
{
	struct sim_workflow *w = NEW(a, struct sim_workflow);
	w->name = STR("main");
	w->nnodes = n;
	w->nodes = NEW_ARRAY(a, struct sim_node, n + 1);
	w->order = NEW_ARRAY(a, uint32_t, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		struct str row = str_of(rows[i]), rest;
		struct sim_node *node = &w->nodes[i];
		size_t colon = str_find(row, STR(":"), 0), hash;
		struct str head = str_sub(row, 0, colon);
		node->kind = str_ends(head, STR("?")) ? SIM_APPROVAL : SIM_JOB;
		node->job = node->kind == SIM_JOB ? &plain_job : NULL;
		head = str_sub(head, 0, head.len - (node->kind == SIM_APPROVAL));
		hash = str_find(head, STR("#"), 0);
		node->name = str_sub(head, 0, hash);
		node->group = str_sub(head, hash == SIZE_MAX ? head.len : hash + 1, head.len);
		node->requires = NEW_ARRAY(a, struct sim_edge, n);
		rest = colon == SIZE_MAX ? STR("") : str_sub(row, colon + 1, row.len);
		for (rest = str_trim(rest); rest.len;) {
			size_t blank = str_find(rest, STR(" "), 0);
			struct str name = str_sub(rest, 0, blank);
			bool failed = name.s[0] == '!';
			name = str_sub(name, failed, name.len);
			node->requires[node->nrequires++] = (struct sim_edge){
				find_node(w, name), 1u << (failed ? JOB_FAILED : JOB_SUCCESS)};
			rest = blank == SIZE_MAX ? STR("") : str_sub(rest, blank + 1, rest.len);
		}
		w->order[i] = i;
	}
	return w;
}

static struct str
draw(struct arena *a, const char *format, const struct graph *g, unsigned width)
{
	struct sb b = {.a = a};
	struct report_graphs graphs = {.v = &g, .n = 1, .style = {.width = width}};
	report_graphs(&b, format, &graphs);
	return sb_str(&b);
}

#define ROWS(rows) rows, (uint32_t)(sizeof rows / sizeof *rows)

static void
check_text(const char *const *rows, uint32_t n, bool collapse, const char *expected)
{
	struct arena *a = arena_new();
	struct graph *g = graph_of(a, workflow_of(a, rows, n), collapse, NULL);
	struct str got = draw(a, "text", g, 0);
	if (!str_is(got, expected))
		fail_msg("got:\n%.*s\nexpected:\n%s", STR_ARG(got), expected);
	arena_free(a);
}

static void
test_text(void **state)
{
	(void)state;
	static const char *const one[] = {"build"};
	check_text(ROWS(one), true, "main\n  ●  build\n");
	static const char *const chain[] = {"build", "hold?: build", "deploy: hold"};
	check_text(ROWS(chain), true, "main\n  ●  build\n  ◆  hold  approval\n  ●  deploy\n");
	static const char *const diamond[] = {
		"build", "test: build", "lint: build", "deploy: test lint"};
	check_text(ROWS(diamond), true,
		"main\n"
		"  ●    build\n"
		"  ├─╮\n"
		"  │ ●  test\n"
		"  ● │  lint\n"
		"  ├─╯\n"
		"  ●    deploy\n");
	static const char *const passing[] = {
		"a", "b: a", "c: a b", "d", "report: !a", "e: d c report"};
	check_text(ROWS(passing), true,
		"main\n"
		"  ●      a\n"
		"  ├─╮\n"
		"  │ ●    b\n"
		"  ├─┤\n"
		"  │ ●    c\n"
		"  │ │ ●  d\n"
		"  ● │ │  report  after a: failed\n"
		"  ├─┴─╯\n"
		"  ●      e\n");
}

static void
test_matrix(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"build", "test-1#test: build", "test-2#test: build", "end: test-1 test-2"};
	check_text(ROWS(rows), true, "main\n  ●  build\n  ●  test  matrix of 2\n  ●  end\n");
	check_text(ROWS(rows), false,
		"main\n"
		"  ●    build\n"
		"  ├─╮\n"
		"  │ ●  test-1\n"
		"  ● │  test-2\n"
		"  ├─╯\n"
		"  ●    end\n");
	/* Members that wait for each other stay apart: drawn as one, they would wait for
	 * themselves. */
	static const char *const chain[] = {"a#g", "b#g: a"};
	check_text(ROWS(chain), true, "main\n  ●  a\n  ●  b\n");
}

/* No line is longer than the width, whatever the names. */
static void
test_width(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	const char *rows[60];
	char long_name[200];
	memset(long_name, 'x', sizeof long_name);
	long_name[sizeof long_name - 1] = '\0';
	rows[0] = long_name;
	for (int i = 1; i < 60; i++)
		rows[i] = str_printf(a, "%d%s: %s", i, long_name, long_name).s;
	for (uint32_t n = 2; n <= 60; n += 29) {
		struct graph *g = graph_of(a, workflow_of(a, rows, n), true, NULL);
		struct str text = draw(a, "text", g, 80);
		assert_true(str_has(text, STR("…")));
		for (size_t at = 0; at < text.len;) {
			size_t end = str_find(text, STR("\n"), at);
			assert_true(utf8_count(str_sub(text, at, end)) <= 80);
			at = end + 1;
		}
	}
	arena_free(a);
}

/* Spots of one column stand at least a row apart, and edges lead to later columns. */
static void
check_layers(struct arena *a, const struct graph *g)
{
	struct layers *l = graph_layers(a, g);
	for (uint32_t i = 0; i < l->nspots; i++) {
		assert_true(l->spots[i].y >= 0 && l->spots[i].y <= l->rows - 1 + 1e-9);
		for (uint32_t k = 0; k < i; k++) {
			double apart = l->spots[i].y - l->spots[k].y;
			if (l->spots[i].level == l->spots[k].level)
				assert_true(apart >= 1 - 1e-9 || apart <= -1 + 1e-9);
		}
	}
	for (uint32_t e = 0; e < g->nedges; e++) {
		uint32_t from = g->nodes[g->edges[e].from].level;
		uint32_t to = g->nodes[g->edges[e].to].level;
		assert_true(from < to);
		assert_int_equal(l->passes_of_edge[e], to - from - 1);
	}
}

static void
test_layers(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 60; seed++) {
		struct arena *a = arena_new();
		uint32_t n = 1 + seed % 37;
		struct sim_workflow w = {.name = STR("w"),
			.nodes = NEW_ARRAY(a, struct sim_node, n),
			.order = NEW_ARRAY(a, uint32_t, n),
			.nnodes = n};
		srand(seed);
		for (uint32_t i = 0; i < n; i++) {
			struct sim_node *node = &w.nodes[i];
			*node = (struct sim_node){.name = str_printf(a, "n%u", (unsigned)i),
				.job = &plain_job,
				.requires = NEW_ARRAY(a, struct sim_edge, n)};
			w.order[i] = i;
			for (uint32_t k = 0; k < i; k++)
				if (rand() % 5 == 0)
			node->requires[node->nrequires++] = (struct sim_edge){k, 1u << JOB_SUCCESS};
		}
		struct graph *g = graph_of(a, &w, true, NULL);
		check_layers(a, g);
		assert_true(str_ends(draw(a, "text", g, 0), STR("\n")));
		arena_free(a);
	}
}

/* Two edges that cross as they are written do not when they are drawn. */
static void
test_crossings(void **state)
{
	(void)state;
	static const char *const rows[] = {"a", "b", "x: b", "y: a"};
	struct arena *a = arena_new();
	struct graph *g = graph_of(a, workflow_of(a, ROWS(rows)), true, NULL);
	struct layers *l = graph_layers(a, g);
	bool a_first = l->spots[l->of_node[0]].y < l->spots[l->of_node[1]].y;
	bool y_first = l->spots[l->of_node[3]].y < l->spots[l->of_node[2]].y;
	assert_int_equal(a_first, y_first);
	arena_free(a);
}

static void
test_escapes(void **state)
{
	(void)state;
	static const char *const rows[] = {"<b>\"x\"&\\", "hold?: <b>\"x\"&\\"};
	struct arena *a = arena_new();
	struct graph *g = graph_of(a, workflow_of(a, ROWS(rows)), true, NULL);
	assert_true(str_has(draw(a, "dot", g, 0), STR("[label=\"<b>\\\"x\\\"&\\\\\"")));
	assert_true(str_has(draw(a, "svg", g, 0), STR(">&lt;b&gt;\"x\"&amp;\\<")));
	assert_true(str_has(draw(a, "mermaid", g, 0), STR("[\"#60;b#62;#34;x#34;#38;\\\"]")));
	assert_true(str_has(draw(a, "json", g, 0), STR("\"<b>\\\"x\\\"&\\\\\"")));
	assert_true(str_has(draw(a, "mermaid", g, 0), STR("{{\"hold<br/>approval\"}}")));
	arena_free(a);
}

static void
test_times(void **state)
{
	(void)state;
	static const char *const rows[] = {"build", "slow: build", "quick: build"};
	struct arena *a = arena_new();
	struct sim_workflow *w = workflow_of(a, ROWS(rows));
	struct sim_job_run jobs[] = {
		{.node = &w->nodes[0], .ready = 0, .start = 0, .end = 61000, .critical = true},
		{.node = &w->nodes[1],
			.ready = 61000,
			.start = 62000,
			.end = 200000,
			.critical = true},
		{.node = &w->nodes[2], .ready = 61000, .start = 61000, .end = 61400}};
	struct sim_workflow_run run = {.workflow = w, .jobs = jobs, .njobs = 3};
	struct graph *g = graph_of(a, w, true, &run);
	assert_int_equal(g->nodes[1].ms, 139000);
	assert_true(g->edges[0].critical);
	assert_false(g->edges[1].critical);
	assert_true(str_has(draw(a, "text", g, 0), STR("slow  2m19s, critical\n")));
	assert_true(str_has(draw(a, "text", g, 0), STR("quick  400ms\n")));
	assert_true(str_has(draw(a, "mermaid", g, 0), STR("w0n0 ==> w0n1\n")));
	assert_true(str_has(draw(a, "dot", g, 0), STR("w0n0 -> w0n1 [color=red, penwidth=2];")));
	arena_free(a);
}

static void
test_durations(void **state)
{
	(void)state;
	static const struct {
		int64_t ms;
		const char *text;
	} rows[] = {{0, "0s"}, {1, "1ms"}, {999, "999ms"}, {1000, "1s"}, {4250, "4.2s"},
		{9999, "9.9s"}, {10400, "10s"}, {59499, "59s"}, {59500, "1m"}, {80000, "1m20s"},
		{3599499, "59m59s"}, {3599500, "1h"}, {7500000, "2h05m"}, {86400000, "1d"},
		{INT64_MAX / 4, "26687997791d20h"}};
	struct arena *a = arena_new();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str got = units_duration(a, rows[i].ms);
		if (!str_is(got, rows[i].text))
			fail_msg("%lld: got %.*s, expected %s", (long long)rows[i].ms, STR_ARG(got),
				rows[i].text);
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_matrix),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_layers),
		cmocka_unit_test(test_crossings),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_durations),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
