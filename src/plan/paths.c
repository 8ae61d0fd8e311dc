/* SPDX-License-Identifier: MIT */
/*
 * Path filtering: which parameters and which config the orb circleci/path-filtering makes of the
 * files that changed. Its scripts are followed, not its documentation:
 *
 *   - up to 1.x a pattern stands as ^PATTERN$ at the start of the path, from 2.0 on anywhere in
 *     it: in a|b only the first alternative is bound to the start, and only the last to the end;
 *   - from 2.0 on a line with fewer fields keeps parameter, value and config of the line before;
 *   - the last line that matches decides on a parameter.
 */
#include "ccx/plan.h"
#include "ccx/expr.h"
#include "ccx/limits.h"

#include <jansson.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_FIELDS = 4 };

struct filtering {
	struct arena *a;
	struct sources *s;
	struct diag_list *d;
	const struct plan *plan;
	struct str root;
	const struct node *args; /* of the invocation or step, or NULL */
	bool python;             /* the script of 0.x and 1.x */
	struct path_filter *out;
	struct map parameters; /* name -> struct node */
	struct str param, value, config;
	VEC(struct str) exclude;
	uint64_t tests;
};

/* A text with its place, if that is known. */
struct text {
	struct str text;
	struct span span;
};

/* ---- finding the orb --------------------------------------------------------------------- */

/* node/install -> the reference under orbs.node, if that is circleci/path-filtering */
static bool
is_of_orb(const struct filtering *f, struct str target, const char *element, struct orb_ref *ref)
{
	const char *why;
	size_t slash = str_find(target, STR("/"), 0);
	if (slash == SIZE_MAX || !str_is(str_sub(target, slash + 1, target.len), element))
		return false;
	const struct map *orbs = &f->plan->compiled->source->module.orbs;
	const struct orb_entry *orb = map_get(orbs, str_sub(target, 0, slash));
	if (!orb || !node_has(orb->node, NODE_STRING) ||
		!orb_ref_parse(orb->node->u.text, ref, &why))
		return false;
	return str_is(ref->ns, "circleci") && str_is(ref->name, "path-filtering");
}

/* The scripts were rewritten with 2.0; what has no number is taken for new. */
static bool
is_python(const struct filtering *f, const struct orb_ref *ref)
{
	for (uint32_t i = 0; i < f->plan->compiled->norbs; i++) {
		const struct compiled_orb *orb = &f->plan->compiled->orbs[i];
		if (str_eq(orb->ref.text, ref->text))
			return str_starts(orb->exact, STR("0.")) ||
			       str_starts(orb->exact, STR("1."));
	}
	bool numbered = ref->kind == ORB_EXACT || ref->kind == ORB_MINOR || ref->kind == ORB_MAJOR;
	return numbered && ref->part[0] < 2;
}

/* The step path-filtering/set-parameters of a job of the config. */
static bool
find_step(struct filtering *f, struct str job, struct orb_ref *ref)
{
	const struct element *e = map_get(&f->plan->compiled->source->module.jobs, job);
	const struct node *steps = e ? node_get(e->node, "steps") : NULL;
	for (uint32_t i = 0; node_has(steps, NODE_LIST) && i < steps->count; i++) {
		const struct node *step = steps->u.items[i];
		if (step->kind != NODE_MAP || step->count != 1)
			continue;
		struct str name = node_text(f->a, step->u.pairs[0].key);
		f->args = step->u.pairs[0].value;
		if (is_of_orb(f, name, "set-parameters", ref))
			return f->args->kind == NODE_MAP && !(f->args->flags & NODE_TEMPLATED);
	}
	return false;
}

static bool
find_entry(struct filtering *f, const struct plan_entry *e)
{
	struct orb_ref ref;
	f->args = e->entry->entry;
	if (!is_of_orb(f, e->entry->target, "filter", &ref) &&
		!find_step(f, e->entry->target, &ref))
		return false;
	f->python = is_python(f, &ref);
	f->out->entry = e;
	f->out->span = e->entry->span;
	return true;
}

static bool
find_filter(struct filtering *f)
{
	for (uint32_t i = 0; i < f->plan->nworkflows; i++) {
		const struct plan_workflow *w = &f->plan->workflows[i];
		for (uint32_t k = 0; k < w->nentries; k++)
			if (w->entries[k].answer.reason == PLAN_RUNS &&
				find_entry(f, &w->entries[k]))
				return true;
	}
	return false;
}

/* ---- texts that may be files ------------------------------------------------------------- */

static struct str
argument(const struct filtering *f, const char *name, struct str otherwise)
{
	const struct node *n = node_get(f->args, name);
	return n && n->kind != NODE_NULL ? node_text(f->a, n) : otherwise;
}

/* The text of an argument, or of the file below root that it names. */
static struct text
text_or_file(const struct filtering *f, const char *name)
{
	const struct node *n = node_get(f->args, name);
	struct text t = {.text = argument(f, name, STR(""))};
	struct stat st;
	if (n)
		t.span = n->span;
	/* The shell drops a line break at the end, which Python does not. */
	struct str at = f->python ? t.text : str_trim(t.text), text;
	if (!at.len || str_has(at, STR("\n")))
		return t;
	struct str path = path_join(f->a, f->root, at);
	if (stat(path.s, &st) != 0 || !S_ISREG(st.st_mode) ||
		!file_read(f->a, path.s, LIMIT_FILE_BYTES, &text))
		return t;
	t.text = text;
	t.span = (struct span){source_add(f->s, path, text), 0, (uint32_t)text.len};
	return t;
}

/* Takes the next line that says something off *left. Its place is found by its text, which a
 * literal block has as it is. *from is where to look. */
static bool
next_line(const struct filtering *f, struct text *left, size_t *from, struct text *line)
{
	struct str raw = source_text(f->s, left->span);
	while (left->text.len) {
		size_t end = str_find(left->text, STR("\n"), 0);
		line->text = str_trim(str_sub(left->text, 0, end));
		left->text =
			end == SIZE_MAX ? STR("") : str_sub(left->text, end + 1, left->text.len);
		if (!line->text.len || line->text.s[0] == '#')
			continue;
		size_t found = str_find(raw, line->text, *from);
		line->span = left->span;
		if (found == SIZE_MAX)
			return true;
		line->span.off += (uint32_t)found;
		line->span.len = (uint32_t)line->text.len;
		*from = found + line->text.len;
		return true;
	}
	return false;
}

/* ---- matching ---------------------------------------------------------------------------- */

static bool
fault(struct filtering *f, enum rule rule, struct span span, struct str text)
{
	struct diag *g = diag_push(f->d, rule, span, "%.*s", STR_ARG(text));
	diag_help(f->d, g,
		f->python || rule != RULE_INVALID_PATTERN
			? "path-filtering would fail here, and continue with nothing"
			: "path-filtering would never find a file for this line");
	return false;
}

/* The pattern as the script compiles it, made to fit the whole of a path. */
static struct str
whole_pattern(const struct filtering *f, struct str pattern)
{
	return str_printf(
		f->a, "%s(?:^%.*s$)(?s:.*)", f->python ? "" : "(?s:.*?)", STR_ARG(pattern));
}

static bool
is_excluded(struct filtering *f, struct str path)
{
	struct str reason;
	for (uint32_t i = 0; i < f->exclude.n; i++) {
		f->tests++;
		if (pattern_match(f->a, f->exclude.v[i], path, &reason) == MATCH_YES)
			return true;
	}
	return false;
}

/* The first changed file that fits line; none leaves *file empty. */
static bool
find_file(struct filtering *f, const struct text *line, struct str pattern, struct str *file)
{
	const struct sim_event *e = f->plan->event;
	struct str whole = whole_pattern(f, pattern), reason;
	if (!pattern_compiles(whole) || pattern.len > LIMIT_PATTERN_SOURCE / 2)
		return fault(f, RULE_INVALID_PATTERN, line->span,
			str_printf(f->a, "%.*s is no regular expression", STR_ARG(pattern)));
	for (uint32_t i = 0; i < e->changed.n; i++) {
		if (++f->tests > LIMIT_PATH_TESTS)
			return fault(f, RULE_TOO_LARGE, line->span,
				str_printf(f->a, "more than %d comparisons of files and patterns",
					LIMIT_PATH_TESTS));
		enum match m = pattern_match(f->a, whole, e->changed.v[i], &reason);
		if (m == MATCH_TOO_HARD)
			return fault(f, RULE_INVALID_PATTERN, line->span,
				STR("this pattern takes too many steps to match"));
		if (m != MATCH_YES || is_excluded(f, e->changed.v[i]))
			continue;
		*file = e->changed.v[i];
		break;
	}
	return true;
}

/* ---- lines ------------------------------------------------------------------------------- */

/* true, 5, "text"; from 2.0 on anything else is a text. NULL when it is no value. */
static const struct node *
value_of(const struct filtering *f, struct str text, struct span span)
{
	json_t *v = json_loadb(text.s, text.len, JSON_DECODE_ANY, NULL);
	const struct node *n = f->python ? NULL : node_string(f->a, text, span);
	if (json_is_boolean(v))
		n = node_bool(f->a, json_is_true(v), span);
	else if (json_is_integer(v))
		n = node_int(f->a, (int64_t)json_integer_value(v), span);
	else if (json_is_string(v))
		n = node_string(f->a, str_copy(f->a, str_of(json_string_value(v))), span);
	json_decref(v);
	return n;
}

static void
add_config(struct filtering *f, struct str path)
{
	for (uint32_t i = 0; i < f->out->configs.n; i++)
		if (str_eq(f->out->configs.v[i], path))
			return;
	vec_push(f->a, &f->out->configs, path);
}

/* What a line that matched sets. */
static bool
take(struct filtering *f, struct span span)
{
	if (f->value.len) {
		const struct node *value = value_of(f, f->value, span);
		if (!value)
			return fault(f, RULE_INVALID_VALUE, span,
				str_printf(f->a, "the value %.*s is no JSON: quote a text",
					STR_ARG(f->value)));
		map_put(f->a, &f->parameters, f->param, (void *)(uintptr_t)value);
	}
	if (f->config.len)
		add_config(f, f->config);
	return true;
}

static uint32_t
split(struct str line, struct str fields[MOST_FIELDS])
{
	uint32_t n = 0;
	for (size_t at = 0; at < line.len;) {
		size_t start = at;
		while (at < line.len && !strchr(" \t\r\v\f", line.s[at]))
			at++;
		if (at > start && n++ < MOST_FIELDS)
			fields[n - 1] = str_sub(line, start, at);
		at += start == at;
	}
	return n;
}

/* src/.* build true          3 fields, or 4 with a config
 * src/.* .circleci/src.yml   from 2.0 on also 1 or 2 */
static bool
read_line(struct filtering *f, const struct text *line, uint32_t fields_before)
{
	struct str v[MOST_FIELDS];
	uint32_t n = split(line->text, v);
	if (n > MOST_FIELDS || (f->python && n < 3) ||
		(f->python && fields_before && fields_before != n))
		return fault(f, RULE_INVALID_VALUE, line->span,
			str_printf(f->a, "a line of this mapping cannot have %u fields", n));
	if (n > 2) {
		f->param = v[1];
		f->value = v[2];
	}
	if (n == 2 || n == 4)
		f->config = v[n - 1];
	struct path_line *out = &f->out->lines[f->out->nlines++];
	*out = (struct path_line){.span = line->span, .text = line->text};
	if (!find_file(f, line, v[0], &out->file))
		return false;
	return !out->file.len || take(f, line->span);
}

static uint32_t
count_lines(struct str text)
{
	uint32_t n = 1;
	for (size_t i = 0; i < text.len; i++)
		n += text.s[i] == '\n';
	return n;
}

static bool
read_mapping(struct filtering *f)
{
	struct text left = text_or_file(f, "mapping"), line;
	size_t from = 0;
	uint32_t fields = 0;
	struct str v[MOST_FIELDS];
	f->out->lines = NEW_ARRAY(f->a, struct path_line, count_lines(left.text));
	while (next_line(f, &left, &from, &line)) {
		if (!read_line(f, &line, fields))
			return false;
		fields = split(line.text, v);
	}
	if (f->python && !f->out->nlines)
		return fault(f, RULE_INVALID_VALUE, f->out->span, STR("its mapping is empty"));
	return true;
}

static void
read_exclude(struct filtering *f)
{
	struct text left = text_or_file(f, "exclude"), line;
	size_t from = 0;
	while (!f->python && next_line(f, &left, &from, &line)) {
		struct str whole = whole_pattern(f, line.text);
		vec_push(f->a, &f->exclude, whole);
	}
}

/* From 2.0 on a parameter may get the list of all files, with commas between them. */
static void
set_files(struct filtering *f)
{
	const struct sim_event *e = f->plan->event;
	struct str name = argument(f, "parameter_for_files_changed", STR(""));
	if (f->python || !name.len || !e->changed.n)
		return;
	struct str list = str_join(f->a, e->changed.v, e->changed.n, ",");
	map_put(f->a, &f->parameters, name,
		(void *)(uintptr_t)node_string(f->a, list, f->out->span));
}

/* ---- the whole --------------------------------------------------------------------------- */

struct path_filter *
path_filter(struct arena *a, struct sources *s, const struct plan *p, struct str root,
	struct diag_list *d)
{
	struct path_filter *out = NEW(a, struct path_filter);
	struct filtering f = {.a = a, .s = s, .d = d, .plan = p, .root = root, .out = out};
	if (!find_filter(&f))
		return NULL;
	out->base = argument(&f, "base-revision", STR("main"));
	read_exclude(&f);
	if (!read_mapping(&f))
		return NULL;
	set_files(&f);
	out->parameters = f.parameters.n ? node_of_map(a, &f.parameters) : NULL;
	if (!out->configs.n)
		add_config(&f, argument(&f, "config-path", STR(".circleci/continue_config.yml")));
	return out;
}
