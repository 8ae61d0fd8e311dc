/* SPDX-License-Identifier: MIT */
/* ccx orb info NS/NAME */
#include "cli.h"

#include "orb_show.h"
#include "remote.h"

extern const struct command cmd_orb_info;

struct info_args {
	struct remote_args remote;
	bool json;
};

#define FIELD(name) offsetof(struct info_args, name)
static const struct opt opts[] = {
	REMOTE_OPTS(info_args, remote),
	{OPT_FLAG, 0, "json", NULL, FIELD(json), "as JSON", NULL, 0},
	OPT_END,
};
#undef FIELD

static enum exit_code
run(struct cli *cli, char **args)
{
	struct info_args i = {0};
	struct opt_list operands = {0};
	enum exit_code code;
	struct remote remote;
	struct registry_orb orb;
	struct str name;
	if (!cli_options(cli, &cmd_orb_info, (struct opt_set){opts, &i}, args, &operands, &code))
		return code;
	if (operands.n != 1 || !orb_name(operands.v[0], &name))
		return cli_usage(cli, &cmd_orb_info, "one orb, as in circleci/node");
	struct registry *r = remote_open(cli, &i.remote, &remote, &code);
	if (!r)
		return code;
	enum registry_fault fault = registry_orb(r, cli->a, name, &orb);
	code = fault ? remote_failed(r, fault) : EXIT_OK;
	if (!fault && i.json)
		orb_put_json(&cli->out, &orb, 1);
	else if (!fault)
		orb_put_text(&cli->out, &orb);
	registry_free(r);
	return code;
}

static const struct example examples[] = {
	{"ccx orb info circleci/node", "versions, categories, use"},
	{"ccx orb info circleci/node --json", "the same for programs"},
	{NULL, NULL},
};

const struct command cmd_orb_info = {
	.name = "orb info",
	.operands = "NS/NAME",
	.summary = "Show what the registry knows of an orb",
	.about = "Versions are listed newest first.",
	.examples = examples,
	.opts = opts,
	.run = run,
};
