/* SPDX-License-Identifier: MIT */
/* From nodes to the typed tree: modules, elements, parameters. */
#include "ccx/config.h"

const char *const param_type_names[PARAM_TYPE_COUNT] = {
	[PARAM_STRING] = "string",
	[PARAM_BOOLEAN] = "boolean",
	[PARAM_INTEGER] = "integer",
	[PARAM_ENUM] = "enum",
	[PARAM_EXECUTOR] = "executor",
	[PARAM_STEPS] = "steps",
	[PARAM_ENV_VAR_NAME] = "env_var_name",
};

const char *const element_kind_names[] = {
	[ELEMENT_COMMAND] = "command",
	[ELEMENT_EXECUTOR] = "executor",
	[ELEMENT_JOB] = "job",
	[ELEMENT_GROUP] = "job group",
};

const struct param *
param_find(const struct params *p, struct str name)
{
	return map_get(&p->by_name, name);
}

/* ---- parameters -------------------------------------------------------------------------- */

static bool
param_type_of(const struct node *type, enum param_type *out)
{
	for (int i = 0; i < PARAM_TYPE_COUNT; i++) {
		if (node_is(type, param_type_names[i])) {
			*out = (enum param_type)i;
			return true;
		}
	}
	return false;
}

/* What the entry of a job in a workflow says besides the job's arguments. */
static bool
is_reserved(struct str name)
{
	static const char *const names[] = {"name", "pre-steps", "post-steps", "filters",
		"requires", "context", "type", "override-with", "upstream", "matrix"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_is(name, names[i]))
			return true;
	return false;
}

static void
check_reserved(const struct element *e, struct diag_list *d)
{
	for (uint32_t i = 0; i < e->params.n; i++) {
		const struct param *p = &e->params.v[i];
		if (!is_reserved(p->name))
			continue;
		struct diag *g = diag_push(d, RULE_CONFLICTING_PARAMETERS, p->span,
			"\"name\", \"pre-steps\", \"post-steps\", \"filters\", \"requires\", "
			"\"context\", \"type\", \"override-with\", and \"upstream\" are reserved "
			"parameter names in build jobs");
		diag_help(d, g, "`%.*s` is read where a workflow runs the job: call it otherwise",
			STR_ARG(p->name));
	}
}

/* version: {type: string, default: "20"}
 * What is malformed was reported by the schema; the parameter is there all the same, of a type
 * that takes anything, so that its uses are not reported too. */
static struct param
decode_param(struct arena *a, const struct pair *p, struct diag_list *d)
{
	struct param param = {.name = p->key->u.text, .node = p->value, .span = p->key->span};
	/* A default without a value is no default: the parameter stays required. */
	const struct node *fallback = node_get(p->value, "default");
	param.fallback = node_has(fallback, NODE_NULL) ? NULL : fallback;
	param.choices = node_get(p->value, "enum");
	if (param_type_of(node_get(p->value, "type"), &param.type)) {
		param_check_default(&param, d);
		return param;
	}
	param.type = PARAM_TYPE_COUNT;
	if (!param.fallback)
		param.fallback = node_string(a, STR(""), param.span);
	return param;
}

/* on: {type: string}      # a boolean in YAML 1.1, so no name */
static void
not_a_name(const struct node *key, struct diag_list *d)
{
	struct diag *g = diag_push(d, RULE_INVALID_NAME, key->span,
		"expected type: String, found: %s", node_type_title(key));
	diag_help(d, g, "YAML reads this name as a %s: quote it, or call it otherwise",
		node_type(key));
}

/* parameters:
 *   version: {type: string, default: "20"}
 *   os: {type: enum, enum: [linux, macos]} */
static struct params
decode_params(struct arena *a, const struct node *map, struct diag_list *d)
{
	struct params out = {0};
	if (!node_has(map, NODE_MAP))
		return out;
	out.v = NEW_ARRAY(a, struct param, map->count);
	for (uint32_t i = 0; i < map->count; i++) {
		const struct pair *p = &map->u.pairs[i];
		if (p->key->kind != NODE_STRING) {
			not_a_name(p->key, d);
			continue;
		}
		struct param *param = &out.v[out.n++];
		*param = decode_param(a, p, d);
		map_put(a, &out.by_name, param->name, param);
	}
	return out;
}

/* That a pipeline parameter has no default was reported by the schema; its uses need not be too. */
static void
add_defaults(struct arena *a, struct params *params)
{
	for (uint32_t i = 0; i < params->n; i++) {
		struct param *p = &params->v[i];
		if (p->fallback || node_get(p->node, "default"))
			continue;
		if (p->type == PARAM_BOOLEAN)
			p->fallback = node_bool(a, false, p->span);
		else if (p->type == PARAM_INTEGER)
			p->fallback = node_int(a, 1, p->span);
		else
			p->fallback = node_string(a, STR(""), p->span);
	}
}

/* ---- elements ---------------------------------------------------------------------------- */

/* The definition without what is about it rather than in it: neither is rendered, so a template
 * in a description is never a fault. */
static const struct node *
strip_about(struct arena *a, const struct node *node)
{
	if (!node_get(node, "parameters") && !node_get(node, "description"))
		return node;
	struct pair *pairs = NEW_ARRAY(a, struct pair, node->count);
	uint32_t n = 0;
	for (uint32_t i = 0; i < node->count; i++) {
		const struct node *key = node->u.pairs[i].key;
		if (!node_is(key, "parameters") && !node_is(key, "description"))
			pairs[n++] = node->u.pairs[i];
	}
	return node_map(a, pairs, n, node->span);
}

/* commands:
 *   greet:
 *     parameters: {to: {type: string}}
 *     steps: [{run: echo << parameters.to >>}]
 *   install: node/install     # another element's name */
static void
decode_elements(struct arena *a, struct module *m, enum element_kind kind, struct diag_list *d)
{
	static const char *const sections[] = {[ELEMENT_COMMAND] = "commands",
		[ELEMENT_EXECUTOR] = "executors",
		[ELEMENT_JOB] = "jobs",
		[ELEMENT_GROUP] = "job-groups"};
	const struct node *section = node_get(m->node, sections[kind]);
	struct map *into[] = {[ELEMENT_COMMAND] = &m->commands,
		[ELEMENT_EXECUTOR] = &m->executors,
		[ELEMENT_JOB] = &m->jobs,
		[ELEMENT_GROUP] = &m->groups};
	if (!node_has(section, NODE_MAP))
		return;
	for (uint32_t i = 0; i < section->count; i++) {
		const struct pair *p = &section->u.pairs[i];
		struct element *e = NEW(a, struct element);
		*e = (struct element){.kind = kind,
			.name = node_text(a, p->key),
			.span = p->key->span,
			.node = p->value,
			.body = p->value,
			.home = m};
		if (p->value->kind == NODE_STRING)
			e->alias = p->value->u.text;
		if (p->value->kind == NODE_MAP) {
			e->params = decode_params(a, node_get(p->value, "parameters"), d);
			if (kind == ELEMENT_JOB && !node_get(p->value, "type"))
				check_reserved(e, d);
			e->body = strip_about(a, p->value);
		}
		map_put(a, into[kind], e->name, e);
	}
}

static void decode_names(struct arena *a, struct module *m, struct diag_list *d);

/* orbs:
 *   node: circleci/node@5.2
 *   mine: {commands: {…}, jobs: {…}}
 * Inline orbs are as deep as the document is, and that is bounded. */
static void
decode_orbs(struct arena *a, struct module *m, struct diag_list *d)
{
	const struct node *orbs = node_get(m->node, "orbs");
	for (uint32_t i = 0; node_has(orbs, NODE_MAP) && i < orbs->count; i++) {
		const struct pair *p = &orbs->u.pairs[i];
		struct orb_entry *o = NEW(a, struct orb_entry);
		*o = (struct orb_entry){
			.alias = node_text(a, p->key), .span = p->key->span, .node = p->value};
		map_put(a, &m->orbs, o->alias, o);
		if (p->value->kind != NODE_MAP)
			continue;
		struct module *inner = NEW(a, struct module);
		const char *slash = m->path.len ? "/" : "";
		inner->path =
			str_printf(a, "%.*s%s%.*s", STR_ARG(m->path), slash, STR_ARG(o->alias));
		inner->parent = m;
		inner->node = p->value;
		o->module = inner;
		decode_names(a, inner, d);
	}
}

static void
decode_names(struct arena *a, struct module *m, struct diag_list *d)
{
	decode_elements(a, m, ELEMENT_COMMAND, d);
	decode_elements(a, m, ELEMENT_EXECUTOR, d);
	decode_elements(a, m, ELEMENT_JOB, d);
	decode_orbs(a, m, d);
}

bool
module_decode(struct arena *a, struct module *m, const struct node *root, struct diag_list *d)
{
	m->node = root;
	uint32_t before = d->errors;
	if (!node_has(root, NODE_MAP)) {
		struct diag *g = diag_push(d, RULE_WRONG_TYPE, root->span,
			"expected type: Mapping, found: %s", node_type_title(root));
		diag_help(d, g, "an orb is a map with commands, executors or jobs");
		return false;
	}
	schema_check(catalog_schema(SCHEMA_ORB), root, d);
	decode_names(a, m, d);
	return d->errors == before;
}

/* ---- the whole config -------------------------------------------------------------------- */

/* version: 2.1, "2.1", 2, 2.0; what it says is a number, however it is written. */
static double
version_number(const struct node *version)
{
	if (node_has(version, NODE_FLOAT))
		return version->u.real;
	if (node_has(version, NODE_INT) && !(version->flags & NODE_BIG))
		return (double)version->u.integer;
	if (node_is(version, "2.1"))
		return 2.1;
	return node_is(version, "2") || node_is(version, "2.0") ? 2 : 0;
}

/* The key that `version` was meant to be, if there is one. */
static const struct node *
nearest_key(const struct node *root, const char *key)
{
	struct nearest n = {.wanted = str_of(key)};
	const struct node *best = NULL;
	for (uint32_t i = 0; i < root->count; i++) {
		const struct node *k = root->u.pairs[i].key;
		struct str before = n.best;
		if (k->kind == NODE_STRING)
			nearest_try(&n, k->u.text);
		if (n.best.s != before.s)
			best = k;
	}
	return best;
}

static bool
missing_version(const struct node *root, struct diag_list *d)
{
	const struct node *typo = nearest_key(root, "version");
	struct span at = typo ? typo->span : root->span;
	if (!typo)
		at.len = 0;
	struct diag *g = diag_push(d, RULE_VERSION, at, "required key [version] not found");
	if (typo)
		diag_label(d, g, "did you mean \"version\"?");
	diag_help(d, g, "start the file with `version: 2.1`");
	return false;
}

static bool
check_version(struct config *c, const struct node *root, bool preview, struct diag_list *d)
{
	c->version = node_get(root, "version");
	if (!c->version)
		return missing_version(root, d);
	double v = version_number(c->version);
	c->templated = v > 2 || preview;
	if (v >= 2 && v <= 2.1)
		return true;
	struct diag *g = diag_push(d, RULE_VERSION, c->version->span,
		"Unsupported or missing workflows config version");
	diag_label(d, g, "expected 2.1");
	diag_help(d, g, "there is no other config version: use `version: 2.1`");
	return false;
}

/* setup: true needs 2.1; in a 2.0 file nothing could continue. */
static void
check_setup(const struct config *c, const struct node *root, struct diag_list *d)
{
	const struct node *setup = node_get(root, "setup");
	if (c->templated || !node_has(setup, NODE_BOOL) || !setup->u.boolean)
		return;
	struct diag *g = diag_push(
		d, RULE_VERSION, c->version->span, "Version 2.1 is required for Setup workflows");
	diag_note(d, g, setup->span, "a setup config because of this");
}

struct config *
config_decode(struct arena *a, const struct node *root, bool preview, struct diag_list *d)
{
	struct config *c = NEW(a, struct config);
	if (!node_has(root, NODE_MAP)) {
		enum rule rule = node_has(root, NODE_NULL) ? RULE_EMPTY : RULE_WRONG_TYPE;
		struct diag *g = diag_push(d, rule, root->span, "expected type: Mapping, found: %s",
			node_type_title(root));
		diag_help(d, g, "a config is a map that starts with `version: 2.1`");
		return NULL;
	}
	if (!check_version(c, root, preview, d))
		return NULL;
	check_setup(c, root, d);
	schema_check(catalog_schema(c->templated ? SCHEMA_CONFIG : SCHEMA_CONFIG_2), root, d);
	c->module.node = root;
	c->workflows = node_get(root, "workflows");
	if (node_has(c->workflows, NODE_NULL))
		c->workflows = NULL;
	if (!c->templated) {
		decode_elements(a, &c->module, ELEMENT_JOB, d);
		return c;
	}
	c->params = decode_params(a, node_get(root, "parameters"), d);
	add_defaults(a, &c->params);
	decode_elements(a, &c->module, ELEMENT_GROUP, d);
	decode_names(a, &c->module, d);
	return c;
}
