/* SPDX-License-Identifier: MIT */
/*
 * What the files of expr share. From the outside in: render.c walks a tree, template.c cuts a
 * string into pieces, eval.c reads and evaluates the expression in a tag with the tokens of
 * scan.c, fault.c words what is wrong and finds its place with locate.c.
 */
#ifndef CCX_EXPR_INTERNAL_H
#define CCX_EXPR_INTERNAL_H

#include "ccx/expr.h"
#include "ccx/limits.h"

/* ---- faults (fault.c) -------------------------------------------------------------------- */

/* A string of the config at work, and the part of it that messages show: one tag, or all of it
 * for a bare expression. */
struct passage {
	const struct expr *e;
	const struct node *string;
	struct str shown; /* the tag with << and >>; a view into the string's text */
	struct str body;  /* the expression in it; a view too */
};

enum fault_kind {
	FAULT_NONE,
	FAULT_UNEXPECTED_CHARACTER,
	FAULT_INCOMPLETE_EQUALS,
	FAULT_NUMBER,
	FAULT_UNTERMINATED_STRING,
	FAULT_UNTERMINATED_PATTERN,
	FAULT_PATTERN_CHARACTER,
	FAULT_PATTERN_SYNTAX,
	FAULT_PATTERN_TOO_LONG,
	FAULT_PATTERN_TOO_HARD,
	FAULT_ADDITIONAL_INPUT,
	FAULT_EXPECTED_EXPRESSION,
	FAULT_EMPTY,
	FAULT_EXPECTED_PAREN,
	FAULT_UNKNOWN_FUNCTION,
	FAULT_NUMERIC_OPERAND,
	FAULT_STRING_OPERAND,
	FAULT_PATTERN_OPERAND,
	FAULT_UNKNOWN_NAME,
	FAULT_TOO_LONG,
	FAULT_TOO_DEEP,
};

/* What is wrong in an expression: word is the view into it that the caret line marks. */
struct fault {
	enum fault_kind kind;
	struct str word;
	struct str detail; /* the character or text that the message quotes */
};

/* Pushes f with the official wording and caret line. */
void fault_push(const struct passage *p, const struct fault *f);
/* Pushes a finding about part, a view into string's text; decorate the result with diag_… */
struct diag *fault_at(const struct expr *e, const struct node *string, struct str part,
	enum rule rule, const char *message);
/* The list of findings is full: there is no point in looking for more. */
bool fault_enough(const struct expr *e);

/* Where part, a view into the text of a string node, stands in the source: its exact bytes if
 * they can be found behind quotes, escapes, folding and indentation; else the whole scalar. */
struct span locate(const struct sources *s, const struct node *string, struct str part);

/* ---- tokens (scan.c) --------------------------------------------------------------------- */

enum token_kind {
	TOKEN_EOF,
	TOKEN_LEFT_PAREN,
	TOKEN_RIGHT_PAREN,
	TOKEN_NOT_EQUAL,
	TOKEN_EQUAL,
	TOKEN_GREATER,
	TOKEN_GREATER_EQUAL,
	TOKEN_LESS,
	TOKEN_LESS_EQUAL,
	TOKEN_IDENTIFIER,
	TOKEN_CONTAINS,
	TOKEN_MATCHES,
	TOKEN_STARTS_WITH,
	TOKEN_STRING,
	TOKEN_NUMBER,
	TOKEN_PATTERN,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_NOT,
	TOKEN_TRUE,
	TOKEN_FALSE,
};

struct token {
	enum token_kind kind;
	struct str word; /* with its quotes or slashes */
	int64_t number;
};

/* The token at or after text[*at], which moves behind it. False with *f set on a fault. */
bool token_next(struct str text, size_t *at, struct token *t, struct fault *f);
/* Whether what stands in a PATTERN token is a pattern; true for other tokens. */
bool token_check(const struct token *t, struct fault *f);
/* The text that a STRING or PATTERN token means, its escapes undone. */
struct str token_text(struct arena *a, const struct token *t);

/* ---- expressions (eval.c) ---------------------------------------------------------------- */

typedef void name_visitor(void *ctx, struct str name);

/* Checks the grammar of a whole expression and hands every name in it to visit (may be NULL). */
bool expression_check(struct str text, name_visitor *visit, void *ctx, struct fault *f);
/* Checks, then evaluates; undefined gives *value NULL. p is for places and names. */
bool expression_eval(const struct passage *p, const struct node **value, struct fault *f);
/* Looks a name up: false with *f set when there is no such name. */
bool expression_name(
	const struct passage *p, struct str name, const struct node **value, struct fault *f);

/* ---- templates (template.c) -------------------------------------------------------------- */

enum piece_kind {
	PIECE_END,
	PIECE_TEXT,
	PIECE_TAG,      /* << body >> */
	PIECE_SECTION,  /* <<# name >> */
	PIECE_INVERTED, /* <<^ name >> */
	PIECE_CLOSE,    /* <</ name >> */
};

struct piece {
	enum piece_kind kind;
	struct str all;  /* the text, or the tag from << to >> */
	struct str body; /* between << and >>, without the mark of a section */
	bool closed;     /* there is a >> */
	bool alone;      /* a section's tag that has its line for itself */
};

/* The piece at text[*at], which moves behind it (and behind the line of a section tag alone). */
struct piece piece_next(struct str text, size_t *at);
/* A name with odd characters, as a section may have and as a tag may when its body is no
 * expression: words before the first dot, anything but white space after it. */
bool name_is_loose(struct str name);
/* The body of a tag is one such name, which the expression language could not read. */
bool tag_is_loose_name(struct str body, const struct fault *f);

/* Checks all of a string's tags and sections before any is evaluated; reports the first fault. */
bool template_check(const struct expr *e, const struct node *string);
/* The value of a checked string: typed if it is one tag, else a string. NULL on a fault. */
const struct node *template_value(const struct expr *e, const struct node *string);

/* ---- sets of nodes (memo.c) -------------------------------------------------------------- */

/* Collections seen in one walk, with what became of them: trees with aliases are graphs, and
 * each node is to be visited once. Start with {.a = arena}. */
struct memo {
	struct arena *a;
	struct memo_entry {
		const struct node *key, *value;
	} first[32], *v;
	uint32_t n, cap;
};

/* The entry of key, made if there was none: then its value is NULL and *fresh is true. The
 * pointer is valid until the next call. */
struct memo_entry *memo_at(struct memo *m, const struct node *key, bool *fresh);

#endif
