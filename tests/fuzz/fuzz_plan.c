/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer entry for events and plans. A text that begins with "{" is a webhook's payload. Else
 * its first line is an event as in --matrix, or a cron expression; the rest is a config, in which
 * some files changed.
 */
#include "ccx/plan.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
run_cron(struct str text)
{
	struct cron cron;
	if (!cron_parse(text, &cron, NULL, NULL))
		return;
	int64_t next = cron_next(&cron, 0);
	if (next != CRON_NEVER && !cron_matches(&cron, next))
		abort();
}

static void
run_plan(struct arena *a, struct sources *s, uint32_t file, struct sim_event *e)
{
	struct diag_list d;
	struct orb_store orbs;
	diag_init(&d, a);
	orb_store_init(&orbs, a);
	e->changed_known = true;
	vec_push(a, &e->changed, STR("src/main.c"));
	vec_push(a, &e->changed, STR("docs/a b.md"));
	struct compile_options o = {.orbs = &orbs, .compat = COMPAT_NEWEST, .tolerant = true};
	event_settle(e, node_load(a, s, file, &d));
	o.values = event_values(a, e, NULL);
	struct compiled *c = compile_config(a, s, file, &o, &d);
	if (!c)
		return;
	struct plan *p = sim_plan(a, s, c, e, o.values);
	for (uint32_t i = 0; i < p->nworkflows; i++)
		if ((p->workflows[i].answer.reason != PLAN_RUNS) !=
			(p->workflows[i].answer.text.len > 0))
			abort();
	path_filter(a, s, p, STR("/nonexistent"), &d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = {(const char *)data, size};
	struct arena *a = arena_new();
	struct sources s;
	struct sim_event e = {0};
	sources_init(&s, a);
	if (str_starts(all, STR("{"))) {
		struct diag_list d;
		diag_init(&d, a);
		event_read(a, &s, source_add(&s, STR("event.json"), all), &d, &e);
		event_values(a, &e, NULL);
	} else {
		size_t end = str_find(all, STR("\n"), 0);
		struct str line = str_sub(all, 0, end);
		struct str text = end == SIZE_MAX ? STR("") : str_sub(all, end + 1, all.len);
		run_cron(line);
		if (event_parse(line, &e))
			run_plan(a, &s, source_add(&s, STR("config.yml"), text), &e);
	}
	arena_free(a);
	return 0;
}
