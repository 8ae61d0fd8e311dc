/* SPDX-License-Identifier: MIT */
/* Code frames: lines of a source with marks under them. Used by the text report only. */
#ifndef CCX_REPORT_FRAME_H
#define CCX_REPORT_FRAME_H

#include "ccx/report.h"

enum paint {
	PAINT_OFF,
	PAINT_BOLD,
	PAINT_ERROR,
	PAINT_WARNING,
	PAINT_NOTE,
	PAINT_GUTTER,
	PAINT_HELP,
};

/* A place to underline, with a text beside it (may be empty). */
struct mark {
	struct span span;
	struct str label;
	bool main; /* the fault itself: ^~~~; other places: ---- */
	struct place place;
};

struct frame {
	struct sb *out;
	struct sources *s;
	struct report_style style;
	enum paint colour; /* of the main mark */
	unsigned gutter;   /* columns of the line numbers */
};

void frame_paint(const struct frame *f, enum paint paint);
/* Appends text with everything that could disturb a terminal replaced by U+FFFD; line breaks
 * become spaces. */
void frame_text(const struct frame *f, struct str text);
/* The same as a text in a; text itself when nothing disturbs. */
struct str frame_clean(struct arena *a, struct str text);
/* The lines that n marks of one file touch, in line order; sorts the marks. */
void frame_draw(const struct frame *f, struct mark *marks, uint32_t n);

#endif
