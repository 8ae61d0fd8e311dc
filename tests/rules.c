/* SPDX-License-Identifier: MIT */
/*
 * Runs the examples of the rules' pages: tests/rules CCX DIR, with DIR/ID.md for every rule.
 *
 * A block headed ```yaml bad must give a finding of the rule, one headed ```yaml good must give
 * none, and no error either. Further words of the heading are arguments for `ccx config validate`.
 * Blocks headed orb-bad and orb-good are orbs, for `ccx orb validate`. A block headed
 * ```yaml file PATH is a file beside the examples below it; they themselves are
 * .circleci/config.yml or orb.yml. A page without examples has a line <!-- no-example: why -->.
 */
#include "ccx/diag.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	SECONDS = 20, /* that an example may take */
	LIMIT = 16 << 20,
};

struct runner {
	struct arena *a;
	const char *ccx;
	const char *tmp;
	unsigned examples, failed;
};

/* What the word behind ```yaml makes of a block. */
static const struct kind {
	const char *word;
	bool bad;
	const char *command, *file;
} kinds[] = {
	{"bad", true, "config validate --format concise", ".circleci/config.yml"},
	{"good", false, "config validate --format concise", ".circleci/config.yml"},
	{"orb-bad", true, "orb validate", "orb.yml"},
	{"orb-good", false, "orb validate", "orb.yml"},
};

/* One page. */
struct page {
	const char *id;
	struct str path, text;
	struct str folder; /* of its examples */
	unsigned line, bad, good;
	bool excused;
};

static void
die(const char *what)
{
	fprintf(stderr, "rules: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void
fail(struct runner *r, const struct page *p, const char *what)
{
	printf("FAILED %.*s:%u: %s\n", STR_ARG(p->path), p->line, what);
	r->failed++;
}

/* ---- one example ------------------------------------------------------------------------- */

static void
write_in(struct runner *r, const struct page *p, struct str name, struct str text)
{
	struct str path = path_join(r->a, p->folder, name);
	for (size_t at = p->folder.len + 1; (at = str_find(path, STR("/"), at)) < path.len; at++)
		if (mkdir(str_copy(r->a, str_sub(path, 0, at)).s, 0777) != 0 && errno != EEXIST)
			die(path.s);
	if (!file_write(path.s, text))
		die(path.s);
}

static void
exec_example(const struct runner *r, const struct page *p, struct str line, const char *out)
{
	static const char *const unset[] = {"CCX_CONFIG", "CCX_ORB_PATH"};
	for (size_t i = 0; i < sizeof unset / sizeof *unset; i++)
		unsetenv(unset[i]);
	setenv("CCX", r->ccx, 1);
	setenv("GIT_DIR", "/nonexistent", 1);
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	int fd = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (fd < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0 || chdir(p->folder.s) != 0)
		_exit(126);
	alarm(SECONDS);
	execl("/bin/sh", "sh", "-c", line.s, (char *)NULL);
	_exit(127);
}

/* Prints what ccx said when it was not what it should be. */
static void
judge(struct runner *r, const struct page *p, bool bad, struct str said, int code)
{
	struct str mark = str_printf(r->a, " [%s]\n", p->id);
	bool found = str_has(said, mark), error = str_has(said, STR(": error: "));
	const char *what = NULL;
	if (code != 0 && code != 7)
		what = "ccx did not end as it should";
	else if (bad && !found)
		what = "the bad example is not found";
	else if (!bad && (found || error))
		what = "the good example has a finding";
	r->examples++;
	if (!what)
		return;
	fail(r, p, what);
	printf("%.*s", STR_ARG(said));
}

static void
run_example(struct runner *r, const struct page *p, const struct kind *kind, struct str args,
	struct str text)
{
	struct str out = path_join(r->a, str_of(r->tmp), STR("out")), said;
	struct str line = str_printf(
		r->a, "exec \"$CCX\" %s %.*s %s", kind->command, STR_ARG(args), kind->file);
	int status;
	write_in(r, p, str_of(kind->file), text);
	fflush(NULL);
	pid_t pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0)
		exec_example(r, p, line, out.s);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("waitpid");
	if (!file_read(r->a, out.s, LIMIT, &said))
		die(out.s);
	judge(r, p, kind->bad, said, WIFEXITED(status) ? WEXITSTATUS(status) : 128);
}

/* ---- one page ---------------------------------------------------------------------------- */

static struct str
next_line(struct page *p, size_t *at)
{
	size_t end = str_find(p->text, STR("\n"), *at);
	end = end < p->text.len ? end : p->text.len;
	struct str line = str_sub(p->text, *at, end);
	*at = end + 1;
	p->line++;
	return line;
}

static struct str
next_word(struct str *text)
{
	*text = str_trim(*text);
	size_t end = str_find(*text, STR(" "), 0);
	struct str word = str_sub(*text, 0, end);
	*text = str_trim(str_sub(*text, word.len, text->len));
	return word;
}

/* ```yaml bad --next */
static void
read_block(struct runner *r, struct page *p, struct str head, size_t *at)
{
	size_t start = *at, end = start;
	struct str line = STR("");
	while (*at < p->text.len && !str_is(line, "```")) {
		end = *at;
		line = next_line(p, at);
	}
	struct str text = str_sub(p->text, start, end), kind;
	next_word(&head);
	kind = next_word(&head);
	if (str_is(kind, "file"))
		write_in(r, p, str_copy(r->a, head), text);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (!str_is(kind, kinds[i].word))
			continue;
		p->bad += kinds[i].bad;
		p->good += !kinds[i].bad;
		run_example(r, p, &kinds[i], head, text);
	}
}

static void
read_page(struct runner *r, struct page *p)
{
	static const char excuse[] = "<!-- no-example: ";
	for (size_t at = 0; at < p->text.len;) {
		struct str line = next_line(p, &at);
		if (p->line == 1 && !str_is(str_sub(line, 2, line.len), p->id))
			fail(r, p, "the title is not the rule");
		if (str_starts(line, STR("```")))
			read_block(r, p, line, &at);
		if (str_starts(line, str_of(excuse)) && line.len > sizeof excuse + 10)
			p->excused = true;
	}
	if (!p->excused && (!p->bad || !p->good))
		fail(r, p, "a page has a bad and a good example, or says why not");
	if (p->excused && (p->bad || p->good))
		fail(r, p, "a page with examples needs no excuse");
}

static void
run_rule(struct runner *r, const char *dir, const char *id)
{
	struct page p = {.id = id};
	p.path = str_printf(r->a, "%s/%s.md", dir, id);
	p.folder = str_printf(r->a, "%s/%s", r->tmp, id);
	if (mkdir(p.folder.s, 0777) != 0)
		die(p.folder.s);
	if (file_read(r->a, p.path.s, LIMIT, &p.text))
		read_page(r, &p);
	else
		fail(r, &p, "a rule without page");
}

/* Pages of rules that are no more. */
static void
find_strays(struct runner *r, const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	enum rule rule;
	while (d && (e = readdir(d))) {
		struct str name = str_of(e->d_name);
		if (!str_ends(name, STR(".md")) || rule_find(str_sub(name, 0, name.len - 3), &rule))
			continue;
		printf("FAILED %s/%s: there is no such rule\n", dir, e->d_name);
		r->failed++;
	}
	if (d)
		closedir(d);
}

int
main(int argc, char **argv)
{
	struct runner r = {.a = arena_new()};
	char cwd[4096], tmp[] = "/tmp/ccx-rules.XXXXXX";
	if (argc != 3) {
		fputs("usage: rules CCX DIR\n", stderr);
		return 2;
	}
	if (!getcwd(cwd, sizeof cwd))
		die("getcwd");
	if (!mkdtemp(tmp))
		die(tmp);
	r.ccx = path_join(r.a, str_of(cwd), str_of(argv[1])).s;
	r.tmp = tmp;
	for (int i = 0; i < RULE_COUNT; i++)
		run_rule(&r, argv[2], rule_info((enum rule)i)->id);
	find_strays(&r, argv[2]);
	struct str clean = str_printf(r.a, "rm -rf %s", tmp);
	if (system(clean.s) != 0)
		fprintf(stderr, "rules: could not remove %s\n", tmp);
	printf("%u examples of %d rules, %u failed\n", r.examples, RULE_COUNT, r.failed);
	arena_free(r.a);
	return r.failed > 0;
}
