/* SPDX-License-Identifier: MIT */
/* ccx orb init DIR */
#include "packing.h"

#include "ccx/catalog.h"
#include "ccx/orb.h"

#include <string.h>

extern const struct command cmd_orb_init;

struct init_args {
	const char *name, *license;
};

static const char *const licenses[] = {"mit", "none", NULL};

#define FIELD(name) offsetof(struct init_args, name)
static const struct opt opts[] = {
	{OPT_TEXT, 0, "name", "NS/NAME", FIELD(name), "what the orb is called; required", NULL, 0},
	{OPT_TEXT, 0, "license", "LICENSE", FIELD(license), "mit (the default) or none", licenses,
		0},
	OPT_END,
};
#undef FIELD

/* dot-circleci/config.yml -> .circleci/config.yml */
static struct str
path_of(struct arena *a, struct str path)
{
	struct sb b = {.a = a};
	for (size_t at = 0; at < path.len;) {
		size_t end = str_find(path, STR("/"), at);
		end = end < path.len ? end + 1 : path.len;
		struct str part = str_sub(path, at, end);
		bool hidden = str_starts(part, STR("dot-"));
		sb_puts(&b, hidden ? "." : "");
		sb_put(&b, str_sub(part, hidden ? 4 : 0, part.len));
		at = end;
	}
	return sb_str(&b);
}

/* {{namespace}}/{{orb}} -> acme/tools */
static struct str
fill_in(struct arena *a, struct str text, const struct orb_ref *name)
{
	const struct {
		struct str mark, text;
	} marks[] = {{STR("{{namespace}}"), name->ns}, {STR("{{orb}}"), name->name}};
	struct sb b = {.a = a};
	for (size_t at = 0; at < text.len;) {
		size_t i = 0, n = sizeof marks / sizeof *marks;
		struct str rest = str_sub(text, at, text.len);
		while (i < n && !str_starts(rest, marks[i].mark))
			i++;
		if (i < n)
			sb_put(&b, marks[i].text);
		else
			sb_char(&b, text.s[at]);
		at += i < n ? marks[i].mark.len : 1;
	}
	return sb_str(&b);
}

static enum exit_code
init(struct cli *cli, const struct init_args *args, const char *dir, const struct orb_ref *name)
{
	struct unpacked tree = {0};
	size_t n;
	const struct template_file *files = catalog_orb_template(&n);
	bool licensed = !args->license || strcmp(args->license, "none") != 0;
	if (!packing_is_empty(dir)) {
		cli_say("%s is not an empty folder: name one that is, or one that is not there yet",
			dir);
		return EXIT_OTHER;
	}
	for (size_t i = 0; i < n; i++) {
		struct unpacked_file file = {path_of(cli->a, str_of(files[i].path)),
			fill_in(cli->a, str_of(files[i].text), name)};
		if (licensed || !str_is(file.path, "LICENSE"))
			vec_push(cli->a, &tree.files, file);
	}
	enum exit_code code = packing_write(cli, str_of(dir), &tree);
	if (code != EXIT_OK || cli->common.quiet)
		return code;
	for (uint32_t i = 0; i < tree.files.n; i++)
		sb_printf(
			&cli->out, "%s\n", path_join(cli->a, str_of(dir), tree.files.v[i].path).s);
	sb_printf(&cli->last, "next: ccx orb validate %s --name %.*s; then see %s\n",
		path_join(cli->a, str_of(dir), STR("src")).s, STR_ARG(name->text),
		path_join(cli->a, str_of(dir), STR("README.md")).s);
	return EXIT_OK;
}

static enum exit_code
run(struct cli *cli, char **args)
{
	struct init_args i = {0};
	struct opt_list operands = {0};
	struct orb_ref name;
	enum exit_code code;
	const char *why;
	if (!cli_options(cli, &cmd_orb_init, (struct opt_set){opts, &i}, args, &operands, &code))
		return code;
	if (operands.n != 1)
		return cli_usage(cli, &cmd_orb_init, "one folder for the orb");
	if (!i.name)
		return cli_usage(cli, &cmd_orb_init,
			"what is the orb called? --name takes it, as in acme/tools");
	if (!orb_ref_parse(str_of(i.name), &name, &why) || name.kind != ORB_VOLATILE ||
		str_has(name.text, STR("@")))
		return cli_usage(cli, &cmd_orb_init,
			"--name takes a name as in acme/tools, not \"%s\"", i.name);
	return init(cli, &i, operands.v[0], &name);
}

static const struct example examples[] = {
	{"ccx orb init tools --name acme/tools", "a new orb in the folder tools"},
	{NULL, NULL},
};

const struct command cmd_orb_init = {
	.name = "orb init",
	.operands = "DIR",
	.summary = "Write the source tree of a new orb",
	.about = "DIR, which is empty or not there yet, gets an orb with a command, a job, an "
		 "executor, a script with its test, examples, a README and a config that tests, "
		 "packs and publishes it with circleci/orb-tools. It validates as it is, and is to "
		 "be changed from there. Nothing is downloaded, and nothing is created in the "
		 "registry (ccx orb create does that). All files are written, or none.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_DIR,
	.run = run,
};
