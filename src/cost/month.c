/* SPDX-License-Identifier: MIT */
/* A month of pipelines, against what the plan includes, and in money. */
#include "internal.h"

#include <string.h>

/* ---- money ------------------------------------------------------------------------------- */

/* So many micro-dollars for so many milli-credits. */
struct exchange {
	int64_t dollars, milli;
};

/* What the plan pays for credits; dollars below zero: an enum catalog_amount. */
static struct exchange
exchange_of(const struct cost_options *o)
{
	const struct cost_rate *given = cost_given(o, STR("credit"));
	const struct catalog_price *price = catalog_price(STR("credits"));
	const struct plan_term *package = catalog_term(STR("credit-package"));
	if (given) /* billionths of a dollar a credit are millionths for a thousand */
		return (struct exchange){given->milli, INT64_C(1000000)};
	int64_t amount = package ? package->amount[o->world.plan] : AMOUNT_UNKNOWN;
	if (amount <= 0 || !price || price->dollars < 0)
		return (struct exchange){amount ? amount : AMOUNT_UNKNOWN, 0};
	return (struct exchange){price->dollars, cost_times(amount, 1000)};
}

int64_t
cost_dollars(const struct cost_options *options, int64_t milli)
{
	struct exchange e = exchange_of(options);
	return e.dollars < 0 ? e.dollars : cost_part(milli, e.dollars, e.milli);
}

/* What the plan itself costs a month. */
static int64_t
plan_dollars(const struct cost_options *o)
{
	char name[32] = "plan-";
	strncat(name, catalog_plan_names[o->world.plan], sizeof name - sizeof "plan-");
	const struct catalog_price *price = catalog_price(str_of(name));
	return price ? price->dollars : AMOUNT_UNKNOWN;
}

/* ---- what is counted by the month -------------------------------------------------------- */

/* x times of is n: of so many pipelines, that of so many more. */
static int64_t
project(int64_t x, uint64_t times, uint32_t of)
{
	return of ? cost_part(x, times > INT64_MAX ? INT64_MAX : (int64_t)times, of) : 0;
}

/* What is charged by the month. */
struct item {
	const char *term, *price;
	int64_t amount, by; /* in thousandths of by units */
};

/* What is beyond the amount that the plan includes. Where nobody says how much that is, all of it
 * may be included. */
static struct credits
charge_beyond(const struct cost_options *o, struct item item)
{
	struct cost_rate rate = cost_price(o, item.price);
	int64_t included = cost_term(o, item.term);
	if (!item.amount || included == AMOUNT_UNLIMITED)
		return (struct credits){0, false};
	if (included < 0)
		return (struct credits){0, true};
	included = cost_times(included, item.by);
	return cost_charge(&rate, item.amount > included ? item.amount - included : 0, item.by);
}

/* What is spent beyond what the plan includes, and what that is in packages and money. */
static void
settle(struct cost_month *m, const struct cost_options *o)
{
	const struct plan_term *package = catalog_term(STR("credit-package"));
	int64_t size = package ? package->amount[o->world.plan] : AMOUNT_UNKNOWN;
	int64_t fee = plan_dollars(o), total = m->sum.total.milli;
	m->included = cost_term(o, "credits");
	m->packages = m->dollars = AMOUNT_UNKNOWN;
	if (m->included < 0)
		return;
	m->beyond.at_least = m->sum.total.at_least || cost_is_more(m->sum.total);
	m->beyond.milli = total > m->included ? total - m->included : 0;
	if (cost_is_more(m->sum.total))
		m->beyond.milli -= m->beyond.milli % 1000;
	if (!m->beyond.milli)
		m->packages = 0;
	else if (size > 0)
		m->packages = cost_part(m->beyond.milli, 1, cost_times(size, 1000));
	int64_t price = m->packages ? cost_dollars(o, cost_times(size, 1000)) : 0;
	if (m->packages >= 0 && fee >= 0 && price >= 0)
		m->dollars = cost_plus(fee, cost_times(m->packages, price));
}

/* The pipelines of one kind: all but what plans include an amount of. */
static void
add_part(struct cost_month *m, const struct cost_part *part)
{
	const struct cost *c = part->cost;
	m->pipelines += part->pipelines;
	for (int i = 0; i < COST_KIND_COUNT; i++) {
		struct credits sum = c->sum.kinds[i];
		if (i == COST_STORAGE || i == COST_NETWORK)
			continue;
		sum.at_least = (sum.at_least || cost_is_more(sum)) && part->pipelines;
		sum.milli = project(sum.milli, part->pipelines, c->npipelines);
		cost_add(&m->sum, (enum cost_kind)i, sum);
	}
	m->storage = cost_plus(m->storage, project(c->storage, part->pipelines, c->npipelines));
	m->network = cost_plus(m->network, project(c->network, part->pipelines, c->npipelines));
}

struct cost_month
cost_month(const struct cost_part *parts, uint32_t n, uint32_t users)
{
	const struct cost_options *o = parts[0].cost->options;
	struct cost_month m = {.parts = parts, .nparts = n, .users = users};
	for (uint32_t i = 0; i < n; i++)
		add_part(&m, &parts[i]);
	struct credits all = m.sum.total;
	const struct item storage = {"storage", "storage", m.storage, cost_storage_days()};
	const struct item network = {"network", "network", m.network, 1};
	const struct item active = {"users", "user", cost_times(users, 1000), 1};
	cost_add(&m.sum, COST_STORAGE, charge_beyond(o, storage));
	cost_add(&m.sum, COST_NETWORK, charge_beyond(o, network));
	cost_add(&m.sum, COST_USERS, charge_beyond(o, active));
	settle(&m, o);
	bool countable = m.included >= 0 && !all.at_least && !cost_is_more(all) && all.milli > 0;
	uint64_t most = m.pipelines < INT64_MAX ? m.pipelines : INT64_MAX;
	m.fits = countable ? cost_share(m.included, (int64_t)most, all.milli) : AMOUNT_UNKNOWN;
	return m;
}
