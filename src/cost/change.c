/* SPDX-License-Identifier: MIT */
/*
 * What if a job had another class, more tasks, no layer caching: the change as it is written, and
 * the model after it. Nobody can know how much faster a step gets; the assumption is the caller's.
 */
#include "internal.h"

#include <string.h>

enum { WHOLE = 1000000, MOST_TASKS = 10000 };

/* ---- reading ----------------------------------------------------------------------------- */

static const struct {
	const char *key;
	enum cost_change_kind kind;
} keys[] = {
	{"resource_class", CHANGE_CLASS},
	{"parallelism", CHANGE_PARALLELISM},
	{"dlc", CHANGE_DLC},
	{"docker_layer_caching", CHANGE_DLC},
};

enum { KEYS = sizeof keys / sizeof *keys };

/* 8 */
static bool
read_tasks(struct cost_change *change)
{
	int64_t n;
	if (!cost_decimal(change->value, 0, &n) || n < 1 || n > MOST_TASKS)
		return false;
	change->number = (uint32_t)n;
	return true;
}

static bool
read_switch(struct cost_change *change)
{
	change->number = str_is(change->value, "true") || str_is(change->value, "on");
	return change->number || str_is(change->value, "false") || str_is(change->value, "off");
}

static struct str
unknown_key(struct arena *a, struct str key)
{
	struct nearest nearest = {.wanted = key};
	struct sb b = {.a = a};
	for (size_t i = 0; i < KEYS; i++)
		nearest_try(&nearest, str_of(keys[i].key));
	sb_printf(&b, "\"%.*s\" cannot be changed", STR_ARG(key));
	if (nearest.best.len)
		sb_printf(&b, "; did you mean %.*s?", STR_ARG(nearest.best));
	else
		sb_puts(&b, "; resource_class, parallelism and dlc can");
	return sb_str(&b);
}

/* A job's name may have dots in it, "test-1.20.parallelism=8"; keys have none. */
bool
cost_change_parse(struct arena *a, struct str text, struct cost_change *change, struct str *error)
{
	size_t equals = str_find(text, STR("="), 0), dot = equals, i = 0;
	*change = (struct cost_change){0};
	if (equals == SIZE_MAX)
		dot = 0;
	while (dot > 0 && text.s[dot] != '.')
		dot--;
	if (!dot || equals + 1 >= text.len) {
		*error = str_printf(a, "takes JOB.KEY=VALUE, not \"%.*s\"", STR_ARG(text));
		return false;
	}
	struct str key = str_sub(text, dot + 1, equals);
	while (i < KEYS && !str_is(key, keys[i].key))
		i++;
	if (i == KEYS) {
		*error = unknown_key(a, key);
		return false;
	}
	change->kind = keys[i].kind;
	change->job = str_sub(text, 0, dot);
	change->value = str_sub(text, equals + 1, text.len);
	*error = str_printf(a, "%s is %s, not \"%.*s\"", keys[i].key,
		change->kind == CHANGE_DLC ? "true or false" : "a number from 1 to 10000",
		STR_ARG(change->value));
	return change->kind == CHANGE_CLASS ||
	       (change->kind == CHANGE_DLC ? read_switch(change) : read_tasks(change));
}

bool
cost_speed_parse(struct str text, uint32_t *ppm)
{
	int64_t part = 0;
	bool ok = true;
	if (str_is(text, "linear"))
		part = WHOLE;
	else if (str_starts(text, STR("amdahl:")))
		ok = cost_decimal(str_sub(text, 7, text.len), 6, &part) && part <= WHOLE;
	else
		ok = str_is(text, "none");
	*ppm = (uint32_t)part;
	return ok;
}

/* ---- speed ------------------------------------------------------------------------------- */

/* A step that took all of its time takes part / whole of it. */
static void
scale(uint32_t *ppm, int64_t part, int64_t whole)
{
	int64_t scaled = cost_part(*ppm ? *ppm : WHOLE, part, whole);
	*ppm = scaled < 1 ? 1 : scaled < UINT32_MAX ? (uint32_t)scaled : UINT32_MAX;
}

/* Amdahl: what scales takes a share for each vCPU, the rest stays. */
static void
scale_by_class(struct sim_job *job, const struct resource_class *next, uint32_t ppm)
{
	const struct resource_class *class = job->class;
	if (!class || !next || class->vcpus <= 0 || next->vcpus <= 0)
		return;
	int64_t part = (int64_t)(WHOLE - ppm) * next->vcpus + (int64_t)ppm * class->vcpus;
	for (uint32_t i = 0; i < job->nsteps; i++)
		if (job->steps[i].kind == SIM_RUN)
			scale(&job->steps[i].scale, part, (int64_t)WHOLE * next->vcpus);
}

static void
scale_by_tasks(struct sim_job *job, uint32_t tasks)
{
	for (uint32_t i = 0; i < job->nsteps; i++)
		if (sim_splits_tests(&job->steps[i]))
			scale(&job->steps[i].split, job->parallelism, tasks);
}

/* ---- changing ---------------------------------------------------------------------------- */

struct changing {
	struct arena *a;
	const struct sim_model *from;
	struct sim_model *to;
	bool *touched; /* jobs whose steps are copied already */
	const struct cost_speed *speed;
	struct str *error;
};

/* A model of its own, down to the nodes: they name their jobs. */
static struct sim_model *
copy_model(struct arena *a, const struct sim_model *m)
{
	struct sim_model *copy = NEW(a, struct sim_model);
	*copy = *m;
	copy->jobs = NEW_ARRAY(a, struct sim_job, m->njobs + 1);
	copy->workflows = NEW_ARRAY(a, struct sim_workflow, m->nworkflows + 1);
	for (uint32_t i = 0; i < m->njobs; i++)
		copy->jobs[i] = m->jobs[i];
	for (uint32_t i = 0; i < m->nworkflows; i++) {
		struct sim_workflow *w = &copy->workflows[i];
		*w = m->workflows[i];
		w->nodes = NEW_ARRAY(a, struct sim_node, w->nnodes + 1);
		for (uint32_t k = 0; k < w->nnodes; k++) {
			w->nodes[k] = m->workflows[i].nodes[k];
			if (w->nodes[k].job)
				w->nodes[k].job = &copy->jobs[w->nodes[k].job - m->jobs];
		}
	}
	return copy;
}

static struct sim_job *
touch(struct changing *c, uint32_t number)
{
	struct sim_job *job = &c->to->jobs[number];
	if (c->touched[number])
		return job;
	c->touched[number] = true;
	job->steps = NEW_ARRAY(c->a, struct sim_step, job->nsteps + 1);
	if (job->nsteps)
		memcpy(job->steps, c->from->jobs[number].steps, job->nsteps * sizeof *job->steps);
	return job;
}

/* What a job runs on whose class is of self-hosted runners. */
static const struct executor_info *
runner_executor(void)
{
	size_t n;
	const struct executor_info *all = catalog_executors(&n);
	for (size_t i = 0; i < n; i++)
		if (str_is(str_of(all[i].name), "runner"))
			return &all[i];
	return NULL;
}

static void
change_class(struct changing *c, uint32_t number, struct str name)
{
	struct sim_job *job = touch(c, number);
	const struct resource_class *next = catalog_class(job->kind, name, c->speed->world.as_of);
	scale_by_class(job, next, c->speed->ppm);
	job->class = next;
	job->class_name = name;
	job->runner = runner_form(name) == RUNNER_CLASS;
	job->executor = next ? next->executor : runner_executor();
	if (job->remote_docker)
		job->host = cost_host(next, c->speed->world.as_of);
}

static bool
has_class(const struct changing *c, const struct sim_job *job, struct str name)
{
	return runner_form(name) == RUNNER_CLASS ||
	       catalog_class(job->kind, name, c->speed->world.as_of);
}

static bool
no_class(struct changing *c, const struct sim_job *job, struct str name)
{
	static const char *const kinds[] = {"docker", "machine", "macos"};
	struct nearest nearest = {.wanted = name};
	size_t n;
	const struct resource_class *all = catalog_classes(&n);
	for (size_t i = 0; i < n; i++)
		if (all[i].kind == job->kind)
			nearest_try(&nearest, str_of(all[i].name));
	struct str near = nearest.best.len
				  ? str_printf(c->a, "; did you mean %.*s?", STR_ARG(nearest.best))
				  : STR("; ccx catalog classes lists them");
	*c->error = str_printf(c->a, "%s has no resource class \"%.*s\" for job %.*s%.*s",
		kinds[job->kind], STR_ARG(name), STR_ARG(job->name), STR_ARG(near));
	return false;
}

/* False with *c->error. Of a change of all jobs only those take a class that have it. */
static bool
change_job(struct changing *c, uint32_t number, const struct cost_change *change, uint32_t *done)
{
	const struct sim_job *job = &c->to->jobs[number];
	if (change->kind == CHANGE_CLASS) {
		if (!has_class(c, job, change->value))
			return str_is(change->job, "*") || no_class(c, job, change->value);
		change_class(c, number, change->value);
	} else if (change->kind == CHANGE_PARALLELISM) {
		scale_by_tasks(touch(c, number), change->number);
		c->to->jobs[number].parallelism = change->number;
	} else {
		touch(c, number)->dlc = change->number;
	}
	(*done)++;
	return true;
}

static struct changing
begin(struct arena *a, const struct sim_model *m, const struct cost_speed *speed, struct str *error)
{
	return (struct changing){
		a, m, copy_model(a, m), NEW_ARRAY(a, bool, m->njobs + 1), speed, error};
}

struct sim_model *
cost_change_some(struct arena *a, const struct sim_model *m, const struct cost_change *change,
	const uint32_t *jobs, uint32_t n, const struct cost_speed *speed)
{
	struct str error;
	uint32_t done = 0;
	struct changing c = begin(a, m, speed, &error);
	for (uint32_t i = 0; i < n; i++)
		change_job(&c, jobs[i], change, &done);
	return c.to;
}

/* ---- which jobs -------------------------------------------------------------------------- */

/* The jobs that a name means: one, those of a matrix or group, all. */
static bool *
find_jobs(struct changing *c, struct str name, uint32_t *found)
{
	bool *meant = NEW_ARRAY(c->a, bool, c->to->njobs + 1);
	bool all = str_is(name, "*");
	*found = 0;
	for (uint32_t i = 0; i < c->to->nworkflows; i++) {
		const struct sim_workflow *w = &c->to->workflows[i];
		for (uint32_t k = 0; k < w->nnodes; k++) {
			const struct sim_node *node = &w->nodes[k];
			if (!node->job || !(all || str_eq(node->name, name) ||
						  str_eq(node->job->name, name) ||
						  (node->group.len && str_eq(node->group, name))))
				continue;
			meant[node->job - c->to->jobs] = true;
			(*found)++;
		}
	}
	return meant;
}

/* An approval, no-op, lock or unlock of that name; or NULL. */
static const struct sim_node *
find_other(const struct changing *c, struct str name)
{
	for (uint32_t i = 0; i < c->to->nworkflows; i++)
		for (uint32_t k = 0; k < c->to->workflows[i].nnodes; k++)
			if (str_eq(c->to->workflows[i].nodes[k].name, name))
				return &c->to->workflows[i].nodes[k];
	return NULL;
}

static struct str
no_job(struct changing *c, const struct cost_change *change)
{
	static const char *const names[] = {
		"resource_class", "parallelism", "docker_layer_caching"};
	struct str name = change->job;
	const struct sim_node *other = find_other(c, name);
	struct nearest nearest = {.wanted = name};
	struct sb b = {.a = c->a};
	for (uint32_t i = 0; i < c->to->nworkflows; i++)
		for (uint32_t k = 0; k < c->to->workflows[i].nnodes; k++) {
			const struct sim_node *node = &c->to->workflows[i].nodes[k];
			if (node->job) {
				nearest_try(&nearest, node->name);
				nearest_try(&nearest, node->group);
			}
		}
	if (other) {
		const char *kind = sim_node_kind_names[other->kind];
		return str_printf(c->a, "\"%.*s\" is %s %s: it runs on no machine and has no %s",
			STR_ARG(name), strchr("au", *kind) ? "an" : "a", kind, names[change->kind]);
	}
	sb_printf(&b, "no job that runs is called \"%.*s\"", STR_ARG(name));
	if (nearest.best.len)
		sb_printf(&b, "; did you mean %.*s?", STR_ARG(nearest.best));
	return sb_str(&b);
}

struct sim_model *
cost_change_apply(struct arena *a, const struct sim_model *m, const struct cost_change *changes,
	uint32_t n, const struct cost_speed *speed, struct str *error)
{
	struct changing c = begin(a, m, speed, error);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t found, done = 0, last = 0;
		const bool *meant = find_jobs(&c, changes[i].job, &found);
		if (!found) {
			*error = no_job(&c, &changes[i]);
			return NULL;
		}
		for (uint32_t k = 0; k < m->njobs; k++) {
			if (!meant[k])
				continue;
			last = k;
			if (!change_job(&c, k, &changes[i], &done))
				return NULL;
		}
		if (!done && !no_class(&c, &c.to->jobs[last], changes[i].value))
			return NULL;
	}
	return c.to;
}
