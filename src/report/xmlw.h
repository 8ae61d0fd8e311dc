/* SPDX-License-Identifier: MIT */
/* Pieces of XML 1.0. Characters that it cannot hold, and bytes that are not UTF-8, become U+FFFD.
 */
#ifndef CCX_REPORT_XMLW_H
#define CCX_REPORT_XMLW_H

#include "ccx/report.h"

/* ` name="value"`; line breaks and tabs survive a parser's normalisation. */
void xmlw_attr(struct sb *out, const char *name, struct str value);
void xmlw_number(struct sb *out, const char *name, uint64_t value);
void xmlw_text(struct sb *out, struct str text);

#endif
