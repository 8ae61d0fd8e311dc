/* SPDX-License-Identifier: MIT */
/* report: the problem matcher for GitHub Actions finds every finding in what ccx prints. */
#include "report_world.h"

#include <jansson.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define MATCHER ".github/ccx-problem-matcher.json"

struct matcher {
	const char *owner, *severity; /* severity: of all it finds, or NULL */
	json_t *groups;
	pcre2_code *code;
};

struct matchers {
	json_t *json;
	struct matcher all[2];
	size_t n;
};

static struct matchers *
matchers_load(struct arena *a)
{
	struct matchers *m = NEW(a, struct matchers);
	m->json = json_load_file(MATCHER, 0, NULL);
	json_t *list = json_object_get(m->json, "problemMatcher"), *entry;
	size_t i;
	assert_in_range(json_array_size(list), 1, 2);
	json_array_foreach(list, i, entry)
	{
		json_t *pattern = json_array_get(json_object_get(entry, "pattern"), 0);
		const char *regexp = json_string_value(json_object_get(pattern, "regexp"));
		assert_non_null(regexp);
		int error;
		PCRE2_SIZE offset;
		pcre2_code *code = pcre2_compile(
			(PCRE2_SPTR)regexp, PCRE2_ZERO_TERMINATED, 0, &error, &offset, NULL);
		assert_non_null(code);
		m->all[m->n++] = (struct matcher){
			json_string_value(json_object_get(entry, "owner")),
			json_string_value(json_object_get(entry, "severity")), pattern, code};
	}
	return m;
}

static void
matchers_free(struct matchers *m)
{
	for (size_t i = 0; i < m->n; i++)
		pcre2_code_free(m->all[i].code);
	json_decref(m->json);
}

/* The group of a property, followed by a bar; the matcher's severity where there is no group. */
static void
put_property(struct sb *out, const struct matcher *m, pcre2_match_data *data, const char *name)
{
	json_t *group = json_object_get(m->groups, name);
	PCRE2_UCHAR *text = NULL;
	PCRE2_SIZE len = 0;
	if (!group) {
		assert_string_equal(name, "severity");
		sb_puts(out, m->severity);
	} else {
		uint32_t number = (uint32_t)json_integer_value(group);
		assert_int_equal(pcre2_substring_get_bynumber(data, number, &text, &len), 0);
		sb_put(out, (struct str){(const char *)text, len});
		pcre2_substring_free(text);
	}
	sb_char(out, '|');
}

/* owner|file|line|column|severity|message|code| for every match of every matcher, line by line. */
static const char *
match_all(struct arena *a, const struct matchers *m, const char *text)
{
	static const char *const names[] = {
		"file", "line", "column", "severity", "message", "code"};
	struct sb out = {.a = a};
	for (size_t n; *text; text += n + 1) {
		n = strcspn(text, "\n");
		for (size_t i = 0; i < m->n; i++) {
			pcre2_match_data *data =
				pcre2_match_data_create_from_pattern(m->all[i].code, NULL);
			if (pcre2_match(m->all[i].code, (PCRE2_SPTR)text, n, 0, 0, data, NULL) >
				0) {
				sb_printf(&out, "%s|", m->all[i].owner);
				for (size_t k = 0; k < sizeof names / sizeof *names; k++)
					put_property(&out, &m->all[i], data, names[k]);
				sb_char(&out, '\n');
			}
			pcre2_match_data_free(data);
		}
	}
	sb_char(&out, 0);
	return out.s;
}

static void
every_finding_is_matched_once(void **state)
{
	(void)state;
	static const char want[] =
		"ccx|./.circleci/config.yml|9|9|error|job \"biuld\" is not defined|undefined-job|\n"
		"ccx|./.circleci/config.yml|10|20|warning|a: b [c] error: d|invalid-value|\n"
		"ccx-note|a b:1:2: error.yml|1|1|notice|noted|invalid-value|\n";
	struct world *w = world_new();
	struct matchers *m = matchers_load(w->a);
	push_typo(w);
	push(w, span_of(w, w->config, "x\n"), SEVERITY_WARNING, "a: b [c] error: d");
	uint32_t odd = source_add(&w->s, STR("a b:1:2: error.yml"), STR("x"));
	push(w, span_of(w, odd, "x"), SEVERITY_NOTE, "noted");
	push(w, (struct span){0}, SEVERITY_ERROR, "no place");
	assert_string_equal(match_all(w->a, m, render(w, "concise")), want);
	assert_string_equal(match_all(w->a, m, render(w, "text")), want);
	w->in.style = (struct report_style){.colour = true, .width = 40};
	expect_holds(render(w, "text"), "\033[");
	assert_string_equal(match_all(w->a, m, render(w, "text")), want);
	matchers_free(m);
	world_free(w);
}

static void
other_lines_are_left_alone(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct matchers *m = matchers_load(w->a);
	assert_string_equal(match_all(w->a, m,
				    "ccx: error: cannot read x [cannot-read]\n"
				    "x.c:1:2: error: expected ';'\n"
				    "x.yml:1: error: y [z]\n"
				    "x.yml:1:2: info: y [z]\n"
				    "   9 |       - biuld: [error]\n"
				    "3 errors, 1 warning\n"
				    "\n"),
		"");
	matchers_free(m);
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_finding_is_matched_once),
		cmocka_unit_test(other_lines_are_left_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
