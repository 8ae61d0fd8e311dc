/* SPDX-License-Identifier: MIT */
/* Setup configs: only a pipeline that was begun by one can be continued. */
#include "ccx/check.h"

#include "internal.h"

/* Does the alias stand for an orb that continues the pipeline? */
static bool
continues(const struct check *c, struct str name)
{
	size_t slash = str_find(name, STR("/"), 0);
	const struct orb_entry *o =
		slash == SIZE_MAX ? NULL
				  : map_get(&c->config->module.orbs, str_sub(name, 0, slash));
	return o && node_has(o->node, NODE_STRING) &&
	       (str_starts(o->node->u.text, STR("circleci/continuation@")) ||
		       str_starts(o->node->u.text, STR("circleci/path-filtering@")));
}

/* The call that continues, by the job or a step of it; NULL when there is none. */
static const struct origin *
find_call(const struct check *c, const struct compiled_job *job)
{
	for (const struct origin *o = job->origin; o; o = o->up)
		if (o->kind == ORIGIN_JOB && continues(c, o->name))
			return o;
	for (uint32_t i = 0; i < job->nsteps; i++)
		for (const struct origin *o = job->steps[i].origin; o; o = o->up)
			if (o->kind == ORIGIN_COMMAND && check_own(c, o->use) &&
				continues(c, o->name))
				return o;
	return NULL;
}

void
check_setup(const struct check *c)
{
	if (!c->compiled->config || node_get(c->root, "setup"))
		return;
	for (uint32_t i = 0; i < c->compiled->njobs; i++) {
		const struct origin *call = find_call(c, &c->compiled->jobs[i]);
		if (!call)
			continue;
		struct diag *g = diag_push(c->diags, RULE_SETUP_MISSING,
			node_pair(c->root, STR("version"))->key->span,
			"CIRCLE_CONTINUATION_KEY is required. Make sure setup workflows are "
			"enabled: this config continues the pipeline and is no setup config");
		diag_help(c->diags, g, "add `setup: true` below `version`");
		diag_note(c->diags, g, call->use, "it is continued here");
		return;
	}
}
