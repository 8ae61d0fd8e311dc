/* SPDX-License-Identifier: MIT */
#include "orb_input.h"

#include "ccx/limits.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

void
orb_places_open(struct cli *cli, const struct orb_lookup *lookup, struct orb_places *places)
{
	struct pipeline p = {.orb_paths = lookup->orb_paths,
		.remote = lookup->remote,
		.offline = lookup->offline};
	pipeline_orbs(cli->a, &p, ".circleci/config.yml", &places->orbs);
	pipeline_remote_open(cli, &p, &places->remote);
	pipeline_remote_add(&places->remote, &places->orbs);
}

void
orb_places_close(struct orb_places *places)
{
	pipeline_remote_close(&places->remote);
}

const char *
orb_places_lack(const struct orb_places *places)
{
	return places->remote.registry ? "nothing is there, or not for everybody"
				       : "it is not in the cache";
}

/* Where the last part of a path begins. */
static size_t
last_part(struct str path)
{
	size_t at = path.len;
	while (at > 0 && path.s[at - 1] != '/')
		at--;
	return at;
}

void
orb_input_name(struct str path, struct str *name, struct str *version)
{
	struct orb_ref ref;
	const char *why;
	char text[300];
	*name = *version = STR("");
	size_t file = last_part(path);
	struct str stem = str_sub(path, file, path.len);
	if (!file || !str_ends(stem, STR(".yml")) || path.len >= sizeof text)
		return;
	stem.len -= 4;
	size_t own = last_part(str_sub(path, 0, file - 1));
	size_t ns = own ? last_part(str_sub(path, 0, own - 1)) : own;
	struct str both = str_sub(path, ns, file - 1);
	memcpy(text, both.s, both.len);
	text[both.len] = '@';
	memcpy(text + both.len + 1, stem.s, stem.len);
	struct str whole = {text, both.len + 1 + stem.len};
	if (!orb_ref_parse(whole, &ref, &why) || (ref.kind != ORB_EXACT && ref.kind != ORB_DEV))
		return;
	*name = both;
	*version = stem;
}

static enum exit_code
find(struct cli *cli, struct orb_places *places, const struct orb_ref *ref, struct orb_input *in)
{
	struct orb_found found;
	enum orb_result result = orb_find(&places->orbs, ref, &found);
	if (result == ORB_MISSING && ref->kind == ORB_URL) {
		cli_say("%.*s: %s", STR_ARG(ref->text), orb_places_lack(places));
		return EXIT_MISSING;
	}
	if (result == ORB_MISSING) {
		cli_say("there is no file and no orb %.*s", STR_ARG(ref->text));
		return EXIT_MISSING;
	}
	if (result != ORB_FOUND) {
		cli_say("%.*s", STR_ARG(found.error));
		return EXIT_OTHER;
	}
	/* What the registry gave lives no longer than its connection. */
	in->text = str_copy(cli->a, found.text);
	in->path = str_copy(cli->a, found.origin);
	in->version = str_copy(cli->a, found.exact);
	if (ref->kind != ORB_URL)
		in->name = str_printf(cli->a, "%.*s/%.*s", STR_ARG(ref->ns), STR_ARG(ref->name));
	return EXIT_OK;
}

enum exit_code
orb_input_read(
	struct cli *cli, struct orb_places *places, const char *operand, struct orb_input *in)
{
	struct orb_ref ref;
	const char *why;
	bool piped = strcmp(operand, "-") == 0;
	*in = (struct orb_input){.path = piped ? STR("<stdin>") : str_of(operand)};
	if (!piped && !file_exists(operand) && orb_ref_parse(str_of(operand), &ref, &why))
		return find(cli, places, &ref, in);
	orb_input_name(in->path, &in->name, &in->version);
	if (file_read(cli->a, operand, LIMIT_FILE_BYTES, &in->text))
		return EXIT_OK;
	int error = errno;
	cli_say("cannot read %s: %s", operand, strerror(error));
	return cli_read_fault(error);
}

bool
orb_input_is_folder(const char *operand)
{
	struct stat st;
	return strcmp(operand, "-") != 0 && stat(operand, &st) == 0 && S_ISDIR(st.st_mode);
}

static void
pack_folder(struct arena *a, const char *operand, struct orb_document *doc)
{
	struct pack_options how = {.orb = true};
	struct sb b = {.a = a};
	doc->in = (struct orb_input){.path = str_of(operand)};
	doc->root = pack_tree(a, doc->sources, doc->in.path, &how, doc->diags);
	if (!doc->root)
		return;
	node_print_go(&b, doc->root);
	doc->in.text = sb_str(&b);
}

enum exit_code
orb_input_load(
	struct cli *cli, struct orb_places *places, const char *operand, struct orb_document *doc)
{
	if (orb_input_is_folder(operand)) {
		pack_folder(cli->a, operand, doc);
		return EXIT_OK;
	}
	enum exit_code code = orb_input_read(cli, places, operand, &doc->in);
	if (code != EXIT_OK)
		return code;
	uint32_t file = source_add(doc->sources, doc->in.path, doc->in.text);
	doc->root = node_load(cli->a, doc->sources, file, doc->diags);
	return EXIT_OK;
}
