/* SPDX-License-Identifier: MIT */
/*
 * Arenas: memory that is dropped as a whole. A chain of chunks, newest first; small chunks at the
 * start so that a tiny config stays tiny, then larger ones.
 */
#include "ccx/base.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	CHUNK_FIRST = 32 << 10,
	CHUNK_STEADY = 64 << 10,
	CHUNK_MOST = 1 << 20,
	ALIGN = alignof(max_align_t),
};

struct chunk {
	struct chunk *up;  /* the chunk before */
	size_t size, used; /* bytes after this header */
	alignas(max_align_t) char bytes[];
};

struct arena {
	struct chunk *top;
	size_t next_size;
	size_t before; /* bytes used in the chunks below top */
};

static void
out_of_memory(void)
{
	fputs("ccx: out of memory\n", stderr);
	exit(1);
}

static struct chunk *
chunk_new(size_t size)
{
	struct chunk *c = size > SIZE_MAX - sizeof *c ? NULL : malloc(sizeof *c + size);
	if (!c)
		out_of_memory();
	c->size = size;
	c->used = 0;
	return c;
}

struct arena *
arena_new(void)
{
	struct arena *a = malloc(sizeof *a);
	if (!a)
		out_of_memory();
	*a = (struct arena){.next_size = CHUNK_FIRST};
	a->top = chunk_new(a->next_size);
	a->top->up = NULL;
	return a;
}

void
arena_free(struct arena *a)
{
	if (!a)
		return;
	for (struct chunk *c = a->top, *up; c; c = up) {
		up = c->up;
		free(c);
	}
	free(a);
}

/* Puts a chunk with room for size bytes on top. */
static void
add_chunk(struct arena *a, size_t size)
{
	/* Small ones for long: the C library keeps these when they are freed, and hands them out
	 * again, where large ones go back to the system and cost a page fault for each 4 KiB. */
	bool small = a->next_size < CHUNK_STEADY;
	if (small || (a->next_size < CHUNK_MOST && a->before > CHUNK_MOST / 2))
		a->next_size *= 2;
	struct chunk *c = chunk_new(size > a->next_size / 4 ? size : a->next_size);
	c->up = a->top;
	a->before += a->top->used;
	a->top = c;
}

static size_t
aligned(size_t size)
{
	if (size > SIZE_MAX - ALIGN)
		out_of_memory();
	return (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

static void *
take(struct arena *a, size_t size)
{
	size = aligned(size);
	if (size > a->top->size - a->top->used)
		add_chunk(a, size);
	void *p = a->top->bytes + a->top->used;
	a->top->used += size;
	return p;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	return memset(take(a, size), 0, size);
}

/* The only allocation of its chunk may be moved with the chunk: large texts grow without copies. */
static void *
grow_chunk(struct arena *a, size_t size)
{
	struct chunk *c = realloc(a->top, sizeof *c + size);
	if (!c)
		out_of_memory();
	c->size = c->used = size;
	a->top = c;
	return c->bytes;
}

void *
arena_grow(struct arena *a, void *p, size_t old_size, size_t new_size)
{
	struct chunk *c = a->top;
	size_t old = aligned(old_size), size = aligned(new_size);
	if (size <= old && p)
		return p;
	if (p && (char *)p + old == c->bytes + c->used) {
		if (size - old <= c->size - c->used) {
			c->used += size - old;
			return p;
		}
		if (p == (void *)c->bytes && size > CHUNK_FIRST)
			return grow_chunk(a, size);
	}
	void *q = take(a, new_size);
	if (p)
		memcpy(q, p, old_size);
	return q;
}

struct arena_mark
arena_mark(const struct arena *a)
{
	return (struct arena_mark){a->top, a->top->used};
}

void
arena_reset(struct arena *a, struct arena_mark mark)
{
	while (a->top != mark.chunk) {
		struct chunk *c = a->top;
		a->top = c->up;
		a->before -= a->top->used;
		free(c);
	}
	a->top->used = mark.used;
}

size_t
arena_used(const struct arena *a)
{
	return a->before + a->top->used;
}
