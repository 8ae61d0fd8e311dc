/* SPDX-License-Identifier: MIT */
/* Explicit tags on scalars: `!!str 12`, `! yes`. */
#include "load.h"

#include <stdlib.h>
#include <string.h>

#define YAML_ORG "tag:yaml.org,2002:"

/* "!!str" for YAML's own tags, the tag itself for others. */
static struct str
short_tag(struct loader *l, const char *tag)
{
	if (strncmp(tag, YAML_ORG, sizeof YAML_ORG - 1) == 0)
		return str_printf(l->scratch, "!!%s", tag + sizeof YAML_ORG - 1);
	return str_of(tag);
}

static void
fault_tag(struct loader *l, struct span span, const char *tag)
{
	struct str name = str_sub(short_tag(l, tag), 0, 100);
	struct str message =
		str_printf(l->a, UNABLE "the tag %.*s is not supported here", STR_ARG(name));
	struct diag *g = load_fault(l, RULE_YAML_TAG, span, message);
	diag_label(l->d, g, "has the tag %.*s", STR_ARG(name));
	diag_help(l->d, g,
		name.len && name.s[0] == '!' && !str_starts(name, STR("!!"))
			? "quote a value that begins with \"!\", or remove the tag"
			: "remove the tag");
}

static void
fault_value(struct loader *l, const struct node *n, const char *tag)
{
	struct str name = short_tag(l, tag);
	struct str message =
		str_printf(l->a, UNABLE "the value does not fit its tag %.*s", STR_ARG(name));
	struct diag *g = load_fault(l, RULE_YAML_TAG, n->span, message);
	diag_label(l->d, g, "no %s", tag + sizeof YAML_ORG - 1);
	diag_help(l->d, g, "correct the value or remove the tag");
}

/* An integer is a float where a float is asked for. */
static void
make_float(struct node *n)
{
	double v = (double)n->u.integer;
	if (n->flags & NODE_BIG) {
		char digits[2048];
		size_t len = n->u.text.len < sizeof digits - 1 ? n->u.text.len : sizeof digits - 1;
		memcpy(digits, n->u.text.s, len);
		digits[len] = '\0';
		v = strtod(digits, NULL);
	}
	n->kind = NODE_FLOAT;
	n->flags &= (uint8_t)~NODE_BIG;
	n->u.real = v;
}

void
load_scalar_tag(struct loader *l, struct node *n, const char *tag, struct str text)
{
	static const char *const strings[] = {
		"str", "binary", "timestamp", "merge", "value", "yaml"};
	static const struct {
		const char *name;
		enum node_kind kind;
	} typed[] = {
		{"int", NODE_INT}, {"bool", NODE_BOOL}, {"float", NODE_FLOAT}, {"null", NODE_NULL}};
	bool known = strncmp(tag, YAML_ORG, sizeof YAML_ORG - 1) == 0;
	const char *name = known ? tag + sizeof YAML_ORG - 1 : "";
	scalar_string(n, text);
	if (strcmp(tag, "!") == 0)
		return;
	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
		if (strcmp(name, strings[i]) == 0)
			return;
	for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
		if (strcmp(name, typed[i].name) != 0)
			continue;
		n->flags &= NODE_QUOTED;
		scalar_resolve(l->a, n, text);
		if (typed[i].kind == NODE_FLOAT && n->kind == NODE_INT)
			make_float(n);
		if (n->kind != typed[i].kind)
			fault_value(l, n, tag);
		return;
	}
	fault_tag(l, n->span, tag);
}

void
load_collection_tag(struct loader *l, struct span span, const char *tag, bool map)
{
	if (strcmp(tag, "!") != 0 && strcmp(tag, map ? YAML_ORG "map" : YAML_ORG "seq") != 0)
		fault_tag(l, span, tag);
}
