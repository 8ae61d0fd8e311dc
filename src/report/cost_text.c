/* SPDX-License-Identifier: MIT */
/* What a config costs, as text: what is known, what is assumed and what is not known. */
#include "cost.h"

#include "frame.h"
#include "units.h"

#include <inttypes.h>

enum { WIDTH = 100 };

/* "~2m10s": where a part of it is nobody's word. */
static struct str
time_text(struct arena *a, int64_t ms, bool assumed)
{
	return str_printf(a, "%s%.*s", assumed ? "~" : "", STR_ARG(units_duration(a, ms)));
}

static void
put_name(struct sb *out, struct str name)
{
	sb_put(out, frame_clean(out->a, name));
}

static struct cell
shown(struct str text)
{
	return (struct cell){text, NULL};
}

static const char *
plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* ---- workflows --------------------------------------------------------------------------- */

enum { JOB, CLASS, TASKS, TIME, RATE, DLC, CREDITS, COLUMNS };

/* "20 [1]", "unknown [2]" */
static struct str
rate_text(struct arena *a, const struct report_cost *what, const struct cost_rate *rate)
{
	return str_printf(a, "%.*s%s [%u]", STR_ARG(cell_scaled(a, rate->milli, 1000, "").shown),
		rate->estimated ? "?" : "", (unsigned)cost_rate_number(what, rate));
}

static void
add_job(struct table *t, const struct report_cost *what, const struct cost_job *job)
{
	struct arena *a = t->a;
	const struct sim_job *of = job->node->job;
	struct str class = of->class_name;
	if (of->remote_docker && of->host)
		class = str_printf(a, "%.*s + remote", STR_ARG(class));
	table_add(t, shown(job->node->name));
	table_add(t, shown(class));
	table_add(t, cell_amount(a, job->tasks));
	table_add(t, shown(time_text(a, job->ms, job->assumed)));
	table_add(t, shown(rate_text(a, what, job->rate)));
	table_add(t, shown(cost_credits_text(a, job->sum.kinds[COST_DLC])));
	table_add(t, shown(cost_credits_text(a, job->sum.total)));
}

static void
put_workflow(struct sb *out, const struct report_cost *what, const struct cost_workflow *w)
{
	struct column columns[COLUMNS] = {{"JOB", NULL, false}, {"CLASS", NULL, false},
		{"TASKS", NULL, true}, {"TIME", NULL, true}, {"CREDITS/MIN", NULL, true},
		{"DLC", NULL, true}, {"CREDITS", NULL, true}};
	struct table t = {.a = out->a, .columns = columns, .ncolumns = COLUMNS};
	struct credits dlc = w->sum.kinds[COST_DLC];
	if (!dlc.milli && !dlc.at_least)
		columns[DLC].title = NULL;
	sb_puts(out, "\nWorkflow ");
	put_name(out, w->run->workflow->name);
	if (!w->njobs) {
		sb_puts(out, ": no job of it runs\n");
		return;
	}
	sb_printf(out, ", done after %s\n",
		time_text(out->a, w->run->end - w->run->start, w->assumed).s);
	for (uint32_t i = 0; i < w->njobs; i++)
		add_job(&t, what, &w->jobs[i]);
	table_add(&t, shown(STR("total")));
	for (int i = CLASS; i < DLC; i++)
		table_add(&t, shown(STR("")));
	table_add(&t, shown(cost_credits_text(out->a, dlc)));
	table_add(&t, shown(cost_credits_text(out->a, w->sum.total)));
	table_print(out, &t, WIDTH);
}

/* ---- sums -------------------------------------------------------------------------------- */

static const char *const kind_titles[COST_KIND_COUNT] = {
	"compute", "Docker layer caching", "storage", "network to runners", "IP ranges", "users"};

/* "580 credits, $0.35" */
static void
put_total(struct sb *out, const struct cost *c, struct credits total)
{
	int64_t dollars = cost_dollars(c->options, total.milli);
	struct str text = total.milli      ? cost_credits_text(out->a, total)
			  : total.at_least ? STR("at least 0")
					   : STR("0");
	sb_printf(out, "%.*s credit%s", STR_ARG(text), total.milli == 1000 ? "" : "s");
	if (dollars >= 0)
		sb_printf(out, ", %.*s", STR_ARG(cost_money_text(out->a, total, dollars)));
}

/* The parts of a sum, where there are several. */
static void
put_parts(struct sb *out, const struct cost_sum *sum)
{
	unsigned parts = 0;
	for (int i = 0; i < COST_KIND_COUNT; i++)
		parts += sum->kinds[i].milli > 0 || sum->kinds[i].at_least;
	for (int i = 0; parts > 1 && i < COST_KIND_COUNT; i++) {
		struct credits part = sum->kinds[i];
		if (part.milli || part.at_least)
			sb_printf(out, "  %-22s%.*s\n", kind_titles[i],
				STR_ARG(cost_credits_text(out->a, part)));
	}
}

/* What jobs ask for and the plan has not. */
static void
put_missing(struct sb *out, const struct cost *c)
{
	enum catalog_plan plan = c->options->world.plan;
	const struct plan_term *term = catalog_term(STR("ip-ranges"));
	bool no_ip_ranges = term && term->amount[plan] == 0;
	struct map told = {0};
	for (uint32_t i = 0; i < c->npipelines; i++)
		for (uint32_t k = 0; k < c->pipelines[i].nworkflows; k++)
			for (uint32_t j = 0; j < c->pipelines[i].workflows[k].njobs; j++) {
				const struct cost_job *job = &c->pipelines[i].workflows[k].jobs[j];
				const struct sim_job *of = job->node->job;
				struct str lack = of->class_name;
				if (!cost_plan_lacks(of, plan))
					lack = of->ip_ranges && no_ip_ranges ? STR("IP ranges")
									     : STR("");
				if (!lack.len || map_has(&told, lack))
					continue;
				map_put(out->a, &told, lack, &told);
				sb_printf(out, "  Plan %s has no %.*s, which ",
					catalog_plan_names[plan], STR_ARG(lack));
				put_name(out, job->node->name);
				sb_puts(out, " asks for.\n");
			}
}

static void
put_pipeline(struct sb *out, const struct report_cost *what)
{
	const struct cost *c = what->cost;
	sb_puts(out, "\nPipeline: ");
	put_total(out, c, c->sum.total);
	sb_printf(
		out, ", done after %s\n", time_text(out->a, what->played->makespan, c->assumed).s);
	put_parts(out, &c->sum);
	if (c->storage)
		sb_printf(out, "  It keeps %s%.*s GB-months; a plan includes some each month.\n",
			c->storage == INT64_MAX ? "more than " : "",
			STR_ARG(cost_milli_text(out->a, c->storage / cost_storage_days())));
	put_missing(out, c);
	if (c->sum.total.at_least)
		sb_puts(out, "  Not every rate is published: --rates FILE gives them, --estimates "
			     "counts estimates.\n");
	if (c->assumed)
		sb_puts(out, "  ~ stands on assumed durations: --timings or --scenario says how "
			     "long.\n");
}

static void
put_quantiles(struct sb *out, const struct report_cost *what)
{
	static const char *const names[COST_QUANTILES] = {"least", "5 %", "median", "95 %", "most"};
	static const struct column columns[] = {
		{"RUNS", NULL, false}, {"CREDITS", NULL, true}, {"TIME", NULL, true}};
	const struct cost_spread *q = &what->drawn;
	struct table t = {.a = out->a, .columns = columns, .ncolumns = 3};
	if (!q->runs)
		return;
	for (int i = 0; i < COST_QUANTILES; i++) {
		table_add(&t, shown(str_of(names[i])));
		table_add(&t,
			shown(cost_credits_text(out->a,
				(struct credits){q->milli[i], what->cost->sum.total.at_least})));
		table_add(&t, shown(units_duration(out->a, q->ms[i])));
	}
	sb_printf(out, "\nOf %u runs with drawn durations and outcomes\n", (unsigned)q->runs);
	table_print(out, &t, WIDTH);
}

/* ---- the month --------------------------------------------------------------------------- */

static bool
sells_none(enum catalog_plan plan)
{
	const struct plan_term *package = catalog_term(STR("credit-package"));
	return package && package->amount[plan] == 0;
}

/* What the plan makes of it. */
static void
put_plan(struct sb *out, const struct report_cost *what)
{
	const struct cost_month *m = what->month;
	enum catalog_plan plan = what->cost->options->world.plan;
	const char *name = catalog_plan_names[plan];
	if (m->included < 0) {
		sb_printf(out,
			"  What plan %s includes is %s: --rates gives plan/credits and credit.\n",
			name, m->included == AMOUNT_CUSTOM ? "by contract" : "not known");
		return;
	}
	sb_printf(out, "  Plan %s includes %.*s credits", name,
		STR_ARG(cost_milli_text(out->a, m->included)));
	if (m->fits >= 0) {
		sb_puts(out, ", enough for ");
		units_put_number(out, m->fits);
		sb_printf(out, " pipeline%s", plural((uint64_t)m->fits));
	}
	if (!m->beyond.milli) {
		sb_puts(out, m->beyond.at_least ? "; whether they are enough is unknown.\n"
						: "; they are enough.\n");
	} else if (m->packages < 0) {
		sb_printf(out, ": %s%.*s too few, %s.\n", m->beyond.at_least ? "at least " : "",
			STR_ARG(cost_milli_text(out->a, m->beyond.milli)),
			sells_none(plan) ? "and it sells no more: builds stop"
					 : "which the contract prices");
	} else {
		sb_printf(out, "; %s", m->beyond.at_least ? "at least " : "");
		units_put_number(out, m->packages);
		sb_printf(out, " more package%s for the other %.*s.\n",
			plural((uint64_t)m->packages),
			STR_ARG(cost_milli_text(out->a, m->beyond.milli)));
	}
	if (m->dollars >= 0)
		sb_printf(out, "  To pay: %.*s a month before tax.\n",
			STR_ARG(cost_money_text(out->a, m->beyond, m->dollars)));
}

static void
put_month(struct sb *out, const struct report_cost *what)
{
	const struct cost_month *m = what->month;
	if (!m)
		return;
	sb_puts(out, "\nMonth of ");
	units_put_number(out, (int64_t)m->pipelines);
	sb_printf(out, " pipeline%s: ", plural(m->pipelines));
	put_total(out, what->cost, m->sum.total);
	sb_char(out, '\n');
	for (uint32_t i = 0; m->nparts > 1 && i < m->nparts; i++) {
		sb_puts(out, "  ");
		put_name(out, m->parts[i].name);
		sb_puts(out, ": ");
		units_put_number(out, (int64_t)m->parts[i].pipelines);
		struct credits each = m->parts[i].cost->sum.total;
		sb_printf(out, " at %.*s credit%s each\n", STR_ARG(cost_credits_text(out->a, each)),
			each.milli == 1000 ? "" : "s");
	}
	put_parts(out, &m->sum);
	put_plan(out, what);
}

/* ---- what if ----------------------------------------------------------------------------- */

static const char *
sign(int64_t n)
{
	return n < 0 ? "-" : n > 0 ? "+" : "";
}

static int64_t
magnitude(int64_t n)
{
	return n < 0 ? -n : n;
}

/* The last two cells of a row. change: as text, without sign; doubtful: it is not known. */
static void
add_change(struct table *t, int64_t before, int64_t after, struct str change, bool doubtful)
{
	int64_t tenths;
	if (doubtful) {
		table_add(t, shown(STR("unknown")));
		table_add(t, shown(STR("")));
		return;
	}
	table_add(t, shown(str_printf(t->a, "%s%.*s", sign(after - before), STR_ARG(change))));
	if (!cost_percent(before, after, &tenths)) {
		table_add(t, shown(STR("")));
		return;
	}
	int64_t size = magnitude(tenths);
	table_add(t, shown(str_printf(t->a, "%s%" PRId64 ".%d %%", sign(tenths), size / 10,
			     (int)(size % 10))));
}

static void
add_times(struct table *t, struct str name, int64_t before, int64_t after)
{
	struct arena *a = t->a;
	table_add(t, shown(name));
	table_add(t, shown(units_duration(a, before)));
	table_add(t, shown(units_duration(a, after)));
	add_change(t, before, after, units_duration(a, magnitude(after - before)), false);
}

static void
add_credits(struct table *t, struct str name, const struct credits pair[2], bool doubtful)
{
	struct arena *a = t->a;
	int64_t before = pair[0].milli, after = pair[1].milli;
	doubtful = doubtful || cost_is_more(pair[0]) || cost_is_more(pair[1]);
	table_add(t, shown(name));
	table_add(t, shown(cost_credits_text(a, pair[0])));
	table_add(t, shown(cost_credits_text(a, pair[1])));
	add_change(t, before, after, cost_milli_text(a, magnitude(after - before)), doubtful);
}

static void
add_dollars(struct table *t, const struct report_cost *what, const struct credits pair[2],
	bool doubtful)
{
	struct arena *a = t->a;
	int64_t before = cost_dollars(what->cost->options, pair[0].milli);
	int64_t after = cost_dollars(what->cost->options, pair[1].milli);
	if (before < 0 || after < 0)
		return;
	doubtful = doubtful || cost_is_more(pair[0]) || cost_is_more(pair[1]) ||
		   before == INT64_MAX || after == INT64_MAX;
	table_add(t, shown(STR("  money")));
	table_add(t, shown(cost_money_text(a, pair[0], before)));
	table_add(t, shown(cost_money_text(a, pair[1], after)));
	add_change(t, before, after, cost_dollars_text(a, magnitude(after - before)), doubtful);
}

/* "build", or "main: build" where several workflows run. */
static struct str
changed_name(struct arena *a, const struct report_cost *what, const struct cost_changed *job)
{
	struct str name = job->before->node->name;
	if (what->cost->pipelines[0].nworkflows < 2)
		return name;
	return str_printf(a, "%.*s: %.*s", STR_ARG(job->workflow->name), STR_ARG(name));
}

static void
add_heading(struct table *t, struct str text)
{
	table_add(t, shown(text));
	for (uint32_t i = 1; i < t->ncolumns; i++)
		table_add(t, shown(STR("")));
}

static void
add_totals(struct table *t, const struct report_cost *what, bool doubtful)
{
	struct credits pipeline[2] = {what->cost->sum.total, what->recost->sum.total};
	add_heading(t, STR("pipeline"));
	add_times(t, STR("  time"), what->played->makespan, what->replayed->makespan);
	add_credits(t, STR("  credits"), pipeline, doubtful);
	add_dollars(t, what, pipeline, doubtful);
	if (!what->month)
		return;
	struct credits month[2] = {what->month->sum.total, what->remonth->sum.total};
	add_heading(t, STR("month"));
	add_credits(t, STR("  credits"), month, doubtful);
	add_dollars(t, what, month, doubtful);
}

/* How the change is thought to act. */
static void
put_assumptions(struct sb *out, const struct report_cost *what)
{
	sb_printf(out, "Speed-up %.*s: ", STR_ARG(what->speed));
	if (str_is(what->speed, "none"))
		sb_puts(out, "no step gets faster with vCPUs");
	else if (str_is(what->speed, "linear"))
		sb_puts(out, "run steps get faster as vCPUs get more");
	else
		sb_printf(out, "of the time of run steps the part %.*s gets less as vCPUs get more",
			STR_ARG(str_sub(what->speed, 7, what->speed.len)));
	sb_puts(out, "; other steps take as long as before.\n"
		     "With more tasks only steps that split tests get shorter; all others are "
		     "done by each task.\n");
	for (uint32_t i = 0; i < what->nunsplit; i++)
		sb_printf(out, "No step of %.*s was seen to split tests.\n",
			STR_ARG(frame_clean(out->a, what->unsplit[i])));
}

/* They are too slow for a limit, or no longer are. */
static void
put_other_ends(struct sb *out, const struct report_cost *what)
{
	uint32_t n;
	const struct cost_end *ends = cost_other_ends(out->a, what, &n);
	for (uint32_t i = 0; i < n; i++) {
		put_name(out, ends[i].was->node->name);
		sb_printf(out, " then ends as %s%s instead of %s.\n",
			job_status_names[ends[i].is->status],
			ends[i].is->timed_out ? " (the plan's time limit)" : "",
			job_status_names[ends[i].was->status]);
	}
}

static void
put_what_if(struct sb *out, const struct report_cost *what)
{
	static const struct column columns[] = {{"", NULL, false}, {"BEFORE", NULL, true},
		{"AFTER", NULL, true}, {"CHANGE", NULL, true}, {"", NULL, true}};
	struct table t = {.a = out->a, .columns = columns, .ncolumns = 5};
	uint32_t n;
	if (!what->nchanges)
		return;
	struct str all = str_join(out->a, what->changes, what->nchanges, ", ");
	struct cost_changed *jobs = cost_changed_jobs(out->a, what, &n);
	sb_puts(out, "\nWhat if ");
	put_name(out, all);
	sb_char(out, '\n');
	for (uint32_t i = 0; i < n; i++) {
		const struct cost_job *x = jobs[i].before, *y = jobs[i].after;
		struct credits pair[2] = {x->sum.total, y->sum.total};
		add_heading(&t, changed_name(out->a, what, &jobs[i]));
		add_times(&t, STR("  time of its tasks"), x->ms, y->ms);
		add_credits(&t, STR("  credits"), pair, pair[0].at_least || pair[1].at_least);
	}
	add_totals(&t, what, !cost_comparable(jobs, n));
	table_print(out, &t, WIDTH);
	put_other_ends(out, what);
	put_assumptions(out, what);
}

/* ---- advice ------------------------------------------------------------------------------ */

static const char *const change_keys[] = {"resource_class", "parallelism", "docker_layer_caching"};

/* .circleci/config.yml:12:21: resource_class: medium instead of large (test) */
static void
put_advice(struct sb *out, const struct report_cost *what, const struct cost_advice *v)
{
	const struct source *source = source_of(what->sources, v->span.file);
	struct place place = source_place(what->sources, v->span.file, v->span.off);
	struct sb note = {.a = out->a};
	int64_t tenths, total = what->cost->sum.total.milli;
	sb_printf(out, "%.*s:%u:%u: %s%s: %.*s instead of %.*s (%.*s)\n",
		STR_ARG(frame_clean(out->a, source ? source->path : STR(""))), (unsigned)place.line,
		(unsigned)place.column, v->written ? "" : "add ", change_keys[v->kind],
		STR_ARG(v->to), STR_ARG(v->from), STR_ARG(frame_clean(out->a, v->jobs)));
	sb_printf(out, "  saves %.*s credit%s", STR_ARG(cost_milli_text(out->a, v->saved)),
		v->saved == 1000 ? "" : "s");
	if (cost_percent(total, total - v->saved, &tenths) && tenths)
		sb_printf(out, " (%d.%d %%)", (int)(-tenths / 10), (int)(-tenths % 10));
	if (v->lost == SIM_NEVER)
		sb_puts(&note, "how much later the pipeline ends is not known");
	else if (v->lost == 0)
		sb_puts(&note, "the pipeline ends no later");
	else
		sb_printf(&note, "the pipeline ends %.*s %s",
			STR_ARG(units_duration(out->a, magnitude(v->lost))),
			v->lost > 0 ? "later" : "earlier");
	sb_printf(out, "; %.*s%s\n", STR_ARG(sb_str(&note)),
		v->assumed ? " (assumed durations)" : "");
	if (v->note.len)
		sb_printf(out, "  %.*s\n", STR_ARG(v->note));
}

static void
put_advices(struct sb *out, const struct report_cost *what)
{
	if (!what->advise)
		return;
	sb_puts(out, "\nAdvice, most credits for the time first\n");
	if (!what->advice.n)
		sb_puts(out, "No smaller class, no fewer tasks and no switch that ccx knows saves "
			     "credits.\n");
	for (uint32_t i = 0; i < what->advice.n; i++)
		put_advice(out, what, &what->advice.v[i]);
	if (what->advice.untried)
		sb_printf(out, "%u lines of cheaper jobs were not looked at: there are too many.\n",
			(unsigned)what->advice.untried);
	if (what->advice.n)
		sb_printf(out,
			"This stands on speed-up %.*s.\nOnly a run shows whether the memory of "
			"a smaller class is enough.\n",
			STR_ARG(what->speed));
}

/* ---- the whole --------------------------------------------------------------------------- */

void
report_cost_text(struct sb *out, const struct report_cost *what)
{
	const struct cost *c = what->cost;
	const struct sim_world *world = &c->options->world;
	struct table rates = cost_rates_table(out->a, what);
	struct str note = cost_rates_note(out->a, what, &rates);
	if (!note.len)
		note = str_printf(
			out->a, "rates as of %.*s", STR_ARG(cell_day(out->a, world->as_of).shown));
	sb_printf(out, "Plan %s, %.*s\n", catalog_plan_names[world->plan], STR_ARG(note));
	for (uint32_t i = 0; i < c->npipelines; i++)
		for (uint32_t k = 0; k < c->pipelines[i].nworkflows; k++)
			put_workflow(out, what, &c->pipelines[i].workflows[k]);
	put_pipeline(out, what);
	put_quantiles(out, what);
	put_month(out, what);
	put_what_if(out, what);
	put_advices(out, what);
	if (!rates.cells.n)
		return;
	sb_puts(out, "\nRates in credits, as given with --rates or found in ccx catalog rates\n");
	table_print(out, &rates, WIDTH);
}
