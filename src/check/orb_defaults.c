/* SPDX-License-Identifier: MIT */
/*
 * Defaults such as $CIRCLE_SHA1, which are text until a shell reads them. CircleCI expands no
 * variables in `environment`, nor in the keys of caches.
 */
#include "ccx/check.h"
#include "ccx/expr.h"

#include "internal.h"
#include "written.h"

/* The part of a step that is looked at. */
struct part {
	const struct check *c;
	const struct element *element;
	const char *what, *help;
};

/* $CIRCLE_SHA1  dev:${CIRCLE_SHA1:0:7} */
static bool
has_variable(struct str text)
{
	for (size_t i = 0; i + 1 < text.len; i++) {
		char next = text.s[i + 1];
		if (text.s[i] == '$' &&
			(next == '{' || next == '_' || (next >= 'a' && next <= 'z') ||
				(next >= 'A' && next <= 'Z')))
			return true;
	}
	return false;
}

/* Does a command seem to expand what is in its variables?  eval echo  circleci env subst  ${!X} */
static bool
expands(struct str command)
{
	static const char *const words[] = {
		"eval", "subst", "${!", "sh -c", "printenv", "xpand", "@P}", "include("};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_has(command, str_of(words[i])))
			return true;
	return false;
}

static void
check_name(void *ctx, struct str name, struct span span)
{
	const struct part *part = ctx;
	struct str prefix = STR("parameters.");
	if (!str_starts(name, prefix))
		return;
	const struct param *p =
		param_find(&part->element->params, str_sub(name, prefix.len, name.len));
	if (!p || p->type != PARAM_STRING || !node_has(p->fallback, NODE_STRING) ||
		!has_variable(p->fallback->u.text) || !check_own(part->c, p->fallback->span))
		return;
	struct diag *g = diag_push(part->c->diags, RULE_UNEXPANDED_DEFAULT, p->fallback->span,
		"the default of \"%.*s\" stays `%.*s` in %s", STR_ARG(p->name),
		STR_ARG(str_sub(p->fallback->u.text, 0, 100)), part->what);
	if (!diag_kept(part->c->diags, g))
		return;
	diag_note(part->c->diags, g, span, "used here");
	diag_help(part->c->diags, g, "%s", part->help);
}

/* - run:
 *     environment: {PARAM_TAG: << parameters.tag >>}
 *     command: docker push "acme/tools:$PARAM_TAG" */
static void
check_run(struct part *part, const struct node *run)
{
	const struct node *command = node_get(run, "command");
	const struct node *environment = node_get(run, "environment");
	if (!environment || !node_has(command, NODE_STRING) || expands(command->u.text))
		return;
	part->what = "`environment`, and nothing in the command expands it";
	part->help = "expand it in the command, as with value=$(circleci env subst \"$PARAM\")";
	expr_names(part->c->a, part->c->sources, environment, check_name, part);
}

/* - save_cache: {key: v1-<< parameters.branch >>} */
static void
check_cache(struct part *part, const struct node *cache)
{
	static const char *const keys[] = {"key", "keys"};
	part->what = "the key of a cache, where no shell reads it";
	part->help = "write {{ .Environment.NAME }} in the key; a parameter of type env_var_name "
		     "can say which variable";
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (node_get(cache, keys[i]))
			expr_names(part->c->a, part->c->sources, node_get(cache, keys[i]),
				check_name, part);
}

static void
visit(void *ctx, const struct written_step *s)
{
	const struct check *c = ctx;
	struct part part = {.c = c, .element = s->element};
	if (!s->element || s->module != &c->config->module || !s->builtin ||
		!node_has(s->body, NODE_MAP))
		return;
	if (str_is(s->name, "run"))
		check_run(&part, s->body);
	else if (str_is(s->name, "save_cache") || str_is(s->name, "restore_cache"))
		check_cache(&part, s->body);
}

void
check_orb_defaults(const struct check *c)
{
	check_written_steps(c, (struct step_visitor){visit, (void *)c});
}
