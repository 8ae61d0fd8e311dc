/* SPDX-License-Identifier: MIT */
/*
 * ccx tests split [FILE|-]
 *
 * What a name weighs comes from here, how names are dealt from sim. Of the agent the options and
 * messages are known; that it gives a test without timing "a random small value" is from the
 * documentation, where ours is always the same, so that every container sees the same parts.
 */
#include "ccx/timings.h"
#include "ccx/limits.h"

#include "cli.h"
#include "sim_args.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

extern const struct command cmd_tests_split;

enum { SMALL_TIME = 1, SHOWN_UNKNOWN = 10 };

struct split_args {
	const char *by, *timings_type, *index, *total, *time_default;
	struct opt_list timings;
	bool show_counts;
};

/* A run of the command. */
struct splitting {
	struct cli *cli;
	const struct split_args *args;
	struct split_item *items;
	uint32_t nitems, index, total;
	int64_t unknown; /* what a name without timing weighs */
	struct sources sources;
	struct diag_list diags;
	struct test_times times;
};

static const char *const by_choices[] = {"name", "filesize", "timings", NULL};
static const char *const type_choices[] = {
	"autodetect", "filename", "classname", "testname", "file", "name", NULL};

#define FIELD(name) offsetof(struct split_args, name)
static const struct opt opts[] = {
	{OPT_TEXT, 0, "split-by", "WHAT", FIELD(by),
		"what a name weighs: name (nothing, the default), filesize or timings", by_choices,
		0},
	{OPT_TEXT, 0, "index", "N", FIELD(index),
		"the part to print, from 0 (default: $CIRCLE_NODE_INDEX, else 0)", NULL, 0},
	{OPT_TEXT, 0, "total", "N", FIELD(total),
		"how many parts there are (default: $CIRCLE_NODE_TOTAL, else 1)", NULL, 0},
	{OPT_LIST, 0, "timings", "FILE", FIELD(timings),
		"how long tests took: JUnit XML or a folder of it, or results.json; repeatable",
		NULL, COMPLETE_FILE},
	{OPT_LIST, 0, "timings-file", "FILE", FIELD(timings), "the same as --timings", NULL,
		COMPLETE_FILE},
	{OPT_TEXT, 0, "timings-type", "TYPE", FIELD(timings_type),
		"what the names are: filename, classname, testname or autodetect (the default)",
		type_choices, 0},
	{OPT_TEXT, 0, "time-default", "DURATION", FIELD(time_default),
		"what a test is taken to last that has no timing: 10s, 1m (default: next to "
		"nothing)",
		NULL, 0},
	{OPT_FLAG, 0, "show-counts", NULL, FIELD(show_counts),
		"say how much each part has, on standard error", NULL, 0},
	OPT_END,
};
#undef FIELD

/* ---- the command line -------------------------------------------------------------------- */

/* A number from an option, else from the environment, else fallback. */
struct number {
	const char *option, *given, *variable;
	int64_t least, most, fallback;
};

static bool
read_number(struct splitting *s, const struct number *of, uint32_t *number)
{
	const char *variable = getenv(of->variable);
	const char *text = of->given ? of->given : variable && *variable ? variable : NULL;
	int64_t n = of->fallback;
	bool ok = !text || sim_args_number(text, of->least, of->most, &n);
	*number = (uint32_t)n;
	if (!ok)
		cli_usage(s->cli, &cmd_tests_split,
			"%s takes a number from %" PRId64 " to %" PRId64 ", not \"%s\"",
			of->given ? of->option : of->variable, of->least, of->most, text);
	return ok;
}

static bool
read_numbers(struct splitting *s)
{
	struct number total = {
		"--total", s->args->total, "CIRCLE_NODE_TOTAL", 1, LIMIT_CONTAINERS, 1};
	struct number index = {"--index", s->args->index, "CIRCLE_NODE_INDEX", 0, 0, 0};
	const char *time = s->args->time_default;
	if (!read_number(s, &total, &s->total))
		return false;
	index.most = s->total - 1;
	if (!read_number(s, &index, &s->index))
		return false;
	s->unknown = SMALL_TIME;
	if (!time || sim_duration(str_of(time), &s->unknown))
		return true;
	cli_usage(s->cli, &cmd_tests_split,
		"--time-default takes a duration such as 10s, not \"%s\"", time);
	return false;
}

/* ---- the names --------------------------------------------------------------------------- */

static void
add_name(struct splitting *s, struct str name, uint32_t *cap)
{
	if (s->nitems == *cap)
		s->items = vec_room(s->cli->a, s->items, cap, sizeof *s->items);
	s->items[s->nitems++] = (struct split_item){name, 1};
}

static size_t
blank_at(struct str text, size_t from)
{
	while (from < text.len && text.s[from] != ' ' && text.s[from] != '\t')
		from++;
	return from;
}

/* One a line. What stands in one line alone may be what `echo $FILES` made of several. */
static void
take_names(struct splitting *s, struct str text)
{
	uint32_t cap = 0;
	for (size_t at = 0, end; at < text.len; at = end + 1) {
		end = str_find(text, STR("\n"), at);
		end = end == SIZE_MAX ? text.len : end;
		struct str line = str_sub(text, at, end);
		if (str_ends(line, STR("\r")))
			line.len--;
		if (str_trim(line).len)
			add_name(s, line, &cap);
	}
	if (s->nitems != 1 || file_exists(str_copy(s->cli->a, s->items[0].name).s))
		return;
	struct str line = s->items[0].name;
	s->nitems = 0;
	for (size_t at = 0, end; at < line.len; at = end + 1) {
		end = blank_at(line, at);
		if (end > at)
			add_name(s, str_sub(line, at, end), &cap);
	}
}

static enum exit_code
read_names(struct splitting *s, const struct opt_list *operands)
{
	const char *path = operands->n ? operands->v[0] : "-";
	struct str text;
	if (!file_read(s->cli->a, path, LIMIT_TIMINGS_BYTES, &text)) {
		int error = errno;
		cli_say("cannot read %s: %s", path, strerror(error));
		return cli_read_fault(error);
	}
	take_names(s, text);
	if (!s->nitems && !s->cli->common.quiet)
		cli_say("there is no name to split in %s",
			strcmp(path, "-") == 0 ? "standard input" : path);
	if (s->nitems <= LIMIT_TESTS)
		return EXIT_OK;
	cli_say("%s has more than %d names", path, LIMIT_TESTS);
	return EXIT_OTHER;
}

/* ---- by size ----------------------------------------------------------------------------- */

static enum exit_code
weigh_sizes(struct splitting *s)
{
	for (uint32_t i = 0; i < s->nitems; i++) {
		struct str name = s->items[i].name;
		struct stat st;
		if (stat(str_copy(s->cli->a, name).s, &st) != 0) {
			int error = errno;
			cli_say("cannot tell the size of \"%.*s\": %s; names that are no files can "
				"be split by name or timings",
				STR_ARG(name), strerror(error));
			return cli_read_fault(error);
		}
		s->items[i].weight = st.st_size;
	}
	return EXIT_OK;
}

/* ---- by timings -------------------------------------------------------------------------- */

/* Reads one file; a finding is shown. */
static enum exit_code
read_timings(struct splitting *s, const char *path)
{
	struct str text;
	if (!file_read(s->cli->a, path, LIMIT_TIMINGS_BYTES, &text)) {
		int error = errno;
		cli_say("cannot read %s: %s", path, strerror(error));
		return cli_read_fault(error);
	}
	uint32_t file = source_add(&s->sources, str_of(path), text);
	if (test_times_read(s->cli->a, &s->times, &s->sources, file, &s->diags))
		return EXIT_OK;
	/* Called by the official CLI's name it would speak of the config. */
	struct cli plain = *s->cli;
	plain.vendor = false;
	cli_report(&plain, &s->sources, &s->diags);
	return EXIT_USAGE;
}

/* The reports below a folder, as test runners leave them. */
static enum exit_code
read_folder(struct splitting *s, const char *path)
{
	struct sb pattern = {.a = s->cli->a};
	struct globbed found = {0};
	enum exit_code code = EXIT_OK;
	for (; *path; path++) {
		if (strchr("*?[{\\", *path))
			sb_char(&pattern, '\\');
		sb_char(&pattern, *path);
	}
	sb_puts(&pattern, "/**/*.xml");
	if (!glob_files(s->cli->a, sb_str(&pattern), &found)) {
		cli_say("cannot look for reports: %.*s", STR_ARG(found.error));
		return EXIT_OTHER;
	}
	for (uint32_t i = 0; i < found.paths.n && code == EXIT_OK; i++)
		code = read_timings(s, found.paths.v[i].s);
	return code;
}

/* The files that were named; else the one that CircleCI puts into a job. That one may be missing or
 * broken: a job must not fail because the one before it had no tests. */
static enum exit_code
read_all_timings(struct splitting *s)
{
	const struct opt_list *named = &s->args->timings;
	const char *data = getenv("CIRCLE_INTERNAL_TASK_DATA");
	enum exit_code code = EXIT_OK;
	struct stat st;
	for (uint32_t i = 0; i < named->n && code == EXIT_OK; i++) {
		bool folder = stat(named->v[i], &st) == 0 && S_ISDIR(st.st_mode);
		code = folder ? read_folder(s, named->v[i]) : read_timings(s, named->v[i]);
	}
	if (!named->n && data && *data)
		read_timings(
			s, str_printf(s->cli->a, "%s/circle-test-results/results.json", data).s);
	else if (!named->n)
		cli_say("no timings are given, and there is no $CIRCLE_INTERNAL_TASK_DATA that "
			"would have some; see --timings");
	return code;
}

/* The first kind of names that any of those given has a timing by. */
static bool
detect_type(struct splitting *s, enum test_key *key)
{
	for (int k = TEST_FILE; k <= TEST_CLASS; k++)
		for (uint32_t i = 0; i < s->nitems; i++)
			if (test_time(&s->times, (enum test_key)k, s->items[i].name) >= 0) {
				*key = (enum test_key)k;
				return true;
			}
	return false;
}

/* In the words that CircleCI's documentation has for it. */
static void
say_no_type(struct splitting *s)
{
	const struct test_sums *files = &s->times.by[TEST_FILE];
	fputs("Error auto-detecting timing type, falling back to weighting by name.\n", stderr);
	if (s->times.tests)
		cli_say("a name given is \"%.*s\"; %s%.*s%s", STR_ARG(s->items[0].name),
			files->n ? "a file in the timings is \"" : "the timings have no files",
			files->n ? (int)files->v[0].name.len : 0,
			files->n ? files->v[0].name.s : "", files->n ? "\"" : "");
}

static bool
find_type(struct splitting *s, enum test_key *key)
{
	const char *type = s->args->timings_type;
	if (!type || strcmp(type, "autodetect") == 0) {
		if (!detect_type(s, key)) {
			say_no_type(s);
			return false;
		}
		fprintf(stderr, "Autodetected %s timings.\n", test_key_names[*key]);
		return true;
	}
	*key = strcmp(type, "classname") == 0 ? TEST_CLASS : type[0] == 'f' ? TEST_FILE : TEST_NAME;
	return true;
}

static enum exit_code
weigh_timings(struct splitting *s)
{
	enum test_key key;
	enum exit_code code = read_all_timings(s);
	uint32_t unknown = 0;
	if (code != EXIT_OK || !s->nitems || !find_type(s, &key))
		return code;
	for (uint32_t i = 0; i < s->nitems; i++) {
		struct split_item *item = &s->items[i];
		item->weight = test_time(&s->times, key, item->name);
		if (item->weight >= 0)
			continue;
		item->weight = s->unknown;
		if (unknown++ < SHOWN_UNKNOWN)
			fprintf(stderr, "No timing found for \"%.*s\"\n", STR_ARG(item->name));
	}
	if (unknown > SHOWN_UNKNOWN)
		fprintf(stderr, "No timing found for %u more\n",
			(unsigned)(unknown - SHOWN_UNKNOWN));
	return EXIT_OK;
}

/* ---- the parts --------------------------------------------------------------------------- */

static void
show_counts(const struct splitting *s, const struct split_bin *bins, const char *by)
{
	for (uint32_t i = 0; i < s->total; i++) {
		struct sb b = {.a = s->cli->a};
		if (strcmp(by, "filesize") == 0)
			sb_printf(&b, ", %" PRId64 " bytes", bins[i].weight);
		if (strcmp(by, "timings") == 0)
			sb_printf(&b, ", %" PRId64 ".%03d s", bins[i].weight / SECOND_MS,
				(int)(bins[i].weight % SECOND_MS));
		fprintf(stderr, "node %u of %u: %u of %u names%.*s%s\n", (unsigned)i,
			(unsigned)s->total, (unsigned)bins[i].nitems, (unsigned)s->nitems,
			STR_ARG(b), i == s->index ? " <- this one" : "");
	}
}

static enum exit_code
run(struct cli *cli, char **args)
{
	struct split_args given = {0};
	struct splitting s = {.cli = cli, .args = &given};
	struct opt_list operands = {0};
	enum exit_code code;
	if (!cli_options(
		    cli, &cmd_tests_split, (struct opt_set){opts, &given}, args, &operands, &code))
		return code;
	const char *by = given.by ? given.by : "name";
	if (operands.n > 1)
		return cli_usage(cli, &cmd_tests_split, "one list of names at a time");
	if (!read_numbers(&s))
		return EXIT_USAGE;
	sources_init(&s.sources, cli->a);
	diag_init(&s.diags, cli->a);
	code = read_names(&s, &operands);
	if (code == EXIT_OK && strcmp(by, "filesize") == 0)
		code = weigh_sizes(&s);
	if (code == EXIT_OK && strcmp(by, "timings") == 0)
		code = weigh_timings(&s);
	if (code != EXIT_OK)
		return code;
	const struct split_bin *bins = split_tests(cli->a, s.items, s.nitems, s.total);
	if (given.show_counts)
		show_counts(&s, bins, by);
	for (uint32_t i = 0; i < bins[s.index].nitems; i++) {
		sb_put(&cli->out, s.items[bins[s.index].items[i]].name);
		sb_char(&cli->out, '\n');
	}
	return EXIT_OK;
}

static const struct example examples[] = {
	{"ccx tests glob \"spec/**/*_spec.rb\" | ccx tests split --split-by timings",
		"in a job: the part of this container"},
	{"ccx tests split --split-by timings --timings junit.xml --total 4 --show-counts names.txt",
		"anywhere: the first of four parts"},
	{NULL, NULL},
};

const struct command cmd_tests_split = {
	.name = "tests split",
	.operands = "[FILE|-]",
	.summary = "Print the part of a list of tests that one of several containers runs",
	.about =
		"Reads names, one a line: of files, classes or tests. They are dealt heaviest "
		"first, "
		"each to the part that has least so far, as circleci tests split deals them inside "
		"a "
		"job; by name they go round in alphabetical order. The same names give the same "
		"parts everywhere, and every name is in one of them.\n"
		"Timings are read from the files that --timings names, else from those of the last "
		"run that CircleCI puts into the folder $CIRCLE_INTERNAL_TASK_DATA of a job. "
		"Without "
		"any, or when they have none of the names, names are split by name.",
	.examples = examples,
	.opts = opts,
	.complete = COMPLETE_FILE,
	.run = run,
};
