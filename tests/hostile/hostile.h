/* SPDX-License-Identifier: MIT */
/* Configs that mean harm: each is written on the spot and given to `ccx config process`. */
#ifndef TESTS_HOSTILE_H
#define TESTS_HOSTILE_H

#include <stdio.h>

enum verdict {
	REFUSED,  /* exit 7, with one of the rules named */
	HARMLESS, /* exit 0 */
	EITHER,   /* one of these: the case is about cost */
};

struct hostile {
	const char *name;
	void (*write)(FILE *f);
	enum verdict verdict;
	const char *rules; /* "a|b"; NULL: any rule */
	/* Writes orbs below dir, which is then the --orb-path; NULL: none. */
	void (*write_orbs)(const char *dir);
	const char *on_stdin; /* not NULL: read as standard input */
};

/* Each ends with an entry without a name. */
extern const struct hostile yaml_cases[], config_cases[], workflow_cases[];

/* ---- for the writers --------------------------------------------------------------------- */

void put_times(FILE *f, const char *text, size_t times);
/* The rest of a config after which nothing but the harm is wrong: one job in one workflow. */
void put_job(FILE *f);

#endif
