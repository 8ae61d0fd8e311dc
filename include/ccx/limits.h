/* SPDX-License-Identifier: MIT */
/*
 * Every bound that ccx sets to what it reads, so that no input can make it crash, hang or fill the
 * memory. Each has a diagnostic of its own. Bounds that are CircleCI's are marked; the others stand
 * far above what real configs need.
 */
#ifndef CCX_LIMITS_H
#define CCX_LIMITS_H

enum ccx_limit {
	LIMIT_FILE_BYTES = 16 << 20,    /* one config, orb or parameter file */
	LIMIT_DEPTH = 256,              /* nesting of YAML collections */
	LIMIT_NODES = 4 << 20,          /* nodes of one loaded document */
	LIMIT_OUTPUT_BYTES = 128 << 20, /* one processed config, estimated from its tree */
	LIMIT_ERRORS = 200,             /* findings of one run before it says "and more" */
	LIMIT_MESSAGE_BYTES = 1000,     /* one text of a finding: names can be as long as files */
	LIMIT_CANDIDATES = 2000,        /* names that are compared for "did you mean" */

	LIMIT_EXPRESSION_CHARS = 2048, /* CircleCI: code points in one << >> */
	LIMIT_EXPRESSION_DEPTH = 100,  /* CircleCI: logic statements; used for expressions too */
	LIMIT_LOGIC_NODES = 100000,    /* one logic statement, aliases written out */
	LIMIT_SECTION_DEPTH = 64,      /* <<# >> sections inside sections */
	LIMIT_PATTERN_CHARS = 256,     /* CircleCI: a pattern in an expression */
	LIMIT_PATTERN_SOURCE = 4096,   /* a pattern anywhere else */
	LIMIT_PATTERN_MATCH = 200000,  /* PCRE2 match steps */
	LIMIT_PATTERN_HEAP_KB = 8192,  /* PCRE2 heap */
	LIMIT_TEXT_BYTES = 4 << 20,    /* one string after substitution */

	LIMIT_MATRIX_JOBS = 128,         /* CircleCI: combinations of one matrix */
	LIMIT_COMMAND_DEPTH = 100,       /* commands called by commands */
	LIMIT_ORB_DEPTH = 16,            /* orbs imported by orbs */
	LIMIT_ORBS = 500,                /* orbs of one config, imports included */
	LIMIT_JOBS = 50000,              /* compiled jobs */
	LIMIT_STEPS = 1000000,           /* compiled steps */
	LIMIT_REQUIRES = 1000000,        /* resolved requires of all jobs */
	LIMIT_COMPILE_BYTES = 128 << 20, /* memory of one compile */

	LIMIT_PACK_FILES = 10000,    /* files of one tree to pack */
	LIMIT_PACK_ENTRIES = 50000,  /* names in the folders of one tree to pack */
	LIMIT_PACK_DEPTH = 32,       /* folders inside folders */
	LIMIT_PACK_BYTES = 64 << 20, /* all files of one tree to pack, includes too */
};

#endif
