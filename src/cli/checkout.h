/* SPDX-License-Identifier: MIT */
/*
 * Facts of the git checkout that stand in for those of a pipeline: branch, tag, revision, remote.
 * Read from .git when asked for, without running git (but see checkout.c on annotated tags).
 */
#ifndef CCX_CLI_CHECKOUT_H
#define CCX_CLI_CHECKOUT_H

#include "ccx/compile.h"

/* The checkout that the working directory, or GIT_DIR, belongs to. branch and tag (NULL: not
 * given, "": undefined) override what it says; as a pipeline runs for a branch or for a tag, giving
 * one makes the other undefined unless it is given too. What is looked up while configs are
 * compiled goes to arena a; several threads may ask at a time when nobody else uses that arena. */
struct checkout checkout_open(struct arena *a, const char *branch, const char *tag);

/* "github", "bitbucket" or "gitlab" by the host of a remote's address; NULL for others. */
const char *remote_type(struct str url);

#endif
