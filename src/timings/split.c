/* SPDX-License-Identifier: MIT */
/*
 * Dealing tests to containers.
 *
 * What is known of CircleCI's agent: by name it splits alphabetically, and the same list gives the
 * same parts on every container (documentation). By timings it takes the longest first and gives it
 * to the container that has least so far, the first of several; that is what experiments with files
 * of 10, 6, 5, 4, 3 and 2 seconds on three containers show, [10] [6 3 2] [5 4], where an optimal
 * split would be shorter. It prints them in that order.
 *
 * What is a guess: that it splits by name in the same way, all weights being equal, so that names
 * go round; and that among equal weights the names decide.
 */
#include "ccx/timings.h"

#include <stdlib.h>

/* A container while items are dealt. */
struct load {
	int64_t weight;
	uint32_t bin;
};

static const struct split_item *
item_of(const void *p)
{
	return *(const struct split_item *const *)p;
}

/* Heaviest first, then by name, then in the order given. */
static int
compare_items(const void *a, const void *b)
{
	const struct split_item *x = item_of(a), *y = item_of(b);
	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	int order = str_cmp(x->name, y->name);
	return order ? order : (x > y) - (x < y);
}

static bool
is_lighter(const struct load *x, const struct load *y)
{
	return x->weight != y->weight ? x->weight < y->weight : x->bin < y->bin;
}

/* Lets the first load of a heap, which became heavier, sink to its place. */
static void
sink(struct load *heap, uint32_t n)
{
	struct load moving = heap[0];
	uint32_t at = 0;
	for (uint32_t child; (child = 2 * at + 1) < n; at = child) {
		if (child + 1 < n && is_lighter(&heap[child + 1], &heap[child]))
			child++;
		if (!is_lighter(&heap[child], &moving))
			break;
		heap[at] = heap[child];
	}
	heap[at] = moving;
}

static int64_t
add(int64_t a, int64_t b)
{
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}

struct split_bin *
split_tests(struct arena *a, const struct split_item *items, uint32_t n, uint32_t total)
{
	struct split_bin *bins = NEW_ARRAY(a, struct split_bin, total);
	struct load *heap = NEW_ARRAY(a, struct load, total);
	const struct split_item **order = NEW_ARRAY(a, const struct split_item *, n + 1);
	uint32_t *bin_of = NEW_ARRAY(a, uint32_t, n + 1), *room = NEW_ARRAY(a, uint32_t, n + 1);
	for (uint32_t i = 0; i < total; i++)
		heap[i].bin = i;
	for (uint32_t i = 0; i < n; i++)
		order[i] = &items[i];
	qsort(order, n, sizeof *order, compare_items);
	for (uint32_t i = 0; i < n; i++) {
		struct split_bin *bin = &bins[heap[0].bin];
		bin_of[i] = heap[0].bin;
		bin->nitems++;
		bin->weight = heap[0].weight = add(heap[0].weight, order[i]->weight);
		sink(heap, total);
	}
	for (uint32_t i = 0; i < total; i++) {
		bins[i].items = room;
		room += bins[i].nitems;
		bins[i].nitems = 0;
	}
	for (uint32_t i = 0; i < n; i++) {
		struct split_bin *bin = &bins[bin_of[i]];
		bin->items[bin->nitems++] = (uint32_t)(order[i] - items);
	}
	return bins;
}
