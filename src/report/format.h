/* SPDX-License-Identifier: MIT */
/* What the machine formats share: a finding's place and words, and the findings of one file. */
#ifndef CCX_REPORT_FORMAT_H
#define CCX_REPORT_FORMAT_H

#include "ccx/report.h"

/* ---- places ------------------------------------------------------------------------------ */

/* A span looked up. end is behind the last character; path is without a leading "./". */
struct extent {
	struct str path;
	struct place start, end;
};

/* False for a span without a file. */
bool extent_of(const struct report_input *in, struct span span, struct extent *e);
/* Is path relative and below the current directory, so that it can be a file of the checkout? */
bool path_in_checkout(struct str path);
/* The file to name where a format demands one and the finding has none. */
struct str path_fallback(const struct report_input *in);
struct str path_plain(struct str path); /* without leading "./" */

/* Where a reader of the checkout should look: the fault itself or, when that is in an orb from
 * elsewhere, the innermost call of the chain that stands in the checkout. */
struct span finding_anchor(const struct report_input *in, const struct diag *g);
bool finding_moves(const struct report_input *in, const struct diag *g); /* is it elsewhere? */

/* ---- words ------------------------------------------------------------------------------- */

const char *severity_word(enum severity severity); /* error, warning, note */
struct str rule_url(struct arena *a, enum rule rule);
/* The lines of text, each trimmed, in one line. */
struct str one_line(struct arena *a, struct str text);
/* Message, label and help, each on its own line. */
struct str finding_text(const struct report_input *in, const struct diag *g);
/* The same to be read at the anchor: names the place when that is another. */
struct str finding_anchor_text(const struct report_input *in, const struct diag *g);

/* ---- other places ------------------------------------------------------------------------ */

/* A place that belongs to a finding: its notes, then the calls that led to it. */
struct related {
	struct str text;
	struct span span; /* may be without a file */
};

/* In arena in->sources->a. */
struct related *finding_related(const struct report_input *in, const struct diag *g, uint32_t *n);

/* ---- files ------------------------------------------------------------------------------- */

struct file_findings {
	struct str path;
	VEC(const struct diag *) all;
};

/* One entry a file, without ignored findings: those checked, in their order, then others with
 * findings. A finding without a file is at path_fallback. */
struct file_findings **findings_by_file(const struct report_input *in, uint32_t *n);

/* ---- fingerprints ------------------------------------------------------------------------ */

/* The fingerprint that GitHub computes for the line on which a span starts, as its upload action
 * writes it ("1a2b:1"); it warns when a report has another under that name. One a span, as many
 * spans as there are findings; empty for a span without a file. In arena in->sources->a. */
struct str *line_hashes(const struct report_input *in, const struct span *spans);

/* ---- renderers --------------------------------------------------------------------------- */

void render_json(struct sb *out, const struct report_input *in);
void render_jsonl(struct sb *out, const struct report_input *in);
void render_sarif(struct sb *out, const struct report_input *in);
void render_github(struct sb *out, const struct report_input *in);
void render_gitlab(struct sb *out, const struct report_input *in);
void render_junit(struct sb *out, const struct report_input *in);
void render_checkstyle(struct sb *out, const struct report_input *in);
void render_rdjson(struct sb *out, const struct report_input *in);
void render_concise(struct sb *out, const struct report_input *in);

#endif
