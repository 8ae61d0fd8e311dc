/* SPDX-License-Identifier: MIT */
/* When pipelines come: from a file, or by chance. */
#include "ccx/sim.h"

#include "ccx/limits.h"

#include <stdlib.h>
#include <time.h>

/* ---- times ------------------------------------------------------------------------------- */

/* n digits at *at as a number; -1 when they are not all digits. */
static int64_t
digits(struct str text, size_t *at, size_t n)
{
	int64_t number = 0;
	for (size_t end = *at + n; *at < end; ++*at) {
		if (*at >= text.len || text.s[*at] < '0' || text.s[*at] > '9')
			return -1;
		number = number * 10 + (text.s[*at] - '0');
	}
	return number;
}

static bool
skip(struct str text, size_t *at, char c)
{
	if (*at >= text.len || text.s[*at] != c)
		return false;
	++*at;
	return true;
}

/* Z, +02:00, or nothing, which is UTC too; seconds to subtract. */
static bool
read_zone(struct str text, size_t at, int64_t *seconds)
{
	*seconds = 0;
	if (at == text.len || (skip(text, &at, 'Z') && at == text.len))
		return true;
	bool west = at < text.len && text.s[at] == '-';
	if (!skip(text, &at, west ? '-' : '+'))
		return false;
	int64_t hours = digits(text, &at, 2);
	skip(text, &at, ':');
	int64_t minutes = digits(text, &at, 2);
	*seconds = (hours * 60 + minutes) * 60 * (west ? -1 : 1);
	return hours >= 0 && minutes >= 0 && at == text.len;
}

/* 2026-11-21T10:15:00Z, 2026-11-21 10:15 */
static bool
read_moment(struct str text, int64_t *ms)
{
	size_t at = 11;
	int day = catalog_day(str_sub(text, 0, 10));
	if (!day || text.len < 16 || (text.s[10] != 'T' && text.s[10] != ' '))
		return false;
	int64_t hour = digits(text, &at, 2);
	bool colon = skip(text, &at, ':');
	int64_t minute = digits(text, &at, 2), second = 0, zone;
	if (hour < 0 || minute < 0 || hour > 23 || minute > 59 || !colon)
		return false;
	if (skip(text, &at, ':'))
		second = digits(text, &at, 2);
	if (second < 0 || second > 60)
		return false;
	if (skip(text, &at, '.'))
		while (at < text.len && text.s[at] >= '0' && text.s[at] <= '9')
			at++;
	if (!read_zone(text, at, &zone))
		return false;
	int64_t midnight =
		cron_time(day / 10000, (unsigned)(day / 100 % 100), (unsigned)(day % 100), 0);
	*ms = (midnight + (hour * 60 + minute) * 60 + second - zone) * SECOND_MS;
	return true;
}

/* ---- a file ------------------------------------------------------------------------------ */

struct reading {
	struct arena *a;
	struct sim_arrivals *to;
	struct diag_list *d;
	uint32_t first; /* of this file */
	int moments;    /* 1: its times are days; 0: offsets; -1: unknown yet */
};

/* The part up to the next comma, of which *rest is what stands behind. */
static struct str
field(struct str *rest)
{
	size_t comma = str_find(*rest, STR(","), 0);
	struct str text = str_trim(str_sub(*rest, 0, comma));
	*rest = comma == SIZE_MAX ? STR("") : str_sub(*rest, comma + 1, rest->len);
	if (text.len > 1 && text.s[0] == '"' && text.s[text.len - 1] == '"')
		text = str_sub(text, 1, text.len - 1);
	return text;
}

/* 30m, main, a label */
static bool
read_line(struct reading *r, struct str line, struct span span)
{
	struct str time = field(&line);
	struct sim_arrival arrival = {.model = r->to->model};
	bool moment = read_moment(time, &arrival.at);
	if (!moment && !sim_duration(time, &arrival.at)) {
		struct diag *g = diag_push(r->d, RULE_INVALID_VALUE, span, "\"%.*s\" is no time",
			STR_ARG(str_sub(time, 0, 200)));
		diag_help(r->d, g, "write `30m, main`, or `2026-11-21T10:15:00Z, main`");
		return false;
	}
	if (r->moments == !moment) {
		diag_push(r->d, RULE_INVALID_VALUE, span,
			"offsets and days do not go together in one file");
		return false;
	}
	if (r->to->all.n == LIMIT_SIM_PIPELINES) {
		diag_push(r->d, RULE_TOO_LARGE, span,
			"more than %d pipelines: ccx simulates no more at a time",
			LIMIT_SIM_PIPELINES);
		return false;
	}
	r->moments = moment;
	arrival.branch = field(&line);
	arrival.label = field(&line);
	vec_push(r->a, &r->to->all, arrival);
	return true;
}

struct ranked {
	struct sim_arrival arrival;
	uint32_t rank;
};

static int
by_time(const void *x, const void *y)
{
	const struct ranked *p = x, *q = y;
	if (p->arrival.at != q->arrival.at)
		return p->arrival.at < q->arrival.at ? -1 : 1;
	return p->rank < q->rank ? -1 : p->rank > q->rank;
}

/* Those of one instant keep their order. */
static void
sort_arrivals(struct arena *a, struct sim_arrivals *all)
{
	struct arena_mark mark = arena_mark(a);
	struct ranked *v = NEW_ARRAY(a, struct ranked, all->all.n + 1);
	for (uint32_t i = 0; i < all->all.n; i++)
		v[i] = (struct ranked){all->all.v[i], i};
	if (all->all.n)
		qsort(v, all->all.n, sizeof *v, by_time);
	for (uint32_t i = 0; i < all->all.n; i++)
		all->all.v[i] = v[i].arrival;
	arena_reset(a, mark);
}

/* The first of the days is the start. */
static void
start_at_first(struct reading *r)
{
	int64_t first = SIM_NEVER;
	for (uint32_t i = r->first; i < r->to->all.n; i++)
		if (r->to->all.v[i].at < first)
			first = r->to->all.v[i].at;
	for (uint32_t i = r->first; i < r->to->all.n; i++)
		r->to->all.v[i].at -= first;
}

bool
sim_arrivals_read(struct arena *a, struct sim_arrivals *to, struct sources *s, uint32_t file,
	struct diag_list *d)
{
	struct reading r = {a, to, d, to->all.n, -1};
	struct str text = source_of(s, file)->text;
	for (size_t at = 0, end; at < text.len; at = end + 1) {
		end = str_find(text, STR("\n"), at);
		end = end == SIZE_MAX ? text.len : end;
		struct str line = str_trim(str_sub(text, at, end)), rest = line;
		bool heading = r.moments < 0 && str_is(field(&rest), "time");
		struct span span = {file, (uint32_t)at, (uint32_t)(end - at)};
		if (line.len && line.s[0] != '#' && !heading && !read_line(&r, line, span))
			return false;
	}
	if (to->all.n == r.first) {
		diag_push(d, RULE_EMPTY, (struct span){.file = file}, "no pipeline arrives");
		return false;
	}
	if (r.moments == 1)
		start_at_first(&r);
	sort_arrivals(a, to);
	return true;
}

/* ---- by chance --------------------------------------------------------------------------- */

/* 12/h, 3/30m */
bool
sim_rate_parse(struct str text, struct sim_rate *rate)
{
	size_t slash = str_find(text, STR("/"), 0);
	struct str every = slash == SIZE_MAX ? STR("") : str_sub(text, slash + 1, text.len);
	uint32_t n = 0;
	for (size_t i = 0; i < slash && i < text.len; i++) {
		if (text.s[i] < '0' || text.s[i] > '9' || n > LIMIT_SIM_PIPELINES)
			return false;
		n = n * 10 + (uint32_t)(text.s[i] - '0');
	}
	char one[3] = {'1', every.len == 1 ? every.s[0] : 0, 0};
	if (every.len == 1 && (every.s[0] < '0' || every.s[0] > '9'))
		every = (struct str){one, 2};
	rate->count = n;
	return n && sim_duration(every, &rate->every) && rate->every > 0;
}

enum { FRACTION = 20 };

/* The logarithm to base 2 of x (at least 1), with FRACTION bits behind the point: squaring doubles
 * it, and whenever the square is 2 or more, that is one more bit. Integers are the same on every
 * machine; log() is not. */
static uint64_t
log2_of(uint64_t x)
{
	unsigned whole = 0;
	while (x >> whole > 1)
		whole++;
	uint64_t result = whole, y = whole > 31 ? x >> (whole - 31) : x << (31 - whole);
	for (int i = 0; i < FRACTION; i++) { /* y: 1 up to 2, with 31 bits behind the point */
		y = y * y >> 31;
		result = result << 1 | y >> 32;
		y >>= y >> 32;
	}
	return result;
}

/* Exponential with mean 1, with FRACTION bits behind the point: -ln of what is drawn from 0 to 1.
 */
static uint64_t
exponential(uint64_t drawn)
{
	const uint64_t ln2 = 726817; /* ln 2, as many bits */
	uint64_t log2 = log2_of((drawn >> 32) + 1);
	return (((uint64_t)32 << FRACTION) - log2) * ln2 >> FRACTION;
}

bool
sim_arrivals_draw(struct arena *a, struct sim_arrivals *to, const struct sim_arrival *like,
	const struct sim_rate *rate)
{
	struct sim_arrival arrival = *like;
	for (uint64_t i = 0;; i++) {
		const uint64_t numbers[] = {0x617272697665u, i}; /* of arrivals */
		uint64_t x = exponential(sim_draw(rate->seed, numbers, 2));
		arrival.at += (int64_t)((uint64_t)rate->every * x / rate->count >> FRACTION);
		if (arrival.at - like->at >= rate->period)
			break;
		if (to->all.n == LIMIT_SIM_PIPELINES)
			return false;
		vec_push(a, &to->all, arrival);
	}
	sort_arrivals(a, to);
	return true;
}

/* ---- schedules --------------------------------------------------------------------------- */

struct period {
	int64_t from, ms;
};

/* "nightly, 2026-10-09 02:30 UTC" */
static struct str
schedule_label(struct arena *a, const struct sim_workflow *w, int64_t seconds)
{
	time_t then = (time_t)seconds;
	struct tm tm = {0};
	if (!gmtime_r(&then, &tm))
		return w->name;
	return str_printf(a, "%.*s, %04d-%02d-%02d %02d:%02d UTC", STR_ARG(w->name),
		tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min);
}

static bool
add_schedule(struct arena *a, struct sim_arrivals *to, const struct sim_arrival *like,
	const struct cron *cron, struct period period)
{
	struct sim_arrival arrival = *like;
	int64_t end = period.from + period.ms / SECOND_MS;
	for (int64_t t = period.from - 1; (t = cron_next(cron, t)) < end;) {
		if (to->all.n == LIMIT_SIM_PIPELINES)
			return false;
		arrival.at = like->at + (t - period.from) * SECOND_MS;
		arrival.label = schedule_label(a, like->only, t);
		vec_push(a, &to->all, arrival);
	}
	return true;
}

/* triggers: [{schedule: {cron: "0 3 * * *"}}]
 * CircleCI may start them up to 15 minutes later; here they start at once. */
bool
sim_arrivals_schedule(struct arena *a, struct sim_arrivals *to, const struct sim_arrival *like,
	int64_t from, int64_t period)
{
	struct sim_arrival arrival = *like;
	for (uint32_t i = 0; i < like->model->nworkflows; i++) {
		const struct node *list = like->model->workflows[i].triggers;
		arrival.only = &like->model->workflows[i];
		for (uint32_t k = 0; node_has(list, NODE_LIST) && k < list->count; k++) {
			const struct node *text =
				node_get(node_get(list->u.items[k], "schedule"), "cron");
			struct cron cron;
			if (node_has(text, NODE_STRING) &&
				cron_parse(text->u.text, &cron, NULL, NULL) &&
				!add_schedule(
					a, to, &arrival, &cron, (struct period){from, period}))
				return false;
		}
	}
	sort_arrivals(a, to);
	return true;
}
