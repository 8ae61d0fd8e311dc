/* SPDX-License-Identifier: MIT */
/* Images of jobs: what is gone, will go, was never there or changes under the job's feet. */
#include "ccx/check.h"

#include "executors.h"
#include "internal.h"

/* ---- deprecated and removed -------------------------------------------------------------- */

/* What replaces image name: itself, or for a prefix the name with the other prefix. */
static struct str
replacement(const struct environment *e, const struct image *image, struct str name)
{
	if (image->kind != IMAGE_DOCKER)
		return str_of(image->replacement);
	struct str rest = str_sub(name, str_of(image->name).len, name.len);
	size_t tag = str_find(rest, STR(":"), 0);
	return str_printf(e->c->a, "%s%.*s", image->replacement,
		STR_ARG(str_sub(rest, 0, tag == SIZE_MAX ? rest.len : tag)));
}

/* True when there was something to say. */
static bool
dated_image(const struct environment *e, const struct image *image, const struct node *name,
	const char *what)
{
	struct diag_list *d = e->c->diags;
	struct span at = environment_place(e, name->span);
	enum life_state state = life_at(&image->life, (int)e->c->options->as_of);
	bool removed = state == LIFE_REMOVED;
	if (!at.file || (!removed && (state != LIFE_DEPRECATED || !check_own(e->c, name->span))))
		return false;
	int day = removed ? image->life.until : image->life.deprecated;
	struct str text = node_text(e->c->a, name), since = environment_day(e->c->a, day);
	struct diag *g = diag_push(d, removed ? RULE_REMOVED_IMAGE : RULE_DEPRECATED_IMAGE, at,
		"%s %.*s has been %s since %.*s", what, STR_ARG(text),
		removed ? "gone" : "deprecated", STR_ARG(since));
	if (removed)
		diag_demote(d, g, e->refusal);
	if (!image->replacement)
		return true;
	struct str other = replacement(e, image, text);
	diag_help(d, g, "use %.*s", STR_ARG(other));
	if (image->kind == IMAGE_MACHINE && check_own(e->c, name->span) &&
		environment_is_literal(e, name))
		diag_fix(d, g, false, name->span, other);
	return true;
}

/* ---- docker ------------------------------------------------------------------------------ */

/* The tag of "registry:5000/team/app:1.2"; empty when there is none. */
static struct str
image_tag(struct str image)
{
	for (size_t i = image.len; i-- > 0 && image.s[i] != '/';)
		if (image.s[i] == ':')
			return str_sub(image, i + 1, image.len);
	return (struct str){"", 0};
}

static void
check_pinned(const struct environment *e, const struct node *image)
{
	struct str name = image->u.text, tag = image_tag(name);
	struct diag_list *d = e->c->diags;
	if (!name.len || str_has(name, STR("@")) || str_has(name, STR("$")) ||
		(tag.len && !str_is(tag, "latest")) || !check_own(e->c, image->span) ||
		map_has(e->told, name))
		return;
	map_put(e->c->a, e->told, name, (void *)image);
	struct diag *g = diag_push(d, RULE_UNPINNED_IMAGE, image->span,
		tag.len ? "image %.*s changes whenever a new one is published"
			: "image %.*s has no tag, which means `latest`",
		STR_ARG(name));
	diag_help(d, g, "name the version that the job was written for, as in `%.*s:1.2`",
		STR_ARG(str_sub(name, 0, tag.len ? name.len - tag.len - 1 : name.len)));
}

/* auth: {username: $USER, password: $PASSWORD} */
static void
check_auth(const struct environment *e, const struct node *auth)
{
	const struct node *password = node_get(auth, "password");
	if (e->written || !node_has(password, NODE_STRING) ||
		!str_starts(password->u.text, STR("$")) || !check_own(e->c, password->span) ||
		map_has(e->contexts, e->job->name))
		return;
	struct diag *g = diag_push(e->c->diags, RULE_AUTH_WITHOUT_CONTEXT, password->span,
		"%.*s must be a variable of the project: a job that uses it has no context",
		STR_ARG(password->u.text));
	diag_help(e->c->diags, g,
		"if it is in a context, add `context:` to job \"%.*s\" in its workflow",
		STR_ARG(e->job->name));
}

void
images_docker(const struct environment *e)
{
	for (uint32_t i = 0; e->body->kind == NODE_LIST && i < e->body->count; i++) {
		const struct node *entry = e->body->u.items[i];
		const struct node *image = node_get(entry, "image");
		check_auth(e, node_get(entry, "auth"));
		if (!node_has(image, NODE_STRING) || (image->flags & NODE_TEMPLATED))
			continue;
		const struct image *known = catalog_image(IMAGE_DOCKER, image->u.text);
		if (!known || !dated_image(e, known, image, "image"))
			check_pinned(e, image);
	}
}

/* ---- machine ----------------------------------------------------------------------------- */

/* "ubuntu-2404" of "ubuntu-2404:current" */
static struct str
family(struct str image)
{
	size_t colon = str_find(image, STR(":"), 0);
	return str_sub(image, 0, colon == SIZE_MAX ? image.len : colon);
}

/* A tag that no source lists. Those newer than all that are listed may have come since. */
static void
unknown_machine_image(const struct environment *e, const struct node *image)
{
	struct str name = image->u.text, tag = image_tag(name);
	struct nearest near = {.wanted = name};
	struct diag_list *d = e->c->diags;
	bool older = false, listed = false;
	size_t n;
	const struct image *all = catalog_images(&n);
	for (size_t i = 0; i < n; i++) {
		struct str other = str_of(all[i].name);
		if (all[i].kind != IMAGE_MACHINE || !str_eq(family(other), family(name)))
			continue;
		listed = true;
		nearest_try(&near, other);
		older |= tag.len && str_starts(image_tag(other), STR("20")) &&
			 str_cmp(tag, image_tag(other)) < 0;
	}
	bool word = tag.len && !(tag.s[0] >= '0' && tag.s[0] <= '9');
	if (!listed || (!older && !word) || !check_own(e->c, image->span))
		return;
	struct diag *g = diag_push(d, RULE_UNKNOWN_IMAGE, image->span,
		"there is no machine image %.*s in any list that CircleCI has published",
		STR_ARG(name));
	diag_nearest(d, g, &near);
	diag_help(d, g, "`ccx catalog images` lists them; %.*s:current is the newest",
		STR_ARG(family(name)));
}

static bool
fits(const struct image *image, const struct resource_class *class)
{
	return !class || image_fits(image, class);
}

static void
misfit(const struct environment *e, const struct node *image)
{
	struct span at = environment_place(e, image->span);
	if (!at.file)
		return;
	struct diag *g = diag_push(e->c->diags, RULE_CLASS_IMAGE, at,
		"machine image %.*s does not boot on resource class %.*s", STR_ARG(image->u.text),
		STR_ARG(e->class->u.text));
	diag_note(e->c->diags, g, e->class->span, "the class is set here");
	diag_help(e->c->diags, g,
		"Windows images need a windows.* class, CUDA images a gpu.* class, and others a "
		"class for Linux");
}

/* machine: true   or   machine: {docker_layer_caching: true} */
static void
no_image(const struct environment *e)
{
	struct diag_list *d = e->c->diags;
	bool map = e->body->kind == NODE_MAP;
	struct span span = map && e->body->count ? e->body->u.pairs[0].key->span : e->body->span;
	/* The job that uses an executor may give it the class of a runner, and the other way round.
	 */
	if (!check_own(e->c, span) ||
		(e->written && (e->element->kind == ELEMENT_EXECUTOR ||
				       node_get(e->element->node, "executor"))))
		return;
	struct diag *g = diag_push(d, RULE_MISSING_IMAGE, span,
		map ? "this machine has no image"
		    : "`machine: true` leaves the image to CircleCI and is deprecated");
	diag_help(d, g, "name one: `machine: {image: ubuntu-2404:current}`");
	if (!map && environment_is_literal(e, e->body))
		diag_fix(d, g, false, span, STR("{image: ubuntu-2404:current}"));
}

void
images_machine(const struct environment *e, const struct resource_class *class)
{
	const struct node *image = node_get(e->body, "image");
	if (!image && (e->body->kind == NODE_MAP || e->body->kind == NODE_BOOL)) {
		no_image(e);
		return;
	}
	if (!node_has(image, NODE_STRING) || str_has(image->u.text, STR("$")) ||
		(image->flags & NODE_TEMPLATED))
		return;
	const struct image *known = catalog_image(IMAGE_MACHINE, image->u.text);
	if (!known)
		unknown_machine_image(e, image);
	else if (!dated_image(e, known, image, "machine image") && !fits(known, class))
		misfit(e, image);
}

/* ---- Xcode ------------------------------------------------------------------------------- */

/* The number that a version starts with: 12 of "12.5.1". */
static unsigned
major(struct str version)
{
	unsigned n = 0;
	for (size_t i = 0; i < version.len && version.s[i] >= '0' && version.s[i] <= '9'; i++)
		n = n < 100000 ? n * 10 + (unsigned)(version.s[i] - '0') : n;
	return n;
}

/* Newer than all that is known? Then it may have come since. */
static bool
is_newer_xcode(struct str version)
{
	size_t n;
	const struct image *all = catalog_images(&n);
	for (size_t i = 0; i < n; i++)
		if (all[i].kind == IMAGE_XCODE && major(str_of(all[i].name)) > major(version))
			return false;
	return true;
}

/* The version that a job asks for; empty when it is none. */
static struct str
xcode_version(const struct environment *e)
{
	const struct node *xcode = node_get(e->body, "xcode");
	if (!xcode || xcode->kind == NODE_LIST || xcode->kind == NODE_MAP ||
		(xcode->flags & NODE_TEMPLATED))
		return (struct str){"", 0};
	return node_text(e->c->a, xcode);
}

bool
images_refused(const struct environment *e)
{
	struct str name = xcode_version(e);
	enum image_kind kind = IMAGE_XCODE;
	if (e->kind == EXECUTOR_MACHINE) {
		const struct node *image = node_get(e->body, "image");
		name = node_has(image, NODE_STRING) ? image->u.text : (struct str){"", 0};
		kind = IMAGE_MACHINE;
	}
	if (e->kind == EXECUTOR_DOCKER || !name.len)
		return false;
	const struct image *image = catalog_image(kind, name);
	if (!image)
		return kind == IMAGE_XCODE && !is_newer_xcode(name);
	return life_at(&image->life, (int)e->c->options->as_of) == LIFE_REMOVED;
}

/* xcode: 12.5 */
void
images_xcode(const struct environment *e)
{
	const struct node *xcode = node_get(e->body, "xcode");
	struct str version = xcode_version(e);
	const struct image *known = catalog_image(IMAGE_XCODE, version);
	if (known && version.len)
		dated_image(e, known, xcode, "Xcode");
	if (known || !version.len || is_newer_xcode(version))
		return;
	struct nearest near = {.wanted = version};
	size_t n;
	const struct image *all = catalog_images(&n);
	for (size_t i = 0; i < n; i++)
		if (all[i].kind == IMAGE_XCODE &&
			life_at(&all[i].life, (int)e->c->options->as_of) == LIFE_CURRENT)
			nearest_try(&near, str_of(all[i].name));
	struct span at = environment_place(e, xcode->span);
	if (!at.file)
		return;
	struct diag *g = diag_push(e->c->diags, RULE_UNKNOWN_XCODE, at,
		"Unknown Xcode version \"%.*s\"", STR_ARG(version));
	diag_demote(e->c->diags, g, e->refusal);
	diag_nearest(e->c->diags, g, &near);
	diag_help(e->c->diags, g, "`ccx catalog images` lists the versions of Xcode");
}
