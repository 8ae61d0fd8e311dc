/* SPDX-License-Identifier: MIT */
/* ccx orb list-categories */
#include "cli.h"

#include "remote.h"

extern const struct command cmd_orb_list_categories;

struct categories_args {
	struct remote_args remote;
};

static const struct opt opts[] = {
	REMOTE_OPTS(categories_args, remote),
	OPT_END,
};

static enum exit_code
run(struct cli *cli, char **args)
{
	struct categories_args c = {0};
	struct opt_list operands = {0};
	enum exit_code code;
	struct remote remote;
	struct registry_categories found;
	if (!cli_options(cli, &cmd_orb_list_categories, (struct opt_set){opts, &c}, args, &operands,
		    &code))
		return code;
	struct registry *r = remote_open(cli, &c.remote, &remote, &code);
	if (!r)
		return code;
	enum registry_fault fault = registry_categories(r, cli->a, &found);
	code = fault ? remote_failed(r, fault) : EXIT_OK;
	for (uint32_t i = 0; !fault && i < found.n; i++)
		sb_printf(&cli->out, "%.*s\n", STR_ARG(found.v[i].name));
	registry_free(r);
	return code;
}

static const struct example examples[] = {
	{"ccx orb list-categories", "one a line"},
	{NULL, NULL},
};

const struct command cmd_orb_list_categories = {
	.name = "orb list-categories",
	.operands = "",
	.summary = "List the categories that orbs can be in",
	.about = "ccx orb add-to-category takes these names.",
	.examples = examples,
	.opts = opts,
	.run = run,
};
