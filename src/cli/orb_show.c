/* SPDX-License-Identifier: MIT */
#include "orb_show.h"

#include "ccx/yaml.h"

bool
orb_name(const char *operand, struct str *name)
{
	struct orb_ref ref;
	const char *why;
	if (!orb_ref_parse(str_of(operand), &ref, &why))
		return false;
	*name = ref.text;
	return ref.kind != ORB_URL && !str_has(ref.text, STR("@"));
}

/* The registry's text comes from others: no control characters reach a terminal. */
static void
put_safe(struct sb *b, struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		sb_char(b, (unsigned char)text.s[i] < ' ' || text.s[i] == 0x7f ? '?' : text.s[i]);
}

static void
put_count(struct sb *b, const char *what, int64_t n)
{
	if (n >= 0)
		sb_printf(b, "%s: %lld\n", what, (long long)n);
}

void
orb_put_text(struct sb *b, const struct registry_orb *orb)
{
	put_safe(b, orb->name);
	sb_printf(b, "%s%s\n", orb->is_private ? " (private)" : "",
		orb->unlisted ? " (unlisted)" : "");
	if (orb->created_at.len) {
		sb_puts(b, "created: ");
		put_safe(b, orb->created_at);
		sb_char(b, '\n');
	}
	for (uint32_t i = 0; i < orb->ncategories; i++) {
		sb_puts(b, i ? ", " : "categories: ");
		put_safe(b, orb->categories[i]);
	}
	if (orb->ncategories)
		sb_char(b, '\n');
	put_count(b, "builds in 30 days", orb->builds);
	put_count(b, "projects in 30 days", orb->projects);
	put_count(b, "organizations in 30 days", orb->orgs);
	sb_printf(b, "versions: %u\n", (unsigned)orb->nversions);
	for (uint32_t i = 0; i < orb->nversions; i++) {
		sb_puts(b, "  ");
		put_safe(b, orb->versions[i].version);
		sb_puts(b, "  ");
		put_safe(b, orb->versions[i].created_at);
		sb_char(b, '\n');
	}
}

void
orb_put_list(struct sb *b, const struct registry_orb *orbs, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		put_safe(b, orbs[i].name);
		sb_char(b, ' ');
		put_safe(b, orbs[i].nversions ? orbs[i].versions[0].version : STR("-"));
		sb_char(b, '\n');
	}
}

/* ---- JSON -------------------------------------------------------------------------------- */

struct members {
	struct arena *a;
	VEC(struct pair) all;
};

static void
put(struct members *m, const char *key, const struct node *value)
{
	struct pair pair = {node_string(m->a, str_of(key), (struct span){0}), value};
	vec_push(m->a, &m->all, pair);
}

static void
put_text(struct members *m, const char *key, struct str text)
{
	if (text.len)
		put(m, key, node_string(m->a, text, (struct span){0}));
}

static void
put_number(struct members *m, const char *key, int64_t n)
{
	if (n >= 0)
		put(m, key, node_int(m->a, n, (struct span){0}));
}

static const struct node *
end(struct members *m)
{
	return node_map(m->a, m->all.v, m->all.n, (struct span){0});
}

static const struct node *
versions_of(struct arena *a, const struct registry_orb *orb)
{
	const struct node **items = NEW_ARRAY(a, const struct node *, orb->nversions + 1);
	for (uint32_t i = 0; i < orb->nversions; i++) {
		struct members m = {.a = a};
		put_text(&m, "version", orb->versions[i].version);
		put_text(&m, "createdAt", orb->versions[i].created_at);
		items[i] = end(&m);
	}
	return node_list(a, items, orb->nversions, (struct span){0});
}

static const struct node *
orb_node(struct arena *a, const struct registry_orb *orb)
{
	struct members m = {.a = a};
	const struct node **names = NEW_ARRAY(a, const struct node *, orb->ncategories + 1);
	for (uint32_t i = 0; i < orb->ncategories; i++)
		names[i] = node_string(a, orb->categories[i], (struct span){0});
	put_text(&m, "name", orb->name);
	put_text(&m, "id", orb->id);
	put_text(&m, "createdAt", orb->created_at);
	put(&m, "private", node_bool(a, orb->is_private, (struct span){0}));
	put(&m, "categories", node_list(a, names, orb->ncategories, (struct span){0}));
	put_number(&m, "builds30Days", orb->builds);
	put_number(&m, "projects30Days", orb->projects);
	put_number(&m, "organizations30Days", orb->orgs);
	put(&m, "versions", versions_of(a, orb));
	return end(&m);
}

void
orb_put_json(struct sb *b, const struct registry_orb *orbs, uint32_t n)
{
	struct members top = {.a = b->a};
	const struct node **items = NEW_ARRAY(b->a, const struct node *, n + 1);
	for (uint32_t i = 0; i < n; i++)
		items[i] = orb_node(b->a, &orbs[i]);
	put(&top, "orbs", node_list(b->a, items, n, (struct span){0}));
	node_print_json(b, end(&top));
	if (b->len && b->s[b->len - 1] != '\n')
		sb_char(b, '\n');
}
