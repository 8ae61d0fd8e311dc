/* SPDX-License-Identifier: MIT */
/*
 * GitLab's Code Quality report: a list of findings. Paths are relative to $CI_PROJECT_DIR and
 * must not start with "./". A fingerprint must be unique, or GitLab shows the first only.
 */
#include "ccx/report.h"

#include "format.h"
#include "jsonw.h"

/* "begin": {"line": 41, "column": 17} */
static void
put_position(struct jsonw *w, const char *key, struct place p)
{
	jsonw_open(w, key, '{');
	jsonw_number(w, "line", p.line);
	jsonw_number(w, "column", p.column);
	jsonw_close(w, '}');
}

static void
put_location(struct jsonw *w, const struct report_input *in, const struct diag *g)
{
	struct extent e;
	jsonw_open(w, "location", '{');
	if (extent_of(in, finding_anchor(in, g), &e)) {
		jsonw_str(w, "path", e.path);
		jsonw_open(w, "positions", '{');
		put_position(w, "begin", e.start);
		put_position(w, "end", e.end);
		jsonw_close(w, '}');
	} else {
		jsonw_str(w, "path", path_fallback(in));
		jsonw_open(w, "lines", '{');
		jsonw_number(w, "begin", 1);
		jsonw_close(w, '}');
	}
	jsonw_close(w, '}');
}

void
render_gitlab(struct sb *out, const struct report_input *in)
{
	static const char *const severities[] = {"major", "minor", "info"};
	const struct str *fingerprints = report_fingerprints(in->sources->a, in);
	struct jsonw w = {.out = out};
	jsonw_open(&w, NULL, '[');
	for (uint32_t i = 0; i < in->findings->all.n; i++) {
		const struct diag *g = &in->findings->all.v[i];
		if (g->ignored)
			continue;
		jsonw_open(&w, NULL, '{');
		jsonw_text(&w, "check_name", rule_info(g->rule)->id);
		jsonw_str(&w, "description", finding_anchor_text(in, g));
		jsonw_text(&w, "severity", severities[g->severity]);
		jsonw_str(&w, "fingerprint", fingerprints[i]);
		put_location(&w, in, g);
		jsonw_close(&w, '}');
	}
	jsonw_close(&w, ']');
	sb_char(out, '\n');
}
