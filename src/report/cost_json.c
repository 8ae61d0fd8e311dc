/* SPDX-License-Identifier: MIT */
/*
 * What a config costs, as one JSON object. Credits are in milli-credits, money in micro-dollars,
 * times in milliseconds; what is not known is null, and "at_least" says of a sum that a part of it
 * is not known.
 */
#include "cost.h"

#include "jsonw.h"

static void
put_amount(struct jsonw *w, const char *key, int64_t amount)
{
	if (amount < 0 || amount == INT64_MAX) /* more than can be counted */
		jsonw_null(w, key);
	else
		jsonw_number(w, key, (uint64_t)amount);
}

/* ---- costs ------------------------------------------------------------------------------- */

static void
put_sum(struct jsonw *w, const struct cost *c, const struct cost_sum *sum)
{
	jsonw_number(w, "millicredits", (uint64_t)sum->total.milli);
	jsonw_bool(w, "at_least", sum->total.at_least || cost_is_more(sum->total));
	put_amount(w, "microdollars", cost_dollars(c->options, sum->total.milli));
	jsonw_open(w, "kinds", '{');
	for (int i = 0; i < COST_KIND_COUNT; i++) {
		struct credits part = sum->kinds[i];
		if (!part.milli && !part.at_least)
			continue;
		jsonw_open(w, cost_kind_names[i], '{');
		jsonw_number(w, "millicredits", (uint64_t)part.milli);
		jsonw_bool(w, "at_least", part.at_least || cost_is_more(part));
		jsonw_close(w, '}');
	}
	jsonw_close(w, '}');
}

static void
put_job(struct jsonw *w, const struct cost *c, const struct cost_job *job)
{
	const struct sim_job *of = job->node->job;
	jsonw_open(w, NULL, '{');
	jsonw_str(w, "name", job->node->name);
	jsonw_str(w, "resource_class", of->class_name);
	if (of->remote_docker && of->host)
		jsonw_text(w, "remote_docker_class", of->host->name);
	jsonw_bool(w, "class_in_plan", !cost_plan_lacks(of, c->options->world.plan));
	jsonw_number(w, "parallelism", of->parallelism);
	jsonw_number(w, "tasks", job->tasks);
	jsonw_number(w, "billed_milliseconds", (uint64_t)job->ms);
	jsonw_bool(w, "assumed", job->assumed);
	jsonw_str(w, "rate", job->rate->name);
	put_sum(w, c, &job->sum);
	jsonw_close(w, '}');
}

static void
put_workflow(struct jsonw *w, const struct cost *c, const struct cost_workflow *workflow)
{
	jsonw_open(w, NULL, '{');
	jsonw_str(w, "name", workflow->run->workflow->name);
	jsonw_number(w, "milliseconds", (uint64_t)(workflow->run->end - workflow->run->start));
	put_sum(w, c, &workflow->sum);
	jsonw_open(w, "jobs", '[');
	for (uint32_t i = 0; i < workflow->njobs; i++)
		put_job(w, c, &workflow->jobs[i]);
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

static void
put_pipeline(struct jsonw *w, const char *key, const struct cost *c, const struct sim_result *r)
{
	jsonw_open(w, key, '{');
	jsonw_number(w, "milliseconds", (uint64_t)r->makespan);
	jsonw_bool(w, "assumed", c->assumed);
	put_sum(w, c, &c->sum);
	put_amount(w, "storage_milli_gb_days", c->storage);
	put_amount(w, "network_milli_gb", c->network);
	jsonw_open(w, "workflows", '[');
	for (uint32_t i = 0; i < c->npipelines; i++)
		for (uint32_t k = 0; k < c->pipelines[i].nworkflows; k++)
			put_workflow(w, c, &c->pipelines[i].workflows[k]);
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

static void
put_month(struct jsonw *w, const char *key, const struct cost *c, const struct cost_month *m)
{
	if (!m)
		return;
	jsonw_open(w, key, '{');
	jsonw_number(w, "pipelines", m->pipelines);
	jsonw_open(w, "parts", '[');
	for (uint32_t i = 0; i < m->nparts; i++) {
		jsonw_open(w, NULL, '{');
		jsonw_str(w, "name", m->parts[i].name);
		jsonw_number(w, "pipelines", m->parts[i].pipelines);
		jsonw_number(w, "millicredits", (uint64_t)m->parts[i].cost->sum.total.milli);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	put_sum(w, c, &m->sum);
	put_amount(w, "included_millicredits", m->included);
	jsonw_number(w, "beyond_millicredits", (uint64_t)m->beyond.milli);
	put_amount(w, "pipelines_included", m->fits);
	put_amount(w, "packages", m->packages);
	put_amount(w, "to_pay_microdollars", m->dollars);
	jsonw_close(w, '}');
}

static void
put_quantiles(struct jsonw *w, const struct cost_spread *q)
{
	if (!q->runs)
		return;
	jsonw_open(w, "drawn", '{');
	jsonw_number(w, "runs", q->runs);
	jsonw_open(w, "quantiles", '[');
	for (int i = 0; i < COST_QUANTILES; i++) {
		jsonw_open(w, NULL, '{');
		jsonw_number(w, "ppm", cost_quantile_ppm[i]);
		jsonw_number(w, "millicredits", (uint64_t)q->milli[i]);
		jsonw_number(w, "milliseconds", (uint64_t)q->ms[i]);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

/* ---- changes ----------------------------------------------------------------------------- */

static void
put_ends(struct jsonw *w, const struct report_cost *what)
{
	uint32_t n;
	const struct cost_end *ends = cost_other_ends(w->out->a, what, &n);
	jsonw_open(w, "other_ends", '[');
	for (uint32_t i = 0; i < n; i++) {
		jsonw_open(w, NULL, '{');
		jsonw_str(w, "job", ends[i].was->node->name);
		jsonw_text(w, "before", job_status_names[ends[i].was->status]);
		jsonw_text(w, "after", job_status_names[ends[i].is->status]);
		jsonw_bool(w, "timed_out", ends[i].is->timed_out);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static void
put_what_if(struct jsonw *w, const struct report_cost *what)
{
	if (!what->nchanges)
		return;
	jsonw_open(w, "what_if", '{');
	jsonw_list(w, "changes", what->changes, what->nchanges);
	jsonw_str(w, "speedup", what->speed);
	jsonw_list(w, "without_test_splitting", what->unsplit, what->nunsplit);
	put_ends(w, what);
	put_pipeline(w, "pipeline", what->recost, what->replayed);
	put_month(w, "month", what->recost, what->remonth);
	jsonw_close(w, '}');
}

static void
put_advice(struct jsonw *w, const struct report_cost *what, const struct cost_advice *v)
{
	static const char *const keys[] = {"resource_class", "parallelism", "docker_layer_caching"};
	const struct source *source = source_of(what->sources, v->span.file);
	struct place place = source_place(what->sources, v->span.file, v->span.off);
	jsonw_open(w, NULL, '{');
	jsonw_str(w, "jobs", v->jobs);
	jsonw_text(w, "key", keys[v->kind]);
	jsonw_str(w, "from", v->from);
	jsonw_str(w, "to", v->to);
	jsonw_str(w, "path", source ? source->path : STR(""));
	jsonw_number(w, "line", place.line);
	jsonw_number(w, "column", place.column);
	jsonw_bool(w, "written", v->written);
	jsonw_number(w, "saved_millicredits", (uint64_t)v->saved);
	if (v->lost == SIM_NEVER)
		jsonw_null(w, "later_milliseconds");
	else
		jsonw_integer(w, "later_milliseconds", v->lost);
	jsonw_integer(w, "slower_milliseconds", v->slower);
	jsonw_bool(w, "assumed", v->assumed);
	jsonw_str(w, "note", v->note);
	jsonw_close(w, '}');
}

static void
put_advices(struct jsonw *w, const struct report_cost *what)
{
	if (!what->advise)
		return;
	jsonw_str(w, "speedup", what->speed);
	jsonw_number(w, "untried", what->advice.untried);
	jsonw_open(w, "advice", '[');
	for (uint32_t i = 0; i < what->advice.n; i++)
		put_advice(w, what, &what->advice.v[i]);
	jsonw_close(w, ']');
}

/* ---- rates ------------------------------------------------------------------------------- */

static void
put_value(struct jsonw *w, const char *key, const struct node *value, struct arena *a)
{
	if (!value || value->kind == NODE_NULL)
		jsonw_null(w, key);
	else if (value->kind == NODE_BOOL)
		jsonw_bool(w, key, value->u.boolean);
	else if (value->kind == NODE_INT)
		jsonw_integer(w, key, value->u.integer);
	else
		jsonw_str(w, key, node_text(a, value));
}

static void
put_rates(struct jsonw *w, const struct table *t)
{
	jsonw_open(w, t->key, '[');
	for (uint32_t i = 0; i < t->cells.n; i++) {
		const struct column *column = &t->columns[i % t->ncolumns];
		if (i % t->ncolumns == 0)
			jsonw_open(w, NULL, '{');
		if (column->key)
			put_value(w, column->key, t->cells.v[i].value, t->a);
		if ((i + 1) % t->ncolumns == 0)
			jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

void
report_cost_json(struct sb *out, const struct report_cost *what)
{
	const struct sim_world *world = &what->cost->options->world;
	struct jsonw w = {.out = out};
	struct table rates = cost_rates_table(out->a, what);
	struct str note = cost_rates_note(out->a, what, &rates);
	jsonw_open(&w, NULL, '{');
	jsonw_text(&w, "plan", catalog_plan_names[world->plan]);
	jsonw_text(&w, "target", catalog_target_names[world->target]);
	jsonw_str(&w, "as_of", cell_day(out->a, world->as_of).shown);
	if (note.len)
		jsonw_str(&w, "note", note);
	put_pipeline(&w, "pipeline", what->cost, what->played);
	put_quantiles(&w, &what->drawn);
	put_month(&w, "month", what->cost, what->month);
	put_what_if(&w, what);
	put_advices(&w, what);
	put_rates(&w, &rates);
	jsonw_close(&w, '}');
	sb_char(out, '\n');
}
