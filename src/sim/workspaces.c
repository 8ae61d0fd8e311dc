/* SPDX-License-Identifier: MIT */
/*
 * Workspaces: each persist adds a layer, and an attach gets the layers of all jobs that are
 * upstream, however many jobs lie between. Layers of jobs that run at the same time have no order:
 * an attach of both fails when they hold the same file.
 */
#include "ccx/sim.h"

#include "engine.h"

enum {
	MOST_BITS = 64 << 20, /* of who is upstream of whom */
	MOST_LOOKS =
		1 << 24, /* at pairs of steps, and at who attaches both; more are not checked */
};

/* A persist_to_workspace of a node. */
struct layer {
	uint32_t node;
	const struct sim_step *step;
};

struct layers {
	struct engine *e;
	const struct sim_workflow *w;
	VEC(struct layer) all;
	uint8_t *upstream; /* rows by node; bits by layer */
	size_t row;
	uint32_t looks;
};

static bool
is_upstream(const struct layers *l, uint32_t layer, uint32_t node)
{
	return l->upstream[node * l->row + layer / 8] >> layer % 8 & 1;
}

/* ---- paths ------------------------------------------------------------------------------- */

/* root: out, paths: [./dist/] -> out/dist */
static struct str
full_path(struct arena *a, const struct sim_step *step, const struct node *path)
{
	const struct node *root = node_get(step->args, "root");
	struct str parts[2] = {root ? node_text(a, root) : STR("."), node_text(a, path)};
	for (int i = 0; i < 2; i++) {
		while (str_starts(parts[i], STR("./")))
			parts[i] = str_sub(parts[i], 2, parts[i].len);
		while (parts[i].len > 1 && str_ends(parts[i], STR("/")))
			parts[i].len--;
	}
	if (str_is(parts[0], "."))
		return parts[1];
	return str_is(parts[1], ".") ? parts[0] : path_join(a, parts[0], parts[1]);
}

static bool
is_pattern(struct str path)
{
	for (size_t i = 0; i < path.len; i++)
		if (path.s[i] == '*' || path.s[i] == '?' || path.s[i] == '[' || path.s[i] == '$')
			return true;
	return false;
}

static bool
holds(struct str outer, struct str inner)
{
	return str_is(outer, ".") || str_eq(outer, inner) ||
	       (str_starts(inner, outer) && inner.s[outer.len] == '/');
}

/* Of what patterns fit nothing is known, so they are passed over. The path that both hold, or an
 * empty text. */
static struct str
shared_path(struct arena *a, const struct sim_step *x, const struct sim_step *y)
{
	const struct node *xs = node_get(x->args, "paths"), *ys = node_get(y->args, "paths");
	for (uint32_t i = 0; node_has(xs, NODE_LIST) && i < xs->count; i++)
		for (uint32_t k = 0; node_has(ys, NODE_LIST) && k < ys->count; k++) {
			struct str p = full_path(a, x, xs->u.items[i]),
				   q = full_path(a, y, ys->u.items[k]);
			if (is_pattern(p) || is_pattern(q))
				continue;
			if (holds(p, q))
				return q;
			if (holds(q, p))
				return p;
		}
	return STR("");
}

/* ---- layers ------------------------------------------------------------------------------ */

static const struct sim_step *
find_step(const struct sim_node *n, enum sim_step_kind kind)
{
	for (uint32_t i = 0; n->job && i < n->job->nsteps; i++)
		if (n->job->steps[i].kind == kind)
			return &n->job->steps[i];
	return NULL;
}

static bool
collect(struct layers *l)
{
	for (uint32_t i = 0; i < l->w->nnodes; i++) {
		const struct sim_job *job = l->w->nodes[i].job;
		for (uint32_t k = 0; job && k < job->nsteps; k++) {
			struct layer layer = {i, &job->steps[k]};
			if (layer.step->kind == SIM_PERSIST)
				vec_push(l->e->a, &l->all, layer);
		}
	}
	l->row = l->all.n / 8 + 1;
	if ((uint64_t)l->row * l->w->nnodes > MOST_BITS / 8)
		return false;
	l->upstream = arena_alloc(l->e->a, l->row * (l->w->nnodes + 1));
	return true;
}

static void
fill(struct layers *l, const struct onward *onward)
{
	uint32_t *first = NEW_ARRAY(l->e->a, uint32_t, l->w->nnodes + 2);
	for (uint32_t i = 0; i < l->all.n; i++)
		first[l->all.v[i].node + 1] = i + 1;
	for (uint32_t i = 1; i <= l->w->nnodes; i++)
		first[i] = first[i] ? first[i] : first[i - 1];
	for (uint32_t i = 0; i < l->w->nnodes; i++) {
		uint32_t node = l->w->order[i];
		for (uint32_t k = onward->first[node]; k < onward->first[node + 1]; k++) {
			uint8_t *row = l->upstream + onward->next[k] * l->row;
			for (size_t b = 0; b < l->row; b++)
				row[b] |= l->upstream[node * l->row + b];
			for (uint32_t own = first[node]; own < first[node + 1]; own++)
				row[own / 8] |= (uint8_t)(1 << own % 8);
		}
	}
}

/* ---- findings ---------------------------------------------------------------------------- */

/* Has this been said of these steps? The jobs of a matrix share theirs. */
static bool
is_told(struct layers *l, struct span x, struct span y)
{
	struct str place =
		str_printf(l->e->a, "workspace %u:%u %u:%u", x.file, x.off, y.file, y.off);
	bool told = map_has(&l->e->told, place);
	if (!told)
		map_put(l->e->a, &l->e->told, place, l->e);
	return told;
}

static void
check_empty(struct layers *l)
{
	for (uint32_t i = 0; i < l->w->nnodes; i++) {
		const struct sim_step *attach = find_step(&l->w->nodes[i], SIM_ATTACH);
		bool any = !attach;
		for (size_t b = 0; !any && b < l->row; b++)
			any = l->upstream[i * l->row + b];
		if (any || is_told(l, attach->span, attach->span))
			continue;
		engine_find(l->e, attach->span,
			str_printf(l->e->a,
				"job \"%.*s\" attaches a workspace that is empty: no job before it "
				"persists anything",
				STR_ARG(l->w->nodes[i].name)));
	}
}

/* A job that attaches both. */
static const struct sim_node *
attaches(struct layers *l, uint32_t x, uint32_t y)
{
	for (uint32_t i = 0; i < l->w->nnodes; i++, l->looks++)
		if (is_upstream(l, x, i) && is_upstream(l, y, i) &&
			find_step(&l->w->nodes[i], SIM_ATTACH))
			return &l->w->nodes[i];
	return NULL;
}

static void
check_pair(struct layers *l, uint32_t x, uint32_t y)
{
	const struct layer *p = &l->all.v[x], *q = &l->all.v[y];
	struct arena *a = l->e->a;
	if (p->node == q->node || is_upstream(l, x, q->node) || is_upstream(l, y, p->node))
		return;
	struct str path = shared_path(a, p->step, q->step);
	const struct sim_node *who = path.len ? attaches(l, x, y) : NULL;
	if (!who || is_told(l, p->step->span, q->step->span))
		return;
	engine_find(l->e, q->step->span,
		str_printf(a,
			"jobs \"%.*s\" and \"%.*s\" persist \"%.*s\" at the same time; \"%.*s\" "
			"attaches both, and fails if they hold the same file",
			STR_ARG(l->w->nodes[p->node].name), STR_ARG(l->w->nodes[q->node].name),
			STR_ARG(path), STR_ARG(who->name)));
}

void
workspaces_check(struct engine *e, const struct sim_workflow *w, const struct onward *onward)
{
	struct layers l = {.e = e, .w = w};
	if (!collect(&l))
		return;
	fill(&l, onward);
	check_empty(&l);
	for (uint32_t x = 0; x < l.all.n; x++)
		for (uint32_t y = x + 1; y < l.all.n && l.looks < MOST_LOOKS; y++, l.looks++)
			check_pair(&l, x, y);
}
