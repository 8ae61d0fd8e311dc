/* SPDX-License-Identifier: MIT */
/* Pipeline parameters: what was given, else the default. */
#include "ccx/compile.h"

#include "internal.h"

static void
unexpected(struct compile *c, const struct node *given)
{
	const struct params *declared = &c->config->params;
	for (uint32_t i = 0; i < given->count; i++) {
		const struct node *key = given->u.pairs[i].key;
		struct nearest n = {.wanted = node_text(c->a, key)};
		if (param_find(declared, n.wanted))
			continue;
		for (uint32_t j = 0; j < declared->n; j++)
			nearest_try(&n, declared->v[j].name);
		struct diag *g = diag_push(c->diags, RULE_UNEXPECTED_ARGUMENT, key->span,
			"Unexpected argument(s): %.*s", STR_ARG(n.wanted));
		diag_nearest(c->diags, g, &n);
		diag_help(c->diags, g, "the config declares no pipeline parameter of this name");
	}
}

bool
pass_parameters(struct compile *c)
{
	const struct node *given = c->options->parameters;
	if (given)
		unexpected(c, given);
	for (uint32_t i = 0; i < c->config->params.n; i++) {
		const struct param *p = &c->config->params.v[i];
		const struct node *value = node_find(given, p->name);
		if (value && !param_check(p, value, c->a, c->diags))
			value = p->fallback;
		if (!value)
			value = p->fallback;
		if (value)
			map_put(c->a, &c->parameters, p->name, (void *)value);
	}
	return true;
}
