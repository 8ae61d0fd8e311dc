/* SPDX-License-Identifier: MIT */
/* What the generators of the dated tables share: days, amounts, masks of words, sources. */
#ifndef CCX_SCHEMA_DATED_H
#define CCX_SCHEMA_DATED_H

#include "gen.h"

#include <stddef.h>

/* A word of JSON and what stands for it in C. */
struct word {
	const char *json, *c;
};

/* The C of the word that text is; words end with {NULL, NULL}. */
const char *dated_word(const struct word *words, const char *text);
/* Prints the list under key as words joined by |, or 0. */
void dated_mask(const json_t *row, const char *key, const struct word *words);
/* Prints the list "targets" as a mask; it must not be empty. */
void dated_targets(const json_t *row);
/* The day under key as yyyymmdd, 0 when absent. A month means its first day, or, when it is an
 * end, the first day of the next month: until then nobody said that something is gone. */
int dated_day(const json_t *row, const char *key, int is_end);
/* Prints "since", "deprecated" and "until" as a struct life; fails unless they are in order. */
void dated_life(const json_t *row);
/* Prints an amount: a number, true or false, a word such as "unlimited"; null is unknown. */
void dated_amount(const json_t *value);
/* The number under key; absent or null: AMOUNT_UNKNOWN, which is -1. */
json_int_t dated_number(const json_t *row, const char *key);
/* The text under key, which must be there and not be empty. */
const char *dated_need(const json_t *row, const char *key);
/* Prints ", " and then the text under key as a C string, or NULL. */
void dated_text(const json_t *row, const char *key);

#endif
