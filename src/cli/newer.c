/* SPDX-License-Identifier: MIT */
#include "newer.h"

struct version_list {
	struct str *v;
	uint32_t n, cap;
};

void
newer_open(struct session *s, struct newer *n)
{
	*n = (struct newer){.session = s};
	if (s->remote.registry)
		n->registry = registry_new(s->cli->a, &s->remote.remote.options);
}

void
newer_close(struct newer *n)
{
	if (n->registry)
		registry_free(n->registry);
	n->registry = NULL;
}

/* A registry that gives no answer is asked once. */
static void
ask(struct newer *n, struct str name, struct version_list *list)
{
	struct registry_orb orb;
	enum registry_fault fault = registry_orb(n->registry, n->session->cli->a, name, &orb);
	if (fault == REGISTRY_FINE) {
		for (uint32_t i = 0; i < orb.nversions; i++)
			vec_push(n->session->cli->a, list, orb.versions[i].version);
		return;
	}
	if (fault == REGISTRY_ABSENT)
		return;
	cli_say("%.*s", STR_ARG(registry_error(n->registry)));
	cli_say("only versions at hand are compared");
	newer_close(n);
}

static const struct version_list *
versions_of(struct newer *n, const struct compiled_orb *orb)
{
	struct arena *a = n->session->cli->a;
	struct str name = str_printf(a, "%.*s/%.*s", STR_ARG(orb->ref.ns), STR_ARG(orb->ref.name)),
		   *at_hand;
	struct version_list *list = map_get(&n->known, name);
	if (list)
		return list;
	list = NEW(a, struct version_list);
	map_put(a, &n->known, name, list);
	uint32_t count = orb_versions(&n->session->orbs, orb->ref.ns, orb->ref.name, &at_hand);
	for (uint32_t i = 0; i < count; i++)
		vec_push(a, list, at_hand[i]);
	if (n->registry)
		ask(n, name, list);
	return list;
}

struct str
newer_find(struct newer *n, const struct compiled_orb *orb, enum newer_level level)
{
	static const enum orb_version_kind within[] = {ORB_MINOR, ORB_MAJOR, ORB_VOLATILE};
	struct orb_ref range, other;
	const char *why;
	struct str best = orb->exact, none = {0};
	struct str used = str_printf(n->session->cli->a, "%.*s/%.*s@%.*s", STR_ARG(orb->ref.ns),
		STR_ARG(orb->ref.name), STR_ARG(orb->exact));
	if (!orb_ref_parse(used, &range, &why) || range.kind != ORB_EXACT)
		return none;
	range.kind = within[level];
	const struct version_list *list = versions_of(n, orb);
	for (uint32_t i = 0; i < list->n; i++) {
		struct str id = str_printf(n->session->cli->a, "%.*s/%.*s@%.*s",
			STR_ARG(orb->ref.ns), STR_ARG(orb->ref.name), STR_ARG(list->v[i]));
		if (version_fits(&range, list->v[i]) && version_cmp(list->v[i], best) > 0 &&
			orb_ref_parse(id, &other, &why))
			best = list->v[i];
	}
	return str_eq(best, orb->exact) ? none : best;
}
