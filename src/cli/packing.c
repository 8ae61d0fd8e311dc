/* SPDX-License-Identifier: MIT */
/* Packing a folder into one document, and taking a document apart into a folder. */
#include "packing.h"

#include "ccx/limits.h"
#include "ccx/yaml.h"

#include "document.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

const char *const pack_compat_choices[] = {"0.1", "1.x", NULL};

/* ---- pack -------------------------------------------------------------------------------- */

static enum exit_code
pack(struct cli *cli, const struct pack_args *args, const char *path, bool orb)
{
	struct sources sources;
	struct diag_list diags;
	struct pack_options how = {.orb = orb,
		.legacy = args->compat && strcmp(args->compat, "0.1") == 0,
		.include_root = str_of(args->include_root ? args->include_root : "")};
	sources_init(&sources, cli->a);
	diag_init(&diags, cli->a);
	const struct node *doc = pack_tree(cli->a, &sources, str_of(path), &how, &diags);
	cli_report(cli, &sources, &diags);
	if (!doc)
		return diags.errors ? cli_verdict(&diags) : EXIT_OTHER;
	struct sb b = {.a = cli->a};
	node_print_go(&b, doc);
	if (!args->check)
		return document_write(cli, args->output_file, sb_str(&b));
	/* CLI 0.1 prints one line break more than the document has. */
	struct document_check check = {args->check, "pack it again", how.legacy};
	return document_check(cli, &check, sb_str(&b));
}

enum exit_code
pack_run(struct cli *cli, const struct command *c, char **args, bool orb)
{
	struct pack_args p = {0};
	struct opt_list operands = {0};
	struct stat st;
	enum exit_code code;
	if (!cli_options(cli, c, (struct opt_set){c->opts, &p}, args, &operands, &code))
		return code;
	if (operands.n != 1)
		return cli_usage(cli, c, "one folder to pack");
	if (p.check && p.output_file)
		return cli_usage(cli, c, "--check writes nothing: leave out --output-file");
	const char *named[] = {operands.v[0], p.include_root};
	for (int i = 0; i < 2; i++) {
		if (!named[i] || stat(named[i], &st) == 0)
			continue;
		int error = errno;
		cli_say("cannot read %s: %s", named[i], strerror(error));
		return cli_read_fault(error);
	}
	return pack(cli, &p, operands.v[0], orb);
}

/* ---- unpack ------------------------------------------------------------------------------ */

/* What a command has made so far, in order. */
struct made {
	struct arena *a;
	VEC(const char *) paths;
};

static bool
make_dir(struct made *made, const char *path)
{
	struct stat st;
	if (mkdir(path, 0777) != 0)
		return errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
	vec_push(made->a, &made->paths, path);
	return true;
}

static bool
make_parents(struct made *made, struct str path)
{
	for (size_t at = 1; at < path.len; at++)
		if (path.s[at] == '/' && !make_dir(made, str_copy(made->a, str_sub(path, 0, at)).s))
			return false;
	return true;
}

bool
packing_parents(struct arena *a, struct str path)
{
	struct made made = {.a = a};
	return make_parents(&made, path);
}

bool
packing_is_empty(const char *path)
{
	bool empty = true;
	DIR *d = opendir(path);
	if (!d)
		return errno == ENOENT;
	for (struct dirent *e; empty && (e = readdir(d));)
		empty = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;
	closedir(d);
	return empty;
}

static bool
write_new(struct made *made, struct str path, struct str text)
{
	struct stat st;
	bool there = lstat(path.s, &st) == 0;
	if (!make_parents(made, path) || !file_write(path.s, text))
		return false;
	if (!there)
		vec_push(made->a, &made->paths, path.s);
	return true;
}

enum exit_code
packing_write(struct cli *cli, struct str dir, const struct unpacked *tree)
{
	struct made made = {.a = cli->a};
	for (uint32_t i = 0; i < tree->files.n; i++) {
		struct str path = path_join(cli->a, dir, tree->files.v[i].path);
		if (write_new(&made, path, tree->files.v[i].text))
			continue;
		cli_say("cannot write %s: %s", path.s, strerror(errno));
		while (made.paths.n)
			remove(made.paths.v[--made.paths.n]);
		return EXIT_OTHER;
	}
	return EXIT_OK;
}

bool
packing_fits(const struct node *doc, struct diag_list *d)
{
	if (doc->weight <= LIMIT_OUTPUT_BYTES / NODE_WEIGHT_BYTES)
		return true;
	diag_push(d, RULE_TOO_LARGE, (struct span){0},
		"the document would have more than %d MiB with its aliases written out",
		LIMIT_OUTPUT_BYTES >> 20);
	return false;
}

/* The document of the file that is to be taken apart, when it is one. */
static const struct node *
load_document(
	struct cli *cli, struct sources *s, struct str path, struct str text, struct diag_list *d)
{
	uint32_t file = source_add(s, path, text);
	const struct node *doc = node_load(cli->a, s, file, d);
	if (doc && doc->kind != NODE_MAP) {
		diag_push(d, RULE_NOT_A_MAP, doc->span,
			"a file to unpack must hold a map, not a %s", node_type(doc));
		return NULL;
	}
	if (doc && !packing_fits(doc, d))
		return NULL;
	return doc;
}

static enum exit_code
unpack(struct cli *cli, const struct unpack_args *args, const struct opt_list *operands,
	const struct unpack_options *how)
{
	struct sources sources;
	struct diag_list diags;
	struct unpacked tree = {0};
	struct str text;
	const char *path = operands->v[0], *dir = operands->v[1];
	bool piped = strcmp(path, "-") == 0;
	if (!file_read(cli->a, path, LIMIT_FILE_BYTES, &text)) {
		int error = errno;
		cli_say("cannot read %s: %s", path, strerror(error));
		return cli_read_fault(error);
	}
	sources_init(&sources, cli->a);
	diag_init(&diags, cli->a);
	const char *name = !piped ? path : args->stdin_name ? args->stdin_name : "<stdin>";
	const struct node *doc = load_document(cli, &sources, str_of(name), text, &diags);
	cli_report(cli, &sources, &diags);
	if (!doc)
		return cli_verdict(&diags);
	if (!args->force && !packing_is_empty(dir)) {
		cli_say("%s is not an empty folder; --force writes into it all the same", dir);
		return EXIT_OTHER;
	}
	/* As packing will read it, so that 1:30 stays a text. */
	unpack_tree(
		cli->a, node_as_go(cli->a, &sources, doc, GO_BOOLEANS | GO_IN_ORDER), how, &tree);
	return packing_write(cli, str_of(dir), &tree);
}

/* "20"; false when it is no number of lines. */
static bool
read_lines(const char *text, uint32_t *lines)
{
	*lines = 0;
	for (; *text >= '0' && *text <= '9' && *lines < 1000000; text++)
		*lines = *lines * 10 + (uint32_t)(*text - '0');
	return *text == '\0' && *lines > 0;
}

enum exit_code
unpack_run(struct cli *cli, const struct command *c, char **args, bool orb)
{
	struct unpack_args u = {0};
	struct unpack_options how = {.orb = orb};
	struct opt_list operands = {0};
	enum exit_code code;
	if (!cli_options(cli, c, (struct opt_set){c->opts, &u}, args, &operands, &code))
		return code;
	if (operands.n != 2)
		return cli_usage(cli, c, "a file to unpack, and the folder for its parts");
	if (u.scripts && !read_lines(u.scripts, &how.script_lines))
		return cli_usage(
			cli, c, "--scripts takes a number of lines, not \"%s\"", u.scripts);
	return unpack(cli, &u, &operands, &how);
}
