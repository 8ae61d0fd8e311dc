/* SPDX-License-Identifier: MIT */
#include "pipeline.h"

#include "ccx/limits.h"

#include "checkout.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool
pipeline_source(
	struct pipeline_read *read, const char *path, const char *stdin_name, uint32_t *file)
{
	struct inputs *in = &read->in;
	struct str text, name = str_of(path);
	if (str_is(name, "-"))
		name = stdin_name ? str_of(stdin_name) : STR("<stdin>");
	read->error = 0;
	if (file_read(in->a, path, LIMIT_FILE_BYTES, &text)) {
		*file = source_add(in->sources, name, text);
		return true;
	}
	if (errno != EFBIG) {
		read->error = errno;
		read->code = cli_read_fault(errno);
		return false;
	}
	read->code = EXIT_FINDINGS;
	*file = source_add(in->sources, name, STR(""));
	diag_push(in->diags, RULE_TOO_LARGE, (struct span){.file = *file},
		"the file is larger than %d MiB, which no config is", LIMIT_FILE_BYTES >> 20);
	return false;
}

bool
pipeline_config(struct cli *cli, struct pipeline_read *read, const char *path,
	const char *stdin_name, uint32_t *file)
{
	bool piped = strcmp(path, "-") == 0;
	if (cli->common.verbose)
		cli_say("reading %s", !piped ? path : stdin_name ? stdin_name : "<stdin>");
	bool ok = pipeline_source(read, path, stdin_name, file);
	if (read->error)
		cli_say("cannot read %s: %s", path, strerror(read->error));
	return ok;
}

struct str
pipeline_folder(struct arena *a, const char *path)
{
	struct str dir = strcmp(path, "-") == 0 ? STR(".") : path_dir(str_of(path));
	bool inside = str_is(dir, ".circleci") || str_ends(dir, STR("/.circleci"));
	if (!inside)
		dir = path_join(a, dir, STR(".circleci"));
	return str_copy(a, str_starts(dir, STR("./")) ? str_sub(dir, 2, dir.len) : dir);
}

const struct orb_lock *
pipeline_lock(struct inputs *in, bool frozen, const char *path)
{
	struct orb_lock *lock = NEW(in->a, struct orb_lock);
	struct str text, name = path_join(in->a, pipeline_folder(in->a, path), STR("ccx.lock"));
	lock->path = name;
	if (file_read(in->a, name.s, LIMIT_FILE_BYTES, &text)) {
		uint32_t file = source_add(in->sources, name, text);
		orb_lock_read(in->a, in->sources, file, in->diags, lock);
	} else if (errno != ENOENT && errno != ENOTDIR) {
		diag_push(in->diags, RULE_CANNOT_READ, (struct span){0}, "cannot read %s: %s",
			name.s, strerror(errno));
	} else if (!frozen) {
		return NULL;
	}
	lock->frozen = frozen;
	return lock;
}

/* Orbs that are kept with the config: .circleci/orbs/ns/name/version.yml. */
static void
add_vendored(struct arena *a, const char *path, struct orb_store *orbs)
{
	struct str dir = path_join(a, pipeline_folder(a, path), STR("orbs"));
	if (file_exists(dir.s))
		orb_store_add_dir(orbs, dir);
}

void
pipeline_orbs(struct arena *a, const struct pipeline *p, const char *path, struct orb_store *orbs)
{
	orb_store_init(orbs, a);
	add_vendored(a, path, orbs);
	for (uint32_t i = 0; i < p->orb_paths.n; i++)
		orb_store_add_dir(orbs, str_of(p->orb_paths.v[i]));
	struct str list = str_of(getenv("CCX_ORB_PATH"));
	while (list.len) {
		size_t colon = str_find(list, STR(":"), 0);
		struct str dir = str_sub(list, 0, colon);
		list = colon < list.len ? str_sub(list, colon + 1, list.len) : STR("");
		if (dir.len)
			orb_store_add_dir(orbs, str_copy(a, dir));
	}
}

void
pipeline_remote_open(struct cli *cli, const struct pipeline *p, struct pipeline_remote *remote)
{
	*remote = (struct pipeline_remote){0};
	/* What is wrong with a token is said, and matters only where an orb is missing. */
	if (!remote_read(cli, &p->remote, &remote->remote)) {
		remote->remote.cached = false;
		return;
	}
	if (!remote_forbidden(p->offline))
		remote->registry = orb_remote_new(cli->a, &remote->remote.options,
			remote->remote.cached ? &remote->remote.cache : NULL);
}

void
pipeline_remote_add(const struct pipeline_remote *remote, struct orb_store *orbs)
{
	if (remote->registry)
		orb_store_add_remote(orbs, remote->registry);
	else if (remote->remote.cached && file_exists(remote->remote.cache.dir.s))
		orb_store_add_cache(orbs, &remote->remote.cache);
}

void
pipeline_remote_close(struct pipeline_remote *remote)
{
	orb_remote_free(remote->registry);
}

bool
pipeline_inputs(struct cli *cli, const struct command *c, const struct pipeline *p,
	struct pipeline_read *read)
{
	struct inputs *in = &read->in;
	read->code = EXIT_USAGE;
	if (inputs_parameters(in, p->parameters, &p->params, &read->options.parameters) &&
		inputs_values(in, p->values_file, &p->values, &read->options.values)) {
		read->options.checkout = checkout_open(cli->a, p->branch, p->tag);
		return true;
	}
	if (in->system_error) {
		cli_say("%.*s", STR_ARG(in->error));
		read->code = cli_read_fault(in->system_error);
	} else if (in->error.len) {
		cli_usage(cli, c, "%.*s", STR_ARG(in->error));
	} else {
		cli_report(cli, in->sources, in->diags);
	}
	return false;
}
