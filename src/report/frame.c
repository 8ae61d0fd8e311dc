/* SPDX-License-Identifier: MIT */
/*
 * Code frames. Everything is counted in terminal cells: tabs are expanded, wide characters take
 * two, and no byte of the input reaches the terminal that could move its cursor. A line that is
 * too long is shown in part, around its marks.
 */
#include "frame.h"

enum {
	TAB = 4,
	WIDEST = 512,    /* cells shown of a line where the terminal's width is not known */
	NARROWEST = 24,  /* cells shown of a line however narrow the terminal is */
	LEAD = 12,       /* cells shown before the first mark of a clipped line */
	REACH = 4 << 10, /* bytes looked at on either side of a mark, whatever the line's length */
};

static const char *const paints[] = {
	[PAINT_OFF] = "\033[0m",
	[PAINT_BOLD] = "\033[1m",
	[PAINT_ERROR] = "\033[1;31m",
	[PAINT_WARNING] = "\033[1;33m",
	[PAINT_NOTE] = "\033[1;36m",
	[PAINT_GUTTER] = "\033[1;34m",
	[PAINT_HELP] = "\033[1;32m",
};

void
frame_paint(const struct frame *f, enum paint paint)
{
	if (f->style.colour)
		sb_puts(f->out, paints[paint]);
}

/* Controls, and the marks that turn the direction of writing: shown, they could hide text. */
static bool
disturbs(int32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200e && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

void
frame_text(const struct frame *f, struct str text)
{
	for (size_t at = 0; at < text.len;) {
		int32_t c = utf8_next(text, &at);
		if (c == '\n' || c == '\t')
			c = ' ';
		utf8_put(f->out, disturbs(c) ? 0xfffd : (uint32_t)c);
	}
}

struct str
frame_clean(struct arena *a, struct str text)
{
	struct sb b = {.a = a};
	const struct frame f = {.out = &b};
	size_t plain = 0;
	while (plain < text.len && text.s[plain] >= ' ' && text.s[plain] <= '~')
		plain++;
	if (plain == text.len)
		return text;
	frame_text(&f, text);
	return sb_str(&b);
}

/* ---- one line in cells ------------------------------------------------------------------- */

/* Cells of the character at text[*at], which stands in column; moves *at behind it. */
static unsigned
cell_width(struct str text, size_t *at, size_t column, int32_t *c)
{
	*c = utf8_next(text, at);
	if (*c == '\t')
		return TAB - (unsigned)(column % TAB);
	if (disturbs(*c))
		*c = 0xfffd;
	return *c == 0xfffd ? 1 : utf8_columns((uint32_t)*c);
}

static size_t
cells_before(struct str text, size_t offset)
{
	size_t column = 0;
	int32_t c;
	for (size_t at = 0; at < text.len && at < offset;)
		column += cell_width(text, &at, column, &c);
	return column;
}

/* What is shown of a line: cells left..right of text; the dots say that there is more. */
struct window {
	struct str text;
	size_t start; /* offset of text in the file */
	size_t left, right;
	bool more_left, more_right;
};

static size_t
char_start(struct str text, size_t at)
{
	while (at && at < text.len && ((unsigned char)text.s[at] & 0xc0) == 0x80)
		at--;
	return at;
}

/* The bytes of a line that are worth a look: all, or those around the marks. */
static void
window_bytes(struct window *w, struct str line, size_t start, const struct mark *marks, uint32_t n)
{
	*w = (struct window){.text = line, .start = start};
	if (line.len <= 2 * REACH)
		return;
	size_t at = n ? marks[0].span.off - start : 0;
	for (uint32_t i = 0; i < n; i++)
		if (marks[i].main)
			at = marks[i].span.off - start;
	size_t from = char_start(line, at > REACH ? at - REACH : 0);
	size_t to = char_start(line, at + REACH);
	w->more_left = from > 0;
	w->more_right = to < line.len;
	w->text = str_sub(line, from, to);
	w->start = start + from;
}

/* The cells that a mark covers, whole text counted; at least one. */
static void
mark_cells(const struct window *w, const struct mark *m, size_t *from, size_t *to)
{
	size_t off = m->span.off > w->start ? m->span.off - w->start : 0;
	size_t end = (size_t)m->span.off + m->span.len;
	end = end > w->start ? end - w->start : 0;
	*from = cells_before(w->text, off);
	*to = cells_before(w->text, end);
	if (*to <= *from)
		*to = *from + 1;
}

static void
window_cells(struct window *w, const struct mark *marks, uint32_t n, size_t room)
{
	size_t total = cells_before(w->text, w->text.len), low = total, high = 0;
	for (uint32_t i = 0; i < n; i++) {
		size_t from, to;
		mark_cells(w, &marks[i], &from, &to);
		low = from < low ? from : low;
		high = to > high ? to : high;
	}
	w->left = 0;
	if (total > room && high + 1 > room)
		w->left = low > LEAD ? low - LEAD : 0;
	w->right = total - w->left > room ? w->left + room : total;
	w->more_left = w->more_left || w->left > 0;
	w->more_right = w->more_right || w->right < total;
}

static void
draw_text(const struct frame *f, const struct window *w)
{
	size_t column = 0;
	for (size_t at = 0; at < w->text.len && column < w->right;) {
		int32_t c;
		unsigned width = cell_width(w->text, &at, column, &c);
		bool shown = column >= w->left && column + width <= w->right;
		bool dots = (w->more_left && column == w->left) ||
			    (w->more_right && column + width == w->right);
		size_t from = column > w->left ? column : w->left;
		column += width;
		if (dots && shown) {
			sb_puts(f->out, "\xe2\x80\xa6");
			sb_chars(f->out, ' ', width - (width > 0));
		} else if (shown && c != '\t') {
			utf8_put(f->out, (uint32_t)c);
		} else if (column > w->left) {
			sb_chars(f->out, ' ', (column < w->right ? column : w->right) - from);
		}
	}
}

/* ---- marks ------------------------------------------------------------------------------- */

/* A mark in cells of the window. */
struct under {
	size_t from, to;
	const struct mark *mark;
	bool done;
};

static void
gutter(const struct frame *f, uint32_t line, bool space)
{
	frame_paint(f, PAINT_GUTTER);
	if (line)
		sb_printf(f->out, "%*u |", (int)f->gutter, (unsigned)line);
	else
		sb_printf(f->out, "%*s |", (int)f->gutter, "");
	frame_paint(f, PAINT_OFF);
	if (space)
		sb_char(f->out, ' ');
}

static void
paint_mark(const struct frame *f, const struct mark *m)
{
	frame_paint(f, m->main ? f->colour : PAINT_GUTTER);
}

static void
draw_label(const struct frame *f, const struct mark *m)
{
	paint_mark(f, m);
	frame_text(f, m->label);
	frame_paint(f, PAINT_OFF);
}

/* "|   |" under the first n labelled marks; gives the column that it ends in. */
static size_t
draw_stems(const struct frame *f, const struct under *row, uint32_t n)
{
	size_t column = 0;
	for (uint32_t i = 0; i < n; i++) {
		if (!row[i].mark->label.len)
			continue;
		sb_chars(f->out, ' ', row[i].from - column);
		paint_mark(f, row[i].mark);
		sb_char(f->out, '|');
		frame_paint(f, PAINT_OFF);
		column = row[i].from + 1;
	}
	return column;
}

/* Marks that do not overlap, from left to right; the last label stands beside its mark, the
 * others hang below:
 *
 *        |   ----- ^~~~ did you mean "x"?
 *        |   |
 *        |   defined here
 */
static void
draw_row(const struct frame *f, const struct under *row, uint32_t n)
{
	size_t column = 0;
	uint32_t hanging = 0;
	gutter(f, 0, true);
	for (uint32_t i = 0; i < n; i++) {
		sb_chars(f->out, ' ', row[i].from - column);
		paint_mark(f, row[i].mark);
		sb_char(f->out, row[i].mark->main ? '^' : '-');
		sb_chars(f->out, row[i].mark->main ? '~' : '-', row[i].to - row[i].from - 1);
		frame_paint(f, PAINT_OFF);
		column = row[i].to;
		hanging += i + 1 < n && row[i].mark->label.len > 0;
	}
	if (row[n - 1].mark->label.len) {
		sb_char(f->out, ' ');
		draw_label(f, row[n - 1].mark);
	}
	sb_char(f->out, '\n');
	if (!hanging)
		return;
	gutter(f, 0, true);
	draw_stems(f, row, n - 1);
	sb_char(f->out, '\n');
	for (uint32_t i = n - 1; i-- > 0;) {
		if (!row[i].mark->label.len)
			continue;
		gutter(f, 0, true);
		sb_chars(f->out, ' ', row[i].from - draw_stems(f, row, i));
		draw_label(f, row[i].mark);
		sb_char(f->out, '\n');
	}
}

/* Takes, after the main mark, every mark that still fits beside the others taken; left to right. */
static uint32_t
take_row(struct under *all, uint32_t n, struct under *row)
{
	uint32_t taken = 0;
	for (int main = 1; main >= 0; main--) {
		for (uint32_t i = 0; i < n; i++) {
			if (all[i].done || all[i].mark->main != main)
				continue;
			uint32_t at = 0;
			while (at < taken && row[at].to < all[i].from)
				at++;
			if (at < taken && all[i].to >= row[at].from)
				continue;
			for (uint32_t k = taken; k > at; k--)
				row[k] = row[k - 1];
			row[at] = all[i];
			all[i].done = true;
			taken++;
		}
	}
	return taken;
}

static void
draw_marks(const struct frame *f, const struct window *w, const struct mark *marks, uint32_t n)
{
	struct under *all = NEW_ARRAY(f->s->a, struct under, n);
	struct under *row = NEW_ARRAY(f->s->a, struct under, n);
	for (uint32_t i = 0; i < n; i++) {
		size_t from, to;
		mark_cells(w, &marks[i], &from, &to);
		/* A mark may stand behind the last character; one out of sight marks the edge. */
		size_t last = w->right > w->left ? w->right - w->left : 1;
		from = from > w->left ? from - w->left : 0;
		to = to > w->left ? to - w->left : 0;
		if (w->more_right && from >= last)
			from = last - 1;
		if (w->more_right && to > last)
			to = last;
		if (to <= from)
			to = from + 1;
		all[i] = (struct under){from, to, &marks[i], false};
	}
	for (uint32_t left = n; left > 0;) {
		uint32_t taken = take_row(all, n, row);
		draw_row(f, row, taken);
		left -= taken;
	}
}

/* ---- frames ------------------------------------------------------------------------------ */

/* One source line and the n marks (perhaps none) on it. */
static void
draw_line(const struct frame *f, uint32_t file, uint32_t line, const struct mark *marks, uint32_t n)
{
	struct str text = source_line(f->s, file, line);
	const struct source *source = source_of(f->s, file);
	size_t start = text.len ? (size_t)(text.s - source->text.s) : 0;
	if (!text.len && n)
		start = marks[0].span.off;
	size_t room = f->style.width ? f->style.width : WIDEST + f->gutter + 3;
	room = room > NARROWEST + f->gutter + 3 ? room - f->gutter - 3 : NARROWEST;
	struct window w;
	window_bytes(&w, text, start, marks, n);
	window_cells(&w, marks, n, room);
	gutter(f, line, w.text.len > 0);
	draw_text(f, &w);
	sb_char(f->out, '\n');
	if (n)
		draw_marks(f, &w, marks, n);
}

/* By line, then by column; few, so insertion is enough. */
static void
sort_marks(struct mark *marks, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++) {
		struct mark m = marks[i];
		uint32_t j = i;
		for (; j > 0 && marks[j - 1].span.off > m.span.off; j--)
			marks[j] = marks[j - 1];
		marks[j] = m;
	}
}

void
frame_draw(const struct frame *f, struct mark *marks, uint32_t n)
{
	sort_marks(marks, n);
	gutter(f, 0, false);
	sb_char(f->out, '\n');
	uint32_t last = 0, file = n ? marks[0].span.file : 0;
	for (uint32_t i = 0; i < n;) {
		uint32_t line = marks[i].place.line, same = 1;
		while (i + same < n && marks[i + same].place.line == line)
			same++;
		if (last && line == last + 2) {
			draw_line(f, file, last + 1, NULL, 0);
		} else if (last && line > last + 2) {
			frame_paint(f, PAINT_GUTTER);
			sb_puts(f->out, "...");
			frame_paint(f, PAINT_OFF);
			sb_char(f->out, '\n');
		}
		draw_line(f, file, line, marks + i, same);
		last = line;
		i += same;
	}
}
