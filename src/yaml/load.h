/* SPDX-License-Identifier: MIT */
/* The state of one load, shared by the files that take part in it. */
#ifndef CCX_YAML_LOAD_H
#define CCX_YAML_LOAD_H

#include "internal.h"

#include <yaml.h>

/* On a key until its map is finished: a plain `<<`, which merges. */
enum { NODE_MERGE = 128 };

/* How official messages about YAML begin. */
#define UNABLE "Unable to parse YAML: "

/* One definition of an anchor; node is NULL while its value is still open. */
struct anchor {
	const struct node *node;
	uint32_t aliases; /* seen when it began */
	bool aliased;     /* its value holds one */
};

/* A collection that is still open. */
struct frame {
	uint32_t base;  /* its first part in loader.parts; a map's keys and values alternate */
	uint32_t start; /* offset of its bracket, or of where its block begins */
	uint32_t first, last;   /* offsets around its parts so far */
	struct anchor *anchor;  /* or NULL */
	bool map, flow, merges; /* merges: a key is NODE_MERGE */
};

/* libyaml counts characters, spans count bytes. */
struct marks {
	uint32_t from;     /* bytes of the byte order mark, which libyaml never sees */
	uint32_t *samples; /* offset of every 64th character; NULL when all are one byte long */
	uint32_t chars;    /* where the last search ended: mostly the next one is a few bytes on */
	uint32_t bytes;
};

struct loader {
	struct arena *a;       /* of the tree */
	struct arena *scratch; /* dropped after the load */
	struct diag_list *d;
	struct sources *sources;
	uint32_t file;
	struct str text;
	struct marks marks;
	yaml_parser_t parser;
	VEC(const struct node *) parts; /* of all open collections */
	struct frame *frames;
	uint32_t depth; /* of frames */
	struct node *slab;
	uint32_t slab_left;
	uint32_t bracket_visits; /* open brackets, summed over the events */
	uint32_t nodes;          /* made so far, and pairs that were merged */
	struct map anchors;      /* name to struct anchor: the definition that was read last */
	struct anchors *shared;  /* with other files; or NULL */
	uint32_t aliases;        /* seen so far */
	const struct node *root;
	const struct node *unknown; /* stands for what an undefined alias names */
	bool failed;                /* something was wrong */
	bool stop;                  /* and it is useless to go on */
	/* What stood last before a syntax error explains most of them. */
	struct span last_scalar; /* of the last scalar that had text */
	bool last_quoted;
	uint32_t last_list; /* offset of the first dash of the last block list that ended */
};

/* True when the text is UTF-8 that YAML allows; prepares loader.marks. */
bool load_check_text(struct loader *l);
/* Byte offset of libyaml's character index. */
uint32_t load_find_offset(struct loader *l, size_t index);
static inline uint32_t
load_offset(struct loader *l, size_t index)
{
	bool same = !l->marks.samples && !l->marks.from && index < l->text.len;
	return same ? (uint32_t)index : load_find_offset(l, index);
}

/* diag_push that also fails the load, and stops it once nobody would see another finding. */
struct diag *load_fault(struct loader *l, enum rule rule, struct span span, struct str message);
/* Says what libyaml found wrong, where a person should look, and what to do. */
void load_syntax_error(struct loader *l);

/* Makes node the map of n keys and values that stand at parts: finds keys that are there twice
 * and puts in what `<<` merges. */
void load_map(struct loader *l, struct node *node, const struct node **parts, uint32_t n);
/* Like load_map, for a map with a `<<`. */
void load_merged_map(struct loader *l, struct node *node, const struct node **parts, uint32_t n);
/* Gives n the meaning of an explicit tag. */
void load_scalar_tag(struct loader *l, struct node *n, const char *tag, struct str text);
/* Complains about a tag that a list or map cannot have. */
void load_collection_tag(struct loader *l, struct span span, const char *tag, bool map);
/* Counts nodes against LIMIT_NODES; false, with a finding, when there are too many. */
bool load_count(struct loader *l, uint32_t n, struct span span);

static inline struct span
load_span(const struct loader *l, uint32_t from, uint32_t to)
{
	return (struct span){l->file, from, to > from ? to - from : 0};
}

#endif
