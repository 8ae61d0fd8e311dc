/* SPDX-License-Identifier: MIT */
/*
 * What it costs to ask a config of a thousand lines what runs and what that costs: whole processes,
 * which read, compile and play it, as somebody who types the command waits for them.
 *
 * usage: answers [--strict] CCX CONFIG
 *
 * Fails when ccx does, and with --strict when a limit is exceeded.
 */
#include "../measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS = 101, ROWS = 5, ARGS = 8 };

static const int lines_least = 1000;

struct row {
	const char *what;
	double most;            /* ms on the clock, the median */
	const char *argv[ARGS]; /* behind ccx; the config is put behind these */
	double wall[RUNS], cpu[RUNS], peak;
};

static struct row rows[ROWS] = {
	{"ccx plan", 10.0, .argv = {"plan", "--branch", "main"}},
	{"ccx plan --matrix, five events", 20.0,
		.argv = {"plan", "--matrix", "main,release/2.0,fix,v1.2.3,api"}},
	{"ccx cost", 10.0, .argv = {"cost", "--branch", "main"}},
	{"ccx cost --what-if, --pushes", 20.0,
		.argv = {"cost", "--what-if", "*.resource_class=large", "--pushes", "400"}},
	{"ccx simulate", 10.0, .argv = {"simulate", "--branch", "main"}},
};

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static int
count_lines(const char *path)
{
	int c, lines = 0;
	FILE *f = fopen(path, "r");
	if (!f)
		return 0;
	while ((c = getc(f)) != EOF)
		lines += c == '\n';
	fclose(f);
	return lines;
}

static bool
run(struct row *row, const char *ccx, const char *config, unsigned number)
{
	const char *argv[ARGS + 3] = {ccx};
	struct measured m;
	struct command c = {.argv = argv, .seconds = 60};
	unsigned n = 1;
	while (row->argv[n - 1]) {
		argv[n] = row->argv[n - 1];
		n++;
	}
	argv[n] = config;
	if (!measure(&c, &m))
		return false;
	if (m.status != 0) {
		fprintf(stderr, "%s: exit %d\n", row->what, m.status);
		return false;
	}
	row->wall[number] = m.wall_ms;
	row->cpu[number] = m.cpu_ms;
	row->peak = (double)m.peak > row->peak ? (double)m.peak : row->peak;
	return true;
}

int
main(int argc, char **argv)
{
	bool strict = argc > 1 && strcmp(argv[1], "--strict") == 0, slow = false;
	argv += strict, argc -= strict;
	if (argc != 3) {
		fputs("usage: answers [--strict] CCX CONFIG\n", stderr);
		return 2;
	}
	int lines = count_lines(argv[2]);
	if (lines < lines_least) {
		fprintf(stderr, "%s has %d lines, fewer than %d\n", argv[2], lines, lines_least);
		return 1;
	}
	for (unsigned i = 0; i < RUNS; i++)
		for (unsigned k = 0; k < ROWS; k++)
			if (!run(&rows[k], argv[1], argv[2], i))
				return 1;
	printf("\na config of %4d lines, whole processes%7s %9s %9s %7s %9s\n", lines, "", "CPU ms",
		"wall ms", "least", "peak MiB");
	for (unsigned k = 0; k < ROWS; k++) {
		qsort(rows[k].wall, RUNS, sizeof(double), compare);
		qsort(rows[k].cpu, RUNS, sizeof(double), compare);
		bool over = rows[k].wall[RUNS / 2] > rows[k].most;
		printf("%-44s %9.2f %8.2f%s %7.2f %9.1f\n", rows[k].what, rows[k].cpu[RUNS / 2],
			rows[k].wall[RUNS / 2], over ? "!" : " ", rows[k].wall[0],
			rows[k].peak / (1 << 20));
		slow = slow || over;
	}
	printf("\nlimits on the clock, the median of %d: %.0f ms, with several events or changes "
	       "%.0f "
	       "ms; ! marks what is above\n",
		RUNS, rows[0].most, rows[1].most);
	return strict && slow ? 1 : 0;
}
