/* SPDX-License-Identifier: MIT */
/* ccx orb publish */
#include "cli.h"

#include "ccx/limits.h"

#include "orb_show.h"
#include "remote.h"

#include <errno.h>
#include <string.h>

extern const struct command cmd_orb_publish;

struct publish_args {
	struct remote_args remote;
	struct write_args write;
};

static const struct opt opts[] = {
	REMOTE_OPTS(publish_args, remote),
	WRITE_OPTS(publish_args, write),
	OPT_END,
};

/* What is to be done. */
struct job {
	struct cli *cli;
	const struct publish_args *args;
	struct remote remote;
	struct registry *registry;
	struct orb_ref ref; /* what is published; of promote, the dev version */
	struct str segment; /* increment and promote: "major", "minor" or "patch" */
	const char *file;   /* NULL: promote */
	struct str yaml;
};

static enum exit_code
fail(const struct job *j, enum registry_fault fault)
{
	return remote_failed(j->registry, fault);
}

static bool
is_segment(struct str text)
{
	return str_is(text, "major") || str_is(text, "minor") || str_is(text, "patch");
}

/* ---- the three ways ---------------------------------------------------------------------- */

/* The next version of the newest one; false with *code set. */
static bool
next_ref(struct job *j, enum exit_code *code)
{
	struct arena *a = j->cli->a;
	struct registry_orb orb;
	const char *why;
	struct str name = str_printf(a, "%.*s/%.*s", STR_ARG(j->ref.ns), STR_ARG(j->ref.name)),
		   next;
	enum registry_fault fault = registry_orb(j->registry, a, name, &orb);
	if (fault) {
		*code = fail(j, fault);
		return false;
	}
	if (!orb_next_version(a, &orb, j->segment, &next) ||
		!orb_ref_parse(
			str_printf(a, "%.*s@%.*s", STR_ARG(name), STR_ARG(next)), &j->ref, &why)) {
		cli_say("the versions of %.*s cannot be counted on from", STR_ARG(name));
		*code = EXIT_OTHER;
		return false;
	}
	return true;
}

static enum exit_code
publish(struct job *j)
{
	struct cli *cli = j->cli;
	enum exit_code code;
	if (j->segment.len && !next_ref(j, &code))
		return code;
	struct str what = str_printf(cli->a, "publish %s as %.*s/%.*s@%.*s to %.*s%s", j->file,
		STR_ARG(j->ref.ns), STR_ARG(j->ref.name), STR_ARG(j->ref.version),
		STR_ARG(j->remote.options.host),
		j->ref.kind == ORB_DEV ? "" : ", for good: a version cannot be changed or removed");
	if (!remote_confirm(cli, &j->args->write, what, &code))
		return code;
	enum registry_fault fault = registry_publish(j->registry, cli->a, &j->ref, j->yaml);
	if (fault)
		return fail(j, fault);
	sb_printf(&cli->out, "published %.*s/%.*s@%.*s\n", STR_ARG(j->ref.ns), STR_ARG(j->ref.name),
		STR_ARG(j->ref.version));
	if (j->ref.kind == ORB_DEV && !cli->common.quiet)
		cli_say("anybody of the organization can overwrite a dev version, and it goes away "
			"90 days after it was last published");
	return EXIT_OK;
}

static enum exit_code
promote(struct job *j)
{
	struct cli *cli = j->cli;
	enum exit_code code;
	struct str version = STR("");
	struct str what = str_printf(cli->a,
		"promote %.*s to the next %.*s version at %.*s, for good: a version cannot be "
		"changed or removed",
		STR_ARG(j->ref.text), STR_ARG(j->segment), STR_ARG(j->remote.options.host));
	if (!remote_confirm(cli, &j->args->write, what, &code))
		return code;
	enum registry_fault fault =
		registry_promote(j->registry, cli->a, &j->ref, j->segment, &version);
	if (fault)
		return fail(j, fault);
	sb_printf(&cli->out, "promoted %.*s to %.*s/%.*s@%.*s\n", STR_ARG(j->ref.text),
		STR_ARG(j->ref.ns), STR_ARG(j->ref.name), STR_ARG(version));
	return EXIT_OK;
}

/* ---- the command line -------------------------------------------------------------------- */

/* FILE REF | increment FILE NAME SEGMENT | promote REF SEGMENT. What is wrong with it, or NULL. */
static const char *
read_operands(struct job *j, const struct opt_list *o)
{
	const char *why = NULL, *ref;
	bool increment = o->n == 4 && strcmp(o->v[0], "increment") == 0;
	bool promoting = o->n == 3 && strcmp(o->v[0], "promote") == 0;
	if (!increment && !promoting && o->n != 2)
		return "name what to publish: FILE NS/NAME@VERSION";
	ref = increment ? o->v[2] : o->v[1];
	if (!orb_ref_parse(str_of(ref), &j->ref, &why))
		return why;
	if (increment || promoting) {
		j->segment = str_of(o->v[o->n - 1]);
		if (!is_segment(j->segment))
			return "the last word is major, minor or patch";
	}
	if (promoting)
		return j->ref.kind == ORB_DEV ? NULL : "only a dev version can be promoted";
	j->file = increment ? o->v[1] : o->v[0];
	if (increment)
		return strchr(ref, '@') ? "the orb is named without a version" : NULL;
	return j->ref.kind == ORB_EXACT || j->ref.kind == ORB_DEV ? NULL
								  : "publish as x.y.z or dev:label";
}

static enum exit_code
run(struct cli *cli, char **args)
{
	struct publish_args p = {0};
	struct opt_list operands = {0};
	enum exit_code code;
	if (!cli_options(cli, &cmd_orb_publish, (struct opt_set){opts, &p}, args, &operands, &code))
		return code;
	struct job j = {.cli = cli, .args = &p};
	const char *why = read_operands(&j, &operands);
	if (why)
		return cli_usage(cli, &cmd_orb_publish, "%s", why);
	if (j.file && !file_read(cli->a, j.file, LIMIT_FILE_BYTES, &j.yaml)) {
		cli_say("cannot read %s: %s", j.file, strerror(errno));
		return cli_read_fault(errno);
	}
	j.registry = remote_open(cli, &p.remote, &j.remote, &code);
	if (!j.registry)
		return code;
	code = j.file ? publish(&j) : promote(&j);
	registry_free(j.registry);
	return code;
}

static const struct example examples[] = {
	{"ccx orb publish orb.yml acme/tools@dev:first", "a dev version"},
	{"ccx orb publish orb.yml acme/tools@1.0.0", "a production version; asks first"},
	{"ccx orb publish increment orb.yml acme/tools minor", "the next minor version"},
	{"ccx orb publish promote acme/tools@dev:first patch", "a dev version for production"},
	{NULL, NULL},
};

const struct command cmd_orb_publish = {
	.name = "orb publish",
	.operands = "FILE REF | increment FILE ORB PART | promote REF PART",
	.summary = "Publish a version of an orb",
	.about = "The orb must have been created. REF is NS/NAME@VERSION, and of promote a dev "
		 "version; ORB is NS/NAME. PART is major, minor or patch. A request is "
		 "sent once: where its outcome is not known, that is said, and nothing is tried "
		 "again.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
