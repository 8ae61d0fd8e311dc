/* SPDX-License-Identifier: MIT */
/*
 * Each worker has an arena for the file that it is at, and one for what outlives files. Of a file
 * only its findings are kept, and the texts that they show; they are put together in the order of
 * the files, so that what is printed does not depend on the number of workers.
 */
#include "validate.h"

#include "ccx/check.h"

#include "fix.h"
#include "pool.h"

#include <errno.h>
#include <string.h>

/* Files of one folder have the same settings. */
struct project {
	struct settings settings;
	struct sources sources;      /* parameters and settings: what every run begins with */
	struct diag_list diags;      /* what is wrong with them */
	const struct orb_lock *lock; /* or NULL */
};

/* What is left of one file. */
struct outcome {
	bool checked;
	bool passed_over;         /* it is no config */
	int error;                /* errno, when it could not be read */
	uint32_t fixed;           /* findings */
	struct str before, after; /* its text, when something was fixed */
	struct sources sources;
	struct diag_list diags;
};

struct worker {
	struct arena *file, *kept;
	struct orb_store orbs;
	const struct project *orbs_of; /* whose settings the store was made with */
	struct outcome *out;           /* of the file that it is at */
};

struct run {
	struct cli *cli;
	const struct validate *what;
	const struct files *files;
	const struct project **projects; /* of each file */
	struct outcome *outcomes;        /* of each file */
	struct worker *workers;
	struct session session; /* what all of them have in common */
};

/* ---- one file ---------------------------------------------------------------------------- */

static struct check_options
check_options_of(const struct run *r, struct arena *a, const struct project *project)
{
	const char *target = r->what->target;
	if (!target)
		target = settings_text(a, &project->settings, "target");
	int as_of = r->what->as_of ? catalog_day(str_of(r->what->as_of)) : catalog_as_of();
	return (struct check_options){.server = target && strcmp(target, "server") == 0,
		.as_of = (uint32_t)as_of,
		.next = r->what->next,
		.settings = project->settings.root};
}

/* How far a look at a file came. */
enum look {
	LOOK_UNREAD,   /* it is no config that can be read */
	LOOK_PARTIAL,  /* some checks had nothing to look at */
	LOOK_COMPLETE, /* every check has run */
};

static enum look
check_file(const struct run *r, const struct project *project, struct pipeline_read *read,
	uint32_t file)
{
	struct inputs *in = &read->in;
	struct check_options how = check_options_of(r, in->a, project);
	struct compiled *c = compile_config(in->a, in->sources, file, &read->options, in->diags);
	if (!c)
		return LOOK_UNREAD;
	struct check check = {.a = in->a,
		.sources = in->sources,
		.diags = in->diags,
		.options = &how,
		.file = file,
		.root = c->root,
		.config = c->source,
		.compiled = c};
	check_config(&check);
	return c->config && !in->diags->dropped ? LOOK_COMPLETE : LOOK_PARTIAL;
}

/* Everything there is to say of a file, as its comments and settings have it. */
static enum look
look_at(const struct run *r, const struct project *project, struct pipeline_read *read,
	uint32_t file)
{
	struct inputs *in = &read->in;
	enum look look = check_file(r, project, read, file);
	check_comments(in->sources, in->diags, file, look == LOOK_COMPLETE);
	settings_apply(project->settings.root, &project->settings.paths, in->sources, in->diags);
	return look;
}

/* ---- fixes ------------------------------------------------------------------------------- */

static bool
is_fixing(const struct validate *what)
{
	return what->fix || what->unsafe_fixes || what->diff;
}

struct refix {
	const struct run *r;
	const struct project *project;
	const struct pipeline_read *read;
	struct str path;
};

static void
start_sources(struct arena *a, const struct project *project, struct sources *sources)
{
	sources_init(sources, a);
	for (uint32_t k = 1; k < project->sources.all.n; k++)
		vec_push(a, &sources->all, project->sources.all.v[k]);
}

static void
look_again(void *ctx, struct arena *a, struct str text, struct fix_seen *seen)
{
	const struct refix *again = ctx;
	struct sources *sources = NEW(a, struct sources);
	struct pipeline_read read = *again->read;
	seen->diags = NEW(a, struct diag_list);
	start_sources(a, again->project, sources);
	diag_init(seen->diags, a);
	read.in = (struct inputs){.a = a, .sources = sources, .diags = seen->diags};
	seen->file = source_add(sources, again->path, text);
	seen->loaded = look_at(again->r, again->project, &read, seen->file) != LOOK_UNREAD;
}

/* The file's text becomes what is left to say something of. */
static void
fix_file(const struct run *r, struct worker *w, const struct project *project,
	const struct pipeline_read *read, struct source *source)
{
	struct refix again = {r, project, read, source->path};
	struct fixer fixer = {look_again, &again, r->what->unsafe_fixes};
	struct outcome *out = w->out;
	struct str after;
	out->fixed = fix_text(w->file, &fixer, source->text, &after);
	out->before = str_copy(w->kept, source->text);
	out->after = str_copy(w->kept, after);
	source->text = after;
}

/* An orb that several files import is read once by each worker. */
static struct orb_store *
orbs_for(const struct run *r, struct worker *w, const struct project *project, const char *path)
{
	if (w->orbs_of != project) {
		pipeline_orbs(w->kept, &r->what->pipeline, path, &w->orbs);
		settings_orbs(&project->settings, &project->sources, w->kept, &w->orbs);
		pipeline_remote_add(&r->session.remote, &w->orbs);
		w->orbs.lock = project->lock;
		w->orbs_of = project;
	}
	return &w->orbs;
}

static void
keep_findings(struct worker *w, struct outcome *out, const struct sources *s, struct diag_list *d)
{
	struct diag_merge merge;
	sources_init(&out->sources, w->kept);
	diag_init(&out->diags, w->kept);
	diag_merge_init(&merge, &out->sources, &out->diags);
	diag_sort(d);
	diag_merge(&merge, s, d);
}

static void
validate_file(struct run *r, struct worker *w, uint32_t i)
{
	const struct config_file *f = &r->files->v[i];
	const struct project *project = r->projects[i];
	struct outcome *out = &r->outcomes[i];
	struct sources sources;
	struct diag_list diags;
	struct pipeline_read read = r->session.read;
	uint32_t file;
	w->out = out;
	start_sources(w->file, project, &sources);
	diag_init(&diags, w->file);
	read.in = (struct inputs){.a = w->file, .sources = &sources, .diags = &diags};
	read.options.orbs = orbs_for(r, w, project, f->path);
	bool ok = pipeline_source(&read, f->path, r->what->stdin_name, &file);
	out->error = read.error;
	if (read.error)
		return;
	out->passed_over =
		ok && f->found && !files_is_config(f->path, source_of(&sources, file)->text);
	if (out->passed_over)
		return;
	out->checked = true;
	if (ok && is_fixing(r->what))
		fix_file(r, w, project, &read, &sources.all.v[file]);
	if (ok)
		look_at(r, project, &read, file);
	if (diags.all.n || diags.dropped)
		keep_findings(w, out, &sources, &diags);
}

static void
work(void *ctx, unsigned worker, uint32_t i)
{
	struct run *r = ctx;
	struct worker *w = &r->workers[worker];
	if (!w->file) {
		w->file = arena_new();
		w->kept = arena_new();
	}
	struct arena_mark mark = arena_mark(w->file);
	validate_file(r, w, i);
	arena_reset(w->file, mark);
}

/* ---- before ------------------------------------------------------------------------------ */

static const struct project *
read_project(struct run *r, const char *path)
{
	struct project *p = NEW(r->cli->a, struct project);
	const struct sources *common = &r->session.sources;
	sources_init(&p->sources, r->cli->a);
	diag_init(&p->diags, r->cli->a);
	for (uint32_t k = 1; k < common->all.n; k++)
		vec_push(r->cli->a, &p->sources.all, common->all.v[k]);
	struct inputs in = {.a = r->cli->a, .sources = &p->sources, .diags = &p->diags};
	p->settings = settings_find(r->cli, path, &p->sources, &p->diags);
	p->lock = pipeline_lock(&in, r->what->pipeline.frozen, path);
	check_comments(&p->sources, &p->diags, 0, false);
	settings_apply(p->settings.root, &p->settings.paths, &p->sources, &p->diags);
	return p;
}

static void
find_projects(struct run *r)
{
	struct map folders = {0};
	for (uint32_t i = 0; i < r->files->n; i++) {
		const char *path = r->files->v[i].path;
		if (strcmp(path, "-") == 0 && r->what->stdin_name)
			path = r->what->stdin_name;
		struct str folder = path_dir(str_of(path));
		r->projects[i] = map_get(&folders, folder);
		if (r->projects[i])
			continue;
		r->projects[i] = read_project(r, path);
		map_put(r->cli->a, &folders, folder, (void *)r->projects[i]);
	}
}

/* ---- after ------------------------------------------------------------------------------- */

/* A file that is missing weighs more than one that cannot be read, and that more than findings. */
static void
say_unread(const char *path, int error, struct validated *out)
{
	cli_say("cannot read %s: %s", path, strerror(error));
	if (out->code != EXIT_MISSING)
		out->code = cli_read_fault(error);
}

/* Folders in which no config was found. */
static void
say_empty(const struct run *r, const bool *used, struct validated *out)
{
	for (uint32_t i = 0; i < r->files->operands.n; i++) {
		const struct file_operand *operand = &r->files->operands.v[i];
		if (!operand->folder || operand->known || used[i])
			continue;
		cli_say("no config below %s", operand->text);
		out->code = EXIT_MISSING;
	}
}

/* Standard input comes out whole, fixed or not. */
static bool
write_fixed(const struct run *r, const char *path, const struct outcome *o)
{
	struct str before = o->before.s ? o->before : STR("");
	struct str after = o->before.s ? o->after : STR("");
	return fix_write(r->cli, path, before, after, r->what->diff);
}

static void
collect(struct run *r, struct validated *out)
{
	struct arena *a = r->cli->a;
	struct diag_merge merge;
	sources_init(&out->sources, a);
	diag_init(&out->diags, a);
	diag_merge_init(&merge, &out->sources, &out->diags);
	merge.views = true;
	out->paths = NEW_ARRAY(a, struct str, r->files->n + 1);
	bool *used = NEW_ARRAY(a, bool, r->files->operands.n + 1);
	for (uint32_t i = 0; i < r->files->n; i++) {
		const struct outcome *o = &r->outcomes[i];
		const char *path = r->files->v[i].path, *name = r->what->stdin_name;
		bool piped = strcmp(path, "-") == 0;
		if (piped)
			path = name ? name : "<stdin>";
		if (r->cli->common.verbose && !o->passed_over)
			cli_say("reading %s", path);
		used[r->files->v[i].operand] |= !o->passed_over;
		if (o->error)
			say_unread(path, o->error, out);
		if (!o->checked)
			continue;
		out->fixed += o->fixed;
		if (is_fixing(r->what) && !write_fixed(r, r->files->v[i].path, o))
			out->code = EXIT_OTHER;
		out->paths[out->npaths++] = str_of(path);
		diag_merge(&merge, &r->projects[i]->sources, &r->projects[i]->diags);
		if (o->sources.a)
			diag_merge(&merge, &o->sources, &o->diags);
	}
	say_empty(r, used, out);
	diag_sort(&out->diags);
}

bool
validate_files(struct cli *cli, const struct command *c, const struct validate *what,
	const struct files *files, struct validated *out)
{
	struct run *r = NEW(cli->a, struct run);
	*out = (struct validated){.code = EXIT_OK};
	*r = (struct run){.cli = cli, .what = what, .files = files};
	r->session = (struct session){.cli = cli, .command = c, .pipeline = &what->pipeline};
	if (!session_inputs(&r->session, &out->code))
		return false;
	r->session.read.options.tolerant = true;
	r->session.read.options.thorough = !what->only_default_path;
	r->projects = NEW_ARRAY(cli->a, const struct project *, files->n + 1);
	r->outcomes = NEW_ARRAY(cli->a, struct outcome, files->n + 1);
	find_projects(r);
	pipeline_remote_open(cli, &what->pipeline, &r->session.remote);
	/* To ask for the processors takes longer than to check a small config. */
	unsigned threads = what->threads ? what->threads : files->n > 1 ? pool_processors() : 1;
	threads = threads < files->n ? threads : files->n;
	r->workers = NEW_ARRAY(cli->a, struct worker, threads + 1);
	out->kept = NEW_ARRAY(cli->a, struct arena *, threads + 1);
	pool_run(threads, files->n, work, r);
	collect(r, out);
	session_close(&r->session);
	if (files->n)
		out->settings = r->projects[0]->settings;
	for (unsigned i = 0; i < threads; i++) {
		arena_free(r->workers[i].file);
		out->kept[out->nkept++] = r->workers[i].kept;
	}
	return out->npaths > 0;
}

void
validated_free(struct validated *v)
{
	for (uint32_t i = 0; i < v->nkept; i++)
		arena_free(v->kept[i]);
	v->nkept = 0;
}
