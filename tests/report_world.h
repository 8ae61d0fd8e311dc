/* SPDX-License-Identifier: MIT */
/* A small world of sources and findings for the tests of report formats. */
#ifndef CCX_TESTS_REPORT_WORLD_H
#define CCX_TESTS_REPORT_WORLD_H

#include "ccx/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

struct world {
	struct arena *a;
	struct sources s;
	struct diag_list d;
	struct report_input in;
	uint32_t config; /* file of config_text */
};

/* Line 10 holds characters of two and of four bytes. */
static const char config_text[] = "version: 2.1\n"
				  "jobs:\n"
				  "  build:\n"
				  "    docker: [{image: a}]\n"
				  "    steps: [checkout]\n"
				  "workflows:\n"
				  "  main:\n"
				  "    jobs:\n"
				  "      - biuld:\n"
				  "          name: \xc3\xa9\xf0\x9f\x98\x80 x\n"
				  "      - build\n";

static const struct str config_paths[] = {
	{"./.circleci/config.yml", 22}, {"clean & sound.yml", 17}};

static inline struct world *
world_new(void)
{
	struct arena *a = arena_new();
	struct world *w = NEW(a, struct world);
	w->a = a;
	sources_init(&w->s, a);
	diag_init(&w->d, a);
	w->config = source_add(&w->s, config_paths[0], str_of(config_text));
	w->in = (struct report_input){.sources = &w->s,
		.findings = &w->d,
		.version = "9.8.7",
		.paths = config_paths,
		.npaths = 2};
	return w;
}

static inline void
world_free(struct world *w)
{
	arena_free(w->a);
}

/* From the start of first to the end of last, the first one behind it. */
static inline struct span
span_from(const struct world *w, uint32_t file, const char *first, const char *last)
{
	struct str text = source_of(&w->s, file)->text;
	size_t from = str_find(text, str_of(first), 0);
	size_t to = str_find(text, str_of(last), from);
	assert_true(from != SIZE_MAX && to != SIZE_MAX);
	return (struct span){file, (uint32_t)from, (uint32_t)(to + strlen(last) - from)};
}

static inline struct span
span_of(const struct world *w, uint32_t file, const char *text)
{
	return span_from(w, file, text, text);
}

/* The finding of the examples: undefined-job at 9:9, with everything a finding may have. */
static inline struct diag *
push_typo(struct world *w)
{
	struct diag *g = diag_push(&w->d, RULE_UNDEFINED_JOB, span_of(w, w->config, "biuld"),
		"job \"biuld\" is not defined");
	diag_label(&w->d, g, "did you mean \"build\"?");
	diag_help(&w->d, g, "jobs defined: build");
	diag_note(&w->d, g, span_of(w, w->config, "build"), "defined here");
	return g;
}

static inline void
push(struct world *w, struct span span, enum severity severity, const char *message)
{
	diag_push(&w->d, RULE_INVALID_VALUE, span, "%s", message)->severity = severity;
}

/* An orb's command that is called in the config; the fault is in the orb. */
static inline struct diag *
push_orb_fault(struct world *w, const char *path)
{
	uint32_t orb = source_add(&w->s, str_of(path), STR("commands:\n  go:\n    stpes: []\n"));
	struct origin *call = NEW(w->a, struct origin), *workflow = NEW(w->a, struct origin);
	*workflow = (struct origin){NULL, ORIGIN_WORKFLOW, STR("main"),
		span_of(w, w->config, "main"), span_of(w, w->config, "main")};
	*call = (struct origin){workflow, ORIGIN_COMMAND, STR("node/go"),
		span_of(w, w->config, "checkout"), span_of(w, orb, "go")};
	struct diag *g = diag_push(
		&w->d, RULE_UNKNOWN_KEY, span_of(w, orb, "stpes"), "unknown key \"stpes\"");
	g->origin = call;
	return g;
}

/* What a format makes of the world, NUL-terminated; a report without NUL bytes. */
static inline const char *
render(struct world *w, const char *format)
{
	struct sb out = {.a = w->a};
	const struct report_format *f = report_format_find(str_of(format));
	assert_non_null(f);
	f->render(&out, &w->in);
	size_t len = out.len;
	sb_char(&out, 0);
	assert_int_equal(strlen(out.s), len);
	assert_int_equal(utf8_invalid((struct str){out.s, len}), SIZE_MAX);
	return out.s;
}

static inline void
expect_text(struct world *w, const char *format, const char *want)
{
	const char *got = render(w, format);
	if (strcmp(got, want) != 0)
		fprintf(stderr, "--- want\n%s--- got\n%s---\n", want, got);
	assert_string_equal(got, want);
}

static inline void
expect_holds(const char *text, const char *part)
{
	if (!strstr(text, part))
		fprintf(stderr, "--- want\n%s\n--- in\n%s---\n", part, text);
	assert_non_null(strstr(text, part));
}

#endif
