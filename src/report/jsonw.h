/* SPDX-License-Identifier: MIT */
/*
 * Writes JSON piece by piece. Every value is given with its key, or NULL in a list and at the
 * top; commas, line breaks and indentation come by themselves. At most JSONW_DEPTH levels.
 */
#ifndef CCX_REPORT_JSONW_H
#define CCX_REPORT_JSONW_H

#include "ccx/report.h"

enum { JSONW_DEPTH = 63 };

/* Start with {.out = out}. */
struct jsonw {
	struct sb *out;
	bool compact; /* all in one line */
	unsigned depth;
	uint64_t some; /* bit depth: something stands there already */
};

void jsonw_open(struct jsonw *w, const char *key, char bracket);
void jsonw_close(struct jsonw *w, char bracket);
void jsonw_str(struct jsonw *w, const char *key, struct str text);
/* null when it is empty */
void jsonw_optional(struct jsonw *w, const char *key, struct str text);
void jsonw_text(struct jsonw *w, const char *key, const char *nul_terminated);
/* a list of texts */
void jsonw_list(struct jsonw *w, const char *key, const struct str *v, uint32_t n);
void jsonw_number(struct jsonw *w, const char *key, uint64_t number);
void jsonw_integer(struct jsonw *w, const char *key, int64_t number);
void jsonw_bool(struct jsonw *w, const char *key, bool value);
void jsonw_null(struct jsonw *w, const char *key);
/* {"path": "config.yml", "line": 12, "column": 7}; null where there is no file */
void jsonw_place(struct jsonw *w, const char *key, struct sources *s, struct span span);

#endif
