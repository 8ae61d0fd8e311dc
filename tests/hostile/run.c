/* SPDX-License-Identifier: MIT */
/*
 * Gives every hostile config to ccx: it must answer with the right exit code and a rule that says
 * what is wrong, in under a second of CPU, 512 MiB and 1 MiB of complaints.
 *
 * usage: run [--unlimited] CCX DIR [NAME…]
 *
 * DIR is an empty directory for the files. With --unlimited only crashes, verdicts and a minute
 * count: for builds with sanitizers, which are slow and reserve memory without end. Names pick
 * cases; the default is all.
 */
#include "../measure.h"
#include "hostile.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OK = 0, INVALID = 7 };
enum { PATH_BYTES = 512, MIB = 1 << 20 };

static const double cpu_most = 1000; /* ms */
static const size_t peak_most = (size_t)512 * MIB;
static const long report_most = MIB;

struct driver {
	const char *ccx, *dir;
	bool unlimited;
	char *const *names;
	unsigned run, failed;
};

void
put_times(FILE *f, const char *text, size_t times)
{
	size_t len = strlen(text);
	for (size_t i = 0; i < times; i++)
		fwrite(text, 1, len, f);
}

void
put_job(FILE *f)
{
	fputs("jobs: {build: {docker: [{image: cimg/base:stable}], steps: [checkout]}}\n"
	      "workflows: {w: {jobs: [build]}}\n",
		f);
}

/* ---- the verdict ------------------------------------------------------------------------- */

/* Is a line of the report closed by [rule]? Reads in pieces: the driver must stay small. */
static bool
reports(const char *path, const char *rule, size_t len)
{
	static char text[64 * 1024 + 1];
	char wanted[64];
	snprintf(wanted, sizeof wanted, "[%.*s]", (int)len, rule);
	FILE *f = fopen(path, "rb");
	bool found = false;
	size_t kept = 0, got;
	while (f && !found && (got = fread(text + kept, 1, sizeof text - 1 - kept, f)) > 0) {
		size_t n = kept + got;
		for (size_t i = 0; i < n; i++)
			if (!text[i])
				text[i] = ' ';
		text[n] = 0;
		found = strstr(text, wanted) != NULL;
		kept = n < sizeof wanted ? n : sizeof wanted;
		memmove(text, text + n - kept, kept);
	}
	if (f)
		fclose(f);
	return found;
}

/* With no rules given, any will do: what stands in brackets at the end of the first line that says
 * "error:". */
static bool
reports_any(const char *path)
{
	static char line[256 * 1024];
	FILE *f = fopen(path, "rb");
	bool found = false;
	while (f && !found && fgets(line, sizeof line, f)) {
		size_t n = strcspn(line, "\n");
		found = strstr(line, "error: ") && n > 2 && line[n - 1] == ']';
	}
	if (f)
		fclose(f);
	return found;
}

static bool
reports_one_of(const char *path, const char *rules)
{
	if (!rules)
		return reports_any(path);
	while (*rules) {
		size_t len = strcspn(rules, "|");
		if (reports(path, rules, len))
			return true;
		rules += len + (rules[len] == '|');
	}
	return false;
}

static long
size_of(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 ? (long)st.st_size : 0;
}

/* What is wrong with the answer, or NULL. */
static const char *
judge(const struct driver *d, const struct hostile *h, const struct measured *m, const char *err)
{
	if (m->status != OK && m->status != INVALID)
		return m->status > 128 ? "killed by a signal" : "exit code";
	if (h->verdict == REFUSED && m->status != INVALID)
		return "accepted";
	if (h->verdict == HARMLESS && m->status != OK)
		return "refused";
	if (m->status == INVALID && !reports_one_of(err, h->rules))
		return "rule not named";
	if (size_of(err) > report_most)
		return "complains for more than 1 MiB";
	if (!d->unlimited && m->cpu_ms >= cpu_most)
		return "too slow";
	if (!d->unlimited && m->peak >= peak_most)
		return "too much memory";
	return NULL;
}

/* ---- running ----------------------------------------------------------------------------- */

static void
show_start(const char *path)
{
	char line[200];
	FILE *f = fopen(path, "r");
	for (int i = 0; f && i < 3 && fgets(line, sizeof line, f); i++)
		printf("    | %.*s\n", (int)strcspn(line, "\n"), line);
	if (f)
		fclose(f);
}

/* Writes the config and, in a directory of their own, its orbs. */
static bool
write_case(const struct hostile *h, const char *config, const char *orbs)
{
	FILE *f = fopen(config, "wb");
	if (!f) {
		perror(config);
		return false;
	}
	h->write(f);
	bool ok = !ferror(f);
	ok = fclose(f) == 0 && ok;
	if (ok && h->write_orbs) {
		mkdir(orbs, 0777);
		h->write_orbs(orbs);
	}
	return ok;
}

static bool
run_case(struct driver *d, const struct hostile *h)
{
	char config[PATH_BYTES], orbs[PATH_BYTES], err[PATH_BYTES];
	snprintf(config, sizeof config, "%s/%s.yml", d->dir, h->name);
	snprintf(orbs, sizeof orbs, "%s/%s-orbs", d->dir, h->name);
	snprintf(err, sizeof err, "%s/err", d->dir);
	if (!write_case(h, config, orbs))
		return false;
	const char *argv[] = {d->ccx, "config", "process", h->on_stdin ? "-" : config,
		h->write_orbs ? "--orb-path" : NULL, orbs, NULL};
	struct measured m;
	struct command c = {.argv = argv,
		.in = h->on_stdin ? config : NULL,
		.err = err,
		.memory = d->unlimited ? 0 : (size_t)1024 * MIB,
		.seconds = d->unlimited ? 60 : 5};
	if (!measure(&c, &m))
		return false;
	const char *fault = judge(d, h, &m, err);
	printf("%-4s %-24s exit %3d %8.1f ms %7.1f MiB%s%s\n", fault ? "FAIL" : "ok", h->name,
		m.status, m.cpu_ms, (double)m.peak / MIB, fault ? "  " : "", fault ? fault : "");
	if (fault)
		show_start(err);
	fflush(stdout);
	d->run++;
	d->failed += fault != NULL;
	unlink(config);
	return true;
}

static bool
is_wanted(const struct driver *d, const char *name)
{
	if (!*d->names)
		return true;
	for (char *const *wanted = d->names; *wanted; wanted++)
		if (strcmp(*wanted, name) == 0)
			return true;
	return false;
}

static bool
run_all(struct driver *d, const struct hostile *cases)
{
	for (const struct hostile *h = cases; h->name; h++)
		if (is_wanted(d, h->name) && !run_case(d, h))
			return false;
	return true;
}

int
main(int argc, char **argv)
{
	struct driver d = {0};
	if (argc > 1 && strcmp(argv[1], "--unlimited") == 0) {
		d.unlimited = true;
		argv++, argc--;
	}
	if (argc < 3) {
		fputs("usage: run [--unlimited] CCX DIR [NAME...]\n", stderr);
		return 2;
	}
	d.ccx = argv[1], d.dir = argv[2], d.names = argv + 3;
	if (!run_all(&d, yaml_cases) || !run_all(&d, config_cases) || !run_all(&d, workflow_cases))
		return 2;
	printf("hostile: %u of %u hold\n", d.run - d.failed, d.run);
	return d.failed || !d.run;
}
