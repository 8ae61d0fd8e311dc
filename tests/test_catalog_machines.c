/* SPDX-License-Identifier: MIT */
/* The dated tables: that their rows keep the rules of the house, and lookups by day and target. */
#include "ccx/catalog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { TODAY = 20261008 };

/* ---- days -------------------------------------------------------------------------------- */

static void
test_days(void **state)
{
	static const struct {
		const char *text;
		int day;
	} cases[] = {{"2026-10-08", 20261008}, {"2026-10", 20261001}, {"2024-02-29", 20240229},
		{"2000-02-29", 20000229}, {"0001-01-01", 10101}, {"2026-02-29", 0},
		{"1900-02-29", 0}, {"2026-04-31", 0}, {"2026-00-01", 0}, {"2026-13-01", 0},
		{"2026-01-00", 0}, {"2026-1-01", 0}, {"2026/01/01", 0}, {"2026-01/01", 0},
		{"2026-01-1", 0}, {"2026-01-011", 0}, {"2026", 0}, {"2026-", 0}, {"0000-01-01", 0},
		{"-026-01-01", 0}, {"2026-+1-01", 0}, {"", 0}, {"yesterday!", 0}};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int day = catalog_day(str_of(cases[i].text));
		if (day != cases[i].day)
			fail_msg("%s: %d, not %d", cases[i].text, day, cases[i].day);
	}
}

static void
test_life(void **state)
{
	static const struct life full = {20240101, 20250101, 20260101}, none = {0, 0, 0};
	(void)state;
	assert_int_equal(life_at(&full, 20231231), LIFE_NOT_YET);
	assert_int_equal(life_at(&full, 20240101), LIFE_CURRENT);
	assert_int_equal(life_at(&full, 20241231), LIFE_CURRENT);
	assert_int_equal(life_at(&full, 20250101), LIFE_DEPRECATED);
	assert_int_equal(life_at(&full, 20251231), LIFE_DEPRECATED);
	assert_int_equal(life_at(&full, 20260101), LIFE_REMOVED);
	assert_int_equal(life_at(&none, 20260101), LIFE_CURRENT);
	assert_int_equal(catalog_as_of(), TODAY);
}

/* ---- rules of the tables ----------------------------------------------------------------- */

static void
need_source(const char *row, const char *id)
{
	if (!id || !catalog_source(str_of(id)))
		fail_msg("%s: no source \"%s\"", row, id ? id : "");
}

/* A day, a month or a year. */
static bool
is_date(const char *date)
{
	if (strlen(date) != 4)
		return catalog_day(str_of(date)) != 0;
	return strspn(date, "0123456789") == 4;
}

static void
test_sources(void **state)
{
	size_t n;
	const struct catalog_source *all = catalog_sources(&n);
	(void)state;
	assert_true(n > 20);
	for (size_t i = 0; i < n; i++) {
		if (i)
			assert_true(strcmp(all[i - 1].id, all[i].id) < 0);
		if (!all[i].title || !all[i].date || !is_date(all[i].date))
			fail_msg("%s: no title or date", all[i].id);
		if (all[i].url)
			assert_memory_equal(all[i].url, "https://", 8);
	}
	assert_true(catalog_is_later(STR("cli-rates"), 20260830));
	assert_false(catalog_is_later(STR("cli-rates"), 20260831));
	assert_true(catalog_is_later(STR("docs-faq"), 20260731)); /* a month: by its first day */
	assert_false(catalog_is_later(STR("docs-faq"), 20260801));
	assert_true(catalog_is_later(STR("cost-script"), 20201231)); /* a year */
	assert_false(catalog_is_later(STR("cost-script"), 20210101));
	assert_false(catalog_is_later(STR("hearsay"), 0));
	assert_null(catalog_source(STR("")));
	assert_null(catalog_source(STR("hearsay")));
}

static void
check_class(const struct resource_class *class)
{
	need_source(class->name, class->source);
	assert_true(class->targets);
	assert_false(class->plans & class->not_plans);
	if (class->rate < 0) {
		assert_int_equal(class->rate, AMOUNT_UNKNOWN);
		assert_null(class->rate_source);
	} else {
		need_source(class->name, class->rate_source);
		assert_int_equal(class->estimate, AMOUNT_UNKNOWN);
	}
	if (class->gpu)
		assert_true(class->gpus > 0);
	if (class->replacement && !catalog_class(class->kind, str_of(class->replacement), TODAY))
		fail_msg("%s: no class %s", class->name, class->replacement);
	if (class->remote_docker && *class->remote_docker &&
		!catalog_class(EXECUTOR_MACHINE, str_of(class->remote_docker), TODAY))
		fail_msg("%s: no host %s", class->name, class->remote_docker);
}

static void
test_classes(void **state)
{
	size_t n;
	const struct resource_class *all = catalog_classes(&n);
	(void)state;
	assert_true(n > 60);
	for (size_t i = 0; i < n; i++) {
		check_class(&all[i]);
		if (!i || all[i - 1].kind != all[i].kind) {
			assert_true(!i || all[i - 1].kind < all[i].kind);
			continue;
		}
		int order = strcmp(all[i - 1].name, all[i].name);
		assert_true(order <= 0);
		if (order == 0) /* rows of one name hold one after another */
			assert_true(all[i - 1].life.until &&
				    all[i].life.since >= all[i - 1].life.until);
	}
}

static void
test_images(void **state)
{
	size_t n;
	const struct image *all = catalog_images(&n);
	(void)state;
	assert_true(n > 150);
	for (size_t i = 0; i < n; i++) {
		const struct image *image = &all[i];
		need_source(image->name, image->source);
		if (i && all[i - 1].kind == image->kind)
			assert_true(strcmp(all[i - 1].name, image->name) < 0);
		else
			assert_true(!i || all[i - 1].kind < image->kind);
		if (image->kind == IMAGE_MACHINE && !image->groups)
			fail_msg("%s: no groups", image->name);
		const struct image *next =
			image->replacement ? catalog_image(image->kind, str_of(image->replacement))
					   : NULL;
		if (image->replacement && (!next || life_at(&next->life, TODAY) != LIFE_CURRENT))
			fail_msg("%s: %s is no replacement", image->name, image->replacement);
	}
}

static void
test_plans(void **state)
{
	size_t n;
	const struct plan_term *terms = catalog_terms(&n);
	(void)state;
	for (size_t i = 0; i < n; i++) {
		need_source(terms[i].name, terms[i].source);
		assert_ptr_equal(catalog_term(str_of(terms[i].name)), &terms[i]);
	}
	const struct catalog_limit *limits = catalog_limits(&n);
	for (size_t i = 0; i < n; i++) {
		need_source(limits[i].name, limits[i].source);
		assert_true(limits[i].amount > 0);
		assert_ptr_equal(catalog_limit(str_of(limits[i].name)), &limits[i]);
	}
	const struct catalog_price *prices = catalog_prices(&n);
	for (size_t i = 0; i < n; i++) {
		need_source(prices[i].name, prices[i].source);
		assert_true(prices[i].credits < 0 || prices[i].dollars < 0);
		assert_ptr_equal(catalog_price(str_of(prices[i].name)), &prices[i]);
	}
	const struct server_difference *differences = catalog_server_differences(&n);
	assert_true(n > 10);
	for (size_t i = 0; i < n; i++)
		need_source(differences[i].name, differences[i].source);
}

/* ---- lookups ----------------------------------------------------------------------------- */

static void
test_class_lookup(void **state)
{
	static const struct {
		enum executor_kind kind;
		const char *name;
		int as_of;
		int vcpus;
		int64_t rate;
		enum life_state life;
	} cases[] = {
		{EXECUTOR_DOCKER, "medium", TODAY, 2, 10000, LIFE_CURRENT},
		{EXECUTOR_DOCKER, "2xlarge+", TODAY, 20, 100000, LIFE_CURRENT},
		{EXECUTOR_DOCKER, "xlarge.gen2", TODAY, 8, 48000, LIFE_CURRENT},
		{EXECUTOR_DOCKER, "arm.medium", TODAY, 2, 13000, LIFE_CURRENT},
		{EXECUTOR_MACHINE, "arm.medium", TODAY, 2, 10000, LIFE_CURRENT},
		{EXECUTOR_MACHINE, "medium.gen3", TODAY, 2, -1, LIFE_CURRENT},
		{EXECUTOR_MACHINE, "gpu.nvidia.small", TODAY, 4, 160000, LIFE_DEPRECATED},
		{EXECUTOR_MACHINE, "gpu.nvidia.small", 20260101, 4, 160000, LIFE_CURRENT},
		{EXECUTOR_MACHINE, "windows.2xlarge", TODAY, 32, 500000, LIFE_CURRENT},
		{EXECUTOR_MACOS, "m4pro.large", TODAY, 12, 400000, LIFE_CURRENT},
		{EXECUTOR_MACOS, "medium", TODAY, -1, 50000, LIFE_REMOVED},
		{EXECUTOR_MACOS, "medium", 20231001, -1, 50000, LIFE_DEPRECATED},
		{EXECUTOR_MACOS, "macos.m1.large.gen1", 20260215, 8, -1, LIFE_DEPRECATED},
		{EXECUTOR_MACOS, "macos.m1.large.gen1", 20260216, 8, -1, LIFE_REMOVED},
		{EXECUTOR_MACOS, "macos.x86.metal.gen1", 20230930, -1, 100000, LIFE_CURRENT},
		{EXECUTOR_MACOS, "macos.x86.metal.gen1", 20231001, -1, 100000, LIFE_REMOVED},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct resource_class *class =
			catalog_class(cases[i].kind, str_of(cases[i].name), cases[i].as_of);
		if (!class)
			fail_msg("%s: not found", cases[i].name);
		if (class->vcpus != cases[i].vcpus || class->rate != cases[i].rate ||
			life_at(&class->life, cases[i].as_of) != cases[i].life)
			fail_msg("%s on %d: not as expected", cases[i].name, cases[i].as_of);
	}
}

static void
test_class_unknown(void **state)
{
	static const struct {
		enum executor_kind kind;
		const char *name;
	} cases[] = {{EXECUTOR_DOCKER, "hugee"}, {EXECUTOR_DOCKER, ""}, {EXECUTOR_DOCKER, "Medium"},
		{EXECUTOR_DOCKER, "mediu"}, {EXECUTOR_DOCKER, "mediumm"},
		{EXECUTOR_MACHINE, "small"}, {EXECUTOR_MACHINE, "medium+"},
		{EXECUTOR_MACOS, "xlarge"}, {EXECUTOR_DOCKER, "windows.medium"},
		{EXECUTOR_MACOS, "zzz"}};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (catalog_class(cases[i].kind, str_of(cases[i].name), TODAY))
			fail_msg("%s: found", cases[i].name);
	assert_null(catalog_class(EXECUTOR_DOCKER, (struct str){"medium\0", 7}, TODAY));
}

/* Docker gen2 came to the Free plan in October 2026: one row until then, one since. */
static void
test_class_rows(void **state)
{
	unsigned not_free = 1u << PLAN_FREE;
	const struct resource_class *before =
		catalog_class(EXECUTOR_DOCKER, STR("large.gen2"), 20260930);
	const struct resource_class *after =
		catalog_class(EXECUTOR_DOCKER, STR("large.gen2"), 20261001);
	(void)state;
	assert_ptr_equal(before + 1, after);
	assert_true(before->not_plans & not_free);
	assert_false(after->not_plans & not_free);
	assert_ptr_equal(catalog_class(EXECUTOR_DOCKER, STR("large.gen2"), 20000101), before);
	assert_ptr_equal(catalog_class(EXECUTOR_DOCKER, STR("large.gen2"), 99991231), after);
}

static void
test_targets(void **state)
{
	static const struct {
		enum executor_kind kind;
		const char *name;
		bool server;
	} cases[] = {{EXECUTOR_DOCKER, "medium", true}, {EXECUTOR_DOCKER, "medium.gen2", false},
		{EXECUTOR_DOCKER, "arm.medium", false}, {EXECUTOR_MACHINE, "arm.medium", true},
		{EXECUTOR_MACHINE, "windows.medium", true}, {EXECUTOR_MACHINE, "large.gen2", false},
		{EXECUTOR_MACHINE, "gpu.nvidia.medium", false},
		{EXECUTOR_MACOS, "m4pro.medium", false}};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct resource_class *class =
			catalog_class(cases[i].kind, str_of(cases[i].name), TODAY);
		assert_non_null(class);
		assert_true(class->targets & 1u << TARGET_CLOUD);
		assert_int_equal((class->targets & 1u << TARGET_SERVER) != 0, cases[i].server);
	}
}

static void
test_default_class(void **state)
{
	static const char *const cases[][2] = {{"docker", "medium"}, {"docker-arm", "arm.medium"},
		{"linux", "medium"}, {"arm", "arm.medium"}, {"windows", "windows.medium"},
		{"macos", "m4pro.medium"}};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct resource_class *class =
			catalog_default_class(str_of(cases[i][0]), TODAY);
		assert_non_null(class);
		assert_string_equal(class->name, cases[i][1]);
		assert_string_equal(class->executor->name, cases[i][0]);
	}
	assert_null(catalog_default_class(STR("gpu"), TODAY));
	assert_null(catalog_default_class(STR("runner"), TODAY));
	assert_null(catalog_default_class(STR("podman"), TODAY));
}

static void
test_remote_docker(void **state)
{
	static const char *const cases[][2] = {{"small", "medium"}, {"medium", "medium"},
		{"medium+", "large"}, {"2xlarge", "2xlarge"}, {"2xlarge+", NULL},
		{"small.gen2", ""}, {"xlarge.gen2", "xlarge.gen2"}, {"arm.large", "arm.large"}};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct resource_class *class =
			catalog_class(EXECUTOR_DOCKER, str_of(cases[i][0]), TODAY);
		assert_non_null(class);
		if (cases[i][1])
			assert_string_equal(class->remote_docker, cases[i][1]);
		else
			assert_null(class->remote_docker);
	}
}

static void
test_runner_form(void **state)
{
	const struct {
		struct str name;
		enum runner_form form;
	} cases[] = {{STR("medium"), RUNNER_NONE}, {STR(""), RUNNER_NONE},
		{STR("my-org/linux_arm"), RUNNER_CLASS}, {STR("o/R:v2+x-Y"), RUNNER_CLASS},
		{STR("_-/_"), RUNNER_CLASS}, {STR("My-org/linux"), RUNNER_BAD},
		{STR("org:a/linux"), RUNNER_BAD}, {STR("/linux"), RUNNER_BAD},
		{STR("org/"), RUNNER_BAD}, {STR("/"), RUNNER_BAD}, {STR("a/b/c"), RUNNER_BAD},
		{STR("org/lin ux"), RUNNER_BAD}, {STR("org/linux."), RUNNER_BAD},
		{STR("org/linux\n"), RUNNER_BAD}, {STR("org/l\0x"), RUNNER_BAD},
		{STR("\xc3\xa9/x"), RUNNER_BAD}};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (runner_form(cases[i].name) != cases[i].form)
			fail_msg("\"%.*s\"", STR_ARG(cases[i].name));
}

/* ---- images ------------------------------------------------------------------------------ */

static void
test_image_lookup(void **state)
{
	static const struct {
		enum image_kind kind;
		const char *name;
		int as_of;
		const char *row; /* NULL: none */
		enum life_state life;
	} cases[] = {
		{IMAGE_MACHINE, "ubuntu-2404:current", TODAY, "ubuntu-2404:current", LIFE_CURRENT},
		{IMAGE_MACHINE, "ubuntu-2004:202101-01", TODAY, "ubuntu-2004:202101-01",
			LIFE_REMOVED},
		{IMAGE_MACHINE, "ubuntu-2004:202101-01", 20240929, "ubuntu-2004:202101-01",
			LIFE_DEPRECATED},
		{IMAGE_MACHINE, "ubuntu-2004:current", TODAY, "ubuntu-2004:current",
			LIFE_DEPRECATED},
		{IMAGE_MACHINE, "ubuntu-1604:201903-01", TODAY, "ubuntu-1604:*", LIFE_REMOVED},
		{IMAGE_MACHINE, "circleci/classic:latest", 20220530, "circleci/classic:*",
			LIFE_DEPRECATED},
		{IMAGE_MACHINE, "ubuntu-1604", TODAY, NULL, LIFE_CURRENT},
		{IMAGE_MACHINE, "ubuntu-2204", TODAY, NULL, LIFE_CURRENT},
		{IMAGE_MACHINE, "ubuntu-2204:2022.09.1", TODAY, NULL, LIFE_CURRENT},
		{IMAGE_MACHINE, "", TODAY, NULL, LIFE_CURRENT},
		{IMAGE_DOCKER, "cimg/base:current", TODAY, "cimg/", LIFE_CURRENT},
		{IMAGE_DOCKER, "circleci/node:14", TODAY, "circleci/", LIFE_DEPRECATED},
		{IMAGE_DOCKER, "circleci/node:14", 20210101, "circleci/", LIFE_CURRENT},
		{IMAGE_DOCKER, "node:22", TODAY, NULL, LIFE_CURRENT},
		{IMAGE_DOCKER, "my/cimg/base", TODAY, NULL, LIFE_CURRENT},
		{IMAGE_REMOTE_DOCKER, "default", TODAY, "default", LIFE_CURRENT},
		{IMAGE_REMOTE_DOCKER, "20.10.24", TODAY, "20.10.24", LIFE_DEPRECATED},
		{IMAGE_REMOTE_DOCKER, "18.06.0-ce", TODAY, "18.06.0-ce", LIFE_REMOVED},
		{IMAGE_REMOTE_DOCKER, "1.2.3", TODAY, NULL, LIFE_CURRENT},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct image *image = catalog_image(cases[i].kind, str_of(cases[i].name));
		const char *row = image ? image->name : "none", *wanted = cases[i].row;
		if (strcmp(row, wanted ? wanted : "none") != 0)
			fail_msg("%s: %s", cases[i].name, row);
		if (image && life_at(&image->life, cases[i].as_of) != cases[i].life)
			fail_msg("%s: another state on %d", cases[i].name, cases[i].as_of);
	}
}

/* A patch that is not written is 0, and an older patch is served by the newest one. */
static void
test_xcode(void **state)
{
	static const char *const cases[][2] = {{"26.6", "26.6"}, {"26.6.0", "26.6"},
		{"26.5", "26.5.0"}, {"26.5.0", "26.5.0"}, {"26.4.0", "26.4.1"}, {"26.4", "26.4.1"},
		{"14.3.0", "14.3.1"}, {"12.5", "12.5.1"}, {"12.5.0", "12.5.1"},
		{"12.0.0", "12.0.1"}, {"26.4.2", NULL}, {"26.7", NULL}, {"99.0.0", NULL},
		{"26", "26.0.1"}, {"27", "27.0"}, {"", NULL}, {"26.6.0.0", NULL}, {"26..6", NULL},
		{"26.", NULL}, {".6", NULL}, {"latest", NULL}, {"26.6 ", NULL},
		{"99999999999999999999.0", NULL}};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct image *image = catalog_image(IMAGE_XCODE, str_of(cases[i][0]));
		const char *row = image ? image->name : "none";
		if (strcmp(row, cases[i][1] ? cases[i][1] : "none") != 0)
			fail_msg("%s: %s", cases[i][0], row);
	}
	const struct image *old = catalog_image(IMAGE_XCODE, STR("12.5"));
	assert_int_equal(life_at(&old->life, TODAY), LIFE_REMOVED);
	assert_int_equal(life_at(&old->life, 20240627), LIFE_DEPRECATED);
}

static void
test_fits(void **state)
{
	static const struct {
		const char *image, *class;
		bool fits;
	} cases[] = {{"ubuntu-2404:current", "medium", true},
		{"ubuntu-2404:current", "arm.medium", true},
		{"ubuntu-2404:current", "large.gen2", true},
		{"ubuntu-2404:2024.05.1", "large.gen2", false},
		{"ubuntu-2404:2024.05.1", "large.gen3", true}, /* no source says */
		{"ubuntu-2404:current", "windows.medium", false},
		{"android:2026.05.1", "large", true},
		{"windows-server-2022-gui:current", "windows.large", true},
		{"windows-server-2022-gui:current", "large", false},
		{"windows-server-2022-cuda:current", "windows.gpu.nvidia.medium", true},
		{"windows-server-2022-cuda:current", "gpu.nvidia.medium", false},
		{"linux-cuda-12:default", "gpu.nvidia.medium", true},
		{"linux-cuda-12:default", "medium", false}};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct image *image = catalog_image(IMAGE_MACHINE, str_of(cases[i].image));
		const struct resource_class *class =
			catalog_class(EXECUTOR_MACHINE, str_of(cases[i].class), TODAY);
		assert_non_null(image);
		assert_non_null(class);
		if (image_fits(image, class) != cases[i].fits)
			fail_msg("%s on %s", cases[i].image, cases[i].class);
	}
}

/* ---- plans ------------------------------------------------------------------------------- */

static void
test_amounts(void **state)
{
	const struct plan_term *minutes = catalog_term(STR("job-minutes"));
	const struct plan_term *gpu = catalog_term(STR("gpu"));
	(void)state;
	assert_int_equal(minutes->amount[PLAN_FREE], 60);
	assert_int_equal(minutes->amount[PLAN_PERFORMANCE], 180);
	assert_int_equal(minutes->amount[PLAN_SCALE], 300);
	assert_int_equal(minutes->amount[PLAN_SERVER], AMOUNT_CUSTOM);
	assert_int_equal(gpu->amount[PLAN_FREE], 0);
	assert_int_equal(gpu->amount[PLAN_PERFORMANCE], AMOUNT_SOME);
	assert_int_equal(gpu->amount[PLAN_SCALE], 1);
	assert_int_equal(
		catalog_term(STR("concurrency"))->amount[PLAN_PERFORMANCE], AMOUNT_UNLIMITED);
	assert_int_equal(catalog_term(STR("storage"))->amount[PLAN_PERFORMANCE], AMOUNT_UNKNOWN);
	assert_int_equal(catalog_limit(STR("matrix-jobs"))->amount, 128);
	assert_int_equal(catalog_price(STR("dlc"))->credits, 200000);
	assert_int_equal(catalog_price(STR("credits"))->dollars, 15000000);
	assert_int_equal(catalog_price(STR("remote-docker"))->credits, AMOUNT_UNKNOWN);
	assert_int_equal(catalog_price(STR("runner"))->credits, 0);
	assert_null(catalog_term(STR("free lunch")));
	assert_null(catalog_limit(STR("")));
	assert_null(catalog_price(STR("zzz")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_life),
		cmocka_unit_test(test_sources),
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_images),
		cmocka_unit_test(test_plans),
		cmocka_unit_test(test_class_lookup),
		cmocka_unit_test(test_class_unknown),
		cmocka_unit_test(test_class_rows),
		cmocka_unit_test(test_targets),
		cmocka_unit_test(test_default_class),
		cmocka_unit_test(test_remote_docker),
		cmocka_unit_test(test_runner_form),
		cmocka_unit_test(test_image_lookup),
		cmocka_unit_test(test_xcode),
		cmocka_unit_test(test_fits),
		cmocka_unit_test(test_amounts),
	};
	return cmocka_run_group_tests_name("catalog_machines", tests, NULL, NULL);
}
