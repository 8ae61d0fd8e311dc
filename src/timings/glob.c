/* SPDX-License-Identifier: MIT */
/*
 * Files by pattern, as `circleci tests glob` finds them: the public source of the official CLI uses
 * Go's doublestar for that, whose rules hold here, hidden files, folders that match and the order
 * included. Beyond it, {a,b} may hold "/" and further braces, and no file is found twice by one
 * pattern.
 *
 * A pattern becomes parts, one for each name of a path. Each folder is looked at once for each part
 * that can begin there, so that `**` after `**` costs no more than the folders.
 */
#include "ccx/timings.h"
#include "ccx/limits.h"

#include "glob.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct walk {
	struct arena *a;
	struct globbed *g;
	const struct glob_part *parts;
	uint32_t nparts;
	bool again; /* a folder may be reached twice at the same part */
	struct map seen;
};

struct entry {
	const char *name;
	bool folder; /* itself, not by a link */
};

struct entries {
	struct entry *v;
	uint32_t n, cap;
};

static void walk_parts(struct walk *w, struct str dir, uint32_t part, unsigned depth);

static bool
fail(struct globbed *g, const char *text)
{
	if (!g->error.len)
		g->error = str_of(text);
	return false;
}

static int
by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	return strcmp(x->name, y->name);
}

/* dir/name as Go joins them: nothing of "." is left, and ".." takes a name away. */
static struct str
join(struct arena *a, struct str dir, struct str name)
{
	if (str_is(name, "."))
		return dir;
	if (!dir.len)
		return str_copy(a, name);
	bool up = str_is(dir, "..") || str_ends(dir, STR("/.."));
	if (!str_is(name, "..") || up)
		return str_printf(
			a, "%.*s%s%.*s", STR_ARG(dir), str_is(dir, "/") ? "" : "/", STR_ARG(name));
	size_t cut = dir.len;
	while (cut && dir.s[cut - 1] != '/')
		cut--;
	bool absolute = dir.s[0] == '/';
	return str_copy(a, str_sub(dir, 0, cut > 1 ? cut - 1 : absolute ? 1 : 0));
}

/* The names in a folder, in order. Needs to know of each whether it is a folder only where ** is
 * to go into it. */
static struct entries
list(struct walk *w, struct str dir, bool kinds)
{
	struct entries names = {0};
	struct dirent *e;
	DIR *d = opendir(dir.len ? dir.s : ".");
	while (d && (e = readdir(d))) {
		struct stat st;
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (w->g->visited++ >= LIMIT_GLOB_NAMES) {
			fail(w->g, "it leads to more names than ccx looks at");
			break;
		}
		struct entry entry = {str_copy(w->a, str_of(e->d_name)).s, false};
		entry.folder = kinds &&
			       fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
			       S_ISDIR(st.st_mode);
		vec_push(w->a, &names, entry);
	}
	if (d)
		closedir(d);
	if (names.n)
		qsort(names.v, names.n, sizeof *names.v, by_name);
	return names;
}

static void
found(struct walk *w, struct str path)
{
	vec_push(w->a, &w->g->paths, path);
}

/* Whether a folder was looked at for a part before. */
static bool
is_seen(struct walk *w, struct str dir, uint32_t part)
{
	struct str key = str_printf(w->a, "%u %.*s", (unsigned)part, STR_ARG(dir));
	if (map_has(&w->seen, key))
		return true;
	map_put(w->a, &w->seen, key, w);
	return false;
}

/* What a folder has for a part with a pattern; below it for the parts after that. */
static void
walk_names(
	struct walk *w, struct str dir, const struct entries *names, uint32_t part, unsigned depth)
{
	for (uint32_t i = 0; i < names->n && !w->g->error.len; i++) {
		struct str name = str_of(names->v[i].name);
		if (!glob_part_matches(&w->parts[part], name))
			continue;
		struct str path = join(w->a, dir, name);
		if (part + 1 == w->nparts)
			found(w, path);
		else
			walk_parts(w, path, part + 1, depth + 1);
	}
}

/* Any folder below, then the parts after the two stars. */
static void
walk_deep(struct walk *w, struct str dir, uint32_t part, unsigned depth)
{
	bool last = part + 1 == w->nparts;
	struct entries names = list(w, dir, true);
	for (uint32_t i = 0; i < names.n && !w->g->error.len; i++) {
		if (!last && !names.v[i].folder)
			continue;
		struct str path = join(w->a, dir, str_of(names.v[i].name));
		if (last)
			found(w, path);
		if (names.v[i].folder)
			walk_parts(w, path, part, depth + 1);
	}
	if (last)
		return;
	if (w->parts[part + 1].kind == GLOB_NAMES)
		walk_names(w, dir, &names, part + 1, depth);
	else
		walk_parts(w, dir, part + 1, depth + 1);
}

static void
walk_parts(struct walk *w, struct str dir, uint32_t part, unsigned depth)
{
	struct stat st;
	if (depth > LIMIT_GLOB_DEPTH) {
		fail(w->g, "it leads to folders that are nested too deeply");
		return;
	}
	while (part < w->nparts && w->parts[part].kind == GLOB_LITERAL)
		dir = join(w->a, dir, w->parts[part++].text);
	if (w->again && is_seen(w, dir, part))
		return;
	if (part == w->nparts) {
		dir = dir.len ? dir : STR(".");
		if (lstat(dir.s, &st) == 0)
			found(w, dir);
		return;
	}
	if (w->parts[part].kind == GLOB_DEEP) {
		walk_deep(w, dir, part, depth);
		return;
	}
	struct entries names = list(w, dir, false);
	walk_names(w, dir, &names, part, depth);
}

static bool
glob_one(struct arena *a, struct str pattern, struct globbed *g)
{
	struct walk w = {.a = a, .g = g};
	unsigned deep = 0;
	struct str error = STR("");
	w.parts = glob_parts(a, pattern, &w.nparts, &error);
	if (!w.parts)
		return fail(g, error.s);
	for (uint32_t i = 0; i < w.nparts; i++) {
		deep += w.parts[i].kind == GLOB_DEEP;
		w.again = w.again || deep > 1 || str_is(w.parts[i].text, "..");
	}
	walk_parts(&w, pattern.s[0] == '/' ? STR("/") : STR(""), 0, 0);
	return !g->error.len;
}

bool
glob_files(struct arena *a, struct str pattern, struct globbed *g)
{
	struct str error = STR("");
	struct str_list patterns = {0};
	g->error = STR("");
	if (memchr(pattern.s ? pattern.s : "", 0, pattern.len))
		return fail(g, "it has a NUL byte");
	if (pattern.len > LIMIT_PATTERN_SOURCE)
		return fail(g, "it is too long");
	if (!glob_expand(a, pattern, true, &patterns, &error))
		return fail(g, error.s);
	for (uint32_t i = 0; i < patterns.n; i++)
		if (patterns.v[i].len && !glob_one(a, patterns.v[i], g))
			return false;
	return true;
}
