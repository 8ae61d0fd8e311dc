/* SPDX-License-Identifier: MIT */
/*
 * Names of findings that outlive edits elsewhere in a file. Two kinds: ours, and the one that
 * GitHub computes for a line of a file.
 */
#include "ccx/report.h"

#include "format.h"

/* ---- ours -------------------------------------------------------------------------------- */

/* Bytes of a line that count: a file may be one line. */
enum { LINE_SEEN = 4096 };

/* rule NUL path NUL trimmed line NUL ordinal */
static struct str
fingerprint(struct arena *a, struct str subject, unsigned ordinal)
{
	struct sb b = {.a = a};
	sb_put(&b, subject); /* has NULs, at which "%.*s" would end */
	sb_char(&b, 0);
	sb_printf(&b, "%u", ordinal);
	return str_printf(a, "%016llx", (unsigned long long)str_hash(sb_str(&b)));
}

static struct str
finding_subject(struct arena *a, const struct report_input *in, const struct diag *g)
{
	struct extent e = {0};
	struct str line = STR("");
	if (extent_of(in, g->span, &e))
		line = source_line(in->sources, g->span.file, e.start.line);
	else
		line = g->message; /* all that tells faults of a run apart */
	struct sb b = {.a = a};
	sb_puts(&b, rule_info(g->rule)->id);
	sb_char(&b, 0);
	sb_put(&b, e.path);
	sb_char(&b, 0);
	sb_put(&b, str_trim(str_sub(line, 0, LINE_SEEN)));
	return sb_str(&b);
}

struct str *
report_fingerprints(struct arena *a, const struct report_input *in)
{
	uint32_t n = in->findings->all.n;
	struct str *all = NEW_ARRAY(a, struct str, n + 1);
	struct map seen = {0}, taken = {0};
	for (uint32_t i = 0; i < n; i++) {
		struct str subject = finding_subject(a, in, &in->findings->all.v[i]);
		unsigned *count = map_get(&seen, subject);
		if (!count) {
			count = NEW(a, unsigned);
			map_put(a, &seen, subject, count);
		}
		do
			all[i] = fingerprint(a, subject, (*count)++);
		while (map_has(&taken, all[i]));
		map_put(a, &taken, all[i], &all[i]);
	}
	return all;
}

/* ---- GitHub's ---------------------------------------------------------------------------- */

/*
 * The hash of a line is that of the BLOCK characters from its start on, in UTF-16 units without
 * spaces and tabs, every line break being one LF: the sum of unit k times 37 to the BLOCK-1-k, in
 * 64 bits. The text is followed by one unit 0xffff and then by zeros. Behind a colon stands how
 * many lines have had that hash up to this one.
 */
enum { BLOCK = 100, BASE = 37, AFTER = 0xffff };

struct units {
	struct str text;
	size_t at;
	uint16_t low; /* second half of a character that takes two units, or 0 */
	bool ended;
};

static uint64_t
next_unit(struct units *u)
{
	if (u->low) {
		uint16_t low = u->low;
		u->low = 0;
		return low;
	}
	while (u->at < u->text.len) {
		size_t start = u->at;
		int32_t c = utf8_next(u->text, &u->at);
		if (c == '\n' && start && u->text.s[start - 1] == '\r')
			continue;
		if (c == ' ' || c == '\t')
			continue;
		if (c < 0)
			return 0xfffd;
		if (c < 0x10000)
			return c == '\r' ? '\n' : (uint64_t)c;
		u->low = (uint16_t)(0xdc00 + (c & 0x3ff));
		return 0xd7c0 + ((uint64_t)c >> 10);
	}
	bool first = !u->ended;
	u->ended = true;
	return first ? AFTER : 0;
}

/* Hashes of the first n lines of text, or of all when there are fewer; *n becomes their number. */
static uint64_t *
hash_lines(struct arena *a, struct str text, uint32_t *n)
{
	struct units head = {.text = text}, tail = head;
	uint64_t hash = 0, power = 1;
	for (int i = 0; i < BLOCK; i++) {
		hash = hash * BASE + next_unit(&head);
		power *= BASE;
	}
	VEC(uint64_t) lines = {0};
	for (bool at_start = true; !tail.ended && lines.n < *n;) {
		uint64_t unit = next_unit(&tail);
		if (at_start)
			vec_push(a, &lines, hash);
		at_start = unit == '\n';
		hash = hash * BASE + next_unit(&head) - power * unit;
	}
	*n = lines.n;
	return lines.v;
}

static struct str
count_hash(struct arena *a, const uint64_t *lines, uint32_t line)
{
	unsigned count = 0;
	for (uint32_t i = 0; i < line; i++)
		count += lines[i] == lines[line - 1];
	return str_printf(a, "%llx:%u", (unsigned long long)lines[line - 1], count);
}

/* Those of spans[from] and of all behind it in the same file: the file is read once. */
static void
hash_file(const struct report_input *in, const struct span *spans, uint32_t from, struct str *all)
{
	struct arena *a = in->sources->a;
	const struct source *source = source_of(in->sources, spans[from].file);
	uint32_t n = in->findings->all.n, last = 0;
	uint32_t *lines = NEW_ARRAY(a, uint32_t, n);
	for (uint32_t i = from; i < n; i++) {
		if (spans[i].file != spans[from].file)
			continue;
		lines[i] = source_place(in->sources, spans[i].file, spans[i].off).line;
		last = lines[i] > last ? lines[i] : last;
	}
	const uint64_t *hashes = hash_lines(a, source->text, &last);
	for (uint32_t i = from; i < n; i++)
		if (lines[i] && lines[i] <= last)
			all[i] = count_hash(a, hashes, lines[i]);
}

struct str *
line_hashes(const struct report_input *in, const struct span *spans)
{
	uint32_t n = in->findings->all.n;
	struct str *all = NEW_ARRAY(in->sources->a, struct str, n + 1);
	for (uint32_t i = 0; i < n; i++)
		if (!all[i].len && source_of(in->sources, spans[i].file))
			hash_file(in, spans, i, all);
	return all;
}
