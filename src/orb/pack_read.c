/* SPDX-License-Identifier: MIT */
/*
 * Reading a tree to pack: first the names, then the files, which may use each other's anchors.
 * Folders behind symbolic links are not entered, so that there are no loops; files behind them are
 * read when they lie in the boundary.
 */
#include "pack.h"
#include "ccx/limits.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- one file ---------------------------------------------------------------------------- */

static bool
is_within(struct str path, struct str dir)
{
	return str_is(dir, "/") || str_eq(path, dir) ||
	       (str_starts(path, dir) && path.s[dir.len] == '/');
}

/* The git checkout around a real path; empty outside of any. */
static struct str
checkout_of(struct arena *a, struct str root)
{
	for (struct str dir = root;; dir = path_dir(dir)) {
		if (file_exists(path_join(a, dir, STR(".git")).s))
			return dir;
		if (str_is(dir, "/") || str_is(dir, "."))
			return (struct str){0};
	}
}

static bool
find_boundary(struct packer *p)
{
	struct str named = p->how->include_root, root = path_real(p->a, p->root.s);
	if (!root.len)
		return false;
	if (named.len) {
		p->boundary_name = "--include-root";
		p->boundary = path_real(p->a, str_copy(p->a, named).s);
	} else {
		p->boundary_name = "the git checkout";
		p->boundary = checkout_of(p->a, root);
		if (!p->boundary.len) {
			p->boundary_name = "the folder around the tree";
			p->boundary = path_dir(root);
		}
	}
	p->root_within = p->boundary.len && is_within(root, p->boundary);
	return p->boundary.len > 0;
}

/* A pipe is not read: it would be waited for. */
bool
pack_file(struct packer *p, struct str path, struct str *text, struct str *why)
{
	struct stat st;
	*why = STR("");
	if (stat(path.s, &st) != 0)
		*why = str_copy(p->a, str_of(strerror(errno)));
	else if (!S_ISREG(st.st_mode))
		*why = S_ISDIR(st.st_mode) ? STR("it is a folder") : STR("it is not a file");
	else if (!file_read(p->a, path.s, LIMIT_FILE_BYTES, text))
		*why = errno == EFBIG
			       ? str_printf(p->a, "larger than %d MiB", LIMIT_FILE_BYTES >> 20)
			       : str_copy(p->a, str_of(strerror(errno)));
	else if (text->len > LIMIT_PACK_BYTES - p->bytes)
		*why = str_printf(
			p->a, "all files together have more than %d MiB", LIMIT_PACK_BYTES >> 20);
	else
		p->bytes += text->len;
	return why->len == 0;
}

bool
pack_file_within(struct packer *p, struct str path, struct str *text, struct str *why)
{
	struct str real = path_real(p->a, str_copy(p->a, path).s);
	*why = STR("");
	if (!real.len || (!p->boundary.len && !find_boundary(p))) {
		*why = str_copy(p->a, str_of(strerror(errno)));
		return false;
	}
	return is_within(real, p->boundary) && pack_file(p, real, text, why);
}

/* ---- names ------------------------------------------------------------------------------- */

bool
pack_is_yaml(struct str name)
{
	return name.len > 4 && name.s[0] != '.' &&
	       ((name.len > 5 && str_ends(name, STR(".yaml"))) || str_ends(name, STR(".yml")));
}

static struct str
stem_of(struct str name)
{
	size_t dot = name.len;
	while (dot > 0 && name.s[dot - 1] != '.')
		dot--;
	return dot > 0 ? str_sub(name, 0, dot - 1) : name;
}

static int
compare_names(const void *a, const void *b)
{
	return str_cmp(
		(*(struct pack_entry *const *)a)->name, (*(struct pack_entry *const *)b)->name);
}

static void
too_many(struct packer *p, struct str path, const char *what, int most)
{
	if (!p->failed)
		pack_fault(p, RULE_TOO_LARGE, (struct span){0},
			str_printf(p->a, "%.*s has more than %d %s", STR_ARG(path), most, what));
}

static struct pack_entry *read_dir(struct packer *p, struct pack_entry *dir, unsigned depth);

/* CLI 0.1 looks into the folders of an orb's sections only, wherever they are. */
static bool
is_ignored_dir(const struct packer *p, struct str name)
{
	static const char *const sections[] = {"executors", "jobs", "commands", "examples"};
	if (!p->how->legacy || !p->how->orb)
		return false;
	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
		if (str_is(name, sections[i]))
			return false;
	return true;
}

/* One name in a folder; NULL when it is nothing to pack. */
static struct pack_entry *
read_name(struct packer *p, const struct pack_entry *dir, struct str name, unsigned depth)
{
	struct stat st;
	struct str path = path_join(p->a, dir->path, name);
	if (name.s[0] == '.' || lstat(path.s, &st) != 0)
		return NULL;
	bool is_dir = S_ISDIR(st.st_mode);
	if (is_dir ? is_ignored_dir(p, name) : !pack_is_yaml(name))
		return NULL;
	struct pack_entry *e = NEW(p->a, struct pack_entry);
	e->name = name;
	e->path = path;
	e->is_dir = is_dir;
	e->is_link = S_ISLNK(st.st_mode);
	e->stem = is_dir && !p->how->legacy ? name : stem_of(name);
	e->special = !is_dir && name.s[0] == '@' && (p->how->legacy || e->stem.len > 1);
	if (is_dir)
		return read_dir(p, e, depth + 1);
	if (++p->files > LIMIT_PACK_FILES)
		too_many(p, p->root, "files to pack", LIMIT_PACK_FILES);
	return e;
}

static struct pack_entry *
read_dir(struct packer *p, struct pack_entry *dir, unsigned depth)
{
	if (depth > LIMIT_PACK_DEPTH) {
		too_many(p, p->root, "folders inside folders", LIMIT_PACK_DEPTH);
		return NULL;
	}
	DIR *d = opendir(dir->path.s);
	if (!d) {
		pack_fault(p, RULE_CANNOT_READ, (struct span){0},
			str_printf(
				p->a, "cannot read %.*s: %s", STR_ARG(dir->path), strerror(errno)));
		return NULL;
	}
	for (struct dirent *e; !p->failed && (e = readdir(d));) {
		if (++p->entries > LIMIT_PACK_ENTRIES)
			too_many(p, p->root, "names in it", LIMIT_PACK_ENTRIES);
		struct pack_entry *child =
			read_name(p, dir, str_copy(p->a, str_of(e->d_name)), depth);
		if (child)
			vec_push(p->a, &dir->children, child);
	}
	closedir(d);
	if (dir->children.n)
		qsort(dir->children.v, dir->children.n, sizeof *dir->children.v, compare_names);
	return dir;
}

/* ---- contents ---------------------------------------------------------------------------- */

static void
open_file(struct packer *p, struct pack_entry *e)
{
	struct str text, why;
	bool near = p->root_within && !e->is_link;
	if (near ? pack_file(p, e->path, &text, &why) : pack_file_within(p, e->path, &text, &why)) {
		e->file = source_add(p->s, e->path, text);
		return;
	}
	if (!why.len)
		why = str_printf(p->a, "it lies outside of %s", p->boundary_name);
	pack_fault(p, RULE_CANNOT_READ, (struct span){0},
		str_printf(p->a, "cannot read %.*s: %.*s", STR_ARG(e->path), STR_ARG(why)));
}

/* In order of the paths, as anchors of later files win. */
static void
list_files(struct packer *p, struct pack_entry *e, struct pack_entry **files)
{
	if (!e->is_dir) {
		open_file(p, e);
		files[p->files++] = e;
	}
	for (uint32_t i = 0; i < e->children.n; i++)
		list_files(p, e->children.v[i], files);
}

/* What a file of a tree must be: a map, or nothing, and not too large with its aliases written
 * out. */
static void
check_content(struct packer *p, struct pack_entry *e)
{
	p->weight += e->content->weight;
	if (p->weight > LIMIT_OUTPUT_BYTES / NODE_WEIGHT_BYTES) {
		if (!p->failed)
			pack_fault(p, RULE_TOO_LARGE, e->content->span,
				str_printf(p->a, "the packed document would have more than %d MiB",
					LIMIT_OUTPUT_BYTES >> 20));
		return;
	}
	pack_check_items(p, e->content, 0);
	if (node_has(e->content, NODE_NULL))
		e->content = node_map(p->a, NULL, 0, e->content->span);
	if (e->content->kind != NODE_MAP) {
		struct diag *g = pack_fault(p, RULE_NOT_A_MAP, e->content->span,
			str_printf(p->a, "a file to pack must hold a map, not a %s",
				node_type(e->content)));
		diag_help(p->d, g, "the name of the file becomes the key of what it holds");
	}
}

/* A file that needs anchors of other files fails at first; with a list of its own nothing of that
 * is seen. */
static void
load_files(struct packer *p, struct pack_entry *const *files, uint32_t n)
{
	struct anchors anchors = {.collect = true};
	struct diag_list unseen;
	bool share = n > 1 && !p->how->legacy;
	diag_init(&unseen, p->a);
	for (uint32_t i = 0; i < n; i++)
		files[i]->content = node_load_shared(
			p->a, p->s, files[i]->file, share ? &anchors : NULL, &unseen);
	anchors.collect = false;
	for (uint32_t i = 0; i < n; i++) {
		struct pack_entry *e = files[i];
		if (!e->content)
			e->content = node_load_shared(
				p->a, p->s, e->file, share ? &anchors : NULL, p->d);
		if (!e->content) {
			p->failed = true;
			continue;
		}
		check_content(p, e);
	}
	for (uint32_t i = 0; i < n && !p->failed; i++)
		files[i]->content =
			node_as_go(p->a, p->s, files[i]->content, p->how->legacy ? 0 : GO_BOOLEANS);
}

struct pack_entry *
pack_read(struct packer *p, struct str path)
{
	struct stat st;
	struct pack_entry *root = NEW(p->a, struct pack_entry);
	root->path = root->name = str_copy(p->a, path);
	root->is_dir = stat(root->path.s, &st) != 0 || S_ISDIR(st.st_mode);
	p->root = root->is_dir ? root->path : str_copy(p->a, path_dir(root->path));
	root->is_link = true;
	p->files = !root->is_dir;
	if (root->is_dir && (!read_dir(p, root, 0) || p->failed))
		return NULL;
	if (!p->files) {
		pack_fault(p, RULE_PACK_ROOT, (struct span){0},
			str_printf(p->a, "%.*s has no YAML file to pack", STR_ARG(path)));
		return NULL;
	}
	find_boundary(p);
	struct pack_entry **files = NEW_ARRAY(p->a, struct pack_entry *, p->files);
	p->files = 0;
	list_files(p, root, files);
	if (!p->failed)
		load_files(p, files, p->files);
	return p->failed ? NULL : root;
}
