/* SPDX-License-Identifier: MIT */
/* What the files of the orb room share. */
#ifndef ORB_INTERNAL_H
#define ORB_INTERNAL_H

#include "ccx/orb.h"

/* A directory laid out as ns/name/version.yml as a source; everything it keeps lives in a. */
struct orb_source dir_source(struct arena *a, struct str path);

/* "circleci/node@5.2", also of a reference without version; the address of one by address. */
struct str orb_ref_text(struct arena *a, const struct orb_ref *ref);

#endif
