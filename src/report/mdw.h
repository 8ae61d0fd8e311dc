/* SPDX-License-Identifier: MIT */
/*
 * Pieces of GitHub's Markdown, made of text by others. In a text, emphasis, links, lists, code
 * between backticks and fenced blocks stay what they are; HTML, titles, backslashes (people mean
 * them) and whatever would reach beyond the text's own end are escaped.
 */
#ifndef CCX_REPORT_MDW_H
#define CCX_REPORT_MDW_H

#include "ccx/base.h"

/* A text of several paragraphs, with one line break at its end; nothing for an empty text. */
void mdw_text(struct sb *out, struct str text);
/* The same inside of a row of a table: in one line. */
void mdw_cell(struct sb *out, struct str text);
/* A text as code, in one line; cell: in a row of a table. */
void mdw_code(struct sb *out, struct str text, bool cell);
/* A block of code with a fence that the text does not have; language may be "". */
void mdw_fence(struct sb *out, const char *language, struct str text);
/* A link, when url is one of the web; else what it is as code. */
void mdw_link(struct sb *out, const char *title, struct str url);
/* What GitHub calls a title of that text, the first time that it is in a document. */
struct str mdw_anchor(struct arena *a, struct str title);

#endif
