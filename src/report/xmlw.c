/* SPDX-License-Identifier: MIT */
/* Escapes for XML. */
#include "ccx/report.h"

#include "xmlw.h"

static bool
is_xml_char(int32_t c)
{
	return c >= ' ' ? c != 0xfffe && c != 0xffff : c == '\t' || c == '\n' || c == '\r';
}

/* An attribute's white space other than blanks would be read as a blank; a CR in text as LF. */
static void
put_escaped(struct sb *out, struct str text, bool attribute)
{
	for (size_t at = 0; at < text.len;) {
		int32_t c = utf8_next(text, &at);
		if (c == '&')
			sb_puts(out, "&amp;");
		else if (c == '<')
			sb_puts(out, "&lt;");
		else if (c == '>')
			sb_puts(out, "&gt;");
		else if (c == '"' && attribute)
			sb_puts(out, "&quot;");
		else if (c == '\r' || (attribute && (c == '\n' || c == '\t')))
			sb_printf(out, "&#%d;", (int)c);
		else
			utf8_put(out, is_xml_char(c) ? (uint32_t)c : 0xfffd);
	}
}

void
xmlw_attr(struct sb *out, const char *name, struct str value)
{
	sb_printf(out, " %s=\"", name);
	put_escaped(out, value, true);
	sb_char(out, '"');
}

void
xmlw_number(struct sb *out, const char *name, uint64_t value)
{
	sb_printf(out, " %s=\"%llu\"", name, (unsigned long long)value);
}

void
xmlw_text(struct sb *out, struct str text)
{
	put_escaped(out, text, false);
}
