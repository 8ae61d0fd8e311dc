/* SPDX-License-Identifier: MIT */
/* What changed between two orbs: every kind of change, and what is none. */
#include "ccx/config.h"
#include "ccx/orb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define NOTHING "{}\n"
#define STEPS "steps: [checkout]"
/* Orbs with one command, job or executor that has these parameters or keys. */
#define TAKES(parameters) "commands: {go: {parameters: {" parameters "}, " STEPS "}}\n"
#define RUNS(keys) "jobs: {go: {" keys "}}\n"
#define IS(keys) "executors: {vm: {" keys "}}\n"

struct world {
	struct arena *a;
	struct sources sources;
	struct diag_list diags;
	struct orb_changes changes;
};

static struct module *
decode(struct world *w, const char *path, struct str text)
{
	struct module *m = NEW(w->a, struct module);
	uint32_t file = source_add(&w->sources, str_of(path), text);
	const struct node *root = node_load(w->a, &w->sources, file, &w->diags);
	if (!root || !module_decode(w->a, m, root, &w->diags))
		fail_msg("%.*s\n%.*s", STR_ARG(text), STR_ARG(w->diags.all.v[0].message));
	return m;
}

static void
find(struct world *w, struct str old, struct str new_text)
{
	*w = (struct world){.a = arena_new()};
	sources_init(&w->sources, w->a);
	diag_init(&w->diags, w->a);
	const struct module *before = decode(w, "old.yml", old);
	const struct module *after = decode(w, "new.yml", new_text);
	orb_changes_find(w->a, before, after, &w->changes);
}

static void
put_value(struct sb *b, const struct node *n)
{
	if (n)
		sb_put(b, node_text(b->a, n));
	else
		sb_char(b, '-');
}

/* "steps-changed command go; choice-added command go os: - windows" */
static struct str
shown(struct world *w)
{
	struct sb b = {.a = w->a};
	for (uint32_t i = 0; i < w->changes.all.n; i++) {
		const struct orb_change *c = &w->changes.all.v[i];
		sb_printf(&b, "%s%s %s%s%.*s", i ? "; " : "", orb_change_info(c->kind)->id,
			c->subject, c->name.len ? " " : "", STR_ARG(c->name));
		if (c->part.len)
			sb_printf(&b, " %.*s", STR_ARG(c->part));
		if (!c->before && !c->after)
			continue;
		sb_puts(&b, ": ");
		put_value(&b, c->before);
		sb_char(&b, ' ');
		put_value(&b, c->after);
	}
	return sb_str(&b);
}

/* ---- the table --------------------------------------------------------------------------- */

static const struct {
	const char *old, *new_text, *changes;
} rows[] = {
	/* Nothing that anybody sees. */
	{"version: 2.1\n", "version: 2.1\n", ""},
	{"version: 2.1\n", "# a comment\nversion: \"2.1\"\n", ""},
	{TAKES("a: {type: string}, b: {type: boolean}"),
		"commands:\n  go:\n    steps: [checkout]\n    parameters:\n"
		"      b: {type: boolean}\n      a:\n        type: string\n",
		""},
	{TAKES("os: {type: enum, enum: [linux, macos], default: linux}"),
		TAKES("os: {enum: [macos, linux], default: linux, type: enum}"), ""},
	{TAKES("n: {type: enum, enum: [1, 2], default: 1}"),
		TAKES("n: {type: enum, enum: [\"1\", \"2\"], default: \"1\"}"), ""},
	{"x: &s [checkout]\ncommands: {go: {steps: *s}}\n", "commands: {go: {steps: [checkout]}}\n",
		""},
	{"commands: {a: {" STEPS "}, b: {steps: []}}\n",
		"commands: {b: {steps: []}, a: {" STEPS "}}\n", ""},

	/* Elements. */
	{"commands: {a: {" STEPS "}, b: {steps: []}}\n", "commands: {b: {steps: []}}\n",
		"element-removed command a"},
	{NOTHING, IS("docker: [{image: a}]"), "element-added executor vm"},
	{NOTHING, "jobs: {wait: {type: approval}}\n", "element-added job wait"},
	{TAKES("a: {type: string}"),
		"commands: {run: {parameters: {a: {type: string}}, " STEPS "}}\n",
		"element-renamed command go: - run"},
	{TAKES("a: {type: string}"), "commands: {run: {" STEPS "}}\n",
		"element-removed command go; element-added command run"},
	{"commands: {a: {" STEPS "}, b: {" STEPS "}}\n", "commands: {c: {" STEPS "}}\n",
		"element-removed command b; element-renamed command a: - c"},
	{"commands: {go: {description: One., " STEPS "}}\n", "commands: {go: {" STEPS "}}\n",
		"description-changed command go: One. -"},
	{"commands: {go: {" STEPS "}}\n", "jobs: {go: {docker: [{image: a}], " STEPS "}}\n",
		"element-removed command go; element-added job go"},

	/* Names for elements elsewhere. */
	{"orbs: {n: acme/node@5}\ncommands: {go: n/install}\n",
		"orbs: {m: acme/node@5}\ncommands: {go: m/install}\n",
		"import-added import m: - acme/node@5; import-removed import n: acme/node@5 -"},
	{"orbs: {n: acme/node@5}\ncommands: {go: n/install}\n",
		"orbs: {n: acme/node@6}\ncommands: {go: n/install}\n",
		"alias-changed command go: install of acme/node@5 install of acme/node@6; "
		"import-changed import n: acme/node@5 acme/node@6"},
	{"orbs: {n: acme/node@5}\ncommands: {go: n/install}\n",
		"orbs: {n: acme/node@5}\ncommands: {go: {" STEPS "}}\n",
		"alias-changed command go: install of acme/node@5 a definition"},
	{"orbs: {n: {" TAKES("a: {type: string}") "}}\ncommands: {run: n/go}\n",
		"commands: {run: {parameters: {b: {type: string}}, " STEPS "}}\n",
		"parameter-removed command run a; parameter-added-required command run b; "
		"import-removed import n: …"},
	{"executors: {a: {docker: [{image: x}]}, b: a}\n",
		"executors: {a: {docker: [{image: y}]}, b: a}\n",
		"image-changed executor a image: x y; image-changed executor b image: x y"},
	{"executors: {a: b, b: a}\n", "executors: {b: a, a: b}\n", ""},

	/* Parameters. */
	{TAKES("a: {type: string}"), TAKES(""), "parameter-removed command go a"},
	{TAKES(""), TAKES("a: {type: string}"), "parameter-added-required command go a"},
	{TAKES(""), TAKES("a: {type: string, default: x}"), "parameter-added command go a: - x"},
	{TAKES(""), TAKES("a: {type: string, default: }"), "parameter-added-required command go a"},
	{TAKES("a: {type: string}"), TAKES("b: {type: string}"),
		"parameter-removed command go a; parameter-added-required command go b"},
	{TAKES("a: {type: string, description: The path.}"),
		TAKES("b: {type: string, description: The path.}"),
		"parameter-renamed command go a: - b"},
	{TAKES("a: {type: string}"), TAKES("a: {type: string, default: x}"),
		"parameter-optional command go a: - x"},
	{TAKES("a: {type: string, default: x}"), TAKES("a: {type: string}"),
		"parameter-required command go a: x -"},
	{TAKES("a: {type: string, default: x}"), TAKES("a: {type: string, default: y}"),
		"default-changed command go a: x y"},
	{TAKES("a: {type: integer, default: 1}"), TAKES("a: {type: integer, default: 2}"),
		"default-changed command go a: 1 2"},
	{TAKES("a: {type: executor, default: {name: x, b: 1}}"),
		TAKES("a: {type: executor, default: {b: 1, name: x}}"), ""},
	{TAKES("a: {type: string}"), TAKES("a: {type: string, description: The path.}"),
		"parameter-description-changed command go a"},
	{"executors: {vm: {parameters: {tag: {type: string}}, docker: [{image: a}]}}\n",
		IS("docker: [{image: a}]"), "parameter-removed executor vm tag"},

	/* Types: what the old one took must be taken. */
	{TAKES("a: {type: string}"), TAKES("a: {type: boolean}"),
		"parameter-type-changed command go a: string boolean"},
	{TAKES("a: {type: boolean}"), TAKES("a: {type: string}"),
		"parameter-type-changed command go a: boolean string"},
	{TAKES("a: {type: integer, default: 1}"), TAKES("a: {type: string, default: \"1\"}"),
		"parameter-type-changed command go a: integer string"},
	{TAKES("a: {type: string}"), TAKES("a: {type: enum, enum: [x]}"),
		"parameter-type-changed command go a: string enum"},
	{TAKES("a: {type: enum, enum: [x, y]}"), TAKES("a: {type: string}"),
		"parameter-widened command go a: enum string"},
	{TAKES("a: {type: enum, enum: [x, \"1\"]}"), TAKES("a: {type: string}"),
		"parameter-type-changed command go a: enum string"},
	{TAKES("a: {type: enum, enum: [X, Y_1]}"), TAKES("a: {type: env_var_name}"),
		"parameter-widened command go a: enum env_var_name"},
	{TAKES("a: {type: enum, enum: [x-y]}"), TAKES("a: {type: env_var_name}"),
		"parameter-type-changed command go a: enum env_var_name"},
	{TAKES("a: {type: enum, enum: [true, false]}"), TAKES("a: {type: boolean}"),
		"parameter-type-changed command go a: enum boolean"},
	{TAKES("a: {type: enum, enum: [x]}"), TAKES("a: {type: executor}"),
		"parameter-type-changed command go a: enum executor"},
	{TAKES("a: {type: boolean, default: true}"),
		TAKES("a: {type: enum, enum: [true, false, auto], default: \"true\"}"),
		"parameter-widened command go a: boolean enum"},
	{TAKES("a: {type: boolean}"), TAKES("a: {type: enum, enum: [true]}"),
		"parameter-type-changed command go a: boolean enum"},
	{TAKES("a: {type: env_var_name}"), TAKES("a: {type: string}"),
		"parameter-widened command go a: env_var_name string"},
	{TAKES("a: {type: string}"), TAKES("a: {type: env_var_name}"),
		"parameter-type-changed command go a: string env_var_name"},
	{TAKES("a: {type: string}"), TAKES("a: {type: executor}"),
		"parameter-type-changed command go a: string executor"},
	{TAKES("a: {type: executor}"), TAKES("a: {type: string}"),
		"parameter-type-changed command go a: executor string"},
	{TAKES("a: {type: steps, default: []}"), TAKES("a: {type: string, default: x}"),
		"parameter-type-changed command go a: steps string; "
		"default-changed command go a: [] x"},
	{TAKES("a: {type: enum, enum: [x, y]}"), TAKES("a: {type: enum, enum: [y, z]}"),
		"choice-removed command go a: x -; choice-added command go a: - z"},

	/* The inside. */
	{"commands: {go: {" STEPS "}}\n", "commands: {go: {steps: [checkout, run: x]}}\n",
		"steps-changed command go steps"},
	{IS("docker: [{image: a}]"), IS("docker: [{image: b}]"),
		"image-changed executor vm image: a b"},
	{IS("docker: [{image: a}, {image: c}]"), IS("docker: [{image: a}, {image: d, user: x}]"),
		"image-changed executor vm image: c d; setting-changed executor vm docker: …"},
	{IS("docker: [{image: a}]"), IS("docker: [{image: a}, {image: b}]"),
		"setting-changed executor vm docker: …"},
	{IS("machine: {image: a}"), IS("machine: {image: b}"),
		"image-changed executor vm image: a b"},
	{IS("machine: {image: a}"), IS("machine: {image: a, docker_layer_caching: true}"),
		"setting-changed executor vm machine: …"},
	{IS("macos: {xcode: 15.4.0}"), IS("macos: {xcode: 16.2.0}"),
		"image-changed executor vm xcode: 15.4.0 16.2.0"},
	{IS("docker: [{image: a}], resource_class: large"),
		IS("macos: {xcode: 15.4.0}, resource_class: macos.m1.medium.gen1"),
		"executor-kind-changed executor vm docker: docker macos"},
	{IS("docker: [{image: a}]"), IS("docker: [{image: a}], resource_class: large"),
		"resource-class-changed executor vm resource_class: - large"},
	{IS("docker: [{image: a}], environment: {A: b}"),
		IS("docker: [{image: a}], environment: {A: c}"),
		"environment-changed executor vm environment: …"},
	{RUNS("docker: [{image: a}], " STEPS), RUNS("machine: {image: b}, " STEPS),
		"setting-changed job go docker: …; setting-changed job go machine: …"},
	{RUNS("docker: [{image: a}], " STEPS), RUNS("docker: [{image: a}], parallelism: 2, " STEPS),
		"setting-changed job go parallelism: - 2"},

	/* About the orb. */
	{"version: 2.1\n", "version: 2\n", "language-version-changed orb version: 2.1 2"},
	{"description: a\n", "description: b\n", "description-changed orb description: a b"},
	{"display: {home_url: a}\n", "display: {source_url: b}\n",
		"display-changed orb home_url: a -; display-changed orb source_url: - b"},
	{"examples: {a: {usage: {}}}\n", "examples: {a: {usage: {version: 2.1}}}\n",
		"example-changed example a: …"},
	{"examples: {a: {usage: {}}}\n", NOTHING, "example-removed example a: …"},
	{"examples: {}\n", "examples: {a: {usage: {}}}\n", "example-added example a: …"},
};

enum { ROWS = sizeof rows / sizeof *rows };

/* "…" stands for anything. */
static bool
fits(struct str text, struct str wanted)
{
	size_t gap = str_find(wanted, STR("…"), 0);
	if (gap == SIZE_MAX)
		return str_eq(text, wanted);
	if (!str_starts(text, str_sub(wanted, 0, gap)))
		return false;
	struct str rest = str_sub(wanted, gap + strlen("…"), wanted.len);
	for (size_t at = gap; at <= text.len; at++)
		if (fits(str_sub(text, at, text.len), rest))
			return true;
	return false;
}

static void
each_change_is_of_its_kind(void **state)
{
	bool hit[ORB_CHANGE_COUNT] = {false};
	unsigned wrong = 0;
	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		struct world w;
		enum orb_bump bump = ORB_BUMP_NONE;
		uint32_t counted = 0;
		find(&w, str_of(rows[i].old), str_of(rows[i].new_text));
		struct str got = shown(&w);
		if (!fits(got, str_of(rows[i].changes))) {
			fprintf(stderr, "row %zu:\n%s%s  %.*s\n", i, rows[i].old, rows[i].new_text,
				STR_ARG(got));
			wrong++;
		}
		for (uint32_t k = 0; k < w.changes.all.n; k++) {
			const struct orb_change *c = &w.changes.all.v[k];
			const struct orb_change_info *info = orb_change_info(c->kind);
			hit[c->kind] = true;
			bump = info->bump > bump ? info->bump : bump;
			/* Somebody can look it up. */
			assert_true(c->old.file == 1 || c->new_span.file == 2);
			assert_true(c->old.file <= 1 && c->new_span.file % 2 == 0);
		}
		assert_int_equal(w.changes.bump, bump);
		for (int b = 0; b < ORB_BUMP_COUNT; b++)
			counted += w.changes.count[b];
		assert_int_equal(counted, w.changes.all.n);
		arena_free(w.a);
	}
	assert_int_equal(wrong, 0);
	for (int kind = 0; kind < ORB_CHANGE_COUNT; kind++)
		if (!hit[kind])
			fail_msg("no row has %s", orb_change_info((enum orb_change_kind)kind)->id);
}

/* ---- the kinds --------------------------------------------------------------------------- */

static void
check_fields(const char *text)
{
	static const char *const fields[] = {"subject", "part", "old", "new", "values"};
	for (const char *open = strchr(text, '{'); open; open = strchr(open + 1, '{')) {
		size_t len = strcspn(open + 1, "}"), known = 0;
		for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
			known += strlen(fields[i]) == len && !strncmp(open + 1, fields[i], len);
		if (!known)
			fail_msg("unknown field in: %s", text);
	}
}

static void
kinds_are_in_order_and_say_why(void **state)
{
	(void)state;
	for (int i = 0; i < ORB_CHANGE_COUNT; i++) {
		const struct orb_change_info *info = orb_change_info((enum orb_change_kind)i);
		assert_true(info->bump > ORB_BUMP_NONE && info->bump < ORB_BUMP_COUNT);
		assert_true(strncmp(info->text, "{subject}", 9) == 0);
		assert_true(strlen(info->reason) > 10);
		check_fields(info->text);
		for (int k = 0; k < i; k++) {
			const struct orb_change_info *above =
				orb_change_info((enum orb_change_kind)k);
			assert_true(above->bump >= info->bump);
			assert_string_not_equal(above->id, info->id);
		}
	}
}

/* ---- versions ---------------------------------------------------------------------------- */

static void
versions_are_compared(void **state)
{
	static const struct {
		const char *old, *new_version;
		int bump; /* -1: not to be told */
	} versions[] = {
		{"1.4.2", "2.0.0", ORB_BUMP_MAJOR},
		{"1.4.2", "1.5.0", ORB_BUMP_MINOR},
		{"1.4.2", "1.4.3", ORB_BUMP_PATCH},
		{"1.4.2", "1.4.2", ORB_BUMP_NONE},
		{"1.4.2", "1.3.9", ORB_BUMP_NONE},
		{"1.9.0", "1.10.0", ORB_BUMP_MINOR},
		{"0.9.9", "1.0.0", ORB_BUMP_MAJOR},
		{"1.4.2", "99999999999999999999.0.0", ORB_BUMP_MAJOR},
		{"1.4.2", "dev:alpha", -1},
		{"", "1.0.0", -1},
		{"1.0", "1.0.0", -1},
	};
	(void)state;
	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
		enum orb_bump bump;
		bool known = orb_version_bump(
			str_of(versions[i].old), str_of(versions[i].new_version), &bump);
		if (versions[i].bump < 0 ? known : !known || (int)bump != versions[i].bump)
			fail_msg("%s to %s", versions[i].old, versions[i].new_version);
	}
}

/* ---- hostile orbs ------------------------------------------------------------------------ */

/* Lists of lists of one anchor: 4^30 leaves. */
static void
put_bomb(struct sb *b, const char *leaf)
{
	sb_printf(b, "x0: &x0 [%s, %s]\n", leaf, leaf);
	for (int i = 1; i < 30; i++)
		sb_printf(b, "x%d: &x%d [*x%d, *x%d, *x%d, *x%d]\n", i, i, i - 1, i - 1, i - 1,
			i - 1);
	sb_puts(b, "examples:\n");
	for (int i = 0; i < 2000; i++)
		sb_printf(b, "  e%d: {usage: {version: 2.1, jobs: *x29}}\n", i);
}

static void
aliases_upon_aliases_take_no_time(void **state)
{
	struct arena *a = arena_new();
	struct sb old = {.a = a}, new_text = {.a = a};
	struct world w;
	(void)state;
	put_bomb(&old, "a");
	put_bomb(&new_text, "b");
	find(&w, sb_str(&old), sb_str(&new_text));
	assert_int_equal(w.changes.all.n, 2000);
	assert_int_equal(w.changes.bump, ORB_BUMP_PATCH);
	arena_free(w.a);
	arena_free(a);
}

enum { MANY = 20000 };

static void
put_many(struct sb *b, int from)
{
	sb_puts(b, "commands:\n");
	for (int i = 0; i < MANY; i++)
		sb_printf(b, "  c%d: {steps: [{run: echo %d}]}\n", from + i, i);
	sb_puts(b, "  go:\n    steps: []\n    parameters:\n");
	for (int i = 0; i < MANY; i++)
		sb_printf(b, "      p%d: {type: string, description: Number %d.}\n", from + i, i);
	sb_puts(b, "      e: {type: enum, enum: [");
	for (int i = 0; i < MANY; i++)
		sb_printf(b, "v%d, ", from + i);
	sb_puts(b, "]}\nexecutors:\n  vm:\n    machine:\n      image: a\n");
	for (int i = 0; i < MANY; i++)
		sb_printf(b, "      k%d: %d\n", from + i, i);
}

/* Every name is another one, and each is found again. */
static void
many_names_take_no_time(void **state)
{
	struct arena *a = arena_new();
	struct sb old = {.a = a}, new_text = {.a = a};
	struct world w;
	uint32_t kinds[ORB_CHANGE_COUNT] = {0};
	(void)state;
	put_many(&old, 0);
	put_many(&new_text, MANY);
	find(&w, sb_str(&old), sb_str(&new_text));
	for (uint32_t i = 0; i < w.changes.all.n; i++)
		kinds[w.changes.all.v[i].kind]++;
	assert_int_equal(kinds[ORB_CHANGE_RENAMED], MANY);
	assert_int_equal(kinds[ORB_CHANGE_PARAMETER_RENAMED], MANY);
	assert_int_equal(kinds[ORB_CHANGE_CHOICE_REMOVED], MANY);
	assert_int_equal(kinds[ORB_CHANGE_CHOICE_ADDED], MANY);
	assert_int_equal(kinds[ORB_CHANGE_SETTING], 1);
	assert_int_equal(w.changes.all.n, 4 * MANY + 1);
	arena_free(w.a);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_change_is_of_its_kind),
		cmocka_unit_test(kinds_are_in_order_and_say_why),
		cmocka_unit_test(versions_are_compared),
		cmocka_unit_test(aliases_upon_aliases_take_no_time),
		cmocka_unit_test(many_names_take_no_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
