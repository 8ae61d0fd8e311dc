/* SPDX-License-Identifier: MIT */
/*
 * The catalogue as tables: which columns there are and what stands in them. What no source says
 * is shown as "unknown", never as 0.
 */
#include "catalog.h"

#include <string.h>

enum { WIDTH = 100 };

static const char *const states[] = {"current", "deprecated", "removed", "not yet"};

/* ---- what is shown ----------------------------------------------------------------------- */

struct table *
answer_table(struct answer *answer, const char *key, const struct column *columns, uint32_t n)
{
	struct table *t = &answer->tables[answer->n++];
	*t = (struct table){.a = answer->a, .key = key, .columns = columns, .ncolumns = n};
	return t;
}

bool
answer_shows(const struct answer *answer, unsigned on, const struct life *life)
{
	const struct report_catalog *what = answer->what;
	enum life_state state = life_at(life, what->as_of);
	bool there = state == LIFE_CURRENT || state == LIFE_DEPRECATED;
	return what->all || (there && (on & 1u << what->target));
}

void
remark(struct sb *b, const char *text)
{
	if (text && *text)
		sb_printf(b, "%s%s", b->len ? "; " : "", text);
}

void
remark_life(struct sb *b, const struct life *life, const char *replacement, int as_of)
{
	struct sb part = {.a = b->a};
	enum life_state state = life_at(life, as_of);
	int day = state == LIFE_NOT_YET ? life->since : life->until;
	if (state == LIFE_CURRENT && !day)
		return;
	if (state == LIFE_REMOVED || state == LIFE_DEPRECATED)
		sb_puts(&part, states[state]);
	if (day) {
		const char *word = state == LIFE_NOT_YET ? "from" : "until";
		struct str text = cell_day(b->a, day).shown;
		if (state == LIFE_REMOVED)
			sb_printf(&part, " %.*s", STR_ARG(text));
		else
			sb_printf(&part, "%s%s %.*s", part.len ? ", " : "", word, STR_ARG(text));
	}
	if (replacement)
		sb_printf(&part, ", use %s", replacement);
	sb_char(&part, '\0');
	remark(b, part.s);
}

struct cell
remark_cell(const struct sb *b)
{
	return (struct cell){sb_str(b), NULL};
}

const char *
answer_state(const struct answer *answer, const struct life *life)
{
	return states[life_at(life, answer->what->as_of)];
}

/* ---- days before the first row ----------------------------------------------------------- */

/* The number of the column with that key, or ncolumns. */
static uint32_t
find_column(const struct table *t, const char *key)
{
	uint32_t c = 0;
	while (c < t->ncolumns && (!t->columns[c].key || strcmp(t->columns[c].key, key) != 0))
		c++;
	return c;
}

/* A row that says itself since when it holds is no younger than that. */
struct ages
table_ages(const struct table *t, int as_of)
{
	uint32_t source = find_column(t, "source"), since = find_column(t, "since");
	struct ages ages = {0, 0};
	for (uint32_t at = 0; source < t->ncolumns && at < t->cells.n; at += t->ncolumns) {
		struct str id = t->cells.v[at + source].shown;
		const struct catalog_source *found = catalog_source(id);
		int day = since < t->ncolumns ? catalog_day(t->cells.v[at + since].shown) : 0;
		ages.rows += found && found->date;
		ages.later += catalog_is_later(id, as_of) && (!day || day > as_of);
	}
	return ages;
}

const char *
first_known(const char *source, int as_of)
{
	return source && catalog_is_later(str_of(source), as_of) ? "first known" : NULL;
}

/* What is to be said of a day that is outside of the tables, or NULL. */
static const char *
age_note(const struct answer *answer, struct ages ages)
{
	struct arena *a = answer->a;
	int as_of = answer->what->as_of;
	if (as_of > catalog_as_of())
		return str_printf(a, "Of %.*s nothing is known yet: this is of %.*s.",
			STR_ARG(cell_day(a, as_of).shown),
			STR_ARG(cell_day(a, catalog_as_of()).shown))
			.s;
	if (!ages.later)
		return NULL;
	if (ages.later == ages.rows)
		return "No source is as old as that day: what is shown is the first that is known.";
	return str_printf(a,
		"%u of %u dated rows rest on sources younger than that day: the first known.",
		(unsigned)ages.later, (unsigned)ages.rows)
		.s;
}

static struct ages
answer_ages(const struct answer *answer)
{
	struct ages all = answer->ages;
	for (uint32_t i = 0; i < answer->n; i++) {
		struct ages ages = table_ages(&answer->tables[i], answer->what->as_of);
		all.rows += ages.rows;
		all.later += ages.later;
	}
	return all;
}

void
answer_life(struct table *t, const struct life *life, const char *state)
{
	table_add(t, cell_text(t->a, state));
	table_add(t, cell_day(t->a, life->since));
	table_add(t, cell_day(t->a, life->deprecated));
	table_add(t, cell_day(t->a, life->until));
}

/* ---- plans ------------------------------------------------------------------------------- */

/* Features, which have no unit, are there or not. */
static struct cell
term_cell(struct arena *a, const struct plan_term *term, enum catalog_plan plan)
{
	int64_t amount = term->amount[plan];
	return *term->unit || amount < 0 ? cell_amount(a, amount) : cell_bool(a, amount != 0);
}

static void
fill_terms(struct answer *answer)
{
	static const struct column columns[] = {{"TERM", "name", false}, {"FREE", "free", true},
		{"PERFORMANCE", "performance", true}, {"SCALE", "scale", true},
		{"SERVER", "server", true}, {NULL, "unit", false}, {NULL, "source", false},
		{"WHAT", "doc", false}};
	struct arena *a = answer->a;
	struct table *t = answer_table(answer, "plans", columns, COUNT(columns));
	size_t n;
	const struct plan_term *all = catalog_terms(&n);
	for (size_t i = 0; i < n; i++) {
		if (!answer_shows(answer, ~0u, &all[i].life))
			continue;
		table_add(t, cell_text(a, all[i].name));
		for (int plan = 0; plan < PLAN_COUNT; plan++)
			table_add(t, term_cell(a, &all[i], (enum catalog_plan)plan));
		table_add(t, cell_text(a, all[i].unit));
		table_add(t, cell_text(a, all[i].source));
		table_add(t, cell_text(a, all[i].doc));
	}
}

static void
fill_limits(struct answer *answer)
{
	static const struct column columns[] = {{"LIMIT", "name", false},
		{"AMOUNT", "amount", true}, {"UNIT", "unit", false}, {NULL, "source", false},
		{"WHAT", "doc", false}};
	struct arena *a = answer->a;
	struct table *t = answer_table(answer, "limits", columns, COUNT(columns));
	size_t n;
	const struct catalog_limit *all = catalog_limits(&n);
	for (size_t i = 0; i < n; i++) {
		if (!answer_shows(answer, ~0u, &all[i].life))
			continue;
		table_add(t, cell_text(a, all[i].name));
		table_add(t, cell_amount(a, all[i].amount));
		table_add(t, cell_text(a, all[i].unit));
		table_add(t, cell_text(a, all[i].source));
		table_add(t, cell_text(a, all[i].doc));
	}
}

static void
fill_differences(struct answer *answer)
{
	static const struct column columns[] = {{"ON SERVER", "name", false},
		{"SINCE", "since", false}, {NULL, "source", false}, {"WHAT", "doc", false}};
	struct arena *a = answer->a;
	struct table *t = answer_table(answer, "server", columns, COUNT(columns));
	size_t n;
	const struct server_difference *all = catalog_server_differences(&n);
	for (size_t i = 0; i < n; i++) {
		table_add(t, cell_text(a, all[i].name));
		table_add(t, cell_text(a, all[i].since));
		table_add(t, cell_text(a, all[i].source));
		table_add(t, cell_text(a, all[i].doc));
	}
}

static void
fill_plans(struct answer *answer)
{
	fill_terms(answer);
	fill_limits(answer);
	if (answer->what->target == TARGET_SERVER || answer->what->all)
		fill_differences(answer);
}

/* ---- pipeline values --------------------------------------------------------------------- */

static struct cell
value_remark(struct arena *a, const struct pipeline_value *value)
{
	struct sb b = {.a = a};
	if (value->deprecated)
		remark(&b, str_printf(a, "deprecated %s", value->deprecated).s);
	if (value->replacement)
		remark(&b, str_printf(a, "use %s", value->replacement).s);
	return remark_cell(&b);
}

static void
fill_values(struct answer *answer)
{
	static const char *const types[] = {"string", "integer", "boolean"};
	static const struct column columns[] = {{"VALUE", "name", false}, {"TYPE", "type", false},
		{NULL, "integrations", false}, {NULL, "targets", false},
		{NULL, "deprecated", false}, {NULL, "replacement", false},
		{"REMARKS", NULL, false}};
	struct arena *a = answer->a;
	struct table *t = answer_table(answer, "values", columns, COUNT(columns));
	size_t n;
	const struct pipeline_value *all = catalog_values(&n);
	for (size_t i = 0; i < n; i++) {
		const struct pipeline_value *value = &all[i];
		unsigned on = (unsigned)value->cloud << TARGET_CLOUD | (unsigned)value->server
									       << TARGET_SERVER;
		if (!answer_shows(answer, on, &(struct life){0, 0, 0}))
			continue;
		table_add(t, cell_text(a, value->name));
		table_add(t, cell_text(a, types[value->type]));
		table_add(t, cell_text(a, value->integrations));
		table_add(t, cell_mask(a, on, catalog_target_names, TARGET_COUNT));
		table_add(t, cell_text(a, value->deprecated));
		table_add(t, cell_text(a, value->replacement));
		table_add(t, value_remark(a, value));
	}
}

/* ---- the whole --------------------------------------------------------------------------- */

static const struct {
	const char *name;
	const char *about;
	void (*fill)(struct answer *answer);
} parts[REPORT_TABLE_COUNT] = {
	[REPORT_EXECUTORS] = {"executors", "what jobs can run on", fill_executors},
	[REPORT_CLASSES] = {"classes", "resource classes: size, price, plans", fill_classes},
	[REPORT_IMAGES] = {"images", "machine images, Xcode, remote Docker, convenience images",
		fill_images},
	[REPORT_PLANS] = {"plans", "what plans include, and limits", fill_plans},
	[REPORT_VALUES] = {"values", "pipeline values", fill_values},
	[REPORT_RATES] = {"rates", "every price with its source and date", fill_rates},
};

const char *
report_table_name(enum report_table table)
{
	return parts[table].name;
}

/* Which tables there are, for a caller who named none. */
static void
fill_overview(struct answer *answer)
{
	static const struct column columns[] = {
		{"TABLE", "name", false}, {"ROWS", "rows", true}, {"WHAT", "about", false}};
	struct table *t = answer_table(answer, "tables", columns, COUNT(columns));
	for (int i = 0; i < REPORT_TABLE_COUNT; i++) {
		struct answer part = {.a = answer->a, .what = answer->what};
		parts[i].fill(&part);
		uint32_t rows = 0;
		for (uint32_t k = 0; k < part.n; k++)
			rows += part.tables[k].cells.n / part.tables[k].ncolumns;
		struct ages ages = answer_ages(&part);
		answer->ages.rows += ages.rows;
		answer->ages.later += ages.later;
		table_add(t, cell_text(t->a, parts[i].name));
		table_add(t, cell_amount(t->a, rows));
		table_add(t, cell_text(t->a, parts[i].about));
	}
}

static void
fill(struct answer *answer)
{
	if (answer->what->table == REPORT_NO_TABLE)
		fill_overview(answer);
	else
		parts[answer->what->table].fill(answer);
}

void
report_catalog_text(struct sb *out, const struct report_catalog *what)
{
	struct answer answer = {.a = out->a, .what = what};
	fill(&answer);
	struct ages ages = answer_ages(&answer);
	int newest = catalog_as_of();
	const char *note = age_note(&answer, ages);
	sb_printf(out, "%s %.*s, %s\n", ages.later ? "For" : "As of",
		STR_ARG(cell_day(out->a, what->as_of > newest ? newest : what->as_of).shown),
		catalog_target_names[what->target]);
	if (note)
		sb_printf(out, "%s\n", note);
	if (answer.note)
		sb_printf(out, "%s\n", answer.note);
	for (uint32_t i = 0; i < answer.n; i++) {
		sb_char(out, '\n');
		table_print(out, &answer.tables[i], WIDTH);
	}
}

static struct pair
member(struct arena *a, const char *key, const struct node *value)
{
	return (struct pair){cell_text(a, key).value, value};
}

void
report_catalog_json(struct sb *out, const struct report_catalog *what)
{
	struct arena *a = out->a;
	struct answer answer = {.a = a, .what = what};
	struct pair *pairs = NEW_ARRAY(a, struct pair, 3 + MOST_TABLES);
	uint32_t n = 0;
	struct sb note = {.a = a};
	fill(&answer);
	const char *age = age_note(&answer, answer_ages(&answer));
	if (age)
		remark(&note, age);
	if (answer.note)
		remark(&note, answer.note);
	sb_char(&note, '\0');
	pairs[n++] = member(a, "as_of", cell_day(a, what->as_of).value);
	pairs[n++] = member(a, "target", cell_text(a, catalog_target_names[what->target]).value);
	if (*note.s)
		pairs[n++] = member(a, "note", cell_text(a, note.s).value);
	for (uint32_t i = 0; i < answer.n; i++)
		pairs[n++] = member(a, answer.tables[i].key, table_node(&answer.tables[i]));
	node_print_json(out, node_map(a, pairs, n, (struct span){0}));
}
