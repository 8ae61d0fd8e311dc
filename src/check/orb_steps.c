/* SPDX-License-Identifier: MIT */
/* The run steps of an orb: whether they have names, and whether long commands are files. */
#include "ccx/check.h"

#include "internal.h"

/* What the review of orb-tools takes for so long that it should be a file: code points. */
enum { LONGEST_COMMAND = 64 };

/* Steps of one element of which the same is to be said: one finding, with the others as notes. */
struct steps_found {
	const struct element *element;
	VEC(struct span) all;
};

struct steps_check {
	const struct check *c;
	struct steps_found unnamed, inlined;
};

/* Adds notes for all steps but the first, and empties the list. */
static void
end_finding(const struct check *c, struct steps_found *found, struct diag *g)
{
	enum { NOTES = 10 };
	for (uint32_t i = 1; i < found->all.n && i < NOTES; i++)
		diag_note(c->diags, g, found->all.v[i], "and this one");
	found->all.n = 0;
}

static void
say_unnamed(const struct check *c, struct steps_found *found)
{
	const struct element *e = found->element;
	if (!found->all.n)
		return;
	struct diag *g = diag_push(c->diags, RULE_UNNAMED_STEP, found->all.v[0],
		"%u run step%s of %s \"%.*s\" ha%s no name", (unsigned)found->all.n,
		found->all.n == 1 ? "" : "s", element_kind_names[e->kind], STR_ARG(e->name),
		found->all.n == 1 ? "s" : "ve");
	diag_help(c->diags, g, "add `name`: without, CircleCI shows the command as the title");
	end_finding(c, found, g);
}

static void
say_inlined(const struct check *c, struct steps_found *found)
{
	const struct element *e = found->element;
	if (!found->all.n)
		return;
	struct diag *g = diag_push(c->diags, RULE_INLINE_SCRIPT, found->all.v[0],
		"%u command%s of %s \"%.*s\" ha%s more than %d characters and no file of %s own",
		(unsigned)found->all.n, found->all.n == 1 ? "" : "s", element_kind_names[e->kind],
		STR_ARG(e->name), found->all.n == 1 ? "s" : "ve", LONGEST_COMMAND,
		found->all.n == 1 ? "its" : "their");
	diag_help(c->diags, g,
		"write `command: <<include(scripts/%.*s.sh)>>` and hand parameters over under "
		"`environment`: << >> is not read in files",
		STR_ARG(str_sub(e->name, 0, 100)));
	end_finding(c, found, g);
}

static void
add(struct steps_check *x, struct steps_found *found, const struct element *e, struct span span)
{
	found->element = e;
	vec_push(x->c->a, &found->all, span);
}

/* Says what there is to say of an element when the next one begins. */
static void
turn(struct steps_check *x, const struct element *next)
{
	if (x->unnamed.element != next)
		say_unnamed(x->c, &x->unnamed);
	if (x->inlined.element != next)
		say_inlined(x->c, &x->inlined);
}

static bool
is_included(const struct check *c, const struct node *command)
{
	return str_has(source_text(c->sources, command->span), STR("include("));
}

static bool
is_named(const struct node *body)
{
	const struct node *name = body->kind == NODE_MAP ? node_get(body, "name") : NULL;
	return node_has(name, NODE_STRING) && str_trim(name->u.text).len;
}

/* - run: make
 * - run: {name: Make, command: make} */
static void
visit(void *ctx, const struct written_step *s)
{
	struct steps_check *x = ctx;
	if (!s->element || s->module != &x->c->config->module || !check_own(x->c, s->key->span))
		return;
	turn(x, s->element);
	if (!s->builtin || !str_is(s->name, "run") || !s->body)
		return;
	const struct node *command = s->body, *key = s->key;
	if (s->body->kind == NODE_MAP) {
		const struct pair *p = node_pair(s->body, STR("command"));
		command = p ? p->value : NULL;
		key = p ? p->key : key;
	}
	if (!is_named(s->body))
		add(x, &x->unnamed, s->element, s->key->span);
	if (x->c->tree && node_has(command, NODE_STRING) && !is_included(x->c, command) &&
		utf8_count(str_trim(command->u.text)) > LONGEST_COMMAND)
		add(x, &x->inlined, s->element, key->span);
}

void
check_orb_steps(const struct check *c)
{
	struct steps_check x = {.c = c};
	check_written_steps(c, (struct step_visitor){visit, &x});
	turn(&x, NULL);
}
