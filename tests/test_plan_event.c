/* SPDX-License-Identifier: MIT */
#include "ccx/plan.h"

#include <setjmp.h>
#include <stdlib.h>

#include <cmocka.h>

static struct arena *a;
static struct sources s;
static struct diag_list d;

static int
setup(void **state)
{
	(void)state;
	a = arena_new();
	sources_init(&s, a);
	diag_init(&d, a);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static void
assert_str(struct str actual, const char *expected)
{
	assert_string_equal(str_copy(a, actual).s, expected);
}

/* ---- names ------------------------------------------------------------------------------- */

static void
names_of_events(void **state)
{
	(void)state;
	static const struct {
		const char *text, *title; /* NULL: it is none */
	} cases[] = {
		{"main", "push to main"},
		{" feature/x ", "push to feature/x"},
		{"v1.2.3", "tag v1.2.3"},
		{"V1.2", "tag V1.2"},
		{"1.2.3", "tag 1.2.3"},
		{"2.0-rc.1", "tag 2.0-rc.1"},
		{"v1.2.3+build", "tag v1.2.3+build"},
		{"v1", "push to v1"},
		{"2026", "push to 2026"},
		{"1.x", "push to 1.x"},
		{"1.2.", "push to 1.2."},
		{"v1.2beta", "push to v1.2beta"},
		{"release-1.2", "push to release-1.2"},
		{".", "push to ."},
		{"v", "push to v"},
		{"branch:1.2", "push to 1.2"},
		{"tag:next", "tag next"},
		{"tag: next", "tag next"},
		{"pr:12", "pull request 12"},
		{"schedule:nightly build", "schedule nightly build"},
		{"api", "API request"},
		{"apis", "push to apis"},
		{"", NULL},
		{"  ", NULL},
		{"tag:", NULL},
		{"branch:", NULL},
		{"schedule:", NULL},
		{"pr:", NULL},
		{"pr:0", NULL},
		{"pr:-1", NULL},
		{"pr:1x", NULL},
		{"pr:9999999999", NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sim_event e = {0};
		bool ok = event_parse(str_of(cases[i].text), &e);
		if (ok != (cases[i].title != NULL))
			fail_msg("\"%s\"", cases[i].text);
		if (ok)
			assert_str(event_title(a, &e), cases[i].title);
	}
}

static void
titles_say_what_is_known(void **state)
{
	(void)state;
	struct sim_event e = {.kind = EVENT_PULL_REQUEST};
	assert_str(event_title(a, &e), "pull request");
	e.number = 7;
	e.base = STR("main");
	e.branch = STR("fix");
	assert_str(event_title(a, &e), "pull request 7 from fix to main");
	e = (struct sim_event){.kind = EVENT_API, .tag = STR("v1")};
	assert_str(event_title(a, &e), "API request for v1");
	e = (struct sim_event){.kind = EVENT_SCHEDULE, .schedule = STR("n"), .branch = STR("m")};
	assert_str(event_title(a, &e), "schedule n on m");
	e = (struct sim_event){0};
	assert_str(event_title(a, &e), "push");
}

/* ---- values ------------------------------------------------------------------------------ */

/* "-": not set; "null": known to be undefined */
static void
assert_value(
	const struct sim_event *e, const struct node *given, const char *name, const char *expected)
{
	const struct node *n = node_find(event_values(a, e, given), str_of(name));
	struct str text = !n ? STR("-") : n->kind == NODE_NULL ? STR("null") : node_text(a, n);
	if (!str_is(text, expected))
		fail_msg("%s: %.*s, not %s", name, STR_ARG(text), expected);
}

static const struct node *
map_of(const char *name, const char *value)
{
	struct pair *p = NEW(a, struct pair);
	struct span none = {0};
	p->key = node_string(a, str_of(name), none);
	p->value = node_string(a, str_of(value), none);
	return node_map(a, p, 1, none);
}

static void
values_of_pushes(void **state)
{
	(void)state;
	struct sim_event e = {.branch = STR("main")};
	assert_value(&e, NULL, "pipeline.git.branch", "main");
	assert_value(&e, NULL, "pipeline.git.tag", "null");
	assert_value(&e, NULL, "pipeline.git.branch.is_default", "-");
	assert_value(&e, NULL, "pipeline.event.github.ref", "refs/heads/main");
	assert_value(&e, NULL, "pipeline.event.name", "push");
	assert_value(&e, NULL, "pipeline.event.action", "push");
	assert_value(&e, NULL, "pipeline.trigger_source", "webhook");
	assert_value(&e, NULL, "pipeline.trigger.type", "-");
	assert_value(&e, NULL, "pipeline.event.github.pull_request.number", "null");
	assert_value(&e, NULL, "pipeline.schedule.name", "null");
	assert_value(&e, NULL, "pipeline.deploy.reason", "null");
	assert_value(&e, NULL, "pipeline.event.github.sender.login", "-");
	e.default_branch = STR("main");
	assert_value(&e, NULL, "pipeline.git.branch.is_default", "true");
	e.default_branch = STR("master");
	assert_value(&e, NULL, "pipeline.git.branch.is_default", "false");
	e = (struct sim_event){.kind = EVENT_TAG, .tag = STR("v1")};
	assert_value(&e, NULL, "pipeline.git.branch", "null");
	assert_value(&e, NULL, "pipeline.git.tag", "v1");
	assert_value(&e, NULL, "pipeline.git.branch.is_default", "false");
	assert_value(&e, NULL, "pipeline.event.name", "push");
	assert_value(&e, NULL, "pipeline.event.github.ref", "refs/tags/v1");
	e = (struct sim_event){0};
	assert_value(&e, NULL, "pipeline.git.branch", "-");
	assert_value(&e, NULL, "pipeline.git.tag", "-");
}

static void
values_of_other_events(void **state)
{
	(void)state;
	struct sim_event e = {.kind = EVENT_PULL_REQUEST,
		.branch = STR("fix"),
		.base = STR("main"),
		.number = 12};
	assert_value(&e, NULL, "pipeline.event.name", "pull_request");
	assert_value(&e, NULL, "pipeline.event.action", "-");
	assert_value(&e, NULL, "pipeline.event.github.pull_request.number", "12");
	assert_value(&e, NULL, "pipeline.event.github.pull_request.base.ref", "main");
	assert_value(&e, NULL, "pipeline.event.github.pull_request.head.ref", "fix");
	assert_value(&e, NULL, "pipeline.event.github.pull_request.draft", "-");
	assert_value(&e, NULL, "pipeline.event.github.comment.body", "null");
	e = (struct sim_event){.kind = EVENT_SCHEDULE, .schedule = STR("n"), .branch = STR("m")};
	assert_value(&e, NULL, "pipeline.trigger_source", "scheduled_pipeline");
	assert_value(&e, NULL, "pipeline.schedule.name", "n");
	assert_value(&e, NULL, "pipeline.trigger.name", "n");
	assert_value(&e, NULL, "pipeline.event.github.sender.login", "null");
	e.of_workflow = true;
	assert_value(&e, NULL, "pipeline.trigger_source", "schedule");
	assert_value(&e, NULL, "pipeline.schedule.name", "null");
	e = (struct sim_event){.kind = EVENT_API, .branch = STR("m")};
	assert_value(&e, NULL, "pipeline.trigger_source", "api");
	assert_value(&e, NULL, "pipeline.trigger.type", "api");
	assert_value(&e, map_of("pipeline.trigger_source", "x"), "pipeline.trigger_source", "x");
	assert_value(&e, map_of("pipeline.git.tag", "t"), "pipeline.git.tag", "t");
}

/* ---- payloads ---------------------------------------------------------------------------- */

static bool
read_payload(struct str text, struct sim_event *e)
{
	*e = (struct sim_event){0};
	d.errors = 0;
	bool ok = event_read(a, &s, source_add(&s, STR("e.json"), text), &d, e);
	assert_int_equal(ok, d.errors == 0);
	return ok;
}

#define PUSH "{\"ref\": \"refs/heads/m\", \"after\": \"1\""

static void
latest_commits_may_ask_to_be_skipped(void **state)
{
	(void)state;
	static const struct {
		const char *message;
		unsigned before; /* further characters in front */
		bool skipped;
	} cases[] = {
		{"[ci skip]", 0, true},
		{"[skip ci]", 0, true},
		{"[ci skip]", 241, true},
		{"[ci skip]", 242, false},
		{"x\\n\\nbody [skip ci]", 0, true},
		{"x\\n\\nbody [skip ci]", 300, true},
		{"[ci  skip]", 0, false},
		{"ci skip", 0, false},
		{"", 0, false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sb b = {.a = a};
		struct sim_event e;
		sb_puts(&b, PUSH ", \"head_commit\": {\"message\": \"");
		for (unsigned k = 0; k < cases[i].before; k++)
			sb_puts(&b, "é"); /* a character, two bytes */
		sb_printf(&b, "%s\"}}", cases[i].message);
		assert_true(read_payload(sb_str(&b), &e));
		if ((e.no_pipeline.len > 0) != cases[i].skipped)
			fail_msg("case %d", (int)i);
	}
}

static void
payloads_say_what_changed(void **state)
{
	(void)state;
	struct sim_event e;
	assert_true(
		read_payload(STR(PUSH ", \"commits\": [{\"added\": [\"a\", \"b\"], \"removed\": "
				      "[\"c\"]}, {\"modified\": [\"a\", \"d\"]}]}"),
			&e));
	assert_true(e.changed_known);
	assert_str(str_join(a, e.changed.v, e.changed.n, " "), "a b c d");
	assert_true(read_payload(STR(PUSH "}"), &e));
	assert_false(e.changed_known);
}

static void
hostile_payloads(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "{", "[]", "{}", "null", "5", "\"ref\"",
		"{\"ref\": 1}", "{\"ref\": \"refs/heads/m\"}",
		"{\"ref\": \"refs/heads/\", \"after\": 1}", "{\"ref\": \"m\", \"after\": 1}",
		"{\"pull_request\": {}}",
		"{\"pull_request\": {\"number\": -1, \"head\": {\"ref\": \"x\"}}}",
		"{\"pull_request\": {\"number\": 1.5, \"head\": {\"ref\": \"x\"}}}",
		"{\"pull_request\": {\"number\": 99999999999999999999, \"head\": 1}}",
		PUSH ", \"x\": \"\\u0000\"}", PUSH ", \"x\": \"\\ud800\"}",
		PUSH ", \"x\": \"\xff\"}", PUSH "} trailing"};
	struct sim_event e;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (read_payload(str_of(bad[i]), &e))
			fail_msg("%s", bad[i]);
	assert_false(read_payload((struct str){NULL, 0}, &e));
	assert_false(read_payload((struct str){"{\"a\": 1\0}", 9}, &e));
	struct sb deep = {.a = a};
	sb_chars(&deep, '[', 1000000);
	assert_false(read_payload(sb_str(&deep), &e));
	assert_true(read_payload(STR(PUSH ", \"commits\": {\"a\": 1}, \"head_commit\": \"x\", "
					  "\"repository\": [], \"sender\": {\"login\": 5}}"),
		&e));
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(names_of_events),
		TEST(titles_say_what_is_known),
		TEST(values_of_pushes),
		TEST(values_of_other_events),
		TEST(latest_commits_may_ask_to_be_skipped),
		TEST(payloads_say_what_changed),
		TEST(hostile_payloads),
	};
	return cmocka_run_group_tests_name("plan_event", tests, NULL, NULL);
}
