/* SPDX-License-Identifier: MIT */
/* Days, sources, and lookups in the tables of what plans include, limits and prices. */
#include "internal.h"

extern const struct catalog_source catalog_source_table[];
extern const size_t catalog_source_count;
extern const int catalog_as_of_day;
extern const struct plan_term catalog_terms_table[];
extern const size_t catalog_terms_count;
extern const struct catalog_limit catalog_limits_table[];
extern const size_t catalog_limits_count;
extern const struct catalog_price catalog_prices_table[];
extern const size_t catalog_prices_count;
extern const struct server_difference catalog_server_table[];
extern const size_t catalog_server_count;

const char *const catalog_target_names[TARGET_COUNT] = {"cloud", "server"};
const char *const catalog_plan_names[PLAN_COUNT] = {"free", "performance", "scale", "server"};

/* ---- days -------------------------------------------------------------------------------- */

enum life_state
life_at(const struct life *l, int as_of)
{
	if (l->since > as_of)
		return LIFE_NOT_YET;
	if (l->until && l->until <= as_of)
		return LIFE_REMOVED;
	return l->deprecated && l->deprecated <= as_of ? LIFE_DEPRECATED : LIFE_CURRENT;
}

int
catalog_as_of(void)
{
	return catalog_as_of_day;
}

/* The n digits at *at as a number; -1 when they are not all digits. */
static int
digits(struct str text, size_t at, size_t n)
{
	int number = 0;
	for (size_t i = at; i < at + n; i++) {
		if (i >= text.len || text.s[i] < '0' || text.s[i] > '9')
			return -1;
		number = number * 10 + (text.s[i] - '0');
	}
	return number;
}

int
catalog_day(struct str text)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year = digits(text, 0, 4), month = digits(text, 5, 2), day = 1;
	if ((text.len != 7 && text.len != 10) || year < 1 || text.s[4] != '-')
		return 0;
	if (text.len == 10)
		day = text.s[7] == '-' ? digits(text, 8, 2) : -1;
	if (month < 1 || month > 12 || day < 1)
		return 0;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (day > lengths[month - 1] + (leap && month == 2))
		return 0;
	return year * 10000 + month * 100 + day;
}

/* ---- tables ------------------------------------------------------------------------------ */

const struct catalog_source *
catalog_source(struct str id)
{
	return catalog_row(
		catalog_source_table, catalog_source_count, sizeof *catalog_source_table, id);
}

const struct catalog_source *
catalog_sources(size_t *n)
{
	*n = catalog_source_count;
	return catalog_source_table;
}

/* "2026-08-31", "2026-08" and "2021" by their first day. */
bool
catalog_is_later(struct str source, int as_of)
{
	const struct catalog_source *found = catalog_source(source);
	if (!found || !found->date)
		return false;
	struct str date = str_of(found->date);
	int day = date.len == 4 ? digits(date, 0, 4) * 10000 + 101 : catalog_day(date);
	return day > as_of;
}

const struct plan_term *
catalog_term(struct str name)
{
	return catalog_row(
		catalog_terms_table, catalog_terms_count, sizeof *catalog_terms_table, name);
}

const struct plan_term *
catalog_terms(size_t *n)
{
	*n = catalog_terms_count;
	return catalog_terms_table;
}

const struct catalog_limit *
catalog_limit(struct str name)
{
	return catalog_row(
		catalog_limits_table, catalog_limits_count, sizeof *catalog_limits_table, name);
}

const struct catalog_limit *
catalog_limits(size_t *n)
{
	*n = catalog_limits_count;
	return catalog_limits_table;
}

const struct catalog_price *
catalog_price(struct str name)
{
	return catalog_row(
		catalog_prices_table, catalog_prices_count, sizeof *catalog_prices_table, name);
}

const struct catalog_price *
catalog_prices(size_t *n)
{
	*n = catalog_prices_count;
	return catalog_prices_table;
}

const struct server_difference *
catalog_server_differences(size_t *n)
{
	*n = catalog_server_count;
	return catalog_server_table;
}
