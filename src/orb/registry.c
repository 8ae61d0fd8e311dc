/* SPDX-License-Identifier: MIT */
/* Asking the registry: one request and what can become of it; which generation answers. */
#include "registry.h"

#include <stdlib.h>
#include <string.h>

/* ---- sentences --------------------------------------------------------------------------- */

enum registry_fault
registry_fail(struct registry *r, enum registry_fault fault, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	r->error = str_vprintf(r->a, format, args);
	va_end(args);
	return fault;
}

enum registry_fault
registry_garbled(struct registry *r, const char *what)
{
	return registry_fail(r, REGISTRY_NO_ANSWER,
		"the answer of %.*s makes no sense: %s; is it the host of a CircleCI? "
		"(--host, CIRCLECI_CLI_HOST)",
		STR_ARG(r->options->host), what);
}

static enum registry_fault
no_answer(struct registry *r, const struct call_to *call, const struct http_reply *reply)
{
	bool unknown = call->write && reply->sent && reply->fault != HTTP_REDIRECTS;
	registry_fail(r, REGISTRY_NO_ANSWER, "cannot ask %.*s: %s%s%.*s%s",
		STR_ARG(r->options->host), http_advice(reply->fault), reply->error.len ? " (" : "",
		STR_ARG(reply->error), reply->error.len ? ")" : "");
	if (!unknown)
		return REGISTRY_NO_ANSWER;
	return registry_fail(r, REGISTRY_UNCERTAIN,
		"%.*s; the change may have been made all the same: look before you try again",
		STR_ARG(r->error));
}

/* What the server itself says about a failure, in either generation; empty when nothing. */
static struct str
complaint(struct registry *r, struct arena *a)
{
	struct str title = json_text(a, r->answer, "error.title");
	struct str detail = json_text(a, r->answer, "error.detail");
	if (title.len && detail.len && !str_eq(title, detail))
		return str_printf(a, ": %.*s: %.*s", STR_ARG(title), STR_ARG(detail));
	if (!title.len)
		title = detail.len ? detail : json_text(a, r->answer, "message");
	return title.len ? str_printf(a, ": %.*s", STR_ARG(title)) : STR("");
}

static enum registry_fault
bad_status(struct registry *r, const struct call_to *call, const struct http_reply *reply)
{
	struct str host = r->options->host, says = complaint(r, r->a);
	int status = reply->status;
	if (status == 401 && !r->options->token.len)
		return registry_fail(r, REGISTRY_REFUSED,
			"%.*s wants to know who asks: set CIRCLECI_CLI_TOKEN to a personal "
			"token%.*s",
			STR_ARG(host), STR_ARG(says));
	if (status == 401)
		return registry_fail(r, REGISTRY_REFUSED,
			"%.*s does not accept the token: make a new one in its user settings and "
			"set CIRCLECI_CLI_TOKEN%.*s",
			STR_ARG(host), STR_ARG(says));
	if (status == 403)
		return registry_fail(r, REGISTRY_REFUSED,
			"%.*s does not allow this%s; an owner of the organization can%.*s",
			STR_ARG(host), r->options->token.len ? " to the owner of the token" : "",
			STR_ARG(says));
	if (status == 404 || status == 410)
		return registry_fail(r, REGISTRY_ABSENT,
			"%.*s has no such thing (%d)%.*s; check the name, and the host (--host)",
			STR_ARG(host), status, STR_ARG(says));
	if (status == 429)
		return registry_fail(r, REGISTRY_NO_ANSWER,
			"%.*s has had too many requests; try again in %d seconds%.*s",
			STR_ARG(host), reply->retry_after ? reply->retry_after : 60, STR_ARG(says));
	if (status >= 500 && call->write)
		return registry_fail(r, REGISTRY_UNCERTAIN,
			"%.*s failed (%d)%.*s; the change may have been made all the same: look "
			"before you try again",
			STR_ARG(host), status, STR_ARG(says));
	if (status >= 500)
		return registry_fail(r, REGISTRY_NO_ANSWER,
			"%.*s is in trouble (%d)%.*s; try again later, or use --offline",
			STR_ARG(host), status, STR_ARG(says));
	return registry_fail(r, REGISTRY_REFUSED, "%.*s refuses the request (%d)%.*s",
		STR_ARG(host), status, STR_ARG(says));
}

/* ---- requests ---------------------------------------------------------------------------- */

struct str
url_encode(struct arena *a, struct str text)
{
	struct sb b = {.a = a};
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.s[i];
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			(c && strchr("-._~", c)))
			sb_char(&b, (char)c);
		else
			sb_printf(&b, "%%%02X", c);
	}
	return str_copy(a, sb_str(&b));
}

struct str
registry_ns(struct str name)
{
	return str_sub(name, 0, str_find(name, STR("/"), 0));
}

/* The text of call->body, which is dropped; false when it could not be made. */
static bool
body_text(struct arena *a, const struct call_to *call, struct str *text)
{
	char *json = call->body ? json_dumps(call->body, JSON_COMPACT) : NULL;
	*text = str_copy(a, str_of(json));
	bool ok = !call->body || json;
	free(json);
	json_decref(call->body);
	return ok;
}

static void
forget_answer(struct registry *r)
{
	json_decref(r->answer);
	r->answer = NULL;
}

enum registry_fault
registry_call(struct registry *r, struct arena *a, const struct call_to *call, struct str *text)
{
	struct http_reply reply;
	struct str host = r->options->host;
	while (str_ends(host, STR("/")))
		host = str_sub(host, 0, host.len - 1);
	struct http_request q = {.method = call->method,
		.url = str_printf(a, "%.*s/%.*s", STR_ARG(host), STR_ARG(call->path)),
		.token_header = call->token_header,
		.token = r->options->token,
		.write = call->write};
	forget_answer(r);
	if (!body_text(a, call, &q.body))
		return registry_fail(r, REGISTRY_REFUSED, "what is to be sent is not UTF-8");
	http_ask(r->http, a, &q, &reply);
	r->answered = !reply.fault && reply.status != 429 && reply.status < 500;
	if (reply.fault)
		return no_answer(r, call, &reply);
	if (!call->text || reply.status >= 300)
		r->answer = json_loadb(reply.body.s, reply.body.len, 0, NULL);
	if (reply.status < 200 || reply.status >= 300)
		return bad_status(r, call, &reply);
	if (call->text) {
		*text = reply.body;
		return REGISTRY_FINE;
	}
	if (json_is_object(r->answer) || (call->write && !reply.body.len))
		return REGISTRY_FINE;
	registry_garbled(r, "it is no JSON");
	return call->write ? registry_fail(r, REGISTRY_UNCERTAIN,
				     "%.*s; the change may have been made all the same",
				     STR_ARG(r->error))
			   : REGISTRY_NO_ANSWER;
}

/* ---- the generations --------------------------------------------------------------------- */

/* Asks once for something small. Servers before v3 have no such path (404); where v3 wants a token
 * that is not there, GraphQL still shows what is public. */
static enum registry_fault
choose(struct registry *r)
{
	enum registry_api api = r->options->api;
	if (r->generation)
		return REGISTRY_FINE;
	r->generation = api == REGISTRY_GRAPHQL ? &generation_graphql : &generation_v3;
	if (api != REGISTRY_AUTO)
		return REGISTRY_FINE;
	struct call_to probe = {.method = "GET",
		.path = STR("api/v3/orb/categories"),
		.token_header = "Circle-Token"};
	enum registry_fault fault = registry_call(r, r->a, &probe, NULL);
	if (fault && !r->answered) {
		r->generation = NULL;
		return fault;
	}
	if (fault || !json_is_array(json_at(r->answer, "data")))
		r->generation = &generation_graphql;
	return REGISTRY_FINE;
}

enum registry_fault
registry_source(
	struct registry *r, struct arena *a, const struct orb_ref *ref, struct orb_found *found)
{
	*found = (struct orb_found){0};
	enum registry_fault fault = choose(r);
	return fault ? fault : r->generation->source(r, a, ref, found);
}

enum registry_fault
registry_orb(struct registry *r, struct arena *a, struct str name, struct registry_orb *orb)
{
	*orb = (struct registry_orb){.builds = -1, .projects = -1, .orgs = -1};
	enum registry_fault fault = choose(r);
	return fault ? fault : r->generation->orb(r, a, name, orb);
}

enum registry_fault
registry_list(struct registry *r, struct arena *a, const struct registry_filter *filter,
	struct registry_list *list)
{
	*list = (struct registry_list){0};
	enum registry_fault fault = choose(r);
	return fault ? fault : r->generation->list(r, a, filter, list);
}

enum registry_fault
registry_categories(struct registry *r, struct arena *a, struct registry_categories *list)
{
	*list = (struct registry_categories){0};
	enum registry_fault fault = choose(r);
	return fault ? fault : r->generation->categories(r, a, list);
}

enum registry_fault
registry_compile(
	struct registry *r, struct arena *a, struct str yaml, bool *valid, struct str *text)
{
	enum registry_fault fault = choose(r);
	return fault ? fault : r->generation->compile(r, a, yaml, valid, text);
}

enum registry_fault
registry_create(struct registry *r, struct arena *a, struct str name, bool is_private)
{
	enum registry_fault fault = choose(r);
	return fault ? fault : r->generation->create(r, a, name, is_private);
}

enum registry_fault
registry_publish(struct registry *r, struct arena *a, const struct orb_ref *ref, struct str yaml)
{
	enum registry_fault fault = choose(r);
	return fault ? fault : r->generation->publish(r, a, ref, yaml);
}

enum registry_fault
registry_promote(struct registry *r, struct arena *a, const struct orb_ref *dev, struct str segment,
	struct str *version)
{
	enum registry_fault fault = choose(r);
	return fault ? fault : r->generation->promote(r, a, dev, segment, version);
}

enum registry_fault
registry_set_listed(struct registry *r, struct arena *a, struct str name, bool listed)
{
	enum registry_fault fault = choose(r);
	return fault ? fault : r->generation->set_listed(r, a, name, listed);
}

enum registry_fault
registry_categorize(
	struct registry *r, struct arena *a, struct str name, struct str category, bool add)
{
	struct registry_orb orb;
	struct registry_categories all;
	enum registry_fault fault = registry_orb(r, a, name, &orb);
	if (!fault)
		fault = registry_categories(r, a, &all);
	for (uint32_t i = 0; !fault && i < all.n; i++)
		if (str_eq(all.v[i].name, category))
			return r->generation->categorize(r, a, &orb, all.v[i].id, add);
	return fault ? fault
		     : registry_fail(r, REGISTRY_ABSENT,
			       "there is no category \"%.*s\"; ccx orb list-categories lists them",
			       STR_ARG(category));
}

/* ---- life -------------------------------------------------------------------------------- */

struct registry *
registry_new(struct arena *a, const struct registry_options *options)
{
	struct registry *r = NEW(a, struct registry);
	*r = (struct registry){.a = a, .options = options, .http = http_new(a, options)};
	return r;
}

void
registry_free(struct registry *r)
{
	if (!r)
		return;
	forget_answer(r);
	http_free(r->http);
}

struct str
registry_error(const struct registry *r)
{
	return r->error;
}

/* ---- versions ---------------------------------------------------------------------------- */

bool
orb_next_version(
	struct arena *a, const struct registry_orb *orb, struct str segment, struct str *next)
{
	struct orb_ref ref;
	const char *why;
	struct str newest = STR("0.0.0");
	for (uint32_t i = 0; i < orb->nversions; i++)
		if (version_cmp(orb->versions[i].version, newest) > 0)
			newest = orb->versions[i].version;
	struct str text = str_printf(a, "ns/name@%.*s", STR_ARG(newest));
	if (!orb_ref_parse(text, &ref, &why) || ref.kind != ORB_EXACT)
		return false;
	unsigned long major = ref.part[0], minor = ref.part[1], patch = ref.part[2];
	if (str_is(segment, "major"))
		*next = str_printf(a, "%lu.0.0", major + 1);
	else if (str_is(segment, "minor"))
		*next = str_printf(a, "%lu.%lu.0", major, minor + 1);
	else if (str_is(segment, "patch"))
		*next = str_printf(a, "%lu.%lu.%lu", major, minor, patch + 1);
	else
		return false;
	return true;
}
