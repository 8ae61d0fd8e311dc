/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the printer share: where it stands in the text, and how one scalar is to be
 * written.
 */
#ifndef CCX_YAML_PRINT_H
#define CCX_YAML_PRINT_H

#include "ccx/yaml.h"

enum {
	/* Collections inside collections that are printed: well above what loading (LIMIT_DEPTH)
	 * and expansion make, and small enough for any stack. What is deeper comes out as null. */
	PRINT_DEPTH = 2048,
};

struct printer {
	struct sb *out;
	size_t fold; /* column after which a space becomes a line break; SIZE_MAX: never */
	size_t line; /* offset in out of the current line */
	bool fresh;  /* the current line is still empty: a literal block has just ended */
};

/* A new line, unless the current one is empty, with indent spaces. */
void printer_newline(struct printer *p, size_t indent);

enum scalar_style { STYLE_PLAIN, STYLE_SINGLE, STYLE_DOUBLE, STYLE_LITERAL };

struct scalar_shape {
	enum scalar_style style;
	bool breaks;      /* holds a line break of YAML 1.1: LF, NEL, LS or PS */
	bool wide_breaks; /* one that is not LF */
};

/* How a string is to be written so that YAML 1.1 reads it back as that string. The arena may be
 * used as scratch. */
struct scalar_shape scalar_shape(struct arena *a, struct str text);

/* Writes text in a style that scalar_shape allows; its further lines are indented by indent.
 * split: it may be folded (a simple key may not). */
void scalar_put(
	struct printer *p, struct str text, struct scalar_shape shape, size_t indent, bool split);

/* Columns as Java counts them: UTF-16 units. */
size_t utf16_units(struct str text);

/* Null, boolean and number as YAML writes them. */
void number_put(struct sb *out, const struct node *scalar);

/* A decimal integer. */
void integer_put(struct sb *out, int64_t value);

/* What stands behind the backslash when a character has a short escape in double quotes, else 0:
 * the same in both printers. */
char print_short_escape(int32_t c);

#endif
