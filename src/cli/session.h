/* SPDX-License-Identifier: MIT */
/*
 * What a command is given to compile, and all that a compile of it takes: read and opened in one
 * order, so that every command takes its options to mean the same.
 */
#ifndef CCX_CLI_SESSION_H
#define CCX_CLI_SESSION_H

#include "pipeline.h"
#include "settings.h"

/* It points into itself: it stays where it was opened. */
struct session {
	/* Set by the command. */
	struct cli *cli;
	const struct command *command;
	const struct pipeline *pipeline;
	const char *path;       /* "-": standard input */
	const char *stdin_name; /* what that is called in messages; or NULL */
	bool unlocked;          /* orbs are found as if there were no lock */

	struct sources sources;
	struct diag_list diags;
	struct pipeline_read read;
	uint32_t file;            /* the config's number in sources */
	struct settings settings; /* of its project */
	struct orb_store orbs;
	struct pipeline_remote remote;
	struct compiled *compiled; /* once it was */
};

/* Reads parameters, values, what is at path and the settings of its project. False with *code set
 * when that fails, which is said. */
bool session_open(struct session *s, enum exit_code *code);
/* The parameters and values alone. */
bool session_inputs(struct session *s, enum exit_code *code);
/* Finds the directories (those of s->settings, too), the lock and the registry that orbs may come
 * from; what is wrong with the lock is added to diags. session_close is due when all is printed. */
void session_orbs(struct session *s);
/* Compiles the config and reports what was found. False with *code set when nothing comes of it,
 * else there is a s->compiled->config. */
bool session_compile(struct session *s, enum exit_code *code);
/* Says what was found. */
void session_report(struct session *s);
void session_close(struct session *s);

#endif
