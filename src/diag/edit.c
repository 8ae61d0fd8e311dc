/* SPDX-License-Identifier: MIT */
/* Changes to text: edits on byte ranges, and the fixes of findings made of them. */
#include "ccx/diag.h"

#include <string.h>

static uint32_t
end_of(const struct edit *e)
{
	return e->span.off + e->span.len;
}

/* Two inserts at one place have no order that anybody meant. */
static bool
collide(const struct edit *a, const struct edit *b)
{
	if (a->span.off > b->span.off)
		return collide(b, a);
	return a->span.off == b->span.off || end_of(a) > b->span.off;
}

bool
text_edit(struct arena *a, struct str text, const struct edit *edits, uint32_t n, struct str *out)
{
	struct sb b = {.a = a};
	size_t at = 0;
	for (uint32_t i = 0; i < n; i++) {
		const struct edit *e = &edits[i];
		if (e->span.off > text.len || e->span.len > text.len - e->span.off)
			return false;
		if (i > 0 && (e->span.off < edits[i - 1].span.off || collide(&edits[i - 1], e)))
			return false;
		sb_put(&b, str_sub(text, at, e->span.off));
		sb_put(&b, e->text);
		at = end_of(e);
	}
	sb_put(&b, str_sub(text, at, text.len));
	*out = sb_str(&b);
	return true;
}

/* ---- fixes ------------------------------------------------------------------------------- */

void
fix_set_add(struct arena *a, struct fix_set *set, const struct fix *fix)
{
	for (uint32_t i = 0; i < fix->nedits; i++) {
		const struct edit e = fix->edits[i];
		vec_push(a, &set->edits, e);
		uint32_t k = set->edits.n - 1;
		for (; k > 0 && set->edits.v[k - 1].span.off > e.span.off; k--)
			set->edits.v[k] = set->edits.v[k - 1];
		set->edits.v[k] = e;
	}
	set->fixes++;
}

/* The first edit of the set that does not begin before off. */
static uint32_t
first_from(const struct fix_set *set, uint32_t off)
{
	uint32_t low = 0, high = set->edits.n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (set->edits.v[middle].span.off < off)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
fix_set_takes(const struct fix_set *set, const struct fix *fix, uint32_t file)
{
	for (uint32_t i = 0; i < fix->nedits; i++) {
		const struct edit *e = &fix->edits[i];
		uint32_t next = first_from(set, e->span.off);
		if (e->span.file != file)
			return false;
		if (next < set->edits.n && collide(e, &set->edits.v[next]))
			return false;
		if (next > 0 && collide(&set->edits.v[next - 1], e))
			return false;
	}
	return fix->nedits > 0;
}

void
fix_set_collect(const struct diag_list *d, uint32_t file, bool unsafe, struct fix_set *set)
{
	for (uint32_t i = 0; i < d->all.n; i++) {
		const struct diag *g = &d->all.v[i];
		if (g->fix && !g->ignored && (unsafe || g->fix->safe) &&
			fix_set_takes(set, g->fix, file))
			fix_set_add(d->a, set, g->fix);
	}
}
