/* SPDX-License-Identifier: MIT */
/* Manual page and completions, from the command and option tables. */
#ifndef CCX_CLI_DUMP_H
#define CCX_CLI_DUMP_H

#include "ccx/base.h"

void dump_man(struct sb *b); /* man/ccx.1 */
void dump_bash(struct sb *b);
void dump_zsh(struct sb *b);
void dump_fish(struct sb *b);
/* command, letter, option, value, help: a line each, tabs between; "-" for what is not there. */
void dump_options(struct sb *b);

#endif
