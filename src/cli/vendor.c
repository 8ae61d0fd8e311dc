/* SPDX-License-Identifier: MIT */
#include "vendor.h"

#include <string.h>

bool
vendor_is(const char *program)
{
	const char *slash = program ? strrchr(program, '/') : NULL;
	return program && strcmp(slash ? slash + 1 : program, "circleci") == 0;
}

/* ---- options ----------------------------------------------------------------------------- */

/* Those that ccx does not know or gives another meaning. All speak of a network, of an account or
 * of what ccx does anyway. */
static const struct vendor_opt {
	const char *name;
	char letter; /* in config validate and config process */
	bool value;
} vendor_opts[] = {
	{"org-slug", 'o', true},
	{"ignore-deprecated-images", 0, false},
	{"endpoint", 0, true},
	{"github-api", 0, true},
	{"insecure-storage", 0, false},
	{"telemetry", 0, true},
};

/* How many words at args are such an option; 0: it is another. */
static int
vendor_words(char *const *args, bool letters)
{
	const char *word = args[0];
	for (size_t i = 0; i < sizeof vendor_opts / sizeof *vendor_opts; i++) {
		const struct vendor_opt *o = &vendor_opts[i];
		size_t n = strlen(o->name);
		bool named = strncmp(word, "--", 2) == 0 && strncmp(word + 2, o->name, n) == 0;
		bool short_form = letters && o->letter && word[0] == '-' && word[1] == o->letter;
		if ((named && word[2 + n] == '=') || (short_form && word[2]))
			return 1;
		if ((named && !word[2 + n]) || short_form)
			return o->value && args[1] ? 2 : 1;
	}
	return 0;
}

char **
vendor_args(struct arena *a, char **args, const struct command *of)
{
	bool letters = of && (strcmp(of->name, "config validate") == 0 ||
				     strcmp(of->name, "config process") == 0);
	size_t n = 0, kept = 0;
	while (args[n])
		n++;
	char **out = NEW_ARRAY(a, char *, n + 1);
	for (size_t i = 0; i < n;) {
		if (strcmp(args[i], "--") == 0)
			letters = false;
		int words = vendor_words(args + i, letters);
		if (!words)
			out[kept++] = args[i];
		i += words ? (size_t)words : 1;
	}
	return out;
}

/* ---- what is said ------------------------------------------------------------------------ */

static void
put_error(struct sb *out, struct sources *s, const struct diag *g, bool path)
{
	const struct source *source = source_of(s, g->span.file);
	sb_puts(out, "- ");
	if (source) {
		struct place p = source_place(s, g->span.file, g->span.off);
		if (path)
			sb_printf(out, "%.*s, ", STR_ARG(source->path));
		sb_printf(out, "line %u, column %u: ", (unsigned)p.line, (unsigned)p.column);
	}
	for (size_t i = 0; i < g->message.len; i++) {
		sb_char(out, g->message.s[i]);
		if (g->message.s[i] == '\n')
			sb_puts(out, "  ");
	}
	sb_printf(out, " [%s]\n", rule_info(g->rule)->id);
	if (g->label.len)
		sb_printf(out, "  %.*s\n", STR_ARG(g->label));
	if (g->help.len)
		sb_printf(out, "  %.*s\n", STR_ARG(g->help));
}

static bool
is_error(const struct diag *g)
{
	return g->severity == SEVERITY_ERROR && !g->ignored;
}

void
vendor_report(struct sb *out, struct sources *s, const struct diag_list *d)
{
	uint32_t file = 0;
	bool several = false; /* the errors are not all in one file */
	for (uint32_t i = 0; i < d->all.n; i++) {
		const struct diag *g = &d->all.v[i];
		several = several || (is_error(g) && file && g->span.file != file);
		file = is_error(g) ? g->span.file : file;
	}
	if (d->errors)
		sb_puts(out, "Error: ERROR IN CONFIG FILE:\n");
	for (uint32_t i = 0; i < d->all.n; i++)
		if (is_error(&d->all.v[i]))
			put_error(out, s, &d->all.v[i], several);
	/* What was not looked at is said even when all else is well. */
	for (uint32_t i = 0; i < d->all.n; i++) {
		const struct diag *g = &d->all.v[i];
		if (g->rule == RULE_ORB_NOT_FOUND && g->severity != SEVERITY_ERROR)
			sb_printf(out, "Warning: not checked: %.*s\n", STR_ARG(g->message));
	}
}

void
vendor_valid(struct sb *out, const char *path)
{
	if (strcmp(path, "-") == 0)
		sb_puts(out, "Config input is valid.\n");
	else
		sb_printf(out, "Config file at %s is valid.\n", path);
}
