/* SPDX-License-Identifier: MIT */
/*
 * Payloads of GitHub's webhooks: what a push or a pull request says of the pipeline that it asks
 * for. What is missing, or is no text where one should be, is as if it were not known.
 */
#include "ccx/plan.h"

#include <jansson.h>
#include <string.h>

enum { SKIP_CHARS = 250 }; /* of title and body that CircleCI looks at */

struct payload {
	struct arena *a;
	struct diag_list *d;
	uint32_t file;
	json_t *root;
	struct sim_event *e;
};

/* ---- members ----------------------------------------------------------------------------- */

/* at(v, "head_commit.author.username") */
static json_t *
at(json_t *v, const char *path)
{
	struct str left = str_of(path);
	char key[64];
	while (v && left.len) {
		size_t dot = str_find(left, STR("."), 0);
		struct str step = str_sub(left, 0, dot);
		left = dot == SIZE_MAX ? STR("") : str_sub(left, dot + 1, left.len);
		memcpy(key, step.s, step.len);
		key[step.len] = 0;
		v = json_object_get(v, key);
	}
	return v;
}

static struct str
text_at(const struct payload *p, json_t *v, const char *path)
{
	json_t *text = at(v, path);
	if (!json_is_string(text))
		return STR("");
	return str_copy(p->a, (struct str){json_string_value(text), json_string_length(text)});
}

static bool
fault(const struct payload *p, const char *what, const char *help)
{
	struct span span = {p->file, 0, 0};
	struct diag *g = diag_push(p->d, RULE_CANNOT_READ, span, "%s", what);
	diag_help(p->d, g, "%s", help);
	return false;
}

/* ---- values ------------------------------------------------------------------------------ */

struct field {
	const char *path, *value;
};

static const struct field common_fields[] = {
	{"repository.name", "pipeline.event.github.repository.name"},
	{"repository.name", "pipeline.git.repo_name"},
	{"repository.owner.login", "pipeline.event.github.repository.owner.login"},
	{"repository.owner.login", "pipeline.git.repo_owner"},
	{"repository.html_url", "pipeline.event.github.repository.url"},
	{"repository.html_url", "pipeline.git.repo_url"},
	{"repository.html_url", "pipeline.project.git_url"},
	{"sender.login", "pipeline.event.github.sender.login"},
	{"sender.type", "pipeline.event.github.sender.type"},
	{"sender.avatar_url", "pipeline.event.github.sender.avatar_url"},
	{NULL, NULL},
};

static const struct field push_fields[] = {
	{"after", "pipeline.event.github.after"},
	{"after", "pipeline.git.revision"},
	{"head_commit.id", "pipeline.git.revision"},
	{"head_commit.url", "pipeline.event.github.head_commit.url"},
	{"head_commit.url", "pipeline.git.commit.url"},
	{"head_commit.author.username", "pipeline.git.commit.author_login"},
	{NULL, NULL},
};

static const struct field pull_fields[] = {
	{"action", "pipeline.event.action"},
	{"pull_request.title", "pipeline.event.github.pull_request.title"},
	{"pull_request.html_url", "pipeline.event.github.pull_request.url"},
	{"pull_request.html_url", "pipeline.event.context.github.pr_url"},
	{"pull_request.base.ref", "pipeline.event.github.pull_request.base.ref"},
	{"pull_request.base.sha", "pipeline.event.github.pull_request.base.sha"},
	{"pull_request.head.ref", "pipeline.event.github.pull_request.head.ref"},
	{"pull_request.head.sha", "pipeline.event.github.pull_request.head.sha"},
	{"pull_request.head.sha", "pipeline.git.revision"},
	{"label.name", "pipeline.event.github.label.name"},
	{NULL, NULL},
};

static void
put_value(const struct payload *p, const char *name, const struct node *value)
{
	map_put(p->a, &p->e->values, str_of(name), (void *)(uintptr_t)value);
}

static void
put_text(const struct payload *p, const char *name, struct str text)
{
	put_value(p, name, node_string(p->a, text, (struct span){0}));
}

static void
put_fields(const struct payload *p, const struct field *fields)
{
	for (; fields->path; fields++) {
		struct str text = text_at(p, p->root, fields->path);
		if (text.len)
			put_text(p, fields->value, text);
	}
}

static void
put_bool(const struct payload *p, const char *path, const char *name)
{
	json_t *value = at(p->root, path);
	if (json_is_boolean(value))
		put_value(p, name, node_bool(p->a, json_is_true(value), (struct span){0}));
}

/* ---- pushes ------------------------------------------------------------------------------ */

/* The first characters of text, as people count them. */
static struct str
first_chars(struct str text, unsigned chars)
{
	size_t end = 0;
	while (chars-- && end < text.len)
		utf8_next(text, &end);
	return str_sub(text, 0, end);
}

static bool
asks_to_skip(struct str text)
{
	text = first_chars(text, SKIP_CHARS);
	return str_has(text, STR("[ci skip]")) || str_has(text, STR("[skip ci]"));
}

/* "Fix it\n\nBecause it was broken." */
static void
read_message(const struct payload *p)
{
	if (!json_is_string(at(p->root, "head_commit.message")))
		return;
	struct str message = text_at(p, p->root, "head_commit.message");
	size_t end = str_find(message, STR("\n"), 0);
	struct str subject = str_trim(str_sub(message, 0, end));
	struct str body = end == SIZE_MAX ? STR("") : str_sub(message, end, message.len);
	body = str_trim(body);
	put_text(p, "pipeline.git.commit.subject", subject);
	put_text(p, "pipeline.git.commit.body", body);
	if (asks_to_skip(subject) || asks_to_skip(body))
		p->e->no_pipeline =
			STR("the message of the latest commit asks to skip it: [ci skip] or "
			    "[skip ci] is in its first 250 characters");
}

static void
add_files(const struct payload *p, struct map *seen, json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		struct str path = text_at(p, json_array_get(list, i), "");
		if (!path.len || map_has(seen, path))
			continue;
		map_put(p->a, seen, path, p->e);
		vec_push(p->a, &p->e->changed, path);
	}
}

/* commits: [{"added": [...], "modified": [...], "removed": [...]}] */
static void
read_files(const struct payload *p)
{
	json_t *commits = at(p->root, "commits");
	struct map seen = {0};
	p->e->changed_known = json_is_array(commits);
	for (size_t i = 0; i < json_array_size(commits); i++) {
		json_t *commit = json_array_get(commits, i);
		add_files(p, &seen, at(commit, "added"));
		add_files(p, &seen, at(commit, "modified"));
		add_files(p, &seen, at(commit, "removed"));
	}
}

static bool
read_push(const struct payload *p, struct str ref)
{
	struct str heads = STR("refs/heads/"), tags = STR("refs/tags/");
	struct sim_event *e = p->e;
	if (str_starts(ref, heads) && ref.len > heads.len)
		e->branch = str_sub(ref, heads.len, ref.len);
	else if (str_starts(ref, tags) && ref.len > tags.len)
		e->tag = str_sub(ref, tags.len, ref.len);
	else
		return fault(p, "\"ref\" of this push is neither a branch nor a tag",
			"it should be refs/heads/NAME or refs/tags/NAME");
	e->kind = e->tag.len ? EVENT_TAG : EVENT_PUSH;
	put_fields(p, push_fields);
	read_files(p);
	read_message(p);
	if (json_is_true(at(p->root, "deleted")))
		e->no_pipeline = e->tag.len ? STR("the push deletes the tag")
					    : STR("the push deletes the branch");
	return true;
}

/* ---- pull requests ----------------------------------------------------------------------- */

static bool
is_fork(const struct payload *p)
{
	struct str head = text_at(p, p->root, "pull_request.head.repo.full_name");
	struct str base = text_at(p, p->root, "pull_request.base.repo.full_name");
	if (head.len && base.len)
		return !str_eq(head, base);
	return json_is_true(at(p->root, "pull_request.head.repo.fork"));
}

static void
note(const struct payload *p, struct str text)
{
	vec_push(p->a, &p->e->notes, text);
}

static bool
read_pull_request(const struct payload *p)
{
	struct sim_event *e = p->e;
	json_t *number = at(p->root, "pull_request.number");
	if (!json_is_integer(number))
		number = at(p->root, "number");
	e->kind = EVENT_PULL_REQUEST;
	e->number = json_is_integer(number) ? (int64_t)json_integer_value(number) : 0;
	e->branch = text_at(p, p->root, "pull_request.head.ref");
	e->base = text_at(p, p->root, "pull_request.base.ref");
	if (!e->branch.len || e->number <= 0)
		return fault(p, "this pull_request has no number, or no head.ref",
			"give the payload as GitHub sent it");
	put_fields(p, pull_fields);
	put_bool(p, "pull_request.draft", "pipeline.event.github.pull_request.draft");
	put_bool(p, "pull_request.merged", "pipeline.event.github.pull_request.merged");
	note(p, STR("which actions of pull requests start a pipeline is a setting of the trigger"));
	if (!is_fork(p))
		return true;
	e->branch = str_printf(p->a, "pull/%lld", (long long)e->number);
	note(p, STR("it comes from a fork: it is built only if the project allows that, as a "
		    "branch pull/N"));
	return true;
}

/* ---- the whole --------------------------------------------------------------------------- */

static bool
read_event(const struct payload *p)
{
	struct sim_event *e = p->e;
	json_t *ref = at(p->root, "ref");
	bool pull = json_is_object(at(p->root, "pull_request"));
	if (!pull && (!json_is_string(ref) || !at(p->root, "after")))
		return fault(p, "this is neither a push nor a pull_request of GitHub",
			"a push has \"ref\" and \"after\", a pull request \"pull_request\"");
	e->default_branch = text_at(p, p->root, "repository.default_branch");
	put_fields(p, common_fields);
	put_text(p, "pipeline.project.type", STR("github"));
	return pull ? read_pull_request(p) : read_push(p, text_at(p, ref, ""));
}

bool
event_read(
	struct arena *a, struct sources *s, uint32_t file, struct diag_list *d, struct sim_event *e)
{
	struct str text = source_of(s, file)->text;
	json_error_t error;
	struct payload p = {.a = a, .d = d, .file = file, .e = e};
	p.root = json_loadb(text.s ? text.s : "", text.len, 0, &error);
	if (!p.root) {
		size_t where = error.position < 0 ? 0 : (size_t)error.position;
		struct span span = {file, (uint32_t)(where < text.len ? where : text.len), 0};
		struct diag *g =
			diag_push(d, RULE_CANNOT_READ, span, "this is no JSON: %s", error.text);
		diag_help(d, g, "give the payload of a webhook as GitHub sent it");
		return false;
	}
	bool ok = read_event(&p);
	json_decref(p.root);
	return ok;
}
