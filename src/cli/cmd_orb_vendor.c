/* SPDX-License-Identifier: MIT */
/* ccx orb vendor [--check] [PATH] */
#include "cli.h"

#include "locate.h"
#include "packing.h"
#include "pins.h"

#include <errno.h>
#include <string.h>

extern const struct command cmd_orb_vendor;

struct vendor_args {
	const char *config;
	bool check;
	struct pipeline pipeline;
};

#define FIELD(name) offsetof(struct vendor_args, name)
static const struct opt opts[] = {
	{OPT_TEXT, 'c', "config", "PATH", FIELD(config), "the config, as PATH", NULL,
		COMPLETE_FILE},
	{OPT_FLAG, 0, "check", NULL, FIELD(check),
		"write nothing; exit 7 unless all is there and unchanged", NULL, 0},
	PIPELINE_OPTS(vendor_args, pipeline),
	OPT_END,
};
#undef FIELD

struct vendoring {
	bool check;
	uint32_t orbs, changed;
	enum exit_code code;
};

static void
complain(struct vendoring *v, struct str path, const char *what)
{
	cli_say("%.*s %s", STR_ARG(path), what);
	v->code = EXIT_FINDINGS;
}

/* Has the lock another source in mind? A reference that it does not have is none of its business.
 */
static bool
is_other(const struct session *s, const struct compiled_orb *orb)
{
	const struct orb_lock *lock = s->orbs.lock;
	const struct orb_lock_entry *e = orb_lock_find(lock, orb->ref.text);
	if (!e)
		return lock && lock->frozen;
	return !str_eq(e->sha256, sha256_hex(s->cli->a, orb->text));
}

/* False ends it all. */
static bool
vendor_orb(struct vendoring *v, const struct session *s, const struct compiled_orb *orb)
{
	struct str path = pins_vendored(s, orb), there;
	if (orb->ref.kind == ORB_URL) {
		complain(v, orb->ref.text, "is an address, which is fetched: it is not vendored");
		return true;
	}
	if (!path.len) {
		complain(v, orb->ref.text, "cannot be the name of a file: it is not vendored");
		return true;
	}
	v->orbs++;
	if (is_other(s, orb)) {
		complain(v, orb->origin, "is not the source that was locked");
		return true;
	}
	bool known = file_read(s->cli->a, path.s, 1 << 24, &there);
	if (known && str_eq(there, orb->text))
		return true;
	v->changed++;
	if (v->check) {
		complain(v, path, known ? "is another source" : "is missing");
		return true;
	}
	if (packing_parents(s->cli->a, path) && file_write(path.s, orb->text))
		return true;
	cli_say("cannot write %s: %s", path.s, strerror(errno));
	v->code = EXIT_OTHER;
	return false;
}

static enum exit_code
vendor(struct cli *cli, const struct vendor_args *args, const char *path)
{
	struct session s = {
		.cli = cli, .command = &cmd_orb_vendor, .pipeline = &args->pipeline, .path = path};
	struct vendoring v = {.check = args->check};
	struct map seen = {0};
	enum exit_code code;
	if (!pins_open(&s, &code))
		return code;
	bool going = pins_complete(&s, &v.code);
	for (uint32_t i = 0; going && i < s.compiled->norbs; i++) {
		const struct compiled_orb *orb = &s.compiled->orbs[i];
		struct str id = orb->ref.text;
		if (orb->ref.kind != ORB_URL)
			id = str_printf(cli->a, "%.*s/%.*s@%.*s", STR_ARG(orb->ref.ns),
				STR_ARG(orb->ref.name), STR_ARG(orb->exact));
		if (map_has(&seen, id))
			continue;
		map_put(cli->a, &seen, id, &v);
		going = vendor_orb(&v, &s, orb);
	}
	session_close(&s);
	if (v.code == EXIT_OK && !cli->common.quiet)
		cli_say("%s/orbs: %u orb%s, %u written", pipeline_folder(cli->a, path).s,
			(unsigned)v.orbs, v.orbs == 1 ? "" : "s", (unsigned)v.changed);
	return v.code;
}

static enum exit_code
run(struct cli *cli, char **args)
{
	struct vendor_args a = {0};
	struct opt_list operands = {0};
	enum exit_code code;
	if (!cli_options(cli, &cmd_orb_vendor, (struct opt_set){opts, &a}, args, &operands, &code))
		return code;
	if (operands.n + (a.config != NULL) > 1)
		return cli_usage(cli, &cmd_orb_vendor, "one config at a time");
	const char *named = operands.n ? operands.v[0] : a.config;
	if (named && strcmp(named, "-") == 0)
		return cli_usage(cli, &cmd_orb_vendor, "a file, not standard input");
	const char *path = locate_given(cli, named, false);
	return path ? vendor(cli, &a, path) : EXIT_MISSING;
}

static const struct example examples[] = {
	{"ccx orb vendor", "copy the sources of a config's orbs into .circleci/orbs"},
	{"ccx orb vendor --check", "fail in CI when one is missing or changed"},
	{NULL, NULL},
};

const struct command cmd_orb_vendor = {
	.name = "orb vendor",
	.operands = "[PATH]",
	.summary = "Keep the sources of a config's orbs beside it",
	.about = "Copies the source of every orb that the config imports, and of those that they "
		 "import, to .circleci/orbs/NAMESPACE/NAME/VERSION.yml, where they are found first "
		 "from then on: private orbs then need no token, and nothing needs a network. "
		 "A reference such as acme/tools@1 then means the version that is there.\n"
		 "Versions are those of the lock, if there is one; a source that is not the one "
		 "that was locked is refused. Without a lock, --check can only tell whether all is "
		 "there.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
