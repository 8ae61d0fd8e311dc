/* SPDX-License-Identifier: MIT */
/* Requests by libcurl: with TLS that is checked, limits, retries of reads; redirects are followed
 * here, so that a token stays with the host that it is for. */
#include "http.h"

#include "curl.h"

#include "ccx/limits.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum {
	TRIES = 3,
	REDIRECTS_MOST = 5,
	CONNECT_MS = 10000,
	WAIT_MOST =
		20, /* seconds that a Retry-After is obeyed; who asks for more is not waited for */
	SLOW_MS = 500, /* after which a user is told what is waited for */
};

struct http {
	const struct registry_options *options;
	const struct curl *curl;
	CURL *handle;
	bool told;       /* that it is slow */
	struct str whom; /* "https://circleci.com": who is asked at the time */
	int64_t since;
};

/* What arrives, up to a limit. */
struct body {
	struct sb text;
	bool too_large;
};

/* ---- sentences --------------------------------------------------------------------------- */

const char *
http_advice(enum http_fault fault)
{
	switch (fault) {
	case HTTP_NO_LIBRARY:
		return "the network needs libcurl (libcurl.so.4), which is not installed";
	case HTTP_ADDRESS:
		return "the host must be an address with https://, or with http:// of this machine";
	case HTTP_RESOLVE:
		return "there is no host of that name; check it and the network, or use --offline";
	case HTTP_CONNECT:
		return "it takes no connection; check the host and the network, or use --offline";
	case HTTP_TIMEOUT:
		return "it did not answer in time; try again, or use --offline";
	case HTTP_TLS:
		return "its certificate cannot be trusted; name the file of a private authority "
		       "in SSL_CERT_FILE";
	case HTTP_CUT:
		return "the connection broke before the answer was complete; try again";
	case HTTP_TOO_LARGE:
		return "the answer is larger than any orb";
	case HTTP_REDIRECTS:
		return "it redirects to where ccx does not follow; give the right host with --host";
	case HTTP_FINE:
	case HTTP_OTHER:
		break;
	}
	return "the request failed";
}

/* ---- addresses --------------------------------------------------------------------------- */

struct str
http_host(struct str url)
{
	size_t colon = str_find(url, STR("://"), 0), end;
	if (colon == SIZE_MAX)
		return STR("");
	for (end = colon + 3; end < url.len; end++)
		if (strchr("/?#\\", url.s[end]))
			break;
	struct str host = str_sub(url, colon + 3, end);
	/* Names and passwords before an @ make a host look like another one. */
	return str_has(host, STR("@")) ? STR("") : host;
}

/* localhost, 127.x.y.z or [::1], whatever the port */
static bool
is_loopback(struct str host)
{
	size_t bracket = str_find(host, STR("]"), 0);
	size_t colon = str_find(host, STR(":"), bracket == SIZE_MAX ? 0 : bracket);
	struct str name = str_sub(host, 0, colon);
	if (str_is(name, "localhost") || str_is(name, "[::1]"))
		return true;
	for (size_t i = 0; i < name.len; i++)
		if (name.s[i] != '.' && (name.s[i] < '0' || name.s[i] > '9'))
			return false;
	return str_starts(name, STR("127."));
}

bool
http_allowed(struct str url)
{
	struct str host = http_host(url);
	for (size_t i = 0; i < url.len; i++)
		if ((unsigned char)url.s[i] <= ' ' || url.s[i] == 0x7f)
			return false;
	if (!host.len)
		return false;
	return str_starts(url, STR("https://")) ||
	       (str_starts(url, STR("http://")) && is_loopback(host));
}

/* "." or ".." between slashes, percent-encoded or not: libcurl takes it out of the way. */
static bool
has_dots(struct str url)
{
	for (size_t at = 0; at < url.len; at++) {
		size_t dots = 0;
		if (url.s[at] != '/')
			continue;
		for (at++; at < url.len; dots++) {
			if (url.s[at] == '.')
				at++;
			else if (at + 2 < url.len && url.s[at] == '%' && url.s[at + 1] == '2' &&
				 (url.s[at + 2] | 0x20) == 'e')
				at += 3;
			else
				break;
		}
		if (dots && (at == url.len || strchr("/?#", url.s[at])))
			return true;
		at--;
	}
	return false;
}

/* As CircleCI's list of an organization: what begins with https:// and ends with / counts. */
static bool
is_listed(struct str prefixes, struct str url)
{
	while (prefixes.len) {
		size_t end = str_find(prefixes, STR(" "), 0);
		struct str one = str_sub(prefixes, 0, end);
		prefixes = end < prefixes.len ? str_sub(prefixes, end + 1, prefixes.len) : STR("");
		if (str_starts(one, STR("https://")) && str_ends(one, STR("/")) &&
			str_starts(url, one))
			return true;
	}
	return false;
}

bool
http_may_fetch(const struct registry_options *o, struct str url)
{
	if (!http_allowed(url) || !str_starts(url, STR("https://")) || has_dots(url) ||
		str_has(url, STR("\\")))
		return false;
	return !o->orb_urls.s || is_listed(o->orb_urls, url);
}

static bool
same_host(struct str a, struct str b)
{
	struct str x = http_host(a), y = http_host(b);
	return str_starts(a, STR("https://")) == str_starts(b, STR("https://")) && x.len == y.len &&
	       strncasecmp(x.s, y.s, x.len) == 0;
}

/* ---- time -------------------------------------------------------------------------------- */

static int64_t
now_ms(void)
{
	struct timespec t = {0};
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
sleep_ms(int64_t ms)
{
	struct timespec t = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};
	while (nanosleep(&t, &t) != 0)
		;
}

/* ---- what libcurl calls ------------------------------------------------------------------ */

static size_t
receive(char *bytes, size_t size, size_t n, void *ctx)
{
	struct body *b = ctx;
	if (b->text.len + size * n > LIMIT_FILE_BYTES) {
		b->too_large = true;
		return 0;
	}
	sb_put(&b->text, (struct str){bytes, size * n});
	return size * n;
}

static int
pass_time(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	struct http *h = ctx;
	(void)a, (void)b, (void)c, (void)d;
	if (!h->told && h->options->waiting && now_ms() - h->since > SLOW_MS) {
		h->told = true;
		h->options->waiting(h->options->ctx, h->whom);
	}
	return 0;
}

/* ---- one request ------------------------------------------------------------------------- */

static enum http_fault
fault_of(CURLcode code, const struct body *b)
{
	switch (code) {
	case CURLE_OK:
		return HTTP_FINE;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return HTTP_RESOLVE;
	case CURLE_COULDNT_CONNECT:
		return HTTP_CONNECT;
	case CURLE_OPERATION_TIMEDOUT:
		return HTTP_TIMEOUT;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_CIPHER:
		return HTTP_TLS;
	case CURLE_PARTIAL_FILE:
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
		return HTTP_CUT;
	default:
		return b->too_large ? HTTP_TOO_LARGE : HTTP_OTHER;
	}
}

static struct curl_slist *
headers_of(const struct http *h, struct arena *a, const struct http_request *q, bool with_token)
{
	const struct curl *c = h->curl;
	struct curl_slist *list = c->slist_append(
		NULL, q->is_orb ? "Accept: */*" : "Accept: application/json, text/plain");
	if (q->body.len)
		list = c->slist_append(list, "Content-Type: application/json; charset=utf-8");
	list = c->slist_append(list, "Expect:");
	if (with_token && q->token.len)
		list = c->slist_append(
			list, str_printf(a, "%s: %.*s", q->token_header, STR_ARG(q->token)).s);
	return list;
}

static void
set_connection(const struct http *h, struct str url)
{
	const struct curl *c = h->curl;
	const struct registry_options *o = h->options;
	long timeout = (long)o->timeout_ms;
	c->setopt(h->handle, CURLOPT_URL, url.s);
	c->setopt(h->handle, CURLOPT_NOSIGNAL, 1L);
	c->setopt(h->handle, CURLOPT_USERAGENT, "ccx/" CCX_VERSION);
	c->setopt(h->handle, CURLOPT_ACCEPT_ENCODING, "");
	/* HTTP/2 gains nothing for one request after the other, and libcurl 7.88 breaks off the
	 * answer of a server that has not waited for all that is sent. */
	c->setopt(h->handle, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	c->setopt(h->handle, CURLOPT_TIMEOUT_MS, timeout);
	c->setopt(
		h->handle, CURLOPT_CONNECTTIMEOUT_MS, timeout < CONNECT_MS ? timeout : CONNECT_MS);
	if (o->ca_file.len)
		c->setopt(h->handle, CURLOPT_CAINFO, o->ca_file.s);
	if (is_loopback(http_host(url)))
		c->setopt(h->handle, CURLOPT_PROXY, "");
}

static void
set_request(struct http *h, const struct http_request *q, struct body *b)
{
	const struct curl *c = h->curl;
	if (q->body.len) {
		c->setopt(h->handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body.len);
		c->setopt(h->handle, CURLOPT_POSTFIELDS, q->body.s);
	}
	c->setopt(h->handle, CURLOPT_CUSTOMREQUEST, q->method);
	c->setopt(h->handle, CURLOPT_WRITEFUNCTION, receive);
	c->setopt(h->handle, CURLOPT_WRITEDATA, b);
	c->setopt(h->handle, CURLOPT_XFERINFOFUNCTION, pass_time);
	c->setopt(h->handle, CURLOPT_XFERINFODATA, h);
	c->setopt(h->handle, CURLOPT_NOPROGRESS, 0L);
}

static void
log_request(const struct http *h, struct arena *a, const struct http_request *q,
	const struct http_reply *r)
{
	if (!h->options->log)
		return;
	long ms = (long)(now_ms() - h->since);
	struct str line = r->fault ? str_printf(a, "%s %.*s: %.*s, %ld ms", q->method,
					     STR_ARG(q->url), STR_ARG(r->error), ms)
				   : str_printf(a, "%s %.*s: %d, %zu bytes, %ld ms", q->method,
					     STR_ARG(q->url), r->status, r->body.len, ms);
	h->options->log(h->options->ctx, line.s);
}

/* Sends q once; *next is where the answer redirects to, or empty. */
static void
ask_once(struct http *h, struct arena *a, const struct http_request *q, struct http_reply *r)
{
	const struct curl *c = h->curl;
	struct body b = {.text = {.a = a}};
	char message[CURL_ERROR_SIZE] = "";
	long status = 0, size = 0;
	curl_off_t wait = 0;
	h->since = now_ms();
	h->whom = str_sub(q->url, 0, str_find(q->url, STR("/"), strlen("https://")));
	c->reset(h->handle);
	set_connection(h, str_copy(a, q->url));
	set_request(h, q, &b);
	struct curl_slist *headers = headers_of(h, a, q, q->token.len > 0);
	c->setopt(h->handle, CURLOPT_HTTPHEADER, headers);
	c->setopt(h->handle, CURLOPT_ERRORBUFFER, message);
	CURLcode code = c->perform(h->handle);
	c->getinfo(h->handle, CURLINFO_RESPONSE_CODE, &status);
	c->getinfo(h->handle, CURLINFO_RETRY_AFTER, &wait);
	c->getinfo(h->handle, CURLINFO_REQUEST_SIZE, &size);
	c->slist_free_all(headers);
	c->setopt(h->handle, CURLOPT_ERRORBUFFER, NULL);
	*r = (struct http_reply){.fault = fault_of(code, &b),
		.status = (int)status,
		.retry_after = wait < 0       ? 0
			       : wait > 86400 ? 86400
					      : (int)wait,
		.sent = size > 0,
		.body = str_copy(a, sb_str(&b.text)),
		.error = str_copy(a, str_of(*message ? message : c->strerror(code)))};
	log_request(h, a, q, r);
}

/* ---- redirects --------------------------------------------------------------------------- */

static bool
is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* The address that the last answer named: libcurl has made it absolute. */
static struct str
redirect_target(const struct http *h, struct arena *a)
{
	char *url = NULL;
	h->curl->getinfo(h->handle, CURLINFO_REDIRECT_URL, &url);
	return str_copy(a, str_of(url));
}

static void
refuse_redirect(struct http_reply *r, struct arena *a, struct str to, const char *why)
{
	r->fault = HTTP_REDIRECTS;
	r->error = str_printf(a, "%s (to %.*s)", why, STR_ARG(to));
}

/* Follows redirects of reads. What POST sends is sent again only where the server says so (307,
 * 308), and a write goes nowhere but where it was meant to go. */
static void
ask_along(struct http *h, struct arena *a, const struct http_request *q, struct http_reply *r)
{
	struct http_request next = *q;
	for (int i = 0;; i++) {
		ask_once(h, a, &next, r);
		if (r->fault || !is_redirect(r->status))
			return;
		struct str to = redirect_target(h, a);
		if (i == REDIRECTS_MOST) {
			refuse_redirect(r, a, to, "too many redirects");
			return;
		}
		bool downgrade =
			str_starts(next.url, STR("https:")) && str_starts(to, STR("http:"));
		if (!http_allowed(to) || downgrade) {
			refuse_redirect(r, a, to, "a redirect to where no TLS is");
			return;
		}
		if (q->is_orb && !http_may_fetch(h->options, to)) {
			refuse_redirect(r, a, to, "a redirect to where no orb may be fetched from");
			return;
		}
		if (q->write || (q->body.len && r->status != 307 && r->status != 308)) {
			refuse_redirect(r, a, to, "a redirect of what was sent");
			return;
		}
		if (!same_host(next.url, to))
			next.token = STR("");
		next.url = to;
	}
}

/* ---- retries ----------------------------------------------------------------------------- */

static bool
is_worth_retrying(const struct http_reply *r)
{
	if (r->fault)
		return r->fault == HTTP_CUT;
	return r->status == 429 || (r->status >= 500 && r->status != 501);
}

static bool
load(struct http *h)
{
	if (!h->curl)
		h->curl = curl_load();
	if (h->curl && !h->handle)
		h->handle = h->curl->init();
	return h->handle != NULL;
}

void
http_ask(struct http *h, struct arena *a, const struct http_request *q, struct http_reply *r)
{
	*r = (struct http_reply){.fault = HTTP_NO_LIBRARY};
	if (!http_allowed(q->url) || (q->is_orb && !http_may_fetch(h->options, q->url))) {
		r->fault = HTTP_ADDRESS;
		return;
	}
	if (!load(h))
		return;
	int64_t pause = 300;
	for (int i = 1;; i++, pause *= 3) {
		ask_along(h, a, q, r);
		if (q->write || i == TRIES || !is_worth_retrying(r) || r->retry_after > WAIT_MOST)
			return;
		sleep_ms(r->retry_after ? (int64_t)r->retry_after * 1000 : pause);
	}
}

struct http *
http_new(struct arena *a, const struct registry_options *o)
{
	struct http *h = NEW(a, struct http);
	h->options = o;
	return h;
}

void
http_free(struct http *h)
{
	if (h->handle)
		h->curl->cleanup(h->handle);
	h->handle = NULL;
}
