/* SPDX-License-Identifier: MIT */
/*
 * orb: references to orbs and where their sources come from. Knows nothing of compilation.
 *
 * A store asks its sources in order; each is one way to get an orb: a directory, the cache, the
 * registry. The text that is found lives as long as the store's arena.
 */
#ifndef CCX_ORB_H
#define CCX_ORB_H

#include "ccx/base.h"
#include "ccx/diag.h"
#include "ccx/yaml.h"

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

/* ---- the lock ---------------------------------------------------------------------------- */

/* What a reference was when it was locked. */
struct orb_lock_entry {
	struct str ref;        /* as written: "circleci/node@5" */
	struct str exact;      /* "5.2.1", "dev:alpha"; empty: of an address */
	struct str from;       /* "directory", "vendored", a registry's address or the orb's own */
	struct str sha256;     /* of the source, 64 digits */
	struct orb_ref pinned; /* circleci/node@5.2.1 */
	struct span span;
};

/* Start with {0}. */
struct orb_lock {
	struct map index;        /* ref -> struct orb_lock_entry */
	VEC(struct str) configs; /* names of the files that it was made for, beside it */
	uint32_t file;           /* that it was read from */
	struct str path;
	bool frozen; /* what is not as the lock says is an error */
};

/* Reads a lock. False after at least one finding; what of it was fine is in *lock all the same. */
bool orb_lock_read(struct arena *a, struct sources *s, uint32_t file, struct diag_list *d,
	struct orb_lock *lock);
/* Adds a copy of e, unless its reference is there; the texts are kept as views. */
void orb_lock_add(struct arena *a, struct orb_lock *lock, const struct orb_lock_entry *e);
/* The entry of a reference as written, or NULL; also NULL when there is no lock. */
const struct orb_lock_entry *orb_lock_find(const struct orb_lock *lock, struct str ref);
/* Appends the file that orb_lock_read reads, sorted. */
void orb_lock_print(struct sb *out, const struct orb_lock *lock);

/* ---- sources ----------------------------------------------------------------------------- */

enum orb_result {
	ORB_FOUND,
	ORB_MISSING,     /* asked, and not there */
	ORB_BROKEN,      /* there, and not readable: why is in found->error */
	ORB_UNREACHABLE, /* could not be asked: why is in found->error */
};

struct orb_found {
	struct str exact;  /* "5.2.1", "dev:alpha"; empty: of an address */
	struct str origin; /* path or address, for diagnostics */
	struct str text;   /* the orb's YAML */
	struct str error;  /* for ORB_BROKEN and ORB_UNREACHABLE */
};

/* One way to get orbs. find must not print; ctx is the source's own. */
struct orb_source {
	enum orb_result (*find)(
		void *ctx, struct arena *a, const struct orb_ref *ref, struct orb_found *found);
	/* As orb_versions and orb_names below, in any order; NULL when the source cannot list. */
	uint32_t (*versions)(void *ctx, struct str ns, struct str name, struct str **versions);
	uint32_t (*names)(void *ctx, struct str **names);
	struct str place; /* what to tell a user who asks where it looked */
	bool by_address;  /* it fetches https://… */
	void *ctx;
};

struct orb_store {
	struct arena *a;
	VEC(struct orb_source) sources;
	const struct orb_lock *lock; /* or NULL: what it knows means what it says */
};

void orb_store_init(struct orb_store *s, struct arena *a);
/* A directory laid out as ns/name/version.yml (dev versions: ns/name/dev:label.yml). It need not
 * exist; what is missing is found out when an orb is asked for. */
void orb_store_add_dir(struct orb_store *s, struct str dir);
/* First source that has it. ORB_BROKEN or ORB_UNREACHABLE of one source ends the search. */
enum orb_result orb_find(struct orb_store *s, const struct orb_ref *ref, struct orb_found *found);
/* Versions that the directories hold of ns/name, sorted; for "did you mean". */
uint32_t orb_versions(struct orb_store *s, struct str ns, struct str name, struct str **versions);
/* "ns/name" of every orb that the directories hold. */
uint32_t orb_names(struct orb_store *s, struct str **names);

/* ---- the registry ------------------------------------------------------------------------ */

struct registry;

/* The two generations of CircleCI's interface. */
enum registry_api { REGISTRY_AUTO, REGISTRY_V3, REGISTRY_GRAPHQL };

struct registry_options {
	struct str host;     /* "https://circleci.com"; http:// for this machine only */
	struct str endpoint; /* of GraphQL: "graphql-unstable" */
	struct str token;    /* or empty: what is public can be read without */
	struct str ca_file;  /* certificates to trust instead of the system's; or empty */
	/* What the addresses of orbs begin with that may be fetched, spaces between; s NULL: any.
	 */
	struct str orb_urls;
	struct str owner;      /* id of the organization that an orb is compiled for; or empty */
	enum registry_api api; /* REGISTRY_AUTO: v3 where there is one, else GraphQL */
	unsigned timeout_ms;   /* of one request */
	/* Called with a line for every request (NULL: nobody asks), which never holds the token. */
	void (*log)(void *ctx, const char *line);
	/* Called once when a request takes more than half a second, with whom it waits for
	 * ("https://circleci.com"); or NULL. */
	void (*waiting)(void *ctx, struct str whom);
	void *ctx;
};

enum registry_fault {
	REGISTRY_FINE,
	REGISTRY_ABSENT,    /* it does not have what was asked for */
	REGISTRY_REFUSED,   /* it says no: wrong, not allowed, taken */
	REGISTRY_NO_ANSWER, /* none, or none that makes sense */
	REGISTRY_UNCERTAIN, /* a write was sent, and nobody knows what became of it */
};

struct registry_version {
	struct str version, created_at;
};

struct registry_orb {
	struct str id, name; /* name: "circleci/node" */
	struct str created_at;
	bool is_private, unlisted;
	int64_t builds, projects, orgs;    /* of the last 30 days; -1: not told */
	struct registry_version *versions; /* newest first */
	uint32_t nversions;
	struct str *categories;
	uint32_t ncategories;
};

struct registry_list {
	struct registry_orb *v;
	uint32_t n, cap;
	bool more; /* there are others behind these */
};

struct registry_category {
	struct str id, name;
};

struct registry_categories {
	struct registry_category *v;
	uint32_t n, cap;
};

struct registry_filter {
	struct str ns; /* empty: all namespaces */
	bool certified, is_private;
	uint32_t most;
};

/* Opens nothing before it is asked. One thread at a time may use it. options must outlive it. */
struct registry *registry_new(struct arena *a, const struct registry_options *options);
void registry_free(struct registry *r);
/* Why the last call did not give REGISTRY_FINE, and what to do about it: a sentence or two. */
struct str registry_error(const struct registry *r);

/* What these find lives in a. */
enum registry_fault registry_source(
	struct registry *r, struct arena *a, const struct orb_ref *ref, struct orb_found *found);
enum registry_fault registry_orb(
	struct registry *r, struct arena *a, struct str name, struct registry_orb *orb);
enum registry_fault registry_list(struct registry *r, struct arena *a,
	const struct registry_filter *filter, struct registry_list *list);
enum registry_fault registry_categories(
	struct registry *r, struct arena *a, struct registry_categories *list);
/* Compiles an orb there. valid: its verdict; text: what it printed, or its complaints. */
enum registry_fault registry_compile(
	struct registry *r, struct arena *a, struct str yaml, bool *valid, struct str *text);

/* Writes: sent once. */
enum registry_fault registry_create(
	struct registry *r, struct arena *a, struct str name, bool is_private);
enum registry_fault registry_publish(
	struct registry *r, struct arena *a, const struct orb_ref *ref, struct str yaml);
/* Makes a dev version the next production version; *version is what it is called. */
enum registry_fault registry_promote(struct registry *r, struct arena *a, const struct orb_ref *dev,
	struct str segment, struct str *version);
enum registry_fault registry_set_listed(
	struct registry *r, struct arena *a, struct str name, bool listed);
enum registry_fault registry_categorize(
	struct registry *r, struct arena *a, struct str name, struct str category, bool add);

/* The production version behind the newest of orb: segment is "major", "minor" or "patch". False
 * when it is none of these. */
bool orb_next_version(
	struct arena *a, const struct registry_orb *orb, struct str segment, struct str *next);

/* ---- the cache --------------------------------------------------------------------------- */

struct orb_cache {
	struct str dir;  /* "/home/x/.cache/ccx/orbs/circleci.com" */
	int64_t max_age; /* seconds for which an answer that may change is used; -1: by its kind */
	int64_t now;     /* seconds since 1970 */
};

/* The entry of ref, when there is one that is whole and, unless stale is allowed, young enough. */
bool orb_cache_get(const struct orb_cache *c, struct arena *a, const struct orb_ref *ref,
	bool stale, struct orb_found *found);
/* Keeps what was found; what cannot be written is not kept. */
void orb_cache_put(const struct orb_cache *c, struct arena *a, const struct orb_ref *ref,
	const struct orb_found *found);
/* Entries as a source, whatever their age. The cache must outlive it. */
void orb_store_add_cache(struct orb_store *s, const struct orb_cache *cache);
/* The registry, and orbs by their address, behind a cache (NULL: none), for several stores and
 * threads: it asks once for each orb, and a host not again after there was no answer. What it finds
 * lives until it is freed. */
struct orb_remote;
struct orb_remote *orb_remote_new(
	struct arena *a, const struct registry_options *options, const struct orb_cache *cache);
void orb_remote_free(struct orb_remote *r);
void orb_store_add_remote(struct orb_store *s, struct orb_remote *r);

/* ---- what changed ------------------------------------------------------------------------ */

/* By how much a version must grow; also the class of a change: fix, feature, breaking. */
enum orb_bump { ORB_BUMP_NONE, ORB_BUMP_PATCH, ORB_BUMP_MINOR, ORB_BUMP_MAJOR, ORB_BUMP_COUNT };

extern const char *const orb_bump_names[ORB_BUMP_COUNT];  /* "none", "patch", "minor", "major" */
extern const char *const orb_class_names[ORB_BUMP_COUNT]; /* "none", "fix", "feature", "breaking" */

enum orb_change_kind {
#define CHANGE(ID, id, bump, text, reason) ORB_CHANGE_##ID,
#include "ccx/orb_changes.def"
#undef CHANGE
	ORB_CHANGE_COUNT
};

struct orb_change_info {
	const char *id;
	enum orb_bump bump;
	const char *text, *reason; /* as orb_changes.def says */
};

/* command install: parameter version was removed */
struct orb_change {
	enum orb_change_kind kind;
	const char *subject; /* "command", "executor", "job", "import", "example" or "orb" */
	struct str name;     /* empty for the orb itself */
	struct str part;     /* the parameter or key that it is about; or empty */
	const struct node *before, *after; /* the values; NULL where there is none */
	struct span old, new_span;         /* file 0: it is not in that version */
};

/* In the order of orb_changes.def. Start with {0}. */
struct orb_changes {
	VEC(struct orb_change) all;
	uint32_t count[ORB_BUMP_COUNT]; /* of each class */
	enum orb_bump bump;             /* what all of them together call for */
};

struct module;

const struct orb_change_info *orb_change_info(enum orb_change_kind kind);
/* What changed between two decoded orbs for those who use them; what the orb only sees itself is a
 * fix. Views of both modules are kept. */
void orb_changes_find(struct arena *a, const struct module *old, const struct module *new_module,
	struct orb_changes *out);
/* By how much new_version is above old: NONE when it is not. False unless both are x.y.z. */
bool orb_version_bump(struct str old, struct str new_version, enum orb_bump *bump);

/* ---- packing ----------------------------------------------------------------------------- */

struct pack_options {
	bool orb;    /* the source of an orb: it may include files */
	bool legacy; /* as the CLI 0.1 does it, not 1.x */
	/* What the files that are read must lie in; empty: the git checkout around the tree or,
	 * outside of any, the folder that holds the tree. */
	struct str include_root;
};

/* The document that the YAML files below the folder path make, or the one file path, in the order
 * in which it is printed with node_print_go. NULL after at least one finding. */
const struct node *pack_tree(struct arena *a, struct sources *s, struct str path,
	const struct pack_options *how, struct diag_list *d);

struct unpack_options {
	bool orb;
	uint32_t script_lines; /* a command of so many lines gets a file of its own; 0: none does */
};

/* One file of a tree; path is below its root. */
struct unpacked_file {
	struct str path, text;
};

struct unpacked {
	VEC(struct unpacked_file) files;
};

/* The files of which pack_tree makes doc again (a map): commands, jobs and so on one by one, the
 * rest in @orb.yml or @config.yml. What cannot be a file's name stays there too. */
void unpack_tree(struct arena *a, const struct node *doc, const struct unpack_options *how,
	struct unpacked *out);

#endif
