/* SPDX-License-Identifier: MIT */
/*
 * What `ccx simulate` costs: a thousand pipelines of two hundred jobs, each of four steps that
 * restore and save a cache, without and with a limit to their concurrency; and one pipeline of it.
 *
 * usage: simulate [--strict] CCX FOLDER
 *
 * Config and arrivals are made in FOLDER. Fails when ccx does, and with --strict when a limit is
 * exceeded.
 */
#include "../measure.h"

#include <stdio.h>
#include <string.h>

enum { JOBS = 200, PIPELINES = 1000, RUNS = 5, PATH_BYTES = 512, MIB = 1 << 20 };

static const double thousand_most = 1000.0; /* ms of CPU */
static const double one_most = 10.0;

/* Ten jobs require nothing, each other one three that stand before it. */
static void
write_config(FILE *f)
{
	fputs("version: 2.1\njobs:\n", f);
	for (unsigned i = 0; i < JOBS; i++)
		fprintf(f,
			"  job-%u:\n    docker: [{image: cimg/base:current}]\n    steps:\n"
			"    - checkout\n    - restore_cache: {keys: ['v1-%u-{{ checksum \"a\" "
			"}}']}\n"
			"    - run: {name: Make, command: make}\n"
			"    - save_cache: {key: 'v1-%u-{{ checksum \"a\" }}', paths: [x]}\n",
			i, i, i);
	fputs("workflows:\n  main:\n    jobs:\n", f);
	for (unsigned i = 0, x = 1; i < JOBS; i++) {
		fprintf(f, "    - job-%u", i);
		if (i >= 10) {
			unsigned of[3];
			for (unsigned k = 0; k < 3; k++) {
				x = x * 1664525u + 1013904223u;
				of[k] = k * (i / 3) + (x >> 8) % (i / 3);
			}
			fprintf(f, ": {requires: [job-%u, job-%u, job-%u]}", of[0], of[1], of[2]);
		}
		fputc('\n', f);
	}
}

static bool
write_files(const char *config, const char *arrivals)
{
	FILE *f = fopen(config, "w");
	if (!f)
		return false;
	write_config(f);
	if (fclose(f) != 0 || !(f = fopen(arrivals, "w")))
		return false;
	for (unsigned i = 0; i < PIPELINES; i++)
		fprintf(f, "%us, branch-%u\n", i * 37, i % 50);
	return fclose(f) == 0;
}

/* The fastest of some runs, printed, for others of the machine are none of ccx's; *cpu is what is
 * compared with the limits: ccx has one thread. False when a run fails. */
static bool
bench(const char *what, const char *const *argv, double *cpu)
{
	double wall = 0, peak = 0;
	for (int i = 0; i < RUNS; i++) {
		struct measured m;
		struct command c = {.argv = argv, .seconds = 60};
		if (!measure(&c, &m))
			return false;
		if (m.status != 0) {
			fprintf(stderr, "%s: exit %d\n", what, m.status);
			return false;
		}
		wall = i == 0 || m.wall_ms < wall ? m.wall_ms : wall;
		*cpu = i == 0 || m.cpu_ms < *cpu ? m.cpu_ms : *cpu;
		peak = (double)m.peak > peak ? (double)m.peak : peak;
	}
	printf("%-44s %9.2f %9.2f %7s %9.1f\n", what, *cpu, wall, "", peak / MIB);
	return true;
}

int
main(int argc, char **argv)
{
	static char config[PATH_BYTES], arrivals[PATH_BYTES];
	bool strict = argc > 1 && strcmp(argv[1], "--strict") == 0;
	argv += strict, argc -= strict;
	if (argc != 3) {
		fputs("usage: simulate [--strict] CCX FOLDER\n", stderr);
		return 2;
	}
	snprintf(config, sizeof config, "%s/simulate.yml", argv[2]);
	snprintf(arrivals, sizeof arrivals, "%s/arrivals", argv[2]);
	if (!write_files(config, arrivals)) {
		perror(config);
		return 1;
	}
	double one, thousand, queued;
	const char *one_argv[] = {argv[1], "simulate", config, NULL};
	const char *all_argv[] = {argv[1], "simulate", config, "--arrivals", arrivals, NULL, NULL};
	printf("\n%-44s %9s %9s %7s %9s\n", "ccx simulate, pipelines of 200 jobs", "CPU ms",
		"wall ms", "", "peak MiB");
	if (!bench("one", one_argv, &one) || !bench("a thousand", all_argv, &thousand))
		return 1;
	all_argv[5] = "--plan=free";
	if (!bench("a thousand that queue for 30 places", all_argv, &queued))
		return 1;
	bool slow_one = one > one_most, slow = thousand > thousand_most || queued > thousand_most;
	printf("\nlimits: one %.0f ms%s, a thousand %.0f ms%s; ! marks what is above\n", one_most,
		slow_one ? " !" : "", thousand_most, slow ? " !" : "");
	return strict && (slow_one || slow) ? 1 : 0;
}
