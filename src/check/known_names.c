/* SPDX-License-Identifier: MIT */
/*
 * Contexts and runner classes that the settings do not list. Which of them there are nobody can
 * know offline: without a list nothing is said.
 */
#include "ccx/check.h"

#include "internal.h"

/* A list of the settings, and what to say of a name that is not in it. */
struct known {
	const char *key; /* in .circleci/ccx.yml */
	const char *what;
	enum rule rule;
};

static void
check_name(const struct check *c, const struct known *known, const struct node *name)
{
	const struct node *settings = c->options->settings, *list = node_get(settings, known->key);
	if (!list || settings_list_has(settings, known->key, name->u.text))
		return;
	struct diag *g = diag_push(c->diags, known->rule, name->span,
		"%s \"%.*s\" is not one of those that the settings list", known->what,
		STR_ARG(str_sub(name->u.text, 0, 200)));
	if (!diag_kept(c->diags, g))
		return;
	struct nearest nearest = {.wanted = name->u.text};
	for (uint32_t i = 0; list->kind == NODE_LIST && i < list->count; i++)
		if (list->u.items[i]->kind == NODE_STRING)
			nearest_try(&nearest, list->u.items[i]->u.text);
	diag_nearest(c->diags, g, &nearest);
	diag_help(c->diags, g, "add it to %s in .circleci/ccx.yml if it exists", known->key);
}

/* ---- contexts ---------------------------------------------------------------------------- */

/* context: aws  or  context: [aws, slack] */
static void
check_contexts(const struct check *c, const struct node *context)
{
	static const struct known contexts = {"contexts", "context", RULE_UNKNOWN_CONTEXT};
	bool list = node_has(context, NODE_LIST);
	for (uint32_t i = 0; context && i < (list ? context->count : 1); i++) {
		const struct node *name = list ? context->u.items[i] : context;
		/* Every organization has org-global. */
		if (name->kind == NODE_STRING && !node_is(name, "org-global"))
			check_name(c, &contexts, name);
	}
}

static void
check_entries(const struct check *c, const struct node *jobs)
{
	for (uint32_t i = 0; node_has(jobs, NODE_LIST) && i < jobs->count; i++) {
		const struct node *job = jobs->u.items[i];
		if (job->kind == NODE_MAP && job->count)
			check_contexts(c, node_get(job->u.pairs[0].value, "context"));
	}
}

/* ---- runner classes ---------------------------------------------------------------------- */

/* resource_class: acme/linux */
static void
check_class(const struct check *c, const struct node *class)
{
	static const struct known classes = {
		"resource-classes", "runner class", RULE_UNKNOWN_RUNNER_CLASS};
	if (node_has(class, NODE_STRING) && check_own(c, class->span) &&
		runner_form(class->u.text) == RUNNER_CLASS)
		check_name(c, &classes, class);
}

void
check_known_names(const struct check *c)
{
	const struct node *workflows = node_get(c->compiled->config, "workflows");
	if (!workflows || !c->options->settings)
		return;
	for (uint32_t i = 0; i < workflows->count; i++)
		check_entries(c, node_get(workflows->u.pairs[i].value, "jobs"));
	for (uint32_t i = 0; i < c->compiled->njobs; i++)
		check_class(c, node_get(c->compiled->jobs[i].node, "resource_class"));
}
