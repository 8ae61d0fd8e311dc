/* SPDX-License-Identifier: MIT */
/*
 * Runs the fixtures: tests/run [-u] CCX DIR.
 *
 * Every folder below DIR with a file `cmd` is a case. cmd is a line of arguments for ccx, run by
 * the shell in that folder, with `stdin` as input if it is there. Expected are the contents of
 * `stdout` (no file: nothing), of `stderr` (no file: nothing after exit 0, else anything) and the
 * number in `exit` (no file: 0). $TMP is a folder for files that a case writes. With -u the
 * expectations are rewritten to what happened.
 */
#include "ccx/base.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	SECONDS = 20, /* that a case may take */
	DEPTH = 8,
	LIMIT = 64 << 20,
};

struct runner {
	struct arena *a;
	const char *ccx;
	struct str tmp;
	bool update;
	unsigned passed, failed;
};

static void
die(const char *what)
{
	fprintf(stderr, "run: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* ---- one run ----------------------------------------------------------------------------- */

struct outcome {
	struct str out, err;
	int code; /* 128 + signal when it was killed */
};

static void
redirect(const char *path, int flags, int fd)
{
	int file = open(path, flags, 0666);
	if (file < 0 || dup2(file, fd) < 0)
		_exit(126);
	close(file);
}

/* In the child: becomes the shell that runs the case. */
static void
exec_case(const struct runner *r, struct str dir, struct str cmd, const char *out, const char *err)
{
	struct str line = str_printf(r->a, "\"$CCX\" %.*s", STR_ARG(cmd));
	static const char *const unset[] = {
		"CCX_CONFIG", "CCX_ORB_PATH", "CLICOLOR_FORCE", "FORCE_COLOR", "COLUMNS",
		"CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", "CIRCLE_INTERNAL_TASK_DATA"};
	for (size_t i = 0; i < sizeof unset / sizeof *unset; i++)
		unsetenv(unset[i]);
	setenv("CCX", r->ccx, 1);
	setenv("TMP", r->tmp.s, 1);
	setenv("GIT_DIR", "/nonexistent", 1);
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	setenv("XDG_CACHE_HOME", "/nonexistent", 1);
	setenv("CCX_OFFLINE", "1", 1);
	setenv("NO_COLOR", "1", 1);
	if (chdir(dir.s) != 0)
		_exit(126);
	redirect(file_exists("stdin") ? "stdin" : "/dev/null", O_RDONLY, 0);
	redirect(out, O_WRONLY | O_CREAT | O_TRUNC, 1);
	redirect(err, O_WRONLY | O_CREAT | O_TRUNC, 2);
	alarm(SECONDS);
	execl("/bin/sh", "sh", "-c", line.s, (char *)NULL);
	_exit(127);
}

static struct outcome
run_case(const struct runner *r, struct str dir, struct str cmd)
{
	struct str out = path_join(r->a, r->tmp, STR("stdout"));
	struct str err = path_join(r->a, r->tmp, STR("stderr"));
	struct outcome o = {{0}, {0}, 0};
	int status;
	fflush(NULL);
	pid_t pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0)
		exec_case(r, dir, cmd, out.s, err.s);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("waitpid");
	o.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	if (!file_read(r->a, out.s, LIMIT, &o.out) || !file_read(r->a, err.s, LIMIT, &o.err))
		die(dir.s);
	return o;
}

/* ---- what was expected ------------------------------------------------------------------- */

static bool
expected(const struct runner *r, struct str dir, const char *name, struct str *text)
{
	*text = STR("");
	return file_read(r->a, path_join(r->a, dir, str_of(name)).s, LIMIT, text);
}

/* Writes the expectation, or removes the file that says nothing. */
static void
rewrite(const struct runner *r, struct str dir, const char *name, struct str text)
{
	struct str path = path_join(r->a, dir, str_of(name)), old;
	if (!text.len) {
		if (unlink(path.s) != 0 && errno != ENOENT)
			die(path.s);
		return;
	}
	if (expected(r, dir, name, &old) && str_eq(old, text))
		return;
	if (!file_write(path.s, text))
		die(path.s);
}

/* What a broken ccx does is nothing to expect. */
static void
update_case(struct runner *r, struct str dir, const struct outcome *o)
{
	if (o->code >= 126) {
		printf("FAILED %s: exit %d; not rewritten\n", dir.s, o->code);
		r->failed++;
		return;
	}
	struct str code = o->code ? str_printf(r->a, "%d\n", o->code) : STR("");
	rewrite(r, dir, "stdout", o->out);
	rewrite(r, dir, "stderr", o->err);
	rewrite(r, dir, "exit", code);
}

/* Prints a diff of the file that was expected and of what came. */
static void
show_difference(const struct runner *r, struct str dir, const char *name)
{
	struct str want = path_join(r->a, dir, str_of(name));
	struct str got = path_join(r->a, r->tmp, str_of(name));
	const char *from = file_exists(want.s) ? want.s : "/dev/null";
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		execlp("diff", "diff", "-u", from, got.s, (char *)NULL);
		_exit(127);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

static void
check_case(struct runner *r, struct str dir, const struct outcome *o)
{
	struct str out, err, code;
	expected(r, dir, "stdout", &out);
	bool compare = expected(r, dir, "stderr", &err) || o->code == 0;
	int want = expected(r, dir, "exit", &code) ? atoi(code.s) : 0;
	bool out_ok = str_eq(out, o->out), err_ok = !compare || str_eq(err, o->err);
	if (out_ok && err_ok && want == o->code) {
		r->passed++;
		return;
	}
	r->failed++;
	printf("FAILED %s\n", dir.s);
	if (want != o->code)
		printf("  exit %d, expected %d\n", o->code, want);
	if (!out_ok)
		show_difference(r, dir, "stdout");
	if (!err_ok || want != o->code)
		show_difference(r, dir, "stderr");
}

/* ---- all cases --------------------------------------------------------------------------- */

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool
is_dir(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static void
run_dir(struct runner *r, struct str dir, int depth)
{
	struct str cmd;
	if (expected(r, dir, "cmd", &cmd)) {
		struct outcome o = run_case(r, dir, str_trim(cmd));
		if (r->update)
			update_case(r, dir, &o);
		else
			check_case(r, dir, &o);
		return;
	}
	VEC(const char *) names = {0};
	DIR *d = depth < DEPTH ? opendir(dir.s) : NULL;
	struct dirent *e;
	while (d && (e = readdir(d)))
		if (e->d_name[0] != '.')
			vec_push(r->a, &names, path_join(r->a, dir, str_of(e->d_name)).s);
	if (d)
		closedir(d);
	if (names.n)
		qsort(names.v, names.n, sizeof *names.v, by_name);
	for (uint32_t i = 0; i < names.n; i++)
		if (is_dir(names.v[i]))
			run_dir(r, str_of(names.v[i]), depth + 1);
}

int
main(int argc, char **argv)
{
	struct runner r = {.a = arena_new()};
	r.update = argc > 1 && strcmp(argv[1], "-u") == 0;
	argv += r.update;
	if (argc - r.update != 3) {
		fputs("usage: run [-u] CCX DIR\n", stderr);
		return 2;
	}
	char ccx[4096], tmp[] = "/tmp/ccx-fixtures.XXXXXX";
	if (!getcwd(ccx, sizeof ccx))
		die("getcwd");
	if (!mkdtemp(tmp))
		die(tmp);
	r.ccx = path_join(r.a, str_of(ccx), str_of(argv[1])).s;
	r.tmp = str_of(tmp);
	run_dir(&r, str_of(argv[2]), 0);
	struct str clean = str_printf(r.a, "rm -rf %s", tmp);
	if (system(clean.s) != 0)
		fprintf(stderr, "run: could not remove %s\n", tmp);
	if (r.update)
		puts("fixtures rewritten: read the difference before you commit it");
	else
		printf("%u passed, %u failed\n", r.passed, r.failed);
	arena_free(r.a);
	return r.failed > 0;
}
