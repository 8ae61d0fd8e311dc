/* SPDX-License-Identifier: MIT */
/* The orb that a command is given: a file, standard input, or a folder that packs into one. */
#ifndef CCX_CLI_ORB_REVIEW_H
#define CCX_CLI_ORB_REVIEW_H

#include "findings.h"
#include "pipeline.h"

struct orb_subject {
	const char *path; /* as given */
	const char *name; /* "acme/tools": what its examples call it; or NULL */
	bool review;      /* settings are wanted too */

	const char *place; /* the file, or what is packed: what lies beside it belongs to it */
	struct settings settings;
	bool tree;               /* a folder: it was packed */
	const struct node *root; /* of a tree; else NULL */
	uint32_t file, more;     /* its first file in sources, and how many are behind it */
	struct str yaml;         /* the orb as one text */
};

/* Reads in->path, and settings, into the sources of read. A folder without @orb.yml whose src has
 * one stands for that. False with read->code set: the reason was said or is a finding. */
bool orb_review_read(struct cli *cli, struct pipeline_read *read, struct orb_subject *in);

/* Reviews the orb that came of it, if it compiles, and applies comments and settings to all
 * findings. */
void orb_review_run(
	struct pipeline_read *read, const struct orb_subject *in, const struct orb_alone *orb);
/* Reports what was found; the exit code is what that means. */
enum exit_code orb_review_end(struct cli *cli, struct pipeline_read *read,
	const struct orb_subject *in, const struct findings *how);

#endif
