/* SPDX-License-Identifier: MIT */
/*
 * Merging findings of several runs into one list. All is copied, so that what a run needed can be
 * dropped when it has ended; a source comes along only when a finding shows it.
 */
#include "ccx/diag.h"

#include <string.h>

/* ---- places ------------------------------------------------------------------------------ */

/* What one call of diag_merge works on. */
struct merging {
	struct diag_merge *m;
	const struct sources *from;
	uint32_t *files;    /* number in the merged sources of each source, 0: not there yet */
	struct map origins; /* address of an origin -> its copy */
};

/* One path with two texts: a file that was changed between two runs. */
static uint32_t
merge_source(struct diag_merge *m, const struct source *source)
{
	struct arena *a = m->s->a;
	uint32_t *known = map_get(&m->paths, source->path);
	if (known && str_eq(source_of(m->s, *known)->text, source->text))
		return *known;
	struct str path = m->views ? source->path : str_copy(a, source->path);
	known = NEW(a, uint32_t);
	*known = source_add(m->s, path, m->views ? source->text : str_copy(a, source->text));
	map_put(a, &m->paths, path, known);
	return *known;
}

static struct span
merge_span(struct merging *g, struct span span)
{
	const struct source *source = source_of(g->from, span.file);
	if (!source)
		return (struct span){0, span.off, span.len};
	if (!g->files[span.file])
		g->files[span.file] = merge_source(g->m, source);
	span.file = g->files[span.file];
	return span;
}

/* ---- what belongs to a finding ----------------------------------------------------------- */

/* The chain, innermost first; the findings of one job share the outer part of it. */
static const struct origin *
merge_origin(struct merging *g, const struct origin *from)
{
	struct arena *a = g->m->s->a;
	const struct origin *first = NULL, **end = &first;
	for (; from; from = from->up) {
		struct str address = {(const char *)&from, sizeof from};
		struct origin *copy = map_get(&g->origins, address);
		if (copy) {
			*end = copy;
			return first;
		}
		copy = NEW(a, struct origin);
		*copy = (struct origin){.kind = from->kind,
			.name = str_copy(a, from->name),
			.use = merge_span(g, from->use),
			.def = merge_span(g, from->def)};
		map_put(a, &g->origins, str_copy(a, address), copy);
		*end = copy;
		end = &copy->up;
	}
	return first;
}

static struct diag_note *
merge_notes(struct merging *g, const struct diag_note *from)
{
	struct arena *a = g->m->s->a;
	struct diag_note *first = NULL, **end = &first;
	for (; from; from = from->next) {
		*end = NEW(a, struct diag_note);
		**end = (struct diag_note){
			.span = merge_span(g, from->span), .text = str_copy(a, from->text)};
		end = &(*end)->next;
	}
	return first;
}

static const struct fix *
merge_fix(struct merging *g, const struct fix *from)
{
	struct arena *a = g->m->s->a;
	if (!from)
		return NULL;
	struct fix *fix = NEW(a, struct fix);
	*fix = *from;
	fix->edits = NEW_ARRAY(a, struct edit, from->nedits + 1);
	for (uint32_t i = 0; i < from->nedits; i++)
		fix->edits[i] = (struct edit){
			merge_span(g, from->edits[i].span), str_copy(a, from->edits[i].text)};
	return fix;
}

/* ---- findings ---------------------------------------------------------------------------- */

/* Whether a finding equal in rule, place and message is there; from now on it is. */
static bool
is_there(struct diag_merge *m, const struct diag *g)
{
	struct arena *a = m->s->a;
	struct sb key = {.a = a};
	sb_printf(&key, "%d %u %u ", (int)g->rule, (unsigned)g->span.file, (unsigned)g->span.off);
	sb_put(&key, g->message);
	if (map_has(&m->findings, sb_str(&key)))
		return true;
	map_put(a, &m->findings, sb_str(&key), m);
	return false;
}

static void
merge_finding(struct merging *g, const struct diag *from)
{
	struct arena *a = g->m->s->a;
	struct diag_list *d = g->m->d;
	struct diag copy = *from;
	copy.span = merge_span(g, from->span);
	copy.message = str_copy(a, from->message);
	if (is_there(g->m, &copy))
		return;
	copy.label = str_copy(a, from->label);
	copy.help = str_copy(a, from->help);
	copy.reason = str_copy(a, from->reason);
	copy.notes = merge_notes(g, from->notes);
	copy.origin = merge_origin(g, from->origin);
	copy.fix = merge_fix(g, from->fix);
	if (!copy.ignored) {
		d->errors += copy.severity == SEVERITY_ERROR;
		d->warnings += copy.severity == SEVERITY_WARNING;
	}
	vec_push(d->a, &d->all, copy);
}

void
diag_merge_init(struct diag_merge *m, struct sources *s, struct diag_list *d)
{
	*m = (struct diag_merge){.s = s, .d = d};
	for (uint32_t i = 1; i < s->all.n; i++) {
		uint32_t *file = NEW(s->a, uint32_t);
		*file = i;
		map_put(s->a, &m->paths, s->all.v[i].path, file);
	}
	for (uint32_t i = 0; i < d->all.n; i++)
		is_there(m, &d->all.v[i]);
}

void
diag_merge(struct diag_merge *m, const struct sources *s, const struct diag_list *d)
{
	struct merging g = {.m = m, .from = s};
	uint32_t kept_errors = 0, kept_warnings = 0;
	g.files = NEW_ARRAY(m->s->a, uint32_t, s->all.n);
	for (uint32_t i = 0; i < d->all.n; i++) {
		const struct diag *from = &d->all.v[i];
		kept_errors += !from->ignored && from->severity == SEVERITY_ERROR;
		kept_warnings += !from->ignored && from->severity == SEVERITY_WARNING;
		merge_finding(&g, from);
	}
	/* Those beyond the limit are counted though they are not in the list. */
	m->d->dropped += d->dropped;
	m->d->errors += d->errors - kept_errors;
	m->d->warnings += d->warnings - kept_warnings;
}
