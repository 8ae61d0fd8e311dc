/* SPDX-License-Identifier: MIT */
/* "Did you mean": edit distance with transpositions (optimal string alignment), by bytes. */
#include "ccx/base.h"

enum { LONGEST = 63 };

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static unsigned
distance(struct str a, struct str b)
{
	unsigned row[3][LONGEST + 2];
	unsigned *before = row[0], *last = row[1], *now = row[2];
	for (size_t j = 0; j <= b.len; j++)
		last[j] = (unsigned)j;
	for (size_t i = 1; i <= a.len; i++) {
		now[0] = (unsigned)i;
		for (size_t j = 1; j <= b.len; j++) {
			char x = lower(a.s[i - 1]), y = lower(b.s[j - 1]);
			now[j] = least(least(last[j] + 1, now[j - 1] + 1), last[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == lower(b.s[j - 2]) && lower(a.s[i - 2]) == y)
				now[j] = least(now[j], before[j - 2] + 1);
		}
		unsigned *spare = before;
		before = last;
		last = now;
		now = spare;
	}
	return last[b.len];
}

/* A third of the letters may be wrong, as in rustc. */
void
nearest_try(struct nearest *n, struct str candidate)
{
	size_t longer = n->wanted.len > candidate.len ? n->wanted.len : candidate.len;
	if (longer > LONGEST || !candidate.len)
		return;
	unsigned d = distance(n->wanted, candidate), most = longer < 3 ? 1 : (unsigned)(longer / 3);
	if (d > most || d >= longer || (n->best.len && d >= n->distance))
		return;
	n->best = candidate;
	n->distance = d;
}
