/* SPDX-License-Identifier: MIT */
/* What an orb's own examples say that it is called. */
#include "ccx/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static void
names(void **state)
{
	static const struct {
		const char *reference, *name;
	} rows[] = {
		{"acme/tools@1.2.3", "acme/tools"},
		{"acme/tools@x.y", "acme/tools"},
		{"acme/tools@dev:<< pipeline.git.revision >>", "acme/tools"},
		{" acme/tools ", "acme/tools"},
		{"<ns>/<orb>@1", "<ns>/<orb>"},
		{"acme/tools:1.2", ""},
		{"https://acme.example/orb.yml", ""},
		{"<< pipeline.parameters.orb >>", ""},
		{"<<p>>/tools@1", ""},
		{"tools", ""},
		{"tools@acme/1", ""},
		{"/tools@1", ""},
		{"acme/@1", ""},
		{"", ""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str name = orb_reference_name(str_of(rows[i].reference));
		if (!str_is(name, rows[i].name))
			fprintf(stderr, "%s: %.*s\n", rows[i].reference, STR_ARG(name));
		assert_true(str_is(name, rows[i].name));
	}
}

/* Examples of an orb that has the command greet, the job check and the executor default. */
static void
selves(void **state)
{
	static const struct {
		const char *examples, *name, *alias;
	} rows[] = {
		{"{a: {usage: {orbs: {t: acme/t@1}, jobs: {b: {steps: [t/greet]}}}}}", "acme/t",
			"t"},
		{"{a: {usage: {orbs: {t: acme/t@1}, jobs: {b: {steps: [t/greet: {to: x}]}}}}}",
			"acme/t", "t"},
		{"{a: {usage: {orbs: {t: acme/t@1}, workflows: {w: {jobs: [t/check]}}}}}", "acme/t",
			"t"},
		{"{a: {usage: {orbs: {t: acme/t@1}, jobs: {b: {executor: t/default}}}}}", "acme/t",
			"t"},
		{"{a: {usage: {orbs: {t: acme/t@1}, jobs: {b: {steps: [t/other]}}}}}", "", ""},
		{"{a: {usage: {orbs: {t: acme/t@1}, jobs: {b: {steps: [u/greet]}}}}}", "", ""},
		{"{a: {usage: {orbs: {n: node/n@1, t: acme/t@1},"
		 " jobs: {b: {steps: [n/install, t/greet]}}}}}",
			"acme/t", "t"},
		/* Both have such a command, and nothing tells which is meant. */
		{"{a: {usage: {orbs: {n: node/n@1, t: acme/t@1},"
		 " jobs: {b: {steps: [n/greet, t/greet]}}}}}",
			"", ""},
		{"{a: {usage: {orbs: {n: node/n@1, t: acme/t@1},"
		 " jobs: {b: {steps: [n/greet, t/greet]}}}},"
		 " c: {usage: {orbs: {tt: acme/t@2}, jobs: {b: {steps: [tt/greet]}}}}}",
			"acme/t", "t"},
		{"{a: {usage: 3}, b: 4, c: {usage: {orbs: [x]}}, d: {usage: {orbs: {t: {}}}}}", "",
			""},
		{"[]", "", ""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *a = arena_new();
		struct sources s;
		struct diag_list d;
		struct module orb = {.path = STR("orb")};
		sources_init(&s, a);
		diag_init(&d, a);
		struct str text = str_printf(a,
			"commands: {greet: {steps: [checkout]}}\njobs: {check: {}}\n"
			"executors: {default: {}}\nexamples: %s\n",
			rows[i].examples);
		uint32_t file = source_add(&s, STR("orb.yml"), text);
		module_decode(a, &orb, node_load(a, &s, file, &d), &d);
		struct orb_self self = orb_self(a, &orb);
		if (!str_is(self.name, rows[i].name))
			fprintf(stderr, "%s: %.*s\n", rows[i].examples, STR_ARG(self.name));
		assert_true(str_is(self.name, rows[i].name));
		assert_true(str_is(self.alias, rows[i].alias));
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(selves),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
