/* SPDX-License-Identifier: MIT */
/* Checkstyle's XML: the findings of each file; a clean file has none. */
#include "ccx/report.h"

#include "format.h"
#include "xmlw.h"

/* <error line="41" column="17" severity="error" message="…" source="ccx.undefined-job"/> */
static void
put_error(struct sb *out, const struct report_input *in, const struct diag *g)
{
	static const char *const severities[] = {"error", "warning", "info"};
	struct extent e = {.start = {1, 1, 0}};
	extent_of(in, g->span, &e);
	sb_puts(out, "    <error");
	xmlw_number(out, "line", e.start.line);
	xmlw_number(out, "column", e.start.column);
	xmlw_attr(out, "severity", str_of(severities[g->severity]));
	xmlw_attr(out, "message", one_line(in->sources->a, finding_text(in, g)));
	xmlw_attr(out, "source", str_printf(in->sources->a, "ccx.%s", rule_info(g->rule)->id));
	sb_puts(out, "/>\n");
}

void
render_checkstyle(struct sb *out, const struct report_input *in)
{
	uint32_t n;
	struct file_findings **files = findings_by_file(in, &n);
	sb_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n");
	for (uint32_t i = 0; i < n; i++) {
		sb_puts(out, "  <file");
		xmlw_attr(out, "name", files[i]->path);
		sb_puts(out, files[i]->all.n ? ">\n" : "/>\n");
		for (uint32_t k = 0; k < files[i]->all.n; k++)
			put_error(out, in, files[i]->all.v[k]);
		if (files[i]->all.n)
			sb_puts(out, "  </file>\n");
	}
	sb_puts(out, "</checkstyle>\n");
}
