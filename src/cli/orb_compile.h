/* SPDX-License-Identifier: MIT */
/* Compiling an orb on its own, here and at the registry: orb validate and orb process. */
#ifndef CCX_CLI_ORB_COMPILE_H
#define CCX_CLI_ORB_COMPILE_H

#include "findings.h"
#include "pipeline.h"

struct orb_compile {
	struct pipeline pipeline;
	const char *name; /* "acme/tools": what the examples call the orb; or NULL */
	bool remote;
	const char *org_id;              /* whose private orbs the registry uses; or NULL */
	bool print;                      /* what came of it; else only the verdict */
	const struct findings *findings; /* review the orb too, and report so; or NULL */
};

#define ORB_COMPILE_OPT(type, m, field) \
	offsetof(struct type, m) + offsetof(struct orb_compile, field)
/* clang-format off */
#define ORB_COMPILE_OPTS(type, m)                                                                  \
	{OPT_FLAG, 0, "remote", NULL, ORB_COMPILE_OPT(type, m, remote),                            \
		"ask the registry too, and show where it differs", NULL, 0},                       \
	{OPT_TEXT, 0, "org-id", "ID", ORB_COMPILE_OPT(type, m, org_id),                            \
		"with --remote: the organization whose orbs may be used", NULL, 0}
/* clang-format on */

/* Reads the operands and does it all. */
enum exit_code orb_compile_run(struct cli *cli, const struct command *c,
	const struct orb_compile *what, const struct opt_list *operands);

#endif
