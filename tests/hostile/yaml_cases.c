/* SPDX-License-Identifier: MIT */
/* Hostile text: what a YAML reader has to survive. */
#include "hostile.h"

#include <stdint.h>
#include <unistd.h>

static const char version[] = "version: 2.1\n";

/* ---- aliases ----------------------------------------------------------------------------- */

/* Nine levels of ten aliases, anchors a0 … a9: a thousand million leaves. */
static void
laughs(FILE *f, const char *name, const char *leaf)
{
	fprintf(f, "%s0: &%s0 %s\n", name, name, leaf);
	for (int i = 1; i < 10; i++) {
		fprintf(f, "%s%d: &%s%d [", name, i, name, i);
		for (int j = 0; j < 10; j++)
			fprintf(f, "%s*%s%d", j ? ", " : "", name, i - 1);
		fputs("]\n", f);
	}
}

static void
laughs_unused(FILE *f)
{
	fputs(version, f);
	laughs(f, "a", "[lol, lol]");
	put_job(f);
}

/* As steps they are valid at every level. */
static void
laughs_steps(FILE *f)
{
	fprintf(f, "%ss0: &s0 [checkout, checkout]\n", version);
	for (int i = 1; i < 10; i++) {
		fprintf(f, "s%d: &s%d\n", i, i);
		for (int j = 0; j < 10; j++)
			fprintf(f, "- when: {condition: true, steps: *s%d}\n", i - 1);
	}
	fputs("jobs: {build: {docker: [{image: a}], steps: *s9}}\n", f);
	fputs("workflows: {w: {jobs: [build]}}\n", f);
}

/* What is templated cannot be shared. */
static void
laughs_templated(FILE *f)
{
	fprintf(f, "%ss0: &s0 [{run: echo << pipeline.number >>}]\n", version);
	for (int i = 1; i < 30; i++) {
		fprintf(f, "s%d: &s%d\n", i, i);
		for (int j = 0; j < 2; j++)
			fprintf(f, "- when: {condition: true, steps: *s%d}\n", i - 1);
	}
	fputs("jobs: {build: {docker: [{image: a}], steps: *s29}}\n", f);
	fputs("workflows: {w: {jobs: [build]}}\n", f);
}

static void
laughs_environment(FILE *f)
{
	fputs(version, f);
	laughs(f, "a", "[lol]");
	fputs("jobs: {build: {docker: [{image: a}], environment: {X: *a9}, steps: [checkout]}}\n",
		f);
	fputs("workflows: {w: {jobs: [build]}}\n", f);
}

/* The message about the argument must not write it out. */
static void
laughs_argument(FILE *f)
{
	fputs(version, f);
	laughs(f, "a", "[lol]");
	fputs("commands: {c: {parameters: {p: {type: string}}, steps: [run: << parameters.p >>]}}\n"
	      "jobs: {build: {docker: [{image: a}], steps: [c: {p: *a9}]}}\n"
	      "workflows: {w: {jobs: [build]}}\n",
		f);
}

/* Two equal graphs that share nothing: comparing them leaf by leaf would take for ever. */
static void
laughs_equal(FILE *f)
{
	fputs(version, f);
	laughs(f, "a", "[lol]");
	laughs(f, "b", "[lol]");
	fputs("jobs: {build: {docker: [{image: a}], steps: [checkout]}}\n"
	      "workflows: {w: {when: {equal: [*a9, *b9]}, jobs: [build]}, v: {jobs: [build]}}\n",
		f);
}

static void
laughs_logic(FILE *f)
{
	fprintf(f, "%sl0: &l0 true\n", version);
	for (int i = 1; i < 60; i++)
		fprintf(f, "l%d: &l%d {and: [*l%d, *l%d]}\n", i, i, i - 1, i - 1);
	fputs("jobs: {build: {docker: [{image: a}], steps: [checkout]}}\n"
	      "workflows: {w: {when: *l59, jobs: [build]}}\n",
		f);
}

static void
laughs_matrix(FILE *f)
{
	fputs(version, f);
	laughs(f, "a", "[lol]");
	fputs("jobs: {build: {parameters: {p: {type: string}}, docker: [{image: a}], steps: "
	      "[checkout]}}\n"
	      "workflows: {w: {jobs: [build: {matrix: {parameters: {p: *a9}, exclude: [p: "
	      "*a9]}}]}}\n",
		f);
}

static void
alias_of_itself(FILE *f)
{
	fprintf(f, "%sa: &a [*a]\n", version);
	put_job(f);
}

static void
aliases_many(FILE *f)
{
	fprintf(f, "%sa:\n", version);
	for (int i = 0; i < 100000; i++)
		fprintf(f, "- &a%d x\n- *a%d\n", i, i / 2);
	put_job(f);
}

/* ---- merges ------------------------------------------------------------------------------ */

static void
keys(FILE *f, const char *indent, int n)
{
	for (int i = 0; i < n; i++)
		fprintf(f, "%skey%d: x\n", indent, i);
}

static void
merge_wide(FILE *f)
{
	fprintf(f, "%sbase: &base\n", version);
	keys(f, "  ", 5000);
	for (int i = 0; i < 20000; i++)
		fprintf(f, "m%d: {<<: *base, a: b}\n", i);
	put_job(f);
}

static void
merge_chain(FILE *f)
{
	fprintf(f, "%sm0: &m0 {k0: x}\n", version);
	for (int i = 1; i < 20000; i++)
		fprintf(f, "m%d: &m%d {<<: *m%d, k%d: x}\n", i, i, i - 1, i);
	put_job(f);
}

static void
merge_list(FILE *f)
{
	fprintf(f, "%sbase: &base\n", version);
	keys(f, "  ", 5000);
	fputs("m: {<<: [*base", f);
	put_times(f, ", *base", 100000);
	fputs("]}\n", f);
	put_job(f);
}

/* ---- depth ------------------------------------------------------------------------------- */

static void
nest(FILE *f, const char *open, size_t times)
{
	fprintf(f, "%sdeep: ", version);
	put_times(f, open, times);
	fputs("\n", f);
}

static void
deep_flow(FILE *f)
{
	nest(f, "[", 10000);
}

static void
deep_flow_closed(FILE *f)
{
	fprintf(f, "%sdeep: ", version);
	put_times(f, "[", 10000);
	put_times(f, "]", 10000);
	fputs("\n", f);
	put_job(f);
}

static void
deep_flow_map(FILE *f)
{
	nest(f, "{a: ", 10000);
}

static void
deep_flow_million(FILE *f)
{
	nest(f, "[", 10000000);
}

static void
deep_list(FILE *f)
{
	fprintf(f, "%sdeep:\n", version);
	put_times(f, "- ", 10000);
	fputs("x\n", f);
	put_job(f);
}

static void
deep_key(FILE *f)
{
	fprintf(f, "%sdeep:\n  ", version);
	put_times(f, "? ", 10000);
	fputs("x\n", f);
	put_job(f);
}

static void
deep_block(FILE *f)
{
	fputs(version, f);
	for (size_t i = 0; i < 5000; i++) {
		put_times(f, " ", i);
		fputs("a:\n", f);
	}
}

/* The 10,000 levels that were asked for, one space each: 50 MB. */
static void
deep_block_large(FILE *f)
{
	fputs(version, f);
	for (size_t i = 0; i < 10000; i++) {
		put_times(f, " ", i);
		fputs("a:\n", f);
	}
}

/* ---- size -------------------------------------------------------------------------------- */

/* 100 MB, most of it a hole in the file. */
static void
huge_file(FILE *f)
{
	fputs(version, f);
	put_job(f);
	fflush(f);
	if (ftruncate(fileno(f), 100 << 20) != 0)
		perror("hostile: ftruncate");
}

static void
long_line(FILE *f)
{
	fprintf(f, "%sjobs: {build: [", version);
	put_times(f, "wrong, ", 1000000);
	fputs("wrong]}\n", f);
}

static void
long_scalar(FILE *f)
{
	fprintf(f, "%sjobs: ", version);
	put_times(f, "x", 10000000);
	fputs("\n", f);
}

static void
long_comment(FILE *f)
{
	fputs(version, f);
	put_times(f, "# <<\n", 2000000);
	put_job(f);
}

static void
long_quotes(FILE *f)
{
	fprintf(f, "%sa: \"", version);
	put_times(f, "\\\"\\u00e9 ", 1000000);
	fputs("\"\n", f);
	put_job(f);
}

static void
many_keys(FILE *f)
{
	fputs(version, f);
	keys(f, "", 500000);
	put_job(f);
}

static void
same_keys(FILE *f)
{
	fputs(version, f);
	put_times(f, "same: x\n", 200000);
	put_job(f);
}

static void
documents(FILE *f)
{
	put_times(f, "--- {version: 2.1}\n", 100000);
}

static void
tag_directives(FILE *f)
{
	for (int i = 0; i < 200000; i++)
		fprintf(f, "%%TAG !a%d! tag:x\n", i);
	fprintf(f, "---\n%s", version);
	put_job(f);
}

/* ---- colliding keys ---------------------------------------------------------------------- */

enum { STAGES = 14, BLOCK = 6, CANDIDATES = 6000 };

/* FNV-1a; its low bits depend on nothing but the low bits before. */
static uint32_t
fnv_low_bits(uint32_t state, const char *block)
{
	for (int i = 0; i < BLOCK; i++)
		state = ((state ^ (unsigned char)block[i]) * 0x1b3u) & 0xfffff;
	return state;
}

static void
candidate(unsigned i, char *block)
{
	uint32_t x = i;
	for (int c = 0; c < BLOCK; c++) {
		x = x * 1664525 + 1013904223;
		block[c] = (char)('a' + (x >> 24) % 26);
	}
}

/* Two blocks that lead from state to the same next one, which is returned. */
static uint32_t
collide(uint32_t state, char pair[2][BLOCK])
{
	static uint32_t seen[CANDIDATES];
	for (unsigned i = 0; i < CANDIDATES; i++) {
		candidate(i, pair[0]);
		seen[i] = fnv_low_bits(state, pair[0]);
		for (unsigned j = 0; j < i; j++) {
			if (seen[j] != seen[i])
				continue;
			candidate(j, pair[1]);
			return seen[i];
		}
	}
	return state; /* not with 6,000 candidates for 2^20 states */
}

/* Each key takes one block of each pair: 2^14 keys that all want one slot of a table that is
 * indexed by the low bits of a known hash. */
static void
colliding_keys(FILE *f)
{
	static char pairs[STAGES][2][BLOCK];
	uint32_t state = 0xcbf29ce484222325u & 0xfffff;
	for (int i = 0; i < STAGES; i++)
		state = collide(state, pairs[i]);
	fprintf(f, "%scommands:\n", version);
	for (unsigned key = 0; key < 1u << STAGES; key++) {
		fputs("  ", f);
		for (int i = 0; i < STAGES; i++)
			fwrite(pairs[i][key >> i & 1], 1, BLOCK, f);
		fputs(": {steps: [checkout]}\n", f);
	}
	put_job(f);
}

/* ---- numbers ----------------------------------------------------------------------------- */

/* As a job's parallelism, so that somebody wants to know its value. */
static void
number(FILE *f, const char *start, const char *digits, size_t times)
{
	fprintf(f, "%sjobs:\n  build:\n    docker: [{image: a}]\n    parallelism: %s", version,
		start);
	put_times(f, digits, times);
	fputs("\n    steps: [checkout]\nworkflows: {w: {jobs: [build]}}\n", f);
}

static void
number_decimal(FILE *f)
{
	number(f, "1", "0123456789", 400000);
}

static void
number_hex(FILE *f)
{
	number(f, "0x1", "f", 4000000);
}

static void
number_octal(FILE *f)
{
	number(f, "0", "7", 4000000);
}

static void
number_base60(FILE *f)
{
	number(f, "1", ":59", 1300000);
}

static void
number_float(FILE *f)
{
	number(f, "1.", "0123456789", 400000);
}

static void
number_exponent(FILE *f)
{
	number(f, "1.0e+", "9", 400000);
}

/* ---- bytes ------------------------------------------------------------------------------- */

static void
empty_file(FILE *f)
{
	(void)f;
}

static void
only_bom(FILE *f)
{
	fputs("\xef\xbb\xbf", f);
}

static void
nul_bytes(FILE *f)
{
	fputs(version, f);
	for (int i = 0; i < 100000; i++)
		putc(0, f);
	put_job(f);
}

static void
bad_utf8(FILE *f)
{
	fputs(version, f);
	put_times(f, "\xff\xfe\xed\xa0\x80\xc0\x80", 10000);
	put_job(f);
}

static void
noise(FILE *f)
{
	uint32_t x = 1;
	for (int i = 0; i < 1000000; i++) {
		x = x * 1664525 + 1013904223;
		putc((int)(x >> 24), f);
	}
}

static void
utf16(FILE *f)
{
	putc(0xff, f);
	putc(0xfe, f);
	for (const char *p = "version: 2.1\njobs: {}\n"; *p; p++) {
		putc(*p, f);
		putc(0, f);
	}
}

const struct hostile yaml_cases[] = {
	{"laughs-unused", laughs_unused, EITHER, "too-large", NULL, NULL},
	{"laughs-steps", laughs_steps, REFUSED, "too-large", NULL, NULL},
	{"laughs-templated", laughs_templated, REFUSED, "too-large", NULL, NULL},
	{"laughs-environment", laughs_environment, REFUSED, "too-large|wrong-type", NULL, NULL},
	{"laughs-argument", laughs_argument, REFUSED, "too-large|argument-type", NULL, NULL},
	{"laughs-equal", laughs_equal, EITHER, "expression-limit", NULL, NULL},
	{"laughs-logic", laughs_logic, EITHER, "too-large|expression-limit", NULL, NULL},
	{"laughs-matrix", laughs_matrix, REFUSED, NULL, NULL, NULL},
	{"alias-of-itself", alias_of_itself, REFUSED, "yaml-alias", NULL, NULL},
	{"aliases-many", aliases_many, HARMLESS, NULL, NULL, NULL},
	{"merge-wide", merge_wide, EITHER, "too-large", NULL, NULL},
	{"merge-chain", merge_chain, EITHER, "too-large", NULL, NULL},
	{"merge-list", merge_list, EITHER, "too-large", NULL, NULL},
	{"deep-flow", deep_flow, REFUSED, "yaml-depth|yaml-syntax", NULL, NULL},
	{"deep-flow-closed", deep_flow_closed, REFUSED, "yaml-depth", NULL, NULL},
	{"deep-flow-map", deep_flow_map, REFUSED, "yaml-depth|yaml-syntax", NULL, NULL},
	{"deep-flow-million", deep_flow_million, REFUSED, "yaml-depth|yaml-syntax", NULL, NULL},
	{"deep-list", deep_list, REFUSED, "yaml-depth", NULL, NULL},
	{"deep-key", deep_key, REFUSED, "yaml-depth|yaml-syntax", NULL, NULL},
	{"deep-block", deep_block, REFUSED, "yaml-depth", NULL, NULL},
	{"deep-block-large", deep_block_large, REFUSED, "too-large", NULL, NULL},
	{"huge-file", huge_file, REFUSED, "too-large", NULL, NULL},
	{"huge-stdin", huge_file, REFUSED, "too-large", NULL, "-"},
	{"long-line", long_line, REFUSED, NULL, NULL, NULL},
	{"long-scalar", long_scalar, REFUSED, NULL, NULL, NULL},
	{"long-comment", long_comment, HARMLESS, NULL, NULL, NULL},
	{"long-quotes", long_quotes, HARMLESS, NULL, NULL, NULL},
	{"many-keys", many_keys, HARMLESS, NULL, NULL, NULL},
	{"same-keys", same_keys, REFUSED, "yaml-duplicate-key", NULL, NULL},
	{"documents", documents, REFUSED, "yaml-documents", NULL, NULL},
	{"tag-directives", tag_directives, EITHER, NULL, NULL, NULL},
	{"colliding-keys", colliding_keys, HARMLESS, NULL, NULL, NULL},
	{"number-decimal", number_decimal, EITHER, NULL, NULL, NULL},
	{"number-hex", number_hex, EITHER, NULL, NULL, NULL},
	{"number-octal", number_octal, EITHER, NULL, NULL, NULL},
	{"number-base60", number_base60, EITHER, NULL, NULL, NULL},
	{"number-float", number_float, EITHER, NULL, NULL, NULL},
	{"number-exponent", number_exponent, EITHER, NULL, NULL, NULL},
	{"empty-file", empty_file, REFUSED, NULL, NULL, NULL},
	{"only-bom", only_bom, REFUSED, NULL, NULL, NULL},
	{"nul-bytes", nul_bytes, REFUSED, "yaml-encoding|yaml-syntax", NULL, NULL},
	{"bad-utf8", bad_utf8, REFUSED, "yaml-encoding", NULL, NULL},
	{"noise", noise, REFUSED, "yaml-encoding|yaml-syntax", NULL, NULL},
	{"utf16", utf16, REFUSED, NULL, NULL, NULL},
	{0},
};
