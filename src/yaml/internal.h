/* SPDX-License-Identifier: MIT */
/* What the files of the yaml room share. */
#ifndef CCX_YAML_INTERNAL_H
#define CCX_YAML_INTERNAL_H

#include "ccx/yaml.h"

/* v as Java's Double.toString writes it, YAML's names for what is no number: the shortest digits
 * that read back as v, always with a fraction; 1.14, 3.0, 1.0E10, 1.5E-4, -0.0, .inf, -.inf, .NaN
 */
void double_text(char out[32], double v);

#endif
