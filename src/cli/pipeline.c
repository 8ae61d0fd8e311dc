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

void
pipeline_orbs(struct arena *a, const struct pipeline *p, struct orb_store *orbs)
{
	orb_store_init(orbs, a);
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
