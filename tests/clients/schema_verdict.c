/* SPDX-License-Identifier: MIT */
/*
 * What our own check against schema/config.json says of files, and the files as JSON, so that
 * another validator can be asked the same: schema_verdict FILE…
 *
 * For each file that is YAML three records: the path, "valid" or the first fault, and the JSON.
 * Records end with the character 0x1e, which JSON text cannot hold.
 */
#include "ccx/config.h"

#include <stdio.h>

/* As the schema itself has it, in its "if". */
static bool
is_version_2(const struct node *root)
{
	const struct node *version = node_get(root, "version");
	return node_is(version, "2") || node_is(version, "2.0") ||
	       (node_has(version, NODE_INT) && version->u.integer == 2) ||
	       (node_has(version, NODE_FLOAT) && version->u.real >= 2 && version->u.real <= 2);
}

static void
judge(const char *path)
{
	struct arena *a = arena_new();
	struct sources s;
	struct diag_list d;
	struct str text;
	sources_init(&s, a);
	diag_init(&d, a);
	const struct node *root = NULL;
	if (file_read(a, path, 16 << 20, &text))
		root = node_load(a, &s, source_add(&s, str_of(path), text), &d);
	/* Aliases written out, a small file can be a huge one. */
	if (root && root->kind == NODE_MAP && root->weight < 1 << 20) {
		enum schema_root kind = is_version_2(root) ? SCHEMA_CONFIG_2 : SCHEMA_CONFIG;
		bool valid = schema_check(catalog_schema(kind), root, &d);
		struct sb out = {.a = a};
		sb_printf(&out, "%s\x1e", path);
		if (valid || !d.all.n)
			sb_puts(&out, valid ? "valid" : "fault");
		else
			sb_put(&out, d.all.v[d.all.n - 1].message);
		sb_puts(&out, "\x1e");
		node_print_json(&out, root);
		sb_puts(&out, "\x1e");
		fwrite(out.s, 1, out.len, stdout);
	}
	arena_free(a);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		judge(argv[i]);
	return fflush(stdout) != 0;
}
