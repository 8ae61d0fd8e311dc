/* SPDX-License-Identifier: MIT */
/* Help, written from the option and command tables. */
#include "cli.h"

#include <string.h>

enum {
	WIDTH = 100,  /* columns of help */
	EXAMPLE = 56, /* of a line that has its meaning beside it; below longer ones */
};

/* How a name and the words asked for go together: the words are the first n of the name. */
static bool
starts_with_words(const char *name, const struct opt_list *words)
{
	struct str rest = str_of(name);
	for (uint32_t i = 0; i < words->n; i++) {
		size_t space = str_find(rest, STR(" "), 0);
		if (!str_is(str_sub(rest, 0, space), words->v[i]))
			return false;
		rest = space < rest.len ? str_sub(rest, space + 1, rest.len) : STR("");
	}
	return true;
}

static uint32_t
count_words(const char *name)
{
	uint32_t n = 1;
	for (; *name; name++)
		n += *name == ' ';
	return n;
}

const struct command *
command_find(const struct opt_list *words)
{
	for (uint32_t i = 0; i < ncommands; i++)
		if (starts_with_words(commands[i]->name, words) &&
			count_words(commands[i]->name) == words->n)
			return commands[i];
	return NULL;
}

static const char *
group_of(const struct opt_list *words, uint32_t *hits)
{
	const char *name = NULL;
	*hits = 0;
	for (uint32_t i = 0; i < ncommands; i++) {
		if (commands[i]->hidden || !starts_with_words(commands[i]->name, words))
			continue;
		name = commands[i]->name;
		++*hits;
	}
	return name;
}

/* ---- pieces ------------------------------------------------------------------------------ */

void
help_usage(struct sb *b, const struct command *c)
{
	if (!c) {
		sb_puts(b, "usage: ccx COMMAND [options]   (ccx help lists the commands)\n");
		return;
	}
	sb_printf(b, "usage: ccx %s%s%s%s   (more: ccx help %s)\n", c->name,
		c->opts ? " [options]" : "", *c->operands ? " " : "", c->operands, c->name);
}

/* Two columns, the second wrapped; what does not fit into the first has a line of its own. */
static void
put_row(struct sb *b, struct str left, size_t width, const char *right)
{
	size_t indent = width + 4, column = left.len + 2;
	sb_printf(b, "  %.*s", STR_ARG(left));
	if (left.len > width) {
		sb_char(b, '\n');
		column = 0;
	}
	sb_chars(b, ' ', indent - column);
	column = indent;
	while (*right) {
		size_t word = strcspn(right, " ");
		if (column > indent && column + 1 + word > WIDTH) {
			sb_char(b, '\n');
			sb_chars(b, ' ', indent);
			column = indent;
		}
		sb_printf(b, "%s%.*s", column > indent ? " " : "", (int)word, right);
		column += word + (column > indent);
		right += word + strspn(right + word, " ");
	}
	sb_char(b, '\n');
}

static size_t
titles_width(struct arena *a, const struct opt *opts)
{
	size_t width = 0;
	for (uint32_t i = 0; i < opt_count(opts); i++) {
		struct str title = opt_title(a, &opts[i]);
		if (opts[i].help && title.len > width)
			width = title.len;
	}
	return width;
}

static void
put_options(struct sb *b, const struct opt *opts, size_t width)
{
	for (uint32_t i = 0; i < opt_count(opts); i++)
		if (opts[i].help)
			put_row(b, opt_title(b->a, &opts[i]), width, opts[i].help);
}

static bool
has_option(const struct opt *opts, const char *name)
{
	for (uint32_t i = 0; i < opt_count(opts); i++)
		if (strcmp(opts[i].name, name) == 0)
			return true;
	return false;
}

static void
put_ignored(struct sb *b, const struct opt *own)
{
	sb_puts(b, "\nAccepted without effect, for scripts written for circleci:\n ");
	for (uint32_t i = 0; i < opt_count(common_opts); i++)
		if (!common_opts[i].help && !has_option(own, common_opts[i].name))
			sb_printf(b, " --%s", common_opts[i].name);
	sb_char(b, '\n');
}

static void
put_examples(struct sb *b, const struct example *examples)
{
	size_t width = 0;
	for (const struct example *e = examples; e->line; e++)
		if (strlen(e->line) <= EXAMPLE && strlen(e->line) > width)
			width = strlen(e->line);
	sb_puts(b, "Examples:\n");
	for (const struct example *e = examples; e->line; e++)
		put_row(b, str_of(e->line), width, e->what);
	sb_char(b, '\n');
}

/* ---- whole texts ------------------------------------------------------------------------- */

void
help_command(struct sb *b, const struct command *c)
{
	sb_printf(b, "%s.\n\n", c->summary);
	if (c->examples)
		put_examples(b, c->examples);
	sb_printf(b, "Usage: ccx %s%s%s%s\n\n", c->name, c->opts ? " [options]" : "",
		*c->operands ? " " : "", c->operands);
	size_t width = titles_width(b->a, c->opts), other = titles_width(b->a, common_opts);
	width = width > other ? width : other;
	sb_puts(b, "Options:\n");
	put_options(b, c->opts, width);
	put_options(b, common_opts, width);
	if (c->opts)
		put_ignored(b, c->opts);
}

static void
help_list(struct sb *b, const struct opt_list *words)
{
	size_t width = 0;
	for (uint32_t i = 0; i < ncommands; i++)
		if (!commands[i]->hidden && strlen(commands[i]->name) > width)
			width = strlen(commands[i]->name);
	sb_puts(b, "Commands:\n");
	for (uint32_t i = 0; i < ncommands; i++)
		if (!commands[i]->hidden && starts_with_words(commands[i]->name, words))
			put_row(b, str_of(commands[i]->name), width, commands[i]->summary);
}

static void
help_program(struct sb *b, const struct opt_list *words)
{
	static const struct example examples[] = {
		{"ccx config process", "print the config as CircleCI would run it"},
		{"ccx config process --branch main", "the same, for a pipeline of main"},
		{"ccx help config process", "all options of a command"},
		{NULL, NULL},
	};
	sb_puts(b, "ccx: a CircleCI config toolkit that needs no CircleCI.\n\n");
	put_examples(b, examples);
	sb_puts(b, "Usage: ccx COMMAND [options]\n\n");
	help_list(b, words);
	sb_puts(b, "\nOptions of every command:\n");
	put_options(b, common_opts, titles_width(b->a, common_opts));
}

bool
help_write(struct cli *cli, const struct opt_list *words)
{
	const struct command *c = command_find(words);
	uint32_t hits;
	if (c) {
		help_command(&cli->out, c);
	} else if (!words->n) {
		help_program(&cli->out, words);
	} else if (group_of(words, &hits)) {
		help_list(&cli->out, words);
		sb_puts(&cli->out, "\nccx help COMMAND says more about one.\n");
	} else {
		return false;
	}
	return true;
}

/* The first words that are right, and what the next one may have been meant to be. */
enum exit_code
unknown_command(const struct cli *cli, const struct opt_list *words)
{
	struct opt_list right = {words->v, 0, 0};
	uint32_t hits;
	while (right.n < words->n && (right.n++, group_of(&right, &hits)))
		continue;
	struct sb said = {.a = cli->a};
	for (uint32_t i = 0; i < right.n; i++)
		sb_printf(&said, "%s%s", i ? " " : "", words->v[i]);
	struct nearest n = {.wanted = sb_str(&said)};
	for (uint32_t i = 0; i < ncommands; i++) {
		struct str name = str_of(commands[i]->name);
		if (commands[i]->hidden)
			continue;
		nearest_try(&n, name);
		nearest_try(&n, str_sub(name, 0, str_find(name, STR(" "), 0)));
	}
	if (n.best.len)
		return cli_usage(cli, NULL, "unknown command \"%.*s\"; did you mean \"%.*s\"?",
			STR_ARG(n.wanted), STR_ARG(n.best));
	return cli_usage(cli, NULL, "unknown command \"%.*s\"", STR_ARG(n.wanted));
}
