/* SPDX-License-Identifier: MIT */
/*
 * Options. A command declares its options once, in a table; parsing, help, the manual page and the
 * completions all read that table. Values are stored by offset into the command's own struct.
 */
#ifndef CCX_CLI_OPT_H
#define CCX_CLI_OPT_H

#include "ccx/base.h"

enum opt_kind {
	OPT_FLAG,   /* bool: true when given */
	OPT_TEXT,   /* const char *: the last one given */
	OPT_LIST,   /* struct opt_list: every one given */
	OPT_EACH,   /* struct opt_given_list: every one given; several options may share it */
	OPT_IGNORE, /* accepted for the official CLI's sake; takes a value when one is named */
};

enum opt_completion { COMPLETE_NONE, COMPLETE_FILE, COMPLETE_DIR };

struct opt_list {
	const char **v;
	uint32_t n, cap;
};

/* An option as it was given. */
struct opt_given {
	const struct opt *opt;
	const char *value;
};

struct opt_given_list {
	struct opt_given *v;
	uint32_t n, cap;
};

struct opt {
	enum opt_kind kind;
	char letter;                /* 0: none */
	const char *name;           /* without dashes */
	const char *value;          /* what help calls the value: "FILE"; NULL takes none */
	size_t offset;              /* of the field that it sets */
	const char *help;           /* one line, no full stop */
	const char *const *choices; /* the values allowed, ended by NULL; NULL: any */
	enum opt_completion complete;
};

#define OPT_END              \
	{                    \
		.name = NULL \
	}

/* A table and the struct that it fills. */
struct opt_set {
	const struct opt *opts;
	void *into;
};

struct opt_parse {
	struct arena *a;
	struct opt_set sets[2];  /* the command's own, and the common ones; opts may be NULL */
	struct opt_list ignored; /* options that had no effect */
	struct str error;        /* why opt_parse gave false */
};

/* Reads args (NULL-terminated). Operands are collected in *operands, in order; "--" ends the
 * options, "-" is an operand. With operands NULL it stops at the first operand. *args is moved
 * behind what was read. False with error set on the first option that is wrong. */
bool opt_parse(struct opt_parse *p, char ***args, struct opt_list *operands);
/* "-o, --output-file FILE", as help prints it. */
struct str opt_title(struct arena *a, const struct opt *o);
/* Number of options in a table. */
uint32_t opt_count(const struct opt *opts);

#endif
