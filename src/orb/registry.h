/* SPDX-License-Identifier: MIT */
/* What both generations of the registry's interface share. */
#ifndef ORB_REGISTRY_H
#define ORB_REGISTRY_H

#include "ccx/orb.h"

#include "http.h"

#include <jansson.h>

enum { REGISTRY_PAGES_MOST = 2000 };

struct generation;

struct registry {
	struct arena *a;
	const struct registry_options *options;
	struct http *http;
	const struct generation *generation; /* NULL: not known yet */
	json_t *answer;                      /* of the last request; NULL when it was no JSON */
	bool answered; /* there was some answer, and not that it should be asked later */
	struct str error;
};

/* One of the two; names are whole ("circleci/node"). */
struct generation {
	enum registry_fault (*source)(struct registry *r, struct arena *a,
		const struct orb_ref *ref, struct orb_found *found);
	enum registry_fault (*orb)(
		struct registry *r, struct arena *a, struct str name, struct registry_orb *orb);
	enum registry_fault (*list)(struct registry *r, struct arena *a,
		const struct registry_filter *filter, struct registry_list *list);
	enum registry_fault (*categories)(
		struct registry *r, struct arena *a, struct registry_categories *list);
	enum registry_fault (*compile)(struct registry *r, struct arena *a, struct str yaml,
		bool *valid, struct str *text);
	enum registry_fault (*create)(
		struct registry *r, struct arena *a, struct str name, bool is_private);
	enum registry_fault (*publish)(
		struct registry *r, struct arena *a, const struct orb_ref *ref, struct str yaml);
	enum registry_fault (*promote)(struct registry *r, struct arena *a,
		const struct orb_ref *dev, struct str segment, struct str *version);
	enum registry_fault (*set_listed)(
		struct registry *r, struct arena *a, struct str name, bool listed);
	enum registry_fault (*categorize)(struct registry *r, struct arena *a,
		const struct registry_orb *orb, struct str category, bool add);
};

extern const struct generation generation_v3, generation_graphql;

/* ---- asking ------------------------------------------------------------------------------ */

struct call_to {
	const char *method;
	struct str path; /* below the host */
	const char *token_header;
	json_t *body; /* taken over; NULL: none */
	bool write;
	bool text; /* the answer is no JSON */
};

/* Sends a request. On REGISTRY_FINE r->answer is its JSON until the next one, or *text its text
 * when that was asked for; else r->error is set. */
enum registry_fault registry_call(
	struct registry *r, struct arena *a, const struct call_to *call, struct str *text);
/* The orb at an address; the sentence of a fault does not repeat it. */
enum registry_fault registry_fetch(
	struct registry *r, struct arena *a, struct str url, struct str *text);
/* Gives fault, with a sentence for the user. */
enum registry_fault registry_fail(struct registry *r, enum registry_fault fault, const char *format,
	...) __attribute__((format(printf, 3, 4)));
/* The answer has not the form that was agreed. */
enum registry_fault registry_garbled(struct registry *r, const char *what);
/* Percent-encoded for a query. */
struct str url_encode(struct arena *a, struct str text);
/* "circleci/node" -> "circleci" */
struct str registry_ns(struct str name);

/* ---- JSON -------------------------------------------------------------------------------- */

/* The value at "data.attributes.name" (numbers are places in lists), or NULL. */
json_t *json_at(json_t *v, const char *path);
struct str json_text(struct arena *a, json_t *v, const char *path); /* empty: none */
bool json_truth(json_t *v, const char *path);
int64_t json_number(json_t *v, const char *path, int64_t otherwise);
/* The texts called key of a list of maps, a line each. */
struct str json_lines(struct arena *a, json_t *list, const char *key);
json_t *json_str(struct str text); /* NULL when it is not UTF-8 */

#endif
