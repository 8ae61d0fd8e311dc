/* SPDX-License-Identifier: MIT */
/* Runs a program and tells what it cost: for the benchmarks and for hostile input. */
#ifndef TESTS_MEASURE_H
#define TESTS_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

/* What to run; NULL redirections mean /dev/null. A limit of 0 is none. */
struct command {
	const char *const *argv;    /* closed by NULL */
	const char *in, *out, *err; /* out and err may be the same path */
	size_t memory;              /* bytes of address space */
	unsigned seconds;           /* of CPU; twice that on the clock */
};

struct measured {
	int status;             /* exit code, or 128 + signal */
	double cpu_ms, wall_ms; /* CPU: user + system */
	size_t peak;            /* bytes, resident */
};

/* False, with a message on stderr, when the program cannot be started. */
bool measure(const struct command *c, struct measured *m);

#endif
