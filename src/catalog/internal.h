/* SPDX-License-Identifier: MIT */
/* What the files of the catalog share. */
#ifndef CCX_CATALOG_INTERNAL_H
#define CCX_CATALOG_INTERNAL_H

#include "ccx/catalog.h"

/* The row of that name among n rows of size bytes, sorted by name, each of which begins with its
 * name; or NULL. */
const void *catalog_row(const void *rows, size_t n, size_t size, struct str name);

#endif
