/* SPDX-License-Identifier: MIT */
/*
 * What `ccx config validate` costs: one config of 25 kB beside programs that do less, and a
 * thousand configs of 20 kB.
 *
 * usage: validate [--strict] CCX TOOLS CONFIGS
 *
 * TOOLS holds the programs empty and events; CONFIGS has 25000.yml and the folder many. yamllint
 * and Python with jsonschema are measured where they are installed. Fails when ccx does, and with
 * --strict when a limit is exceeded.
 */
#include "../measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS_MOST = 301, PATH_BYTES = 512, MIB = 1 << 20 };

/* The limits. */
static const double ratio_most = 2.0;   /* ccx to the event loop, whole processes */
static const double seconds_most = 1.0; /* on the clock, for the thousand, on two processors */
static const double peak_most = 300.0;  /* MiB, for the thousand */

struct program {
	const char *what;
	const char *argv[8];
	unsigned runs;
	bool optional; /* may be missing, and may find fault with the config */
	double cpu, wall, peak;
};

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double
median(double *v, unsigned n)
{
	qsort(v, n, sizeof *v, compare);
	return v[n / 2];
}

/* One run; false when it could not be done. */
static bool
run(const struct program *p, struct measured *m)
{
	struct command c = {.argv = p->argv, .seconds = 60};
	if (p->optional)
		return measure(&c, m) && m->status <= 1;
	if (!measure(&c, m))
		return false;
	if (m->status != 0)
		fprintf(stderr, "%s: exit %d\n", p->what, m->status);
	return m->status == 0;
}

/* Medians of all programs, which take turns so that a slow spell of the machine falls on all. */
static bool
run_all(struct program *all, unsigned n)
{
	static double cpu[8][RUNS_MOST], wall[8][RUNS_MOST];
	for (unsigned i = 0; i < RUNS_MOST; i++) {
		for (unsigned p = 0; p < n; p++) {
			struct measured m;
			if (i >= all[p].runs)
				continue;
			if (!run(&all[p], &m) && !all[p].optional)
				return false;
			if (m.status > 1)
				all[p].runs = 0;
			cpu[p][i] = m.cpu_ms;
			wall[p][i] = m.wall_ms;
			all[p].peak = (double)m.peak > all[p].peak ? (double)m.peak : all[p].peak;
		}
	}
	for (unsigned p = 0; p < n; p++) {
		all[p].cpu = all[p].runs ? median(cpu[p], all[p].runs) : 0;
		all[p].wall = all[p].runs ? median(wall[p], all[p].runs) : 0;
	}
	return true;
}

static void
print_programs(const struct program *all, unsigned n, const struct program *yardstick)
{
	printf("\n%-44s %9s %9s %7s %9s\n", "a config of 25 kB, whole processes", "CPU ms",
		"wall ms", "ratio", "peak MiB");
	for (unsigned p = 0; p < n; p++) {
		if (!all[p].runs)
			printf("%-44s %9s\n", all[p].what, "absent");
		else
			printf("%-44s %9.2f %9.2f %7.2f %9.1f\n", all[p].what, all[p].cpu,
				all[p].wall, all[p].wall / yardstick->wall, all[p].peak / MIB);
	}
}

/* The same through Python: what many use to check configs in CI. */
#define PYTHON_CHECK                                   \
	"import sys, json, yaml, jsonschema\n"         \
	"schema = json.load(open(sys.argv[1]))\n"      \
	"config = yaml.safe_load(open(sys.argv[2]))\n" \
	"jsonschema.Draft7Validator(schema).is_valid(config)\n"

static bool
bench_one(const char *ccx, const char *tools, const char *configs, double *ratio)
{
	static char empty[PATH_BYTES], events[PATH_BYTES], config[PATH_BYTES];
	snprintf(empty, sizeof empty, "%s/empty", tools);
	snprintf(events, sizeof events, "%s/events", tools);
	snprintf(config, sizeof config, "%s/25000.yml", configs);
	struct program all[] = {
		{"ccx config validate", {ccx, "config", "validate", config}, RUNS_MOST, false, 0, 0,
			0},
		{"libyaml's bare event loop", {events, config}, RUNS_MOST, false, 0, 0, 0},
		{"a program that does nothing", {empty}, RUNS_MOST, false, 0, 0, 0},
		{"yamllint (syntax and style)", {"yamllint", "-d", "relaxed", config}, 5, true, 0,
			0, 0},
		{"python3 with jsonschema (schema alone)",
			{"python3", "-c", PYTHON_CHECK, "schema/config.json", config}, 5, true, 0,
			0, 0},
	};
	enum { N = sizeof all / sizeof *all };
	if (!run_all(all, N))
		return false;
	print_programs(all, N, &all[1]);
	*ratio = all[0].wall / all[1].wall;
	return true;
}

static bool
bench_many(const char *ccx, const char *configs, struct program *best)
{
	static char folder[PATH_BYTES];
	static const char *const threads[] = {"1", "2"};
	snprintf(folder, sizeof folder, "%s/many", configs);
	printf("\n%-44s %9s %9s %7s %9s\n", "a thousand configs of 20 kB", "CPU ms", "wall ms", "",
		"peak MiB");
	for (unsigned i = 0; i < 2; i++) {
		struct program p = {"ccx config validate -j",
			{ccx, "config", "validate", "-j", threads[i], folder}, 5, false, 0, 0, 0};
		if (!run_all(&p, 1))
			return false;
		printf("%s %-21s %9.2f %9.2f %7s %9.1f\n", p.what, threads[i], p.cpu, p.wall, "",
			p.peak / MIB);
		*best = p;
	}
	return true;
}

int
main(int argc, char **argv)
{
	bool strict = argc > 1 && strcmp(argv[1], "--strict") == 0;
	argv += strict, argc -= strict;
	if (argc != 4) {
		fputs("usage: validate [--strict] CCX TOOLS CONFIGS\n", stderr);
		return 2;
	}
	double ratio;
	struct program many;
	if (!bench_one(argv[1], argv[2], argv[3], &ratio) || !bench_many(argv[1], argv[3], &many))
		return 1;
	bool slow = ratio > ratio_most, slow_many = many.wall > seconds_most * 1e3,
	     large = many.peak > peak_most * MIB;
	printf("\nlimits: one config %.1f times the event loop%s; a thousand %.1f s%s, %.0f MiB%s; "
	       "! marks what is above\n",
		ratio_most, slow ? " !" : "", seconds_most, slow_many ? " !" : "", peak_most,
		large ? " !" : "");
	return strict && (slow || slow_many || large) ? 1 : 0;
}
