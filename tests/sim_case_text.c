/* SPDX-License-Identifier: MIT */
/* Cases as the YAML that ccx reads. */
#include "sim_case.h"

static const char *const whens[] = {"on_success", "always", "on_fail"};

/* ---- the config -------------------------------------------------------------------------- */

static void
put_step(struct sb *b, unsigned i, const struct case_step *s)
{
	sb_printf(b, "%srun: {name: s%u, command: make, no_output_timeout: %ds", i ? ", " : "", i,
		s->no_output);
	if (s->when != SIM_ON_SUCCESS)
		sb_printf(b, ", when: %s", whens[s->when]);
	if (s->background)
		sb_puts(b, ", background: true");
	if (s->reruns)
		sb_printf(b, ", max_auto_reruns: %u", s->reruns);
	if (s->delay)
		sb_printf(b, ", auto_rerun_delay: %ds", s->delay);
	sb_puts(b, "}");
}

/* A job a node, called as the node; approvals have none. */
static void
put_job(struct sb *b, const struct case_node *n)
{
	switch (n->kind) {
	case SIM_JOB:
		sb_printf(b, "  %s: {parallelism: %u, %s, steps: [", n->name, n->tasks,
			case_machines[n->machine].body);
		for (unsigned i = 0; i < n->nsteps; i++)
			put_step(b, i, &n->steps[i]);
		sb_puts(b, "]}\n");
		break;
	case SIM_NO_OP:
		sb_printf(b, "  %s: {type: no-op}\n", n->name);
		break;
	case SIM_LOCK:
	case SIM_UNLOCK:
		sb_printf(b, "  %s: {type: %s, key: %s}\n", n->name,
			n->kind == SIM_LOCK ? "lock" : "unlock", n->serial);
		break;
	case SIM_APPROVAL:
		break;
	}
}

static void
put_requires(struct sb *b, const struct case_flow *f, const struct case_node *n)
{
	static const char *const names[] = {
		"success", "failed", "canceled", "unauthorized", "not_run"};
	sb_puts(b, "requires: [");
	for (unsigned i = 0; i < n->nrequires; i++) {
		const char *from = f->nodes[n->from[i]].name;
		sb_puts(b, i ? ", " : "");
		if (n->accepts[i] == 1u << JOB_SUCCESS) {
			sb_puts(b, from);
		} else if (n->accepts[i] == (1u << JOB_STATUS_COUNT) - 1) {
			sb_printf(b, "{%s: terminal}", from);
		} else {
			const char *between = "";
			sb_printf(b, "{%s: [", from);
			for (int s = 0; s < JOB_STATUS_COUNT; s++)
				if (n->accepts[i] >> s & 1) {
					sb_printf(b, "%s%s", between, names[s]);
					between = ", ";
				}
			sb_puts(b, "]}");
		}
	}
	sb_puts(b, "]");
}

static void
put_flow(struct sb *b, const struct case_flow *f, unsigned number)
{
	sb_printf(b, "  w%u:\n", number);
	if (f->reruns)
		sb_printf(b, "    max_auto_reruns: %u\n", f->reruns);
	sb_puts(b, "    jobs:\n");
	for (unsigned i = 0; i < f->nnodes; i++) {
		const struct case_node *n = &f->nodes[i];
		sb_printf(b, "      - %s: {", n->name);
		put_requires(b, f, n);
		if (n->kind == SIM_APPROVAL)
			sb_puts(b, ", type: approval");
		if (n->kind == SIM_JOB && n->serial[0])
			sb_printf(b, ", serial-group: %s", n->serial);
		sb_puts(b, "}\n");
	}
}

struct str
case_config_text(struct arena *a, const struct sim_case *c, unsigned config)
{
	const struct case_config *from = &c->configs[config];
	struct sb b = {.a = a};
	sb_puts(&b, "version: 2.1\njobs:\n  unused: {type: no-op}\n");
	for (unsigned i = 0; i < from->nflows; i++)
		for (unsigned k = 0; k < from->flows[i].nnodes; k++)
			put_job(&b, &from->flows[i].nodes[k]);
	sb_puts(&b, "workflows:\n");
	for (unsigned i = 0; i < from->nflows; i++)
		put_flow(&b, &from->flows[i], i);
	return sb_str(&b);
}

/* ---- the scenario ------------------------------------------------------------------------ */

static void
put_attempts(struct sb *b, const struct case_outcomes *o)
{
	sb_puts(b, "attempts: {");
	for (unsigned i = 0; i < 2; i++)
		if (o->said >> i & 1)
			sb_printf(b, "%u: %s, ", i + 1,
				o->fail >> i & 1      ? "fail"
				: o->cancel >> i & 1  ? "cancel"
				: o->timeout >> i & 1 ? "timeout"
						      : "success");
	sb_puts(b, "}");
}

static void
put_set(struct sb *b, const char *name, unsigned set)
{
	sb_printf(b, "%s: [", name);
	for (unsigned i = 0; i < 4; i++)
		if (set >> i & 1)
			sb_printf(b, "%u, ", i + 1);
	sb_puts(b, "], ");
}

static void
put_said(struct sb *b, const struct sim_case *c, const struct case_node *n)
{
	sb_printf(b, "  %s: {", n->name);
	put_attempts(b, &n->outcomes);
	sb_puts(b, ", steps: {");
	for (unsigned i = 0; i < n->nsteps; i++) {
		sb_printf(b, "s%u: {", i);
		if (!n->by_task && !c->untold)
			sb_printf(b, "duration: %ds, ", n->steps[i].seconds);
		put_set(b, "fail", n->steps[i].fail);
		put_set(b, "timeout", n->steps[i].timeout);
		sb_printf(b, "halt: %s}, ", n->steps[i].halt ? "true" : "false");
	}
	sb_puts(b, "}, tasks: {");
	for (unsigned i = 0; i < n->tasks; i++) {
		sb_printf(b, "%u: {", i);
		if (n->by_task && !c->untold)
			sb_printf(b, "duration: %ds, ", n->task_seconds[i]);
		put_attempts(b, &n->task_outcomes[i]);
		sb_puts(b, "}, ");
	}
	sb_puts(b, "}}\n");
}

static void
put_nodes(struct sb *b, const struct sim_case *c,
	void (*put)(struct sb *, const struct sim_case *, const struct case_node *))
{
	for (unsigned i = 0; i < c->nconfigs; i++)
		for (unsigned f = 0; f < c->configs[i].nflows; f++)
			for (unsigned k = 0; k < c->configs[i].flows[f].nnodes; k++)
				put(b, c, &c->configs[i].flows[f].nodes[k]);
}

static void
put_node(struct sb *b, const struct sim_case *c, const struct case_node *n)
{
	if (n->kind == SIM_JOB)
		put_said(b, c, n);
	else if (n->kind == SIM_NO_OP)
		sb_printf(b, "  %s: %ds\n", n->name, n->seconds);
}

static void
put_approval(struct sb *b, const struct sim_case *c, const struct case_node *n)
{
	(void)c;
	if (n->kind == SIM_APPROVAL && n->seconds == CASE_NEVER)
		sb_printf(b, "%s: never, ", n->name);
	else if (n->kind == SIM_APPROVAL)
		sb_printf(b, "%s: %ds, ", n->name, n->seconds);
}

static void
put_unauthorized(struct sb *b, const struct sim_case *c, const struct case_node *n)
{
	(void)c;
	if (n->unauthorized)
		sb_printf(b, "%s, ", n->name);
}

static void
put_limit(struct sb *b, const char *name, int limit)
{
	if (limit != CASE_UNLIMITED)
		sb_printf(b, "%s: %d, ", name, limit);
}

static void
put_limits(struct sb *b, const struct sim_case *c)
{
	sb_puts(b, "concurrency: {");
	put_limit(b, "plan", c->plan);
	put_limit(b, "macos", c->macos);
	put_limit(b, "runners", c->runners);
	sb_puts(b, "classes: {");
	put_limit(b, "medium", c->medium);
	for (int i = 0; i < ON_COUNT; i++)
		if (!case_machines[i].runner)
			put_limit(b, case_machines[i].class, c->classes[i]);
	sb_puts(b, "}}\nrunners: {");
	for (int i = 0; i < ON_COUNT; i++)
		if (case_machines[i].runner)
			put_limit(b, case_machines[i].class, c->classes[i]);
	sb_puts(b, "}\n");
}

struct str
case_scenario_text(struct arena *a, const struct sim_case *c)
{
	struct sb b = {.a = a};
	sb_puts(&b, "defaults: {run: 1s}\nspin-up: {");
	for (int i = 0; i < ON_COUNT; i++)
		if (i != ON_MEDIUM && i != ON_RUNNER_B)
			sb_printf(&b, "%s: %ds, ", case_machines[i].executor, c->spin_up[i]);
	sb_puts(&b, "}\n");
	put_limits(&b, c);
	if (c->job_limit != CASE_UNLIMITED)
		sb_printf(&b, "job-limit: %ds\n", c->job_limit);
	sb_printf(&b, "auto-cancel: %s\n", c->auto_cancel ? "true" : "false");
	sb_puts(&b, "approvals: {");
	put_nodes(&b, c, put_approval);
	sb_puts(&b, "}\nunauthorized: [");
	put_nodes(&b, c, put_unauthorized);
	sb_puts(&b, "]\njobs:\n  nobody: 1s\n");
	put_nodes(&b, c, put_node);
	return sb_str(&b);
}
