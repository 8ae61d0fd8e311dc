/* SPDX-License-Identifier: MIT */
/*
 * Backslashes before `<<` that are text. Version 2.1 reads `<<` as the start of an expression, also
 * in the here-documents of a shell:
 *
 *     - run: |
 *         cat \<<EOF
 *
 * A backslash is two in double quotes. Every other style writes `<<` and backslashes as they are,
 * so that the source can be read instead of the value.
 */
#include "ccx/check.h"

#include "internal.h"
#include "migrate.h"

/* Backslashes that end before text[at]. */
static size_t
backslashes(struct str text, size_t at)
{
	size_t n = 0;
	while (n < at && text.s[at - 1 - n] == '\\')
		n++;
	return n;
}

/* Offset behind the >> that closes the tag at text[at], or SIZE_MAX: a live << comes first, or
 * there is none. */
static size_t
closed_at(struct str text, size_t at)
{
	size_t end = str_find(text, STR(">>"), at + 2);
	for (size_t next = at + 2; end != SIZE_MAX; next += 2) {
		next = str_find(text, STR("<<"), next);
		if (next > end)
			return end + 2;
		if (backslashes(text, next) % 2 == 0)
			return SIZE_MAX;
	}
	return SIZE_MAX;
}

bool
escape_string(const struct check *c, struct diag *g, bool safe, const struct node *string,
	enum escape which)
{
	struct str text = source_text(c->sources, string->span);
	bool quoted = text.len && text.s[0] == '"';
	size_t at = 0;
	while ((at = str_find(text, STR("<<"), at)) != SIZE_MAX) {
		size_t before = backslashes(text, at) / (quoted ? 2 : 1);
		size_t end = which == ESCAPE_UNCLOSED ? closed_at(text, at) : SIZE_MAX;
		if (which == ESCAPE_UNCLOSED && before % 2 == 1) {
			at += 2;
		} else if (end != SIZE_MAX) {
			at = end;
		} else if (before) {
			return false;
		} else {
			struct span place = {string->span.file, string->span.off + (uint32_t)at, 0};
			diag_fix(c->diags, g, safe, place, quoted ? STR("\\\\") : STR("\\"));
			at += 2;
		}
	}
	return true;
}

/* ---- here-documents ---------------------------------------------------------------------- */

struct escaping {
	const struct check *c;
	struct diag *g;
};

static bool
holds(const struct node *n, struct span span)
{
	return node_has(n, NODE_STRING) && n->span.file == span.file && span.off >= n->span.off &&
	       span.off - n->span.off < n->span.len;
}

/* The word of a here-document at text[at]: <<EOF  <<-EOF  <<'EOF'  <<"EOF" */
static struct str
heredoc_word(struct str text, size_t at)
{
	size_t from = at + 2;
	from += from < text.len && text.s[from] == '-';
	from += from < text.len && (text.s[from] == '\'' || text.s[from] == '"');
	size_t to = from;
	while (to < text.len && (text.s[to] == '_' || (text.s[to] >= '0' && text.s[to] <= '9') ||
					(text.s[to] >= 'a' && text.s[to] <= 'z') ||
					(text.s[to] >= 'A' && text.s[to] <= 'Z')))
		to++;
	return str_sub(text, from, to);
}

/* Does a line below text[at] hold the word and nothing else? */
static bool
ends_below(struct str text, size_t at, struct str word)
{
	size_t line = str_find(text, STR("\n"), at);
	while (word.len && line != SIZE_MAX) {
		size_t next = str_find(text, STR("\n"), line + 1);
		struct str below = str_sub(text, line + 1, next == SIZE_MAX ? text.len : next);
		if (str_eq(str_trim(below), word))
			return true;
		line = next;
	}
	return false;
}

/* cat <<EOF >> "$BASH_ENV"  reads as a tag, but a line EOF below shows what was meant. */
static void
escape_heredoc(const struct escaping *e, const struct node *command)
{
	struct str text = source_text(e->c->sources, command->span);
	size_t at = e->g->span.off - command->span.off;
	if (!text.len || text.s[0] == '"' || text.s[0] == '\'')
		return;
	if (at + 1 < text.len && text.s[at] == '<' && text.s[at + 1] == '<')
		at += 2;
	while (at >= 2 && text.s[at - 1] != '\n' &&
		!(text.s[at - 1] == '<' && text.s[at - 2] == '<'))
		at--;
	if (at < 2 || text.s[at - 1] != '<' || backslashes(text, at - 2) > 0 ||
		!ends_below(text, at, heredoc_word(text, at - 2)))
		return;
	struct span place = {command->span.file, command->span.off + (uint32_t)at - 2, 0};
	diag_fix(e->c->diags, e->g, true, place, STR("\\"));
	diag_help(e->c->diags, e->g, "write \\<< for a << that is meant as text");
}

static void
escape_step(void *ctx, const struct written_step *s)
{
	const struct escaping *e = ctx;
	const struct node *command = s->body;
	if (!s->builtin || !(str_is(s->name, "run") || str_is(s->name, "deploy")) || e->g->fix)
		return;
	if (node_has(command, NODE_MAP))
		command = node_get(command, "command");
	if (!holds(command, e->g->span))
		return;
	if (e->g->rule != RULE_TEMPLATE_SYNTAX)
		escape_heredoc(e, command);
	else if (!escape_string(e->c, e->g, true, command, ESCAPE_UNCLOSED))
		e->g->fix = NULL;
}

/* Is it said of a `<<` that may have been meant for the shell? */
static bool
may_be_shell(const struct check *c, const struct diag *g)
{
	if (g->fix || !check_own(c, g->span))
		return false;
	if (g->rule == RULE_UNKNOWN_VARIABLE || g->rule == RULE_EXPRESSION_SYNTAX)
		return true;
	return g->rule == RULE_TEMPLATE_SYNTAX &&
	       str_starts(g->message, STR("Unclosed '<<' tag")) &&
	       str_eq(source_text(c->sources, g->span), STR("<<"));
}

/* What the compiler said of `<<` in shell commands gets a fix: nobody can have meant a tag that
 * does not end, or one whose name ends a here-document. */
void
check_heredocs(const struct check *c)
{
	for (uint32_t i = 0; i < c->diags->all.n; i++) {
		struct escaping e = {c, &c->diags->all.v[i]};
		if (may_be_shell(c, e.g))
			check_written_steps(c, (struct step_visitor){escape_step, &e});
	}
}
