/* SPDX-License-Identifier: MIT */
/*
 * config: the typed tree of a config or orb, decoded from nodes and checked against the schema.
 * Knows nothing of evaluation: what is templated stays as written.
 */
#ifndef CCX_CONFIG_H
#define CCX_CONFIG_H

#include "ccx/base.h"
#include "ccx/catalog.h"
#include "ccx/diag.h"
#include "ccx/yaml.h"

/* ---- checking against the schema --------------------------------------------------------- */

/* Reports every way in which n is not what s says, with pointer-like context, the nearest key and
 * the permitted ones; true when there is none. Strings with << >> satisfy any scalar or list type:
 * what they become is checked after rendering. */
bool schema_check(const struct schema *s, const struct node *n, struct diag_list *d);

/* ---- parameters -------------------------------------------------------------------------- */

enum param_type {
	PARAM_STRING,
	PARAM_BOOLEAN,
	PARAM_INTEGER,
	PARAM_ENUM,
	PARAM_EXECUTOR,
	PARAM_STEPS,
	PARAM_ENV_VAR_NAME,
	PARAM_TYPE_COUNT
};

extern const char *const param_type_names[PARAM_TYPE_COUNT];

/* version: {type: string, default: "20", description: Node version} */
struct param {
	struct str name;
	enum param_type type;
	const struct node *fallback; /* default; NULL makes the parameter required */
	const struct node *choices;  /* enum: the list of members */
	const struct node *node;     /* the declaration */
	struct span span;            /* the name */
};

struct params {
	struct param *v;
	uint32_t n;
	struct map by_name; /* -> struct param */
};

const struct param *param_find(const struct params *p, struct str name); /* or NULL */
/* Whether value has p's type; a is for scratch. */
bool param_accepts(const struct param *p, const struct node *value, struct arena *a);
/* The same, reporting a value that does not ("Type error for argument …"). */
bool param_check(
	const struct param *p, const struct node *value, struct arena *a, struct diag_list *d);
/* Reports a default that does not have the declared type, unless it is templated. */
void param_check_default(const struct param *p, struct diag_list *d);

/* ---- elements ---------------------------------------------------------------------------- */

enum element_kind { ELEMENT_COMMAND, ELEMENT_EXECUTOR, ELEMENT_JOB, ELEMENT_GROUP };

extern const char *const element_kind_names[]; /* "command", "executor", "job", "job group" */

struct module;

/* One entry of commands, executors, jobs or job-groups. */
struct element {
	enum element_kind kind;
	struct str name;
	struct span span;        /* the name where it is defined */
	const struct node *node; /* the definition; for an alias the string */
	const struct node *body; /* the definition without parameters and description */
	struct str alias;        /* "orb/element" or, of an executor, a local name; else empty */
	struct params params;
	const struct module *home;
};

/* What is named in one file or inline orb: the config itself, or an orb. */
struct module {
	struct str path;                              /* "" for the config, "node", "node/inner" */
	const struct node *node;                      /* the whole map */
	struct map commands, executors, jobs, groups; /* name -> struct element */
	struct map orbs;                              /* alias -> struct orb_entry */
	const struct module *parent;                  /* that imports it; NULL for the config */
	bool loading;                                 /* its imports are being resolved */
};

/* One entry of orbs: a reference as written, or an inline orb. */
struct orb_entry {
	struct str alias;
	struct span span;
	const struct node *node; /* string (reference) or map (inline) */
	struct module *module;   /* set for inline orbs here, for references by the compiler */
};

struct config {
	struct module module;
	bool templated; /* version 2.1: << >> is read; false for version 2 */
	const struct node *version;
	struct params params; /* pipeline parameters */
	const struct node *workflows;
};

/* Decodes and checks a config; NULL when it is no map or its version is unusable. Faults of single
 * elements are reported, and what can be decoded is. With preview, version 2 has what 2.1 has, as
 * it had before there was a 2.1. */
struct config *config_decode(
	struct arena *a, const struct node *root, bool preview, struct diag_list *d);
/* The same for the body of an orb; m->path, m->parent are the caller's. False on a fault. */
bool module_decode(struct arena *a, struct module *m, const struct node *root, struct diag_list *d);

/* ---- cron -------------------------------------------------------------------------------- */

#define CRON_ANY   UINT64_MAX
#define CRON_NEVER INT64_MAX /* a time that does not come */

enum { CRON_FIELDS = 5, CRON_MONTH_DAY = 2 };

/* Sets of numbers, a bit each; CRON_ANY where "*" stands. Sunday is 0. */
struct cron {
	uint64_t minutes, hours, days, months, weekdays;
	struct str fields[CRON_FIELDS]; /* as written */
};

/* What a field takes. */
struct cron_field {
	const char *name; /* "day of the week" */
	int least, last;
	int most;          /* last; of days of the week 7, which is Sunday again */
	const char *words; /* three letters each, for least and what follows; or NULL */
	bool word_ranges;
};

enum cron_fault_kind {
	CRON_FEW_FIELDS,
	CRON_MANY_FIELDS,
	CRON_STEP,
	CRON_BAD_VALUE,
	CRON_RANGE_IN_LIST,
	CRON_RANGE_OF_NAMES,
	CRON_RANGE_BACKWARDS,
};

struct cron_fault {
	enum cron_fault_kind kind;
	const struct cron_field *field; /* NULL: of the whole */
	struct str part;                /* of the text; empty when all of it is */
};

/* Reads what CircleCI takes: five fields of POSIX, without steps, ranges in lists and ranges of
 * named days. *cron, set when it is all right, has views into text. Tells at most one fault of each
 * field; tell may be NULL. */
bool cron_parse(struct str text, struct cron *cron,
	void (*tell)(void *ctx, const struct cron_fault *fault), void *ctx);
/* Times are seconds since 1970, in UTC. */
bool cron_matches(const struct cron *cron, int64_t t);
int64_t cron_next(const struct cron *cron, int64_t t); /* after t; CRON_NEVER: not any more */
uint32_t cron_count(const struct cron *cron, int64_t from, int64_t to); /* times in [from, to) */
int64_t cron_time(int64_t year, unsigned month, unsigned day, unsigned minute); /* of the day */

/* ---- examples of an orb ------------------------------------------------------------------ */

/* One entry of an orb's examples. */
struct orb_example {
	struct str name;
	struct span span;         /* the name */
	struct str description;   /* may be empty */
	const struct node *usage; /* a config, as a map; NULL when there is none */
};

/* The examples of an orb in order; *n is their number. */
struct orb_example *orb_examples(struct arena *a, const struct module *orb, uint32_t *n);

/* "acme/tools": what a reference names, whatever its version is; empty for what is none. */
struct str orb_reference_name(struct str reference);

/* What the examples of an orb say that it is called; both empty when they do not tell. */
struct orb_self {
	struct str name;  /* "acme/tools" */
	struct str alias; /* "tools": what the first example that imports it calls it */
};

/* The orb whose elements the examples use under names that this orb has. */
struct orb_self orb_self(struct arena *a, const struct module *orb);

#endif
