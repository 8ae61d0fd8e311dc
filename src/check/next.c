/* SPDX-License-Identifier: MIT */
/*
 * The compiler that CircleCI announced for autumn 2026: no version 2, regular expressions of a
 * smaller language and at most 128 characters, and no undeclared pipeline parameters anywhere.
 * What is known to be refused since its day is an error; the rest is a warning, and an error with
 * --next.
 */
#include "ccx/check.h"
#include "ccx/expr.h"
#include "ccx/limits.h"

#include "internal.h"
#include "migrate.h"

enum {
	NEXT_DAY = 20260921,      /* CircleCI's date for the new compiler */
	NEXT_PATTERN_CHARS = 128, /* CircleCI: a pattern of a filter or of `matches` */
};

static void
raise(const struct check *c, struct diag *g)
{
	if (c->options->next)
		diag_demote(c->diags, g, SEVERITY_ERROR);
}

/* The cloud refuses patterns since that day; before it, and on servers, they are a warning. */
static void
date(const struct check *c, struct diag *g)
{
	if (!c->options->next && (c->options->server || c->options->as_of < NEXT_DAY))
		diag_demote(c->diags, g, SEVERITY_WARNING);
}

/* ---- version 2 --------------------------------------------------------------------------- */

static void
check_version(const struct check *c)
{
	const struct node *version = c->config->version;
	if (!c->compiled->version2 || !version)
		return;
	struct diag *g = diag_push(c->diags, RULE_VERSION_2, version->span,
		"config version 2 is no longer supported by CircleCI's new compiler");
	diag_help(c->diags, g, "`ccx config migrate` rewrites the config for version 2.1");
	raise(c, g);
	if (c->options->migrate)
		migrate_version(c, g);
}

/* ---- patterns ---------------------------------------------------------------------------- */

static void
check_length(const struct check *c, const struct node *n, struct str pattern)
{
	size_t chars = utf8_count(pattern);
	if (chars <= NEXT_PATTERN_CHARS)
		return;
	struct diag *g = diag_push(c->diags, RULE_PATTERN_LENGTH, n->span,
		"this pattern has %zu characters; CircleCI's new compiler takes %d", chars,
		NEXT_PATTERN_CHARS);
	diag_help(c->diags, g, "split it into a list of patterns");
	date(c, g);
}

/* A pattern without its slashes. Text with a template is not known yet. */
static void
check_pattern(const struct check *c, const struct node *n, struct str pattern)
{
	if ((n->flags & NODE_TEMPLATED) && c->config->templated)
		return;
	check_length(c, n, pattern);
	if (pattern_is_re2(pattern) || !pattern_compiles(pattern))
		return;
	struct diag *g = diag_push(c->diags, RULE_PATTERN_SYNTAX, n->span,
		"Invalid regular expression: %.*s: Invalid pattern.", STR_ARG(pattern));
	diag_label(c->diags, g, "not RE2");
	diag_help(c->diags, g,
		"CircleCI's patterns are RE2, without look-around, back-references and possessive "
		"or atomic groups: use `ignore`, or an expression with `not`");
	date(c, g);
}

static bool
has_slashes(struct str text)
{
	return text.len > 1 && text.s[0] == '/' && text.s[text.len - 1] == '/';
}

/* main, /release-.*\/, or a list of such */
static void
check_names(const struct check *c, const struct node *names, int depth)
{
	if (node_has(names, NODE_STRING) && has_slashes(names->u.text))
		check_pattern(c, names, str_sub(names->u.text, 1, names->u.text.len - 1));
	for (uint32_t i = 0; depth < 8 && node_has(names, NODE_LIST) && i < names->count; i++)
		check_names(c, names->u.items[i], depth + 1);
}

/* filters: {branches: {only: main}, tags: {ignore: /.*-rc/}} */
static void
check_filters(const struct check *c, const struct node *filters)
{
	static const char *const kinds[] = {"branches", "tags"};
	for (int i = 0; i < 2; i++) {
		const struct node *kind = node_get(filters, kinds[i]);
		check_names(c, node_get(kind, "only"), 0);
		check_names(c, node_get(kind, "ignore"), 0);
	}
}

/* ---- logic statements -------------------------------------------------------------------- */

/* and: [matches: {pattern: "^v[0-9]+$", value: << pipeline.git.tag >>}, …] */
static void
check_logic(const struct check *c, const struct node *n, int depth)
{
	if (!n || depth > LIMIT_EXPRESSION_DEPTH)
		return;
	for (uint32_t i = 0; n->kind == NODE_LIST && i < n->count; i++)
		check_logic(c, n->u.items[i], depth + 1);
	for (uint32_t i = 0; n->kind == NODE_MAP && i < n->count; i++) {
		const struct pair *p = &n->u.pairs[i];
		const struct node *pattern = node_get(p->value, "pattern");
		if (!node_is(p->key, "matches")) {
			check_logic(c, p->value, depth + 1);
		} else if (node_has(pattern, NODE_STRING)) {
			struct str text = pattern->u.text;
			check_pattern(c, pattern,
				has_slashes(text) ? str_sub(text, 1, text.len - 1) : text);
		}
	}
}

static void
check_step(void *ctx, const struct written_step *s)
{
	const struct check *c = ctx;
	if (s->builtin && (str_is(s->name, "when") || str_is(s->name, "unless")))
		check_logic(c, node_get(s->body, "condition"), 0);
}

static void
check_workflow_patterns(const struct check *c, const struct node *workflow)
{
	const struct node *jobs = node_get(workflow, "jobs");
	const struct node *triggers = node_get(workflow, "triggers");
	check_logic(c, node_get(workflow, "when"), 0);
	check_logic(c, node_get(workflow, "unless"), 0);
	for (uint32_t i = 0; node_has(jobs, NODE_LIST) && i < jobs->count; i++) {
		const struct node *job = jobs->u.items[i];
		if (job->kind == NODE_MAP && job->count)
			check_filters(c, node_get(job->u.pairs[0].value, "filters"));
	}
	for (uint32_t i = 0; node_has(triggers, NODE_LIST) && i < triggers->count; i++)
		check_filters(c, node_get(node_get(triggers->u.items[i], "schedule"), "filters"));
}

static void
check_patterns(const struct check *c)
{
	const struct node *workflows = c->config->workflows;
	for (uint32_t i = 0; node_has(workflows, NODE_MAP) && i < workflows->count; i++)
		check_workflow_patterns(c, workflows->u.pairs[i].value);
	check_written_steps(c, (struct step_visitor){check_step, (void *)c});
}

/* ---- undeclared pipeline parameters ------------------------------------------------------ */

static bool
inside(struct span inner, struct span outer)
{
	return inner.file == outer.file && inner.off >= outer.off &&
	       inner.off - outer.off <= outer.len;
}

/* Today's compiler has said so of the same text; when nothing runs it now, as a warning. */
static bool
is_said(const struct check *c, struct span span)
{
	for (uint32_t i = 0; i < c->diags->all.n; i++) {
		struct diag *g = &c->diags->all.v[i];
		if (g->rule == RULE_UNKNOWN_VARIABLE &&
			(inside(span, g->span) || inside(g->span, span))) {
			raise(c, g);
			return true;
		}
	}
	return false;
}

static void
check_name(void *ctx, struct str name, struct span span)
{
	const struct check *c = ctx;
	const struct str prefix = STR("pipeline.parameters.");
	struct nearest n = {.wanted = str_sub(name, prefix.len, name.len)};
	if (!str_starts(name, prefix) || param_find(&c->config->params, n.wanted) ||
		is_said(c, span))
		return;
	struct diag *g = diag_push(c->diags, RULE_UNDECLARED_PIPELINE_PARAMETER, span,
		"pipeline parameter \"%.*s\" is not declared", STR_ARG(n.wanted));
	for (uint32_t i = 0; i < c->config->params.n && i < LIMIT_CANDIDATES; i++)
		nearest_try(&n, c->config->params.v[i].name);
	diag_nearest(c->diags, g, &n);
	diag_help(c->diags, g,
		"nothing reads it in this pipeline, but CircleCI's new compiler fails all the "
		"same");
	raise(c, g);
}

/* when: pipeline.parameters.deploy == "yes" */
static void
check_bare(const struct check *c, const struct node *n)
{
	if (node_has(n, NODE_STRING) && !(n->flags & NODE_TEMPLATED))
		expr_bare_names(c->sources, n, check_name, (void *)c);
}

static void
check_bare_names(const struct check *c)
{
	const struct node *workflows = c->config->workflows;
	for (uint32_t i = 0; node_has(workflows, NODE_MAP) && i < workflows->count; i++) {
		const struct node *workflow = workflows->u.pairs[i].value;
		const struct node *jobs = node_get(workflow, "jobs");
		check_bare(c, node_get(workflow, "when"));
		check_bare(c, node_get(workflow, "unless"));
		for (uint32_t k = 0; node_has(jobs, NODE_LIST) && k < jobs->count; k++) {
			const struct node *job = jobs->u.items[k];
			if (job->kind == NODE_MAP && job->count)
				check_bare(c, node_get(job->u.pairs[0].value, "filters"));
		}
	}
}

static void
check_parameters(const struct check *c)
{
	static const char *const sections[] = {
		"executors", "commands", "jobs", "job-groups", "workflows"};
	const struct node *orbs = node_get(c->root, "orbs");
	if (!c->config->templated)
		return;
	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
		expr_names(c->a, c->sources, node_get(c->root, sections[i]), check_name, (void *)c);
	/* Inline orbs do not see pipeline parameters at all: that is another fault. */
	for (uint32_t i = 0; node_has(orbs, NODE_MAP) && i < orbs->count; i++)
		if (orbs->u.pairs[i].value->kind == NODE_STRING)
			expr_names(c->a, c->sources, orbs->u.pairs[i].value, check_name, (void *)c);
	check_bare_names(c);
}

void
check_next(const struct check *c)
{
	check_version(c);
	check_patterns(c);
	check_parameters(c);
	if (c->options->migrate)
		migrate_filters(c);
}
