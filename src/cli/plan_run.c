/* SPDX-License-Identifier: MIT */
#include "plan_run.h"

/* ---- reading ----------------------------------------------------------------------------- */

/* .circleci/config.yml -> "."; paths in a setup config start there */
static struct str
root_of(struct arena *a, const char *path)
{
	return path_dir(pipeline_folder(a, path));
}

bool
plan_run_open(struct plan_run *run, enum exit_code *code)
{
	struct session *s = &run->session;
	if (!session_open(s, code))
		return false;
	s->read.options.tolerant = true;
	run->root = root_of(s->cli->a, s->path);
	run->config = node_load(s->cli->a, &s->sources, s->file, &s->diags);
	if (!run->config) {
		session_report(s);
		*code = EXIT_FINDINGS;
		return false;
	}
	session_orbs(s);
	return true;
}

/* ---- one compile ------------------------------------------------------------------------- */

/* That nothing runs is an answer here, and no finding. */
static const struct plan *
plan_root(struct plan_run *run, const struct node *root, const struct node *parameters,
	const struct sim_event *e, enum exit_code *code)
{
	struct session *s = &run->session;
	struct compile_options options = s->read.options;
	options.values = event_values(s->cli->a, e, s->read.options.values);
	options.parameters = parameters;
	struct compiled *c = compile_node(s->cli->a, &s->sources, root, &options, &s->diags);
	if (c && !s->diags.errors) {
		diag_remove(&s->diags, RULE_NO_JOBS);
		return sim_plan(s->cli->a, &s->sources, c, e, options.values);
	}
	/* Orbs that are missing are notes. */
	*code = s->diags.errors ? EXIT_FINDINGS : EXIT_OTHER;
	session_report(s);
	return NULL;
}

/* ---- what a setup config continues with -------------------------------------------------- */

/* Maps one into the other as the orb does it: what is later wins, lists are not joined. */
static const struct node *
merge(struct arena *a, const struct node *under, const struct node *over)
{
	struct map index = {0};
	if (under->kind != NODE_MAP || over->kind != NODE_MAP)
		return over;
	struct pair *pairs = NEW_ARRAY(a, struct pair, under->count + over->count);
	uint32_t n = under->count;
	for (uint32_t i = 0; i < n; i++) {
		pairs[i] = under->u.pairs[i];
		map_put(a, &index, node_text(a, pairs[i].key), &pairs[i]);
	}
	for (uint32_t i = 0; i < over->count; i++) {
		const struct pair *p = &over->u.pairs[i];
		struct pair *old = map_get(&index, node_text(a, p->key));
		if (old)
			old->value = merge(a, old->value, p->value); /* no deeper than YAML is */
		else
			pairs[n++] = *p;
	}
	return node_map(a, pairs, n, under->span);
}

static struct str
below_root(struct plan_run *run, struct str path)
{
	return str_is(run->root, ".") ? path : path_join(run->session.cli->a, run->root, path);
}

/* The config at a path, read once however many events continue with it. */
static const struct node *
read_config(struct plan_run *run, struct str path, enum exit_code *code)
{
	struct session *s = &run->session;
	struct str name = str_copy(s->cli->a, path);
	const struct node *root = map_get(&run->continuations, name);
	uint32_t file;
	if (root)
		return root;
	*code = EXIT_FINDINGS;
	if (pipeline_config(s->cli, &s->read, name.s, NULL, &file))
		root = node_load(s->cli->a, &s->sources, file, &s->diags);
	else
		*code = s->read.code;
	if (root)
		map_put(s->cli->a, &run->continuations, name, (void *)(uintptr_t)root);
	else
		session_report(s);
	return root;
}

/* The config that was named, else the ones that path filtering chose, one over the other. */
static const struct node *
read_continuation(struct plan_run *run, const struct path_filter *paths, struct str *path,
	enum exit_code *code)
{
	const struct node *all = NULL;
	struct sb name = {.a = run->session.cli->a};
	if (run->continuation) {
		*path = str_of(run->continuation);
		return read_config(run, *path, code);
	}
	for (uint32_t i = 0; i < paths->configs.n; i++) {
		struct str one = below_root(run, paths->configs.v[i]);
		const struct node *root = read_config(run, one, code);
		if (!root)
			return NULL;
		all = all ? merge(run->session.cli->a, all, root) : root;
		sb_printf(&name, "%s%.*s", i ? " + " : "", STR_ARG(one));
	}
	*path = sb_str(&name);
	return all;
}

/* Parameters of the pipeline, and over them those that path filtering sets. */
static const struct node *
all_parameters(struct plan_run *run, const struct path_filter *paths)
{
	const struct node *given = run->session.read.options.parameters;
	const struct node *set = paths ? paths->parameters : NULL;
	return given && set ? merge(run->session.cli->a, given, set) : set ? set : given;
}

static void
add_note(struct plan_run *run, struct sim_event *e, const char *text)
{
	vec_push(run->session.cli->a, &e->notes, str_of(text));
}

/* A continuation is followed when it is named, or when it is known which files changed. */
static bool
is_followed(const struct plan_run *run, const struct sim_event *e)
{
	return e->changed_known || run->continuation;
}

static bool
follow(struct plan_run *run, struct sim_event *e, struct report_plan *out, enum exit_code *code)
{
	struct session *s = &run->session;
	if (!out->plan->njobs || !is_followed(run, e))
		return true;
	out->paths = path_filter(s->cli->a, &s->sources, out->plan, run->root, &s->diags);
	if (s->diags.errors) {
		*code = EXIT_FINDINGS;
		session_report(s);
		return false;
	}
	if (!out->paths && !run->continuation)
		return true;
	if (out->paths && !e->changed_known)
		add_note(run, e,
			"which files changed is not known, so path filtering sets nothing; give "
			"--changed");
	const struct node *root = read_continuation(run, out->paths, &out->continuation, code);
	if (!root)
		return false;
	out->continued = plan_root(run, root, all_parameters(run, out->paths), e, code);
	return out->continued != NULL;
}

/* ---- one event --------------------------------------------------------------------------- */

/* Where the event does not say it, branch or tag are those of the checkout or of the options. */
static void
find_target(struct plan_run *run, struct sim_event *e)
{
	const struct checkout *checkout = &run->session.read.options.checkout;
	struct str text;
	if (e->branch.len || e->tag.len || !checkout->get)
		return;
	if (checkout->get(checkout->ctx, DEFAULT_BRANCH, &text) && text.len)
		e->branch = text;
	else if (checkout->get(checkout->ctx, DEFAULT_TAG, &text) && text.len)
		e->tag = text;
	if (e->kind == EVENT_PUSH && e->tag.len)
		e->kind = EVENT_TAG;
}

/* Parameters that the setup config does not declare are for what it continues with. */
static const struct node *
declared(struct session *s, const struct node *root)
{
	struct arena *a = s->cli->a;
	const struct node *given = s->read.options.parameters;
	const struct node *setup = node_get(root, "setup");
	const struct node *declared = node_get(root, "parameters");
	if (!given || !node_has(setup, NODE_BOOL) || !setup->u.boolean)
		return given;
	struct pair *pairs = NEW_ARRAY(a, struct pair, given->count);
	uint32_t n = 0;
	for (uint32_t i = 0; i < given->count; i++)
		if (node_find(declared, node_text(a, given->u.pairs[i].key)))
			pairs[n++] = given->u.pairs[i];
	return node_map(a, pairs, n, given->span);
}

static bool
has_schedules(const struct plan *p)
{
	for (uint32_t i = 0; i < p->nworkflows; i++)
		if (p->workflows[i].schedule.len)
			return true;
	return false;
}

/* What an answer leaves to be understood. */
static void
add_notes(struct plan_run *run, struct sim_event *e, const struct plan *p)
{
	if (!e->branch.len && !e->tag.len)
		add_note(run, e,
			"neither branch nor tag is known, so filters keep nothing away; give "
			"--branch or --tag");
	if (e->kind == EVENT_SCHEDULE && !e->of_workflow && has_schedules(p))
		add_note(run, e,
			"no workflow of this name has a schedule: it is taken for a schedule "
			"trigger of the project");
	if (!p->setup && run->asked_changed)
		add_note(run, e,
			"this is no setup config, so it makes no difference which files changed");
}

bool
plan_run_event(
	struct plan_run *run, struct sim_event *e, struct report_plan *out, enum exit_code *code)
{
	struct session *s = &run->session;
	const struct node *parameters = s->read.options.parameters;
	*out = (struct report_plan){.sources = &s->sources, .event = e};
	if (e->no_pipeline.len)
		return true;
	find_target(run, e);
	if (e->kind == EVENT_SCHEDULE)
		event_settle(e, run->config);
	if (parameters && is_followed(run, e))
		parameters = declared(s, run->config);
	out->plan = plan_root(run, run->config, parameters, e, code);
	if (!out->plan)
		return false;
	if (!out->plan->setup && run->continuation) {
		*code = cli_usage(s->cli, s->command,
			"--continue: %s is no setup config (setup: true)", s->path);
		return false;
	}
	add_notes(run, e, out->plan);
	return !out->plan->setup || follow(run, e, out, code);
}
