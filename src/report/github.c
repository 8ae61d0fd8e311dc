/* SPDX-License-Identifier: MIT */
/*
 * Commands that the runner of GitHub Actions turns into annotations:
 *
 *     ::error title=ccx (rule),file=x.yml,line=4,col=9,endLine=4,endColumn=14::x.yml:4:9: rule text
 *
 * The runner reads one command a line. It drops the columns, and complains, when a range has more
 * than one line.
 */
#include "ccx/report.h"

#include "format.h"

/* In a property ':' and ',' would end it. A "::" in the data cannot start another command. What
 * could disturb a reader's terminal is replaced. */
static void
put_escaped(struct sb *out, struct str text, bool property)
{
	for (size_t at = 0; at < text.len;) {
		int32_t c = utf8_next(text, &at);
		bool special = c == '%' || c == '\r' || c == '\n';
		if (special || (property && (c == ':' || c == ',')))
			sb_printf(out, "%%%02X", (unsigned)c);
		else
			utf8_put(out, c < ' ' && c != '\t' ? 0xfffd : (uint32_t)c);
	}
}

static void
put_properties(struct sb *out, const struct extent *e)
{
	sb_puts(out, ",file=");
	put_escaped(out, e->path, true);
	bool columns = e->start.line == e->end.line;
	sb_printf(out, ",line=%u", (unsigned)e->start.line);
	if (columns)
		sb_printf(out, ",col=%u", (unsigned)e->start.column);
	sb_printf(out, ",endLine=%u", (unsigned)e->end.line);
	if (columns)
		sb_printf(out, ",endColumn=%u", (unsigned)e->end.column);
}

static void
put_command(struct sb *out, const struct report_input *in, const struct diag *g)
{
	static const char *const commands[] = {"error", "warning", "notice"};
	const char *rule = rule_info(g->rule)->id;
	struct extent e;
	bool placed = extent_of(in, finding_anchor(in, g), &e);
	sb_printf(out, "::%s title=ccx (%s)", commands[g->severity], rule);
	if (placed)
		put_properties(out, &e);
	sb_puts(out, "::");
	if (placed) {
		put_escaped(out, e.path, false);
		sb_printf(out, ":%u:%u: ", (unsigned)e.start.line, (unsigned)e.start.column);
	}
	sb_printf(out, "%s ", rule);
	put_escaped(out, finding_anchor_text(in, g), false);
	sb_char(out, '\n');
}

void
render_github(struct sb *out, const struct report_input *in)
{
	for (uint32_t i = 0; i < in->findings->all.n; i++)
		if (!in->findings->all.v[i].ignored)
			put_command(out, in, &in->findings->all.v[i]);
}
