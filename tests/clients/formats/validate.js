// SPDX-License-Identifier: MIT
// Asks ajv whether reports are valid: node validate.js FOLDER [SARIF-SCHEMA]
// FOLDER has the reports of three runs, as NAME.FORMAT: faulty, clean and empty.
// Prints how many are valid, or each fault; exit 1 when there is one.
'use strict';
const fs = require('fs');
const path = require('path');
const Ajv = require('ajv');

const [folder, sarifSchema] = process.argv.slice(2);
const read = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));
const schemaOf = (format) => read(path.join(__dirname, format + '.schema.json'));
// ajv 6 passes over keywords that it does not know; ajv 8 has to be told to.
const ajv = new Ajv({strict: false, logger: false});
const jsonSchema = schemaOf('json'); // jsonl refers to it
ajv.addSchema(jsonSchema);

const lines = (text) => text.split('\n').filter((line) => line).map((line) => JSON.parse(line));
const report = (name, format) => {
	const text = fs.readFileSync(path.join(folder, name + '.' + format), 'utf8');
	return format === 'jsonl' ? lines(text) : JSON.parse(text);
};

const results = (log) => log.runs[0].results;
const fixed = (log) => results(log).find((result) => result.fixes);
const suppressed = (log) => results(log).find((result) => result.suppressions.length);
const related = (log) => results(log).find((result) => result.relatedLocations);
const withRelated = (findings) => findings.find((finding) => finding.related.length);
const withFix = (findings) => findings.find((finding) => finding.fix);
const withSuggestion = (log) => log.diagnostics.find((diagnostic) => diagnostic.suggestions);
const breakFinding = [
	(all) => delete all[0].rule,
	(all) => { all[0].severity = 'fatal'; },
	(all) => { all[0].start.line = 0; },
	(all) => { all[0].help = 1; },
	(all) => delete withRelated(all).related[0].message,
	(all) => { withFix(all).fix.applicability = 'perhaps'; },
	(all) => { withFix(all).fix.edits[0].length = -1; },
];

// What breaks the report of the faulty config, each in one place: the schema must refuse it. As
// each takes what it breaks for granted, a report without a fix and the like does not pass either.
const breaks = {
	sarif: [
		(log) => { log.version = '2.0.0'; },
		(log) => delete log.$schema,
		(log) => { log.runs = []; },
		(log) => delete log.runs[0].tool.driver.name,
		(log) => delete log.runs[0].tool.driver.rules[0].id,
		(log) => { log.runs[0].columnKind = 'bytes'; },
		(log) => { results(log)[0].level = 'info'; },
		(log) => delete results(log)[0].message.text,
		(log) => { results(log)[0].locations = []; },
		(log) => { results(log)[0].locations[0].physicalLocation.region.startLine = 0; },
		(log) => { results(log)[0].locations[0].physicalLocation.region.endColumn = 0; },
		(log) => { results(log)[0].partialFingerprints['ccxFinding/v1'] = 1; },
		(log) => { related(log).relatedLocations[0].message = 'text'; },
		(log) => delete fixed(log).fixes[0].artifactChanges[0].replacements[0].deletedRegion,
		(log) => { suppressed(log).suppressions[0].kind = 'ignored'; },
	],
	gitlab: [
		(all) => delete all[0].description,
		(all) => delete all[0].check_name,
		(all) => delete all[0].fingerprint,
		(all) => { all[0].severity = 'error'; },
		(all) => { all[0].location.path = './config.yml'; },
		(all) => delete all[0].location.positions,
		(all) => { all[0].location.positions.begin.line = 0; },
	],
	rdjson: [
		(log) => delete log.diagnostics,
		(log) => delete log.diagnostics[0].message,
		(log) => delete log.diagnostics[0].location.path,
		(log) => { log.diagnostics[0].location.range.start.line = 0; },
		(log) => { log.diagnostics[0].severity = 'error'; },
		(log) => { log.diagnostics[0].rule = 'x'; },
		(log) => delete withSuggestion(log).suggestions[0].text,
	],
	json: [
		(log) => { log.version = '1'; },
		(log) => delete log.tool,
		(log) => { log.files[0] = 'config.yml'; },
		(log) => delete log.summary.errors,
	].concat(breakFinding.map((change) => (log) => change(log.findings))),
	jsonl: breakFinding,
};

let valid = 0;
let refused = 0;
let faults = 0;
const fault = (text) => { console.log('formats: ' + text); faults++; };

function check(format, validate) {
	for (const name of ['faulty', 'clean', 'empty']) {
		if (validate(report(name, format)))
			valid++;
		else
			fault(`${name}.${format}: ${ajv.errorsText(validate.errors)}`);
	}
}

for (const format of Object.keys(breaks)) {
	const validate = ajv.compile(format === 'json' ? jsonSchema : schemaOf(format));
	check(format, validate);
	for (const change of breaks[format]) {
		const broken = report('faulty', format);
		change(broken);
		if (validate(broken))
			fault(`${format}: the schema takes a report broken by ${change}`);
		else
			refused++;
	}
}
if (sarifSchema)
	check('sarif', ajv.compile(read(sarifSchema)));

// What no schema can say.
const prints = report('faulty', 'gitlab').map((finding) => finding.fingerprint);
if (new Set(prints).size !== prints.length)
	fault('gitlab: a fingerprint is there twice');
const levels = new Set(results(report('faulty', 'sarif')).map((result) => result.level));
if (levels.size !== 3)
	fault('sarif: the faulty config has not an error, a warning and a note');
for (const result of results(report('faulty', 'sarif')))
	if (report('faulty', 'sarif').runs[0].tool.driver.rules[result.ruleIndex].id !== result.ruleId)
		fault(`sarif: ruleIndex ${result.ruleIndex} is not ${result.ruleId}`);

if (!faults)
	console.log(`ajv takes ${valid} reports and refuses ${refused} broken ones`);
process.exit(faults ? 1 : 0);
