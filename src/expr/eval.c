/* SPDX-License-Identifier: MIT */
/*
 * The grammar of the expression language, and what expressions mean. There is no syntax tree: a
 * first run over the text with live == false only checks it, a second one computes values, and
 * what `and` and `or` skip is read with live == false again.
 */
#include "internal.h"

/* Undefined is n == NULL; a null node from the scope is undefined too, and kept for the caller. */
struct value {
	const struct node *n;
	bool pattern; /* a pattern literal: n has its text */
};

struct run {
	const struct passage *p; /* NULL when only checking */
	struct str text;
	size_t at;
	struct token t; /* the token to be read next */
	unsigned depth;
	bool live;
	struct fault *f;
	name_visitor *visit;
	void *ctx;
};

static bool read_or(struct run *r, struct value *v);

static bool
fail(struct run *r, enum fault_kind kind, struct token t)
{
	*r->f = (struct fault){.kind = kind, .word = t.word, .detail = t.word};
	return false;
}

static bool
advance(struct run *r)
{
	return token_next(r->text, &r->at, &r->t, r->f);
}

static struct value
undefined(void)
{
	return (struct value){0};
}

static bool
is_undefined(struct value v)
{
	return !v.n || v.n->kind == NODE_NULL;
}

static struct span
literal_span(const struct run *r)
{
	return r->p->string->span;
}

static struct value
boolean(const struct run *r, bool b)
{
	return (struct value){.n = node_bool(r->p->e->a, b, literal_span(r))};
}

/* ---- operators --------------------------------------------------------------------------- */

static bool
is_integer(struct value v)
{
	return v.n->kind == NODE_INT && !(v.n->flags & NODE_BIG);
}

static bool
is_string(struct value v)
{
	return v.n->kind == NODE_STRING && !v.pattern;
}

static bool
compare(struct run *r, struct token op, struct value left, struct value right, struct value *v)
{
	if (!is_integer(left) || !is_integer(right))
		return fail(r, FAULT_NUMERIC_OPERAND, op);
	int64_t a = left.n->u.integer, b = right.n->u.integer;
	bool yes = op.kind == TOKEN_LESS         ? a < b
		   : op.kind == TOKEN_LESS_EQUAL ? a <= b
		   : op.kind == TOKEN_GREATER    ? a > b
						 : a >= b;
	*v = boolean(r, yes);
	return true;
}

static bool
match(struct run *r, struct token op, struct value left, struct value right, struct value *v)
{
	if (!right.pattern)
		return fail(r, FAULT_PATTERN_OPERAND, op);
	if (!is_string(left))
		return fail(r, FAULT_STRING_OPERAND, op);
	struct str reason;
	enum match m = pattern_match(r->p->e->a, right.n->u.text, left.n->u.text, &reason);
	if (m == MATCH_BAD_PATTERN)
		return fail(r, FAULT_PATTERN_SYNTAX, op);
	if (m == MATCH_TOO_HARD)
		return fail(r, FAULT_PATTERN_TOO_HARD, op);
	*v = boolean(r, m == MATCH_YES);
	return true;
}

/* Undefined infects every operator before types are looked at; different types are unequal. */
static bool
operate(struct run *r, struct token op, struct value left, struct value right, struct value *v)
{
	if (is_undefined(left) || is_undefined(right)) {
		*v = undefined();
		return true;
	}
	bool same;
	switch (op.kind) {
	case TOKEN_EQUAL:
	case TOKEN_NOT_EQUAL:
		same = left.pattern == right.pattern && node_equal(left.n, right.n);
		*v = boolean(r, same == (op.kind == TOKEN_EQUAL));
		return true;
	case TOKEN_MATCHES:
		return match(r, op, left, right, v);
	case TOKEN_CONTAINS:
	case TOKEN_STARTS_WITH:
		if (!is_string(left) || !is_string(right))
			return fail(r, FAULT_STRING_OPERAND, op);
		*v = boolean(r, op.kind == TOKEN_CONTAINS
					? str_has(left.n->u.text, right.n->u.text)
					: str_starts(left.n->u.text, right.n->u.text));
		return true;
	default:
		return compare(r, op, left, right, v);
	}
}

/* ---- grammar, from tight to loose -------------------------------------------------------- */

static bool
read_name(struct run *r, struct value *v)
{
	if (r->visit)
		r->visit(r->ctx, r->t.word);
	return !r->live || expression_name(r->p, r->t.word, &v->n, r->f);
}

static void
read_literal(const struct run *r, struct value *v)
{
	struct arena *a = r->p->e->a;
	if (r->t.kind == TOKEN_NUMBER)
		v->n = node_int(a, r->t.number, literal_span(r));
	else
		v->n = node_string(a, token_text(a, &r->t), literal_span(r));
	v->pattern = r->t.kind == TOKEN_PATTERN;
}

/* "(" expression ")" */
static bool
read_parens(struct run *r, struct value *v)
{
	if (!advance(r) || !read_or(r, v))
		return false;
	if (r->t.kind != TOKEN_RIGHT_PAREN)
		return fail(r, FAULT_EXPECTED_PAREN, r->t);
	return true;
}

/* true | false | NUMBER | STRING | PATTERN | IDENTIFIER | "(" expression ")" */
static bool
read_primary(struct run *r, struct value *v)
{
	*v = undefined();
	bool ok = true;
	switch (r->t.kind) {
	case TOKEN_TRUE:
	case TOKEN_FALSE:
		if (r->live)
			*v = boolean(r, r->t.kind == TOKEN_TRUE);
		break;
	case TOKEN_NUMBER:
	case TOKEN_STRING:
	case TOKEN_PATTERN:
		if (r->live)
			read_literal(r, v);
		break;
	case TOKEN_IDENTIFIER:
		ok = read_name(r, v);
		break;
	case TOKEN_LEFT_PAREN:
		ok = read_parens(r, v);
		break;
	default:
		return fail(r, FAULT_EXPECTED_EXPRESSION, r->t);
	}
	return ok && advance(r);
}

/* ("not" | "!") unary | primary. Every nesting comes through here: parentheses and negations. */
static bool
read_unary(struct run *r, struct value *v)
{
	if (r->depth >= LIMIT_EXPRESSION_DEPTH)
		return fail(r, FAULT_TOO_DEEP, r->t);
	r->depth++;
	bool ok;
	if (r->t.kind == TOKEN_NOT) {
		ok = advance(r) && read_unary(r, v);
		if (ok && r->live)
			*v = boolean(r, !expr_truthy(v->n));
	} else {
		ok = read_primary(r, v);
	}
	r->depth--;
	return ok;
}

static bool
is_comparison(enum token_kind k)
{
	return k == TOKEN_LESS || k == TOKEN_LESS_EQUAL || k == TOKEN_GREATER ||
	       k == TOKEN_GREATER_EQUAL;
}

static bool
is_equality(enum token_kind k)
{
	return k == TOKEN_EQUAL || k == TOKEN_NOT_EQUAL || k == TOKEN_CONTAINS ||
	       k == TOKEN_MATCHES || k == TOKEN_STARTS_WITH;
}

/* unary (("<" | "<=" | ">" | ">=") unary)* */
static bool
read_comparison(struct run *r, struct value *v)
{
	if (!read_unary(r, v))
		return false;
	while (is_comparison(r->t.kind)) {
		struct token op = r->t;
		struct value right;
		if (!advance(r) || !read_unary(r, &right))
			return false;
		if (r->live && !operate(r, op, *v, right, v))
			return false;
	}
	return true;
}

/* `branch begins-with "x"`: a name where an operator should be, with an operand behind it, was
 * meant as an infix function. */
static bool
is_unknown_function(const struct run *r)
{
	struct fault ignored;
	struct run ahead = *r;
	struct value v;
	ahead.f = &ignored;
	ahead.live = false;
	ahead.visit = NULL;
	return r->t.kind == TOKEN_IDENTIFIER && advance(&ahead) && read_comparison(&ahead, &v);
}

/* comparison (("==" | "!=" | contains | matches | starts-with) comparison)* */
static bool
read_equality(struct run *r, struct value *v)
{
	if (!read_comparison(r, v))
		return false;
	while (is_equality(r->t.kind)) {
		struct token op = r->t;
		struct value right;
		if (!advance(r) || !read_comparison(r, &right))
			return false;
		if (r->live && !operate(r, op, *v, right, v))
			return false;
	}
	if (is_unknown_function(r))
		return fail(r, FAULT_UNKNOWN_FUNCTION, r->t);
	return true;
}

/* equality ("and" equality)*, whose value is that of the operand that decided */
static bool
read_and(struct run *r, struct value *v)
{
	if (!read_equality(r, v))
		return false;
	bool live = r->live;
	while (r->t.kind == TOKEN_AND) {
		struct value right;
		r->live = live && expr_truthy(v->n);
		if (!advance(r) || !read_equality(r, &right))
			return false;
		if (r->live)
			*v = right;
	}
	r->live = live;
	return true;
}

/* and ("or" and)* */
static bool
read_or(struct run *r, struct value *v)
{
	if (!read_and(r, v))
		return false;
	bool live = r->live;
	while (r->t.kind == TOKEN_OR) {
		struct value right;
		r->live = live && !expr_truthy(v->n);
		if (!advance(r) || !read_and(r, &right))
			return false;
		if (r->live)
			*v = right;
	}
	r->live = live;
	return true;
}

/* ---- whole expressions ------------------------------------------------------------------- */

static bool
read_all(struct run *r, struct value *v)
{
	if (!advance(r))
		return false;
	if (r->t.kind == TOKEN_EOF)
		return fail(r, FAULT_EMPTY, (struct token){.word = r->text});
	if (!read_or(r, v))
		return false;
	if (r->t.kind != TOKEN_EOF)
		return fail(r, FAULT_ADDITIONAL_INPUT, r->t);
	return true;
}

/* All tokens are scanned before the grammar is looked at: `a b %` has a bad character. */
static bool
check_tokens(struct str text, struct fault *f)
{
	struct token t;
	size_t at = 0;
	do {
		if (!token_next(text, &at, &t, f) || !token_check(&t, f))
			return false;
	} while (t.kind != TOKEN_EOF);
	return true;
}

bool
expression_check(struct str text, name_visitor *visit, void *ctx, struct fault *f)
{
	if (text.len > LIMIT_EXPRESSION_CHARS && utf8_count(text) > LIMIT_EXPRESSION_CHARS) {
		*f = (struct fault){.kind = FAULT_TOO_LONG, .word = text};
		return false;
	}
	struct run r = {.text = text, .f = f, .visit = visit, .ctx = ctx};
	struct value v;
	return check_tokens(text, f) && read_all(&r, &v);
}

bool
expression_eval(const struct passage *p, const struct node **value, struct fault *f)
{
	struct run r = {.p = p, .text = p->body, .f = f, .live = true};
	struct value v = undefined();
	if (!read_all(&r, &v))
		return false;
	*value = v.n;
	return true;
}

bool
expression_name(
	const struct passage *p, struct str name, const struct node **value, struct fault *f)
{
	const struct scope *scope = p->e->scope;
	*value = NULL;
	enum lookup found = scope ? scope->find(scope->ctx, name, value) : LOOKUP_UNKNOWN;
	if (found == LOOKUP_UNDEFINED)
		*value = NULL;
	if (found != LOOKUP_UNKNOWN)
		return true;
	*f = (struct fault){.kind = FAULT_UNKNOWN_NAME, .word = name, .detail = name};
	return false;
}

/* ---- bare expressions -------------------------------------------------------------------- */

bool
expr_truthy(const struct node *value)
{
	return value && value->kind != NODE_NULL &&
	       !(value->kind == NODE_BOOL && !value->u.boolean);
}

bool
expr_parses(struct str text)
{
	struct fault ignored;
	return expression_check(text, NULL, NULL, &ignored);
}

const struct node *
expr_value(const struct expr *e, const struct node *text)
{
	if (!text || text->kind != NODE_STRING)
		return text;
	struct passage p = {e, text, text->u.text, text->u.text};
	const struct node *value;
	struct fault f;
	if (!expression_check(p.body, NULL, NULL, &f) || !expression_eval(&p, &value, &f)) {
		fault_push(&p, &f);
		return NULL;
	}
	return value ? value : node_null(e->a, text->span);
}
