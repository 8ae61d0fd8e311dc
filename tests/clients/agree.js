// SPDX-License-Identifier: MIT
// Reads the records of schema_verdict and asks ajv the same: node agree.js SCHEMA <RECORDS
// Prints each disagreement for which no keyword of ours is the reason; exit 1 when there is one.
'use strict';
const fs = require('fs');
const Ajv = require('ajv');

const schema = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
// ajv 6 passes over keywords that it does not know; ajv 8 has to be told to.
const ajv = new Ajv({strict: false, logger: false});
const validate = ajv.compile(schema);

const isMap = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const values = (value) => (value !== null && typeof value === 'object' ? Object.values(value) : []);

// A step or an entry of a workflow with several keys, one of them empty.
const hasEmptyKey = (value) =>
	(Array.isArray(value) && value.some((item) => isMap(item) &&
		Object.keys(item).length > 1 && Object.values(item).includes(null))) ||
	values(value).some(hasEmptyKey);

const builtIn = Object.keys(schema.definitions['step-map'].properties);

// What plain JSON Schema cannot say. Each is the reason of differences in one direction only.
const reasons = [
	{name: 'x-drop-nulls', ccx: true, applies: (config) => hasEmptyKey(config)},
	{name: 'x-shadowed', ccx: true,
		applies: (config) => Object.keys(config.commands || {}).some((c) => builtIn.includes(c))},
	// An enum whose members are no strings is for others: the compiler words that fault.
	{name: 'version', ccx: true,
		applies: (config, errors) => errors.some((e) => /version$/.test(e.dataPath || e.instancePath))},
	{name: 'x-expected', ccx: false, applies: (config, errors, fault) =>
		/required key \[jobs\] not found/.test(fault)},
];

const records = fs.readFileSync(0, 'utf8').split('\x1e');
const known = {};
let asked = 0;
let differ = 0;
for (let i = 0; i + 2 < records.length; i += 3) {
	const [path, verdict, json] = records.slice(i, i + 3);
	const config = JSON.parse(json);
	const ours = verdict === 'valid';
	const theirs = validate(config);
	asked++;
	if (theirs === ours)
		continue;
	const errors = validate.errors || [];
	const reason = reasons.find((r) => r.ccx === ours && r.applies(config, errors, verdict));
	if (reason) {
		known[reason.name] = (known[reason.name] || 0) + 1;
		continue;
	}
	differ++;
	const said = errors.map((e) => `${e.dataPath || e.instancePath} ${e.message}`).join('; ');
	console.log(`${path}: ccx says: ${verdict}; ajv says: ${said || 'valid'}`);
}
const list = Object.keys(known).sort().map((name) => `${known[name]} by ${name}`).join(', ');
console.log(`ajv: agrees on ${asked - differ} of ${asked} configs${list && ` (differs ${list})`}`);
process.exit(differ || !asked ? 1 : 0);
