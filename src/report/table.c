/* SPDX-License-Identifier: MIT */
/* Tables of rows that are printed as aligned text or as JSON. */
#include "table.h"

#include "ccx/catalog.h"

#include "frame.h"

#include <inttypes.h>

enum {
	GAP = 2,       /* blanks between columns */
	NARROWEST = 8, /* the last column gets at least this, whatever the width */
};

static const struct span nowhere;

/* ---- cells ------------------------------------------------------------------------------- */

struct cell
cell_text(struct arena *a, const char *text)
{
	if (!text)
		return (struct cell){STR(""), node_null(a, nowhere)};
	return (struct cell){str_of(text), node_string(a, str_of(text), nowhere)};
}

struct cell
cell_bool(struct arena *a, bool value)
{
	return (struct cell){value ? STR("yes") : STR("no"), node_bool(a, value, nowhere)};
}

struct cell
cell_amount(struct arena *a, int64_t amount)
{
	if (amount == AMOUNT_UNKNOWN)
		return (struct cell){STR("unknown"), node_null(a, nowhere)};
	if (amount == AMOUNT_UNLIMITED)
		return cell_text(a, "unlimited");
	if (amount == AMOUNT_CUSTOM)
		return cell_text(a, "custom");
	if (amount == AMOUNT_SOME)
		return cell_text(a, "some");
	return (struct cell){str_printf(a, "%" PRId64, amount), node_int(a, amount, nowhere)};
}

struct cell
cell_scaled(struct arena *a, int64_t amount, int64_t scale, const char *unit)
{
	struct cell cell = cell_amount(a, amount);
	if (amount < 0)
		return cell;
	struct sb b = {.a = a};
	sb_printf(&b, "%" PRId64, amount / scale);
	int64_t rest = amount % scale;
	if (rest)
		sb_char(&b, '.');
	while (rest) { /* ends, as scale has no prime factors but 2 and 5 */
		rest *= 10;
		sb_char(&b, (char)('0' + rest / scale));
		rest %= scale;
	}
	sb_puts(&b, unit);
	cell.shown = sb_str(&b);
	return cell;
}

struct cell
cell_day(struct arena *a, int day)
{
	if (!day)
		return cell_text(a, NULL);
	struct str text = str_printf(a, "%04d-%02d-%02d", day / 10000, day / 100 % 100, day % 100);
	return (struct cell){text, node_string(a, text, nowhere)};
}

struct cell
cell_mask(struct arena *a, unsigned mask, const char *const *names, uint32_t n)
{
	struct str *parts = NEW_ARRAY(a, struct str, n);
	const struct node **items = NEW_ARRAY(a, const struct node *, n);
	uint32_t used = 0;
	for (uint32_t i = 0; i < n; i++) {
		if (!(mask & 1u << i))
			continue;
		parts[used] = str_of(names[i]);
		items[used] = node_string(a, parts[used], nowhere);
		used++;
	}
	return (struct cell){str_join(a, parts, used, ", "), node_list(a, items, used, nowhere)};
}

/* ---- tables ------------------------------------------------------------------------------ */

void
table_add(struct table *t, struct cell cell)
{
	cell.shown = frame_clean(t->a, cell.shown);
	vec_push(t->a, &t->cells, cell);
}

const struct node *
table_node(const struct table *t)
{
	uint32_t nrows = t->cells.n / t->ncolumns;
	const struct node **rows = NEW_ARRAY(t->a, const struct node *, nrows + 1);
	for (uint32_t row = 0; row < nrows; row++) {
		struct pair *pairs = NEW_ARRAY(t->a, struct pair, t->ncolumns);
		uint32_t n = 0;
		for (uint32_t c = 0; c < t->ncolumns; c++) {
			const char *key = t->columns[c].key;
			if (!key)
				continue;
			pairs[n].key = node_string(t->a, str_of(key), nowhere);
			pairs[n++].value = t->cells.v[row * t->ncolumns + c].value;
		}
		rows[row] = node_map(t->a, pairs, n, nowhere);
	}
	return node_list(t->a, rows, nrows, nowhere);
}

/* ---- text -------------------------------------------------------------------------------- */

/* Columns of text of one line: how wide each is and which is the last. */
struct layout {
	size_t *widths;
	uint32_t last;
	unsigned width;
};

static struct layout
lay_out(const struct table *t, unsigned width)
{
	struct layout l = {NEW_ARRAY(t->a, size_t, t->ncolumns), 0, width};
	for (uint32_t c = 0; c < t->ncolumns; c++) {
		if (!t->columns[c].title)
			continue;
		l.last = c;
		l.widths[c] = utf8_count(str_of(t->columns[c].title));
		for (uint32_t i = c; i < t->cells.n; i += t->ncolumns) {
			size_t n = utf8_count(t->cells.v[i].shown);
			l.widths[c] = n > l.widths[c] ? n : l.widths[c];
		}
	}
	return l;
}

/* Appends text from the given column on, further lines indented as far, broken at blanks. A word
 * that is too long for that gets a line of its own and ends where lines end. */
static void
put_wrapped(struct sb *out, struct str text, size_t indent, unsigned width)
{
	size_t room = width > indent + NARROWEST ? width - indent : NARROWEST, used = 0;
	for (size_t at = 0; at < text.len;) {
		size_t end = str_find(text, STR(" "), at);
		struct str word = str_sub(text, at, end);
		size_t n = utf8_count(word);
		if (used && used + 1 + n > room) {
			size_t most = width > n ? width - n : 0;
			sb_char(out, '\n');
			sb_chars(out, ' ', n > room && most < indent ? most : indent);
			used = 0;
		} else if (used) {
			sb_char(out, ' ');
			used++;
		}
		sb_put(out, word);
		used += n;
		at = at + word.len + 1;
	}
}

/* One cell; blanks in front of it are owed until there is text, so that no line ends in them. */
static void
put_cell(struct sb *out, struct str text, const struct column *column, size_t width, size_t *owed)
{
	size_t n = utf8_count(text), pad = width > n ? width - n : 0;
	if (column->right)
		*owed += pad;
	if (text.len) {
		sb_chars(out, ' ', *owed);
		sb_put(out, text);
		*owed = 0;
	} else {
		*owed += n;
	}
	*owed += (column->right ? 0 : pad) + GAP;
}

/* A row of cells, or the titles. */
static void
put_row(struct sb *out, const struct table *t, const struct layout *l, const struct cell *cells)
{
	size_t owed = 0, indent = 0;
	for (uint32_t c = 0; c <= l->last; c++) {
		const struct column *column = &t->columns[c];
		if (!column->title)
			continue;
		struct str text = cells ? cells[c].shown : str_of(column->title);
		if (c < l->last || column->right) {
			put_cell(out, text, column, l->widths[c], &owed);
		} else if (text.len) {
			sb_chars(out, ' ', owed);
			put_wrapped(out, text, indent, l->width);
		}
		indent += l->widths[c] + GAP;
	}
	sb_char(out, '\n');
}

void
table_print(struct sb *out, const struct table *t, unsigned width)
{
	struct layout l = lay_out(t, width);
	put_row(out, t, &l, NULL);
	for (uint32_t i = 0; i < t->cells.n; i += t->ncolumns)
		put_row(out, t, &l, &t->cells.v[i]);
}
