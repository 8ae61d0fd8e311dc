/* SPDX-License-Identifier: MIT */
/* Which reports are written, and where. */
#include "findings.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* --format sarif -o x.sarif --format text: the first to a file, the second to standard output. */
bool
outputs_read(struct cli *cli, const struct command *c, const struct findings *f,
	struct output_list *outputs)
{
	const struct output text = {report_format_find(STR("text")), NULL};
	uint32_t printed = 0;
	for (uint32_t i = 0; i < f->outputs.n; i++) {
		struct opt_given given = f->outputs.v[i];
		struct output o = outputs->n ? outputs->v[outputs->n - 1] : text;
		if (given.opt->letter != 'o') {
			o = (struct output){report_format_find(str_of(given.value)), NULL};
			if (!o.format) {
				cli_usage(cli, c, "there is no format \"%s\"", given.value);
				return false;
			}
		} else if (outputs->n && !outputs->v[outputs->n - 1].path) {
			outputs->v[outputs->n - 1].path = given.value;
			continue;
		} else {
			o.path = given.value;
		}
		vec_push(cli->a, outputs, o);
	}
	if (!outputs->n)
		vec_push(cli->a, outputs, text);
	for (uint32_t i = 0; i < outputs->n; i++) {
		if (outputs->v[i].path && strcmp(outputs->v[i].path, "-") == 0)
			outputs->v[i].path = NULL;
		printed += !outputs->v[i].path;
	}
	if (printed > 1)
		cli_usage(cli, c, "two formats for standard output: give one of them -o FILE");
	return printed <= 1;
}

/* Whether a format is for people, who see ignored findings only if they ask. */
static bool
is_text(const struct report_format *format)
{
	return strcmp(format->name, "text") == 0 || strcmp(format->name, "concise") == 0;
}

/* note: ignored (reason): the message [rule] */
static struct diag
as_ignored(struct arena *a, struct diag g)
{
	struct str why = g.reason.len ? str_printf(a, " (%.*s)", STR_ARG(g.reason)) : STR("");
	g.severity = SEVERITY_NOTE;
	g.message = str_printf(a, "ignored%.*s: %.*s", STR_ARG(why), STR_ARG(g.message));
	g.ignored = false;
	return g;
}

/* The findings that a person is shown. */
static struct diag_list
shown_findings(struct cli *cli, const struct findings *f, const struct diag_list *d)
{
	struct diag_list shown = {.a = cli->a, .errors = d->errors, .warnings = d->warnings};
	shown.dropped = d->dropped;
	for (uint32_t i = 0; i < d->all.n; i++) {
		struct diag g = d->all.v[i];
		if (g.ignored && !f->show_ignored)
			continue;
		if (cli->common.quiet && !g.ignored && g.severity != SEVERITY_ERROR)
			continue;
		if (g.ignored)
			g = as_ignored(cli->a, g);
		vec_push(cli->a, &shown.all, g);
	}
	return shown;
}

bool
outputs_write(struct cli *cli, const struct findings *f, const struct output_list *outputs,
	const struct report_input *in)
{
	struct diag_list shown = shown_findings(cli, f, in->findings);
	bool ok = true;
	for (uint32_t i = 0; i < outputs->n; i++) {
		const struct output *o = &outputs->v[i];
		struct report_input report = *in;
		struct sb file = {.a = cli->a};
		if (f->aside && !f->outputs.n) {
			cli_report(cli, in->sources, &shown);
			continue;
		}
		if (!o->path && f->silent) {
			if (!cli->common.quiet)
				report_summary(&cli->last, in->findings);
			continue;
		}
		if (is_text(o->format))
			report.findings = &shown;
		report.style = o->path ? (struct report_style){0} : cli_style(cli, STDOUT_FILENO);
		o->format->render(o->path ? &file : &cli->out, &report);
		if (!o->path && is_text(o->format) && in->npaths > 1 && !cli->common.quiet)
			report_summary_files(&cli->last, in->sources, in->findings);
		if (!o->path || file_write(o->path, sb_str(&file)))
			continue;
		cli_say("cannot write %s: %s", o->path, strerror(errno));
		ok = false;
	}
	return ok;
}
