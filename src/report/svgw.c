/* SPDX-License-Identifier: MIT */
#include "svgw.h"

#include "xmlw.h"

/* One style for all drawings: what is critical is red, what waits for a person is amber. Colours
 * stand as they are, without variables, for the sake of readers that know no more than SVG 1.1. */
static const char style[] =
	"<style>\n"
	"text { font: 12px ui-monospace, Menlo, Consolas, monospace; fill: #1f2328; }\n"
	".paper { fill: #ffffff; }\n"
	".title { font-weight: bold; }\n"
	".dim { fill: #59636e; }\n"
	".label { stroke: #ffffff; stroke-width: 4; paint-order: stroke; }\n"
	".middle { text-anchor: middle; }\n"
	".end { text-anchor: end; }\n"
	".job { fill: #ddf4ff; stroke: #0969da; }\n"
	".approval, .hold { fill: #fff8c5; stroke: #9a6700; }\n"
	".hold { stroke-dasharray: 3 2; }\n"
	".no-op, .lock, .unlock { fill: #f6f8fa; stroke: #9aa4af; stroke-dasharray: 3 2; }\n"
	".edge { fill: none; stroke: #9aa4af; stroke-width: 1.5; }\n"
	".head { fill: #9aa4af; }\n"
	".grid { stroke: #d0d7de; stroke-dasharray: 2 3; }\n"
	".queued { fill: #d0d7de; }\n"
	".spin-up { fill: #d4a72c; }\n"
	".run { fill: #4ac26b; }\n"
	".run.failed { fill: #d1242f; }\n"
	".critical { stroke: #d1242f; stroke-width: 2; }\n"
	".head.critical, text.critical { fill: #d1242f; stroke: none; }\n"
	"@media (prefers-color-scheme: dark) {\n"
	"text { fill: #e6edf3; }\n"
	".paper { fill: #0d1117; }\n"
	".dim { fill: #9198a1; }\n"
	".label { stroke: #0d1117; }\n"
	".job { fill: #10233d; stroke: #4493f8; }\n"
	".approval, .hold { fill: #2e2111; stroke: #d29922; }\n"
	".no-op, .lock, .unlock { fill: #151b23; stroke: #656c76; }\n"
	".edge { stroke: #656c76; }\n"
	".head { fill: #656c76; }\n"
	".grid, .queued { stroke: #3d444d; }\n"
	".queued { fill: #3d444d; stroke: none; }\n"
	".run { fill: #3fb950; }\n"
	".critical { stroke: #f85149; }\n"
	".run.failed, .head.critical, text.critical { fill: #f85149; }\n"
	"}\n</style>\n";

void
svgw_open(struct sb *out, double width, double height, struct str title)
{
	sb_printf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
		"viewBox=\"0 0 %.0f %.0f\" role=\"img\">\n<title>",
		width, height, width, height);
	xmlw_text(out, title);
	sb_puts(out, "</title>\n");
	sb_puts(out, style);
	svgw_rect(out, "paper", (struct svg_box){0, 0, width, height}, 0);
}

void
svgw_close(struct sb *out)
{
	sb_puts(out, "</svg>\n");
}

void
svgw_rect(struct sb *out, const char *classes, struct svg_box box, double radius)
{
	sb_printf(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"",
		classes, box.x, box.y, box.width, box.height);
	if (radius > 0)
		sb_printf(out, " rx=\"%.1f\"", radius);
	sb_puts(out, "/>\n");
}

void
svgw_text(struct sb *out, const char *classes, double x, double y, struct str text)
{
	sb_printf(out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">", classes, x, y);
	xmlw_text(out, text);
	sb_puts(out, "</text>\n");
}

double
svgw_width(struct str text)
{
	return SVG_COLUMN * (double)utf8_width(text);
}

struct str
svgw_clip(struct arena *a, struct str text, size_t columns)
{
	if (utf8_width(text) <= columns)
		return text;
	return str_printf(a, "%.*s…", STR_ARG(utf8_head(text, columns - 1)));
}
