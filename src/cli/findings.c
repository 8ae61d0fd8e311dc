/* SPDX-License-Identifier: MIT */
#include "findings.h"

#include <stdlib.h>
#include <string.h>

const char *const fail_on_choices[] = {"error", "warning", "note", "never", NULL};

/* 0 to 255 in digits; -1: it is not that. */
static int
code_of(const char *text)
{
	char *end;
	size_t n = strspn(text, "0123456789");
	if (!n || n > 3 || text[n])
		return -1;
	long code = strtol(text, &end, 10);
	return code <= 255 ? (int)code : -1;
}

bool
findings_check(
	struct cli *cli, const struct command *c, const struct findings *f, enum exit_code *code)
{
	struct output_list outputs = {0};
	*code = EXIT_USAGE;
	if (f->exit_code && code_of(f->exit_code) < 0)
		cli_usage(cli, c, "--exit-code takes a number from 0 to 255, not \"%s\"",
			f->exit_code);
	else if (outputs_read(cli, c, f, &outputs))
		return true;
	return false;
}

/* Whether the findings that are not ignored are as severe as that. */
static bool
is_failed(const char *fail_on, const struct diag_list *d)
{
	bool any = d->dropped > 0;
	for (uint32_t i = 0; i < d->all.n; i++)
		any = any || !d->all.v[i].ignored;
	if (strcmp(fail_on, "error") == 0)
		return d->errors > 0;
	if (strcmp(fail_on, "warning") == 0)
		return d->errors + d->warnings > 0;
	return strcmp(fail_on, "note") == 0 && any;
}

static const char *
find_baseline(struct cli *cli, const struct findings *f, const struct settings *settings)
{
	if (f->baseline)
		return f->baseline;
	return settings_path(cli->a, settings->sources, node_get(settings->root, "baseline"));
}

static enum exit_code
use_baseline(struct cli *cli, const struct findings *f, const struct baseline *b,
	const struct report_input *in, struct diag_list *d)
{
	if (f->update_baseline && !b->path) {
		cli_say("--update-baseline needs --baseline FILE, or baseline in .circleci/"
			"ccx.yml");
		return EXIT_USAGE;
	}
	if (!b->path)
		return EXIT_OK;
	return f->update_baseline ? baseline_update(cli, b, in, d) : baseline_apply(cli, b, in, d);
}

enum exit_code
findings_end(struct cli *cli, const struct findings *f, const struct settings *settings,
	struct report_input *in, struct diag_list *d)
{
	struct output_list outputs = {0};
	diag_sort(d);
	const struct baseline baseline = {find_baseline(cli, f, settings), &settings->paths};
	enum exit_code code = use_baseline(cli, f, &baseline, in, d);
	if (code != EXIT_OK)
		return code;
	diag_sort(d); /* a baseline may have faults of its own */
	if (!outputs_read(cli, NULL, f, &outputs) || !outputs_write(cli, f, &outputs, in))
		return EXIT_OTHER;
	const char *fail_on = f->fail_on ? f->fail_on : settings_text(cli->a, settings, "fail-on");
	if (f->exit_zero || !is_failed(fail_on ? fail_on : "error", d))
		return EXIT_OK;
	return f->exit_code ? (enum exit_code)code_of(f->exit_code) : EXIT_FINDINGS;
}
