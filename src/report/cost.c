/* SPDX-License-Identifier: MIT */
/* The rates that a cost rests on, and what a change makes of its jobs. */
#include "cost.h"

#include "catalog.h"

#include <stdlib.h>

/* ---- rates ------------------------------------------------------------------------------- */

uint32_t
cost_rate_number(const struct report_cost *what, const struct cost_rate *rate)
{
	for (uint32_t i = 0; i < what->cost->rates.n; i++)
		if (what->cost->rates.v[i] == rate)
			return i + 1;
	return 0;
}

static struct cell
value_cell(struct arena *a, struct str text)
{
	return (struct cell){text, node_string(a, text, (struct span){0})};
}

/* rates.yml:3 */
static struct cell
place_cell(struct arena *a, struct sources *s, struct span span)
{
	const struct source *source = source_of(s, span.file);
	struct place place = source_place(s, span.file, span.off);
	struct str text = str_printf(
		a, "%.*s:%u", STR_ARG(source ? source->path : STR("")), (unsigned)place.line);
	return value_cell(a, text);
}

/* What to think of a rate; nothing when CircleCI itself says it. */
static struct str
basis_of(const struct cost_rate *rate, const struct catalog_source *source, struct arena *a)
{
	if (rate->span.file)
		return STR("given");
	if (rate->estimated)
		return STR("an estimate");
	if (rate->milli < 0 && rate->estimate >= 0)
		return str_printf(a, "not published; estimate %.*s",
			STR_ARG(cell_scaled(a, rate->estimate, 1000, "").shown));
	if (rate->milli < 0)
		return STR("not published");
	return source && !source->official ? STR("not official") : STR("");
}

static struct cell
remark_of(struct arena *a, const struct cost_rate *rate, const struct catalog_source *source,
	int as_of)
{
	struct str basis = basis_of(rate, source, a);
	if (!source || !catalog_is_later(str_of(source->id), as_of))
		return value_cell(a, basis);
	return value_cell(
		a, str_printf(a, "%.*s%sfirst known", STR_ARG(basis), basis.len ? "; " : ""));
}

/* What a row is about: one of these, and how it is shown. */
struct figure {
	int64_t milli;    /* milli-credits; AMOUNT_UNKNOWN */
	int64_t included; /* thousandths of what a plan includes; AMOUNT_UNKNOWN */
	int64_t nano;     /* billionths of a dollar a credit; AMOUNT_UNKNOWN */
	int64_t dollars;  /* millionths of a dollar; AMOUNT_UNKNOWN */
	struct str shown;
};

static void
add_row(struct table *t, const struct report_cost *what, const struct cost_rate *rate,
	struct figure figure)
{
	struct arena *a = t->a;
	bool given = rate->span.file != 0;
	const struct catalog_source *source =
		rate->source && !given ? catalog_source(str_of(rate->source)) : NULL;
	uint32_t number = t->cells.n / t->ncolumns + 1;
	table_add(t, (struct cell){str_printf(a, "[%u]", (unsigned)number), NULL});
	table_add(t, value_cell(a, rate->name));
	table_add(t, (struct cell){figure.shown, NULL});
	table_add(t, cell_amount(a, figure.milli));
	table_add(t, cell_amount(a, rate->estimate));
	table_add(t, cell_bool(a, rate->estimated));
	table_add(t, cell_amount(a, figure.included));
	table_add(t, cell_amount(a, figure.nano));
	table_add(t, cell_amount(a, figure.dollars));
	table_add(t, value_cell(a, rate->per));
	table_add(t, given ? place_cell(a, what->sources, rate->span) : cell_text(a, rate->source));
	table_add(t, cell_text(a, source ? source->date : NULL));
	table_add(t, given ? cell_text(a, NULL) : cell_bool(a, source && source->official));
	table_add(t, cell_text(a, source ? source->title : NULL));
	table_add(t, remark_of(a, rate, source, what->cost->options->world.as_of));
}

static void
add_rate(struct table *t, const struct report_cost *what, const struct cost_rate *rate)
{
	struct figure figure = {rate->milli, AMOUNT_UNKNOWN, AMOUNT_UNKNOWN, AMOUNT_UNKNOWN,
		cell_scaled(t->a, rate->milli, 1000, "").shown};
	add_row(t, what, rate, figure);
}

/* What the plan includes of something each month. */
static void
add_term(struct table *t, const struct report_cost *what, const char *name)
{
	const struct cost_options *o = what->cost->options;
	const struct plan_term *term = catalog_term(str_of(name));
	struct str key = str_printf(t->a, "plan/%s", name);
	const struct cost_rate *given = cost_given(o, key);
	int64_t amount = cost_term(o, name);
	struct cost_rate rate = {.name = key, .milli = amount, .estimate = AMOUNT_UNKNOWN};
	if (given)
		rate = *given;
	else if (term)
		rate.source = term->source;
	rate.per = term ? str_of(term->unit) : STR("");
	if (rate.milli < AMOUNT_UNKNOWN)
		rate.milli = 0; /* a word is no lack of one */
	struct figure figure = {AMOUNT_UNKNOWN, amount, AMOUNT_UNKNOWN, AMOUNT_UNKNOWN,
		cell_scaled(t->a, amount, 1000, "").shown};
	add_row(t, what, &rate, figure);
}

/* What credits cost: dollars of a package, or of one credit where somebody says that. */
static void
add_exchange(struct table *t, const struct report_cost *what)
{
	const struct cost_options *o = what->cost->options;
	const struct cost_rate *given = cost_given(o, STR("credit"));
	const struct catalog_price *price = catalog_price(STR("credits"));
	struct cost_rate rate = {.estimate = AMOUNT_UNKNOWN};
	/* A thousand credits have as many micro-dollars as one has billionths. */
	struct figure figure = {
		AMOUNT_UNKNOWN, AMOUNT_UNKNOWN, cost_dollars(o, 1000000), AMOUNT_UNKNOWN, STR("")};
	int64_t dollars = given ? given->milli : price ? price->dollars : AMOUNT_UNKNOWN;
	struct cell cell = cell_scaled(t->a, dollars, given ? 1000000000 : 1000000, "");
	figure.shown = str_printf(t->a, "$%.*s", STR_ARG(cell.shown));
	if (price) {
		rate.name = str_of(price->name);
		rate.per = str_of(price->per);
		rate.source = price->source;
	}
	if (given || price)
		add_row(t, what, given ? given : &rate, figure);
}

/* What the plan itself costs a month. */
static void
add_fee(struct table *t, const struct report_cost *what)
{
	struct str name =
		str_printf(t->a, "plan-%s", catalog_plan_names[what->cost->options->world.plan]);
	const struct catalog_price *price = catalog_price(name);
	struct cost_rate rate = {.name = name, .estimate = AMOUNT_UNKNOWN};
	struct figure figure = {
		AMOUNT_UNKNOWN, AMOUNT_UNKNOWN, AMOUNT_UNKNOWN, AMOUNT_UNKNOWN, STR("")};
	if (!price || price->dollars <= 0)
		return;
	rate.per = str_of(price->per);
	rate.source = price->source;
	figure.dollars = price->dollars;
	figure.shown = str_printf(
		t->a, "$%.*s", STR_ARG(cell_scaled(t->a, price->dollars, 1000000, "").shown));
	add_row(t, what, &rate, figure);
}

static void
add_month(struct table *t, const struct report_cost *what)
{
	const struct cost_month *m = what->month;
	const struct cost *c = what->cost;
	add_term(t, what, "credits");
	if (m->dollars >= 0)
		add_fee(t, what);
	if (m->users) {
		struct cost_rate rate = cost_price(c->options, "user");
		add_rate(t, what, &rate);
		add_term(t, what, "users");
	}
	if (m->storage)
		add_term(t, what, "storage");
	if (m->network)
		add_term(t, what, "network");
}

/* Rates of another cost that the table has not: those of a change, of a scheduled workflow. */
static void
add_further(
	struct table *t, const struct report_cost *what, const struct cost *c, struct map *known)
{
	for (uint32_t i = 0; i < c->rates.n; i++) {
		const struct cost_rate *rate = c->rates.v[i];
		if (map_has(known, rate->name))
			continue;
		map_put(t->a, known, rate->name, t);
		add_rate(t, what, rate);
	}
}

static void
add_parts(struct table *t, const struct report_cost *what, const struct cost_month *m,
	struct map *known)
{
	for (uint32_t i = 0; m && i < m->nparts; i++)
		add_further(t, what, m->parts[i].cost, known);
}

struct table
cost_rates_table(struct arena *a, const struct report_cost *what)
{
	static const struct column columns[] = {{"", NULL, false}, {"RATE", "name", false},
		{"CREDITS", NULL, true}, {NULL, "millicredits", true},
		{NULL, "estimated_millicredits", true}, {NULL, "is_estimate", false},
		{NULL, "included_thousandths", true}, {NULL, "nanodollars_per_credit", true},
		{NULL, "microdollars", true}, {"PER", "per", false}, {"SOURCE", "source", false},
		{"DATE", "date", false}, {NULL, "official", false}, {NULL, "title", false},
		{"REMARKS", "remark", false}};

	struct table t = {.a = a, .key = "rates", .columns = columns};
	struct map known = {0};
	t.ncolumns = sizeof columns / sizeof *columns;
	for (uint32_t i = 0; i < what->cost->rates.n; i++) {
		map_put(a, &known, what->cost->rates.v[i]->name, &t);
		add_rate(&t, what, what->cost->rates.v[i]);
	}
	if (what->recost)
		add_further(&t, what, what->recost, &known);
	add_parts(&t, what, what->month, &known);
	add_parts(&t, what, what->remonth, &known);
	if (what->month)
		add_month(&t, what);
	if (cost_dollars(what->cost->options, 0) >= 0)
		add_exchange(&t, what);
	return t;
}

struct str
cost_rates_note(struct arena *a, const struct report_cost *what, const struct table *rates)
{
	int as_of = what->cost->options->world.as_of, newest = catalog_as_of();
	struct ages ages = table_ages(rates, as_of);
	struct str day = cell_day(a, as_of > newest ? newest : as_of).shown;
	if (as_of > newest)
		return str_printf(a, "rates as of %.*s, the newest known", STR_ARG(day));
	if (!ages.later)
		return STR("");
	if (ages.later == ages.rows)
		return str_printf(a, "the first known rates: none is as old as %.*s", STR_ARG(day));
	return str_printf(a, "rates as of %.*s or, where marked, the first known", STR_ARG(day));
}

/* ---- changes ----------------------------------------------------------------------------- */

static bool
is_changed(const struct cost_job *x, const struct cost_job *y)
{
	return x->ms != y->ms || x->tasks != y->tasks || x->rate != y->rate ||
	       x->sum.total.milli != y->sum.total.milli;
}

static bool
same_rate(const struct cost_job *x, const struct cost_job *y)
{
	return x->rate == y->rate || (x->rate && y->rate && str_eq(x->rate->name, y->rate->name));
}

/* Adds those of one workflow; both have the same nodes, of which not all need have run. */
static struct cost_changed *
add_changed(struct cost_changed *at, const struct cost_workflow *x, const struct cost_workflow *y)
{
	uint32_t k = 0;
	for (uint32_t i = 0; i < x->njobs; i++) {
		struct cost_job after, before = x->jobs[i];
		ptrdiff_t number = x->jobs[i].node - x->run->workflow->nodes;
		while (k < y->njobs && y->jobs[k].node - y->run->workflow->nodes < number)
			k++;
		if (k == y->njobs || y->jobs[k].node - y->run->workflow->nodes != number)
			continue;
		after = y->jobs[k];
		if (same_rate(&before, &after)) /* each cost has rates of its own */
			after.rate = before.rate;
		if (is_changed(&before, &after))
			*at++ = (struct cost_changed){x->run->workflow, &x->jobs[i], &y->jobs[k]};
	}
	return at;
}

struct cost_changed *
cost_changed_jobs(struct arena *a, const struct report_cost *what, uint32_t *n)
{
	const struct cost_pipeline *x = &what->cost->pipelines[0];
	const struct cost_pipeline *y = &what->recost->pipelines[0];
	uint32_t most = 0;
	for (uint32_t i = 0; i < x->nworkflows; i++)
		most += x->workflows[i].njobs;
	struct cost_changed *all = NEW_ARRAY(a, struct cost_changed, most + 1), *at = all;
	for (uint32_t i = 0; i < x->nworkflows && i < y->nworkflows; i++)
		at = add_changed(at, &x->workflows[i], &y->workflows[i]);
	*n = (uint32_t)(at - all);
	return all;
}

bool
cost_comparable(const struct cost_changed *jobs, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (jobs[i].before->sum.total.at_least || jobs[i].after->sum.total.at_least)
			return false;
	return true;
}

bool
cost_percent(int64_t before, int64_t after, int64_t *tenths)
{
	int64_t change = after - before, limit = INT64_MAX / 2000;
	if (before <= 0 || before > limit || change > limit || change < -limit)
		return false;
	int64_t half = change < 0 ? -before / 2 : before / 2;
	*tenths = (change * 1000 + half) / before;
	return true;
}

struct cost_end *
cost_other_ends(struct arena *a, const struct report_cost *what, uint32_t *n)
{
	const struct sim_pipeline_run *x = what->played->pipelines, *y = what->replayed->pipelines;
	VEC(struct cost_end) ends = {0};
	for (uint32_t k = 0; k < x->nworkflows && k < y->nworkflows; k++) {
		const struct sim_workflow_run *before = &x->workflows[k], *after = &y->workflows[k];
		for (uint32_t j = 0; j < before->njobs && j < after->njobs; j++) {
			struct cost_end end = {&before->jobs[j], &after->jobs[j]};
			if (end.was->attempt == 1 && end.was->status != end.is->status)
				vec_push(a, &ends, end);
		}
	}
	*n = ends.n;
	return ends.v;
}

bool
cost_plan_lacks(const struct sim_job *job, enum catalog_plan plan)
{
	return job->class && job->class->not_plans & 1u << plan;
}
