/* SPDX-License-Identifier: MIT */
/* ccx orb outdated [PATH] */
#include "cli.h"

#include "locate.h"
#include "newer.h"

#include <string.h>

extern const struct command cmd_orb_outdated;

struct outdated_args {
	const char *config;
	bool json, exit_code;
	struct pipeline pipeline;
};

#define FIELD(name) offsetof(struct outdated_args, name)
static const struct opt opts[] = {
	{OPT_TEXT, 'c', "config", "PATH", FIELD(config), "the config, as PATH", NULL,
		COMPLETE_FILE},
	{OPT_FLAG, 0, "json", NULL, FIELD(json), "as JSON", NULL, 0},
	{OPT_FLAG, 0, "exit-code", NULL, FIELD(exit_code), "exit 7 when an orb is outdated", NULL,
		0},
	PIPELINE_OPTS(outdated_args, pipeline),
	OPT_END,
};
#undef FIELD

enum { LEVELS = NEWER_MAJOR + 1, COLUMNS = 2 + LEVELS };

/* reference, used, patch, minor, major */
struct row {
	struct str cell[COLUMNS];
};

struct rows {
	struct row *v;
	uint32_t n, cap;
	bool outdated;
};

static const char *const names[COLUMNS] = {"reference", "used", "patch", "minor", "major"};

/* ---- finding ----------------------------------------------------------------------------- */

static void
find_rows(struct session *s, struct rows *rows)
{
	struct newer newer;
	struct map seen = {0};
	newer_open(s, &newer);
	for (uint32_t i = 0; i < s->compiled->norbs; i++) {
		const struct compiled_orb *orb = &s->compiled->orbs[i];
		struct row row = {{orb->ref.text, orb->exact}};
		/* What an orb imports is for its author to update. */
		if (orb->span.file != s->file || map_has(&seen, orb->ref.text))
			continue;
		map_put(s->cli->a, &seen, orb->ref.text, s);
		for (int level = 0; level < LEVELS; level++) {
			row.cell[2 + level] = newer_find(&newer, orb, (enum newer_level)level);
			rows->outdated |= row.cell[2 + level].len > 0;
		}
		vec_push(s->cli->a, rows, row);
	}
	newer_close(&newer);
}

/* ---- printing ---------------------------------------------------------------------------- */

static void
put_row(struct sb *b, const struct str cells[COLUMNS], const size_t width[COLUMNS])
{
	for (int i = 0; i < COLUMNS; i++) {
		struct str cell = cells[i].len ? cells[i] : STR("-");
		sb_put(b, cell);
		if (i + 1 < COLUMNS)
			sb_chars(b, ' ', width[i] + 2 - cell.len);
	}
	sb_char(b, '\n');
}

static void
put_table(struct sb *b, const struct rows *rows)
{
	size_t width[COLUMNS];
	struct str head[COLUMNS];
	for (int i = 0; i < COLUMNS; i++) {
		head[i] = str_of(names[i]);
		width[i] = head[i].len;
		for (uint32_t r = 0; r < rows->n; r++)
			if (rows->v[r].cell[i].len > width[i])
				width[i] = rows->v[r].cell[i].len;
	}
	if (rows->n)
		put_row(b, head, width);
	for (uint32_t r = 0; r < rows->n; r++)
		put_row(b, rows->v[r].cell, width);
}

static void
put_json(struct sb *b, const struct rows *rows)
{
	struct span nowhere = {0};
	struct arena *a = b->a;
	const struct node **items = NEW_ARRAY(a, const struct node *, rows->n + 1);
	struct pair *top = NEW(a, struct pair);
	for (uint32_t r = 0; r < rows->n; r++) {
		struct pair *pairs = NEW_ARRAY(a, struct pair, COLUMNS);
		for (int i = 0; i < COLUMNS; i++) {
			struct str cell = rows->v[r].cell[i];
			pairs[i].key = node_string(a, str_of(names[i]), nowhere);
			pairs[i].value =
				cell.len ? node_string(a, cell, nowhere) : node_null(a, nowhere);
		}
		items[r] = node_map(a, pairs, COLUMNS, nowhere);
	}
	top->key = node_string(a, STR("orbs"), nowhere);
	top->value = node_list(a, items, rows->n, nowhere);
	node_print_json(b, node_map(a, top, 1, nowhere));
	if (b->len && b->s[b->len - 1] != '\n')
		sb_char(b, '\n');
}

/* ---- the command ------------------------------------------------------------------------- */

static enum exit_code
outdated(struct cli *cli, const struct outdated_args *args, const char *path)
{
	struct session s = {.cli = cli,
		.command = &cmd_orb_outdated,
		.pipeline = &args->pipeline,
		.path = path};
	struct rows rows = {0};
	enum exit_code code;
	if (!pins_open(&s, &code))
		return code;
	find_rows(&s, &rows);
	if (args->json)
		put_json(&cli->out, &rows);
	else
		put_table(&cli->out, &rows);
	if (pins_complete(&s, &code))
		code = rows.outdated && args->exit_code ? EXIT_FINDINGS : EXIT_OK;
	session_close(&s);
	return code;
}

static enum exit_code
run(struct cli *cli, char **args)
{
	struct outdated_args o = {0};
	struct opt_list operands = {0};
	enum exit_code code;
	if (!cli_options(
		    cli, &cmd_orb_outdated, (struct opt_set){opts, &o}, args, &operands, &code))
		return code;
	if (operands.n + (o.config != NULL) > 1)
		return cli_usage(cli, &cmd_orb_outdated, "one config at a time");
	const char *named = operands.n ? operands.v[0] : o.config;
	const char *path =
		named && strcmp(named, "-") == 0 ? named : locate_given(cli, named, false);
	return path ? outdated(cli, &o, path) : EXIT_MISSING;
}

static const struct example examples[] = {
	{"ccx orb outdated", "newer versions of the orbs of this checkout's config"},
	{"ccx orb outdated --exit-code --json", "for programs"},
	{NULL, NULL},
};

const struct command cmd_orb_outdated = {
	.name = "orb outdated",
	.operands = "[PATH|-]",
	.summary = "Show which orbs of a config have newer versions",
	.about = "A line for each reference of the config: the version that it means, by the lock "
		 "if there is one, and the newest patch (same first two numbers), minor (same "
		 "first number) and major version. A dash is where nothing is newer.\n"
		 "Versions come from the directories of orbs and, unless --offline or CCX_OFFLINE "
		 "forbids it, from the registry.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
