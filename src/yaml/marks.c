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
		c == 0	      ? "a NUL byte"
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

static void
sample_characters(struct loader *l)
{
	uint32_t n = 0, chars = 0;
	l->marks.samples = NEW_ARRAY(l->scratch, uint32_t, l->text.len / SAMPLE + 2);
	for (uint32_t i = l->marks.from; i < l->text.len; i++) {
		if (((unsigned char)l->text.s[i] & 0xc0) == 0x80)
			continue;
		if (chars % SAMPLE == 0)
			l->marks.samples[n++] = i;
		chars++;
	}
	if (chars % SAMPLE == 0)
		l->marks.samples[n] = (uint32_t)l->text.len;
}

bool
load_check_text(struct loader *l)
{
	const unsigned char *s = (const unsigned char *)l->text.s;
	bool ascii = true;
	if (is_utf16(l->text)) {
		struct diag *g = load_fault(l, RULE_YAML_ENCODING, load_span(l, 0, 2),
			STR(UNABLE "the file is UTF-16; save it as UTF-8"));
		diag_help(l->d, g, "save the file in the encoding UTF-8");
		return false;
	}
	l->marks.from = str_starts(l->text, STR("\xef\xbb\xbf")) ? 3 : 0;
	for (size_t i = l->marks.from; i < l->text.len;) {
		if ((s[i] >= 0x20 && s[i] < 0x7f) || s[i] == '\n' || s[i] == '\r' || s[i] == '\t') {
			i++;
			continue;
		}
		ascii = false;
		if (!check_special(l, &i))
			return false;
	}
	if (!ascii)
		sample_characters(l);
	l->marks.bytes = l->marks.from;
	return true;
}

/* Bytes of the character that begins with this one, in a text that is known to be UTF-8. */
static uint32_t
width(unsigned char first)
{
	return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

uint32_t
load_offset(struct loader *l, size_t index)
{
	struct marks *m = &l->marks;
	uint32_t most = (uint32_t)l->text.len, to = (uint32_t)index;
	if (!m->samples)
		return index < most - m->from ? m->from + to : most;
	if (to < m->chars || to - m->chars > SAMPLE) {
		if (index >= most)
			return most;
		m->chars = to - to % SAMPLE;
		m->bytes = m->samples[to / SAMPLE];
	}
	for (; m->chars < to && m->bytes < most; m->chars++)
		m->bytes += width((unsigned char)l->text.s[m->bytes]);
	return m->bytes;
}
