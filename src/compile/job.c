/* SPDX-License-Identifier: MIT */
/* Jobs: a definition and its arguments become the body that is printed. */
#include "ccx/compile.h"
#include "ccx/limits.h"

#include "internal.h"

/* ---- checks that need the rendered job --------------------------------------------------- */

static void
fault(const struct call *call, enum rule rule, struct span at, const char *message)
{
	if (compile_told(call->c, at))
		return;
	struct diag *g = diag_push(call->c->diags, rule, at, "%s", message);
	g->origin = call->origin;
}

/* An image, a class of machine: a job without any has nowhere to run. */
static void
check_place(const struct call *call, const struct element *e, const struct node *job,
	const struct node *executor)
{
	if (node_get(job, "docker") || node_get(job, "machine") || node_get(job, "macos"))
		return;
	if (!executor)
		return; /* the schema has said that the job lacks one */
	const struct node *ref = node_get(e->body, "executor");
	struct str name =
		node_text(call->c->a, ref->kind == NODE_MAP ? node_get(ref, "name") : ref);
	struct diag *g = diag_push(call->c->diags, RULE_MISSING_EXECUTOR, ref->span,
		"Executor %.*s is missing a required key: \"docker\", \"machine\", or \"macos\"",
		STR_ARG(name));
	g->origin = call->origin;
	diag_note(call->c->diags, g, executor->span, "the executor");
}

static void
check_parallelism(const struct call *call, const struct node *job)
{
	const struct node *n = node_get(job, "parallelism");
	if (!n || n->kind == NODE_NULL)
		return;
	if (n->kind != NODE_INT)
		fault(call, RULE_WRONG_TYPE, n->span,
			"parallelism must be an integer or an expression evaluating to an integer");
	else if ((n->flags & NODE_BIG) || n->u.integer < 1)
		fault(call, RULE_INVALID_VALUE, n->span, "parallelism must be a positive integer");
}

static void
check_boolean(const struct call *call, const struct node *value, const char *message)
{
	if (value && value->kind != NODE_BOOL)
		fault(call, RULE_WRONG_TYPE, value->span, message);
}

/* ^[a-z0-9_\-]+/[a-zA-Z0-9:_\-+]+$, for what has a slash: other names only CircleCI knows */
static bool
is_runner_class(struct str s)
{
	size_t slash = str_find(s, STR("/"), 0);
	for (size_t i = 0; i < s.len; i++) {
		char c = s.s[i];
		bool both =
			(c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
		bool name = i > slash && ((c >= 'A' && c <= 'Z') || c == ':' || c == '+');
		if (i != slash && !both && !name)
			return false;
	}
	return slash > 0 && slash + 1 < s.len;
}

static void
check_resource_class(const struct call *call, const struct node *job)
{
	const struct node *n = node_get(job, "resource_class");
	if (!node_has(n, NODE_STRING) || !str_has(n->u.text, STR("/")) ||
		is_runner_class(n->u.text))
		return;
	struct diag *g = diag_push(call->c->diags, RULE_RESOURCE_CLASS_FORMAT, n->span,
		"Invalid format in resource class or classes: %.*s.", STR_ARG(n->u.text));
	g->origin = call->origin;
	diag_help(call->c->diags, g, "a runner's class is namespace/name");
}

/* What one step of the compiled list must keep to. */
static void
check_rerun(const struct call *call, const struct node *run)
{
	const struct node *reruns = node_get(run, "max_auto_reruns");
	const struct node *delay = node_get(run, "auto_rerun_delay");
	const struct node *background = node_get(run, "background");
	if (reruns && reruns->kind != NODE_INT)
		fault(call, RULE_WRONG_TYPE, reruns->span,
			"max_auto_reruns must be an integer or an expression evaluating to an "
			"integer");
	else if (reruns &&
		 ((reruns->flags & NODE_BIG) || reruns->u.integer < 1 || reruns->u.integer > 5))
		fault(call, RULE_INVALID_VALUE, reruns->span,
			"max_auto_reruns must be an integer between 1 and 5");
	if (delay && !reruns)
		fault(call, RULE_INVALID_STEP, delay->span,
			"auto_rerun_delay requires max_auto_reruns to be specified");
	if (node_has(background, NODE_BOOL) && background->u.boolean && (reruns || delay))
		fault(call, RULE_INVALID_STEP, (reruns ? reruns : delay)->span,
			"Background steps cannot use max_auto_reruns or auto_rerun_delay fields");
}

static void
check_checkout(const struct call *call, const struct node *checkout)
{
	const struct node *method = node_get(checkout, "method");
	if (!method || node_is(method, "full") || node_is(method, "blobless") ||
		node_is(method, "shallow"))
		return;
	fault(call, RULE_INVALID_VALUE, method->span,
		"Unsupported checkout method, allowed methods are \"blobless\", \"shallow\", and "
		"\"full\"");
}

static void
check_remote_docker(const struct call *call, const struct node *step)
{
	check_boolean(call, node_get(step, "docker_layer_caching"),
		"setup_remote_docker: docker_layer_caching must be a boolean");
	check_boolean(call, node_get(step, "prefer_same_region"),
		"setup_remote_docker: prefer_same_region must be a boolean");
}

static void
check_steps(const struct call *call, const struct element *e, const struct steps *steps)
{
	const struct node *first_docker = NULL;
	for (uint32_t i = 0; i < steps->all.n; i++) {
		const struct compiled_step *s = &steps->all.v[i];
		struct call at = *call;
		at.origin = s->origin;
		check_rerun(&at, node_get(s->node, "run"));
		check_checkout(&at, node_get(s->node, "checkout"));
		check_remote_docker(&at, node_get(s->node, "setup_remote_docker"));
		if (!node_is(s->node, "setup_remote_docker") &&
			!node_get(s->node, "setup_remote_docker"))
			continue;
		if (first_docker) {
			struct diag *g = diag_push(call->c->diags, RULE_REMOTE_DOCKER_TWICE,
				s->node->span,
				"More than one setup_remote_docker is not valid, please adjust in "
				"job %.*s.",
				STR_ARG(e->name));
			g->origin = s->origin;
			diag_note(call->c->diags, g, first_docker->span, "the first one");
		} else {
			first_docker = s->node;
		}
	}
}

static void
check_job(const struct call *call, const struct element *e, const struct node *job)
{
	const struct node *machine = node_get(job, "machine");
	check_parallelism(call, job);
	check_resource_class(call, job);
	check_boolean(
		call, node_get(job, "circleci_ip_ranges"), "circleci_ip_ranges must be a boolean");
	const struct node *dlc = node_get(machine, "docker_layer_caching");
	if (dlc && dlc->kind != NODE_BOOL) {
		const struct node *executor = node_get(e->body, "executor");
		struct str name = executor ? node_text(call->c->a, executor) : STR("<inline>");
		diag_push(call->c->diags, RULE_WRONG_TYPE, dlc->span,
			"Executor %.*s: docker_layer_caching must be a boolean", STR_ARG(name))
			->origin = call->origin;
	}
}

/* ---- compiling --------------------------------------------------------------------------- */

/* Appends the steps that args has under key: pre-steps or post-steps, the caller's own. */
static bool
caller_steps(const struct call *caller, const struct node *args, const char *key, struct steps *out)
{
	const struct node *list = node_get(args, key);
	return !list || steps_expand(caller, list, out);
}

/* The job's steps with what the invocation puts around them. */
static bool
all_steps(const struct call *caller, const struct call *inner, const struct node *job,
	const struct node *args, struct steps *out)
{
	const struct node *list = node_get(job, "steps");
	bool ok = caller_steps(caller, args, "pre-steps", out);
	ok = (!list || steps_expand(inner, list, out)) && ok;
	return caller_steps(caller, args, "post-steps", out) && ok;
}

static void
compile_body(const struct call *caller, const struct element *e, const struct node *given,
	struct span at, struct body *body)
{
	struct compile *c = caller->c;
	struct call inner = {
		.c = c, .module = e->home, .origin = caller->origin, .up = caller, .element = e};
	struct args args;
	if (!args_bind(caller, e, given, at, &args) || !node_has(e->body, NODE_MAP))
		return;
	struct view view = {.c = c, .args = &args, .pipeline_parameters = !e->home->parent};
	const struct node *job = view_render(&view, e->body, inner.origin);
	if (!job) {
		steps_salvage(&inner, &view, node_get(e->body, "steps"));
		return;
	}
	const struct node *ref = node_get(job, "executor"), *executor = NULL;
	if (ref)
		executor = executor_resolve(&inner, &view, ref);
	bool ok = all_steps(caller, &inner, job, given, &body->steps);
	if ((ref && !executor) || !ok)
		return;
	bool runs = !node_get(job, "type") || node_get(job, "steps");
	const struct node *merged = job_merge(c, executor, job, runs ? &body->steps : NULL);
	check_place(&inner, e, merged, executor);
	check_job(&inner, e, merged);
	check_steps(&inner, e, &body->steps);
	body->node = merged;
	body->hash = node_hash(merged);
}

/* The key under which a body is found again: the element, and its arguments by content. */
static struct str
body_key(struct compile *c, const struct element *e, const struct node *args)
{
	uint64_t *key = NEW_ARRAY(c->a, uint64_t, 2);
	key[0] = (uint64_t)(uintptr_t)e;
	key[1] = args ? node_hash(args) : 0;
	return (struct str){(const char *)key, 2 * sizeof *key};
}

struct body *
job_compile(
	const struct call *caller, const struct element *e, const struct node *args, struct span at)
{
	struct compile *c = caller->c;
	if (args && args->count == 0)
		args = NULL;
	struct str key = body_key(c, e, args);
	struct body *first = map_get(&c->bodies, key), *b = first;
	while (b && !(args ? b->args && node_equal(b->args, args) : !b->args))
		b = b->next;
	if (b || !compile_room(c, at))
		return b;
	b = NEW(c->a, struct body);
	*b = (struct body){.job = e, .args = args, .next = first};
	map_put(c->a, &c->bodies, key, b);
	compile_body(caller, e, args, at, b);
	return b;
}
