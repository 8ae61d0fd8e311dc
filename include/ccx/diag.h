/* SPDX-License-Identifier: MIT */
/*
 * diag: where text came from (sources, spans, origins) and what is wrong with it (diagnostics).
 * Knows nothing of how a diagnostic looks on a screen.
 *
 * A span is a file and a byte range in it; line and column are computed when somebody looks.
 * Whoever finds a fault in the input pushes a diagnostic and returns false or NULL; it never
 * prints, exits or sets a global. Everything here lives in the arena given at the start.
 */
#ifndef CCX_DIAG_H
#define CCX_DIAG_H

#include "ccx/base.h"

/* ---- sources and spans ------------------------------------------------------------------- */

/* file indexes sources.v; file 0 is "no file": a fault of the run, not of a place. */
struct span {
	uint32_t file, off, len;
};

/* How many code points stand before a byte. */
struct source_mark {
	uint32_t offset, chars;
};

struct source {
	struct str path; /* as the user should read it */
	struct str text;
	uint32_t *lines; /* offsets of line starts, made on demand */
	uint32_t nlines;
	struct source_mark *marks; /* in steps through the text, when a line is long */
};

struct sources {
	struct arena *a;
	VEC(struct source) all;
};

/* 1-based; column counts code points. offset is in bytes from the start of the file. */
struct place {
	uint32_t line, column, offset;
};

void sources_init(struct sources *s, struct arena *a);
uint32_t source_add(struct sources *s, struct str path, struct str text); /* views are kept */
const struct source *source_of(const struct sources *s, uint32_t file);   /* NULL for file 0 */
struct place source_place(struct sources *s, uint32_t file, uint32_t offset);
/* Text of a 1-based line without its line break; empty beyond the end. */
struct str source_line(struct sources *s, uint32_t file, uint32_t line);
struct str source_text(const struct sources *s, struct span span); /* the bytes of the span */

/* ---- origins ----------------------------------------------------------------------------- */

enum origin_kind { ORIGIN_WORKFLOW, ORIGIN_JOB, ORIGIN_COMMAND, ORIGIN_EXECUTOR, ORIGIN_ORB };

/* How compiled text came to be: which element was called, where the call stands and where the
 * element is defined; up leads to the caller. NULL is the file itself. */
struct origin {
	const struct origin *up;
	enum origin_kind kind;
	struct str name;
	struct span use, def;
};

/* ---- rules and diagnostics --------------------------------------------------------------- */

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

enum rule {
#define RULE(ID, id, group, severity, doc) RULE_##ID,
#include "ccx/rules.def"
#undef RULE
	RULE_COUNT
};

struct rule_info {
	const char *id, *group;
	enum severity severity; /* unless changed by configuration */
	const char *doc;        /* one sentence: what the rule finds */
};

const struct rule_info *rule_info(enum rule rule);
bool rule_find(struct str id, enum rule *rule);

/* Another place that belongs to a fault: "defined here", "first used here". */
struct diag_note {
	struct diag_note *next;
	struct span span;
	struct str text;
};

/* A change to the text that takes a fault away: edits of one file, in order, not overlapping. */
struct edit {
	struct span span; /* what is replaced; len 0 inserts before it */
	struct str text;
};

struct fix {
	bool safe; /* cannot change what the config does, nor lose what somebody meant */
	struct edit *edits;
	uint32_t nedits;
};

struct diag {
	enum rule rule;
	enum severity severity;
	struct span span;
	struct str message; /* says what is wrong; may hold line breaks (official texts) */
	struct str label; /* beside the caret: what was expected, the nearest name; may be empty */
	struct str help;  /* what to do; may be empty */
	struct diag_note *notes;
	const struct origin *origin; /* the calls that led here, innermost first */
	const struct fix *fix;       /* or NULL */
	bool ignored;                /* somebody said so: it counts for nothing */
	struct str reason;           /* that they gave */
};

struct diag_list {
	struct arena *a;
	VEC(struct diag) all;
	uint32_t errors, warnings;
	uint32_t dropped;  /* findings beyond LIMIT_ERRORS */
	struct diag spare; /* what is not kept, so that it can be decorated all the same */
};

void diag_init(struct diag_list *d, struct arena *a);
/* Adds a finding and returns it for decorating; the pointer is valid until the next push. A
 * finding equal in rule, place and message to one that is there is not added twice. */
struct diag *diag_push(struct diag_list *d, enum rule rule, struct span span, const char *format,
	...) __attribute__((format(printf, 4, 5)));
/* False for a finding that will not be shown: what it would cost to explain can be saved. */
static inline bool
diag_kept(const struct diag_list *d, const struct diag *g)
{
	return g != &d->spare;
}
/* Each may be called with the result of diag_push; format as printf. */
void diag_label(struct diag_list *d, struct diag *g, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void diag_help(struct diag_list *d, struct diag *g, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void diag_note(struct diag_list *d, struct diag *g, struct span span, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Gives a finding another severity than its rule has. */
void diag_demote(struct diag_list *d, struct diag *g, enum severity severity);
/* Label `did you mean "x"?` when n found something near. */
void diag_nearest(struct diag_list *d, struct diag *g, const struct nearest *n);
/* Gives a finding the fix that replaces span by text; called again, one of several edits. */
void diag_fix(struct diag_list *d, struct diag *g, bool safe, struct span span, struct str text);
/* Marks a finding as ignored: it stays in the list and is no longer counted. */
void diag_ignore(struct diag_list *d, struct diag *g, struct str reason);
/* By file, offset, rule; findings at one place keep their order. */
void diag_sort(struct diag_list *d);

/* ---- applying fixes ---------------------------------------------------------------------- */

/* The text with n edits made, in arena a. False when they are not in order, overlap, insert twice
 * at one place or lie beyond the text. */
bool text_edit(
	struct arena *a, struct str text, const struct edit *edits, uint32_t n, struct str *out);

/* Edits of one file that can be made at once, in order. Start with {0}. */
struct fix_set {
	VEC(struct edit) edits;
	uint32_t fixes; /* whose edits these are */
};

/* Whether the edits of a fix are in that file and clear of those in the set. */
bool fix_set_takes(const struct fix_set *set, const struct fix *fix, uint32_t file);
void fix_set_add(struct arena *a, struct fix_set *set, const struct fix *fix);
/* Adds the fixes of findings that are not ignored, each whole or not at all: what collides with an
 * earlier one waits for another round. */
void fix_set_collect(const struct diag_list *d, uint32_t file, bool unsafe, struct fix_set *set);

/* ---- findings of several runs ------------------------------------------------------------- */

/* A list that findings are merged into, with the sources that they show. */
struct diag_merge {
	struct sources *s;
	struct diag_list *d;
	struct map paths;    /* of sources that are there */
	struct map findings; /* that are there */
	bool views; /* texts and paths of sources are not copied: they outlive the merged list */
};

/* s and d share an arena; what is in them stays there. */
void diag_merge_init(struct diag_merge *m, struct sources *s, struct diag_list *d);
/* Adds the findings of d, whose places are in s, behind those that are there. All is copied: what s
 * and d are made of may be dropped. A source that is there with the same path and text is not
 * added again, nor is a finding equal in rule, place and message (a fault of an orb that two
 * configs import). */
void diag_merge(struct diag_merge *m, const struct sources *s, const struct diag_list *d);

/* ---- comments that ignore findings ------------------------------------------------------- */

/* A comment of a source, found by who knows YAML. */
struct comment {
	struct span span;  /* from its "#" to the end of the line */
	struct span block; /* the key or list item that begins on its line, or on the next one if it
			    * is alone, with all that belongs to it; len 0: none does */
	bool alone;        /* nothing stands before it on its line */
};

/* What is said of the comments themselves. */
enum ignore_judge {
	IGNORE_SILENT, /* nothing */
	IGNORE_FAULTS, /* those without rule, or with an unknown one */
	IGNORE_UNUSED, /* also those that ignored nothing: every check has run */
};

/*
 * Marks the findings that the comments of one file ignore. In order of the text:
 *
 *     # ccx: ignore[rule, rule2] reason    those that begin on this line; alone: on the next
 *     # ccx: ignore-block[rule] reason     in the key or list item of this line, or of the next
 *     # ccx: ignore-file[rule] reason      in the file
 *     # cci-ignore, cci-ignore-next-line, cci-ignore-start, cci-ignore-end, cci-ignore-file
 *
 * The last ones, of the official language server, ignore every rule. A finding in another file (an
 * orb) is ignored where this file calls it.
 */
void diag_ignore_comments(struct diag_list *d, struct sources *s, const struct comment *comments,
	uint32_t n, enum ignore_judge judge);
/* Whether it is worth while to look for comments: the text has a word that they begin with. */
bool comments_may_ignore(struct str text);
/* Takes the findings of a rule out of the list. */
void diag_remove(struct diag_list *d, enum rule rule);

#endif
