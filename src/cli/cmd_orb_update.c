/* SPDX-License-Identifier: MIT */
/* ccx orb update [--write] [NAME…] [PATH] */
#include "cli.h"

#include "fix.h"
#include "locate.h"
#include "newer.h"

#include <string.h>

extern const struct command cmd_orb_update;

struct update_args {
	const char *config;
	bool patch, minor, major, write;
	struct pipeline pipeline;
};

#define FIELD(name) offsetof(struct update_args, name)
static const struct opt opts[] = {
	{OPT_TEXT, 'c', "config", "PATH", FIELD(config), "the config, as PATH", NULL,
		COMPLETE_FILE},
	{OPT_FLAG, 'w', "write", NULL, FIELD(write), "change the file instead of showing how", NULL,
		0},
	{OPT_FLAG, 0, "patch", NULL, FIELD(patch), "to the newest with the same first two numbers",
		NULL, 0},
	{OPT_FLAG, 0, "minor", NULL, FIELD(minor),
		"to the newest with the same first number (the default)", NULL, 0},
	{OPT_FLAG, 0, "major", NULL, FIELD(major), "to the newest of all", NULL, 0},
	PIPELINE_OPTS(update_args, pipeline),
	OPT_END,
};
#undef FIELD

struct update {
	struct cli *cli;
	const struct update_args *args;
	struct session session; /* unlocked: what the lock says is to be left behind */
	struct opt_list names;  /* "circleci/node"; none: all */
	bool *named;            /* in step with names: the config has it */
	struct fix_set set;
	uint32_t left; /* references that could not be edited */
};

/* ---- what could change ------------------------------------------------------------------- */

static bool
is_wanted(struct update *u, const struct compiled_orb *orb)
{
	bool wanted = !u->names.n;
	struct str name =
		str_printf(u->cli->a, "%.*s/%.*s", STR_ARG(orb->ref.ns), STR_ARG(orb->ref.name));
	for (uint32_t i = 0; i < u->names.n; i++) {
		if (!str_is(name, u->names.v[i]))
			continue;
		u->named[i] = true;
		wanted = true;
	}
	return wanted;
}

/* The version as exactly as it was written: 5.2.1, 5.2 or 5. */
static struct str
shorten(const struct orb_ref *ref, struct str version)
{
	unsigned dots = ref->kind == ORB_EXACT ? 3 : ref->kind == ORB_MINOR ? 2 : 1;
	for (size_t i = 0; i < version.len; i++)
		if (version.s[i] == '.' && --dots == 0)
			return str_sub(version, 0, i);
	return version;
}

/* "circleci/node@5.1.0" # with quotes or without, behind an anchor or not */
static void
add_edit(struct update *u, const struct compiled_orb *orb, struct str version)
{
	struct str written = source_text(&u->session.sources, orb->span);
	size_t at = str_find(written, orb->ref.text, 0);
	struct fix fix = {.nedits = 1};
	if (at == SIZE_MAX) {
		cli_say("%.*s is not written as such: left as it is", STR_ARG(orb->ref.text));
		u->left++;
		return;
	}
	at += orb->ref.text.len - orb->ref.version.len;
	fix.edits = NEW(u->cli->a, struct edit);
	fix.edits->span = (struct span){
		orb->span.file, orb->span.off + (uint32_t)at, (uint32_t)orb->ref.version.len};
	fix.edits->text = version;
	/* Aliases of one reference are edited once. */
	if (fix_set_takes(&u->set, &fix, orb->span.file))
		fix_set_add(u->cli->a, &u->set, &fix);
}

static void
find_edits(struct update *u)
{
	struct newer newer;
	enum newer_level level = u->args->patch   ? NEWER_PATCH
				 : u->args->major ? NEWER_MAJOR
						  : NEWER_MINOR;
	newer_open(&u->session, &newer);
	for (uint32_t i = 0; i < u->session.compiled->norbs; i++) {
		const struct compiled_orb *orb = &u->session.compiled->orbs[i];
		if (orb->span.file != u->session.file || !is_wanted(u, orb))
			continue;
		if (orb->ref.kind != ORB_EXACT && orb->ref.kind != ORB_MINOR &&
			orb->ref.kind != ORB_MAJOR)
			continue;
		struct str newest = newer_find(&newer, orb, level);
		if (!newest.len)
			continue;
		struct str version = shorten(&orb->ref, newest);
		if (!str_eq(version, orb->ref.version))
			add_edit(u, orb, version);
	}
	newer_close(&newer);
}

/* ---- the change -------------------------------------------------------------------------- */

/* Does the config still load, with all its orbs, and with no more errors than before? */
static bool
is_no_worse(struct update *u, struct str after)
{
	struct cli *cli = u->cli;
	struct sources sources;
	struct diag_list diags;
	sources_init(&sources, cli->a);
	diag_init(&diags, cli->a);
	uint32_t file = source_add(&sources, str_of(u->session.path), after);
	struct compiled *c =
		compile_config(cli->a, &sources, file, &u->session.read.options, &diags);
	const struct diag_list *before = &u->session.diags;
	if (c && (!c->orbs_missing || u->session.compiled->orbs_missing) &&
		diags.errors + diags.dropped <= before->errors + before->dropped)
		return true;
	cli_report(cli, &sources, &diags);
	return false;
}

static void
say_result(const struct update *u)
{
	const char *path = u->session.path;
	unsigned n = u->set.fixes;
	if (u->cli->common.quiet)
		return;
	if (!n)
		cli_say("%s: nothing to update", path);
	else
		cli_say("%s: %u reference%s%s", path, n, n == 1 ? "" : "s",
			u->args->write ? " updated" : " to update; --write does it");
	struct str lock = path_join(u->cli->a, pipeline_folder(u->cli->a, path), STR("ccx.lock"));
	if (n && u->args->write && file_exists(lock.s))
		cli_say("`ccx orb lock` brings %s up to date", lock.s);
}

static enum exit_code
update(struct update *u)
{
	struct str before = source_of(&u->session.sources, u->session.file)->text, after;
	find_edits(u);
	for (uint32_t i = 0; i < u->names.n; i++) {
		if (u->named[i])
			continue;
		cli_say("%s has no orb %s, or it cannot be had", u->session.path, u->names.v[i]);
		return EXIT_MISSING;
	}
	if (!text_edit(u->cli->a, before, u->set.edits.v, u->set.edits.n, &after))
		return EXIT_OTHER;
	bool fine = !u->set.fixes || is_no_worse(u, after);
	if (fine || !u->args->write) {
		if (!fix_write(u->cli, u->session.path, before, after, !u->args->write))
			return EXIT_OTHER;
	}
	if (!fine) {
		cli_say("%s would have errors with these versions%s", u->session.path,
			u->args->write ? ": it is left as it is" : "");
		return EXIT_FINDINGS;
	}
	say_result(u);
	return EXIT_OK;
}

/* ---- the command ------------------------------------------------------------------------- */

/* Is it the name of an orb, and no config? */
static bool
is_name(const char *operand)
{
	struct orb_ref ref;
	const char *why;
	return orb_ref_parse(str_of(operand), &ref, &why) && ref.kind != ORB_URL &&
	       !strchr(operand, '@') && !file_exists(operand);
}

static enum exit_code
run(struct cli *cli, char **args)
{
	struct update_args a = {0};
	struct update u = {.cli = cli,
		.args = &a,
		.session = {.cli = cli,
			.command = &cmd_orb_update,
			.pipeline = &a.pipeline,
			.unlocked = true}};
	struct opt_list operands = {0};
	enum exit_code code;
	if (!cli_options(cli, &cmd_orb_update, (struct opt_set){opts, &a}, args, &operands, &code))
		return code;
	const char *named = a.config;
	for (uint32_t i = 0; i < operands.n; i++) {
		if (is_name(operands.v[i]))
			vec_push(cli->a, &u.names, operands.v[i]);
		else if (named)
			return cli_usage(cli, &cmd_orb_update, "two configs: \"%s\" and \"%s\"",
				named, operands.v[i]);
		else
			named = operands.v[i];
	}
	if (a.patch + a.minor + a.major > 1)
		return cli_usage(cli, &cmd_orb_update, "one of --patch, --minor and --major");
	if (named && strcmp(named, "-") == 0)
		return cli_usage(cli, &cmd_orb_update, "a file, not standard input");
	u.named = NEW_ARRAY(cli->a, bool, u.names.n + 1);
	u.session.path = locate_given(cli, named, false);
	if (!u.session.path)
		return EXIT_MISSING;
	if (!pins_open(&u.session, &code))
		return code;
	code = update(&u);
	session_close(&u.session);
	return code;
}

static const struct example examples[] = {
	{"ccx orb update", "how the references would change"},
	{"ccx orb update --patch --write", "change them, as little as possible"},
	{"ccx orb update --major circleci/node --write", "one of them, all the way"},
	{NULL, NULL},
};

const struct command cmd_orb_update = {
	.name = "orb update",
	.operands = "[NAME...] [PATH]",
	.summary = "Move the orb references of a config to newer versions",
	.about = "Shows as a unified diff how the references of the config would change, all of "
		 "them or those of the orbs that are named (circleci/node). Comments, quotes and "
		 "anchors stay as they are. A reference keeps its precision: 5.1 becomes 5.2, and "
		 "5 stays 5 unless --major finds 6.\n"
		 "The config is compiled with the new versions: when that brings errors they are "
		 "shown, and --write writes nothing. References that are not in the config's text, "
		 "as they come from an expression, are left.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
