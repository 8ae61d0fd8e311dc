/* SPDX-License-Identifier: MIT */
/*
 * The inverse of packing: one file for each command, job and so on, and one for the rest. A name
 * that could not be a file's stays with the rest, so that packing makes the same document again.
 */
#include "ccx/orb.h"

#include <string.h>

enum { LONGEST_NAME = 200 };

struct unpacker {
	struct arena *a;
	const struct unpack_options *how;
	struct unpacked *out;
	struct map taken; /* paths in lower case: some file systems do not tell apart */
	struct str entry; /* name of the entry that is taken apart */
	uint32_t scripts; /* of that entry so far */
};

/* ---- names ------------------------------------------------------------------------------- */

static struct str
lower(struct arena *a, struct str text)
{
	struct str copy = str_copy(a, text);
	char *s = (char *)copy.s;
	for (size_t i = 0; i < copy.len; i++)
		if (s[i] >= 'A' && s[i] <= 'Z')
			s[i] = (char)(s[i] | 0x20);
	return copy;
}

static bool
is_taken(struct unpacker *u, struct str path)
{
	return map_has(&u->taken, lower(u->a, path));
}

static void
add_file(struct unpacker *u, struct str path, struct str text)
{
	struct unpacked_file file = {path, text};
	map_put(u->a, &u->taken, lower(u->a, path), u);
	vec_push(u->a, &u->out->files, file);
}

/* May it be the name of a file, and will packing find the same name again? */
static bool
is_file_name(const struct node *key)
{
	if (key->kind != NODE_STRING || !key->u.text.len || key->u.text.len > LONGEST_NAME)
		return false;
	struct str t = key->u.text;
	if (t.s[0] == '.' || t.s[0] == '@')
		return false;
	for (size_t i = 0; i < t.len; i++)
		if ((unsigned char)t.s[i] < ' ' || strchr("/\\:*?\"<>|\x7f", t.s[i]))
			return false;
	return true;
}

/* ---- scripts ----------------------------------------------------------------------------- */

/* What packing turns into text again; false when it is not what packing made. */
static bool
unescape(struct arena *a, struct str text, struct str *script)
{
	struct sb b = {.a = a};
	size_t at = 0;
	for (size_t next; (next = str_find(text, STR("<<"), at)) != SIZE_MAX; at = next + 2) {
		if (next == at || text.s[next - 1] != '\\')
			return false;
		sb_put(&b, str_sub(text, at, next - 1));
		sb_puts(&b, "<<");
	}
	sb_put(&b, str_sub(text, at, text.len));
	*script = sb_str(&b);
	return true;
}

static uint32_t
count_lines(struct str text)
{
	uint32_t n = text.len > 0;
	for (size_t i = 0; i + 1 < text.len; i++)
		n += text.s[i] == '\n';
	return n;
}

/* scripts/deploy.sh, scripts/deploy-2.sh */
static struct str
script_path(struct unpacker *u)
{
	struct str name = str_copy(u->a, u->entry), path;
	char *s = (char *)name.s;
	for (size_t i = 0; i < name.len; i++)
		if (!((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z') ||
			    (s[i] >= '0' && s[i] <= '9') || s[i] == '_' || s[i] == '.'))
			s[i] = '-';
	do {
		u->scripts++;
		path = u->scripts == 1
			       ? str_printf(u->a, "scripts/%.*s.sh", STR_ARG(name))
			       : str_printf(u->a, "scripts/%.*s-%u.sh", STR_ARG(name), u->scripts);
	} while (is_taken(u, path));
	return path;
}

static const struct node *
move_script(struct unpacker *u, const struct node *n)
{
	struct str script;
	if (n->kind != NODE_STRING || count_lines(n->u.text) < u->how->script_lines ||
		!unescape(u->a, n->u.text, &script) || memchr(script.s, 0, script.len))
		return n;
	struct str path = script_path(u);
	add_file(u, path, script);
	return node_string(u->a, str_printf(u->a, "<<include(%.*s)>>", STR_ARG(path)), n->span);
}

/*
 * - run:
 *     command: |      - run: |
 *       …               …
 */
static const struct node *
move_scripts(struct unpacker *u, const struct node *n, unsigned depth)
{
	if ((n->kind != NODE_LIST && n->kind != NODE_MAP) || depth > 64)
		return n;
	if (n->kind == NODE_LIST) {
		const struct node **items = NEW_ARRAY(u->a, const struct node *, n->count);
		for (uint32_t i = 0; i < n->count; i++)
			items[i] = move_scripts(u, n->u.items[i], depth + 1);
		return node_list(u->a, items, n->count, n->span);
	}
	struct pair *pairs = NEW_ARRAY(u->a, struct pair, n->count);
	for (uint32_t i = 0; i < n->count; i++) {
		pairs[i] = n->u.pairs[i];
		if (node_is(pairs[i].key, "command") || node_is(pairs[i].key, "run"))
			pairs[i].value = move_script(u, pairs[i].value);
		pairs[i].value = move_scripts(u, pairs[i].value, depth + 1);
	}
	return node_map(u->a, pairs, n->count, n->span);
}

/* ---- sections ---------------------------------------------------------------------------- */

static bool
is_section(const struct unpacker *u, const struct node *key)
{
	static const char *const config[] = {
		"commands", "executors", "job-groups", "jobs", "workflows", NULL};
	static const char *const orb[] = {"commands", "examples", "executors", "jobs", NULL};
	for (const char *const *s = u->how->orb ? orb : config; *s; s++)
		if (node_is(key, *s))
			return true;
	return false;
}

static struct str
printed(struct arena *a, const struct node *n)
{
	struct sb b = {.a = a};
	node_print_go(&b, n);
	return sb_str(&b);
}

/* Writes the entries that can be files; what is left of the section, or NULL when that is none. */
static const struct node *
unpack_section(struct unpacker *u, const struct pair *section)
{
	const struct node *map = section->value;
	struct str dir = section->key->u.text;
	bool scripts = u->how->orb && u->how->script_lines && !str_is(dir, "examples");
	struct pair *left = NEW_ARRAY(u->a, struct pair, map->count);
	uint32_t nleft = 0;
	for (uint32_t i = 0; i < map->count; i++) {
		struct pair p = map->u.pairs[i];
		struct str path = {0};
		if (is_file_name(p.key) && p.value->kind == NODE_MAP)
			path = str_printf(
				u->a, "%.*s/%.*s.yml", STR_ARG(dir), STR_ARG(p.key->u.text));
		if (!path.len || is_taken(u, path)) {
			left[nleft++] = p;
			continue;
		}
		u->entry = p.key->u.text;
		u->scripts = 0;
		if (scripts)
			p.value = move_scripts(u, p.value, 0);
		add_file(u, path, printed(u->a, p.value));
	}
	return nleft || !map->count ? node_map(u->a, left, nleft, map->span) : NULL;
}

void
unpack_tree(struct arena *a, const struct node *doc, const struct unpack_options *how,
	struct unpacked *out)
{
	struct unpacker u = {.a = a, .how = how, .out = out};
	struct pair *rest = NEW_ARRAY(a, struct pair, doc->count);
	uint32_t nrest = 0;
	for (uint32_t i = 0; i < doc->count; i++) {
		struct pair p = doc->u.pairs[i];
		if (is_section(&u, p.key) && p.value->kind == NODE_MAP)
			p.value = unpack_section(&u, &p);
		if (p.value)
			rest[nrest++] = p;
	}
	const struct node *base = node_map(a, rest, nrest, doc->span);
	add_file(&u, how->orb ? STR("@orb.yml") : STR("@config.yml"), printed(a, base));
}
