/* SPDX-License-Identifier: MIT */
/* libcurl as a table of the functions that are used, filled when it is loaded. */
#ifndef ORB_CURL_H
#define ORB_CURL_H

#include <curl/curl.h>

struct curl {
	CURLcode (*global_init)(long flags);
	CURL *(*init)(void);
	void (*reset)(CURL *handle);
	void (*cleanup)(CURL *handle);
	CURLcode (*setopt)(CURL *handle, CURLoption option, ...);
	CURLcode (*getinfo)(CURL *handle, CURLINFO info, ...);
	CURLcode (*perform)(CURL *handle);
	const char *(*strerror)(CURLcode code);
	struct curl_slist *(*slist_append)(struct curl_slist *list, const char *text);
	void (*slist_free_all)(struct curl_slist *list);
};

/* The library, loaded once a process; NULL when there is none. */
const struct curl *curl_load(void);

#endif
