/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer entry for packing: any text is packed as one file, and what that gives is printed in
 * the form of packed orbs, taken apart, written to a folder and packed again. What is printed must
 * mean the same, and the second packing must print what the first did. A text of odd length is
 * taken for an orb, else for a config.
 */
#include "ccx/orb.h"
#include "ccx/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PRINTED_WEIGHT = 50000 }; /* aliases can make a small text huge */

struct run {
	struct arena *a;
	struct sources sources;
	struct diag_list diags;
	struct pack_options how;
	struct str dir;
};

static void
require(bool condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "fuzz_pack: %s\n", what);
	abort();
}

/*
 * Does yaml.v3's form keep what a text is? A literal block in it loses line feeds at the beginning,
 * and U+0085 and its kin are read back as line feeds. What was included is none to include from,
 * and of %TAG a text may have so many.
 */
static bool
is_kept(struct str text)
{
	static const char *const lost[] = {
		"\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9", "include(", "%TAG"};
	for (size_t i = 0; i < sizeof lost / sizeof *lost; i++)
		if (str_has(text, str_of(lost[i])))
			return false;
	return !str_starts(text, STR("\n"));
}

static bool
are_kept(const struct node *n)
{
	bool kept = n->kind == NODE_STRING  ? is_kept(n->u.text)
		    : n->kind == NODE_FLOAT ? n->u.real != 0 /* -0.0 is written as -0 */
					    : true;
	for (uint32_t i = 0; kept && i < n->count; i++)
		kept = n->kind == NODE_LIST
			       ? are_kept(n->u.items[i])
			       : are_kept(n->u.pairs[i].key) && are_kept(n->u.pairs[i].value);
	return kept;
}

/* The printed document; empty when it cannot be packed, or not be compared. */
static struct str
packed(struct run *r, struct str path)
{
	struct sb b = {.a = r->a};
	const struct node *doc = pack_tree(r->a, &r->sources, path, &r->how, &r->diags);
	require(doc || r->diags.errors, "no document and no finding");
	if (!doc || doc->weight > PRINTED_WEIGHT)
		return STR("");
	node_print_go(&b, doc);
	return are_kept(doc) ? str_copy(r->a, sb_str(&b)) : STR("");
}

static const struct node *
load(struct run *r, struct str text)
{
	uint32_t file = source_add(&r->sources, STR("printed"), text);
	const struct node *doc = node_load(r->a, &r->sources, file, &r->diags);
	return doc ? node_as_go(r->a, &r->sources, doc, GO_BOOLEANS) : NULL;
}

static void
write_file(struct run *r, const struct unpacked_file *file, struct str root)
{
	struct str path = path_join(r->a, root, file->path);
	mkdir(path_join(r->a, str_copy(r->a, path_dir(path)), STR("")).s, 0700);
	FILE *f = fopen(path.s, "w");
	require(f && fwrite(file->text.s, 1, file->text.len, f) == file->text.len,
		"a file cannot be written");
	fclose(f);
}

static void
remove_files(struct run *r, const struct unpacked *tree, struct str root)
{
	for (uint32_t i = 0; i < tree->files.n; i++) {
		struct str path = path_join(r->a, root, tree->files.v[i].path);
		unlink(path.s);
		rmdir(str_copy(r->a, path_dir(path)).s);
	}
	rmdir(root.s);
}

/* Prints, takes apart and packs what was packed once. */
static void
check_again(struct run *r, struct str once)
{
	struct unpacked tree = {0};
	struct unpack_options how = {.orb = r->how.orb};
	struct sb b = {.a = r->a};
	const struct node *doc = load(r, once);
	require(doc != NULL, "what was printed cannot be read");
	node_print_go(&b, doc);
	require(str_eq(once, sb_str(&b)), "what was printed is printed differently");
	if (doc->kind != NODE_MAP)
		return;
	unpack_tree(r->a, doc, &how, &tree);
	struct str root = path_join(r->a, r->dir, STR("tree"));
	mkdir(root.s, 0700);
	for (uint32_t i = 0; i < tree.files.n; i++)
		write_file(r, &tree.files.v[i], root);
	struct str twice = packed(r, root);
	remove_files(r, &tree, root);
	require(str_eq(once, twice), "what was taken apart is packed differently");
}

static void
run(struct run *r, struct str text)
{
	struct unpacked_file input = {STR("input.yml"), text};
	write_file(r, &input, r->dir);
	struct str once = packed(r, path_join(r->a, r->dir, input.path));
	if (once.len)
		check_again(r, once);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char dir[] = "/tmp/fuzz_pack.XXXXXX";
	require(mkdtemp(dir) != NULL, "no temporary folder");
	struct run r = {.a = arena_new(), .how = {.orb = size & 1}};
	r.dir = str_copy(r.a, str_of(dir));
	sources_init(&r.sources, r.a);
	diag_init(&r.diags, r.a);
	run(&r, (struct str){(const char *)data, size});
	unlink(path_join(r.a, r.dir, STR("input.yml")).s);
	rmdir(dir);
	arena_free(r.a);
	return 0;
}
