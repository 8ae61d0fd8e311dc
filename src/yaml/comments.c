/* SPDX-License-Identifier: MIT */
/*
 * Comments: what libyaml's scanner leaves between its tokens. A comment that stands at a key or
 * list item is given the extent of it; for that, every line that begins a key or item is kept on a
 * stack until a line begins that is not deeper.
 */
#include "internal.h"

#include <yaml.h>

/* libyaml looks at every open bracket for each token: this bounds what that may cost. */
enum { BRACKET_VISITS = 100 << 20 };

#define NONE UINT32_MAX /* no index */

/* A line that begins a key or a list item, still open. */
struct open_line {
	uint32_t start, column, line;
	bool dash;
	uint32_t first; /* of its comments; those follow by reader.next */
};

struct reader {
	struct arena *a;
	struct arena *scratch;
	uint32_t file;
	struct str text;
	yaml_parser_t parser;
	size_t chars; /* libyaml's index of byte `bytes`: it counts characters */
	uint32_t bytes;
	uint32_t brackets, visits;
	uint32_t end; /* of the last token */
	uint32_t end_line;
	VEC(struct comment) all;
	VEC(uint32_t) next; /* of each comment: the one before it at the same line, or NONE */
	VEC(struct open_line) open;
	uint32_t waiting; /* comments that are alone, for the next line; or NONE */
};

/* libyaml's index goes up from token to token. */
static uint32_t
offset_of(struct reader *r, size_t index)
{
	while (r->chars < index && r->bytes < r->text.len) {
		r->bytes++;
		while (r->bytes < r->text.len &&
			((unsigned char)r->text.s[r->bytes] & 0xc0) == 0x80)
			r->bytes++;
		r->chars++;
	}
	return r->bytes;
}

/* ---- comments ---------------------------------------------------------------------------- */

/* Whether only blanks stand before at on its line. */
static bool
is_first(const struct reader *r, uint32_t at)
{
	while (at && (r->text.s[at - 1] == ' ' || r->text.s[at - 1] == '\t'))
		at--;
	bool marked = at == 3 && str_starts(r->text, STR("\xef\xbb\xbf"));
	return !at || marked || r->text.s[at - 1] == '\n' || r->text.s[at - 1] == '\r';
}

static void
add_comment(struct reader *r, uint32_t from, uint32_t to, bool same_line)
{
	struct comment c = {.span = {r->file, from, to - from}, .alone = is_first(r, from)};
	uint32_t before = NONE, i = r->all.n;
	struct open_line *line = r->open.n ? &r->open.v[r->open.n - 1] : NULL;
	if (c.alone) {
		before = r->waiting;
		r->waiting = i;
	} else if (same_line && line && line->line == r->end_line) {
		before = line->first;
		line->first = i;
	}
	vec_push(r->a, &r->all, c);
	vec_push(r->scratch, &r->next, before);
}

static uint32_t
line_end(const struct reader *r, uint32_t at, uint32_t most)
{
	while (at < most && r->text.s[at] != '\n' && r->text.s[at] != '\r')
		at++;
	return at;
}

/* Between two tokens stand blanks, line breaks and comments. */
static void
read_gap(struct reader *r, uint32_t from, uint32_t to)
{
	bool same_line = true;
	for (uint32_t at = from; at < to; at++) {
		char c = r->text.s[at];
		same_line = same_line && c != '\n' && c != '\r';
		if (c != '#')
			continue;
		uint32_t end = line_end(r, at, to);
		add_comment(r, at, end, same_line);
		at = end - 1;
	}
}

/* The head of a text block may end with a comment, inside of its token:
 *
 *     command: |- # why
 */
static void
read_head(struct reader *r, uint32_t from, uint32_t to)
{
	uint32_t end = line_end(r, from, to);
	for (uint32_t at = from; at < end; at++) {
		if (r->text.s[at] == '#') {
			add_comment(r, at, end, true);
			return;
		}
	}
}

/* ---- keys and items ---------------------------------------------------------------------- */

static void
give_block(struct reader *r, uint32_t comment, uint32_t from, uint32_t to)
{
	for (; comment != NONE; comment = r->next.v[comment])
		r->all.v[comment].block = (struct span){r->file, from, to - from};
}

/* Ends the lines that a line at this column does not belong to. The dashes of a list may stand in
 * the column of its key:
 *
 *     steps:
 *     - checkout
 */
static void
close_lines(struct reader *r, int64_t column, bool dash)
{
	while (r->open.n) {
		const struct open_line *top = &r->open.v[r->open.n - 1];
		bool inside = top->column < column || (top->column == column && dash && !top->dash);
		if (inside)
			return;
		give_block(r, top->first, top->start, r->end);
		r->open.n--;
	}
}

static void
read_line(struct reader *r, const yaml_token_t *t, uint32_t start)
{
	struct open_line line = {.start = start,
		.column = (uint32_t)t->start_mark.column,
		.line = (uint32_t)t->start_mark.line,
		.dash = t->type == YAML_BLOCK_ENTRY_TOKEN,
		.first = r->waiting};
	r->waiting = NONE;
	if (r->brackets)
		return; /* inside of brackets lines mean nothing */
	close_lines(r, line.column, line.dash);
	vec_push(r->scratch, &r->open, line);
}

static bool
read_token(struct reader *r, const yaml_token_t *t)
{
	bool opens = t->type == YAML_FLOW_SEQUENCE_START_TOKEN ||
		     t->type == YAML_FLOW_MAPPING_START_TOKEN;
	bool closes =
		t->type == YAML_FLOW_SEQUENCE_END_TOKEN || t->type == YAML_FLOW_MAPPING_END_TOKEN;
	if (t->start_mark.index == t->end_mark.index)
		return true; /* it says how the others hang together */
	uint32_t start = offset_of(r, t->start_mark.index);
	read_gap(r, r->end, start);
	if (is_first(r, start))
		read_line(r, t, start);
	r->end_line = (uint32_t)t->end_mark.line;
	bool block = t->type == YAML_SCALAR_TOKEN &&
		     (t->data.scalar.style == YAML_LITERAL_SCALAR_STYLE ||
			     t->data.scalar.style == YAML_FOLDED_SCALAR_STYLE);
	uint32_t head = r->end_line;
	r->end_line = block ? (uint32_t)t->start_mark.line : head;
	r->end = offset_of(r, t->end_mark.index);
	if (block)
		read_head(r, start, r->end);
	r->end_line = head;
	r->brackets += opens;
	r->brackets -= closes && r->brackets;
	r->visits += r->brackets;
	return r->visits <= BRACKET_VISITS;
}

static void
read_tokens(struct reader *r)
{
	struct str text = str_sub(r->text, r->bytes, r->text.len);
	if (!yaml_parser_initialize(&r->parser))
		return;
	yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r->parser, (const unsigned char *)text.s, text.len);
	for (bool more = true; more;) {
		yaml_token_t token;
		if (!yaml_parser_scan(&r->parser, &token))
			break;
		if (token.type == YAML_STREAM_END_TOKEN)
			read_gap(r, r->end, (uint32_t)r->text.len);
		more = read_token(r, &token) && token.type != YAML_STREAM_END_TOKEN &&
		       token.type != YAML_NO_TOKEN;
		yaml_token_delete(&token);
	}
	close_lines(r, -1, false);
	yaml_parser_delete(&r->parser);
}

struct comment *
node_comments(struct arena *a, const struct sources *s, uint32_t file, uint32_t *n)
{
	const struct source *source = source_of(s, file);
	struct reader r = {.a = a, .scratch = arena_new(), .file = file, .waiting = NONE};
	if (source && source->text.len)
		r.text = source->text;
	r.bytes = r.end = str_starts(r.text, STR("\xef\xbb\xbf")) ? 3 : 0;
	if (r.text.len)
		read_tokens(&r);
	arena_free(r.scratch);
	*n = r.all.n;
	return r.all.v;
}
