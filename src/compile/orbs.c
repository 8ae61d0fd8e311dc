/* SPDX-License-Identifier: MIT */
/*
 * Orb references: rendered, looked up, decoded. One source is decoded once however often it is
 * imported. An orb that cannot be had leaves its entry without a module: what is said of its
 * elements is then unknown, not wrong.
 */
#include "ccx/compile.h"
#include "ccx/limits.h"

#include "internal.h"

static bool import_all(struct compile *c, struct module *m, unsigned depth);

/* Offers ns/name of every orb at hand, or the versions of this one when it is there. */
static void
suggest(struct compile *c, struct diag *g, const struct orb_ref *ref)
{
	struct str *versions, *names;
	uint32_t n = orb_versions(c->options->orbs, ref->ns, ref->name, &versions);
	if (n) {
		uint32_t from = n > 8 ? n - 8 : 0;
		struct str list = str_join(c->a, versions + from, n - from, ", ");
		diag_label(c->diags, g, "no such version");
		diag_help(
			c->diags, g, "versions at hand: %s%.*s", from ? "…, " : "", STR_ARG(list));
		return;
	}
	struct nearest near = {
		.wanted = str_printf(c->a, "%.*s/%.*s", STR_ARG(ref->ns), STR_ARG(ref->name))};
	n = orb_names(c->options->orbs, &names);
	for (uint32_t i = 0; i < n; i++)
		nearest_try(&near, names[i]);
	diag_nearest(c->diags, g, &near);
}

/* tools: https://example.com/orb.yml */
static void
missing_url(struct compile *c, const struct orb_ref *ref, struct span at)
{
	const struct orb_store *store = c->options->orbs;
	bool asked = false;
	for (uint32_t i = 0; i < store->sources.n; i++)
		asked = asked || store->sources.v[i].by_address;
	struct diag *g = diag_push(c->diags, RULE_ORB_NOT_FOUND, at,
		"Cannot fetch the orb %.*s: %s", STR_ARG(ref->text),
		asked ? "nothing is there, or not for everybody"
		      : "it is not in the cache, and the network must not be used");
	if (c->options->tolerant)
		diag_demote(c->diags, g, SEVERITY_NOTE);
	diag_help(c->diags, g, "write it into the config, as an inline orb, to have it expanded");
}

/* CircleCI fetches so many and no more. */
static bool
is_one_url_too_many(struct compile *c, const struct orb_ref *ref, struct span at, unsigned depth)
{
	unsigned others = 0;
	if (ref->kind != ORB_URL || map_has(&c->orbs, ref->text))
		return false;
	for (uint32_t i = 0; i < c->orbs.n; i++)
		others += str_starts(c->orbs.v[i].key, STR("https://"));
	if (others < LIMIT_URL_ORBS && depth < LIMIT_URL_ORB_DEPTH)
		return false;
	diag_push(c->diags, RULE_ORB_CYCLE, at,
		"orbs that are fetched by address import each other more than %d deep, or there "
		"are more than %d of them",
		LIMIT_URL_ORB_DEPTH, LIMIT_URL_ORBS);
	return true;
}

static void
missing(struct compile *c, const struct orb_ref *ref, struct span at)
{
	if (ref->kind == ORB_URL) {
		missing_url(c, ref, at);
		return;
	}
	struct diag *g = diag_push(c->diags, RULE_ORB_NOT_FOUND, at,
		"Cannot find %.*s in the orb registry. Check that the namespace, orb name and "
		"version are correct.",
		STR_ARG(ref->text));
	if (c->options->tolerant)
		diag_demote(c->diags, g, SEVERITY_NOTE);
	suggest(c, g, ref);
	const struct orb_store *store = c->options->orbs;
	const struct orb_lock_entry *locked = orb_lock_find(store->lock, ref->text);
	if (locked)
		diag_note(c->diags, g, (struct span){0}, "%.*s says that it is version %.*s",
			STR_ARG(store->lock->path), STR_ARG(locked->exact));
	for (uint32_t i = 0; i < store->sources.n; i++)
		diag_note(c->diags, g, (struct span){0}, "looked in %.*s",
			STR_ARG(store->sources.v[i].place));
	if (!store->sources.n && !g->help.len)
		diag_help(c->diags, g,
			"nothing to look in: name a directory of orbs with --orb-path");
}

/* `# Orb 'circleci/node@5' resolved to 'circleci/node@5.2.0'`; only for the config's own. */
static void
comment(struct compile *c, const struct module *m, const struct orb_ref *ref, struct str exact)
{
	if (m->parent || ref->kind == ORB_URL)
		return;
	struct str line = str_printf(c->a, "Orb '%.*s' resolved to '%.*s/%.*s@%.*s'",
		STR_ARG(ref->text), STR_ARG(ref->ns), STR_ARG(ref->name), STR_ARG(exact));
	vec_push(c->a, &c->comments, line);
}

/* Decodes a source that was found, and what it imports. */
static struct module *
load(struct compile *c, const struct orb_found *found, struct str id, unsigned depth)
{
	uint32_t file = source_add(c->sources, found->origin, found->text);
	const struct node *root = node_load(c->a, c->sources, file, c->diags);
	if (!root)
		return NULL;
	struct module *m = NEW(c->a, struct module);
	m->path = id;
	m->parent = &c->config->module;
	map_put(c->a, &c->orbs, id, m);
	m->loading = true;
	module_decode(c->a, m, root, c->diags);
	import_all(c, m, depth + 1);
	m->loading = false;
	return m;
}

static struct module *
fetch(struct compile *c, const struct module *m, const struct orb_ref *ref, struct span at,
	unsigned depth)
{
	struct orb_found found = {0};
	if (is_one_url_too_many(c, ref, at, depth))
		return NULL;
	enum orb_result result = orb_find(c->options->orbs, ref, &found);
	if (result == ORB_MISSING) {
		missing(c, ref, at);
		return NULL;
	}
	if (result == ORB_UNREACHABLE) {
		struct diag *g =
			diag_push(c->diags, RULE_CANNOT_READ, at, "Cannot fetch the orb %.*s: %.*s",
				STR_ARG(ref->text), STR_ARG(found.error));
		if (c->options->tolerant)
			diag_demote(c->diags, g, SEVERITY_NOTE);
		return NULL;
	}
	if (result == ORB_BROKEN) {
		diag_push(c->diags, RULE_CANNOT_READ, at, "cannot read %.*s: %.*s",
			STR_ARG(found.origin), STR_ARG(found.error));
		return NULL;
	}
	struct compiled_orb orb = {*ref, found.exact, found.origin, found.text, at};
	vec_push(c->a, &c->refs, orb);
	lock_compare(c, &orb);
	comment(c, m, ref, found.exact);
	struct str id = ref->kind == ORB_URL ? ref->text
					     : str_printf(c->a, "%.*s/%.*s@%.*s", STR_ARG(ref->ns),
						       STR_ARG(ref->name), STR_ARG(found.exact));
	struct module *known = map_get(&c->orbs, id);
	if (known && known->loading) {
		diag_push(c->diags, RULE_ORB_CYCLE, at, "orb %.*s imports itself", STR_ARG(id));
		return NULL;
	}
	if (c->orbs.n >= LIMIT_ORBS || depth > LIMIT_ORB_DEPTH) {
		diag_push(c->diags, RULE_ORB_CYCLE, at,
			"orbs import each other more than %d deep, or there are more than %d of "
			"them",
			LIMIT_ORB_DEPTH, LIMIT_ORBS);
		return NULL;
	}
	return known ? known : load(c, &found, id, depth);
}

/* The reference as text, rendered where templates are read. */
static const struct node *
reference_of(struct compile *c, const struct module *m, const struct orb_entry *o)
{
	struct view view = {.c = c, .pipeline_parameters = !m->parent};
	const struct node *text = view_render(&view, o->node, NULL);
	if (!text || text->kind == NODE_STRING)
		return text;
	diag_push(c->diags, RULE_INVALID_ORB_REFERENCE, o->node->span,
		"orb \"%.*s\" must be a reference or an inline orb, not %s", STR_ARG(o->alias),
		node_type(text));
	return NULL;
}

static void
not_a_reference(struct compile *c, const struct orb_entry *o, struct str text, const char *why)
{
	struct diag *g = diag_push(c->diags, RULE_INVALID_ORB_REFERENCE, o->node->span,
		"\"%.*s\" is not an orb reference: %s", STR_ARG(text), why);
	if (!(o->node->flags & NODE_TEMPLATED)) {
		diag_help(c->diags, g, "write namespace/name@version, as in circleci/node@5.2.0");
		return;
	}
	diag_help(c->diags, g,
		"this is what its expression gives here: set the value with --value or --param");
	if (c->options->tolerant) /* a pipeline has values that are not known here */
		diag_demote(c->diags, g, SEVERITY_NOTE);
}

static void
import(struct compile *c, const struct module *m, struct orb_entry *o, unsigned depth)
{
	const struct node *text = o->node->kind == NODE_STRING ? reference_of(c, m, o) : NULL;
	struct orb_ref ref;
	const char *why;
	if (!text) {
		c->orbs_missing = true;
		return;
	}
	bool fine = orb_ref_parse(text->u.text, &ref, &why);
	/* Tools read a missing version as volatile; a config must say it. */
	if (fine && ref.kind == ORB_VOLATILE && !str_has(text->u.text, STR("@"))) {
		fine = false;
		why = "it has no version";
	}
	if (!fine) {
		not_a_reference(c, o, text->u.text, why);
		c->orbs_missing = true;
		return;
	}
	uint32_t resolved = c->refs.n;
	o->module = fetch(c, m, &ref, o->node->span, depth);
	if (c->refs.n == resolved || !o->module)
		c->orbs_missing = true;
}

/* orbs: {node: circleci/node@5, mine: {orbs: {…}, jobs: {…}}} */
static bool
import_all(struct compile *c, struct module *m, unsigned depth)
{
	for (uint32_t i = 0; i < m->orbs.n; i++) {
		struct orb_entry *o = m->orbs.v[i].value;
		if (o->node->kind != NODE_MAP)
			import(c, m, o, depth);
		else if (o->node->count)
			import_all(c, o->module, depth);
		else
			o->module = NULL; /* `aws-cli: {}`: filled in when a pipeline continues */
	}
	return true;
}

void
orb_imports(struct compile *c, struct module *m)
{
	import_all(c, m, 1);
}

bool
pass_orbs(struct compile *c)
{
	bool fine = import_all(c, &c->config->module, 0);
	lock_stale(c);
	return fine;
}
