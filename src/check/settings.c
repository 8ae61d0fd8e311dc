/* SPDX-License-Identifier: MIT */
/* Settings of ccx: .circleci/ccx.yml, read like any config and applied to findings. */
#include "ccx/check.h"

#include <string.h>

/* ---- reading ----------------------------------------------------------------------------- */

static void
check_rule(struct diag_list *d, const struct node *name)
{
	enum rule rule;
	if (!node_has(name, NODE_STRING) || rule_find(name->u.text, &rule))
		return;
	struct diag *g = diag_push(d, RULE_UNKNOWN_IGNORED_RULE, name->span,
		"there is no rule \"%.*s\"", STR_ARG(str_sub(name->u.text, 0, 200)));
	if (!diag_kept(d, g))
		return;
	struct nearest nearest = {.wanted = name->u.text};
	for (int i = 0; i < RULE_COUNT; i++)
		nearest_try(&nearest, str_of(rule_info((enum rule)i)->id));
	diag_nearest(d, g, &nearest);
	diag_help(d, g, "ccx rules lists the rules");
}

/*
 * severity:
 *   shadowed-step: off      # which YAML reads as false
 * ignore:
 *   - path: .circleci/config.yml
 *     rules: [unknown-key]
 */
static void
check_rules(const struct node *settings, struct diag_list *d)
{
	const struct node *severity = node_get(settings, "severity");
	const struct node *ignore = node_get(settings, "ignore");
	for (uint32_t i = 0; node_has(severity, NODE_MAP) && i < severity->count; i++) {
		const struct pair *p = &severity->u.pairs[i];
		check_rule(d, p->key);
		if (node_has(p->value, NODE_BOOL) && p->value->u.boolean)
			diag_push(d, RULE_INVALID_VALUE, p->value->span,
				"a severity is one of error, warning, note, off");
	}
	for (uint32_t i = 0; node_has(ignore, NODE_LIST) && i < ignore->count; i++) {
		const struct node *rules = node_get(ignore->u.items[i], "rules");
		for (uint32_t k = 0; node_has(rules, NODE_LIST) && k < rules->count; k++)
			check_rule(d, rules->u.items[k]);
	}
}

const struct node *
settings_read(struct arena *a, struct sources *s, uint32_t file, struct diag_list *d)
{
	const struct node *root = node_load(a, s, file, d);
	if (!root || !schema_check(catalog_schema(SCHEMA_SETTINGS), root, d))
		return NULL;
	check_rules(root, d);
	return root->kind == NODE_MAP ? root : NULL;
}

/* ---- joining ----------------------------------------------------------------------------- */

static const struct node *
join_lists(struct arena *a, const struct node *x, const struct node *y)
{
	const struct node **items = NEW_ARRAY(a, const struct node *, x->count + y->count + 1);
	if (x->count)
		memcpy(items, x->u.items, x->count * sizeof *items);
	if (y->count)
		memcpy(items + x->count, y->u.items, y->count * sizeof *items);
	return node_list(a, items, x->count + y->count, x->span);
}

/* One level of maps inside is joined too: severity. */
static const struct node *
join_maps(struct arena *a, const struct node *x, const struct node *y, bool inner)
{
	struct pair *pairs = NEW_ARRAY(a, struct pair, x->count + y->count + 1);
	uint32_t n = 0;
	for (uint32_t i = 0; i < x->count; i++) {
		struct pair p = x->u.pairs[i];
		const struct node *other =
			p.key->kind == NODE_STRING ? node_find(y, p.key->u.text) : NULL;
		if (other && other->kind == NODE_LIST && p.value->kind == NODE_LIST)
			p.value = join_lists(a, p.value, other);
		else if (other && other->kind == NODE_MAP && p.value->kind == NODE_MAP && !inner)
			p.value = join_maps(a, p.value, other, true);
		pairs[n++] = p;
	}
	for (uint32_t i = 0; i < y->count; i++) {
		struct pair p = y->u.pairs[i];
		if (p.key->kind != NODE_STRING || !node_find(x, p.key->u.text))
			pairs[n++] = p;
	}
	return node_map(a, pairs, n, x->span);
}

const struct node *
settings_join(struct arena *a, const struct node *nearer, const struct node *farther)
{
	if (!nearer || !farther)
		return nearer ? nearer : farther;
	return join_maps(a, nearer, farther, false);
}

bool
settings_list_has(const struct node *settings, const char *key, struct str name)
{
	const struct node *list = node_get(settings, key);
	for (uint32_t i = 0; node_has(list, NODE_LIST) && i < list->count; i++) {
		const struct node *item = list->u.items[i];
		if (item->kind == NODE_STRING && str_eq(item->u.text, name))
			return true;
	}
	return false;
}

/* ---- globs ------------------------------------------------------------------------------- */

/* The places in a pattern up to which a path has been matched, those reached through stars too. */
static void
follow_stars(struct str pattern, bool *at)
{
	for (size_t i = 0; i < pattern.len; i++) {
		if (!at[i] || pattern.s[i] != '*')
			continue;
		at[i + 1] = true;
		bool folders = i + 2 < pattern.len && str_is(str_sub(pattern, i, i + 3), "**/");
		if (folders)
			at[i + 3] = true;
	}
}

/* Whether the star at i crosses "/". */
static bool
is_deep(struct str pattern, size_t i)
{
	return (i + 1 < pattern.len && pattern.s[i + 1] == '*') || (i && pattern.s[i - 1] == '*');
}

bool
glob_matches(struct arena *a, struct str pattern, struct str path)
{
	bool *now = NEW_ARRAY(a, bool, pattern.len + 2),
	     *next = NEW_ARRAY(a, bool, pattern.len + 2);
	now[0] = true;
	follow_stars(pattern, now);
	for (size_t k = 0; k < path.len; k++) {
		char c = path.s[k];
		memset(next, 0, pattern.len + 2);
		for (size_t i = 0; i < pattern.len; i++) {
			char p = pattern.s[i];
			if (now[i] && p == '*' && (c != '/' || is_deep(pattern, i)))
				next[i] = true;
			else if (now[i] && p != '*' && (p == c || (p == '?' && c != '/')))
				next[i + 1] = true;
		}
		bool *spare = now;
		now = next;
		next = spare;
		follow_stars(pattern, now);
	}
	return now[pattern.len];
}

/* legacy/  old/?.yml  *.yml  ./.circleci/config.yml */
static bool
path_matches(struct arena *a, struct str pattern, struct str path)
{
	enum { LONGEST = 4096 };
	if (pattern.len > LONGEST || path.len > LONGEST)
		return false;
	while (str_starts(pattern, STR("./")))
		pattern = str_sub(pattern, 2, pattern.len);
	if (str_ends(pattern, STR("/")))
		pattern = str_printf(a, "%.*s**", STR_ARG(pattern));
	if (!str_has(pattern, STR("/")))
		for (size_t slash; (slash = str_find(path, STR("/"), 0)) != SIZE_MAX;)
			path = str_sub(path, slash + 1, path.len);
	return glob_matches(a, pattern, path);
}

/* ---- applying ---------------------------------------------------------------------------- */

struct str
project_path(struct arena *a, const struct project_paths *paths, struct str path)
{
	while (str_starts(path, STR("./")))
		path = str_sub(path, 2, path.len);
	struct str folder = paths->folder;
	size_t n = folder.len;
	if (n && str_starts(path, folder) && path.len > n && path.s[n] == '/')
		return str_sub(path, n + 1, path.len);
	bool file = path.len && path.s[0] != '<' && !str_starts(path, STR("../"));
	return file ? path_join(a, paths->here, path) : path;
}

static const struct node *
find_entry(const struct node *ignore, struct arena *a, enum rule rule, struct str path)
{
	struct str id = str_of(rule_info(rule)->id);
	for (uint32_t i = 0; i < ignore->count; i++) {
		const struct node *entry = ignore->u.items[i], *glob = node_get(entry, "path");
		if (settings_list_has(entry, "rules", id) && node_has(glob, NODE_STRING) &&
			path_matches(a, glob->u.text, path))
			return entry;
	}
	return NULL;
}

static void
apply_ignore(const struct node *ignore, const struct project_paths *paths, struct sources *s,
	struct diag_list *d)
{
	for (uint32_t i = 0; node_has(ignore, NODE_LIST) && i < d->all.n; i++) {
		struct diag *g = &d->all.v[i];
		const struct source *source = source_of(s, g->span.file);
		if (!source || g->ignored)
			continue;
		struct str path = project_path(d->a, paths, source->path);
		const struct node *entry = find_entry(ignore, d->a, g->rule, path);
		const struct node *reason = node_get(entry, "reason");
		if (entry)
			diag_ignore(d, g,
				node_has(reason, NODE_STRING) ? reason->u.text : STR("settings"));
	}
}

static void
apply_severity(const struct node *severity, struct diag_list *d)
{
	static const char *const words[] = {"error", "warning", "note"};
	for (uint32_t i = 0; node_has(severity, NODE_MAP) && i < severity->count; i++) {
		const struct pair *p = &severity->u.pairs[i];
		enum rule rule;
		if (p->key->kind != NODE_STRING || !rule_find(p->key->u.text, &rule))
			continue;
		if (node_is(p->value, "off") ||
			(p->value->kind == NODE_BOOL && !p->value->u.boolean))
			diag_remove(d, rule);
		for (int k = SEVERITY_ERROR; k <= SEVERITY_NOTE; k++)
			for (uint32_t n = 0; node_is(p->value, words[k]) && n < d->all.n; n++)
				if (d->all.v[n].rule == rule && !d->all.v[n].ignored)
					diag_demote(d, &d->all.v[n], (enum severity)k);
	}
}

void
settings_apply(const struct node *settings, const struct project_paths *paths, struct sources *s,
	struct diag_list *d)
{
	apply_severity(node_get(settings, "severity"), d);
	apply_ignore(node_get(settings, "ignore"), paths, s, d);
}
