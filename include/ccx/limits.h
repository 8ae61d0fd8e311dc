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
	LIMIT_URL_ORBS = 50,             /* CircleCI: those of them that are fetched by address */
	LIMIT_URL_ORB_DEPTH = 5,         /* CircleCI: levels of imports down to such an orb */
	LIMIT_JOBS = 50000,              /* compiled jobs */
	LIMIT_STEPS = 1000000,           /* compiled steps */
	LIMIT_REQUIRES = 1000000,        /* resolved requires of all jobs */
	LIMIT_COMPILE_BYTES = 128 << 20, /* memory of one compile */

	LIMIT_PACK_FILES = 10000,    /* files of one tree to pack */
	LIMIT_PACK_ENTRIES = 50000,  /* names in the folders of one tree to pack */
	LIMIT_PACK_DEPTH = 32,       /* folders inside folders */
	LIMIT_PACK_BYTES = 64 << 20, /* all files of one tree to pack, includes too */

	LIMIT_GLOB_NAMES = 4 << 20,      /* names in folders that one `tests glob` looks at */
	LIMIT_GLOB_DEPTH = 1000,         /* folders inside folders that it goes into */
	LIMIT_TIMINGS_BYTES = 128 << 20, /* one file of timings or list of tests */
	LIMIT_TESTS = 4 << 20,           /* tests that are split or have a duration */
	LIMIT_CONTAINERS = 100000,       /* containers that tests are split between */

	LIMIT_PATH_TESTS = 1000000, /* comparisons of changed files with patterns */

	LIMIT_SCENARIO_LINES = 10000,  /* names in one scenario */
	LIMIT_SCENARIO_PATTERNS = 500, /* of these with * or ? */
	LIMIT_SIM_TASKS = 10000,       /* parallel tasks of one simulated job */
	LIMIT_SIM_PIPELINES = 100000,  /* pipelines of one simulation */
	LIMIT_SIM_STEPS = 8 << 20,     /* steps that are played, of all pipelines and attempts */
	LIMIT_SIM_SHOWN = 1 << 20,     /* steps that are written as JSON or trace */
	LIMIT_SIM_SAMPLES = 16 << 20,  /* durations that quantiles are taken from */
	LIMIT_SIM_REPEATS = 100000000, /* steps that are played in all runs together */
};

#endif
