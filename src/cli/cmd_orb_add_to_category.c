/* SPDX-License-Identifier: MIT */
/* ccx orb add-to-category NS/NAME CATEGORY */
#include "category.h"

extern const struct command cmd_orb_add_to_category;

static enum exit_code
run(struct cli *cli, char **args)
{
	return category_run(cli, &cmd_orb_add_to_category, args, true);
}

static const struct example examples[] = {
	{"ccx orb add-to-category acme/tools Testing", "asks first"},
	{NULL, NULL},
};

const struct command cmd_orb_add_to_category = {
	.name = "orb add-to-category",
	.operands = "NS/NAME CATEGORY",
	.summary = "Put an orb into a category",
	.about = "ccx orb list-categories shows the names.",
	.examples = examples,
	.opts = category_opts,
	.run = run,
};
