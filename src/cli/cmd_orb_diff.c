/* SPDX-License-Identifier: MIT */
/* ccx orb diff OLD NEW */
#include "orb_input.h"

#include "ccx/config.h"

#include <string.h>
#include <unistd.h>

extern const struct command cmd_orb_diff;

struct diff_args {
	struct orb_lookup lookup;
	const char *max;
	bool exit_code, semver, json;
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
	ORB_LOOKUP_OPTS(diff_args, lookup),
	OPT_END,
};
#undef FIELD

/* OLD and NEW. */
struct sides {
	const char *operand[2];
	struct sources sources;
	struct diag_list diags;
	struct orb_document doc[2];
	const struct module *orb[2]; /* NULL after findings */
};

/* ---- comparing texts --------------------------------------------------------------------- */

/* What is no folder need not be YAML. */
static enum exit_code
read_text(struct cli *cli, struct orb_places *places, const char *operand, struct orb_document *doc)
{
	if (!orb_input_is_folder(operand))
		return orb_input_read(cli, places, operand, &doc->in);
	enum exit_code code = orb_input_load(cli, places, operand, doc);
	if (code != EXIT_OK || doc->root)
		return code;
	cli_report(cli, doc->sources, doc->diags);
	return doc->diags->errors ? cli_verdict(doc->diags) : EXIT_OTHER;
}

static enum exit_code
compare_texts(
	struct cli *cli, const struct diff_args *args, struct orb_places *places, struct sides *s)
{
	for (int i = 0; i < 2; i++) {
		enum exit_code code = read_text(cli, places, s->operand[i], &s->doc[i]);
		if (code != EXIT_OK)
			return code;
	}
	struct str old = s->doc[0].in.text, new_text = s->doc[1].in.text;
	if (str_eq(old, new_text))
		return EXIT_OK;
	report_diff(&cli->out, str_of(s->operand[0]), old, str_of(s->operand[1]), new_text);
	return args->exit_code ? EXIT_FINDINGS : EXIT_OK;
}

/* ---- comparing what users see ------------------------------------------------------------ */

static enum exit_code
read_orbs(struct cli *cli, struct orb_places *places, struct sides *s)
{
	for (int i = 0; i < 2; i++) {
		struct module *m = NEW(cli->a, struct module);
		enum exit_code code = orb_input_load(cli, places, s->operand[i], &s->doc[i]);
		if (code != EXIT_OK)
			return code;
		if (s->doc[i].root && module_decode(cli->a, m, s->doc[i].root, &s->diags))
			s->orb[i] = m;
	}
	if (s->orb[0] && s->orb[1])
		return EXIT_OK;
	cli_report(cli, &s->sources, &s->diags);
	return s->diags.errors ? cli_verdict(&s->diags) : EXIT_OTHER;
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
compare_orbs(
	struct cli *cli, const struct diff_args *args, struct orb_places *places, struct sides *s)
{
	struct orb_changes changes = {0};
	enum exit_code code = read_orbs(cli, places, s);
	if (code != EXIT_OK)
		return code;
	const struct orb_input *old = &s->doc[0].in, *now = &s->doc[1].in;
	orb_changes_find(cli->a, s->orb[0], s->orb[1], &changes);
	const struct report_changes report = {.sources = &s->sources,
		.changes = &changes,
		.old_name = str_of(s->operand[0]),
		.new_name = str_of(s->operand[1]),
		.old_version = old->version,
		.new_version = now->version,
		.two_orbs = !str_eq(old->name, now->name)};
	if (args->json)
		report_changes_json(&cli->out, &report);
	else
		report_changes_text(&cli->out, &report, cli_style(cli, STDOUT_FILENO));
	return judge(cli, args, changes.bump);
}

/* ---- the command ------------------------------------------------------------------------- */

/* What is wrong with an address of which no orb is fetched; or NULL. */
static const char *
address_fault(const char *operand)
{
	struct orb_ref ref;
	const char *why;
	struct str text = str_of(operand);
	bool address = str_starts(text, STR("https://")) || str_starts(text, STR("http://"));
	bool bad = address && !file_exists(operand) && !orb_ref_parse(text, &ref, &why);
	return bad ? why : NULL;
}

static enum exit_code
compare(struct cli *cli, const struct diff_args *args, const struct opt_list *operands)
{
	struct orb_places places;
	struct sides s = {.operand = {operands->v[0], operands->v[1]}};
	sources_init(&s.sources, cli->a);
	diag_init(&s.diags, cli->a);
	for (int i = 0; i < 2; i++)
		s.doc[i] = (struct orb_document){.sources = &s.sources, .diags = &s.diags};
	orb_places_open(cli, &args->lookup, &places);
	enum exit_code code = args->semver ? compare_orbs(cli, args, &places, &s)
					   : compare_texts(cli, args, &places, &s);
	orb_places_close(&places);
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
		return cli_usage(cli, &cmd_orb_diff, "two orbs: files, folders, or references");
	for (uint32_t i = 0; i < operands.n; i++)
		if (address_fault(operands.v[i]))
			return cli_usage(cli, &cmd_orb_diff, "%s: %s", operands.v[i],
				address_fault(operands.v[i]));
	if (!d.semver && (d.json || d.max))
		return cli_usage(cli, &cmd_orb_diff, "%s belongs to --semver: give that too",
			d.json ? "--json" : "--max");
	return compare(cli, &d, &operands);
}

static const struct example examples[] = {
	{"ccx orb diff acme/tools@1.0.0 acme/tools@1.1.0", "two versions"},
	{"ccx orb diff --exit-code acme/tools orb.yml", "the newest against a file"},
	{"ccx orb diff --semver acme/tools src", "the version to publish the folder as"},
	{"ccx orb diff --semver --max minor acme/tools@2 src",
		"in CI: nothing that breaks configs"},
	{NULL, NULL},
};

const struct command cmd_orb_diff = {
	.name = "orb diff",
	.operands = "OLD NEW",
	.summary = "Show how two orbs differ, and what that means for their users",
	.about = "Each is a file, a folder to pack or, where there is neither, a reference or "
		 "an address, which is looked for as ccx orb source does. Prints a unified diff, "
		 "and nothing when "
		 "they are the same.\n"
		 "With --semver it prints what changed for those who use the orb, whatever the "
		 "text looks like. A change is breaking when a config that compiled with OLD may "
		 "not compile with NEW, or runs on another kind of machine; it is a feature when "
		 "NEW offers more or other defaults; anything else is a fix. They call for a "
		 "major, minor or patch version; where both versions are known, by reference or "
		 "by path (acme/tools/1.2.3.yml), it says whether NEW is one. --exit-code then "
		 "means exit 7 when anything changed for users. A file that is no valid orb is "
		 "reported, with exit 7.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
