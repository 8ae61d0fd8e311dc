/* SPDX-License-Identifier: MIT */
/* Finding the config. */
#include "locate.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *
config_in(struct arena *a, struct str dir)
{
	static const char *const names[] = {".circleci/config.yml", ".circleci/config.yaml"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct str path = path_join(a, dir, str_of(names[i]));
		if (file_exists(path.s))
			return path.s;
	}
	return NULL;
}

const char *
locate_config(struct arena *a, const char *path)
{
	struct stat st;
	if (path && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return config_in(a, str_of(path));
	char cwd[4096];
	if (path || !getcwd(cwd, sizeof cwd))
		return path;
	/* By "../": the path is then printed as short as the user would write it. */
	struct str up = STR("");
	for (char *at = cwd;; at = strchr(at, '/')) {
		const char *found = config_in(a, up);
		if (found)
			return found;
		if (file_exists(path_join(a, up, STR(".git")).s) || !at)
			return NULL;
		at += *at == '/';
		up = str_printf(a, "%.*s../", STR_ARG(up));
	}
}

const char *
locate_given(struct cli *cli, const char *named, bool piped)
{
	const char *env = getenv("CCX_CONFIG");
	if (!named && env && *env)
		named = env;
	const char *path = locate_config(cli->a, named);
	if (!path && named)
		cli_say("no .circleci/config.yml in %s", named);
	else if (!path)
		cli_say("no .circleci/config.yml here or above; name a config%s",
			piped ? ", or - for standard input" : "");
	return path;
}
