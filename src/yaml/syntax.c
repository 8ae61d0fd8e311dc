/* SPDX-License-Identifier: MIT */
/*
 * Syntax errors. The message has the words of SnakeYAML, which people know from CircleCI and find
 * on the web; the place is where a person should look, which is not always where a parser gets
 * stuck; label and help say what is probably meant.
 */
#include "load.h"

#include <string.h>

enum { LONGEST = 400 }; /* bytes that are marked */

/* What will be said. Places are byte offsets. */
struct fault {
	uint32_t at, end; /* where to look */
	uint32_t stuck;   /* where libyaml gave up */
	uint32_t opened;  /* where what it was reading begins; stuck when there is no such thing */
	const char *problem;
	struct str said;
	const char *label, *help;
	uint32_t noted; /* place of the note, with its text; NULL: no note */
	const char *note;
};

/* ---- text around a place ----------------------------------------------------------------- */

static uint32_t
line_start(const struct loader *l, uint32_t at)
{
	while (at > l->marks.from && l->text.s[at - 1] != '\n' && l->text.s[at - 1] != '\r')
		at--;
	return at;
}

static uint32_t
line_end(const struct loader *l, uint32_t at)
{
	while (at < l->text.len && l->text.s[at] != '\n' && l->text.s[at] != '\r')
		at++;
	while (at > 0 && (l->text.s[at - 1] == ' ' || l->text.s[at - 1] == '\t'))
		at--;
	return at;
}

static bool
same_line(const struct loader *l, uint32_t a, uint32_t b)
{
	return line_start(l, a) == line_start(l, b);
}

static uint32_t
skip_chars(const struct loader *l, uint32_t at, const char *chars)
{
	while (at < l->text.len && l->text.s[at] && strchr(chars, l->text.s[at]))
		at++;
	return at;
}

/* Only indentation and dashes stand before it on its line: what is there is a key, not a value. */
static bool
is_first(const struct loader *l, uint32_t at)
{
	return skip_chars(l, line_start(l, at), " \t-") >= at;
}

static uint32_t
word_end(const struct loader *l, uint32_t at)
{
	uint32_t to = at;
	while (to < l->text.len && !strchr(" \t\r\n", l->text.s[to]))
		to++;
	return to;
}

/* The colon of "docker:x" between the two places, or UINT32_MAX; not that of "https://". */
static uint32_t
tight_colon(const struct loader *l, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i + 1 < to && l->text.s[i] != ' '; i++)
		if (l->text.s[i] == ':')
			return strchr(" /\t", l->text.s[i + 1]) ? UINT32_MAX : i;
	return UINT32_MAX;
}

/* ---- official words ---------------------------------------------------------------------- */

static const char *
token_name(const struct loader *l)
{
	static const char *const names[] = {[YAML_STREAM_START_TOKEN] = "<stream start>",
		[YAML_STREAM_END_TOKEN] = "<stream end>",
		[YAML_VERSION_DIRECTIVE_TOKEN] = "<directive>",
		[YAML_TAG_DIRECTIVE_TOKEN] = "<directive>",
		[YAML_DOCUMENT_START_TOKEN] = "<document start>",
		[YAML_DOCUMENT_END_TOKEN] = "<document end>",
		[YAML_BLOCK_SEQUENCE_START_TOKEN] = "<block sequence start>",
		[YAML_BLOCK_MAPPING_START_TOKEN] = "<block mapping start>",
		[YAML_BLOCK_END_TOKEN] = "<block end>",
		[YAML_FLOW_SEQUENCE_START_TOKEN] = "[",
		[YAML_FLOW_SEQUENCE_END_TOKEN] = "]",
		[YAML_FLOW_MAPPING_START_TOKEN] = "{",
		[YAML_FLOW_MAPPING_END_TOKEN] = "}",
		[YAML_BLOCK_ENTRY_TOKEN] = "-",
		[YAML_FLOW_ENTRY_TOKEN] = ",",
		[YAML_KEY_TOKEN] = "?",
		[YAML_VALUE_TOKEN] = ":",
		[YAML_ALIAS_TOKEN] = "<alias>",
		[YAML_ANCHOR_TOKEN] = "<anchor>",
		[YAML_TAG_TOKEN] = "<tag>",
		[YAML_SCALAR_TOKEN] = "<scalar>"};
	if (l->parser.tokens.head == l->parser.tokens.tail)
		return "<stream end>";
	size_t type = (size_t)l->parser.tokens.head->type;
	return type < sizeof names / sizeof *names && names[type] ? names[type] : "<scalar>";
}

/* The token at which libyaml's parser, not its scanner, got stuck. */
static bool
stuck_at(const struct loader *l, yaml_token_type_t type)
{
	const yaml_parser_t *p = &l->parser;
	return p->error == YAML_PARSER_ERROR && p->tokens.head != p->tokens.tail &&
	       p->tokens.head->type == type;
}

/* SnakeYAML names what it found instead: in quotes for block collections, bare for flow ones. */
static const struct words {
	const char *problem, *said;
	bool with_token;
} words[] = {
	{"did not find expected key",
		"did not find expected key (expected <block end>, but found '%s')", true},
	{"did not find expected '-' indicator", "expected <block end>, but found '%s'", true},
	{"did not find expected ',' or ']'", "expected ',' or ']', but got %s", true},
	{"did not find expected ',' or '}'", "expected ',' or '}', but got %s", true},
	{"did not find expected node content", "expected the node content, but found %s", true},
	{"did not find expected <document start>", "expected '<document start>', but found %s",
		true},
	{"mapping values are not allowed in this context", "mapping values are not allowed here",
		false},
	{"mapping keys are not allowed in this context", "mapping keys are not allowed here",
		false},
	{"block sequence entries are not allowed in this context",
		"sequence entries are not allowed here", false},
};

static struct str
official_words(struct loader *l, const char *problem)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const char *said = words[i].said, *slot = strstr(said, "%s");
		if (strcmp(words[i].problem, problem) != 0)
			continue;
		if (!words[i].with_token || !slot)
			return str_of(said);
		return str_printf(
			l->a, "%.*s%s%s", (int)(slot - said), said, token_name(l), slot + 2);
	}
	return str_of(problem);
}

/* ---- what is probably meant -------------------------------------------------------------- */

/* Each looks at one kind of mistake and returns true when it has said where and what it is. */

static bool
explain_tab(struct loader *l, struct fault *f)
{
	uint32_t start = line_start(l, f->stuck), text = skip_chars(l, start, " \t");
	uint32_t tab = skip_chars(l, start, " ");
	bool here = f->stuck < l->text.len && l->text.s[f->stuck] == '\t';
	if (here && tab >= text)
		tab = f->stuck;
	else if (tab >= text || (l->parser.flow_level && !here))
		return false;
	f->at = tab;
	f->end = skip_chars(l, tab, "\t");
	f->said = STR("found character '\\t(TAB)' that cannot start any token. "
		      "(Do not use \\t(TAB) for indentation)");
	f->label = "a tab";
	f->help = "indent with spaces: YAML does not allow tabs for indentation";
	return true;
}

/*
 *     - run: "echo hello
 */
static bool
explain_open_quote(struct loader *l, struct fault *f)
{
	(void)l;
	if (!strstr(f->problem, "unexpected end of stream") &&
		!strstr(f->problem, "unexpected document indicator"))
		return false;
	f->at = f->opened;
	f->end = line_end(l, f->opened);
	f->label = "this quote is never closed";
	f->help = "add the closing quote; inside single quotes a single quote is written twice";
	return true;
}

/*
 *     - run: "echo hello
 *     - run: "echo bye"
 *               ^ the first quote ends only here
 */
static bool
explain_late_quote(struct loader *l, struct fault *f)
{
	uint32_t from = l->last_scalar.off, to = from + l->last_scalar.len;
	if (!l->last_quoted || to > f->stuck || same_line(l, from, to) ||
		!same_line(l, to, f->stuck))
		return false;
	f->at = from;
	f->end = line_end(l, from);
	f->label = "this quoted text goes on over several lines";
	f->help = "close the quote on its own line";
	f->noted = to - 1;
	f->note = "the next quote, which ends it, is here";
	return true;
}

/* A colon without a space, or no colon, in the text of the line from which the value came. */
static bool
explain_key(struct loader *l, struct fault *f, uint32_t from)
{
	uint32_t end = line_end(l, from), colon = tight_colon(l, from, end);
	if (!is_first(l, from))
		return false;
	if (colon != UINT32_MAX) {
		f->at = colon;
		f->end = colon + 1;
		f->label = "a space is missing behind this colon";
		f->help = "write `key: value`, with a space";
		return true;
	}
	if (word_end(l, from) < end)
		return false;
	f->at = from;
	f->end = end;
	f->label = "a colon is missing behind this key";
	f->help = "a key ends with a colon, as in `steps:`";
	return true;
}

/*
 *     docker:x                 - checkout                 run: echo a: b
 *     steps: []                  - run: make
 */
static bool
explain_colon(struct loader *l, struct fault *f)
{
	uint32_t from = l->last_scalar.off, to = from + l->last_scalar.len;
	uint32_t line = skip_chars(l, line_start(l, f->stuck), " ");
	if (strcmp(f->problem, "mapping values are not allowed in this context") != 0)
		return false;
	f->label = "a colon cannot stand here";
	f->help = "quote a value that holds a colon and a space: \"a: b\"";
	if (l->last_quoted || to > f->stuck || !same_line(l, to, f->stuck) ||
		same_line(l, from, to))
		return true;
	if (l->text.s[line] != '-' && explain_key(l, f, from))
		return true;
	f->at = line;
	f->end = word_end(l, line);
	f->label = "indented so far that it continues the text above";
	f->help = "give it the indentation of the entries that it belongs to";
	f->noted = from;
	f->note = "the text that it continues begins here";
	return true;
}

/*
 *     build:
 *       docker
 *     test: x
 */
static bool
explain_no_colon(struct loader *l, struct fault *f)
{
	if (strcmp(f->problem, "could not find expected ':'") != 0)
		return false;
	if (explain_key(l, f, f->opened))
		return true;
	f->at = f->opened;
	f->end = line_end(l, f->opened);
	f->label = "a key and a colon are missing here";
	f->help =
		"text of several lines must be indented more than its key; a key ends with a colon";
	return true;
}

/*
 *     steps:
 *         - run: make
 *       - checkout
 */
static bool
explain_dash(struct loader *l, struct fault *f)
{
	uint32_t dash = l->last_list, here = f->stuck;
	if (!stuck_at(l, YAML_BLOCK_ENTRY_TOKEN) && !stuck_at(l, YAML_BLOCK_SEQUENCE_START_TOKEN))
		return false;
	f->label = "a list entry cannot stand here";
	f->help = "line it up with the other entries of its list";
	if (dash && dash - line_start(l, dash) > here - line_start(l, here)) {
		f->label = "indented less than the list it belongs to";
		f->noted = dash;
		f->note = "the list begins here";
	}
	return true;
}

static bool
explain_indentation(struct loader *l, struct fault *f)
{
	if (l->parser.flow_level || !is_first(l, f->stuck) || f->stuck == l->text.len)
		return false;
	if (strcmp(f->problem, "did not find expected <document start>") == 0) {
		f->label = "the document has ended above";
		f->help = "line it up with the first line of the file";
		return true;
	} else if (strcmp(f->problem, "did not find expected '-' indicator") == 0) {
		f->label = "stands among list entries without a dash";
		f->help = "put `- ` before it, or indent it as what it belongs to";
		return true;
	} else if (strcmp(f->problem, "did not find expected key") == 0) {
		f->label = "its indentation fits no key above it";
	} else {
		return false;
	}
	f->help = "line it up with the keys of the map that it belongs to";
	return true;
}

/*
 *     name: "a" b            path: {{ x }}/y            ignore: [a, b
 */
static bool
explain_behind(struct loader *l, struct fault *f)
{
	uint32_t before = f->stuck;
	if (strncmp(f->problem, "did not find expected", 21) != 0)
		return false;
	while (before > 0 && l->text.s[before - 1] == ' ')
		before--;
	char last = before ? l->text.s[before - 1] : ' ';
	if (l->parser.flow_level || stuck_at(l, YAML_STREAM_END_TOKEN) || !strchr("\"'}]", last))
		return false;
	bool quote = last == '"' || last == '\'';
	if (f->stuck < l->text.len && strchr("]}", l->text.s[f->stuck])) {
		f->label = "one closing bracket too many";
		f->help = "remove the bracket";
		return true;
	}
	f->label = quote ? "text behind the closing quote" : "text behind the closing bracket";
	f->help = quote ? "put the quotes around the whole value"
			: "quote a value that begins with a bracket";
	return true;
}

static bool
explain_flow(struct loader *l, struct fault *f)
{
	const struct frame *top = l->depth ? &l->frames[l->depth - 1] : NULL;
	if (!top || !top->flow)
		return false;
	bool at_end = f->stuck >= l->text.len || stuck_at(l, YAML_STREAM_END_TOKEN);
	f->help = top->map ? "separate pairs with commas, and end the map with }"
			   : "separate entries with commas, and end the list with ]";
	f->label =
		at_end ? "this bracket is never closed" : "a comma or a bracket is missing before";
	if (at_end) {
		f->at = top->start;
		f->end = top->start + 1;
		return true;
	}
	f->noted = top->start;
	f->note = "the bracket is opened here";
	return true;
}

static bool
explain_character(struct loader *l, struct fault *f)
{
	if (strcmp(f->problem, "found character that cannot start any token") != 0)
		return false;
	struct str c = str_sub(l->text, f->stuck, f->stuck + 1);
	f->end = f->stuck + 1;
	f->said = str_printf(l->a,
		"found character '%.*s' that cannot start any token. (Do not use %.*s for "
		"indentation)",
		STR_ARG(c), STR_ARG(c));
	f->label = "no value begins with this character";
	f->help = "quote the value";
	return true;
}

/* Mistakes that need no look at the text. */
static bool
explain_other(struct loader *l, struct fault *f)
{
	static const struct {
		const char *problem, *label, *help;
		bool whole; /* look at the beginning of what was read */
	} others[] = {
		{"block sequence entries", "a list cannot begin here",
			"put the first dash on a line of its own below the key", false},
		{"mapping keys are not allowed", "a key cannot stand here",
			"quote a value with a `?`", false},
		{"found unknown escape character", "YAML has no such escape",
			"write the backslash twice, or use single quotes", false},
		{"did not find expected alphabetic", "a name must follow this",
			"quote a value that begins with `*` or `&`", true},
		{"did not find expected comment or line break", "text where a line should end",
			"begin the text on the next line", false},
		{"found undefined tag handle", "no such tag", "quote a value that begins with `!`",
			false},
		{"did not find expected node content", "a value cannot begin with this",
			"quote the value", false},
		{"found incompatible YAML document", "not a version of YAML that can be read",
			"remove the directive", false},
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		if (strncmp(f->problem, others[i].problem, strlen(others[i].problem)) != 0)
			continue;
		f->label = others[i].label;
		f->help = others[i].help;
		if (others[i].whole) {
			f->at = f->opened;
			f->end = word_end(l, f->at);
		}
		return true;
	}
	return false;
}

static void
explain(struct loader *l, struct fault *f)
{
	static bool (*const all[])(struct loader *, struct fault *) = {explain_tab,
		explain_open_quote, explain_late_quote, explain_colon, explain_no_colon,
		explain_dash, explain_indentation, explain_behind, explain_character, explain_flow,
		explain_other};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i](l, f))
			return;
}

/* ---- saying it --------------------------------------------------------------------------- */

static void
say(struct loader *l, const struct fault *f)
{
	struct str message = str_printf(l->a, UNABLE "%.*s", STR_ARG(f->said));
	uint32_t end = f->end - f->at < LONGEST ? f->end : f->at + LONGEST;
	while (end < f->end && ((unsigned char)l->text.s[end] & 0xc0) == 0x80)
		end++;
	struct diag *g = load_fault(l, RULE_YAML_SYNTAX, load_span(l, f->at, end), message);
	diag_label(l->d, g, "%s", f->label);
	if (f->help)
		diag_help(l->d, g, "%s", f->help);
	if (f->note)
		diag_note(l->d, g, load_span(l, f->noted, f->noted + 1), "%s", f->note);
	else if (f->at != f->stuck && !same_line(l, f->at, f->stuck))
		diag_note(l->d, g, load_span(l, f->stuck, f->stuck), "noticed here");
}

/* The text was checked before, so this is not expected; but libyaml may know better. */
static void
say_unreadable(struct loader *l)
{
	uint32_t at = l->marks.from + (uint32_t)l->parser.problem_offset;
	struct diag *g = load_fault(l, RULE_YAML_ENCODING, load_span(l, at, at + 1),
		str_printf(l->a, UNABLE "%s", l->parser.problem));
	diag_help(l->d, g, "save the file in the encoding UTF-8");
}

void
load_syntax_error(struct loader *l)
{
	const yaml_parser_t *p = &l->parser;
	if (p->error == YAML_MEMORY_ERROR) {
		load_fault(l, RULE_TOO_LARGE, load_span(l, 0, 0), STR("out of memory"));
		return;
	}
	if (p->error == YAML_READER_ERROR) {
		say_unreadable(l);
		return;
	}
	struct fault f = {.label = "not expected here", .problem = p->problem};
	f.stuck = load_offset(l, p->problem_mark.index);
	f.opened = p->context ? load_offset(l, p->context_mark.index) : f.stuck;
	f.at = f.stuck;
	f.end = word_end(l, f.at);
	f.said = official_words(l, f.problem);
	explain(l, &f);
	say(l, &f);
}
