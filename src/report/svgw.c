/* SPDX-License-Identifier: MIT */
#include "svgw.h"

#include "xmlw.h"

/* One style for all drawings: what is critical is red, what waits for a person is amber. */
static const char style[] =
	"<style>\n"
	"svg { --ink: #1f2328; --dim: #59636e; --line: #9aa4af; --paper: #ffffff;\n"
	"  --job: #ddf4ff; --job-line: #0969da; --hold: #fff8c5; --hold-line: #9a6700;\n"
	"  --critical: #d1242f; --good: #2da44e; --wait: #d0d7de; }\n"
	"@media (prefers-color-scheme: dark) { svg { --ink: #e6edf3; --dim: #9198a1;\n"
	"  --line: #656c76; --paper: #0d1117; --job: #10233d; --job-line: #4493f8;\n"
	"  --hold: #2e2111; --hold-line: #d29922; --critical: #f85149;\n"
	"  --good: #3fb950; --wait: #30363d; } }\n"
	".paper { fill: var(--paper); }\n"
	"text { font: 12px ui-monospace, Menlo, Consolas, monospace; fill: var(--ink); }\n"
	".title { font-weight: bold; }\n"
	".dim { fill: var(--dim); }\n"
	".middle { text-anchor: middle; }\n"
	".end { text-anchor: end; }\n"
	".job { fill: var(--job); stroke: var(--job-line); }\n"
	".approval { fill: var(--hold); stroke: var(--hold-line); }\n"
	".no-op, .lock, .unlock { fill: var(--paper); stroke: var(--line); stroke-dasharray: 3 2; "
	"}\n"
	".edge { fill: none; stroke: var(--line); stroke-width: 1.5; }\n"
	".head { fill: var(--line); }\n"
	".critical { stroke: var(--critical); stroke-width: 2; }\n"
	".head.critical { fill: var(--critical); }\n"
	"text.critical { fill: var(--critical); stroke: none; }\n"
	".grid { stroke: var(--wait); stroke-dasharray: 2 3; }\n"
	".queued { fill: var(--wait); }\n"
	".spin-up { fill: var(--hold-line); opacity: 0.45; }\n"
	".run { fill: var(--good); }\n"
	".run.critical { stroke: var(--critical); stroke-width: 1.5; }\n"
	".run.failed { fill: var(--critical); }\n"
	".hold { fill: var(--hold); stroke: var(--hold-line); stroke-dasharray: 3 2; }\n"
	"</style>\n";

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
	size_t n = 0;
	for (size_t at = 0; at < text.len;) {
		int32_t c = utf8_next(text, &at);
		n += c < 0 ? 1 : utf8_columns((uint32_t)c);
	}
	return SVG_COLUMN * (double)n;
}
