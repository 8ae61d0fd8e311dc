/* SPDX-License-Identifier: MIT */
/* Schedules of workflows: their cron expressions, and the branches that they are for. */
#include "ccx/check.h"

#include "internal.h"
#include "written.h"

/* ---- cron expressions -------------------------------------------------------------------- */

/* A cron expression in the source. */
struct expression {
	const struct check *c;
	const struct node *node;
};

/* 1,11,21,31,41,51: what a step stands for */
static struct str
spell_step(struct arena *a, const struct cron_field *f, int step)
{
	struct sb b = {.a = a};
	for (int i = f->least; i <= f->last; i += step)
		sb_printf(&b, "%s%d", b.len ? "," : "", i);
	return sb_str(&b);
}

/* 15 of a star, a slash and 15; 0 of anything else, and of what is more than the field takes */
static int
step_of(const struct cron_field *f, struct str part)
{
	int step = 0;
	if (!str_starts(part, STR("*/")))
		return 0;
	for (size_t i = 2; i < part.len && step <= f->most; i++) {
		if (part.s[i] < '0' || part.s[i] > '9')
			return 0;
		step = step * 10 + part.s[i] - '0';
	}
	return step <= f->most ? step : 0;
}

/* The part of the expression where it stands in the source; all of it where that cannot be told. */
static struct span
span_of(const struct expression *e, struct str part)
{
	struct span span = e->node->span;
	struct str text = e->node->u.text;
	size_t shift = e->node->flags & NODE_QUOTED ? 1 : 0;
	if (!part.len || source_text(e->c->sources, span).len != text.len + 2 * shift)
		return span;
	return (struct span){span.file, span.off + (uint32_t)((size_t)(part.s - text.s) + shift),
		(uint32_t)part.len};
}

static void
word_fault(void *ctx, const struct cron_fault *fault)
{
	static const char *const words[] = {[CRON_FEW_FIELDS] = "has less than five fields",
		[CRON_MANY_FIELDS] = "has more than five fields",
		[CRON_STEP] = "is a step, which schedules do not take",
		[CRON_BAD_VALUE] = "is not a valid ",
		[CRON_RANGE_IN_LIST] = "has a range in a list, which schedules do not take",
		[CRON_RANGE_OF_NAMES] =
			"is a range of names, which schedules do not take: use numbers",
		[CRON_RANGE_BACKWARDS] = "is a range that ends before it begins"};
	const struct expression *e = ctx;
	struct diag_list *d = e->c->diags;
	const struct cron_field *f = fault->field;
	struct diag *g = diag_push(d, RULE_CRON_SYNTAX, span_of(e, fault->part), "\"%.*s\" %s%s",
		STR_ARG(str_sub(fault->part, 0, 100)), words[fault->kind],
		fault->kind == CRON_BAD_VALUE ? f->name : "");
	int step = fault->kind == CRON_STEP ? step_of(f, fault->part) : 0;
	if (step)
		diag_help(d, g, "list the values: %.*s", STR_ARG(spell_step(e->c->a, f, step)));
	else
		diag_help(d, g,
			"a schedule is `minute hour day month weekday` in UTC, each *, a number, a "
			"list or a range");
}

/* 0 0 31 2,4 *: read, but a day that none of its months has */
static void
check_cron(const struct check *c, const struct node *node)
{
	struct expression e = {c, node};
	struct cron cron;
	if (!cron_parse(node->u.text, &cron, word_fault, &e) || cron_next(&cron, 0) != CRON_NEVER)
		return;
	struct diag *g = diag_push(c->diags, RULE_IMPOSSIBLE_DATE, node->span,
		"this schedule never comes: no such month has day %.*s",
		STR_ARG(cron.fields[CRON_MONTH_DAY]));
	diag_help(c->diags, g, "the third field is the day, the fourth the month");
}

/* ---- triggers ---------------------------------------------------------------------------- */

/* filters: {branches: {only: [main]}} */
static void
check_branches(const struct check *c, const struct pair *schedule)
{
	const struct node *filters = node_get(schedule->value, "filters");
	const struct node *branches = node_get(filters, "branches");
	if (node_get(branches, "only") || node_get(branches, "ignore") ||
		(filters && filters->kind != NODE_MAP && filters->kind != NODE_NULL) ||
		(branches && branches->kind != NODE_MAP && branches->kind != NODE_NULL))
		return;
	struct diag *g = diag_push(c->diags, RULE_SCHEDULE_FILTERS, schedule->key->span,
		"this schedule does not say for which branches it runs");
	diag_help(c->diags, g, "add `filters: {branches: {only: main}}`: schedules require it");
}

/* triggers:
 *   - schedule: {cron: "0 0 * * *", filters: {branches: {only: main}}} */
static void
check_trigger(const struct check *c, const struct node *trigger)
{
	const struct pair *schedule = node_pair(trigger, STR("schedule"));
	if (!schedule || schedule->value->kind != NODE_MAP || !check_own(c, schedule->key->span))
		return;
	const struct node *cron = node_get(schedule->value, "cron");
	if (node_has(cron, NODE_STRING) && !(cron->flags & NODE_TEMPLATED) &&
		check_own(c, cron->span))
		check_cron(c, cron);
	check_branches(c, schedule);
	struct diag *g = diag_push(c->diags, RULE_DEPRECATED_SCHEDULE, schedule->key->span,
		"schedules of workflows are deprecated, and run only in projects of GitHub OAuth "
		"and Bitbucket Cloud");
	diag_help(c->diags, g,
		"make a schedule trigger of the project, and ask for it with "
		"`when: pipeline.trigger.name == \"nightly\"`");
}

void
check_schedule(const struct check *c)
{
	const struct node *workflows = written_workflows(c);
	for (uint32_t i = 0; workflows && i < workflows->count; i++) {
		const struct pair *p = &workflows->u.pairs[i];
		const struct node *triggers =
			is_workflow(p) ? node_get(p->value, "triggers") : NULL;
		for (uint32_t k = 0; node_has(triggers, NODE_LIST) && k < triggers->count; k++)
			check_trigger(c, triggers->u.items[k]);
	}
}
