/* SPDX-License-Identifier: MIT */
/* Timings in CSV: ours, and CircleCI's usage export, which has a line for each run of a job. */
#include "internal.h"

#include <string.h>

enum csv_column { CSV_JOB, CSV_STEP, CSV_SECONDS, CSV_STATUS, CSV_COLUMN_COUNT };

/* What the columns are called, in any case. */
static const char *const column_names[CSV_COLUMN_COUNT][2] = {
	{"job", "job_name"},
	{"step", "step_name"},
	{"seconds", "job_run_seconds"},
	{"status", "job_build_status"},
};

struct field {
	struct str text;
	struct span span;
};

struct fields {
	struct field *v;
	uint32_t n, cap;
};

struct csv {
	struct arena *a;
	struct str text;
	uint32_t file;
	size_t at;
	bool unclosed; /* the last field read has no closing quote */
	struct fields row;
};

static struct csv
open_csv(struct arena *a, struct str text, uint32_t file)
{
	return (struct csv){.a = a,
		.text = text,
		.file = file,
		.at = str_starts(text, STR("\xef\xbb\xbf")) ? 3 : 0};
}

/* ---- lines and fields -------------------------------------------------------------------- */

/* "npm ""ci"", then tests" : up to the closing quote; a quote in it is written twice. */
static struct str
read_quoted(struct csv *c)
{
	size_t from = ++c->at, twice = 0;
	for (; c->at < c->text.len; c->at++) {
		if (c->text.s[c->at] != '"')
			continue;
		if (c->at + 1 == c->text.len || c->text.s[c->at + 1] != '"')
			break;
		twice++;
		c->at++;
	}
	c->unclosed = c->at >= c->text.len;
	struct str written = str_sub(c->text, from, c->at);
	c->at += !c->unclosed;
	if (!twice)
		return written;
	struct sb b = {.a = c->a};
	sb_reserve(&b, written.len);
	for (size_t i = 0; i < written.len; i++) {
		sb_char(&b, written.s[i]);
		i += written.s[i] == '"';
	}
	return sb_str(&b);
}

static bool
ends_field(char ch)
{
	return ch == ',' || ch == '\n' || ch == '\r';
}

/* One field, blanks around it taken off unless quoted; *at moves to what ends it. */
static struct field
read_field(struct csv *c)
{
	size_t from = c->at;
	struct str text;
	if (from < c->text.len && c->text.s[from] == '"')
		text = read_quoted(c);
	else
		text = str_sub(c->text, from, from);
	size_t rest = c->at;
	while (c->at < c->text.len && !ends_field(c->text.s[c->at]))
		c->at++;
	if (rest == from)
		text = str_trim(str_sub(c->text, from, c->at));
	struct span span = {c->file, (uint32_t)from, (uint32_t)(c->at - from)};
	return (struct field){text, span};
}

/* The next line that has something on it in c->row; false at the end. */
static bool
next_row(struct csv *c)
{
	c->row.n = 0;
	while (c->at < c->text.len && (c->text.s[c->at] == '\n' || c->text.s[c->at] == '\r'))
		c->at++;
	if (c->at >= c->text.len)
		return false;
	for (;;) {
		vec_push(c->a, &c->row, read_field(c));
		if (c->at >= c->text.len || c->text.s[c->at] != ',')
			return true;
		c->at++;
	}
}

/* ---- columns ----------------------------------------------------------------------------- */

static bool
is_column(struct str title, const char *name)
{
	if (title.len != strlen(name))
		return false;
	for (size_t i = 0; i < title.len; i++) {
		char ch = title.s[i];
		if ((ch >= 'A' && ch <= 'Z' ? ch - 'A' + 'a' : ch) != name[i])
			return false;
	}
	return true;
}

/* Which field has what, from the first line; UINT32_MAX: none. */
static void
find_columns(const struct fields *titles, uint32_t columns[CSV_COLUMN_COUNT])
{
	for (int k = 0; k < CSV_COLUMN_COUNT; k++) {
		columns[k] = UINT32_MAX;
		for (uint32_t i = 0; i < titles->n; i++)
			if (is_column(titles->v[i].text, column_names[k][0]) ||
				is_column(titles->v[i].text, column_names[k][1]))
				columns[k] = i;
	}
}

bool
timings_is_csv(struct str text)
{
	enum { LONGEST_TITLES = 10000 };
	uint32_t columns[CSV_COLUMN_COUNT];
	struct arena *a = arena_new();
	struct csv c = open_csv(a, str_sub(text, 0, LONGEST_TITLES), 0);
	bool is = next_row(&c);
	if (is) {
		find_columns(&c.row, columns);
		is = columns[CSV_SECONDS] != UINT32_MAX ||
		     (columns[CSV_JOB] != UINT32_MAX && c.row.n > 1);
	}
	arena_free(a);
	return is;
}

/* ---- rows -------------------------------------------------------------------------------- */

static struct field
field_at(const struct csv *c, uint32_t column)
{
	if (column < c->row.n)
		return c->row.v[column];
	struct span end = c->row.v[c->row.n - 1].span;
	end.off += end.len;
	end.len = 0;
	return (struct field){STR(""), end};
}

/* In the usage export \N is what is not known, of a run that never began. */
static bool
is_null(struct str text)
{
	return str_is(text, "\\N");
}

static void
take_row(struct timings_reader *r, const struct csv *c, const uint32_t columns[CSV_COLUMN_COUNT])
{
	struct field seconds = field_at(c, columns[CSV_SECONDS]);
	struct field job = field_at(c, columns[CSV_JOB]);
	struct timings_run run = {.job = job.text, .step = field_at(c, columns[CSV_STEP]).text};
	struct field status = field_at(c, columns[CSV_STATUS]);
	if (!timings_status(status.text, &run.end) && !is_null(status.text)) {
		struct diag *g = timings_fault(
			r, status.span, "\"%.*s\" is no status of a run", STR_ARG(status.text));
		diag_label(r->d, g, "CircleCI's words: success, failed, canceled and others");
		return;
	}
	if (is_null(seconds.text) || run.end == TIMINGS_SKIP) {
		r->taken++; /* understood all the same */
		return;
	}
	if (!run.job.len)
		run.job = r->t->job;
	if (!run.job.len) {
		struct diag *g = timings_fault(r, job.span, "a line without the name of a job");
		diag_label(r->d, g, "it belongs here");
		return;
	}
	if (!timings_decimal(seconds.text, SECOND_MS, false, &run.ms)) {
		struct diag *g = timings_fault(r, seconds.span,
			"\"%.*s\" is no duration in seconds", STR_ARG(seconds.text));
		diag_label(r->d, g, "a number from 0 to a year is expected");
		return;
	}
	timings_take(r, &run);
}

void
timings_read_csv(struct timings_reader *r)
{
	struct csv c = open_csv(r->a, source_of(r->s, r->file)->text, r->file);
	uint32_t columns[CSV_COLUMN_COUNT];
	if (!next_row(&c))
		return;
	struct span first = c.row.v[0].span;
	find_columns(&c.row, columns);
	if (r->tests) {
		timings_fault(r, first, "this has the durations of jobs, not of tests");
		return;
	}
	if (columns[CSV_SECONDS] == UINT32_MAX ||
		(columns[CSV_JOB] == UINT32_MAX && !r->t->job.len)) {
		bool job = columns[CSV_SECONDS] != UINT32_MAX;
		struct diag *g = timings_fault(
			r, first, "there is no column \"%s\"", job ? "job" : "seconds");
		diag_help(r->d, g, "the first line names the columns: job,step,seconds");
		return;
	}
	while (next_row(&c)) {
		if (c.unclosed) {
			timings_fault(r, c.row.v[c.row.n - 1].span,
				"a field in quotes that does not end");
			return;
		}
		take_row(r, &c, columns);
	}
}
