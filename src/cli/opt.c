/* SPDX-License-Identifier: MIT */
/* Reading options by table. */
#include "opt.h"

#include <string.h>

uint32_t
opt_count(const struct opt *opts)
{
	uint32_t n = 0;
	while (opts && opts[n].name)
		n++;
	return n;
}

struct str
opt_title(struct arena *a, const struct opt *o)
{
	struct sb b = {.a = a};
	if (o->letter)
		sb_printf(&b, "-%c, ", o->letter);
	else
		sb_puts(&b, "    ");
	sb_printf(&b, "--%s", o->name);
	if (o->value)
		sb_printf(&b, " %s", o->value);
	return sb_str(&b);
}

static const struct opt *
find_name(const struct opt_parse *p, struct str name, const struct opt_set **set)
{
	for (size_t i = 0; i < sizeof p->sets / sizeof *p->sets; i++) {
		const struct opt *opts = p->sets[i].opts;
		for (uint32_t k = 0; k < opt_count(opts); k++) {
			if (str_is(name, opts[k].name)) {
				*set = &p->sets[i];
				return &opts[k];
			}
		}
	}
	return NULL;
}

static const struct opt *
find_letter(const struct opt_parse *p, char letter, const struct opt_set **set)
{
	for (size_t i = 0; i < sizeof p->sets / sizeof *p->sets; i++) {
		const struct opt *opts = p->sets[i].opts;
		for (uint32_t k = 0; k < opt_count(opts); k++) {
			if (opts[k].letter == letter) {
				*set = &p->sets[i];
				return &opts[k];
			}
		}
	}
	return NULL;
}

static bool
unknown(struct opt_parse *p, struct str name)
{
	struct nearest n = {.wanted = name};
	for (size_t i = 0; i < sizeof p->sets / sizeof *p->sets; i++)
		for (uint32_t k = 0; k < opt_count(p->sets[i].opts); k++)
			nearest_try(&n, str_of(p->sets[i].opts[k].name));
	struct str hint = STR("");
	if (n.best.len)
		hint = str_printf(p->a, "; did you mean --%.*s?", STR_ARG(n.best));
	p->error = str_printf(p->a, "unknown option --%.*s%.*s", STR_ARG(name), STR_ARG(hint));
	return false;
}

static bool
allowed(struct opt_parse *p, const struct opt *o, const char *value)
{
	if (!o->choices)
		return true;
	struct nearest n = {.wanted = str_of(value)};
	struct sb list = {.a = p->a};
	for (uint32_t i = 0; o->choices[i]; i++) {
		if (strcmp(o->choices[i], value) == 0)
			return true;
		nearest_try(&n, str_of(o->choices[i]));
		sb_printf(&list, "%s%s", i ? ", " : "", o->choices[i]);
	}
	struct str hint = STR("");
	if (n.best.len)
		hint = str_printf(p->a, "; did you mean %.*s?", STR_ARG(n.best));
	p->error = str_printf(p->a, "--%s takes one of %.*s, not \"%s\"%.*s", o->name,
		STR_ARG(sb_str(&list)), value, STR_ARG(hint));
	return false;
}

static bool
store(struct opt_parse *p, const struct opt_set *set, const struct opt *o, const char *value)
{
	char *field = (char *)set->into + o->offset;
	switch (o->kind) {
	case OPT_FLAG:
		*(bool *)field = true;
		return true;
	case OPT_TEXT:
		*(const char **)field = value;
		return allowed(p, o, value);
	case OPT_LIST:
		vec_push(p->a, (struct opt_list *)field, value);
		return allowed(p, o, value);
	case OPT_EACH: {
		struct opt_given given = {o, value};
		vec_push(p->a, (struct opt_given_list *)field, given);
		return allowed(p, o, value);
	}
	case OPT_IGNORE:
		vec_push(p->a, &p->ignored, o->name);
		return true;
	}
	return false;
}

/* --name, --name=value or --name value; next is the argument after it. */
static bool
read_long(struct opt_parse *p, const char *arg, char ***args)
{
	struct str text = str_of(arg + 2);
	size_t equals = str_find(text, STR("="), 0);
	struct str name = str_sub(text, 0, equals);
	const char *value = equals < text.len ? arg + 2 + equals + 1 : NULL;
	const struct opt_set *set;
	const struct opt *o = find_name(p, name, &set);
	if (!o)
		return unknown(p, name);
	if (value && !o->value) {
		p->error = str_printf(p->a, "--%s takes no value", o->name);
		return false;
	}
	if (o->value && !value) {
		if (!**args) {
			p->error = str_printf(p->a, "--%s needs a value: %s", o->name, o->value);
			return false;
		}
		value = *(*args)++;
	}
	return store(p, set, o, value);
}

/* -abc is -a -b -c; the first that takes a value has the rest, or the next argument. */
static bool
read_short(struct opt_parse *p, const char *arg, char ***args)
{
	for (const char *at = arg + 1; *at; at++) {
		const struct opt_set *set;
		const struct opt *o = find_letter(p, *at, &set);
		if (!o) {
			size_t len = 0;
			utf8_next(str_of(at), &len);
			p->error = str_printf(p->a, "unknown option -%.*s", (int)len, at);
			return false;
		}
		if (!o->value) {
			if (!store(p, set, o, NULL))
				return false;
			continue;
		}
		const char *value = at[1] == '=' ? at + 2 : at[1] ? at + 1 : *(*args);
		if (!value) {
			p->error = str_printf(p->a, "-%c needs a value: %s", *at, o->value);
			return false;
		}
		*args += at[1] == 0;
		return store(p, set, o, value);
	}
	return true;
}

bool
opt_parse(struct opt_parse *p, char ***args, struct opt_list *operands)
{
	while (**args) {
		char *arg = **args;
		bool option = arg[0] == '-' && arg[1] != 0;
		if (!option && !operands)
			return true;
		++*args;
		if (!option) {
			vec_push(p->a, operands, arg);
			continue;
		}
		if (strcmp(arg, "--") == 0)
			break;
		if (!(arg[1] == '-' ? read_long(p, arg, args) : read_short(p, arg, args)))
			return false;
	}
	for (; operands && **args; ++*args)
		vec_push(p->a, operands, **args);
	return true;
}
