/* SPDX-License-Identifier: MIT */
/* ccx orb source NS/NAME[@VERSION] */
#include "orb_input.h"

extern const struct command cmd_orb_source;

struct source_args {
	struct orb_lookup lookup;
};

static const struct opt opts[] = {ORB_LOOKUP_OPTS(source_args, lookup), OPT_END};

static enum exit_code
show(struct cli *cli, const struct source_args *args, const struct orb_ref *ref)
{
	struct orb_places places;
	struct orb_found found;
	orb_places_open(cli, &args->lookup, &places);
	enum orb_result result = orb_find(&places.orbs, ref, &found);
	if (result == ORB_FOUND) {
		sb_put(&cli->out, found.text);
		if (cli->common.verbose)
			cli_say("%.*s", STR_ARG(found.origin));
	} else if (result == ORB_MISSING && ref->kind == ORB_URL) {
		cli_say("%.*s: %s", STR_ARG(ref->text), orb_places_lack(&places));
	} else if (result == ORB_MISSING) {
		cli_say("there is no orb %.*s%s", STR_ARG(ref->text),
			places.remote.registry
				? ", or it is private and the token may not see it"
				: " in the directories and the cache; the registry was "
				  "not asked");
	} else {
		cli_say("%.*s", STR_ARG(found.error));
	}
	orb_places_close(&places);
	return result == ORB_FOUND ? EXIT_OK : result == ORB_MISSING ? EXIT_MISSING : EXIT_OTHER;
}

static enum exit_code
run(struct cli *cli, char **args)
{
	struct source_args s = {0};
	struct opt_list operands = {0};
	enum exit_code code;
	struct orb_ref ref;
	const char *why;
	if (!cli_options(cli, &cmd_orb_source, (struct opt_set){opts, &s}, args, &operands, &code))
		return code;
	if (operands.n != 1)
		return cli_usage(cli, &cmd_orb_source, "one orb, as in circleci/node@5.2.0");
	if (!orb_ref_parse(str_of(operands.v[0]), &ref, &why))
		return cli_usage(cli, &cmd_orb_source, "\"%s\" is not an orb reference: %s",
			operands.v[0], why);
	return show(cli, &s, &ref);
}

static const struct example examples[] = {
	{"ccx orb source circleci/node@5.2.0", "one version"},
	{"ccx orb source circleci/node", "the newest"},
	{"ccx orb source --offline circleci/node@5", "from the cache"},
	{NULL, NULL},
};

const struct command cmd_orb_source = {
	.name = "orb source",
	.operands = "NS/NAME[@VERSION]|URL",
	.summary = "Print the source of an orb",
	.about =
		"The orb is looked for in .circleci/orbs, in the directories of --orb-path and "
		"CCX_ORB_PATH, in the cache, and then asked of the registry. Versions are kept in "
		"the cache for good; what a partial version, volatile or a dev version means is "
		"kept for an hour (dev: five minutes), or CCX_ORB_MAX_AGE seconds.\n"
		"An orb by its address (https://...) is fetched from there without any token, and "
		"kept for five minutes. CircleCI does so only where the organization's list allows "
		"it; CCX_ORB_URLS is such a list: what addresses must begin with, each ending "
		"with /, spaces between.\n"
		"A token, needed for private orbs, comes from CIRCLECI_CLI_TOKEN, CIRCLE_TOKEN or "
		"~/.circleci/cli.yml; never from the command line, which others can read.",
	.examples = examples,
	.opts = opts,
	.run = run,
};
