/* SPDX-License-Identifier: MIT */
/*
 * What the table generators share. They run when ccx is built: each reads one JSON file of this
 * folder and prints C on standard output, the same bytes for the same input. A mistake in the data
 * ends the build with a message that names it.
 */
#ifndef CCX_SCHEMA_GEN_H
#define CCX_SCHEMA_GEN_H

#include <jansson.h>

/* The JSON file that main was given as its only argument. */
json_t *gen_load(int argc, char **argv);
_Noreturn void gen_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The start of every generated file. */
void gen_banner(const char *from);
/* Text as a C string literal; NULL prints as NULL. */
void gen_text(const char *text);
/* The text under key, or NULL when it is absent; anything else there is a mistake. */
const char *gen_string(const json_t *object, const char *key);
int gen_bool(const json_t *object, const char *key);
/* Fails unless name sorts behind *last, which it becomes. */
void gen_ordered(const char **last, const char *name);
/* Fails when object has a key that is not in the list, which ends with NULL. */
void gen_known(json_t *object, const char *const *keys);

#endif
