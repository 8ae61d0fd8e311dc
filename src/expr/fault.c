/* SPDX-License-Identifier: MIT */
/* The official wording of what is wrong in an expression, with the caret line below it. */
#include "internal.h"

#include <string.h>

bool
fault_enough(const struct expr *e)
{
	return e->diags->errors >= LIMIT_ERRORS;
}

struct diag *
fault_at(const struct expr *e, const struct node *string, struct str part, enum rule rule,
	const char *message)
{
	struct span span = locate(e->sources, string, part);
	struct diag *g = diag_push(e->diags, rule, span, "%s", message);
	g->origin = e->origin;
	return g;
}

/* ---- the wording ------------------------------------------------------------------------- */

static enum rule
rule_of(enum fault_kind kind)
{
	switch (kind) {
	case FAULT_PATTERN_CHARACTER:
	case FAULT_PATTERN_SYNTAX:
	case FAULT_PATTERN_TOO_LONG:
	case FAULT_PATTERN_TOO_HARD:
		return RULE_INVALID_PATTERN;
	case FAULT_NUMERIC_OPERAND:
	case FAULT_STRING_OPERAND:
	case FAULT_PATTERN_OPERAND:
		return RULE_EXPRESSION_TYPE;
	case FAULT_TOO_LONG:
	case FAULT_TOO_DEEP:
		return RULE_EXPRESSION_LIMIT;
	case FAULT_UNKNOWN_NAME:
		return RULE_UNKNOWN_VARIABLE;
	default:
		return RULE_EXPRESSION_SYNTAX;
	}
}

/* The official first lines; %s is the text that the fault quotes. */
static const char *
wording(enum fault_kind kind)
{
	static const char *const words[] = {
		[FAULT_UNEXPECTED_CHARACTER] = "Unexpected character '%s':",
		[FAULT_INCOMPLETE_EQUALS] = "Incomplete token, expected \"==\", found '%s':",
		[FAULT_NUMBER] = "Invalid numeric literal, numbers can range from 0 to 2^63 - 1:",
		[FAULT_UNTERMINATED_STRING] = "Unterminated string starting here:",
		[FAULT_UNTERMINATED_PATTERN] = "Unterminated pattern starting here:",
		[FAULT_PATTERN_CHARACTER] = "Invalid pattern character, only ASCII and Latin-1 "
					    "are allowed in patterns:",
		[FAULT_PATTERN_SYNTAX] = "Syntax error in pattern:",
		[FAULT_PATTERN_TOO_LONG] = "Pattern length exceeded, limit is 256 characters:",
		[FAULT_PATTERN_TOO_HARD] = "Pattern takes too many steps to match:",
		[FAULT_ADDITIONAL_INPUT] =
			"Unexpected additional input, found \"%s\", expected EOF:",
		[FAULT_EXPECTED_EXPRESSION] = "Expected expression, found \"%s\":",
		[FAULT_EXPECTED_PAREN] = "Expected ')' after expression:",
		[FAULT_UNKNOWN_FUNCTION] = "Unknown infix function:",
		[FAULT_NUMERIC_OPERAND] = "Expected numeric operands to \"%s\" operator:",
		[FAULT_STRING_OPERAND] = "Expected string operands to \"%s\" operator:",
		[FAULT_PATTERN_OPERAND] = "Expected the right operand to \"matches\" operator "
					  "to be a pattern:",
		[FAULT_UNKNOWN_NAME] = "Referred to a variable \"%s\" that does not exist:",
	};
	return words[kind];
}

/* Appends the wording with its %s replaced: the formats above are data, not for printf. */
static void
put_wording(struct sb *out, const struct fault *f)
{
	if (f->kind == FAULT_EXPECTED_EXPRESSION && !f->detail.len) {
		sb_puts(out, "Expected expression, found end of expression:");
		return;
	}
	const char *words = wording(f->kind), *gap = strstr(words, "%s");
	sb_put(out, (struct str){words, gap ? (size_t)(gap - words) : strlen(words)});
	if (gap) {
		sb_put(out, f->detail);
		sb_puts(out, gap + 2);
	}
}

/* The line of text that offset at is in. CircleCI shows a fault that sits on a line break with
 * all that follows it. */
static struct str
line_at(struct str text, size_t at)
{
	size_t start = at < text.len ? at : text.len, end = text.len;
	while (start > 0 && text.s[start - 1] != '\n')
		start--;
	if (at < text.len && text.s[at] != '\n') {
		size_t next = str_find(text, STR("\n"), at);
		end = next == SIZE_MAX ? text.len : next;
	}
	return str_sub(text, start, end);
}

/* Appends the line with the fault, and spaces and carets below it. As CircleCI has it, the line is
 * that of the whole tag while the column counts from behind its `<<`:
 *
 *     << pipeline.parameters.bug >>
 *      ^^^^^^^^^^^^^^^^^^^^^^^
 */
static void
put_marker(struct sb *out, const struct passage *p, struct str word)
{
	size_t at = (size_t)(word.s - p->body.s);
	size_t column = utf8_count(
		str_sub(line_at(p->body, at), 0, (size_t)(word.s - line_at(p->body, at).s)));
	size_t length = utf8_count(word);
	sb_char(out, '\n');
	sb_put(out, line_at(p->shown, (size_t)(word.s - p->shown.s)));
	sb_char(out, '\n');
	sb_chars(out, ' ', column);
	sb_chars(out, '^', length ? length : 1);
}

static struct str
message_of(const struct passage *p, const struct fault *f)
{
	struct sb out = {.a = p->e->a};
	switch (f->kind) {
	case FAULT_EMPTY:
		return STR("Expected expression");
	case FAULT_TOO_DEEP:
		return STR("Expression is too deeply nested");
	case FAULT_TOO_LONG:
		return str_printf(p->e->a,
			"Expressions must be less than %d characters, this one is %zu",
			LIMIT_EXPRESSION_CHARS, utf8_count(p->body));
	default:
		put_wording(&out, f);
		put_marker(&out, p, f->word);
		return sb_str(&out);
	}
}

/* ---- the nearest name -------------------------------------------------------------------- */

/* Length of the dotted prefix that both names share: "parameters." */
static size_t
shared_prefix(struct str a, struct str b)
{
	size_t shared = 0;
	for (size_t i = 0; i < a.len && i < b.len && a.s[i] == b.s[i]; i++)
		if (a.s[i] == '.')
			shared = i + 1;
	return shared;
}

/* Behind a long shared prefix two quite different names look alike: the rest must be near. */
static bool
is_near(const struct nearest *n)
{
	size_t shared = shared_prefix(n->wanted, n->best);
	size_t a = n->wanted.len - shared, b = n->best.len - shared, longer = a > b ? a : b;
	return n->best.len && n->distance <= (longer < 3 ? 1 : longer / 3);
}

/* The name behind another prefix, if that is one: people forget "pipeline.", or all of it. */
static struct str
with_other_prefix(const struct expr *e, struct str name)
{
	static const char *const prefixes[] = {
		"pipeline.parameters.", "parameters.", "matrix.", "pipeline."};
	enum { N = sizeof prefixes / sizeof *prefixes };
	struct str rest = name;
	for (size_t i = 0; i < N && rest.len == name.len; i++)
		if (str_starts(name, str_of(prefixes[i])))
			rest = str_sub(name, str_of(prefixes[i]).len, name.len);
	for (size_t i = 0; i < N; i++) {
		const struct node *value;
		struct str other = str_printf(e->a, "%s%.*s", prefixes[i], STR_ARG(rest));
		if (!str_eq(other, name) &&
			e->scope->find(e->scope->ctx, other, &value) == LOOKUP_FOUND)
			return other;
	}
	return STR("");
}

static void
suggest(const struct expr *e, struct str name, struct diag *g)
{
	struct nearest n = {.wanted = name};
	if (!e->scope || !e->scope->suggest)
		return;
	struct str other = with_other_prefix(e, name);
	if (other.len) {
		diag_label(e->diags, g, "did you mean \"%.*s\"?", STR_ARG(other));
		return;
	}
	e->scope->suggest(e->scope->ctx, &n);
	if (is_near(&n))
		diag_nearest(e->diags, g, &n);
}

static struct diag *
push_unknown_name(const struct passage *p, const struct fault *f, struct span span)
{
	if (!str_starts(f->word, STR("parameters.")))
		return diag_push(p->e->diags, RULE_UNKNOWN_VARIABLE, span, "%.*s",
			STR_ARG(message_of(p, f)));
	return diag_push(p->e->diags, RULE_UNDECLARED_PARAMETER, span,
		"Arguments referenced without declared parameters: %.*s", STR_ARG(f->word));
}

/* What to mark: the word, the >> before which something is missing, or the tag. */
static struct str
marked(const struct passage *p, const struct fault *f)
{
	if (f->kind == FAULT_EMPTY)
		return p->shown;
	if (f->word.len || p->body.s == p->shown.s)
		return f->word.len ? f->word : p->shown;
	return str_sub(p->shown, p->shown.len - 2, p->shown.len);
}

/* What to do, where the official words do not say it. */
static const char *
advice(enum fault_kind kind)
{
	switch (kind) {
	case FAULT_INCOMPLETE_EQUALS:
		return "values are compared with ==";
	case FAULT_UNKNOWN_FUNCTION:
		return "operators in words: and, or, not, contains, matches, starts-with";
	case FAULT_PATTERN_OPERAND:
		return "a pattern stands between slashes: /release-.*/";
	case FAULT_PATTERN_SYNTAX:
		return "patterns are RE2: they have no look-around and no back-references";
	case FAULT_NUMERIC_OPERAND:
		return "only integers can be compared by size";
	case FAULT_STRING_OPERAND:
		return "this operator takes text";
	default:
		return NULL;
	}
}

void
fault_push(const struct passage *p, const struct fault *f)
{
	const struct expr *e = p->e;
	uint32_t before = e->diags->all.n;
	struct span span = locate(e->sources, p->string, marked(p, f));
	struct diag *g;
	if (f->kind == FAULT_UNKNOWN_NAME)
		g = push_unknown_name(p, f, span);
	else
		g = diag_push(e->diags, rule_of(f->kind), span, "%.*s", STR_ARG(message_of(p, f)));
	g->origin = e->origin;
	if (advice(f->kind))
		diag_help(e->diags, g, "%s", advice(f->kind));
	/* A template that is called often says the same again: spare the search for names. */
	if (f->kind == FAULT_UNKNOWN_NAME && e->diags->all.n > before)
		suggest(e, f->word, g);
}
