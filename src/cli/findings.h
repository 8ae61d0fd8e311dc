/* SPDX-License-Identifier: MIT */
/* What becomes of findings: baseline, reports, exit code; and the options that say so. */
#ifndef CCX_CLI_FINDINGS_H
#define CCX_CLI_FINDINGS_H

#include "cli.h"
#include "settings.h"

/* A command's own struct holds one of these; its table has FINDINGS_OPTS(type, field). */
struct findings {
	struct opt_given_list outputs; /* --format and -o, in order */
	const char *fail_on, *exit_code, *baseline;
	bool exit_zero, show_ignored, update_baseline;
	bool silent; /* no option: standard output is for something else, write no report there */
	bool aside;  /* no option: a report that nobody asked for goes to standard error */
};

extern const char *const fail_on_choices[];

#define FINDINGS_OPT(type, member, field) \
	offsetof(struct type, member) + offsetof(struct findings, field)
/* clang-format off */
#define FINDINGS_OPTS(type, m)                                                                     \
	{OPT_EACH, 0, "format", "FORMAT", FINDINGS_OPT(type, m, outputs),                          \
		"text, json, sarif, junit and others; see the manual", NULL, 0},                   \
	{OPT_EACH, 'o', "output-file", "FILE", FINDINGS_OPT(type, m, outputs),                     \
		"where the --format before it goes; both are repeatable", NULL, COMPLETE_FILE},    \
	{OPT_TEXT, 0, "fail-on", "SEVERITY", FINDINGS_OPT(type, m, fail_on),                       \
		"fail from error (the default), warning or note on, or never",                     \
		fail_on_choices, 0},                                                               \
	{OPT_TEXT, 0, "exit-code", "N", FINDINGS_OPT(type, m, exit_code),                          \
		"the exit code when it fails (default: 7)", NULL, 0},                              \
	{OPT_FLAG, 0, "exit-zero", NULL, FINDINGS_OPT(type, m, exit_zero),                         \
		"the same as --fail-on never", NULL, 0},                                           \
	{OPT_FLAG, 0, "show-ignored", NULL, FINDINGS_OPT(type, m, show_ignored),                   \
		"also show ignored findings, with the reason", NULL, 0},                           \
	{OPT_TEXT, 0, "baseline", "FILE", FINDINGS_OPT(type, m, baseline),                         \
		"ignore the findings in FILE", NULL, COMPLETE_FILE},                               \
	{OPT_FLAG, 0, "update-baseline", NULL, FINDINGS_OPT(type, m, update_baseline),             \
		"write the findings that there are to the baseline", NULL, 0}
/* clang-format on */

/* False with *code set, and the reason said, when the options make no sense. */
bool findings_check(
	struct cli *cli, const struct command *c, const struct findings *f, enum exit_code *code);
/* Sorts the findings of a finished run, takes out what the baseline has, writes the reports and
 * says how the command ends. in->findings is d. */
enum exit_code findings_end(struct cli *cli, const struct findings *f,
	const struct settings *settings, struct report_input *in, struct diag_list *d);

/* ---- parts of it ------------------------------------------------------------------------- */

/* One report: where it goes (NULL: standard output). */
struct output {
	const struct report_format *format;
	const char *path;
};

struct output_list {
	struct output *v;
	uint32_t n, cap;
};

/* The reports that were asked for, text when none was. False, and said, when that makes no
 * sense. */
bool outputs_read(struct cli *cli, const struct command *c, const struct findings *f,
	struct output_list *outputs);
/* False, and said, when one could not be written. */
bool outputs_write(struct cli *cli, const struct findings *f, const struct output_list *outputs,
	const struct report_input *in);

/* A baseline, whose fingerprints are those of paths from the project's folder: it fits wherever ccx
 * is called. */
struct baseline {
	const char *path;
	const struct project_paths *paths;
};

/* Marks the findings that a baseline has. Not EXIT_OK, and said, when it cannot be read. */
enum exit_code baseline_apply(struct cli *cli, const struct baseline *b,
	const struct report_input *in, struct diag_list *d);
/* Writes the findings that are not ignored to a baseline, and marks them. */
enum exit_code baseline_update(struct cli *cli, const struct baseline *b,
	const struct report_input *in, struct diag_list *d);

#endif
