/* SPDX-License-Identifier: MIT */
/* Text views and builders. */
#include "ccx/base.h"

#include <stdio.h>
#include <string.h>

int
str_cmp(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n ? memcmp(a.s, b.s, n) : 0;
	return c ? c : (a.len > b.len) - (a.len < b.len);
}

bool
str_starts(struct str text, struct str prefix)
{
	return str_eq(str_sub(text, 0, prefix.len), prefix);
}

bool
str_ends(struct str text, struct str suffix)
{
	return text.len >= suffix.len &&
	       str_eq(str_sub(text, text.len - suffix.len, text.len), suffix);
}

size_t
str_find(struct str text, struct str needle, size_t from)
{
	if (needle.len == 0)
		return from <= text.len ? from : SIZE_MAX;
	while (from < text.len && text.len - from >= needle.len) {
		const char *hit =
			memchr(text.s + from, needle.s[0], text.len - from - needle.len + 1);
		if (!hit)
			break;
		if (memcmp(hit, needle.s, needle.len) == 0)
			return (size_t)(hit - text.s);
		from = (size_t)(hit - text.s) + 1;
	}
	return SIZE_MAX;
}

bool
str_has(struct str text, struct str needle)
{
	return str_find(text, needle, 0) != SIZE_MAX;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str
str_trim(struct str text)
{
	while (text.len && is_blank(text.s[0]))
		text = str_sub(text, 1, text.len);
	while (text.len && is_blank(text.s[text.len - 1]))
		text.len--;
	return text;
}

/* Eight bytes a step; both halves of each product are kept, or the high bits of a word would reach
 * nothing below them. */
uint64_t
str_mix(struct str text)
{
	uint64_t h = text.len * 0x9e3779b97f4a7c15u, word = 0;
	size_t i = 0;
	for (; i + sizeof word <= text.len; i += sizeof word) {
		memcpy(&word, text.s + i, sizeof word);
		h = (h ^ word) * 0xd6e8feb86659fd93u;
		h ^= h >> 32;
	}
	word = 0;
	if (i < text.len)
		memcpy(&word, text.s + i, text.len - i);
	h = (h ^ word) * 0xd6e8feb86659fd93u;
	return h ^ h >> 32;
}

/* FNV-1a */
uint64_t
str_hash(struct str text)
{
	uint64_t h = 0xcbf29ce484222325u;
	for (size_t i = 0; i < text.len; i++)
		h = (h ^ (unsigned char)text.s[i]) * 0x100000001b3u;
	return h;
}

struct str
str_copy(struct arena *a, struct str text)
{
	char *s = arena_alloc(a, text.len + 1);
	if (text.len)
		memcpy(s, text.s, text.len);
	return (struct str){s, text.len};
}

struct str
str_vprintf(struct arena *a, const char *format, va_list args)
{
	char buffer[256]; /* enough for most: they are formatted once */
	va_list again;
	va_copy(again, args);
	int n = vsnprintf(buffer, sizeof buffer, format, args);
	char *s = arena_alloc(a, (size_t)(n < 0 ? 0 : n) + 1);
	if (n > 0 && (size_t)n < sizeof buffer)
		memcpy(s, buffer, (size_t)n);
	else if (n > 0)
		vsnprintf(s, (size_t)n + 1, format, again);
	va_end(again);
	return (struct str){s, n < 0 ? 0 : (size_t)n};
}

struct str
str_printf(struct arena *a, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct str text = str_vprintf(a, format, args);
	va_end(args);
	return text;
}

struct str
str_join(struct arena *a, const struct str *parts, size_t n, const char *between)
{
	struct sb b = {.a = a};
	for (size_t i = 0; i < n; i++) {
		if (i)
			sb_puts(&b, between);
		sb_put(&b, parts[i]);
	}
	return sb_str(&b);
}

void
sb_reserve(struct sb *b, size_t more)
{
	if (more <= b->cap - b->len)
		return;
	size_t cap = b->cap ? b->cap * 2 : 64;
	while (cap - b->len < more)
		cap *= 2;
	b->s = arena_grow(b->a, b->s, b->cap, cap);
	b->cap = cap;
}

void
sb_char(struct sb *b, char c)
{
	sb_reserve(b, 1);
	b->s[b->len++] = c;
}

void
sb_chars(struct sb *b, char c, size_t n)
{
	if (!n)
		return;
	sb_reserve(b, n);
	memset(b->s + b->len, c, n);
	b->len += n;
}

void
sb_put(struct sb *b, struct str text)
{
	if (!text.len)
		return;
	sb_reserve(b, text.len);
	memcpy(b->s + b->len, text.s, text.len);
	b->len += text.len;
}

void
sb_puts(struct sb *b, const char *text)
{
	sb_put(b, str_of(text));
}

void
sb_printf(struct sb *b, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	size_t room = b->cap - b->len;
	int n = vsnprintf(room ? b->s + b->len : NULL, room, format, args);
	if (n > 0 && (size_t)n >= room) {
		sb_reserve(b, (size_t)n + 1);
		vsnprintf(b->s + b->len, (size_t)n + 1, format, again);
	}
	b->len += n > 0 ? (size_t)n : 0;
	va_end(again);
	va_end(args);
}

struct str
sb_str(const struct sb *b)
{
	return (struct str){b->s ? b->s : "", b->len};
}
