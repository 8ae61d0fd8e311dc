/* SPDX-License-Identifier: MIT */
/* How orbs of the registry look. */
#ifndef CCX_CLI_ORB_SHOW_H
#define CCX_CLI_ORB_SHOW_H

#include "ccx/orb.h"

#include "opt.h"

/* An operand, "namespace/name"; false when it is something else. */
bool orb_name(const char *operand, struct str *name);
void orb_put_text(struct sb *b, const struct registry_orb *orb);
/* One line each: name, newest version. */
void orb_put_list(struct sb *b, const struct registry_orb *orbs, uint32_t n);
/* {"orbs": [{"name": …}]} */
void orb_put_json(struct sb *b, const struct registry_orb *orbs, uint32_t n);

#endif
