/* SPDX-License-Identifier: MIT */
/* What events run, as JSON. */
#include "ccx/report.h"

#include "jsonw.h"
#include "plan.h"
#include "statuses.h"

struct writing {
	struct jsonw w;
	struct sources *s;
	struct arena *a;
};

/* "runs": false, "reason": "branch", "message": "runs only on branch main", "place": {…},
 * "unknown": [{"value": "pipeline.event.action", "taken": null}] */
static void
put_answer(struct writing *j, const struct plan_answer *answer, struct span here)
{
	bool runs = answer->reason == PLAN_RUNS;
	jsonw_bool(&j->w, "runs", runs);
	jsonw_optional(&j->w, "reason", runs ? STR("") : str_of(plan_reason_names[answer->reason]));
	jsonw_optional(&j->w, "message", answer->text);
	jsonw_place(&j->w, "place", j->s, runs ? here : answer->why);
	jsonw_open(&j->w, "unknown", '[');
	for (uint32_t i = 0; i < answer->nunknowns; i++) {
		jsonw_open(&j->w, NULL, '{');
		jsonw_str(&j->w, "value", answer->unknowns[i].name);
		jsonw_optional(&j->w, "taken", answer->unknowns[i].taken);
		jsonw_close(&j->w, '}');
	}
	jsonw_close(&j->w, ']');
}

/* "requires": [{"name": "build", "runs": true, "statuses": ["success"]}] */
static void
put_requires(struct writing *j, const struct plan_workflow *w, const struct compiled_entry *e)
{
	jsonw_open(&j->w, "requires", '[');
	for (uint32_t i = 0; i < e->nrequires; i++) {
		const struct plan_entry *from = &w->entries[e->requires[i].from];
		jsonw_open(&j->w, NULL, '{');
		jsonw_str(&j->w, "name", from->entry->name);
		jsonw_bool(&j->w, "runs", from->answer.reason == PLAN_RUNS);
		statuses_put_json(&j->w, "statuses", e->requires[i].accepts);
		jsonw_close(&j->w, '}');
	}
	jsonw_close(&j->w, ']');
}

static void
put_entry(struct writing *j, const struct plan_workflow *w, const struct plan_entry *e)
{
	jsonw_open(&j->w, NULL, '{');
	jsonw_str(&j->w, "name", e->entry->name);
	jsonw_str(&j->w, "job", e->entry->target);
	jsonw_optional(&j->w, "group", e->entry->group);
	jsonw_text(&j->w, "type", e->entry->type ? e->entry->type : "build");
	put_answer(j, &e->answer, e->entry->span);
	put_requires(j, w, e->entry);
	jsonw_close(&j->w, '}');
}

/* "workflows": [...] */
static void
put_plan(struct writing *j, const struct plan *p)
{
	jsonw_number(&j->w, "running_workflows", p->nrunning);
	jsonw_number(&j->w, "running_jobs", p->njobs);
	jsonw_open(&j->w, "workflows", '[');
	for (uint32_t i = 0; i < p->nworkflows; i++) {
		const struct plan_workflow *w = &p->workflows[i];
		jsonw_open(&j->w, NULL, '{');
		jsonw_str(&j->w, "name", w->workflow->name);
		put_answer(j, &w->answer, w->workflow->span);
		jsonw_optional(&j->w, "schedule", w->schedule);
		jsonw_open(&j->w, "jobs", '[');
		for (uint32_t k = 0; k < w->nentries; k++)
			put_entry(j, w, &w->entries[k]);
		jsonw_close(&j->w, ']');
		jsonw_close(&j->w, '}');
	}
	jsonw_close(&j->w, ']');
}

static void
put_event(struct writing *j, const struct sim_event *e)
{
	jsonw_open(&j->w, "event", '{');
	jsonw_text(&j->w, "kind", event_kind_names[e->kind]);
	jsonw_str(&j->w, "title", event_title(j->a, e));
	jsonw_optional(&j->w, "branch", e->branch);
	jsonw_optional(&j->w, "tag", e->tag);
	if (e->number)
		jsonw_number(&j->w, "pull_request", (uint64_t)e->number);
	else
		jsonw_null(&j->w, "pull_request");
	jsonw_optional(&j->w, "schedule", e->schedule);
	jsonw_list(&j->w, "changed", e->changed.v, e->changed.n);
	jsonw_list(&j->w, "notes", e->notes.v, e->notes.n);
	jsonw_close(&j->w, '}');
}

static void
put_scalar(struct writing *j, const char *key, const struct node *n)
{
	if (n->kind == NODE_BOOL)
		jsonw_bool(&j->w, key, n->u.boolean);
	else if (n->kind == NODE_INT && !(n->flags & NODE_BIG) && n->u.integer >= 0)
		jsonw_number(&j->w, key, (uint64_t)n->u.integer);
	else
		jsonw_str(&j->w, key, node_text(j->a, n));
}

/* "path_filtering": {"base": "main", "lines": [...], "parameters": [...], "configs": [...]} */
static void
put_paths(struct writing *j, const struct path_filter *paths)
{
	jsonw_open(&j->w, "path_filtering", '{');
	jsonw_str(&j->w, "base", paths->base);
	jsonw_place(&j->w, "place", j->s, paths->span);
	jsonw_open(&j->w, "lines", '[');
	for (uint32_t i = 0; i < paths->nlines; i++) {
		jsonw_open(&j->w, NULL, '{');
		jsonw_str(&j->w, "text", paths->lines[i].text);
		jsonw_optional(&j->w, "file", paths->lines[i].file);
		jsonw_place(&j->w, "place", j->s, paths->lines[i].span);
		jsonw_close(&j->w, '}');
	}
	jsonw_close(&j->w, ']');
	jsonw_open(&j->w, "parameters", '[');
	for (uint32_t i = 0; paths->parameters && i < paths->parameters->count; i++) {
		const struct pair *p = &paths->parameters->u.pairs[i];
		jsonw_open(&j->w, NULL, '{');
		jsonw_str(&j->w, "name", node_text(j->a, p->key));
		put_scalar(j, "value", p->value);
		jsonw_close(&j->w, '}');
	}
	jsonw_close(&j->w, ']');
	jsonw_list(&j->w, "configs", paths->configs.v, paths->configs.n);
	jsonw_close(&j->w, '}');
}

static void
put_report(struct writing *j, const struct report_plan *r)
{
	jsonw_open(&j->w, NULL, '{');
	put_event(j, r->event);
	jsonw_bool(&j->w, "pipeline", r->plan != NULL);
	jsonw_optional(&j->w, "message", r->event->no_pipeline);
	if (r->plan) {
		jsonw_bool(&j->w, "setup", r->plan->setup);
		put_plan(j, r->plan);
	}
	if (r->paths)
		put_paths(j, r->paths);
	if (r->continued) {
		jsonw_open(&j->w, "continuation", '{');
		jsonw_str(&j->w, "config", r->continuation);
		put_plan(j, r->continued);
		jsonw_close(&j->w, '}');
	}
	jsonw_close(&j->w, '}');
}

void
report_plan_json(struct sb *out, const struct report_plan *r)
{
	struct writing j = {.w = {.out = out}, .s = r->sources, .a = out->a};
	put_report(&j, r);
	sb_char(out, '\n');
}

void
report_plans_json(struct sb *out, const struct report_plan *r, uint32_t n)
{
	struct writing j = {.w = {.out = out}, .s = n ? r->sources : NULL, .a = out->a};
	jsonw_open(&j.w, NULL, '{');
	jsonw_open(&j.w, "plans", '[');
	for (uint32_t i = 0; i < n; i++)
		put_report(&j, &r[i]);
	jsonw_close(&j.w, ']');
	jsonw_close(&j.w, '}');
	sb_char(out, '\n');
}
