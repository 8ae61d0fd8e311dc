/* SPDX-License-Identifier: MIT */
/*
 * Schedules of workflows. CircleCI takes five fields of POSIX cron in UTC, but no steps, no ranges
 * in lists, and no ranges of named days.
 */
#include "ccx/check.h"

#include "internal.h"
#include "written.h"

enum { FIELDS = 5, MONTH_DAY = 2, MONTH = 3, WEEK_DAY = 4 };

struct field {
	const char *name;
	int least, most;
	const char *const *words; /* for least and what follows; or NULL */
};

static const char *const months[] = {
	"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
static const char *const days[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

static const struct field fields[FIELDS] = {{"minute", 0, 59, NULL}, {"hour", 0, 23, NULL},
	{"day of the month", 1, 31, NULL}, {"month", 1, 12, months},
	{"day of the week", 0, 7, days}};

/* A cron expression in the source. */
struct cron {
	const struct check *c;
	const struct node *node;
	struct str parts[FIELDS];
	uint64_t values[FIELDS]; /* bit n: the field has n */
};

/* ---- findings ---------------------------------------------------------------------------- */

static struct diag *
fault(const struct cron *cron, struct str part, const char *what, const char *name)
{
	struct span span = cron->node->span;
	struct str raw = source_text(cron->c->sources, span);
	struct str text = cron->node->u.text;
	size_t shift = cron->node->flags & NODE_QUOTED ? 1 : 0;
	if (part.len && raw.len == text.len + 2 * shift)
		span = (struct span){span.file,
			span.off + (uint32_t)((size_t)(part.s - text.s) + shift),
			(uint32_t)part.len};
	struct diag *g = diag_push(cron->c->diags, RULE_CRON_SYNTAX, span, "\"%.*s\" %s%s",
		STR_ARG(str_sub(part, 0, 100)), what, name);
	diag_help(cron->c->diags, g,
		"a schedule is `minute hour day month weekday` in UTC, each *, a number, a list or "
		"a range");
	return g;
}

/* 1,11,21,31,41,51: what a step stands for */
static struct str
spell_step(struct arena *a, const struct field *f, int step)
{
	struct sb b = {.a = a};
	for (int i = f->least; i <= f->most - (f->words == days); i += step)
		sb_printf(&b, "%s%d", b.len ? "," : "", i);
	return sb_str(&b);
}

static bool
step_fault(const struct cron *cron, const struct field *f, struct str part, size_t slash)
{
	struct str number = str_sub(part, slash + 1, part.len);
	int step = 0;
	for (size_t i = 0; i < number.len && step < 1000; i++)
		step = number.s[i] >= '0' && number.s[i] <= '9' ? step * 10 + number.s[i] - '0'
								: 1000;
	struct diag *g = fault(cron, part, "is a step, which schedules do not take", "");
	if (slash == 1 && part.s[0] == '*' && step > 0 && step <= f->most)
		diag_help(cron->c->diags, g, "list the values: %.*s",
			STR_ARG(spell_step(cron->c->a, f, step)));
	return false;
}

/* ---- fields ------------------------------------------------------------------------------ */

/* 7, 07, MON; -1 for anything else. *word: it was a name */
static int
value_of(const struct field *f, struct str text, bool *word)
{
	int n = 0;
	*word = false;
	for (int i = 0; f->words && i <= f->most - f->least && text.len == 3; i++) {
		if (f->words == days && i == 7)
			break;
		const char *w = f->words[i];
		if ((text.s[0] | 32) == w[0] && (text.s[1] | 32) == w[1] &&
			(text.s[2] | 32) == w[2]) {
			*word = true;
			return f->least + i;
		}
	}
	if (!text.len || text.len > 3)
		return -1;
	for (size_t i = 0; i < text.len; i++) {
		if (text.s[i] < '0' || text.s[i] > '9')
			return -1;
		n = n * 10 + text.s[i] - '0';
	}
	return n >= f->least && n <= f->most ? n : -1;
}

/* 5  or  1-5; in a list only the first */
static bool
read_item(struct cron *cron, int i, struct str item, bool listed)
{
	const struct field *f = &fields[i];
	size_t dash = str_find(item, STR("-"), 0);
	bool range = dash != SIZE_MAX, word, word2 = false;
	int from = value_of(f, range ? str_sub(item, 0, dash) : item, &word), to = from;
	if (range)
		to = value_of(f, str_sub(item, dash + 1, item.len), &word2);
	if (from < 0 || to < 0)
		fault(cron, item.len ? item : cron->parts[i], "is not a valid ", f->name);
	else if (range && listed)
		fault(cron, cron->parts[i], "has a range in a list, which schedules do not take",
			"");
	else if (range && (word || word2) && i == WEEK_DAY)
		fault(cron, item, "is a range of names, which schedules do not take: use numbers",
			"");
	else if (from > to)
		fault(cron, item, "is a range that ends before it begins", "");
	else {
		for (int k = from; k <= to; k++)
			cron->values[i] |= (uint64_t)1 << k;
		return true;
	}
	return false;
}

static bool
read_field(struct cron *cron, int i)
{
	struct str part = cron->parts[i];
	size_t slash = str_find(part, STR("/"), 0);
	if (slash != SIZE_MAX)
		return step_fault(cron, &fields[i], part, slash);
	if (str_is(part, "*")) {
		cron->values[i] = ~(uint64_t)0;
		return true;
	}
	bool listed = str_has(part, STR(","));
	for (size_t at = 0; at <= part.len;) {
		size_t comma = str_find(part, STR(","), at);
		size_t end = comma == SIZE_MAX ? part.len : comma;
		if (!read_item(cron, i, str_sub(part, at, end), listed))
			return false;
		at = end + 1;
	}
	return true;
}

/* 0 0 31 2,4 *: a day that none of its months has. With a day of the week too, either will do. */
static void
check_date(const struct cron *cron)
{
	static const int length[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	if (cron->values[WEEK_DAY] != ~(uint64_t)0 || str_is(cron->parts[MONTH_DAY], "*"))
		return;
	for (int m = 1; m <= 12; m++)
		for (int d = 1; d <= length[m - 1]; d++)
			if (cron->values[MONTH] >> m & 1 && cron->values[MONTH_DAY] >> d & 1)
				return;
	struct diag *g = diag_push(cron->c->diags, RULE_IMPOSSIBLE_DATE, cron->node->span,
		"this schedule never comes: no such month has day %.*s",
		STR_ARG(cron->parts[MONTH_DAY]));
	diag_help(cron->c->diags, g, "the third field is the day, the fourth the month");
}

static void
check_cron(const struct check *c, const struct node *node)
{
	struct cron cron = {.c = c, .node = node};
	struct str text = node->u.text;
	int n = 0;
	for (size_t at = 0; at < text.len;) {
		while (at < text.len && (text.s[at] == ' ' || text.s[at] == '\t'))
			at++;
		size_t start = at;
		while (at < text.len && text.s[at] != ' ' && text.s[at] != '\t')
			at++;
		if (start < at && n < FIELDS)
			cron.parts[n] = str_sub(text, start, at);
		n += start < at;
	}
	if (n != FIELDS) {
		struct str whole = str_trim(text);
		fault(&cron, whole,
			n < FIELDS ? "has less than five fields" : "has more than five fields", "");
		return;
	}
	bool ok = true;
	for (int i = 0; i < FIELDS; i++)
		ok = read_field(&cron, i) && ok;
	if (ok)
		check_date(&cron);
}

/* ---- triggers ---------------------------------------------------------------------------- */

/* filters: {branches: {only: [main]}} */
static void
check_branches(const struct check *c, const struct pair *schedule)
{
	const struct node *filters = node_get(schedule->value, "filters");
	const struct node *branches = node_get(filters, "branches");
	if (node_get(branches, "only") || node_get(branches, "ignore") ||
		(filters && filters->kind != NODE_MAP && filters->kind != NODE_NULL) ||
		(branches && branches->kind != NODE_MAP && branches->kind != NODE_NULL))
		return;
	struct diag *g = diag_push(c->diags, RULE_SCHEDULE_FILTERS, schedule->key->span,
		"this schedule does not say for which branches it runs");
	diag_help(c->diags, g, "add `filters: {branches: {only: main}}`: schedules require it");
}

/* triggers:
 *   - schedule: {cron: "0 0 * * *", filters: {branches: {only: main}}} */
static void
check_trigger(const struct check *c, const struct node *trigger)
{
	const struct pair *schedule = node_pair(trigger, STR("schedule"));
	if (!schedule || schedule->value->kind != NODE_MAP || !check_own(c, schedule->key->span))
		return;
	const struct node *cron = node_get(schedule->value, "cron");
	if (node_has(cron, NODE_STRING) && !(cron->flags & NODE_TEMPLATED) &&
		check_own(c, cron->span))
		check_cron(c, cron);
	check_branches(c, schedule);
	struct diag *g = diag_push(c->diags, RULE_DEPRECATED_SCHEDULE, schedule->key->span,
		"schedules of workflows are deprecated, and run only in projects of GitHub OAuth "
		"and Bitbucket Cloud");
	diag_help(c->diags, g,
		"make a schedule trigger of the project, and ask for it with "
		"`when: pipeline.trigger.name == \"nightly\"`");
}

void
check_schedule(const struct check *c)
{
	const struct node *workflows = written_workflows(c);
	for (uint32_t i = 0; workflows && i < workflows->count; i++) {
		const struct pair *p = &workflows->u.pairs[i];
		const struct node *triggers =
			is_workflow(p) ? node_get(p->value, "triggers") : NULL;
		for (uint32_t k = 0; node_has(triggers, NODE_LIST) && k < triggers->count; k++)
			check_trigger(c, triggers->u.items[k]);
	}
}
