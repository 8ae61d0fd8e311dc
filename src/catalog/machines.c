/* SPDX-License-Identifier: MIT */
/*
 * Lookups in the dated tables of what jobs run on: executors, resource classes and images. The
 * rows are generated from schema/; their order is checked there.
 */
#include "ccx/catalog.h"

extern const struct executor_info catalog_executor_table[];
extern const size_t catalog_executor_count;
extern const struct resource_class catalog_class_table[];
extern const size_t catalog_class_count;
extern const struct image catalog_image_table[];
extern const size_t catalog_image_count;

/* ---- resource classes -------------------------------------------------------------------- */

const struct executor_info *
catalog_executors(size_t *n)
{
	*n = catalog_executor_count;
	return catalog_executor_table;
}

const struct resource_class *
catalog_classes(size_t *n)
{
	*n = catalog_class_count;
	return catalog_class_table;
}

static int
class_order(const struct resource_class *class, enum executor_kind kind, struct str name)
{
	if (class->kind != kind)
		return class->kind < kind ? -1 : 1;
	return str_cmp(str_of(class->name), name);
}

/* The first row that does not stand before kind and name. */
static size_t
class_lower_bound(enum executor_kind kind, struct str name)
{
	size_t low = 0, high = catalog_class_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (class_order(&catalog_class_table[middle], kind, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct resource_class *
catalog_class(enum executor_kind kind, struct str name, int as_of)
{
	const struct resource_class *found = NULL;
	for (size_t i = class_lower_bound(kind, name); i < catalog_class_count; i++) {
		const struct resource_class *class = &catalog_class_table[i];
		if (class_order(class, kind, name) != 0 || (found && class->life.since > as_of))
			break;
		found = class;
	}
	return found;
}

const struct resource_class *
catalog_default_class(struct str executor, int as_of)
{
	for (size_t i = 0; i < catalog_class_count; i++) {
		const struct resource_class *class = &catalog_class_table[i];
		enum life_state state = life_at(&class->life, as_of);
		if (class->fallback && str_is(executor, class->executor->name) &&
			(state == LIFE_CURRENT || state == LIFE_DEPRECATED))
			return class;
	}
	return NULL;
}

/* ---- runner classes ---------------------------------------------------------------------- */

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* my-org/linux_arm:v2 */
enum runner_form
runner_form(struct str resource_class)
{
	size_t slash = str_find(resource_class, STR("/"), 0);
	if (slash == SIZE_MAX)
		return RUNNER_NONE;
	for (size_t i = 0; i < resource_class.len; i++) {
		char c = resource_class.s[i];
		bool upper = (c >= 'A' && c <= 'Z') || c == ':' || c == '+';
		if (i != slash && !is_word(c) && (i < slash || !upper))
			return RUNNER_BAD;
	}
	return slash && slash + 1 < resource_class.len ? RUNNER_CLASS : RUNNER_BAD;
}

/* ---- images ------------------------------------------------------------------------------ */

const struct image *
catalog_images(size_t *n)
{
	*n = catalog_image_count;
	return catalog_image_table;
}

/* Parts of a version; those that are not written are 0. */
struct version {
	uint32_t major, minor, patch;
};

/* "26.4.1", "26.4" */
static bool
version_parse(struct str text, struct version *v)
{
	uint32_t parts[3] = {0};
	size_t part = 0, digits = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.s[i];
		if (c >= '0' && c <= '9' && digits < 6) {
			parts[part] = parts[part] * 10 + (uint32_t)(c - '0');
			digits++;
		} else if (c == '.' && digits && part < 2) {
			part++;
			digits = 0;
		} else {
			return false;
		}
	}
	*v = (struct version){parts[0], parts[1], parts[2]};
	return digits != 0;
}

/* CircleCI keeps the newest patch of a minor version and redirects older ones to it. */
static bool
xcode_serves(const char *name, const struct version *wanted)
{
	struct version have;
	return version_parse(str_of(name), &have) && have.major == wanted->major &&
	       have.minor == wanted->minor && have.patch >= wanted->patch;
}

/* Whether the row stands for that image: "family:*" for every tag, "cimg/" for what begins so. */
static bool
image_is(const struct image *image, struct str name)
{
	struct str own = str_of(image->name);
	if (image->kind == IMAGE_DOCKER)
		return str_starts(name, own);
	if (str_ends(own, STR(":*")))
		return str_starts(name, str_sub(own, 0, own.len - 1));
	return str_eq(name, own);
}

const struct image *
catalog_image(enum image_kind kind, struct str name)
{
	struct version wanted;
	bool xcode = kind == IMAGE_XCODE && version_parse(name, &wanted);
	for (size_t i = 0; i < catalog_image_count; i++) {
		const struct image *image = &catalog_image_table[i];
		if (image->kind != kind)
			continue;
		if (xcode ? xcode_serves(image->name, &wanted) : image_is(image, name))
			return image;
	}
	return NULL;
}

bool
image_fits(const struct image *image, const struct resource_class *class)
{
	return !image->groups || !class->groups || (image->groups & class->groups);
}
