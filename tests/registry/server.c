/* SPDX-License-Identifier: MIT */
/*
 * A registry for the tests of its client: server [LOG [ORBS]]. Listens on a free port of this
 * machine, which it prints; speaks both generations of the interface over plain HTTP, one request a
 * connection; and fails in the way that the first part of the path says: /FAULT/api/v3/….
 *
 * It has every orb of the namespace circleci, in version 5.2.1: the source of circleci/x is the
 * file ORBS/x.yml, or one for all of them. Each request is written to LOG as a line: method, path,
 * and the token that came with it.
 */
#include <jansson.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_MOST = 1 << 20, SOURCE_MOST = 1 << 20, PAGES = 3 };

struct request {
	int fd;
	int number; /* counts from 1 */
	int port;
	char *text, *body;
	char method[8], path[2048], fault[32];
	char token[128];
	const char *orbs; /* folder of sources; or NULL */
};

#define ORB_SOURCE "version: 2.1\ncommands: {install: {steps: [{run: echo install}]}}\n"

/* ---- answers ----------------------------------------------------------------------------- */

static void
send_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);
		if (n <= 0)
			return;
		text += n;
		len -= (size_t)n;
	}
}

static void
send_text(const struct request *q, const char *text)
{
	send_all(q->fd, text, strlen(text));
}

static void
answer(const struct request *q, int status, const char *headers, const char *body)
{
	char head[1024];
	int n = snprintf(head, sizeof head,
		"HTTP/1.1 %d X\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n", status,
		strlen(body), headers);
	send_all(q->fd, head, (size_t)n);
	send_all(q->fd, body, strlen(body));
}

static void
answer_json(const struct request *q, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);
	answer(q, 200, "Content-Type: application/json\r\n", text ? text : "{}");
	free(text);
	json_decref(json);
}

/* The source of the orb whose name text begins with, which another character ends. */
static const char *
source_of(const struct request *q, const char *text)
{
	static char source[SOURCE_MOST];
	char path[512];
	int len = (int)strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");
	snprintf(path, sizeof path, "%s/%.*s.yml", q->orbs ? q->orbs : "", len, text);
	FILE *f = q->orbs ? fopen(path, "r") : NULL;
	if (!f)
		return ORB_SOURCE;
	source[fread(source, 1, sizeof source - 1, f)] = 0;
	fclose(f);
	return source;
}

/* ---- faults ------------------------------------------------------------------------------ */

static void
redirect(const struct request *q, const char *to)
{
	char header[3000];
	snprintf(header, sizeof header, "Location: %s\r\n", to);
	answer(q, 307, header, "");
}

/* True when the fault was the whole answer. */
static bool
fail(const struct request *q)
{
	static const struct {
		const char *fault;
		int status;
		const char *headers, *body;
	} plain[] = {
		{"401", 401, "", "{\"message\":\"You must log in first.\"}"},
		{"403", 403, "", "{\"error\":{\"title\":\"Forbidden\"}}"},
		{"404", 404, "", "{\"error\":{\"title\":\"Not found\"}}"},
		{"500", 500, "", "oops"},
		{"429", 429, "Retry-After: 3600\r\n", ""},
		{"garbage", 200, "", "<html>{]"},
		{"empty", 200, "", ""},
		{"list", 200, "", "[]"},
		{"nothing", 200, "", "{}"},
		{"wrongtype", 200, "", "{\"data\":{\"orbVersion\":7,\"orb\":[],\"id\":{}}}"},
		{"nulls", 200, "", "{\"data\":[null]}"},
	};
	const char *f = q->fault;
	char to[2200];
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		if (strcmp(f, plain[i].fault) == 0) {
			answer(q, plain[i].status, plain[i].headers, plain[i].body);
			return true;
		}
	}
	if (strcmp(f, "slow") == 0) {
		sleep(3);
	} else if (strcmp(f, "cut") == 0) {
		send_text(q, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"data\"");
	} else if (strcmp(f, "reset") == 0) {
		struct linger now = {1, 0};
		setsockopt(q->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	} else if (strcmp(f, "loop") == 0) {
		redirect(q, q->path);
	} else if (strcmp(f, "away") == 0) { /* another host: its name differs */
		snprintf(
			to, sizeof to, "http://localhost:%d%s", q->port, q->path + strlen("/away"));
		redirect(q, to);
	} else if (strcmp(f, "outside") == 0) {
		redirect(q, "http://circleci.example/");
	} else {
		return false;
	}
	return true;
}

/* Faults that pass: the first request fails, the next does not. */
static bool
fail_once(const struct request *q)
{
	if (q->number % 2 == 0)
		return false;
	if (strcmp(q->fault, "busy") == 0)
		answer(q, 429, "Retry-After: 1\r\n", "");
	else if (strcmp(q->fault, "flaky") == 0)
		answer(q, 503, "", "");
	else
		return false;
	return true;
}

/* ---- v3 ---------------------------------------------------------------------------------- */

static bool
has(const struct request *q, const char *part)
{
	return strstr(q->path, part) != NULL;
}

static json_t *
v3_orb(int i)
{
	char name[32];
	snprintf(name, sizeof name, i ? "circleci/orb%d" : "circleci/node", i);
	return json_pack("{s:s,s:{s:s,s:b,s:b,s:s,s:i},s:{s:[{s:s,s:{s:s,s:s}},{s:s,s:{s:s}}],"
			 "s:[{s:{s:s}}]}}",
		"id", "orb-id", "attributes", "name", name, "is_private", 0, "is_listed", 1,
		"created_at", "2020-01-02", "last_30_days_build_count", 12, "references",
		"orb_versions", "id", "v2", "attributes", "version", "5.2.1", "created_at",
		"2024-01-02", "id", "v1", "attributes", "version", "5.1.0", "orb_categories",
		"attributes", "name", "Build");
}

static void
v3_list(const struct request *q)
{
	const char *cursor = strstr(q->path, "cursor%5D=");
	int page = cursor ? atoi(cursor + 10) : 0;
	char next[16];
	json_t *list = json_array();
	for (int i = 0; i < 2; i++)
		json_array_append_new(list, v3_orb(2 * page + i));
	snprintf(next, sizeof next, "%d", page + 1);
	answer_json(q, json_pack("{s:o,s:{s:s?}}", "data", list, "page", "next",
			       page + 1 < PAGES ? next : NULL));
}

/* …?filter[ref]=circleci/node@5, percent-encoded; the id of a version is its orb's name. */
static void
v3_version(const struct request *q)
{
	const char *name = strstr(q->path, "circleci%2F");
	if (!name) {
		answer(q, 200, "", "{\"data\":[]}");
		return;
	}
	name += strlen("circleci%2F");
	answer_json(
		q, json_pack("{s:[{s:s%,s:{s:s}}]}", "data", "id", name, (int)strcspn(name, "%"),
			   "attributes", "version", has(q, "dev%3A") ? "dev:x" : "5.2.1"));
}

static void
v3(const struct request *q)
{
	bool post = strcmp(q->method, "POST") == 0;
	if (has(q, "/orb/categories"))
		answer(q, 200, "",
			"{\"data\":[{\"id\":\"c1\",\"attributes\":{\"name\":\"Build\"}},"
			"{\"id\":\"c2\",\"attributes\":{\"name\":\"Testing\"}}]}");
	else if (has(q, "/namespaces"))
		answer(q, 200, "",
			has(q, "=nobody") ? "{\"data\":[]}" : "{\"data\":[{\"id\":\"n1\"}]}");
	else if (has(q, "/source"))
		answer(q, 200, "", source_of(q, strstr(q->path, "/versions/") + 10));
	else if (has(q, "/promote"))
		answer(q, 200, "", "{\"data\":{\"attributes\":{\"version\":\"5.2.2\"}}}");
	else if (has(q, "/process") && strstr(q->body, "\"org_id\":\"org-1\""))
		answer(q, 200, "",
			"{\"data\":{\"attributes\":{\"is_valid\":true,"
			"\"output_yaml\":\"owner: org-1\"}}}");
	else if (has(q, "/process"))
		answer(q, 200, "",
			"{\"data\":{\"attributes\":{\"is_valid\":false,"
			"\"errors\":[{\"message\":\"no\"}]}}}");
	else if (post)
		answer(q, 200, "", "{\"data\":{}}");
	else if (has(q, "/orb/versions"))
		v3_version(q);
	else if (has(q, "filter%5Bname%5D=circleci%2Fnode"))
		answer_json(q, json_pack("{s:[o]}", "data", v3_orb(0)));
	else if (has(q, "filter%5Bname%5D="))
		answer(q, 200, "", "{\"data\":[]}");
	else
		v3_list(q);
}

/* ---- GraphQL ----------------------------------------------------------------------------- */

static json_t *
graphql_orb(void)
{
	return json_pack("{s:s,s:s,s:s,s:b,s:[{s:s}],s:{s:i},s:[{s:s,s:s},{s:s}]}", "id", "orb-id",
		"name", "circleci/node", "createdAt", "2020-01-02", "isPrivate", 0, "categories",
		"name", "Build", "statistics", "last30DaysBuildCount", 12, "versions", "version",
		"5.2.1", "createdAt", "2024-01-02", "version", "5.1.0");
}

static json_t *
graphql_list(const char *after)
{
	int page = *after ? atoi(after) : 0;
	char cursor[16];
	snprintf(cursor, sizeof cursor, "%d", page + 1);
	return json_pack("{s:[{s:s,s:o}],s:{s:b}}", "edges", "cursor", cursor, "node",
		graphql_orb(), "pageInfo", "hasNextPage", page + 1 < PAGES);
}

static void
graphql(const struct request *q)
{
	json_t *body = json_loads(q->body, 0, NULL);
	const char *query = json_string_value(json_object_get(body, "query"));
	json_t *vars = json_object_get(body, "variables");
	const char *ref = json_string_value(json_object_get(vars, "ref"));
	const char *after = json_string_value(json_object_get(vars, "after"));
	const char *name = json_string_value(json_object_get(vars, "name"));
	query = query ? query : "";
	if (strcmp(q->fault, "refuse") == 0 && strstr(query, "publishOrb"))
		answer(q, 200, "",
			"{\"data\":{\"publishOrb\":{\"errors\":[{\"message\":\"taken\"}]}}}");
	else if (strncmp(query, "mutation", 8) == 0)
		answer(q, 200, "", "{\"data\":{}}");
	else if (strstr(query, "orbVersion") && ref && strncmp(ref, "circleci/", 9) == 0)
		answer_json(q, json_pack("{s:{s:{s:s,s:s}}}", "data", "orbVersion", "version",
				       strstr(ref, "dev:") ? "dev:x" : "5.2.1", "source",
				       source_of(q, ref + 9)));
	else if (strstr(query, "orbCategories"))
		answer(q, 200, "",
			"{\"data\":{\"orbCategories\":{\"edges\":[{\"cursor\":\"1\",\"node\":"
			"{\"id\":\"c1\",\"name\":\"Build\"}}]}}}");
	else if (strstr(query, "ownerId: $owner") && strstr(q->body, "\"owner\":\"org-1\""))
		answer(q, 200, "",
			"{\"data\":{\"orbConfig\":{\"valid\":true,\"outputYaml\":\"owner: "
			"org-1\"}}}");
	else if (strstr(query, "orbConfig"))
		answer(q, 200, "",
			"{\"data\":{\"orbConfig\":{\"valid\":true,\"outputYaml\":\"a: 1\"}}}");
	else if (strstr(query, "registryNamespace") && strstr(query, "orbs("))
		answer_json(q, json_pack("{s:{s:{s:s,s:o}}}", "data", "registryNamespace", "id",
				       "n1", "orbs", graphql_list(after ? after : "")));
	else if (strstr(query, "registryNamespace"))
		answer(q, 200, "", "{\"data\":{\"registryNamespace\":{\"id\":\"n1\"}}}");
	else if (strstr(query, "orbs("))
		answer_json(q,
			json_pack("{s:{s:o}}", "data", "orbs", graphql_list(after ? after : "")));
	else if (name && strcmp(name, "circleci/node") == 0)
		answer_json(q, json_pack("{s:{s:o}}", "data", "orb", graphql_orb()));
	else
		answer(q, 200, "", "{\"data\":{\"orb\":null,\"orbVersion\":null}}");
	json_decref(body);
}

/* ---- requests ---------------------------------------------------------------------------- */

/* Reads up to the end of the body. */
static bool
read_request(struct request *q)
{
	size_t len = 0;
	for (;;) {
		ssize_t n = read(q->fd, q->text + len, REQUEST_MOST - 1 - len);
		if (n <= 0)
			return false;
		len += (size_t)n;
		q->text[len] = 0;
		q->body = strstr(q->text, "\r\n\r\n");
		if (!q->body)
			continue;
		q->body += 4;
		const char *size = strstr(q->text, "Content-Length: ");
		size_t want = size && size < q->body ? (size_t)atol(size + 16) : 0;
		if (len - (size_t)(q->body - q->text) >= want)
			return true;
	}
}

/* GET /FAULT/api/v3/… with Circle-Token, or POST /FAULT/graphql-unstable with Authorization */
static bool
parse_request(struct request *q)
{
	const char *token = strstr(q->text, "Circle-Token: ");
	token = token ? token : strstr(q->text, "Authorization: ");
	strcpy(q->token, "-");
	if (token && token < q->body)
		sscanf(strchr(token, ' '), " %127s", q->token);
	q->fault[0] = 0;
	if (sscanf(q->text, "%7s %2047s", q->method, q->path) != 2)
		return false;
	if (strncmp(q->path, "/api/", 5) != 0 && strncmp(q->path, "/graphql", 8) != 0)
		sscanf(q->path, "/%31[^/]", q->fault);
	return true;
}

static void
serve(struct request *q, FILE *log)
{
	if (!read_request(q) || !parse_request(q))
		return;
	fprintf(log, "%s %s %s\n", q->method, q->path, q->token);
	fflush(log);
	bool is_v3 = has(q, "/api/v3/");
	bool write = strcmp(q->method, "POST") == 0 && is_v3;
	if (strcmp(q->fault, "badwrite") == 0 && write)
		answer(q, 502, "", "");
	else if (strcmp(q->fault, "cutwrite") == 0 && write)
		send_text(q, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{");
	else if (fail(q) || fail_once(q))
		return;
	else if (is_v3 && (strcmp(q->fault, "old") == 0 || strcmp(q->fault, "refuse") == 0))
		answer(q, 404, "", "<html>no such page</html>");
	else if (is_v3)
		v3(q);
	else
		graphql(q);
}

int
main(int argc, char **argv)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t size = sizeof at;
	FILE *log = fopen(argc > 1 ? argv[1] : "/dev/null", "w");
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	struct request q = {.text = malloc(REQUEST_MOST), .orbs = argc > 2 ? argv[2] : NULL};
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (!log || !q.text || listener < 0 || bind(listener, (struct sockaddr *)&at, size) != 0 ||
		listen(listener, 512) != 0 ||
		getsockname(listener, (struct sockaddr *)&at, &size) != 0)
		return 1;
	signal(SIGPIPE, SIG_IGN);
	alarm(300); /* whatever becomes of who started it */
	q.port = ntohs(at.sin_port);
	printf("%d\n", q.port);
	fflush(stdout);
	for (;;) {
		q.fd = accept(listener, NULL, NULL);
		if (q.fd < 0)
			continue;
		q.number++;
		serve(&q, log);
		close(q.fd);
	}
}
