/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer entry for report: a text with a finding and two notes at places that the first bytes
 * name, at several widths. Nothing of the text may reach the terminal as a control character.
 */
#include "ccx/report.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct span
span_at(uint32_t file, const uint8_t *data)
{
	return (struct span){file, data[0] | (uint32_t)data[1] << 8, data[2]};
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { HEAD = 10 };
	if (size < HEAD)
		return 0;
	struct arena *a = arena_new();
	struct sources s;
	struct diag_list d;
	sources_init(&s, a);
	diag_init(&d, a);
	struct str text = {(const char *)data + HEAD, size - HEAD};
	uint32_t file = source_add(&s, STR("c.yml"), text);
	struct diag *g = diag_push(&d, RULE_EMPTY, span_at(file, data), "%.*s", STR_ARG(text));
	diag_label(&d, g, "%.*s", STR_ARG(text));
	diag_note(&d, g, span_at(file, data + 3), "%.*s", STR_ARG(text));
	diag_note(&d, g, span_at(data[9] & 1 ? file : 0, data + 6), "note");
	struct sb out = {.a = a};
	report_text(&out, &s, &d, (struct report_style){false, data[9] >> 1});
	for (size_t i = 0; i < out.len; i++)
		if ((unsigned char)out.s[i] < 0x20 && out.s[i] != '\n')
			abort();
	if (utf8_invalid(sb_str(&out)) != SIZE_MAX)
		abort();
	arena_free(a);
	return 0;
}
