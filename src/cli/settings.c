/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include "ccx/limits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- finding ----------------------------------------------------------------------------- */

/* "a/b" -> "a", "a" -> "", "" -> "..", "../.." -> "../../.." */
static struct str
folder_above(struct arena *a, struct str folder)
{
	if (!folder.len || str_is(folder, "."))
		return STR("..");
	if (str_is(folder, "..") || str_ends(folder, STR("/..")))
		return str_printf(a, "%.*s/..", STR_ARG(folder));
	struct str above = path_dir(folder);
	return str_is(above, ".") ? STR("") : above;
}

static bool
is_same_folder(struct arena *a, struct str x, struct str y)
{
	struct stat one, two;
	const char *first = x.len ? str_copy(a, x).s : ".";
	const char *second = y.len ? str_copy(a, y).s : ".";
	return stat(first, &one) != 0 || stat(second, &two) != 0 ||
	       (one.st_dev == two.st_dev && one.st_ino == two.st_ino);
}

/* The folder whose .circleci has settings, else that of the checkout; false outside of both. */
static bool
find_project(struct arena *a, const char *config, struct str *folder)
{
	enum { MOST = 64 };
	*folder = path_dir(str_of(config));
	if (str_is(*folder, "."))
		*folder = STR("");
	for (int i = 0; i < MOST; i++) {
		if (file_exists(path_join(a, *folder, STR(".circleci/ccx.yml")).s) ||
			file_exists(path_join(a, *folder, STR(".git")).s))
			return true;
		struct str above = folder_above(a, *folder);
		if (is_same_folder(a, *folder, above))
			return false;
		*folder = above;
	}
	return false;
}

/* Of a project at "../..": the last two parts of the current folder's path. */
static struct str
find_here(struct arena *a, struct str folder)
{
	char cwd[4096];
	if (!str_starts(folder, STR("..")) || !getcwd(cwd, sizeof cwd))
		return STR("");
	size_t at = strlen(cwd);
	for (size_t i = 0; i <= folder.len && at > 0; i += 3) {
		if (!str_is(str_sub(folder, i, i + 2), ".."))
			return STR(""); /* ../x: somewhere beside */
		at--;
		while (at > 0 && cwd[at] != '/')
			at--;
	}
	return str_copy(a, str_of(cwd + at + 1));
}

/* ---- reading ----------------------------------------------------------------------------- */

static const struct node *
read_settings(struct cli *cli, struct str path, struct sources *s, struct diag_list *d)
{
	struct str text;
	if (!file_read(cli->a, path.s, LIMIT_FILE_BYTES, &text)) {
		if (errno != ENOENT && errno != ENOTDIR)
			cli_say("cannot read %s: %s", path.s, strerror(errno));
		return NULL;
	}
	if (cli->common.verbose)
		cli_say("settings of %s", path.s);
	return settings_read(cli->a, s, source_add(s, path, text), d);
}

static const struct node *
read_user(struct cli *cli, struct sources *s, struct diag_list *d)
{
	struct str folder = str_of(getenv("XDG_CONFIG_HOME")), home = str_of(getenv("HOME"));
	if (!folder.len && !home.len)
		return NULL;
	if (!folder.len)
		folder = path_join(cli->a, home, STR(".config"));
	return read_settings(cli, path_join(cli->a, folder, STR("ccx/config.yml")), s, d);
}

struct settings
settings_find(struct cli *cli, const char *path, struct sources *s, struct diag_list *d)
{
	struct settings found = {.sources = s};
	struct str folder;
	const struct node *project = NULL, *user = read_user(cli, s, d);
	if (find_project(cli->a, path, &folder)) {
		found.paths.folder = folder;
		found.paths.here = find_here(cli->a, folder);
		project = read_settings(
			cli, path_join(cli->a, folder, STR(".circleci/ccx.yml")), s, d);
	}
	found.root = settings_join(cli->a, project, user);
	return found;
}

/* ---- values ------------------------------------------------------------------------------ */

const char *
settings_text(struct arena *a, const struct settings *settings, const char *key)
{
	const struct node *text = node_get(settings->root, key);
	return node_has(text, NODE_STRING) ? str_copy(a, text->u.text).s : NULL;
}

const char *
settings_path(struct arena *a, const struct sources *s, const struct node *path)
{
	if (!node_has(path, NODE_STRING))
		return NULL;
	const struct source *source = source_of(s, path->span.file);
	struct str folder = source ? path_dir(source->path) : STR("");
	if (str_is(folder, ".circleci") || str_ends(folder, STR("/.circleci")))
		folder = path_dir(folder);
	if (str_is(folder, "."))
		folder = STR("");
	return path_join(a, folder, path->u.text).s;
}

void
settings_orbs(const struct settings *settings, const struct sources *s, struct arena *a,
	struct orb_store *orbs)
{
	const struct node *list = node_get(settings->root, "orb-path");
	for (uint32_t i = 0; node_has(list, NODE_LIST) && i < list->count; i++) {
		const char *folder = settings_path(a, s, list->u.items[i]);
		if (folder)
			orb_store_add_dir(orbs, str_of(folder));
	}
}
