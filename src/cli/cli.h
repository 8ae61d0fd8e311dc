/* SPDX-License-Identifier: MIT */
/*
 * cli: the command line. The only room that prints or exits. To add a command, write one file with
 * a struct command and add its row to commands.def.
 */
#ifndef CCX_CLI_CLI_H
#define CCX_CLI_CLI_H

#include "ccx/diag.h"
#include "ccx/report.h"
#include "opt.h"

/* The numbers of the official CLI, where the meanings meet. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_OTHER = 1,    /* could not read, write, or get memory */
	EXIT_USAGE = 2,    /* the command line is wrong */
	EXIT_MISSING = 5,  /* a file or an orb was not found */
	EXIT_FINDINGS = 7, /* the config is wrong */
};

/* Options of every command. */
struct common {
	const char *color;
	bool no_color, quiet, verbose, help, version;
};

extern const struct opt common_opts[];

struct cli {
	struct arena *a;
	struct common common;
	bool vendor;    /* called by the official CLI's name */
	struct sb out;  /* standard output: written at the end of main */
	struct sb last; /* standard error: written after that */
};

struct example {
	const char *line, *what;
};

struct command {
	const char *name;     /* "config process" */
	const char *operands; /* "[PATH|-]"; "" for none */
	const char *summary;  /* one line, no full stop */
	const char *about;    /* for the manual: paragraphs, each in one line of any length */
	const struct example *examples; /* ended by a NULL line */
	const struct opt *opts;
	enum opt_completion complete; /* of operands */
	bool hidden;
	enum exit_code (*run)(struct cli *cli, char **args);
};

extern const struct command *const commands[];
extern const uint32_t ncommands;

/* Reads a command's options into the struct that its table is for. False when the command is to
 * end now with *code: help was asked for, or the command line is wrong (said on standard error). */
bool cli_options(struct cli *cli, const struct command *c, struct opt_set set, char **args,
	struct opt_list *operands, enum exit_code *code);
/* A line "ccx: …" on standard error. */
void cli_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Says what is wrong with the command line and how the command is used; EXIT_USAGE. */
enum exit_code cli_usage(const struct cli *cli, const struct command *c, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* How text looks on an open file: colours and width. */
struct report_style cli_style(const struct cli *cli, int fd);
/* The findings and the closing line on standard error; sorts them. */
void cli_report(const struct cli *cli, struct sources *s, struct diag_list *d);
/* What the findings mean for the exit code. */
enum exit_code cli_verdict(const struct diag_list *d);

/* The exit code for a file that could not be read, by errno. */
enum exit_code cli_read_fault(int error);

/* Help, from the tables. words: those of a command, or the start of some ("config"). */
const struct command *command_find(const struct opt_list *words);
bool help_write(struct cli *cli, const struct opt_list *words);
void help_command(struct sb *b, const struct command *c);
void help_usage(struct sb *b, const struct command *c);
enum exit_code unknown_command(const struct cli *cli, const struct opt_list *words);

#endif
