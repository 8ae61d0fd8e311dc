/* SPDX-License-Identifier: MIT */
/*
 * Pieces of SVG 1.1 that stand for themselves: no script, no font and no picture from elsewhere,
 * light and dark by the reader's setting. Lengths are pixels; text is of a fixed width, so that its
 * size is known without a font.
 */
#ifndef CCX_REPORT_SVGW_H
#define CCX_REPORT_SVGW_H

#include "ccx/base.h"

#define SVG_COLUMN 7.3 /* of one character of 12 pixels */

struct svg_box {
	double x, y, width, height;
};

/* The beginning, with the style of all classes; title is what a screen reader says. */
void svgw_open(struct sb *out, double width, double height, struct str title);
void svgw_close(struct sb *out);
/* classes are those of svgw.c's style: "job", "approval critical", … */
void svgw_rect(struct sb *out, const char *classes, struct svg_box box, double radius);
void svgw_text(struct sb *out, const char *classes, double x, double y, struct str text);
/* Width that a text takes. */
double svgw_width(struct str text);
/* Its beginning and "…" when it is longer than so many columns. */
struct str svgw_clip(struct arena *a, struct str text, size_t columns);

#endif
