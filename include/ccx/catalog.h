/* SPDX-License-Identifier: MIT */
/*
 * catalog: what CircleCI knows, as read-only tables generated from schema/ when ccx is built:
 * the schema of every key, the built-in steps, the pipeline values. Knows no input file.
 */
#ifndef CCX_CATALOG_H
#define CCX_CATALOG_H

#include "ccx/base.h"
#include "ccx/yaml.h"

/* ---- the schema of config keys (schema/config.json) -------------------------------------- */

struct schema;

/* One listed key of a map. */
struct schema_key {
	struct str name;
	const char *doc; /* Markdown, one paragraph; or NULL */
	const struct schema *value;
	bool required;
	bool expected;          /* not required, but a near miss of it is a mistake (x-expected) */
	const char *fallback;   /* what its absence means, as JSON; or NULL */
	const char *deprecated; /* what to use instead, or NULL */
};

/* What to say of a key, value or type ("Sequence") that people write where it does not belong. */
struct schema_hint {
	struct str text;
	const char *help;
};

/* What a node may be. Generated from JSON Schema with our x- keywords; see schema/README.md. */
struct schema {
	const char *name;  /* where it was defined: "job", "step/run"; NULL for one without name */
	const char *noun;  /* what people call one of it: "job" (x-noun); or NULL */
	const char *doc;   /* Markdown, one paragraph; or NULL */
	const char *help;  /* what to do when the value does not fit (x-help); or NULL */
	const char *fault; /* message for a value outside of choices, pattern, bounds; or NULL */
	uint8_t types;     /* mask of 1 << enum node_kind; 0: anything */
	bool closed;       /* unlisted keys are an error (additionalProperties: false) */
	bool literal;      /* a << >> string may not stand for it (x-literal) */
	bool drop_nulls;   /* of several pairs those with null do not count (x-drop-nulls) */
	bool module;       /* has commands of its own (x-module) */
	bool shadowed;     /* commands of the module win over its keys (x-shadowed) */

	const struct schema_key *keys; /* in the order in which the official compiler lists them */
	uint16_t nkeys;
	const struct schema_hint *hints; /* on unlisted keys and wrong values (x-hints) */
	uint16_t nhints;
	const char *stray;          /* of an unlisted key that holds a collection (x-stray) */
	const struct schema *other; /* value of unlisted keys when not closed; NULL: anything */
	const char *key_pattern;    /* propertyNames.pattern: of all keys */

	const struct schema *items;    /* of a list; NULL: anything */
	uint32_t min_items, max_items; /* list items or map pairs; max 0: no bound */

	const char *const *choices; /* enum of strings */
	uint16_t nchoices;
	const char *pattern; /* of a string */
	bool bounded;        /* an integer must be in minimum..maximum */
	int64_t minimum, maximum;

	const char *const *one_of_keys; /* at least one of these keys must be there */
	uint16_t n_one_of_keys;
	const char *missing;       /* message when none is (x-missing); or NULL */
	const char *discriminator; /* the key whose choices tell the alternatives apart, or NULL */
	const struct schema *const *any; /* anyOf: one of these is meant */
	uint16_t nany;
};

enum schema_root {
	SCHEMA_CONFIG,
	SCHEMA_CONFIG_2,
	SCHEMA_ORB,
	SCHEMA_SETTINGS,
	SCHEMA_SCENARIO,
	SCHEMA_ROOT_COUNT,
};

const struct schema *catalog_schema(enum schema_root root);
/* schema/config.json as it is: a JSON Schema for others. */
struct str catalog_schema_text(void);
const struct schema_key *schema_key(const struct schema *s, struct str name); /* or NULL */

/* ---- built-in steps (schema/steps.json) -------------------------------------------------- */

enum step_flag {
	STEP_BARE = 1,     /* may be written as a string without arguments */
	STEP_MACRO = 2,    /* when, unless, steps: resolved by the compiler */
	STEP_SHADOWED = 4, /* a command of this name wins over it */
	STEP_TEARDOWN = 8, /* allowed under run.teardown */
};

struct builtin_step {
	const char *name;
	unsigned flags;
	const char *deprecated; /* what to use instead, or NULL */
	const char *doc;
	const char *title; /* what the web app and the API call one without name, or NULL */
};

const struct builtin_step *catalog_step(struct str name); /* NULL when it is none */
const struct builtin_step *catalog_steps(size_t *n);

/* ---- pipeline values (schema/values.json) ------------------------------------------------ */

enum value_type { VALUE_STRING, VALUE_INTEGER, VALUE_BOOLEAN };

/* What the official CLI sends for a value at `config process`. */
enum value_default {
	DEFAULT_NONE,   /* sends nothing: undefined */
	DEFAULT_TEXT,   /* the text in `fixed` */
	DEFAULT_BRANCH, /* from the git checkout: */
	DEFAULT_TAG,
	DEFAULT_REVISION,
	DEFAULT_REMOTE_URL,
	DEFAULT_PROJECT_TYPE,
};

struct pipeline_value {
	const char *name; /* "pipeline.git.branch" */
	enum value_type type;
	enum value_default local;
	const char *fixed;
	const char *integrations; /* "A,AS,O,B,D,G"; "" where not documented */
	bool cloud, server;
	const char *deprecated, *replacement; /* date and name, or NULL */
};

const struct pipeline_value *catalog_value(struct str name); /* NULL when unregistered */
const struct pipeline_value *catalog_values(size_t *n);      /* sorted by name */

/* ---- dated tables (schema/sources.json, classes.json, images.json, plans.json) ----------- */

/*
 * What changes with time and plan: machines, images, prices, limits. Every row names the source
 * that it was read from. A day is yyyymmdd as an integer. What no source says is unknown, never
 * guessed: 0 for a day, AMOUNT_UNKNOWN for a number, NULL for text. No row says that something is
 * gone unless a source says so, and a name without row is only that: unknown to this catalogue.
 */

enum catalog_target { TARGET_CLOUD, TARGET_SERVER, TARGET_COUNT };
enum catalog_plan { PLAN_FREE, PLAN_PERFORMANCE, PLAN_SCALE, PLAN_SERVER, PLAN_COUNT };

extern const char *const catalog_target_names[TARGET_COUNT]; /* "cloud", "server" */
extern const char *const catalog_plan_names[PLAN_COUNT];     /* "free", … */

/* Numbers below zero have a meaning of their own. */
enum catalog_amount {
	AMOUNT_UNKNOWN = -1,
	AMOUNT_UNLIMITED = -2,
	AMOUNT_CUSTOM = -3, /* by contract or installation */
	AMOUNT_SOME = -4,   /* of a feature: a part of it */
};

/* The days on which something came, was deprecated, and was first missing. Where a source gives
 * only a month, it came on the first of it, and was deprecated or missing by the first of the
 * next one. */
struct life {
	int since, deprecated, until;
};

enum life_state { LIFE_CURRENT, LIFE_DEPRECATED, LIFE_REMOVED, LIFE_NOT_YET };

enum life_state life_at(const struct life *l, int as_of);
/* The day of the newest source: what commands mean when they are given no day. */
int catalog_as_of(void);
/* "2026-10-08", or "2026-10" for its first day, as yyyymmdd; 0 when it is no day. */
int catalog_day(struct str text);

struct catalog_source {
	const char *id;
	const char *title;
	const char *date; /* "2026-08-31", "2026-08" or "2021": as exact as it is known; NULL */
	bool official;
	const char *url; /* or NULL */
};

const struct catalog_source *catalog_source(struct str id); /* or NULL */
const struct catalog_source *catalog_sources(size_t *n);    /* sorted by id */
/* Whether the source is younger than the day: what it says is then the first that is known. False
 * where there is no such source, or it has no date. */
bool catalog_is_later(struct str source, int as_of);

/* What a job runs on, by the key that it has in a config. */
enum executor_kind { EXECUTOR_DOCKER, EXECUTOR_MACHINE, EXECUTOR_MACOS };

struct executor_info {
	const char *name; /* "docker", "docker-arm", "linux", "arm", … */
	enum executor_kind kind;
	unsigned targets;         /* mask of 1 << enum catalog_target */
	const char *isolation;    /* "container", "VM" or "own machine" */
	int start_min, start_max; /* typical seconds until the first step; AMOUNT_UNKNOWN */
	const char *doc;
	const char *source;
};

const struct executor_info *catalog_executors(size_t *n);

/* Which machine images a class can boot; no bit: no source says. */
enum image_group {
	GROUP_LINUX = 1,
	GROUP_LINUX_GEN2 = 2,
	GROUP_LINUX_GPU = 4,
	GROUP_WINDOWS = 8,
	GROUP_WINDOWS_GPU = 16,
};

struct resource_class {
	const char *name;
	enum executor_kind kind;
	const struct executor_info *executor;
	int vcpus, ram_mb, disk_gb; /* 1 GB is 1024 MB; AMOUNT_UNKNOWN */
	int gpus;                   /* 0: none */
	const char *gpu;            /* "Tesla T4, 16 GiB" each, or NULL */
	unsigned targets;           /* mask of 1 << enum catalog_target */
	unsigned plans, not_plans;  /* masks of 1 << enum catalog_plan: have it, have it not */
	bool fallback;              /* what a job of its executor gets that names no class */
	unsigned groups;            /* mask of enum image_group */
	const char *remote_docker;  /* class of the host of setup_remote_docker; "": not possible */
	int64_t rate;               /* milli-credits a minute, or AMOUNT_UNKNOWN */
	int64_t estimate;           /* the same, derived and unconfirmed, where rate is unknown */
	const char *rate_source;
	struct life life;
	const char *replacement; /* or NULL */
	const char *note;        /* or NULL */
	const char *source;
};

/* The row that holds on that day, else the last one before it, else the first; NULL when the
 * kind has no class of that name. */
const struct resource_class *catalog_class(enum executor_kind kind, struct str name, int as_of);
/* What a job gets that names no class; executor is the name of an executor_info. NULL: unknown. */
const struct resource_class *catalog_default_class(struct str executor, int as_of);
/* Sorted by kind, name and first day; a name with several rows has them one after another. */
const struct resource_class *catalog_classes(size_t *n);

/* Classes of self-hosted runners: "namespace/name". */
enum runner_form {
	RUNNER_NONE,  /* no "/": a class of CircleCI's */
	RUNNER_CLASS, /* [a-z0-9_-]+/[a-zA-Z0-9:_+-]+ */
	RUNNER_BAD,
};

enum runner_form runner_form(struct str resource_class);

enum image_kind {
	IMAGE_DOCKER,  /* a prefix of names: "cimg/" */
	IMAGE_MACHINE, /* "ubuntu-2404:current"; "family:*" stands for every tag */
	IMAGE_REMOTE_DOCKER,
	IMAGE_XCODE,
	IMAGE_KIND_COUNT,
};

struct image {
	enum image_kind kind;
	const char *name;
	unsigned groups;     /* of machine images: mask of enum image_group; 0: no source says */
	const char *content; /* "Xcode 26.6 (17F113), macOS 26.5.1", or NULL */
	struct life life;
	const char *replacement; /* or NULL */
	const char *note;        /* or NULL */
	const char *source;
};

/*
 * The row for an image as a config names it, or NULL. Docker images are found by their prefix.
 * Parts that an Xcode version leaves out stand for 0, and an older patch for the newest one of its
 * minor version, as CircleCI redirects it. Only the cloud's images are known: those of a server
 * are its installation's.
 */
const struct image *catalog_image(enum image_kind kind, struct str name);
const struct image *catalog_images(size_t *n); /* sorted by kind and name */
/* False when the sources say that the class cannot boot the image; true when they do not know. */
bool image_fits(const struct image *image, const struct resource_class *class);

/* What a plan includes, a row a subject and a column a plan. */
struct plan_term {
	const char *name; /* "job-minutes" */
	const char *unit; /* "minutes"; "" for features, which are 1, 0 or AMOUNT_SOME */
	int64_t amount[PLAN_COUNT];
	struct life life;
	const char *doc;
	const char *source;
};

/* A limit that is the same for every plan. */
struct catalog_limit {
	const char *name; /* "matrix-jobs" */
	const char *unit;
	int64_t amount;
	struct life life;
	const char *doc;
	const char *source;
};

struct catalog_price {
	const char *name; /* "dlc" */
	const char *per;  /* "job run" */
	int64_t credits;  /* milli-credits; AMOUNT_UNKNOWN */
	int64_t dollars;  /* micro-dollars, for what is sold for money; else AMOUNT_UNKNOWN */
	struct life life;
	const char *doc;
	const char *source;
};

/* Something that CircleCI server does otherwise than the cloud. */
struct server_difference {
	const char *name;
	const char *since; /* version of server from which it is no difference any more, or NULL */
	const char *doc;
	const char *source;
};

/* By name, or NULL. */
const struct plan_term *catalog_term(struct str name);
const struct catalog_limit *catalog_limit(struct str name);
const struct catalog_price *catalog_price(struct str name);
/* All, sorted by name. */
const struct plan_term *catalog_terms(size_t *n);
const struct catalog_limit *catalog_limits(size_t *n);
const struct catalog_price *catalog_prices(size_t *n);
const struct server_difference *catalog_server_differences(size_t *n);

/* ---- what is assumed (schema/assumptions.json) --------------------------------------------- */

/* How long something takes in a simulation when neither timings nor a scenario say so. */
struct assumption {
	const char *name; /* "step/run", "approval" */
	int64_t seconds;
	const char *doc;
};

const struct assumption *catalog_assumption(struct str name); /* or NULL */

/* ---- documentation of rules (schema/rules/ID.md) ------------------------------------------ */

/*
 * One file a rule: a title, why it matters, and examples in fenced blocks. A block headed
 * ```yaml bad makes the finding, one headed ```yaml good does not; further words of the heading
 * are arguments for `ccx config validate`. Those headed orb-bad and orb-good are orbs, for `ccx orb
 * validate`. Tests run them.
 */
struct rule_doc {
	const char *id;
	const char *text; /* Markdown */
};

const struct rule_doc *catalog_rule_doc(struct str id); /* NULL when there is none */

/* ---- templates (schema/templates) --------------------------------------------------------- */

/* A file for a new project. "dot-" at the start of a part of its path stands for a dot;
 * {{namespace}} and {{orb}} in its text are to be filled in. */
struct template_file {
	const char *path;
	const char *text;
};

const struct template_file *catalog_orb_template(size_t *n); /* sorted by path */

#endif
