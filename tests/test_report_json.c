/* SPDX-License-Identifier: MIT */
/* report: the formats made of JSON, read back by a parser that is not ours. */
#include "report_world.h"

#include <jansson.h>

#define PATH ".circleci/config.yml"

static json_t *
parse(const char *text)
{
	json_error_t error;
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	if (!json)
		fprintf(stderr, "%d:%d: %s in\n%s", error.line, error.column, error.text, text);
	assert_non_null(json);
	return json;
}

static json_t *
parse_report(struct world *w, const char *format)
{
	const char *text = render(w, format);
	assert_int_equal(text[strlen(text) - 1], '\n');
	return parse(text);
}

/* The value at "findings.0.start": keys of objects and places in lists; NULL when absent. */
static json_t *
at(json_t *json, const char *path)
{
	char part[64];
	while (json && *path) {
		size_t n = strcspn(path, ".");
		assert_true(n < sizeof part);
		memcpy(part, path, n);
		part[n] = 0;
		path += n + (path[n] == '.');
		json = json_is_array(json) ? json_array_get(json, (size_t)strtoul(part, NULL, 10))
					   : json_object_get(json, part);
	}
	return json;
}

/* Compares without regard to the order of keys. */
static void
expect_at(json_t *json, const char *path, const char *want)
{
	json_error_t error;
	json_t *wanted = json_loads(want, JSON_DECODE_ANY, &error);
	assert_non_null(wanted);
	json_t *got = at(json, path);
	if (!got || !json_equal(got, wanted)) {
		char *text = got ? json_dumps(got, JSON_ENCODE_ANY) : NULL;
		fprintf(stderr, "at %s\n--- want\n%s\n--- got\n%s\n", path, want,
			text ? text : "nothing");
	}
	assert_true(got && json_equal(got, wanted));
	json_decref(wanted);
}

static const char *
string_at(json_t *json, const char *path)
{
	const char *text = json_string_value(at(json, path));
	assert_non_null(text);
	return text;
}

/* ---- json, jsonl ------------------------------------------------------------------------- */

#define TYPO_START "{\"line\": 9, \"column\": 9, \"offset\": 112}"
#define TYPO_END "{\"line\": 9, \"column\": 14, \"offset\": 117}"

static void
json_says_everything(void **state)
{
	(void)state;
	struct world *w = world_new();
	push_typo(w);
	push(w, (struct span){0}, SEVERITY_WARNING, "no place");
	w->d.dropped = 3;
	json_t *json = parse_report(w, "json");
	expect_at(json, "version", "1");
	expect_at(json, "tool", "{\"name\": \"ccx\", \"version\": \"9.8.7\"}");
	expect_at(json, "files", "[{\"path\": \"" PATH "\"}, {\"path\": \"clean & sound.yml\"}]");
	expect_at(json, "summary", "{\"errors\": 2, \"warnings\": 0, \"not_shown\": 3}");
	expect_at(json, "findings.0",
		"{\"rule\": \"undefined-job\", \"severity\": \"error\","
		" \"message\": \"job \\\"biuld\\\" is not defined\","
		" \"label\": \"did you mean \\\"build\\\"?\", \"help\": \"jobs defined: build\","
		" \"path\": \"" PATH "\", \"start\": " TYPO_START ", \"end\": " TYPO_END ","
		" \"url\": "
		"\"https://github.com/ccx-ci/ccx/blob/main/schema/rules/undefined-job.md\","
		" \"related\": [{\"path\": \"" PATH "\", \"message\": \"defined here\","
		"  \"start\": {\"line\": 3, \"column\": 3, \"offset\": 21},"
		"  \"end\": {\"line\": 3, \"column\": 8, \"offset\": 26}}],"
		" \"fix\": null}");
	expect_at(json, "findings.1",
		"{\"rule\": \"invalid-value\", \"severity\": \"warning\", \"message\": \"no "
		"place\","
		" \"label\": null, \"help\": null, \"path\": null, \"start\": null, \"end\": null,"
		" \"url\": "
		"\"https://github.com/ccx-ci/ccx/blob/main/schema/rules/invalid-value.md\","
		" \"related\": [], \"fix\": null}");
	json_decref(json);
	world_free(w);
}

static void
an_empty_run_is_an_empty_report(void **state)
{
	(void)state;
	struct world *w = world_new();
	w->in.npaths = 0;
	expect_text(w, "json",
		"{\n  \"version\": 1,\n"
		"  \"tool\": {\n    \"name\": \"ccx\",\n    \"version\": \"9.8.7\"\n  },\n"
		"  \"files\": [],\n  \"findings\": [],\n"
		"  \"summary\": {\n    \"errors\": 0,\n    \"warnings\": 0,\n    \"not_shown\": "
		"0\n  }\n}\n");
	expect_text(w, "jsonl", "");
	expect_text(w, "gitlab", "[]\n");
	json_t *json = parse_report(w, "sarif");
	expect_at(json, "runs.0.results", "[]");
	expect_at(json, "runs.0.artifacts", "[]");
	json_decref(json);
	json = parse_report(w, "rdjson");
	expect_at(json, "diagnostics", "[]");
	assert_null(at(json, "severity"));
	json_decref(json);
	world_free(w);
}

static void
jsonl_lines_are_the_findings_of_json(void **state)
{
	(void)state;
	struct world *w = world_new();
	push_typo(w);
	push(w, span_of(w, w->config, "x\n"), SEVERITY_NOTE, "new\nline");
	push_orb_fault(w, "/orbs/node.yml");
	json_t *json = parse_report(w, "json");
	const char *line = render(w, "jsonl");
	size_t i = 0;
	for (; *line; i++) {
		size_t n = strcspn(line, "\n");
		assert_int_equal(line[n], '\n');
		json_t *finding = json_loadb(line, n, 0, NULL);
		assert_non_null(finding);
		assert_true(json_equal(finding, json_array_get(at(json, "findings"), i)));
		json_decref(finding);
		line += n + 1;
	}
	assert_int_equal(i, 3);
	json_decref(json);
	world_free(w);
}

static void
related_places_hold_the_calls(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct diag *g = push_orb_fault(w, "/orbs/node.yml");
	diag_note(&w->d, g, (struct span){0}, "looked in nowhere");
	json_t *json = parse_report(w, "json");
	expect_at(json, "findings.0.path", "\"/orbs/node.yml\"");
	expect_at(json, "findings.0.related.0",
		"{\"path\": null, \"start\": null, \"end\": null, \"message\": \"looked in "
		"nowhere\"}");
	expect_at(json, "findings.0.related.1.message", "\"command 'node/go' is called here\"");
	expect_at(json, "findings.0.related.1.path", "\"" PATH "\"");
	expect_at(json, "findings.0.related.1.start.line", "5");
	expect_at(json, "findings.0.related.2.message", "\"workflow 'main' stands here\"");
	assert_int_equal(json_array_size(at(json, "findings.0.related")), 3);
	json_decref(json);
	world_free(w);
}

static void
strings_survive_json(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct diag *g = diag_push(&w->d, RULE_VERSION, (struct span){0}, "x");
	char bytes[128];
	for (int i = 0; i < 128; i++)
		bytes[i] = (char)i;
	g->message = (struct str){bytes, sizeof bytes};
	g->help = STR("\xc3\xa9\xf0\x9f\x98\x80 \xff \xed\xa0\x80|");
	json_t *json = parse_report(w, "json");
	json_t *message = at(json, "findings.0.message");
	assert_int_equal(json_string_length(message), sizeof bytes);
	assert_memory_equal(json_string_value(message), bytes, sizeof bytes);
	assert_string_equal(string_at(json, "findings.0.help"),
		"\xc3\xa9\xf0\x9f\x98\x80 \xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|");
	json_decref(json);
	world_free(w);
}

static void
spans_beyond_the_text_are_cut(void **state)
{
	(void)state;
	struct world *w = world_new();
	push(w, (struct span){w->config, 112, UINT32_MAX}, SEVERITY_ERROR, "long");
	push(w, (struct span){w->config, UINT32_MAX, UINT32_MAX}, SEVERITY_ERROR, "far");
	uint32_t empty = source_add(&w->s, STR("empty.yml"), STR(""));
	push(w, (struct span){empty, 0, 0}, SEVERITY_ERROR, "empty");
	json_t *json = parse_report(w, "json");
	expect_at(json, "findings.0.start", TYPO_START);
	const char *last = "{\"line\": 12, \"column\": 1, \"offset\": 158}";
	expect_at(json, "findings.0.end", last);
	expect_at(json, "findings.1.start", last);
	expect_at(json, "findings.1.end", last);
	expect_at(json, "findings.2.end", "{\"line\": 1, \"column\": 1, \"offset\": 0}");
	json_decref(json);
	json = parse_report(w, "rdjson");
	expect_at(json, "diagnostics.1.location.range.start", "{\"line\": 12, \"column\": 1}");
	json_decref(json);
	world_free(w);
}

/* ---- gitlab, rdjson ---------------------------------------------------------------------- */

static void
gitlab_lists_findings(void **state)
{
	(void)state;
	struct world *w = world_new();
	push_typo(w);
	push(w, (struct span){0}, SEVERITY_NOTE, "no place");
	push_orb_fault(w, "/orbs/node.yml");
	json_t *json = parse_report(w, "gitlab");
	const char *print = string_at(json, "0.fingerprint");
	assert_int_equal(strspn(print, "0123456789abcdef"), 16);
	json_object_del(json_array_get(json, 0), "fingerprint");
	expect_at(json, "0",
		"{\"check_name\": \"undefined-job\", \"severity\": \"major\", \"description\": "
		"\"job \\\"biuld\\\""
		" is not defined\\ndid you mean \\\"build\\\"?\\nhelp: jobs defined: build\","
		" \"location\": {\"path\": \"" PATH "\", \"positions\":"
		" {\"begin\": {\"line\": 9, \"column\": 9}, \"end\": {\"line\": 9, \"column\": "
		"14}}}}");
	expect_at(json, "1.severity", "\"info\"");
	expect_at(json, "1.location", "{\"path\": \"" PATH "\", \"lines\": {\"begin\": 1}}");
	expect_at(json, "2.location.path", "\"" PATH "\"");
	expect_at(json, "2.location.positions.begin", "{\"line\": 5, \"column\": 13}");
	expect_at(json, "2.description", "\"unknown key \\\"stpes\\\"\\nat /orbs/node.yml:3:5\"");
	json_decref(json);
	world_free(w);
}

static void
rdjson_columns_count_bytes(void **state)
{
	(void)state;
	struct world *w = world_new();
	push_typo(w);
	push(w, span_of(w, w->config, "x\n"), SEVERITY_WARNING, "bytes");
	uint32_t bom = source_add(&w->s, STR("bom.yml"),
		STR("\xef\xbb\xbf"
		    "k: v"));
	push(w, span_of(w, bom, "v"), SEVERITY_NOTE, "mark");
	push(w, (struct span){bom, 0, 1}, SEVERITY_NOTE, "in the mark");
	json_t *json = parse_report(w, "rdjson");
	expect_at(
		json, "source", "{\"name\": \"ccx\", \"url\": \"https://github.com/ccx-ci/ccx\"}");
	expect_at(json, "severity", "\"ERROR\"");
	expect_at(json, "diagnostics.0.location",
		"{\"path\": \"" PATH "\", \"range\":"
		" {\"start\": {\"line\": 9, \"column\": 9}, \"end\": {\"line\": 9, \"column\": "
		"14}}}");
	expect_at(json, "diagnostics.0.code.value", "\"undefined-job\"");
	expect_at(json, "diagnostics.1.location.range",
		"{\"start\": {\"line\": 10, \"column\": 24}, \"end\": {\"line\": 11, \"column\": "
		"1}}");
	expect_at(json, "diagnostics.1.severity", "\"WARNING\"");
	expect_at(json, "diagnostics.2.location.range.start", "{\"line\": 1, \"column\": 4}");
	expect_at(json, "diagnostics.2.severity", "\"INFO\"");
	expect_at(json, "diagnostics.3.location.range.start", "{\"line\": 1, \"column\": 1}");
	json_decref(json);
	world_free(w);
}

/* ---- sarif ------------------------------------------------------------------------------- */

static void
sarif_describes_every_rule(void **state)
{
	(void)state;
	struct world *w = world_new();
	json_t *json = parse_report(w, "sarif");
	expect_at(json, "version", "\"2.1.0\"");
	expect_holds(string_at(json, "$schema"), "sarif-schema-2.1.0.json");
	json_t *driver = at(json, "runs.0.tool.driver");
	expect_at(driver, "name", "\"ccx\"");
	expect_at(driver, "semanticVersion", "\"9.8.7\"");
	expect_at(json, "runs.0.columnKind", "\"unicodeCodePoints\"");
	json_t *rules = at(driver, "rules"), *rule;
	assert_int_equal(json_array_size(rules), RULE_COUNT);
	size_t i;
	json_array_foreach(rules, i, rule)
	{
		const struct rule_info *info = rule_info((enum rule)i);
		assert_string_equal(string_at(rule, "id"), info->id);
		assert_string_equal(string_at(rule, "shortDescription.text"), info->doc);
		assert_string_equal(string_at(rule, "fullDescription.text"), info->doc);
		assert_string_equal(string_at(rule, "properties.group"), info->group);
		expect_holds(string_at(rule, "help.text"), string_at(rule, "helpUri"));
		const char *level = string_at(rule, "defaultConfiguration.level");
		assert_int_equal(level[0], "ewn"[info->severity]);
	}
	json_decref(json);
	world_free(w);
}

static void
sarif_places_results(void **state)
{
	(void)state;
	struct world *w = world_new();
	push_typo(w);
	push(w, span_from(w, w->config, "x\n", "build"), SEVERITY_NOTE, "lines");
	push(w, (struct span){0}, SEVERITY_WARNING, "no place");
	json_t *json = parse_report(w, "sarif");
	json_t *results = at(json, "runs.0.results");
	assert_int_equal(json_array_size(results), 3);
	const char *location =
		"[{\"physicalLocation\": {\"artifactLocation\":"
		" {\"uri\": \"" PATH "\", \"uriBaseId\": \"%SRCROOT%\"}, \"region\":"
		" {\"startLine\": 9, \"startColumn\": 9, \"endLine\": 9, \"endColumn\": 14}}}]";
	expect_at(results, "0.locations", location);
	expect_at(results, "0.level", "\"error\"");
	expect_at(results, "0.relatedLocations.0.message.text", "\"defined here\"");
	expect_at(results, "0.relatedLocations.0.id", "1");
	expect_at(results, "1.locations.0.physicalLocation.region",
		"{\"startLine\": 10, \"startColumn\": 20, \"endLine\": 11, \"endColumn\": 14}");
	assert_null(at(results, "1.relatedLocations"));
	expect_at(results, "2.locations",
		"[{\"physicalLocation\": {\"artifactLocation\":"
		" {\"uri\": \"" PATH
		"\", \"uriBaseId\": \"%SRCROOT%\"}, \"region\": {\"startLine\": 1}}}]");
	assert_null(at(results, "2.partialFingerprints.primaryLocationLineHash"));
	json_t *rules = at(json, "runs.0.tool.driver.rules"), *result;
	size_t i;
	json_array_foreach(results, i, result)
	{
		json_t *rule =
			json_array_get(rules, (size_t)json_integer_value(at(result, "ruleIndex")));
		assert_string_equal(string_at(rule, "id"), string_at(result, "ruleId"));
		assert_non_null(
			json_object_get(at(result, "partialFingerprints"), "ccxFinding/v1"));
	}
	expect_at(json, "runs.0.artifacts.1.location",
		"{\"uri\": \"clean%20%26%20sound.yml\", \"uriBaseId\": \"%SRCROOT%\"}");
	assert_non_null(at(json, "runs.0.originalUriBaseIds.%SRCROOT%"));
	json_decref(json);
	world_free(w);
}

static void
sarif_uris_are_escaped(void **state)
{
	(void)state;
	static const struct {
		const char *path, *want;
	} rows[] = {
		{"./a/b.yml", "{\"uri\": \"a/b.yml\", \"uriBaseId\": \"%SRCROOT%\"}"},
		{"orbs/dev:x.yml", "{\"uri\": \"orbs/dev%3Ax.yml\", \"uriBaseId\": \"%SRCROOT%\"}"},
		{"\xc3\xa9\xff%?#.yml",
			"{\"uri\": \"%C3%A9%FF%25%3F%23.yml\", \"uriBaseId\": \"%SRCROOT%\"}"},
		{"/home/me/x y.yml", "{\"uri\": \"file:///home/me/x%20y.yml\"}"},
		{"https://x.example:80/a%20b?c=d", "{\"uri\": \"https://x.example:80/a%20b?c=d\"}"},
		{"https://x.example/a b<", "{\"uri\": \"https://x.example/a%20b%3C\"}"},
		{"../x.yml", "{\"uri\": \"../x.yml\"}"},
		{"<--values>", "{\"uri\": \"%3C--values%3E\"}"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world *w = world_new();
		uint32_t file = source_add(&w->s, str_of(rows[i].path), STR("x"));
		push(w, (struct span){file, 0, 1}, SEVERITY_ERROR, "x");
		json_t *json = parse_report(w, "sarif");
		expect_at(json, "runs.0.results.0.locations.0.physicalLocation.artifactLocation",
			rows[i].want);
		json_decref(json);
		world_free(w);
	}
}

static void
sarif_keeps_the_place_in_an_orb(void **state)
{
	(void)state;
	struct world *w = world_new();
	push_orb_fault(w, "/orbs/node.yml");
	json_t *json = parse_report(w, "sarif");
	json_t *result = at(json, "runs.0.results.0");
	expect_at(result, "locations.0.physicalLocation.artifactLocation.uri", "\"" PATH "\"");
	expect_at(result, "locations.0.physicalLocation.region.startLine", "5");
	expect_at(result, "relatedLocations.0.physicalLocation.artifactLocation.uri",
		"\"file:///orbs/node.yml\"");
	expect_at(result, "relatedLocations.0.physicalLocation.region.startLine", "3");
	expect_at(result, "relatedLocations.2.message.text", "\"workflow 'main' stands here\"");
	expect_at(result, "partialFingerprints.primaryLocationLineHash", "\"943c1f95cfb0cbec:1\"");
	json_decref(json);
	world_free(w);
}

/* ---- fixes and ignored findings ---------------------------------------------------------- */

#define FIX_RANGE "{\"line\": 9, \"column\": 9}, \"end\": {\"line\": 9, \"column\": 14}"

static void
fixes_are_edits(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct span typo = span_of(w, w->config, "biuld");
	diag_fix(&w->d, push_typo(w), true, typo, STR("build"));
	push(w, typo, SEVERITY_NOTE, "two edits");
	diag_fix(&w->d, &w->d.all.v[1], false, typo, STR(""));
	diag_fix(&w->d, &w->d.all.v[1], false, (struct span){w->config, 0, 0}, STR("# \xc3\xa9\n"));
	json_t *json = parse_report(w, "json");
	expect_at(json, "findings.0.fix",
		"{\"applicability\": \"safe\", \"edits\": [{\"path\": \"" PATH
		"\", \"start\": " TYPO_START ", \"end\": " TYPO_END
		", \"offset\": 112, \"length\": 5, \"text\": \"build\"}]}");
	expect_at(json, "findings.1.fix.applicability", "\"unsafe\"");
	expect_at(json, "findings.1.fix.edits.0.length", "0");
	expect_at(json, "findings.1.fix.edits.1.text", "\"\"");
	json_decref(json);
	json = parse_report(w, "rdjson");
	expect_at(json, "diagnostics.0.suggestions",
		"[{\"text\": \"build\", \"range\": {\"start\": " FIX_RANGE "}}]");
	assert_null(at(json, "diagnostics.1.suggestions"));
	json_decref(json);
	json = parse_report(w, "sarif");
	json_t *fix = at(json, "runs.0.results.1.fixes.0");
	expect_at(fix, "properties.applicability", "\"unsafe\"");
	expect_at(fix, "artifactChanges.0.artifactLocation.uri", "\"" PATH "\"");
	expect_at(fix, "artifactChanges.0.replacements",
		"[{\"deletedRegion\": {\"startLine\": 1, \"startColumn\": 1, \"endLine\": 1, "
		"\"endColumn\": 1},"
		" \"insertedContent\": {\"text\": \"# \\u00e9\\n\"}},"
		" {\"deletedRegion\": {\"startLine\": 9, \"startColumn\": 9, \"endLine\": 9, "
		"\"endColumn\": 14},"
		" \"insertedContent\": {\"text\": \"\"}}]");
	json_decref(json);
	world_free(w);
}

static void
ignored_findings_are_in_sarif_only(void **state)
{
	(void)state;
	static const char *const formats[] = {
		"concise", "json", "jsonl", "github", "gitlab", "junit", "checkstyle", "rdjson"};
	struct world *clean = world_new(), *w = world_new();
	diag_ignore(&w->d, push_typo(w), STR("known"));
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		assert_string_equal(render(w, formats[i]), render(clean, formats[i]));
	push(w, (struct span){0}, SEVERITY_NOTE, "not ignored");
	json_t *json = parse_report(w, "sarif");
	expect_at(json, "runs.0.results.0.suppressions",
		"[{\"kind\": \"inSource\", \"justification\": \"known\"}]");
	expect_at(json, "runs.0.results.1.suppressions", "[]");
	json_decref(json);
	world_free(w);
	world_free(clean);
}

/* ---- fingerprints ------------------------------------------------------------------------ */

/* The numbers are what the script of GitHub's upload action computes for these texts. */
static void
line_hashes_are_githubs(void **state)
{
	(void)state;
	static const char *const config[] = {"2c3f0654c3963433:1", "2adb789bd63c3008:1",
		"e5dc7790b07b27b6:1", "b72177ffa4507fae:1", "943c1f95cfb0cbec:1",
		"831daa464b76b0f7:1", "e37d28818cfb495d:1", "ab9ea7c718126f44:1",
		"2285830703934dd2:1", "4a2e57ce8cf3fc79:1", "76338dc9d97df0be:1",
		"c129715d7a2bc9a3:1"};
	static const char *const breaks[] = {"4f1fcfb6cc782e6a:1", "198520b6dbff2b3b:1",
		"71534a09e4dd24e4:1", "68e98d6814d5c28a:1", "d1b2637975409306:1",
		"5b5d4caf73a13177:1", "3c5bef55b72b93c9:1", "c129715d7a2bc9a3:1"};
#define LONG "- xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
	static const char *const repeats[] = {"b157d5109139149c:1", "b157d5109139149c:2",
		"1883e5e2bd9f76f1:1", "f134f59ef8487ca9:1", "b157d5109139149c:3",
		"b157d5109139149c:4", "a5c97b3d9914143e:1", "c129715d7a2bc9a3:1"};
	const struct {
		const char *text;
		const char *const *want;
		uint32_t n;
	} rows[] = {
		{config_text, config, 12},
		{"a\r\na\r\n\r b\na\n\n\n", breaks, 8},
		{LONG LONG LONG "end\n" LONG LONG LONG, repeats, 8},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world *w = world_new();
		uint32_t file = source_add(&w->s, STR("x.yml"), str_of(rows[i].text)), line = 0;
		for (uint32_t k = 0; k <= strlen(rows[i].text); k++)
			if (source_place(&w->s, file, k).line > line) {
				push(w, (struct span){file, k, 0}, SEVERITY_ERROR, "x");
				line++;
			}
		assert_int_equal(line, rows[i].n);
		json_t *json = parse_report(w, "sarif"), *result;
		size_t k;
		json_array_foreach(at(json, "runs.0.results"), k, result)
		{
			const char *path = "partialFingerprints.primaryLocationLineHash";
			assert_string_equal(string_at(result, path), rows[i].want[k]);
		}
		json_decref(json);
		world_free(w);
	}
}

static void
fingerprints_stay_when_lines_move(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"a: [x, x]\nb: x\na: [x, x]\n",
		"# new\n\n  a: [x, x]  \r\nnew: y\nb: x\n\ta: [x, x]",
	};
	struct str prints[2][7];
	struct world *w = world_new();
	for (size_t t = 0; t < 2; t++) {
		struct diag_list d;
		diag_init(&d, w->a);
		uint32_t file = source_add(&w->s, STR("x.yml"), str_of(texts[t]));
		for (uint32_t k = 0; texts[t][k]; k++)
			if (texts[t][k] == 'x')
				diag_push(&d, RULE_VERSION, (struct span){file, k, 1}, "m%zu", t);
		diag_push(&d, RULE_EMPTY, d.all.v[0].span, "another rule");
		diag_push(&d, RULE_EMPTY, (struct span){0}, "no place");
		w->in.findings = &d;
		assert_int_equal(d.all.n, 7);
		memcpy(prints[t], report_fingerprints(w->a, &w->in), sizeof prints[t]);
	}
	for (size_t i = 0; i < 7; i++) {
		assert_true(str_eq(prints[0][i], prints[1][i]));
		for (size_t k = 0; k < i; k++)
			assert_false(str_eq(prints[0][i], prints[0][k]));
	}
	world_free(w);
}

static void
fingerprints_tell_files_and_lines_apart(void **state)
{
	(void)state;
	struct world *w = world_new();
	static const char *const sources[][2] = {
		{"x.yml", "a: 1"}, {"y.yml", "a: 1"}, {"x.yml", "a: 2"}, {"./x.yml", "a: 1"}};
	for (size_t i = 0; i < 4; i++) {
		uint32_t file = source_add(&w->s, str_of(sources[i][0]), str_of(sources[i][1]));
		push(w, (struct span){file, 0, 1}, SEVERITY_ERROR, "x");
	}
	struct str *all = report_fingerprints(w->a, &w->in);
	for (size_t i = 0; i < 4; i++)
		for (size_t k = 0; k < i; k++)
			assert_false(str_eq(all[i], all[k]));
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_says_everything),
		cmocka_unit_test(an_empty_run_is_an_empty_report),
		cmocka_unit_test(jsonl_lines_are_the_findings_of_json),
		cmocka_unit_test(related_places_hold_the_calls),
		cmocka_unit_test(strings_survive_json),
		cmocka_unit_test(spans_beyond_the_text_are_cut),
		cmocka_unit_test(gitlab_lists_findings),
		cmocka_unit_test(rdjson_columns_count_bytes),
		cmocka_unit_test(sarif_describes_every_rule),
		cmocka_unit_test(sarif_places_results),
		cmocka_unit_test(sarif_uris_are_escaped),
		cmocka_unit_test(sarif_keeps_the_place_in_an_orb),
		cmocka_unit_test(fixes_are_edits),
		cmocka_unit_test(ignored_findings_are_in_sarif_only),
		cmocka_unit_test(line_hashes_are_githubs),
		cmocka_unit_test(fingerprints_stay_when_lines_move),
		cmocka_unit_test(fingerprints_tell_files_and_lines_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
