/* SPDX-License-Identifier: MIT */
#ifndef CCX_CHECK_EXECUTORS_H
#define CCX_CHECK_EXECUTORS_H

#include "ccx/check.h"

/* What one compiled job runs on. */
struct environment {
	const struct check *c;
	const struct compiled_job *job;
	const struct element *element; /* the job as written; NULL when it is an orb's */
	enum executor_kind kind;
	const char *kind_name;
	const struct node *body;  /* value of docker, machine or macos */
	const struct node *class; /* resource_class, or NULL */
	bool written;             /* as written, because it could not be compiled */
	bool runner;              /* the class is of a self-hosted runner */
	enum severity refusal;    /* of what makes CircleCI refuse the job, see check_executors */
	struct map *contexts;     /* names of jobs that some workflow gives a context */
	struct map *told;         /* images that were spoken of, wherever they stand */
};

/* span when it is in the config, else the `executor` or invocation that brought it in. */
struct span environment_place(const struct environment *e, struct span span);
bool environment_is_literal(const struct environment *e, const struct node *n);
struct str environment_day(struct arena *a, int day); /* "2024-09-30" */

/* Is the machine image or Xcode known to be gone, or Xcode never there? */
bool images_refused(const struct environment *e);
/* images.c: class is the job's, NULL when it is unknown or none. */
void images_docker(const struct environment *e);
void images_machine(const struct environment *e, const struct resource_class *class);
void images_xcode(const struct environment *e);

#endif
