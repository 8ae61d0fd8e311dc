/* SPDX-License-Identifier: MIT */
/* Events: what asks for a pipeline, and the pipeline values that this sets. */
#include "ccx/plan.h"

const char *const event_kind_names[EVENT_KIND_COUNT] = {
	[EVENT_PUSH] = "push",
	[EVENT_TAG] = "tag",
	[EVENT_PULL_REQUEST] = "pull_request",
	[EVENT_SCHEDULE] = "schedule",
	[EVENT_API] = "api",
};

/* ---- names ------------------------------------------------------------------------------- */

static size_t
digits(struct str text, size_t at)
{
	while (at < text.len && text.s[at] >= '0' && text.s[at] <= '9')
		at++;
	return at;
}

/* v1.2.3, 1.2, v2.0-rc.1: at least two numbers, and a suffix only behind "-" or "+" */
static bool
is_version(struct str text)
{
	size_t at = text.len && (text.s[0] == 'v' || text.s[0] == 'V');
	unsigned numbers = 0;
	for (;;) {
		size_t end = digits(text, at);
		if (end == at)
			return false;
		numbers++;
		at = end;
		if (at == text.len || text.s[at] != '.')
			break;
		at++;
	}
	return numbers > 1 && (at == text.len || text.s[at] == '-' || text.s[at] == '+');
}

static bool
after(struct str text, struct str prefix, struct str *rest)
{
	if (!str_starts(text, prefix))
		return false;
	*rest = str_trim(str_sub(text, prefix.len, text.len));
	return true;
}

static bool
read_number(struct str text, int64_t *number)
{
	if (!text.len || text.len > 9 || digits(text, 0) != text.len)
		return false;
	*number = 0;
	for (size_t i = 0; i < text.len; i++)
		*number = *number * 10 + (text.s[i] - '0');
	return *number > 0;
}

bool
event_parse(struct str text, struct sim_event *e)
{
	struct str rest;
	text = str_trim(text);
	if (str_is(text, "api")) {
		e->kind = EVENT_API;
		return true;
	}
	if (after(text, STR("pr:"), &rest)) {
		e->kind = EVENT_PULL_REQUEST;
		return read_number(rest, &e->number);
	}
	if (after(text, STR("schedule:"), &rest)) {
		e->kind = EVENT_SCHEDULE;
		e->schedule = rest;
		return rest.len > 0;
	}
	if (after(text, STR("tag:"), &rest) ||
		(!after(text, STR("branch:"), &rest) && is_version(text))) {
		e->kind = EVENT_TAG;
		e->tag = str_starts(text, STR("tag:")) ? rest : text;
		return e->tag.len > 0;
	}
	e->kind = EVENT_PUSH;
	e->branch = str_starts(text, STR("branch:")) ? rest : text;
	return e->branch.len > 0;
}

/* workflows: {nightly: {triggers: [{schedule: {cron: "0 0 * * *"}}]}} */
void
event_settle(struct sim_event *e, const struct node *root)
{
	const struct node *workflow = node_find(node_get(root, "workflows"), e->schedule);
	const struct node *triggers = node_get(workflow, "triggers");
	e->of_workflow =
		e->kind == EVENT_SCHEDULE && node_has(triggers, NODE_LIST) && triggers->count;
}

/* " to main", " for v1.0" */
static struct str
target(struct arena *a, const struct sim_event *e, const char *word)
{
	struct str name = e->branch.len ? e->branch : e->tag;
	return name.len ? str_printf(a, " %s %.*s", word, STR_ARG(name)) : STR("");
}

struct str
event_title(struct arena *a, const struct sim_event *e)
{
	struct sb b = {.a = a};
	switch (e->kind) {
	case EVENT_TAG:
		sb_printf(&b, "tag %.*s", STR_ARG(e->tag));
		break;
	case EVENT_PULL_REQUEST:
		sb_puts(&b, "pull request");
		if (e->number)
			sb_printf(&b, " %lld", (long long)e->number);
		sb_put(&b, target(a, e, "from"));
		if (e->base.len)
			sb_printf(&b, " to %.*s", STR_ARG(e->base));
		break;
	case EVENT_SCHEDULE:
		sb_printf(&b, "schedule %.*s", STR_ARG(e->schedule));
		sb_put(&b, target(a, e, "on"));
		break;
	case EVENT_API:
		sb_puts(&b, "API request");
		sb_put(&b, target(a, e, "for"));
		break;
	default:
		sb_puts(&b, "push");
		sb_put(&b, target(a, e, "to"));
	}
	return sb_str(&b);
}

/* ---- values ------------------------------------------------------------------------------ */

enum {
	PUSH = 1 << EVENT_PUSH,
	TAG = 1 << EVENT_TAG,
	PR = 1 << EVENT_PULL_REQUEST,
	SCHEDULE = 1 << EVENT_SCHEDULE,
};

/* Values that only some events have: for the others they are undefined, which is known. */
static const struct {
	const char *prefix;
	unsigned kinds;
} exclusive[] = {
	{"pipeline.event.github.pull_request.", PR},
	{"pipeline.event.context.github.pr_url", PR},
	{"pipeline.event.github.label", PR},
	{"pipeline.event.github.comment.", 0},
	{"pipeline.event.github.head_commit.", PUSH | TAG},
	{"pipeline.event.github.", PUSH | TAG | PR},
	{"pipeline.trigger_parameters.github_app.", PUSH | TAG | PR},
	{"pipeline.trigger_parameters.webhook.", 0},
	{"pipeline.schedule.", SCHEDULE},
	{"pipeline.deploy.", 0},
};

struct setting {
	struct arena *a;
	struct map *values;
};

static void
set(const struct setting *s, const char *name, const struct node *value)
{
	map_put(s->a, s->values, str_of(name), (void *)(uintptr_t)value);
}

static void
set_text(const struct setting *s, const char *name, struct str text)
{
	set(s, name, node_string(s->a, text, (struct span){0}));
}

static void
set_nothing(const struct setting *s, const char *name)
{
	set(s, name, node_null(s->a, (struct span){0}));
}

static void
set_exclusive(const struct setting *s, enum event_kind kind)
{
	size_t n;
	const struct pipeline_value *all = catalog_values(&n);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < sizeof exclusive / sizeof *exclusive; k++)
			if (str_starts(str_of(all[i].name), str_of(exclusive[k].prefix)) &&
				!(exclusive[k].kinds & 1u << kind)) {
				set_nothing(s, all[i].name);
				break;
			}
}

/* A pipeline has a branch or a tag. */
static void
set_target(const struct setting *s, const struct sim_event *e)
{
	bool tag = e->tag.len > 0;
	struct str name = tag ? e->tag : e->branch;
	if (!name.len)
		return;
	set_text(s, tag ? "pipeline.git.tag" : "pipeline.git.branch", name);
	set_nothing(s, tag ? "pipeline.git.branch" : "pipeline.git.tag");
	if (tag || e->default_branch.len)
		set(s, "pipeline.git.branch.is_default",
			node_bool(s->a, !tag && str_eq(name, e->default_branch), (struct span){0}));
	if (e->kind != EVENT_PUSH && e->kind != EVENT_TAG)
		return;
	struct str ref = str_printf(s->a, "refs/%s/%.*s", tag ? "tags" : "heads", STR_ARG(name));
	set_text(s, "pipeline.event.github.ref", ref);
	set_text(s, "pipeline.trigger_parameters.github_app.ref", ref);
	set_text(s, "pipeline.trigger_parameters.github_app.branch", tag ? STR("") : name);
}

static void
set_pull_request(const struct setting *s, const struct sim_event *e)
{
	if (e->number)
		set(s, "pipeline.event.github.pull_request.number",
			node_int(s->a, e->number, (struct span){0}));
	if (e->base.len)
		set_text(s, "pipeline.event.github.pull_request.base.ref", e->base);
	if (e->branch.len)
		set_text(s, "pipeline.event.github.pull_request.head.ref", e->branch);
}

static void
set_trigger(const struct setting *s, const struct sim_event *e)
{
	static const char *const sources[EVENT_KIND_COUNT] = {
		[EVENT_PUSH] = "webhook",
		[EVENT_TAG] = "webhook",
		[EVENT_PULL_REQUEST] = "webhook",
		[EVENT_SCHEDULE] = "scheduled_pipeline",
		[EVENT_API] = "api",
	};
	bool tag = e->kind == EVENT_TAG;
	struct str name = str_of(event_kind_names[tag ? EVENT_PUSH : e->kind]);
	const char *source = e->of_workflow ? "schedule" : sources[e->kind];
	set_text(s, "pipeline.trigger_source", str_of(source));
	set_text(s, "pipeline.event.name", name);
	set_text(s, "pipeline.trigger_parameters.circleci.event_type", name);
	if (e->kind != EVENT_PULL_REQUEST)
		set_text(s, "pipeline.event.action", name);
	if (e->kind == EVENT_API)
		set_text(s, "pipeline.trigger.type", STR("api"));
	if (e->kind != EVENT_SCHEDULE)
		return;
	set_text(s, "pipeline.trigger.type", STR("schedule"));
	if (e->of_workflow) {
		set_nothing(s, "pipeline.schedule.name");
		set_nothing(s, "pipeline.schedule.id");
		return;
	}
	set_text(s, "pipeline.trigger.name", e->schedule);
	set_text(s, "pipeline.schedule.name", e->schedule);
}

const struct node *
event_values(struct arena *a, const struct sim_event *e, const struct node *given)
{
	struct map all = {0};
	struct setting s = {a, &all};
	set_exclusive(&s, e->kind);
	set_target(&s, e);
	set_trigger(&s, e);
	if (e->kind == EVENT_PULL_REQUEST)
		set_pull_request(&s, e);
	for (uint32_t i = 0; i < e->values.n; i++)
		map_put(a, &all, e->values.v[i].key, e->values.v[i].value);
	for (uint32_t i = 0; node_has(given, NODE_MAP) && i < given->count; i++)
		map_put(a, &all, node_text(a, given->u.pairs[i].key),
			(void *)(uintptr_t)given->u.pairs[i].value);
	return node_of_map(a, &all);
}
