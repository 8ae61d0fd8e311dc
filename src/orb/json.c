/* SPDX-License-Identifier: MIT */
/* Reading answers: what is missing or has another type is as if it were empty. */
#include "registry.h"

#include <string.h>

static json_t *
member(json_t *v, struct str step)
{
	char key[64];
	if (json_is_array(v) && step.len == 1 && step.s[0] >= '0' && step.s[0] <= '9')
		return json_array_get(v, (size_t)(step.s[0] - '0'));
	if (step.len >= sizeof key)
		return NULL;
	memcpy(key, step.s, step.len);
	key[step.len] = 0;
	return json_object_get(v, key);
}

json_t *
json_at(json_t *v, const char *path)
{
	struct str left = str_of(path);
	while (v && left.len) {
		size_t dot = str_find(left, STR("."), 0);
		struct str step = str_sub(left, 0, dot);
		left = dot == SIZE_MAX ? STR("") : str_sub(left, dot + 1, left.len);
		v = member(v, step);
	}
	return v;
}

struct str
json_text(struct arena *a, json_t *v, const char *path)
{
	json_t *text = json_at(v, path);
	if (!json_is_string(text))
		return STR("");
	struct str view = {json_string_value(text), json_string_length(text)};
	return str_copy(a, view);
}

bool
json_truth(json_t *v, const char *path)
{
	return json_is_true(json_at(v, path));
}

int64_t
json_number(json_t *v, const char *path, int64_t otherwise)
{
	json_t *number = json_at(v, path);
	return json_is_integer(number) ? (int64_t)json_integer_value(number) : otherwise;
}

struct str
json_lines(struct arena *a, json_t *list, const char *key)
{
	struct sb b = {.a = a};
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *item = json_array_get(list, i);
		if (b.len)
			sb_char(&b, '\n');
		sb_put(&b, json_text(a, item, json_is_string(item) ? "" : key));
	}
	return str_copy(a, sb_str(&b));
}

json_t *
json_str(struct str text)
{
	return json_stringn(text.s ? text.s : "", text.len);
}
