/* SPDX-License-Identifier: MIT */
/* report: the formats made of lines and of XML, byte by byte. */
#include "report_world.h"

#include <stdlib.h>
#include <sys/wait.h>

#define PATH ".circleci/config.yml"

/* ---- the table --------------------------------------------------------------------------- */

static void
formats_are_found_by_name(void **state)
{
	(void)state;
	size_t n;
	const struct report_format *all = report_formats(&n);
	assert_int_equal(n, 10);
	for (size_t i = 0; i < n; i++) {
		assert_ptr_equal(report_format_find(str_of(all[i].name)), &all[i]);
		assert_true(strlen(all[i].doc) > 0 && strchr(all[i].content_type, '/'));
	}
	assert_null(report_format_find(STR("xml")));
	assert_null(report_format_find(STR("jso")));
	assert_null(report_format_find(STR("")));
}

/* ---- lines ------------------------------------------------------------------------------- */

static void
concise_is_one_line_a_finding(void **state)
{
	(void)state;
	struct world *w = world_new();
	expect_text(w, "concise", "");
	push_typo(w);
	push(w, span_of(w, w->config, "x\n"), SEVERITY_WARNING, "two\r\n  lines\n\nand \033[31m");
	push(w, (struct span){0}, SEVERITY_NOTE, "no place \xff");
	expect_text(w, "concise",
		"./" PATH ":9:9: error: job \"biuld\" is not defined [undefined-job]\n"
		"./" PATH ":10:20: warning: two lines and \xef\xbf\xbd[31m [invalid-value]\n"
		"note: no place \xef\xbf\xbd [invalid-value]\n");
	world_free(w);
}

static void
text_is_a_format_too(void **state)
{
	(void)state;
	struct world *w = world_new();
	push_typo(w);
	struct sb out = {.a = w->a};
	report_text(&out, &w->s, &w->d, w->in.style);
	sb_char(&out, 0);
	expect_text(w, "text", out.s);
	world_free(w);
}

static void
github_commands_are_escaped(void **state)
{
	(void)state;
	struct world *w = world_new();
	expect_text(w, "github", "");
	push_typo(w);
	push(w, span_from(w, w->config, "docker", "steps"), SEVERITY_WARNING, "100%\r\nof a::b, c");
	uint32_t odd = source_add(&w->s, STR("a,b:c%\n.yml"), STR("x"));
	push(w, span_of(w, odd, "x"), SEVERITY_NOTE, "odd");
	push(w, (struct span){0}, SEVERITY_ERROR, "no place");
	expect_text(w, "github",
		"::error title=ccx (undefined-job),file=" PATH
		",line=9,col=9,endLine=9,endColumn=14::" PATH
		":9:9: undefined-job job \"biuld\" is not defined%0Adid you mean \"build\"?%0A"
		"help: jobs defined: build\n"
		"::warning title=ccx (invalid-value),file=" PATH ",line=4,endLine=5::" PATH
		":4:5: invalid-value 100%25%0D%0Aof a::b, c\n"
		"::notice title=ccx "
		"(invalid-value),file=a%2Cb%3Ac%25%0A.yml,line=1,col=1,endLine=1,"
		"endColumn=2::a,b:c%25%0A.yml:1:1: invalid-value odd\n"
		"::error title=ccx (invalid-value)::invalid-value no place\n");
	world_free(w);
}

static void
a_fault_in_an_orb_from_elsewhere_is_shown_at_its_call(void **state)
{
	(void)state;
	static const char *const outside[] = {"/home/me/orbs/acme/node/1.0.0.yml",
		"../orbs/node.yml", "https://x.example/o.yml", "<orb>", "-"};
	for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
		struct world *w = world_new();
		push_orb_fault(w, outside[i]);
		const char *got = render(w, "github");
		expect_holds(got, "file=" PATH ",line=5,col=13,endLine=5,endColumn=21::" PATH
				  ":5:13: unknown-key unknown key \"stpes\"%0Aat ");
		expect_holds(got, outside[i]);
		expect_holds(got, ":3:5\n");
		world_free(w);
	}
	struct world *w = world_new();
	push_orb_fault(w, ".circleci/orbs/acme/node/1.0.0.yml");
	expect_text(w, "github",
		"::error title=ccx "
		"(unknown-key),file=.circleci/orbs/acme/node/1.0.0.yml,line=3,col=5,"
		"endLine=3,endColumn=10::.circleci/orbs/acme/node/1.0.0.yml:3:5: unknown-key "
		"unknown key \"stpes\"\n");
	w->d.all.v[0].origin = NULL;
	w->s.all.v[2].path = STR("/elsewhere.yml"); /* no call to show it at */
	expect_holds(render(w, "github"), ",file=/elsewhere.yml,line=3,");
	expect_holds(render(w, "junit"), "unknown key \"stpes\" [unknown-key]</failure>");
	world_free(w);
}

/* ---- XML --------------------------------------------------------------------------------- */

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

static void
checkstyle_lists_every_file(void **state)
{
	(void)state;
	struct world *w = world_new();
	push_typo(w);
	push(w, (struct span){0}, SEVERITY_NOTE, "<no> \"place\" & \x01");
	expect_text(w, "checkstyle",
		XML "<checkstyle version=\"4.3\">\n"
		    "  <file name=\"" PATH "\">\n"
		    "    <error line=\"9\" column=\"9\" severity=\"error\" message=\"job "
		    "&quot;biuld&quot; is not "
		    "defined did you mean &quot;build&quot;? help: jobs defined: build\" "
		    "source=\"ccx.undefined-job\"/>\n"
		    "    <error line=\"1\" column=\"1\" severity=\"info\" message=\"&lt;no&gt; "
		    "&quot;place&quot; &amp; \xef\xbf\xbd\" source=\"ccx.invalid-value\"/>\n"
		    "  </file>\n"
		    "  <file name=\"clean &amp; sound.yml\"/>\n"
		    "</checkstyle>\n");
	world_free(w);
}

static void
junit_has_a_case_for_everything(void **state)
{
	(void)state;
	struct world *w = world_new();
	push_typo(w);
	push(w, span_of(w, w->config, "main"), SEVERITY_NOTE, "a\nnote");
	expect_text(w, "junit",
		XML "<testsuites name=\"ccx\" tests=\"3\" failures=\"1\" errors=\"0\">\n"
		    "  <testsuite name=\"" PATH
		    "\" tests=\"2\" failures=\"1\" errors=\"0\" time=\"0\">\n"
		    "    <testcase name=\"undefined-job at 9:9\" classname=\"" PATH
		    "\" file=\"" PATH "\" time=\"0\">\n"
		    "      <failure type=\"error\" message=\"job &quot;biuld&quot; is not "
		    "defined\">" PATH
		    ":9:9: error: job \"biuld\" is not defined\ndid you mean \"build\"?\n"
		    "help: jobs defined: build [undefined-job]</failure>\n"
		    "    </testcase>\n"
		    "    <testcase name=\"invalid-value at 7:3\" classname=\"" PATH
		    "\" file=\"" PATH "\" time=\"0\">\n"
		    "      <system-out>" PATH ":7:3: note: a\nnote [invalid-value]</system-out>\n"
		    "    </testcase>\n"
		    "  </testsuite>\n"
		    "  <testsuite name=\"clean &amp; sound.yml\" tests=\"1\" failures=\"0\" "
		    "errors=\"0\" "
		    "time=\"0\">\n"
		    "    <testcase name=\"No errors found\" classname=\"clean &amp; sound.yml\" "
		    "file=\"clean &amp; sound.yml\" time=\"0\"/>\n"
		    "  </testsuite>\n"
		    "</testsuites>\n");
	world_free(w);
}

static void
an_empty_run_passes_in_junit(void **state)
{
	(void)state;
	struct world *w = world_new();
	w->in.npaths = 0;
	expect_text(w, "junit",
		XML
		"<testsuites name=\"ccx\" tests=\"1\" failures=\"0\" errors=\"0\">\n"
		"  <testsuite name=\"ccx\" tests=\"1\" failures=\"0\" errors=\"0\" time=\"0\">\n"
		"    <testcase name=\"No errors found\" classname=\"ccx\" time=\"0\"/>\n"
		"  </testsuite>\n"
		"</testsuites>\n");
	expect_text(w, "checkstyle", XML "<checkstyle version=\"4.3\">\n</checkstyle>\n");
	push(w, (struct span){0}, SEVERITY_ERROR, "no place");
	expect_holds(render(w, "junit"), "<testsuite name=\"" PATH "\" tests=\"1\" failures=\"1\"");
	world_free(w);
}

/* Everything that XML or a terminal might choke on, and a name of each kind. */
static struct world *
hostile_world(void)
{
	struct world *w = world_new();
	struct sb all = {.a = w->a};
	for (int c = 0; c < 256; c++)
		sb_char(&all, (char)c);
	sb_puts(&all, "]]> \xef\xbf\xbe \xef\xbf\xbf \xed\xa0\x80 \xf4\x90\x80\x80 \xc0\xaf "
		      "\xe2\x80\xa8");
	uint32_t file = source_add(&w->s, sb_str(&all), sb_str(&all));
	struct diag *g =
		diag_push(&w->d, RULE_YAML_ENCODING, (struct span){file, 200, UINT32_MAX}, "x");
	g->message = g->label = g->help = sb_str(&all);
	diag_note(&w->d, g, (struct span){file, UINT32_MAX, UINT32_MAX}, "beyond");
	g = diag_push(&w->d, RULE_YAML_SYNTAX, (struct span){file, UINT32_MAX, 7}, "y");
	g->message = STR("");
	push(w, (struct span){99, 5, 5}, SEVERITY_WARNING, "a file that is not there");
	return w;
}

static void
hostile_text_keeps_reports_readable(void **state)
{
	(void)state;
	struct world *w = hostile_world();
	size_t n;
	const struct report_format *all = report_formats(&n);
	for (size_t i = 0; i < n; i++) {
		const char *got = render(w, all[i].name);
		for (const char *c = got; *c; c++)
			assert_true((unsigned char)*c >= ' ' || strchr("\t\n", *c));
	}
	world_free(w);
}

static void
xmllint_takes_the_xml(void **state)
{
	(void)state;
	if (system("command -v xmllint >/dev/null 2>&1") != 0) {
		print_message("skipped: xmllint is not installed\n");
		skip();
	}
	static const char *const formats[] = {"junit", "checkstyle"};
	for (size_t i = 0; i < 4; i++) {
		struct world *w = i < 2 ? hostile_world() : world_new();
		const char *xml = render(w, formats[i % 2]);
		FILE *lint = popen("xmllint --noout -", "w");
		assert_non_null(lint);
		assert_true(fputs(xml, lint) >= 0);
		int status = pclose(lint);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
		world_free(w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_are_found_by_name),
		cmocka_unit_test(concise_is_one_line_a_finding),
		cmocka_unit_test(text_is_a_format_too),
		cmocka_unit_test(github_commands_are_escaped),
		cmocka_unit_test(a_fault_in_an_orb_from_elsewhere_is_shown_at_its_call),
		cmocka_unit_test(checkstyle_lists_every_file),
		cmocka_unit_test(junit_has_a_case_for_everything),
		cmocka_unit_test(an_empty_run_passes_in_junit),
		cmocka_unit_test(hostile_text_keeps_reports_readable),
		cmocka_unit_test(xmllint_takes_the_xml),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
