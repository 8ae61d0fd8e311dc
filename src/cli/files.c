/* SPDX-License-Identifier: MIT */
#include "files.h"

#include "ccx/check.h"
#include "ccx/orb.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WALK_DEPTH = 32 };

/* A walk through folders. */
struct walk {
	struct arena *a;
	struct files *files;
	struct file_operand operand;
	struct str pattern; /* what paths must fit; empty: be YAML in a .circleci folder */
};

static void
add_file(struct walk *w, const char *path, bool found)
{
	struct config_file file = {path, w->files->operands.n, found};
	struct str name = str_of(path);
	if (map_has(&w->files->seen, name)) {
		w->operand.known = true;
		return;
	}
	map_put(w->a, &w->files->seen, name, w);
	vec_push(w->a, w->files, file);
}

/* ---- walking ----------------------------------------------------------------------------- */

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct names {
	const char **v;
	uint32_t n, cap;
};

static struct names
list_folder(struct arena *a, const char *path)
{
	struct names names = {0};
	DIR *d = opendir(*path ? path : ".");
	for (struct dirent *e; d && (e = readdir(d));)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			vec_push(a, &names, str_copy(a, str_of(e->d_name)).s);
	if (d)
		closedir(d);
	if (names.n)
		qsort(names.v, names.n, sizeof *names.v, compare_names);
	return names;
}

static bool
is_circleci(const char *name)
{
	return strcmp(name, ".circleci") == 0;
}

static bool
is_yaml(const char *name)
{
	struct str text = str_of(name);
	return str_ends(text, STR(".yml")) || str_ends(text, STR(".yaml"));
}

static bool
is_passed_over(const char *name)
{
	return (name[0] == '.' && !is_circleci(name)) || strcmp(name, "node_modules") == 0;
}

/* inside: of a .circleci folder. Links to folders are not followed, they could lead in circles. */
static void
walk_folder(struct walk *w, const char *path, bool inside, unsigned depth)
{
	struct names names = list_folder(w->a, path);
	for (uint32_t i = 0; i < names.n && !w->pattern.len; i++)
		if (strcmp(names.v[i], "@orb.yml") == 0)
			return;
	for (uint32_t i = 0; i < names.n; i++) {
		const char *name = names.v[i];
		const char *at = path_join(w->a, str_of(path), str_of(name)).s;
		struct stat st;
		if (lstat(at, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode) && depth < WALK_DEPTH && !is_passed_over(name))
			walk_folder(w, at, inside || is_circleci(name), depth + 1);
		if (S_ISLNK(st.st_mode) && stat(at, &st) != 0)
			continue;
		if (!S_ISREG(st.st_mode))
			continue;
		if (w->pattern.len ? glob_matches(w->a, w->pattern, str_of(at))
				   : inside && is_yaml(name))
			add_file(w, at, !w->pattern.len);
	}
}

/* Whether a folder is a .circleci, or below one. */
static bool
is_inside(const char *folder)
{
	char cwd[4096] = "";
	struct str parts[] = {STR(""), str_of(folder)};
	if (folder[0] != '/' && getcwd(cwd, sizeof cwd))
		parts[0] = str_of(cwd);
	for (size_t i = 0; i < 2; i++) {
		struct str rest = parts[i];
		while (rest.len) {
			size_t slash = str_find(rest, STR("/"), 0);
			if (str_is(str_sub(rest, 0, slash), ".circleci"))
				return true;
			rest = slash < rest.len ? str_sub(rest, slash + 1, rest.len) : STR("");
		}
	}
	return false;
}

/* ---- patterns ---------------------------------------------------------------------------- */

/* services/ of services/ ** /config.yml: what stands before the first part with a * or ?. */
static struct str
fixed_part(struct str pattern)
{
	size_t end = 0;
	for (size_t i = 0; i < pattern.len && !strchr("*?", pattern.s[i]); i++)
		if (pattern.s[i] == '/')
			end = i ? i : 1;
	return str_sub(pattern, 0, end);
}

static void
add_pattern(struct walk *w, struct str pattern)
{
	while (str_starts(pattern, STR("./")))
		pattern = str_sub(pattern, 2, pattern.len);
	w->pattern = pattern;
	walk_folder(w, str_copy(w->a, fixed_part(pattern)).s, false, 0);
}

void
files_add(struct arena *a, struct files *files, const char *operand)
{
	struct walk w = {.a = a, .files = files, .operand.text = operand};
	struct stat st;
	uint32_t before = files->n;
	bool there = strcmp(operand, "-") != 0 && stat(operand, &st) == 0;
	w.operand.folder = there && S_ISDIR(st.st_mode);
	if (w.operand.folder)
		/* Of ".": paths without "./", as they are written elsewhere. */
		walk_folder(&w, strcmp(operand, ".") == 0 ? "" : operand, is_inside(operand), 0);
	else if (!there && strpbrk(operand, "*?"))
		add_pattern(&w, str_of(operand));
	if (files->n == before && !w.operand.folder && !w.operand.known)
		add_file(&w, operand, false);
	vec_push(a, &files->operands, w.operand);
}

/* ---- what a config looks like ------------------------------------------------------------ */

/* The key that a line begins with: version, "version", 'version'. */
static struct str
line_key(struct str line)
{
	size_t start = line.len && strchr("\"'", line.s[0]), end = start;
	while (end < line.len &&
		(strchr("-_", line.s[end]) || (line.s[end] >= 'a' && line.s[end] <= 'z')))
		end++;
	struct str key = str_sub(line, start, end);
	if (start && end < line.len && line.s[end] == line.s[0])
		end++;
	while (end < line.len && line.s[end] == ' ')
		end++;
	return end < line.len && line.s[end] == ':' ? key : STR("");
}

enum { HAS_VERSION = 1, HAS_PARTS = 2, HAS_WORKFLOWS = 4, HAS_ORB = 8 };

static unsigned
key_means(struct str key)
{
	static const struct {
		const char *key;
		unsigned means;
	} rows[] = {{"version", HAS_VERSION}, {"workflows", HAS_PARTS | HAS_WORKFLOWS},
		{"jobs", HAS_PARTS}, {"orbs", HAS_PARTS}, {"commands", HAS_PARTS},
		{"executors", HAS_PARTS}, {"parameters", HAS_PARTS}, {"setup", HAS_PARTS},
		{"job-groups", HAS_PARTS}, {"functions", HAS_PARTS}, {"display", HAS_ORB},
		{"examples", HAS_ORB}, {"description", HAS_ORB}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (str_is(key, rows[i].key))
			return rows[i].means;
	return 0;
}

/* A name that an orb's version has where orbs are kept: 1.2.3.yml, dev:first.yml. */
static bool
is_version_file(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct str name = str_of(slash ? slash + 1 : path);
	static const struct orb_ref any = {.kind = ORB_VOLATILE};
	struct str stem = str_sub(name, 0, str_ends(name, STR(".yml")) ? name.len - 4 : name.len);
	return version_fits(&any, stem) || str_starts(stem, STR("dev:"));
}

/* By the keys at the start of lines, so that a config with a fault of its YAML is one too. */
bool
files_is_config(const char *path, struct str text)
{
	unsigned has = 0;
	if (is_version_file(path))
		return false;
	if (str_starts(str_trim(text), STR("{")))
		return str_has(text, STR("\"version\"")) &&
		       (str_has(text, STR("\"jobs\"")) || str_has(text, STR("\"workflows\"")));
	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_sub(text, 3, text.len);
	for (size_t at = 0; at < text.len;) {
		size_t end = str_find(text, STR("\n"), at);
		end = end < text.len ? end : text.len;
		has |= key_means(line_key(str_sub(text, at, end)));
		at = end + 1;
	}
	if ((has & HAS_ORB) && !(has & HAS_WORKFLOWS))
		return false;
	return (has & HAS_VERSION) && (has & HAS_PARTS);
}
