/* SPDX-License-Identifier: MIT */
/*
 * Markdown as plain text, as far as the pages of rules use it: paragraphs, lists with "- ", fenced
 * blocks, "# " and "## " titles, links. Code between backticks stays as it is.
 */
#ifndef CCX_REPORT_MARKDOWN_H
#define CCX_REPORT_MARKDOWN_H

#include "ccx/base.h"

/* Appends text with lines of at most width columns, those of fenced blocks excepted. Blocks for
 * examples are named: "```yaml bad --next" becomes "Bad, with --next:", and "```yaml orb-good"
 * "Good orb:". Lines that begin with "<!--" are left out. */
void markdown_print(struct sb *out, struct str text, size_t width);

#endif
