/* SPDX-License-Identifier: MIT */
/*
 * Tests in JUnit XML, read by expat. CircleCI asks for `time` on each testcase and `file` on it or
 * on its testsuite. No document type is read: what one declares could make a small file huge.
 */
#include "internal.h"

#include "ccx/limits.h"

#include <expat.h>
#include <string.h>

struct junit {
	struct timings_reader *r;
	XML_Parser parser;
	struct str text;
	struct str files[LIMIT_DEPTH + 1]; /* of the elements around: what their tests inherit */
	unsigned depth;
	bool stopped;
};

/* Where the parser is: a tag, or a byte of what it does not understand. */
static struct span
here(const struct junit *j)
{
	XML_Index at = XML_GetCurrentByteIndex(j->parser);
	int n = XML_GetCurrentByteCount(j->parser);
	size_t off = at < 0 ? 0 : (size_t)at;
	if (off > j->text.len)
		off = j->text.len;
	size_t len = n > 0 ? (size_t)n : off < j->text.len;
	if (len > j->text.len - off)
		len = j->text.len - off;
	return (struct span){j->r->file, (uint32_t)off, (uint32_t)len};
}

static void
stop(struct junit *j)
{
	j->stopped = true;
	XML_StopParser(j->parser, XML_FALSE);
}

static const char *
attribute(const char **attributes, const char *name)
{
	for (; *attributes; attributes += 2)
		if (strcmp(attributes[0], name) == 0)
			return attributes[1];
	return NULL;
}

/* The value of an attribute in the text of a tag, for a finding; else the tag. */
static struct span
value_span(const struct junit *j, const char *name, const char *value)
{
	struct span tag = here(j);
	for (const char *quote = "\"'"; *quote; quote++) {
		struct str written = str_printf(j->r->a, "%s=%c%s%c", name, *quote, value, *quote);
		size_t at = str_find(source_text(j->r->s, tag), written, 0);
		size_t skip = strlen(name) + 2;
		if (at != SIZE_MAX)
			return (struct span){
				tag.file, tag.off + (uint32_t)(at + skip), (uint32_t)strlen(value)};
	}
	return tag;
}

/* <testcase classname="Cart" name="adds up" file="spec/cart_spec.rb" time="1.25"/> */
static void
take_case(struct junit *j, const char **attributes)
{
	const char *time = attribute(attributes, "time");
	struct timings_test test = {.span = here(j)};
	if (!time || !*time)
		return; /* how long it took is not known */
	if (!timings_decimal(str_trim(str_of(time)), SECOND_MS, true, &test.ms)) {
		struct diag *g = timings_fault(j->r, value_span(j, "time", time),
			"\"%s\" is no duration in seconds", time);
		diag_label(j->r->d, g, "a number from 0 to a year is expected");
		return;
	}
	test.names[TEST_FILE] = j->files[j->depth];
	test.names[TEST_CLASS] = str_of(attribute(attributes, "classname"));
	test.names[TEST_NAME] = str_of(attribute(attributes, "name"));
	if (!timings_take_test(j->r, &test))
		stop(j);
}

static void XMLCALL
start(void *user, const char *name, const char **attributes)
{
	struct junit *j = user;
	const char *file = attribute(attributes, "file");
	if (j->stopped)
		return;
	if (j->depth == LIMIT_DEPTH) {
		timings_fault(j->r, here(j), "elements nested more than %d deep", LIMIT_DEPTH);
		stop(j);
		return;
	}
	if (!j->depth && strcmp(name, "testsuites") != 0 && strcmp(name, "testsuite") != 0) {
		struct diag *g = timings_fault(
			j->r, here(j), "the root of JUnit XML is testsuites, not %s", name);
		diag_help(
			j->r->d, g, "give the report in JUnit's form that the test runner writes");
		stop(j);
		return;
	}
	j->depth++;
	j->files[j->depth] =
		file && *file ? str_copy(j->r->a, str_of(file)) : j->files[j->depth - 1];
	if (strcmp(name, "testcase") == 0)
		take_case(j, attributes);
}

static void XMLCALL
end(void *user, const char *name)
{
	struct junit *j = user;
	(void)name;
	j->depth -= j->depth > 0 && !j->stopped;
}

/* <!DOCTYPE testsuites [<!ENTITY a "&b;&b;">]> */
static void XMLCALL
doctype(void *user, const char *name, const char *sysid, const char *pubid, int internal)
{
	struct junit *j = user;
	struct span span = here(j);
	size_t at = str_find(j->text, STR("<!DOCTYPE"), 0);
	(void)name, (void)sysid, (void)pubid, (void)internal;
	if (at != SIZE_MAX)
		span = (struct span){j->r->file, (uint32_t)at, sizeof "<!DOCTYPE" - 1};
	struct diag *g =
		timings_fault(j->r, span, "a document type, which JUnit XML does not need");
	diag_help(j->r->d, g, "take the <!DOCTYPE …> out");
	stop(j);
}

void
timings_read_junit(struct timings_reader *r)
{
	struct junit *j = NEW(r->a, struct junit);
	j->r = r;
	j->text = source_of(r->s, r->file)->text;
	j->parser = XML_ParserCreate(NULL);
	if (!j->parser) {
		timings_fault(r, (struct span){r->file, 0, 0}, "there is no memory to read XML");
		return;
	}
	XML_SetUserData(j->parser, j);
	XML_SetElementHandler(j->parser, start, end);
	XML_SetStartDoctypeDeclHandler(j->parser, doctype);
	enum XML_Status status =
		XML_Parse(j->parser, j->text.s ? j->text.s : "", (int)j->text.len, XML_TRUE);
	if (status == XML_STATUS_ERROR && !j->stopped) {
		struct diag *g = timings_fault(r, here(j), "this is no XML: %s",
			XML_ErrorString(XML_GetErrorCode(j->parser)));
		diag_help(r->d, g, "was the file written to its end?");
	}
	XML_ParserFree(j->parser);
}
