/* SPDX-License-Identifier: MIT */
/* report: what findings look like, byte by byte. */
#include "ccx/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

struct world {
	struct arena *a;
	struct sources s;
	struct diag_list d;
};

static struct world
world_new(void)
{
	struct world w = {.a = arena_new()};
	sources_init(&w.s, w.a);
	diag_init(&w.d, w.a);
	return w;
}

/* The span of the nth (from 0) occurrence of needle in a file. */
static struct span
span_of(const struct world *w, uint32_t file, const char *needle, int nth)
{
	struct str text = source_of(&w->s, file)->text;
	size_t at = str_find(text, str_of(needle), 0);
	while (nth-- > 0)
		at = str_find(text, str_of(needle), at + 1);
	assert_true(at != SIZE_MAX);
	return (struct span){file, (uint32_t)at, (uint32_t)strlen(needle)};
}

static void
expect_style(struct world *w, struct report_style style, const char *want)
{
	struct sb out = {.a = w->a};
	report_text(&out, &w->s, &w->d, style);
	sb_char(&out, 0);
	if (strcmp(out.s, want) != 0)
		fprintf(stderr, "--- want\n%s--- got\n%s---\n", want, out.s);
	assert_string_equal(out.s, want);
	arena_free(w->a);
}

static void
expect(struct world *w, const char *want)
{
	expect_style(w, (struct report_style){false, 0}, want);
}

static const char config[] = "version: 2.1\n"
			     "jobs:\n"
			     "  build:\n"
			     "    docker: [{image: a}]\n"
			     "\n"
			     "  test: {}\n"
			     "workflows:\n"
			     "  w:\n"
			     "    jobs:\n"
			     "      - biuld\n"
			     "      - test\n";

static uint32_t
add(struct world *w, const char *path, const char *text)
{
	return source_add(&w->s, str_of(path), str_of(text));
}

static void
test_plain(void **state)
{
	(void)state;
	struct world w = world_new();
	uint32_t f = add(&w, "c.yml", config);
	struct diag *g = diag_push(&w.d, RULE_UNDEFINED_JOB, span_of(&w, f, "biuld", 0),
		"job \"%s\" is not defined", "biuld");
	diag_label(&w.d, g, "did you mean \"build\"?");
	diag_help(&w.d, g, "jobs defined: build, test\nor an orb's");
	expect(&w, "c.yml:10:9: error: job \"biuld\" is not defined [undefined-job]\n"
		   "   |\n"
		   "10 |       - biuld\n"
		   "   |         ^~~~~ did you mean \"build\"?\n"
		   "   = help: jobs defined: build, test\n"
		   "           or an orb's\n");
}

/* Notes stand in line order; a gap of one line is filled, a wider one is dotted. */
static void
test_notes_in_line_order(void **state)
{
	(void)state;
	struct world w = world_new();
	uint32_t f = add(&w, "c.yml", config), orb = add(&w, "orb.yml", "jobs:\n  build: {}\n");
	struct diag *g = diag_push(&w.d, RULE_UNDEFINED_JOB, span_of(&w, f, "test", 1), "twice");
	diag_label(&w.d, g, "here");
	diag_note(&w.d, g, span_of(&w, f, "test", 0), "defined here");
	diag_note(&w.d, g, span_of(&w, orb, "build", 0), "and there");
	diag_note(&w.d, g, span_of(&w, f, "jobs", 1), "in these");
	diag_note(&w.d, g, (struct span){0}, "no place");
	expect(&w, "c.yml:11:9: error: twice [undefined-job]\n"
		   "   |\n"
		   " 6 |   test: {}\n"
		   "   |   ---- defined here\n"
		   "...\n"
		   " 9 |     jobs:\n"
		   "   |     ---- in these\n"
		   "10 |       - biuld\n"
		   "11 |       - test\n"
		   "   |         ^~~~ here\n"
		   "  --> orb.yml:2:3\n"
		   "   |\n"
		   " 2 |   build: {}\n"
		   "   |   ----- and there\n"
		   "   = no place\n");
}

static void
test_marks_on_one_line(void **state)
{
	(void)state;
	struct world w = world_new();
	uint32_t f = add(&w, "c.yml", "aa bbb cc ddd\n");
	struct diag *g =
		diag_push(&w.d, RULE_YAML_DUPLICATE_KEY, span_of(&w, f, "ddd", 0), "again");
	diag_label(&w.d, g, "fourth");
	diag_note(&w.d, g, span_of(&w, f, "aa", 0), "first");
	diag_note(&w.d, g, span_of(&w, f, "bbb", 0), "second");
	diag_note(&w.d, g, span_of(&w, f, "cc ddd", 0), "overlaps");
	expect(&w, "c.yml:1:11: error: again [yaml-duplicate-key]\n"
		   "   |\n"
		   " 1 | aa bbb cc ddd\n"
		   "   | -- ---    ^~~ fourth\n"
		   "   | |  |\n"
		   "   | |  second\n"
		   "   | first\n"
		   "   |        ------ overlaps\n");
}

/* Tabs, wide characters, combining ones, bad bytes and controls all keep the caret in place. */
static void
test_cells(void **state)
{
	(void)state;
	static const struct {
		const char *line, *shown, *before;
	} rows[] = {
		{"\tx", "    x", "     "},
		{"a\tx", "a   x", "     "},
		{"\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5\xe6\x9c\xac", "    "},
		{"e\xcc\x81", "e\xcc\x81", " "},
		{"\xff", "\xef\xbf\xbd", " "},
		{"\x1b[31m", "\xef\xbf\xbd[31m", "     "},
		{"\xe2\x80\xae", "\xef\xbf\xbd", " "},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world w = world_new();
		char text[64], want[256];
		snprintf(text, sizeof text, "%s!!!\nnext\n", rows[i].line);
		uint32_t f = add(&w, "c.yml", text);
		struct span span = span_of(&w, f, "!!!", 0);
		struct place p = source_place(&w.s, f, span.off);
		diag_push(&w.d, RULE_YAML_SYNTAX, span, "m");
		snprintf(want, sizeof want,
			"c.yml:1:%u: error: m [yaml-syntax]\n   |\n 1 | %s!!!\n   | %s^~~\n",
			(unsigned)p.column, rows[i].shown, rows[i].before);
		expect(&w, want);
	}
}

static void
test_spans_at_the_edge(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint32_t off, len;
		const char *want;
	} rows[] = {
		{"", 0, 0, "c.yml:1:1: error: m [empty]\n   |\n 1 |\n   | ^\n"},
		{"", 7, 9, "c.yml:1:1: error: m [empty]\n   |\n 1 |\n   | ^\n"},
		{"ab\n", 2, 0, "c.yml:1:3: error: m [empty]\n   |\n 1 | ab\n   |   ^\n"},
		{"ab\n", 3, 5, "c.yml:2:1: error: m [empty]\n   |\n 2 |\n   | ^\n"},
		{"ab\ncd\n", 1, 4, "c.yml:1:2: error: m [empty]\n   |\n 1 | ab\n   |  ^\n"},
		{"ab\r\ncd", 0, 9, "c.yml:1:1: error: m [empty]\n   |\n 1 | ab\n   | ^~\n"},
		{"\xef\xbb\xbf"
		 "ab",
			3, 1, "c.yml:1:1: error: m [empty]\n   |\n 1 | ab\n   | ^\n"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world w = world_new();
		uint32_t f = add(&w, "c.yml", rows[i].text);
		diag_push(&w.d, RULE_EMPTY, (struct span){f, rows[i].off, rows[i].len}, "m");
		expect(&w, rows[i].want);
	}
}

static void
test_clipping(void **state)
{
	(void)state;
	static const char line[] = "0123456789012345678901234567890123456789abc456789x\n";
	static const struct {
		uint32_t off, len;
		const char *want;
	} rows[] = {
		{3, 2, "   |\n 1 | 01234567890123456789012\xe2\x80\xa6\n   |    ^~\n"},
		{40, 3,
			"   |\n 1 | \xe2\x80\xa6"
			"90123456789abc456789x\n   |             ^~~\n"},
		{0, 50,
			"   |\n 1 | 01234567890123456789012\xe2\x80\xa6\n"
			"   | ^~~~~~~~~~~~~~~~~~~~~~~~\n"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world w = world_new();
		char want[256];
		uint32_t f = add(&w, "c.yml", line);
		diag_push(&w.d, RULE_EMPTY, (struct span){f, rows[i].off, rows[i].len}, "m");
		snprintf(want, sizeof want, "c.yml:1:%u: error: m [empty]\n%s",
			(unsigned)rows[i].off + 1, rows[i].want);
		expect_style(&w, (struct report_style){false, 10}, want);
	}
}

/* A line of megabytes is shown around the fault, not printed, and costs no time. */
static void
test_huge_line(void **state)
{
	(void)state;
	struct world w = world_new();
	size_t len = 8 << 20;
	char *text = arena_alloc(w.a, len + 1);
	memset(text, 'a', len);
	memcpy(text + len / 2, "FAULT", 5);
	uint32_t f = add(&w, "c.yml", text);
	diag_push(&w.d, RULE_EMPTY, span_of(&w, f, "FAULT", 0), "m");
	struct sb out = {.a = w.a};
	report_text(&out, &w.s, &w.d, (struct report_style){false, 0});
	assert_true(out.len < 1000);
	assert_true(str_has(sb_str(&out), STR("\xe2\x80\xa6"
					      "aaaaaaaaaaaFAULTaa")));
	assert_true(str_has(sb_str(&out), STR("\n   |             ^~~~~\n")));
	arena_free(w.a);
}

static void
test_lines_of_message(void **state)
{
	(void)state;
	struct world w = world_new();
	diag_push(&w.d, RULE_YAML_SYNTAX, (struct span){0},
		"Unable to parse YAML\nwhile parsing\n in 'string', line 3:\n\n      build:\n      "
		"^");
	expect(&w, "error: Unable to parse YAML [yaml-syntax]\n"
		   "   = while parsing\n"
		   "      in 'string', line 3:\n"
		   "\n"
		   "           build:\n"
		   "           ^\n");
}

/* The excerpt of an official text is left out where the frame shows the same line. */
static void
test_excerpt(void **state)
{
	(void)state;
	struct world w = world_new();
	uint32_t f = add(&w, "c.yml", "run: echo << x >>\n");
	struct span x = span_of(&w, f, "x", 0);
	diag_push(&w.d, RULE_UNKNOWN_VARIABLE, x, "No \"x\":\necho << x >>\n        ^");
	diag_push(&w.d, RULE_UNKNOWN_VARIABLE, x, "No \"x\":\necho << xy >>\n        ^^");
	diag_push(&w.d, RULE_UNKNOWN_VARIABLE, x, "No \"x\":");
	expect(&w, "c.yml:1:14: error: No \"x\" [unknown-variable]\n"
		   "   |\n 1 | run: echo << x >>\n   |              ^\n\n"
		   "c.yml:1:14: error: No \"x\": [unknown-variable]\n"
		   "   |\n 1 | run: echo << x >>\n   |              ^\n"
		   "   = echo << xy >>\n             ^^\n\n"
		   "c.yml:1:14: error: No \"x\": [unknown-variable]\n"
		   "   |\n 1 | run: echo << x >>\n   |              ^\n");
}

static void
test_trail(void **state)
{
	(void)state;
	struct world w = world_new();
	uint32_t f = add(&w, "c.yml", config), orb = add(&w, "o.yml", "commands:\n  go: {}\n");
	struct span here = span_of(&w, f, "build", 0);
	struct origin workflow = {NULL, ORIGIN_WORKFLOW, STR("w"), span_of(&w, f, "w:", 0), {0}};
	struct origin job = {&workflow, ORIGIN_JOB, STR("test"), span_of(&w, f, "test", 1),
		span_of(&w, f, "test", 0)};
	struct origin executor = {&job, ORIGIN_EXECUTOR, STR("big"), {0}, {0}};
	struct origin command = {
		&executor, ORIGIN_COMMAND, STR("o/go"), here, span_of(&w, orb, "go", 0)};
	diag_push(&w.d, RULE_INVALID_STEP, here, "m")->origin = &command;
	expect(&w,
		"c.yml:3:3: error: m [invalid-step]\n"
		"   |\n"
		" 3 |   build:\n"
		"   |   ^~~~~\n"
		"   = Error calling workflow: 'w' (at c.yml:8:3)\n"
		"   = Error calling job: 'test' (called at c.yml:11:9, defined at c.yml:6:3)\n"
		"   = in executor: 'big'\n"
		"   = Error calling command: 'o/go' (called at c.yml:3:3, defined at o.yml:2:3)\n");
}

static void
test_long_trail(void **state)
{
	(void)state;
	struct world w = world_new();
	struct origin calls[40];
	for (int i = 0; i < 40; i++) {
		struct origin call = {i ? &calls[i - 1] : NULL, ORIGIN_COMMAND, STR(""), {0}, {0}};
		call.name = str_printf(w.a, "c%d", i);
		calls[i] = call;
	}
	diag_push(&w.d, RULE_INVALID_STEP, (struct span){0}, "m")->origin = &calls[39];
	expect(&w, "error: m [invalid-step]\n"
		   "   = Error calling command: 'c0'\n   = Error calling command: 'c1'\n"
		   "   = Error calling command: 'c2'\n   = Error calling command: 'c3'\n"
		   "   = Error calling command: 'c4'\n   = Error calling command: 'c5'\n"
		   "   = ... 28 more calls\n"
		   "   = Error calling command: 'c34'\n   = Error calling command: 'c35'\n"
		   "   = Error calling command: 'c36'\n   = Error calling command: 'c37'\n"
		   "   = Error calling command: 'c38'\n   = Error calling command: 'c39'\n");
}

static void
test_colour(void **state)
{
	(void)state;
	struct world w = world_new();
	uint32_t f = add(&w, "c.yml", "a: b\n");
	struct diag *g = diag_push(&w.d, RULE_SHADOWED_STEP, span_of(&w, f, "b", 0), "m\x1b[0m");
	diag_label(&w.d, g, "l");
	diag_help(&w.d, g, "h");
	expect_style(&w, (struct report_style){true, 80},
		"\033[1mc.yml:1:4\033[0m: \033[1;33mwarning\033[0m: "
		"\033[1mm\xef\xbf\xbd[0m\033[0m [shadowed-step]\n"
		"\033[1;34m   |\033[0m\n"
		"\033[1;34m 1 |\033[0m a: b\n"
		"\033[1;34m   |\033[0m    \033[1;33m^\033[0m \033[1;33ml\033[0m\n"
		"\033[1;34m   =\033[0m \033[1;32mhelp\033[0m: h\n");
}

static void
test_summary(void **state)
{
	(void)state;
	static const struct {
		uint32_t errors, warnings, dropped;
		const char *want;
	} rows[] = {
		{0, 0, 0, ""},
		{1, 0, 0, "1 error\n"},
		{0, 1, 0, "1 warning\n"},
		{2, 3, 0, "2 errors, 3 warnings\n"},
		{250, 1, 51, "250 errors, 1 warning (51 not shown)\n"},
	};
	struct arena *a = arena_new();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct diag_list d = {.errors = rows[i].errors,
			.warnings = rows[i].warnings,
			.dropped = rows[i].dropped};
		struct sb out = {.a = a};
		report_summary(&out, &d);
		sb_char(&out, 0);
		assert_string_equal(out.s, rows[i].want);
	}
	arena_free(a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_notes_in_line_order),
		cmocka_unit_test(test_marks_on_one_line),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_spans_at_the_edge),
		cmocka_unit_test(test_clipping),
		cmocka_unit_test(test_huge_line),
		cmocka_unit_test(test_lines_of_message),
		cmocka_unit_test(test_excerpt),
		cmocka_unit_test(test_trail),
		cmocka_unit_test(test_long_trail),
		cmocka_unit_test(test_colour),
		cmocka_unit_test(test_summary),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
