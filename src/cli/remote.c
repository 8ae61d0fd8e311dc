/* SPDX-License-Identifier: MIT */
#include "remote.h"

#include "ccx/yaml.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

const char *const api_choices[] = {"v3", "graphql", NULL};

enum { TIMEOUT_MS = 30000, CONFIG_MOST = 1 << 20 };

#define DEFAULT_HOST "https://circleci.com"
#define DEFAULT_ENDPOINT "graphql-unstable"

/* ---- the official CLI's configuration ---------------------------------------------------- */

struct official {
	struct str host, endpoint, token;
};

static struct str
text_of(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);
	return node_has(n, NODE_STRING) ? n->u.text : STR("");
}

/* host: https://circleci.com
 * endpoint: graphql-unstable
 * token: "0123…" */
static struct official
read_official(struct cli *cli)
{
	struct official o = {STR(""), STR(""), STR("")};
	struct str home = str_of(getenv("HOME")), text;
	struct sources sources;
	struct diag_list diags;
	if (!home.len)
		return o;
	struct str path = path_join(cli->a, home, STR(".circleci/cli.yml"));
	if (!file_read(cli->a, path.s, CONFIG_MOST, &text))
		return o;
	sources_init(&sources, cli->a);
	diag_init(&diags, cli->a);
	const struct node *map =
		node_load(cli->a, &sources, source_add(&sources, path, text), &diags);
	if (!map && cli->common.verbose)
		cli_say("%s is not YAML and has no effect", path.s);
	o.host = text_of(map, "host");
	o.endpoint = text_of(map, "endpoint");
	o.token = text_of(map, "token");
	return o;
}

/* ---- host and token ---------------------------------------------------------------------- */

static struct str
first(struct str a, struct str b)
{
	return a.len ? a : b;
}

/* "circleci.example.com/" -> "https://circleci.example.com" */
static struct str
normal_host(struct arena *a, struct str host)
{
	while (str_ends(host, STR("/")))
		host = str_sub(host, 0, host.len - 1);
	return str_has(host, STR("://")) ? str_copy(a, host)
					 : str_printf(a, "https://%.*s", STR_ARG(host));
}

/* A token of the environment is for the host that is asked. That of the file is for the file's: it
 * must not go to whatever --host says. */
static struct str
find_token(struct cli *cli, const struct official *o, struct str host)
{
	struct str token =
		first(str_of(getenv("CIRCLECI_CLI_TOKEN")), str_of(getenv("CIRCLE_TOKEN")));
	if (!token.len && str_eq(host, normal_host(cli->a, first(o->host, STR(DEFAULT_HOST)))))
		token = o->token;
	else if (!token.len && o->token.len && cli->common.verbose)
		cli_say("the token in ~/.circleci/cli.yml is for another host: not sent");
	return str_copy(cli->a, str_trim(token));
}

static bool
is_header(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.s[i] <= ' ' || (unsigned char)text.s[i] >= 0x7f)
			return false;
	return true;
}

/* ---- the cache --------------------------------------------------------------------------- */

/* "https://ci.example:8443/x" -> "ci.example_8443_x": one folder a host */
static struct str
folder_of(struct arena *a, struct str host)
{
	struct sb b = {.a = a};
	size_t from = str_find(host, STR("://"), 0);
	host = str_sub(host, from == SIZE_MAX ? 0 : from + 3, host.len);
	for (size_t i = 0; i < host.len; i++) {
		char c = host.s[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || c == '-' || (c == '.' && i > 0);
		sb_char(&b, plain ? c : '_');
	}
	return str_copy(a, sb_str(&b));
}

static void
find_cache(struct cli *cli, struct remote *r)
{
	struct str dir = str_of(getenv("XDG_CACHE_HOME")), home = str_of(getenv("HOME"));
	const char *age = getenv("CCX_ORB_MAX_AGE");
	char *end;
	r->cache.max_age = -1;
	r->cache.now = (int64_t)time(NULL);
	/* The XDG rules: a path that is not absolute does not count. */
	if (!str_starts(dir, STR("/")))
		dir = home.len ? path_join(cli->a, home, STR(".cache")) : STR("");
	r->cached = dir.len > 0;
	r->cache.dir = str_printf(cli->a, "%.*s/ccx/orbs/%.*s", STR_ARG(dir),
		STR_ARG(folder_of(cli->a, r->options.host)));
	if (!age || !*age)
		return;
	long long seconds = strtoll(age, &end, 10);
	if (*end || seconds < 0)
		cli_say("CCX_ORB_MAX_AGE is a number of seconds, not \"%s\"", age);
	else
		r->cache.max_age = seconds;
}

/* ---- what is said meanwhile -------------------------------------------------------------- */

static void
say_line(void *ctx, const char *line)
{
	(void)ctx;
	cli_say("%s", line);
}

static void
say_waiting(void *ctx, struct str whom)
{
	(void)ctx;
	cli_say("waiting for %.*s…", STR_ARG(whom));
}

/* ---- the whole --------------------------------------------------------------------------- */

bool
remote_forbidden(bool flag)
{
	const char *env = getenv("CCX_OFFLINE");
	return flag || (env && *env && strcmp(env, "0") != 0);
}

bool
remote_read(struct cli *cli, const struct remote_args *args, struct remote *r)
{
	struct official o = read_official(cli);
	struct registry_options *options = &r->options;
	struct str host = first(str_of(args->host), str_of(getenv("CIRCLECI_CLI_HOST")));
	*r = (struct remote){0};
	options->host = normal_host(cli->a, first(first(host, o.host), STR(DEFAULT_HOST)));
	options->endpoint = str_copy(cli->a, first(o.endpoint, STR(DEFAULT_ENDPOINT)));
	options->token = find_token(cli, &o, options->host);
	options->ca_file = first(str_of(getenv("SSL_CERT_FILE")), str_of(getenv("CURL_CA_BUNDLE")));
	if (getenv("CCX_ORB_URLS"))
		options->orb_urls = str_of(getenv("CCX_ORB_URLS"));
	options->timeout_ms = TIMEOUT_MS;
	int seconds = getenv("CCX_HTTP_TIMEOUT") ? atoi(getenv("CCX_HTTP_TIMEOUT")) : 0;
	if (seconds > 0)
		options->timeout_ms = 1000 * (unsigned)(seconds < 3600 ? seconds : 3600);
	if (args->api)
		options->api = strcmp(args->api, "v3") == 0 ? REGISTRY_V3 : REGISTRY_GRAPHQL;
	options->log = cli->common.verbose ? say_line : NULL;
	options->waiting = isatty(STDERR_FILENO) && !cli->common.quiet ? say_waiting : NULL;
	options->ctx = r;
	find_cache(cli, r);
	if (is_header(options->token) && is_header(options->host))
		return true;
	cli_say("the %s has spaces or control characters in it: it was not copied as it should",
		is_header(options->host) ? "token" : "host");
	return false;
}

struct registry *
remote_open(struct cli *cli, const struct remote_args *args, struct remote *r, enum exit_code *code)
{
	*code = EXIT_USAGE;
	if (remote_forbidden(false)) {
		cli_say("this asks the registry, and CCX_OFFLINE forbids the network");
		return NULL;
	}
	return remote_read(cli, args, r) ? registry_new(cli->a, &r->options) : NULL;
}

enum exit_code
remote_failed(const struct registry *r, enum registry_fault fault)
{
	cli_say("%.*s", STR_ARG(registry_error(r)));
	return fault == REGISTRY_ABSENT ? EXIT_MISSING : EXIT_OTHER;
}

/* ---- writing ----------------------------------------------------------------------------- */

bool
remote_confirm(struct cli *cli, const struct write_args *w, struct str what, enum exit_code *code)
{
	char answer[16] = "";
	*code = EXIT_OK;
	if (w->dry_run) {
		sb_printf(&cli->out, "would %.*s\n", STR_ARG(what));
		return false;
	}
	if (w->yes)
		return true;
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
		cli_say("this would %.*s; say --yes where nobody can be asked", STR_ARG(what));
		*code = EXIT_USAGE;
		return false;
	}
	fprintf(stderr, "This will %.*s. Go on? [y/N] ", STR_ARG(what));
	fflush(stderr);
	if (fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y'))
		return true;
	cli_say("nothing was done");
	*code = EXIT_OTHER;
	return false;
}

enum exit_code
remote_finish(struct cli *cli, const struct registry *r, enum registry_fault fault, struct str what)
{
	if (fault)
		return remote_failed(r, fault);
	if (!cli->common.quiet)
		sb_printf(&cli->out, "done: %.*s\n", STR_ARG(what));
	return EXIT_OK;
}
