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
read_folder(struct session *s, struct orb_subject *in)
{
	struct orb_document doc = {.sources = &s->sources, .diags = &s->diags};
	struct orb_places nowhere = {0}; /* a folder is no reference */
	if (s->cli->common.verbose)
		cli_say("packing %s", s->path);
	s->file = s->sources.all.n;
	orb_input_load(s->cli, &nowhere, s->path, &doc);
	if (!doc.root) {
		s->read.code = s->diags.errors ? cli_verdict(&s->diags) : EXIT_OTHER;
		return false;
	}
	in->root = doc.root;
	in->more = s->sources.all.n - s->file - 1;
	in->yaml = doc.in.text;
	return true;
}

bool
orb_review_read(struct session *s, struct orb_subject *in)
{
	in->tree = orb_input_is_folder(in->path);
	if (in->tree)
		s->path = find_root(s->cli->a, in->path);
	if (in->review)
		s->settings = settings_find(s->cli, s->path, &s->sources, &s->diags);
	if (in->tree)
		return read_folder(s, in);
	if (!pipeline_config(s->cli, &s->read, s->path, NULL, &s->file))
		return false;
	in->yaml = source_of(&s->sources, s->file)->text;
	return true;
}

/* ---- reviewing --------------------------------------------------------------------------- */

void
orb_review_run(struct session *s, const struct orb_subject *in, const struct orb_alone *orb)
{
	struct check_options how = {.settings = s->settings.root};
	struct usage_options examples = {.compile = &s->read.options, .sure = in->name};
	struct str version;
	orb_input_name(str_of(in->path), &examples.name, &version);
	if (in->name)
		examples.name = orb_reference_name(str_of(in->name));
	if (orb->expanded) {
		struct config around = {.module = *orb->module, .templated = true};
		struct check check = {.a = s->cli->a,
			.sources = &s->sources,
			.diags = &s->diags,
			.options = &how,
			.file = s->file,
			.more = in->more,
			.tree = in->tree,
			.root = orb->root,
			.config = &around};
		check_orb(&check);
		check_usages(&check, &examples);
	}
	bool complete = orb->expanded && !s->diags.dropped;
	check_tree_comments(&s->sources, &s->diags, s->file, in->more, complete);
	settings_apply(s->settings.root, &s->settings.paths, &s->sources, &s->diags);
}

enum exit_code
orb_review_end(struct session *s, const struct orb_subject *in, const struct findings *how)
{
	struct str *paths = NEW_ARRAY(s->cli->a, struct str, in->more + 1);
	struct report_input report = {.sources = &s->sources,
		.findings = &s->diags,
		.version = CCX_VERSION,
		.paths = paths};
	uint32_t first = s->file, n = s->sources.all.n;
	for (uint32_t i = 0; first && i <= in->more && first + i < n; i++)
		paths[report.npaths++] = source_of(&s->sources, first + i)->path;
	enum exit_code verdict = cli_verdict(&s->diags);
	enum exit_code code = findings_end(s->cli, how, &s->settings, &report, &s->diags);
	return verdict == EXIT_OK || verdict == EXIT_FINDINGS ? code : verdict;
}
