/* SPDX-License-Identifier: MIT */
/* The text of a compiled config: comments, the document, sometimes the source once more. */
#include "ccx/compile.h"

#include "internal.h"

/* The source goes through a JSON encoder whose line breaks were put back. */
static void
print_escaped(struct sb *out, struct str line)
{
	for (size_t at = 0; at < line.len;) {
		int32_t c = utf8_next(line, &at);
		if (c == '"' || c == '\\')
			sb_printf(out, "\\%c", (char)c);
		else if (c == '\t')
			sb_puts(out, "\\t");
		else if (c >= 0x10000)
			sb_printf(out, "\\u%04X\\u%04X", 0xd800 + (unsigned)((c - 0x10000) >> 10),
				0xdc00 + (unsigned)((c - 0x10000) & 0x3ff));
		else if (c < 0x20 || c >= 0x7f)
			sb_printf(out, "\\u%04X", c < 0 ? 0xfffd : (unsigned)c);
		else
			sb_char(out, (char)c);
	}
}

static void
print_original(struct sb *out, struct str source)
{
	while (source.len && source.s[source.len - 1] == '\n')
		source.len--;
	sb_puts(out, "\n# Original config.yml file:\n");
	for (size_t from = 0; from <= source.len;) {
		size_t to = str_find(source, STR("\n"), from);
		to = to == SIZE_MAX ? source.len : to;
		struct str line = str_sub(source, from, to);
		if (line.len && line.s[line.len - 1] == '\r')
			line.len--;
		sb_puts(out, "# ");
		print_escaped(out, line);
		sb_char(out, '\n');
		from = to + 1;
	}
}

void
compiled_print(struct sb *out, const struct compiled *c, struct compat compat, struct str source,
	bool original)
{
	struct compat_style style = compat_style(compat);
	size_t before = out->len;
	for (uint32_t i = 0; style.comments && i < c->ncomments; i++)
		sb_printf(out, "# %.*s\n", STR_ARG(c->comments[i]));
	node_print(out, c->config, (struct print_style){.fold = style.fold});
	size_t length = utf8_count(str_sub(sb_str(out), before, out->len));
	if (original || (!c->version2 && length <= style.original_most))
		print_original(out, source);
}
