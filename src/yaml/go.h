/* SPDX-License-Identifier: MIT */
/* How Go's yaml.v3, on which the official packers stand, reads and writes scalars. */
#ifndef CCX_YAML_GO_H
#define CCX_YAML_GO_H

#include "internal.h"

enum go_tag { GO_STRING, GO_NULL, GO_BOOL, GO_NUMBER, GO_TIME };

/* What plain text means to yaml.v3. With n, also makes n that value (text that is a string is left
 * to the caller); the arena is for texts that had to be made. */
enum go_tag go_resolve(struct arena *a, struct str text, struct node *n);
/* A word that YAML 1.1 takes for a boolean and yaml.v3 for a string: yes, Off; y and n are quoted
 * too. */
bool go_old_bool(struct str text);
/* 1:30: a number in base 60 to YAML 1.1, a string to yaml.v3, which quotes it. */
bool go_base60(struct str text);
/* As Go's strconv writes a float in its shortest form: 3.1, 1e+06, -.inf */
void go_float_put(struct sb *out, double v);

/* How a string can be written. */
struct go_shape {
	bool multiline; /* holds a line break of YAML 1.1 */
	bool plain, single, literal;
};

struct go_shape go_shape(struct str text);

#endif
