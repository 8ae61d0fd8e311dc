/* SPDX-License-Identifier: MIT */
/* ccx orb diff OLD NEW */
#include "cli.h"

#include "ccx/config.h"
#include "ccx/limits.h"
#include "pipeline.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

extern const struct command cmd_orb_diff;

struct diff_args {
	struct remote_args remote;
	struct opt_list orb_paths;
	const char *max;
	bool offline, exit_code, semver, json;
};

static const char *const max_choices[] = {"patch", "minor", "major", NULL};

#define FIELD(name) offsetof(struct diff_args, name)
static const struct opt opts[] = {
	{OPT_FLAG, 0, "semver", NULL, FIELD(semver),
		"say what changed for users, and the version that it calls for", NULL, 0},
	{OPT_FLAG, 0, "json", NULL, FIELD(json), "with --semver: as JSON", NULL, 0},
	{OPT_TEXT, 0, "max", "LEVEL", FIELD(max),
		"with --semver: exit 7 when more than patch, minor or major is called for",
		max_choices, 0},
	{OPT_FLAG, 0, "exit-code", NULL, FIELD(exit_code), "exit with 7 when they differ", NULL, 0},
	REMOTE_OPTS(diff_args, remote),
	{OPT_LIST, 0, "orb-path", "DIR", FIELD(orb_paths),
		"look for orbs in DIR/ns/name/version.yml first; repeatable", NULL, COMPLETE_DIR},
	{OPT_FLAG, 0, "offline", NULL, FIELD(offline), "use no network", NULL, 0},
	OPT_END,
};
#undef FIELD

/* OLD or NEW. */
struct side {
	const char *operand;
	struct str path, text;
	struct str version; /* empty for a file */
};

/* ---- reading ----------------------------------------------------------------------------- */

static enum exit_code
read_file(struct cli *cli, struct side *side)
{
	bool piped = strcmp(side->operand, "-") == 0;
	side->path = piped ? STR("<stdin>") : str_of(side->operand);
	if (file_read(cli->a, side->operand, LIMIT_FILE_BYTES, &side->text))
		return EXIT_OK;
	int error = errno;
	cli_say("cannot read %s: %s", side->operand, strerror(error));
	return cli_read_fault(error);
}

static enum exit_code
read_orb(struct cli *cli, struct orb_store *orbs, struct side *side)
{
	struct orb_found found;
	struct orb_ref ref;
	const char *why;
	/* A file wins: acme/tools@1 may be one, and ./acme/tools@1 is never an orb. */
	if (file_exists(side->operand) || !orb_ref_parse(str_of(side->operand), &ref, &why))
		return read_file(cli, side);
	enum orb_result result = orb_find(orbs, &ref, &found);
	if (result == ORB_FOUND) {
		side->path = found.origin;
		side->text = found.text;
		side->version = found.exact;
		return EXIT_OK;
	}
	if (result == ORB_MISSING) {
		cli_say("there is no file and no orb %s", side->operand);
		return EXIT_MISSING;
	}
	cli_say("%.*s", STR_ARG(found.error));
	return EXIT_OTHER;
}

/* What the registry gave lives no longer than its connection. */
static void
keep(struct arena *a, struct side *side)
{
	side->path = str_copy(a, side->path);
	side->text = str_copy(a, side->text);
	side->version = str_copy(a, side->version);
}

static enum exit_code
read_sides(struct cli *cli, const struct diff_args *args, struct side *old, struct side *new_side)
{
	struct orb_store orbs;
	struct pipeline_remote remote;
	struct pipeline p = {
		.orb_paths = args->orb_paths, .remote = args->remote, .offline = args->offline};
	pipeline_orbs(cli->a, &p, ".circleci/config.yml", &orbs);
	pipeline_remote_open(cli, &p, &remote);
	pipeline_remote_add(&remote, &orbs);
	enum exit_code code = read_orb(cli, &orbs, old);
	if (code == EXIT_OK)
		code = read_orb(cli, &orbs, new_side);
	keep(cli->a, old);
	keep(cli->a, new_side);
	pipeline_remote_close(&remote);
	return code;
}

/* ---- comparing --------------------------------------------------------------------------- */

static enum exit_code
compare_texts(struct cli *cli, const struct diff_args *args, const struct side *old,
	const struct side *new_side)
{
	if (str_eq(old->text, new_side->text))
		return EXIT_OK;
	report_diff(&cli->out, str_of(old->operand), old->text, str_of(new_side->operand),
		new_side->text);
	return args->exit_code ? EXIT_FINDINGS : EXIT_OK;
}

static const struct module *
decode(struct cli *cli, const struct side *side, struct sources *sources, struct diag_list *diags)
{
	struct module *m = NEW(cli->a, struct module);
	uint32_t file = source_add(sources, side->path, side->text);
	const struct node *root = node_load(cli->a, sources, file, diags);
	return root && module_decode(cli->a, m, root, diags) ? m : NULL;
}

static enum exit_code
judge(const struct cli *cli, const struct diff_args *args, enum orb_bump bump)
{
	int max = ORB_BUMP_MAJOR;
	if (args->exit_code && bump > ORB_BUMP_NONE)
		return EXIT_FINDINGS;
	while (args->max && max > ORB_BUMP_NONE && strcmp(args->max, orb_bump_names[max]) != 0)
		max--;
	if ((int)bump <= max)
		return EXIT_OK;
	if (!cli->common.quiet)
		cli_say("the changes call for a %s version; --max allows a %s one",
			orb_bump_names[bump], args->max);
	return EXIT_FINDINGS;
}

static enum exit_code
compare_orbs(struct cli *cli, const struct diff_args *args, const struct side *old,
	const struct side *new_side)
{
	struct sources sources;
	struct diag_list diags;
	struct orb_changes changes = {0};
	sources_init(&sources, cli->a);
	diag_init(&diags, cli->a);
	const struct module *before = decode(cli, old, &sources, &diags);
	const struct module *after = decode(cli, new_side, &sources, &diags);
	if (!before || !after) {
		cli_report(cli, &sources, &diags);
		return EXIT_FINDINGS;
	}
	orb_changes_find(cli->a, before, after, &changes);
	const struct report_changes report = {.sources = &sources,
		.changes = &changes,
		.old_name = str_of(old->operand),
		.new_name = str_of(new_side->operand),
		.old_version = old->version,
		.new_version = new_side->version};
	if (args->json)
		report_changes_json(&cli->out, &report);
	else
		report_changes_text(&cli->out, &report, cli_style(cli, STDOUT_FILENO));
	return judge(cli, args, changes.bump);
}

/* ---- the command ------------------------------------------------------------------------- */

static bool
is_address(const char *operand)
{
	struct str text = str_of(operand);
	return !file_exists(operand) &&
	       (str_starts(text, STR("https://")) || str_starts(text, STR("http://")));
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
	for (uint32_t i = 0; i < operands.n; i++)
		if (is_address(operands.v[i]))
			return cli_usage(cli, &cmd_orb_diff,
				"%s is an address: download it, and name the file", operands.v[i]);
	if (!d.semver && (d.json || d.max))
		return cli_usage(cli, &cmd_orb_diff, "%s belongs to --semver: give that too",
			d.json ? "--json" : "--max");
	struct side old = {.operand = operands.v[0]}, new_side = {.operand = operands.v[1]};
	code = read_sides(cli, &d, &old, &new_side);
	if (code != EXIT_OK)
		return code;
	return d.semver ? compare_orbs(cli, &d, &old, &new_side)
			: compare_texts(cli, &d, &old, &new_side);
}

static const struct example examples[] = {
	{"ccx orb diff acme/tools@1.0.0 acme/tools@1.1.0", "two versions"},
	{"ccx orb diff --exit-code acme/tools orb.yml", "the newest against a file"},
	{"ccx orb diff --semver acme/tools orb.yml", "the version to publish the file as"},
	{"ccx orb diff --semver --max minor acme/tools@2 orb.yml",
		"in CI: nothing that breaks configs"},
	{NULL, NULL},
};

const struct command cmd_orb_diff = {
	.name = "orb diff",
	.operands = "OLD NEW",
	.summary = "Show how two orbs differ, and what that means for their users",
	.about = "Each is a file or, where there is no such file, a reference, which is looked for "
		 "as ccx orb source does. Prints a unified diff, and nothing when they are the "
		 "same.\n"
		 "With --semver it prints what changed for those who use the orb, whatever the "
		 "text looks like. A change is breaking when a config that compiled with OLD may "
		 "not compile with NEW, or means something else; it is a feature when NEW offers "
		 "more; anything else is a fix. They call for a major, minor or patch version; "
		 "where both versions are known, it says whether NEW is one. --exit-code then "
		 "means exit 7 when anything changed for users. A file that is no valid orb is "
		 "reported, with exit 7.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
