/* SPDX-License-Identifier: MIT */
/* Contexts that the settings do not list. What contexts there are nobody can know offline: without
 * a list nothing is said. */
#include "ccx/check.h"

#include "internal.h"

static void
report_context(const struct check *c, const struct node *known, const struct node *name)
{
	struct diag *g = diag_push(c->diags, RULE_UNKNOWN_CONTEXT, name->span,
		"context \"%.*s\" is not one of those that the settings list",
		STR_ARG(str_sub(name->u.text, 0, 200)));
	if (!diag_kept(c->diags, g))
		return;
	struct nearest nearest = {.wanted = name->u.text};
	for (uint32_t i = 0; node_has(known, NODE_LIST) && i < known->count; i++)
		if (known->u.items[i]->kind == NODE_STRING)
			nearest_try(&nearest, known->u.items[i]->u.text);
	diag_nearest(c->diags, g, &nearest);
	diag_help(c->diags, g, "add it to contexts in .circleci/ccx.yml if it exists");
}

/* context: aws  or  context: [aws, slack] */
static void
check_names(const struct check *c, const struct node *known, const struct node *context)
{
	bool list = node_has(context, NODE_LIST);
	for (uint32_t i = 0; context && i < (list ? context->count : 1); i++) {
		const struct node *name = list ? context->u.items[i] : context;
		/* Every organization has org-global. */
		if (name->kind != NODE_STRING || node_is(name, "org-global"))
			continue;
		if (!settings_list_has(c->options->settings, "contexts", name->u.text))
			report_context(c, known, name);
	}
}

void
check_context_names(const struct check *c)
{
	const struct node *known = node_get(c->options->settings, "contexts");
	const struct node *workflows = node_get(c->compiled->config, "workflows");
	for (uint32_t i = 0; known && node_has(workflows, NODE_MAP) && i < workflows->count; i++) {
		const struct node *jobs = node_get(workflows->u.pairs[i].value, "jobs");
		for (uint32_t k = 0; node_has(jobs, NODE_LIST) && k < jobs->count; k++) {
			const struct node *job = jobs->u.items[k];
			if (job->kind == NODE_MAP && job->count)
				check_names(c, known, node_get(job->u.pairs[0].value, "context"));
		}
	}
}
