/* SPDX-License-Identifier: MIT */
/*
 * Steps as written: what CircleCI drops without a word, what is deprecated, what has no effect.
 * This needs no compile, so it speaks of jobs and commands that nothing uses, too.
 */
#include "ccx/check.h"
#include "ccx/limits.h"

#include "internal.h"

struct steps_check {
	const struct check *c;
	const struct schema *steps; /* the built-in steps: their names are its keys */
};

/* ---- options that are ignored ------------------------------------------------------------ */

/* What the schema says of a step; `run` may be a string too: the alternative with keys counts. */
static const struct schema *
options_of(const struct schema *s)
{
	for (uint16_t i = 0; s && !s->nkeys && i < s->nany; i++)
		if (s->any[i]->nkeys)
			return s->any[i];
	return s && s->nkeys ? s : NULL;
}

/* setup_remote_docker once had other names for docker_layer_caching, which still work. */
static bool
is_legacy(const struct written_step *s, struct str option)
{
	return str_is(s->name, "setup_remote_docker") &&
	       (str_is(option, "reusable") || str_is(option, "exclusive"));
}

static void
ignored_option(const struct check *c, const struct written_step *s, const struct schema *options,
	const struct node *key)
{
	struct nearest near = {.wanted = key->u.text};
	struct diag *g = diag_push(c->diags, RULE_IGNORED_OPTION, key->span,
		"%.*s has no option \"%.*s\": CircleCI ignores it", STR_ARG(s->name),
		STR_ARG(key->u.text));
	for (uint16_t i = 0; i < options->nkeys; i++)
		nearest_try(&near, options->keys[i].name);
	diag_nearest(c->diags, g, &near);
	if (near.best.len && check_own(c, key->span) && !(key->flags & NODE_QUOTED) &&
		!node_find(s->body, near.best))
		diag_fix(c->diags, g, false, key->span, near.best);
	struct sb names = {.a = c->a};
	for (uint16_t i = 0; i < options->nkeys; i++)
		sb_printf(&names, "%s%.*s", i ? ", " : "", STR_ARG(options->keys[i].name));
	diag_help(c->diags, g, "its options are %.*s", STR_ARG(sb_str(&names)));
}

static void
check_options(const struct steps_check *k, const struct written_step *s)
{
	const struct schema_key *key = schema_key(k->steps, s->name);
	const struct schema *options = key ? options_of(key->value) : NULL;
	if (!options || options->closed || !node_has(s->body, NODE_MAP) || s->step->count > 1)
		return;
	for (uint32_t i = 0; i < s->body->count; i++) {
		const struct node *name = s->body->u.pairs[i].key;
		if (name->kind == NODE_STRING && !schema_key(options, name->u.text) &&
			!is_legacy(s, name->u.text) && check_own(k->c, name->span))
			ignored_option(k->c, s, options, name);
	}
}

/* ---- flattened steps --------------------------------------------------------------------- */

/* Is key alone at the start of its line? Then moving the line moves the key. */
static bool
starts_line(const struct check *c, struct span key, struct span *start)
{
	struct str text = source_of(c->sources, key.file)->text;
	uint32_t at = key.off;
	while (at > 0 && text.s[at - 1] == ' ')
		at--;
	*start = (struct span){key.file, at, 0};
	return at == 0 || text.s[at - 1] == '\n';
}

/* Indents each line from that of the first argument to that where the last one ends. */
static void
fix_flattened(const struct check *c, struct diag *g, const struct written_step *s)
{
	const struct pair *last = &s->step->u.pairs[s->step->count - 1];
	struct span start;
	for (uint32_t i = 1; i < s->step->count; i++) {
		struct span key = s->step->u.pairs[i].key->span;
		if (key.off < s->step->u.pairs[i - 1].key->span.off || !starts_line(c, key, &start))
			return;
	}
	if (s->key != s->step->u.pairs[0].key || last->value->span.file != c->file ||
		!starts_line(c, s->step->u.pairs[1].key->span, &start))
		return;
	struct str text = source_of(c->sources, c->file)->text;
	uint32_t end = last->value->span.off + last->value->span.len;
	if (last->value->span.off < last->key->span.off || end > text.len)
		return;
	for (uint32_t at = start.off; at < end;) {
		if (text.s[at] != '\n' && text.s[at] != '\r')
			diag_fix(c->diags, g, false, (struct span){c->file, at, 0}, STR("  "));
		size_t line = str_find(text, STR("\n"), at);
		if (line == SIZE_MAX)
			break;
		at = (uint32_t)line + 1;
	}
}

/* - save_cache:
 *   key: v1          two keys of one step: the compiler keeps the one without value */
static void
check_flattened(const struct check *c, const struct written_step *s)
{
	if (s->step->kind != NODE_MAP || s->step->count < 2 || s->body->kind != NODE_NULL)
		return;
	for (uint32_t i = 0; i < s->step->count; i++) {
		const struct node *lost = s->step->u.pairs[i].key;
		if (lost == s->key)
			continue;
		struct diag *g = diag_push(c->diags, RULE_FLATTENED_STEP, s->key->span,
			"the arguments of %.*s are lost: \"%.*s\" stands beside its name, not "
			"below it",
			STR_ARG(s->name), STR_ARG(node_text(c->a, lost)));
		diag_note(c->diags, g, lost->span, "indent this deeper than `%.*s`",
			STR_ARG(s->name));
		diag_help(c->diags, g, "CircleCI takes the name and drops the rest");
		fix_flattened(c, g, s);
		return;
	}
}

/* ---- single steps ------------------------------------------------------------------------ */

/* - deploy: {command: make deploy} */
static void
check_deprecated(const struct check *c, const struct written_step *s)
{
	if (!s->builtin->deprecated || (s->body && s->body->kind == NODE_NULL) || !s->body)
		return;
	struct diag *g = diag_push(c->diags, RULE_DEPRECATED_STEP, s->key->span,
		"the %.*s step is deprecated", STR_ARG(s->name));
	diag_help(c->diags, g, "use `%s`; in a job with parallelism it runs in every container",
		s->builtin->deprecated);
	if (check_own(c, s->key->span) && !(s->key->flags & NODE_QUOTED))
		diag_fix(c->diags, g, false, s->key->span, str_of(s->builtin->deprecated));
}

/* - checkout: {depth: 1} */
static void
check_depth(const struct check *c, const struct written_step *s)
{
	const struct pair *depth = node_pair(s->body, STR("depth"));
	const struct node *method = node_get(s->body, "method");
	if (!str_is(s->name, "checkout") || !depth || node_is(method, "shallow") ||
		(node_has(method, NODE_STRING) && str_has(method->u.text, STR("<<"))))
		return;
	struct diag *g = diag_push(c->diags, RULE_CHECKOUT_DEPTH, depth->key->span,
		"checkout uses `depth` only with the shallow method");
	if (method)
		diag_note(c->diags, g, method->span, "the method is set here");
	diag_help(c->diags, g, "add `method: shallow`, or remove `depth`");
}

/* - setup_remote_docker: {version: 20.10.24} */
static void
check_docker_version(const struct check *c, const struct written_step *s)
{
	const struct node *version = node_get(s->body, "version");
	if (!str_is(s->name, "setup_remote_docker") || !version || c->options->server ||
		version->kind == NODE_LIST || version->kind == NODE_MAP)
		return;
	struct str name = node_text(c->a, version);
	const struct image *image = catalog_image(IMAGE_REMOTE_DOCKER, name);
	enum life_state state =
		image ? life_at(&image->life, (int)c->options->as_of) : LIFE_CURRENT;
	if (state != LIFE_DEPRECATED && state != LIFE_REMOVED)
		return;
	struct diag *g = diag_push(c->diags, RULE_REMOTE_DOCKER_VERSION, version->span,
		"version %.*s of remote Docker is %s", STR_ARG(name),
		state == LIFE_REMOVED ? "gone" : "deprecated");
	if (!image->replacement)
		return;
	diag_help(c->diags, g, "use `version: %s`", image->replacement);
	if (check_own(c, version->span))
		diag_fix(c->diags, g, false, version->span, str_of(image->replacement));
}

/* In version 2 nothing takes the backslash away that 2.1 needs before <<. */
static void
check_escape(const struct check *c, const struct written_step *s)
{
	const struct node *command =
		node_has(s->body, NODE_MAP) ? node_get(s->body, "command") : s->body;
	if (c->config->templated || !str_is(s->name, "run") || !node_has(command, NODE_STRING) ||
		!str_has(command->u.text, STR("\\<<")))
		return;
	struct diag *g = diag_push(c->diags, RULE_NEEDLESS_ESCAPE, command->span,
		"the shell sees this `\\<<` as it stands: version 2 has no templates");
	diag_help(c->diags, g, "write `<<`, or set `version: 2.1`");
}

static void
visit(void *ctx, const struct written_step *s)
{
	const struct steps_check *k = ctx;
	if (!check_own(k->c, s->key->span))
		return;
	check_flattened(k->c, s);
	if (!s->builtin)
		return;
	check_options(k, s);
	check_deprecated(k->c, s);
	check_depth(k->c, s);
	check_docker_version(k->c, s);
	check_escape(k->c, s);
}

/* ---- empty jobs -------------------------------------------------------------------------- */

static void
check_empty(const struct check *c, const struct element *e)
{
	const struct pair *steps = node_pair(e->node, STR("steps"));
	if (!steps || !node_has(steps->value, NODE_LIST) || steps->value->count)
		return;
	struct diag *g = diag_push(c->diags, RULE_EMPTY_STEPS, steps->key->span,
		"job \"%.*s\" has no steps, and still starts its executor", STR_ARG(e->name));
	diag_help(c->diags, g, "if it only joins other jobs, make it `type: no-op`");
}

/* The part of the schema whose keys are the built-in steps. */
static const struct schema *
step_schema(const struct schema *s, int depth)
{
	if (!s || depth > 8)
		return NULL;
	if (schema_key(s, STR("save_cache")))
		return s;
	const struct schema_key *steps = schema_key(s, STR("steps"));
	const struct schema *found = step_schema(steps ? steps->value : NULL, depth + 1);
	found = found ? found : step_schema(s->other, depth + 1);
	found = found ? found : step_schema(s->items, depth + 1);
	for (uint16_t i = 0; !found && i < s->nany; i++)
		found = step_schema(s->any[i], depth + 1);
	return found;
}

void
check_steps(const struct check *c)
{
	const struct schema_key *commands =
		schema_key(catalog_schema(SCHEMA_CONFIG), STR("commands"));
	struct steps_check k = {c, step_schema(commands ? commands->value : NULL, 0)};
	if (!k.steps)
		return;
	check_written_steps(c, (struct step_visitor){visit, &k});
	for (uint32_t i = 0; i < c->config->module.jobs.n; i++)
		check_empty(c, c->config->module.jobs.v[i].value);
}
