/* SPDX-License-Identifier: MIT */
/* ccx config migrate [--write] [PATH|-] */
#include "cli.h"

#include "ccx/check.h"

#include "fix.h"
#include "locate.h"
#include "session.h"

#include <string.h>

extern const struct command cmd_config_migrate;

enum { TRIES = 60 }; /* single changes that are tried when all at once is too much */

struct migrate {
	const char *config, *stdin_name, *as_of;
	bool write;
	struct pipeline pipeline;
};

#define FIELD(name) offsetof(struct migrate, name)
static const struct opt opts[] = {
	{OPT_TEXT, 'c', "config", "PATH", FIELD(config), "the config, as PATH", NULL,
		COMPLETE_FILE},
	{OPT_FLAG, 'w', "write", NULL, FIELD(write), "change the file instead of showing how", NULL,
		0},
	{OPT_TEXT, 0, "as-of", "DATE", FIELD(as_of), "read dated tables as of that day", NULL, 0},
	PIPELINE_OPTS(migrate, pipeline),
	{OPT_TEXT, 0, "stdin-filename", "PATH", FIELD(stdin_name),
		"what to call standard input in messages", NULL, COMPLETE_FILE},
	OPT_END,
};
#undef FIELD

/* ---- what could change ------------------------------------------------------------------- */

struct migration {
	struct cli *cli;
	struct session *session;
	struct trial trial;
	struct diag_list kept; /* findings with a change that was not made, and why */
	VEC(struct diag) wanted;
	struct fix_set made;
	bool version2;
	uint32_t tries;
};

/* False when the config has errors: then nothing can be compared with it. */
static bool
find_changes(struct migration *m, const struct migrate *args)
{
	struct session *s = m->session;
	struct arena *a = m->cli->a;
	struct check_options how = {.as_of = (uint32_t)catalog_as_of(), .migrate = true};
	struct diag_list all;
	if (args->as_of)
		how.as_of = (uint32_t)catalog_day(str_of(args->as_of));
	struct compiled *c = compile_config(a, &s->sources, s->file, &s->read.options, &s->diags);
	if (!c || s->diags.errors)
		return false;
	diag_init(&all, a);
	struct check check = {.a = a,
		.sources = &s->sources,
		.diags = &all,
		.options = &how,
		.file = s->file,
		.root = c->root,
		.config = c->source,
		.compiled = c};
	check_config(&check);
	check_comments(&s->sources, &all, s->file, false);
	diag_sort(&all);
	m->version2 = c->version2;
	/* Expressions are for version 2.1: that comes first. */
	for (int version = 1; version >= 0; version--)
		for (uint32_t i = 0; i < all.all.n; i++)
			if ((all.all.v[i].rule == RULE_VERSION_2) == version &&
				!all.all.v[i].ignored && migrate_wants(&check, &all.all.v[i]))
				vec_push(a, &m->wanted, all.all.v[i]);
	return true;
}

/* ---- trying ------------------------------------------------------------------------------ */

static bool
try_set(struct migration *m, const struct fix_set *set, struct str before, struct str *after,
	struct str *why)
{
	struct str text;
	*why = STR("it touches another change");
	if (!text_edit(m->cli->a, before, set->edits.v, set->edits.n, &text) ||
		!trial_same(m->cli->a, &m->trial, before, text, why))
		return false;
	*after = text;
	return true;
}

/* Keeps the finding, to say that it is left and why. */
static void
leave(struct migration *m, const struct diag *g, struct str why)
{
	struct diag *left = diag_push(&m->kept, g->rule, g->span, "%.*s", STR_ARG(g->message));
	left->help = g->help;
	diag_demote(&m->kept, left, SEVERITY_NOTE);
	if (why.len)
		diag_help(&m->kept, left, "not changed: %.*s", STR_ARG(why));
}

/* Tries one change on top of those in the set; *why is empty when there is none to try. */
static bool
try_one(struct migration *m, struct fix_set *set, const struct diag *g, struct str before,
	struct str *after, struct str *why)
{
	struct fix_set more = {.fixes = set->fixes};
	*why = STR("");
	if (!g->fix)
		return false;
	*why = STR("it touches another change");
	if (!fix_set_takes(set, g->fix, m->session->file))
		return false;
	*why = STR("it needs version 2.1");
	if (m->version2 && !set->fixes && g->rule == RULE_MAP_FILTERS)
		return false;
	*why = STR("there are too many changes to try each");
	if (m->tries++ >= TRIES)
		return false;
	for (uint32_t k = 0; k < set->edits.n; k++)
		vec_push(m->cli->a, &more.edits, set->edits.v[k]);
	fix_set_add(m->cli->a, &more, g->fix);
	if (!try_set(m, &more, before, after, why))
		return false;
	*set = more;
	return true;
}

/* All at once when that is fine, else one after the other. */
static struct str
apply(struct migration *m, struct str before)
{
	struct fix_set all = {0}, set = {0};
	struct str after = before, why;
	bool clear = true;
	for (uint32_t i = 0; i < m->wanted.n; i++) {
		const struct fix *fix = m->wanted.v[i].fix;
		if (fix && fix_set_takes(&all, fix, m->session->file))
			fix_set_add(m->cli->a, &all, fix);
		else if (fix || (m->version2 && m->wanted.v[i].rule == RULE_VERSION_2))
			clear = false;
	}
	bool whole = clear && all.fixes && try_set(m, &all, before, &after, &why);
	for (uint32_t i = 0; i < m->wanted.n; i++) {
		const struct diag *g = &m->wanted.v[i];
		if (whole && g->fix)
			continue;
		if (!try_one(m, &set, g, before, &after, &why))
			leave(m, g, why);
	}
	m->made = whole ? all : set;
	return after;
}

/* What is left is shown where it stands now. */
static void
move_findings(struct migration *m, struct str after)
{
	struct source *source = &m->session->sources.all.v[m->session->file];
	*source = (struct source){.path = source->path, .text = after};
	for (uint32_t i = 0; i < m->kept.all.n; i++) {
		struct span *span = &m->kept.all.v[i].span;
		uint32_t off = span->off;
		for (uint32_t k = 0; k < m->made.edits.n; k++) {
			const struct edit *e = &m->made.edits.v[k];
			if (e->span.off <= span->off)
				off += (uint32_t)e->text.len - e->span.len;
		}
		span->off = off;
	}
}

/* ---- the command ------------------------------------------------------------------------- */

static void
say_result(const struct migration *m, const struct migrate *args)
{
	if (m->cli->common.quiet)
		return;
	uint32_t n = m->made.fixes;
	const char *s = n == 1 ? "" : "s", *path = m->trial.path.s;
	if (!n)
		cli_say("%s: nothing to migrate%s", path,
			m->kept.all.n ? " without changing what it does" : "");
	else if (args->write)
		cli_say("%s: %u change%s made", path, (unsigned)n, s);
	else
		cli_say("%s: %u change%s; --write makes %s", path, (unsigned)n, s,
			n == 1 ? "it" : "them");
}

static enum exit_code
migrate_file(struct migration *m, const struct migrate *args)
{
	struct session *s = m->session;
	struct str before = source_of(&s->sources, s->file)->text;
	if (!find_changes(m, args)) {
		session_report(s);
		cli_say("%s has errors: what it does cannot be compared", s->path);
		return EXIT_FINDINGS;
	}
	diag_init(&m->kept, m->cli->a);
	struct str after = apply(m, before);
	if (!fix_write(m->cli, s->path, before, after, !args->write))
		return EXIT_OTHER;
	if (args->write)
		move_findings(m, after);
	if (!m->cli->common.quiet)
		cli_report(m->cli, &s->sources, &m->kept);
	say_result(m, args);
	return EXIT_OK;
}

static enum exit_code
migrate(struct cli *cli, const struct migrate *args, const char *path)
{
	struct session s = {.cli = cli,
		.command = &cmd_config_migrate,
		.pipeline = &args->pipeline,
		.path = path,
		.stdin_name = args->stdin_name};
	struct migration m = {.cli = cli, .session = &s};
	enum exit_code code;
	if (!session_open(&s, &code))
		return code;
	s.read.options.tolerant = true;
	m.trial = (struct trial){&s.read.options, source_of(&s.sources, s.file)->path};
	session_orbs(&s);
	code = migrate_file(&m, args);
	session_close(&s);
	return code;
}

static enum exit_code
run(struct cli *cli, char **args)
{
	struct migrate m = {0};
	struct opt_list operands = {0};
	enum exit_code code;
	if (!cli_options(
		    cli, &cmd_config_migrate, (struct opt_set){opts, &m}, args, &operands, &code))
		return code;
	if (operands.n > 1)
		return cli_usage(cli, &cmd_config_migrate, "one config at a time");
	const char *path = locate_given(cli, operands.n ? operands.v[0] : m.config, true);
	return path ? migrate(cli, &m, path) : EXIT_MISSING;
}

static const struct example examples[] = {
	{"ccx config migrate", "the difference that it would make"},
	{"ccx config migrate --write", "make it"},
	{NULL, NULL},
};

const struct command cmd_config_migrate = {
	.name = "config migrate",
	.operands = "[PATH|-]",
	.summary = "Rewrite a config for CircleCI's new compiler",
	.about = "Shows as a unified diff how the config would change: version 2 to 2.1 with its "
		 "<< escaped, filters to expressions, deploy steps to run, deprecated pipeline "
		 "values to their replacements. Comments and layout stay as they are.\n"
		 "The config is compiled before and after for several branches and tags; a change "
		 "after which it would do something else is not made, and said.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
