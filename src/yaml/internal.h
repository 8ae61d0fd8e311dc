/* SPDX-License-Identifier: MIT */
/* What the files of the yaml room share. */
#ifndef CCX_YAML_INTERNAL_H
#define CCX_YAML_INTERNAL_H

#include "ccx/yaml.h"

/* v as Java's Double.toString writes it, YAML's names for what is no number: the shortest digits
 * that read back as v, always with a fraction; 1.14, 3.0, 1.0E10, 1.5E-4, -0.0, .inf, -.inf, .NaN
 */
void double_text(char out[32], double v);

/* Sets kind, flags and value of n to what a plain scalar with this text means. The text is kept as
 * a view when it is a string. */
void scalar_resolve(struct arena *a, struct node *n, struct str text);
/* Makes n the string text. */
void scalar_string(struct node *n, struct str text);

/* Make n a collection: kind, flags, count, height and weight from its parts. */
void node_fill_list(struct node *n, const struct node **items, uint32_t count);
void node_fill_map(struct node *n, struct pair *pairs, uint32_t count);

#endif
