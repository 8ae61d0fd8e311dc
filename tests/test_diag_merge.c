/* SPDX-License-Identifier: MIT */
/* diag: merging the findings of several runs, whose memory is then gone. */
#include "ccx/diag.h"
#include "ccx/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Where all is merged, and one run, whose arena is overwritten when it ends. */
static struct arena *a, *run_arena;
static struct sources all, s;
static struct diag_list merged, d;
static struct diag_merge m;

static void
begin_run(void)
{
	run_arena = arena_new();
	sources_init(&s, run_arena);
	diag_init(&d, run_arena);
}

static void
end_run(void)
{
	diag_merge(&m, &s, &d);
	arena_free(run_arena);
}

static int
setup(void **state)
{
	(void)state;
	a = arena_new();
	sources_init(&all, a);
	diag_init(&merged, a);
	diag_merge_init(&m, &all, &merged);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static uint32_t
add(const char *path, const char *text)
{
	return source_add(&s, str_copy(run_arena, str_of(path)), str_copy(run_arena, str_of(text)));
}

static const char *
path_of(struct span span)
{
	const struct source *source = source_of(&all, span.file);
	return source ? source->path.s : "";
}

static void
all_places_move(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		begin_run();
		add("never-shown.yml", "x");
		uint32_t config = add(i ? "two.yml" : "one.yml", "abcdef"),
			 orb = add("orb.yml", "xyz");
		struct origin workflow = {.name = STR("w"), .use = {config, 1, 1}};
		struct origin job = {
			&workflow, ORIGIN_JOB, STR("o/j"), {config, 2, 1}, {orb, 1, 1}};
		struct diag *g =
			diag_push(&d, RULE_UNKNOWN_KEY, (struct span){config, 3, 2}, "m%d", i);
		g->origin = &job;
		diag_label(&d, g, "label %d", i);
		diag_help(&d, g, "help %d", i);
		diag_note(&d, g, (struct span){orb, 2, 1}, "note %d", i);
		diag_note(&d, g, (struct span){0}, "nowhere");
		diag_fix(&d, g, true, (struct span){config, 3, 1},
			str_printf(run_arena, "fix %d", i));
		end_run();
	}
	assert_int_equal(merged.all.n, 2);
	assert_int_equal(merged.errors + merged.warnings, 2);
	assert_int_equal(all.all.n, 1 + 3); /* two configs, and the orb once */
	const struct diag *g = &merged.all.v[1];
	assert_string_equal(path_of(g->span), "two.yml");
	assert_true(str_is(source_text(&all, g->span), "de"));
	assert_true(str_is(g->message, "m1"));
	assert_true(str_is(g->label, "label 1"));
	assert_true(str_is(g->help, "help 1"));
	assert_true(str_is(g->notes->text, "note 1"));
	assert_true(str_is(source_text(&all, g->notes->span), "z"));
	assert_int_equal(g->notes->next->span.file, 0);
	assert_int_equal(g->fix->nedits, 1);
	assert_true(str_is(g->fix->edits[0].text, "fix 1"));
	assert_string_equal(path_of(g->fix->edits[0].span), "two.yml");
	assert_true(str_is(g->origin->name, "o/j"));
	assert_int_equal(g->origin->kind, ORIGIN_JOB);
	assert_string_equal(path_of(g->origin->def), "orb.yml");
	assert_string_equal(path_of(g->origin->up->use), "two.yml");
	assert_null(g->origin->up->up);
	assert_int_equal(merged.all.v[0].notes->span.file, g->notes->span.file);
}

static void
calls_that_findings_share_are_shared(void **state)
{
	(void)state;
	begin_run();
	uint32_t f = add("a.yml", "0123456789");
	struct origin workflow = {.name = STR("w"), .use = {f, 1, 1}};
	struct origin one = {&workflow, ORIGIN_JOB, STR("j"), {f, 2, 1}, {f, 3, 1}};
	struct origin two = {&workflow, ORIGIN_JOB, STR("k"), {f, 4, 1}, {f, 5, 1}};
	const struct origin *const of[] = {&one, &two, &one, &workflow};
	for (uint32_t i = 0; i < 4; i++)
		diag_push(&d, RULE_UNKNOWN_KEY, (struct span){f, i, 1}, "m")->origin = of[i];
	end_run();
	const struct diag *v = merged.all.v;
	assert_ptr_equal(v[0].origin, v[2].origin);
	assert_ptr_not_equal(v[0].origin, v[1].origin);
	assert_ptr_equal(v[0].origin->up, v[1].origin->up);
	assert_ptr_equal(v[0].origin->up, v[3].origin);
}

static void
a_fault_of_a_shared_file_is_said_once(void **state)
{
	(void)state;
	static const char *const texts[] = {"same", "same", "else"};
	for (size_t i = 0; i < 3; i++) {
		begin_run();
		uint32_t f = add("orb.yml", texts[i]);
		diag_push(&d, RULE_UNKNOWN_KEY, (struct span){f, 1, 1}, "x");
		diag_push(&d, RULE_UNKNOWN_KEY, (struct span){0}, "of the run");
		end_run();
	}
	/* The third text is another file, though its path is the same. */
	assert_int_equal(merged.all.n, 3);
	assert_int_equal(merged.errors + merged.warnings, 3);
	assert_int_equal(all.all.n, 3);
	assert_true(str_is(source_of(&all, merged.all.v[2].span.file)->text, "else"));
}

static void
texts_that_outlive_the_list_are_not_copied(void **state)
{
	(void)state;
	static const char text[] = "abc";
	for (int views = 0; views < 2; views++) {
		begin_run();
		uint32_t f = source_add(&s, views ? STR("b.yml") : STR("a.yml"), str_of(text));
		diag_push(&d, RULE_UNKNOWN_KEY, (struct span){f, 1, 1}, "x");
		m.views = views;
		end_run();
		const struct source *source = source_of(&all, merged.all.v[views].span.file);
		assert_int_equal(source->text.s == text, views);
		assert_true(str_is(source->text, "abc"));
	}
}

static void
counts_add_up(void **state)
{
	(void)state;
	for (int run = 0; run < 2; run++) {
		begin_run();
		uint32_t f = add(run ? "b.yml" : "a.yml", "text");
		for (int i = 0; i < LIMIT_ERRORS + 5; i++)
			diag_push(&d, RULE_UNKNOWN_KEY, (struct span){f, 0, 1}, "%d", i);
		diag_demote(&d, &d.all.v[0], SEVERITY_WARNING);
		diag_demote(&d, &d.all.v[1], SEVERITY_NOTE);
		diag_ignore(&d, &d.all.v[2], STR("because"));
		end_run();
	}
	assert_int_equal(merged.all.n, 2 * LIMIT_ERRORS);
	assert_int_equal(merged.dropped, 10);
	assert_int_equal(merged.warnings, 2);
	assert_int_equal(merged.errors, 2 * (LIMIT_ERRORS + 5 - 3));
	assert_true(merged.all.v[2].ignored);
	assert_true(str_is(merged.all.v[2].reason, "because"));
}

static void
many_findings_sort_in_order(void **state)
{
	(void)state;
	enum { N = 1000 };
	for (uint32_t i = 0; i < N; i++) {
		struct diag g = {.span = {1 + i * 7919 % 3, i * 104729 % 50, 1}};
		g.message = str_printf(a, "%u", (unsigned)i);
		vec_push(a, &merged.all, g);
	}
	diag_sort(&merged);
	for (uint32_t i = 1; i < N; i++) {
		const struct diag *x = &merged.all.v[i - 1], *y = &merged.all.v[i];
		assert_true(x->span.file <= y->span.file);
		if (x->span.file != y->span.file)
			continue;
		assert_true(x->span.off <= y->span.off);
		if (x->span.off == y->span.off)
			assert_true(atoi(x->message.s) < atoi(y->message.s));
	}
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(all_places_move),
		TEST(calls_that_findings_share_are_shared),
		TEST(a_fault_of_a_shared_file_is_said_once),
		TEST(texts_that_outlive_the_list_are_not_copied),
		TEST(counts_add_up),
		TEST(many_findings_sort_in_order),
	};
	return cmocka_run_group_tests_name("diag_merge", tests, NULL, NULL);
}
