/* SPDX-License-Identifier: MIT */
/*
 * HTTP for the registry. libcurl is loaded when the first request is made: loading it costs ten
 * times what the rest of ccx needs to start, and most runs need no network.
 */
#ifndef ORB_HTTP_H
#define ORB_HTTP_H

#include "ccx/base.h"
#include "ccx/orb.h"

enum http_fault {
	HTTP_FINE,
	HTTP_NO_LIBRARY, /* libcurl is not installed */
	HTTP_ADDRESS,    /* not https:// (nor http:// of this machine) */
	HTTP_RESOLVE,
	HTTP_CONNECT,
	HTTP_TIMEOUT,
	HTTP_TLS,
	HTTP_CUT, /* the connection ended before the answer did */
	HTTP_TOO_LARGE,
	HTTP_REDIRECTS, /* too many of them, or to where it must not go */
	HTTP_OTHER,
};

struct http_request {
	const char *method; /* "GET", "POST" */
	struct str url;
	struct str body;          /* JSON; empty: none */
	const char *token_header; /* "Circle-Token"; the token goes only to the host of url */
	struct str token;
	bool write;  /* changes something: sent once, and never again elsewhere */
	bool is_orb; /* an orb by its address: wherever it leads to must be as http_may_fetch */
};

struct http_reply {
	enum http_fault fault;
	int status;
	int retry_after; /* seconds that the server asks for; 0: it does not say */
	bool sent;       /* a request that failed may have arrived */
	struct str body;
	struct str error; /* of libcurl, for fault */
};

struct http;

/* Opens nothing yet. What it answers lives in the arena of each request. */
struct http *http_new(struct arena *a, const struct registry_options *o);
void http_free(struct http *h);
/* Sends a request. Reads are tried three times when the server or the connection is at fault. */
void http_ask(struct http *h, struct arena *a, const struct http_request *q, struct http_reply *r);
/* "circleci.com:8080" of "https://circleci.com:8080/api"; empty when it is no such address. */
struct str http_host(struct str url);
/* May requests go to this address? Without TLS only to this machine. */
bool http_allowed(struct str url);
/* May an orb be fetched from this address? By https:// only, and from where o allows it. */
bool http_may_fetch(const struct registry_options *o, struct str url);
/* What went wrong and what to do about it, in words that hold for any host. */
const char *http_advice(enum http_fault fault);

#endif
