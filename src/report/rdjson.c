/* SPDX-License-Identifier: MIT */
/*
 * reviewdog's diagnostic format. Its columns count bytes of UTF-8, unlike all others here; the
 * end of a range is behind the last byte.
 */
#include "ccx/report.h"

#include "format.h"
#include "jsonw.h"

static const char *const severities[] = {"ERROR", "WARNING", "INFO"};

/* A byte order mark is no column of the first line. */
static uint32_t
byte_column(const struct source *source, struct place p)
{
	uint32_t start = source->lines[p.line - 1];
	if (p.line == 1 && str_starts(source->text, STR("\xef\xbb\xbf")))
		start = p.offset < 3 ? p.offset : 3;
	return p.offset - start + 1;
}

static void
put_position(struct jsonw *w, const char *key, const struct source *source, struct place p)
{
	jsonw_open(w, key, '{');
	jsonw_number(w, "line", p.line);
	jsonw_number(w, "column", byte_column(source, p));
	jsonw_close(w, '}');
}

/* "range": {"start": {"line": 9, "column": 9}, "end": {"line": 9, "column": 14}} */
static void
put_range(struct jsonw *w, const struct report_input *in, struct span span)
{
	struct extent e;
	if (!extent_of(in, span, &e))
		return;
	const struct source *source = source_of(in->sources, span.file);
	jsonw_open(w, "range", '{');
	put_position(w, "start", source, e.start);
	put_position(w, "end", source, e.end);
	jsonw_close(w, '}');
}

/* Suggestions are alternatives, each a single edit of the diagnostic's own file: what takes several
 * edits cannot be said. */
static void
put_suggestion(struct jsonw *w, const struct report_input *in, const struct diag *g)
{
	if (!g->fix || g->fix->nedits != 1 || finding_moves(in, g) ||
		g->fix->edits[0].span.file != g->span.file)
		return;
	jsonw_open(w, "suggestions", '[');
	jsonw_open(w, NULL, '{');
	put_range(w, in, g->fix->edits[0].span);
	jsonw_str(w, "text", g->fix->edits[0].text);
	jsonw_close(w, '}');
	jsonw_close(w, ']');
}

static void
put_location(struct jsonw *w, const struct report_input *in, const struct diag *g)
{
	struct span span = finding_anchor(in, g);
	struct extent e;
	jsonw_open(w, "location", '{');
	if (extent_of(in, span, &e)) {
		jsonw_str(w, "path", e.path);
		put_range(w, in, span);
	} else {
		jsonw_str(w, "path", path_fallback(in));
	}
	jsonw_close(w, '}');
}

static void
put_diagnostic(struct jsonw *w, const struct report_input *in, const struct diag *g)
{
	jsonw_open(w, NULL, '{');
	jsonw_str(w, "message", finding_anchor_text(in, g));
	put_location(w, in, g);
	jsonw_text(w, "severity", severities[g->severity]);
	jsonw_open(w, "code", '{');
	jsonw_text(w, "value", rule_info(g->rule)->id);
	jsonw_str(w, "url", rule_url(in->sources->a, g->rule));
	jsonw_close(w, '}');
	put_suggestion(w, in, g);
	jsonw_close(w, '}');
}

void
render_rdjson(struct sb *out, const struct report_input *in)
{
	const struct diag_list *d = in->findings;
	struct jsonw w = {.out = out};
	jsonw_open(&w, NULL, '{');
	jsonw_open(&w, "source", '{');
	jsonw_text(&w, "name", "ccx");
	jsonw_text(&w, "url", REPORT_TOOL_URL);
	jsonw_close(&w, '}');
	if (d->errors || d->warnings)
		jsonw_text(
			&w, "severity", severities[d->errors ? SEVERITY_ERROR : SEVERITY_WARNING]);
	jsonw_open(&w, "diagnostics", '[');
	for (uint32_t i = 0; i < d->all.n; i++)
		if (!d->all.v[i].ignored)
			put_diagnostic(&w, in, &d->all.v[i]);
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	sb_char(out, '\n');
}
