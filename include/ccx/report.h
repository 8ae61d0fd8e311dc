/* SPDX-License-Identifier: MIT */
/*
 * report: how findings look. Knows nothing of where they came from.
 */
#ifndef CCX_REPORT_H
#define CCX_REPORT_H

#include "ccx/base.h"
#include "ccx/catalog.h"
#include "ccx/config.h"
#include "ccx/diag.h"
#include "ccx/cost.h"
#include "ccx/plan.h"
#include "ccx/sim.h"

struct report_style {
	bool colour;
	unsigned width; /* terminal columns; 0: do not clip */
};

/* Appends every finding as text with code frames:
 *
 *     .circleci/config.yml:41:9: error: job "biuld" is not defined [undefined-job]
 *        |
 *     12 |   build:
 *        |   ----- defined here
 *     ...
 *     41 |       - biuld:
 *        |         ^~~~~ did you mean "build"?
 *        = help: jobs defined: build, deploy, test
 */
void report_text(
	struct sb *out, struct sources *s, const struct diag_list *d, struct report_style style);
/* The closing line: "3 errors, 1 warning"; nothing when there is no finding. */
void report_summary(struct sb *out, const struct diag_list *d);
/* The same over several files: "3 errors, 1 warning in 2 files". */
void report_summary_files(struct sb *out, const struct sources *s, const struct diag_list *d);

/* ---- formats ----------------------------------------------------------------------------- */

/* The page of a rule; "%s" is its id. */
#define REPORT_RULE_URL "https://github.com/ccx-ci/ccx/blob/main/schema/rules/%s.md"
#define REPORT_TOOL_URL "https://github.com/ccx-ci/ccx"

/* What a run has to say. Findings are written in the order in which they stand; ignored ones only
 * where the format can say so (sarif). */
struct report_input {
	struct sources *sources;
	const struct diag_list *findings;
	const char *version;     /* of ccx */
	const struct str *paths; /* files checked, clean ones too, as in their sources */
	uint32_t npaths;
	struct report_style style; /* of text */
};

struct report_format {
	const char *name;         /* "sarif", as in --format=sarif */
	const char *content_type; /* "application/sarif+json" */
	const char *doc;          /* for help: who reads it */
	/* Appends the whole report, which ends with a line break or is empty. Bytes of the input
	 * that the format cannot hold become U+FFFD. */
	void (*render)(struct sb *out, const struct report_input *in);
};

const struct report_format *report_format_find(struct str name); /* NULL when there is none */
const struct report_format *report_formats(size_t *n);

/* One text a finding, by its place in the list, in arena a: the same while rule, path, the text of
 * the line and the number of such findings before it stay the same, wherever the line moves. No
 * two findings of a list have the same. */
struct str *report_fingerprints(struct arena *a, const struct report_input *in);

/* ---- differences ------------------------------------------------------------------------- */

/* Appends a unified diff of two texts, with three lines around each change, as patch(1) takes it;
 * nothing when they are equal. */
void report_diff(struct sb *out, struct str old_name, struct str old, struct str new_name,
	struct str new_text);

/* ---- changes of an orb ------------------------------------------------------------------- */

struct orb_changes;

struct report_changes {
	struct sources *sources; /* of both versions */
	const struct orb_changes *changes;
	struct str old_name, new_name;       /* as they were asked for */
	struct str old_version, new_version; /* "1.4.2"; empty or no x.y.z where it is not known */
	bool two_orbs; /* they are not versions of one: the numbers cannot be compared */
};

/* A line a change, why it is of its class, the version that all together call for and, when both
 * versions are known, whether the new one suffices. */
void report_changes_text(struct sb *out, const struct report_changes *r, struct report_style style);
/* The same as one JSON object. Values are texts; null where they are lists or maps. */
void report_changes_json(struct sb *out, const struct report_changes *r);

/* ---- the reference of an orb ------------------------------------------------------------- */

struct report_orb {
	const struct module *orb; /* decoded */
	struct sources *sources; /* that it was read from: examples are shown as they stand there */
	struct str name, version; /* "acme/tools", "1.2.3"; empty when not known */
};

/* What the orb has and how it is used, as Markdown, in the order of the source: commands, jobs and
 * executors with their parameters, then the examples. The same bytes for the same orb. */
void report_orb_docs(struct sb *out, const struct report_orb *what);

/* ---- plans ------------------------------------------------------------------------------- */

struct sim_event;
struct plan;
struct path_filter;

/* What an event runs. */
struct report_plan {
	struct sources *sources;
	const struct sim_event *event;
	const struct plan *plan;         /* NULL: no pipeline comes of it */
	const struct path_filter *paths; /* of a setup config that filters by path; or NULL */
	const struct plan *continued;    /* of what the setup config continues with; or NULL */
	struct str continuation;         /* the path of that */
};

/* Workflows and jobs in the order of the config, with what they wait for, and for each that does
 * not run the reason and its place. */
void report_plan_text(struct sb *out, const struct report_plan *r, struct report_style style);
void report_plan_json(struct sb *out, const struct report_plan *r);
/* Several events beside each other: a row a job, a column an event, then the reasons. */
void report_plans_text(
	struct sb *out, const struct report_plan *r, uint32_t n, struct report_style style);
void report_plans_json(struct sb *out, const struct report_plan *r, uint32_t n);

/* ---- the catalogue ----------------------------------------------------------------------- */

enum report_table {
	REPORT_EXECUTORS,
	REPORT_CLASSES,
	REPORT_IMAGES,
	REPORT_PLANS,
	REPORT_VALUES,
	REPORT_RATES,
	REPORT_TABLE_COUNT,
	REPORT_NO_TABLE = REPORT_TABLE_COUNT, /* which tables there are */
};

struct report_catalog {
	enum report_table table;
	enum catalog_target target;
	int as_of; /* yyyymmdd */
	bool all;  /* also what is not there yet, not any more, or not on the target */
};

const char *report_table_name(enum report_table table); /* "classes" */
/* A part of the catalogue, in lines of 100 columns or as one JSON object. */
void report_catalog_text(struct sb *out, const struct report_catalog *what);
void report_catalog_json(struct sb *out, const struct report_catalog *what);

/* ---- graphs ------------------------------------------------------------------------------ */

struct graph; /* of ccx/sim.h */

/* Workflows to draw, in order. */
struct report_graphs {
	const struct graph *const *v;
	uint32_t n;
	struct report_style style; /* of text; width 0: 80 columns */
	bool ascii;                /* of text: lines of -, | and + */
};

/* How graphs can be drawn: "text", "dot", "mermaid", "svg", "json"; ended by NULL. */
extern const char *const report_drawings[];
/* Appends all of them, drawn in one of these ways. */
void report_graphs(struct sb *out, const char *drawing, const struct report_graphs *graphs);

/* ---- timelines --------------------------------------------------------------------------- */

struct sim_result; /* of ccx/sim.h */

struct report_timeline {
	struct sources *sources; /* that the findings are in */
	const struct sim_result *result;
	struct str title;          /* the config's path */
	struct report_style style; /* of text; width 0: 80 columns */
	bool ascii;                /* of text: bars of #, : and . */
};

/* How a simulation can be shown: "gantt" for terminals, "svg", "html" (one file that loads
 * nothing), "trace" (trace events, for Perfetto and Chrome); ended by NULL. */
extern const char *const report_timelines[];
/* Appends it, shown in one of these ways. */
void report_timeline(struct sb *out, const char *how, const struct report_timeline *timeline);

/* Appends tables: a line a job, with what it waited for, or, of many workflows, a line each. */
void report_simulation_text(struct sb *out, const struct report_timeline *timeline);
/* One JSON object with every step. */
void report_simulation_json(struct sb *out, const struct report_timeline *timeline);

struct sim_summary; /* of ccx/sim.h */

/* What many runs came to; of the timeline only title and style are used. */
void report_odds_text(
	struct sb *out, const struct report_timeline *timeline, const struct sim_summary *summary);
void report_odds_json(
	struct sb *out, const struct report_timeline *timeline, const struct sim_summary *summary);

/* ---- the rules --------------------------------------------------------------------------- */

bool report_rule_group(struct str name); /* is there such a group of rules? */
/* The rules of a group, or all when group is empty: a line each, or one JSON object. */
void report_rules_text(struct sb *out, struct str group);
void report_rules_json(struct sb *out, struct str group);
/* What one rule finds and why, with examples: as text of 80 columns, or as one JSON object in which
 * "page" is Markdown. */
void report_rule_text(struct sb *out, enum rule rule);
void report_rule_json(struct sb *out, enum rule rule);

/* ---- cost -------------------------------------------------------------------------------- */

struct report_cost {
	struct sources *sources;
	const struct sim_result *played;
	const struct cost *cost;
	const struct cost_month *month;    /* NULL: not asked for */
	struct cost_spread drawn;          /* runs 0: nothing was drawn */
	struct str speed;                  /* how steps get faster: "amdahl:0.8" */
	const struct str *changes;         /* "test.parallelism=8" */
	uint32_t nchanges;                 /* 0: nothing is tried */
	const struct sim_result *replayed; /* with the changes */
	const struct cost *recost;
	const struct cost_month *remonth; /* as month */
	const struct str
		*unsplit; /* jobs with other parallelism in which no step shares tests out */
	uint32_t nunsplit;
	bool advise;
	struct cost_advices advice;
};

/* What a config costs: a table a workflow, sums, then each rate with its source; or one JSON
 * object. */
void report_cost_text(struct sb *out, const struct report_cost *what);
void report_cost_json(struct sb *out, const struct report_cost *what);

#endif
