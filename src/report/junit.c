/* SPDX-License-Identifier: MIT */
/*
 * JUnit's XML, the report of CircleCI's own store_test_results: a suite for each file, a case for
 * each finding. Errors and warnings are failures, notes pass. What is clean is a passing case:
 * CircleCI shows nothing at all for a report without cases.
 */
#include "ccx/report.h"

#include "format.h"
#include "xmlw.h"

/* CircleCI splits tests by `file` and needs `time`. */
static void
put_case(struct sb *out, struct str name, struct str file)
{
	sb_puts(out, "    <testcase");
	xmlw_attr(out, "name", name);
	xmlw_attr(out, "classname", file.len ? file : STR("ccx"));
	if (file.len)
		xmlw_attr(out, "file", file);
	sb_puts(out, " time=\"0\"");
}

static void
put_clean(struct sb *out, struct str file)
{
	put_case(out, STR("No errors found"), file);
	sb_puts(out, "/>\n");
}

/* <testcase name="undefined-job at 41:17" …>
 *   <failure type="error" message="job &quot;biuld&quot; is not defined">…</failure> */
static void
put_finding(struct sb *out, const struct report_input *in, const struct diag *g, struct str file)
{
	const char *rule = rule_info(g->rule)->id;
	struct arena *a = in->sources->a;
	struct extent e;
	struct str name = str_of(rule), where = STR("");
	if (extent_of(in, g->span, &e)) {
		unsigned line = e.start.line, column = e.start.column;
		name = str_printf(a, "%s at %u:%u", rule, line, column);
		where = str_printf(a, "%.*s:%u:%u: ", STR_ARG(e.path), line, column);
	}
	const char *element = g->severity == SEVERITY_NOTE ? "system-out" : "failure";
	put_case(out, name, file);
	sb_printf(out, ">\n      <%s", element);
	if (g->severity != SEVERITY_NOTE) {
		xmlw_attr(out, "type", str_of(severity_word(g->severity)));
		xmlw_attr(out, "message", one_line(a, g->message));
	}
	sb_char(out, '>');
	xmlw_text(out, where);
	sb_printf(out, "%s: ", severity_word(g->severity));
	xmlw_text(out, finding_text(in, g));
	sb_printf(out, " [%s]</%s>\n    </testcase>\n", rule, element);
}

static void
put_counts(struct sb *out, const char *name, size_t tests, size_t failures)
{
	xmlw_attr(out, "name", str_of(name));
	xmlw_number(out, "tests", tests);
	xmlw_number(out, "failures", failures);
	sb_puts(out, " errors=\"0\"");
}

static size_t
count_failures(const struct file_findings *f)
{
	size_t n = 0;
	for (uint32_t i = 0; i < f->all.n; i++)
		n += f->all.v[i]->severity != SEVERITY_NOTE;
	return n;
}

static void
put_suite(struct sb *out, const struct report_input *in, const struct file_findings *f)
{
	sb_puts(out, "  <testsuite");
	xmlw_attr(out, "name", f->path.len ? f->path : STR("ccx"));
	xmlw_number(out, "tests", f->all.n ? f->all.n : 1);
	xmlw_number(out, "failures", count_failures(f));
	sb_puts(out, " errors=\"0\" time=\"0\">\n");
	for (uint32_t i = 0; i < f->all.n; i++)
		put_finding(out, in, f->all.v[i], f->path);
	if (!f->all.n)
		put_clean(out, f->path);
	sb_puts(out, "  </testsuite>\n");
}

void
render_junit(struct sb *out, const struct report_input *in)
{
	static const struct file_findings nothing = {0};
	uint32_t n;
	struct file_findings **files = findings_by_file(in, &n);
	size_t tests = n ? 0 : 1, failures = 0;
	for (uint32_t i = 0; i < n; i++) {
		tests += files[i]->all.n ? files[i]->all.n : 1;
		failures += count_failures(files[i]);
	}
	sb_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
	put_counts(out, "ccx", tests, failures);
	sb_puts(out, ">\n");
	for (uint32_t i = 0; i < n; i++)
		put_suite(out, in, files[i]);
	if (!n)
		put_suite(out, in, &nothing);
	sb_puts(out, "</testsuites>\n");
}
