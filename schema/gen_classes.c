/* SPDX-License-Identifier: MIT */
/* classes.json -> the tables of executors and resource classes. */
#include "dated.h"

#include <stdio.h>
#include <string.h>

static const struct word kinds[] = {{"docker", "EXECUTOR_DOCKER"}, {"machine", "EXECUTOR_MACHINE"},
	{"macos", "EXECUTOR_MACOS"}, {NULL, NULL}};

static const struct word plans[] = {{"free", "1 << PLAN_FREE"},
	{"performance", "1 << PLAN_PERFORMANCE"}, {"scale", "1 << PLAN_SCALE"},
	{"server", "1 << PLAN_SERVER"}, {NULL, NULL}};

static const struct word groups[] = {{"linux", "GROUP_LINUX"}, {"linux-gen2", "GROUP_LINUX_GEN2"},
	{"linux-gpu", "GROUP_LINUX_GPU"}, {"windows", "GROUP_WINDOWS"},
	{"windows-gpu", "GROUP_WINDOWS_GPU"}, {NULL, NULL}};

/* ---- executors --------------------------------------------------------------------------- */

/* "start": [30, 60] */
static void
print_start(const json_t *executor)
{
	const json_t *start = json_object_get(executor, "start");
	if (!start) {
		printf("AMOUNT_UNKNOWN, AMOUNT_UNKNOWN");
		return;
	}
	json_int_t from = json_integer_value(json_array_get(start, 0));
	json_int_t to = json_integer_value(json_array_get(start, 1));
	if (json_array_size(start) != 2 || from < 0 || to < from)
		gen_fail("\"%s\": start is no range", gen_string(executor, "name"));
	printf("%" JSON_INTEGER_FORMAT ", %" JSON_INTEGER_FORMAT, from, to);
}

static void
print_executors(const json_t *executors)
{
	static const char *const keys[] = {
		"name", "kind", "targets", "isolation", "start", "doc", "source", NULL};
	json_t *executor;
	size_t i;
	printf("const struct executor_info catalog_executor_table[] = {\n");
	json_array_foreach(executors, i, executor)
	{
		gen_known(executor, keys);
		printf("\t{");
		gen_text(dated_need(executor, "name"));
		printf(", %s, ", dated_word(kinds, gen_string(executor, "kind")));
		dated_targets(executor);
		printf(", ");
		gen_text(dated_need(executor, "isolation"));
		printf(", ");
		print_start(executor);
		printf(",\n\t\t");
		gen_text(dated_need(executor, "doc"));
		printf(", ");
		gen_text(dated_need(executor, "source"));
		printf("},\n");
	}
	printf("};\n\n");
	printf("const size_t catalog_executor_count = %zu;\n\n", json_array_size(executors));
}

/* ---- classes ----------------------------------------------------------------------------- */

static size_t
executor_of(const json_t *executors, const json_t *class)
{
	const char *name = dated_need(class, "executor");
	const json_t *executor;
	size_t i;
	json_array_foreach(executors, i, executor)
	{
		if (!strcmp(name, gen_string(executor, "name")))
			return i;
	}
	gen_fail("unknown executor \"%s\"", name);
}

/* Fails unless the rows are sorted by kind, name and first day, and no two hold on one day. */
static void
check_order(const json_t *last, const char *last_kind, const json_t *class, const char *kind)
{
	const char *name = dated_need(class, "name");
	if (!last)
		return;
	int order = strcmp(last_kind, kind);
	if (!order)
		order = strcmp(gen_string(last, "name"), name);
	if (!order) {
		int until = dated_day(last, "until", 1), since = dated_day(class, "since", 0);
		order = until && since >= until ? -1 : 1;
	}
	if (order >= 0)
		gen_fail("\"%s\" is out of order, or twice at a time", name);
}

/* A rate has a source; an estimate is only for what has no rate. */
static void
print_rate(const json_t *class)
{
	json_int_t rate = dated_number(class, "rate"), estimate = dated_number(class, "estimate");
	if ((rate >= 0) != (gen_string(class, "rate_source") != NULL))
		gen_fail("\"%s\": a rate needs its source", gen_string(class, "name"));
	if (rate >= 0 && estimate >= 0)
		gen_fail("\"%s\": an estimate beside a rate", gen_string(class, "name"));
	printf("%" JSON_INTEGER_FORMAT ", %" JSON_INTEGER_FORMAT, rate, estimate);
	dated_text(class, "rate_source");
}

static void
print_size(const json_t *class)
{
	static const char *const keys[] = {"vcpus", "ram_mb", "disk_gb"};
	for (size_t i = 0; i < 3; i++)
		printf(", %" JSON_INTEGER_FORMAT, dated_number(class, keys[i]));
	json_int_t gpus = dated_number(class, "gpus");
	printf(", %" JSON_INTEGER_FORMAT, gpus < 0 ? 0 : gpus);
	dated_text(class, "gpu");
}

static void
print_class(const json_t *class, size_t executor, const char *kind)
{
	printf("\t{");
	gen_text(gen_string(class, "name"));
	printf(", %s, &catalog_executor_table[%zu]", kind, executor);
	print_size(class);
	printf(", ");
	dated_targets(class);
	printf(", ");
	dated_mask(class, "plans", plans);
	printf(", ");
	dated_mask(class, "not_plans", plans);
	printf(", %d, ", gen_bool(class, "default"));
	dated_mask(class, "images", groups);
	dated_text(class, "remote_docker");
	printf(",\n\t\t");
	print_rate(class);
	printf(", ");
	dated_life(class);
	dated_text(class, "replacement");
	dated_text(class, "note");
	printf(", ");
	gen_text(dated_need(class, "source"));
	printf("},\n");
}

static void
print_classes(const json_t *executors, const json_t *classes)
{
	static const char *const keys[] = {"executor", "name", "vcpus", "ram_mb", "disk_gb", "gpus",
		"gpu", "targets", "default", "images", "plans", "not_plans", "remote_docker",
		"rate", "rate_source", "estimate", "since", "deprecated", "until", "replacement",
		"note", "source", NULL};
	const json_t *last = NULL;
	const char *last_kind = NULL;
	json_t *class;
	size_t i;
	printf("const struct resource_class catalog_class_table[] = {\n");
	json_array_foreach(classes, i, class)
	{
		gen_known(class, keys);
		size_t executor = executor_of(executors, class);
		const char *kind =
			dated_word(kinds, gen_string(json_array_get(executors, executor), "kind"));
		check_order(last, last_kind, class, kind);
		print_class(class, executor, kind);
		last = class;
		last_kind = kind;
	}
	printf("};\n\nconst size_t catalog_class_count = %zu;\n", json_array_size(classes));
}

int
main(int argc, char **argv)
{
	json_t *root = gen_load(argc, argv);
	const json_t *executors = json_object_get(root, "executors");
	gen_banner("classes.json");
	printf("extern const struct executor_info catalog_executor_table[];\n");
	printf("extern const size_t catalog_executor_count;\n");
	printf("extern const struct resource_class catalog_class_table[];\n");
	printf("extern const size_t catalog_class_count;\n\n");
	print_executors(executors);
	print_classes(executors, json_object_get(root, "classes"));
	json_decref(root);
	return 0;
}
