/* SPDX-License-Identifier: MIT */
/* The registry's REST interface: /api/v3/orb/…; lists are {"data": […], "page": {"next": …}}. */
#include "registry.h"

static enum registry_fault
get(struct registry *r, struct arena *a, struct str path)
{
	struct call_to call = {.method = "GET", .path = path, .token_header = "Circle-Token"};
	enum registry_fault fault = registry_call(r, a, &call, NULL);
	if (!fault && !json_at(r->answer, "data"))
		return registry_garbled(r, "it has no data");
	return fault;
}

static enum registry_fault
post(struct registry *r, struct arena *a, struct str path, json_t *body, bool write)
{
	struct call_to call = {.method = "POST",
		.path = path,
		.token_header = "Circle-Token",
		.body = body,
		.write = write};
	if (!body)
		return registry_fail(r, REGISTRY_REFUSED, "what is to be sent is not UTF-8");
	return registry_call(r, a, &call, NULL);
}

/* ---- reading ----------------------------------------------------------------------------- */

/* {"id": …, "attributes": {"name": "ns/orb", …}, "references": {"orb_versions": […], …}} */
static void
read_orb(struct arena *a, json_t *entity, struct registry_orb *orb)
{
	json_t *versions = json_at(entity, "references.orb_versions");
	json_t *categories = json_at(entity, "references.orb_categories");
	size_t n = json_array_size(versions), m = json_array_size(categories);
	*orb = (struct registry_orb){.id = json_text(a, entity, "id"),
		.name = json_text(a, entity, "attributes.name"),
		.created_at = json_text(a, entity, "attributes.created_at"),
		.is_private = json_truth(entity, "attributes.is_private"),
		.unlisted = json_is_false(json_at(entity, "attributes.is_listed")),
		.builds = json_number(entity, "attributes.last_30_days_build_count", -1),
		.projects = json_number(entity, "attributes.last_30_days_project_count", -1),
		.orgs = json_number(entity, "attributes.last_30_days_org_count", -1),
		.versions = NEW_ARRAY(a, struct registry_version, n + 1),
		.nversions = (uint32_t)n,
		.categories = NEW_ARRAY(a, struct str, m + 1),
		.ncategories = (uint32_t)m};
	for (size_t i = 0; i < n; i++) {
		json_t *v = json_array_get(versions, i);
		orb->versions[i].version = json_text(a, v, "attributes.version");
		orb->versions[i].created_at = json_text(a, v, "attributes.created_at");
	}
	for (size_t i = 0; i < m; i++)
		orb->categories[i] = json_text(a, json_array_get(categories, i), "attributes.name");
}

/* Namespaces come apart from names in some answers: then the name has no slash. */
static void
complete_name(struct arena *a, json_t *entity, struct registry_orb *orb)
{
	struct str ns = json_text(a, entity, "references.namespace.attributes.name");
	if (ns.len && !str_has(orb->name, STR("/")))
		orb->name = str_printf(a, "%.*s/%.*s", STR_ARG(ns), STR_ARG(orb->name));
}

static enum registry_fault
v3_orb(struct registry *r, struct arena *a, struct str name, struct registry_orb *orb)
{
	struct str path = str_printf(
		a, "api/v3/orb/packages?filter%%5Bname%%5D=%.*s", STR_ARG(url_encode(a, name)));
	enum registry_fault fault = get(r, a, path);
	if (fault)
		return fault;
	json_t *entity = json_at(r->answer, "data.0");
	if (!entity)
		return registry_fail(r, REGISTRY_ABSENT,
			"there is no orb %.*s, or it is private and the token may not see it",
			STR_ARG(name));
	read_orb(a, entity, orb);
	complete_name(a, entity, orb);
	return orb->id.len ? REGISTRY_FINE : registry_garbled(r, "an orb without id");
}

/* The id of a version that exists. */
static enum registry_fault
find_version(struct registry *r, struct arena *a, const struct orb_ref *ref, struct str *id,
	struct str *exact)
{
	struct str text = str_printf(
		a, "%.*s/%.*s@%.*s", STR_ARG(ref->ns), STR_ARG(ref->name), STR_ARG(ref->version));
	struct str path = str_printf(
		a, "api/v3/orb/versions?filter%%5Bref%%5D=%.*s", STR_ARG(url_encode(a, text)));
	enum registry_fault fault = get(r, a, path);
	if (fault)
		return fault;
	*id = json_text(a, r->answer, "data.0.id");
	*exact = json_text(a, r->answer, "data.0.attributes.version");
	if (!json_at(r->answer, "data.0"))
		return registry_fail(r, REGISTRY_ABSENT,
			"there is no orb %.*s, or it is private and the token may not see it",
			STR_ARG(text));
	return id->len && exact->len ? REGISTRY_FINE
				     : registry_garbled(r, "a version without number");
}

static enum registry_fault
v3_source(struct registry *r, struct arena *a, const struct orb_ref *ref, struct orb_found *found)
{
	struct str id = STR("");
	enum registry_fault fault = find_version(r, a, ref, &id, &found->exact);
	struct call_to call = {.method = "GET",
		.path = str_printf(
			a, "api/v3/orb/versions/%.*s/source", STR_ARG(url_encode(a, id))),
		.token_header = "Circle-Token",
		.text = true};
	return fault ? fault : registry_call(r, a, &call, &found->text);
}

/* ---- lists ------------------------------------------------------------------------------- */

/* The path of the next page, empty after the last one. That answers have page.next, the cursor of
 * the next page or null, is known; by what parameter it is sent back is not: page[cursor] is made
 * after filter[name]. Should it be called otherwise, the first page comes again with the cursor
 * that it had, which is an error, as a list that ends too soon would be believed. */
static enum registry_fault
next_page(struct registry *r, struct arena *a, struct str base, struct str *path)
{
	struct str cursor = json_text(a, r->answer, "page.next"), old = *path;
	*path = STR("");
	if (!cursor.len)
		return REGISTRY_FINE;
	*path = str_printf(a, "%.*s%spage%%5Bcursor%%5D=%.*s", STR_ARG(base),
		str_has(base, STR("?")) ? "&" : "?", STR_ARG(url_encode(a, cursor)));
	return str_eq(*path, old) ? registry_garbled(r, "a page that is followed by itself")
				  : REGISTRY_FINE;
}

/* "api/v3/orb/packages?filter[namespace_id]=…" */
static enum registry_fault
list_path(struct registry *r, struct arena *a, const struct registry_filter *f, struct str *path)
{
	struct sb b = {.a = a};
	sb_puts(&b, "api/v3/orb/packages");
	char between = '?';
	if (f->ns.len) {
		enum registry_fault fault = get(r, a,
			str_printf(a, "api/v3/namespaces?filter%%5Bname%%5D=%.*s",
				STR_ARG(url_encode(a, f->ns))));
		struct str id = json_text(a, r->answer, "data.0.id");
		if (fault)
			return fault;
		if (!id.len)
			return registry_fail(
				r, REGISTRY_ABSENT, "there is no namespace %.*s", STR_ARG(f->ns));
		sb_printf(&b, "?filter%%5Bnamespace_id%%5D=%.*s", STR_ARG(url_encode(a, id)));
		between = '&';
	}
	if (f->certified)
		sb_printf(&b, "%cfilter%%5Bcertified%%5D=true", between);
	else if (f->is_private)
		sb_printf(&b, "%cfilter%%5Bvisibility%%5D=private", between);
	*path = str_copy(a, sb_str(&b));
	return REGISTRY_FINE;
}

static enum registry_fault
v3_list(struct registry *r, struct arena *a, const struct registry_filter *filter,
	struct registry_list *list)
{
	struct str base = STR(""), path;
	enum registry_fault fault = list_path(r, a, filter, &base);
	path = base;
	for (int page = 0; !fault && path.len && page < REGISTRY_PAGES_MOST; page++) {
		fault = get(r, a, path);
		json_t *data = fault ? NULL : json_at(r->answer, "data");
		for (size_t i = 0; i < json_array_size(data); i++) {
			struct registry_orb orb;
			if (list->n == filter->most) {
				list->more = true;
				return REGISTRY_FINE;
			}
			read_orb(a, json_array_get(data, i), &orb);
			complete_name(a, json_array_get(data, i), &orb);
			vec_push(a, list, orb);
		}
		if (!fault)
			fault = next_page(r, a, base, &path);
	}
	return fault;
}

static enum registry_fault
v3_categories(struct registry *r, struct arena *a, struct registry_categories *list)
{
	struct str base = STR("api/v3/orb/categories"), path = base;
	enum registry_fault fault = REGISTRY_FINE;
	for (int page = 0; !fault && path.len && page < REGISTRY_PAGES_MOST; page++) {
		fault = get(r, a, path);
		json_t *data = fault ? NULL : json_at(r->answer, "data");
		for (size_t i = 0; i < json_array_size(data); i++) {
			json_t *v = json_array_get(data, i);
			struct registry_category one = {
				json_text(a, v, "id"), json_text(a, v, "attributes.name")};
			vec_push(a, list, one);
		}
		if (!fault)
			fault = next_page(r, a, base, &path);
	}
	return fault;
}

/* ---- compiling --------------------------------------------------------------------------- */

static enum registry_fault
v3_compile(struct registry *r, struct arena *a, struct str yaml, bool *valid, struct str *text)
{
	json_t *body = json_pack("{s:s%}", "yaml", yaml.s ? yaml.s : "", yaml.len);
	if (body && r->options->owner.len)
		json_object_set_new(body, "org_id", json_str(r->options->owner));
	enum registry_fault fault = post(r, a, STR("api/v3/orb/packages/process"), body, false);
	if (fault)
		return fault;
	json_t *at = json_at(r->answer, "data.attributes");
	if (!at)
		at = json_at(r->answer, "attributes");
	if (!json_is_boolean(json_at(at, "is_valid")))
		return registry_garbled(r, "it does not say whether the orb is valid");
	*valid = json_truth(at, "is_valid");
	*text = *valid ? json_text(a, at, "output_yaml")
		       : json_lines(a, json_at(at, "errors"), "message");
	return REGISTRY_FINE;
}

/* ---- writing ----------------------------------------------------------------------------- */

static enum registry_fault
v3_create(struct registry *r, struct arena *a, struct str name, bool is_private)
{
	struct str ns = registry_ns(name), short_name = str_sub(name, ns.len + 1, name.len);
	enum registry_fault fault = get(r, a,
		str_printf(a, "api/v3/namespaces?filter%%5Bname%%5D=%.*s",
			STR_ARG(url_encode(a, ns))));
	struct str id = json_text(a, r->answer, "data.0.id");
	if (fault)
		return fault;
	if (!id.len)
		return registry_fail(r, REGISTRY_ABSENT,
			"there is no namespace %.*s; it must be claimed first", STR_ARG(ns));
	return post(r, a, STR("api/v3/orb/packages"),
		json_pack("{s:{s:{s:o,s:b},s:{s:{s:o}}}}", "data", "attributes", "name",
			json_str(short_name), "is_private", is_private, "references", "namespace",
			"id", json_str(id)),
		true);
}

static enum registry_fault
v3_publish(struct registry *r, struct arena *a, const struct orb_ref *ref, struct str yaml)
{
	struct registry_orb orb;
	struct str name = str_printf(a, "%.*s/%.*s", STR_ARG(ref->ns), STR_ARG(ref->name));
	enum registry_fault fault = v3_orb(r, a, name, &orb);
	if (fault)
		return fault;
	return post(r, a, STR("api/v3/orb/versions"),
		json_pack("{s:{s:{s:o,s:o,s:o}}}", "data", "attributes", "orb_id", json_str(orb.id),
			"yaml", json_str(yaml), "version", json_str(ref->version)),
		true);
}

static enum registry_fault
v3_promote(struct registry *r, struct arena *a, const struct orb_ref *dev, struct str segment,
	struct str *version)
{
	struct str id, exact;
	enum registry_fault fault = find_version(r, a, dev, &id, &exact);
	if (fault)
		return fault;
	struct str path =
		str_printf(a, "api/v3/orb/versions/%.*s/promote", STR_ARG(url_encode(a, id)));
	fault = post(r, a, path, json_pack("{s:o}", "segment", json_str(segment)), true);
	if (!fault)
		*version = json_text(a, r->answer, "data.attributes.version");
	return fault;
}

static enum registry_fault
v3_set_listed(struct registry *r, struct arena *a, struct str name, bool listed)
{
	struct registry_orb orb;
	enum registry_fault fault = v3_orb(r, a, name, &orb);
	if (fault)
		return fault;
	struct str path = str_printf(
		a, "api/v3/orb/packages/%.*s/set-listed", STR_ARG(url_encode(a, orb.id)));
	return post(r, a, path, json_pack("{s:b}", "is_listed", listed), true);
}

static enum registry_fault
v3_categorize(struct registry *r, struct arena *a, const struct registry_orb *orb,
	struct str category, bool add)
{
	struct str path = str_printf(a, "api/v3/orb/packages/%.*s/%s-category",
		STR_ARG(url_encode(a, orb->id)), add ? "add" : "remove");
	return post(r, a, path, json_pack("{s:o}", "category_id", json_str(category)), true);
}

const struct generation generation_v3 = {
	.source = v3_source,
	.orb = v3_orb,
	.list = v3_list,
	.categories = v3_categories,
	.compile = v3_compile,
	.create = v3_create,
	.publish = v3_publish,
	.promote = v3_promote,
	.set_listed = v3_set_listed,
	.categorize = v3_categorize,
};
