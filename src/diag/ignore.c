/* SPDX-License-Identifier: MIT */
/*
 * Comments that ignore findings. Each that is one becomes a struct ignore: what it names, and the
 * range of the text in which findings that begin there are ignored.
 */
#include "ccx/diag.h"

#include <string.h>

/* A rule as a comment names it. */
struct ignored_rule {
	struct span span;
	enum rule rule;
	bool known, used;
};

enum reach { REACH_LINE, REACH_NEXT, REACH_BLOCK, REACH_FILE, REACH_START, REACH_END, REACH_NONE };

struct ignore {
	const struct comment *comment;
	struct span span; /* from the "#" that begins it */
	enum reach reach;
	uint32_t from, to; /* where findings begin that it ignores */
	bool every;        /* all rules, none is named */
	const char *fault; /* why it ignores nothing, or NULL */
	struct span list;  /* what stands between the brackets */
	struct ignored_rule *rules;
	uint32_t nrules;
	struct str reason;
};

struct ignores {
	struct diag_list *d;
	struct sources *s;
	struct arena *a;
	uint32_t file;
	struct str text;
	VEC(struct ignore) all;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

/* ---- lines ------------------------------------------------------------------------------- */

static bool
is_break(char c)
{
	return c == '\n' || c == '\r';
}

static uint32_t
line_start(struct str t, uint32_t at)
{
	while (at && !is_break(t.s[at - 1]))
		at--;
	return at;
}

static uint32_t
next_line(struct str t, uint32_t at)
{
	while (at < t.len && !is_break(t.s[at]))
		at++;
	if (at + 1 < t.len && t.s[at] == '\r' && t.s[at + 1] == '\n')
		at++;
	return at < t.len ? at + 1 : at;
}

static uint32_t
skip_empty_lines(struct str t, uint32_t at)
{
	for (;;) {
		uint32_t end = at;
		while (end < t.len && is_blank(t.s[end]))
			end++;
		if (end == t.len || !is_break(t.s[end]))
			return at;
		at = next_line(t, end);
	}
}

/* For each comment, where the first line below it begins that is not empty and no comment. */
static uint32_t *
find_lines_below(const struct ignores *is, const struct comment *comments, uint32_t n)
{
	uint32_t *below = NEW_ARRAY(is->a, uint32_t, n + 1);
	for (uint32_t i = n; i-- > 0;) {
		struct span span = comments[i].span;
		below[i] = skip_empty_lines(is->text, next_line(is->text, span.off + span.len));
		bool more = i + 1 < n && comments[i + 1].alone;
		if (more && line_start(is->text, comments[i + 1].span.off) == below[i])
			below[i] = below[i + 1];
	}
	return below;
}

/* ---- reading ----------------------------------------------------------------------------- */

/* Offset of the "#" of "# ccx:" in a comment, or SIZE_MAX: others may have spoken before. */
static size_t
find_ours(struct str comment, size_t *behind)
{
	for (size_t at = 0; (at = str_find(comment, STR("ccx:"), at)) != SIZE_MAX; at++) {
		size_t hash = at;
		while (hash && is_blank(comment.s[hash - 1]))
			hash--;
		*behind = at + 4;
		if (hash && comment.s[hash - 1] == '#')
			return hash - 1;
	}
	return SIZE_MAX;
}

/* The word at *at, behind blanks. */
static struct str
read_word(struct str text, size_t *at)
{
	while (*at < text.len && is_blank(text.s[*at]))
		++*at;
	size_t start = *at;
	while (*at < text.len && is_word(text.s[*at]))
		++*at;
	return str_sub(text, start, *at);
}

static void
add_rule(struct ignores *is, struct ignore *g, struct span span)
{
	struct ignored_rule rule = {.span = span};
	rule.known = rule_find(source_text(is->s, span), &rule.rule);
	struct ignored_rule *rules = NEW_ARRAY(is->a, struct ignored_rule, g->nrules + 1);
	if (g->nrules)
		memcpy(rules, g->rules, g->nrules * sizeof *rules);
	rules[g->nrules++] = rule;
	g->rules = rules;
}

/* unknown-key, version */
static void
read_list(struct ignores *is, struct ignore *g)
{
	enum { MOST = 100 }; /* there are not many more rules */
	for (uint32_t at = g->list.off, end = at + g->list.len; at < end && g->nrules < MOST;) {
		uint32_t stop = at;
		while (stop < end && is->text.s[stop] != ',')
			stop++;
		struct str name = str_trim(str_sub(is->text, at, stop));
		uint32_t off = name.len ? (uint32_t)(name.s - is->text.s) : at;
		if (name.len)
			add_rule(is, g, (struct span){is->file, off, (uint32_t)name.len});
		at = stop + 1;
	}
	if (!g->nrules)
		g->fault = "this names no rule to ignore";
}

static struct str
read_reason(struct str text)
{
	text = str_trim(text);
	while (text.len && (is_blank(text.s[0]) || text.s[0] == '-' || text.s[0] == ':'))
		text = str_sub(text, 1, text.len);
	return text;
}

/* ignore-block[rule, rule2] reason */
static bool
read_ours(struct ignores *is, struct ignore *g, struct str text, size_t at)
{
	struct str verb = read_word(text, &at);
	if (!str_starts(verb, STR("ignore")))
		return false;
	size_t close = str_find(text, STR("]"), at);
	g->reach = str_is(verb, "ignore")         ? REACH_LINE
		   : str_is(verb, "ignore-block") ? REACH_BLOCK
		   : str_is(verb, "ignore-file")  ? REACH_FILE
						  : REACH_NONE;
	while (at < text.len && is_blank(text.s[at]))
		at++;
	if (g->reach == REACH_NONE)
		g->fault = "this is no form of ignore";
	else if (at == text.len || text.s[at] != '[')
		g->fault = "this names no rule to ignore";
	else if (close == SIZE_MAX)
		g->fault = "the list of rules is not closed";
	if (g->fault)
		return true;
	uint32_t base = (uint32_t)(text.s - is->text.s);
	g->list = (struct span){is->file, base + (uint32_t)at + 1, (uint32_t)(close - at - 1)};
	read_list(is, g);
	g->reason = read_reason(str_sub(text, close + 1, text.len));
	return true;
}

/* # cci-ignore-next-line reason */
static bool
read_official(struct ignore *g, struct str text)
{
	static const struct {
		const char *word;
		enum reach reach;
	} words[] = {{"cci-ignore", REACH_LINE}, {"cci-ignore-next-line", REACH_NEXT},
		{"cci-ignore-start", REACH_START}, {"cci-ignore-end", REACH_END},
		{"cci-ignore-file", REACH_FILE}};
	size_t at = 1;
	struct str word = read_word(text, &at);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!str_is(word, words[i].word))
			continue;
		g->reach = words[i].reach;
		g->every = true;
		g->reason = read_reason(str_sub(text, at, text.len));
		if (!g->reason.len)
			g->reason = word;
		return true;
	}
	return false;
}

static void
set_range(const struct ignores *is, struct ignore *g, uint32_t below)
{
	struct span span = g->comment->span, block = g->comment->block;
	uint32_t here = line_start(is->text, span.off);
	g->from = here;
	g->to = next_line(is->text, span.off);
	bool next = g->reach == REACH_NEXT || (!g->every && g->comment->alone);
	if (next) {
		g->from = below;
		g->to = next_line(is->text, below);
	}
	if (g->reach == REACH_BLOCK && block.len) {
		g->from = block.off;
		g->to = block.off + block.len;
	}
	if (g->reach == REACH_FILE || g->reach == REACH_START)
		g->to = UINT32_MAX;
	if (g->reach == REACH_FILE)
		g->from = 0;
}

static void
read_all(struct ignores *is, const struct comment *comments, uint32_t n)
{
	uint32_t *below = find_lines_below(is, comments, n);
	uint32_t open = UINT32_MAX; /* the cci-ignore-start that has no end yet */
	for (uint32_t i = 0; i < n; i++) {
		struct ignore g = {.comment = &comments[i], .span = comments[i].span};
		struct str text = source_text(is->s, g.span);
		size_t behind, hash = find_ours(text, &behind);
		bool found = hash != SIZE_MAX ? read_ours(is, &g, text, behind)
					      : read_official(&g, text);
		if (!found)
			continue;
		if (hash != SIZE_MAX) {
			g.span.off += (uint32_t)hash;
			g.span.len -= (uint32_t)hash;
		}
		set_range(is, &g, below[i]);
		if (g.reach == REACH_END && open != UINT32_MAX) {
			is->all.v[open].to = g.to;
			open = UINT32_MAX;
		}
		bool again = g.reach == REACH_START && open != UINT32_MAX;
		if (g.reach == REACH_START && !again)
			open = is->all.n;
		if (g.reach != REACH_END && !again)
			vec_push(is->a, &is->all, g);
	}
}

/* ---- applying ---------------------------------------------------------------------------- */

static bool
covers(const struct ignore *g, uint32_t off)
{
	return !g->fault && g->from <= off && off < g->to;
}

/* A finding is at its own place, one in another file at every call in this one that led to it. */
static bool
covers_finding(const struct ignores *is, const struct ignore *by, const struct diag *g)
{
	if (g->span.file == is->file)
		return covers(by, g->span.off);
	for (const struct origin *o = g->origin; o; o = o->up)
		if (o->use.file == is->file && covers(by, o->use.off))
			return true;
	return false;
}

static bool
names_rule(struct ignore *g, enum rule rule)
{
	bool found = g->every;
	for (uint32_t i = 0; i < g->nrules; i++) {
		if (g->rules[i].known && g->rules[i].rule == rule) {
			g->rules[i].used = true;
			found = true;
		}
	}
	return found;
}

static void
apply_from(struct ignores *is, uint32_t first)
{
	for (uint32_t i = first; i < is->d->all.n; i++) {
		struct diag *g = &is->d->all.v[i];
		for (uint32_t k = 0; k < is->all.n; k++) {
			struct ignore *by = &is->all.v[k];
			if (covers_finding(is, by, g) && names_rule(by, g->rule) && !g->ignored)
				diag_ignore(is->d, g, by->reason);
		}
	}
}

/* ---- judging ----------------------------------------------------------------------------- */

/* What is said of comments can be ignored by comments, so that "unused" has to end somewhere. */
static bool
is_about_ignores(enum rule rule)
{
	return rule == RULE_UNUSED_IGNORE || rule == RULE_IGNORE_WITHOUT_RULE ||
	       rule == RULE_UNKNOWN_IGNORED_RULE;
}

/* Two comments of one text must not be one finding. Nobody sees more than diag keeps. */
static bool
judge_fault(struct ignores *is, const struct ignore *g)
{
	struct diag *found = diag_push(is->d, RULE_IGNORE_WITHOUT_RULE, g->span, "%s", g->fault);
	diag_help(is->d, found,
		"write # ccx: ignore[rule] reason, or ignore-block[rule], or ignore-file[rule]");
	return diag_kept(is->d, found);
}

static bool
judge_unknown(struct ignores *is, const struct ignored_rule *rule)
{
	struct str name = source_text(is->s, rule->span);
	struct diag *g = diag_push(is->d, RULE_UNKNOWN_IGNORED_RULE, rule->span,
		"there is no rule \"%.*s\"", STR_ARG(str_sub(name, 0, 200)));
	if (!diag_kept(is->d, g))
		return false;
	struct nearest nearest = {.wanted = name};
	for (int i = 0; i < RULE_COUNT; i++)
		nearest_try(&nearest, str_of(rule_info((enum rule)i)->id));
	diag_nearest(is->d, g, &nearest);
	diag_help(is->d, g, "ccx rules lists the rules");
	return diag_kept(is->d, g);
}

/* All of the comment: with its line when it has one for itself, else with the blanks before. */
static struct span
whole_comment(const struct ignores *is, const struct ignore *g)
{
	uint32_t from = g->span.off, to = g->span.off + g->span.len;
	uint32_t start = line_start(is->text, from);
	while (from > start && is_blank(is->text.s[from - 1]))
		from--;
	if (from == start)
		to = next_line(is->text, to);
	return (struct span){is->file, from, to - from};
}

static bool
judge_unused(struct ignores *is, const struct ignore *g)
{
	struct sb unused = {.a = is->a}, kept = {.a = is->a};
	for (uint32_t i = 0; i < g->nrules; i++) {
		const struct ignored_rule *r = &g->rules[i];
		bool useless = r->known && !r->used && !is_about_ignores(r->rule);
		struct sb *b = useless ? &unused : &kept;
		sb_printf(b, "%s%.*s", b->len ? ", " : "", STR_ARG(source_text(is->s, r->span)));
	}
	if (!unused.len)
		return true;
	struct diag *found = diag_push(is->d, RULE_UNUSED_IGNORE, g->span,
		"there is no finding of %.*s to ignore here", STR_ARG(sb_str(&unused)));
	diag_label(is->d, found, kept.len ? "can be shorter" : "can be removed");
	if (kept.len)
		diag_fix(is->d, found, true, g->list, sb_str(&kept));
	else
		diag_fix(is->d, found, true, whole_comment(is, g), STR(""));
	return diag_kept(is->d, found);
}

static void
judge_all(struct ignores *is, enum ignore_judge judge)
{
	bool kept = true;
	for (uint32_t i = 0; i < is->all.n && kept; i++) {
		const struct ignore *g = &is->all.v[i];
		if (g->fault)
			kept = judge_fault(is, g);
		for (uint32_t k = 0; k < g->nrules && kept; k++)
			if (!g->rules[k].known)
				kept = judge_unknown(is, &g->rules[k]);
		if (judge == IGNORE_UNUSED && !g->fault && kept)
			kept = judge_unused(is, g);
	}
}

void
diag_ignore_comments(struct diag_list *d, struct sources *s, const struct comment *comments,
	uint32_t n, enum ignore_judge judge)
{
	if (!n)
		return;
	struct ignores is = {.d = d, .s = s, .a = d->a, .file = comments[0].span.file};
	const struct source *source = source_of(s, is.file);
	is.text = source ? source->text : STR("");
	read_all(&is, comments, n);
	apply_from(&is, 0);
	uint32_t before = d->all.n;
	if (judge != IGNORE_SILENT)
		judge_all(&is, judge);
	apply_from(&is, before);
}

bool
comments_may_ignore(struct str text)
{
	for (size_t hash = 0; (hash = str_find(text, STR("#"), hash)) != SIZE_MAX; hash++) {
		size_t at = hash + 1;
		while (at < text.len && is_blank(text.s[at]))
			at++;
		struct str rest = str_sub(text, at, text.len);
		if (str_starts(rest, STR("ccx:")) || str_starts(rest, STR("cci-ignore")))
			return true;
	}
	return false;
}

void
diag_remove(struct diag_list *d, enum rule rule)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < d->all.n; i++) {
		struct diag g = d->all.v[i];
		if (g.rule != rule) {
			d->all.v[kept++] = g;
		} else if (!g.ignored) {
			d->errors -= g.severity == SEVERITY_ERROR;
			d->warnings -= g.severity == SEVERITY_WARNING;
		}
	}
	d->all.n = kept;
}
