/* SPDX-License-Identifier: MIT */
/*
 * Measuring by wait4, which tells the CPU time and peak memory of just one child. It is no part of
 * POSIX, but of every Unix.
 *
 * Linux counts the memory of the parent as the child's until exec, so that whoever measures must
 * stay small.
 */
#define _DEFAULT_SOURCE

#include "measure.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static volatile pid_t running;

static void
on_alarm(int signal)
{
	(void)signal;
	if (running > 0)
		kill(running, SIGKILL);
}

static double
now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double
ms_of(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

/* Lowers a soft limit, which the child inherits; returns what it was. */
static struct rlimit
lower(int resource, size_t limit)
{
	struct rlimit was, now;
	getrlimit(resource, &was);
	now = was;
	if (limit && (now.rlim_max == RLIM_INFINITY || limit < now.rlim_max))
		now.rlim_cur = limit;
	setrlimit(resource, &now);
	return was;
}

static int
spawn(const struct command *c, pid_t *pid)
{
	const char *in = c->in ? c->in : "/dev/null", *out = c->out ? c->out : "/dev/null";
	const char *err = c->err ? c->err : "/dev/null";
	int flags = O_WRONLY | O_CREAT | O_TRUNC;
	posix_spawn_file_actions_t files;
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, in, O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, out, flags, 0666);
	if (strcmp(out, err) == 0)
		posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
	else
		posix_spawn_file_actions_addopen(&files, STDERR_FILENO, err, flags, 0666);
	struct rlimit memory = lower(RLIMIT_AS, c->memory), cpu = lower(RLIMIT_CPU, c->seconds);
	int error = posix_spawnp(pid, c->argv[0], &files, NULL, (char *const *)c->argv, environ);
	setrlimit(RLIMIT_AS, &memory);
	setrlimit(RLIMIT_CPU, &cpu);
	posix_spawn_file_actions_destroy(&files);
	return error;
}

bool
measure(const struct command *c, struct measured *m)
{
	struct rusage usage;
	int status, error;
	pid_t pid;
	struct sigaction alarmed = {.sa_handler = on_alarm};
	sigaction(SIGALRM, &alarmed, NULL);
	double start = now_ms();
	if ((error = spawn(c, &pid)) != 0) {
		fprintf(stderr, "cannot run %s: %s\n", c->argv[0], strerror(error));
		return false;
	}
	running = pid;
	alarm(c->seconds * 2);
	while (wait4(pid, &status, 0, &usage) < 0)
		if (errno != EINTR)
			return false;
	alarm(0);
	running = 0;
	m->wall_ms = now_ms() - start;
	m->cpu_ms = ms_of(usage.ru_utime) + ms_of(usage.ru_stime);
	m->peak = (size_t)usage.ru_maxrss * 1024;
	m->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	return true;
}
