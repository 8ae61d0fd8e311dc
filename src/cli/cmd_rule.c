/* SPDX-License-Identifier: MIT */
/* ccx rule RULE */
#include "cli.h"

#include <string.h>

extern const struct command cmd_rule;

struct rule_args {
	const char *output;
	bool json;
};

static const char *const output_choices[] = {"text", "json", NULL};

#define FIELD(name) offsetof(struct rule_args, name)
static const struct opt opts[] = {
	{OPT_TEXT, 0, "output", "FORMAT", FIELD(output), "text (the default) or json",
		output_choices, 0},
	{OPT_FLAG, 0, "json", NULL, FIELD(json), "the same as --output json", NULL, 0},
	OPT_END,
};
#undef FIELD

static enum exit_code
unknown_rule(struct str id)
{
	struct nearest nearest = {.wanted = id};
	for (int i = 0; i < RULE_COUNT; i++)
		nearest_try(&nearest, str_of(rule_info((enum rule)i)->id));
	if (nearest.best.len)
		cli_say("there is no rule \"%.*s\"; did you mean %.*s?", STR_ARG(id),
			STR_ARG(nearest.best));
	else
		cli_say("there is no rule \"%.*s\"; ccx rules lists them", STR_ARG(id));
	return EXIT_MISSING;
}

static enum exit_code
run(struct cli *cli, char **args)
{
	struct rule_args r = {0};
	struct opt_list operands = {0};
	enum exit_code code;
	enum rule rule;
	if (!cli_options(cli, &cmd_rule, (struct opt_set){opts, &r}, args, &operands, &code))
		return code;
	if (operands.n != 1)
		return cli_usage(cli, &cmd_rule, "one rule, as ccx rules lists them");
	if (!rule_find(str_of(operands.v[0]), &rule))
		return unknown_rule(str_of(operands.v[0]));
	if (r.json || (r.output && strcmp(r.output, "json") == 0))
		report_rule_json(&cli->out, rule);
	else
		report_rule_text(&cli->out, rule);
	return EXIT_OK;
}

static const struct example examples[] = {
	{"ccx rule unknown-key", "what it finds and why, with examples"},
	{"ccx rule unknown-key --json", "the same for programs; the page is Markdown"},
	{NULL, NULL},
};

const struct command cmd_rule = {
	.name = "rule",
	.operands = "RULE",
	.summary = "Explain a rule: what it finds, why it matters, examples",
	.about = "The word in brackets at the end of a finding is its rule.",
	.examples = examples,
	.opts = opts,
	.run = run,
};
