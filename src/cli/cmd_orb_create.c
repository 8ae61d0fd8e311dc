/* SPDX-License-Identifier: MIT */
/* ccx orb create NS/NAME */
#include "cli.h"

#include "orb_show.h"
#include "remote.h"

extern const struct command cmd_orb_create;

struct create_args {
	struct remote_args remote;
	struct write_args write;
	bool is_private;
};

#define FIELD(name) offsetof(struct create_args, name)
static const struct opt opts[] = {
	REMOTE_OPTS(create_args, remote),
	WRITE_OPTS(create_args, write),
	{OPT_FLAG, 0, "private", NULL, FIELD(is_private),
		"only your organization may see it; cannot be changed later", NULL, 0},
	OPT_END,
};
#undef FIELD

static enum exit_code
run(struct cli *cli, char **args)
{
	struct create_args w = {0};
	struct opt_list operands = {0};
	enum exit_code code;
	struct remote remote;
	struct str name;
	if (!cli_options(cli, &cmd_orb_create, (struct opt_set){opts, &w}, args, &operands, &code))
		return code;
	if (operands.n != 1)
		return cli_usage(cli, &cmd_orb_create, "one orb, as in acme/tools");
	if (!orb_name(operands.v[0], &name))
		return cli_usage(
			cli, &cmd_orb_create, "\"%s\" is not namespace/name", operands.v[0]);
	struct registry *r = remote_open(cli, &w.remote, &remote, &code);
	if (!r)
		return code;
	struct str what = str_printf(cli->a, "create the %s orb %.*s at %.*s",
		w.is_private ? "private" : "public", STR_ARG(name), STR_ARG(remote.options.host));
	if (remote_confirm(cli, &w.write, what, &code))
		code = remote_finish(cli, r, registry_create(r, cli->a, name, w.is_private), what);
	registry_free(r);
	return code;
}

static const struct example examples[] = {
	{"ccx orb create acme/tools", "asks first"},
	{"ccx orb create acme/tools --private --yes", "in a script"},
	{NULL, NULL},
};

const struct command cmd_orb_create = {
	.name = "orb create",
	.operands = "NS/NAME",
	.summary = "Create an orb, without any version yet",
	.about = "The namespace must have been claimed. An orb cannot be removed or renamed, and "
		 "stays public or private for good.",
	.examples = examples,
	.opts = opts,
	.run = run,
};
