/* SPDX-License-Identifier: MIT */
/*
 * Baselines: findings that are known. Only the fingerprints count; the rest is for people who read
 * the file.
 *
 *     {"version": 1, "findings": [{"fingerprint": "…", "rule": "…", "path": "…", "message": "…"}]}
 */
#include "findings.h"

#include "ccx/limits.h"

#include <errno.h>
#include <string.h>

static const struct node *
text_node(struct arena *a, struct str text)
{
	return node_string(a, text, (struct span){0});
}

/* The fingerprints that findings have when the paths of their files begin at the project. */
static struct str *
fingerprints(struct arena *a, const struct baseline *b, const struct report_input *in)
{
	struct sources sources = {.a = a};
	struct report_input project = *in;
	for (uint32_t i = 0; i < in->sources->all.n; i++) {
		struct source source = in->sources->all.v[i];
		source.path = project_path(a, b->paths, source.path);
		vec_push(a, &sources.all, source);
	}
	project.sources = &sources;
	return report_fingerprints(a, &project);
}

/* ---- reading ----------------------------------------------------------------------------- */

/* JSON is YAML, so that what is wrong with it gets a code frame. */
static bool
read_fingerprints(struct arena *a, const struct report_input *in, uint32_t file,
	struct diag_list *d, struct map *known)
{
	const struct node *root = node_load(a, in->sources, file, d);
	const struct node *findings = node_get(root, "findings"),
			  *version = node_get(root, "version");
	if (!root)
		return false;
	bool one = node_has(version, NODE_INT) && version->u.integer == 1;
	if (!one || !node_has(findings, NODE_LIST)) {
		diag_push(d, RULE_INVALID_VALUE, (struct span){.file = file},
			"this is no baseline that this ccx can read");
		return false;
	}
	for (uint32_t i = 0; i < findings->count; i++) {
		const struct node *print = node_get(findings->u.items[i], "fingerprint");
		if (node_has(print, NODE_STRING))
			map_put(a, known, print->u.text, (void *)print);
	}
	return true;
}

enum exit_code
baseline_apply(struct cli *cli, const struct baseline *b, const struct report_input *in,
	struct diag_list *d)
{
	struct str text;
	struct map known = {0};
	if (!file_read(cli->a, b->path, LIMIT_FILE_BYTES, &text)) {
		int error = errno;
		cli_say("cannot read %s: %s", b->path, strerror(error));
		return cli_read_fault(error);
	}
	const struct str *prints = fingerprints(cli->a, b, in);
	uint32_t n = d->all.n;
	uint32_t file = source_add(in->sources, str_of(b->path), text);
	if (!read_fingerprints(cli->a, in, file, d, &known))
		return EXIT_OK; /* a finding says why */
	for (uint32_t i = 0; i < n; i++)
		if (!d->all.v[i].ignored && map_has(&known, prints[i]))
			diag_ignore(d, &d->all.v[i], STR("baseline"));
	return EXIT_OK;
}

/* ---- writing ----------------------------------------------------------------------------- */

static const struct node *
finding_node(struct arena *a, const struct report_input *in, const struct baseline *b,
	const struct diag *g, struct str print)
{
	const struct source *source = source_of(in->sources, g->span.file);
	struct str values[] = {print, str_of(rule_info(g->rule)->id),
		source ? project_path(a, b->paths, source->path) : STR(""), g->message};
	static const char *const keys[] = {"fingerprint", "rule", "path", "message"};
	enum { N = sizeof keys / sizeof *keys };
	struct pair *pairs = NEW_ARRAY(a, struct pair, N);
	for (size_t i = 0; i < N; i++)
		pairs[i] = (struct pair){text_node(a, str_of(keys[i])), text_node(a, values[i])};
	return node_map(a, pairs, N, (struct span){0});
}

enum exit_code
baseline_update(struct cli *cli, const struct baseline *b, const struct report_input *in,
	struct diag_list *d)
{
	struct arena *a = cli->a;
	const struct str *prints = fingerprints(a, b, in);
	const struct node **items = NEW_ARRAY(a, const struct node *, d->all.n + 1);
	uint32_t n = 0;
	for (uint32_t i = 0; i < d->all.n; i++) {
		struct diag *g = &d->all.v[i];
		if (g->ignored)
			continue;
		items[n++] = finding_node(a, in, b, g, prints[i]);
		diag_ignore(d, g, STR("baseline"));
	}
	struct span none = {0};
	struct pair pairs[] = {{text_node(a, STR("version")), node_int(a, 1, none)},
		{text_node(a, STR("findings")), node_list(a, items, n, none)}};
	struct sb out = {.a = a};
	node_print_json(&out, node_map(a, pairs, 2, none));
	if (!str_ends(sb_str(&out), STR("\n")))
		sb_char(&out, '\n');
	if (file_write(b->path, sb_str(&out)))
		return EXIT_OK;
	cli_say("cannot write %s: %s", b->path, strerror(errno));
	return EXIT_OTHER;
}
