/* SPDX-License-Identifier: MIT */
/*
 * Rates: those of the catalogue, and those that somebody gives in a file. A rate that neither
 * knows is unknown: it is never taken for 0.
 */
#include "internal.h"

#include <string.h>

static const char *const kinds[] = {"docker", "machine", "macos"};
static const char *const terms[] = {"credits", "storage", "network", "users"};

enum {
	MILLI = 3, /* digits behind the point */
	NANO = 9,  /* of dollars a credit: $0.0006 */
};

/* ---- looking up -------------------------------------------------------------------------- */

struct str
cost_class_name(struct arena *a, enum executor_kind kind, struct str class_name)
{
	const struct resource_class *class = catalog_class(kind, class_name, INT32_MAX);
	struct sb b = {.a = a};
	sb_puts(&b, class ? class->executor->name : kinds[kind]);
	sb_char(&b, '/');
	sb_put(&b, class_name); /* whole, even where a file has a NUL in it */
	sb_char(&b, '\0');
	return str_sub(sb_str(&b), 0, b.len - 1);
}

const struct cost_rate *
cost_given(const struct cost_options *o, struct str name)
{
	return o->rates ? map_get(&o->rates->all, name) : NULL;
}

/* What is not known is counted as its estimate, if that was asked for. */
static void
settle(const struct cost_options *o, struct cost_rate *rate)
{
	if (rate->milli >= 0 || rate->estimate < 0 || !o->estimates)
		return;
	rate->milli = rate->estimate;
	rate->estimated = true;
}

struct cost_rate
cost_price(const struct cost_options *o, const char *name)
{
	const struct cost_rate *given = cost_given(o, str_of(name));
	const struct catalog_price *price = catalog_price(str_of(name));
	struct cost_rate rate = {.name = str_of(name), .milli = AMOUNT_UNKNOWN};
	if (given)
		return *given;
	rate.estimate = AMOUNT_UNKNOWN;
	if (!price)
		return rate;
	rate.per = str_of(price->per);
	rate.milli = price->credits;
	rate.source = price->source;
	return rate;
}

struct cost_rate
cost_class_rate(struct arena *a, const struct cost_options *o, enum executor_kind kind,
	struct str name, const struct resource_class *class)
{
	struct str full = cost_class_name(a, kind, name);
	const struct cost_rate *given = cost_given(o, full);
	struct cost_rate rate = {.name = full,
		.per = STR("minute"),
		.milli = AMOUNT_UNKNOWN,
		.estimate = AMOUNT_UNKNOWN};
	if (given)
		return *given;
	if (class) {
		rate.milli = class->rate;
		rate.estimate = class->estimate;
		rate.source = class->rate_source;
	}
	settle(o, &rate);
	return rate;
}

int64_t
cost_term(const struct cost_options *o, const char *name)
{
	char key[32] = "plan/";
	strncat(key, name, sizeof key - sizeof "plan/");
	const struct cost_rate *given = cost_given(o, str_of(key));
	const struct plan_term *term = catalog_term(str_of(name));
	if (given)
		return given->milli;
	int64_t amount = term ? term->amount[o->world.plan] : AMOUNT_UNKNOWN;
	return amount < 0 ? amount : cost_times(amount, 1000);
}

const struct resource_class *
cost_host(const struct resource_class *class, int as_of)
{
	if (!class || !class->remote_docker || !*class->remote_docker)
		return NULL;
	return catalog_class(EXECUTOR_MACHINE, str_of(class->remote_docker), as_of);
}

/* ---- numbers ----------------------------------------------------------------------------- */

/* 24  1.5  .25  as a whole number of units of 1/10^digits */
bool
cost_decimal(struct str text, unsigned digits, int64_t *number)
{
	int64_t most = 1000000000, unit = 1, whole = 0;
	size_t at = 0, shown = 0;
	for (unsigned i = 0; i < digits; i++)
		unit *= 10;
	for (; at < text.len && text.s[at] >= '0' && text.s[at] <= '9'; at++, shown++) {
		whole = whole * 10 + (text.s[at] - '0');
		if (whole > most)
			return false;
	}
	*number = whole * unit;
	if (at < text.len && text.s[at] == '.')
		for (at++; at < text.len && text.s[at] >= '0' && text.s[at] <= '9'; at++, shown++) {
			unit /= 10;
			if (!unit)
				return false;
			*number += (text.s[at] - '0') * unit;
		}
	return shown && at == text.len;
}

/* What fits: "24", or "2.5" too. */
static const char *
sample(struct cost_unit unit)
{
	return unit.digits ? "24 or 2.5" : "24";
}

bool
cost_number(const struct node *n, const struct sources *s, struct cost_unit unit, int64_t *number,
	struct diag_list *d)
{
	if (n->kind != NODE_INT && n->kind != NODE_FLOAT) {
		struct diag *g = diag_push(
			d, RULE_WRONG_TYPE, n->span, "expected a number, found %s", node_type(n));
		diag_help(d, g, "write it as %s%s", sample(unit), unit.about);
		return false;
	}
	if (cost_decimal(source_text(s, n->span), unit.digits, number))
		return true;
	struct diag *g = diag_push(d, RULE_INVALID_VALUE, n->span,
		unit.digits ? "expected a number from 0 to 1000000000 with at most %u digits "
			      "behind the point"
			    : "expected a whole number from 0 to 1000000000",
		unit.digits);
	diag_help(d, g, "write it as %s%s", sample(unit), unit.about);
	return false;
}

/* ---- reading a file ---------------------------------------------------------------------- */

/* What a file of rates may name. */
struct known {
	const char *per; /* NULL: nothing */
	unsigned digits;
	struct str name; /* as costs have it */
	bool doubtful;   /* a class that is in no table */
};

static bool
is_word(struct str text, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(text, words[i]))
			return true;
	return false;
}

/* The kind of an executor that has classes ("linux"), or of what a config calls it ("machine"):
 * then *any, as each executor of the kind is meant. False when it is neither. */
static bool
find_kind(struct str executor, enum executor_kind *kind, bool *any)
{
	size_t n;
	const struct resource_class *all = catalog_classes(&n);
	for (int i = 0; i < 3; i++) {
		*kind = (enum executor_kind)i;
		*any = str_is(executor, kinds[i]);
		if (*any)
			return true;
	}
	for (size_t i = 0; i < n; i++) {
		*kind = all[i].kind;
		if (str_is(executor, all[i].executor->name))
			return true;
	}
	return false;
}

/* linux/large.gen2, machine/large.gen2 */
static struct known
know_class(struct arena *a, struct str name)
{
	struct known nothing = {.per = NULL};
	size_t slash = str_find(name, STR("/"), 0);
	enum executor_kind kind;
	bool any;
	if (slash == SIZE_MAX || slash + 1 == name.len ||
		!find_kind(str_sub(name, 0, slash), &kind, &any))
		return nothing;
	struct str class_name = str_sub(name, slash + 1, name.len);
	const struct resource_class *class = catalog_class(kind, class_name, INT32_MAX);
	if (class && !any && !str_is(str_sub(name, 0, slash), class->executor->name))
		return nothing;
	return (struct known){"minute", MILLI, cost_class_name(a, kind, class_name), !class};
}

static struct known
know(struct arena *a, struct str name)
{
	const struct catalog_price *price = catalog_price(name);
	if (str_is(name, "credit"))
		return (struct known){"credit", NANO, name, false};
	if (price && price->dollars < 0)
		return (struct known){price->per, MILLI, name, false};
	if (str_starts(name, STR("plan/")) &&
		is_word(str_sub(name, 5, name.len), terms, sizeof terms / sizeof *terms))
		return (struct known){"month", MILLI, name, false};
	return know_class(a, name);
}

static void
try_names(struct arena *a, struct nearest *nearest)
{
	size_t n;
	const struct resource_class *classes = catalog_classes(&n);
	for (size_t i = 0; i < n; i++)
		nearest_try(nearest, cost_class_name(a, classes[i].kind, str_of(classes[i].name)));
	const struct catalog_price *prices = catalog_prices(&n);
	for (size_t i = 0; i < n; i++)
		if (prices[i].dollars < 0)
			nearest_try(nearest, str_of(prices[i].name));
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
		nearest_try(nearest, str_printf(a, "plan/%s", terms[i]));
	nearest_try(nearest, STR("credit"));
}

/* A class that no table has may exist all the same: that is a warning. */
static void
report_name(struct arena *a, const struct node *key, bool doubtful, struct diag_list *d)
{
	struct str name = str_sub(node_text(a, key), 0, 200);
	struct diag *g = diag_push(d, RULE_UNKNOWN_KEY, key->span,
		doubtful ? "the catalogue has no class \"%.*s\"" : "nothing is called \"%.*s\"",
		STR_ARG(name));
	if (!diag_kept(d, g))
		return;
	struct nearest nearest = {.wanted = name};
	try_names(a, &nearest);
	diag_nearest(d, g, &nearest);
	diag_help(d, g,
		"a class or an item as ccx catalog rates names it: docker/large, linux/medium "
		"(credits a minute), dlc (credits); credit (dollars), plan/credits, "
		"plan/storage, plan/network, plan/users (included each month)");
	if (doubtful)
		diag_demote(d, g, SEVERITY_WARNING);
}

static void
read_rate(struct arena *a, struct cost_rates *rates, const struct pair *p, const struct sources *s,
	struct diag_list *d)
{
	struct known known = know(a, node_text(a, p->key));
	if (!known.per || known.doubtful)
		report_name(a, p->key, known.doubtful, d);
	if (known.per && map_has(&rates->all, known.name)) {
		struct diag *g = diag_push(d, RULE_YAML_DUPLICATE_KEY, p->key->span,
			"the rate of %.*s is given above, too", STR_ARG(known.name));
		diag_help(d, g, "keep one of the two");
	}
	struct cost_rate *rate = NEW(a, struct cost_rate);
	*rate = (struct cost_rate){.name = known.name,
		.per = str_of(known.per),
		.estimate = AMOUNT_UNKNOWN,
		.span = p->value->span};
	if (known.per &&
		cost_number(p->value, s, (struct cost_unit){known.digits, ""}, &rate->milli, d))
		map_put(a, &rates->all, known.name, rate);
}

/*
 * docker/large.gen2: 24     # credits a minute
 * linux/large: 18           # the same as machine/large
 * dlc: 150                  # credits a job run
 * credit: 0.0005            # dollars
 * plan/credits: 100000      # included each month
 */
bool
cost_rates_read(struct arena *a, struct cost_rates *rates, struct sources *s, uint32_t file,
	struct diag_list *d)
{
	uint32_t errors = d->errors;
	const struct node *root = node_load(a, s, file, d);
	if (!root || root->kind == NODE_NULL)
		return root && d->errors == errors;
	if (root->kind != NODE_MAP) {
		struct diag *g = diag_push(d, RULE_WRONG_TYPE, root->span,
			"expected a map of rates, found %s", node_type(root));
		diag_help(d, g, "write one `docker/large.gen2: 24` a line");
		return false;
	}
	for (uint32_t i = 0; i < root->count; i++)
		read_rate(a, rates, &root->u.pairs[i], s, d);
	return d->errors == errors;
}

/* ---- sizes ------------------------------------------------------------------------------- */

const struct cost_sizes cost_no_sizes = {AMOUNT_UNKNOWN, AMOUNT_UNKNOWN, AMOUNT_UNKNOWN,
	AMOUNT_UNKNOWN, AMOUNT_UNKNOWN, AMOUNT_UNKNOWN, AMOUNT_UNKNOWN, AMOUNT_UNKNOWN};

/* caches: 1.5    caches: {gb: 1.5, days: 7} */
static void
read_size(const struct node *n, const struct sources *s, int64_t *gb, int64_t *days,
	struct diag_list *d)
{
	const struct cost_unit size = {MILLI, ", in GB"}, time = {0, ", in days"};
	if (n->kind != NODE_MAP) {
		cost_number(n, s, size, gb, d);
		return;
	}
	for (uint32_t i = 0; i < n->count; i++) {
		const struct pair *p = &n->u.pairs[i];
		if (node_is(p->key, "gb")) {
			cost_number(p->value, s, size, gb, d);
		} else if (days && node_is(p->key, "days")) {
			cost_number(p->value, s, time, days, d);
		} else {
			struct diag *g = diag_push(
				d, RULE_UNKNOWN_KEY, p->key->span, "a size has no such key");
			diag_help(d, g, days ? "keys: gb, days" : "key: gb");
		}
	}
}

bool
cost_sizes_read(const struct node *map, const struct sources *s, struct cost_sizes *sizes,
	struct diag_list *d)
{
	const struct {
		const char *key;
		int64_t *gb, *days;
	} keys[] = {{"caches", &sizes->caches, &sizes->cache_days},
		{"workspaces", &sizes->workspaces, &sizes->workspace_days},
		{"artifacts", &sizes->artifacts, &sizes->artifact_days},
		{"network", &sizes->network, NULL}, {"ip-ranges", &sizes->ip_ranges, NULL}};
	enum { KEYS = sizeof keys / sizeof *keys };
	uint32_t errors = d->errors;
	if (map->kind != NODE_MAP) {
		struct diag *g = diag_push(d, RULE_WRONG_TYPE, map->span,
			"expected a map of sizes, found %s", node_type(map));
		diag_help(d, g, "write it as {caches: 1.5, artifacts: 0.2}, in GB");
		return false;
	}
	for (uint32_t i = 0; i < map->count; i++) {
		const struct pair *p = &map->u.pairs[i];
		size_t k = 0;
		while (k < KEYS && !node_is(p->key, keys[k].key))
			k++;
		if (k < KEYS) {
			read_size(p->value, s, keys[k].gb, keys[k].days, d);
			continue;
		}
		struct diag *g = diag_push(d, RULE_UNKNOWN_KEY, p->key->span, "no such size");
		struct nearest nearest = {.wanted = node_text(d->a, p->key)};
		for (k = 0; k < KEYS; k++)
			nearest_try(&nearest, str_of(keys[k].key));
		diag_nearest(d, g, &nearest);
		diag_help(d, g,
			"keys: caches, workspaces, artifacts, network, ip-ranges, each in GB");
	}
	return d->errors == errors;
}
