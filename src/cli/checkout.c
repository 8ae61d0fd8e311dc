/* SPDX-License-Identifier: MIT */
/*
 * Reading a git directory: HEAD, loose and packed references, the remote in its config. Worktrees
 * and submodules (a .git file, commondir) are followed. Whatever is not as git writes it counts
 * as not known. Not read: reftable stores, and config that is included from elsewhere.
 */
#include "checkout.h"

#include "ccx/limits.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	TAG_DEPTH = 8,      /* directories below refs/tags */
	SYMBOLIC_DEPTH = 5, /* references to references */
};

struct git {
	struct arena *a;
	const char *branch, *tag; /* as given */
	bool searched;
	struct str dir;       /* HEAD is here; empty: no checkout */
	struct str common;    /* the rest is here: another than dir in a worktree */
	pthread_mutex_t lock; /* several configs may be compiled at once */
	struct fact {
		bool asked, known;
		struct str text;
	} facts[DEFAULT_PROJECT_TYPE + 1];
};

static struct str
git_path(struct git *g, struct str dir, const char *name)
{
	return path_join(g->a, dir, str_of(name));
}

/* A file's text without the final line break. */
static bool
read_small(struct git *g, struct str path, struct str *text)
{
	if (!file_read(g->a, path.s, LIMIT_FILE_BYTES, text))
		return false;
	*text = str_trim(*text);
	return true;
}

/* Calls each line of text in turn: false at the end. */
static bool
next_line(struct str *text, struct str *line)
{
	if (!text->len)
		return false;
	size_t end = str_find(*text, STR("\n"), 0);
	*line = str_trim(str_sub(*text, 0, end));
	*text = end < text->len ? str_sub(*text, end + 1, text->len) : STR("");
	return true;
}

/* ---- where the git directory is ---------------------------------------------------------- */

static bool
is_dir(struct str path)
{
	struct stat st;
	return stat(path.s, &st) == 0 && S_ISDIR(st.st_mode);
}

/* gitdir: ../.git/worktrees/w */
static bool
follow_git_file(struct git *g, struct str path)
{
	struct str text;
	if (!read_small(g, path, &text) || !str_starts(text, STR("gitdir:")))
		return false;
	struct str target = str_trim(str_sub(text, 7, text.len));
	g->dir = path_join(g->a, path_dir(path), target);
	return is_dir(g->dir);
}

static bool
find_dir(struct git *g)
{
	const char *given = getenv("GIT_DIR");
	if (given && *given) {
		g->dir = str_copy(g->a, str_of(given));
		return is_dir(g->dir);
	}
	char cwd[4096];
	if (!getcwd(cwd, sizeof cwd))
		return false;
	for (struct str at = str_of(cwd);; at = path_dir(at)) {
		struct str path = git_path(g, at, ".git");
		if (is_dir(path)) {
			g->dir = path;
			return true;
		}
		if (file_exists(path.s))
			return follow_git_file(g, path);
		if (at.len <= 1)
			return false;
	}
}

static bool
open_git(struct git *g)
{
	if (!g->searched) {
		g->searched = true;
		struct str text;
		if (!find_dir(g))
			g->dir = STR("");
		g->common = g->dir;
		if (g->dir.len && read_small(g, git_path(g, g->dir, "commondir"), &text))
			g->common = path_join(g->a, g->dir, text);
	}
	return g->dir.len > 0;
}

/* ---- references -------------------------------------------------------------------------- */

/* An object's name: 40 hexadecimal digits, or 64 with SHA-256. */
static bool
is_object(struct str text)
{
	if (text.len != 40 && text.len != 64)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (!strchr("0123456789abcdef", text.s[i]))
			return false;
	return true;
}

static bool
is_ref_name(struct str name)
{
	return str_starts(name, STR("refs/")) && !str_has(name, STR(".."));
}

/* 4b825dc642cb6eb9a060e54bf8d69288fbee4904 refs/heads/main */
static bool
packed_ref(struct git *g, struct str name, struct str *object)
{
	struct str text, line;
	if (!file_read(g->a, git_path(g, g->common, "packed-refs").s, LIMIT_FILE_BYTES, &text))
		return false;
	while (next_line(&text, &line)) {
		size_t space = str_find(line, STR(" "), 0);
		if (space < line.len && str_eq(str_sub(line, space + 1, line.len), name)) {
			*object = str_sub(line, 0, space);
			return is_object(*object);
		}
	}
	return false;
}

/* The object that a text like that of HEAD leads to. */
static bool
resolve(struct git *g, struct str text, struct str *object)
{
	for (int i = 0; i < SYMBOLIC_DEPTH; i++) {
		if (is_object(text)) {
			*object = text;
			return true;
		}
		struct str name = str_trim(str_sub(text, 4, text.len));
		if (!str_starts(text, STR("ref:")) || !is_ref_name(name))
			return false;
		if (!read_small(g, path_join(g->a, g->common, name), &text))
			return packed_ref(g, name, object);
	}
	return false;
}

static bool
get_revision(struct git *g, struct str *object)
{
	struct str head;
	return read_small(g, git_path(g, g->dir, "HEAD"), &head) && resolve(g, head, object);
}

/* ref: refs/heads/main */
static bool
get_branch(struct git *g, struct str *branch)
{
	struct str head, prefix = STR("ref: refs/heads/");
	if (!read_small(g, git_path(g, g->dir, "HEAD"), &head) || !str_starts(head, prefix))
		return false;
	*branch = str_sub(head, prefix.len, head.len);
	/* What HEAD of a reftable store says to programs that do not know these. */
	return branch->len > 0 && !str_is(*branch, ".invalid");
}

/* ---- tags -------------------------------------------------------------------------------- */

/* The tags of HEAD; of several the first by name counts. */
struct tag_search {
	struct str head;
	struct str found;
	bool unsure; /* a loose tag may be an annotated one: its object would have to be read */
};

static void
tag_found(struct tag_search *t, struct str name)
{
	if (!t->found.len || str_cmp(name, t->found) < 0)
		t->found = name;
}

static void
search_loose(struct git *g, struct tag_search *t, struct str dir, struct str name, int depth)
{
	DIR *d = depth < TAG_DEPTH ? opendir(dir.s) : NULL;
	struct dirent *e;
	while (d && (e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		struct str path = git_path(g, dir, e->d_name), object;
		struct str full = path_join(g->a, name, str_of(e->d_name));
		if (is_dir(path))
			search_loose(g, t, path, full, depth + 1);
		else if (read_small(g, path, &object) && str_eq(object, t->head))
			tag_found(t, full);
		else
			t->unsure = true;
	}
	if (d)
		closedir(d);
}

/* An annotated tag is followed by the commit that it stands for:
 *
 *     8f3e… refs/tags/v1.0
 *     ^4b82…
 */
static void
search_packed(struct git *g, struct tag_search *t)
{
	struct str text, line, tag = STR(""), prefix = STR("refs/tags/");
	if (!file_read(g->a, git_path(g, g->common, "packed-refs").s, LIMIT_FILE_BYTES, &text))
		return;
	while (next_line(&text, &line)) {
		bool peeled = str_starts(line, STR("^"));
		size_t space = str_find(line, STR(" "), 0);
		struct str object = str_sub(line, peeled, peeled ? line.len : space);
		if (!peeled) {
			tag = space < line.len ? str_sub(line, space + 1, line.len) : STR("");
			tag = str_starts(tag, prefix) ? tag : STR("");
		}
		if (!tag.len || !str_eq(object, t->head))
			continue;
		/* A loose file of that name would be newer, and was looked at already. */
		if (!file_exists(path_join(g->a, g->common, tag).s))
			tag_found(t, str_sub(tag, prefix.len, tag.len));
	}
}

/* All that fd gives; the pipe of a process that prints little. */
static struct str
read_pipe(struct arena *a, int fd)
{
	struct sb b = {.a = a};
	for (;;) {
		sb_reserve(&b, 4096);
		ssize_t n = read(fd, b.s + b.len, b.cap - b.len);
		if (n <= 0 || b.len > LIMIT_FILE_BYTES)
			return sb_str(&b);
		b.len += (size_t)n;
	}
}

/* Lines of `git tag --points-at HEAD`: the one case in which git has to be asked. */
static void
ask_git(struct git *g, struct tag_search *t)
{
	extern char **environ;
	char git[] = "git", tag[] = "tag", points_at[] = "--points-at", head[] = "HEAD";
	char *const args[] = {git, tag, points_at, head, NULL};
	int ends[2];
	if (pipe(ends) != 0)
		return;
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addclose(&actions, ends[0]);
	pid_t pid;
	bool started = posix_spawnp(&pid, "git", &actions, NULL, args, environ) == 0;
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (started) {
		struct str text = read_pipe(g->a, ends[0]), line;
		while (next_line(&text, &line))
			if (line.len)
				tag_found(t, line);
		waitpid(pid, NULL, 0);
	}
	close(ends[0]);
}

static bool
get_tag(struct git *g, struct str *tag)
{
	struct tag_search t = {{0}, {0}, false};
	if (!get_revision(g, &t.head))
		return false;
	search_loose(g, &t, git_path(g, g->common, "refs/tags"), STR(""), 0);
	search_packed(g, &t);
	if (!t.found.len && t.unsure)
		ask_git(g, &t);
	*tag = t.found;
	return tag->len > 0;
}

/* ---- the remote -------------------------------------------------------------------------- */

/* A value of git's config: quotes and escapes taken away, a comment cut off. */
static struct str
config_value(struct arena *a, struct str text)
{
	struct sb b = {.a = a};
	bool quoted = false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.s[i];
		if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '#' || c == ';'))
			break;
		else
			sb_char(&b, c == '\\' && i + 1 < text.len ? text.s[++i] : c);
	}
	return str_trim(sb_str(&b));
}

/* Address of the remote "origin", else of the first one:
 *
 *     [remote "origin"]
 *     	url = git@github.com:acme/app.git
 */
static bool
remote_url(struct git *g, struct str *url)
{
	struct str text, line, remote = STR("");
	*url = STR("");
	if (!file_read(g->a, git_path(g, g->common, "config").s, LIMIT_FILE_BYTES, &text))
		return false;
	while (next_line(&text, &line)) {
		if (str_starts(line, STR("["))) {
			remote = str_starts(line, STR("[remote \"")) ? line : STR("");
			continue;
		}
		struct str key = str_trim(str_sub(line, 0, str_find(line, STR("="), 0)));
		if (!remote.len || !str_is(key, "url"))
			continue;
		bool origin = str_is(remote, "[remote \"origin\"]");
		if (!url->len || origin)
			*url = config_value(
				g->a, str_sub(line, str_find(line, STR("="), 0) + 1, line.len));
		if (origin)
			return true;
	}
	return url->len > 0;
}

/* The part between "scheme://user@" or "user@" and the path. */
static struct str
remote_host(struct str url)
{
	size_t scheme = str_find(url, STR("://"), 0);
	if (scheme < url.len)
		url = str_sub(url, scheme + 3, url.len);
	size_t slash = str_find(url, STR("/"), 0);
	url = str_sub(url, 0, slash);
	size_t at = str_find(url, STR("@"), 0);
	url = at < url.len ? str_sub(url, at + 1, url.len) : url;
	return str_sub(url, 0, str_find(url, STR(":"), 0));
}

const char *
remote_type(struct str url)
{
	static const char *const types[] = {"github", "bitbucket", "gitlab"};
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (str_has(remote_host(url), str_of(types[i])))
			return types[i];
	return NULL;
}

/* An address is printed where a config asks for it: a password in it is not. */
static struct str
without_user(struct arena *a, struct str url)
{
	size_t scheme = str_find(url, STR("://"), 0);
	if (!str_starts(url, STR("http")) || scheme >= url.len)
		return url;
	size_t slash = str_find(url, STR("/"), scheme + 3), at = str_find(url, STR("@"), 0);
	if (at >= slash || at >= url.len)
		return url;
	struct str before = str_sub(url, 0, scheme + 3), after = str_sub(url, at + 1, url.len);
	return str_printf(a, "%.*s%.*s", STR_ARG(before), STR_ARG(after));
}

/* ---- the answers ------------------------------------------------------------------------- */

static bool
given(const char *value, struct str *text)
{
	*text = str_of(value);
	return text->len > 0;
}

static bool
find_fact(struct git *g, enum value_default what, struct str *text)
{
	*text = STR("");
	if (what == DEFAULT_BRANCH && (g->branch || g->tag))
		return g->branch && given(g->branch, text);
	if (what == DEFAULT_TAG && (g->branch || g->tag))
		return g->tag && given(g->tag, text);
	bool known = open_git(g);
	switch (what) {
	case DEFAULT_BRANCH:
		return known && get_branch(g, text);
	case DEFAULT_TAG:
		return known && get_tag(g, text);
	case DEFAULT_REVISION:
		return known && get_revision(g, text);
	case DEFAULT_REMOTE_URL: /* the official CLI sends an empty text where there is none */
		if (known && remote_url(g, text))
			*text = without_user(g->a, *text);
		return true;
	case DEFAULT_PROJECT_TYPE:
		if (!known || !remote_url(g, text) || !remote_type(*text))
			return false;
		*text = str_of(remote_type(*text));
		return true;
	case DEFAULT_NONE:
	case DEFAULT_TEXT:
		break;
	}
	return false;
}

/* Each is looked up once. */
static bool
checkout_get(void *ctx, enum value_default what, struct str *text)
{
	struct git *g = ctx;
	struct fact *fact = &g->facts[what];
	pthread_mutex_lock(&g->lock);
	if (!fact->asked)
		fact->known = find_fact(g, what, &fact->text);
	fact->asked = true;
	pthread_mutex_unlock(&g->lock);
	*text = fact->text;
	return fact->known;
}

struct checkout
checkout_open(struct arena *a, const char *branch, const char *tag)
{
	struct git *g = NEW(a, struct git);
	*g = (struct git){.a = a, .branch = branch, .tag = tag};
	pthread_mutex_init(&g->lock, NULL); /* with no attributes it cannot fail here */
	return (struct checkout){checkout_get, g};
}
