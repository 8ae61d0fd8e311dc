/* SPDX-License-Identifier: MIT */
/* ccx orb add-to-category NS/NAME CATEGORY */
#include "cli.h"

#include "orb_show.h"
#include "remote.h"

extern const struct command cmd_orb_add_to_category;

struct add_to_category_args {
	struct remote_args remote;
	struct write_args write;
};

static const struct opt opts[] = {
	REMOTE_OPTS(add_to_category_args, remote),
	WRITE_OPTS(add_to_category_args, write),
	OPT_END,
};

static enum exit_code
run(struct cli *cli, char **args)
{
	struct add_to_category_args w = {0};
	struct opt_list operands = {0};
	enum exit_code code;
	struct remote remote;
	struct str name;
	if (!cli_options(cli, &cmd_orb_add_to_category, (struct opt_set){opts, &w}, args, &operands,
		    &code))
		return code;
	if (operands.n != 2)
		return cli_usage(cli, &cmd_orb_add_to_category, "an orb and a category");
	struct opt_list first = {.v = operands.v, .n = 1};
	if (!orb_name(&first, &name))
		return cli_usage(cli, &cmd_orb_add_to_category, "\"%s\" is not namespace/name",
			operands.v[0]);
	struct registry *r = remote_open(cli, &w.remote, &remote, &code);
	if (!r)
		return code;
	struct str what = str_printf(cli->a, "add %.*s to the category \"%s\" at %.*s",
		STR_ARG(name), operands.v[1], STR_ARG(remote.options.host));
	if (!remote_confirm(cli, &w.write, what, &code)) {
		registry_free(r);
		return code;
	}
	enum registry_fault fault =
		registry_categorize(r, cli->a, name, str_of(operands.v[1]), true);
	code = fault ? remote_failed(r, fault) : EXIT_OK;
	if (!fault && !cli->common.quiet)
		sb_printf(&cli->out, "done: %.*s\n", STR_ARG(what));
	registry_free(r);
	return code;
}

static const struct example examples[] = {
	{"ccx orb add-to-category acme/tools Testing", "asks first"},
	{NULL, NULL},
};

const struct command cmd_orb_add_to_category = {
	.name = "orb add-to-category",
	.operands = "NS/NAME CATEGORY",
	.summary = "Put an orb into a category",
	.about = "ccx orb list-categories shows the names.",
	.examples = examples,
	.opts = opts,
	.run = run,
};
