/* SPDX-License-Identifier: MIT */
/*
 * base: memory, text and files. Knows nothing of YAML, CircleCI or the terminal.
 *
 * Ownership: what a function with an arena argument returns lives as long as that arena; a
 * struct str is a view and owns nothing. Nothing is freed one by one. Running out of memory ends
 * the process with a message and exit code 1: no caller can do better.
 */
#ifndef CCX_BASE_H
#define CCX_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* ---- text views -------------------------------------------------------------------------- */

/* len bytes at s; not NUL-terminated; s may be NULL only when len is 0. */
struct str {
	const char *s;
	size_t len;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
#define STR_ARG(v) (int)(v).len, (v).s /* for "%.*s" */

/* These few are asked so often that the call would cost more than the answer. */

static inline struct str
str_of(const char *nul_terminated)
{
	return (struct str){nul_terminated, nul_terminated ? strlen(nul_terminated) : 0};
}

static inline bool
str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || (a.s[0] == b.s[0] && memcmp(a.s, b.s, a.len) == 0));
}

static inline bool
str_is(struct str a, const char *nul_terminated)
{
	return str_eq(a, str_of(nul_terminated));
}

/* Bytes from up to to, both clamped to the text. */
static inline struct str
str_sub(struct str text, size_t from, size_t to)
{
	if (to > text.len)
		to = text.len;
	if (from > to)
		from = to;
	return (struct str){text.s + from, to - from};
}

int str_cmp(struct str a, struct str b); /* by bytes, as strcmp */
bool str_starts(struct str text, struct str prefix);
bool str_ends(struct str text, struct str suffix);
bool str_has(struct str text, struct str needle);
/* Offset of needle in text at or after from, or SIZE_MAX. */
size_t str_find(struct str text, struct str needle, size_t from);
struct str str_trim(struct str text); /* spaces, tabs, CR, LF */
uint64_t str_hash(struct str text);   /* FNV-1a: the same everywhere, may be stored */
uint64_t str_mix(struct str text);    /* faster, for tables: another one on other machines */

/* ---- arenas ------------------------------------------------------------------------------ */

struct arena;

/* Where an arena stood; hand it to arena_reset to drop all that came after. */
struct arena_mark {
	void *chunk;
	size_t used;
};

struct arena *arena_new(void);
void arena_free(struct arena *a);                /* NULL is fine */
void *arena_alloc(struct arena *a, size_t size); /* zeroed, aligned for any type */
/* p (of old bytes, or NULL) made longer: in place when it was the last allocation, else copied.
 * The new bytes are not zeroed. */
void *arena_grow(struct arena *a, void *p, size_t old_size, size_t new_size);
struct arena_mark arena_mark(const struct arena *a);
void arena_reset(struct arena *a, struct arena_mark mark);
size_t arena_used(const struct arena *a); /* bytes handed out so far */

#define NEW(a, T) ((T *)arena_alloc((a), sizeof(T)))
#define NEW_ARRAY(a, T, n) ((T *)arena_alloc((a), sizeof(T) * (size_t)(n)))

struct str str_copy(struct arena *a, struct str text); /* also NUL-terminated at [len] */
struct str str_printf(struct arena *a, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
struct str str_vprintf(struct arena *a, const char *format, va_list args);
struct str str_join(struct arena *a, const struct str *parts, size_t n, const char *between);

/* ---- vectors: VEC(struct x) xs = {0}; vec_push(arena, &xs, x); --------------------------- */

#define VEC(T)                   \
	struct {                 \
		T *v;            \
		uint32_t n, cap; \
	}

#define vec_push(a, vec, value)                                                            \
	do {                                                                               \
		if ((vec)->n == (vec)->cap)                                                \
			(vec)->v = vec_room((a), (vec)->v, &(vec)->cap, sizeof *(vec)->v); \
		(vec)->v[(vec)->n++] = (value);                                            \
	} while (0)

void *vec_room(struct arena *a, void *v, uint32_t *cap, size_t item_size); /* doubles *cap */

/* ---- text builders ----------------------------------------------------------------------- */

/* Appends to one growing text in an arena. Start with {.a = arena}; the text is sb_str(). */
struct sb {
	struct arena *a;
	char *s;
	size_t len, cap;
};

void sb_reserve(struct sb *b, size_t more);
void sb_char(struct sb *b, char c);
void sb_chars(struct sb *b, char c, size_t n);
void sb_put(struct sb *b, struct str text);
void sb_puts(struct sb *b, const char *nul_terminated);
void sb_printf(struct sb *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct str sb_str(const struct sb *b); /* valid until the next append */

/* ---- ordered maps ------------------------------------------------------------------------ */

/* Text to pointer, in order of insertion. Start with {0}; small maps are scanned, large ones
 * hashed. Keys are views: they must live as long as the map. */
struct map_entry {
	struct str key;
	void *value;
};

struct map {
	struct map_entry *v;
	uint32_t n, cap;
	uint32_t *index;
	uint32_t index_cap;
};

void *map_get(const struct map *m, struct str key); /* NULL when absent */
bool map_has(const struct map *m, struct str key);
/* Adds, or replaces the value of an entry that is there (its place stays). */
void map_put(struct arena *a, struct map *m, struct str key, void *value);

/* ---- UTF-8 ------------------------------------------------------------------------------- */

/* Code point at text[*at], which moves behind it; -1 (and one byte on) when it is not UTF-8:
 * overlong, surrogate, above U+10FFFF or cut short. *at must be below text.len. */
int32_t utf8_next(struct str text, size_t *at);
void utf8_put(struct sb *b, uint32_t code_point);
size_t utf8_count(struct str text);                  /* code points; a bad byte counts as one */
size_t utf8_invalid(struct str text);                /* offset of the first bad byte, or SIZE_MAX */
unsigned utf8_columns(uint32_t code_point);          /* terminal cells: 0, 1 or 2 */
size_t utf8_width(struct str text);                  /* in cells; controls and bad bytes take one */
struct str utf8_head(struct str text, size_t cells); /* as much of its start as they hold */

/* ---- the nearest name -------------------------------------------------------------------- */

/* Collects candidates for "did you mean"; start with {.wanted = name}. */
struct nearest {
	struct str wanted;
	struct str best; /* len 0 while nothing is near enough to suggest */
	unsigned distance;
};

void nearest_try(struct nearest *n, struct str candidate);

/* ---- checksums --------------------------------------------------------------------------- */

/* SHA-256 of text as 64 digits in lower case. */
struct str sha256_hex(struct arena *a, struct str text);

/* ---- times ------------------------------------------------------------------------------- */

/* Times are milliseconds, as int64_t. */
enum { SECOND_MS = 1000, MINUTE_MS = 60 * SECOND_MS };

/* ---- files ------------------------------------------------------------------------------- */

/* Whole file (path "-": standard input) into *text. On failure false, with errno set; EFBIG when
 * it is longer than limit bytes, EISDIR for a directory. */
bool file_read(struct arena *a, const char *path, size_t limit, struct str *text);
/* Writes beside path and renames over it, keeping the mode of a file that is there; on failure
 * false with errno set and the old file untouched. */
bool file_write(const char *path, struct str text);
/* The same without waiting for the disk: after a loss of power the file may be cut short. */
bool file_write_lightly(const char *path, struct str text);
bool file_exists(const char *path);
struct str path_join(struct arena *a, struct str dir, struct str name);
struct str path_dir(struct str path); /* "a/b/c" -> "a/b", "c" -> "." */
/* Where a path leads, absolute, links and ".." followed; len 0 with errno set on failure. */
struct str path_real(struct arena *a, const char *path);

#endif
