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
	const char *since;      /* YYYY-MM, or NULL */
};

/* What to say of a key that people put in the wrong place. */
struct schema_hint {
	struct str key;
	const char *help;
};

/* What a node may be. Generated from JSON Schema with our x- keywords; see schema/README.md. */
struct schema {
	const char *name; /* where it was defined: "job", "step/run"; NULL for one without name */
	const char *noun; /* what people call one of it: "job" (x-noun); or NULL */
	const char *doc;  /* Markdown, one paragraph; or NULL */
	const char *help; /* what to do when the value does not fit (x-help); or NULL */
	const char *fault; /* message for a value outside of choices, pattern or bounds; or NULL */
	uint8_t types;     /* mask of 1 << enum node_kind; 0: anything */
	bool closed;       /* unlisted keys are an error (additionalProperties: false) */
	bool literal;      /* a << >> string may not stand for it (x-literal) */
	bool drop_nulls;   /* of several pairs those with null do not count (x-drop-nulls) */
	bool module;       /* has commands of its own (x-module) */
	bool shadowed;     /* commands of the module win over its keys (x-shadowed) */

	const struct schema_key *keys; /* in the order in which the official compiler lists them */
	uint16_t nkeys;
	const struct schema_hint *misplaced; /* keys that belong elsewhere (x-misplaced) */
	uint16_t nmisplaced;
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
	const char *missing;        /* message when none is (x-missing); or NULL */
	const char *discriminator;  /* the key whose choices tell the alternatives apart, or NULL */
	const struct schema *const *any; /* anyOf: one of these is meant */
	uint16_t nany;
};

enum schema_root { SCHEMA_CONFIG, SCHEMA_CONFIG_2, SCHEMA_ORB, SCHEMA_ROOT_COUNT };

const struct schema *catalog_schema(enum schema_root root);
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
};

const struct builtin_step *catalog_step(struct str name); /* NULL when it is none */
const struct builtin_step *catalog_steps(size_t *n);

/* ---- pipeline values (schema/values.json) ------------------------------------------------ */

enum value_type { VALUE_STRING, VALUE_INTEGER, VALUE_BOOLEAN };

/* What the official CLI sends for a value at `config process`. */
enum value_default {
	DEFAULT_NONE, /* sends nothing: undefined */
	DEFAULT_TEXT, /* the text in `fixed` */
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
	const char *integrations;              /* "A,AS,O,B,D,G"; "" where not documented */
	bool cloud, server;
	const char *deprecated, *replacement; /* date and name, or NULL */
};

const struct pipeline_value *catalog_value(struct str name); /* NULL when unregistered */
const struct pipeline_value *catalog_values(size_t *n);      /* sorted by name */

#endif
