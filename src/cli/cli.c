/* SPDX-License-Identifier: MIT */
/* What every command needs: its options, the terminal, and how findings are told. */
#include "cli.h"

#include "vendor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

void
cli_say(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fputs("ccx: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
}

enum exit_code
cli_usage(const struct cli *cli, const struct command *c, const char *format, ...)
{
	struct sb b = {.a = cli->a};
	va_list args;
	va_start(args, format);
	sb_puts(&b, "ccx: ");
	sb_put(&b, str_vprintf(cli->a, format, args));
	sb_char(&b, '\n');
	va_end(args);
	help_usage(&b, c);
	fwrite(b.s, 1, b.len, stderr);
	return EXIT_USAGE;
}

bool
cli_options(struct cli *cli, const struct command *c, struct opt_set set, char **args,
	struct opt_list *operands, enum exit_code *code)
{
	struct opt_parse p = {.a = cli->a, .sets = {set, {common_opts, &cli->common}}};
	bool ok = opt_parse(&p, &args, operands);
	*code = EXIT_OK;
	if (cli->common.help && ok)
		help_command(&cli->out, c);
	else if (cli->common.version && ok)
		sb_puts(&cli->out, "ccx " CCX_VERSION "\n");
	else if (!ok)
		*code = cli_usage(cli, c, "%.*s", STR_ARG(p.error));
	else if (operands->n && !*c->operands)
		*code = cli_usage(cli, c, "unexpected argument \"%s\"", operands->v[0]);
	else
		ok = true;
	for (uint32_t i = 0; i < p.ignored.n && cli->common.verbose; i++)
		cli_say("--%s has no effect here", p.ignored.v[i]);
	return ok && *code == EXIT_OK && !cli->common.help && !cli->common.version;
}

/* ---- the terminal ------------------------------------------------------------------------ */

static bool
env_set(const char *name)
{
	const char *value = getenv(name);
	return value && *value;
}

static bool
env_forces(const char *name)
{
	return env_set(name) && strcmp(getenv(name), "0") != 0;
}

/* The option, then no-color.org, then the conventions of CLICOLOR, then what fd is. */
static bool
colour_for(const struct cli *cli, int fd)
{
	const char *when = cli->common.color, *term = getenv("TERM"), *wish = getenv("CLICOLOR");
	if (when && strcmp(when, "auto") != 0)
		return strcmp(when, "always") == 0;
	if (cli->common.no_color || env_set("NO_COLOR") || env_set("CIRCLE_NO_COLOR"))
		return false;
	if (env_forces("CLICOLOR_FORCE") || env_forces("FORCE_COLOR"))
		return true;
	if ((wish && strcmp(wish, "0") == 0) || (term && strcmp(term, "dumb") == 0))
		return false;
	return isatty(fd);
}

static unsigned
width_of(int fd)
{
	struct winsize size = {0};
	if (!isatty(fd) || ioctl(fd, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}

struct report_style
cli_style(const struct cli *cli, int fd)
{
	return (struct report_style){colour_for(cli, fd), width_of(fd)};
}

/* ---- findings ---------------------------------------------------------------------------- */

/* The findings that --quiet leaves: errors. */
static struct diag_list
errors_of(const struct cli *cli, const struct diag_list *d)
{
	struct diag_list errors;
	diag_init(&errors, cli->a);
	for (uint32_t i = 0; i < d->all.n; i++)
		if (d->all.v[i].severity == SEVERITY_ERROR)
			vec_push(cli->a, &errors.all, d->all.v[i]);
	errors.errors = d->errors;
	return errors;
}

void
cli_report(const struct cli *cli, struct sources *s, struct diag_list *d)
{
	if (!d->all.n)
		return;
	diag_sort(d);
	struct diag_list shown = cli->common.quiet ? errors_of(cli, d) : *d;
	struct report_style style = cli_style(cli, STDERR_FILENO);
	struct sb b = {.a = cli->a}, summary = {.a = cli->a};
	if (cli->vendor) {
		vendor_report(&b, s, &shown);
		fwrite(b.s, 1, b.len, stderr);
		return;
	}
	report_text(&b, s, &shown, style);
	report_summary(&summary, &shown);
	if (summary.len && !cli->common.quiet) {
		sb_char(&b, '\n');
		sb_put(&b, sb_str(&summary));
	}
	if (b.len)
		fwrite(b.s, 1, b.len, stderr);
}

enum exit_code
cli_verdict(const struct diag_list *d)
{
	enum exit_code code = d->errors ? EXIT_FINDINGS : EXIT_OK;
	for (uint32_t i = 0; i < d->all.n; i++) {
		if (d->all.v[i].rule == RULE_ORB_NOT_FOUND)
			return EXIT_MISSING;
		if (d->all.v[i].rule == RULE_CANNOT_READ)
			code = EXIT_OTHER;
	}
	return code;
}

enum exit_code
cli_read_fault(int error)
{
	return error == ENOENT || error == ENOTDIR ? EXIT_MISSING : EXIT_OTHER;
}
