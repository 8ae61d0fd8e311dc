/* SPDX-License-Identifier: MIT */
/* Whole files in, whole files out. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "ccx/base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads fd to its end; at most limit bytes. */
static bool
read_all(struct arena *a, int fd, size_t size_hint, size_t limit, struct str *text)
{
	struct sb b = {.a = a};
	sb_reserve(&b, size_hint + 1);
	for (;;) {
		sb_reserve(&b, 1);
		ssize_t n = read(fd, b.s + b.len, b.cap - b.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (n == 0)
			break;
		b.len += (size_t)n;
		if (b.len > limit) {
			errno = EFBIG;
			return false;
		}
	}
	*text = sb_str(&b);
	return true;
}

bool
file_read(struct arena *a, const char *path, size_t limit, struct str *text)
{
	if (strcmp(path, "-") == 0)
		return read_all(a, STDIN_FILENO, 4096, limit, text);
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool ok = fstat(fd, &st) == 0;
	if (ok && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		ok = false;
	} else if (ok && st.st_size > 0 && (size_t)st.st_size > limit) {
		errno = EFBIG;
		ok = false;
	}
	ok = ok && read_all(a, fd, st.st_size > 0 ? (size_t)st.st_size : 4096, limit, text);
	int error = errno;
	close(fd);
	errno = error;
	return ok;
}

static bool
write_all(int fd, struct str text)
{
	while (text.len) {
		ssize_t n = write(fd, text.s, text.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		text = str_sub(text, (size_t)n, text.len);
	}
	return true;
}

static bool
write_file(const char *path, struct str text, bool durable)
{
	char beside[4096];
	int n = snprintf(beside, sizeof beside, "%s.XXXXXX", path);
	if (n < 0 || (size_t)n >= sizeof beside) {
		errno = ENAMETOOLONG;
		return false;
	}
	struct stat st;
	mode_t mode = umask(0);
	umask(mode);
	mode = stat(path, &st) == 0 ? st.st_mode & 07777 : 0666 & ~mode;
	int fd = mkstemp(beside);
	if (fd < 0)
		return false;
	bool ok = write_all(fd, text) && fchmod(fd, mode) == 0 && (!durable || fsync(fd) == 0);
	int error = errno;
	ok = close(fd) == 0 && ok;
	if (ok && rename(beside, path) == 0)
		return true;
	error = ok ? errno : error;
	unlink(beside);
	errno = error;
	return false;
}

bool
file_write(const char *path, struct str text)
{
	return write_file(path, text, true);
}

bool
file_write_lightly(const char *path, struct str text)
{
	return write_file(path, text, false);
}

bool
file_exists(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0;
}

struct str
path_join(struct arena *a, struct str dir, struct str name)
{
	if (dir.len == 0 || (name.len && name.s[0] == '/'))
		return str_copy(a, name);
	const char *slash = dir.s[dir.len - 1] == '/' ? "" : "/";
	return str_printf(a, "%.*s%s%.*s", STR_ARG(dir), slash, STR_ARG(name));
}

struct str
path_dir(struct str path)
{
	size_t n = path.len;
	while (n && path.s[n - 1] != '/')
		n--;
	if (n == 0)
		return STR(".");
	return str_sub(path, 0, n > 1 ? n - 1 : 1);
}

struct str
path_real(struct arena *a, const char *path)
{
	char *real = realpath(path, NULL);
	struct str copy = real ? str_copy(a, str_of(real)) : (struct str){0};
	free(real);
	return copy;
}
