/* SPDX-License-Identifier: MIT */
/*
 * yaml: text to node tree and back. Reads YAML 1.1 as SnakeYAML does (it is what the official
 * compiler uses), through libyaml; prints in the official compiler's house style. Knows no
 * CircleCI key.
 *
 * Nodes are immutable once made and may be shared: an alias is the same node as its anchor, and an
 * expansion shares every subtree that it did not change. So a tree is really a graph without
 * cycles; weight says how large it is when written out.
 */
#ifndef CCX_YAML_H
#define CCX_YAML_H

#include "ccx/base.h"
#include "ccx/diag.h"

/* ---- nodes ------------------------------------------------------------------------------- */

enum node_kind { NODE_NULL, NODE_BOOL, NODE_INT, NODE_FLOAT, NODE_STRING, NODE_LIST, NODE_MAP };

enum node_flag {
	NODE_TEMPLATED = 1, /* a string at or below this node (keys not counted) holds "<<" */
	NODE_QUOTED = 2,    /* a scalar that was not plain: quoted, literal or folded */
	NODE_BIG = 4,       /* an integer beyond int64: u.text has its decimal digits */
	NODE_VERBATIM = 8,  /* a string that node_print_go does not quote for what it looks like */
};

enum { NODE_WEIGHT_BYTES = 64 };

struct pair;

struct node {
	uint8_t kind, flags;
	uint16_t height;  /* levels of collections below: 0 for a scalar */
	uint32_t count;   /* items of a list, pairs of a map */
	uint32_t weight;  /* size when aliases are written out: a node counts 1, and so does each
			   * NODE_WEIGHT_BYTES of text; stops at UINT32_MAX */
	struct span span; /* a scalar's text with quotes; a collection from first to last child */
	union {
		bool boolean;
		int64_t integer;
		double real;
		struct str text; /* NODE_STRING, NODE_BIG */
		const struct node **items;
		struct pair *pairs;
	} u;
};

struct pair {
	const struct node *key, *value;
};

/* Value of the string key in a map, or NULL; also NULL when map is NULL or no map. */
const struct node *node_find(const struct node *map, struct str key);
static inline const struct node *
node_get(const struct node *map, const char *key)
{
	return node_find(map, str_of(key));
}
const struct pair *node_pair(const struct node *map, struct str key);
bool node_is(const struct node *scalar, const char *text); /* a string with that text */
static inline bool
node_has(const struct node *n, enum node_kind kind)
{
	return n && n->kind == kind;
}

/* Same type and value: 1 is not "1"; maps are compared without regard to order. */
bool node_equal(const struct node *a, const struct node *b);
uint64_t node_hash(const struct node *n); /* equal nodes have equal hashes */
/* A scalar's text as it reads inside a longer string: true, 5, 1.14, empty for null. For a
 * collection its JSON. */
struct str node_text(struct arena *a, const struct node *n);
/* "string", "integer", "boolean", "float", "null", "list", "map": the words of type errors. */
const char *node_type(const struct node *n);
/* "String", "Integer", "Boolean", "Number", "Null", "Sequence", "Mapping": schema errors. */
const char *node_type_title(const struct node *n);

/* ---- making nodes ------------------------------------------------------------------------ */

const struct node *node_null(struct arena *a, struct span span);
const struct node *node_bool(struct arena *a, bool value, struct span span);
const struct node *node_int(struct arena *a, int64_t value, struct span span);
const struct node *node_string(struct arena *a, struct str text, struct span span);
/* Collections from an array that must live as long as the node; flags, height and weight are
 * computed. */
const struct node *node_list(
	struct arena *a, const struct node **items, uint32_t n, struct span span);
const struct node *node_map(struct arena *a, struct pair *pairs, uint32_t n, struct span span);
/* A map, nowhere, of keys -> struct node; these stand where their values do. */
const struct node *node_of_map(struct arena *a, const struct map *values);
/* The scalar that plain text means in YAML 1.1 as SnakeYAML resolves it (dates stay strings). */
const struct node *node_plain(struct arena *a, struct str text, struct span span);

/* ---- loading ----------------------------------------------------------------------------- */

/* The one document of a source, or NULL after at least one diagnostic. An empty document is a
 * null node. Faults of the text are reported with the official words where these are known. */
const struct node *node_load(
	struct arena *a, struct sources *s, uint32_t file, struct diag_list *d);

/* Anchors that the files of a tree share: name to struct node. */
struct anchors {
	struct map all;
	bool collect; /* the load adds its own, save those whose value holds an alias; else aliases
		       * that the file does not define are looked up */
};

/* As node_load, for one of several files that share anchors. Their nodes must outlive the result,
 * and the map's arena is a. */
const struct node *node_load_shared(struct arena *a, struct sources *s, uint32_t file,
	struct anchors *anchors, struct diag_list *d);

/* ---- comments ---------------------------------------------------------------------------- */

/* The comments of a source in order, up to the first fault of its text: what looks like one inside
 * of quotes or of a text block is none. *n is their number. */
struct comment *node_comments(struct arena *a, const struct sources *s, uint32_t file, uint32_t *n);

/* ---- anchors ----------------------------------------------------------------------------- */

/* An anchor as it stands in the text. */
struct anchor_use {
	struct span span; /* with its "&" */
	struct str name;
	uint32_t uses; /* aliases that mean it */
};

/* The anchors of a source in order; none when its text has a fault. *n is their number. */
struct anchor_use *node_anchors(
	struct arena *a, const struct sources *s, uint32_t file, uint32_t *n);

/* ---- printing ---------------------------------------------------------------------------- */

struct print_style {
	unsigned fold; /* column at which long plain and quoted scalars are folded; 0: never */
};

/* Appends the official compiler's form of n: block style, indent 2, list dashes in the column
 * of the parent key; one final newline. */
void node_print(struct sb *out, const struct node *n, struct print_style style);
/* Appends JSON with two-space indent; big integers and floats as numbers. */
void node_print_json(struct sb *out, const struct node *n);

/* ---- as Go does it ----------------------------------------------------------------------- */

/* The official packers are written in Go and stand on its yaml.v3, which differs from the compiler:
 * yes and on are strings, a date is a time, and it prints in a style of its own. */

enum go_reading {
	GO_BOOLEANS = 1, /* plain yes, no, on and off are booleans where they are values: CLI 1.x */
	GO_IN_ORDER = 2, /* keys stay in the order of the text; else they are sorted */
};

/* What yaml.v3 makes of the text from which n was loaded; how: of enum go_reading. What did not
 * change is shared with n. */
const struct node *node_as_go(
	struct arena *a, const struct sources *s, const struct node *n, unsigned how);
/* Sorts by key in the natural order of yaml.v3: letters last, runs of digits as numbers. */
void pairs_sort_go(struct pair *pairs, uint32_t n);
/* Would node_print_go write the string as a literal block? */
bool go_prints_literal(struct str text);
/* Appends yaml.v3's form of n: indent 4, lists indented under their key, nothing folded. Unlike
 * yaml.v3, which always writes 4, the indentation indicator of a literal block is the right one
 * and also stands before a tab, and a key << that is no merge is quoted. */
void node_print_go(struct sb *out, const struct node *n);

#endif
