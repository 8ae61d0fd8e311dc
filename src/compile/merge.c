/* SPDX-License-Identifier: MIT */
/*
 * A job and its executor become one map. The executor's keys come first, in its order, then the
 * job's own; a key that both have keeps the executor's place and takes the job's value.
 */
#include "ccx/compile.h"

#include "internal.h"

/* ---- environment ------------------------------------------------------------------------- */

/* environment: {A: 1}  or  [{A: 1}, {B: 2}]  or  [A=1], lists in lists too. A variable that is
 * named again keeps its place and takes the last value. */
static void
add_variables(struct compile *c, struct pairs *to, const struct node *env)
{
	if (env->kind == NODE_LIST) {
		for (uint32_t i = 0; i < env->count; i++)
			add_variables(c, to, env->u.items[i]);
	} else if (env->kind == NODE_MAP) {
		for (uint32_t i = 0; i < env->count; i++)
			pairs_set(c, to, env->u.pairs[i].key, env->u.pairs[i].value);
	} else if (env->kind == NODE_STRING) {
		struct str text = env->u.text;
		size_t equals = str_find(text, STR("="), 0);
		if (equals == SIZE_MAX)
			return;
		pairs_set(c, to, node_string(c->a, str_sub(text, 0, equals), env->span),
			node_string(c->a, str_sub(text, equals + 1, text.len), env->span));
	}
}

/* A compiled job has its environment as a list of one-entry maps. */
static const struct node *
environment(struct compile *c, const struct node *executor, const struct node *job)
{
	struct pairs all = {0};
	if (executor)
		add_variables(c, &all, executor);
	if (job)
		add_variables(c, &all, job);
	struct span span = job ? job->span : executor->span;
	if (compat_style(c->options->compat).environment_map)
		return pairs_map(c, &all, span);
	const struct node **items = NEW_ARRAY(c->a, const struct node *, all.all.n);
	for (uint32_t i = 0; i < all.all.n; i++)
		items[i] = node_map(c->a, &all.all.v[i], 1, all.all.v[i].key->span);
	return node_list(c->a, items, all.all.n, span);
}

/* ---- machine ----------------------------------------------------------------------------- */

/* machine: {image: x, resource_class: y}: class and shell belong to the job, and go to its end. */
static void
lift_machine(struct compile *c, struct pairs *job)
{
	struct pairs kept = {0}, lifted = {0};
	struct pair *machine = pairs_find(job, STR("machine"));
	if (!machine || machine->value->kind != NODE_MAP)
		return;
	for (uint32_t i = 0; i < machine->value->count; i++) {
		struct pair p = machine->value->u.pairs[i];
		bool up = node_is(p.key, "resource_class") || node_is(p.key, "shell");
		pairs_add(c, up ? &lifted : &kept, p.key, p.value);
	}
	if (!lifted.all.n)
		return;
	machine->value = pairs_map(c, &kept, machine->value->span);
	for (uint32_t i = 0; i < lifted.all.n; i++)
		if (!pairs_find(job, lifted.all.v[i].key->u.text)) /* the job's own wins */
			pairs_set(c, job, lifted.all.v[i].key, lifted.all.v[i].value);
}

/* ---- the whole --------------------------------------------------------------------------- */

const struct node *
job_merge(struct compile *c, const struct node *executor, const struct node *job,
	const struct steps *steps)
{
	struct pairs out = {0};
	const struct node *inherited = node_get(executor, "environment");
	bool own_environment = false, own_steps = false;
	for (uint32_t i = 0; executor && i < executor->count; i++)
		if (!node_is(executor->u.pairs[i].key, "environment"))
			pairs_set(c, &out, executor->u.pairs[i].key, executor->u.pairs[i].value);
	for (uint32_t i = 0; i < job->count; i++) {
		const struct node *key = job->u.pairs[i].key, *value = job->u.pairs[i].value;
		if (node_is(key, "executor"))
			continue;
		if (node_is(key, "environment")) {
			value = environment(c, inherited, value);
			own_environment = true;
		} else if (node_is(key, "steps") && steps) {
			value = steps_list(c, steps, value->span);
			own_steps = true;
		}
		pairs_set(c, &out, key, value);
	}
	struct span none = {0};
	if (!own_steps && steps && steps->all.n)
		pairs_set(c, &out, node_string(c->a, STR("steps"), none),
			steps_list(c, steps, job->span));
	if (inherited && !own_environment)
		pairs_set(c, &out, node_string(c->a, STR("environment"), none),
			environment(c, inherited, NULL));
	lift_machine(c, &out);
	return pairs_map(c, &out, job->span);
}
