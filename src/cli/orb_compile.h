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
	bool print;                      /* what came of it; else only the verdict */
	const struct findings *findings; /* review the orb too, and report so; or NULL */
};

#define ORB_COMPILE_OPTS(type, m)                                                        \
	{                                                                                \
		OPT_FLAG, 0, "remote", NULL,                                             \
			offsetof(struct type, m) + offsetof(struct orb_compile, remote), \
			"ask the registry too, and show where it differs", NULL, 0       \
	}

/* Reads the operands and does it all. */
enum exit_code orb_compile_run(struct cli *cli, const struct command *c,
	const struct orb_compile *what, const struct opt_list *operands);

#endif
