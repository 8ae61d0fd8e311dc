/* SPDX-License-Identifier: MIT */
/* Newer versions of the orbs of a config, from wherever versions are listed. */
#ifndef CCX_CLI_NEWER_H
#define CCX_CLI_NEWER_H

#include "pins.h"

/* How far a version may be from the one that is used. */
enum newer_level { NEWER_PATCH, NEWER_MINOR, NEWER_MAJOR };

struct newer {
	struct session *session;
	struct registry *registry; /* NULL: it is not asked, or no more */
	struct map known;          /* "ns/name" -> struct version_list */
};

void newer_open(struct session *s, struct newer *n);
void newer_close(struct newer *n);
/* The newest version within level; empty when none is newer than the one that orb is. */
struct str newer_find(struct newer *n, const struct compiled_orb *orb, enum newer_level level);

#endif
