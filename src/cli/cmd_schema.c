/* SPDX-License-Identifier: MIT */
/* ccx schema */
#include "document.h"

extern const struct command cmd_schema;

struct schema_args {
	const char *output_file;
};

#define FIELD(name) offsetof(struct schema_args, name)
static const struct opt opts[] = {
	{OPT_TEXT, 'o', "output-file", "FILE", FIELD(output_file), "write there", NULL,
		COMPLETE_FILE},
	OPT_END,
};
#undef FIELD

static enum exit_code
run(struct cli *cli, char **args)
{
	struct schema_args s = {0};
	struct opt_list operands = {0};
	enum exit_code code;
	if (!cli_options(cli, &cmd_schema, (struct opt_set){opts, &s}, args, &operands, &code))
		return code;
	return document_write(cli, s.output_file, catalog_schema_text());
}

static const struct example examples[] = {
	{"ccx schema -o .circleci/schema.json", "for the YAML language server of an editor"},
	{NULL, NULL},
};

const struct command cmd_schema = {
	.name = "schema",
	.operands = "",
	.summary = "Print a JSON Schema of configs, for editors and other programs",
	.about = "The schema (draft-07) describes what CircleCI accepts, with a sentence for each "
		 "key. "
		 "Keywords that begin with x- are for ccx; others may ignore them.\n"
		 "It says less than ccx config validate, which also compiles the config.",
	.examples = examples,
	.opts = opts,
	.run = run,
};
