/* SPDX-License-Identifier: MIT */
/* Hostile matrices, workflows and orbs. */
#include "hostile.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static const char version[] = "version: 2.1\n";

/* ---- matrices ---------------------------------------------------------------------------- */

/* values values for each of n parameters. */
static void
matrix(FILE *f, int n, int values)
{
	fprintf(f, "%sjobs:\n  build:\n    parameters:\n", version);
	for (int i = 0; i < n; i++)
		fprintf(f, "      p%d: {type: integer}\n", i);
	fputs("    docker: [{image: a}]\n    steps: [checkout]\n", f);
	fputs("workflows: {w: {jobs: [build: {matrix: {parameters: {", f);
	for (int i = 0; i < n; i++) {
		fprintf(f, "%sp%d: [0", i ? ", " : "", i);
		for (int j = 1; j < values; j++)
			fprintf(f, ", %d", j);
		fputs("]", f);
	}
	fputs("}}}]}}\n", f);
}

static void
matrix_million(FILE *f)
{
	matrix(f, 3, 100);
}

/* 256^8 is 0 in 64 bits. */
static void
matrix_overflow(FILE *f)
{
	matrix(f, 8, 256);
}

static void
matrix_long(FILE *f)
{
	matrix(f, 1, 1000000);
}

/* 500 matrices of 128: more than a config may have jobs. */
static void
matrices_many(FILE *f)
{
	fprintf(f,
		"%sjobs: {build: {parameters: {a: {type: integer}, b: {type: integer}}, docker: "
		"[{image: a}], steps: [checkout]}}\n"
		"workflows:\n  w:\n    jobs:\n",
		version);
	for (int i = 0; i < 500; i++)
		fprintf(f,
			"    - build: {name: j%d-<<matrix.a>>-<<matrix.b>>, matrix: {parameters: "
			"{a: [1, 2, 3, 4, 5, 6, 7, 8], b: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, "
			"13, 14, 15, 16]}}}\n",
			i);
}

static void
matrix_exclusions(FILE *f)
{
	fprintf(f,
		"%sjobs: {build: {parameters: {a: {type: integer}, b: {type: integer}}, docker: "
		"[{image: a}], steps: [checkout]}}\n"
		"workflows:\n  w:\n    jobs:\n    - build:\n        matrix:\n"
		"          parameters: {a: [1, 2, 3, 4, 5, 6, 7, 8], b: [1, 2, 3, 4, 5, 6, 7, 8]}\n"
		"          exclude:\n",
		version);
	put_times(f, "          - {a: 1, b: 1}\n", 200000);
}

/* ---- workflows --------------------------------------------------------------------------- */

static void
put_named_jobs(FILE *f)
{
	fprintf(f,
		"%sjobs: {build: {docker: [{image: a}], steps: [checkout]}}\n"
		"workflows:\n  w:\n    jobs:\n",
		version);
}

static void
requires_chain(FILE *f)
{
	put_named_jobs(f);
	fputs("    - build: {name: j0}\n", f);
	for (int i = 1; i < 40000; i++)
		fprintf(f, "    - build: {name: j%d, requires: [j%d]}\n", i, i - 1);
}

static void
requires_cycle(FILE *f)
{
	put_named_jobs(f);
	fputs("    - build: {name: first}\n", f);
	for (int i = 0; i < 40000; i++)
		fprintf(f, "    - build: {name: j%d, requires: [j%d]}\n", i, (i + 1) % 40000);
}

/* Every one of 3,000 jobs waits for the 3,000 others' first ones: nine million edges. */
static void
requires_dense(FILE *f)
{
	put_named_jobs(f);
	for (int i = 0; i < 3000; i++)
		fprintf(f, "    - build: {name: a%d}\n", i);
	for (int i = 0; i < 3000; i++) {
		fprintf(f, "    - build: {name: b%d, requires: ", i);
		if (i)
			fputs("*all", f);
		for (int j = 0; !i && j < 3000; j++)
			fprintf(f, "%sa%d", j ? ", " : "&all [", j);
		fputs(i ? "}\n" : "]}\n", f);
	}
}

static void
workflows_many(FILE *f)
{
	fprintf(f, "%sjobs: {build: {docker: [{image: a}], steps: [checkout]}}\nworkflows:\n",
		version);
	for (int i = 0; i < 40000; i++)
		fprintf(f, "  w%d: {jobs: [build]}\n", i);
}

/* Twenty thousand names, none of them right, and as many to compare each with. */
static void
typos(FILE *f)
{
	fprintf(f, "%sjobs:\n", version);
	for (int i = 0; i < 20000; i++)
		fprintf(f, "  build-number-%d: {docker: [{image: a}], steps: [checkout]}\n", i);
	fputs("workflows:\n  w:\n    jobs:\n", f);
	for (int i = 0; i < 20000; i++)
		fprintf(f, "    - biuld-number-%d\n", i);
}

static void
wrong_keys(FILE *f)
{
	fprintf(f, "%sjobs:\n", version);
	for (int i = 0; i < 100000; i++)
		fprintf(f, "  j%d: {dokcer: [{image: a}]}\n", i);
	fputs("workflows: {w: {jobs: [j1]}}\n", f);
}

static void
long_names(FILE *f)
{
	fprintf(f, "%sjobs: {build: {docker: [{image: a}], steps: [checkout]}}\n", version);
	fputs("workflows:\n  w:\n    jobs:\n", f);
	for (int i = 0; i < 200; i++) {
		fprintf(f, "    - n%d", i);
		put_times(f, "x", 50000);
		fputs("\n", f);
	}
}

static void
alias_cycle(FILE *f)
{
	fprintf(f,
		"%sexecutors: {a: b, b: a}\n"
		"jobs: {build: {executor: a, steps: [checkout]}, c: d, d: c}\n"
		"workflows: {w: {jobs: [build, c]}}\n",
		version);
}

/* ---- orbs -------------------------------------------------------------------------------- */

/* Writes dir/hostile/name/1.0.0.yml, an orb that imports the other one and has a command. */
static void
write_orb(const char *dir, const char *name, const char *other)
{
	char path[512];
	snprintf(path, sizeof path, "%s/hostile", dir);
	mkdir(path, 0777);
	snprintf(path, sizeof path, "%s/hostile/%s", dir, name);
	mkdir(path, 0777);
	snprintf(path, sizeof path, "%s/hostile/%s/1.0.0.yml", dir, name);
	FILE *f = fopen(path, "w");
	if (!f) {
		fprintf(stderr, "hostile: %s: %s\n", path, strerror(errno));
		return;
	}
	fprintf(f,
		"version: 2.1\n"
		"orbs: {other: hostile/%s@1}\n"
		"commands: {call: {steps: [other/call]}}\n",
		other);
	fclose(f);
}

static void
orb_config(FILE *f)
{
	fprintf(f, "%sorbs: {o: hostile/first@1.0.0}\n", version);
	fputs("jobs: {build: {docker: [{image: a}], steps: [o/call]}}\n"
	      "workflows: {w: {jobs: [build]}}\n",
		f);
}

static void
orb_self(const char *dir)
{
	write_orb(dir, "first", "first");
}

static void
orb_mutual(const char *dir)
{
	write_orb(dir, "first", "second");
	write_orb(dir, "second", "first");
}

static void
orb_chain(const char *dir)
{
	write_orb(dir, "first", "orb-1");
	for (int i = 1; i < 300; i++) {
		char name[32], other[32];
		snprintf(name, sizeof name, "orb-%d", i);
		snprintf(other, sizeof other, "orb-%d", i + 1);
		write_orb(dir, name, other);
	}
}

static void
orb_large(const char *dir)
{
	char path[512];
	write_orb(dir, "first", "first");
	snprintf(path, sizeof path, "%s/hostile/first/1.0.0.yml", dir);
	FILE *f = fopen(path, "w");
	if (!f)
		return;
	fputs("version: 2.1\n", f);
	put_times(f, "# an orb of 15 MB, for one command\n", 430000);
	fputs("commands: {call: {steps: [checkout]}}\n", f);
	fclose(f);
}

/* One large orb under two thousand names. */
static void
orb_aliases(FILE *f)
{
	fprintf(f, "%sorbs:\n", version);
	for (int i = 0; i < 2000; i++)
		fprintf(f, "  o%d: hostile/first@%s\n", i, i % 2 ? "1" : "1.0");
	fputs("jobs: {build: {docker: [{image: a}], steps: [o1/call]}}\n"
	      "workflows: {w: {jobs: [build]}}\n",
		f);
}

static void
orb_inline_deep(FILE *f)
{
	fputs(version, f);
	put_times(f, "orbs: {o: {", 2000);
	put_times(f, "}}", 2000);
	fputs("\n", f);
	put_job(f);
}

const struct hostile workflow_cases[] = {
	{"matrix-million", matrix_million, REFUSED, "matrix-size", NULL, NULL},
	{"matrix-overflow", matrix_overflow, REFUSED, "matrix-size", NULL, NULL},
	{"matrix-long", matrix_long, REFUSED, "matrix-size", NULL, NULL},
	{"matrices-many", matrices_many, REFUSED, "too-large", NULL, NULL},
	{"matrix-exclusions", matrix_exclusions, EITHER, NULL, NULL, NULL},
	{"requires-chain", requires_chain, HARMLESS, NULL, NULL, NULL},
	{"requires-cycle", requires_cycle, REFUSED, "unreachable-job", NULL, NULL},
	{"requires-dense", requires_dense, EITHER, "too-large", NULL, NULL},
	{"workflows-many", workflows_many, HARMLESS, NULL, NULL, NULL},
	{"typos", typos, REFUSED, "undefined-job", NULL, NULL},
	{"wrong-keys", wrong_keys, REFUSED, NULL, NULL, NULL},
	{"long-names", long_names, REFUSED, "undefined-job", NULL, NULL},
	{"alias-cycle", alias_cycle, REFUSED, "invalid-alias", NULL, NULL},
	{"orb-self", orb_config, REFUSED, "orb-cycle", orb_self, NULL},
	{"orb-mutual", orb_config, REFUSED, "orb-cycle", orb_mutual, NULL},
	{"orb-chain", orb_config, REFUSED, "orb-cycle", orb_chain, NULL},
	{"orb-aliases", orb_aliases, EITHER, NULL, orb_large, NULL},
	{"orb-inline-deep", orb_inline_deep, REFUSED, NULL, NULL, NULL},
	{0},
};
