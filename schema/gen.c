/* SPDX-License-Identifier: MIT */
/* What the table generators share. */
#include "gen.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *path = "?";

void
gen_fail(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fprintf(stderr, "%s: ", path);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

json_t *
gen_load(int argc, char **argv)
{
	json_error_t error;
	if (argc != 2)
		gen_fail("usage: %s FILE.json", argv[0]);
	path = argv[1];
	json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	if (!root)
		gen_fail("%d: %s", error.line, error.text);
	return root;
}

void
gen_banner(const char *from)
{
	printf("/* Generated from schema/%s when ccx is built: change it there. */\n", from);
	printf("#include \"ccx/catalog.h\"\n\n");
}

void
gen_text(const char *text)
{
	if (!text) {
		fputs("NULL", stdout);
		return;
	}
	putchar('"');
	for (const char *s = text; *s; s++) {
		unsigned char c = (unsigned char)*s;
		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 0x20 || c >= 0x7f || c == '?')
			printf("\\%03o", c);
		else
			putchar(c);
	}
	putchar('"');
}

const char *
gen_string(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	if (value && !json_is_string(value))
		gen_fail("\"%s\" is no string", key);
	return json_string_value(value);
}

int
gen_bool(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	if (value && !json_is_boolean(value))
		gen_fail("\"%s\" is no boolean", key);
	return json_is_true(value);
}

void
gen_ordered(const char **last, const char *name)
{
	if (!name)
		gen_fail("an entry without name");
	if (*last && strcmp(*last, name) >= 0)
		gen_fail("\"%s\" must stand before \"%s\"", name, *last);
	*last = name;
}

void
gen_known(json_t *object, const char *const *keys)
{
	const char *key;
	json_t *value;
	json_object_foreach(object, key, value)
	{
		const char *const *k = keys;
		while (*k && strcmp(*k, key))
			k++;
		if (!*k)
			gen_fail("unknown key \"%s\"", key);
	}
}
