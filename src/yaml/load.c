/* SPDX-License-Identifier: MIT */
/*
 * Text to node tree: one loop over libyaml's events. The parts of all open collections stand on
 * one stack; a collection that ends takes its own off and becomes a part of the one around it. So
 * nothing recurses, and a scalar whose value is what stands in the text is not copied.
 */
#include "load.h"
#include "ccx/limits.h"

#include <string.h>

enum { SLAB = 256 };                          /* nodes that are allocated together */
enum { SUGGESTED = 1000, SOUGHT_BELOW = 20 }; /* what an undefined alias may cost */

/* libyaml looks at every open bracket for each token, and at every %TAG for each %TAG: without
 * these bounds 16 MB of them would take seconds or hours. */
enum { BRACKET_VISITS = 100 << 20, TAG_DIRECTIVES = 100 };

struct diag *
load_fault(struct loader *l, enum rule rule, struct span span, struct str message)
{
	struct diag *g = diag_push(l->d, rule, span, "%.*s", STR_ARG(message));
	l->failed = true;
	l->stop = l->stop || l->d->all.n >= LIMIT_ERRORS;
	return g;
}

bool
load_count(struct loader *l, uint32_t n, struct span span)
{
	if (n <= LIMIT_NODES - l->nodes) {
		l->nodes += n;
		return true;
	}
	if (!l->stop) {
		struct diag *g = load_fault(l, RULE_TOO_LARGE, span,
			str_printf(l->a, "the document has more than %d values", LIMIT_NODES));
		diag_label(l->d, g, "this is one too many");
	}
	l->stop = true;
	return false;
}

static struct node *
new_node(struct loader *l, struct span span)
{
	if (!l->slab_left) {
		l->slab = NEW_ARRAY(l->a, struct node, SLAB);
		l->slab_left = SLAB;
	}
	struct node *n = &l->slab[SLAB - l->slab_left--];
	n->weight = 1;
	n->span = span;
	return n;
}

/* ---- what stands before a value ---------------------------------------------------------- */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Past a comment, if one begins at from. */
static uint32_t
skip_comment(struct str t, uint32_t from, uint32_t end)
{
	if (from < end && t.s[from] == '#')
		while (from < end && t.s[from] != '\n' && t.s[from] != '\r')
			from++;
	return from;
}

/*
 * Past the anchor and the tag of the value that ends at end, for spans do without them; *tagged
 * tells that there is a "!".
 *
 *     defaults: &defaults !!map   # comment
 *       shell: bash
 */
static uint32_t
skip_properties(struct str t, uint32_t from, uint32_t end, bool *tagged)
{
	while (from < end && (t.s[from] == '&' || t.s[from] == '!')) {
		*tagged = *tagged || t.s[from] == '!';
		while (from < end && !is_blank(t.s[from]))
			from++;
		for (uint32_t last = UINT32_MAX; from != last;) {
			last = from;
			while (from < end && is_blank(t.s[from]))
				from++;
			from = skip_comment(t, from, end);
		}
	}
	return from;
}

/* ---- anchors and aliases ----------------------------------------------------------------- */

/* A definition of the anchor, whose node is not there before the value has ended. */
static struct anchor *
open_anchor(struct loader *l, const yaml_char_t *name)
{
	if (!name)
		return NULL;
	struct anchor *anchor = NEW(l->scratch, struct anchor);
	anchor->aliases = l->aliases;
	struct str key = str_of((const char *)name);
	if (!map_has(&l->anchors, key))
		key = str_copy(l->scratch, key);
	map_put(l->scratch, &l->anchors, key, anchor);
	return anchor;
}

/* Where the anchor is defined after all, or SIZE_MAX. */
static size_t
anchor_below(const struct loader *l, struct str name, uint32_t from)
{
	size_t at = from;
	struct sb b = {.a = l->scratch};
	sb_char(&b, '&');
	sb_put(&b, name);
	if (l->d->all.n > SOUGHT_BELOW)
		return SIZE_MAX;
	while ((at = str_find(l->text, sb_str(&b), at)) != SIZE_MAX) {
		size_t end = at + b.len;
		if (end == l->text.len || is_blank(l->text.s[end]))
			return at;
		at = end;
	}
	return SIZE_MAX;
}

static void
fault_undefined(struct loader *l, struct str name, struct span span)
{
	struct nearest nearest = {.wanted = name};
	struct str message = str_printf(
		l->a, UNABLE "found undefined alias %.*s", STR_ARG(str_sub(name, 0, 200)));
	struct diag *g = load_fault(l, RULE_YAML_ALIAS, span, message);
	size_t below = anchor_below(l, name, span.off);
	if (below != SIZE_MAX) {
		uint32_t at = (uint32_t)below;
		diag_label(l->d, g, "used before it is defined");
		diag_note(l->d, g, load_span(l, at, at + (uint32_t)name.len + 1), "defined here");
		diag_help(l->d, g, "move the anchor above its first alias");
		return;
	}
	diag_label(l->d, g, "no anchor has this name");
	for (uint32_t i = 0; i < l->anchors.n && i < SUGGESTED; i++)
		nearest_try(&nearest, l->anchors.v[i].key);
	for (uint32_t i = 0; l->shared && i < l->shared->all.n && i < SUGGESTED; i++)
		nearest_try(&nearest, l->shared->all.v[i].key);
	diag_nearest(l->d, g, &nearest);
	diag_help(l->d, g, "an anchor `&%.*s` must stand in this file, above the alias%s",
		STR_ARG(str_sub(name, 0, 200)), l->shared ? ", or in another file" : "");
}

static const struct node *
find_alias(struct loader *l, struct str name, struct span span)
{
	const struct anchor *anchor = map_get(&l->anchors, name);
	l->aliases++;
	if (!anchor && l->shared && !l->shared->collect && map_has(&l->shared->all, name))
		return map_get(&l->shared->all, name);
	if (!anchor) {
		fault_undefined(l, name, span);
		return l->unknown;
	}
	if (anchor->node)
		return anchor->node;
	struct str message = str_printf(
		l->a, UNABLE "found recursive alias %.*s", STR_ARG(str_sub(name, 0, 200)));
	struct diag *g = load_fault(l, RULE_YAML_ALIAS, span, message);
	diag_label(l->d, g, "stands inside the value that it names");
	diag_help(l->d, g, "a value cannot contain itself: remove the alias");
	return l->unknown;
}

/* ---- parts ------------------------------------------------------------------------------- */

/* Puts a finished node, that stands from first to last, into the collection around it. */
static void
add_part(struct loader *l, const struct node *node, uint32_t first, uint32_t last)
{
	if (!l->depth) {
		l->root = node;
		return;
	}
	struct frame *f = &l->frames[l->depth - 1];
	if (l->parts.n == f->base)
		f->first = first;
	f->last = last > f->last ? last : f->last;
	vec_push(l->scratch, &l->parts, node);
}

/* The next part is the key of a pair. */
static bool
key_is_next(const struct loader *l)
{
	const struct frame *f = l->depth ? &l->frames[l->depth - 1] : NULL;
	return f && f->map && (l->parts.n - f->base) % 2 == 0;
}

static void
on_alias(struct loader *l, const yaml_event_t *e)
{
	uint32_t from = load_offset(l, e->start_mark.index), to = load_offset(l, e->end_mark.index);
	struct span span = load_span(l, from, to);
	if (load_count(l, 1, span))
		add_part(l, find_alias(l, str_of((const char *)e->data.alias.anchor), span), from,
			to);
}

/* The value as a view of the source when it stands there as it is. */
static struct str
scalar_text(struct loader *l, const yaml_event_t *e, uint32_t from, uint32_t to)
{
	struct str value = {(const char *)e->data.scalar.value, e->data.scalar.length};
	if (e->data.scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
		e->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE)
		from++;
	if (value.len == 0)
		return STR("");
	if (from < to && value.len <= to - from &&
		memcmp(l->text.s + from, value.s, value.len) == 0)
		return (struct str){l->text.s + from, value.len};
	return str_copy(l->a, value);
}

/* A block scalar goes on to where the next token may stand: without the line breaks. */
static uint32_t
trim_end(struct str t, uint32_t from, uint32_t to)
{
	while (to > from && is_blank(t.s[to - 1]))
		to--;
	return to;
}

static void
set_scalar(struct loader *l, struct node *n, const yaml_event_t *e, struct str text, bool bang)
{
	bool plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	const char *tag = (const char *)e->data.scalar.tag;
	bool merge = plain && str_eq(text, STR("<<")) && key_is_next(l) &&
		     (tag ? strcmp(tag, "tag:yaml.org,2002:merge") == 0 : !bang);
	if (!plain)
		n->flags |= NODE_QUOTED;
	if (tag)
		load_scalar_tag(l, n, tag, text);
	else if (plain && !bang)
		scalar_resolve(l->a, n, text);
	else
		scalar_string(n, text);
	if (merge) {
		n->flags |= NODE_MERGE;
		l->frames[l->depth - 1].merges = true;
	}
}

static void
on_scalar(struct loader *l, const yaml_event_t *e)
{
	uint32_t from = load_offset(l, e->start_mark.index), to = load_offset(l, e->end_mark.index);
	yaml_scalar_style_t style = e->data.scalar.style;
	bool bang = false;
	if (from < to && (l->text.s[from] == '&' || l->text.s[from] == '!'))
		from = skip_properties(l->text, from, to, &bang);
	if (style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE)
		to = trim_end(l->text, from, to);
	struct span span = load_span(l, from, to);
	if (!load_count(l, 1, span))
		return;
	struct node *n = new_node(l, span);
	set_scalar(l, n, e, scalar_text(l, e, from, to), bang);
	if (to > from) {
		l->last_scalar = span;
		l->last_quoted = style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
				 style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
	}
	if (e->data.scalar.anchor)
		open_anchor(l, e->data.scalar.anchor)->node = n;
	add_part(l, n, from, to);
}

static bool
too_deep(struct loader *l, struct span span)
{
	struct diag *g = load_fault(l, RULE_YAML_DEPTH, span,
		str_printf(l->a, "lists and maps are nested more than %d deep", LIMIT_DEPTH));
	diag_label(l->d, g, "too deep");
	l->stop = true;
	return false;
}

static void
on_start(struct loader *l, const yaml_event_t *e, bool map)
{
	uint32_t at = load_offset(l, e->start_mark.index);
	bool tagged = false;
	const yaml_char_t *anchor =
		map ? e->data.mapping_start.anchor : e->data.sequence_start.anchor;
	const yaml_char_t *tag = map ? e->data.mapping_start.tag : e->data.sequence_start.tag;
	if (tag)
		load_collection_tag(l, load_span(l, at, at + 1), (const char *)tag, map);
	if (anchor || tag)
		at = skip_properties(l->text, at, (uint32_t)l->text.len, &tagged);
	struct span span = load_span(l, at, at + 1);
	if (!load_count(l, 1, span))
		return;
	if (l->depth == LIMIT_DEPTH) {
		too_deep(l, span);
		return;
	}
	bool flow = at < l->text.len && l->text.s[at] == (map ? '{' : '[');
	if (map ? e->data.mapping_start.style != YAML_FLOW_MAPPING_STYLE
		: e->data.sequence_start.style != YAML_FLOW_SEQUENCE_STYLE)
		flow = false;
	l->frames[l->depth++] = (struct frame){.base = l->parts.n,
		.start = at,
		.first = at,
		.last = at,
		.anchor = open_anchor(l, anchor),
		.map = map,
		.flow = flow};
}

static void
on_end(struct loader *l, const yaml_event_t *e)
{
	const struct frame f = l->frames[--l->depth];
	uint32_t from = f.flow ? f.start : f.first;
	uint32_t to = f.flow ? load_offset(l, e->end_mark.index) : f.last;
	uint32_t n = l->parts.n - f.base;
	const struct node **parts = n ? l->parts.v + f.base : NULL;
	struct node *node = new_node(l, load_span(l, from, to));
	if (f.map && f.merges) {
		load_merged_map(l, node, parts, n / 2);
	} else if (f.map) {
		load_map(l, node, parts, n / 2);
	} else {
		const struct node **items = NEW_ARRAY(l->a, const struct node *, n);
		if (n)
			memcpy(items, parts, n * sizeof *items);
		node_fill_list(node, items, n);
		l->last_list = f.flow ? l->last_list : f.start;
	}
	l->parts.n = f.base;
	if (f.anchor) {
		f.anchor->node = node;
		f.anchor->aliased = f.anchor->aliases != l->aliases;
	}
	if (node->height > LIMIT_DEPTH)
		too_deep(l, node->span);
	add_part(l, node, from, to);
}

static void
on_document(struct loader *l, const yaml_event_t *e)
{
	uint32_t at = load_offset(l, e->start_mark.index);
	if (!l->root)
		return;
	struct diag *g = load_fault(l, RULE_YAML_DOCUMENTS, load_span(l, at, at + 3),
		STR(UNABLE "expected a single document in the stream, but found another document"));
	diag_label(l->d, g, "a second document begins here");
	diag_help(l->d, g, "keep each document in a file of its own");
	l->stop = true;
}

/* ---- the loop ---------------------------------------------------------------------------- */

static void
too_large(struct loader *l, uint32_t at, const char *what)
{
	load_fault(l, RULE_TOO_LARGE, load_span(l, at, at + 1), str_of(what));
	l->stop = true;
}

/* False at the end of the stream. */
static bool
on_event(struct loader *l, const yaml_event_t *e)
{
	l->bracket_visits += (uint32_t)l->parser.flow_level;
	if (l->bracket_visits > BRACKET_VISITS) {
		too_large(l, load_offset(l, e->start_mark.index),
			"too many values inside too many brackets");
		return false;
	}
	switch (e->type) {
	case YAML_ALIAS_EVENT:
		on_alias(l, e);
		break;
	case YAML_SCALAR_EVENT:
		on_scalar(l, e);
		break;
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		on_start(l, e, e->type == YAML_MAPPING_START_EVENT);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		on_end(l, e);
		break;
	case YAML_DOCUMENT_START_EVENT:
		on_document(l, e);
		break;
	default:
		break;
	}
	return e->type != YAML_STREAM_END_EVENT && !l->stop;
}

static void
read_events(struct loader *l)
{
	struct str text = str_sub(l->text, l->marks.from, l->text.len);
	if (!yaml_parser_initialize(&l->parser)) {
		load_fault(l, RULE_TOO_LARGE, load_span(l, 0, 0), STR("out of memory"));
		return;
	}
	yaml_parser_set_encoding(&l->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&l->parser, (const unsigned char *)text.s, text.len);
	for (bool more = true; more;) {
		yaml_event_t event;
		if (!yaml_parser_parse(&l->parser, &event)) {
			load_syntax_error(l);
			break;
		}
		more = on_event(l, &event);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&l->parser);
}

/* %TAG !ccx! tag:example.com,2000: */
static bool
check_directives(struct loader *l)
{
	unsigned n = 0;
	for (size_t at = 0; (at = str_find(l->text, STR("%TAG"), at)) != SIZE_MAX; at++) {
		if ((at == l->marks.from || is_blank(l->text.s[at - 1])) && ++n > TAG_DIRECTIVES) {
			too_large(l, (uint32_t)at, "too many %TAG directives");
			return false;
		}
	}
	return true;
}

static const struct node *
load_text(struct loader *l)
{
	if (l->text.len > LIMIT_FILE_BYTES) {
		load_fault(l, RULE_TOO_LARGE, load_span(l, 0, 0),
			str_printf(l->a, "the file has more than %d bytes", LIMIT_FILE_BYTES));
		return NULL;
	}
	if (!load_check_text(l) || !check_directives(l))
		return NULL;
	l->frames = NEW_ARRAY(l->scratch, struct frame, LIMIT_DEPTH);
	l->unknown = node_null(l->a, load_span(l, 0, 0));
	read_events(l);
	if (l->failed)
		return NULL;
	return l->root ? l->root : l->unknown;
}

/* Hands the anchors on to the other files. */
static void
share_anchors(struct loader *l)
{
	for (uint32_t i = 0; i < l->anchors.n; i++) {
		const struct anchor *anchor = l->anchors.v[i].value;
		struct str name = l->anchors.v[i].key;
		if (!anchor->node || anchor->aliased)
			continue;
		if (!map_has(&l->shared->all, name))
			name = str_copy(l->a, name);
		map_put(l->a, &l->shared->all, name, (void *)anchor->node);
	}
}

const struct node *
node_load_shared(struct arena *a, struct sources *s, uint32_t file, struct anchors *anchors,
	struct diag_list *d)
{
	const struct source *source = source_of(s, file);
	struct loader l = {.a = a, .scratch = arena_new(), .d = d, .sources = s, .file = file};
	l.shared = anchors;
	l.text = source ? source->text : STR("");
	if (!l.text.s)
		l.text = STR("");
	const struct node *root = load_text(&l);
	if (anchors && anchors->collect)
		share_anchors(&l);
	arena_free(l.scratch);
	return root;
}

const struct node *
node_load(struct arena *a, struct sources *s, uint32_t file, struct diag_list *d)
{
	return node_load_shared(a, s, file, NULL, d);
}
