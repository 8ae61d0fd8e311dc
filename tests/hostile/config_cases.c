/* SPDX-License-Identifier: MIT */
/* Hostile commands, steps, expressions and patterns: sound YAML that would keep a compiler busy. */
#include "hostile.h"

static const char version[] = "version: 2.1\n";

/* A job with these steps, and its workflow. */
static void
put_steps(FILE *f, const char *steps)
{
	fprintf(f,
		"jobs: {build: {docker: [{image: a}], steps: %s}}\n"
		"workflows: {w: {jobs: [build]}}\n",
		steps);
}

/* A job that echoes text, on a line of its own. */
static void
put_echo(FILE *f, const char *before, const char *text, size_t times, const char *after)
{
	fprintf(f, "%sjobs:\n  build:\n    docker: [{image: a}]\n    steps:\n    - run: '",
		version);
	fputs(before, f);
	put_times(f, text, times);
	fprintf(f, "%s'\nworkflows: {w: {jobs: [build]}}\n", after);
}

/* ---- commands ---------------------------------------------------------------------------- */

static void
command_cycle(FILE *f)
{
	fprintf(f, "%scommands: {a: {steps: [b]}, b: {steps: [c]}, c: {steps: [a]}}\n", version);
	put_steps(f, "[a]");
}

static void
command_self(FILE *f)
{
	fprintf(f,
		"%scommands: {a: {parameters: {s: {type: steps}}, steps: [a: {s: << parameters.s "
		">>}]}}\n",
		version);
	put_steps(f, "[a: {s: [checkout]}]");
}

/* Calls each other n levels deep, times calls a level. */
static void
command_tree(FILE *f, int levels, int calls, const char *leaf)
{
	fprintf(f, "%scommands:\n  c0: {steps: [%s]}\n", version, leaf);
	for (int i = 1; i <= levels; i++) {
		fprintf(f, "  c%d: {steps: [", i);
		for (int j = 0; j < calls; j++)
			fprintf(f, "%sc%d", j ? ", " : "", i - 1);
		fputs("]}\n", f);
	}
	char top[32];
	snprintf(top, sizeof top, "[c%d]", levels);
	put_steps(f, top);
}

static void
command_fan_out(FILE *f)
{
	command_tree(f, 30, 2, "run: echo");
}

/* Not one step comes of it, but 2^30 calls. */
static void
command_fan_out_empty(FILE *f)
{
	command_tree(f, 30, 2, "when: {condition: false, steps: [checkout]}");
}

static void
command_chain(FILE *f)
{
	command_tree(f, 20000, 1, "checkout");
}

/* 1 MB in one command, called two thousand times: 2 GB to print. */
static void
output_bytes(FILE *f)
{
	fprintf(f, "%scommands:\n  big:\n    steps:\n    - run: \"", version);
	put_times(f, "x", 1000000);
	fputs("\"\njobs:\n  build:\n    docker: [{image: a}]\n    steps:\n", f);
	put_times(f, "    - big\n", 2000);
	fputs("workflows: {w: {jobs: [build]}}\n", f);
}

/* The same text, but put together anew in each call. */
static void
text_fan_out(FILE *f)
{
	fprintf(f,
		"%scommands:\n  big:\n    parameters: {p: {type: string}}\n"
		"    steps: [run: echo << parameters.p >>]\n"
		"text: &text \"",
		version);
	put_times(f, "x", 1000000);
	fputs("\"\njobs:\n  build:\n    docker: [{image: a}]\n    steps:\n", f);
	put_times(f, "    - big: {p: *text}\n", 2000);
	fputs("workflows: {w: {jobs: [build]}}\n", f);
}

static void
text_doubling(FILE *f)
{
	fprintf(f,
		"%scommands:\n  c0: {parameters: {p: {type: string}}, steps: [run: << parameters.p "
		">>]}\n",
		version);
	for (int i = 1; i < 40; i++)
		fprintf(f,
			"  c%d: {parameters: {p: {type: string}}, steps: [c%d: {p: << parameters.p "
			">><< parameters.p >>}]}\n",
			i, i - 1);
	put_steps(f, "[c39: {p: xx}]");
}

static void
steps_doubling(FILE *f)
{
	fprintf(f,
		"%scommands: {twice: {parameters: {s: {type: steps}}, steps: [when: {condition: "
		"true, steps: << parameters.s >>}, when: {condition: true, steps: << parameters.s "
		">>}]}}\n",
		version);
	fputs("s0: &s0 [run: echo]\n", f);
	for (int i = 1; i < 40; i++)
		fprintf(f, "s%d: &s%d [twice: {s: *s%d}]\n", i, i, i - 1);
	put_steps(f, "*s39");
}

static void
parameters_many(FILE *f)
{
	fprintf(f, "%scommands:\n  c:\n    parameters:\n", version);
	for (int i = 0; i < 50000; i++)
		fprintf(f, "      p%d: {type: string, default: x}\n", i);
	fputs("    steps: [run: << parameters.p1 >>]\n", f);
	put_steps(f, "[c, c, c, c]");
}

/* ---- steps ------------------------------------------------------------------------------- */

static void
steps_million(FILE *f)
{
	fprintf(f, "%sjobs:\n build:\n  docker: [{image: a}]\n  steps:\n", version);
	put_times(f, "  - checkout\n", 1000000);
	fputs("workflows: {w: {jobs: [build]}}\n", f);
}

static void
when_deep(FILE *f)
{
	fprintf(f, "%sjobs:\n  build:\n    docker: [{image: a}]\n    steps: ", version);
	put_times(f, "[when: {condition: true, steps: ", 5000);
	fputs("[checkout]", f);
	put_times(f, "}]", 5000);
	fputs("\nworkflows: {w: {jobs: [build]}}\n", f);
}

static void
logic_deep(FILE *f)
{
	fprintf(f, "%sjobs: {build: {docker: [{image: a}], steps: [checkout]}}\n", version);
	fputs("workflows: {w: {jobs: [build], when: ", f);
	put_times(f, "{not: ", 200);
	fputs("true", f);
	put_times(f, "}", 200);
	fputs("}}\n", f);
}

/* ---- expressions ------------------------------------------------------------------------- */

/* 2,049 code points between << and >>. */
static void
expression_long(FILE *f)
{
	put_echo(f, "<<pipeline.number", " ", 2049 - 15, ">>");
}

static void
expression_parentheses(FILE *f)
{
	fprintf(f, "%sjobs:\n  build:\n    docker: [{image: a}]\n    steps:\n    - run: << ",
		version);
	put_times(f, "(", 1000);
	fputs("1", f);
	put_times(f, ")", 1000);
	fputs(" >>\nworkflows: {w: {jobs: [build]}}\n", f);
}

static void
expression_not(FILE *f)
{
	put_echo(f, "<< ", "not ", 500, "true >>");
}

static void
expressions_many(FILE *f)
{
	put_echo(f, "", "<<pipeline.number>>", 500000, "");
}

static void
expressions_unclosed(FILE *f)
{
	put_echo(f, "", "<< ", 3000000, "");
}

static void
expressions_escaped(FILE *f)
{
	put_echo(f, "", "\\<<", 3000000, "");
}

static void
sections_deep(FILE *f)
{
	put_echo(f, "", "<<# pipeline.number >>", 10000, "");
}

static void
sections_deep_closed(FILE *f)
{
	fprintf(f, "%sjobs:\n  build:\n    docker: [{image: a}]\n    steps:\n    - run: '",
		version);
	put_times(f, "<<# pipeline.number >>", 10000);
	put_times(f, "<</ pipeline.number >>", 10000);
	fputs("'\nworkflows: {w: {jobs: [build]}}\n", f);
}

/* ---- patterns ---------------------------------------------------------------------------- */

static void
pattern(FILE *f, const char *text, const char *value)
{
	fprintf(f,
		"%sjobs: {build: {docker: [{image: a}], steps: [checkout]}}\n"
		"workflows: {w: {when: {matches: {pattern: '%s', value: '%s'}}, jobs: [build]}, "
		"v: {jobs: [build]}}\n",
		version, text, value);
}

static void
pattern_backtracking(FILE *f)
{
	pattern(f, "^(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
}

static void
pattern_nested_counts(FILE *f)
{
	pattern(f, "((((((a{1,99}){1,99}){1,99}){1,99}){1,99}){1,99})", "aaaaaaaaaaaaaaaab");
}

static void
pattern_recursion(FILE *f)
{
	pattern(f, "(a|(?R)(?R))*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
}

static void
pattern_in_filters(FILE *f)
{
	fprintf(f,
		"%sjobs: {build: {docker: [{image: a}], steps: [checkout]}}\n"
		"workflows: {w: {jobs: [build: {filters: {branches: {only: /(x+x+)+y/}}}]}}\n",
		version);
}

static void
pattern_huge(FILE *f)
{
	fprintf(f,
		"%sjobs: {build: {docker: [{image: a}], steps: [checkout]}}\n"
		"workflows: {w: {jobs: [build: {filters: {branches: {only: /",
		version);
	put_times(f, "(a|b)*", 500000);
	fputs("/}}}]}}\n", f);
}

static void
pattern_on_long_text(FILE *f)
{
	fprintf(f,
		"%sjobs: {build: {docker: [{image: a}], steps: [checkout]}}\n"
		"workflows: {v: {jobs: [build]}, w: {jobs: [build], when: {matches: {pattern: "
		"'(.*)*x(.*)*', value: ",
		version);
	put_times(f, "a", 4000000);
	fputs("}}}}\n", f);
}

const struct hostile config_cases[] = {
	{"command-cycle", command_cycle, REFUSED, "command-cycle", NULL, NULL},
	{"command-self", command_self, REFUSED, "command-cycle", NULL, NULL},
	{"command-fan-out", command_fan_out, REFUSED, "too-large", NULL, NULL},
	{"command-fan-out-empty", command_fan_out_empty, EITHER, "too-large", NULL, NULL},
	{"command-chain", command_chain, REFUSED, "command-cycle|too-large", NULL, NULL},
	{"output-bytes", output_bytes, REFUSED, "too-large", NULL, NULL},
	{"text-fan-out", text_fan_out, REFUSED, "too-large|expression-limit", NULL, NULL},
	{"text-doubling", text_doubling, REFUSED, "too-large|expression-limit", NULL, NULL},
	{"steps-doubling", steps_doubling, REFUSED, "too-large", NULL, NULL},
	{"parameters-many", parameters_many, HARMLESS, NULL, NULL, NULL},
	{"steps-million", steps_million, EITHER, "too-large", NULL, NULL},
	{"when-deep", when_deep, REFUSED, "yaml-depth", NULL, NULL},
	{"logic-deep", logic_deep, EITHER, "expression-limit|invalid-logic", NULL, NULL},
	{"expression-long", expression_long, REFUSED, "expression-limit", NULL, NULL},
	{"expression-parentheses", expression_parentheses, REFUSED, "expression-limit", NULL, NULL},
	{"expression-not", expression_not, REFUSED, "expression-limit", NULL, NULL},
	{"expressions-many", expressions_many, EITHER, "expression-limit|too-large", NULL, NULL},
	{"expressions-unclosed", expressions_unclosed, REFUSED, NULL, NULL, NULL},
	{"expressions-escaped", expressions_escaped, EITHER, "expression-limit|too-large", NULL,
		NULL},
	{"sections-deep", sections_deep, REFUSED, "expression-limit|template-syntax", NULL, NULL},
	{"sections-deep-closed", sections_deep_closed, REFUSED, "expression-limit|template-syntax",
		NULL, NULL},
	{"pattern-backtracking", pattern_backtracking, EITHER, "invalid-pattern", NULL, NULL},
	{"pattern-nested-counts", pattern_nested_counts, EITHER, "invalid-pattern", NULL, NULL},
	{"pattern-recursion", pattern_recursion, EITHER, "invalid-pattern", NULL, NULL},
	{"pattern-in-filters", pattern_in_filters, EITHER, "invalid-pattern|no-jobs", NULL, NULL},
	{"pattern-huge", pattern_huge, EITHER, "invalid-pattern", NULL, NULL},
	{"pattern-on-long-text", pattern_on_long_text, EITHER, "invalid-pattern", NULL, NULL},
	{0},
};
