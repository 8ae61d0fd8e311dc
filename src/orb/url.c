/* SPDX-License-Identifier: MIT */
/*
 * Orbs by their address: `tools: https://example.com/orb.yml`. CircleCI fetches those that its list
 * of an organization allows, with the organization's credentials where the list says so. ccx knows
 * neither: it fetches what everybody may read, and no token goes along.
 */
#include "registry.h"

static enum registry_fault
no_text(struct registry *r, const struct http_reply *reply)
{
	if (reply->fault == HTTP_ADDRESS)
		return registry_fail(r, REGISTRY_REFUSED, "%s",
			!r->options->orb_urls.s
				? "orbs are fetched by https:// only, without a name before an @ "
				  "and without dots between slashes"
				: "CCX_ORB_URLS does not list what it begins with, or there are "
				  "dots between slashes, or a name before an @");
	return registry_fail(r,
		reply->fault == HTTP_TOO_LARGE || reply->fault == HTTP_REDIRECTS
			? REGISTRY_REFUSED
			: REGISTRY_NO_ANSWER,
		"%s (%.*s)",
		reply->fault == HTTP_REDIRECTS ? "it redirects to where ccx does not follow"
					       : http_advice(reply->fault),
		STR_ARG(reply->error));
}

static enum registry_fault
bad_status(struct registry *r, int status)
{
	if (status == 404 || status == 410)
		return registry_fail(r, REGISTRY_ABSENT, "nothing is there (%d)", status);
	if (status == 401 || status == 403)
		return registry_fail(r, REGISTRY_REFUSED,
			"it is not for everybody (%d), and ccx sends no credentials to get an orb",
			status);
	if (status == 429 || status >= 500)
		return registry_fail(r, REGISTRY_NO_ANSWER,
			"the server cannot give it at the time (%d); try again later, or use "
			"--offline",
			status);
	return registry_fail(r, REGISTRY_REFUSED, "the server answers with %d", status);
}

enum registry_fault
registry_fetch(struct registry *r, struct arena *a, struct str url, struct str *text)
{
	struct http_reply reply;
	struct http_request q = {.method = "GET", .url = url, .is_orb = true};
	http_ask(r->http, a, &q, &reply);
	if (reply.fault)
		return no_text(r, &reply);
	if (reply.status != 200)
		return bad_status(r, reply.status);
	/* Where one has to log in, that is what is shown. */
	if (str_starts(str_trim(reply.body), STR("<")))
		return registry_fail(r, REGISTRY_REFUSED,
			"a web page is there, and no YAML; the address must be that of the file");
	*text = reply.body;
	return REGISTRY_FINE;
}
