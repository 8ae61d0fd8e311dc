/* SPDX-License-Identifier: MIT */
#include "pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

/* What a main thread has where no limit is set; some C libraries give others far less. */
enum { STACK_BYTES = 8 << 20 };

struct pool {
	atomic_uint next;
	uint32_t n;
	void (*work)(void *ctx, unsigned worker, uint32_t i);
	void *ctx;
};

struct pool_thread {
	struct pool *pool;
	unsigned worker;
	pthread_t id;
};

static void *
run_thread(void *arg)
{
	struct pool_thread *t = arg;
	for (uint32_t i; (i = atomic_fetch_add(&t->pool->next, 1)) < t->pool->n;)
		t->pool->work(t->pool->ctx, t->worker, i);
	return NULL;
}

void
pool_run(unsigned threads, uint32_t n, void (*work)(void *ctx, unsigned worker, uint32_t i),
	void *ctx)
{
	struct pool pool = {.n = n, .work = work, .ctx = ctx};
	struct pool_thread all[POOL_THREADS_MOST];
	unsigned started = 1;
	threads = threads < n ? threads : n;
	threads = threads < POOL_THREADS_MOST ? threads : POOL_THREADS_MOST;
	pthread_attr_t attr;
	bool ok = threads > 1 && pthread_attr_init(&attr) == 0;
	if (ok) {
		pthread_attr_setstacksize(&attr, STACK_BYTES);
		for (; started < threads; started++) {
			all[started] = (struct pool_thread){.pool = &pool, .worker = started};
			if (pthread_create(&all[started].id, &attr, run_thread, &all[started]) != 0)
				break;
		}
		pthread_attr_destroy(&attr);
	}
	all[0] = (struct pool_thread){.pool = &pool};
	run_thread(&all[0]);
	for (unsigned i = 1; i < started; i++)
		pthread_join(all[i].id, NULL);
}

unsigned
pool_processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n < 1 ? 1 : n > POOL_THREADS_MOST ? POOL_THREADS_MOST : (unsigned)n;
}
