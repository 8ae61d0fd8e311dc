/* SPDX-License-Identifier: MIT */
/*
 * What ten orbs in the cache cost: a compile with them, beside one of the same config in which the
 * same ten orbs stand inline. The cache is filled by ccx itself, from a registry of our own that is
 * gone when it is measured.
 *
 * usage: orbs [--strict] CCX TOOLS CONFIGS
 *
 * TOOLS holds the program registry-server; all files are made in CONFIGS. Fails when ccx does, when
 * the two compiles differ or the network library is loaded, and with --strict when the limit is
 * exceeded.
 */
#include "../measure.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ORBS = 10, RUNS = 201, PATH_BYTES = 512, TEXT_BYTES = 1 << 20 };

static const double ratio_most = 1.5;

struct bench {
	const char *ccx, *tools;
	char cached[PATH_BYTES], within[PATH_BYTES], out[PATH_BYTES], err[PATH_BYTES];
};

/* ---- the orbs ---------------------------------------------------------------------------- */

/* Lines of a file, each indented by so much. */
struct lines {
	FILE *f;
	int indent;
};

static void line(const struct lines *l, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void
line(const struct lines *l, const char *format, ...)
{
	va_list args;
	fprintf(l->f, "%*s", l->indent, "");
	va_start(args, format);
	vfprintf(l->f, format, args);
	va_end(args);
	fputc('\n', l->f);
}

static void
put_parameters(const struct lines *l, int indent, int number)
{
	line(l, "%*sparameters:", indent, "");
	for (int i = 0; i < 6; i++) {
		line(l, "%*s  option-%d:", indent, "", i);
		line(l, "%*s    description: What option %d of part %d is for, and when it is set.",
			indent, "", i, number);
		line(l, "%*s    type: string", indent, "");
		line(l, "%*s    default: \"%d\"", indent, "", i);
	}
}

static void
put_command(const struct lines *l, int orb, int number)
{
	line(l, "  command-%d:", number);
	line(l, "    description: >");
	line(l, "      Command %d of orb %d, which says what it does", number, orb);
	line(l, "      in a line or two.");
	put_parameters(l, 4, number);
	line(l, "    steps:");
	for (int i = 0; i < 2; i++) {
		line(l, "      - run:");
		line(l, "          name: Step %d of << parameters.option-%d >>", i, i);
		line(l, "          environment:");
		line(l, "            OPTION: << parameters.option-%d >>", i + 2);
		line(l, "          command: |");
		for (int k = 0; k < 16; k++)
			line(l,
				"            if [ -n \"$OPTION\" ]; then echo \"orb %d, line %d\"; "
				"fi",
				orb, k);
	}
}

static void
put_job(const struct lines *l, int number)
{
	line(l, "  job-%d:", number);
	line(l, "    description: Job %d, with a checkout and two of the commands.", number);
	line(l, "    executor: default");
	put_parameters(l, 4, number);
	line(l, "    steps:");
	line(l, "      - checkout");
	for (int i = 0; i < 2; i++) {
		line(l, "      - command-%d:", number + i);
		line(l, "          option-1: << parameters.option-%d >>", i);
	}
}

/* All of an orb below its version: about 22 kB, as the orbs of clouds and languages have. */
static void
put_orb(const struct lines *l, int orb)
{
	line(l, "description: Orb %d of ten.", orb);
	line(l, "executors:");
	line(l, "  default:");
	line(l, "    parameters: {tag: {type: string, default: \"1.%d\"}}", orb);
	line(l, "    docker: [{image: \"cimg/base:<< parameters.tag >>\"}]");
	line(l, "commands:");
	for (int i = 0; i < 8; i++)
		put_command(l, orb, i);
	line(l, "jobs:");
	for (int i = 0; i < 4; i++)
		put_job(l, i);
}

/* A job of each orb, and a job of its own that uses a command of each. */
static void
put_uses(FILE *f)
{
	fputs("jobs:\n  build:\n    docker: [{image: \"cimg/base:1.0\"}]\n    steps:\n", f);
	for (int i = 0; i < ORBS; i++)
		fprintf(f, "      - o%d/command-5: {option-0: \"%d\"}\n", i, i);
	fputs("workflows:\n  main:\n    jobs:\n      - build\n", f);
	for (int i = 0; i < ORBS; i++)
		fprintf(f, "      - o%d/job-%d: {requires: [build]}\n", i, i % 4);
}

/* CONFIGS/orbs/bench0.yml…, cached.yml and inline.yml */
static bool
make_files(const struct bench *b, const char *dir)
{
	char path[2 * PATH_BYTES];
	bool ok = true;
	snprintf(path, sizeof path, "%s/orbs", dir);
	mkdir(path, 0777);
	FILE *cached = fopen(b->cached, "w"), *within = fopen(b->within, "w");
	if (!cached || !within)
		return false;
	fputs("version: 2.1\norbs:\n", cached);
	fputs("version: 2.1\norbs:\n", within);
	for (int i = 0; i < ORBS; i++) {
		fprintf(cached, "  o%d: circleci/bench%d@5%s\n", i, i, i % 2 ? "" : ".2.1");
		fprintf(within, "  o%d:\n", i);
		put_orb(&(struct lines){within, 4}, i);
		snprintf(path, sizeof path, "%s/orbs/bench%d.yml", dir, i);
		FILE *f = fopen(path, "w");
		if (!f)
			return false;
		fputs("version: 2.1\n", f);
		put_orb(&(struct lines){f, 0}, i);
		ok = fclose(f) == 0 && ok;
	}
	put_uses(cached);
	put_uses(within);
	ok = fclose(cached) == 0 && ok;
	return fclose(within) == 0 && ok;
}

/* ---- running ----------------------------------------------------------------------------- */

/* Runs ccx on a config; false, and said, when it failed. */
static bool
compile(const struct bench *b, const char *config, const char *out, double *cpu)
{
	struct measured m;
	const char *argv[] = {b->ccx, "config", "process", config, NULL};
	struct command c = {.argv = argv, .out = out, .err = b->err, .seconds = 60};
	if (!measure(&c, &m))
		return false;
	if (m.status != 0)
		fprintf(stderr, "%s config process %s: exit %d\n", b->ccx, config, m.status);
	*cpu = m.cpu_ms;
	return m.status == 0;
}

/* Starts the registry; its address goes where ccx looks for it. */
static pid_t
start_registry(const struct bench *b, const char *dir)
{
	char program[2 * PATH_BYTES], orbs[2 * PATH_BYTES], host[64];
	int ends[2], port;
	snprintf(program, sizeof program, "%s/registry-server", b->tools);
	snprintf(orbs, sizeof orbs, "%s/orbs", dir);
	if (pipe(ends) != 0)
		return -1;
	pid_t pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		execl(program, program, "/dev/null", orbs, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	FILE *f = fdopen(ends[0], "r");
	if (pid < 0 || !f || fscanf(f, "%d", &port) != 1)
		return -1;
	fclose(f);
	snprintf(host, sizeof host, "http://127.0.0.1:%d", port);
	setenv("CIRCLECI_CLI_HOST", host, 1);
	return pid;
}

static bool
fill_cache(const struct bench *b, const char *dir)
{
	char cache[2 * PATH_BYTES];
	double cpu;
	snprintf(cache, sizeof cache, "%s/cache", dir);
	setenv("XDG_CACHE_HOME", cache, 1);
	setenv("HOME", dir, 1);
	unsetenv("CCX_OFFLINE");
	unsetenv("CCX_ORB_PATH");
	unsetenv("CCX_ORB_MAX_AGE");
	pid_t pid = start_registry(b, dir);
	if (pid < 0) {
		perror("registry-server");
		return false;
	}
	bool ok = compile(b, b->cached, NULL, &cpu);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return ok;
}

/* ---- what must hold ---------------------------------------------------------------------- */

/* What path holds, without the comments that it begins with. */
static bool
read_text(const char *path, char *text, bool comments)
{
	FILE *f = fopen(path, "r");
	if (!f)
		return false;
	size_t len = fread(text, 1, TEXT_BYTES - 1, f), skipped = 0;
	text[len] = 0;
	fclose(f);
	while (!comments && text[skipped] == '#')
		skipped += strcspn(text + skipped, "\n") + 1;
	memmove(text, text + skipped, len - skipped + 1);
	return true;
}

/* Both compiles must give the same, and neither may load the network library: LD_DEBUG has the GNU
 * C library say what it loads. */
static bool
check_runs(const struct bench *b)
{
	static char cached[TEXT_BYTES], within[TEXT_BYTES], loaded[TEXT_BYTES];
	double cpu;
	setenv("LD_DEBUG", "files", 1);
	bool ok = compile(b, b->cached, b->out, &cpu) && read_text(b->out, cached, false) &&
		  read_text(b->err, loaded, true);
	unsetenv("LD_DEBUG");
	ok = ok && compile(b, b->within, b->out, &cpu) && read_text(b->out, within, false);
	if (ok && (!*cached || strcmp(cached, within) != 0)) {
		fputs("orbs: what they compile to depends on where they come from\n", stderr);
		ok = false;
	}
	if (ok && strstr(loaded, "libcurl")) {
		fputs("orbs: the network library is loaded although all is in the cache\n", stderr);
		ok = false;
	}
	if (ok && !*loaded)
		puts("\norbs: what is loaded cannot be told here");
	return ok;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

int
main(int argc, char **argv)
{
	static double cached[RUNS], within[RUNS];
	struct bench b = {0};
	bool strict = argc > 1 && strcmp(argv[1], "--strict") == 0;
	argv += strict, argc -= strict;
	if (argc != 4 || strlen(argv[3]) > PATH_BYTES / 2) {
		fputs("usage: orbs [--strict] CCX TOOLS CONFIGS\n", stderr);
		return 2;
	}
	b.ccx = argv[1], b.tools = argv[2];
	snprintf(b.cached, sizeof b.cached, "%s/cached.yml", argv[3]);
	snprintf(b.within, sizeof b.within, "%s/inline.yml", argv[3]);
	snprintf(b.out, sizeof b.out, "%s/orbs.out", argv[3]);
	snprintf(b.err, sizeof b.err, "%s/orbs.err", argv[3]);
	if (!make_files(&b, argv[3]) || !fill_cache(&b, argv[3]) || !check_runs(&b))
		return 1;
	for (int i = 0; i < RUNS; i++)
		if (!compile(&b, b.cached, NULL, &cached[i]) ||
			!compile(&b, b.within, NULL, &within[i]))
			return 1;
	qsort(cached, RUNS, sizeof *cached, compare);
	qsort(within, RUNS, sizeof *within, compare);
	double ratio = cached[RUNS / 2] / within[RUNS / 2];
	bool slow = ratio > ratio_most;
	printf("\nccx config process, ten orbs: %.2f ms of CPU from the cache, %.2f inline, ratio "
	       "%.2f%s\nlimit: %.1f; ! marks what is above\n",
		cached[RUNS / 2], within[RUNS / 2], ratio, slow ? " !" : "", ratio_most);
	return strict && slow ? 1 : 0;
}
