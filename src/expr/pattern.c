/* SPDX-License-Identifier: MIT */
/*
 * Regular expressions, by PCRE2 in UTF mode and without its just-in-time compiler. Every match is
 * bounded in steps, depth and memory, so that no pattern hangs.
 */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "internal.h"

#include <pcre2.h>
#include <string.h>

/* Steps times bytes of the subject: one step may run over the whole of it. */
enum { MOST_WORK = 200000000, SHORT_SUBJECT = MOST_WORK / LIMIT_PATTERN_MATCH };

static pcre2_code *
compile(struct str pattern, int *error)
{
	PCRE2_SIZE at;
	return pcre2_compile((PCRE2_SPTR)(pattern.len ? pattern.s : ""), pattern.len,
		PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_NEVER_BACKSLASH_C, error,
		&at, NULL);
}

static uint32_t
most_steps(size_t subject_len)
{
	if (subject_len <= SHORT_SUBJECT)
		return LIMIT_PATTERN_MATCH;
	size_t n = MOST_WORK / subject_len;
	return n > 100 ? (uint32_t)n : 100;
}

static int
run(const pcre2_code *code, struct str subject)
{
	pcre2_match_context *limits = pcre2_match_context_create(NULL);
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	int rc = PCRE2_ERROR_NOMEMORY;
	if (limits && data) {
		pcre2_set_match_limit(limits, most_steps(subject.len));
		pcre2_set_depth_limit(limits, most_steps(subject.len));
		pcre2_set_heap_limit(limits, LIMIT_PATTERN_HEAP_KB);
		rc = pcre2_match(code, (PCRE2_SPTR)(subject.len ? subject.s : ""), subject.len, 0,
			0, data, limits);
	}
	pcre2_match_data_free(data);
	pcre2_match_context_free(limits);
	return rc;
}

enum match
pattern_match(struct arena *a, struct str pattern, struct str subject, struct str *reason)
{
	*reason = STR("");
	if (pattern.len > LIMIT_PATTERN_SOURCE) {
		*reason = str_printf(a, "longer than %d characters", LIMIT_PATTERN_SOURCE);
		return MATCH_BAD_PATTERN;
	}
	int error;
	pcre2_code *code = compile(pattern, &error);
	if (!code) {
		PCRE2_UCHAR text[256] = "";
		pcre2_get_error_message(error, text, sizeof text);
		*reason = str_copy(a, str_of((const char *)text));
		return MATCH_BAD_PATTERN;
	}
	int rc = utf8_invalid(subject) == SIZE_MAX ? run(code, subject) : PCRE2_ERROR_NOMATCH;
	pcre2_code_free(code);
	return rc >= 0 ? MATCH_YES : rc == PCRE2_ERROR_NOMATCH ? MATCH_NO : MATCH_TOO_HARD;
}

bool
pattern_compiles(struct str pattern)
{
	int error;
	pcre2_code *code = compile(pattern, &error);
	pcre2_code_free(code);
	return code != NULL;
}

/* ---- what RE2 lacks ---------------------------------------------------------------------- */

/* (?:  (?i)  (?s-i:  (?P<name>  (?<name>  but not (?=  (?!  (?<=  (?<!  (?>  (?|  (?1)  (?#  (* */
static bool
group_is_re2(struct str p, size_t paren)
{
	size_t i = paren + 1;
	if (i < p.len && p.s[i] == '*')
		return false;
	if (i >= p.len || p.s[i] != '?')
		return true;
	i++;
	if (i < p.len && p.s[i] == 'P')
		return i + 1 < p.len && p.s[i + 1] == '<';
	if (i < p.len && p.s[i] == '<')
		return i + 1 < p.len && p.s[i + 1] != '=' && p.s[i + 1] != '!';
	while (i < p.len && p.s[i] && strchr("imsU-", p.s[i]))
		i++;
	return i < p.len && (p.s[i] == ':' || p.s[i] == ')');
}

/* Offset behind the class that opens at p[at]: [a-z], []a], [^]a], [[:alpha:]], [\]] */
static size_t
class_end(struct str p, size_t at)
{
	size_t i = at + 1;
	if (i < p.len && p.s[i] == '^')
		i++;
	if (i < p.len && p.s[i] == ']')
		i++;
	while (i < p.len && p.s[i] != ']') {
		if (p.s[i] == '\\') {
			i += 2;
		} else if (p.s[i] == '[' && i + 1 < p.len && p.s[i + 1] == ':') {
			size_t end = str_find(p, STR(":]"), i + 2);
			i = end == SIZE_MAX ? i + 1 : end + 2;
		} else {
			i++;
		}
	}
	return i + 1;
}

/* Offset behind a repetition at p[at], or at: *  +  ?  {2}  {2,}  {2,5} */
static size_t
repetition_end(struct str p, size_t at)
{
	if (at >= p.len)
		return at;
	if (p.s[at] == '*' || p.s[at] == '+' || p.s[at] == '?')
		return at + 1;
	size_t i = at + 1;
	if (p.s[at] != '{' || i >= p.len || p.s[i] < '0' || p.s[i] > '9')
		return at;
	while (i < p.len && ((p.s[i] >= '0' && p.s[i] <= '9') || p.s[i] == ','))
		i++;
	return i < p.len && p.s[i] == '}' ? i + 1 : at;
}

/* Punctuation may always be escaped; of letters and digits RE2 knows these. */
static bool
escape_is_re2(char c)
{
	bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	return !word || strchr("0ABDEPQSWabdfnprstvwz", c);
}

bool
pattern_is_re2(struct str p)
{
	for (size_t i = 0; i < p.len;) {
		size_t item = i;
		if (p.s[i] == '\\') {
			if (i + 1 < p.len && !escape_is_re2(p.s[i + 1]))
				return false;
			i += 2;
		} else if (p.s[i] == '[') {
			i = class_end(p, i);
		} else if (p.s[i] == '(') {
			if (!group_is_re2(p, i))
				return false;
			i++;
			continue; /* a `?` may follow that is no repetition */
		} else {
			i++;
		}
		size_t end = repetition_end(p, item);
		if (end == item)
			continue;
		/* `a+?` is lazy; `a++`, which is possessive elsewhere, is an error in RE2. */
		i = end < p.len && p.s[end] == '?' ? end + 1 : end;
		if (repetition_end(p, i) != i)
			return false;
	}
	return true;
}
