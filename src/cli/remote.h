/* SPDX-License-Identifier: MIT */
/* Which registry is asked, with which token, and what is kept of its answers. */
#ifndef CCX_CLI_REMOTE_H
#define CCX_CLI_REMOTE_H

#include "ccx/orb.h"

#include "cli.h"

/* A command's own struct holds one of these; its table has REMOTE_OPTS(type, field). */
struct remote_args {
	const char *host, *api;
};

extern const char *const api_choices[];

#define REMOTE_OPT(type, member, field) \
	offsetof(struct type, member) + offsetof(struct remote_args, field)
/* clang-format off */
#define REMOTE_HOST_OPT(type, m)                                                                   \
	{OPT_TEXT, 0, "host", "URL", REMOTE_OPT(type, m, host),                                    \
		"the CircleCI to ask (default: circleci.com)", NULL, 0}
#define REMOTE_OPTS(type, m)                                                                       \
	REMOTE_HOST_OPT(type, m),                                                                  \
	{OPT_TEXT, 0, "api", "API", REMOTE_OPT(type, m, api),                                      \
		"speak v3 or graphql (default: what the host speaks)", api_choices, 0}
/* clang-format on */

struct remote {
	struct registry_options options;
	struct orb_cache cache;
	bool cached; /* there is a place for a cache */
};

/* Reads options, environment and the official CLI's configuration. False, and said, when they make
 * no sense. Opens nothing. */
bool remote_read(struct cli *cli, const struct remote_args *args, struct remote *r);
/* Is the network forbidden, by --offline (flag) or CCX_OFFLINE? */
bool remote_forbidden(bool flag);

/* ---- commands that are about the registry ------------------------------------------------ */

/* The registry, for a command that is nothing without it. NULL with *code set, and said, when it
 * cannot or must not be asked. */
struct registry *remote_open(
	struct cli *cli, const struct remote_args *args, struct remote *r, enum exit_code *code);
/* Says why a call failed. */
enum exit_code remote_failed(const struct registry *r, enum registry_fault fault);

/* What writes: --yes and --dry-run. */
struct write_args {
	bool yes, dry_run;
};

#define WRITE_OPT(type, member, field) \
	offsetof(struct type, member) + offsetof(struct write_args, field)
/* clang-format off */
#define WRITE_OPTS(type, m)                                                                        \
	{OPT_FLAG, 'y', "yes", NULL, WRITE_OPT(type, m, yes), "do not ask", NULL, 0},              \
	{OPT_FLAG, 0, "dry-run", NULL, WRITE_OPT(type, m, dry_run),                                \
		"say what would be done, and do nothing", NULL, 0}
/* clang-format on */

/* Asks on the terminal whether to do what is said ("publish x/y@1.0.0"). False with *code set when
 * not: it is a dry run, the answer is no, or there is nobody to ask. */
bool remote_confirm(
	struct cli *cli, const struct write_args *w, struct str what, enum exit_code *code);

/* Says what was done, or what went wrong. */
enum exit_code remote_finish(
	struct cli *cli, const struct registry *r, enum registry_fault fault, struct str what);

#endif
