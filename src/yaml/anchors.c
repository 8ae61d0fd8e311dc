/* SPDX-License-Identifier: MIT */
/* Anchors and their aliases, which the tree does not show: an alias is the same node as its
 * anchor. */
#include "internal.h"

#include <string.h>
#include <yaml.h>

/* libyaml looks at every open bracket for each token: this bounds what that may cost. */
enum { BRACKET_VISITS = 100 << 20 };

struct reader {
	struct arena *a;
	uint32_t file;
	struct str text;
	size_t chars; /* libyaml's index of byte `bytes`: it counts characters */
	uint32_t bytes;
	uint64_t brackets, visits;
	VEC(struct anchor_use) all;
	struct map latest; /* name -> index + 1 of the anchor that an alias means now */
};

/* libyaml's index goes up from token to token. */
static uint32_t
offset_of(struct reader *r, size_t index)
{
	for (; r->chars < index && r->bytes < r->text.len; r->chars++) {
		r->bytes++;
		while (r->bytes < r->text.len &&
			((unsigned char)r->text.s[r->bytes] & 0xc0) == 0x80)
			r->bytes++;
	}
	return r->bytes;
}

/* &name: a later one of the same name takes its place */
static void
add_anchor(struct reader *r, const yaml_token_t *t)
{
	uint32_t start = offset_of(r, t->start_mark.index);
	uint32_t end = offset_of(r, t->end_mark.index);
	struct anchor_use anchor = {.span = {r->file, start, end - start}};
	anchor.name = str_sub(r->text, start + 1, end);
	vec_push(r->a, &r->all, anchor);
	map_put(r->a, &r->latest, anchor.name, (void *)(uintptr_t)r->all.n);
}

static void
read_token(struct reader *r, const yaml_token_t *t)
{
	if (t->type == YAML_ANCHOR_TOKEN)
		add_anchor(r, t);
	if (t->type == YAML_ALIAS_TOKEN) {
		struct str name = str_of((const char *)t->data.alias.value);
		uintptr_t i = (uintptr_t)map_get(&r->latest, name);
		if (i)
			r->all.v[i - 1].uses++;
	}
	if (t->type == YAML_FLOW_SEQUENCE_START_TOKEN || t->type == YAML_FLOW_MAPPING_START_TOKEN)
		r->brackets++;
	else if (t->type == YAML_FLOW_SEQUENCE_END_TOKEN || t->type == YAML_FLOW_MAPPING_END_TOKEN)
		r->brackets -= r->brackets > 0;
	r->visits += r->brackets;
}

/* False when the end was not reached: then nothing can be said of any anchor. */
static bool
read_tokens(struct reader *r)
{
	struct str text = str_sub(r->text, r->bytes, r->text.len);
	yaml_parser_t parser;
	bool ended = false, more = true;
	if (!yaml_parser_initialize(&parser))
		return false;
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.s, text.len);
	while (more) {
		yaml_token_t token;
		if (!yaml_parser_scan(&parser, &token))
			break;
		read_token(r, &token);
		ended = token.type == YAML_STREAM_END_TOKEN;
		more = !ended && r->visits <= BRACKET_VISITS;
		yaml_token_delete(&token);
	}
	yaml_parser_delete(&parser);
	return ended;
}

struct anchor_use *
node_anchors(struct arena *a, const struct sources *s, uint32_t file, uint32_t *n)
{
	const struct source *source = source_of(s, file);
	struct reader r = {.a = a, .file = file};
	*n = 0;
	if (!source ||
		memchr(source->text.len ? source->text.s : "", '&', source->text.len) == NULL)
		return NULL;
	r.text = source->text;
	r.bytes = str_starts(r.text, STR("\xef\xbb\xbf")) ? 3 : 0;
	if (!read_tokens(&r))
		return NULL;
	*n = r.all.n;
	return r.all.v;
}
