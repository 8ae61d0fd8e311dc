/* SPDX-License-Identifier: MIT */
/* Matrices that make other jobs than they seem to: none, one, or ones that an exclusion misses. */
#include "ccx/check.h"
#include "ccx/limits.h"

#include "internal.h"
#include "written.h"

/* An axis whose values are known: a list in which nothing is templated, of a length that a matrix
 * may have. */
static bool
is_known(const struct node *axis)
{
	return node_has(axis, NODE_LIST) && axis->count <= LIMIT_MATRIX_JOBS &&
	       !(axis->flags & NODE_TEMPLATED);
}

/* ---- axes -------------------------------------------------------------------------------- */

static void
check_values(const struct check *c, const struct node *list)
{
	for (uint32_t i = 1; i < list->count && i < LIMIT_MATRIX_JOBS; i++) {
		for (uint32_t k = 0; k < i; k++) {
			if (!node_equal(list->u.items[i], list->u.items[k]))
				continue;
			struct diag *g = diag_push(c->diags, RULE_DUPLICATE_AXIS_VALUE,
				list->u.items[i]->span, "this value is in the list twice");
			diag_note(c->diags, g, list->u.items[k]->span, "here before");
			diag_help(c->diags, g, "remove one: each makes jobs of its own");
			break;
		}
	}
}

/* parameters: {os: [linux, macos], version: null} */
static void
check_axes(const struct check *c, const struct node *parameters)
{
	for (uint32_t i = 0; i < parameters->count; i++) {
		const struct pair *axis = &parameters->u.pairs[i];
		bool none = axis->value->kind == NODE_NULL ||
			    (axis->value->kind == NODE_LIST && !axis->value->count);
		if (axis->value->kind == NODE_LIST)
			check_values(c, axis->value);
		if (!none || axis->key->kind != NODE_STRING)
			continue;
		struct diag *g = diag_push(c->diags, RULE_EMPTY_AXIS, axis->key->span,
			"\"%.*s\" has no values: this matrix makes no job",
			STR_ARG(str_sub(axis->key->u.text, 0, 200)));
		diag_help(c->diags, g, "give it a list of values, or remove it");
	}
}

/* 0 when it is not known, or beyond what a matrix may have. */
static uint64_t
combinations(const struct node *parameters)
{
	uint64_t n = 1;
	for (uint32_t i = 0; i < parameters->count && n <= LIMIT_MATRIX_JOBS; i++) {
		const struct node *axis = parameters->u.pairs[i].value;
		n *= axis->kind == NODE_LIST ? axis->count : 0;
	}
	return n <= LIMIT_MATRIX_JOBS ? n : 0;
}

/* ---- exclusions -------------------------------------------------------------------------- */

static void
unknown_axis(const struct check *c, const struct node *parameters, const struct node *key)
{
	struct diag *g = diag_push(c->diags, RULE_EXCLUDE_NOTHING, key->span,
		"the matrix has no \"%.*s\": this excludes nothing",
		STR_ARG(str_sub(key->u.text, 0, 200)));
	if (!diag_kept(c->diags, g))
		return;
	struct nearest near = {.wanted = key->u.text};
	for (uint32_t i = 0; i < parameters->count && i < LIMIT_CANDIDATES; i++)
		if (parameters->u.pairs[i].key->kind == NODE_STRING)
			nearest_try(&near, parameters->u.pairs[i].key->u.text);
	diag_nearest(c->diags, g, &near);
	if (near.best.len)
		diag_fix(c->diags, g, false, key->span, near.best);
	diag_help(c->diags, g, "name only parameters of the matrix");
}

static bool
has_text(struct arena *a, const struct node *axis, struct str text)
{
	for (uint32_t i = 0; i < axis->count; i++)
		if (str_eq(node_text(a, axis->u.items[i]), text))
			return true;
	return false;
}

static void
unknown_value(const struct check *c, const struct pair *p, const struct node *axis)
{
	struct str text = node_text(c->a, p->value);
	bool other_type = has_text(c->a, axis, text);
	struct diag *g = diag_push(c->diags, RULE_EXCLUDE_NOTHING, p->value->span,
		"\"%.*s\" does not have this value%s: this excludes nothing",
		STR_ARG(str_sub(p->key->u.text, 0, 200)), other_type ? " as this type" : "");
	if (!diag_kept(c->diags, g))
		return;
	struct nearest near = {.wanted = text};
	for (uint32_t i = 0; i < axis->count && i < LIMIT_CANDIDATES && !other_type; i++)
		nearest_try(&near, node_text(c->a, axis->u.items[i]));
	diag_nearest(c->diags, g, &near);
	diag_note(c->diags, g, axis->span, "its values");
	diag_help(c->diags, g,
		other_type ? "write it as in the list, with or without quotes"
			   : "take a value of the list");
}

/* exclude: [{os: macos, version: "1"}]; false when nothing or too little is known of it. */
static bool
check_exclusion(const struct check *c, const struct node *parameters, const struct node *e)
{
	bool known = e->kind == NODE_MAP && e->count && !(e->flags & NODE_TEMPLATED);
	for (uint32_t i = 0; known && i < e->count; i++) {
		const struct pair *p = &e->u.pairs[i];
		if (p->key->kind != NODE_STRING || !check_own(c, p->key->span))
			return false;
		const struct node *axis = node_find(parameters, p->key->u.text);
		if (!axis) {
			unknown_axis(c, parameters, p->key);
			return false;
		}
		bool found = !is_known(axis);
		for (uint32_t k = 0; !found && k < axis->count; k++)
			found = node_equal(axis->u.items[k], p->value);
		if (!found && axis->count)
			unknown_value(c, p, axis);
		known = found && is_known(axis);
	}
	return known;
}

static bool
is_excluded(const struct node *exclude, const struct node *parameters, const uint32_t *at)
{
	for (uint32_t i = 0; i < exclude->count; i++) {
		const struct node *e = exclude->u.items[i];
		bool agrees = true;
		for (uint32_t k = 0; agrees && k < parameters->count; k++) {
			const struct pair *axis = &parameters->u.pairs[k];
			const struct node *value = node_find(e, axis->key->u.text);
			agrees = !value || node_equal(value, axis->value->u.items[at[k]]);
		}
		if (agrees)
			return true;
	}
	return false;
}

/* Whether no combination is left. Everything in parameters and exclude is known. */
static bool
excludes_all(const struct node *exclude, const struct node *parameters, uint64_t total)
{
	uint32_t at[8] = {0};
	for (uint64_t i = 0; i < total; i++) {
		uint64_t rest = i;
		for (uint32_t k = 0; k < parameters->count; k++) {
			uint32_t n = parameters->u.pairs[k].value->count;
			at[k] = (uint32_t)(rest % n);
			rest /= n;
		}
		if (!is_excluded(exclude, parameters, at))
			return false;
	}
	return true;
}

static void
check_exclude(const struct check *c, const struct node *parameters, const struct pair *exclude)
{
	bool known = exclude->value->kind == NODE_LIST && exclude->value->count > 0 &&
		     exclude->value->count <= LIMIT_MATRIX_JOBS && parameters->count <= 8;
	for (uint32_t i = 0; node_has(exclude->value, NODE_LIST) && i < exclude->value->count; i++)
		known = check_exclusion(c, parameters, exclude->value->u.items[i]) && known;
	for (uint32_t i = 0; i < parameters->count; i++)
		known = known && is_known(parameters->u.pairs[i].value) &&
			parameters->u.pairs[i].key->kind == NODE_STRING;
	uint64_t total = combinations(parameters);
	if (!known || !total || !excludes_all(exclude->value, parameters, total))
		return;
	struct diag *g = diag_push(c->diags, RULE_EXCLUDE_ALL, exclude->key->span,
		"every combination is excluded: this matrix makes no job");
	diag_note(c->diags, g, parameters->span, "%llu combination%s", (unsigned long long)total,
		total == 1 ? "" : "s");
	diag_help(c->diags, g, "leave at least one of them");
}

/* ---- the whole --------------------------------------------------------------------------- */

/* matrix:
 *   parameters: {os: [linux, macos], version: ["1", "2"]}
 *   exclude: [{os: macos, version: "1"}] */
static void
check_one(const struct check *c, const struct pair *matrix)
{
	const struct node *parameters = node_get(matrix->value, "parameters");
	const struct pair *exclude = node_pair(matrix->value, STR("exclude"));
	if (!node_has(parameters, NODE_MAP) || !parameters->count ||
		!check_own(c, matrix->key->span) || !check_own(c, parameters->span))
		return;
	check_axes(c, parameters);
	if (exclude)
		check_exclude(c, parameters, exclude);
	bool lists = true;
	for (uint32_t i = 0; i < parameters->count; i++)
		lists = lists && parameters->u.pairs[i].value->kind == NODE_LIST;
	if (!lists || combinations(parameters) != 1)
		return;
	struct diag *g = diag_push(c->diags, RULE_SINGLE_MATRIX, matrix->key->span,
		"this matrix has one value for every parameter: it makes one job");
	diag_help(c->diags, g, "give the values to the job directly, or add the others");
}

static void
check_entries(const struct check *c, const struct node *jobs)
{
	for (uint32_t i = 0; node_has(jobs, NODE_LIST) && i < jobs->count; i++) {
		struct entry e;
		const struct pair *matrix = NULL;
		if (entry_read(jobs->u.items[i], &e))
			matrix = node_pair(e.body, STR("matrix"));
		if (matrix && matrix->value->kind == NODE_MAP)
			check_one(c, matrix);
	}
}

void
check_matrix(const struct check *c)
{
	const struct node *workflows = written_workflows(c);
	for (uint32_t i = 0; is_walkable(c) && workflows && i < workflows->count; i++)
		if (is_workflow(&workflows->u.pairs[i]))
			check_entries(c, node_get(workflows->u.pairs[i].value, "jobs"));
}
