/* SPDX-License-Identifier: MIT */
#include "mdw.h"

#include <ctype.h>

/* Longer runs of backticks are no code and no fence: nobody means them. */
enum { RUN_MOST = 31 };

static struct str
next_line(struct str *text)
{
	size_t end = str_find(*text, STR("\n"), 0);
	struct str line = str_sub(*text, 0, end);
	*text = end < text->len ? str_sub(*text, end + 1, text->len) : STR("");
	while (line.len && strchr(" \t\r", line.s[line.len - 1]))
		line.len--;
	return line;
}

/* ---- inside of a line -------------------------------------------------------------------- */

/* How many of c stand at a place. */
static size_t
run_of(struct str text, size_t at, char c)
{
	size_t n = 0;
	while (at + n < text.len && text.s[at + n] == c)
		n++;
	return n;
}

/* Where a run of exactly n backticks begins; SIZE_MAX when there is none. */
static size_t
find_ticks(struct str text, size_t at, size_t n)
{
	while (at < text.len) {
		size_t run = run_of(text, at, '`');
		if (run == n)
			return at;
		at += run ? run : 1;
	}
	return SIZE_MAX;
}

static void
put_char(struct sb *out, char c, bool cell)
{
	unsigned char byte = (unsigned char)c;
	if (c == '|' && cell)
		sb_char(out, '\\');
	sb_char(out, byte < ' ' || byte == 0x7f ? ' ' : c);
}

static void
put_verbatim(struct sb *out, struct str text, bool cell)
{
	for (size_t i = 0; i < text.len; i++)
		put_char(out, text.s[i], cell);
}

/* Backticks that stand in pairs are code; those that do not are escaped. Bit n of *single: no run
 * of n has a fellow in the rest of the line. */
static size_t
put_ticks(struct sb *out, struct str line, size_t at, bool cell, uint32_t *single)
{
	size_t n = run_of(line, at, '`');
	if (n <= RUN_MOST && !(*single >> n & 1)) {
		size_t end = find_ticks(line, at + n, n);
		if (end < line.len) {
			put_verbatim(out, str_sub(line, at, end + n), cell);
			return end + n;
		}
		*single |= (uint32_t)1 << n;
	}
	for (size_t i = 0; i < n; i++)
		sb_puts(out, "\\`");
	return at + n;
}

static void
put_line(struct sb *out, struct str line, bool cell)
{
	uint32_t single = 0;
	for (size_t at = 0; at < line.len;) {
		unsigned char c = (unsigned char)line.s[at];
		unsigned char next = at + 1 < line.len ? (unsigned char)line.s[at + 1] : 0;
		if (c == '`') {
			at = put_ticks(out, line, at, cell, &single);
			continue;
		}
		if (c == '<' || c == '\\')
			sb_char(out, '\\');
		if (c == '&' && (next == '#' || isalpha(next)))
			sb_puts(out, "&amp;");
		else
			put_char(out, (char)c, cell);
		at++;
	}
}

/* ---- lines ------------------------------------------------------------------------------- */

static size_t
indent_of(struct str line)
{
	size_t n = 0;
	while (n < line.len && (line.s[n] == ' ' || line.s[n] == '\t'))
		n++;
	return n;
}

/* "# Title", and what makes a title of the line above: "---", "===". */
static bool
is_title(struct str line)
{
	size_t hashes = run_of(line, 0, '#');
	if (hashes && (hashes == line.len || line.s[hashes] == ' ' || line.s[hashes] == '\t'))
		return true;
	return line.len && (run_of(line, 0, '-') == line.len || run_of(line, 0, '=') == line.len);
}

/* The fence that a line begins with, ``` or ~~~ or more; empty when it is none. */
static struct str
fence_of(struct str line)
{
	struct str rest = str_sub(line, indent_of(line), line.len);
	size_t ticks = run_of(rest, 0, '`'), tildes = run_of(rest, 0, '~');
	size_t n = ticks > tildes ? ticks : tildes;
	bool code = ticks && str_has(str_sub(rest, n, rest.len), STR("`"));
	return n >= 3 && n <= RUN_MOST && !code ? str_sub(rest, 0, n) : STR("");
}

/* The text behind the end of a block that begins with that fence; false when it has no end. */
static bool
find_end(struct str fence, struct str text, struct str *behind)
{
	while (text.len) {
		struct str line = str_trim(next_line(&text));
		*behind = text;
		if (line.len >= fence.len && run_of(line, 0, fence.s[0]) == line.len)
			return true;
	}
	return false;
}

static void
put_block(struct sb *out, struct str first, struct str *text, struct str behind)
{
	put_verbatim(out, first, false);
	sb_char(out, '\n');
	while (text->len > behind.len) {
		put_verbatim(out, next_line(text), false);
		sb_char(out, '\n');
	}
}

void
mdw_text(struct sb *out, struct str text)
{
	/* Fences of so many characters have no end in the rest of the text. */
	size_t endless[2] = {RUN_MOST + 1, RUN_MOST + 1};
	text = str_trim(text);
	while (text.len) {
		struct str line = next_line(&text), behind;
		struct str fence = fence_of(line);
		bool tilde = fence.len && fence.s[0] == '~';
		if (fence.len && fence.len < endless[tilde]) {
			if (find_end(fence, text, &behind)) {
				put_block(out, line, &text, behind);
				continue;
			}
			endless[tilde] = fence.len;
		}
		size_t indent = indent_of(line);
		struct str rest = str_sub(line, indent, line.len);
		sb_chars(out, ' ', indent);
		if (tilde || is_title(rest))
			sb_char(out, '\\');
		put_line(out, rest, false);
		sb_char(out, '\n');
	}
}

/* "- item", "* item", "1. item" */
static bool
is_item(struct str line)
{
	size_t digits = 0;
	while (digits < line.len && isdigit((unsigned char)line.s[digits]))
		digits++;
	struct str rest = str_sub(line, digits, line.len);
	if (digits)
		return str_starts(rest, STR(". ")) || str_starts(rest, STR(") "));
	return str_starts(rest, STR("- ")) || str_starts(rest, STR("* ")) ||
	       str_starts(rest, STR("+ "));
}

void
mdw_cell(struct sb *out, struct str text)
{
	bool some = false, gap = false;
	text = str_trim(text);
	while (text.len) {
		struct str line = str_trim(next_line(&text));
		if (line.len && some)
			sb_puts(out, gap || is_item(line) ? "<br>" : " ");
		gap = !line.len;
		some = some || line.len;
		put_line(out, line, true);
	}
}

/* ---- other pieces ------------------------------------------------------------------------ */

static size_t
longest_ticks(struct str text)
{
	size_t most = 0;
	for (size_t at = 0; at < text.len; at++) {
		size_t n = run_of(text, at, '`');
		most = n > most ? n : most;
		at += n;
	}
	return most;
}

void
mdw_code(struct sb *out, struct str text, bool cell)
{
	size_t n = longest_ticks(text) + 1;
	bool space = !text.len || text.s[0] == '`' || text.s[text.len - 1] == '`' ||
		     (text.s[0] == ' ' && text.s[text.len - 1] == ' ');
	sb_chars(out, '`', n);
	sb_puts(out, space ? " " : "");
	put_verbatim(out, text, cell);
	sb_puts(out, space ? " " : "");
	sb_chars(out, '`', n);
}

void
mdw_fence(struct sb *out, const char *language, struct str text)
{
	size_t n = longest_ticks(text) + 1;
	n = n < 3 ? 3 : n;
	sb_chars(out, '`', n);
	sb_printf(out, "%s\n%.*s", language, STR_ARG(text));
	sb_puts(out, str_ends(text, STR("\n")) || !text.len ? "" : "\n");
	sb_chars(out, '`', n);
	sb_char(out, '\n');
}

void
mdw_link(struct sb *out, const char *title, struct str url)
{
	if (!str_starts(url, STR("https://")) && !str_starts(url, STR("http://"))) {
		sb_printf(out, "%s: ", title);
		mdw_code(out, url, false);
		return;
	}
	sb_printf(out, "[%s](", title);
	for (size_t i = 0; i < url.len; i++) {
		unsigned char c = (unsigned char)url.s[i];
		if (c <= ' ' || c == 0x7f || strchr("<>()\\\"`|", c))
			sb_printf(out, "%%%02X", c);
		else
			sb_char(out, (char)c);
	}
	sb_char(out, ')');
}

struct str
mdw_anchor(struct arena *a, struct str title)
{
	struct sb b = {.a = a};
	for (size_t i = 0; i < title.len; i++) {
		unsigned char c = (unsigned char)title.s[i];
		if (c == ' ')
			sb_char(&b, '-');
		else if (c >= 'A' && c <= 'Z')
			sb_char(&b, (char)(c + 'a' - 'A'));
		else if (c >= 0x80 || isalnum(c) || c == '-' || c == '_')
			sb_char(&b, (char)c);
	}
	return sb_str(&b);
}
