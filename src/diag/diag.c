/* SPDX-License-Identifier: MIT */
/* The list of findings, and the table of rules. */
#include "ccx/diag.h"
#include "ccx/limits.h"

#include <string.h>

static const struct rule_info rules[] = {
#define RULE(ID, id, group, severity, doc) [RULE_##ID] = {id, group, severity, doc},
#include "ccx/rules.def"
#undef RULE
};

const struct rule_info *
rule_info(enum rule rule)
{
	return &rules[rule];
}

bool
rule_find(struct str id, enum rule *rule)
{
	for (int i = 0; i < RULE_COUNT; i++) {
		if (str_is(id, rules[i].id)) {
			*rule = (enum rule)i;
			return true;
		}
	}
	return false;
}

void
diag_init(struct diag_list *d, struct arena *a)
{
	*d = (struct diag_list){.a = a};
}

static bool
same_place(struct span a, struct span b)
{
	return a.file == b.file && a.off == b.off;
}

static bool
is_said(const struct diag_list *d, const struct diag *g)
{
	for (uint32_t i = 0; i < d->all.n; i++) {
		const struct diag *o = &d->all.v[i];
		if (o->rule == g->rule && same_place(o->span, g->span) &&
			str_eq(o->message, g->message))
			return true;
	}
	return false;
}

/* What a finding says: cut where no reader would go on, at a whole character. */
static struct str
text_of(struct diag_list *d, const char *format, va_list args)
{
	struct str text = str_vprintf(d->a, format, args);
	if (text.len <= LIMIT_MESSAGE_BYTES)
		return text;
	size_t end = LIMIT_MESSAGE_BYTES;
	while (end && ((unsigned char)text.s[end] & 0xc0) == 0x80)
		end--;
	return str_printf(d->a, "%.*s…", STR_ARG(str_sub(text, 0, end)));
}

struct diag *
diag_push(struct diag_list *d, enum rule rule, struct span span, const char *format, ...)
{
	struct diag g = {.rule = rule, .severity = rules[rule].severity, .span = span};
	va_list args;
	va_start(args, format);
	g.message = text_of(d, format, args);
	va_end(args);
	d->spare = g;
	if (is_said(d, &g))
		return &d->spare;
	*(g.severity == SEVERITY_ERROR ? &d->errors : &d->warnings) += g.severity != SEVERITY_NOTE;
	if (d->all.n >= LIMIT_ERRORS) {
		d->dropped++;
		return &d->spare;
	}
	vec_push(d->a, &d->all, g);
	return &d->all.v[d->all.n - 1];
}

void
diag_label(struct diag_list *d, struct diag *g, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g->label = text_of(d, format, args);
	va_end(args);
}

void
diag_help(struct diag_list *d, struct diag *g, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g->help = text_of(d, format, args);
	va_end(args);
}

void
diag_note(struct diag_list *d, struct diag *g, struct span span, const char *format, ...)
{
	struct diag_note *note = NEW(d->a, struct diag_note);
	va_list args;
	va_start(args, format);
	*note = (struct diag_note){.span = span, .text = text_of(d, format, args)};
	va_end(args);
	struct diag_note **end = &g->notes;
	while (*end)
		end = &(*end)->next;
	*end = note;
}

void
diag_demote(struct diag_list *d, struct diag *g, enum severity severity)
{
	if (diag_kept(d, g)) {
		d->errors -= g->severity == SEVERITY_ERROR;
		d->warnings -= g->severity == SEVERITY_WARNING;
		d->errors += severity == SEVERITY_ERROR;
		d->warnings += severity == SEVERITY_WARNING;
	}
	g->severity = severity;
}

void
diag_fix(struct diag_list *d, struct diag *g, bool safe, struct span span, struct str text)
{
	const struct fix *old = g->fix;
	uint32_t n = old ? old->nedits : 0;
	struct fix *fix = NEW(d->a, struct fix);
	*fix = (struct fix){.safe = safe && (!old || old->safe), .nedits = n + 1};
	fix->edits = NEW_ARRAY(d->a, struct edit, n + 1);
	uint32_t at = n;
	while (at > 0 && old->edits[at - 1].span.off > span.off)
		at--;
	for (uint32_t i = 0; i < n; i++)
		fix->edits[i + (i >= at)] = old->edits[i];
	fix->edits[at] = (struct edit){span, text};
	g->fix = fix;
}

void
diag_ignore(struct diag_list *d, struct diag *g, struct str reason)
{
	if (!g->ignored && diag_kept(d, g)) {
		d->errors -= g->severity == SEVERITY_ERROR;
		d->warnings -= g->severity == SEVERITY_WARNING;
	}
	g->ignored = true;
	g->reason = reason;
}

void
diag_nearest(struct diag_list *d, struct diag *g, const struct nearest *n)
{
	if (n->best.len)
		diag_label(d, g, "did you mean \"%.*s\"?", STR_ARG(n->best));
}

static int
by_place(const void *x, const void *y)
{
	const struct diag *a = x, *b = y;
	if (a->span.file != b->span.file)
		return a->span.file < b->span.file ? -1 : 1;
	if (a->span.off != b->span.off)
		return a->span.off < b->span.off ? -1 : 1;
	return (a->rule > b->rule) - (a->rule < b->rule);
}

/* Merges v[from..middle) and v[middle..to), both sorted, through spare; the left of equals first.
 */
static void
merge_runs(struct diag *v, struct diag *spare, uint32_t from, uint32_t middle, uint32_t to)
{
	if (by_place(&v[middle - 1], &v[middle]) <= 0)
		return;
	uint32_t left = from, right = middle;
	for (uint32_t i = from; i < to; i++) {
		bool take_left =
			left < middle && (right == to || by_place(&v[left], &v[right]) <= 0);
		spare[i] = take_left ? v[left++] : v[right++];
	}
	memcpy(v + from, spare + from, (to - from) * sizeof *v);
}

/* From runs of one up; what is in order already, as most is, is only looked at. */
void
diag_sort(struct diag_list *d)
{
	uint32_t n = d->all.n;
	struct arena_mark mark = arena_mark(d->a);
	struct diag *spare = n > 1 ? NEW_ARRAY(d->a, struct diag, n) : NULL;
	for (size_t width = 1; width < n; width *= 2)
		for (size_t from = 0; from + width < n; from += 2 * width) {
			size_t to = from + 2 * width < n ? from + 2 * width : n;
			merge_runs(d->all.v, spare, (uint32_t)from, (uint32_t)(from + width),
				(uint32_t)to);
		}
	arena_reset(d->a, mark);
}
