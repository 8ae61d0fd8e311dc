/* SPDX-License-Identifier: MIT */
/* The orbs of a config, resolved: what the commands that pin them have in common. */
#ifndef CCX_CLI_PINS_H
#define CCX_CLI_PINS_H

#include "session.h"

/* Compiles the config of s. False with *code set, and said, when its orbs cannot be told; after
 * true session_close is due. */
bool pins_open(struct session *s, enum exit_code *code);
/* Says why orbs are missing, when some are. */
bool pins_complete(struct session *s, enum exit_code *code);
/* Where the source of an orb came from, in the words of the lock. */
struct str pins_from(const struct session *s, const struct compiled_orb *orb);
/* Where it is vendored; empty when no file can be called that. */
struct str pins_vendored(const struct session *s, const struct compiled_orb *orb);

#endif
