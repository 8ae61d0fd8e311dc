/* SPDX-License-Identifier: MIT */
/* What the files that pack a tree share. */
#ifndef CCX_ORB_PACK_H
#define CCX_ORB_PACK_H

#include "ccx/orb.h"

/* A file, or a folder with what is in it by name. */
struct pack_entry {
	struct str name, path;
	struct str stem; /* the name without its extension: the key that it becomes */
	bool is_dir, is_link;
	bool special; /* "@name.yml": its content goes to the level of its folder */
	uint32_t file;
	const struct node *content; /* of a file: a map, as Go reads it */
	VEC(struct pack_entry *) children;
};

struct packer {
	struct arena *a;
	struct sources *s;
	struct diag_list *d;
	const struct pack_options *how;
	struct str root;           /* what includes are relative to */
	struct str boundary;       /* the real path that nothing may leave; empty while unknown */
	const char *boundary_name; /* what it is, for messages */
	bool root_within;          /* the root lies in it */
	uint32_t entries, files;
	size_t bytes, weight; /* of all files; of all trees */
	struct map includes;  /* path to struct str: escaped texts */
	bool failed;
};

/* A finding of the run itself, or about a span, that ends the packing after this step. */
struct diag *pack_fault(struct packer *p, enum rule rule, struct span span, struct str message);

/* Reads the folder, or the file, at path: names, then contents. NULL when it cannot be read. */
struct pack_entry *pack_read(struct packer *p, struct str path);
/* Reads a file. False with *why said. */
bool pack_file(struct packer *p, struct str path, struct str *text, struct str *why);
/* The same if it lies in the boundary; *why is empty when it does not. */
bool pack_file_within(struct packer *p, struct str path, struct str *text, struct str *why);
/* Is the name that of a file to pack? */
bool pack_is_yaml(struct str name);

/* Warns of list items whose settings are not indented enough. */
void pack_check_items(struct packer *p, const struct node *n, unsigned depth);

/* What the tree makes, as CLI 1.x and as CLI 0.1 do it; keys are not sorted at the levels that
 * are made of several files. */
const struct node *pack_sections(struct packer *p, const struct pack_entry *root);
const struct node *pack_nested(struct packer *p, const struct pack_entry *root);
/* The keys of an orb that CLI 0.1 knows, in its order. */
const struct node *pack_legacy_orb(struct packer *p, const struct node *doc);

/* The tree with the texts of files for its includes. */
const struct node *pack_include(struct packer *p, const struct node *doc);

#endif
