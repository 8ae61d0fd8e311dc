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

bool
baseline_apply(
	struct cli *cli, const char *path, const struct report_input *in, struct diag_list *d)
{
	struct str text;
	struct map known = {0};
	if (!file_read(cli->a, path, LIMIT_FILE_BYTES, &text)) {
		cli_say("cannot read %s: %s", path, strerror(errno));
		return false;
	}
	const struct str *prints = report_fingerprints(cli->a, in);
	uint32_t n = d->all.n;
	uint32_t file = source_add(in->sources, str_of(path), text);
	if (!read_fingerprints(cli->a, in, file, d, &known))
		return true;
	for (uint32_t i = 0; i < n; i++)
		if (!d->all.v[i].ignored && map_has(&known, prints[i]))
			diag_ignore(d, &d->all.v[i], STR("baseline"));
	return true;
}

/* ---- writing ----------------------------------------------------------------------------- */

static const struct node *
finding_node(struct arena *a, const struct report_input *in, const struct diag *g, struct str print)
{
	const struct source *source = source_of(in->sources, g->span.file);
	struct str values[] = {
		print, str_of(rule_info(g->rule)->id), source ? source->path : STR(""), g->message};
	static const char *const keys[] = {"fingerprint", "rule", "path", "message"};
	enum { N = sizeof keys / sizeof *keys };
	struct pair *pairs = NEW_ARRAY(a, struct pair, N);
	for (size_t i = 0; i < N; i++)
		pairs[i] = (struct pair){text_node(a, str_of(keys[i])), text_node(a, values[i])};
	return node_map(a, pairs, N, (struct span){0});
}

bool
baseline_update(
	struct cli *cli, const char *path, const struct report_input *in, struct diag_list *d)
{
	struct arena *a = cli->a;
	const struct str *prints = report_fingerprints(a, in);
	const struct node **items = NEW_ARRAY(a, const struct node *, d->all.n + 1);
	uint32_t n = 0;
	for (uint32_t i = 0; i < d->all.n; i++) {
		struct diag *g = &d->all.v[i];
		if (g->ignored)
			continue;
		items[n++] = finding_node(a, in, g, prints[i]);
		diag_ignore(d, g, STR("baseline"));
	}
	struct span none = {0};
	struct pair pairs[] = {{text_node(a, STR("version")), node_int(a, 1, none)},
		{text_node(a, STR("findings")), node_list(a, items, n, none)}};
	struct sb b = {.a = a};
	node_print_json(&b, node_map(a, pairs, 2, none));
	if (!str_ends(sb_str(&b), STR("\n")))
		sb_char(&b, '\n');
	if (file_write(path, sb_str(&b)))
		return true;
	cli_say("cannot write %s: %s", path, strerror(errno));
	return false;
}
