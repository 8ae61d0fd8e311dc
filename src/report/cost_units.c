/* SPDX-License-Identifier: MIT */
/* Credits and money as people write them. */
#include "cost.h"
#include "units.h"

/* 1234500 -> "1,234.5" */
static void
put_milli(struct sb *b, int64_t milli)
{
	int64_t rest = milli < 0 ? -(milli % 1000) : milli % 1000;
	if (milli < 0 && milli > -1000)
		sb_char(b, '-');
	units_put_number(b, milli / 1000);
	if (rest)
		sb_printf(b, ".%03d", (int)rest);
	while (rest && b->s[b->len - 1] == '0')
		b->len--;
}

struct str
cost_milli_text(struct arena *a, int64_t milli)
{
	struct sb b = {.a = a};
	put_milli(&b, milli);
	return sb_str(&b);
}

struct str
cost_credits_text(struct arena *a, struct credits c)
{
	struct sb b = {.a = a};
	if (c.at_least && !c.milli)
		return STR("unknown");
	if (cost_is_more(c)) {
		sb_puts(&b, "more than ");
		units_put_number(&b, c.milli / 1000);
		return sb_str(&b);
	}
	if (c.at_least)
		sb_puts(&b, "at least ");
	put_milli(&b, c.milli);
	return sb_str(&b);
}

struct str
cost_dollars_text(struct arena *a, int64_t micro)
{
	struct sb b = {.a = a};
	int64_t cents = micro / 10000 + (micro % 10000 >= 5000);
	if (micro < 0)
		return STR("unknown");
	if (micro == 0)
		return STR("$0");
	if (micro >= 1000000) {
		sb_char(&b, '$');
		units_put_number(&b, cents / 100);
		sb_printf(&b, ".%02d", (int)(cents % 100));
		return sb_str(&b);
	}
	sb_printf(&b, "$0.%04d", (int)(micro / 100));
	return sb_str(&b);
}

struct str
cost_money_text(struct arena *a, struct credits c, int64_t micro)
{
	const char *bound = cost_is_more(c) || micro == INT64_MAX ? "more than "
			    : c.at_least                          ? "at least "
								  : "";
	if (micro == INT64_MAX)
		micro -= micro % 1000000; /* not rounded up */
	return str_printf(a, "%s%.*s", bound, STR_ARG(cost_dollars_text(a, micro)));
}
