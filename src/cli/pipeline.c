/* SPDX-License-Identifier: MIT */
#include "pipeline.h"

#include "checkout.h"

#include <stdlib.h>

void
pipeline_orbs(struct arena *a, const struct pipeline *p, struct orb_store *orbs)
{
	orb_store_init(orbs, a);
	for (uint32_t i = 0; i < p->orb_paths.n; i++)
		orb_store_add_dir(orbs, str_of(p->orb_paths.v[i]));
	struct str list = str_of(getenv("CCX_ORB_PATH"));
	while (list.len) {
		size_t colon = str_find(list, STR(":"), 0);
		struct str dir = str_sub(list, 0, colon);
		list = colon < list.len ? str_sub(list, colon + 1, list.len) : STR("");
		if (dir.len)
			orb_store_add_dir(orbs, str_copy(a, dir));
	}
}

bool
pipeline_inputs(struct cli *cli, const struct command *c, const struct pipeline *p,
	struct pipeline_read *read)
{
	struct inputs *in = &read->in;
	read->code = EXIT_USAGE;
	if (inputs_parameters(in, p->parameters, &p->params, &read->options.parameters) &&
		inputs_values(in, p->values_file, &p->values, &read->options.values)) {
		read->options.checkout = checkout_open(cli->a, p->branch, p->tag);
		return true;
	}
	if (in->system_error) {
		cli_say("%.*s", STR_ARG(in->error));
		read->code = cli_read_fault(in->system_error);
	} else if (in->error.len) {
		cli_usage(cli, c, "%.*s", STR_ARG(in->error));
	} else {
		cli_report(cli, in->sources, in->diags);
	}
	return false;
}
