/* SPDX-License-Identifier: MIT */
/*
 * Rewriting a config for the announced compiler: what `config migrate` asks for besides the fixes
 * of other rules. A fix here is a proposal; whoever applies it compiles the config before and
 * after, and drops it when the results differ.
 */
#include "ccx/expr.h"
#include "ccx/limits.h"

#include "internal.h"
#include "migrate.h"

enum { FOLD = 88 }; /* columns from which on an expression is folded */

/* ---- version 2 --------------------------------------------------------------------------- */

struct walk {
	const struct check *c;
	struct diag *g;
	struct map seen; /* offsets of nodes, as text: aliases make a tree a graph */
	bool possible;
};

static void
escape_tree(struct walk *w, const struct node *n, int depth)
{
	if (!n || depth > 2 * LIMIT_DEPTH || !(n->flags & NODE_TEMPLATED) || !w->possible)
		return;
	struct str key = {(const char *)&n->span, sizeof n->span};
	if (map_has(&w->seen, key) || !check_own(w->c, n->span))
		return;
	map_put(w->c->a, &w->seen, key, (void *)n);
	if (n->kind == NODE_STRING)
		w->possible = escape_string(w->c, w->g, false, n, ESCAPE_ALL);
	for (uint32_t i = 0; n->kind == NODE_LIST && i < n->count; i++)
		escape_tree(w, n->u.items[i], depth + 1);
	for (uint32_t i = 0; n->kind == NODE_MAP && i < n->count; i++)
		escape_tree(w, n->u.pairs[i].value, depth + 1);
}

/* The whole of a line, with its break, when nothing but blanks stands beside the span; else len 0.
 */
static struct span
whole_line(const struct check *c, struct span span)
{
	struct str text = source_of(c->sources, span.file)->text;
	size_t from = span.off, to = span.off + span.len;
	while (from > 0 && (text.s[from - 1] == ' ' || text.s[from - 1] == '\t'))
		from--;
	while (to < text.len && (text.s[to] == ' ' || text.s[to] == '\t' || text.s[to] == '\r'))
		to++;
	if ((from > 0 && text.s[from - 1] != '\n') || to >= text.len || text.s[to] != '\n')
		return (struct span){0};
	return (struct span){span.file, (uint32_t)from, (uint32_t)(to + 1 - from)};
}

/* workflows:
 *   version: 2 */
static void
drop_workflows_version(const struct check *c, struct diag *g)
{
	const struct node *workflows = node_get(c->root, "workflows");
	const struct pair *p = node_pair(workflows, STR("version"));
	if (!p || workflows->count < 2 || p->key->span.off > p->value->span.off)
		return;
	uint32_t from = p->key->span.off, to = p->value->span.off + p->value->span.len;
	struct span line = whole_line(c, (struct span){c->file, from, to - from});
	if (line.len)
		diag_fix(c->diags, g, false, line, STR(""));
}

void
migrate_version(const struct check *c, struct diag *g)
{
	static const char *const read[] = {"jobs", "workflows"};
	struct walk w = {.c = c, .g = g, .possible = true};
	for (int i = 0; i < 2; i++)
		escape_tree(&w, node_get(c->root, read[i]), 0);
	if (!w.possible) {
		g->fix = NULL;
		diag_help(c->diags, g,
			"a backslash stands before a <<, which version 2.1 cannot write: change "
			"that text first");
		return;
	}
	drop_workflows_version(c, g);
	diag_fix(c->diags, g, false, c->config->version->span, STR("2.1"));
}

/* ---- filters ----------------------------------------------------------------------------- */

struct spot {
	struct str text; /* of the file */
	const struct pair *pair;
	const struct comment *comments;
	uint32_t ncomments;
	size_t from, to; /* what the expression replaces */
	bool flow;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The comment that ends at an offset, or NULL. */
static const struct comment *
comment_ending(const struct spot *p, size_t at)
{
	for (uint32_t i = 0; i < p->ncomments; i++)
		if (p->comments[i].span.off + p->comments[i].span.len == at)
			return &p->comments[i];
	return NULL;
}

/* The expression moves up to its key, or to its anchor, unless a comment stands between. */
static void
find_start(struct spot *p)
{
	size_t at = p->from;
	while (at > 0 && is_blank(p->text.s[at - 1]))
		at--;
	if (!p->flow && !comment_ending(p, at))
		p->from = at;
}

static size_t
line_start(struct str text, size_t at)
{
	while (at > 0 && text.s[at - 1] != '\n')
		at--;
	return at;
}

/* The comments inside of what goes, as lines above it. */
static struct str
kept_comments(const struct check *c, const struct spot *p, size_t line)
{
	struct sb out = {.a = c->a};
	size_t indent = line;
	bool crlf = str_has(p->text, STR("\r\n"));
	while (indent < p->text.len && p->text.s[indent] == ' ')
		indent++;
	for (uint32_t i = 0; i < p->ncomments; i++) {
		struct span s = p->comments[i].span;
		if (s.off < p->from || s.off >= p->to)
			continue;
		sb_put(&out, str_sub(p->text, line, indent));
		sb_put(&out, str_trim(str_sub(p->text, s.off, s.off + s.len)));
		sb_puts(&out, crlf ? "\r\n" : "\n");
	}
	return sb_str(&out);
}

/* Plain where YAML allows that: no comment, no key, and in braces nothing that ends an item. */
static void
put_scalar(struct sb *out, struct str text, bool flow)
{
	bool plain = !str_has(text, STR(": ")) && !str_has(text, STR(" #"));
	for (size_t i = 0; flow && i < text.len; i++)
		plain = plain && text.s[i] != ',' && text.s[i] != '[' && text.s[i] != ']' &&
			text.s[i] != '{' && text.s[i] != '}' && text.s[i] != ':' &&
			text.s[i] != '?';
	if (plain) {
		sb_put(out, text);
		return;
	}
	sb_char(out, '\'');
	for (size_t i = 0; i < text.len; i++) {
		sb_char(out, text.s[i]);
		if (text.s[i] == '\'')
			sb_char(out, '\'');
	}
	sb_char(out, '\'');
}

/* filters: >-
 *   pipeline.git.branch == "main"
 *   or pipeline.git.branch == "develop" */
static void
put_folded(struct sb *out, struct str text, size_t indent, bool crlf)
{
	sb_puts(out, " >-");
	for (size_t at = 0; at < text.len;) {
		size_t or = str_find(text, STR(" or "), at), and = str_find(text, STR(" and "), at);
		size_t end = or < and? or : and;
		end = end == SIZE_MAX ? text.len : end;
		sb_puts(out, crlf ? "\r\n" : "\n");
		sb_chars(out, ' ', indent);
		sb_put(out, str_sub(text, at, end));
		at = end + 1;
	}
}

static void
propose(const struct check *c, struct spot *p, struct str expression)
{
	size_t key_end = p->pair->key->span.off + p->pair->key->span.len;
	size_t line = line_start(p->text, p->from ? p->from - 1 : 0);
	size_t column = p->pair->key->span.off - line_start(p->text, p->pair->key->span.off);
	bool here = p->from == key_end + 1 && p->text.s[key_end] == ':';
	struct sb out = {.a = c->a};
	struct str comments = kept_comments(c, p, line);
	if (here && !p->flow && column + expression.len > FOLD && !str_has(expression, STR("  "))) {
		put_folded(&out, expression, column + 2, str_has(p->text, STR("\r\n")));
	} else {
		if (p->from > 0 && !is_blank(p->text.s[p->from - 1]) && !p->flow)
			sb_char(&out, ' ');
		put_scalar(&out, expression, p->flow);
	}
	struct diag *g = diag_push(c->diags, RULE_MAP_FILTERS, p->pair->key->span,
		"these filters can be an expression");
	if (comments.len)
		diag_fix(c->diags, g, false, (struct span){c->file, (uint32_t)line, 0}, comments);
	diag_fix(c->diags, g, false,
		(struct span){c->file, (uint32_t)p->from, (uint32_t)(p->to - p->from)},
		sb_str(&out));
}

struct filters {
	const struct check *c;
	struct spot base;
	struct map seen, taken; /* filters by place; those that something else needs as a map */
};

static void
migrate_pair(struct filters *f, const struct pair *pair)
{
	const struct node *n = pair->value;
	struct str key = {(const char *)&n->span, sizeof n->span};
	if (n->kind != NODE_MAP || !check_own(f->c, n->span) || map_has(&f->seen, key) ||
		map_has(&f->taken, key))
		return;
	map_put(f->c->a, &f->seen, key, (void *)pair);
	struct str expression = filter_expression(f->c->a, n);
	if (!expression.len) {
		struct diag *g = diag_push(
			f->c->diags, RULE_MAP_FILTERS, pair->key->span, "these filters stay a map");
		diag_help(f->c->diags, g, "no expression is certain to mean the same");
		return;
	}
	struct spot p = f->base;
	p.pair = pair;
	p.from = n->span.off;
	p.to = n->span.off + n->span.len;
	p.flow = p.text.s[p.from] == '{';
	find_start(&p);
	propose(f->c, &p, expression);
}

static void
migrate_jobs(struct filters *f, const struct node *jobs)
{
	for (uint32_t i = 0; node_has(jobs, NODE_LIST) && i < jobs->count; i++) {
		const struct node *job = jobs->u.items[i];
		if (job->kind != NODE_MAP || !job->count)
			continue;
		const struct pair *p = node_pair(job->u.pairs[0].value, STR("filters"));
		if (p)
			migrate_pair(f, p);
	}
}

/* triggers: [schedule: {filters: …}]: a schedule takes no expression. */
static void
keep_triggers(struct filters *f, const struct node *triggers)
{
	for (uint32_t i = 0; node_has(triggers, NODE_LIST) && i < triggers->count; i++) {
		const struct node *n =
			node_get(node_get(triggers->u.items[i], "schedule"), "filters");
		if (n)
			map_put(f->c->a, &f->taken,
				(struct str){(const char *)&n->span, sizeof n->span}, (void *)n);
	}
}

void
migrate_filters(const struct check *c)
{
	struct filters f = {.c = c, .base = {.text = source_of(c->sources, c->file)->text}};
	const struct node *workflows = c->config->workflows;
	const struct node *groups = node_get(c->root, "job-groups");
	f.base.comments = node_comments(c->a, c->sources, c->file, &f.base.ncomments);
	for (uint32_t i = 0; node_has(workflows, NODE_MAP) && i < workflows->count; i++)
		keep_triggers(&f, node_get(workflows->u.pairs[i].value, "triggers"));
	for (uint32_t i = 0; node_has(workflows, NODE_MAP) && i < workflows->count; i++)
		migrate_jobs(&f, node_get(workflows->u.pairs[i].value, "jobs"));
	for (uint32_t i = 0; node_has(groups, NODE_MAP) && i < groups->count; i++)
		migrate_jobs(&f, node_get(groups->u.pairs[i].value, "jobs"));
}

/* ---- what belongs to it ------------------------------------------------------------------ */

/* parallelism: 4  anywhere below jobs */
static bool
is_parallel(const struct check *c)
{
	const struct node *jobs = node_get(c->root, "jobs");
	for (uint32_t i = 0; node_has(jobs, NODE_MAP) && i < jobs->count; i++)
		if (node_get(jobs->u.pairs[i].value, "parallelism"))
			return true;
	return false;
}

/* A `deploy` step runs once in a job with parallelism, a `run` in every container. */
bool
migrate_wants(const struct check *c, const struct diag *g)
{
	if (g->rule == RULE_DEPRECATED_STEP)
		return !is_parallel(c);
	return g->rule == RULE_VERSION_2 || g->rule == RULE_MAP_FILTERS ||
	       g->rule == RULE_DEPRECATED_VALUE;
}
