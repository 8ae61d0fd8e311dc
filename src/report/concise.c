/* SPDX-License-Identifier: MIT */
/*
 * One line a finding:
 *
 *     .circleci/config.yml:41:17: error: job "biuld" is not defined [undefined-job]
 *
 * Vim's errorformat for it is %f:%l:%c: %t%*[a-z]: %m
 */
#include "ccx/report.h"

#include "format.h"
#include "frame.h"

static void
put_line(const struct frame *f, const struct report_input *in, const struct diag *g)
{
	const struct source *source = source_of(in->sources, g->span.file);
	if (source) {
		struct place p = source_place(in->sources, g->span.file, g->span.off);
		frame_text(f, source->path);
		sb_printf(f->out, ":%u:%u: ", (unsigned)p.line, (unsigned)p.column);
	}
	sb_printf(f->out, "%s: ", severity_word(g->severity));
	frame_text(f, one_line(in->sources->a, g->message));
	sb_printf(f->out, " [%s]\n", rule_info(g->rule)->id);
}

void
render_concise(struct sb *out, const struct report_input *in)
{
	struct frame f = {.out = out, .s = in->sources};
	for (uint32_t i = 0; i < in->findings->all.n; i++)
		if (!in->findings->all.v[i].ignored)
			put_line(&f, in, &in->findings->all.v[i]);
}
