/* SPDX-License-Identifier: MIT */
/*
 * Unified diffs, as patch(1) takes them: the shortest script of whole lines (Myers, "An O(ND)
 * difference algorithm"), or, where two texts have little in common, everything between their
 * common start and end.
 */
#include "ccx/report.h"

#include <string.h>

enum {
	CONTEXT = 3,
	MOST_CHANGES = 1500, /* memory grows with the square of it */
};

struct lines {
	struct str *v; /* each with its line break */
	uint32_t n;
};

struct diff {
	struct arena *a;
	struct lines old, new;
	bool *gone, *come; /* lines of old that are not in new, and of new that are not in old */
};

static struct lines
split(struct arena *a, struct str text)
{
	struct lines l = {.n = text.len > 0};
	for (size_t i = 0; i + 1 < text.len; i++)
		l.n += text.s[i] == '\n';
	l.v = NEW_ARRAY(a, struct str, l.n + 1);
	size_t at = 0;
	for (uint32_t i = 0; i < l.n; i++) {
		size_t end = str_find(text, STR("\n"), at);
		l.v[i] = str_sub(text, at, end == SIZE_MAX ? text.len : end + 1);
		at += l.v[i].len;
	}
	return l;
}

/* ---- the shortest script ----------------------------------------------------------------- */

/* The part of both texts between what they share at start and end. */
struct middle {
	uint32_t from, nold, nnew;
};

static struct middle
middle_of(const struct diff *d)
{
	uint32_t most = d->old.n < d->new.n ? d->old.n : d->new.n, start = 0, end = 0;
	while (start < most && str_eq(d->old.v[start], d->new.v[start]))
		start++;
	while (end < most - start &&
		str_eq(d->old.v[d->old.n - 1 - end], d->new.v[d->new.n - 1 - end]))
		end++;
	return (struct middle){start, d->old.n - start - end, d->new.n - start - end};
}

/* Walks the diagonals of round r; ends[] holds, by diagonal, how far down the old lines the
 * longest way of r - 1 changes came. True when one reached the end. */
static bool
walk_round(const struct diff *d, const struct middle *m, int32_t *ends, int32_t r)
{
	int32_t nold = (int32_t)m->nold, nnew = (int32_t)m->nnew;
	for (int32_t k = -r; k <= r; k += 2) {
		bool down = k == -r || (k != r && ends[k - 1] < ends[k + 1]);
		int32_t x = down ? ends[k + 1] : ends[k - 1] + 1, y = x - k;
		while (x < nold && y >= 0 && y < nnew &&
			str_eq(d->old.v[m->from + (uint32_t)x], d->new.v[m->from + (uint32_t)y])) {
			x++;
			y++;
		}
		ends[k] = x;
		if (x >= nold && y >= nnew)
			return true;
	}
	return false;
}

/* Back along the way that was found; kept[r] is ends as round r began, from diagonal -r-1 on. */
static void
mark_changes(const struct diff *d, const struct middle *m, int32_t *const *kept, int32_t r)
{
	int32_t x = (int32_t)m->nold, y = (int32_t)m->nnew;
	for (; r > 0; r--) {
		const int32_t *ends = kept[r] + r + 1;
		int32_t k = x - y;
		bool down = k == -r || (k != r && ends[k - 1] < ends[k + 1]);
		int32_t before = down ? k + 1 : k - 1;
		x = ends[before];
		y = x - before;
		if (down)
			d->come[m->from + (uint32_t)y] = true;
		else
			d->gone[m->from + (uint32_t)x] = true;
	}
}

static bool
find_script(const struct diff *d, const struct middle *m)
{
	int32_t *room = NEW_ARRAY(d->a, int32_t, 2 * MOST_CHANGES + 5);
	int32_t **kept = NEW_ARRAY(d->a, int32_t *, MOST_CHANGES + 1);
	int32_t *ends = room + MOST_CHANGES + 2;
	for (int32_t r = 0; r <= MOST_CHANGES; r++) {
		size_t n = 2 * (size_t)r + 3;
		kept[r] = NEW_ARRAY(d->a, int32_t, n);
		memcpy(kept[r], ends - r - 1, n * sizeof **kept);
		if (walk_round(d, m, ends, r)) {
			mark_changes(d, m, kept, r);
			return true;
		}
	}
	return false;
}

static void
compare(const struct diff *d)
{
	struct middle m = middle_of(d);
	if (find_script(d, &m))
		return;
	memset(d->gone + m.from, true, m.nold);
	memset(d->come + m.from, true, m.nnew);
}

/* ---- printing ---------------------------------------------------------------------------- */

/* Where a hunk or the gap before it ends, in lines of both. */
struct at {
	uint32_t old, new;
};

static bool
is_changed(const struct diff *d, struct at p)
{
	return (p.old < d->old.n && d->gone[p.old]) || (p.new < d->new.n && d->come[p.new]);
}

static bool
is_end(const struct diff *d, struct at p)
{
	return p.old >= d->old.n && p.new >= d->new.n;
}

static void
skip_changes(const struct diff *d, struct at *p)
{
	while (p->old < d->old.n && d->gone[p->old])
		p->old++;
	while (p->new < d->new.n && d->come[p->new])
		p->new ++;
}

/* The end of the hunk that begins with the change at p: changes closer than two contexts are in
 * one. */
static struct at
hunk_end(const struct diff *d, struct at p)
{
	for (;;) {
		skip_changes(d, &p);
		struct at next = p;
		uint32_t same = 0;
		while (!is_end(d, next) && !is_changed(d, next) && same <= 2 * CONTEXT) {
			next.old++;
			next.new ++;
			same++;
		}
		if (is_end(d, next) || same > 2 * CONTEXT) {
			uint32_t keep = same < CONTEXT ? same : CONTEXT;
			return (struct at){p.old + keep, p.new + keep};
		}
		p = next;
	}
}

static void
put_line(struct sb *out, char mark, struct str line)
{
	sb_char(out, mark);
	sb_put(out, line);
	if (!str_ends(line, STR("\n")))
		sb_puts(out, "\n\\ No newline at end of file\n");
}

/* "12,3"; the line before for an empty range, as diff(1) has it */
static void
put_range(struct sb *out, char mark, uint32_t from, uint32_t to)
{
	sb_printf(out, "%c%u", mark, to > from ? from + 1 : from);
	if (to - from != 1)
		sb_printf(out, ",%u", to - from);
}

static void
put_hunk(struct sb *out, const struct diff *d, struct at from, struct at to)
{
	sb_puts(out, "@@ ");
	put_range(out, '-', from.old, to.old);
	sb_char(out, ' ');
	put_range(out, '+', from.new, to.new);
	sb_puts(out, " @@\n");
	while (from.old < to.old || from.new < to.new) {
		for (; from.old < to.old && d->gone[from.old]; from.old++)
			put_line(out, '-', d->old.v[from.old]);
		for (; from.new < to.new && d->come[from.new]; from.new ++)
			put_line(out, '+', d->new.v[from.new]);
		for (; from.old < to.old && !is_changed(d, from); from.old++, from.new ++)
			put_line(out, ' ', d->old.v[from.old]);
	}
}

void
report_diff(
	struct sb *out, struct str old_name, struct str old, struct str new_name, struct str new)
{
	if (str_eq(old, new))
		return;
	struct arena *a = out->a;
	struct diff d = {.a = a, .old = split(a, old), .new = split(a, new)};
	d.gone = NEW_ARRAY(a, bool, d.old.n + 1);
	d.come = NEW_ARRAY(a, bool, d.new.n + 1);
	compare(&d);
	sb_printf(out, "--- %.*s\n+++ %.*s\n", STR_ARG(old_name), STR_ARG(new_name));
	struct at p = {0};
	while (!is_end(&d, p)) {
		if (!is_changed(&d, p)) {
			p.old++;
			p.new ++;
			continue;
		}
		uint32_t back = p.old < CONTEXT ? p.old : CONTEXT;
		struct at to = hunk_end(&d, p);
		put_hunk(out, &d, (struct at){p.old - back, p.new - back}, to);
		p = to;
	}
}
