/* SPDX-License-Identifier: MIT */
#include "pins.h"

#include "locate.h"

#include <stdlib.h>

const char *
pins_config(struct cli *cli, const char *named)
{
	const char *env = getenv("CCX_CONFIG");
	if (!named && env && *env)
		named = env;
	const char *path = locate_config(cli->a, named);
	if (!path && named)
		cli_say("no .circleci/config.yml in %s", named);
	else if (!path)
		cli_say("no .circleci/config.yml here or above; name a config");
	return path;
}

bool
pins_open(struct cli *cli, const struct command *c, const struct pipeline *how, bool locked,
	struct pins *p, enum exit_code *code)
{
	p->read = (struct pipeline_read){
		.in = {.a = cli->a, .sources = &p->sources, .diags = &p->diags},
		.options = {.orbs = &p->orbs, .compat = COMPAT_NEWEST}};
	sources_init(&p->sources, cli->a);
	diag_init(&p->diags, cli->a);
	if (!pipeline_inputs(cli, c, how, &p->read)) {
		*code = p->read.code;
		return false;
	}
	if (!pipeline_config(cli, &p->read, p->path, NULL, &p->file)) {
		if (p->read.code == EXIT_FINDINGS)
			cli_report(cli, &p->sources, &p->diags);
		*code = p->read.code;
		return false;
	}
	pipeline_orbs(cli->a, how, p->path, &p->orbs);
	p->lock = locked ? pipeline_lock(&p->read.in, how->frozen, p->path) : NULL;
	p->orbs.lock = p->lock;
	if (p->diags.errors) {
		cli_report(cli, &p->sources, &p->diags);
		*code = EXIT_FINDINGS;
		return false;
	}
	pipeline_remote_open(cli, how, &p->remote);
	pipeline_remote_add(&p->remote, &p->orbs);
	p->compiled = compile_config(cli->a, &p->sources, p->file, &p->read.options, &p->diags);
	if (p->compiled)
		return true;
	cli_report(cli, &p->sources, &p->diags);
	pipeline_remote_close(&p->remote);
	*code = EXIT_FINDINGS;
	return false;
}

void
pins_close(struct pins *p)
{
	pipeline_remote_close(&p->remote);
}

bool
pins_complete(struct cli *cli, struct pins *p, enum exit_code *code)
{
	if (!p->compiled->orbs_missing)
		return true;
	cli_report(cli, &p->sources, &p->diags);
	cli_say("%s: not all of its orbs can be had", p->path);
	*code = cli_verdict(&p->diags);
	if (*code == EXIT_OK)
		*code = EXIT_MISSING;
	return false;
}

/* ---- places ------------------------------------------------------------------------------ */

static bool
is_below(struct str path, struct str folder)
{
	return str_starts(path, folder) && path.len > folder.len && path.s[folder.len] == '/';
}

struct str
pins_from(struct cli *cli, const struct pins *p, const struct compiled_orb *orb)
{
	const struct remote *remote = &p->remote.remote;
	struct str vendored = path_join(cli->a, pipeline_folder(cli->a, p->path), STR("orbs"));
	if (orb->ref.kind == ORB_URL)
		return str_copy(cli->a, orb->ref.text);
	if (is_below(orb->origin, vendored))
		return STR("vendored");
	if (str_starts(orb->origin, remote->options.host) ||
		(remote->cached && is_below(orb->origin, remote->cache.dir)))
		return remote->options.host;
	return STR("directory");
}

struct str
pins_vendored(struct arena *a, const char *path, const struct compiled_orb *orb)
{
	struct orb_ref exact;
	const char *why;
	struct str id = str_printf(a, "%.*s/%.*s@%.*s", STR_ARG(orb->ref.ns),
		STR_ARG(orb->ref.name), STR_ARG(orb->exact));
	/* The version may be a registry's word, which must not lead anywhere else. */
	if (!orb_ref_parse(id, &exact, &why) || str_has(orb->exact, STR("/")))
		return STR("");
	return str_printf(a, "%.*s/orbs/%.*s/%.*s/%.*s.yml", STR_ARG(pipeline_folder(a, path)),
		STR_ARG(exact.ns), STR_ARG(exact.name), STR_ARG(orb->exact));
}
