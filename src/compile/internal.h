/* SPDX-License-Identifier: MIT */
/* What the passes of a compile share. */
#ifndef CCX_COMPILE_INTERNAL_H
#define CCX_COMPILE_INTERNAL_H

#include "ccx/compile.h"
#include "ccx/expr.h"

struct compile;

/* ---- the compile in progress ------------------------------------------------------------- */

struct steps {
	VEC(struct compiled_step) all;
};

/* A map while it is put together: pairs_add for keys that are new, pairs_set for those that may
 * be there, which keep their place. Not both for one map. */
struct pairs {
	VEC(struct pair) all;
	struct map index; /* text of the key -> its number from 1 */
};

void pairs_add(
	struct compile *c, struct pairs *to, const struct node *key, const struct node *value);
void pairs_set(
	struct compile *c, struct pairs *to, const struct node *key, const struct node *value);
struct pair *pairs_find(const struct pairs *in, struct str key); /* of pairs_set; or NULL */
const struct node *pairs_map(struct compile *c, const struct pairs *from, struct span span);
/* The steps as a list node. */
const struct node *steps_list(struct compile *c, const struct steps *steps, struct span span);

/* A compiled body; several invocations may share it. */
struct body {
	const struct element *job; /* NULL for jobs that the compiler adds */
	const struct node *args;   /* what it was called with, for finding it again */
	const struct node *node;   /* NULL when it could not be compiled */
	struct steps steps;
	uint64_t hash;     /* of node */
	struct body *next; /* of the same hash of arguments */
};

/* One status list of `requires: [{build: [success, failed]}]`. */
struct requirement {
	struct str name; /* as written, matrix values put in */
	struct span span;
	const struct node *statuses; /* list of strings, or NULL for success */
};

/* One entry of a workflow's jobs after groups and matrices are expanded. */
struct invocation {
	struct str target;  /* the job as written: "build", "node/test" */
	struct str name;    /* what it is called before numbering */
	struct str final;   /* name in the output */
	struct str group;   /* what requires may call all members of a matrix, or a group's end */
	struct str member;  /* its name inside its job group, else empty */
	struct str part_of; /* the job group's invocation that made it, else empty */
	struct span span;   /* where it is invoked */
	const struct node *entry; /* its map rendered, or NULL for a bare name */
	const struct node *args;  /* what of it goes to the job, or NULL */
	struct body *body;        /* NULL for inline approvals and for unknown orbs */
	VEC(struct requirement) requires;
	VEC(struct invocation *) upstream; /* requires resolved; in step with accepts */
	VEC(const struct node *) accepts;  /* list of statuses, or NULL for success */
	const struct origin *origin;
	const char *type;         /* "approval", or NULL */
	bool ends_group;          /* the end job of a job group */
	enum absence absence;     /* set by pass_filters */
	struct span why;          /* of an absence: what keeps it away */
	struct compiled_job *job; /* that it became, if it is the first of its final name */
	uint32_t index, waits; /* of pass_graph: number in the workflow; upstreams not sorted yet */
	struct invocation *twin;           /* first of the workflow that is the same job */
	const struct invocation *asked_by; /* the last whose requires named it */
};

struct workflow {
	struct str name;
	const struct pair *pair; /* name and map as written */
	VEC(struct invocation *) jobs;
	VEC(struct invocation *) order; /* each behind its upstreams; made by pass_graph */
	const struct origin *origin;
	bool incomplete; /* an entry could not be added: what requires it cannot be told */
};

/* A workflow whose condition keeps it away. */
struct absent {
	const struct pair *pair;
	struct span why; /* the operand that decides */
	bool why_true;   /* and what it is */
};

struct compile {
	struct arena *a;
	struct sources *sources;
	struct diag_list *diags;
	const struct compile_options *options;
	uint32_t file;
	size_t before; /* bytes of the arena that others have used */
	const struct node *root;
	struct config *config;
	struct map parameters;         /* pipeline parameters: name -> struct node */
	struct map orbs;               /* exact reference -> struct module */
	VEC(struct compiled_orb) refs; /* that were resolved */
	struct map locked;             /* references that were compared with the lock */
	bool orbs_missing;             /* others were not */
	struct map splices; /* identity of a steps argument -> struct steps that it became */
	struct map homes;   /* identity of an executor argument -> struct module */
	struct map bodies;  /* job + arguments -> struct body */
	VEC(struct workflow *) workflows;
	VEC(struct absent) absent; /* the others, in order too */
	struct map printed;        /* final name -> the first struct invocation of it */
	VEC(struct str) comments;
	uint32_t nsteps, njobs, nrequires;
	struct diag_list *doubts;       /* what would fail otherwise, or NULL when nobody asks */
	struct map doubted;             /* span of steps -> looked at once */
	struct map used;                /* identity of an element -> itself: something called it */
	const struct element *uncalled; /* expanded though nobody calls it: has no arguments */
	bool doubting;                  /* expanding what does not run now */
	bool full;                      /* a limit was hit: no more expanding */
	bool unknown;                   /* something depends on an orb that could not be had */
	struct compiled *result;
};

/* The passes, in order; false ends the compile. */
bool pass_load(struct compile *c);
bool pass_decode(struct compile *c);
bool pass_parameters(struct compile *c);
bool pass_orbs(struct compile *c);
bool pass_workflows(struct compile *c);
bool pass_names(struct compile *c);
bool pass_filters(struct compile *c);
bool pass_graph(struct compile *c);
bool pass_assemble(struct compile *c);

/* Reports once that a limit of ccx stops the compile, and marks it full. */
void compile_full(struct compile *c, struct span at, const char *what, unsigned long limit);
/* True while there is memory left; reports otherwise. */
bool compile_room(struct compile *c, struct span at);
/* True when the schema has found a fault at this very place: once is enough. */
bool compile_told(const struct compile *c, struct span at);

/* Compares a reference that was resolved with the lock, once. */
void lock_compare(struct compile *c, const struct compiled_orb *orb);
/* Finds what the lock has and nothing refers to. */
void lock_stale(struct compile *c);

/* Resolves the imports of an orb that is compiled on its own. */
void orb_imports(struct compile *c, struct module *m);

/* ---- names and values -------------------------------------------------------------------- */

/* Values of an element's parameters, in step with params->v; NULL where there is none. */
struct args {
	const struct params *params;
	const struct node **v;
};

/* What `<< >>` sees in one place. */
struct view {
	struct compile *c;
	const struct args *args;   /* parameters.x, or NULL */
	const struct node *matrix; /* matrix.x: map of one combination, or NULL */
	bool pipeline_parameters;  /* in the config itself, not in an orb */
};

/* Renders n as seen in view; NULL after a fault. Version 2 configs are no templates. */
const struct node *view_render(
	const struct view *view, const struct node *n, const struct origin *origin);
/* Evaluates a logic statement that is rendered already. */
bool view_logic(const struct view *view, const struct node *statement, const struct origin *origin,
	bool *result);
/* A workflow's when: a bare expression, a logic statement or a templated scalar, as written. */
bool view_condition(const struct view *view, const struct node *statement,
	const struct origin *origin, bool *result);
/* A bare expression as in filters; *result is its truth. */
bool view_expression(const struct view *view, const struct node *text, const struct origin *origin,
	bool *result);
/* A pipeline value, or NULL when it is undefined. */
const struct node *pipeline_value(struct compile *c, struct str name);

/* ---- elements ---------------------------------------------------------------------------- */

enum resolve {
	RESOLVED,
	RESOLVE_NO_ELEMENT,
	RESOLVE_NO_ORB,  /* its prefix is not under orbs */
	RESOLVE_UNKNOWN, /* its orb could not be had: nothing can be said */
	RESOLVE_BAD_ALIAS,
};

/* The element that name means in module m; aliases are followed. */
enum resolve element_find(
	const struct module *m, enum element_kind kind, struct str name, const struct element **e);
/* A name that could not be resolved. */
struct missing {
	const struct module *module;
	enum element_kind kind;
	struct str name;
	struct span at;
	const struct origin *origin;
};

/* Reports why, with the official words and the nearest name; notes what is unknown. */
void element_missing(struct compile *c, enum resolve why, const struct missing *what);
/* The element called e from use, on top of up. */
const struct origin *origin_push(struct compile *c, const struct origin *up,
	const struct element *e, struct str name, struct span use);

/* A call: who calls, from which module, and by which chain. */
struct call {
	struct compile *c;
	const struct module *module; /* where the caller's names resolve */
	const struct origin *origin;
	const struct call *up;         /* for finding cycles */
	const struct element *element; /* the command or job that is being expanded */
	unsigned depth;                /* commands */
	unsigned nesting;              /* lists in lists */
};

/* Checks given (a map without the keys that are no arguments, or NULL) against e's parameters and
 * fills args with values and defaults. at: the call, for faults without a better place. */
bool args_bind(const struct call *call, const struct element *e, const struct node *given,
	struct span at, struct args *args);
/* The module in which an executor argument's name resolves, or NULL when value is none. */
const struct module *executor_home(struct compile *c, const struct node *value);
/* What a steps argument was expanded to, or NULL when list is none. */
const struct steps *spliced_steps(struct compile *c, const struct node *list);

/* Has anything called e? Known only where doubts are asked for. */
bool element_used(const struct compile *c, const struct element *e);

/* Appends what a rendered list of steps expands to: commands, conditions, steps arguments. */
bool steps_expand(const struct call *call, const struct node *list, struct steps *out);

/* For a list that does not render as a whole: expands what of it does, for the faults in it. */
void steps_salvage(const struct call *call, const struct view *view, const struct node *list);

/* The executor that value (rendered) names, as a rendered map; NULL after a fault or when its orb
 * is unknown. view is the job's: an executor given as a map is read in the job. */
const struct node *executor_resolve(
	const struct call *call, const struct view *view, const struct node *value);

/* The body of job e called with args; compiled once for equal arguments. */
struct body *job_compile(
	const struct call *call, const struct element *e, const struct node *args, struct span at);

/* The body of a printed job from its own map and its executor's (or NULL); steps replace the
 * job's own. */
const struct node *job_merge(struct compile *c, const struct node *executor, const struct node *job,
	const struct steps *steps);

/* ---- workflows --------------------------------------------------------------------------- */

/* Adds the invocations that one entry of a workflow's (or group's) jobs makes. */
void invocation_add(struct compile *c, struct workflow *w, const struct node *item);
/* Reads the requires of inv's entry. */
void invocation_requires(struct compile *c, struct invocation *inv);
/* Every final status, as a list: what `terminal` stands for. */
const struct node *job_statuses(struct compile *c, struct span span);
/* Expands matrix (a rendered map) into combinations: list of maps. NULL after a fault. */
const struct node *matrix_expand(
	struct compile *c, const struct node *matrix, struct str name, const struct origin *origin);
/* "job-v1-v2": values in alphabetical order of the parameters' names. */
struct str matrix_name(struct arena *a, struct str job, const struct node *combination);
/* Expands an invocation of job group g. */
void group_add(struct compile *c, struct workflow *w, const struct element *g,
	const struct node *entry, struct span at);

/* Tells out which workflows and entries there are, and why some do not run. */
void outcome_collect(struct compile *c, struct compiled *out);

/* The operand on which a statement hangs that is *result: the false one of an and, the true one of
 * an or; the statement itself when several must be taken together. *result becomes the operand's:
 * not turns it round. */
struct span condition_decisive(const struct view *view, const struct node *statement,
	const struct origin *origin, bool *result);
/* The same for a string that is an expression as it stands. */
struct span expression_decisive(
	const struct view *view, const struct node *n, const struct origin *origin, bool result);

/* Adds the workflow of a pair of workflows, whatever its condition. */
void workflow_add(struct compile *c, const struct pair *pair);

/* ---- doubts ------------------------------------------------------------------------------ */

/* Expands steps that a condition did not choose; they run when it is what wanted says. */
void doubt_steps(const struct call *call, const struct node *condition, const struct node *steps,
	bool wanted);
/* Expands all else that does not run now, and reports what would fail as warnings. */
void doubts_collect(struct compile *c);

/* ---- output ------------------------------------------------------------------------------ */

struct compat_style {
	bool preview;         /* version 2 has executors and commands: 2.1 did not exist */
	unsigned fold;        /* columns, or 0 */
	bool upstream;        /* entries with requires get upstream */
	bool version_21;      /* prints version: 2.1 */
	bool environment_map; /* a job's environment stays a map */
	bool comments;        /* # Orb and # WARNING lines */
	bool filters;         /* map filters are applied when the branch or tag is known */
	size_t original_most; /* the source is appended when the text above has at most this many
				 chars */
};

struct compat_style compat_style(struct compat compat);

/* Sorts n names (as indexes into names) as a Clojure hash map of more than eight iterates. */
void clojure_order(struct arena *a, const struct str *names, uint32_t n, uint32_t *order);

#endif
