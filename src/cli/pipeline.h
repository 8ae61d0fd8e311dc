/* SPDX-License-Identifier: MIT */
/* Options that say for which pipeline a config is compiled, shared by all commands that compile. */
#ifndef CCX_CLI_PIPELINE_H
#define CCX_CLI_PIPELINE_H

#include "ccx/compile.h"

#include "cli.h"
#include "inputs.h"
#include "remote.h"

/* A command's own struct holds one of these; its table has PIPELINE_OPTS(field). */
struct pipeline {
	const char *branch, *tag, *parameters, *values_file;
	struct opt_list params, values, orb_paths;
	struct remote_args remote;
	bool offline, frozen;
};

#define PIPELINE_OPT(type, member, field) \
	offsetof(struct type, member) + offsetof(struct pipeline, field)
/* clang-format off */
#define PIPELINE_OPTS(type, m)                                                                     \
	PIPELINE_OPTS_AT(type, m, REMOTE_OPTS(type, m.remote))
/* The same with other options of the registry: of a command that has an --api of its own. */
#define PIPELINE_OPTS_AT(type, m, ...)                                                             \
	{OPT_TEXT, 0, "pipeline-parameters", "YAML|FILE", PIPELINE_OPT(type, m, parameters),       \
		"pipeline parameters: a file, else inline YAML", NULL, COMPLETE_FILE},             \
	{OPT_LIST, 0, "param", "NAME=VALUE", PIPELINE_OPT(type, m, params),                        \
		"one pipeline parameter; repeatable", NULL, 0},                                    \
	{OPT_TEXT, 0, "branch", "NAME", PIPELINE_OPT(type, m, branch),                             \
		"the branch; \"\": none (default: git's)", NULL, 0},                               \
	{OPT_TEXT, 0, "tag", "NAME", PIPELINE_OPT(type, m, tag),                                   \
		"the tag; \"\": none (default: git's)", NULL, 0},                                  \
	{OPT_TEXT, 0, "values", "FILE", PIPELINE_OPT(type, m, values_file),                        \
		"pipeline values, as YAML", NULL, COMPLETE_FILE},                                  \
	{OPT_LIST, 0, "value", "pipeline.X=VALUE", PIPELINE_OPT(type, m, values),                  \
		"one pipeline value; repeatable", NULL, 0},                                        \
	{OPT_LIST, 0, "orb-path", "DIR", PIPELINE_OPT(type, m, orb_paths),                         \
		"look for orbs in DIR/ns/name/version.yml; repeatable", NULL, COMPLETE_DIR},       \
	__VA_ARGS__,                                                                               \
	{OPT_FLAG, 0, "offline", NULL, PIPELINE_OPT(type, m, offline),                             \
		"use no network: orbs come from directories and the cache only", NULL, 0},         \
	{OPT_FLAG, 0, "frozen", NULL, PIPELINE_OPT(type, m, frozen),                               \
		"fail when orbs are not those of .circleci/ccx.lock", NULL, 0}
/* clang-format on */

/* Where pipeline_inputs puts what it reads. */
struct pipeline_read {
	struct inputs in; /* its arena, sources and diags are the caller's */
	struct compile_options options;
	enum exit_code code;
	int error; /* errno, when the config could not be read */
};

/* Reads the config at path ("-": standard input, called stdin_name or <stdin>) into read->in's
 * sources; *file is its number. A file beyond the limit is a finding, anything else that keeps it
 * from being read is said; then false with read->code set. */
bool pipeline_config(struct cli *cli, struct pipeline_read *read, const char *path,
	const char *stdin_name, uint32_t *file);
/* The same, into the arena of read->in and in silence: read->error says why, unless it is a
 * finding. */
bool pipeline_source(
	struct pipeline_read *read, const char *path, const char *stdin_name, uint32_t *file);
/* .circleci/orbs beside the config at path, the directories of --orb-path, those of
 * CCX_ORB_PATH. */
void pipeline_orbs(
	struct arena *a, const struct pipeline *p, const char *path, struct orb_store *orbs);

/* The folder .circleci of the config at path, where its orbs and its lock are kept. */
struct str pipeline_folder(struct arena *a, const char *path);
/* Reads the lock of the config at path. NULL when there is none, unless frozen asks for one;
 * what is wrong with it is added to in->diags. */
const struct orb_lock *pipeline_lock(struct inputs *in, bool frozen, const char *path);

/* Where orbs come from that no directory has. Stores may share one. */
struct pipeline_remote {
	struct remote remote;
	struct orb_remote *registry; /* NULL: it must not be asked */
};

/* Opens no connection: that is left to the first orb that is not found elsewhere. */
void pipeline_remote_open(
	struct cli *cli, const struct pipeline *p, struct pipeline_remote *remote);
/* Adds the cache and the registry, behind all directories. */
void pipeline_remote_add(const struct pipeline_remote *remote, struct orb_store *orbs);
void pipeline_remote_close(struct pipeline_remote *remote);
/* Reads parameters, values and checkout into options. False with *code set: the command line is
 * wrong, or a file could not be read (either is said), or findings were added to in->diags. */
bool pipeline_inputs(struct cli *cli, const struct command *c, const struct pipeline *p,
	struct pipeline_read *read);

#endif
