/* SPDX-License-Identifier: MIT */
/*
 * What of a compiled config an event runs. The compiler has answered conditions and filters; here
 * schedules are added, which are not its business, and every no gets its words.
 */
#include "ccx/plan.h"
#include "ccx/expr.h"

enum {
	EXCERPT_CHARS = 60, /* of a condition that is shown */
	MOST_UNKNOWNS = 4,  /* values that one answer names */
};

const char *const plan_reason_names[PLAN_REASON_COUNT] = {
	[PLAN_RUNS] = "runs",
	[PLAN_CONDITION] = "condition",
	[PLAN_BRANCH] = "branch",
	[PLAN_TAG] = "tag",
	[PLAN_EXPRESSION] = "expression",
	[PLAN_UPSTREAM] = "upstream",
	[PLAN_EMPTY] = "empty",
	[PLAN_SCHEDULED] = "scheduled",
	[PLAN_OTHER_SCHEDULE] = "other_schedule",
	[PLAN_SCHEDULE_BRANCH] = "schedule_branch",
};

struct planner {
	struct arena *a;
	struct sources *s;
	const struct compiled *c;
	const struct sim_event *e;
	const struct node *values;
	const struct compiled_workflow *scheduled; /* whose schedule the event is, or NULL */
	struct plan *plan;
};

/* ---- words ------------------------------------------------------------------------------- */

static bool
is_space(int32_t c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* text in one line, at most EXCERPT_CHARS of it. */
static struct str
clipped(struct arena *a, struct str text)
{
	struct sb b = {.a = a};
	unsigned chars = 0;
	bool space = false;
	for (size_t at = 0; at < text.len;) {
		size_t from = at;
		if (is_space(utf8_next(text, &at))) {
			space = b.len > 0;
			continue;
		}
		chars += 1 + space;
		if (chars > EXCERPT_CHARS) {
			sb_puts(&b, "…");
			break;
		}
		if (space)
			sb_char(&b, ' ');
		space = false;
		sb_put(&b, str_sub(text, from, at));
	}
	return sb_str(&b);
}

static struct str
excerpt(const struct planner *p, struct span span)
{
	return clipped(p->a, source_text(p->s, span));
}

/* main, /release.*$/ */
static struct str
items(struct arena *a, const struct node *n)
{
	struct sb b = {.a = a};
	if (n->kind != NODE_LIST)
		return clipped(a, node_text(a, n));
	for (uint32_t i = 0; i < n->count && b.len < 4 * EXCERPT_CHARS; i++)
		sb_printf(&b, "%s%.*s", i ? ", " : "", STR_ARG(node_text(a, n->u.items[i])));
	return n->count ? clipped(a, sb_str(&b)) : STR("[]");
}

static const struct node *
some(const struct node *rules, const char *key)
{
	const struct node *n = node_get(rules, key);
	return n && n->kind != NODE_NULL ? n : NULL;
}

/* runs only on branch main, /release.*$/ */
static struct str
refused(const struct planner *p, const struct node *rules, bool tag, struct span why)
{
	const char *kind = tag ? "tag" : "branch";
	const struct node *only = some(rules, "only");
	if (only)
		return str_printf(p->a, "runs only on %s %.*s", kind, STR_ARG(items(p->a, only)));
	if (some(rules, "ignore"))
		return str_printf(p->a, "ignores %s %.*s", kind, STR_ARG(excerpt(p, why)));
	return tag ? STR("its filters let no tag pass") : STR("its filters let no branch pass");
}

static struct str
upstream_names(
	const struct planner *p, const struct compiled_workflow *w, const struct compiled_entry *e)
{
	struct sb b = {.a = p->a};
	for (uint32_t i = 0; i < e->nrequires && b.len < 4 * EXCERPT_CHARS; i++)
		sb_printf(
			&b, "%s%.*s", i ? ", " : "", STR_ARG(w->entries[e->requires[i].from].name));
	return clipped(p->a, sb_str(&b));
}

static struct plan_answer
entry_answer(
	const struct planner *p, const struct compiled_workflow *w, const struct compiled_entry *e)
{
	const struct node *filters = node_get(e->entry, "filters");
	struct plan_answer no = {.why = e->why};
	switch (e->absence) {
	case PRESENT:
		return (struct plan_answer){0};
	case ABSENT_BRANCH:
		no.reason = PLAN_BRANCH;
		no.text = refused(p, node_get(filters, "branches"), false, e->why);
		break;
	case ABSENT_TAG:
		no.reason = PLAN_TAG;
		no.text = filters ? refused(p, node_get(filters, "tags"), true, e->why)
				  : STR("has no filters for tags, so no tag runs it");
		break;
	case ABSENT_EXPRESSION:
		no.reason = PLAN_EXPRESSION;
		no.text = str_printf(
			p->a, "its filters are false: %.*s", STR_ARG(excerpt(p, e->why)));
		break;
	default:
		no.reason = PLAN_UPSTREAM;
		no.text = str_printf(p->a, "nothing that it waits for runs: %.*s",
			STR_ARG(upstream_names(p, w, e)));
	}
	return no;
}

/* ---- values that the event does not set -------------------------------------------------- */

struct looking {
	const struct planner *p;
	struct plan_answer *answer;
};

/* What the compiler took for a value that nobody gave; false when it was known after all. */
static bool
taken_for(const struct planner *p, struct str name, struct str *text)
{
	const struct pipeline_value *v = catalog_value(name);
	*text = STR("");
	if (node_find(p->values, name) || !v || v->local > DEFAULT_TEXT)
		return false;
	if (v->local == DEFAULT_TEXT)
		*text = str_of(v->fixed);
	return true;
}

static void
look_at(void *ctx, struct str name, struct span span)
{
	struct looking *l = ctx;
	struct plan_answer *answer = l->answer;
	struct plan_unknown unknown = {0};
	(void)span;
	if (!str_starts(name, STR("pipeline.")) || str_starts(name, STR("pipeline.parameters.")) ||
		answer->nunknowns == MOST_UNKNOWNS || !taken_for(l->p, name, &unknown.taken))
		return;
	for (uint32_t i = 0; i < answer->nunknowns; i++)
		if (str_eq(answer->unknowns[i].name, name))
			return;
	if (!answer->unknowns)
		answer->unknowns = NEW_ARRAY(l->p->a, struct plan_unknown, MOST_UNKNOWNS);
	unknown.name = str_copy(l->p->a, name);
	answer->unknowns[answer->nunknowns++] = unknown;
}

/* when: pipeline.event.action == "opened", or << >> in a scalar or a map. In filters a text is
 * always an expression. */
static void
look_for_unknowns(const struct planner *p, const struct node *condition, bool bare,
	struct plan_answer *answer)
{
	struct looking l = {p, answer};
	if (!condition || !p->c->source->templated)
		return;
	const struct node *inner = node_get(condition, "condition");
	condition = inner ? inner : condition;
	bool text = condition->kind == NODE_STRING;
	if (text && (bare || !(condition->flags & NODE_TEMPLATED)))
		expr_bare_names(p->s, condition, look_at, &l);
	else
		expr_names(p->a, p->s, condition, look_at, &l);
}

/* ---- schedules --------------------------------------------------------------------------- */

/* The schedule of the i-th trigger, or NULL.
 *
 *     triggers:
 *       - schedule: {cron: "0 0 * * *", filters: {branches: {only: main}}} */
static const struct node *
schedule_of(const struct node *triggers, uint32_t i)
{
	const struct node *schedule = node_get(triggers->u.items[i], "schedule");
	return node_has(schedule, NODE_MAP) ? schedule : NULL;
}

static const struct node *
triggers_of(const struct compiled_workflow *w)
{
	const struct node *triggers = node_get(w->node, "triggers");
	return node_has(triggers, NODE_LIST) && triggers->count ? triggers : NULL;
}

static struct str
crons(const struct planner *p, const struct node *triggers)
{
	struct sb b = {.a = p->a};
	for (uint32_t i = 0; i < triggers->count && b.len < 4 * EXCERPT_CHARS; i++) {
		const struct node *cron = node_get(schedule_of(triggers, i), "cron");
		if (cron)
			sb_printf(&b, "%s%.*s", b.len ? ", " : "", STR_ARG(node_text(p->a, cron)));
	}
	return clipped(p->a, sb_str(&b));
}

/* Is one of the schedules for the branch of the event? *why is where the first one says no. */
static bool
schedule_admits(const struct planner *p, const struct node *triggers, struct span *why)
{
	struct filter_query q = {.a = p->a, .name = p->e->branch};
	for (uint32_t i = triggers->count; i-- > 0;) {
		const struct node *filters = node_get(schedule_of(triggers, i), "filters");
		const struct node *branches = node_get(filters, "branches");
		if (!node_has(branches, NODE_MAP) || filter_admits(&q, branches, why))
			return true;
	}
	return false;
}

static struct plan_answer
schedule_answer(const struct planner *p, const struct compiled_workflow *w)
{
	const struct node *triggers = triggers_of(w);
	struct plan_answer no = {.why = w->span};
	if (p->scheduled && p->scheduled != w) {
		no.reason = PLAN_OTHER_SCHEDULE;
		no.text = str_printf(
			p->a, "this is the schedule of the workflow %.*s", STR_ARG(p->e->schedule));
		return no;
	}
	if (!triggers)
		return (struct plan_answer){0};
	no.why = node_pair(w->node, STR("triggers"))->key->span;
	if (!p->scheduled) {
		no.reason = PLAN_SCHEDULED;
		no.text = str_printf(
			p->a, "only its schedule runs it: %.*s", STR_ARG(crons(p, triggers)));
		return no;
	}
	if (!p->e->branch.len || schedule_admits(p, triggers, &no.why))
		return (struct plan_answer){0};
	no.reason = PLAN_SCHEDULE_BRANCH;
	no.text = STR("its schedule is not for this branch");
	return no;
}

/* ---- workflows --------------------------------------------------------------------------- */

/* its `when` is false: << pipeline.parameters.deploy >> */
static struct str
refusal(const struct planner *p, const struct compiled_workflow *w, bool unless)
{
	const char *turned = "";
	if (w->why_true != unless)
		turned = w->why_true ? ", as this is true" : ", as this is false";
	return str_printf(p->a, "its `%s` is %s%s: %.*s", unless ? "unless" : "when",
		unless ? "true" : "false", turned, STR_ARG(excerpt(p, w->why)));
}

static struct plan_answer
workflow_answer(const struct planner *p, const struct compiled_workflow *w)
{
	bool unless = node_get(w->node, "unless") != NULL;
	struct plan_answer answer = {.why = w->why};
	if (w->absence == ABSENT_CONDITION) {
		answer.reason = PLAN_CONDITION;
		answer.text = refusal(p, w, unless);
	} else {
		answer = schedule_answer(p, w);
	}
	if (!answer.reason && w->absence == ABSENT_EMPTY)
		answer = (struct plan_answer){
			.reason = PLAN_EMPTY, .why = w->why, .text = STR("none of its jobs runs")};
	/* What a condition depends on matters unless something else decides. */
	if (answer.reason == PLAN_RUNS || answer.reason == PLAN_CONDITION)
		look_for_unknowns(p, node_get(w->node, unless ? "unless" : "when"), false, &answer);
	return answer;
}

static void
plan_entries(const struct planner *p, struct plan_workflow *out)
{
	const struct compiled_workflow *w = out->workflow;
	out->nentries = w->nentries;
	out->entries = NEW_ARRAY(p->a, struct plan_entry, w->nentries);
	for (uint32_t i = 0; i < w->nentries; i++) {
		struct plan_entry *e = &out->entries[i];
		e->entry = &w->entries[i];
		e->answer = entry_answer(p, w, e->entry);
		const struct node *filters = node_get(e->entry->entry, "filters");
		if (node_has(filters, NODE_STRING) && e->answer.reason != PLAN_UPSTREAM)
			look_for_unknowns(p, filters, true, &e->answer);
		out->njobs += e->answer.reason == PLAN_RUNS;
	}
}

static void
plan_workflow(const struct planner *p, struct plan_workflow *out)
{
	const struct node *triggers = triggers_of(out->workflow);
	out->answer = workflow_answer(p, out->workflow);
	out->schedule = triggers ? crons(p, triggers) : STR("");
	if (out->answer.reason == PLAN_RUNS || out->answer.reason == PLAN_EMPTY)
		plan_entries(p, out);
	p->plan->njobs += out->njobs;
	p->plan->nrunning += out->answer.reason == PLAN_RUNS;
}

static const struct compiled_workflow *
scheduled_workflow(const struct compiled *c, const struct sim_event *e)
{
	for (uint32_t i = 0; e->of_workflow && i < c->nworkflows; i++)
		if (str_eq(c->workflows[i].name, e->schedule) && triggers_of(&c->workflows[i]))
			return &c->workflows[i];
	return NULL;
}

struct plan *
sim_plan(struct arena *a, struct sources *s, const struct compiled *c, const struct sim_event *e,
	const struct node *values)
{
	struct plan *plan = NEW(a, struct plan);
	const struct node *setup = node_get(c->root, "setup");
	struct planner p = {.a = a,
		.s = s,
		.c = c,
		.e = e,
		.values = values,
		.scheduled = scheduled_workflow(c, e),
		.plan = plan};
	*plan = (struct plan){.event = e, .compiled = c, .nworkflows = c->nworkflows};
	plan->setup = node_has(setup, NODE_BOOL) && setup->u.boolean;
	plan->workflows = NEW_ARRAY(a, struct plan_workflow, c->nworkflows);
	for (uint32_t i = 0; i < c->nworkflows; i++) {
		plan->workflows[i].workflow = &c->workflows[i];
		plan_workflow(&p, &plan->workflows[i]);
	}
	return plan;
}
