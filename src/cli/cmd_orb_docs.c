/* SPDX-License-Identifier: MIT */
/* ccx orb docs FILE|DIR|NS/NAME[@VERSION]|- */
#include "document.h"
#include "orb_input.h"
#include "packing.h"

#include "ccx/config.h"

extern const struct command cmd_orb_docs;

struct docs_args {
	const char *name, *output_file, *check;
	struct orb_lookup lookup;
};

#define FIELD(name) offsetof(struct docs_args, name)
static const struct opt opts[] = {
	{OPT_TEXT, 0, "name", "NS/NAME[@VERSION]", FIELD(name),
		"what the orb is called, where its path does not tell", NULL, 0},
	{OPT_TEXT, 'o', "output-file", "FILE", FIELD(output_file),
		"where the reference goes (default: standard output)", NULL, COMPLETE_FILE},
	{OPT_TEXT, 0, "check", "FILE", FIELD(check),
		"write nothing: exit with 7, and show the difference, when FILE is stale", NULL,
		COMPLETE_FILE},
	ORB_LOOKUP_OPTS(docs_args, lookup),
	OPT_END,
};
#undef FIELD

/* What is documented, and where its text is. */
struct subject {
	struct sources sources;
	struct diag_list diags;
	const struct node *root;
	struct orb_input in;
};

/* The document of an operand; NULL in s->root after findings. */
static enum exit_code
read_subject(struct cli *cli, const struct docs_args *args, const char *operand, struct subject *s)
{
	struct orb_document doc = {.sources = &s->sources, .diags = &s->diags};
	struct orb_places places;
	orb_places_open(cli, &args->lookup, &places);
	enum exit_code code = orb_input_load(cli, &places, operand, &doc);
	orb_places_close(&places);
	s->root = doc.root;
	s->in = doc.in;
	return code;
}

/* "acme/tools@1.2.3" or "acme/tools" */
static bool
read_name(const char *text, struct subject *s)
{
	struct orb_ref ref;
	const char *why;
	if (!text)
		return true;
	if (!orb_ref_parse(str_of(text), &ref, &why) || ref.kind == ORB_URL)
		return false;
	size_t at = str_find(ref.text, STR("@"), 0);
	s->in.name = str_sub(ref.text, 0, at);
	s->in.version = at < ref.text.len ? ref.version : STR("");
	return true;
}

static enum exit_code
show(struct cli *cli, const struct docs_args *args, const char *operand)
{
	struct subject s = {0};
	struct module orb = {.path = STR("orb")};
	struct sb b = {.a = cli->a};
	sources_init(&s.sources, cli->a);
	diag_init(&s.diags, cli->a);
	enum exit_code code = read_subject(cli, args, operand, &s);
	if (code != EXIT_OK)
		return code;
	if (!read_name(args->name, &s))
		return cli_usage(cli, &cmd_orb_docs,
			"--name takes a name as in acme/tools or acme/tools@1.2.3, not \"%s\"",
			args->name);
	if (s.root && packing_fits(s.root, &s.diags))
		module_decode(cli->a, &orb, s.root, &s.diags);
	cli_report(cli, &s.sources, &s.diags);
	if (!s.root || s.diags.errors)
		return s.diags.errors ? cli_verdict(&s.diags) : EXIT_OTHER;
	struct report_orb what = {&orb, &s.sources, s.in.name, s.in.version};
	report_orb_docs(&b, &what);
	if (!args->check)
		return document_write(cli, args->output_file, sb_str(&b));
	struct document_check check = {args->check, "write it again", false};
	return document_check(cli, &check, sb_str(&b));
}

static enum exit_code
run(struct cli *cli, char **args)
{
	struct docs_args d = {0};
	struct opt_list operands = {0};
	enum exit_code code;
	if (!cli_options(cli, &cmd_orb_docs, (struct opt_set){opts, &d}, args, &operands, &code))
		return code;
	if (operands.n != 1)
		return cli_usage(cli, &cmd_orb_docs,
			"one orb: a file, a folder to pack, a reference, or - for standard input");
	if (d.check && d.output_file)
		return cli_usage(
			cli, &cmd_orb_docs, "--check writes nothing: leave out --output-file");
	return show(cli, &d, operands.v[0]);
}

static const struct example examples[] = {
	{"ccx orb docs src --name acme/tools -o REFERENCE.md", "of a source tree"},
	{"ccx orb docs src --name acme/tools --check REFERENCE.md", "is it up to date?"},
	{"ccx orb docs circleci/node@5.2.0", "of an orb of the registry"},
	{NULL, NULL},
};

const struct command cmd_orb_docs = {
	.name = "orb docs",
	.operands = "FILE|DIR|NS/NAME[@VERSION]|-",
	.summary = "Write the reference of an orb as Markdown",
	.about = "The commands, jobs and executors of an orb with their parameters, and its "
		 "examples as they were written, in the order of the source. A folder is packed "
		 "first; a reference is looked for as ccx orb source does.\n"
		 "How the orb is called is what --name says, or the reference, or the path "
		 "(acme/tools/1.2.3.yml), or what the orb's own examples import. Descriptions are "
		 "read as Markdown, but for HTML and titles, which are shown as text.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
