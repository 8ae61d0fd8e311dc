/* SPDX-License-Identifier: MIT */
/*
 * A directory as a source of orbs: ns/name/version.yml, ns/name/dev:label.yml.
 *
 * Each orb's directory is listed once, and each file read once, however often a config asks: a
 * thousand aliases of one large orb must not hold its text a thousand times.
 */
#include "ccx/orb.h"
#include "ccx/limits.h"

#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Far above any orb's versions and any mirror's orbs. */
enum { ENTRIES_MOST = 100000 };

struct names {
	struct str *v;
	uint32_t n, cap;
	struct str error; /* why there are none; empty when it was simply not there */
};

struct dir {
	struct arena *a;
	struct str path;
	struct map listings; /* "ns/name" -> struct names, its versions sorted */
	struct map texts;    /* path of a file -> struct str */
};

/* May it be one step of a path? References that were parsed always may. */
static bool
is_step(struct str name)
{
	return name.len && name.s[0] != '.' && !str_has(name, STR("/")) &&
	       !memchr(name.s, 0, name.len);
}

/* Not there, as opposed to there and not to be had. A name too long for the file system cannot be
 * there. */
static bool
is_absence(int error)
{
	return error == ENOENT || error == ENOTDIR || error == ENAMETOOLONG;
}

static struct str
reason(struct arena *a, int error)
{
	if (error == EFBIG)
		return str_printf(a, "larger than %d MiB", LIMIT_FILE_BYTES >> 20);
	return str_copy(a, str_of(strerror(error)));
}

/* ---- listing ----------------------------------------------------------------------------- */

/* Entries of the directory at path, unsorted, hidden ones left out. */
static struct names
list(struct arena *a, struct str path)
{
	struct names names = {0};
	DIR *d = opendir(str_copy(a, path).s);
	if (!d) {
		if (!is_absence(errno))
			names.error = reason(a, errno);
		return names;
	}
	for (struct dirent *e; (e = readdir(d));) {
		struct str name = str_of(e->d_name);
		if (!is_step(name))
			continue;
		if (names.n == ENTRIES_MOST) {
			names.error = str_printf(a, "more than %d entries", ENTRIES_MOST);
			break;
		}
		vec_push(a, &names, str_copy(a, name));
	}
	closedir(d);
	return names;
}

static bool
is_version(struct str stem)
{
	static const struct orb_ref any = {.kind = ORB_VOLATILE};
	return version_fits(&any, stem) || (str_starts(stem, STR("dev:")) && stem.len > 4);
}

static int
compare_versions(const void *a, const void *b)
{
	return version_cmp(*(const struct str *)a, *(const struct str *)b);
}

static const struct names *
versions_of(struct dir *d, struct str ns, struct str name)
{
	struct str key = str_printf(d->a, "%.*s/%.*s", STR_ARG(ns), STR_ARG(name));
	struct names *known = map_get(&d->listings, key);
	if (known)
		return known;
	known = NEW(d->a, struct names);
	map_put(d->a, &d->listings, key, known);
	if (!is_step(ns) || !is_step(name))
		return known;
	*known = list(d->a, path_join(d->a, d->path, key));
	uint32_t kept = 0;
	for (uint32_t i = 0; i < known->n; i++) {
		struct str stem = str_sub(known->v[i], 0, known->v[i].len - 4);
		if (str_ends(known->v[i], STR(".yml")) && is_version(stem))
			known->v[kept++] = stem;
	}
	known->n = kept;
	if (kept)
		qsort(known->v, kept, sizeof *known->v, compare_versions);
	return known;
}

static uint32_t
dir_versions(void *ctx, struct str ns, struct str name, struct str **versions)
{
	const struct names *names = versions_of(ctx, ns, name);
	*versions = names->v;
	return names->n;
}

static uint32_t
dir_names(void *ctx, struct str **names)
{
	const struct dir *d = ctx;
	struct arena *a = d->a;
	struct names spaces = list(a, d->path), all = {0};
	for (uint32_t i = 0; i < spaces.n; i++) {
		struct names orbs = list(a, path_join(a, d->path, spaces.v[i]));
		for (uint32_t j = 0; j < orbs.n && all.n < ENTRIES_MOST; j++)
			vec_push(a, &all,
				str_printf(
					a, "%.*s/%.*s", STR_ARG(spaces.v[i]), STR_ARG(orbs.v[j])));
	}
	*names = all.v;
	return all.n;
}

/* ---- finding ----------------------------------------------------------------------------- */

/* The version that ref means here; empty when there is none. */
static struct str
resolve(struct dir *d, const struct orb_ref *ref, struct str *error)
{
	if (ref->kind == ORB_EXACT || ref->kind == ORB_DEV)
		return ref->version;
	const struct names *names = versions_of(d, ref->ns, ref->name);
	*error = names->error;
	for (uint32_t i = names->error.len ? 0 : names->n; i-- > 0;)
		if (version_fits(ref, names->v[i]))
			return names->v[i];
	return (struct str){0};
}

/* Reads a file that must be regular: a pipe would be waited for. False with errno set. */
static bool
read_regular(struct arena *a, struct str path, struct str *text)
{
	struct stat st;
	if (stat(path.s, &st) != 0)
		return false;
	if (S_ISDIR(st.st_mode) || !S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
		return false;
	}
	return file_read(a, path.s, LIMIT_FILE_BYTES, text);
}

static enum orb_result
read_orb(struct dir *d, struct orb_found *found)
{
	struct str *known = map_get(&d->texts, found->origin);
	if (known) {
		found->text = *known;
		return ORB_FOUND;
	}
	if (!read_regular(d->a, found->origin, &found->text)) {
		if (is_absence(errno))
			return ORB_MISSING;
		found->error = errno == EINVAL ? STR("not a regular file") : reason(d->a, errno);
		return ORB_BROKEN;
	}
	known = NEW(d->a, struct str);
	*known = found->text;
	map_put(d->a, &d->texts, found->origin, known);
	return ORB_FOUND;
}

/* A path to look in that is a file is a mistake to be told, unlike one that is not there. */
static bool
is_no_directory(const struct dir *d)
{
	struct stat st;
	return stat(d->path.s, &st) == 0 && !S_ISDIR(st.st_mode);
}

static enum orb_result
dir_find(void *ctx, struct arena *a, const struct orb_ref *ref, struct orb_found *found)
{
	struct dir *d = ctx;
	(void)a;
	*found = (struct orb_found){.origin = d->path};
	if (ref->kind == ORB_URL || !is_step(ref->ns) || !is_step(ref->name))
		return ORB_MISSING;
	if (is_no_directory(d)) {
		found->error = reason(d->a, ENOTDIR);
		return ORB_BROKEN;
	}
	found->exact = resolve(d, ref, &found->error);
	if (found->error.len) {
		found->origin = str_printf(d->a, "%.*s/%.*s/%.*s", STR_ARG(d->path),
			STR_ARG(ref->ns), STR_ARG(ref->name));
		return ORB_BROKEN;
	}
	if (!is_step(found->exact)) /* none, or a label with a slash: no file can be called that */
		return ORB_MISSING;
	struct str file = str_printf(d->a, "%.*s/%.*s/%.*s.yml", STR_ARG(ref->ns),
		STR_ARG(ref->name), STR_ARG(found->exact));
	found->origin = path_join(d->a, d->path, file);
	return read_orb(d, found);
}

struct orb_source
dir_source(struct arena *a, struct str path)
{
	struct dir *d = NEW(a, struct dir);
	d->a = a;
	d->path = str_copy(a, path.len ? path : STR("."));
	return (struct orb_source){.find = dir_find,
		.versions = dir_versions,
		.names = dir_names,
		.place = d->path,
		.ctx = d};
}
