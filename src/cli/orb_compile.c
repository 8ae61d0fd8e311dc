/* SPDX-License-Identifier: MIT */
#include "orb_compile.h"

#include <string.h>

struct answer {
	bool valid;
	struct str text; /* the processed orb; what the registry complains about */
	struct str yaml; /* what was compiled */
};

/* Compiles here; its findings go to standard error. */
static enum exit_code
compile_here(struct cli *cli, const struct command *c, const struct orb_compile *what,
	const char *path, struct answer *out)
{
	struct sources sources;
	struct diag_list diags;
	struct orb_store orbs;
	struct pipeline_remote remote;
	struct pipeline_read read = {.in = {.a = cli->a, .sources = &sources, .diags = &diags},
		.options = {.orbs = &orbs, .compat = COMPAT_NEWEST}};
	uint32_t file = 0;
	sources_init(&sources, cli->a);
	diag_init(&diags, cli->a);
	if (!pipeline_inputs(cli, c, &what->pipeline, &read))
		return read.code;
	if (!pipeline_config(cli, &read, path, NULL, &file)) {
		cli_report(cli, &sources, &diags);
		return read.code;
	}
	out->yaml = source_of(&sources, file)->text;
	pipeline_orbs(cli->a, &what->pipeline, path, &orbs);
	orbs.lock = pipeline_lock(&read.in, what->pipeline.frozen, path);
	pipeline_remote_open(cli, &what->pipeline, &remote);
	pipeline_remote_add(&remote, &orbs);
	const struct node *orb = compile_orb(cli->a, &sources, file, &read.options, &diags);
	cli_report(cli, &sources, &diags);
	enum exit_code code = cli_verdict(&diags);
	struct sb b = {.a = cli->a};
	if (orb && code == EXIT_OK)
		node_print(&b, orb, (struct print_style){0});
	out->valid = orb != NULL && code == EXIT_OK;
	out->text = str_copy(cli->a, sb_str(&b));
	pipeline_remote_close(&remote);
	return out->valid || code != EXIT_OK ? code : EXIT_OTHER;
}

static enum exit_code
ask_registry(struct cli *cli, const struct orb_compile *what, struct str yaml, struct answer *out)
{
	struct remote remote;
	enum exit_code code;
	if (what->pipeline.offline) {
		cli_say("--remote asks the registry, and --offline forbids it");
		return EXIT_USAGE;
	}
	struct registry *r = remote_open(cli, &what->pipeline.remote, &remote, &code);
	if (!r)
		return code;
	enum registry_fault fault = registry_compile(r, cli->a, yaml, &out->valid, &out->text);
	code = fault ? remote_failed(r, fault) : EXIT_OK;
	registry_free(r);
	return code;
}

/* Says how the registry's answer differs from ours. */
static void
compare(struct cli *cli, const struct answer *here, const struct answer *there)
{
	if (here->valid != there->valid) {
		cli_say("the registry says that the orb is %s; ccx says that it is %s",
			there->valid ? "valid" : "not valid", here->valid ? "valid" : "not valid");
	} else if (here->valid && !str_eq(str_trim(here->text), str_trim(there->text))) {
		cli_say("the registry prints another result (-: here, +: there)");
		report_diff(&cli->out, STR("orb.yml"), here->text, STR("orb.yml"), there->text);
	}
	if (!there->valid)
		cli_say("the registry says:\n%.*s", STR_ARG(there->text));
}

enum exit_code
orb_compile_run(struct cli *cli, const struct command *c, const struct orb_compile *what,
	const struct opt_list *operands)
{
	struct answer here = {0}, there = {0};
	if (operands->n != 1)
		return cli_usage(cli, c, "one orb, as a file, or - for standard input");
	const char *path = operands->v[0];
	enum exit_code code = compile_here(cli, c, what, path, &here);
	if (code != EXIT_OK && code != EXIT_FINDINGS)
		return code;
	if (here.valid && what->print)
		sb_put(&cli->out, here.text);
	else if (here.valid && !cli->common.quiet)
		sb_printf(&cli->out, "%s is a valid orb\n", strcmp(path, "-") ? path : "<stdin>");
	if (!what->remote)
		return code;
	enum exit_code asked = ask_registry(cli, what, here.yaml, &there);
	if (asked != EXIT_OK)
		return asked;
	if (!what->print)
		here.text = there.valid ? there.text : here.text;
	compare(cli, &here, &there);
	return there.valid ? code : EXIT_FINDINGS;
}
