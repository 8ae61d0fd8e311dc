/* SPDX-License-Identifier: MIT */
/* The registry's GraphQL interface: one address, answers as {"data": …, "errors": […]}. */
#include "registry.h"

/* Asks; with field, the list "errors" of that part of the data is told as well. */
static enum registry_fault
ask(struct registry *r, struct arena *a, const char *query, json_t *variables, const char *write)
{
	struct call_to call = {.method = "POST",
		.path = r->options->endpoint,
		.token_header = "Authorization",
		.write = write != NULL,
		.body = json_pack("{s:s,s:o}", "query", query, "variables", variables)};
	if (!call.body)
		return registry_fail(r, REGISTRY_REFUSED, "what is to be sent is not UTF-8");
	enum registry_fault fault = registry_call(r, a, &call, NULL);
	if (fault)
		return fault;
	struct str says = json_lines(a, json_at(r->answer, "errors"), "message");
	json_t *data = json_at(r->answer, "data");
	if (!says.len && write)
		says = json_lines(a, json_at(json_at(data, write), "errors"), "message");
	if (says.len)
		return registry_fail(r, REGISTRY_REFUSED, "%.*s says: %.*s",
			STR_ARG(r->options->host), STR_ARG(says));
	return json_is_object(data) ? REGISTRY_FINE : registry_garbled(r, "it has no data");
}

static enum registry_fault
absent(struct registry *r, struct str name)
{
	return registry_fail(r, REGISTRY_ABSENT,
		"there is no orb %.*s, or it is private and the token may not see it",
		STR_ARG(name));
}

/* ---- reading ----------------------------------------------------------------------------- */

static enum registry_fault
graphql_source(
	struct registry *r, struct arena *a, const struct orb_ref *ref, struct orb_found *found)
{
	struct str text = str_printf(
		a, "%.*s/%.*s@%.*s", STR_ARG(ref->ns), STR_ARG(ref->name), STR_ARG(ref->version));
	enum registry_fault fault = ask(r, a,
		"query($ref: String!) { orbVersion(orbVersionRef: $ref) { version source } }",
		json_pack("{s:o}", "ref", json_str(text)), NULL);
	if (fault)
		return fault;
	json_t *version = json_at(r->answer, "data.orbVersion");
	if (!json_is_object(version))
		return absent(r, text);
	found->exact = json_text(a, version, "version");
	found->text = json_text(a, version, "source");
	if (!found->exact.len || !json_is_string(json_at(version, "source")))
		return registry_garbled(r, "a version without number or source");
	return REGISTRY_FINE;
}

/* {"id": …, "name": "ns/orb", "statistics": {…}, "versions": [{"version": …}], …} */
static void
read_orb(struct arena *a, json_t *v, struct registry_orb *orb)
{
	json_t *versions = json_at(v, "versions"), *categories = json_at(v, "categories");
	size_t n = json_array_size(versions), m = json_array_size(categories);
	*orb = (struct registry_orb){.id = json_text(a, v, "id"),
		.name = json_text(a, v, "name"),
		.created_at = json_text(a, v, "createdAt"),
		.is_private = json_truth(v, "isPrivate"),
		.builds = json_number(v, "statistics.last30DaysBuildCount", -1),
		.projects = json_number(v, "statistics.last30DaysProjectCount", -1),
		.orgs = json_number(v, "statistics.last30DaysOrganizationCount", -1),
		.versions = NEW_ARRAY(a, struct registry_version, n + 1),
		.nversions = (uint32_t)n,
		.categories = NEW_ARRAY(a, struct str, m + 1),
		.ncategories = (uint32_t)m};
	for (size_t i = 0; i < n; i++) {
		json_t *one = json_array_get(versions, i);
		orb->versions[i].version = json_text(a, one, "version");
		orb->versions[i].created_at = json_text(a, one, "createdAt");
	}
	for (size_t i = 0; i < m; i++)
		orb->categories[i] = json_text(a, json_array_get(categories, i), "name");
}

static enum registry_fault
graphql_orb(struct registry *r, struct arena *a, struct str name, struct registry_orb *orb)
{
	enum registry_fault fault = ask(r, a,
		"query($name: String!) { orb(name: $name) { id name createdAt isPrivate "
		"categories { name } "
		"statistics { last30DaysBuildCount last30DaysProjectCount "
		"last30DaysOrganizationCount } "
		"versions(count: 200) { version createdAt } } }",
		json_pack("{s:o}", "name", json_str(name)), NULL);
	if (fault)
		return fault;
	json_t *v = json_at(r->answer, "data.orb");
	if (!json_is_object(v))
		return absent(r, name);
	read_orb(a, v, orb);
	return orb->id.len ? REGISTRY_FINE : registry_garbled(r, "an orb without id");
}

/* ---- lists ------------------------------------------------------------------------------- */

#define PAGE "edges { cursor node { " ORB " } } pageInfo { hasNextPage }"
#define ORB                                                                           \
	"id name createdAt statistics { last30DaysBuildCount last30DaysProjectCount " \
	"last30DaysOrganizationCount } versions(count: 1) { version createdAt }"

static enum registry_fault
list_page(struct registry *r, struct arena *a, const struct registry_filter *f, struct str after,
	json_t **page)
{
	enum registry_fault fault;
	if (f->ns.len)
		fault = ask(r, a,
			"query($ns: String, $after: String!, $view: OrbListViewType) { "
			"registryNamespace(name: $ns) { id "
			"orbs(first: 20, after: $after, view: $view) { " PAGE " } } }",
			json_pack("{s:o,s:o,s:s}", "ns", json_str(f->ns), "after", json_str(after),
				"view", f->is_private ? "PRIVATE_ONLY" : "PUBLIC_ONLY"),
			NULL);
	else
		fault = ask(r, a,
			"query($after: String!, $certified: Boolean!) { orbs(first: 20, "
			"after: $after, certifiedOnly: $certified) { " PAGE " } }",
			json_pack("{s:o,s:b}", "after", json_str(after), "certified", f->certified),
			NULL);
	if (fault)
		return fault;
	if (f->ns.len && !json_is_object(json_at(r->answer, "data.registryNamespace")))
		return registry_fail(
			r, REGISTRY_ABSENT, "there is no namespace %.*s", STR_ARG(f->ns));
	*page = json_at(r->answer, f->ns.len ? "data.registryNamespace.orbs" : "data.orbs");
	return json_is_array(json_at(*page, "edges")) ? REGISTRY_FINE
						      : registry_garbled(r, "it has no list");
}

/* Moves *after behind the page; false behind the last one, or when the server stands still. */
static bool
turn_page(struct arena *a, json_t *page, struct str *after)
{
	json_t *edges = json_at(page, "edges");
	size_t n = json_array_size(edges);
	struct str last = n ? json_text(a, json_array_get(edges, n - 1), "cursor") : STR("");
	bool on = json_truth(page, "pageInfo.hasNextPage") && last.len && !str_eq(last, *after);
	*after = last;
	return on;
}

static enum registry_fault
graphql_list(struct registry *r, struct arena *a, const struct registry_filter *filter,
	struct registry_list *list)
{
	struct str after = STR("");
	json_t *page = NULL;
	for (int i = 0; i < REGISTRY_PAGES_MOST; i++) {
		enum registry_fault fault = list_page(r, a, filter, after, &page);
		if (fault)
			return fault;
		json_t *edges = json_at(page, "edges");
		for (size_t k = 0; k < json_array_size(edges); k++) {
			struct registry_orb orb;
			if (list->n == filter->most) {
				list->more = true;
				return REGISTRY_FINE;
			}
			read_orb(a, json_at(json_array_get(edges, k), "node"), &orb);
			vec_push(a, list, orb);
		}
		if (!turn_page(a, page, &after))
			break;
	}
	return REGISTRY_FINE;
}

static enum registry_fault
graphql_categories(struct registry *r, struct arena *a, struct registry_categories *list)
{
	struct str after = STR("");
	json_t *page = NULL;
	for (int i = 0; i < REGISTRY_PAGES_MOST; i++) {
		enum registry_fault fault = ask(r, a,
			"query($after: String!) { orbCategories(first: 20, after: $after) { "
			"edges { cursor node { id name } } pageInfo { hasNextPage } } }",
			json_pack("{s:o}", "after", json_str(after)), NULL);
		if (fault)
			return fault;
		page = json_at(r->answer, "data.orbCategories");
		json_t *edges = json_at(page, "edges");
		for (size_t k = 0; k < json_array_size(edges); k++) {
			json_t *node = json_at(json_array_get(edges, k), "node");
			struct registry_category one = {
				json_text(a, node, "id"), json_text(a, node, "name")};
			vec_push(a, list, one);
		}
		if (!turn_page(a, page, &after))
			break;
	}
	return REGISTRY_FINE;
}

/* ---- compiling --------------------------------------------------------------------------- */

static enum registry_fault
graphql_compile(struct registry *r, struct arena *a, struct str yaml, bool *valid, struct str *text)
{
	/* Servers that know no owner refuse the question in which there is one. */
	struct str owner = r->options->owner;
	const char *query = "query($yaml: String!) { orbConfig(orbYaml: $yaml) { valid "
			    "errors { message } outputYaml } }";
	if (owner.len)
		query = "query($yaml: String!, $owner: UUID) { orbConfig(orbYaml: $yaml, "
			"ownerId: $owner) { valid errors { message } outputYaml } }";
	json_t *variables = json_pack("{s:o}", "yaml", json_str(yaml));
	if (variables && owner.len)
		json_object_set_new(variables, "owner", json_str(owner));
	enum registry_fault fault = ask(r, a, query, variables, NULL);
	if (fault)
		return fault;
	json_t *config = json_at(r->answer, "data.orbConfig");
	if (!json_is_boolean(json_at(config, "valid")))
		return registry_garbled(r, "it does not say whether the orb is valid");
	*valid = json_truth(config, "valid");
	*text = *valid ? json_text(a, config, "outputYaml")
		       : json_lines(a, json_at(config, "errors"), "message");
	return REGISTRY_FINE;
}

/* ---- writing ----------------------------------------------------------------------------- */

static enum registry_fault
graphql_create(struct registry *r, struct arena *a, struct str name, bool is_private)
{
	struct str ns = registry_ns(name), short_name = str_sub(name, ns.len + 1, name.len);
	enum registry_fault fault =
		ask(r, a, "query($ns: String!) { registryNamespace(name: $ns) { id } }",
			json_pack("{s:o}", "ns", json_str(ns)), NULL);
	if (fault)
		return fault;
	struct str id = json_text(a, r->answer, "data.registryNamespace.id");
	if (!id.len)
		return registry_fail(r, REGISTRY_ABSENT,
			"there is no namespace %.*s; it must be claimed first", STR_ARG(ns));
	return ask(r, a,
		"mutation($name: String!, $ns: UUID!, $private: Boolean!) { createOrb(name: $name, "
		"registryNamespaceId: $ns, isPrivate: $private) { orb { id } "
		"errors { message type } } }",
		json_pack("{s:o,s:o,s:b}", "name", json_str(short_name), "ns", json_str(id),
			"private", is_private),
		"createOrb");
}

static enum registry_fault
graphql_publish(struct registry *r, struct arena *a, const struct orb_ref *ref, struct str yaml)
{
	return ask(r, a,
		"mutation($yaml: String!, $orb: String, $ns: String, $version: String!) { "
		"publishOrb(orbName: $orb, namespaceName: $ns, orbYaml: $yaml, version: $version) "
		"{ orb { version } errors { message } } }",
		json_pack("{s:o,s:o,s:o,s:o}", "yaml", json_str(yaml), "orb", json_str(ref->name),
			"ns", json_str(ref->ns), "version", json_str(ref->version)),
		"publishOrb");
}

static enum registry_fault
graphql_promote(struct registry *r, struct arena *a, const struct orb_ref *dev, struct str segment,
	struct str *version)
{
	struct registry_orb orb;
	struct str name = str_printf(a, "%.*s/%.*s", STR_ARG(dev->ns), STR_ARG(dev->name));
	enum registry_fault fault = graphql_orb(r, a, name, &orb);
	if (fault)
		return fault;
	if (!orb_next_version(a, &orb, segment, version))
		return registry_garbled(r, "versions that cannot be counted on from");
	return ask(r, a,
		"mutation($orb: String, $ns: String, $dev: String!, $version: String!) { "
		"promoteOrb(orbName: $orb, namespaceName: $ns, devVersion: $dev, "
		"semanticVersion: $version) { orb { version } errors { message } } }",
		json_pack("{s:o,s:o,s:o,s:o}", "orb", json_str(dev->name), "ns", json_str(dev->ns),
			"dev", json_str(dev->version), "version", json_str(*version)),
		"promoteOrb");
}

static enum registry_fault
graphql_set_listed(struct registry *r, struct arena *a, struct str name, bool listed)
{
	struct registry_orb orb;
	enum registry_fault fault = graphql_orb(r, a, name, &orb);
	if (fault)
		return fault;
	return ask(r, a,
		"mutation($orb: UUID!, $list: Boolean!) { setOrbListStatus(orbId: $orb, "
		"list: $list) { listed errors { message type } } }",
		json_pack("{s:o,s:b}", "orb", json_str(orb.id), "list", listed),
		"setOrbListStatus");
}

static enum registry_fault
graphql_categorize(struct registry *r, struct arena *a, const struct registry_orb *orb,
	struct str category, bool add)
{
	json_t *variables =
		json_pack("{s:o,s:o}", "orb", json_str(orb->id), "category", json_str(category));
	if (add)
		return ask(r, a,
			"mutation($orb: UUID!, $category: UUID!) { addCategorizationToOrb("
			"orbId: $orb, categoryId: $category) { orbId errors { message type } } }",
			variables, "addCategorizationToOrb");
	return ask(r, a,
		"mutation($orb: UUID!, $category: UUID!) { removeCategorizationFromOrb("
		"orbId: $orb, categoryId: $category) { orbId errors { message type } } }",
		variables, "removeCategorizationFromOrb");
}

const struct generation generation_graphql = {
	.source = graphql_source,
	.orb = graphql_orb,
	.list = graphql_list,
	.categories = graphql_categories,
	.compile = graphql_compile,
	.create = graphql_create,
	.publish = graphql_publish,
	.promote = graphql_promote,
	.set_listed = graphql_set_listed,
	.categorize = graphql_categorize,
};
