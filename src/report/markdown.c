/* SPDX-License-Identifier: MIT */
#include "markdown.h"

struct page {
	struct sb *out;
	size_t width, column;
	size_t indent; /* of the lines of a list item behind its first */
	bool some;     /* something stands in out already */
	bool gap;      /* an empty line comes before what is next */
	bool open;     /* in a paragraph */
};

static struct str
next_line(struct str *text)
{
	size_t end = str_find(*text, STR("\n"), 0);
	struct str line = str_sub(*text, 0, end);
	*text = end < text->len ? str_sub(*text, end + 1, text->len) : STR("");
	return line;
}

static void
end_paragraph(struct page *p)
{
	if (p->open)
		sb_char(p->out, '\n');
	p->open = false;
	p->column = 0;
	p->indent = 0;
}

/* Before anything that begins a line. */
static void
begin(struct page *p)
{
	end_paragraph(p);
	if (p->gap && p->some)
		sb_char(p->out, '\n');
	p->gap = false;
	p->some = true;
}

/* ---- paragraphs -------------------------------------------------------------------------- */

static void
put_word(struct page *p, struct str word)
{
	size_t n = utf8_count(word);
	if (!p->open) {
		p->open = true;
	} else if (p->column > p->indent && p->column + 1 + n > p->width) {
		sb_char(p->out, '\n');
		sb_chars(p->out, ' ', p->indent);
		p->column = p->indent;
	} else {
		sb_char(p->out, ' ');
		p->column++;
	}
	sb_put(p->out, word);
	p->column += n;
}

static void
put_words(struct page *p, struct str line)
{
	for (size_t at = 0; at < line.len;) {
		size_t end = str_find(line, STR(" "), at);
		end = end < line.len ? end : line.len;
		if (end > at)
			put_word(p, str_sub(line, at, end));
		at = end + 1;
	}
}

/* [the page](https://x) -> the page (https://x) */
static struct str
without_links(struct arena *a, struct str line)
{
	struct sb b = {.a = a};
	for (size_t at = 0; at < line.len;) {
		size_t open = str_find(line, STR("["), at),
		       middle = str_find(line, STR("]("), open);
		size_t end = middle < line.len ? str_find(line, STR(")"), middle) : SIZE_MAX;
		if (end >= line.len) {
			sb_put(&b, str_sub(line, at, line.len));
			break;
		}
		sb_put(&b, str_sub(line, at, open));
		sb_put(&b, str_sub(line, open + 1, middle));
		sb_printf(&b, " (%.*s)", STR_ARG(str_sub(line, middle + 2, end)));
		at = end + 1;
	}
	return sb_str(&b);
}

/* ---- blocks ------------------------------------------------------------------------------ */

/* ```yaml bad --next  ->  Bad, with --next:
 * ```yaml orb-good    ->  Good orb: */
static void
put_caption(struct page *p, struct str head)
{
	struct str rest = str_trim(str_sub(head, str_find(head, STR(" "), 0), head.len));
	size_t space = str_find(rest, STR(" "), 0);
	struct str kind = str_sub(rest, 0, space), more = str_trim(str_sub(rest, space, rest.len));
	if (!kind.len)
		return;
	begin(p);
	if (str_is(kind, "file")) {
		sb_printf(p->out, "%.*s:\n", STR_ARG(more));
	} else {
		bool orb = kind.len > 4 && str_starts(kind, STR("orb-"));
		kind = str_sub(kind, orb ? 4 : 0, kind.len);
		sb_printf(p->out, "%c%.*s%s%s%.*s:\n", kind.s[0] & ~0x20,
			STR_ARG(str_sub(kind, 1, kind.len)), orb ? " orb" : "",
			more.len ? ", with " : "", STR_ARG(more));
	}
	p->gap = true;
}

static void
put_block(struct page *p, struct str *text)
{
	begin(p);
	while (text->len) {
		struct str line = next_line(text);
		if (str_starts(line, STR("```")))
			break;
		sb_printf(p->out, "%s%.*s\n", line.len ? "    " : "", STR_ARG(line));
	}
	p->gap = true;
}

static void
put_line(struct page *p, struct str line)
{
	bool item = str_starts(line, STR("- "));
	bool title = str_starts(line, STR("#"));
	while (title && line.len && (line.s[0] == '#' || line.s[0] == ' '))
		line = str_sub(line, 1, line.len);
	if (item || title || p->gap)
		begin(p);
	if (item)
		p->indent = 2;
	p->some = true;
	put_words(p, without_links(p->out->a, line));
	if (title)
		p->gap = true;
}

void
markdown_print(struct sb *out, struct str text, size_t width)
{
	struct page p = {.out = out, .width = width};
	while (text.len) {
		struct str line = next_line(&text);
		if (str_starts(line, STR("<!--")))
			continue;
		if (str_starts(line, STR("```"))) {
			put_caption(&p, line);
			put_block(&p, &text);
		} else if (!str_trim(line).len) {
			p.gap = p.some;
		} else {
			put_line(&p, line);
		}
	}
	end_paragraph(&p);
}
