/* SPDX-License-Identifier: MIT */
#include "orb_compile.h"

#include "orb_review.h"

#include <string.h>

struct answer {
	bool valid;
	struct str text; /* the processed orb; what the registry complains about */
	struct str yaml; /* what was compiled */
};

/* Says what was found: with a review, as its options have it, else all on standard error. */
static enum exit_code
end(struct session *s, const struct orb_compile *what, const struct orb_subject *in,
	const struct orb_alone *orb)
{
	if (what->findings) {
		orb_review_run(s, in, orb);
		return orb_review_end(s, in, what->findings);
	}
	session_report(s);
	enum exit_code code = cli_verdict(&s->diags);
	return orb->expanded || code != EXIT_OK ? code : EXIT_OTHER;
}

/* Compiles here. */
static enum exit_code
compile_here(struct cli *cli, const struct command *c, const struct orb_compile *what,
	struct orb_subject *in, struct answer *out)
{
	struct session s = {
		.cli = cli, .command = c, .pipeline = &what->pipeline, .path = in->path};
	enum exit_code code;
	if (!session_inputs(&s, &code))
		return code;
	if (!orb_review_read(&s, in)) {
		if (what->findings && s.diags.all.n)
			return orb_review_end(&s, in, what->findings);
		session_report(&s);
		return s.read.code;
	}
	out->yaml = in->yaml;
	session_orbs(&s);
	struct orb_alone orb = {.file = s.file, .root = in->root};
	compile_orb(cli->a, &s.sources, &s.read.options, &orb, &s.diags);
	code = end(&s, what, in, &orb);
	struct sb b = {.a = cli->a};
	out->valid = orb.expanded != NULL;
	if (out->valid)
		node_print(&b, orb.expanded, (struct print_style){0});
	out->text = str_copy(cli->a, sb_str(&b));
	session_close(&s);
	return code;
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
	remote.options.owner = str_of(what->org_id);
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

/* Is standard output, or a file, for a report that somebody asked for? */
static bool
is_reported(const struct orb_compile *what)
{
	return what->findings && what->findings->outputs.n;
}

enum exit_code
orb_compile_run(struct cli *cli, const struct command *c, const struct orb_compile *what,
	const struct opt_list *operands)
{
	struct answer here = {0}, there = {0};
	if (operands->n != 1)
		return cli_usage(cli, c, "one orb: a file, a folder, or - for standard input");
	if (what->name && !orb_reference_name(str_of(what->name)).len)
		return cli_usage(
			cli, c, "--name takes a name as in acme/tools, not \"%s\"", what->name);
	struct orb_subject in = {
		.path = operands->v[0], .name = what->name, .review = what->findings != NULL};
	enum exit_code code = compile_here(cli, c, what, &in, &here);
	if (code != EXIT_OK && code != EXIT_FINDINGS)
		return code;
	bool fine = here.valid && code == EXIT_OK;
	if (fine && what->print)
		sb_put(&cli->out, here.text);
	else if (fine && !cli->common.quiet && !is_reported(what))
		sb_printf(&cli->out, "%s is a valid orb\n",
			strcmp(in.path, "-") ? in.path : "<stdin>");
	if (what->org_id && !what->remote && cli->common.verbose)
		cli_say("--org-id has no effect without --remote");
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
