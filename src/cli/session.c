/* SPDX-License-Identifier: MIT */
#include "session.h"

bool
session_inputs(struct session *s, enum exit_code *code)
{
	struct arena *a = s->cli->a;
	s->read = (struct pipeline_read){.in = {.a = a, .sources = &s->sources, .diags = &s->diags},
		.options = {.orbs = &s->orbs, .compat = COMPAT_NEWEST}};
	sources_init(&s->sources, a);
	diag_init(&s->diags, a);
	if (pipeline_inputs(s->cli, s->command, s->pipeline, &s->read))
		return true;
	*code = s->read.code;
	return false;
}

bool
session_open(struct session *s, enum exit_code *code)
{
	if (!session_inputs(s, code))
		return false;
	if (!pipeline_config(s->cli, &s->read, s->path, s->stdin_name, &s->file)) {
		session_report(s);
		*code = s->read.code;
		return false;
	}
	s->settings = settings_find(s->cli, s->path, &s->sources, &s->diags);
	return true;
}

void
session_orbs(struct session *s)
{
	struct arena *a = s->cli->a;
	pipeline_orbs(a, s->pipeline, s->path, &s->orbs);
	settings_orbs(&s->settings, &s->sources, a, &s->orbs);
	if (!s->unlocked)
		s->orbs.lock = pipeline_lock(&s->read.in, s->pipeline->frozen, s->path);
	pipeline_remote_open(s->cli, s->pipeline, &s->remote);
	pipeline_remote_add(&s->remote, &s->orbs);
}

bool
session_compile(struct session *s, enum exit_code *code)
{
	s->compiled = compile_config(s->cli->a, &s->sources, s->file, &s->read.options, &s->diags);
	session_report(s);
	if (s->compiled && s->compiled->config)
		return true;
	*code = s->diags.errors ? cli_verdict(&s->diags) : EXIT_OTHER;
	return false;
}

void
session_report(struct session *s)
{
	cli_report(s->cli, &s->sources, &s->diags);
}

void
session_close(struct session *s)
{
	pipeline_remote_close(&s->remote);
}
