/* SPDX-License-Identifier: MIT */
/* What the generators of the dated tables share. */
#include "dated.h"

#include <stdio.h>
#include <string.h>

/* ---- words ------------------------------------------------------------------------------- */

const char *
dated_word(const struct word *words, const char *text)
{
	while (words->json && (!text || strcmp(words->json, text)))
		words++;
	if (!words->json)
		gen_fail("unknown word \"%s\"", text ? text : "?");
	return words->c;
}

void
dated_mask(const json_t *row, const char *key, const struct word *words)
{
	const json_t *list = json_object_get(row, key), *item;
	size_t i;
	if (list && !json_is_array(list))
		gen_fail("\"%s\" is no list", key);
	printf("%s", json_array_size(list) ? "" : "0");
	json_array_foreach(list, i, item)
		printf("%s%s", i ? " | " : "", dated_word(words, json_string_value(item)));
}

void
dated_targets(const json_t *row)
{
	static const struct word words[] = {
		{"cloud", "1 << TARGET_CLOUD"}, {"server", "1 << TARGET_SERVER"}, {NULL, NULL}};
	if (!json_array_size(json_object_get(row, "targets")))
		gen_fail("\"%s\" has no targets", gen_string(row, "name"));
	dated_mask(row, "targets", words);
}

/* ---- days -------------------------------------------------------------------------------- */

/* "2026-10-08" or "2026-10" */
int
dated_day(const json_t *row, const char *key, int is_end)
{
	const char *text = gen_string(row, key);
	int year, month, day = 0, length = 0;
	if (!text)
		return 0;
	size_t wanted = strlen(text);
	if (wanted == 7 && sscanf(text, "%4d-%2d%n", &year, &month, &length) == 2 && length == 7) {
		day = 1;
		month += is_end;
		year += month > 12;
		month = month > 12 ? 1 : month;
	} else if (wanted == 10) {
		sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &length);
	}
	if ((size_t)length != wanted || month < 1 || month > 12 || day < 1 || day > 31)
		gen_fail("\"%s\" is no day: YYYY-MM-DD or YYYY-MM", text);
	return year * 10000 + month * 100 + day;
}

void
dated_life(const json_t *row)
{
	int since = dated_day(row, "since", 0), until = dated_day(row, "until", 1);
	int deprecated = dated_day(row, "deprecated", 1), last = 0;
	const int days[] = {since, deprecated, until};
	for (size_t i = 0; i < 3; i++) {
		if (days[i] && days[i] <= last)
			gen_fail("\"%s\": days not in order", gen_string(row, "name"));
		last = days[i] ? days[i] : last;
	}
	printf("{%d, %d, %d}", since, deprecated, until);
}

/* ---- amounts and text -------------------------------------------------------------------- */

void
dated_amount(const json_t *value)
{
	static const struct word words[] = {{"unlimited", "AMOUNT_UNLIMITED"},
		{"custom", "AMOUNT_CUSTOM"}, {"some", "AMOUNT_SOME"}, {NULL, NULL}};
	if (!value || json_is_null(value))
		printf("AMOUNT_UNKNOWN");
	else if (json_is_boolean(value))
		printf("%d", json_is_true(value));
	else if (json_is_integer(value) && json_integer_value(value) >= 0)
		printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else
		printf("%s", dated_word(words, json_string_value(value)));
}

json_int_t
dated_number(const json_t *row, const char *key)
{
	const json_t *value = json_object_get(row, key);
	if (!value || json_is_null(value))
		return -1;
	if (!json_is_integer(value) || json_integer_value(value) < 0)
		gen_fail("\"%s\" of \"%s\" is no number", key, gen_string(row, "name"));
	return json_integer_value(value);
}

const char *
dated_need(const json_t *row, const char *key)
{
	const char *text = gen_string(row, key), *name = gen_string(row, "name");
	if (!text || !*text)
		gen_fail("\"%s\" has no \"%s\"", name ? name : "?", key);
	return text;
}

void
dated_text(const json_t *row, const char *key)
{
	printf(", ");
	gen_text(gen_string(row, key));
}
