/* SPDX-License-Identifier: MIT */
/* ccx orb diff OLD NEW */
#include "cli.h"

#include "ccx/limits.h"
#include "pipeline.h"

#include <errno.h>
#include <string.h>

extern const struct command cmd_orb_diff;

struct diff_args {
	struct remote_args remote;
	struct opt_list orb_paths;
	bool offline, exit_code;
};

#define FIELD(name) offsetof(struct diff_args, name)
static const struct opt opts[] = {
	{OPT_FLAG, 0, "exit-code", NULL, FIELD(exit_code), "exit with 7 when they differ", NULL, 0},
	REMOTE_OPTS(diff_args, remote),
	{OPT_LIST, 0, "orb-path", "DIR", FIELD(orb_paths),
		"look for orbs in DIR/ns/name/version.yml first; repeatable", NULL, COMPLETE_DIR},
	{OPT_FLAG, 0, "offline", NULL, FIELD(offline), "use no network", NULL, 0},
	OPT_END,
};
#undef FIELD

static enum exit_code
read_orb(struct cli *cli, struct orb_store *orbs, const char *operand, struct str *text)
{
	struct orb_found found;
	struct orb_ref ref;
	const char *why;
	/* A file wins: acme/tools@1 may be one, and ./acme/tools@1 is never an orb. */
	if (file_exists(operand) || !orb_ref_parse(str_of(operand), &ref, &why) ||
		ref.kind == ORB_URL) {
		if (file_read(cli->a, operand, LIMIT_FILE_BYTES, text))
			return EXIT_OK;
		int error = errno;
		cli_say("cannot read %s: %s", operand, strerror(error));
		return cli_read_fault(error);
	}
	enum orb_result result = orb_find(orbs, &ref, &found);
	if (result == ORB_FOUND) {
		*text = found.text;
		return EXIT_OK;
	}
	if (result == ORB_MISSING) {
		cli_say("there is no file and no orb %s", operand);
		return EXIT_MISSING;
	}
	cli_say("%.*s", STR_ARG(found.error));
	return EXIT_OTHER;
}

static enum exit_code
compare(struct cli *cli, const struct diff_args *args, const struct opt_list *operands)
{
	struct orb_store orbs;
	struct pipeline_remote remote;
	struct str old, new_text;
	struct pipeline p = {
		.orb_paths = args->orb_paths, .remote = args->remote, .offline = args->offline};
	pipeline_orbs(cli->a, &p, ".circleci/config.yml", &orbs);
	pipeline_remote_open(cli, &p, &remote);
	pipeline_remote_add(&remote, &orbs);
	enum exit_code code = read_orb(cli, &orbs, operands->v[0], &old);
	if (code == EXIT_OK)
		code = read_orb(cli, &orbs, operands->v[1], &new_text);
	if (code == EXIT_OK && !str_eq(old, new_text)) {
		report_diff(
			&cli->out, str_of(operands->v[0]), old, str_of(operands->v[1]), new_text);
		code = args->exit_code ? EXIT_FINDINGS : EXIT_OK;
	}
	pipeline_remote_close(&remote);
	return code;
}

static enum exit_code
run(struct cli *cli, char **args)
{
	struct diff_args d = {0};
	struct opt_list operands = {0};
	enum exit_code code;
	if (!cli_options(cli, &cmd_orb_diff, (struct opt_set){opts, &d}, args, &operands, &code))
		return code;
	if (operands.n != 2)
		return cli_usage(cli, &cmd_orb_diff, "two orbs: files, or references");
	return compare(cli, &d, &operands);
}

static const struct example examples[] = {
	{"ccx orb diff acme/tools@1.0.0 acme/tools@1.1.0", "two versions"},
	{"ccx orb diff --exit-code acme/tools orb.yml", "the newest against a file"},
	{NULL, NULL},
};

const struct command cmd_orb_diff = {
	.name = "orb diff",
	.operands = "OLD NEW",
	.summary = "Show how the sources of two orbs differ",
	.about = "Each is a file or, where there is no such file, a reference, which is looked for "
		 "as ccx orb source does. Prints a unified diff, and nothing when they are the "
		 "same.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
