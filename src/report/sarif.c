/* SPDX-License-Identifier: MIT */
/*
 * SARIF 2.1.0, as GitHub's code scanning and SARIF viewers take it. Lines and columns are 1-based
 * and count code points; the end of a region is behind its last character. Places in the checkout
 * are relative to %SRCROOT%, whose address the reader knows.
 */
#include "ccx/report.h"

#include "format.h"
#include "jsonw.h"

#include <string.h>

#define SCHEMA_URL                                                            \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/" \
	"sarif-schema-2.1.0.json"

/* "message": {"text": "…"} */
static void
put_message(struct jsonw *w, const char *key, struct str text)
{
	jsonw_open(w, key, '{');
	jsonw_str(w, "text", text);
	jsonw_close(w, '}');
}

/* ---- rules ------------------------------------------------------------------------------- */

static void
put_rule(struct jsonw *w, struct arena *a, enum rule rule)
{
	const struct rule_info *info = rule_info(rule);
	struct str url = rule_url(a, rule);
	jsonw_open(w, NULL, '{');
	jsonw_text(w, "id", info->id);
	put_message(w, "shortDescription", str_of(info->doc));
	put_message(w, "fullDescription", str_of(info->doc));
	put_message(w, "help", str_printf(a, "%s See %.*s", info->doc, STR_ARG(url)));
	jsonw_str(w, "helpUri", url);
	jsonw_open(w, "defaultConfiguration", '{');
	jsonw_text(w, "level", severity_word(info->severity));
	jsonw_close(w, '}');
	jsonw_open(w, "properties", '{');
	jsonw_text(w, "group", info->group);
	jsonw_open(w, "tags", '[');
	jsonw_text(w, NULL, info->group);
	jsonw_close(w, ']');
	jsonw_close(w, '}');
	jsonw_close(w, '}');
}

static void
put_tool(struct jsonw *w, const struct report_input *in)
{
	jsonw_open(w, "tool", '{');
	jsonw_open(w, "driver", '{');
	jsonw_text(w, "name", "ccx");
	jsonw_text(w, "version", in->version);
	jsonw_text(w, "semanticVersion", in->version);
	jsonw_text(w, "informationUri", REPORT_TOOL_URL);
	jsonw_open(w, "rules", '[');
	for (int i = 0; i < RULE_COUNT; i++)
		put_rule(w, in->sources->a, (enum rule)i);
	jsonw_close(w, ']');
	jsonw_close(w, '}');
	jsonw_close(w, '}');
}

/* ---- places ------------------------------------------------------------------------------ */

/* In an address the marks that divide it stay, and what is escaped already. */
static bool
is_uri_char(unsigned char c, bool address)
{
	bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	if (letter || (c >= '0' && c <= '9'))
		return true;
	return c && strchr(address ? "-._~/@+=:?#[]!$&'()*,;%" : "-._~/@+=", c);
}

/* "orbs/dev:é.yml" -> "orbs/dev%3A%C3%A9.yml"; "/x y" -> "file:///x%20y" */
static struct str
path_uri(struct arena *a, struct str path)
{
	struct sb uri = {.a = a};
	bool address = str_has(path, STR("://"));
	if (str_starts(path, STR("/")))
		sb_puts(&uri, "file://");
	for (size_t i = 0; i < path.len; i++) {
		unsigned char c = (unsigned char)path.s[i];
		if (is_uri_char(c, address))
			sb_char(&uri, (char)c);
		else
			sb_printf(&uri, "%%%02X", c);
	}
	return sb_str(&uri);
}

static void
put_artifact(struct jsonw *w, const char *key, struct arena *a, struct str path)
{
	path = path_plain(path);
	jsonw_open(w, key, '{');
	jsonw_str(w, "uri", path_uri(a, path));
	if (path_in_checkout(path))
		jsonw_text(w, "uriBaseId", "%SRCROOT%");
	jsonw_close(w, '}');
}

static void
put_region(struct jsonw *w, const char *key, const struct extent *e)
{
	jsonw_open(w, key, '{');
	jsonw_number(w, "startLine", e->start.line);
	jsonw_number(w, "startColumn", e->start.column);
	jsonw_number(w, "endLine", e->end.line);
	jsonw_number(w, "endColumn", e->end.column);
	jsonw_close(w, '}');
}

/* "physicalLocation": {"artifactLocation": {…}, "region": {…}}; nothing without a file */
static void
put_physical(struct jsonw *w, const struct report_input *in, struct span span)
{
	struct extent e;
	if (!extent_of(in, span, &e))
		return;
	jsonw_open(w, "physicalLocation", '{');
	put_artifact(w, "artifactLocation", in->sources->a, e.path);
	put_region(w, "region", &e);
	jsonw_close(w, '}');
}

/* GitHub refuses a report with a result that has no location or no line. */
static void
put_location(struct jsonw *w, const struct report_input *in, struct span span)
{
	jsonw_open(w, "locations", '[');
	jsonw_open(w, NULL, '{');
	if (source_of(in->sources, span.file)) {
		put_physical(w, in, span);
	} else {
		jsonw_open(w, "physicalLocation", '{');
		put_artifact(w, "artifactLocation", in->sources->a, path_fallback(in));
		jsonw_open(w, "region", '{');
		jsonw_number(w, "startLine", 1);
		jsonw_close(w, '}');
		jsonw_close(w, '}');
	}
	jsonw_close(w, '}');
	jsonw_close(w, ']');
}

/* ---- results ----------------------------------------------------------------------------- */

static void
put_related_place(struct jsonw *w, const struct report_input *in, struct related r, uint32_t id)
{
	jsonw_open(w, NULL, '{');
	jsonw_number(w, "id", id);
	put_physical(w, in, r.span);
	put_message(w, "message", r.text);
	jsonw_close(w, '}');
}

static void
put_related(struct jsonw *w, const struct report_input *in, const struct diag *g)
{
	uint32_t n, id = 1;
	const struct related *related = finding_related(in, g, &n);
	bool moved = finding_moves(in, g);
	if (!n && !moved)
		return;
	jsonw_open(w, "relatedLocations", '[');
	if (moved)
		put_related_place(w, in, (struct related){g->message, g->span}, id++);
	for (uint32_t i = 0; i < n; i++)
		put_related_place(w, in, related[i], id++);
	jsonw_close(w, ']');
}

/* {"deletedRegion": {…}, "insertedContent": {"text": "build"}} */
static void
put_replacement(struct jsonw *w, const struct report_input *in, const struct edit *edit)
{
	struct extent e;
	if (!extent_of(in, edit->span, &e))
		return;
	jsonw_open(w, NULL, '{');
	put_region(w, "deletedRegion", &e);
	put_message(w, "insertedContent", edit->text);
	jsonw_close(w, '}');
}

static void
put_fixes(struct jsonw *w, const struct report_input *in, const struct diag *g)
{
	struct extent e;
	if (!g->fix || !g->fix->nedits || !extent_of(in, g->fix->edits[0].span, &e))
		return;
	jsonw_open(w, "fixes", '[');
	jsonw_open(w, NULL, '{');
	jsonw_open(w, "artifactChanges", '[');
	jsonw_open(w, NULL, '{');
	put_artifact(w, "artifactLocation", in->sources->a, e.path);
	jsonw_open(w, "replacements", '[');
	for (uint32_t i = 0; i < g->fix->nedits; i++)
		put_replacement(w, in, &g->fix->edits[i]);
	jsonw_close(w, ']');
	jsonw_close(w, '}');
	jsonw_close(w, ']');
	jsonw_open(w, "properties", '{');
	jsonw_text(w, "applicability", g->fix->safe ? "safe" : "unsafe");
	jsonw_close(w, '}');
	jsonw_close(w, '}');
	jsonw_close(w, ']');
}

/* An empty list says that the result is not suppressed; no list, that nobody knows. */
static void
put_suppressions(struct jsonw *w, const struct diag *g)
{
	jsonw_open(w, "suppressions", '[');
	if (g->ignored) {
		jsonw_open(w, NULL, '{');
		jsonw_text(w, "kind", "inSource");
		if (g->reason.len)
			jsonw_str(w, "justification", g->reason);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

struct prints {
	struct str line, finding;
};

static void
put_result(struct jsonw *w, const struct report_input *in, const struct diag *g, struct prints p)
{
	struct span anchor = finding_anchor(in, g);
	jsonw_open(w, NULL, '{');
	jsonw_text(w, "ruleId", rule_info(g->rule)->id);
	jsonw_number(w, "ruleIndex", g->rule);
	jsonw_text(w, "level", severity_word(g->severity));
	put_message(w, "message", finding_anchor_text(in, g));
	put_location(w, in, anchor);
	put_related(w, in, g);
	put_fixes(w, in, g);
	put_suppressions(w, g);
	jsonw_open(w, "partialFingerprints", '{');
	if (p.line.len)
		jsonw_str(w, "primaryLocationLineHash", p.line);
	jsonw_str(w, "ccxFinding/v1", p.finding);
	jsonw_close(w, '}');
	jsonw_close(w, '}');
}

static void
put_results(struct jsonw *w, const struct report_input *in)
{
	const struct diag_list *d = in->findings;
	struct arena *a = in->sources->a;
	struct span *anchors = NEW_ARRAY(a, struct span, d->all.n + 1);
	for (uint32_t i = 0; i < d->all.n; i++)
		anchors[i] = finding_anchor(in, &d->all.v[i]);
	const struct str *lines = line_hashes(in, anchors);
	const struct str *findings = report_fingerprints(a, in);
	jsonw_open(w, "results", '[');
	for (uint32_t i = 0; i < d->all.n; i++)
		put_result(w, in, &d->all.v[i], (struct prints){lines[i], findings[i]});
	jsonw_close(w, ']');
}

/* ---- the log ----------------------------------------------------------------------------- */

static void
put_artifacts(struct jsonw *w, const struct report_input *in)
{
	jsonw_open(w, "artifacts", '[');
	for (uint32_t i = 0; i < in->npaths; i++) {
		jsonw_open(w, NULL, '{');
		put_artifact(w, "location", in->sources->a, in->paths[i]);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static void
put_run(struct jsonw *w, const struct report_input *in)
{
	jsonw_open(w, NULL, '{');
	put_tool(w, in);
	jsonw_open(w, "originalUriBaseIds", '{');
	jsonw_open(w, "%SRCROOT%", '{');
	put_message(w, "description", STR("The directory in which ccx ran: the checkout."));
	jsonw_close(w, '}');
	jsonw_close(w, '}');
	jsonw_text(w, "columnKind", "unicodeCodePoints");
	put_artifacts(w, in);
	put_results(w, in);
	jsonw_close(w, '}');
}

void
render_sarif(struct sb *out, const struct report_input *in)
{
	struct jsonw w = {.out = out};
	jsonw_open(&w, NULL, '{');
	jsonw_text(&w, "$schema", SCHEMA_URL);
	jsonw_text(&w, "version", "2.1.0");
	jsonw_open(&w, "runs", '[');
	put_run(&w, in);
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	sb_char(out, '\n');
}
