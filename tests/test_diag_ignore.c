/* SPDX-License-Identifier: MIT */
/* Comments that ignore findings: what they name, where they reach, and what is said of them. */
#include "ccx/diag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* A text in which every "#" begins a comment and every "!" is a place with a finding. */
struct world {
	struct arena *a;
	struct sources s;
	struct diag_list d;
	uint32_t file;
	struct comment *comments;
	uint32_t n;
	struct str text;
};

static bool
is_alone(struct str text, size_t at)
{
	while (at && (text.s[at - 1] == ' ' || text.s[at - 1] == '\t'))
		at--;
	return !at || text.s[at - 1] == '\n' || text.s[at - 1] == '\r';
}

static void
open_world(struct world *w, const char *text)
{
	VEC(struct comment) all = {0};
	*w = (struct world){.a = arena_new()};
	w->text = str_of(text);
	sources_init(&w->s, w->a);
	diag_init(&w->d, w->a);
	w->file = source_add(&w->s, STR("in.yml"), w->text);
	for (size_t i = 0; i < w->text.len; i++) {
		if (w->text.s[i] == '!')
			diag_push(&w->d, RULE_UNKNOWN_KEY, (struct span){w->file, (uint32_t)i, 1},
				"found");
		if (w->text.s[i] != '#')
			continue;
		size_t end = i;
		while (end < w->text.len && !strchr("\r\n", w->text.s[end]))
			end++;
		struct comment c = {.span = {w->file, (uint32_t)i, (uint32_t)(end - i)}};
		c.alone = is_alone(w->text, i);
		vec_push(w->a, &all, c);
		i = end - 1;
	}
	w->comments = all.v;
	w->n = all.n;
}

static void
close_world(struct world *w)
{
	arena_free(w->a);
}

static void
apply(struct world *w, enum ignore_judge judge)
{
	diag_ignore_comments(&w->d, &w->s, w->comments, w->n, judge);
}

/* ---- where a comment reaches ------------------------------------------------------------- */

/* The findings in order: "i" ignored, "." not. */
static void
assert_ignored(const char *text, const char *expected)
{
	struct world w;
	char got[32] = "";
	open_world(&w, text);
	apply(&w, IGNORE_SILENT);
	unsigned errors = 0;
	for (uint32_t i = 0; i < w.d.all.n; i++) {
		got[i] = w.d.all.v[i].ignored ? 'i' : '.';
		errors += !w.d.all.v[i].ignored;
	}
	assert_string_equal(got, expected);
	assert_int_equal(w.d.errors, errors);
	close_world(&w);
}

static void
test_reach(void **state)
{
	(void)state;
	static const struct {
		const char *text, *ignored;
	} cases[] = {
		{"! # ccx: ignore[unknown-key]", "i"},
		{"!\n! # ccx: ignore[unknown-key]\n!\n", ".i."},
		{"!\n# ccx: ignore[unknown-key]\n!\n!\n", ".i."},
		{"!\r\n# ccx: ignore[unknown-key]\r\n!\r\n!\r\n", ".i."},
		{"!\r# ccx: ignore[unknown-key]\r!\r!\r", ".i."},
		{"# ccx: ignore[unknown-key]\n\n  \n# more\n\t# and more\n!\n!\n", "i."},
		{"# ccx: ignore[unknown-key]", ""},
		{"!\n# ccx: ignore[unknown-key]", "."},
		{"!\n!\n# ccx: ignore-file[unknown-key]\n!", "iii"},
		/* Without a block of its own it is as if it were ignore. */
		{"!\n! # ccx: ignore-block[unknown-key]\n!\n", ".i."},
		{"! # ccx: ignore[version]", "."},
		{"! # ccx: ignore[version,unknown-key]", "i"},
		{"! #ccx:ignore[ unknown-key , version ]", "i"},
		{"! # ccx: ignore [unknown-key]", "i"},
		{"! # noqa # ccx: ignore[unknown-key]", "i"},
		{"! # noqa ccx: ignore[unknown-key]", "."},
		{"! # ccx: ignored[unknown-key]", "."},
		{"! # ccx: ignore", "."},
		{"! # ccx: ignore[", "."},
		{"! # ccx: ignore]unknown-key[", "."},
		{"! # ccx: ignore[]", "."},
		{"! # ccx: ignore[,]", "."},
		{"! # ccx: ignore[*]", "."},
		{"! # ccx: other[unknown-key]", "."},
		{"! # ccx:", "."},
		{"! #", "."},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_ignored(cases[i].text, cases[i].ignored);
}

static void
test_official(void **state)
{
	(void)state;
	static const struct {
		const char *text, *ignored;
	} cases[] = {
		{"! # cci-ignore\n!", "i."},
		{"# cci-ignore\n!", "."},
		{"! # cci-ignore because\n!", "i."},
		{"! # cci-ignored\n!", ".."},
		{"! # see cci-ignore\n!", ".."},
		{"!\n# cci-ignore-next-line\n!\n!", ".i."},
		{"!\n! # cci-ignore-next-line\n!\n!", "..i."},
		{"!\n# cci-ignore-start\n!\n!\n# cci-ignore-end\n!", ".ii."},
		{"!\n# cci-ignore-start\n!\n# cci-ignore-start\n!\n# cci-ignore-end\n!", ".ii."},
		{"!\n# cci-ignore-start\n!\n!", ".ii"},
		{"!\n# cci-ignore-end\n!\n", ".."},
		{"!\n!\n# cci-ignore-file\n", "ii"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_ignored(cases[i].text, cases[i].ignored);
}

static void
test_block(void **state)
{
	(void)state;
	struct world w;
	open_world(&w, "!\n! # ccx: ignore-block[unknown-key]\n!\n!\n");
	w.comments[0].block = (struct span){w.file, 2, 37};
	apply(&w, IGNORE_UNUSED);
	assert_int_equal(w.d.all.n, 4);
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(w.d.all.v[i].ignored, i == 1 || i == 2);
	close_world(&w);
}

/* A finding in an orb is ignored at any call that led to it, and only there. */
static void
test_calls(void **state)
{
	(void)state;
	struct world w;
	open_world(&w, "job\nstep # ccx: ignore[unknown-key] theirs\nother\n");
	uint32_t orb = source_add(&w.s, STR("orb.yml"), STR("a b c"));
	struct origin job = {.kind = ORIGIN_JOB, .use = {w.file, 0, 3}};
	struct origin step = {.kind = ORIGIN_COMMAND, .use = {w.file, 4, 4}, .up = &job};
	struct origin inner = {.kind = ORIGIN_COMMAND, .use = {orb, 0, 1}, .up = &step};
	diag_push(&w.d, RULE_UNKNOWN_KEY, (struct span){orb, 2, 1}, "one")->origin = &inner;
	diag_push(&w.d, RULE_UNKNOWN_KEY, (struct span){orb, 4, 1}, "two")->origin = &job;
	diag_push(&w.d, RULE_UNKNOWN_KEY, (struct span){orb, 0, 1}, "three");
	apply(&w, IGNORE_SILENT);
	assert_true(w.d.all.v[0].ignored);
	assert_true(str_is(w.d.all.v[0].reason, "theirs"));
	assert_false(w.d.all.v[1].ignored);
	assert_false(w.d.all.v[2].ignored);
	close_world(&w);
}

static void
test_reasons(void **state)
{
	(void)state;
	static const struct {
		const char *text, *reason;
	} cases[] = {
		{"! # ccx: ignore[unknown-key]", ""},
		{"! # ccx: ignore[unknown-key]  the new key  ", "the new key"},
		{"! # ccx: ignore[unknown-key] -- the new key", "the new key"},
		{"! # ccx: ignore[unknown-key]: the new key", "the new key"},
		{"! # cci-ignore", "cci-ignore"},
		{"! # cci-ignore: new", "new"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w;
		open_world(&w, cases[i].text);
		apply(&w, IGNORE_SILENT);
		assert_true(w.d.all.v[0].ignored);
		assert_true(str_is(w.d.all.v[0].reason, cases[i].reason));
		close_world(&w);
	}
}

/* ---- what is said of comments ------------------------------------------------------------ */

/* The rules found, in order, behind those that the text has. */
static void
assert_judged(const char *text, enum ignore_judge judge, const char *expected)
{
	struct world w;
	open_world(&w, text);
	uint32_t before = w.d.all.n;
	apply(&w, judge);
	struct sb got = {.a = w.a};
	for (uint32_t i = before; i < w.d.all.n; i++)
		sb_printf(&got, "%s%s%s", got.len ? " " : "", rule_info(w.d.all.v[i].rule)->id,
			w.d.all.v[i].ignored ? "(ignored)" : "");
	assert_true(str_is(sb_str(&got), expected));
	close_world(&w);
}

static void
test_judge(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum ignore_judge judge;
		const char *said;
	} cases[] = {
		{"! # ccx: ignore", IGNORE_SILENT, ""},
		{"! # ccx: ignore", IGNORE_FAULTS, "ignore-without-rule"},
		{"# ccx: ignore\n# ccx: ignore\n", IGNORE_FAULTS,
			"ignore-without-rule ignore-without-rule"},
		{"! # ccx: ignore[]", IGNORE_FAULTS, "ignore-without-rule"},
		{"! # ccx: ignore[unknown-key", IGNORE_FAULTS, "ignore-without-rule"},
		{"! # ccx: ignore-line[unknown-key]", IGNORE_FAULTS, "ignore-without-rule"},
		{"! # ccx: ignore[unknwon-key]", IGNORE_FAULTS, "unknown-ignored-rule"},
		{"! # ccx: ignore[unknown-key,x,y]", IGNORE_UNUSED,
			"unknown-ignored-rule unknown-ignored-rule"},
		{"! # ccx: ignore[unknown-key]", IGNORE_UNUSED, ""},
		{"# ccx: ignore[unknown-key]", IGNORE_FAULTS, ""},
		{"# ccx: ignore[unknown-key]", IGNORE_UNUSED, "unused-ignore"},
		{"! # ccx: ignore[unknown-key, version]", IGNORE_UNUSED, "unused-ignore"},
		{"# ccx: ignore[unused-ignore]", IGNORE_UNUSED, ""},
		{"a # ccx: ignore[version, unused-ignore]", IGNORE_UNUSED,
			"unused-ignore(ignored)"},
		{"a # ccx: ignore\n# ccx: ignore-file[ignore-without-rule]\n", IGNORE_UNUSED,
			"ignore-without-rule(ignored)"},
		{"# cci-ignore-file\n# cci-ignore-end\n", IGNORE_UNUSED, ""},
		{"# just words", IGNORE_UNUSED, ""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_judged(cases[i].text, cases[i].judge, cases[i].said);
}

static void
test_nearest(void **state)
{
	(void)state;
	struct world w;
	open_world(&w, "! # ccx: ignore[unknwon-key]");
	apply(&w, IGNORE_FAULTS);
	const struct diag *g = &w.d.all.v[1];
	assert_true(str_is(source_text(&w.s, g->span), "unknwon-key"));
	assert_true(str_is(g->label, "did you mean \"unknown-key\"?"));
	assert_int_equal(g->severity, SEVERITY_WARNING);
	close_world(&w);
}

/* The text after the fix of the only finding that has one. */
static void
assert_fixed(const char *text, const char *fixed)
{
	struct world w;
	open_world(&w, text);
	apply(&w, IGNORE_UNUSED);
	const struct fix *fix = w.d.all.v[w.d.all.n - 1].fix;
	assert_non_null(fix);
	assert_true(fix->safe);
	assert_int_equal(fix->nedits, 1);
	struct span at = fix->edits[0].span;
	struct sb b = {.a = w.a};
	sb_put(&b, str_sub(w.text, 0, at.off));
	sb_put(&b, fix->edits[0].text);
	sb_put(&b, str_sub(w.text, at.off + at.len, w.text.len));
	assert_true(str_is(sb_str(&b), fixed));
	close_world(&w);
}

static void
test_fixes(void **state)
{
	(void)state;
	assert_fixed("a: b  # ccx: ignore[empty] why\nc: d\n", "a: b\nc: d\n");
	assert_fixed("a: b # ccx: ignore[empty]", "a: b");
	assert_fixed("a:\n  # ccx: ignore[empty] why\n  c: d\n", "a:\n  c: d\n");
	assert_fixed("a:\r\n  # ccx: ignore[empty] why\r\n  c: d\r\n", "a:\r\n  c: d\r\n");
	assert_fixed(
		"! # ccx: ignore[empty, unknown-key] why\n", "! # ccx: ignore[unknown-key] why\n");
	assert_fixed("! # ccx: ignore[unknown-key,empty,version]", "! # ccx: ignore[unknown-key]");
	assert_fixed("a: b # noqa # ccx: ignore[empty]\n", "a: b # noqa\n");
}

/* ---- the rest ---------------------------------------------------------------------------- */

static void
test_may_ignore(void **state)
{
	(void)state;
	assert_true(comments_may_ignore(STR("a # ccx: ignore[x]")));
	assert_true(comments_may_ignore(STR("# cci-ignore")));
	assert_false(comments_may_ignore(STR("# a comment")));
	assert_false(comments_may_ignore(STR("")));
}

static void
test_remove(void **state)
{
	(void)state;
	struct world w;
	open_world(&w, "! ! !");
	diag_push(&w.d, RULE_SHADOWED_STEP, (struct span){w.file, 0, 1}, "warned");
	diag_ignore(&w.d, &w.d.all.v[1], STR(""));
	diag_remove(&w.d, RULE_UNKNOWN_KEY);
	assert_int_equal(w.d.all.n, 1);
	assert_int_equal(w.d.errors, 0);
	assert_int_equal(w.d.warnings, 1);
	diag_remove(&w.d, RULE_SHADOWED_STEP);
	assert_int_equal(w.d.all.n, 0);
	assert_int_equal(w.d.warnings, 0);
	close_world(&w);
}

/* Many comments, each ignoring the next line, which is a comment: no square of them. */
static void
test_many(void **state)
{
	(void)state;
	enum { MANY = 100000 };
	struct arena *a = arena_new();
	struct sb b = {.a = a};
	struct world w;
	for (int i = 0; i < MANY; i++)
		sb_puts(&b,
			i % 2 ? "# ccx: ignore[unknown-key,\n" : "# ccx: ignore[unknown-key]\n");
	sb_puts(&b, "!\n");
	sb_char(&b, 0);
	open_world(&w, b.s);
	apply(&w, IGNORE_UNUSED);
	assert_int_equal(w.n, MANY);
	assert_true(w.d.all.v[0].ignored);
	assert_true(w.d.dropped > 0);
	close_world(&w);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reach),
		cmocka_unit_test(test_official),
		cmocka_unit_test(test_block),
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_fixes),
		cmocka_unit_test(test_may_ignore),
		cmocka_unit_test(test_remove),
		cmocka_unit_test(test_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
