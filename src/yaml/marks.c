/* SPDX-License-Identifier: MIT */
/*
 * The bytes of a text before libyaml sees them: is it UTF-8, does YAML allow every character, and
 * where in bytes the characters stand that libyaml counts.
 */
#include "load.h"

#include <string.h>

enum { SAMPLE = 64 };

/* Printable, as YAML 1.1 has it (5.1 Character Set). */
static bool
is_allowed(int32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0x7e) || c == 0x85 ||
	       (c >= 0xa0 && c <= 0xd7ff) || (c >= 0xe000 && c <= 0xfffd && c != 0xfeff) ||
	       c >= 0x10000;
}

static bool
is_utf16(struct str t)
{
	return str_starts(t, STR("\xff\xfe")) || str_starts(t, STR("\xfe\xff"));
}

static void
fault_bytes(struct loader *l, uint32_t at)
{
	struct str message = str_printf(
		l->a, UNABLE "the byte 0x%02X is not UTF-8", (unsigned char)l->text.s[at]);
	struct diag *g = load_fault(l, RULE_YAML_ENCODING, load_span(l, at, at + 1), message);
	diag_label(l->d, g, "not UTF-8");
	diag_help(l->d, g, "save the file in the encoding UTF-8");
}

static void
fault_character(struct loader *l, uint32_t at, uint32_t end, int32_t c)
{
	struct str message = str_printf(l->a,
		UNABLE "the character U+%04X is not allowed: special characters are not allowed",
		(unsigned)c);
	struct diag *g = load_fault(l, RULE_YAML_ENCODING, load_span(l, at, end), message);
	diag_label(l->d, g,
		c == 0        ? "a NUL byte"
		: c == 0xfeff ? "a byte order mark"
			      : "invisible");
	if (c < 0x80)
		diag_help(l->d, g, "remove it, or write it as \"\\x%02X\" in double quotes",
			(unsigned)c);
	else
		diag_help(l->d, g, "remove it, or write it as \"\\u%04X\" in double quotes",
			(unsigned)c);
}

/* A character that is not plain ASCII text; moves *at behind it. */
static bool
check_special(struct loader *l, size_t *at)
{
	size_t start = *at;
	int32_t c = utf8_next(l->text, at);
	if (c >= 0 && is_allowed(c))
		return true;
	if (c < 0)
		fault_bytes(l, (uint32_t)start);
	else
		fault_character(l, (uint32_t)start, (uint32_t)*at, c);
	return false;
}

/* Past plain text from from on: printable ASCII, tabs and line breaks. Most of a config is this, so
 * eight bytes are tried at a time. */
static size_t
skip_plain(struct str t, size_t from)
{
	static const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
	const unsigned char *s = (const unsigned char *)t.s;
	for (; from < t.len; from++) {
		uint64_t v;
		while (t.len - from >= sizeof v) {
			memcpy(&v, s + from, sizeof v);
			/* a top bit: a byte is above 0x7e, or below 0x20 */
			if ((v | (v + ones) | (v - 0x20 * ones)) & tops)
				break;
			from += sizeof v;
		}
		for (size_t end = from + sizeof v; from < t.len && from < end; from++)
			if (s[from] < 0x20 || s[from] > 0x7e)
				break;
		if (from == t.len || (s[from] != '\n' && s[from] != '\r' && s[from] != '\t'))
			break;
	}
	return from;
}

/* Bytes of the character that begins with this one, in a text that is known to be UTF-8. */
static uint32_t
width(unsigned char first)
{
	return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* Where every 64th character stands. The text is known to be UTF-8. */
static void
sample_characters(struct loader *l)
{
	uint32_t n = 0, chars = 0, len = (uint32_t)l->text.len;
	uint32_t *samples = NEW_ARRAY(l->scratch, uint32_t, l->text.len / SAMPLE + 3);
	for (uint32_t at = l->marks.from; at < len;) {
		uint32_t end = (uint32_t)skip_plain(l->text, at);
		for (; n * SAMPLE < chars + (end - at); n++)
			samples[n] = at + (n * SAMPLE - chars);
		chars += end - at;
		at = end;
		if (at == len)
			break;
		if (n * SAMPLE == chars)
			samples[n++] = at;
		at += width((unsigned char)l->text.s[at]);
		chars++;
	}
	if (n * SAMPLE == chars)
		samples[n] = len; /* the last full block must be seen to end; others end at 0 */
	l->marks.samples = samples;
}

bool
load_check_text(struct loader *l)
{
	if (is_utf16(l->text)) {
		struct diag *g = load_fault(l, RULE_YAML_ENCODING, load_span(l, 0, 2),
			STR(UNABLE "the file is UTF-16; save it as UTF-8"));
		diag_help(l->d, g, "save the file in the encoding UTF-8");
		return false;
	}
	l->marks.from = str_starts(l->text, STR("\xef\xbb\xbf")) ? 3 : 0;
	size_t at = skip_plain(l->text, l->marks.from);
	bool ascii = at == l->text.len;
	while (at < l->text.len) {
		if (!check_special(l, &at))
			return false;
		at = skip_plain(l->text, at);
	}
	if (!ascii)
		sample_characters(l);
	return true;
}

uint32_t
load_find_offset(struct loader *l, size_t index)
{
	const struct marks *m = &l->marks;
	uint32_t most = (uint32_t)l->text.len, to = (uint32_t)index;
	if (index >= most)
		return most;
	if (!m->samples)
		return to < most - m->from ? m->from + to : most;
	uint32_t at = m->samples[to / SAMPLE], rest = to % SAMPLE;
	if (m->samples[to / SAMPLE + 1] - at == SAMPLE)
		return at + rest; /* no longer characters among these */
	for (; rest && at < most; rest--)
		at += width((unsigned char)l->text.s[at]);
	return at;
}
