/* SPDX-License-Identifier: MIT */
/*
 * orb: references to orbs and where their sources come from. Knows nothing of compilation.
 *
 * A store asks its sources in order; each is one way to get an orb (a directory now). The text
 * that is found lives in the store's arena.
 */
#ifndef CCX_ORB_H
#define CCX_ORB_H

#include "ccx/base.h"
#include "ccx/diag.h"

/* ---- references -------------------------------------------------------------------------- */

enum orb_version_kind {
	ORB_EXACT,    /* 1.2.3 */
	ORB_MINOR,    /* 1.2: highest 1.2.z */
	ORB_MAJOR,    /* 1: highest 1.y.z */
	ORB_VOLATILE, /* highest of all */
	ORB_DEV,      /* dev:label */
	ORB_URL,      /* https://…: no version */
};

/* circleci/node@5.2 */
struct orb_ref {
	struct str text; /* as written */
	struct str ns, name;
	enum orb_version_kind kind;
	struct str version; /* "5.2", "volatile", "dev:alpha" */
	uint32_t part[3];   /* numbers of the version that are given */
};

/* False when text is no reference; *why (static text) says what is wrong with it. A reference
 * without a version is read as volatile, as the official tools do. */
bool orb_ref_parse(struct str text, struct orb_ref *ref, const char **why);

/* Order of versions "1.10.0" > "1.9.3"; text that is no x.y.z sorts below all that is. */
int version_cmp(struct str a, struct str b);
/* Does the exact version satisfy what ref asks for? */
bool version_fits(const struct orb_ref *ref, struct str exact);

/* ---- sources ----------------------------------------------------------------------------- */

enum orb_result {
	ORB_FOUND,
	ORB_MISSING, /* asked, and not there */
	ORB_BROKEN,  /* there, and not readable: why is in found->error */
};

struct orb_found {
	struct str exact;  /* "5.2.1", "dev:alpha" */
	struct str origin; /* path or address, for diagnostics */
	struct str text;   /* the orb's YAML */
	struct str error;  /* for ORB_BROKEN */
};

/* One way to get orbs. find must not print; ctx is the source's own. */
struct orb_source {
	enum orb_result (*find)(void *ctx, struct arena *a, const struct orb_ref *ref,
		struct orb_found *found);
	/* As orb_versions and orb_names below, in any order; NULL when the source cannot list. */
	uint32_t (*versions)(void *ctx, struct str ns, struct str name, struct str **versions);
	uint32_t (*names)(void *ctx, struct str **names);
	struct str place; /* what to tell a user who asks where it looked */
	void *ctx;
};

struct orb_store {
	struct arena *a;
	VEC(struct orb_source) sources;
};

void orb_store_init(struct orb_store *s, struct arena *a);
/* A directory laid out as ns/name/version.yml (dev versions: ns/name/dev:label.yml). It need not
 * exist; what is missing is found out when an orb is asked for. */
void orb_store_add_dir(struct orb_store *s, struct str dir);
/* First source that has it. ORB_BROKEN of one source ends the search. */
enum orb_result orb_find(struct orb_store *s, const struct orb_ref *ref, struct orb_found *found);
/* Versions that the directories hold of ns/name, sorted; for "did you mean". */
uint32_t orb_versions(struct orb_store *s, struct str ns, struct str name, struct str **versions);
/* "ns/name" of every orb that the directories hold. */
uint32_t orb_names(struct orb_store *s, struct str **names);

#endif
