/* SPDX-License-Identifier: MIT */
/*
 * The template layer: text with `<< expression >>` tags and `<<# name >> ... <</ name >>`
 * sections. A string is read twice piece by piece, first to check it, then to build its value;
 * no list of pieces is kept.
 */
#include "internal.h"

#include <string.h>

/* ---- pieces ------------------------------------------------------------------------------ */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Offset behind the >> that ends the tag whose body starts at from, or SIZE_MAX. The first >>
 * ends it, even in a string; another live << before that means that it was never closed. */
static size_t
tag_end(struct str text, size_t from)
{
	size_t end = str_find(text, STR(">>"), from);
	if (end == SIZE_MAX)
		return SIZE_MAX;
	struct str body = str_sub(text, 0, end);
	for (size_t at = from; (at = str_find(body, STR("<<"), at)) != SIZE_MAX; at += 2) {
		bool escaped = at > from && text.s[at - 1] == '\\' &&
			       !(at > from + 1 && text.s[at - 2] == '\\');
		if (!escaped)
			return SIZE_MAX;
	}
	return end + 2;
}

/* Start of the line of a tag that has nothing but blanks before it, or SIZE_MAX. */
static size_t
blank_before(struct str text, size_t tag)
{
	while (tag > 0 && is_blank(text.s[tag - 1]))
		tag--;
	return tag == 0 || text.s[tag - 1] == '\n' ? tag : SIZE_MAX;
}

/* Offset behind the line of a tag that has nothing but blanks behind it, or SIZE_MAX. */
static size_t
blank_behind(struct str text, size_t end)
{
	while (end < text.len && is_blank(text.s[end]))
		end++;
	if (end + 1 < text.len && text.s[end] == '\r' && text.s[end + 1] == '\n')
		return end + 2;
	if (end < text.len)
		return text.s[end] == '\n' ? end + 1 : SIZE_MAX;
	return end;
}

/* The tag whose << is at text[at]. */
static struct piece
read_tag(struct str text, size_t at)
{
	size_t from = at + 2;
	struct piece p = {.kind = PIECE_TAG, .all = str_sub(text, at, from)};
	char mark = from < text.len ? text.s[from] : '\0';
	if (mark == '#' || mark == '^' || mark == '/') {
		p.kind = mark == '#' ? PIECE_SECTION : mark == '^' ? PIECE_INVERTED : PIECE_CLOSE;
		from++;
	}
	size_t end = tag_end(text, from);
	if (end == SIZE_MAX)
		return p;
	p.closed = true;
	p.all = str_sub(text, at, end);
	p.body = str_sub(text, from, end - 2);
	p.alone = p.kind != PIECE_TAG && blank_before(text, at) != SIZE_MAX &&
		  blank_behind(text, end) != SIZE_MAX;
	return p;
}

static struct piece
read_text(struct str text, size_t from, size_t to)
{
	return (struct piece){.kind = PIECE_TEXT, .all = str_sub(text, from, to)};
}

/* As in Mustache, a section's tag alone on its line takes all of the line away:
 *
 *     npm ci
 *       <<# parameters.build >>
 *     npm run build
 *     <</ parameters.build >>
 *
 * Before a << one backslash makes it text; two are a backslash and a live tag. */
struct piece
piece_next(struct str text, size_t *at)
{
	size_t from = *at, tag = str_find(text, STR("<<"), from);
	if (from >= text.len)
		return (struct piece){.kind = PIECE_END};
	if (tag == SIZE_MAX) {
		*at = text.len;
		return read_text(text, from, text.len);
	}
	if (tag > from && text.s[tag - 1] == '\\') {
		bool escape = !(tag > from + 1 && text.s[tag - 2] == '\\');
		bool here = escape && tag - 1 == from;
		*at = here ? tag + 2 : escape ? tag - 1 : tag;
		return here ? read_text(text, tag, tag + 2) : read_text(text, from, tag - 1);
	}
	struct piece p = read_tag(text, tag);
	size_t text_end = p.alone ? blank_before(text, tag) : tag;
	if (text_end > from) {
		*at = tag;
		return read_text(text, from, text_end);
	}
	size_t end = tag + p.all.len;
	*at = p.alone ? blank_behind(text, end) : end;
	return p;
}

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

/* pipeline.parameters.url:with:colons */
bool
name_is_loose(struct str name)
{
	size_t i = 0;
	while (i < name.len && is_word(name.s[i]))
		i++;
	if (i == 0 || i == name.len)
		return i > 0;
	if (name.s[i] != '.' || name.s[name.len - 1] == '.')
		return false;
	for (; i < name.len; i++)
		if (name.s[i] == '\0' || strchr(" \t\r\n\v\f", name.s[i]))
			return false;
	return true;
}

bool
tag_is_loose_name(struct str body, const struct fault *f)
{
	return f->kind == FAULT_UNEXPECTED_CHARACTER && name_is_loose(str_trim(body));
}

/* ---- checking ---------------------------------------------------------------------------- */

static const char unclosed[] =
	"Unclosed '<<' tag\n('<<' must be escaped as '\\<<' in config v2.1+)";

static bool
fail(const struct passage *p, struct str part, const char *message)
{
	fault_at(p->e, p->string, part, RULE_TEMPLATE_SYNTAX, message);
	return false;
}

static bool
check_tag(const struct passage *p, const struct piece *t)
{
	struct fault f;
	struct str opening = str_sub(t->all, 0, 2);
	if (!t->closed) {
		struct diag *g = fault_at(p->e, p->string, opening, RULE_TEMPLATE_SYNTAX, unclosed);
		diag_help(p->e->diags, g, "write \\<< for a << that is meant as text");
		return false;
	}
	if (!t->body.len)
		return fail(p, opening, "Expected expression after '<<'");
	if (expression_check(t->body, NULL, NULL, &f) || tag_is_loose_name(t->body, &f))
		return true;
	fault_push(p, &f);
	return false;
}

/* <<# name >>, <<^ name >> or <</ name >>; open holds the sections around it. */
static bool
check_section(const struct passage *p, const struct piece *t, struct piece *open, size_t *depth)
{
	struct str name = str_trim(t->body);
	if (!t->closed)
		return fail(p, t->all, "Unclosed '<<' tag");
	if (!t->body.len)
		return fail(p, t->all, "Expected identifier");
	if (t->body.len > LIMIT_EXPRESSION_CHARS) {
		fault_push(p, &(struct fault){.kind = FAULT_TOO_LONG, .word = t->body});
		return false;
	}
	if (t->kind == PIECE_CLOSE) {
		if (!*depth || !str_eq(name, str_trim(open[*depth - 1].body)))
			return fail(p, t->all, "Expected section end tag to match start tag");
		--*depth;
		return true;
	}
	if (!name_is_loose(name))
		return fail(p, name.len ? name : t->all, "Expected valid identifier");
	if (*depth == LIMIT_SECTION_DEPTH) {
		fault_at(p->e, p->string, t->all, RULE_EXPRESSION_LIMIT,
			"Sections are too deeply nested");
		return false;
	}
	open[(*depth)++] = *t;
	return true;
}

bool
template_check(const struct expr *e, const struct node *string)
{
	struct piece open[LIMIT_SECTION_DEPTH], t;
	size_t at = 0, depth = 0;
	while ((t = piece_next(string->u.text, &at)).kind != PIECE_END) {
		struct passage p = {e, string, t.all, t.body};
		bool ok = t.kind == PIECE_TEXT ||
			  (t.kind == PIECE_TAG ? check_tag(&p, &t)
					       : check_section(&p, &t, open, &depth));
		if (!ok)
			return false;
	}
	if (depth) {
		fault_at(e, string, open[depth - 1].all, RULE_TEMPLATE_SYNTAX,
			"Unclosed section, expected '<</'");
		return false;
	}
	return true;
}

/* ---- values ------------------------------------------------------------------------------ */

/* Is all of the body one name, as it nearly always is? */
static bool
is_name(struct str body, struct str *name)
{
	struct token t, end;
	struct fault ignored;
	size_t at = 0;
	if (!token_next(body, &at, &t, &ignored) || t.kind != TOKEN_IDENTIFIER)
		return false;
	*name = t.word;
	return token_next(body, &at, &end, &ignored) && end.kind == TOKEN_EOF;
}

/* Sets *value, to NULL for undefined. The text was checked: all that can be wrong are names and
 * types. */
static bool
tag_value(const struct passage *p, const struct node **value)
{
	struct fault f;
	struct str name;
	bool ok;
	if (is_name(p->body, &name))
		ok = expression_name(p, name, value, &f);
	else if (expression_check(p->body, NULL, NULL, &f))
		ok = expression_eval(p, value, &f);
	else
		ok = expression_name(p, str_trim(p->body), value, &f);
	if (!ok)
		fault_push(p, &f);
	return ok;
}

/* Sections take booleans, and strings, lists and maps, which are false when empty. */
static bool
section_value(const struct passage *p, bool *truthy)
{
	const struct node *n;
	struct fault f;
	if (!expression_name(p, str_trim(p->body), &n, &f)) {
		fault_push(p, &f);
		return false;
	}
	*truthy = expr_truthy(n) && !(n->kind == NODE_STRING && !n->u.text.len) &&
		  !((n->kind == NODE_LIST || n->kind == NODE_MAP) && !n->count);
	return true;
}

static bool
put_tag(const struct passage *p, struct sb *out)
{
	const struct node *n;
	if (!tag_value(p, &n))
		return false;
	if (n && (n->kind == NODE_LIST || n->kind == NODE_MAP)) {
		struct str message =
			str_printf(p->e->a, "%.*s is a %s and cannot be part of a longer text",
				STR_ARG(p->shown), node_type(n));
		fault_at(p->e, p->string, p->shown, RULE_EXPRESSION_TYPE, message.s);
		return false;
	}
	if (n)
		sb_put(out, n->kind == NODE_STRING ? n->u.text : node_text(p->e->a, n));
	return true;
}

static bool
put_pieces(const struct expr *e, const struct node *string, struct sb *out)
{
	size_t at = 0, hidden = 0; /* sections open since the first that is false, itself too */
	struct piece t;
	while ((t = piece_next(string->u.text, &at)).kind != PIECE_END) {
		struct passage p = {e, string, t.all, t.body};
		bool opens = t.kind == PIECE_SECTION || t.kind == PIECE_INVERTED, truthy;
		if (hidden) {
			hidden += opens;
			hidden -= t.kind == PIECE_CLOSE;
		} else if (t.kind == PIECE_TEXT) {
			sb_put(out, t.all);
		} else if (t.kind == PIECE_TAG) {
			if (!put_tag(&p, out))
				return false;
		} else if (opens) {
			if (!section_value(&p, &truthy))
				return false;
			hidden = truthy != (t.kind == PIECE_SECTION);
		}
		if (out->len > LIMIT_TEXT_BYTES) {
			fault_at(e, string, string->u.text, RULE_EXPRESSION_LIMIT,
				"Text is longer than 4 MiB after substitution");
			return false;
		}
	}
	return true;
}

/* A string that looks as the source's, but is done: if it holds << now, that is text. */
static const struct node *
finished(const struct expr *e, const struct node *string, struct str text)
{
	struct node *n = NEW(e->a, struct node);
	*n = *string;
	n->u.text = text;
	n->flags &= (uint8_t)~NODE_TEMPLATED;
	return n;
}

const struct node *
template_value(const struct expr *e, const struct node *string)
{
	struct str text = str_trim(string->u.text);
	size_t at = 0;
	struct piece t = piece_next(text, &at);
	if (t.kind == PIECE_TAG && t.all.len == text.len) {
		const struct node *value;
		struct passage p = {e, string, t.all, t.body};
		if (!tag_value(&p, &value))
			return NULL;
		return value ? value : finished(e, string, STR(""));
	}
	struct sb out = {.a = e->a};
	if (!put_pieces(e, string, &out))
		return NULL;
	return finished(e, string, sb_str(&out));
}
