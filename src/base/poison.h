/* SPDX-License-Identifier: MIT */
/* Included before every file outside base/: memory comes from arenas. */
#ifndef CCX_POISON_H
#define CCX_POISON_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC poison malloc calloc realloc reallocarray strdup strndup

#endif
