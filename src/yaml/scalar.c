/* SPDX-License-Identifier: MIT */
/*
 * What a plain scalar means. These are the patterns of SnakeYAML's resolver, which reads YAML 1.1
 * with a few forms of 1.2: yes and off are booleans (y and n are not), 010 is eight, 1:30 is
 * ninety, 1e3 is a float. 08 is text. Dates, which SnakeYAML makes dates, stay text: every place
 * in a config that could hold one holds a string.
 */
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NUMBER = 1024 };          /* SnakeYAML takes anything longer for text */
enum { LIMBS = 512, LIMB = 1000000000 }; /* of a big integer: more than 1024 hex digits need */

/* An integer's text in parts. digits may hold "_", and ":" in base 60. */
struct digits {
	bool negative;
	unsigned base;
	struct str digits;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Value of a digit of any base up to 16, or 16. */
static unsigned
digit_value(char c)
{
	if (is_digit(c))
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return 16;
}

/* Past the digits and underscores that stand at from. */
static size_t
skip_digits(struct str t, size_t from)
{
	while (from < t.len && (is_digit(t.s[from]) || t.s[from] == '_'))
		from++;
	return from;
}

/* Past ":30:00" at from; from itself when there is no such thing. */
static size_t
skip_sixties(struct str t, size_t from)
{
	while (from + 1 < t.len && t.s[from] == ':' && is_digit(t.s[from + 1])) {
		bool two = from + 2 < t.len && is_digit(t.s[from + 2]);
		if (two && t.s[from + 1] > '5')
			break;
		from += two ? 3 : 2;
	}
	return from;
}

/* At least one digit of the base, otherwise only underscores. */
static bool
all_digits(struct str t, unsigned base)
{
	bool any = false;
	for (size_t i = 0; i < t.len; i++) {
		if (t.s[i] == '_')
			continue;
		if (digit_value(t.s[i]) >= base)
			return false;
		any = true;
	}
	return any;
}

/* 12, -1_000, 0x1F, 0b101, 017, 1:30:00 */
static bool
scan_int(struct str t, struct digits *d)
{
	d->negative = t.s[0] == '-';
	if (t.s[0] == '-' || t.s[0] == '+')
		t = str_sub(t, 1, t.len);
	d->base = 10;
	d->digits = t;
	if (!t.len || !is_digit(t.s[0]))
		return false;
	if (t.s[0] == '0' && t.len > 1) {
		bool prefixed = t.s[1] == 'b' || t.s[1] == 'x';
		d->base = t.s[1] == 'b' ? 2 : t.s[1] == 'x' ? 16 : 8;
		d->digits = str_sub(t, prefixed ? 2 : 1, t.len);
		return all_digits(d->digits, d->base);
	}
	size_t end = skip_digits(t, 0);
	if (end == t.len)
		return true;
	d->base = 60;
	return t.s[0] != '0' && skip_sixties(t, end) == t.len;
}

/* limbs = limbs * times + plus, least limb first. */
static void
big_step(uint32_t *limbs, unsigned *n, uint32_t times, uint32_t plus)
{
	uint64_t carry = plus;
	for (unsigned i = 0; i < *n; i++) {
		carry += (uint64_t)limbs[i] * times;
		limbs[i] = (uint32_t)(carry % LIMB);
		carry /= LIMB;
	}
	if (carry && *n < LIMBS)
		limbs[(*n)++] = (uint32_t)carry;
}

/* Adds the digits to the limbs, as many at a time as fit into one step. */
static void
big_digits(uint32_t *limbs, unsigned *n, struct str digits, unsigned base)
{
	uint32_t times = 1, group = 0;
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.s[i] == '_')
			continue;
		times *= base;
		group = group * base + digit_value(digits.s[i]);
		if (times > LIMB / 16) {
			big_step(limbs, n, times, group);
			times = 1;
			group = 0;
		}
	}
	big_step(limbs, n, times, group);
}

/* The digits, in any base, as decimal text. */
static struct str
big_decimal(struct arena *a, struct digits d)
{
	uint32_t limbs[LIMBS];
	unsigned n = 0;
	size_t colon = str_find(d.digits, STR(":"), 0);
	big_digits(limbs, &n, str_sub(d.digits, 0, colon), d.base == 60 ? 10 : d.base);
	while (colon < d.digits.len) {
		size_t next = str_find(d.digits, STR(":"), colon + 1);
		uint32_t part = 0;
		for (size_t i = colon + 1; i < d.digits.len && i < next; i++)
			part = part * 10 + digit_value(d.digits.s[i]);
		big_step(limbs, &n, 60, part);
		colon = next;
	}
	struct sb out = {.a = a};
	if (d.negative)
		sb_char(&out, '-');
	sb_printf(&out, "%u", n ? limbs[n - 1] : 0);
	for (unsigned i = n; i-- > 1;)
		sb_printf(&out, "%09u", limbs[i - 1]);
	return sb_str(&out);
}

/* Sets n to the integer when it fits in 64 bits. */
static bool
small_int(struct node *n, struct digits d)
{
	uint64_t most = (uint64_t)INT64_MAX + d.negative, v = 0;
	if (d.base == 60 || d.digits.len > 64)
		return false;
	for (size_t i = 0; i < d.digits.len; i++) {
		if (d.digits.s[i] == '_')
			continue;
		unsigned digit = digit_value(d.digits.s[i]);
		if (v > (most - digit) / d.base)
			return false;
		v = v * d.base + digit;
	}
	n->u.integer = !d.negative ? (int64_t)v : v > INT64_MAX ? INT64_MIN : -(int64_t)v;
	return true;
}

static void
set_int(struct arena *a, struct node *n, struct digits d)
{
	n->kind = NODE_INT;
	if (small_int(n, d))
		return;
	struct str text = big_decimal(a, d);
	struct digits decimal = {d.negative, 10, str_sub(text, d.negative, text.len)};
	if (small_int(n, decimal))
		return;
	n->flags |= NODE_BIG;
	n->u.text = text;
}

/* .inf, -.INF, .NaN */
static bool
scan_special(struct str t, double *v)
{
	bool sign = t.len && (t.s[0] == '-' || t.s[0] == '+');
	struct str word = str_sub(t, sign, t.len);
	if (str_is(word, ".inf") || str_is(word, ".Inf") || str_is(word, ".INF")) {
		*v = t.s[0] == '-' ? -INFINITY : INFINITY;
		return true;
	}
	*v = NAN;
	return str_is(t, ".nan") || str_is(t, ".NaN") || str_is(t, ".NAN");
}

/* Past "e10", "E-3" at from; from when there is none. */
static size_t
skip_exponent(struct str t, size_t from)
{
	size_t at = from;
	if (at == t.len || (t.s[at] != 'e' && t.s[at] != 'E'))
		return from;
	at++;
	if (at < t.len && (t.s[at] == '-' || t.s[at] == '+'))
		at++;
	size_t digits = at;
	while (at < t.len && is_digit(t.s[at]))
		at++;
	return at > digits ? at : from;
}

/* 1.14, 1., .5, 1e3, 1_0.5e-3, 1:30.5 */
static bool
is_float(struct str t)
{
	size_t start = t.s[0] == '-' || t.s[0] == '+';
	if (start == t.len || (!is_digit(t.s[start]) && t.s[start] != '.'))
		return false;
	size_t whole = skip_digits(t, start), at = skip_sixties(t, whole);
	bool sixties = at > whole;
	if (at == t.len)
		return false;
	if (t.s[at] != '.')
		return !sixties && skip_exponent(t, at) == t.len;
	at = skip_digits(t, at + 1);
	if (!all_digits(str_sub(t, start, whole), 10) && !all_digits(str_sub(t, whole + 1, at), 10))
		return false;
	return sixties ? at == t.len : skip_exponent(t, at) == t.len;
}

/* The value of a text for which is_float() holds, or of decimal digits. */
static double
float_value(struct str t)
{
	char text[LONGEST_NUMBER + 1];
	size_t n = 0;
	bool negative = t.s[0] == '-';
	double v = 0;
	for (size_t i = t.s[0] == '-' || t.s[0] == '+'; i < t.len && n < LONGEST_NUMBER; i++) {
		if (t.s[i] == ':') {
			text[n] = '\0';
			v = (v + strtod(text, NULL)) * 60;
			n = 0;
		} else if (t.s[i] != '_') {
			text[n++] = t.s[i];
		}
	}
	text[n] = '\0';
	v += strtod(text, NULL);
	return negative ? -v : v;
}

/* True, Off, NULL, ~ */
static bool
resolve_word(struct node *n, struct str t)
{
	static const struct {
		char text[6];
		uint8_t len, kind;
		bool value;
	} words[] = {{"", 0, NODE_NULL, false}, {"~", 1, NODE_NULL, false},
		{"null", 4, NODE_NULL, false}, {"Null", 4, NODE_NULL, false},
		{"NULL", 4, NODE_NULL, false}, {"true", 4, NODE_BOOL, true},
		{"True", 4, NODE_BOOL, true}, {"TRUE", 4, NODE_BOOL, true},
		{"false", 5, NODE_BOOL, false}, {"False", 5, NODE_BOOL, false},
		{"FALSE", 5, NODE_BOOL, false}, {"yes", 3, NODE_BOOL, true},
		{"Yes", 3, NODE_BOOL, true}, {"YES", 3, NODE_BOOL, true},
		{"no", 2, NODE_BOOL, false}, {"No", 2, NODE_BOOL, false},
		{"NO", 2, NODE_BOOL, false}, {"on", 2, NODE_BOOL, true}, {"On", 2, NODE_BOOL, true},
		{"ON", 2, NODE_BOOL, true}, {"off", 3, NODE_BOOL, false},
		{"Off", 3, NODE_BOOL, false}, {"OFF", 3, NODE_BOOL, false}};
	for (size_t i = 0; t.len <= 5 && i < sizeof words / sizeof *words; i++) {
		if (words[i].len != t.len || memcmp(words[i].text, t.s, t.len) != 0)
			continue;
		n->kind = words[i].kind;
		if (n->kind == NODE_BOOL)
			n->u.boolean = words[i].value;
		return true;
	}
	return false;
}

static bool
resolve_number(struct arena *a, struct node *n, struct str t)
{
	struct digits d;
	double special;
	if (t.len > LONGEST_NUMBER)
		return false;
	if (scan_int(t, &d)) {
		set_int(a, n, d);
		return true;
	}
	n->kind = NODE_FLOAT;
	if (scan_special(t, &special)) {
		n->u.real = special;
		return true;
	}
	if (!is_float(t))
		return false;
	n->u.real = float_value(t);
	return true;
}

void
scalar_string(struct node *n, struct str text)
{
	n->kind = NODE_STRING;
	n->u.text = text;
	n->weight = 1 + (uint32_t)(text.len / NODE_WEIGHT_BYTES);
	if (text.len > 1 && memchr(text.s, '<', text.len - 1) && str_has(text, STR("<<")))
		n->flags |= NODE_TEMPLATED;
}

void
scalar_resolve(struct arena *a, struct node *n, struct str text)
{
	char first = text.len ? text.s[0] : '~';
	bool found = false;
	if (strchr("yYnNtTfFoO~", first))
		found = resolve_word(n, text);
	else if (is_digit(first) || first == '-' || first == '+' || first == '.')
		found = resolve_number(a, n, text);
	if (!found)
		scalar_string(n, text);
}

const struct node *
node_plain(struct arena *a, struct str text, struct span span)
{
	struct node *n = NEW(a, struct node);
	n->span = span;
	n->weight = 1;
	scalar_resolve(a, n, text);
	return n;
}
