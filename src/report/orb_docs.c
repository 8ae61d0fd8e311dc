/* SPDX-License-Identifier: MIT */
/*
 * The reference of an orb as Markdown. The body is written first, so that the table of contents
 * knows what its titles are called.
 */
#include "ccx/report.h"

#include "mdw.h"

struct title {
	unsigned level;
	struct str text, anchor;
};

struct docs {
	struct arena *a;
	const struct report_orb *what;
	struct sb body;
	struct map anchors; /* that are taken */
	VEC(struct title) titles;
};

/* ---- titles ------------------------------------------------------------------------------ */

/* As GitHub does it: the second "install" of a document is #install-1. */
static struct str
take_anchor(struct docs *d, struct str title)
{
	struct str plain = mdw_anchor(d->a, title), anchor = plain;
	for (unsigned n = 1; map_has(&d->anchors, anchor); n++)
		anchor = str_printf(d->a, "%.*s-%u", STR_ARG(plain), n);
	map_put(d->a, &d->anchors, anchor, d);
	return anchor;
}

/* ## Commands, ### `install` */
static void
put_title(struct docs *d, unsigned level, struct str text)
{
	struct title t = {level, text, take_anchor(d, text)};
	vec_push(d->a, &d->titles, t);
	sb_char(&d->body, '\n');
	sb_chars(&d->body, '#', level);
	sb_char(&d->body, ' ');
	if (level > 2)
		mdw_code(&d->body, text, false);
	else
		sb_put(&d->body, text);
	sb_puts(&d->body, "\n");
}

static void
put_paragraph(struct docs *d, struct str text)
{
	if (!str_trim(text).len)
		return;
	sb_char(&d->body, '\n');
	mdw_text(&d->body, text);
}

/* ---- parameters -------------------------------------------------------------------------- */

/* What a default reads as in one line: 20, "" or "a\nb", ["a","b"]. */
static struct str
value_text(struct arena *a, const struct node *n)
{
	struct str text = node_text(a, n);
	if (n->kind != NODE_STRING)
		return text;
	bool plain = text.len && !str_has(text, STR("\n")) && str_eq(text, str_trim(text));
	if (plain)
		return text;
	const struct node *list = node_list(a, &n, 1, n->span);
	text = node_text(a, list);
	return str_sub(text, 1, text.len - 1);
}

/* enum: `dev`, `live` */
static void
put_type(struct sb *b, const struct param *p)
{
	const struct node *type = node_get(p->node, "type");
	const struct node *choices = p->choices;
	if (p->type < PARAM_TYPE_COUNT)
		sb_puts(b, param_type_names[p->type]);
	else if (type)
		mdw_cell(b, node_text(b->a, type));
	if (p->type != PARAM_ENUM || !node_has(choices, NODE_LIST))
		return;
	for (uint32_t i = 0; i < choices->count; i++) {
		sb_puts(b, i ? ", " : ": ");
		mdw_code(b, value_text(b->a, choices->u.items[i]), true);
	}
}

/* | `version` | string | `20` | Node version | */
static void
put_parameters(struct docs *d, const struct params *params)
{
	struct sb *b = &d->body;
	if (!params->n)
		return;
	sb_puts(b, "\n| Parameter | Type | Default | Description |\n|---|---|---|---|\n");
	for (uint32_t i = 0; i < params->n; i++) {
		const struct param *p = &params->v[i];
		const struct node *about = node_get(p->node, "description");
		sb_puts(b, "| ");
		mdw_code(b, p->name, true);
		sb_puts(b, " | ");
		put_type(b, p);
		sb_puts(b, " | ");
		if (p->fallback)
			mdw_code(b, value_text(d->a, p->fallback), true);
		else
			sb_puts(b, "**required**");
		sb_puts(b, " | ");
		if (node_has(about, NODE_STRING))
			mdw_cell(b, about->u.text);
		sb_puts(b, " |\n");
	}
}

/* ---- elements ---------------------------------------------------------------------------- */

/* docker: [{image: cimg/base:current}, {image: postgres:16}] */
static void
put_docker(struct docs *d, const struct node *docker)
{
	uint32_t n = 0;
	for (uint32_t i = 0; node_has(docker, NODE_LIST) && i < docker->count; i++) {
		const struct node *image = node_get(docker->u.items[i], "image");
		if (!image)
			continue;
		sb_puts(&d->body, n++ ? ", " : "\nRuns on Docker: ");
		mdw_code(&d->body, value_text(d->a, image), false);
	}
	if (n)
		sb_puts(&d->body, ".\n");
}

static void
put_fact(struct docs *d, const char *what, const struct node *value)
{
	if (!value)
		return;
	sb_printf(&d->body, "\n%s ", what);
	mdw_code(&d->body, value_text(d->a, value), false);
	sb_puts(&d->body, ".\n");
}

/* What it runs on, as far as it says so itself: an image, a machine, an executor by name. */
static void
put_environment(struct docs *d, const struct node *body)
{
	const struct node *machine = node_get(body, "machine"), *macos = node_get(body, "macos");
	const struct node *executor = node_get(body, "executor");
	put_docker(d, node_get(body, "docker"));
	if (node_has(machine, NODE_MAP))
		put_fact(d, "Runs on a machine:", node_get(machine, "image"));
	else if (node_has(machine, NODE_STRING))
		put_fact(d, "Runs on a machine:", machine);
	else if (machine)
		sb_puts(&d->body, "\nRuns on a machine.\n");
	put_fact(d, "Runs on macOS with Xcode", node_get(macos, "xcode"));
	if (node_has(executor, NODE_MAP))
		executor = node_get(executor, "name");
	put_fact(d, "Runs on the executor", executor);
	put_fact(d, "Resource class:", node_get(body, "resource_class"));
}

static void
put_element(struct docs *d, const struct element *e)
{
	const struct node *about = node_get(e->node, "description");
	put_title(d, 3, e->name);
	if (e->alias.len) {
		put_fact(d, "The same as", e->node);
		return;
	}
	if (node_has(about, NODE_STRING))
		put_paragraph(d, about->u.text);
	put_environment(d, e->body);
	put_parameters(d, &e->params);
}

static void
put_elements(struct docs *d, const char *title, const struct map *elements)
{
	if (!elements->n)
		return;
	put_title(d, 2, str_of(title));
	for (uint32_t i = 0; i < elements->n; i++)
		put_element(d, elements->v[i].value);
}

/* ---- examples ---------------------------------------------------------------------------- */

/* The lines of the source on which a block map stands, without its indentation. */
static struct str
map_lines(struct docs *d, const struct node *map)
{
	const struct source *source = source_of(d->what->sources, map->span.file);
	struct sb b = {.a = d->a};
	if (!source || !map->count)
		return STR("");
	size_t at = map->span.off, end = at + map->span.len, indent = 0;
	end = end < source->text.len ? str_find(source->text, STR("\n"), end) : end;
	while (indent < at && source->text.s[at - indent - 1] == ' ')
		indent++;
	struct str text = str_sub(source->text, at - indent, end);
	while (text.len) {
		size_t cut = str_find(text, STR("\n"), 0);
		struct str line = str_sub(text, 0, cut);
		text = cut < text.len ? str_sub(text, cut + 1, text.len) : STR("");
		size_t blanks = 0;
		while (blanks < indent && blanks < line.len && line.s[blanks] == ' ')
			blanks++;
		sb_put(&b, str_sub(line, blanks, line.len));
		sb_char(&b, '\n');
	}
	return sb_str(&b);
}

/* The usage as it was written, with its comments, when that means the same where it stands alone:
 * not when it has aliases of anchors elsewhere, or is in braces within a line. */
static struct str
usage_text(struct docs *d, const struct node *usage)
{
	struct sources s;
	struct diag_list diags;
	struct sb b = {.a = d->a};
	struct str text = map_lines(d, usage);
	sources_init(&s, d->a);
	diag_init(&diags, d->a);
	uint32_t file = source_add(&s, STR("usage"), text);
	const struct node *again = text.len ? node_load(d->a, &s, file, &diags) : NULL;
	if (again && node_equal(again, usage))
		return text;
	node_print(&b, usage, (struct print_style){0});
	return sb_str(&b);
}

static void
put_examples(struct docs *d)
{
	uint32_t n;
	const struct orb_example *all = orb_examples(d->a, d->what->orb, &n);
	for (uint32_t i = 0; i < n; i++) {
		if (!i)
			put_title(d, 2, STR("Examples"));
		put_title(d, 3, all[i].name);
		put_paragraph(d, all[i].description);
		if (!all[i].usage)
			continue;
		sb_char(&d->body, '\n');
		mdw_fence(&d->body, "yaml", usage_text(d, all[i].usage));
	}
}

/* ---- the whole --------------------------------------------------------------------------- */

/* display: {home_url: https://…, source_url: https://…} */
static void
put_links(struct sb *out, const struct node *display)
{
	static const struct {
		const char *key, *title;
	} links[] = {{"home_url", "Home page"}, {"source_url", "Source"}};
	bool some = false;
	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		const struct node *url = node_get(display, links[i].key);
		if (!node_has(url, NODE_STRING) || !url->u.text.len)
			continue;
		sb_puts(out, some ? " · " : "\n");
		mdw_link(out, links[i].title, url->u.text);
		some = true;
	}
	sb_puts(out, some ? "\n" : "");
}

/* orbs:
 *   tools: acme/tools@1.2.3 */
static void
put_import(struct docs *d, struct sb *out, struct orb_self self)
{
	const struct report_orb *what = d->what;
	struct str name = what->name.len ? what->name : self.name;
	struct str alias = str_sub(name, str_find(name, STR("/"), 0), name.len);
	alias = str_sub(alias, 1, alias.len);
	if (self.alias.len && str_eq(self.name, name))
		alias = self.alias;
	if (!name.len)
		return;
	sb_char(out, '\n');
	mdw_fence(out, "yaml",
		str_printf(d->a, "orbs:\n  %.*s: %.*s@%.*s\n", STR_ARG(alias), STR_ARG(name),
			STR_ARG(what->version.len ? what->version : STR("x.y.z"))));
}

static void
put_contents(struct docs *d, struct sb *out)
{
	if (!d->titles.n)
		return;
	sb_puts(out, "\n## Contents\n\n");
	for (uint32_t i = 0; i < d->titles.n; i++) {
		const struct title *t = &d->titles.v[i];
		sb_chars(out, ' ', t->level > 2 ? 2 : 0);
		sb_puts(out, "- [");
		if (t->level > 2)
			mdw_code(out, t->text, false);
		else
			sb_put(out, t->text);
		sb_printf(out, "](#%.*s)\n", STR_ARG(t->anchor));
	}
}

void
report_orb_docs(struct sb *out, const struct report_orb *what)
{
	struct docs d = {.a = out->a, .what = what, .body = {.a = out->a}};
	const struct module *m = what->orb;
	const struct node *about = node_get(m->node, "description");
	struct orb_self self = orb_self(d.a, m);
	struct str title = what->name.len ? what->name : self.name;
	title = title.len ? title : STR("Orb");
	take_anchor(&d, title);
	take_anchor(&d, STR("Contents"));
	put_elements(&d, "Commands", &m->commands);
	put_elements(&d, "Jobs", &m->jobs);
	put_elements(&d, "Executors", &m->executors);
	put_elements(&d, "Job groups", &m->groups);
	put_examples(&d);

	sb_puts(out, "# ");
	mdw_cell(out, title);
	sb_char(out, '\n');
	if (node_has(about, NODE_STRING) && str_trim(about->u.text).len) {
		sb_char(out, '\n');
		mdw_text(out, about->u.text);
	}
	put_links(out, node_get(m->node, "display"));
	put_import(&d, out, self);
	put_contents(&d, out);
	sb_put(out, sb_str(&d.body));
}
