/* SPDX-License-Identifier: MIT */
/* main: finds the command, runs it, and sees to it that what it printed has arrived. */
#include "cli.h"

#include "vendor.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* A reader that has seen enough (ccx … | head) is no error. */
static enum exit_code
write_out(const struct cli *cli, enum exit_code code)
{
	errno = 0;
	bool ok = !cli->out.len || fwrite(cli->out.s, 1, cli->out.len, stdout) == cli->out.len;
	ok = fflush(stdout) == 0 && ok && !ferror(stdout);
	int error = errno;
	if (cli->last.len)
		fwrite(cli->last.s, 1, cli->last.len, stderr);
	if (ok || error == EPIPE)
		return code;
	cli_say("cannot write to standard output: %s", strerror(error));
	return EXIT_OTHER;
}

/* The words of a command stand before its options: ccx [common options] config process … */
static enum exit_code
run(struct cli *cli, char **args)
{
	struct opt_parse p = {.a = cli->a, .sets = {{common_opts, &cli->common}}};
	if (cli->vendor)
		args = vendor_args(cli->a, args, NULL);
	if (!opt_parse(&p, &args, NULL))
		return cli_usage(cli, NULL, "%.*s", STR_ARG(p.error));
	struct opt_list words = {0};
	const struct command *c = NULL;
	while (!c && *args && **args != '-') {
		vec_push(cli->a, &words, *args++);
		c = command_find(&words);
	}
	if (c && !cli->common.version && !cli->common.help)
		return c->run(cli, cli->vendor ? vendor_args(cli->a, args, c) : args);
	/* What is left of `ccx config --help`. */
	struct opt_list operands = {0};
	if (!c && !opt_parse(&p, &args, &operands))
		return cli_usage(cli, NULL, "%.*s", STR_ARG(p.error));
	bool asked = cli->vendor && words.n == 1 && strcmp(words.v[0], "version") == 0;
	if (cli->common.version || asked) {
		sb_puts(&cli->out, "ccx " CCX_VERSION "\n");
		return EXIT_OK;
	}
	return help_write(cli, &words) ? EXIT_OK : unknown_command(cli, &words);
}

int
main(int argc, char **argv)
{
	/* Writing to a closed pipe then fails with EPIPE, which write_out takes quietly. */
	signal(SIGPIPE, SIG_IGN);
	struct cli cli = {.a = arena_new()};
	cli.out.a = cli.last.a = cli.a;
	cli.vendor = argc > 0 && vendor_is(argv[0]);
	enum exit_code code = write_out(&cli, run(&cli, argv + (argc > 0)));
	arena_free(cli.a);
	return code;
}
