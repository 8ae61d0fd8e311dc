/* SPDX-License-Identifier: MIT */
/*
 * A round looks at the text, applies the fixes that do not touch each other, and looks again. What
 * two fixes would do to one place is done in two rounds. When a round makes it worse, its fixes are
 * tried one by one.
 */
#include "fix.h"

#include <errno.h>
#include <string.h>

enum {
	ROUNDS = 10,
	TRIES = 100, /* single fixes of one round */
};

struct round {
	struct arena *a;
	const struct fixer *f;
	struct str text;
	bool loaded;
	uint32_t errors;
	uint32_t file;
	const struct diag_list *diags;
};

static uint32_t
errors_of(const struct diag_list *d)
{
	return d->errors + d->dropped;
}

/* Whether the text with those edits is no worse than it was. */
static bool
is_better(const struct round *r, const struct fix_set *set, struct str *out)
{
	struct fix_seen seen;
	struct str after;
	if (!text_edit(r->a, r->text, set->edits.v, set->edits.n, &after))
		return false;
	struct arena *scratch = arena_new();
	r->f->look(r->f->ctx, scratch, after, &seen);
	bool better = (seen.loaded || !r->loaded) && errors_of(seen.diags) <= r->errors &&
		      !str_eq(after, r->text);
	arena_free(scratch);
	if (better)
		*out = after;
	return better;
}

static bool
is_wanted(const struct round *r, const struct diag *g)
{
	return g->fix && !g->ignored && (g->fix->safe || r->f->unsafe);
}

static uint32_t
apply_singly(struct round *r)
{
	struct fix_set set = {0};
	struct str text = r->text, next;
	uint32_t tries = 0, n = 0;
	for (uint32_t i = 0; i < r->diags->all.n && tries < TRIES; i++) {
		const struct diag *g = &r->diags->all.v[i];
		if (!is_wanted(r, g) || !fix_set_takes(&set, g->fix, r->file))
			continue;
		struct fix_set more = {.fixes = set.fixes};
		for (uint32_t k = 0; k < set.edits.n; k++)
			vec_push(r->a, &more.edits, set.edits.v[k]);
		fix_set_add(r->a, &more, g->fix);
		tries++;
		if (!is_better(r, &more, &next))
			continue;
		set = more;
		text = next;
		n++;
	}
	r->text = text;
	return n;
}

/* One round; the number of fixes that were made. */
static uint32_t
apply_round(struct round *r)
{
	struct fix_set set = {0};
	struct str next;
	for (uint32_t i = 0; i < r->diags->all.n; i++) {
		const struct diag *g = &r->diags->all.v[i];
		if (is_wanted(r, g) && fix_set_takes(&set, g->fix, r->file))
			fix_set_add(r->a, &set, g->fix);
	}
	if (!set.fixes)
		return 0;
	if (!is_better(r, &set, &next))
		return set.fixes > 1 ? apply_singly(r) : 0;
	r->text = next;
	return set.fixes;
}

uint32_t
fix_text(struct arena *a, const struct fixer *f, struct str text, struct str *fixed)
{
	struct round r = {.a = a, .f = f, .text = text};
	uint32_t all = 0, n = 1;
	for (int i = 0; i < ROUNDS && n; i++) {
		struct arena *scratch = arena_new();
		struct fix_seen seen;
		f->look(f->ctx, scratch, r.text, &seen);
		r.loaded = seen.loaded;
		r.errors = errors_of(seen.diags);
		r.file = seen.file;
		r.diags = seen.diags;
		n = apply_round(&r);
		all += n;
		arena_free(scratch);
	}
	*fixed = r.text;
	return all;
}

bool
fix_write(struct cli *cli, const char *path, struct str before, struct str after, bool diff)
{
	bool piped = strcmp(path, "-") == 0;
	if (diff) {
		struct str name = piped ? STR("<stdin>") : str_of(path);
		report_diff(&cli->out, name, before, name, after);
		return true;
	}
	if (piped) {
		sb_put(&cli->out, after);
		return true;
	}
	if (str_eq(before, after) || file_write(path, after))
		return true;
	cli_say("cannot write %s: %s", path, strerror(errno));
	return false;
}
