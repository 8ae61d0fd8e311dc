/* SPDX-License-Identifier: MIT */
/* Doing a thing for each of many files, on all processors. */
#ifndef CCX_CLI_POOL_H
#define CCX_CLI_POOL_H

#include "ccx/base.h"

enum { POOL_THREADS_MOST = 256 };

/* Calls work(ctx, worker, i) once for every i below n, in any order. worker is below threads: no
 * two calls that run at one time have the same. With one thread, or when the system gives no more,
 * all is done by the caller. */
void pool_run(unsigned threads, uint32_t n, void (*work)(void *ctx, unsigned worker, uint32_t i),
	void *ctx);
/* Processors that this process may expect to have; at least 1. */
unsigned pool_processors(void);

#endif
