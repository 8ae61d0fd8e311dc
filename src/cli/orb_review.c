/* SPDX-License-Identifier: MIT */
#include "orb_review.h"

#include "orb_input.h"

/* ---- reading ----------------------------------------------------------------------------- */

/* What of a folder is to be packed: orbs are kept in src mostly. */
static const char *
find_root(struct arena *a, const char *folder)
{
	struct str path = str_copy(a, str_of(folder)), src;
	while (path.len > 1 && path.s[path.len - 1] == '/')
		path = str_copy(a, str_sub(path, 0, path.len - 1));
	src = str_is(path, ".") ? STR("src") : path_join(a, path, STR("src"));
	bool above = !file_exists(path_join(a, path, STR("@orb.yml")).s) &&
		     file_exists(path_join(a, src, STR("@orb.yml")).s);
	return above ? src.s : path.s;
}

static bool
read_folder(struct cli *cli, struct pipeline_read *read, struct orb_subject *in)
{
	struct sources *s = read->in.sources;
	struct orb_document doc = {.sources = s, .diags = read->in.diags};
	struct orb_places nowhere = {0}; /* a folder is no reference */
	if (cli->common.verbose)
		cli_say("packing %s", in->place);
	in->file = s->all.n;
	orb_input_load(cli, &nowhere, in->place, &doc);
	if (!doc.root) {
		read->code = read->in.diags->errors ? cli_verdict(read->in.diags) : EXIT_OTHER;
		return false;
	}
	in->root = doc.root;
	in->more = s->all.n - in->file - 1;
	in->yaml = doc.in.text;
	return true;
}

bool
orb_review_read(struct cli *cli, struct pipeline_read *read, struct orb_subject *in)
{
	in->tree = orb_input_is_folder(in->path);
	in->place = in->tree ? find_root(cli->a, in->path) : in->path;
	if (in->review)
		in->settings = settings_find(cli, in->place, read->in.sources, read->in.diags);
	if (in->tree)
		return read_folder(cli, read, in);
	if (!pipeline_config(cli, read, in->path, NULL, &in->file))
		return false;
	in->yaml = source_of(read->in.sources, in->file)->text;
	return true;
}

/* ---- reviewing --------------------------------------------------------------------------- */

void
orb_review_run(
	struct pipeline_read *read, const struct orb_subject *in, const struct orb_alone *orb)
{
	const struct inputs *to = &read->in;
	struct check_options how = {.settings = in->settings.root};
	struct usage_options examples = {.compile = &read->options, .sure = in->name};
	struct str version;
	orb_input_name(str_of(in->path), &examples.name, &version);
	if (in->name)
		examples.name = orb_reference_name(str_of(in->name));
	if (orb->expanded) {
		struct config around = {.module = *orb->module, .templated = true};
		struct check check = {.a = to->a,
			.sources = to->sources,
			.diags = to->diags,
			.options = &how,
			.file = in->file,
			.more = in->more,
			.tree = in->tree,
			.root = orb->root,
			.config = &around};
		check_orb(&check);
		check_usages(&check, &examples);
	}
	bool complete = orb->expanded && !to->diags->dropped;
	check_tree_comments(to->sources, to->diags, in->file, in->more, complete);
	settings_apply(in->settings.root, &in->settings.paths, to->sources, to->diags);
}

enum exit_code
orb_review_end(struct cli *cli, struct pipeline_read *read, const struct orb_subject *in,
	const struct findings *how)
{
	struct sources *s = read->in.sources;
	struct str *paths = NEW_ARRAY(cli->a, struct str, in->more + 1);
	struct report_input report = {
		.sources = s, .findings = read->in.diags, .version = CCX_VERSION, .paths = paths};
	for (uint32_t i = 0; in->file && i <= in->more && in->file + i < s->all.n; i++)
		paths[report.npaths++] = source_of(s, in->file + i)->path;
	enum exit_code verdict = cli_verdict(read->in.diags);
	enum exit_code code = findings_end(cli, how, &in->settings, &report, read->in.diags);
	return verdict == EXIT_OK || verdict == EXIT_FINDINGS ? code : verdict;
}
