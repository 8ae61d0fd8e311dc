/* SPDX-License-Identifier: MIT */
/* ccx rules */
#include "cli.h"

#include <string.h>

extern const struct command cmd_rules;

struct rules {
	const char *output, *group;
	bool json;
};

static const char *const output_choices[] = {"text", "json", NULL};

#define FIELD(name) offsetof(struct rules, name)
static const struct opt opts[] = {
	{OPT_TEXT, 0, "group", "GROUP", FIELD(group), "only the rules of a group: yaml, steps, …",
		NULL, 0},
	{OPT_TEXT, 0, "output", "FORMAT", FIELD(output), "text (the default) or json",
		output_choices, 0},
	{OPT_FLAG, 0, "json", NULL, FIELD(json), "the same as --output json", NULL, 0},
	OPT_END,
};
#undef FIELD

static enum exit_code
unknown_group(const struct cli *cli, const char *group)
{
	struct sb list = {.a = cli->a};
	const char *last = "";
	for (int i = 0; i < RULE_COUNT; i++) {
		const char *name = rule_info((enum rule)i)->group;
		if (strcmp(name, last) != 0)
			sb_printf(&list, "%s%s", list.len ? ", " : "", name);
		last = name;
	}
	return cli_usage(cli, &cmd_rules, "--group takes one of %.*s, not \"%s\"",
		STR_ARG(sb_str(&list)), group);
}

static enum exit_code
run(struct cli *cli, char **args)
{
	struct rules r = {0};
	struct opt_list operands = {0};
	enum exit_code code;
	if (!cli_options(cli, &cmd_rules, (struct opt_set){opts, &r}, args, &operands, &code))
		return code;
	if (r.group && !report_rule_group(str_of(r.group)))
		return unknown_group(cli, r.group);
	struct str group = str_of(r.group);
	if (r.json || (r.output && strcmp(r.output, "json") == 0))
		report_rules_json(&cli->out, group);
	else
		report_rules_text(&cli->out, group);
	return EXIT_OK;
}

static const struct example examples[] = {
	{"ccx rules", "every rule: its severity and what it finds"},
	{"ccx rules --group expressions", "those of one group"},
	{"ccx rules --json", "for programs"},
	{NULL, NULL},
};

const struct command cmd_rules = {
	.name = "rules",
	.operands = "",
	.summary = "List the rules that configs are checked by",
	.about = "ccx rule RULE shows what one of them finds and why, with examples.",
	.examples = examples,
	.opts = opts,
	.run = run,
};
