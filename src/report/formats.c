/* SPDX-License-Identifier: MIT */
/* The table of formats: what --format takes. */
#include "ccx/report.h"

#include "format.h"

static void
render_text(struct sb *out, const struct report_input *in)
{
	report_text(out, in->sources, in->findings, in->style);
}

static const struct report_format formats[] = {
	{"text", "text/plain", "code frames for people", render_text},
	{"concise", "text/plain", "one line a finding, for editors and grep", render_concise},
	{"json", "application/json", "one JSON document", render_json},
	{"jsonl", "application/x-ndjson", "JSON, one finding a line", render_jsonl},
	{"sarif", "application/sarif+json", "SARIF 2.1.0, for code scanning", render_sarif},
	{"github", "text/plain", "GitHub Actions annotations", render_github},
	{"gitlab", "application/json", "GitLab Code Quality", render_gitlab},
	{"junit", "application/xml", "JUnit, for store_test_results", render_junit},
	{"checkstyle", "application/xml", "Checkstyle", render_checkstyle},
	{"rdjson", "application/json", "reviewdog", render_rdjson},
};

const struct report_format *
report_formats(size_t *n)
{
	*n = sizeof formats / sizeof *formats;
	return formats;
}

const struct report_format *
report_format_find(struct str name)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (str_is(name, formats[i].name))
			return &formats[i];
	return NULL;
}
