/* SPDX-License-Identifier: MIT */
/*
 * Includes of an orb: <<include(scripts/run.sh)>> in a value of a job, command or executor stands
 * for the text of that file, in which every "<<" is escaped. What a file holds is text: an include
 * in it is none, so that there are no cycles.
 */
#include "pack.h"
#include "ccx/limits.h"

#include <string.h>

struct directive {
	size_t from, to; /* in the text */
	struct str path;
};

static size_t
skip_space(struct str t, size_t at)
{
	while (at < t.len && t.s[at] && strchr(" \t\n\f\r", t.s[at]))
		at++;
	return at;
}

static bool
is_path_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_' || c == '/' || c == '.';
}

/*
 *     << include(scripts/run.sh) >>     the closing parenthesis may be missing
 */
static bool
next_directive(struct str t, size_t from, struct directive *d)
{
	for (size_t at; (at = str_find(t, STR("<<"), from)) != SIZE_MAX; from = at + 1) {
		size_t to = skip_space(t, at + 2);
		if (!str_starts(str_sub(t, to, t.len), STR("include(")))
			continue;
		size_t path = to + strlen("include("), end = path;
		while (end < t.len && is_path_char(t.s[end]))
			end++;
		to = skip_space(t, end + (end < t.len && t.s[end] == ')'));
		if (end == path || !str_starts(str_sub(t, to, t.len), STR(">>")))
			continue;
		*d = (struct directive){at, to + 2, str_sub(t, path, end)};
		return true;
	}
	return false;
}

/* Joins the paths and takes out "." and "..", as Go does before the system sees them. */
static struct str
join_clean(struct arena *a, struct str root, struct str path)
{
	VEC(struct str) steps = {0};
	struct str all = str_printf(a, "%.*s/%.*s", STR_ARG(root), STR_ARG(path));
	bool absolute = str_starts(root, STR("/"));
	for (size_t at = 0, end; at <= all.len; at = end + 1) {
		end = str_find(all, STR("/"), at);
		end = end == SIZE_MAX ? all.len : end;
		struct str step = str_sub(all, at, end);
		if (!step.len || str_is(step, "."))
			continue;
		bool back = str_is(step, "..");
		if (back && steps.n && !str_is(steps.v[steps.n - 1], ".."))
			steps.n--;
		else if (!back || !absolute)
			vec_push(a, &steps, step);
	}
	struct str joined = str_join(a, steps.v, steps.n, "/");
	if (absolute)
		return str_printf(a, "/%.*s", STR_ARG(joined));
	return joined.len ? joined : STR(".");
}

static struct str
escape(struct arena *a, struct str text)
{
	struct sb b = {.a = a};
	size_t at = 0;
	for (size_t next; (next = str_find(text, STR("<<"), at)) != SIZE_MAX; at = next + 2) {
		sb_put(&b, str_sub(text, at, next));
		sb_puts(&b, "\\<<");
	}
	sb_put(&b, str_sub(text, at, text.len));
	return sb_str(&b);
}

static bool
fault(struct packer *p, const struct node *n, struct str message, const char *help)
{
	struct diag *g = pack_fault(p, RULE_INVALID_INCLUDE, n->span, message);
	if (help)
		diag_help(p->d, g, "%s", help);
	return false;
}

static bool
is_text(struct str text)
{
	return utf8_invalid(text) == SIZE_MAX && !(text.len && memchr(text.s, 0, text.len));
}

/* The escaped text of an included file. Each is read once. */
static bool
included(struct packer *p, const struct node *n, struct str path, struct str *text)
{
	struct str file = join_clean(p->a, p->root, path), why;
	struct str *known = map_get(&p->includes, file);
	if (known) {
		*text = *known;
		return true;
	}
	if (!pack_file_within(p, file, text, &why)) {
		if (why.len)
			return fault(p, n,
				str_printf(p->a, "cannot include \"%.*s\": %.*s", STR_ARG(file),
					STR_ARG(why)),
				"paths are relative to the folder that is packed");
		return fault(p, n,
			str_printf(p->a, "cannot include \"%.*s\": it lies outside of %s",
				STR_ARG(path), p->boundary_name),
			"--include-root names another folder that includes may not leave");
	}
	if (!is_text(*text))
		return fault(p, n,
			str_printf(p->a, "cannot include \"%.*s\": it is not UTF-8 text",
				STR_ARG(file)),
			NULL);
	known = NEW(p->a, struct str);
	*known = *text = escape(p->a, *text);
	map_put(p->a, &p->includes, file, known);
	return true;
}

/* CLI 0.1 wants a value that is one include and nothing else. */
static bool
check_legacy(struct packer *p, const struct node *n, const struct directive *d)
{
	struct directive second;
	struct str text = n->u.text;
	if (next_directive(text, d->to, &second))
		return fault(p, n, STR("more than one include in a value"),
			"the CLI 0.1 allows one; 1.x allows several");
	if (d->from > 0 || d->to < text.len)
		return fault(p, n, STR("an include must be the whole of its value"),
			"the CLI 0.1 does not mix an include with other text; 1.x does");
	return true;
}

static const struct node *
include_text(struct packer *p, const struct node *n)
{
	struct directive d;
	struct str text = n->u.text, part;
	struct sb b = {.a = p->a};
	size_t at = 0;
	if (!next_directive(text, 0, &d))
		return n;
	if (p->how->legacy && !check_legacy(p, n, &d))
		return n;
	do {
		if (!included(p, n, d.path, &part))
			return n;
		p->weight += part.len / NODE_WEIGHT_BYTES;
		if (p->weight > LIMIT_OUTPUT_BYTES / NODE_WEIGHT_BYTES) {
			if (!p->failed)
				pack_fault(p, RULE_TOO_LARGE, n->span,
					STR("the included files are too large"));
			return n;
		}
		sb_put(&b, str_sub(text, at, d.from));
		sb_put(&b, part);
		at = d.to;
	} while (next_directive(text, at, &d));
	sb_put(&b, str_sub(text, at, text.len));
	return node_string(p->a, sb_str(&b), n->span);
}

static const struct node *
include_below(struct packer *p, const struct node *n, unsigned depth)
{
	if (n->kind == NODE_STRING)
		return n->flags & NODE_TEMPLATED ? include_text(p, n) : n;
	if (!(n->flags & NODE_TEMPLATED) || depth > 2 * LIMIT_DEPTH)
		return n;
	if (n->kind == NODE_LIST) {
		const struct node **items = NEW_ARRAY(p->a, const struct node *, n->count);
		for (uint32_t i = 0; i < n->count; i++)
			items[i] = include_below(p, n->u.items[i], depth + 1);
		return node_list(p->a, items, n->count, n->span);
	}
	struct pair *pairs = NEW_ARRAY(p->a, struct pair, n->count);
	for (uint32_t i = 0; i < n->count; i++) {
		pairs[i].key = n->u.pairs[i].key;
		pairs[i].value = include_below(p, n->u.pairs[i].value, depth + 1);
	}
	return node_map(p->a, pairs, n->count, n->span);
}

const struct node *
pack_include(struct packer *p, const struct node *doc)
{
	struct pair *pairs = NEW_ARRAY(p->a, struct pair, doc->count);
	for (uint32_t i = 0; i < doc->count; i++) {
		pairs[i] = doc->u.pairs[i];
		const struct node *key = pairs[i].key;
		if (node_is(key, "jobs") || node_is(key, "commands") || node_is(key, "executors"))
			pairs[i].value = include_below(p, pairs[i].value, 0);
	}
	return node_map(p->a, pairs, doc->count, doc->span);
}
