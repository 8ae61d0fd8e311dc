/* SPDX-License-Identifier: MIT */
/* The statuses that a requirement accepts: a mask of 1 << enum job_status. */
#ifndef CCX_REPORT_STATUSES_H
#define CCX_REPORT_STATUSES_H

#include "ccx/compile.h"

#include "jsonw.h"

/* Their names with between; any where it is all of them; empty for success alone, which needs no
 * word. */
struct str statuses_text(struct arena *a, unsigned accepts, const char *between, const char *any);
/* ["success", "failed"] */
void statuses_put_json(struct jsonw *w, const char *key, unsigned accepts);

#endif
