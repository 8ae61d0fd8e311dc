/* SPDX-License-Identifier: MIT */
/*
 * The tokens of the expression language. A token is a view; nothing is allocated here but the
 * text of strings with escapes.
 */
#include "internal.h"

#include <string.h>

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Characters that an identifier may have behind its first letter: a bit each, as nearly all of an
 * expression is identifiers. */
static bool
is_tail(char c)
{
	static const uint32_t bits[8] = {
		0,
		1u << ('-' & 31) | 1u << ('?' & 31) | 0x3ffu << ('0' & 31),
		1u << ('_' & 31) | 0x3ffffffu << ('A' & 31),
		0x3ffffffu << ('a' & 31),
	};
	unsigned char u = (unsigned char)c;
	return bits[u >> 5] >> (u & 31) & 1;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
fail(struct fault *f, enum fault_kind kind, struct str word)
{
	*f = (struct fault){.kind = kind, .word = word};
	return false;
}

/* One character of text, for a message that quotes it. */
static struct str
character(struct str text, size_t at)
{
	size_t end = at;
	if (at < text.len)
		utf8_next(text, &end);
	return str_sub(text, at, end);
}

/* Keywords are all small or all capital letters: `And` is a name. */
static enum token_kind
word_kind(struct str word)
{
	static const struct {
		const char *small, *capital;
		enum token_kind kind;
	} words[] = {
		{"and", "AND", TOKEN_AND},
		{"or", "OR", TOKEN_OR},
		{"not", "NOT", TOKEN_NOT},
		{"true", "TRUE", TOKEN_TRUE},
		{"false", "FALSE", TOKEN_FALSE},
		{"contains", "CONTAINS", TOKEN_CONTAINS},
		{"matches", "MATCHES", TOKEN_MATCHES},
		{"starts-with", "STARTS-WITH", TOKEN_STARTS_WITH},
	};
	enum { LONGEST = 11 };
	for (size_t i = 0; word.len <= LONGEST && i < sizeof words / sizeof *words; i++)
		if (str_is(word, words[i].small) || str_is(word, words[i].capital))
			return words[i].kind;
	return TOKEN_IDENTIFIER;
}

/* pipeline.git.branch  starts-with  ready?  pipeline.0x */
static void
scan_word(struct str text, size_t *at, struct token *t)
{
	size_t start = *at, i = start + 1;
	while (i < text.len && (is_tail(text.s[i]) || (text.s[i] == '.' && i + 1 < text.len &&
							      is_tail(text.s[i + 1]))))
		i++;
	*at = i;
	t->word = str_sub(text, start, i);
	t->kind = word_kind(t->word);
}

static bool
scan_number(struct str text, size_t *at, struct token *t, struct fault *f)
{
	size_t start = *at, i = start;
	int64_t n = 0;
	bool fits = true;
	for (; i < text.len && is_digit(text.s[i]); i++) {
		int digit = text.s[i] - '0';
		fits = fits && n <= (INT64_MAX - digit) / 10;
		n = fits ? n * 10 + digit : 0;
	}
	*at = i;
	t->kind = TOKEN_NUMBER;
	t->word = str_sub(text, start, i);
	t->number = n;
	return fits || fail(f, FAULT_NUMBER, str_sub(text, start, start + 1));
}

/* "a string with \" and \\, over several lines if need be" */
static bool
scan_string(struct str text, size_t *at, struct token *t, struct fault *f)
{
	size_t start = *at, i = start + 1;
	while (i < text.len && text.s[i] != '"') {
		bool escape = text.s[i] == '\\' && i + 1 < text.len &&
			      (text.s[i + 1] == '"' || text.s[i + 1] == '\\');
		i += escape ? 2 : 1;
	}
	if (i >= text.len)
		return fail(f, FAULT_UNTERMINATED_STRING, str_sub(text, start, start + 1));
	*at = i + 1;
	t->kind = TOKEN_STRING;
	t->word = str_sub(text, start, i + 1);
	return true;
}

/* Patterns are ASCII and Latin-1 only; \u and \x would be a way around that. */
static bool
check_pattern_characters(struct str text, size_t from, size_t to, struct fault *f)
{
	for (size_t i = from; i < to;) {
		size_t start = i;
		int32_t c = utf8_next(text, &i);
		char escaped = c == '\\' && i < to ? text.s[i] : '\0';
		if (c < 0 || c > 0xff || escaped == 'u' || escaped == 'x')
			return fail(f, FAULT_PATTERN_CHARACTER, str_sub(text, start, i));
		if (escaped && (unsigned char)escaped < 0x80)
			i++;
	}
	return true;
}

/* Undoes the escapes of a STRING or PATTERN token into out, which has room for the word. In a
 * string \" and \\ are escapes, in a pattern only \/: what else a backslash does is PCRE's. */
static struct str
unescape(const struct token *t, char *out)
{
	struct str in = str_sub(t->word, 1, t->word.len - 1), to = {out, 0};
	for (size_t i = 0; i < in.len; i++) {
		char next = in.s[i] == '\\' && i + 1 < in.len ? in.s[i + 1] : '\0';
		if (t->kind == TOKEN_PATTERN && next && next != '/')
			out[to.len++] = in.s[i++];
		else if (t->kind == TOKEN_PATTERN ? next == '/' : next == '"' || next == '\\')
			i++;
		out[to.len++] = in.s[i];
	}
	return to;
}

bool
token_check(const struct token *t, struct fault *f)
{
	char buffer[2 * LIMIT_PATTERN_CHARS];
	struct str first = str_sub(t->word, 0, 1);
	if (t->kind != TOKEN_PATTERN)
		return true;
	/* A character takes two bytes at most: Latin-1, or a slash with its backslash. */
	if (t->word.len - 2 > sizeof buffer)
		return fail(f, FAULT_PATTERN_TOO_LONG, first);
	struct str pattern = unescape(t, buffer);
	if (utf8_count(pattern) > LIMIT_PATTERN_CHARS)
		return fail(f, FAULT_PATTERN_TOO_LONG, first);
	if (!pattern_is_re2(pattern) || !pattern_compiles(pattern))
		return fail(f, FAULT_PATTERN_SYNTAX, first);
	return true;
}

struct str
token_text(struct arena *a, const struct token *t)
{
	struct str in = str_sub(t->word, 1, t->word.len - 1);
	if (!in.len || !memchr(in.s, '\\', in.len))
		return in;
	return unescape(t, arena_alloc(a, in.len));
}

/* /release\/v[0-9]+/ */
static bool
scan_pattern(struct str text, size_t *at, struct token *t, struct fault *f)
{
	size_t start = *at, i = start + 1;
	while (i < text.len && text.s[i] != '/')
		i += text.s[i] == '\\' && i + 1 < text.len ? 2 : 1;
	if (i >= text.len)
		return fail(f, FAULT_UNTERMINATED_PATTERN, str_sub(text, start, start + 1));
	*at = i + 1;
	t->kind = TOKEN_PATTERN;
	t->word = str_sub(text, start, i + 1);
	return check_pattern_characters(text, start + 1, i, f);
}

static bool
scan_operator(struct str text, size_t *at, struct token *t, struct fault *f)
{
	size_t start = *at;
	bool equals = start + 1 < text.len && text.s[start + 1] == '=';
	switch (text.s[start]) {
	case '(':
		t->kind = TOKEN_LEFT_PAREN;
		equals = false;
		break;
	case ')':
		t->kind = TOKEN_RIGHT_PAREN;
		equals = false;
		break;
	case '!':
		t->kind = equals ? TOKEN_NOT_EQUAL : TOKEN_NOT;
		break;
	case '<':
		t->kind = equals ? TOKEN_LESS_EQUAL : TOKEN_LESS;
		break;
	case '>':
		t->kind = equals ? TOKEN_GREATER_EQUAL : TOKEN_GREATER;
		break;
	case '=':
		t->kind = TOKEN_EQUAL;
		if (equals)
			break;
		fail(f, FAULT_INCOMPLETE_EQUALS, str_sub(text, start, start + 1));
		f->detail = character(text, start + 1);
		return false;
	default:
		fail(f, FAULT_UNEXPECTED_CHARACTER, character(text, start));
		f->detail = f->word;
		return false;
	}
	*at = start + 1 + equals;
	t->word = str_sub(text, start, *at);
	return true;
}

bool
token_next(struct str text, size_t *at, struct token *t, struct fault *f)
{
	while (*at < text.len && is_space(text.s[*at]))
		++*at;
	*t = (struct token){.kind = TOKEN_EOF, .word = str_sub(text, *at, *at)};
	if (*at >= text.len)
		return true;
	char c = text.s[*at];
	if (is_letter(c)) {
		scan_word(text, at, t);
		return true;
	}
	if (is_digit(c))
		return scan_number(text, at, t, f);
	if (c == '"')
		return scan_string(text, at, t, f);
	if (c == '/')
		return scan_pattern(text, at, t, f);
	return scan_operator(text, at, t, f);
}
