/* SPDX-License-Identifier: MIT */
/* The orb that an operand names: a file, standard input, or a reference. */
#ifndef CCX_CLI_ORB_INPUT_H
#define CCX_CLI_ORB_INPUT_H

#include "pipeline.h"

/* Options of commands that look for orbs: a command's own struct holds one of these. */
struct orb_lookup {
	struct remote_args remote;
	struct opt_list orb_paths;
	bool offline;
};

/* clang-format off */
#define ORB_LOOKUP_OPTS(type, m)                                                                   \
	REMOTE_OPTS(type, m.remote),                                                               \
	{OPT_LIST, 0, "orb-path", "DIR", offsetof(struct type, m.orb_paths),                       \
		"look for orbs in DIR/ns/name/version.yml first; repeatable", NULL, COMPLETE_DIR}, \
	{OPT_FLAG, 0, "offline", NULL, offsetof(struct type, m.offline), "use no network", NULL, 0}
/* clang-format on */

/* Where orbs are looked for. */
struct orb_places {
	struct orb_store orbs;
	struct pipeline_remote remote;
};

void orb_places_open(struct cli *cli, const struct orb_lookup *lookup, struct orb_places *places);
void orb_places_close(struct orb_places *places);
/* Why an address gave nothing. */
const char *orb_places_lack(const struct orb_places *places);

struct orb_input {
	struct str text;
	struct str path; /* as the user should read it */
	struct str name,
		version; /* "acme/tools", "1.2.3"; empty for a file whose path does not tell */
};

/* A file wins over a reference: acme/tools@1 may be one, and ./acme/tools@1 is never an orb. What
 * is wrong is said. */
enum exit_code orb_input_read(
	struct cli *cli, struct orb_places *places, const char *operand, struct orb_input *in);

/* An orb that is read as a document; the first two are the caller's. */
struct orb_document {
	struct sources *sources;
	struct diag_list *diags;
	const struct node *root; /* NULL after findings */
	struct orb_input in;
};

bool orb_input_is_folder(const char *operand);
/* The same, loaded; a folder is packed, and its text is what ccx orb pack prints. */
enum exit_code orb_input_load(
	struct cli *cli, struct orb_places *places, const char *operand, struct orb_document *doc);

/* What a path of a directory of orbs says, …/acme/tools/1.2.3.yml; both empty when it is none. */
void orb_input_name(struct str path, struct str *name, struct str *version);

#endif
