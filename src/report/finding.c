/* SPDX-License-Identifier: MIT */
/* What a finding says and where, in the pieces that the machine formats are made of. */
#include "ccx/report.h"

#include "format.h"

/* ---- places ------------------------------------------------------------------------------ */

struct str
path_plain(struct str path)
{
	while (str_starts(path, STR("./")) && path.len > 2)
		path = str_sub(path, 2, path.len);
	return path;
}

bool
extent_of(const struct report_input *in, struct span span, struct extent *e)
{
	const struct source *source = source_of(in->sources, span.file);
	if (!source)
		return false;
	size_t end = (size_t)span.off + span.len;
	if (end > source->text.len)
		end = source->text.len;
	e->path = path_plain(source->path);
	e->start = source_place(in->sources, span.file, span.off);
	e->end = source_place(in->sources, span.file, (uint32_t)end);
	return true;
}

/* Not: "/etc/x", "../x", "-" (standard input), "<--pipeline-values>", "https://x/orb.yml". */
bool
path_in_checkout(struct str path)
{
	path = path_plain(path);
	return path.len && !str_starts(path, STR("/")) && !str_is(path, "..") &&
	       !str_starts(path, STR("../")) && !str_is(path, "-") && !str_starts(path, STR("<")) &&
	       !str_has(path, STR("://"));
}

struct str
path_fallback(const struct report_input *in)
{
	if (in->npaths)
		return path_plain(in->paths[0]);
	return STR(".circleci/config.yml");
}

struct span
finding_anchor(const struct report_input *in, const struct diag *g)
{
	const struct source *source = source_of(in->sources, g->span.file);
	if (source && path_in_checkout(source->path))
		return g->span;
	for (const struct origin *o = g->origin; o; o = o->up) {
		const struct source *caller = source_of(in->sources, o->use.file);
		if (caller && path_in_checkout(caller->path))
			return o->use;
	}
	return g->span;
}

/* ---- words ------------------------------------------------------------------------------- */

const char *
severity_word(enum severity severity)
{
	static const char *const words[] = {"error", "warning", "note"};
	return words[severity];
}

struct str
rule_url(struct arena *a, enum rule rule)
{
	return str_printf(a, REPORT_RULE_URL, rule_info(rule)->id);
}

struct str
one_line(struct arena *a, struct str text)
{
	struct sb b = {.a = a};
	for (size_t at = 0; at < text.len;) {
		size_t end = at;
		while (end < text.len && text.s[end] != '\n' && text.s[end] != '\r')
			end++;
		struct str line = str_trim(str_sub(text, at, end));
		if (line.len && b.len)
			sb_char(&b, ' ');
		sb_put(&b, line);
		at = end + 1;
	}
	return sb_str(&b);
}

struct str
finding_text(const struct report_input *in, const struct diag *g)
{
	struct sb b = {.a = in->sources->a};
	sb_put(&b, g->message);
	if (g->label.len)
		sb_printf(&b, "\n%.*s", STR_ARG(g->label));
	if (g->help.len)
		sb_printf(&b, "\nhelp: %.*s", STR_ARG(g->help));
	return sb_str(&b);
}

bool
finding_moves(const struct report_input *in, const struct diag *g)
{
	struct span anchor = finding_anchor(in, g);
	return anchor.file != g->span.file || anchor.off != g->span.off;
}

struct str
finding_anchor_text(const struct report_input *in, const struct diag *g)
{
	struct str text = finding_text(in, g);
	struct extent e;
	if (!finding_moves(in, g) || !extent_of(in, g->span, &e))
		return text;
	return str_printf(in->sources->a, "%.*s\nat %.*s:%u:%u", STR_ARG(text), STR_ARG(e.path),
		(unsigned)e.start.line, (unsigned)e.start.column);
}

/* ---- other places ------------------------------------------------------------------------ */

/* command 'node/install' is called here */
static struct related
related_call(struct arena *a, const struct origin *o)
{
	static const char *const words[][2] = {
		[ORIGIN_WORKFLOW] = {"workflow", "stands"},
		[ORIGIN_JOB] = {"job", "is called"},
		[ORIGIN_COMMAND] = {"command", "is called"},
		[ORIGIN_EXECUTOR] = {"executor", "is used"},
		[ORIGIN_ORB] = {"orb", "is imported"},
	};
	struct str text = str_printf(
		a, "%s '%.*s' %s here", words[o->kind][0], STR_ARG(o->name), words[o->kind][1]);
	return (struct related){text, o->use};
}

struct related *
finding_related(const struct report_input *in, const struct diag *g, uint32_t *n)
{
	struct arena *a = in->sources->a;
	VEC(struct related) all = {0};
	for (const struct diag_note *note = g->notes; note; note = note->next) {
		struct related r = {note->text, note->span};
		vec_push(a, &all, r);
	}
	for (const struct origin *o = g->origin; o; o = o->up)
		if (source_of(in->sources, o->use.file))
			vec_push(a, &all, related_call(a, o));
	*n = all.n;
	return all.v;
}

/* ---- files ------------------------------------------------------------------------------- */

struct files {
	struct arena *a;
	struct map by_path;
	VEC(struct file_findings *) all;
};

static struct file_findings *
file_entry(struct files *f, struct str path)
{
	struct file_findings *entry = map_get(&f->by_path, path);
	if (!entry) {
		entry = NEW(f->a, struct file_findings);
		entry->path = path;
		map_put(f->a, &f->by_path, path, entry);
		vec_push(f->a, &f->all, entry);
	}
	return entry;
}

struct file_findings **
findings_by_file(const struct report_input *in, uint32_t *n)
{
	struct files f = {.a = in->sources->a};
	for (uint32_t i = 0; i < in->npaths; i++)
		file_entry(&f, path_plain(in->paths[i]));
	for (uint32_t i = 0; i < in->findings->all.n; i++) {
		const struct diag *g = &in->findings->all.v[i];
		const struct source *source = source_of(in->sources, g->span.file);
		if (g->ignored)
			continue;
		struct str path = source ? path_plain(source->path) : path_fallback(in);
		vec_push(f.a, &file_entry(&f, path)->all, g);
	}
	*n = f.all.n;
	return f.all.v;
}
