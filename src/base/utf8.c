/* SPDX-License-Identifier: MIT */
/* UTF-8, as RFC 3629 has it. */
#include "ccx/base.h"

int32_t
utf8_next(struct str text, size_t *at)
{
	static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
	const unsigned char *p = (const unsigned char *)text.s + *at;
	size_t left = text.len - *at;
	*at += 1;
	if (p[0] < 0x80)
		return p[0];
	unsigned more = p[0] >= 0xf0 ? 3 : p[0] >= 0xe0 ? 2 : 1;
	if (p[0] < 0xc2 || p[0] > 0xf4 || left <= more)
		return -1;
	uint32_t c = p[0] & (0x3fu >> more);
	for (unsigned i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return -1;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return -1;
	*at += more;
	return (int32_t)c;
}

void
utf8_put(struct sb *b, uint32_t c)
{
	if (c < 0x80) {
		sb_char(b, (char)c);
		return;
	}
	unsigned more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};
	sb_char(b, (char)(lead[more] | c >> (6 * more)));
	while (more--)
		sb_char(b, (char)(0x80 | (c >> (6 * more) & 0x3f)));
}

size_t
utf8_count(struct str text)
{
	size_t n = 0;
	for (size_t at = 0; at < text.len; n++)
		utf8_next(text, &at);
	return n;
}

size_t
utf8_invalid(struct str text)
{
	for (size_t at = 0; at < text.len;) {
		size_t start = at;
		if (utf8_next(text, &at) < 0)
			return start;
	}
	return SIZE_MAX;
}

struct range {
	uint32_t from, to;
};

static bool
within(const struct range *r, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n; i++)
		if (c >= r[i].from && c <= r[i].to)
			return true;
	return false;
}

/* The blocks that people meet: combining marks take no cell; East Asian and emoji take two. */
unsigned
utf8_columns(uint32_t c)
{
	static const struct range none[] = {{0x300, 0x36f}, {0x200b, 0x200f}, {0x20d0, 0x20ff},
		{0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};
	static const struct range wide[] = {{0x1100, 0x115f}, {0x2e80, 0xa4cf}, {0xac00, 0xd7a3},
		{0xf900, 0xfaff}, {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6},
		{0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1faff}, {0x20000, 0x3fffd}};
	if (c < 0x300)
		return 1;
	if (within(none, sizeof none / sizeof *none, c))
		return 0;
	return within(wide, sizeof wide / sizeof *wide, c) ? 2 : 1;
}

static unsigned
width_next(struct str text, size_t *at)
{
	int32_t c = utf8_next(text, at);
	return c < 0x20 ? 1 : utf8_columns((uint32_t)c);
}

size_t
utf8_width(struct str text)
{
	size_t cells = 0;
	for (size_t at = 0; at < text.len;)
		cells += width_next(text, &at);
	return cells;
}

struct str
utf8_head(struct str text, size_t cells)
{
	for (size_t at = 0, used = 0; at < text.len;) {
		size_t from = at;
		used += width_next(text, &at);
		if (used > cells)
			return str_sub(text, 0, from);
	}
	return text;
}
