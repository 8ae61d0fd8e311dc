/* SPDX-License-Identifier: MIT */
/* Cases as ccx plays them: through the compiler, the model and the reading of scenarios. */
#include "sim_check.h"

/* ---- playing ----------------------------------------------------------------------------- */

static bool
clean(struct case_played *p, const struct diag_list *d)
{
	if (d->errors)
		return check_fault(p, "is not read", d->all.v[0].message);
	return true;
}

static bool
read_config(struct case_played *p, struct diag_list *d, unsigned config)
{
	struct orb_store orbs;
	struct compile_options o = {.orbs = &orbs, .compat = COMPAT_NEWEST};
	struct str text = case_config_text(p->a, p->c, config);
	orb_store_init(&orbs, p->a);
	uint32_t file = source_add(&p->sources, STR("config.yml"), text);
	struct compiled *c = compile_config(p->a, &p->sources, file, &o, d);
	if (!clean(p, d) || !c || !c->config)
		return false;
	p->models[config] = sim_model(p->a, c, &p->options.world);
	return true;
}

static struct str
branch_name(int branch)
{
	static const char *const names[] = {"main", "fix", "next"};
	return str_of(names[branch]);
}

bool
case_play(struct arena *a, const struct sim_case *c, const char *timings, bool sampled,
	struct case_played *p)
{
	struct diag_list d;
	*p = (struct case_played){.a = a, .c = c};
	sources_init(&p->sources, a);
	diag_init(&d, a);
	p->options = (struct sim_options){.seed = c->seed, .sampled = sampled};
	p->options.world = (struct sim_world){TARGET_CLOUD, PLAN_SCALE, catalog_as_of()};
	for (unsigned i = 0; i < c->nconfigs; i++)
		if (!read_config(p, &d, i))
			return false;
	struct scenario *sc = scenario_new(a);
	uint32_t file = source_add(&p->sources, STR("scenario.yml"), case_scenario_text(a, c));
	if (!scenario_read(sc, &p->sources, file, &d))
		return clean(p, &d);
	if (timings) {
		file = source_add(&p->sources, STR("timings.csv"), str_of(timings));
		if (!timings_read(a, &p->timings, &p->sources, file, &d))
			return clean(p, &d);
	}
	p->options.scenario = sc;
	p->options.timings = &p->timings;
	for (unsigned i = 0; i < c->npushes; i++)
		p->arrivals[i] = (struct sim_arrival){.at = c->pushes[i].at * SECOND_MS,
			.model = p->models[c->pushes[i].config],
			.branch = branch_name(c->pushes[i].branch)};
	p->result = sim_run(a, p->arrivals, c->npushes, &p->options);
	return true;
}
