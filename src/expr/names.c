/* SPDX-License-Identifier: MIT */
/* Which names a tree refers to, for those who look for references without rendering. */
#include "internal.h"

struct search {
	const struct sources *sources;
	void (*visit)(void *ctx, struct str name, struct span span);
	void *ctx;
	struct memo memo;
	const struct node *string;
};

static void
report(void *ctx, struct str name)
{
	const struct search *s = ctx;
	s->visit(s->ctx, name, locate(s->sources, s->string, name));
}

static void
search_tag(struct search *s, struct str body)
{
	struct fault f;
	if (expression_check(body, NULL, NULL, &f))
		expression_check(body, report, s, &f);
	else if (tag_is_loose_name(body, &f))
		report(s, str_trim(body));
}

static void
search_string(struct search *s, const struct node *n)
{
	size_t at = 0;
	struct piece t;
	s->string = n;
	while ((t = piece_next(n->u.text, &at)).kind != PIECE_END) {
		if (t.kind != PIECE_TEXT && !t.closed)
			return;
		if (t.kind == PIECE_TAG)
			search_tag(s, t.body);
		else if (t.kind == PIECE_SECTION || t.kind == PIECE_INVERTED)
			if (name_is_loose(str_trim(t.body)))
				report(s, str_trim(t.body));
	}
}

static void
search(struct search *s, const struct node *n)
{
	bool fresh;
	if (!(n->flags & NODE_TEMPLATED))
		return;
	if (n->kind == NODE_STRING) {
		search_string(s, n);
		return;
	}
	memo_at(&s->memo, n, &fresh);
	if (!fresh)
		return;
	for (uint32_t i = 0; n->kind == NODE_LIST && i < n->count; i++)
		search(s, n->u.items[i]);
	for (uint32_t i = 0; n->kind == NODE_MAP && i < n->count; i++)
		search(s, n->u.pairs[i].value);
}

void
expr_names(struct arena *a, const struct sources *sources, const struct node *n,
	void (*visit)(void *ctx, struct str name, struct span span), void *ctx)
{
	struct search s = {.sources = sources, .visit = visit, .ctx = ctx, .memo = {.a = a}};
	if (n && n->height <= 4 * LIMIT_DEPTH)
		search(&s, n);
}

void
expr_bare_names(const struct sources *sources, const struct node *text,
	void (*visit)(void *ctx, struct str name, struct span span), void *ctx)
{
	struct search s = {.sources = sources, .visit = visit, .ctx = ctx, .string = text};
	struct fault f;
	if (expression_check(text->u.text, NULL, NULL, &f))
		expression_check(text->u.text, report, &s, &f);
}
