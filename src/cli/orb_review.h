/* SPDX-License-Identifier: MIT */
/* The orb that a command is given: a file, standard input, or a folder that packs into one. */
#ifndef CCX_CLI_ORB_REVIEW_H
#define CCX_CLI_ORB_REVIEW_H

#include "findings.h"
#include "session.h"

struct orb_subject {
	const char *path; /* as given */
	const char *name; /* "acme/tools": what its examples call it; or NULL */
	bool review;      /* settings are wanted too */

	bool tree;               /* a folder: it was packed */
	const struct node *root; /* of a tree; else NULL */
	uint32_t more;           /* its files in sources, behind that of the session */
	struct str yaml;         /* the orb as one text */
};

/* Reads in->path, and settings, into s. A folder without @orb.yml whose src has one stands for
 * that: s->path is then what is packed. False with s->read.code set: the reason was said or is a
 * finding. */
bool orb_review_read(struct session *s, struct orb_subject *in);

/* Reviews the orb that came of it, if it compiles, and applies comments and settings to all
 * findings. */
void orb_review_run(struct session *s, const struct orb_subject *in, const struct orb_alone *orb);
/* Reports what was found; the exit code is what that means. */
enum exit_code orb_review_end(
	struct session *s, const struct orb_subject *in, const struct findings *how);

#endif
