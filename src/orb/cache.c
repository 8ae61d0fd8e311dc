/* SPDX-License-Identifier: MIT */
/*
 * What the registry gave, kept on disk: ns/name/version.orb below a folder of the registry's host;
 * what an address gave as @url/HASH.orb, with - for its version.
 *
 *     5e88489…d8                                     SHA-256 of all that follows
 *     ccx-orb-1 1790000000 5.2.1 circleci/node@5.2   when, which version, for what
 *     version: 2.1                                   the orb
 *
 * An entry that is not whole, or of another reference (a file system may not tell a from A), is no
 * entry. Entries are written beside and renamed, so that readers see old or new, and whoever dies
 * while writing leaves the old one.
 */
#include "ccx/orb.h"
#include "ccx/limits.h"

#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	SUM = 64,
	AGE_DEV = 5 * 60, /* seconds: dev versions are published over and over */
	AGE_URL = 5 * 60, /* CircleCI's */
	AGE_FLOATING = 60 * 60,
	AGE_LEFTOVER = 60 * 60, /* of a file that nobody can still be writing */
};

#define FORMAT "ccx-orb-1"

/* ---- names ------------------------------------------------------------------------------- */

struct str
orb_ref_text(struct arena *a, const struct orb_ref *ref)
{
	if (ref->kind == ORB_URL)
		return ref->text;
	return str_printf(
		a, "%.*s/%.*s@%.*s", STR_ARG(ref->ns), STR_ARG(ref->name), STR_ARG(ref->version));
}

/* Labels of dev versions may have slashes. */
static struct str
file_name(struct arena *a, const struct orb_ref *ref)
{
	struct sb b = {.a = a};
	if (ref->kind == ORB_URL)
		return str_printf(a, "%.*s.orb", STR_ARG(sha256_hex(a, ref->text)));
	for (size_t i = 0; i < ref->version.len; i++) {
		if (ref->version.s[i] == '/')
			sb_puts(&b, "%2F");
		else
			sb_char(&b, ref->version.s[i]);
	}
	sb_puts(&b, ".orb");
	return str_copy(a, sb_str(&b));
}

static struct str
entry_dir(const struct orb_cache *c, struct arena *a, const struct orb_ref *ref)
{
	if (ref->kind == ORB_URL)
		return path_join(a, c->dir, STR("@url"));
	return str_printf(
		a, "%.*s/%.*s/%.*s", STR_ARG(c->dir), STR_ARG(ref->ns), STR_ARG(ref->name));
}

/* ---- reading ----------------------------------------------------------------------------- */

/* The text up to the next c, which is passed over. */
static struct str
take(struct str *text, char c)
{
	size_t at = str_find(*text, (struct str){&c, 1}, 0);
	struct str head = str_sub(*text, 0, at);
	*text = at == SIZE_MAX ? STR("") : str_sub(*text, at + 1, text->len);
	return head;
}

static bool
parse_entry(struct arena *a, struct str text, const struct orb_ref *ref, int64_t *when,
	struct orb_found *found)
{
	struct str sum = take(&text, '\n');
	if (sum.len != SUM || !str_eq(sum, sha256_hex(a, text)))
		return false;
	struct str line = take(&text, '\n'), format = take(&line, ' ');
	struct str time = take(&line, ' ');
	found->exact = take(&line, ' ');
	found->text = text;
	*when = strtoll(str_copy(a, time).s, NULL, 10);
	bool whole = str_is(format, FORMAT) && found->exact.len;
	if (ref->kind == ORB_URL)
		found->exact = STR("");
	return whole && str_eq(line, orb_ref_text(a, ref));
}

/* How long an answer holds; -1: for good, since versions are never changed. */
static int64_t
life_of(const struct orb_cache *c, const struct orb_ref *ref)
{
	if (ref->kind == ORB_EXACT)
		return -1;
	if (c->max_age >= 0)
		return c->max_age;
	return ref->kind == ORB_DEV ? AGE_DEV : ref->kind == ORB_URL ? AGE_URL : AGE_FLOATING;
}

bool
orb_cache_get(const struct orb_cache *c, struct arena *a, const struct orb_ref *ref, bool stale,
	struct orb_found *found)
{
	struct str text, path = path_join(a, entry_dir(c, a, ref), file_name(a, ref));
	struct stat st;
	int64_t when, life = life_of(c, ref);
	if (stat(path.s, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	if (!file_read(a, path.s, LIMIT_FILE_BYTES + 4096, &text))
		return false;
	*found = (struct orb_found){.origin = path};
	if (!parse_entry(a, text, ref, &when, found))
		return false;
	/* An entry of the future is from a clock that was wrong. */
	return life < 0 || stale || (when <= c->now && c->now - when < life);
}

/* ---- writing ----------------------------------------------------------------------------- */

/* Private orbs are nobody else's business: the folders are the user's alone. */
static bool
make_dirs(struct arena *a, struct str path)
{
	char *p = (char *)str_copy(a, path).s;
	for (size_t i = 1; i <= path.len; i++) {
		if (i < path.len && p[i] != '/')
			continue;
		p[i] = 0;
		if (mkdir(p, 0700) != 0 && errno != EEXIST)
			return false;
		p[i] = i < path.len ? '/' : 0;
	}
	return true;
}

/* Removes what others left behind that were killed while they wrote. */
static void
sweep(const struct orb_cache *c, struct arena *a, struct str dir)
{
	DIR *d = opendir(dir.s);
	struct stat st;
	for (struct dirent *e; d && (e = readdir(d));) {
		struct str name = str_of(e->d_name);
		if (name.len < 11 || !str_is(str_sub(name, name.len - 11, name.len - 6), ".orb."))
			continue;
		const char *path = path_join(a, dir, name).s;
		if (stat(path, &st) == 0 && c->now - (int64_t)st.st_mtime > AGE_LEFTOVER)
			unlink(path);
	}
	if (d)
		closedir(d);
}

void
orb_cache_put(const struct orb_cache *c, struct arena *a, const struct orb_ref *ref,
	const struct orb_found *found)
{
	struct str dir = entry_dir(c, a, ref);
	if (!make_dirs(a, dir))
		return;
	sweep(c, a, dir);
	struct str body = str_printf(a, FORMAT " %lld %.*s %.*s\n%.*s", (long long)c->now,
		STR_ARG(ref->kind == ORB_URL ? STR("-") : found->exact),
		STR_ARG(orb_ref_text(a, ref)), STR_ARG(found->text));
	struct str entry = str_printf(a, "%.*s\n%.*s", STR_ARG(sha256_hex(a, body)), STR_ARG(body));
	/* A cache that cannot be written is none; and an entry that is cut short is told by its
	 * sum. */
	(void)file_write_lightly(path_join(a, dir, file_name(a, ref)).s, entry);
}

/* ---- as a source ------------------------------------------------------------------------- */

struct cache_source {
	const struct orb_cache *cache;
	struct arena *a;  /* of the store */
	struct map known; /* reference -> struct orb_found */
};

static enum orb_result
cache_find(void *ctx, struct arena *a, const struct orb_ref *ref, struct orb_found *found)
{
	struct cache_source *s = ctx;
	(void)a;
	*found = (struct orb_found){0};
	struct str key = orb_ref_text(s->a, ref);
	struct orb_found *known = map_get(&s->known, key);
	if (!known) {
		known = NEW(s->a, struct orb_found);
		if (!orb_cache_get(s->cache, s->a, ref, true, known))
			*known = (struct orb_found){0};
		map_put(s->a, &s->known, key, known);
	}
	*found = *known;
	return known->origin.len ? ORB_FOUND : ORB_MISSING;
}

void
orb_store_add_cache(struct orb_store *s, const struct orb_cache *cache)
{
	struct cache_source *source = NEW(s->a, struct cache_source);
	*source = (struct cache_source){.cache = cache, .a = s->a};
	vec_push(s->a, &s->sources,
		((struct orb_source){.find = cache_find, .place = cache->dir, .ctx = source}));
}
