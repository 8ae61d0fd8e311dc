/* SPDX-License-Identifier: MIT */
/*
 * What an orb says of itself: descriptions, links and examples, which are what the registry shows
 * and searches, and the versions of the orbs that it imports.
 */
#include "ccx/check.h"

#include "internal.h"
#include "written.h"

#include <string.h>

/* ---- places ------------------------------------------------------------------------------ */

/* Where to show what is said of the whole orb: its version or, without, its first key. */
static struct span
head_of(const struct check *c)
{
	const struct pair *version = node_pair(c->root, STR("version"));
	if (version && check_own(c, version->key->span))
		return version->key->span;
	for (uint32_t i = 0; i < c->root->count; i++)
		if (check_own(c, c->root->u.pairs[i].key->span))
			return c->root->u.pairs[i].key->span;
	return (struct span){c->file, 0, 0};
}

/* A text that says something. */
static bool
is_said(const struct node *text)
{
	return node_has(text, NODE_STRING) && str_trim(text->u.text).len;
}

/* ---- descriptions ------------------------------------------------------------------------ */

/* What the review of orb-tools takes for too short. */
enum { SHORTEST_DESCRIPTION = 64 };

/* description: Install and run the tools of Acme. */
static void
check_description(const struct check *c)
{
	const struct node *text = node_get(c->root, "description");
	struct diag *g;
	if (!is_said(text)) {
		g = diag_push(c->diags, RULE_ORB_DESCRIPTION, text ? text->span : head_of(c),
			"the orb has no description");
		diag_help(c->diags, g,
			"say what it is for: the registry shows it, and finds the orb by it");
		return;
	}
	size_t length = utf8_count(str_trim(text->u.text));
	if (length >= SHORTEST_DESCRIPTION)
		return;
	g = diag_push(c->diags, RULE_ORB_DESCRIPTION, text->span,
		"the description of the orb has %u character%s, which is little", (unsigned)length,
		length == 1 ? "" : "s");
	diag_demote(c->diags, g, SEVERITY_NOTE);
	diag_help(c->diags, g,
		"say what it is for and what it needs, in %d characters or more: the registry "
		"finds the orb by it",
		SHORTEST_DESCRIPTION);
}

static void
check_element(void *ctx, const struct element *e)
{
	const struct check *c = ctx;
	if (!check_own(c, e->span) || is_said(node_get(e->node, "description")))
		return;
	struct diag *g = diag_push(c->diags, RULE_ELEMENT_DESCRIPTION, e->span,
		"%s \"%.*s\" has no description", element_kind_names[e->kind], STR_ARG(e->name));
	diag_help(c->diags, g, "say what it does: the registry shows it to those who use the orb");
}

/* ---- links ------------------------------------------------------------------------------- */

/* https://github.com/acme/tools-orb */
static bool
is_address(struct str text)
{
	struct str scheme = STR("https://");
	if (!str_starts(text, scheme) || text.len == scheme.len || str_has(text, STR(" ")))
		return false;
	return text.s[scheme.len] != '/';
}

static void
check_link(const struct check *c, const struct node *link, const char *key)
{
	if (!node_has(link, NODE_STRING) || is_address(str_trim(link->u.text)))
		return;
	struct diag *g = diag_push(
		c->diags, RULE_DISPLAY_URL, link->span, "`%s` is no https:// address", key);
	diag_help(c->diags, g, "write it as in https://github.com/acme/tools-orb");
}

/* display:
 *   home_url: https://acme.example/tools
 *   source_url: https://github.com/acme/tools-orb */
static void
check_links(const struct check *c)
{
	const struct pair *display = node_pair(c->root, STR("display"));
	const struct node *links = display ? display->value : NULL;
	const struct node *source = node_get(links, "source_url");
	check_link(c, node_get(links, "home_url"), "home_url");
	if (is_said(source)) {
		check_link(c, source, "source_url");
		return;
	}
	struct diag *g = diag_push(c->diags, RULE_MISSING_SOURCE_URL,
		display ? display->key->span : head_of(c),
		"the orb does not say where its source is");
	diag_help(c->diags, g,
		"add `source_url` under `display`, and `home_url` if there is a page of the "
		"product");
}

/* ---- examples ---------------------------------------------------------------------------- */

/* example  usage-2  Example1 */
static bool
is_empty_name(struct str name)
{
	static const char *const words[] = {"example", "examples", "usage", "sample"};
	while (name.len && strchr("0123456789-_", name.s[name.len - 1]))
		name.len--;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t n = strlen(words[i]);
		/* The first letter may be a capital. */
		if (name.len == n && (name.s[0] | 0x20) == words[i][0] &&
			memcmp(name.s + 1, words[i] + 1, n - 1) == 0)
			return true;
	}
	return false;
}

static void
check_example(const struct check *c, const struct pair *example)
{
	const struct node *key = example->key;
	struct diag *g;
	if (key->kind != NODE_STRING || !check_own(c, key->span))
		return;
	if (!is_said(node_get(example->value, "description"))) {
		g = diag_push(c->diags, RULE_ELEMENT_DESCRIPTION, key->span,
			"example \"%.*s\" has no description", STR_ARG(key->u.text));
		diag_help(c->diags, g, "say what it shows and when to do it like that");
	}
	if (!is_empty_name(key->u.text))
		return;
	g = diag_push(c->diags, RULE_EXAMPLE_NAME, key->span,
		"the name \"%.*s\" does not tell what the example shows", STR_ARG(key->u.text));
	diag_help(c->diags, g, "name the use: `build_and_publish`, `with_cache`");
}

static void
check_examples(const struct check *c)
{
	const struct module *m = &c->config->module;
	const struct pair *examples = node_pair(c->root, STR("examples"));
	const struct node *all = examples ? examples->value : NULL;
	for (uint32_t i = 0; node_has(all, NODE_MAP) && i < all->count; i++)
		check_example(c, &all->u.pairs[i]);
	bool any = node_has(all, NODE_MAP) && all->count;
	if (any || !(m->commands.n || m->jobs.n || m->executors.n))
		return;
	struct diag *g = diag_push(c->diags, RULE_MISSING_EXAMPLE,
		examples ? examples->key->span : head_of(c), "the orb has no example");
	diag_help(c->diags, g,
		"add one under `examples`, with `description` and a config as `usage`");
}

/* ---- imports ----------------------------------------------------------------------------- */

/* What an import that names no single version stands for; NULL: it names one. */
static const char *
loose_import(const struct orb_ref *ref)
{
	switch (ref->kind) {
	case ORB_VOLATILE:
		return "means whatever version is the newest when this orb is published";
	case ORB_DEV:
		return "means a version that can be overwritten and expires after 90 days";
	case ORB_MAJOR:
	case ORB_MINOR:
		return "means the newest version that fits when this orb is published";
	case ORB_EXACT:
	case ORB_URL:
		break;
	}
	return NULL;
}

/* orbs: {node: circleci/node@5} */
static void
check_imports(const struct check *c)
{
	const struct map *orbs = &c->config->module.orbs;
	for (uint32_t i = 0; i < orbs->n; i++) {
		const struct orb_entry *o = orbs->v[i].value;
		struct orb_ref ref;
		const char *why;
		if (!node_has(o->node, NODE_STRING) || (o->node->flags & NODE_TEMPLATED) ||
			!orb_ref_parse(o->node->u.text, &ref, &why) || !loose_import(&ref))
			continue;
		struct diag *g = diag_push(c->diags, RULE_UNPINNED_IMPORT, o->node->span,
			"`%.*s` %s", STR_ARG(ref.text), loose_import(&ref));
		diag_help(c->diags, g,
			"name the version that this orb was tested with, as in %.*s/%.*s@1.2.3",
			STR_ARG(ref.ns), STR_ARG(ref.name));
		if (ref.kind == ORB_MAJOR || ref.kind == ORB_MINOR)
			diag_demote(c->diags, g, SEVERITY_NOTE);
	}
}

void
check_orb_about(const struct check *c)
{
	check_description(c);
	check_links(c);
	check_examples(c);
	each_own_element(&c->config->module, (struct element_visitor){check_element, (void *)c});
	check_imports(c);
}
