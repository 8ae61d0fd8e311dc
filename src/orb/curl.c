/* SPDX-License-Identifier: MIT */
/*
 * Loads libcurl. That it is loaded is a fact of the whole process, and libcurl asks that it be
 * initialised once: hence the one variable here that outlives a call.
 */
#include "curl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static struct curl table;
static bool loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const struct {
	const char *name;
	size_t offset;
} functions[] = {
	{"curl_global_init", offsetof(struct curl, global_init)},
	{"curl_easy_init", offsetof(struct curl, init)},
	{"curl_easy_reset", offsetof(struct curl, reset)},
	{"curl_easy_cleanup", offsetof(struct curl, cleanup)},
	{"curl_easy_setopt", offsetof(struct curl, setopt)},
	{"curl_easy_getinfo", offsetof(struct curl, getinfo)},
	{"curl_easy_perform", offsetof(struct curl, perform)},
	{"curl_easy_strerror", offsetof(struct curl, strerror)},
	{"curl_slist_append", offsetof(struct curl, slist_append)},
	{"curl_slist_free_all", offsetof(struct curl, slist_free_all)},
};

/* Distributions differ in the TLS library, whose name is part of the file's. */
static void *
open_library(void)
{
	static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4",
		"libcurl-nss.so.4", "libcurl.4.dylib", "libcurl.so"};
	void *library = NULL;
	for (size_t i = 0; !library && i < sizeof names / sizeof *names; i++)
		library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
	return library;
}

static void
load(void)
{
	void *library = open_library();
	for (size_t i = 0; library && i < sizeof functions / sizeof *functions; i++) {
		/* POSIX has functions and data in pointers of one size; C has no cast for it. */
		void *symbol = dlsym(library, functions[i].name);
		if (!symbol)
			return;
		memcpy((char *)&table + functions[i].offset, &symbol, sizeof symbol);
	}
	loaded = library && table.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

const struct curl *
curl_load(void)
{
	pthread_once(&once, load);
	return loaded ? &table : NULL;
}
