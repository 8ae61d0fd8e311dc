/* SPDX-License-Identifier: MIT */
/*
 * config.json -> the schema tables. Every definition and every schema inside one gets a slot in one
 * array, definitions first; a "$ref" is the address of its definition's slot, so that schemas are
 * shared and may contain themselves.
 */
#include "gen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SLOTS = 1000, NONE = -1 };

struct slot {
	json_t *json;
	const char *name; /* of the definition it is in */
};

static struct slot slots[MOST_SLOTS];
static int nslots;
static json_t *definitions;

/* ---- finding schemas --------------------------------------------------------------------- */

/* "#/definitions/job" -> "job" */
static const char *
ref_name(const json_t *schema)
{
	static const char prefix[] = "#/definitions/";
	const char *ref = gen_string(schema, "$ref");
	if (ref && strncmp(ref, prefix, sizeof prefix - 1))
		gen_fail("\"%s\" does not start with %s", ref, prefix);
	return ref ? ref + sizeof prefix - 1 : NULL;
}

/* The schema that is meant: itself, or what its "$ref" names. */
static json_t *
target(json_t *schema)
{
	const char *name = ref_name(schema);
	json_t *found = name ? json_object_get(definitions, name) : schema;
	if (!found)
		gen_fail("no definition \"%s\"", name);
	return found;
}

/* Slot of a schema, a new one if need be; NONE for {}, which admits anything. */
static int
slot_of(json_t *schema, const char *name)
{
	if (!json_is_object(schema))
		gen_fail("in \"%s\": a schema is an object", name);
	schema = target(schema);
	if (!json_object_size(schema))
		return NONE;
	for (int i = 0; i < nslots; i++)
		if (slots[i].json == schema)
			return i;
	if (nslots == MOST_SLOTS)
		gen_fail("more than %d schemas", MOST_SLOTS);
	slots[nslots] = (struct slot){schema, name};
	return nslots++;
}

/* {"$ref": "#/definitions/template"} in an anyOf is for other editors: ours lets a template stand
 * for anything. */
static int
is_template(const json_t *schema)
{
	const char *name = ref_name(schema);
	return name && !strcmp(name, "template");
}

/* anyOf: [{"required": ["docker"]}, …] asks for one of these keys. */
static int
asks_for_keys(const json_t *any)
{
	json_t *first = json_array_get(any, 0);
	return json_object_size(first) == 1 && json_object_get(first, "required");
}

/* Gives slots to the schemas directly inside slot i. */
static void
find_inside(int i)
{
	json_t *schema = slots[i].json, *value, *any = json_object_get(schema, "anyOf");
	const char *name = slots[i].name, *key;
	size_t k;
	json_object_foreach(json_object_get(schema, "properties"), key, value) slot_of(value, name);
	value = json_object_get(schema, "additionalProperties");
	if (json_is_object(value))
		slot_of(value, name);
	if ((value = json_object_get(schema, "items")))
		slot_of(value, name);
	if (asks_for_keys(any))
		return;
	json_array_foreach(any, k, value) if (!is_template(value)) slot_of(value, name);
}

static void
find_schemas(void)
{
	const char *name;
	json_t *schema;
	json_object_foreach(definitions, name, schema) slot_of(schema, name);
	for (int i = 0; i < nslots; i++)
		find_inside(i);
}

/* ---- types ------------------------------------------------------------------------------- */

static unsigned
type_bits(const char *word)
{
	static const struct {
		const char *word;
		unsigned kinds;
	} types[] = {{"null", 1u << 0}, {"boolean", 1u << 1}, {"integer", 1u << 2},
		{"number", 1u << 2 | 1u << 3}, {"string", 1u << 4}, {"array", 1u << 5},
		{"object", 1u << 6}};
	for (size_t i = 0; word && i < sizeof types / sizeof *types; i++)
		if (!strcmp(types[i].word, word))
			return types[i].kinds;
	gen_fail("unknown type \"%s\"", word ? word : "?");
}

static int
all_strings(const json_t *list)
{
	const json_t *value;
	size_t i;
	json_array_foreach(list, i, value) if (!json_is_string(value)) return 0;
	return json_array_size(list) > 0;
}

/* Mask of the kinds of node that a schema admits; 0 for all. */
static unsigned
types_of(json_t *schema)
{
	schema = target(schema);
	json_t *type = json_object_get(schema, "type"), *any = json_object_get(schema, "anyOf");
	json_t *value;
	unsigned mask = 0;
	size_t i;
	if (json_is_string(type))
		return type_bits(json_string_value(type));
	json_array_foreach(type, i, value) mask |= type_bits(json_string_value(value));
	if (type)
		return mask;
	if (!any || asks_for_keys(any))
		return all_strings(json_object_get(schema, "enum")) ? type_bits("string") : 0;
	json_array_foreach(any, i, value)
	{
		unsigned more = is_template(value) ? 0 : types_of(value);
		if (!more && !is_template(value))
			return 0;
		mask |= more;
	}
	return mask;
}

/* ---- printing ---------------------------------------------------------------------------- */

static void
print_str(const char *text)
{
	printf("{");
	gen_text(text);
	printf(", %zu}", strlen(text));
}

static void
print_address(int slot)
{
	if (slot == NONE)
		printf("NULL");
	else
		printf("&schemas[%d]", slot);
}

static void
print_texts(const char *what, int i, const json_t *list)
{
	const json_t *value;
	size_t k;
	printf("static const char *const %s_%d[] = {", what, i);
	json_array_foreach(list, k, value)
	{
		printf(k ? ", " : "");
		gen_text(json_string_value(value));
	}
	printf("};\n");
}

static int
is_required(const json_t *schema, const char *key)
{
	const json_t *value, *list = json_object_get(schema, "required");
	size_t i;
	json_array_foreach(list, i, value) if (!strcmp(json_string_value(value), key)) return 1;
	return 0;
}

/* Text of the property itself, else of the schema that it refers to. */
static const char *
property_text(json_t *property, const char *key)
{
	const char *own = gen_string(property, key);
	return own ? own : gen_string(target(property), key);
}

static void
print_key(const json_t *schema, const char *name, json_t *property, int slot)
{
	json_t *fallback = json_object_get(property, "default");
	if (!fallback)
		fallback = json_object_get(target(property), "default");
	char *json = fallback ? json_dumps(fallback, JSON_ENCODE_ANY) : NULL;
	printf("\t{");
	print_str(name);
	printf(",\n\t\t");
	gen_text(property_text(property, "description"));
	printf(",\n\t\t");
	print_address(slot);
	printf(", %d, %d, ", is_required(schema, name), gen_bool(property, "x-expected"));
	gen_text(json);
	free(json);
	printf(", ");
	gen_text(property_text(property, "x-deprecated"));
	printf("},\n");
}

static void
print_keys(int i)
{
	json_t *properties = json_object_get(slots[i].json, "properties"), *property;
	const char *name;
	if (!properties)
		return;
	printf("static const struct schema_key keys_%d[] = {\n", i);
	json_object_foreach(properties, name, property)
		print_key(slots[i].json, name, property, slot_of(property, slots[i].name));
	printf("};\n");
}

static void
print_hints(int i)
{
	json_t *hints = json_object_get(slots[i].json, "x-hints"), *help;
	const char *name;
	if (!hints)
		return;
	printf("static const struct schema_hint hints_%d[] = {\n", i);
	json_object_foreach(hints, name, help)
	{
		printf("\t{");
		print_str(name);
		printf(", ");
		gen_text(json_string_value(help));
		printf("},\n");
	}
	printf("};\n");
}

/* The alternatives: schemas, or keys of which one must be there. */
static void
print_any(int i)
{
	json_t *any = json_object_get(slots[i].json, "anyOf"), *value;
	size_t k;
	if (!any)
		return;
	if (asks_for_keys(any)) {
		printf("static const char *const one_of_%d[] = {", i);
		json_array_foreach(any, k, value)
		{
			printf(k ? ", " : "");
			value = json_array_get(json_object_get(value, "required"), 0);
			gen_text(json_string_value(value));
		}
	} else {
		printf("static const struct schema *const any_%d[] = {", i);
		json_array_foreach(any, k, value)
		{
			if (is_template(value))
				continue;
			print_address(slot_of(value, slots[i].name));
			printf(", ");
		}
	}
	printf("};\n");
}

static void
print_lists(int i)
{
	const json_t *choices = json_object_get(slots[i].json, "enum");
	print_keys(i);
	print_hints(i);
	print_any(i);
	if (all_strings(choices))
		print_texts("choices", i, choices);
}

static void
print_text_field(const json_t *schema, const char *key, const char *field)
{
	const char *text = gen_string(schema, key);
	if (!text)
		return;
	printf("\t\t.%s = ", field);
	gen_text(text);
	printf(",\n");
}

static void
print_number_field(const json_t *schema, const char *key, const char *field)
{
	const json_t *value = json_object_get(schema, key);
	if (value)
		printf("\t\t.%s = %" JSON_INTEGER_FORMAT ",\n", field, json_integer_value(value));
}

static void
print_array_field(int i, const char *field, const char *array, const char *count)
{
	printf("\t\t.%s = %s_%d, .%s = sizeof %s_%d / sizeof *%s_%d,\n", field, array, i, count,
		array, i, array, i);
}

static void
print_arrays(int i)
{
	json_t *schema = slots[i].json, *any = json_object_get(schema, "anyOf");
	if (json_object_get(schema, "properties"))
		print_array_field(i, "keys", "keys", "nkeys");
	if (json_object_get(schema, "x-hints"))
		print_array_field(i, "hints", "hints", "nhints");
	if (all_strings(json_object_get(schema, "enum")))
		print_array_field(i, "choices", "choices", "nchoices");
	if (any && asks_for_keys(any))
		print_array_field(i, "one_of_keys", "one_of", "n_one_of_keys");
	else if (any)
		print_array_field(i, "any", "any", "nany");
}

static void
print_texts_of(const json_t *schema)
{
	print_text_field(schema, "x-noun", "noun");
	print_text_field(schema, "description", "doc");
	print_text_field(schema, "x-help", "help");
	print_text_field(schema, "x-fault", "fault");
	print_text_field(schema, "x-missing", "missing");
	print_text_field(schema, "x-stray", "stray");
	print_text_field(schema, "x-discriminator", "discriminator");
	print_text_field(schema, "pattern", "pattern");
	const json_t *names = json_object_get(schema, "propertyNames");
	if (names)
		print_text_field(names, "pattern", "key_pattern");
}

static void
print_flags(const json_t *schema)
{
	static const char *const flags[][2] = {{"x-literal", "literal"},
		{"x-drop-nulls", "drop_nulls"}, {"x-module", "module"}, {"x-shadowed", "shadowed"}};
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		if (gen_bool(schema, flags[i][0]))
			printf("\t\t.%s = true,\n", flags[i][1]);
	if (json_is_false(json_object_get(schema, "additionalProperties")))
		printf("\t\t.closed = true,\n");
}

static void
print_bounds(const json_t *schema)
{
	print_number_field(schema, "minItems", "min_items");
	print_number_field(schema, "minProperties", "min_items");
	print_number_field(schema, "maxItems", "max_items");
	print_number_field(schema, "maxProperties", "max_items");
	if (!json_object_get(schema, "minimum") && !json_object_get(schema, "maximum"))
		return;
	printf("\t\t.bounded = true,\n");
	print_number_field(schema, "minimum", "minimum");
	if (json_object_get(schema, "maximum"))
		print_number_field(schema, "maximum", "maximum");
	else
		printf("\t\t.maximum = INT64_MAX,\n");
}

static void
print_schema(int i)
{
	static const char *const keys[] = {"$ref", "additionalProperties", "anyOf", "default",
		"description", "enum", "items", "maxItems", "maxProperties", "maximum", "minItems",
		"minProperties", "minimum", "pattern", "properties", "propertyNames", "required",
		"type", "x-deprecated", "x-discriminator", "x-drop-nulls", "x-expected", "x-fault",
		"x-help", "x-literal", "x-hints", "x-missing", "x-module", "x-noun", "x-shadowed",
		"x-stray", NULL};
	json_t *schema = slots[i].json, *other = json_object_get(schema, "additionalProperties");
	json_t *items = json_object_get(schema, "items");
	gen_known(schema, keys);
	printf("\t{\n\t\t.name = ");
	gen_text(slots[i].name);
	printf(",\n\t\t.types = %u,\n", types_of(schema));
	print_texts_of(schema);
	print_flags(schema);
	print_bounds(schema);
	print_arrays(i);
	if (json_is_object(other)) {
		printf("\t\t.other = ");
		print_address(slot_of(other, slots[i].name));
		printf(",\n");
	}
	if (items) {
		printf("\t\t.items = ");
		print_address(slot_of(items, slots[i].name));
		printf(",\n");
	}
	printf("\t},\n");
}

static void
print_roots(const json_t *roots)
{
	static const char *const names[][2] = {{"config", "SCHEMA_CONFIG"},
		{"config-2", "SCHEMA_CONFIG_2"}, {"orb", "SCHEMA_ORB"},
		{"settings", "SCHEMA_SETTINGS"}, {"scenario", "SCHEMA_SCENARIO"}};
	printf("extern const struct schema *const catalog_roots[SCHEMA_ROOT_COUNT];\n\n");
	printf("const struct schema *const catalog_roots[SCHEMA_ROOT_COUNT] = {\n");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *name = gen_string(roots, names[i][0]);
		json_t *schema = name ? json_object_get(definitions, name) : NULL;
		if (!schema)
			gen_fail("x-roots: no definition for \"%s\"", names[i][0]);
		printf("\t[%s] = ", names[i][1]);
		print_address(slot_of(schema, name));
		printf(",\n");
	}
	printf("};\n");
}

int
main(int argc, char **argv)
{
	json_t *root = gen_load(argc, argv);
	definitions = json_object_get(root, "definitions");
	find_schemas();
	gen_banner("config.json");
	printf("static const struct schema schemas[%d];\n\n", nslots);
	for (int i = 0; i < nslots; i++)
		print_lists(i);
	printf("\nstatic const struct schema schemas[%d] = {\n", nslots);
	for (int i = 0; i < nslots; i++)
		print_schema(i);
	printf("};\n\n");
	print_roots(json_object_get(root, "x-roots"));
	json_decref(root);
	return 0;
}
