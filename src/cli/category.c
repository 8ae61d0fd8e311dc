/* SPDX-License-Identifier: MIT */
#include "category.h"

#include "orb_show.h"
#include "remote.h"

struct category_args {
	struct remote_args remote;
	struct write_args write;
};

const struct opt category_opts[] = {
	REMOTE_OPTS(category_args, remote),
	WRITE_OPTS(category_args, write),
	OPT_END,
};

/* Asks, unless told not to, and does it. */
static enum exit_code
change(struct cli *cli, const struct category_args *w, struct str name, const char *category,
	bool add)
{
	enum exit_code code;
	struct remote remote;
	struct registry *r = remote_open(cli, &w->remote, &remote, &code);
	if (!r)
		return code;
	struct str what = str_printf(cli->a,
		add ? "add %.*s to the category \"%s\" at %.*s"
		    : "remove %.*s from the category \"%s\" at %.*s",
		STR_ARG(name), category, STR_ARG(remote.options.host));
	if (remote_confirm(cli, &w->write, what, &code))
		code = remote_finish(
			cli, r, registry_categorize(r, cli->a, name, str_of(category), add), what);
	registry_free(r);
	return code;
}

enum exit_code
category_run(struct cli *cli, const struct command *c, char **args, bool add)
{
	struct category_args w = {0};
	struct opt_list operands = {0};
	enum exit_code code;
	struct str name;
	if (!cli_options(cli, c, (struct opt_set){category_opts, &w}, args, &operands, &code))
		return code;
	if (operands.n != 2)
		return cli_usage(cli, c, "an orb and a category");
	if (!orb_name(operands.v[0], &name))
		return cli_usage(cli, c, "\"%s\" is not namespace/name", operands.v[0]);
	return change(cli, &w, name, operands.v[1], add);
}
