/* SPDX-License-Identifier: MIT */
/* Cases of numbers: which features one has is drawn first, so that cases of few features, in which
 * a fault is easy to see, are as frequent as those that mix all. */
#include "sim_case.h"

#include <stdio.h>
#include <string.h>

const struct case_machine_info case_machines[ON_COUNT] = {
	{"docker", "docker: [{image: cimg/base:current}], resource_class: small", "docker/small",
		false, false},
	{"docker", "docker: [{image: cimg/base:current}], resource_class: medium", "docker/medium",
		false, false},
	{"linux", "machine: {image: 'ubuntu-2404:current'}, resource_class: medium",
		"machine/medium", false, false},
	{"macos", "macos: {xcode: '26.6'}, resource_class: m4pro.medium", "macos/m4pro.medium",
		false, true},
	{"runner", "machine: true, resource_class: acme/a", "acme/a", true, false},
	/* Called as a class of CircleCI's is, with which it has nothing to do. */
	{"runner", "machine: true, resource_class: docker/medium", "docker/medium", true, false},
};

/* ---- drawing ----------------------------------------------------------------------------- */

struct drawing {
	struct sim_case *c;
	const struct case_size *most;
	uint64_t state;
	bool parallel, waits, failures, conditions, serial, approvals, reruns, locks, limits,
		branches, machines, instants;
};

/* splitmix64 */
static uint64_t
next(struct drawing *d)
{
	uint64_t x = d->state += 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

/* 0 … n - 1 */
static unsigned
below(struct drawing *d, unsigned n)
{
	return (unsigned)(next(d) % n);
}

static bool
percent(struct drawing *d, unsigned p)
{
	return below(d, 100) < p;
}

/* Seconds, few of them so that much happens at the same instant. */
static int
seconds(struct drawing *d)
{
	return (int)below(d, 8) + (d->instants ? 0 : 1);
}

static unsigned
attempts(struct drawing *d, unsigned p)
{
	return percent(d, p) ? 1 + below(d, 7) : 0;
}

/* ---- jobs -------------------------------------------------------------------------------- */

static struct case_outcomes
draw_outcomes(struct drawing *d)
{
	struct case_outcomes o = {0};
	for (unsigned attempt = 0; attempt < 2; attempt++) {
		unsigned bit = 1u << attempt, what = below(d, 8);
		if (what > 5)
			continue;
		o.said |= bit;
		o.fail |= what <= 2 ? bit : 0;
		o.cancel |= what == 3 ? bit : 0;
		o.timeout |= what == 4 ? bit : 0;
	}
	return o;
}

static void
draw_step(struct drawing *d, struct case_step *s)
{
	s->seconds = seconds(d);
	s->no_output = 1 + seconds(d);
	if (d->conditions && percent(d, 40))
		s->when = percent(d, 50) ? SIM_ALWAYS : SIM_ON_FAIL;
	if (!d->failures)
		return;
	s->fail = attempts(d, 15);
	s->timeout = attempts(d, 5) & ~s->fail;
	s->halt = d->conditions && percent(d, 5);
	if (percent(d, 25)) {
		s->reruns = 1 + below(d, 2);
		s->delay = (int)below(d, 3);
	} else {
		s->background = d->conditions && percent(d, 15);
	}
}

static void
draw_job(struct drawing *d, struct case_node *n)
{
	n->machine = d->machines ? (enum case_machine)below(d, ON_COUNT) : ON_MEDIUM;
	n->tasks = d->parallel && percent(d, 40) ? 2 + below(d, CASE_TASKS - 1) : 1;
	n->by_task = percent(d, 30);
	n->nsteps = n->by_task || !d->conditions ? 1 : 1 + below(d, CASE_STEPS);
	for (unsigned i = 0; i < n->nsteps; i++)
		draw_step(d, &n->steps[i]);
	if (n->by_task)
		n->steps[0].background = false, n->steps[0].when = SIM_ON_SUCCESS;
	for (unsigned i = 0; i < n->tasks; i++)
		n->task_seconds[i] = seconds(d);
	if (d->failures && percent(d, 25))
		n->outcomes = draw_outcomes(d);
	for (unsigned i = 0; d->failures && n->tasks > 1 && i < n->tasks; i++)
		if (percent(d, 10))
			n->task_outcomes[i] = draw_outcomes(d);
	if (d->serial && percent(d, 35))
		snprintf(n->serial, sizeof n->serial, "g%u", below(d, 2));
	n->unauthorized = d->failures && percent(d, 4);
}

static void
draw_node(struct drawing *d, struct case_node *n)
{
	unsigned what = below(d, 100);
	n->kind = SIM_JOB;
	if (d->approvals && what < 10)
		n->kind = SIM_APPROVAL;
	else if (d->approvals && what < 15)
		n->kind = SIM_NO_OP;
	else if (d->locks && what < 30)
		n->kind = SIM_LOCK;
	else if (d->locks && what < 45)
		n->kind = SIM_UNLOCK;
	if (n->kind == SIM_LOCK || n->kind == SIM_UNLOCK)
		snprintf(n->serial, sizeof n->serial, "k%u", below(d, 2));
	if (n->kind == SIM_JOB)
		draw_job(d, n);
	else if (n->kind != SIM_APPROVAL || !percent(d, 15))
		n->seconds = seconds(d);
	else
		n->seconds = CASE_NEVER;
}

/* ---- graphs ------------------------------------------------------------------------------ */

static unsigned
draw_accepts(struct drawing *d)
{
	const unsigned all = (1u << JOB_STATUS_COUNT) - 1;
	if (!d->failures || percent(d, 60))
		return 1u << JOB_SUCCESS;
	return percent(d, 30) ? all : 1 + below(d, all);
}

/* Nodes wait for those of a lower rank, which have nothing to do with their order in the config. */
static void
draw_edges(struct drawing *d, struct case_flow *f)
{
	unsigned rank[CASE_NODES], often = 10 + below(d, 50);
	for (unsigned i = 0; i < f->nnodes; i++) {
		unsigned k = below(d, i + 1);
		rank[i] = rank[k];
		rank[k] = i;
	}
	for (unsigned i = 0; d->waits && i < f->nnodes; i++)
		for (unsigned k = 0; k < f->nnodes && f->nodes[i].nrequires < 5; k++) {
			struct case_node *n = &f->nodes[i];
			if (rank[k] >= rank[i] || !percent(d, often))
				continue;
			n->from[n->nrequires] = k;
			n->accepts[n->nrequires++] = draw_accepts(d);
		}
}

static void
draw_config(struct drawing *d, unsigned config)
{
	struct case_config *to = &d->c->configs[config];
	unsigned number = 0;
	to->nflows = 1 + below(d, d->most->flows);
	for (unsigned i = 0; i < to->nflows; i++) {
		struct case_flow *f = &to->flows[i];
		unsigned locks = 0;
		f->nnodes = 1 + below(d, d->most->nodes);
		f->reruns = d->reruns ? below(d, 3) : 0;
		for (unsigned k = 0; k < f->nnodes; k++) {
			snprintf(f->nodes[k].name, sizeof f->nodes[k].name, "%c%u", 'a' + config,
				number++);
			draw_node(d, &f->nodes[k]);
			locks += f->nodes[k].kind == SIM_LOCK;
		}
		/* Which of several locks are taken again nobody says. */
		f->reruns = locks > 1 ? 0 : f->reruns;
		draw_edges(d, f);
	}
}

/* ---- the rest ---------------------------------------------------------------------------- */

static int
limit(struct drawing *d, unsigned p, unsigned most)
{
	if (!d->limits || !percent(d, p))
		return CASE_UNLIMITED;
	return percent(d, 4) ? 0 : (int)(1 + below(d, most));
}

static void
draw_world(struct drawing *d)
{
	struct sim_case *c = d->c;
	c->plan = limit(d, 60, 5);
	c->macos = limit(d, 50, 2);
	c->runners = limit(d, 50, 3);
	c->medium = limit(d, 40, 3);
	for (int i = 0; i < ON_COUNT; i++) {
		c->classes[i] = limit(d, 40, 3);
		c->spin_up[i] = d->instants ? (int)below(d, 3) : 2;
	}
	c->spin_up[ON_MEDIUM] = c->spin_up[ON_SMALL];
	c->spin_up[ON_RUNNER_B] = c->spin_up[ON_RUNNER_A];
	c->job_limit = d->limits && percent(d, 30) ? 5 + seconds(d) : CASE_UNLIMITED;
	c->auto_cancel = d->branches && percent(d, 70);
}

static void
draw_pushes(struct drawing *d)
{
	struct sim_case *c = d->c;
	int at = 0;
	c->npushes = 1 + below(d, d->most->pipelines);
	for (unsigned i = 0; i < c->npushes; i++) {
		c->pushes[i] = (struct case_push){.at = at, .config = below(d, c->nconfigs)};
		c->pushes[i].branch = d->branches ? (int)below(d, 3) : 0;
		at += (int)below(d, 7);
	}
}

void
case_make(struct sim_case *c, uint64_t seed, const struct case_size *most)
{
	struct drawing d = {.c = c, .most = most, .state = seed};
	bool *const features[] = {&d.parallel, &d.waits, &d.failures, &d.conditions, &d.serial,
		&d.approvals, &d.reruns, &d.locks, &d.limits, &d.branches, &d.machines,
		&d.instants};
	unsigned often = 20 + 20 * below(&d, 4);
	for (size_t i = 0; i < sizeof features / sizeof *features; i++)
		*features[i] = percent(&d, often);
	memset(c, 0, sizeof *c);
	c->seed = seed;
	c->nconfigs = 1 + below(&d, most->configs);
	d.waits = d.waits || percent(&d, 70);
	for (unsigned i = 0; i < c->nconfigs; i++)
		draw_config(&d, i);
	draw_world(&d);
	draw_pushes(&d);
}

/* ---- pools ------------------------------------------------------------------------------- */

/* A name with its executor comes before one of all executors. */
int
case_pool(const struct sim_case *c, enum case_machine machine)
{
	if (c->classes[machine] != CASE_UNLIMITED)
		return (int)machine;
	bool medium = machine == ON_MEDIUM || machine == ON_LINUX;
	return medium && c->medium != CASE_UNLIMITED ? ON_COUNT : CASE_UNLIMITED;
}

int
case_pool_limit(const struct sim_case *c, int pool)
{
	return pool == ON_COUNT ? c->medium : c->classes[pool];
}
