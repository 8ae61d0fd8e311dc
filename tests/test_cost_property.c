/* SPDX-License-Identifier: MIT */
/*
 * Random graphs and scenarios, played by ccx: what comes of them keeps the rules, whichever they
 * are, and is what a naive simulator says. A case that fails is printed with its number, and with
 * the files that play it.
 *
 * CCX_CASES=100000 tries that many of each kind; CCX_CASE=123 only that one.
 */
#include "sim_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

static const struct case_size small = {2, 2, 5, 3}, large = {2, 2, CASE_NODES, CASE_PIPELINES};

/* Jobs take 1 to 9 s, some fail now and then. */
static const char timings[] =
	"job,step,seconds,status\n"
	"a0,,1,success\na0,,7.25,failed\na0,,9,success\na1,s0,1,success\na1,s0,2.5,failed\n"
	"a2,,3,success\na2,,5.5,success\na3,s0,0.001,success\na3,s1,12,success\na4,,60.001,"
	"success\n"
	"b0,s1,2,failed\nb0,s1,2.125,success\nb1,,4,failed\nb1,,61,success\nb2,s0,0.3,success\n"
	"b3,,0.999,success\n";

static unsigned
cases(unsigned few)
{
	const char *many = getenv("CCX_CASES");
	return many ? (unsigned)strtoul(many, NULL, 10) : few;
}

static void
show_result(const struct sim_result *r)
{
	for (uint32_t i = 0; i < r->npipelines; i++)
		for (uint32_t k = 0; k < r->pipelines[i].nworkflows; k++) {
			const struct sim_workflow_run *w = &r->pipelines[i].workflows[k];
			fprintf(stderr, "# %u %.*s %lld..%lld\n", r->pipelines[i].number,
				STR_ARG(w->workflow->name), (long long)w->start, (long long)w->end);
			for (uint32_t j = 0; j < w->njobs; j++) {
				const struct sim_job_run *run = &w->jobs[j];
				fprintf(stderr,
					"%u %.*s/%u %lld %lld..%lld %s%s slack %lld by %d\n", j,
					STR_ARG(run->node->name), run->attempt,
					(long long)run->ready, (long long)run->start,
					(long long)run->end, job_status_names[run->status],
					run->critical ? " *" : "", (long long)run->slack,
					(int)run->by);
			}
		}
}

static void
show(struct arena *a, const struct case_played *p)
{
	const struct sim_case *c = p->c;
	for (unsigned i = 0; i < c->nconfigs; i++) {
		struct str text = case_config_text(a, c, i);
		fprintf(stderr, "# config of %c\n%.*s", 'a' + (int)i, STR_ARG(text));
	}
	struct str text = case_scenario_text(a, c);
	fprintf(stderr, "# scenario\n%.*s# pushes\n", STR_ARG(text));
	for (unsigned i = 0; i < c->npushes; i++)
		fprintf(stderr, "%ds, branch %d, config of %c\n", c->pushes[i].at,
			c->pushes[i].branch, 'a' + (int)c->pushes[i].config);
	if (p->result)
		show_result(p->result);
	fail_msg("%.*s", STR_ARG(p->fault));
}

/* How a case is played and what is looked at. */
struct kind {
	const struct case_size *most;
	bool sampled, reference;
};

static void
try_case(uint64_t seed, const struct kind *kind)
{
	static struct sim_case c;
	struct arena *a = arena_new();
	struct case_played p;
	case_make(&c, seed, kind->most);
	c.untold = kind->sampled;
	bool ok = case_play(a, &c, kind->sampled ? timings : NULL, kind->sampled, &p) &&
		  check_rules(&p) && check_cost(&p);
	if (ok && kind->reference)
		ok = check_reference(&p, reference_play(a, &c));
	if (!ok)
		show(a, &p);
	arena_free(a);
}

static void
try_cases(unsigned few, const struct kind *kind)
{
	const char *one = getenv("CCX_CASE");
	if (one) {
		try_case(strtoull(one, NULL, 10), kind);
		return;
	}
	for (uint64_t seed = 0; seed < cases(few); seed++)
		try_case(seed, kind);
}

static void
small_cases(void **state)
{
	(void)state;
	try_cases(2000, &(struct kind){&small, false, true});
}

static void
large_cases(void **state)
{
	(void)state;
	try_cases(100, &(struct kind){&large, false, true});
}

static void
drawn_cases(void **state)
{
	(void)state;
	try_cases(400, &(struct kind){&small, true, false});
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_cases),
		cmocka_unit_test(large_cases),
		cmocka_unit_test(drawn_cases),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
