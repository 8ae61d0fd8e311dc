/* SPDX-License-Identifier: MIT */
/* ccx orb list [NS] */
#include "cli.h"

#include "orb_show.h"
#include "remote.h"
#include <stdlib.h>

extern const struct command cmd_orb_list;

struct list_args {
	struct remote_args remote;
	const char *limit;
	bool json, uncertified, is_private;
};

#define FIELD(name) offsetof(struct list_args, name)
static const struct opt opts[] = {
	REMOTE_OPTS(list_args, remote),
	{OPT_TEXT, 0, "limit", "N", FIELD(limit), "at most so many (default: 10000)", NULL, 0},
	{OPT_FLAG, 'u', "uncertified", NULL, FIELD(uncertified),
		"without NS: also those that are not certified", NULL, 0},
	{OPT_FLAG, 0, "private", NULL, FIELD(is_private), "of NS: the private ones", NULL, 0},
	{OPT_FLAG, 0, "json", NULL, FIELD(json), "as JSON", NULL, 0},
	OPT_END,
};
#undef FIELD

static enum exit_code
list(struct cli *cli, const struct list_args *args, const struct registry_filter *filter)
{
	enum exit_code code;
	struct remote remote;
	struct registry_list found;
	struct registry *r = remote_open(cli, &args->remote, &remote, &code);
	if (!r)
		return code;
	enum registry_fault fault = registry_list(r, cli->a, filter, &found);
	code = fault ? remote_failed(r, fault) : EXIT_OK;
	registry_free(r);
	if (fault)
		return code;
	if (args->json)
		orb_put_json(&cli->out, found.v, found.n);
	else
		orb_put_list(&cli->out, found.v, found.n);
	if (found.more)
		cli_say("there are more than %u: raise --limit", (unsigned)filter->most);
	return EXIT_OK;
}

static enum exit_code
run(struct cli *cli, char **args)
{
	struct list_args l = {0};
	struct opt_list operands = {0};
	enum exit_code code;
	struct registry_filter filter = {.most = 10000};
	if (!cli_options(cli, &cmd_orb_list, (struct opt_set){opts, &l}, args, &operands, &code))
		return code;
	if (operands.n > 1)
		return cli_usage(cli, &cmd_orb_list, "one namespace at most");
	if (l.limit) {
		char *end;
		unsigned long n = strtoul(l.limit, &end, 10);
		if (!n || n > 1000000 || *end)
			return cli_usage(cli, &cmd_orb_list,
				"--limit takes a number from 1 to 1000000, not \"%s\"", l.limit);
		filter.most = (uint32_t)n;
	}
	if (l.is_private && !operands.n)
		return cli_usage(cli, &cmd_orb_list, "--private needs a namespace");
	filter.ns = operands.n ? str_of(operands.v[0]) : STR("");
	filter.certified = !operands.n && !l.uncertified;
	filter.is_private = l.is_private;
	return list(cli, &l, &filter);
}

static const struct example examples[] = {
	{"ccx orb list", "the certified orbs"},
	{"ccx orb list circleci", "those of a namespace"},
	{"ccx orb list acme --private --json", "private ones, for programs"},
	{NULL, NULL},
};

const struct command cmd_orb_list = {
	.name = "orb list",
	.operands = "[NS]",
	.summary = "List the orbs of a namespace, or all certified ones",
	.about = "All pages are fetched, up to --limit orbs.",
	.examples = examples,
	.opts = opts,
	.run = run,
};
