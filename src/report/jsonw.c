/* SPDX-License-Identifier: MIT */
/* The JSON writer. Bytes that are not UTF-8 become U+FFFD. */
#include "ccx/report.h"

#include "jsonw.h"

#include "format.h"

#include <assert.h>

static void
put_char(struct sb *out, int32_t c)
{
	static const char letters[] = "btn fr"; /* U+0008 to U+000D; there is no \v */
	if (c == '"' || c == '\\')
		sb_printf(out, "\\%c", (char)c);
	else if (c >= '\b' && c <= '\r' && c != '\v')
		sb_printf(out, "\\%c", letters[c - '\b']);
	else if (c >= 0 && c < ' ')
		sb_printf(out, "\\u%04x", (unsigned)c);
	else
		utf8_put(out, c < 0 ? 0xfffd : (uint32_t)c);
}

static void
put_string(struct sb *out, struct str text)
{
	sb_char(out, '"');
	for (size_t at = 0; at < text.len;)
		put_char(out, utf8_next(text, &at));
	sb_char(out, '"');
}

static void
put_break(struct jsonw *w)
{
	if (w->compact)
		return;
	sb_char(w->out, '\n');
	sb_chars(w->out, ' ', 2 * (size_t)w->depth);
}

/* What stands before a value. */
static void
begin(struct jsonw *w, const char *key)
{
	uint64_t bit = (uint64_t)1 << w->depth;
	if (w->some & bit)
		sb_char(w->out, ',');
	if (w->depth)
		put_break(w);
	w->some |= bit;
	if (key) {
		put_string(w->out, str_of(key));
		sb_puts(w->out, w->compact ? ":" : ": ");
	}
}

void
jsonw_open(struct jsonw *w, const char *key, char bracket)
{
	begin(w, key);
	sb_char(w->out, bracket);
	assert(w->depth < JSONW_DEPTH);
	w->depth++;
	w->some &= ~((uint64_t)1 << w->depth);
}

void
jsonw_close(struct jsonw *w, char bracket)
{
	bool some = w->some >> w->depth & 1;
	w->depth--;
	if (some)
		put_break(w);
	sb_char(w->out, bracket);
}

void
jsonw_str(struct jsonw *w, const char *key, struct str text)
{
	begin(w, key);
	put_string(w->out, text);
}

void
jsonw_optional(struct jsonw *w, const char *key, struct str text)
{
	if (text.len)
		jsonw_str(w, key, text);
	else
		jsonw_null(w, key);
}

void
jsonw_text(struct jsonw *w, const char *key, const char *nul_terminated)
{
	jsonw_str(w, key, str_of(nul_terminated));
}

void
jsonw_list(struct jsonw *w, const char *key, const struct str *v, uint32_t n)
{
	jsonw_open(w, key, '[');
	for (uint32_t i = 0; i < n; i++)
		jsonw_str(w, NULL, v[i]);
	jsonw_close(w, ']');
}

void
jsonw_number(struct jsonw *w, const char *key, uint64_t number)
{
	begin(w, key);
	sb_printf(w->out, "%llu", (unsigned long long)number);
}

void
jsonw_integer(struct jsonw *w, const char *key, int64_t number)
{
	begin(w, key);
	sb_printf(w->out, "%lld", (long long)number);
}

void
jsonw_bool(struct jsonw *w, const char *key, bool value)
{
	begin(w, key);
	sb_puts(w->out, value ? "true" : "false");
}

void
jsonw_null(struct jsonw *w, const char *key)
{
	begin(w, key);
	sb_puts(w->out, "null");
}

void
jsonw_place(struct jsonw *w, const char *key, struct sources *s, struct span span)
{
	const struct source *source = source_of(s, span.file);
	if (!source) {
		jsonw_null(w, key);
		return;
	}
	struct place p = source_place(s, span.file, span.off);
	jsonw_open(w, key, '{');
	jsonw_str(w, "path", path_plain(source->path));
	jsonw_number(w, "line", p.line);
	jsonw_number(w, "column", p.column);
	jsonw_close(w, '}');
}
