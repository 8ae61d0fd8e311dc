/* SPDX-License-Identifier: MIT */
/*
 * One document out of a tree of files. The two official CLIs differ: 0.1 keeps folders in folders
 * as maps in maps, 1.x takes all that is below a folder of the root for entries of one section.
 */
#include "pack.h"
#include "ccx/limits.h"

#include <string.h>

struct diag *
pack_fault(struct packer *p, enum rule rule, struct span span, struct str message)
{
	p->failed = true;
	return diag_push(p->d, rule, span, "%.*s", STR_ARG(message));
}

/* ---- levels ------------------------------------------------------------------------------ */

/* A map to which files add. The value of an entry is a struct slot. */
struct level {
	struct arena *a;
	struct map keys;
};

struct slot {
	struct pair pair;
	const struct pack_entry *owner; /* the file whose name the key is; or NULL */
};

static struct slot *
slot_of(struct level *l, const struct node *key)
{
	struct str text = key->kind == NODE_STRING ? key->u.text : node_text(l->a, key);
	struct slot *slot = map_get(&l->keys, text);
	if (!slot) {
		slot = NEW(l->a, struct slot);
		slot->pair.key = key;
		map_put(l->a, &l->keys, text, slot);
	}
	return slot;
}

/* Adds the pairs of a map; they replace those with the same key. */
static void
merge(struct level *l, const struct node *map)
{
	for (uint32_t i = 0; map && map->kind == NODE_MAP && i < map->count; i++)
		slot_of(l, map->u.pairs[i].key)->pair.value = map->u.pairs[i].value;
}

static const struct node *
level_map(const struct level *l, struct span span)
{
	struct pair *pairs = NEW_ARRAY(l->a, struct pair, l->keys.n);
	for (uint32_t i = 0; i < l->keys.n; i++)
		pairs[i] = ((struct slot *)l->keys.v[i].value)->pair;
	pairs_sort_go(pairs, l->keys.n);
	return node_map(l->a, pairs, l->keys.n, span);
}

/* What is said of an element that is a file is shown at its first key. */
static struct span
entry_span(const struct pack_entry *e)
{
	struct span span = {0};
	for (uint32_t i = 0; !e->is_dir && i < e->content->count; i++) {
		struct span key = e->content->u.pairs[i].key->span;
		if (key.file == e->file && (!span.file || key.off < span.off))
			span = key;
	}
	return span;
}

/* Puts a map under a key; what stands there stays, where the map does not replace it. */
static void
merge_under(struct level *l, const struct pack_entry *e, const struct node *map)
{
	struct level inner = {.a = l->a};
	struct slot *slot = slot_of(l, node_string(l->a, e->stem, entry_span(e)));
	merge(&inner, slot->pair.value);
	merge(&inner, map);
	slot->pair.value = level_map(&inner, map->span);
}

/* ---- CLI 1.x ----------------------------------------------------------------------------- */

static void
fault_duplicate(struct packer *p, const struct pack_entry *first, const struct pack_entry *second)
{
	struct str message = str_printf(p->a, "\"%.*s\" and \"%.*s\" both define \"%.*s\"",
		STR_ARG(first->path), STR_ARG(second->path), STR_ARG(second->stem));
	struct diag *g =
		pack_fault(p, RULE_DUPLICATE_ENTRY, (struct span){second->file, 0, 0}, message);
	diag_note(p->d, g, (struct span){first->file, 0, 0}, "the other one");
	diag_help(p->d, g,
		"files that pack into the same section need different names, whatever folder "
		"they are in");
}

static void
flatten(struct packer *p, const struct pack_entry *dir, struct level *section)
{
	for (uint32_t i = 0; i < dir->children.n; i++) {
		const struct pack_entry *e = dir->children.v[i];
		if (e->is_dir) {
			flatten(p, e, section);
		} else if (e->special) {
			merge(section, e->content);
		} else {
			merge_under(section, e, e->content);
			struct slot *slot = map_get(&section->keys, e->stem);
			if (slot->owner)
				fault_duplicate(p, slot->owner, e);
			slot->owner = e;
		}
	}
}

const struct node *
pack_sections(struct packer *p, const struct pack_entry *root)
{
	struct level top = {.a = p->a};
	for (uint32_t i = 0; i < root->children.n; i++) {
		const struct pack_entry *e = root->children.v[i];
		struct level section = {.a = p->a};
		if (!e->is_dir) {
			merge(&top, e->content);
			continue;
		}
		flatten(p, e, &section);
		if (section.keys.n)
			merge_under(&top, e, level_map(&section, (struct span){0}));
	}
	return level_map(&top, (struct span){0});
}

/* ---- CLI 0.1 ----------------------------------------------------------------------------- */

static const struct node *
nest(struct packer *p, const struct pack_entry *dir, bool is_root)
{
	struct level level = {.a = p->a};
	for (uint32_t i = 0; i < dir->children.n; i++) {
		const struct pack_entry *e = dir->children.v[i];
		if (e->is_dir)
			merge_under(&level, e, nest(p, e, false));
		else if (is_root || e->special)
			merge(&level, e->content);
		else
			merge_under(&level, e, e->content);
	}
	return level_map(&level, (struct span){0});
}

const struct node *
pack_nested(struct packer *p, const struct pack_entry *root)
{
	return nest(p, root, true);
}

/* ---- all of it --------------------------------------------------------------------------- */

/* CLI 0.1 takes a folder for an orb by its @orb.yml. */
static bool
check_root(struct packer *p, const struct pack_entry *root)
{
	if (!p->how->orb || !p->how->legacy)
		return true;
	for (uint32_t i = 0; i < root->children.n; i++)
		if (str_is(root->children.v[i]->name, "@orb.yml"))
			return true;
	struct diag *g = pack_fault(p, RULE_PACK_ROOT, (struct span){0},
		str_printf(p->a, "%.*s is not the root of an orb: it has no @orb.yml",
			STR_ARG(root->path)));
	diag_help(p->d, g, "name the folder that holds @orb.yml, mostly src");
	return false;
}

const struct node *
pack_tree(struct arena *a, struct sources *s, struct str path, const struct pack_options *how,
	struct diag_list *d)
{
	struct packer p = {.a = a, .s = s, .d = d, .how = how};
	struct pack_entry *root = pack_read(&p, path);
	if (!root || !check_root(&p, root))
		return NULL;
	const struct node *doc = root->content;
	if (root->is_dir)
		doc = how->legacy ? pack_nested(&p, root) : pack_sections(&p, root);
	if (how->orb && how->legacy)
		doc = pack_legacy_orb(&p, doc);
	if (how->orb)
		doc = pack_include(&p, doc);
	if (!p.failed && doc->weight > LIMIT_OUTPUT_BYTES / NODE_WEIGHT_BYTES)
		pack_fault(&p, RULE_TOO_LARGE, (struct span){0},
			str_printf(a, "the packed document would have more than %d MiB",
				LIMIT_OUTPUT_BYTES >> 20));
	return p.failed ? NULL : doc;
}
