/* SPDX-License-Identifier: MIT */
/* What the files of the orb room share. */
#ifndef ORB_INTERNAL_H
#define ORB_INTERNAL_H

#include "ccx/orb.h"

/* A directory laid out as ns/name/version.yml as a source; everything it keeps lives in a. */
struct orb_source dir_source(struct arena *a, struct str path);

#endif
