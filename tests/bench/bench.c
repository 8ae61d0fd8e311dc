/* SPDX-License-Identifier: MIT */
/*
 * What `ccx config process` costs, beside libyaml's bare event loop over the same input and output.
 *
 * usage: bench [--strict] CCX TOOLS CONFIGS
 *
 * TOOLS holds the programs events, empty, empty-yaml and empty-ccx; CONFIGS the generated configs.
 * Fails when ccx does, and with --strict when a limit is exceeded.
 */
#include "../measure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { RUNS_MOST = 201, PATH_BYTES = 512 };

/* The limits. */
static const double ratio_most = 2.5;     /* ccx to yardstick, in work done */
static const double exponent_most = 1.15; /* 1 is linear; the rest is room for noise */
static const double overhead_most = 1.0;  /* ms at 1 kB, over a program that does nothing */
static const double peak_factor = 12.0;   /* resident bytes for each byte of input… */
static const double peak_base = 4 << 20;  /* …over this */
static const double trusted_ms = 0.5;     /* a yardstick shorter than this is noise: no verdict */

struct bench {
	const char *ccx, *tools, *configs;
	bool strict;
	unsigned exceeded;
};

struct input {
	const char *file;
	unsigned runs;
	bool expands; /* makes far more than it reads: memory is compared with both */
};

static const struct input inputs[] = {
	{"1000.yml", 201, false},
	{"10000.yml", 101, false},
	{"100000.yml", 41, false},
	{"1000000.yml", 11, false},
	{"jobs.yml", 7, true},
};

/* Medians of one program's runs. */
struct cost {
	double cpu[RUNS_MOST], wall[RUNS_MOST];
	unsigned n;
	size_t peak;
};

/* The programs that are run in turn, so that a slow spell of the machine falls on all. */
enum { EMPTY, EMPTY_YAML, EMPTY_CCX, EVENTS, CCX, PROGRAMS };

static const char legend[] =
	"\n"
	"Each number is the median of many runs of whole processes, the programs taking turns.\n"
	"ccx      CPU (user + system) of `ccx config process FILE`, and its time on the clock\n"
	"work     that CPU without what an empty program costs that is linked to ccx's libraries:\n"
	"         the start of a process is no part of processing, but is told as overhead below\n"
	"yard     CPU of libyaml's bare event loop over input, then output, likewise without the\n"
	"         cost of an empty program linked to libyaml\n"
	"ratio    work / yard; no verdict (~) where the yardstick is below 0.5 ms, which is noise\n"
	"growth   exponent of work between this size and the one above: 1 is linear\n"
	"peak     resident memory; peak-x is (peak - 4 MiB) / input, for the config of 10,000\n"
	"         jobs / (input + output)\n"
	"overhead CPU at 1 kB beyond an empty program that is linked to the C library only\n";

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

static double
size_of(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 ? (double)st.st_size : 0;
}

/* One run; false when it failed. */
static bool
run(const char *const *argv, const char *out, struct cost *cost)
{
	struct measured m;
	struct command c = {.argv = argv, .out = out, .seconds = 60};
	if (!measure(&c, &m))
		return false;
	if (m.status != 0) {
		fprintf(stderr, "%s %s: exit %d\n", argv[0], argv[1] ? argv[1] : "", m.status);
		return false;
	}
	if (cost) {
		cost->cpu[cost->n] = m.cpu_ms;
		cost->wall[cost->n++] = m.wall_ms;
		cost->peak = m.peak > cost->peak ? m.peak : cost->peak;
	}
	return true;
}

static bool
measure_all(const struct bench *b, const struct input *input, struct cost *costs)
{
	char in[PATH_BYTES], out[PATH_BYTES], tool[4][PATH_BYTES];
	static const char *const tools[] = {"empty", "empty-yaml", "empty-ccx", "events"};
	snprintf(in, sizeof in, "%s/%s", b->configs, input->file);
	snprintf(out, sizeof out, "%s/%s.out", b->configs, input->file);
	for (unsigned i = 0; i < 4; i++)
		snprintf(tool[i], sizeof tool[i], "%s/%s", b->tools, tools[i]);
	const char *empty[] = {tool[EMPTY], NULL}, *yaml[] = {tool[EMPTY_YAML], NULL};
	const char *linked[] = {tool[EMPTY_CCX], NULL}, *events[] = {tool[EVENTS], in, out, NULL};
	const char *ccx[] = {b->ccx, "config", "process", in, NULL};
	const char *const *programs[PROGRAMS] = {empty, yaml, linked, events, ccx};
	if (!run(ccx, out, NULL))
		return false;
	for (unsigned i = 0; i < input->runs; i++)
		for (unsigned p = 0; p < PROGRAMS; p++)
			if (!run(programs[p], NULL, &costs[p]))
				return false;
	return true;
}

/* A cell, marked when its value is above the limit. */
static void
cell(struct bench *b, double value, double limit, bool judged)
{
	bool over = judged && value > limit;
	printf(" %7.2f%s", value, !judged ? "~" : over ? "!" : " ");
	b->exceeded += over;
}

struct row {
	double in, out, cpu, wall, work, yard, overhead, peak;
};

static void
print_row(struct bench *b, const struct input *input, const struct row *r, const struct row *above)
{
	printf("%-11s %8.0f %9.0f %8.2f %8.2f %8.2f %8.2f", input->file, r->in, r->out, r->cpu,
		r->wall, r->work, r->yard);
	cell(b, r->yard > 0 ? r->work / r->yard : 0, ratio_most, r->yard >= trusted_ms);
	if (above && !input->expands && above->work > 0 && r->work > 0)
		cell(b, log(r->work / above->work) / log(r->in / above->in), exponent_most,
			above->yard >= trusted_ms);
	else
		printf(" %7s ", "-");
	double bytes = input->expands ? r->in + r->out : r->in;
	printf(" %8.1f", r->peak / (1 << 20));
	cell(b, r->peak > peak_base ? (r->peak - peak_base) / bytes : 0, peak_factor, true);
	putchar('\n');
	fflush(stdout);
}

static bool
bench_input(struct bench *b, const struct input *input, struct row *r)
{
	static struct cost costs[PROGRAMS];
	static char in[PATH_BYTES], out[PATH_BYTES];
	double cpu[PROGRAMS];
	memset(costs, 0, sizeof costs);
	if (!measure_all(b, input, costs))
		return false;
	for (unsigned p = 0; p < PROGRAMS; p++)
		cpu[p] = median(costs[p].cpu, costs[p].n);
	snprintf(in, sizeof in, "%s/%s", b->configs, input->file);
	snprintf(out, sizeof out, "%s/%s.out", b->configs, input->file);
	*r = (struct row){.in = size_of(in),
		.out = size_of(out),
		.cpu = cpu[CCX],
		.wall = median(costs[CCX].wall, costs[CCX].n),
		.work = cpu[CCX] - cpu[EMPTY_CCX],
		.yard = cpu[EVENTS] - cpu[EMPTY_YAML],
		.overhead = cpu[CCX] - cpu[EMPTY],
		.peak = (double)costs[CCX].peak};
	return true;
}

int
main(int argc, char **argv)
{
	struct bench b = {0};
	struct row rows[sizeof inputs / sizeof *inputs];
	if (argc > 1 && strcmp(argv[1], "--strict") == 0) {
		b.strict = true;
		argv++, argc--;
	}
	if (argc != 4) {
		fputs("usage: bench [--strict] CCX TOOLS CONFIGS\n", stderr);
		return 2;
	}
	b.ccx = argv[1], b.tools = argv[2], b.configs = argv[3];
	printf("%-11s %8s %9s %8s %8s %8s %8s %7s  %7s  %8s %7s\n", "config", "in B", "out B",
		"ccx ms", "wall ms", "work ms", "yard ms", "ratio", "growth", "peak MiB", "peak-x");
	for (unsigned i = 0; i < sizeof inputs / sizeof *inputs; i++) {
		if (!bench_input(&b, &inputs[i], &rows[i]))
			return 1;
		print_row(&b, &inputs[i], &rows[i], i ? &rows[i - 1] : NULL);
	}
	fputs(legend, stdout);
	printf("\noverhead at 1 kB, ms:");
	cell(&b, rows[0].overhead, overhead_most, true);
	printf("\nlimits: ratio %.1f, growth %.2f, peak-x %.0f, overhead %.1f ms; ! marks what is "
	       "above\n",
		ratio_most, exponent_most, peak_factor, overhead_most);
	return b.strict && b.exceeded ? 1 : 0;
}
