/* SPDX-License-Identifier: MIT */
/*
 * The examples of an orb. Each usage is a whole config, which imports the orb from the registry: it
 * is compiled with the orb itself in that place. Each has an arena and sources of its own, of which
 * only what findings show is kept.
 */
#include "ccx/check.h"
#include "ccx/limits.h"

enum {
	MEMORY = 4,    /* of all examples, in LIMIT_COMPILE_BYTES */
	EXAMPLES = 500 /* that are compiled */
};

struct examples {
	const struct check *c;
	const struct node *orb; /* as written, but for the examples */
	struct compile_options options;
	struct str self; /* what the examples call the orb */
	struct map told; /* references of orbs that are not at hand */
	struct diag_merge merge;
};

/* One of them, and its compile. */
struct trial_run {
	struct examples *all;
	const struct orb_example *example;
	struct arena *a;
	struct sources sources;
	struct diag_list diags; /* of the compile */
	struct diag_list said;  /* what is made of them */
};

/* ---- compiling --------------------------------------------------------------------------- */

/* orbs: {tools: acme/tools@1.0} becomes orbs: {tools: {commands: {…}, jobs: {…}}} */
static const struct node *
with_orb(const struct trial_run *t, const struct node *imports)
{
	if (!node_has(imports, NODE_MAP))
		return imports;
	struct pair *pairs = NEW_ARRAY(t->a, struct pair, imports->count + 1);
	for (uint32_t i = 0; i < imports->count; i++) {
		pairs[i] = imports->u.pairs[i];
		const struct node *value = pairs[i].value;
		if (value->kind == NODE_STRING &&
			str_eq(orb_reference_name(value->u.text), t->all->self))
			pairs[i].value = t->all->orb;
	}
	return node_map(t->a, pairs, imports->count, imports->span);
}

static const struct node *
usage_of(const struct trial_run *t)
{
	const struct node *usage = t->example->usage;
	struct pair *pairs = NEW_ARRAY(t->a, struct pair, usage->count + 1);
	for (uint32_t i = 0; i < usage->count; i++) {
		pairs[i] = usage->u.pairs[i];
		if (node_is(pairs[i].key, "orbs"))
			pairs[i].value = with_orb(t, pairs[i].value);
	}
	return node_map(t->a, pairs, usage->count, usage->span);
}

/* ---- what is said of it ------------------------------------------------------------------ */

static bool
is_inside(const struct trial_run *t, struct span span)
{
	struct span usage = t->example->usage->span;
	return span.file == usage.file && span.off >= usage.off &&
	       span.off - usage.off <= usage.len;
}

/* Where the usage brings a fault about that is elsewhere: its own call, the innermost one. */
static struct span
place_of(const struct trial_run *t, const struct diag *g)
{
	if (is_inside(t, g->span))
		return g->span;
	for (const struct origin *o = g->origin; o; o = o->up)
		if (is_inside(t, o->use))
			return o->use;
	return t->example->span;
}

/* A job or executor of the reader's own, which an example need not define. */
static bool
is_readers(const struct trial_run *t, const struct diag *g)
{
	bool element = g->rule == RULE_UNDEFINED_JOB || g->rule == RULE_UNDEFINED_EXECUTOR;
	return element && is_inside(t, g->span) &&
	       !str_has(source_text(&t->sources, g->span), STR("/"));
}

static void
say_broken(struct trial_run *t, const struct diag *g)
{
	struct span at = place_of(t, g);
	bool doubt = g->severity == SEVERITY_WARNING;
	struct diag *said = diag_push(&t->said, RULE_EXAMPLE_BROKEN, at,
		"example \"%.*s\" %s not compile: %.*s", STR_ARG(t->example->name),
		doubt ? "would" : "does", STR_ARG(g->message));
	if (is_readers(t, g))
		diag_demote(&t->said, said, SEVERITY_NOTE);
	said->help = g->help;
	said->origin = g->origin;
	said->notes = g->notes;
	if (at.file == g->span.file && at.off == g->span.off)
		said->label = g->label;
	else
		diag_note(&t->said, said, g->span, "%s",
			g->label.len ? str_copy(t->a, g->label).s : "here");
}

/* Once for each reference: what is not at hand is so for all examples. */
static void
say_unknown(struct trial_run *t, const struct diag *g)
{
	struct examples *all = t->all;
	struct str ref = str_trim(source_text(&t->sources, g->span));
	if (map_has(&all->told, ref))
		return;
	map_put(all->c->a, &all->told, str_copy(all->c->a, ref), all);
	struct diag *said = diag_push(&t->said, RULE_EXAMPLE_BROKEN, g->span,
		"what examples take from %.*s is not checked: it is not at hand", STR_ARG(ref));
	diag_demote(&t->said, said, SEVERITY_NOTE);
	if (g->rule == RULE_ORB_NOT_FOUND)
		said->help = g->help;
	else if (g->rule == RULE_CANNOT_READ)
		diag_note(&t->said, said, (struct span){0}, "%.*s", STR_ARG(g->message));
}

/* <my-orb>/build: what the reader is to put a name of his own for. */
static bool
is_placeholder(const struct trial_run *t, const struct diag *g)
{
	struct str text = source_text(&t->sources, g->span);
	return is_inside(t, g->span) && str_starts(text, STR("<")) &&
	       !str_starts(text, STR("<<")) && str_has(text, STR(">"));
}

/* An example may be a part of a config, and show a version as x.y. */
static void
say(struct trial_run *t, const struct diag *g)
{
	bool part = g->rule == RULE_NO_JOBS || is_placeholder(t, g);
	bool version = g->rule == RULE_INVALID_ORB_REFERENCE &&
		       str_has(source_text(&t->sources, g->span), STR("@"));
	bool missing = g->rule == RULE_ORB_NOT_FOUND || g->rule == RULE_CANNOT_READ || version;
	bool doubt = g->severity == SEVERITY_WARNING && is_inside(t, g->span) &&
		     rule_info(g->rule)->severity == SEVERITY_ERROR;
	if (missing)
		say_unknown(t, g);
	else if (!part && (doubt || g->severity == SEVERITY_ERROR))
		say_broken(t, g);
}

/* ---- all of them ------------------------------------------------------------------------- */

/* What the list of findings takes. */
static void
keep(struct trial_run *t)
{
	struct diag_list *d = t->all->c->diags;
	if (d->all.n < LIMIT_ERRORS) {
		diag_merge(&t->all->merge, &t->sources, &t->said);
		return;
	}
	d->dropped += t->said.all.n;
	d->warnings += t->said.warnings;
}

/* The memory that it took. */
static size_t
try_example(struct examples *all, const struct orb_example *example)
{
	struct trial_run t = {.all = all, .example = example, .a = arena_new()};
	const struct sources *have = all->c->sources;
	sources_init(&t.sources, t.a);
	diag_init(&t.diags, t.a);
	diag_init(&t.said, t.a);
	/* The same numbers, for the nodes of the orb are shared. */
	for (uint32_t i = 1; i < have->all.n; i++)
		source_add(&t.sources, have->all.v[i].path, have->all.v[i].text);
	compile_node(t.a, &t.sources, usage_of(&t), &all->options, &t.diags);
	for (uint32_t i = 0; i < t.diags.all.n; i++)
		say(&t, &t.diags.all.v[i]);
	keep(&t);
	size_t used = arena_used(t.a);
	arena_free(t.a);
	return used;
}

/* Whether an example imports an orb under that name, or any by reference when name is empty. */
static bool
imports(const struct orb_example *example, struct str name)
{
	const struct node *orbs = node_get(example->usage, "orbs");
	for (uint32_t i = 0; node_has(orbs, NODE_MAP) && i < orbs->count; i++) {
		const struct node *value = orbs->u.pairs[i].value;
		if (value->kind == NODE_STRING &&
			(!name.len || str_eq(orb_reference_name(value->u.text), name)))
			return true;
	}
	return false;
}

/* The examples are no part of what they use. */
static const struct node *
without_examples(struct arena *a, const struct node *orb)
{
	struct pair *pairs = NEW_ARRAY(a, struct pair, orb->count + 1);
	uint32_t n = 0;
	for (uint32_t i = 0; i < orb->count; i++)
		if (!node_is(orb->u.pairs[i].key, "examples"))
			pairs[n++] = orb->u.pairs[i];
	return node_map(a, pairs, n, orb->span);
}

/* What the examples call the orb; empty when that cannot be told. */
static struct str
find_self(const struct check *c, const struct usage_options *how, const struct orb_example *v,
	uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (how->sure || (how->name.len && imports(&v[i], how->name)))
			return how->name;
	return orb_self(c->a, &c->config->module).name;
}

static void
not_checked(const struct check *c, const struct orb_example *from, const char *why)
{
	struct diag *g = diag_push(c->diags, RULE_EXAMPLE_BROKEN, from->span,
		"examples are not checked, this one and what is behind it: %s", why);
	diag_demote(c->diags, g, SEVERITY_NOTE);
}

void
check_usages(const struct check *c, const struct usage_options *how)
{
	const struct module *orb = &c->config->module;
	struct examples all = {.c = c, .orb = without_examples(c->a, orb->node)};
	struct orb_store orbs = *how->compile->orbs;
	size_t used = 0;
	uint32_t n, unknown = 0;
	const struct orb_example *v = orb_examples(c->a, orb, &n);
	all.self = find_self(c, how, v, n);
	/* What the pipeline of the orb itself is given is none of theirs, nor is its lock. */
	orbs.lock = NULL;
	all.options = (struct compile_options){
		.orbs = &orbs, .compat = how->compile->compat, .thorough = true, .tolerant = true};
	diag_merge_init(&all.merge, c->sources, c->diags);
	for (uint32_t i = 0; i < n; i++) {
		if (!v[i].usage)
			continue;
		if (used > (size_t)MEMORY * LIMIT_COMPILE_BYTES || i >= EXAMPLES) {
			not_checked(c, &v[i], "those before were enough");
			return;
		}
		if (all.self.len || !imports(&v[i], STR("")))
			used += try_example(&all, &v[i]);
		else if (!unknown++)
			not_checked(c, &v[i],
				"which of their orbs this is cannot be told; say so with --name");
	}
}
