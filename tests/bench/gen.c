/* SPDX-License-Identifier: MIT */
/*
 * Configs for the benchmarks: `gen BYTES` prints the longest one of at most so many bytes,
 * `gen jobs` one that compiles to 10,000 jobs. The same in every run.
 *
 * What is in them has the proportions of configs in the wild: most bytes are jobs with run steps,
 * most jobs call a command or two and share an executor, workflows are lists of a dozen.
 */
#include "ccx/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JOBS_A_COMMAND = 8, JOBS_A_WORKFLOW = 12 };

static const char *const areas[] = {
	"api", "web", "worker", "billing", "search", "mobile", "docs", "infra", "auth", "reports"};
static const char *const tasks[] = {
	"test", "lint", "build", "package", "scan", "deploy", "smoke", "bench"};
static const char *const images[] = {"cimg/node:20.11", "cimg/go:1.22", "cimg/python:3.12",
	"cimg/ruby:3.3-browsers", "cimg/openjdk:21.0"};

static const char *
area(unsigned i)
{
	return areas[i % 10];
}

static void
job_name(struct sb *b, unsigned i)
{
	sb_printf(b, "%s-%s-%u", area(i), tasks[i / 10 % 8], i);
}

static void
parameters(struct sb *b)
{
	sb_puts(b, "version: 2.1\n"
		   "\n"
		   "parameters:\n"
		   "  run-ci:\n"
		   "    type: boolean\n"
		   "    default: true\n"
		   "  cache-version:\n"
		   "    type: string\n"
		   "    default: v3\n");
}

static void
executors(struct sb *b, unsigned n)
{
	sb_puts(b, "\nexecutors:\n");
	for (unsigned i = 0; i < n; i++)
		sb_printf(b,
			"  %s-image:\n"
			"    parameters:\n"
			"      size:\n"
			"        type: enum\n"
			"        enum: [small, medium, large]\n"
			"        default: medium\n"
			"    docker:\n"
			"      - image: %s\n"
			"        environment:\n"
			"          SERVICE: %s\n"
			"    resource_class: << parameters.size >>\n"
			"    working_directory: ~/repo/%s\n",
			area(i), images[i % 5], area(i), area(i));
}

static void
command(struct sb *b, unsigned i)
{
	sb_printf(b,
		"  prepare-%u:\n"
		"    description: Restore what earlier builds of %s left, and install the rest\n"
		"    parameters:\n"
		"      directory:\n"
		"        type: string\n"
		"        default: .\n"
		"      save:\n"
		"        type: boolean\n"
		"        default: true\n"
		"    steps:\n"
		"      - restore_cache:\n"
		"          keys:\n"
		"            - << pipeline.parameters.cache-version >>-%s-{{ arch }}-{{ checksum "
		"\"<< parameters.directory >>/package-lock.json\" }}\n"
		"            - << pipeline.parameters.cache-version >>-%s-{{ arch }}-\n"
		"      - run:\n"
		"          name: Install dependencies\n"
		"          command: npm ci --prefer-offline\n"
		"          working_directory: << parameters.directory >>\n"
		"      - when:\n"
		"          condition: << parameters.save >>\n"
		"          steps:\n"
		"            - save_cache:\n"
		"                key: << pipeline.parameters.cache-version >>-%s-{{ arch }}-{{ "
		"checksum \"<< parameters.directory >>/package-lock.json\" }}\n"
		"                paths:\n"
		"                  - ~/.npm\n",
		i, area(i), area(i), area(i), area(i));
}

static void
job_steps(struct sb *b, unsigned i)
{
	sb_printf(b,
		"      - run:\n"
		"          name: Run the %s of %s\n"
		"          command: |\n"
		"            set -euo pipefail\n"
		"            mkdir -p test-results\n"
		"            # Split by timings so that no container is left waiting.\n"
		"            FILES=$(circleci tests glob \"%s/**/*.test.ts\" | circleci tests "
		"split "
		"--split-by=timings)\n"
		"            if [ -z \"$FILES\" ]; then\n"
		"              echo 'nothing to do: \"%s\"'\n"
		"              exit 0\n"
		"            fi\n"
		"            yarn jest --ci --maxWorkers=%u $FILES\n"
		"          no_output_timeout: %um\n"
		"      - store_test_results:\n"
		"          path: test-results\n",
		tasks[i % 8], area(i), area(i), area(i), 2 + i % 4, 10 + i % 20);
	if (i % 3 == 0)
		sb_puts(b, "      - store_artifacts:\n"
			   "          path: coverage\n"
			   "          destination: coverage\n");
	if (i % 4 == 0)
		sb_puts(b, "      - persist_to_workspace:\n"
			   "          root: .\n"
			   "          paths: [dist, package.json]\n");
}

static void
job(struct sb *b, unsigned i, unsigned nexecutors, unsigned ncommands)
{
	sb_puts(b, "  ");
	job_name(b, i);
	if (nexecutors)
		sb_printf(b, ":\n    executor:\n      name: %s-image\n      size: %s\n",
			area(i % nexecutors), i % 5 ? "medium" : "large");
	else
		sb_printf(b, ":\n    docker:\n      - image: %s\n", images[i % 5]);
	if (i % 4 == 1)
		sb_printf(b, "    parallelism: %u\n", 2 + i % 6);
	if (i % 5 == 2)
		sb_printf(
			b, "    environment:\n      NODE_ENV: test\n      SHARD: \"%u\"\n", i % 7);
	sb_puts(b, "    steps:\n      - checkout\n");
	if (ncommands)
		sb_printf(b,
			"      - prepare-%u:\n"
			"          directory: services/%s\n",
			i % ncommands, area(i));
	job_steps(b, i);
}

/* Jobs from `from` up to `to`: the first alone, the others behind it or behind their neighbour. */
static void
workflow(struct sb *b, unsigned from, unsigned to)
{
	sb_printf(b, "  %s-%u:\n    when: << pipeline.parameters.run-ci >>\n    jobs:\n",
		area(from / 12), from / JOBS_A_WORKFLOW);
	for (unsigned i = from; i < to; i++) {
		sb_puts(b, "      - ");
		job_name(b, i);
		if (i == from) {
			sb_char(b, '\n');
			continue;
		}
		sb_puts(b, ":\n          requires:\n            - ");
		job_name(b, i % 3 ? i - 1 : from);
		sb_char(b, '\n');
		if (i % 4 == 0)
			sb_puts(b, "          context: [build-secrets, deploy]\n");
		if (i % 6 == 0)
			sb_puts(b, "          filters:\n"
				   "            branches:\n"
				   "              only: [main, /release\\/.*/]\n");
	}
}

static void
config(struct sb *b, unsigned jobs)
{
	unsigned nexecutors = jobs > 40 ? 10 : jobs / 4, ncommands = jobs / JOBS_A_COMMAND;
	parameters(b);
	if (nexecutors)
		executors(b, nexecutors);
	if (ncommands)
		sb_puts(b, "\ncommands:\n");
	for (unsigned i = 0; i < ncommands; i++)
		command(b, i);
	sb_puts(b, "\njobs:\n");
	for (unsigned i = 0; i < jobs; i++)
		job(b, i, nexecutors, ncommands);
	sb_puts(b, "\nworkflows:\n");
	for (unsigned i = 0; i < jobs; i += JOBS_A_WORKFLOW)
		workflow(b, i, i + JOBS_A_WORKFLOW < jobs ? i + JOBS_A_WORKFLOW : jobs);
}

/* The most jobs whose config has at most size bytes; at least one. */
static void
config_of_size(struct sb *b, size_t size)
{
	unsigned low = 1, high = (unsigned)(size / 300) + 2;
	while (high - low > 1) {
		unsigned middle = low + (high - low) / 2;
		b->len = 0;
		config(b, middle);
		if (b->len <= size)
			low = middle;
		else
			high = middle;
	}
	b->len = 0;
	config(b, low);
}

/* ---- ten thousand jobs ------------------------------------------------------------------- */

enum { TEMPLATES = 40, WORKFLOWS = 50, PLAIN = 100, MATRICES = 20, SHARDS = 5 };

static void template(struct sb *b, unsigned i)
{
	sb_printf(b,
		"  %s-template-%u:\n"
		"    parameters:\n"
		"      target:\n"
		"        type: string\n"
		"        default: all\n"
		"      shard:\n"
		"        type: integer\n"
		"        default: 0\n"
		"    executor: %s-image\n"
		"    environment:\n"
		"      TARGET: << parameters.target >>\n"
		"    steps:\n"
		"      - checkout\n"
		"      - prepare-%u\n"
		"      - run:\n"
		"          name: Test << parameters.target >>\n"
		"          command: make test-%s TARGET=<< parameters.target >> SHARD=<< "
		"parameters.shard >>\n",
		area(i), i, area(i), i % 5, area(i));
}

/* 100 named invocations with arguments, then 20 matrices of 5: 200 jobs. */
static void
wide_workflow(struct sb *b, unsigned w)
{
	sb_printf(b, "  flow-%u:\n    jobs:\n", w);
	for (unsigned i = 0; i < PLAIN; i++) {
		unsigned t = (i * 7 + w) % TEMPLATES;
		sb_printf(b,
			"      - %s-template-%u:\n"
			"          name: %s-%u-%u\n"
			"          target: //services/%s:%u\n",
			area(t), t, area(t), w, i, area(i), i);
		if (i)
			sb_printf(b, "          requires: [%s-%u-%u]\n",
				area(((i / 2) * 7 + w) % TEMPLATES), w, i / 2);
	}
	for (unsigned i = 0; i < MATRICES; i++) {
		unsigned t = (i * 3 + w) % TEMPLATES;
		sb_printf(b,
			"      - %s-template-%u:\n"
			"          name: shard-%u-%u-<< matrix.shard >>\n"
			"          target: //libraries/%s:%u\n"
			"          matrix:\n"
			"            alias: shards-%u\n"
			"            parameters:\n"
			"              shard: [1, 2, 3, 4, 5]\n",
			area(t), t, w, i, area(i), i, i);
		if (i)
			sb_printf(b, "          requires: [shards-%u]\n", i - 1);
	}
}

static void
ten_thousand_jobs(struct sb *b)
{
	parameters(b);
	executors(b, 10);
	sb_puts(b, "\ncommands:\n");
	for (unsigned i = 0; i < 5; i++)
		command(b, i);
	sb_puts(b, "\njobs:\n");
	for (unsigned i = 0; i < TEMPLATES; i++)
		template(b, i);
	sb_puts(b, "\nworkflows:\n");
	for (unsigned w = 0; w < WORKFLOWS; w++)
		wide_workflow(b, w);
}

int
main(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct sb b = {.a = a};
	size_t size = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
	if (argc == 2 && strcmp(argv[1], "jobs") == 0) {
		ten_thousand_jobs(&b);
	} else if (size > 0 && size <= 1u << 30) {
		config_of_size(&b, size);
	} else {
		fputs("usage: gen BYTES|jobs\n", stderr);
		return 2;
	}
	bool ok = fwrite(b.s, 1, b.len, stdout) == b.len && fflush(stdout) == 0;
	arena_free(a);
	return !ok;
}
