/* SPDX-License-Identifier: MIT */
/* ccx orb unlist NS/NAME */
#include "cli.h"

#include "orb_show.h"
#include "remote.h"

extern const struct command cmd_orb_unlist;

struct unlist_args {
	struct remote_args remote;
	struct write_args write;
	bool list;
};

#define FIELD(name) offsetof(struct unlist_args, name)
static const struct opt opts[] = {
	REMOTE_OPTS(unlist_args, remote),
	WRITE_OPTS(unlist_args, write),
	{OPT_FLAG, 0, "undo", NULL, FIELD(list), "list it again", NULL, 0},
	OPT_END,
};
#undef FIELD

static enum exit_code
run(struct cli *cli, char **args)
{
	struct unlist_args w = {0};
	struct opt_list operands = {0};
	enum exit_code code;
	struct remote remote;
	struct str name;
	if (!cli_options(cli, &cmd_orb_unlist, (struct opt_set){opts, &w}, args, &operands, &code))
		return code;
	if (operands.n != 1)
		return cli_usage(cli, &cmd_orb_unlist, "one orb, as in acme/tools");
	if (!orb_name(operands.v[0], &name))
		return cli_usage(
			cli, &cmd_orb_unlist, "\"%s\" is not namespace/name", operands.v[0]);
	struct registry *r = remote_open(cli, &w.remote, &remote, &code);
	if (!r)
		return code;
	struct str what = str_printf(cli->a,
		w.list ? "list %.*s again at %.*s" : "take %.*s from the list of %.*s",
		STR_ARG(name), STR_ARG(remote.options.host));
	if (remote_confirm(cli, &w.write, what, &code))
		code = remote_finish(cli, r, registry_set_listed(r, cli->a, name, w.list), what);
	registry_free(r);
	return code;
}

static const struct example examples[] = {
	{"ccx orb unlist acme/tools", "asks first"},
	{"ccx orb unlist acme/tools --undo", "list it again"},
	{NULL, NULL},
};

const struct command cmd_orb_unlist = {
	.name = "orb unlist",
	.operands = "NS/NAME",
	.summary = "Take an orb from the public list",
	.about = "Configs that use it go on working.",
	.examples = examples,
	.opts = opts,
	.run = run,
};
