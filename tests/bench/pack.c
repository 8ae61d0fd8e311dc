/* SPDX-License-Identifier: MIT */
/*
 * What `ccx orb pack` costs for a tree of 40 files, beyond an empty program that is linked to ccx's
 * libraries.
 *
 * usage: pack [--strict] CCX TOOLS TREES
 *
 * TOOLS holds the program empty-ccx; the tree is made in TREES. Fails when ccx does, and with
 * --strict when the limit is exceeded.
 */
#include "../measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILES = 40, RUNS = 201, PATH_BYTES = 512 };

static const double work_most = 3.0; /* ms of CPU */

/* A part as large as those of real orbs: a dozen parameters, and steps with a script or two. */
static void
write_part(FILE *f, int number)
{
	fprintf(f,
		"description: >\n  Part %d of the tree, which says what it does\n  in two lines.\n"
		"parameters:\n",
		number);
	for (int i = 0; i < 6; i++)
		fprintf(f,
			"  option-%d:\n    type: string\n    default: \"%d\"\n"
			"    description: What option %d of part %d is for.\n",
			i, i, i, number);
	fputs("steps:\n", f);
	for (int i = 0; i < 3; i++)
		fprintf(f,
			"  - run:\n      name: Step %d\n      environment:\n"
			"        OPTION: << parameters.option-%d >>\n      command: |\n"
			"        set -eu\n        if [ -n \"$OPTION\" ]; then\n"
			"          echo \"$OPTION\" | tee -a out.txt\n        fi\n",
			i, i);
	fputs("  - run: <<include(scripts/run.sh)>>\n", f);
}

static bool
make_tree(const char *root)
{
	static const char *const dirs[] = {"", "/commands", "/scripts"};
	char path[2 * PATH_BYTES];
	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		snprintf(path, sizeof path, "%s%s", root, dirs[i]);
		mkdir(path, 0777);
	}
	for (int i = 0; i < FILES; i++) {
		snprintf(path, sizeof path, "%s/commands/part-%d.yml", root, i);
		if (i == 0)
			snprintf(path, sizeof path, "%s/@orb.yml", root);
		if (i == 1)
			snprintf(path, sizeof path, "%s/scripts/run.sh", root);
		FILE *f = fopen(path, "w");
		if (!f)
			return false;
		if (i == 0)
			fputs("version: 2.1\ndescription: Forty files.\n", f);
		else if (i == 1)
			for (int line = 0; line < 40; line++)
				fprintf(f, "echo \"line %d\" <<<\"$OPTION\"\n", line);
		else
			write_part(f, i);
		if (fclose(f) != 0)
			return false;
	}
	return true;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* One more run of a program; false when it failed. */
static bool
run(const char *const *argv, double *cpu)
{
	struct measured m;
	struct command c = {.argv = argv, .seconds = 60};
	if (!measure(&c, &m))
		return false;
	if (m.status != 0)
		fprintf(stderr, "%s: exit %d\n", argv[0], m.status);
	*cpu = m.cpu_ms;
	return m.status == 0;
}

int
main(int argc, char **argv)
{
	static double pack_cpu[RUNS], empty_cpu[RUNS];
	char tree[PATH_BYTES], empty[PATH_BYTES];
	bool strict = argc > 1 && strcmp(argv[1], "--strict") == 0;
	argv += strict, argc -= strict;
	if (argc != 4) {
		fputs("usage: pack [--strict] CCX TOOLS TREES\n", stderr);
		return 2;
	}
	snprintf(empty, sizeof empty, "%s/empty-ccx", argv[2]);
	snprintf(tree, sizeof tree, "%s/tree", argv[3]);
	if (!make_tree(tree)) {
		perror(tree);
		return 1;
	}
	const char *pack_argv[] = {argv[1], "orb", "pack", tree, NULL};
	const char *empty_argv[] = {empty, NULL};
	for (int i = 0; i < RUNS; i++)
		if (!run(pack_argv, &pack_cpu[i]) || !run(empty_argv, &empty_cpu[i]))
			return 1;
	qsort(pack_cpu, RUNS, sizeof *pack_cpu, compare);
	qsort(empty_cpu, RUNS, sizeof *empty_cpu, compare);
	double work = pack_cpu[RUNS / 2] - empty_cpu[RUNS / 2];
	bool slow = work > work_most;
	printf("\nccx orb pack, %d files: %.2f ms of CPU, %.2f beyond an empty program%s\n"
	       "limit: %.1f ms; ! marks what is above\n",
		FILES, pack_cpu[RUNS / 2], work, slow ? " !" : "", work_most);
	return strict && slow ? 1 : 0;
}
