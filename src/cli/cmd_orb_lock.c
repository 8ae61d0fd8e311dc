/* SPDX-License-Identifier: MIT */
/* ccx orb lock [PATH…] */
#include "cli.h"

#include "locate.h"
#include "packing.h"
#include "pins.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

extern const struct command cmd_orb_lock;

struct lock_args {
	const char *config;
	struct pipeline pipeline;
};

#define FIELD(name) offsetof(struct lock_args, name)
static const struct opt opts[] = {
	{OPT_TEXT, 'c', "config", "PATH", FIELD(config), "the config, as PATH", NULL,
		COMPLETE_FILE},
	PIPELINE_OPTS(lock_args, pipeline),
	OPT_END,
};
#undef FIELD

static struct str
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return str_of(slash ? slash + 1 : path);
}

/* Adds the orbs of one config. */
static bool
add_config(struct session *s, struct orb_lock *lock, enum exit_code *code)
{
	struct arena *a = s->cli->a;
	s->unlocked = true;
	if (!pins_open(s, code))
		return false;
	bool fine = pins_complete(s, code);
	for (uint32_t i = 0; fine && i < s->compiled->norbs; i++) {
		const struct compiled_orb *orb = &s->compiled->orbs[i];
		if (orb->ref.kind != ORB_URL && !version_fits(&orb->ref, orb->exact)) {
			cli_say("%.*s gave version %.*s for %.*s", STR_ARG(orb->origin),
				STR_ARG(orb->exact), STR_ARG(orb->ref.text));
			*code = EXIT_OTHER;
			fine = false;
			continue;
		}
		struct str ref = str_copy(a, orb->ref.text);
		struct orb_lock_entry e = {
			.ref = ref, .exact = str_copy(a, orb->exact), .from = pins_from(s, orb)};
		if (orb_lock_find(lock, ref))
			continue;
		e.sha256 = sha256_hex(a, orb->text);
		orb_lock_add(a, lock, &e);
	}
	session_close(s);
	return fine;
}

static int
by_name(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static enum exit_code
write_lock(struct cli *cli, const struct orb_lock *lock)
{
	struct sb b = {.a = cli->a};
	struct str before;
	const char *path = lock->path.s;
	unsigned n = (unsigned)lock->index.n;
	orb_lock_print(&b, lock);
	bool same = file_read(cli->a, path, 1 << 24, &before) && str_eq(before, sb_str(&b));
	if (!same && (!packing_parents(cli->a, lock->path) || !file_write(path, sb_str(&b)))) {
		cli_say("cannot write %s: %s", path, strerror(errno));
		return EXIT_OTHER;
	}
	if (!cli->common.quiet)
		cli_say("%s: %u reference%s%s", path, n, n == 1 ? "" : "s",
			same ? ", as before" : "");
	return EXIT_OK;
}

/* With --frozen the lock that is there is looked at, and nothing is written. */
static enum exit_code
check_lock(struct session *s)
{
	enum exit_code code;
	if (!pins_open(s, &code))
		return code;
	if (pins_complete(s, &code)) {
		struct diag_list found;
		diag_init(&found, s->cli->a);
		for (uint32_t i = 0; i < s->diags.all.n; i++) {
			const struct diag *g = &s->diags.all.v[i];
			if (g->rule != RULE_LOCK_MISMATCH && g->rule != RULE_INVALID_LOCK)
				continue;
			struct diag *own =
				diag_push(&found, g->rule, g->span, "%.*s", STR_ARG(g->message));
			own->help = g->help;
			own->notes = g->notes;
		}
		cli_report(s->cli, &s->sources, &found);
		code = cli_verdict(&found);
	}
	session_close(s);
	return code;
}

static enum exit_code
lock_all(struct cli *cli, const struct lock_args *args, const struct opt_list *operands)
{
	struct orb_lock lock = {0};
	enum exit_code code = EXIT_OK;
	uint32_t n = operands->n ? operands->n : 1;
	for (uint32_t i = 0; i < n && code == EXIT_OK; i++) {
		const char *named = operands->n ? operands->v[i] : args->config;
		struct session s = {.cli = cli,
			.command = &cmd_orb_lock,
			.pipeline = &args->pipeline,
			.path = locate_given(cli, named, false)};
		if (!s.path)
			return EXIT_MISSING;
		struct str path =
			path_join(cli->a, pipeline_folder(cli->a, s.path), STR("ccx.lock"));
		if (lock.path.len && !str_eq(lock.path, path))
			return cli_usage(cli, &cmd_orb_lock, "the configs are not in one folder");
		lock.path = path;
		vec_push(cli->a, &lock.configs, base_name(s.path));
		if (args->pipeline.frozen)
			code = check_lock(&s);
		else if (!add_config(&s, &lock, &code))
			return code;
	}
	qsort(lock.configs.v, lock.configs.n, sizeof *lock.configs.v, by_name);
	return args->pipeline.frozen ? code : write_lock(cli, &lock);
}

static enum exit_code
run(struct cli *cli, char **args)
{
	struct lock_args l = {0};
	struct opt_list operands = {0};
	enum exit_code code;
	if (!cli_options(cli, &cmd_orb_lock, (struct opt_set){opts, &l}, args, &operands, &code))
		return code;
	if (operands.n && l.config)
		return cli_usage(cli, &cmd_orb_lock, "two configs: \"%s\" and --config %s",
			operands.v[0], l.config);
	for (uint32_t i = 0; i < operands.n; i++)
		if (strcmp(operands.v[i], "-") == 0)
			return cli_usage(cli, &cmd_orb_lock, "standard input has no lock");
	return lock_all(cli, &l, &operands);
}

static const struct example examples[] = {
	{"ccx orb lock", "write .circleci/ccx.lock"},
	{"ccx orb lock .circleci/config.yml .circleci/continue.yml", "one lock for both"},
	{"ccx config validate --frozen", "fail in CI when orbs are not as locked"},
	{NULL, NULL},
};

const struct command cmd_orb_lock = {
	.name = "orb lock",
	.operands = "[PATH...]",
	.summary = "Write down which version of each orb a config means",
	.about = "Writes .circleci/ccx.lock: for each orb reference of the config, and of the orbs "
		 "that it imports, the exact version, where it came from, and the SHA-256 of its "
		 "source. Every reference is looked up anew.\n"
		 "The commands that compile a config use the lock beside it: a reference that it "
		 "has means the version that it says, and a source with another SHA-256 is a "
		 "warning. With --frozen that is an error, and so are a reference that is not in "
		 "the lock and an entry that nothing refers to; orb lock itself then only looks, "
		 "and writes nothing.\n"
		 "The lock is YAML: version (1), configs (the names of the configs that it was "
		 "made for), and orbs, sorted by reference, each with version, from (directory, "
		 "vendored, or the registry's address) and sha256.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
