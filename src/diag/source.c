/* SPDX-License-Identifier: MIT */
/* Sources: file texts, and where in them a byte stands. */
#include "ccx/diag.h"

#include <string.h>

void
sources_init(struct sources *s, struct arena *a)
{
	*s = (struct sources){.a = a};
	struct source none = {0};
	vec_push(a, &s->all, none); /* file 0 */
}

uint32_t
source_add(struct sources *s, struct str path, struct str text)
{
	struct source source = {.path = path, .text = text};
	vec_push(s->a, &s->all, source);
	return s->all.n - 1;
}

const struct source *
source_of(const struct sources *s, uint32_t file)
{
	return file && file < s->all.n ? &s->all.v[file] : NULL;
}

/* A line ends with LF, CR LF or a lone CR, as YAML has it. */
static void
find_lines(struct sources *s, struct source *f)
{
	VEC(uint32_t) starts = {0};
	vec_push(s->a, &starts, 0);
	struct str text = f->text;
	bool returns = text.len && memchr(text.s, '\r', text.len);
	for (size_t i = 0; i < text.len; i++) {
		/* Without CR, as is usual, from one LF to the next. */
		const char *lf = returns ? text.s + i : memchr(text.s + i, '\n', text.len - i);
		if (!lf)
			break;
		i = (size_t)(lf - text.s);
		bool crlf = *lf == '\r' && i + 1 < text.len && lf[1] == '\n';
		if (*lf == '\n' || (*lf == '\r' && !crlf))
			vec_push(s->a, &starts, (uint32_t)i + 1);
	}
	f->lines = starts.v;
	f->nlines = starts.n;
}

static struct source *
with_lines(struct sources *s, uint32_t file)
{
	if (!file || file >= s->all.n)
		return NULL;
	struct source *f = &s->all.v[file];
	if (!f->lines)
		find_lines(s, f);
	return f;
}

/* ---- columns of long lines --------------------------------------------------------------- */

/* Counting from the start of a line is enough for lines that people write. In a file that is one
 * line it would take the square of the file's length for all its findings. */
enum { STEP = 4096 };

/* marks[k] is the last start of a character at or before k * STEP. */
static void
find_marks(struct sources *s, struct source *f)
{
	struct source_mark here = {0, 0};
	uint32_t n = 0;
	f->marks = NEW_ARRAY(s->a, struct source_mark, f->text.len / STEP + 1);
	for (size_t at = 0; at < f->text.len;) {
		here.offset = (uint32_t)at;
		utf8_next(f->text, &at);
		for (; (size_t)n * STEP < at; n++)
			f->marks[n] = here;
		here.chars++;
	}
	here.offset = (uint32_t)f->text.len;
	for (; n <= f->text.len / STEP; n++)
		f->marks[n] = here;
}

static uint32_t
chars_before(const struct source *f, uint32_t offset)
{
	struct source_mark m = f->marks[offset / STEP];
	return m.chars + (uint32_t)utf8_count(str_sub(f->text, m.offset, offset));
}

/* Code points between the start of a line and an offset in it. */
static uint32_t
chars_between(struct sources *s, struct source *f, uint32_t start, uint32_t offset)
{
	if (offset - start <= STEP)
		return (uint32_t)utf8_count(str_sub(f->text, start, offset));
	if (!f->marks)
		find_marks(s, f);
	return chars_before(f, offset) - chars_before(f, start);
}

struct place
source_place(struct sources *s, uint32_t file, uint32_t offset)
{
	struct source *f = with_lines(s, file);
	if (!f)
		return (struct place){1, 1, 0};
	if (offset > f->text.len)
		offset = (uint32_t)f->text.len;
	uint32_t low = 0, high = f->nlines;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (f->lines[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	uint32_t start = f->lines[low];
	if (low == 0 && str_starts(str_sub(f->text, 0, offset), STR("\xef\xbb\xbf")))
		start = 3;
	return (struct place){low + 1, chars_between(s, f, start, offset) + 1, offset};
}

struct str
source_line(struct sources *s, uint32_t file, uint32_t line)
{
	struct source *f = with_lines(s, file);
	if (!f || line == 0 || line > f->nlines)
		return STR("");
	size_t end = line < f->nlines ? f->lines[line] : f->text.len;
	struct str text = str_sub(f->text, f->lines[line - 1], end);
	while (text.len && (text.s[text.len - 1] == '\n' || text.s[text.len - 1] == '\r'))
		text.len--;
	if (line == 1 && str_starts(text, STR("\xef\xbb\xbf")))
		text = str_sub(text, 3, text.len);
	return text;
}

struct str
source_text(const struct sources *s, struct span span)
{
	const struct source *f = source_of(s, span.file);
	return f ? str_sub(f->text, span.off, (size_t)span.off + span.len) : STR("");
}
