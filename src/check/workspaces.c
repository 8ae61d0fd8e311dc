/* SPDX-License-Identifier: MIT */
/*
 * Workspaces: what jobs hand on to later jobs of their workflow. Only what is upstream counts,
 * however many jobs lie between.
 */
#include "ccx/check.h"

#include "internal.h"

enum {
	MOST_JOBS = 4096,  /* of one workflow: who is upstream of whom is a square of bits */
	MOST_PAIRS = 1000, /* of files that jobs persist twice */
};

struct member {
	const struct compiled_job *job; /* NULL: an approval, or not compiled */
	const struct node *entry;       /* its map in the compiled workflow, or NULL */
	const struct compiled_step *attaches, *persists; /* the first ones, or NULL */
};

struct flow {
	const struct check *c;
	struct str name;
	struct member *v;
	uint32_t n;
	struct map told;   /* places that were spoken of in this workflow */
	uint8_t *upstream; /* n rows of n bits, rounded up to bytes */
	size_t row;
	uint32_t compared; /* pairs of persisted files */
};

/* What all workflows say together: the jobs of a name are one. */
struct uses {
	struct map attached; /* jobs whose workspace some later job attaches */
	struct map lonely;   /* jobs that persist: name -> struct member */
};

static bool
is_upstream(const struct flow *f, uint32_t of, uint32_t job)
{
	return f->upstream[of * f->row + job / 8] >> job % 8 & 1;
}

/* ---- the graph of a workflow ------------------------------------------------------------- */

static const struct compiled_step *
find_step(const struct compiled_job *job, const char *name)
{
	for (uint32_t i = 0; job && i < job->nsteps; i++)
		if (node_get(job->steps[i].node, name))
			return &job->steps[i];
	return NULL;
}

static struct str
entry_name(const struct node *entry)
{
	const struct node *name = entry;
	if (entry->kind == NODE_MAP && entry->count)
		name = entry->u.pairs[0].key;
	return name->kind == NODE_STRING ? name->u.text : (struct str){"", 0};
}

static uint32_t
required(const struct flow *f, const struct map *index, const struct node *name)
{
	const struct member *m = name->kind == NODE_STRING ? map_get(index, name->u.text) : NULL;
	return m ? (uint32_t)(m - f->v) : f->n;
}

/* What job requires, and all that those require, becomes its row. */
static void
fill_row(struct flow *f, const struct map *index, uint32_t job)
{
	const struct node *requires = node_get(f->v[job].entry, "requires");
	uint8_t *row = f->upstream + job * f->row;
	for (uint32_t i = 0; node_has(requires, NODE_LIST) && i < requires->count; i++) {
		uint32_t other = required(f, index, requires->u.items[i]);
		if (other == f->n)
			continue;
		for (size_t k = 0; k < f->row; k++)
			row[k] |= f->upstream[other * f->row + k];
		row[other / 8] |= (uint8_t)(1 << other % 8);
	}
}

/* Rows from the first jobs to the last: depth first, with a stack of our own because a chain of
 * jobs may be long. next[job] is the requirement to look at; requirements have no cycles. */
static void
fill_rows(struct flow *f, const struct map *index)
{
	uint32_t *stack = NEW_ARRAY(f->c->a, uint32_t, f->n + 1);
	uint32_t *next = NEW_ARRAY(f->c->a, uint32_t, f->n);
	bool *seen = NEW_ARRAY(f->c->a, bool, f->n);
	for (uint32_t i = 0, depth = 0; i < f->n; i++) {
		if (!seen[i])
			stack[depth++] = i;
		seen[i] = true;
		while (depth) {
			uint32_t job = stack[depth - 1];
			const struct node *requires = node_get(f->v[job].entry, "requires");
			if (!node_has(requires, NODE_LIST) || next[job] == requires->count) {
				fill_row(f, index, job);
				depth--;
				continue;
			}
			uint32_t other = required(f, index, requires->u.items[next[job]++]);
			if (other == f->n || seen[other])
				continue;
			seen[other] = true;
			stack[depth++] = other;
		}
	}
}

static bool
read_flow(struct flow *f, const struct map *compiled, const struct pair *workflow)
{
	const struct node *jobs = node_get(workflow->value, "jobs");
	struct map index = {0};
	if (!node_has(jobs, NODE_LIST) || jobs->count > MOST_JOBS)
		return false;
	f->name = workflow->key->u.text;
	f->n = jobs->count;
	f->row = (f->n + 7) / 8;
	f->v = NEW_ARRAY(f->c->a, struct member, f->n);
	f->upstream = arena_alloc(f->c->a, f->n * f->row + 1);
	for (uint32_t i = 0; i < f->n; i++) {
		struct member *m = &f->v[i];
		struct str name = entry_name(jobs->u.items[i]);
		m->entry = node_find(jobs->u.items[i], name);
		m->job = map_get(compiled, name);
		m->attaches = find_step(m->job, "attach_workspace");
		m->persists = find_step(m->job, "persist_to_workspace");
		map_put(f->c->a, &index, name, m);
	}
	fill_rows(f, &index);
	return true;
}

/* ---- attach without persist, persist without attach -------------------------------------- */

static void
check_attach(struct flow *f, uint32_t job)
{
	const struct member *m = &f->v[job];
	struct span at = check_place(f->c, m->attaches->node->span, m->attaches->origin);
	const struct member *elsewhere = NULL;
	if (!at.file)
		at = check_place(f->c, m->attaches->node->span, m->job->origin);
	for (uint32_t i = 0; i < f->n; i++) {
		if (!f->v[i].persists)
			continue;
		if (is_upstream(f, job, i))
			return;
		elsewhere = i != job ? &f->v[i] : elsewhere;
	}
	struct str place = str_printf(f->c->a, "%u", at.off);
	if (!at.file || map_has(&f->told, place))
		return;
	map_put(f->c->a, &f->told, place, (void *)m);
	struct diag *g = diag_push(f->c->diags, RULE_ATTACH_WITHOUT_PERSIST, at,
		"job \"%.*s\" attaches a workspace, but no job before it in workflow \"%.*s\" "
		"persists one",
		STR_ARG(m->job->name), STR_ARG(f->name));
	if (elsewhere)
		diag_help(f->c->diags, g, "add \"%.*s\", which persists one, to its `requires`",
			STR_ARG(elsewhere->job->name));
	else
		diag_help(f->c->diags, g,
			"persist what it needs in a job that it requires, or remove the step");
}

/* Notes for each job that persists whether a later one of this workflow attaches. */
static void
note_persists(const struct flow *f, struct uses *uses)
{
	for (uint32_t i = 0; i < f->n; i++) {
		if (!f->v[i].persists)
			continue;
		map_put(f->c->a, &uses->lonely, f->v[i].job->name, &f->v[i]);
		for (uint32_t k = 0; k < f->n; k++)
			if (f->v[k].attaches && is_upstream(f, k, i)) {
				map_put(f->c->a, &uses->attached, f->v[i].job->name, &f->v[k]);
				break;
			}
	}
}

static void
check_lonely(const struct check *c, const struct uses *uses)
{
	for (uint32_t i = 0; i < uses->lonely.n; i++) {
		const struct member *m = uses->lonely.v[i].value;
		struct span at = m->persists->node->span;
		if (map_has(&uses->attached, uses->lonely.v[i].key) || !check_own(c, at))
			continue;
		struct diag *g = diag_push(c->diags, RULE_PERSIST_WITHOUT_ATTACH, at,
			"no job that runs after \"%.*s\" attaches the workspace that it persists",
			STR_ARG(m->job->name));
		diag_help(c->diags, g,
			"add `attach_workspace` where the files are needed, or remove this step");
	}
}

/* ---- concurrent persists ----------------------------------------------------------------- */

/* One file as a job persists it. */
struct persisted {
	uint32_t job;
	const struct node *path;
};

/* Is it surely a file, not a directory or a pattern? */
static bool
is_file(struct str path)
{
	size_t dot = SIZE_MAX, start = 0;
	for (size_t i = 0; i < path.len; i++) {
		char c = path.s[i];
		if (c == '*' || c == '?' || c == '[' || c == '$' || c == '~')
			return false;
		if (c == '/')
			start = i + 1;
		if (c == '.' && i > start)
			dot = i;
	}
	return dot != SIZE_MAX && dot > start && dot + 1 < path.len;
}

/* Does it run only on some branches, or only after a failure? Then two jobs may exclude each
 * other. */
static bool
is_conditional(const struct flow *f, uint32_t job)
{
	for (uint32_t i = 0; i < f->n; i++) {
		if (i != job && !is_upstream(f, job, i))
			continue;
		const struct node *upstream = node_get(f->v[i].entry, "upstream");
		if (node_get(f->v[i].entry, "filters"))
			return true;
		for (uint32_t k = 0; node_has(upstream, NODE_MAP) && k < upstream->count; k++) {
			const struct node *statuses = upstream->u.pairs[k].value;
			if (statuses->kind != NODE_LIST || statuses->count != 1 ||
				!node_is(statuses->u.items[0], "success"))
				return true;
		}
	}
	return false;
}

static bool
have_common_reader(const struct flow *f, uint32_t a, uint32_t b)
{
	for (uint32_t i = 0; i < f->n; i++)
		if (f->v[i].attaches && is_upstream(f, i, a) && is_upstream(f, i, b))
			return true;
	return false;
}

static void
overlap(const struct flow *f, const struct persisted *one, const struct persisted *two)
{
	if (one->job == two->job || is_upstream(f, one->job, two->job) ||
		is_upstream(f, two->job, one->job) || is_conditional(f, one->job) ||
		is_conditional(f, two->job) || !have_common_reader(f, one->job, two->job) ||
		!check_own(f->c, two->path->span))
		return;
	struct diag *g = diag_push(f->c->diags, RULE_CONCURRENT_PERSIST, two->path->span,
		"jobs \"%.*s\" and \"%.*s\" of workflow \"%.*s\" may run at the same time and both "
		"persist %.*s",
		STR_ARG(f->v[one->job].job->name), STR_ARG(f->v[two->job].job->name),
		STR_ARG(f->name), STR_ARG(two->path->u.text));
	if (one->path->span.off != two->path->span.off)
		diag_note(f->c->diags, g, one->path->span, "the other one");
	diag_help(f->c->diags, g,
		"attaching fails on a file that came twice: give each job a file of its own");
}

/* persist_to_workspace: {root: dist, paths: [app.zip]} is known as "dist", "app.zip". */
static void
note_paths(struct flow *f, uint32_t job, const struct node *body, struct map *files)
{
	const struct node *root = node_get(body, "root"), *paths = node_get(body, "paths");
	for (uint32_t i = 0; node_has(root, NODE_STRING) && paths; i++) {
		const struct node *path =
			paths->kind == NODE_LIST && i < paths->count ? paths->u.items[i] : NULL;
		if (!path)
			return;
		if (path->kind != NODE_STRING || !is_file(path->u.text))
			continue;
		struct str key = str_printf(
			f->c->a, "%.*s\n%.*s", STR_ARG(root->u.text), STR_ARG(path->u.text));
		struct persisted *now = NEW(f->c->a, struct persisted);
		const struct persisted *before = map_get(files, key);
		*now = (struct persisted){job, path};
		if (before && f->compared++ < MOST_PAIRS)
			overlap(f, before, now);
		else if (!before)
			map_put(f->c->a, files, key, now);
	}
}

static void
check_overlaps(struct flow *f)
{
	struct map files = {0};
	for (uint32_t i = 0; i < f->n; i++) {
		const struct compiled_job *job = f->v[i].persists ? f->v[i].job : NULL;
		for (uint32_t k = 0; job && k < job->nsteps; k++)
			note_paths(
				f, i, node_get(job->steps[k].node, "persist_to_workspace"), &files);
	}
}

/* ---- all workflows ----------------------------------------------------------------------- */

void
check_workspaces(const struct check *c)
{
	if (!c->compiled->config)
		return;
	struct conditional skip = check_conditional(c);
	const struct node *workflows = node_get(c->compiled->config, "workflows");
	struct map compiled = {0};
	struct uses uses = {0};
	for (uint32_t i = 0; i < c->compiled->njobs; i++)
		map_put(c->a, &compiled, c->compiled->jobs[i].name, (void *)&c->compiled->jobs[i]);
	for (uint32_t i = 0; node_has(workflows, NODE_MAP) && i < workflows->count; i++) {
		struct flow f = {.c = c};
		if (!read_flow(&f, &compiled, &workflows->u.pairs[i]))
			continue;
		bool whole = check_is_whole(c, f.name);
		for (uint32_t k = 0; k < f.n && !skip.persist && whole; k++)
			if (f.v[k].attaches)
				check_attach(&f, k);
		note_persists(&f, &uses);
		check_overlaps(&f);
	}
	if (!skip.attach && !skip.workflows)
		check_lonely(c, &uses);
}
