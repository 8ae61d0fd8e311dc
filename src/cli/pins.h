/* SPDX-License-Identifier: MIT */
/* The orbs of a config, resolved: what the commands that pin them have in common. */
#ifndef CCX_CLI_PINS_H
#define CCX_CLI_PINS_H

#include "pipeline.h"

struct pins {
	const char *path;
	struct sources sources;
	struct diag_list diags;
	struct orb_store orbs;
	struct pipeline_remote remote;
	struct pipeline_read read;
	uint32_t file;
	const struct orb_lock *lock; /* that is used, or NULL */
	struct compiled *compiled;
};

/* The config that named means (NULL: none was named), or NULL, and said. */
const char *pins_config(struct cli *cli, const char *named);
/* Compiles the config at path, by its lock if locked. False with *code set, and said, when its orbs
 * cannot be told. What p finds is valid until pins_close, which is due after true. */
bool pins_open(struct cli *cli, const struct command *c, const struct pipeline *how, bool locked,
	struct pins *p, enum exit_code *code);
void pins_close(struct pins *p);
/* Says why orbs are missing, when some are. */
bool pins_complete(struct cli *cli, struct pins *p, enum exit_code *code);
/* Where the source of an orb came from, in the words of the lock. */
struct str pins_from(struct cli *cli, const struct pins *p, const struct compiled_orb *orb);
/* Where it is vendored; empty when no file can be called that. */
struct str pins_vendored(struct arena *a, const char *path, const struct compiled_orb *orb);

#endif
