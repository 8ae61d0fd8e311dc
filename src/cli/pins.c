/* SPDX-License-Identifier: MIT */
#include "pins.h"

bool
pins_open(struct session *s, enum exit_code *code)
{
	if (!session_open(s, code))
		return false;
	session_orbs(s);
	if (!s->diags.errors)
		s->compiled = compile_config(
			s->cli->a, &s->sources, s->file, &s->read.options, &s->diags);
	if (s->compiled)
		return true;
	session_report(s);
	session_close(s);
	*code = EXIT_FINDINGS;
	return false;
}

bool
pins_complete(struct session *s, enum exit_code *code)
{
	if (!s->compiled->orbs_missing)
		return true;
	session_report(s);
	cli_say("%s: not all of its orbs can be had", s->path);
	*code = cli_verdict(&s->diags);
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
pins_from(const struct session *s, const struct compiled_orb *orb)
{
	const struct remote *remote = &s->remote.remote;
	struct arena *a = s->cli->a;
	struct str vendored = path_join(a, pipeline_folder(a, s->path), STR("orbs"));
	if (orb->ref.kind == ORB_URL)
		return str_copy(a, orb->ref.text);
	if (is_below(orb->origin, vendored))
		return STR("vendored");
	if (str_starts(orb->origin, remote->options.host) ||
		(remote->cached && is_below(orb->origin, remote->cache.dir)))
		return remote->options.host;
	return STR("directory");
}

struct str
pins_vendored(const struct session *s, const struct compiled_orb *orb)
{
	struct arena *a = s->cli->a;
	struct orb_ref exact;
	const char *why;
	struct str id = str_printf(a, "%.*s/%.*s@%.*s", STR_ARG(orb->ref.ns),
		STR_ARG(orb->ref.name), STR_ARG(orb->exact));
	/* The version may be a registry's word, which must not lead anywhere else. */
	if (!orb_ref_parse(id, &exact, &why) || str_has(orb->exact, STR("/")))
		return STR("");
	return str_printf(a, "%.*s/orbs/%.*s/%.*s/%.*s.yml", STR_ARG(pipeline_folder(a, s->path)),
		STR_ARG(exact.ns), STR_ARG(exact.name), STR_ARG(orb->exact));
}
