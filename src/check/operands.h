/* SPDX-License-Identifier: MIT */
/* What the operands of comparisons can be. */
#ifndef CCX_CHECK_OPERANDS_H
#define CCX_CHECK_OPERANDS_H

#include "ccx/check.h"

/* Does a template stand beside text that is always there: "<< a >> == x", "<< a >> << b >>"? */
bool operand_has_text(struct str text);
/* Reports operands of `equal` that can never be the same. */
void check_operands(const struct check *c, const struct params *params, const struct node *list);
/* The same for the comparisons of a bare expression: name == literal. */
void check_comparisons(const struct check *c, const struct node *expression);

#endif
