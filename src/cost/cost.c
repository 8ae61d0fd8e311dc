/* SPDX-License-Identifier: MIT */
/*
 * What a simulation costs: task by task, added up to jobs, workflows and pipelines. A sum is
 * always that of its parts; what has no known rate makes it "at least".
 */
#include "internal.h"

const char *const cost_kind_names[COST_KIND_COUNT] = {
	"compute", "dlc", "storage", "network", "ip_ranges", "users"};

/* ---- arithmetic -------------------------------------------------------------------------- */

/* Digit by digit, as the product needs twice the bits. */
static int64_t
divide_product(int64_t x, int64_t y, int64_t z, bool *rest)
{
	uint64_t left = 0, divisor = (uint64_t)z, part = (uint64_t)(x % z);
	int64_t whole = 0, each = x / z;
	for (int bit = 62; bit >= 0; bit--) {
		left *= 2; /* below twice the divisor: fits */
		whole = cost_times(whole, 2);
		if (left >= divisor) {
			left -= divisor;
			whole = cost_plus(whole, 1);
		}
		if (!((uint64_t)y >> bit & 1))
			continue;
		left += part;
		whole = cost_plus(whole, each);
		if (left >= divisor) {
			left -= divisor;
			whole = cost_plus(whole, 1);
		}
	}
	*rest = left != 0;
	return whole;
}

int64_t
cost_share(int64_t x, int64_t y, int64_t z)
{
	bool rest;
	return y && x > INT64_MAX / y ? divide_product(x, y, z, &rest) : x * y / z;
}

int64_t
cost_part(int64_t x, int64_t y, int64_t z)
{
	bool rest;
	if (!y || x <= INT64_MAX / y)
		return x * y / z + (x * y % z != 0);
	int64_t whole = divide_product(x, y, z, &rest);
	return rest ? cost_plus(whole, 1) : whole;
}

/* ---- sums -------------------------------------------------------------------------------- */

bool
cost_is_more(struct credits credits)
{
	return credits.milli == INT64_MAX;
}

int64_t
cost_compute(int64_t ms, int64_t rate)
{
	int64_t seconds = ms / 1000 + (ms % 1000 != 0);
	return cost_times(cost_part(seconds, rate, INT64_C(60000)), 1000);
}

static struct credits
join(struct credits x, struct credits y)
{
	return (struct credits){cost_plus(x.milli, y.milli), x.at_least || y.at_least};
}

void
cost_add(struct cost_sum *sum, enum cost_kind kind, struct credits credits)
{
	sum->kinds[kind] = join(sum->kinds[kind], credits);
	sum->total = join(sum->total, credits);
}

void
cost_add_sum(struct cost_sum *sum, const struct cost_sum *more)
{
	for (int i = 0; i < COST_KIND_COUNT; i++)
		cost_add(sum, (enum cost_kind)i, more->kinds[i]);
}

struct credits
cost_charge(const struct cost_rate *rate, int64_t amount, int64_t by)
{
	if (rate->milli < 0)
		return (struct credits){0, amount > 0};
	return (struct credits){
		cost_part(amount, rate->milli, cost_times(1000, by)), amount == INT64_MAX};
}

int64_t
cost_storage_days(void)
{
	const struct catalog_limit *days = catalog_limit(STR("storage-month-days"));
	return days && days->amount > 0 ? days->amount : 1;
}

/* ---- rates ------------------------------------------------------------------------------- */

/* The rates that were looked up: one a class, one a price. */
struct book {
	struct arena *a;
	const struct cost_options *options;
	struct cost *cost;
	VEC(const struct resource_class *) classes; /* of those rates */
	VEC(const struct cost_rate *) class_rates;
	struct map others; /* by name */
};

static const struct cost_rate *
keep(struct book *b, const struct cost_rate *rate)
{
	struct cost_rate *kept = NEW(b->a, struct cost_rate);
	*kept = *rate;
	vec_push(b->a, &b->cost->rates, kept);
	return kept;
}

static const struct cost_rate *
price_rate(struct book *b, const char *name)
{
	const struct cost_rate *known = map_get(&b->others, str_of(name));
	if (known)
		return known;
	struct cost_rate rate = cost_price(b->options, name);
	known = keep(b, &rate);
	map_put(b->a, &b->others, str_of(name), (void *)(uintptr_t)known);
	return known;
}

/* Of a class of the catalogue, found by its row: a simulation asks for few, and often. */
static const struct cost_rate *
class_rate(struct book *b, const struct resource_class *class)
{
	for (uint32_t i = 0; i < b->classes.n; i++)
		if (b->classes.v[i] == class)
			return b->class_rates.v[i];
	struct cost_rate rate =
		cost_class_rate(b->a, b->options, class->kind, str_of(class->name), class);
	const struct cost_rate *kept = keep(b, &rate);
	vec_push(b->a, &b->classes, class);
	vec_push(b->a, &b->class_rates, kept);
	return kept;
}

/* What the tasks of a job are billed at: with remote Docker the host's class. */
static const struct cost_rate *
job_rate(struct book *b, const struct sim_job *job)
{
	if (job->runner)
		return price_rate(b, "runner");
	if (job->remote_docker)
		return job->host ? class_rate(b, job->host) : price_rate(b, "remote-docker");
	if (job->class)
		return class_rate(b, job->class);
	struct str name = cost_class_name(b->a, job->kind, job->class_name);
	const struct cost_rate *known = map_get(&b->others, name);
	if (known)
		return known;
	struct cost_rate rate = cost_class_rate(b->a, b->options, job->kind, job->class_name, NULL);
	known = keep(b, &rate);
	map_put(b->a, &b->others, name, (void *)(uintptr_t)known);
	return known;
}

/* ---- jobs -------------------------------------------------------------------------------- */

/* What a pipeline did that is charged by size. */
struct traffic {
	bool caches, workspaces, artifacts, network, ip_ranges;
};

static void
look_at_steps(const struct sim_task_run *task, struct traffic *t)
{
	for (uint32_t i = 0; i < task->nsteps; i++) {
		if (!task->steps[i].attempts)
			continue;
		enum sim_step_kind kind = task->steps[i].step->kind;
		t->caches |= kind == SIM_SAVE_CACHE;
		t->workspaces |= kind == SIM_PERSIST;
		t->artifacts |= kind == SIM_STORE_ARTIFACTS;
	}
}

static bool
is_assumed(const struct sim_task_run *task)
{
	for (uint32_t i = 0; i < task->nsteps; i++)
		if (task->steps[i].assumed && task->steps[i].end > task->steps[i].start)
			return true;
	return false;
}

static void
add_task(struct book *b, struct cost_job *job, const struct sim_task_run *task)
{
	int64_t ms = task->end - task->start;
	struct credits compute = {0, job->rate->milli < 0};
	if (!compute.at_least)
		compute.milli = cost_compute(ms, job->rate->milli);
	job->tasks++;
	job->ms = cost_plus(job->ms, (ms / 1000 + (ms % 1000 != 0)) * 1000);
	job->assumed |= is_assumed(task);
	cost_add(&job->sum, COST_COMPUTE, compute);
	if (job->node->job->dlc)
		cost_add(&job->sum, COST_DLC, cost_charge(price_rate(b, "dlc"), 1000, 1));
}

/* A run's tasks are added to those of earlier attempts: reruns are billed too. */
static void
add_run(struct book *b, struct cost_job *job, const struct sim_job_run *run, struct traffic *t)
{
	const struct sim_job *what = run->node->job;
	job->node = run->node;
	if (!job->rate)
		job->rate = job_rate(b, what);
	for (uint32_t i = 0; i < run->ntasks; i++) {
		add_task(b, job, &run->tasks[i]);
		if (b->options->sizes)
			look_at_steps(&run->tasks[i], t);
	}
	t->network |= what->runner;
	t->ip_ranges |= what->ip_ranges;
}

static void
add_workflow(struct book *b, struct cost_workflow *w, const struct sim_workflow_run *run,
	struct traffic *t)
{
	const struct sim_workflow *workflow = run->workflow;
	struct cost_job *all = NEW_ARRAY(b->a, struct cost_job, workflow->nnodes);
	*w = (struct cost_workflow){.run = run, .jobs = all};
	for (uint32_t i = 0; i < run->njobs; i++) {
		const struct sim_job_run *job = &run->jobs[i];
		if (job->ntasks && job->node->job)
			add_run(b, &all[job->node - workflow->nodes], job, t);
	}
	for (uint32_t i = 0; i < workflow->nnodes; i++) {
		if (!all[i].tasks)
			continue;
		w->assumed |= all[i].assumed;
		cost_add_sum(&w->sum, &all[i].sum);
		all[w->njobs++] = all[i];
	}
	b->cost->assumed |= w->assumed;
}

/* ---- pipelines --------------------------------------------------------------------------- */

/* GB times days of what a pipeline saves, in thousandths. */
static int64_t
gb_days(const struct cost_sizes *sizes, const struct traffic *t)
{
	const struct {
		bool saved;
		int64_t gb, days;
		const char *limit;
	} kept[] = {{t->caches, sizes->caches, sizes->cache_days, "cache-days"},
		{t->workspaces, sizes->workspaces, sizes->workspace_days, "workspace-days"},
		{t->artifacts, sizes->artifacts, sizes->artifact_days, "artifact-days"}};
	int64_t sum = 0;
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		const struct catalog_limit *limit = catalog_limit(str_of(kept[i].limit));
		int64_t days = kept[i].days >= 0 ? kept[i].days : limit ? limit->amount : 0;
		if (kept[i].saved && kept[i].gb > 0)
			sum = cost_plus(sum, cost_times(kept[i].gb, days));
	}
	return sum;
}

static void
add_traffic(struct book *b, struct cost_pipeline *p, const struct traffic *t)
{
	const struct cost_sizes *sizes = b->options->sizes;
	if (!sizes)
		return;
	p->storage = gb_days(sizes, t);
	p->network = t->network && sizes->network > 0 ? sizes->network : 0;
	if (p->storage)
		cost_add(&p->sum, COST_STORAGE,
			cost_charge(price_rate(b, "storage"), p->storage, cost_storage_days()));
	if (p->network)
		cost_add(&p->sum, COST_NETWORK,
			cost_charge(price_rate(b, "network"), p->network, 1));
	if (t->ip_ranges && sizes->ip_ranges > 0)
		cost_add(&p->sum, COST_IP_RANGES,
			cost_charge(price_rate(b, "ip-ranges"), sizes->ip_ranges, 1));
}

static void
add_pipeline(struct book *b, struct cost_pipeline *p, const struct sim_pipeline_run *run)
{
	struct traffic traffic = {0};
	p->run = run;
	p->nworkflows = run->nworkflows;
	p->workflows = NEW_ARRAY(b->a, struct cost_workflow, run->nworkflows);
	for (uint32_t i = 0; i < run->nworkflows; i++) {
		add_workflow(b, &p->workflows[i], &run->workflows[i], &traffic);
		cost_add_sum(&p->sum, &p->workflows[i].sum);
	}
	add_traffic(b, p, &traffic);
}

struct cost *
cost_of(struct arena *a, const struct sim_result *r, const struct cost_options *options)
{
	struct cost *c = NEW(a, struct cost);
	struct book b = {.a = a, .options = options, .cost = c};
	c->options = options;
	c->npipelines = r->npipelines;
	c->pipelines = NEW_ARRAY(a, struct cost_pipeline, r->npipelines);
	for (uint32_t i = 0; i < r->npipelines; i++) {
		add_pipeline(&b, &c->pipelines[i], &r->pipelines[i]);
		cost_add_sum(&c->sum, &c->pipelines[i].sum);
		c->storage = cost_plus(c->storage, c->pipelines[i].storage);
		c->network = cost_plus(c->network, c->pipelines[i].network);
	}
	return c;
}
