/* SPDX-License-Identifier: MIT */
/*
 * ccx's own JSON, whole or one finding a line. A key is never taken away or given another type
 * without a new version number; keys may be added.
 */
#include "ccx/report.h"

#include "format.h"
#include "jsonw.h"

enum { JSON_VERSION = 1 };

/* "start": {"line": 41, "column": 17, "offset": 903} */
static void
put_place(struct jsonw *w, const char *key, struct place p)
{
	jsonw_open(w, key, '{');
	jsonw_number(w, "line", p.line);
	jsonw_number(w, "column", p.column);
	jsonw_number(w, "offset", p.offset);
	jsonw_close(w, '}');
}

/* "path": ".circleci/config.yml", "start": {…}, "end": {…}; null when there is no file */
static void
put_extent(struct jsonw *w, const struct report_input *in, struct span span)
{
	struct extent e;
	if (!extent_of(in, span, &e)) {
		jsonw_null(w, "path");
		jsonw_null(w, "start");
		jsonw_null(w, "end");
		return;
	}
	jsonw_str(w, "path", e.path);
	put_place(w, "start", e.start);
	put_place(w, "end", e.end);
}

static void
put_related(struct jsonw *w, const struct report_input *in, const struct diag *g)
{
	uint32_t n;
	const struct related *related = finding_related(in, g, &n);
	jsonw_open(w, "related", '[');
	for (uint32_t i = 0; i < n; i++) {
		jsonw_open(w, NULL, '{');
		put_extent(w, in, related[i].span);
		jsonw_str(w, "message", related[i].text);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

/* "fix": {"applicability": "safe", "edits": [{"path": …, "start": …, "end": …, "offset": 112,
 * "length": 5, "text": "build"}]} */
static void
put_fix(struct jsonw *w, const struct report_input *in, const struct fix *fix)
{
	if (!fix) {
		jsonw_null(w, "fix");
		return;
	}
	jsonw_open(w, "fix", '{');
	jsonw_text(w, "applicability", fix->safe ? "safe" : "unsafe");
	jsonw_open(w, "edits", '[');
	for (uint32_t i = 0; i < fix->nedits; i++) {
		const struct edit *edit = &fix->edits[i];
		jsonw_open(w, NULL, '{');
		put_extent(w, in, edit->span);
		jsonw_number(w, "offset", edit->span.off);
		jsonw_number(w, "length", edit->span.len);
		jsonw_str(w, "text", edit->text);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

static void
put_finding(struct jsonw *w, const struct report_input *in, const struct diag *g)
{
	jsonw_open(w, NULL, '{');
	jsonw_text(w, "rule", rule_info(g->rule)->id);
	jsonw_text(w, "severity", severity_word(g->severity));
	jsonw_str(w, "message", g->message);
	jsonw_optional(w, "label", g->label);
	jsonw_optional(w, "help", g->help);
	put_extent(w, in, g->span);
	jsonw_str(w, "url", rule_url(in->sources->a, g->rule));
	put_related(w, in, g);
	put_fix(w, in, g->fix);
	jsonw_close(w, '}');
}

static void
put_files(struct jsonw *w, const struct report_input *in)
{
	jsonw_open(w, "files", '[');
	for (uint32_t i = 0; i < in->npaths; i++) {
		jsonw_open(w, NULL, '{');
		jsonw_str(w, "path", path_plain(in->paths[i]));
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

/* not_shown: how many were found beyond those listed */
static void
put_summary(struct jsonw *w, const struct diag_list *d)
{
	jsonw_open(w, "summary", '{');
	jsonw_number(w, "errors", d->errors);
	jsonw_number(w, "warnings", d->warnings);
	jsonw_number(w, "not_shown", d->dropped);
	jsonw_close(w, '}');
}

void
render_json(struct sb *out, const struct report_input *in)
{
	struct jsonw w = {.out = out};
	jsonw_open(&w, NULL, '{');
	jsonw_number(&w, "version", JSON_VERSION);
	jsonw_open(&w, "tool", '{');
	jsonw_text(&w, "name", "ccx");
	jsonw_text(&w, "version", in->version);
	jsonw_close(&w, '}');
	put_files(&w, in);
	jsonw_open(&w, "findings", '[');
	for (uint32_t i = 0; i < in->findings->all.n; i++)
		if (!in->findings->all.v[i].ignored)
			put_finding(&w, in, &in->findings->all.v[i]);
	jsonw_close(&w, ']');
	put_summary(&w, in->findings);
	jsonw_close(&w, '}');
	sb_char(out, '\n');
}

void
render_jsonl(struct sb *out, const struct report_input *in)
{
	for (uint32_t i = 0; i < in->findings->all.n; i++) {
		struct jsonw w = {.out = out, .compact = true};
		if (in->findings->all.v[i].ignored)
			continue;
		put_finding(&w, in, &in->findings->all.v[i]);
		sb_char(out, '\n');
	}
}
