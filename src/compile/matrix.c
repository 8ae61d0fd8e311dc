/* SPDX-License-Identifier: MIT */
/* Matrices: every combination of the given values, less the excluded ones. */
#include "ccx/compile.h"
#include "ccx/limits.h"

#include "internal.h"

static int
by_name(const struct pair *a, const struct pair *b)
{
	bool text = a->key->kind == NODE_STRING && b->key->kind == NODE_STRING;
	return text ? str_cmp(a->key->u.text, b->key->u.text) : 0;
}

/* The axes in alphabetical order of their names: the order of values in a member's name and of
 * the members in the workflow, whatever order they are declared in. */
static struct pair *
sorted_axes(struct compile *c, const struct node *parameters)
{
	struct pair *axes = NEW_ARRAY(c->a, struct pair, parameters->count);
	for (uint32_t i = 0; i < parameters->count; i++) {
		uint32_t j = i;
		for (; j > 0 && by_name(&axes[j - 1], &parameters->u.pairs[i]) > 0; j--)
			axes[j] = axes[j - 1];
		axes[j] = parameters->u.pairs[i];
	}
	return axes;
}

/* An axis is a list; nothing under it means no jobs. */
static bool
check_axis(struct compile *c, const struct pair *axis, const struct origin *origin)
{
	if (axis->value->kind == NODE_LIST || axis->value->kind == NODE_NULL)
		return true;
	struct diag *g = diag_push(c->diags, RULE_WRONG_TYPE, axis->value->span,
		"expected type: Sequence, found: %s", node_type_title(axis->value));
	g->origin = origin;
	diag_help(c->diags, g, "a matrix parameter is a list of values: [%.*s]",
		STR_ARG(node_text(c->a, axis->value)));
	return false;
}

static bool
check_size(struct compile *c, const struct node *parameters, struct str name,
	const struct origin *origin)
{
	uint64_t jobs = 1;
	bool ok = true;
	for (uint32_t i = 0; i < parameters->count; i++) {
		const struct pair *axis = &parameters->u.pairs[i];
		ok = check_axis(c, axis, origin) && ok;
		uint64_t values = axis->value->kind == NODE_LIST ? axis->value->count : 0;
		jobs = values && jobs > UINT64_MAX / values ? UINT64_MAX : jobs * values;
	}
	if (!ok || jobs <= LIMIT_MATRIX_JOBS)
		return ok;
	struct diag *g = diag_push(c->diags, RULE_MATRIX_SIZE, parameters->span,
		"The %.*s build matrix expands to %llu jobs. Matrices cannot generate more than %d "
		"jobs.",
		STR_ARG(name), (unsigned long long)jobs, LIMIT_MATRIX_JOBS);
	g->origin = origin;
	return false;
}

/* exclude: [{os: linux}] takes away every combination that agrees on the keys that it has. */
static bool
excluded(const struct node *exclude, const struct node *combination)
{
	for (uint32_t i = 0; exclude && i < exclude->count; i++) {
		const struct node *e = exclude->u.items[i];
		bool agrees = e->kind == NODE_MAP && e->count > 0;
		for (uint32_t j = 0; agrees && j < e->count; j++) {
			const struct pair *p = &e->u.pairs[j];
			const struct node *value = p->key->kind == NODE_STRING
							   ? node_find(combination, p->key->u.text)
							   : NULL;
			agrees = value && node_equal(value, p->value);
		}
		if (agrees)
			return true;
	}
	return false;
}

/* Combination number i, the last axis varying fastest. */
static const struct node *
combination(
	struct compile *c, const struct pair *axes, uint32_t naxes, uint64_t i, struct span span)
{
	struct pair *pairs = NEW_ARRAY(c->a, struct pair, naxes);
	for (uint32_t k = naxes; k-- > 0;) {
		const struct node *values = axes[k].value;
		pairs[k] = (struct pair){axes[k].key, values->u.items[i % values->count]};
		i /= values->count;
	}
	return node_map(c->a, pairs, naxes, span);
}

/* matrix:
 *   parameters: {os: [linux, macos], version: ["1", "2"]}
 *   exclude: [{os: macos, version: "1"}] */
const struct node *
matrix_expand(
	struct compile *c, const struct node *matrix, struct str name, const struct origin *origin)
{
	const struct node *parameters = node_get(matrix, "parameters");
	const struct node *exclude = node_get(matrix, "exclude");
	if (!node_has(parameters, NODE_MAP) || !check_size(c, parameters, name, origin))
		return NULL;
	const struct pair *axes = sorted_axes(c, parameters);
	uint64_t total = 1;
	for (uint32_t i = 0; i < parameters->count; i++)
		total *= axes[i].value->kind == NODE_LIST ? axes[i].value->count : 0;
	const struct node **items = NEW_ARRAY(c->a, const struct node *, total);
	uint32_t n = 0;
	for (uint64_t i = 0; i < total; i++) {
		const struct node *one = combination(c, axes, parameters->count, i, matrix->span);
		if (!excluded(node_has(exclude, NODE_LIST) ? exclude : NULL, one))
			items[n++] = one;
	}
	return node_list(c->a, items, n, matrix->span);
}

struct str
matrix_name(struct arena *a, struct str job, const struct node *one)
{
	struct sb b = {.a = a};
	sb_put(&b, job);
	for (uint32_t i = 0; i < one->count; i++) {
		sb_char(&b, '-');
		sb_put(&b, node_text(a, one->u.pairs[i].value));
	}
	return sb_str(&b);
}
