/* SPDX-License-Identifier: MIT */
#include "statuses.h"

struct str
statuses_text(struct arena *a, unsigned accepts, const char *between, const char *any)
{
	struct sb b = {.a = a};
	if (accepts == 1u << JOB_SUCCESS)
		return STR("");
	if (accepts == (1u << JOB_STATUS_COUNT) - 1)
		return str_of(any);
	for (unsigned i = 0; i < JOB_STATUS_COUNT; i++)
		if (accepts & 1u << i)
			sb_printf(&b, "%s%s", b.len ? between : "", job_status_names[i]);
	return sb_str(&b);
}

void
statuses_put_json(struct jsonw *w, const char *key, unsigned accepts)
{
	jsonw_open(w, key, '[');
	for (unsigned i = 0; i < JOB_STATUS_COUNT; i++)
		if (accepts & 1u << i)
			jsonw_text(w, NULL, job_status_names[i]);
	jsonw_close(w, ']');
}
