/* SPDX-License-Identifier: MIT */
#include "document.h"

#include "ccx/limits.h"

#include <errno.h>
#include <string.h>

enum exit_code
document_write(struct cli *cli, const char *path, struct str text)
{
	if (!path || strcmp(path, "-") == 0) {
		sb_put(&cli->out, text);
		return EXIT_OK;
	}
	if (file_write(path, text))
		return EXIT_OK;
	cli_say("cannot write %s: %s", path, strerror(errno));
	return EXIT_OTHER;
}

static bool
is_fresh(const struct document_check *check, struct str committed, struct str text)
{
	if (check->long_end && committed.len == text.len + 1 && committed.s[text.len] == '\n')
		committed.len--;
	return str_eq(committed, text);
}

enum exit_code
document_check(struct cli *cli, const struct document_check *check, struct str text)
{
	const char *path = check->path;
	struct str committed;
	if (!file_read(cli->a, path, LIMIT_OUTPUT_BYTES, &committed)) {
		int error = errno;
		cli_say("cannot read %s: %s", path, strerror(error));
		return cli_read_fault(error);
	}
	if (is_fresh(check, committed, text))
		return EXIT_OK;
	report_diff(&cli->out, str_of(path), committed, str_of(path), text);
	if (!cli->common.quiet)
		cli_say("%s is stale: %s with -o %s", path, check->again, path);
	return EXIT_FINDINGS;
}
