/* SPDX-License-Identifier: MIT */
/* ccx catalog [TABLE] */
#include "cli.h"

#include <string.h>

extern const struct command cmd_catalog;

struct catalog {
	const char *output, *target, *as_of;
	bool json, all;
};

static const char *const output_choices[] = {"text", "json", NULL};
static const char *const target_choices[] = {"cloud", "server", NULL};

#define FIELD(name) offsetof(struct catalog, name)
static const struct opt opts[] = {
	{OPT_TEXT, 0, "target", "TARGET", FIELD(target), "cloud (the default) or server",
		target_choices, 0},
	{OPT_TEXT, 0, "as-of", "DATE", FIELD(as_of),
		"what held on that day, as YYYY-MM-DD (default: the newest source's)", NULL, 0},
	{OPT_FLAG, 0, "all", NULL, FIELD(all),
		"also what is gone, not there yet, or not on the target", NULL, 0},
	{OPT_TEXT, 0, "output", "FORMAT", FIELD(output), "text (the default) or json",
		output_choices, 0},
	{OPT_FLAG, 0, "json", NULL, FIELD(json), "the same as --output json", NULL, 0},
	OPT_END,
};
#undef FIELD

/* The table that the operand names; false when there is none. */
static bool
find_table(const struct opt_list *operands, enum report_table *table)
{
	*table = REPORT_NO_TABLE;
	if (operands->n == 0)
		return true;
	for (int i = 0; i < REPORT_TABLE_COUNT; i++)
		if (strcmp(operands->v[0], report_table_name((enum report_table)i)) == 0)
			*table = (enum report_table)i;
	return operands->n == 1 && *table != REPORT_NO_TABLE;
}

static enum exit_code
run(struct cli *cli, char **args)
{
	struct catalog c = {0};
	struct opt_list operands = {0};
	struct report_catalog what = {.as_of = catalog_as_of()};
	enum exit_code code;
	if (!cli_options(cli, &cmd_catalog, (struct opt_set){opts, &c}, args, &operands, &code))
		return code;
	if (!find_table(&operands, &what.table))
		return cli_usage(cli, &cmd_catalog,
			"one of executors, classes, images, plans, values, rates; not \"%s\"",
			operands.v[operands.n - 1]);
	if (c.as_of)
		what.as_of = catalog_day(str_of(c.as_of));
	if (!what.as_of)
		return cli_usage(cli, &cmd_catalog, "--as-of takes a day as YYYY-MM-DD, not \"%s\"",
			c.as_of);
	if (c.target && strcmp(c.target, "server") == 0)
		what.target = TARGET_SERVER;
	what.all = c.all;
	if (c.json || (c.output && strcmp(c.output, "json") == 0))
		report_catalog_json(&cli->out, &what);
	else
		report_catalog_text(&cli->out, &what);
	return EXIT_OK;
}

static const struct example examples[] = {
	{"ccx catalog classes", "resource classes: size, price, plans"},
	{"ccx catalog images --all", "images, those that are gone too"},
	{"ccx catalog rates --json", "every price with its source and date"},
	{"ccx catalog classes --target server", "what a server has"},
	{"ccx catalog images --as-of 2024-06-01", "what there was on that day"},
	{NULL, NULL},
};

const struct command cmd_catalog = {
	.name = "catalog",
	.operands = "[executors|classes|images|plans|values|rates]",
	.summary = "Show the executors, classes, images, plans and prices that ccx knows",
	.about = "Without a table it lists the tables. The catalogue is part of ccx: nothing is "
		 "looked up anywhere.\n"
		 "Every row comes from a source, and what no source says is shown as unknown. That "
		 "a "
		 "class or an image is not in the catalogue does not mean that it does not exist.\n"
		 "A month, as YYYY-MM, stands for its first day.",
	.examples = examples,
	.opts = opts,
	.run = run,
};
