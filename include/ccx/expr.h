/* SPDX-License-Identifier: MIT */
/*
 * expr: the `<< >>` template layer, the expression language inside it, and logic statements.
 * Knows nothing of where these occur in a config.
 *
 * Every function here works in one struct expr, takes immutable nodes and returns new ones, sharing
 * what it did not change. A fault is pushed to diags with the official wording, at its place in the
 * source, with origin as its trail; the function then returns NULL or false.
 */
#ifndef CCX_EXPR_H
#define CCX_EXPR_H

#include "ccx/base.h"
#include "ccx/diag.h"
#include "ccx/yaml.h"

enum lookup {
	LOOKUP_FOUND,     /* *value is set */
	LOOKUP_UNDEFINED, /* a name that is registered and has no value: falsy, empty as text */
	LOOKUP_UNKNOWN,   /* no such name: a fault */
};

/* The names that an expression may use. */
struct scope {
	enum lookup (*find)(const void *ctx, struct str name, const struct node **value);
	void (*suggest)(const void *ctx, struct nearest *n); /* offers every name; may be NULL */
	const void *ctx;
};

struct expr {
	struct arena *a;
	struct sources *sources;
	struct diag_list *diags;
	const struct scope *scope;
	const struct origin *origin;
};

/* ---- templates --------------------------------------------------------------------------- */

/* n with every string in it rendered; map keys are left alone. A string that is one tag (white
 * space around it allowed) becomes the typed value of its expression, an undefined one the empty
 * string; a string with tags or sections in longer text becomes text; `\<<` becomes `<<`. n itself
 * when nothing in it is templated. All faults of the tree are reported; NULL if there was one.
 *
 *     key: v1-<< parameters.prefix >>-{{ checksum "go.sum" }}
 *     parallelism: << parameters.n >>
 *     command: npm ci <<# parameters.verbose >>--verbose<</ parameters.verbose >>
 */
const struct node *expr_render(const struct expr *e, const struct node *n);

/* ---- bare expressions -------------------------------------------------------------------- */

/* The value of a string that is an expression as it stands, as in `filters:` or a workflow's
 * `when: pipeline.git.branch == "main"`. Undefined gives a null node; NULL on a fault. */
const struct node *expr_value(const struct expr *e, const struct node *text);
/* In expressions only false and undefined (null) are false. */
bool expr_truthy(const struct node *value);
/* Does the text parse as an expression? Reports nothing. */
bool expr_parses(struct str text);

/* ---- logic statements -------------------------------------------------------------------- */

/* Evaluates a logic statement that is rendered already: a scalar, or a map of
 * and/or/not/equal/matches. False on a fault.
 *
 *     and:
 *       - equal: [main, << pipeline.git.branch >>]
 *       - not: << pipeline.parameters.skip >>
 *       - matches: {pattern: "^release/.*$", value: << pipeline.git.branch >>}
 */
bool logic_eval(const struct expr *e, const struct node *statement, bool *result);
/* In logic statements false, null, 0, NaN, "" and an empty list or map are false. */
bool logic_truthy(const struct node *value);

/* ---- patterns ---------------------------------------------------------------------------- */

enum match { MATCH_NO, MATCH_YES, MATCH_BAD_PATTERN, MATCH_TOO_HARD };

/* Whether pattern matches the whole of subject (implicit ^…$). *reason says what PCRE2 has
 * against a bad pattern; it lives in a. Bounded in steps and memory: MATCH_TOO_HARD. */
enum match pattern_match(
	struct arena *a, struct str pattern, struct str subject, struct str *reason);

/* Only what RE2 knows: no look-around, no back-references, no possessive repetition. */
bool pattern_is_re2(struct str pattern);
bool pattern_compiles(struct str pattern);

/* ---- references -------------------------------------------------------------------------- */

/* Calls visit for each name that a tag or section anywhere in n uses, with its place; texts that
 * do not parse are passed over. The place is exact wherever the name can be found in the source. */
void expr_names(struct arena *a, const struct sources *sources, const struct node *n,
	void (*visit)(void *ctx, struct str name, struct span span), void *ctx);
/* The same for a string that is an expression as it stands; nothing when it does not parse. */
void expr_bare_names(const struct sources *sources, const struct node *text,
	void (*visit)(void *ctx, struct str name, struct span span), void *ctx);

#endif
