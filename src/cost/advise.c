/* SPDX-License-Identifier: MIT */
/*
 * Which line to change to save credits. Each candidate is tried: the model is changed, played and
 * counted again, so that what a slower job holds up is in the answer.
 */
#include "internal.h"

#include <stdlib.h>

enum {
	MOST_STEPS = 3000000, /* that are played in all: half a second */
	MOST_NAMES = 4,       /* of jobs that one line is for */
};

/* ---- lines ------------------------------------------------------------------------------- */

/* A job whose machine a line decides. */
struct line {
	struct span span;
	uint32_t job;
	bool written;
};

/* The jobs of one line, and what is tried with them. */
struct trial {
	const struct line *lines;
	uint32_t *jobs;
	uint32_t n;
	int64_t milli; /* that they cost now */
	struct cost_change change;
	struct cost_advice best; /* saved 0: none yet */
};

struct advising {
	struct arena *a, *scratch;
	const struct cost_case *c;
	struct sim_result *played; /* as things are */
	struct cost *cost;
	const struct cost_job **costs; /* of each job that ran, by number */
	uint32_t left;                 /* trials that there is time for */
	VEC(struct trial) trials;
	VEC(struct cost_advice) advice;
};

static struct span
key_span(const struct sim_job *job, enum cost_change_kind kind)
{
	return kind == CHANGE_CLASS         ? job->class_span
	       : kind == CHANGE_PARALLELISM ? job->parallelism_span
					    : job->dlc_span;
}

static int
line_order(const void *x, const void *y)
{
	const struct line *a = x, *b = y;
	if (a->span.file != b->span.file)
		return a->span.file < b->span.file ? -1 : 1;
	if (a->span.off != b->span.off)
		return a->span.off < b->span.off ? -1 : 1;
	return a->job < b->job ? -1 : a->job > b->job;
}

/* Of the jobs that ran, by line. */
static struct line *
find_lines(struct advising *v, enum cost_change_kind kind, uint32_t *n)
{
	const struct sim_model *m = v->c->model;
	struct line *lines = NEW_ARRAY(v->a, struct line, m->njobs + 1);
	*n = 0;
	for (uint32_t i = 0; i < m->njobs; i++) {
		struct span span = key_span(&m->jobs[i], kind);
		bool written = span.len > 0;
		if (v->costs[i])
			lines[(*n)++] = (struct line){written ? span : m->jobs[i].span, i, written};
	}
	qsort(lines, *n, sizeof *lines, line_order);
	return lines;
}

/* ---- trials ------------------------------------------------------------------------------ */

struct sim_result *
cost_play(struct arena *a, const struct cost_case *c, const struct sim_model *model)
{
	struct sim_arrival *arrival = NEW(a, struct sim_arrival);
	arrival->model = model;
	return sim_run(a, arrival, 1, c->sim);
}

static int64_t
job_ms(const struct cost *c)
{
	int64_t sum = 0;
	for (uint32_t i = 0; i < c->npipelines; i++)
		for (uint32_t k = 0; k < c->pipelines[i].nworkflows; k++)
			for (uint32_t j = 0; j < c->pipelines[i].workflows[k].njobs; j++)
				sum = cost_plus(sum, c->pipelines[i].workflows[k].jobs[j].ms);
	return sum;
}

/* More for less: what loses no time first, by credits; then by credits for the time; what loses
 * nobody knows how much last. */
static int
advice_order(const void *x, const void *y)
{
	const struct cost_advice *a = x, *b = y;
	int rank_a = a->lost == SIM_NEVER ? 2 : a->lost > 0;
	int rank_b = b->lost == SIM_NEVER ? 2 : b->lost > 0;
	if (rank_a != rank_b)
		return rank_a - rank_b;
	int64_t left = rank_a == 1 ? cost_times(a->saved, b->lost) : a->saved;
	int64_t right = rank_a == 1 ? cost_times(b->saved, a->lost) : b->saved;
	if (left != right)
		return left > right ? -1 : 1;
	return line_order(&(struct line){.span = a->span}, &(struct line){.span = b->span});
}

/* Whether all jobs end as they did before: one that runs into the plan's time limit, and what then
 * does not run, saves nothing. */
static bool
end_alike(const struct sim_result *x, const struct sim_result *y)
{
	for (uint32_t i = 0; i < x->npipelines; i++)
		for (uint32_t k = 0; k < x->pipelines[i].nworkflows; k++) {
			const struct sim_workflow_run *a = &x->pipelines[i].workflows[k];
			const struct sim_workflow_run *b = &y->pipelines[i].workflows[k];
			if (a->njobs != b->njobs)
				return false;
			for (uint32_t j = 0; j < a->njobs; j++)
				if (a->jobs[j].status != b->jobs[j].status)
					return false;
		}
	return true;
}

/* Plays one change; it becomes the best of the line when it is. */
static void
try_change(struct advising *v, struct trial *t)
{
	struct arena_mark mark = arena_mark(v->scratch);
	if (!v->left)
		return;
	v->left--;
	struct sim_model *model =
		cost_change_some(v->scratch, v->c->model, &t->change, t->jobs, t->n, &v->c->speed);
	struct sim_result *played = cost_play(v->scratch, v->c, model);
	struct cost *cost = cost_of(v->scratch, played, v->c->options);
	struct cost_advice found = {.kind = t->change.kind,
		.to = t->change.value,
		.span = t->lines[0].span,
		.saved = v->cost->sum.total.milli - cost->sum.total.milli,
		.lost = played->makespan - v->played->makespan,
		.slower = job_ms(cost) - job_ms(v->cost)};
	if (t->change.kind == CHANGE_DLC)
		found.lost = SIM_NEVER;
	if (found.saved > 0 && end_alike(v->played, played) &&
		(!t->best.saved || advice_order(&found, &t->best) < 0))
		t->best = found;
	arena_reset(v->scratch, mark);
}

/* ---- classes ----------------------------------------------------------------------------- */

/* ".gen2" of "large.gen2": what a class keeps when it gets smaller. */
static struct str
generation(const char *name)
{
	struct str text = str_of(name);
	for (size_t at = text.len; at > 0; at--)
		if (text.s[at - 1] == '.')
			return str_starts(str_sub(text, at, text.len), STR("gen"))
				       ? str_sub(text, at - 1, text.len)
				       : STR("");
	return STR("");
}

/* What a job of that class is billed at; remote Docker is billed as its host. */
static int64_t
rate_of(struct advising *v, const struct sim_job *job, const struct resource_class *class)
{
	if (job->remote_docker)
		class = cost_host(class, v->c->speed.world.as_of);
	if (!class)
		return AMOUNT_UNKNOWN;
	return cost_class_rate(v->scratch, v->c->options, class->kind, str_of(class->name), class)
		.milli;
}

static bool
is_smaller(struct advising *v, const struct sim_job *job, const struct resource_class *class)
{
	const struct sim_world *world = &v->c->speed.world;
	const struct resource_class *now = job->class;
	enum life_state state = life_at(&class->life, world->as_of);
	int64_t rate = rate_of(v, job, class), old = rate_of(v, job, now);
	return class->executor == now->executor && class->vcpus > 0 && class->vcpus < now->vcpus &&
	       class->gpus == now->gpus && state == LIFE_CURRENT &&
	       (class->targets & 1u << world->target) && !(class->not_plans & 1u << world->plan) &&
	       str_eq(generation(class->name), generation(now->name)) && rate >= 0 && rate < old;
}

/* "8 GB", "7.5 GB" */
static struct str
gigabytes(struct arena *a, int ram_mb)
{
	int tenths = ram_mb % 1024 * 10 / 1024;
	if (ram_mb < 0)
		return STR("unknown memory");
	return tenths ? str_printf(a, "%d.%d GB", ram_mb / 1024, tenths)
		      : str_printf(a, "%d GB", ram_mb / 1024);
}

/* What a smaller class has less of. */
static struct str
class_note(struct arena *a, const struct resource_class *now, struct str to, int as_of)
{
	const struct resource_class *next = catalog_class(now->kind, to, as_of);
	return str_printf(a, "%d vCPU%s and %.*s instead of %d and %.*s", next->vcpus,
		next->vcpus == 1 ? "" : "s", STR_ARG(gigabytes(a, next->ram_mb)), now->vcpus,
		STR_ARG(gigabytes(a, now->ram_mb)));
}

static void
try_classes(struct advising *v, struct trial *t)
{
	const struct sim_job *job = &v->c->model->jobs[t->jobs[0]];
	size_t n;
	const struct resource_class *all = catalog_classes(&n);
	for (uint32_t i = 0; i < t->n; i++)
		if (v->c->model->jobs[t->jobs[i]].class != job->class)
			return;
	for (size_t i = 0; job->class && i < n; i++) {
		if (!is_smaller(v, job, &all[i]))
			continue;
		t->change.value = str_of(all[i].name);
		try_change(v, t);
	}
	if (!t->best.saved)
		return;
	t->best.from = job->class_name;
	t->best.note = class_note(v->a, job->class, t->best.to, v->c->speed.world.as_of);
}

/* ---- tasks and layers -------------------------------------------------------------------- */

static bool
splits_tests(const struct sim_job *job)
{
	for (uint32_t i = 0; i < job->nsteps; i++)
		if (sim_splits_tests(&job->steps[i]))
			return true;
	return false;
}

static void
try_tasks(struct advising *v, struct trial *t)
{
	const struct sim_job *job = &v->c->model->jobs[t->jobs[0]];
	uint32_t tasks = job->parallelism;
	for (uint32_t i = 0; i < t->n; i++)
		if (v->c->model->jobs[t->jobs[i]].parallelism != tasks)
			return;
	/* Of many tasks not every number is worth a look. */
	for (uint32_t n = tasks - 1; n >= 1; n = n > 16 ? n / 2 : n - 1) {
		t->change.number = n;
		t->change.value = str_printf(v->a, "%u", (unsigned)n);
		try_change(v, t);
	}
	t->best.from = str_printf(v->a, "%u", (unsigned)tasks);
	if (!splits_tests(job))
		t->best.note = STR("no step was seen that shares work out among the tasks");
}

/* 200 credits are ten minutes at 20 a minute. */
static struct str
layers_note(struct advising *v, const struct sim_job *job)
{
	int64_t price = cost_price(v->c->options, "dlc").milli;
	int64_t rate = rate_of(v, job, job->class);
	if (rate <= 0 || price < 0)
		return STR("what the cached layers save is not known");
	int64_t seconds = cost_part(price, 60, rate);
	return str_printf(v->a,
		"what the cached layers save is not known: they pay from %d:%02d saved a task on",
		(int)(seconds / 60), (int)(seconds % 60));
}

static void
try_layers(struct advising *v, struct trial *t)
{
	const struct sim_job *job = &v->c->model->jobs[t->jobs[0]];
	for (uint32_t i = 0; i < t->n; i++)
		if (!v->c->model->jobs[t->jobs[i]].dlc)
			return;
	t->change.value = STR("false");
	try_change(v, t);
	t->best.from = STR("true");
	t->best.note = layers_note(v, job);
}

/* ---- the whole --------------------------------------------------------------------------- */

static void
keep_best(struct advising *v, struct trial *t)
{
	struct str names[MOST_NAMES + 1];
	uint32_t n = 0;
	if (!t->best.saved)
		return;
	for (uint32_t i = 0; i < t->n; i++) {
		t->best.assumed |= v->costs[t->jobs[i]]->assumed;
		if (i < MOST_NAMES)
			names[n++] = v->c->model->jobs[t->jobs[i]].name;
	}
	if (t->n > MOST_NAMES)
		names[n++] = str_printf(v->a, "%u more", (unsigned)(t->n - MOST_NAMES));
	t->best.jobs = str_join(v->a, names, n, ", ");
	t->best.written = t->lines[0].written;
	vec_push(v->a, &v->advice, t->best);
}

static bool
may_save(const struct sim_job *job, enum cost_change_kind kind)
{
	if (kind == CHANGE_CLASS)
		return job->class != NULL;
	return kind == CHANGE_PARALLELISM ? job->parallelism > 1 : job->dlc;
}

/* What there is to try of a kind: a trial a line. */
static void
add_trials(struct advising *v, enum cost_change_kind kind)
{
	uint32_t n;
	struct line *lines = find_lines(v, kind, &n);
	uint32_t *jobs = NEW_ARRAY(v->a, uint32_t, n + 1);
	for (uint32_t i = 0, end; i < n; i = end) {
		struct trial trial = {
			.lines = &lines[i], .jobs = &jobs[i], .change = {.kind = kind}};
		for (end = i; end < n && lines[end].span.file == lines[i].span.file &&
			      lines[end].span.off == lines[i].span.off;
			end++) {
			jobs[end] = lines[end].job;
			trial.milli = cost_plus(trial.milli, v->costs[jobs[end]]->sum.total.milli);
		}
		trial.n = end - i;
		if (may_save(&v->c->model->jobs[jobs[i]], kind))
			vec_push(v->a, &v->trials, trial);
	}
}

/* The dearest first: there may not be time for all. */
static int
trial_order(const void *x, const void *y)
{
	const struct trial *a = x, *b = y;
	if (a->milli != b->milli)
		return a->milli > b->milli ? -1 : 1;
	if (a->change.kind != b->change.kind)
		return a->change.kind < b->change.kind ? -1 : 1;
	return line_order(a->lines, b->lines);
}

/* Gives the number of lines for which there was no time. */
static uint32_t
try_all(struct advising *v)
{
	static void (*const tries[])(struct advising * v, struct trial * t) = {
		[CHANGE_CLASS] = try_classes,
		[CHANGE_PARALLELISM] = try_tasks,
		[CHANGE_DLC] = try_layers,
	};
	uint32_t i = 0;
	for (int kind = CHANGE_CLASS; kind <= CHANGE_DLC; kind++)
		add_trials(v, (enum cost_change_kind)kind);
	if (v->trials.n)
		qsort(v->trials.v, v->trials.n, sizeof *v->trials.v, trial_order);
	for (; i < v->trials.n && v->left; i++) {
		tries[v->trials.v[i].change.kind](v, &v->trials.v[i]);
		keep_best(v, &v->trials.v[i]);
	}
	return v->trials.n - i;
}

/* The cost of each job of the model that ran. */
static void
find_costs(struct advising *v)
{
	v->costs = NEW_ARRAY(v->a, const struct cost_job *, v->c->model->njobs + 1);
	for (uint32_t i = 0; i < v->cost->npipelines; i++)
		for (uint32_t k = 0; k < v->cost->pipelines[i].nworkflows; k++) {
			const struct cost_workflow *w = &v->cost->pipelines[i].workflows[k];
			for (uint32_t j = 0; j < w->njobs; j++)
				v->costs[w->jobs[j].node->job - v->c->model->jobs] = &w->jobs[j];
		}
}

struct cost_advices
cost_advise(struct arena *a, const struct cost_case *c)
{
	struct advising v = {.a = a, .scratch = arena_new(), .c = c};
	struct cost_advices found = {0};
	const struct sim_arrival one = {.model = c->model};
	v.played = cost_play(a, c, c->model);
	v.cost = cost_of(a, v.played, c->options);
	find_costs(&v);
	v.left = (uint32_t)(MOST_STEPS / sim_size(&one, 1));
	found.untried = try_all(&v);
	arena_free(v.scratch);
	if (v.advice.n)
		qsort(v.advice.v, v.advice.n, sizeof *v.advice.v, advice_order);
	found.v = v.advice.v;
	found.n = v.advice.n;
	return found;
}
