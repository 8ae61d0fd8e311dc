/* SPDX-License-Identifier: MIT */
/* Findings that comments ignore, file by file. */
#include "ccx/check.h"

static void
apply_comments(struct sources *s, struct diag_list *d, uint32_t file, enum ignore_judge judge)
{
	const struct source *source = source_of(s, file);
	uint32_t n;
	if (!source || !comments_may_ignore(source->text))
		return;
	const struct comment *comments = node_comments(d->a, s, file, &n);
	diag_ignore_comments(d, s, comments, n, judge);
}

void
check_tree_comments(
	struct sources *s, struct diag_list *d, uint32_t file, uint32_t more, bool complete)
{
	/* Of other files nothing is said: an orb is not this project's. */
	bool *seen = NEW_ARRAY(d->a, bool, s->all.n + 1);
	for (uint32_t i = 0; i < d->all.n; i++) {
		uint32_t other = d->all.v[i].span.file;
		bool own = other >= file && other - file <= more;
		if (own || other >= s->all.n || seen[other])
			continue;
		seen[other] = true;
		apply_comments(s, d, other, IGNORE_SILENT);
	}
	for (uint32_t i = 0; i <= more; i++)
		apply_comments(s, d, file + i, complete ? IGNORE_UNUSED : IGNORE_FAULTS);
}

void
check_comments(struct sources *s, struct diag_list *d, uint32_t file, bool complete)
{
	check_tree_comments(s, d, file, 0, complete);
}
