/* SPDX-License-Identifier: MIT */
/* Pipeline values that CircleCI takes away, and what to use instead. */
#include "ccx/check.h"
#include "ccx/expr.h"

#include "internal.h"

/*
 * The replacement has the same value whenever the old name has one. Of the others it is known that
 * they differ: the words of pipeline.trigger_source are not those of pipeline.trigger.type, a
 * commit was made before it was received, and its body is not all of its message.
 */
static bool
means_the_same(struct str name)
{
	static const char *const same[] = {
		"pipeline.trigger_parameters.circleci.event_time",
		"pipeline.trigger_parameters.github_app.checkout_sha",
		"pipeline.trigger_parameters.github_app.commit_title",
		"pipeline.trigger_parameters.github_app.repo_name",
		"pipeline.trigger_parameters.github_app.repo_url",
		"pipeline.trigger_parameters.github_app.user_avatar",
		"pipeline.trigger_parameters.github_app.user_name",
		"pipeline.trigger_parameters.github_app.user_username",
		"pipeline.trigger_parameters.github_app.web_url",
	};
	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		if (str_is(name, same[i]))
			return true;
	return false;
}

static void
check_name(void *ctx, struct str name, struct span span)
{
	const struct check *c = ctx;
	const struct pipeline_value *v =
		str_starts(name, STR("pipeline.")) ? catalog_value(name) : NULL;
	if (!v || !v->deprecated || !check_own(c, span))
		return;
	bool gone = (int)c->options->as_of >= catalog_day(str_of(v->deprecated));
	struct diag *g = diag_push(c->diags, RULE_DEPRECATED_VALUE, span,
		"%.*s is deprecated: CircleCI %s it %s %s", STR_ARG(name),
		gone ? "supports" : "will support", gone ? "only until" : "until", v->deprecated);
	if (!gone)
		diag_demote(c->diags, g, SEVERITY_NOTE);
	if (!v->replacement)
		return;
	bool same = means_the_same(name);
	diag_help(c->diags, g, same ? "use %s" : "use %s, whose values are not quite the same",
		v->replacement);
	if (same && str_eq(source_text(c->sources, span), name))
		diag_fix(c->diags, g, false, span, str_of(v->replacement));
}

/* when: pipeline.trigger_source == "api" */
static void
check_bare(const struct check *c, const struct node *n)
{
	if (node_has(n, NODE_STRING) && !(n->flags & NODE_TEMPLATED))
		expr_bare_names(c->sources, n, check_name, (void *)c);
}

static void
check_workflow(const struct check *c, const struct node *workflow)
{
	const struct node *jobs = node_get(workflow, "jobs");
	check_bare(c, node_get(workflow, "when"));
	check_bare(c, node_get(workflow, "unless"));
	for (uint32_t i = 0; node_has(jobs, NODE_LIST) && i < jobs->count; i++) {
		const struct node *job = jobs->u.items[i];
		if (job->kind == NODE_MAP && job->count)
			check_bare(c, node_get(job->u.pairs[0].value, "filters"));
	}
}

void
check_deprecated_values(const struct check *c)
{
	static const char *const sections[] = {
		"setup", "orbs", "executors", "commands", "jobs", "job-groups", "workflows"};
	const struct node *workflows = c->config->workflows;
	if (!c->config->templated)
		return;
	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
		expr_names(c->a, c->sources, node_get(c->root, sections[i]), check_name, (void *)c);
	for (uint32_t i = 0; node_has(workflows, NODE_MAP) && i < workflows->count; i++)
		check_workflow(c, workflows->u.pairs[i].value);
}
