/* SPDX-License-Identifier: MIT */
/* ccx orb remove-from-category NS/NAME CATEGORY */
#include "category.h"

extern const struct command cmd_orb_remove_from_category;

static enum exit_code
run(struct cli *cli, char **args)
{
	return category_run(cli, &cmd_orb_remove_from_category, args, false);
}

static const struct example examples[] = {
	{"ccx orb remove-from-category acme/tools Testing", "asks first"},
	{NULL, NULL},
};

const struct command cmd_orb_remove_from_category = {
	.name = "orb remove-from-category",
	.operands = "NS/NAME CATEGORY",
	.summary = "Take an orb out of a category",
	.about = "ccx orb list-categories shows the names.",
	.examples = examples,
	.opts = category_opts,
	.run = run,
};
