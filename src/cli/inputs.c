/* SPDX-License-Identifier: MIT */
/* Parameters and values of a pipeline from the command line. */
#include "inputs.h"

#include "ccx/catalog.h"
#include "ccx/limits.h"

#include <errno.h>
#include <string.h>

static bool fail(struct inputs *in, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool
fail(struct inputs *in, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	in->error = str_vprintf(in->a, format, args);
	va_end(args);
	return false;
}

static bool
fail_read(struct inputs *in, const char *path)
{
	in->system_error = errno;
	return fail(in, "cannot read %s: %s", path, strerror(in->system_error));
}

/* ---- texts ------------------------------------------------------------------------------- */

/* The map in a text; an empty text is an empty map. what is "parameters" or "values". */
static bool
load_map(struct inputs *in, struct str path, struct str text, const char *what,
	const struct node **map)
{
	uint32_t errors = in->diags->errors;
	uint32_t file = source_add(in->sources, path, text);
	*map = node_load(in->a, in->sources, file, in->diags);
	if (!*map || in->diags->errors > errors)
		return false;
	if ((*map)->kind == NODE_NULL && !str_trim(text).len)
		*map = NULL;
	else if ((*map)->kind != NODE_MAP)
		diag_push(in->diags, RULE_WRONG_TYPE, (*map)->span, "%s must be a YAML map", what);
	return in->diags->errors == errors;
}

/* One "name=value" of the command line. */
struct assignment {
	struct str name, text; /* text: the value as given */
	const struct node *key, *value;
};

/* The value as a YAML scalar: true, 5, "5", text. Only quotes are read as YAML's: an unquoted text
 * may hold ": " or begin with "[" and stays a text. */
static const struct node *
read_scalar(struct inputs *in, const char *option, struct str text, struct span span)
{
	bool quoted = text.len > 1 && (text.s[0] == '"' || text.s[0] == '\'') &&
		      text.s[text.len - 1] == text.s[0];
	if (!text.len)
		return node_string(in->a, text, span);
	if (!quoted)
		return node_plain(in->a, text, span);
	uint32_t file = source_add(in->sources, str_printf(in->a, "--%s", option), text);
	return node_load(in->a, in->sources, file, in->diags);
}

/* name=value; a source of its own, so that findings can show it. */
static bool
read_assignment(struct inputs *in, const char *option, const char *given, struct assignment *read)
{
	struct str text = str_of(given);
	size_t equals = str_find(text, STR("="), 0);
	struct str name = str_trim(str_sub(text, 0, equals));
	if (equals >= text.len || !name.len)
		return fail(in, "--%s takes NAME=VALUE, not \"%s\"", option, given);
	if (utf8_invalid(text) != SIZE_MAX)
		return fail(in, "--%s: \"%.*s\" is not UTF-8", option, STR_ARG(name));
	uint32_t file = source_add(in->sources, str_printf(in->a, "--%s", option), text);
	struct span key = {file, (uint32_t)(name.s - text.s), (uint32_t)name.len};
	read->name = name;
	read->text = str_sub(text, equals + 1, text.len);
	struct span value = {file, (uint32_t)equals + 1, (uint32_t)read->text.len};
	read->key = node_string(in->a, name, key);
	read->value = read_scalar(in, option, read->text, value);
	return read->value != NULL;
}

/* ---- parameters -------------------------------------------------------------------------- */

/* As in the official CLI: only a path that does not exist is taken for the YAML itself. */
static bool
load_parameters(struct inputs *in, const char *text_or_file, const struct node **map)
{
	struct str text, path = str_of(text_or_file);
	if (file_read(in->a, text_or_file, LIMIT_FILE_BYTES, &text)) {
		path = str_is(path, "-") ? STR("<stdin>") : path;
	} else if (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG) {
		text = path;
		path = STR("<pipeline-parameters>");
	} else {
		return fail_read(in, text_or_file);
	}
	return load_map(in, path, text, "parameters", map);
}

bool
inputs_parameters(struct inputs *in, const char *text_or_file, const struct opt_list *assignments,
	const struct node **map)
{
	VEC(struct pair) all = {0};
	*map = NULL;
	if (text_or_file && !load_parameters(in, text_or_file, map))
		return false;
	for (uint32_t i = 0; *map && i < (*map)->count; i++)
		vec_push(in->a, &all, (*map)->u.pairs[i]);
	for (uint32_t i = 0; i < assignments->n; i++) {
		struct assignment given;
		if (!read_assignment(in, "param", assignments->v[i], &given))
			return false;
		uint32_t at = 0;
		while (at < all.n && !str_eq(node_text(in->a, all.v[at].key), given.name))
			at++;
		struct pair pair = {given.key, given.value};
		if (at < all.n)
			all.v[at] = pair;
		else
			vec_push(in->a, &all, pair);
	}
	*map = all.n ? node_map(in->a, all.v, all.n, (struct span){0}) : NULL;
	return true;
}

/* ---- values ------------------------------------------------------------------------------ */

static struct str
nearest_value(struct inputs *in, struct str name)
{
	struct nearest n = {.wanted = name};
	size_t count;
	const struct pipeline_value *values = catalog_values(&count);
	for (size_t i = 0; i < count; i++)
		nearest_try(&n, str_of(values[i].name));
	if (!n.best.len)
		return STR("");
	return str_printf(in->a, "; did you mean %.*s?", STR_ARG(n.best));
}

static bool
check_value(struct inputs *in, struct str name)
{
	if (catalog_value(name))
		return true;
	if (str_starts(name, STR("pipeline.parameters.")))
		return fail(in, "%.*s is a parameter: give it with --param", STR_ARG(name));
	struct str hint = nearest_value(in, name);
	return fail(in, "unknown pipeline value %.*s%.*s", STR_ARG(name), STR_ARG(hint));
}

/* A branch called 1.10 is text, whatever YAML makes of it. */
static const struct node *
typed_value(struct inputs *in, struct str name, const struct node *value, struct str text)
{
	const struct pipeline_value *v = catalog_value(name);
	if (v->type != VALUE_STRING || value->kind == NODE_STRING)
		return value;
	return node_string(in->a, text, value->span);
}

/* pipeline: {git: {branch: main}} and pipeline.git.branch: main say the same. */
static bool
flatten(struct inputs *in, struct map *all, struct str prefix, const struct node *map)
{
	for (uint32_t i = 0; i < map->count; i++) {
		const struct pair *p = &map->u.pairs[i];
		const char *dot = prefix.len ? "." : "";
		struct str key = node_text(in->a, p->key);
		struct str name =
			str_printf(in->a, "%.*s%s%.*s", STR_ARG(prefix), dot, STR_ARG(key));
		if (p->value->kind == NODE_MAP && !catalog_value(name)) {
			if (!flatten(in, all, name, p->value)) /* no deeper than YAML may be */
				return false;
			continue;
		}
		if (!check_value(in, name))
			return false;
		const struct node *value = p->value;
		if (value->kind != NODE_NULL && value->kind < NODE_LIST)
			value = typed_value(in, name, value, node_text(in->a, value));
		map_put(in->a, all, name, (void *)(uintptr_t)value);
	}
	return true;
}

bool
inputs_values(struct inputs *in, const char *file, const struct opt_list *assignments,
	const struct node **map)
{
	struct map all = {0};
	struct str text;
	*map = NULL;
	if (file && !file_read(in->a, file, LIMIT_FILE_BYTES, &text))
		return fail_read(in, file);
	if (file && !load_map(in, str_of(file), text, "values", map))
		return false;
	if (*map && !flatten(in, &all, STR(""), *map))
		return false;
	for (uint32_t i = 0; i < assignments->n; i++) {
		struct assignment given;
		if (!read_assignment(in, "value", assignments->v[i], &given) ||
			!check_value(in, given.name))
			return false;
		const struct node *value = typed_value(in, given.name, given.value, given.text);
		map_put(in->a, &all, given.name, (void *)(uintptr_t)value);
	}
	*map = all.n ? node_of_map(in->a, &all) : NULL;
	return true;
}
