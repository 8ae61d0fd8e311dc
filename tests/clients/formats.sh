#!/bin/sh
# Reports in every format for machines, validated by ajv and xmllint: the schemas in formats/ say
# what the formats ask for. Takes CCX and an empty folder TMP from the environment, and
# SARIF_SCHEMA, SARIF's own schema, if it is nowhere below node's folders.
set -eu

here=$PWD/tests/clients/formats
NODE_PATH=${NODE_PATH:-}:/usr/share/nodejs:/usr/local/lib/node_modules
export NODE_PATH
ajv=yes xmllint=yes
command -v node >/dev/null 2>&1 && node -e 'require("ajv")' 2>/dev/null || ajv=
command -v xmllint >/dev/null 2>&1 || xmllint=
[ "$ajv$xmllint" ] || { echo "formats: skipped, no ajv and no xmllint here"; exit 0; }

# Errors, warnings, a note, a fix, related places, an ignored finding, and text to be escaped.
cat >"$TMP/faulty.yml" <<'END_OF_CONFIG'
version: 2.1
jobs:
  build:
    docker: [{image: cimg/base:2024.01}]
    enviroment: {A: b}
    steps: [checkout, "é & <b>": 1]
  test:
    docker: [{image: cimg/base:2024.01}]
    steps: [checkout]
    paralelism: 2 # ccx: ignore[unknown-key] known to us
  unused:
    docker: [{image: cimg/base:2024.01}]
    steps: [checkout]
workflows:
  main:
    triggers: [{schedule: {cron: "0 0 * * *", filters: {branches: {only: main}}}}]
    jobs: [build, biuld, test]
END_OF_CONFIG
printf '%s\n' 'version: 2.1' 'jobs:' '  build:' '    docker: [{image: cimg/base:2024.01}]' \
	'    steps: [checkout]' 'workflows: {main: {jobs: [build]}}' >"$TMP/clean.yml"
: >"$TMP/empty.yml"

report() { # name, exit code
	code=0
	(cd "$TMP" && "$CCX" config validate --format sarif -o "$1.sarif" \
		--format gitlab -o "$1.gitlab" --format junit -o "$1.junit" \
		--format checkstyle -o "$1.checkstyle" --format rdjson -o "$1.rdjson" \
		--format json -o "$1.json" --format jsonl -o "$1.jsonl" "$1.yml") \
		>"$TMP/out" 2>&1 || code=$?
	[ $code = "$2" ] || { echo "formats: $1.yml: exit code $code"; cat "$TMP/out"; exit 1; }
}

find_sarif_schema() {
	find /usr/share/nodejs /usr/lib/node_modules /usr/local/lib/node_modules \
		-name 'sarif*schema*.json' 2>/dev/null | while read -r schema; do
		# Older ones are of another draft, which ajv does not know.
		grep -q 'json-schema.org/draft-07' "$schema" && echo "$schema" && break
	done
}

takes() { # schema, document
	xmllint --nonet --noout --schema "$here/$1.xsd" "$2" >"$TMP/out" 2>&1
}

refuses() { # schema, what breaks the report, as an expression of sed
	sed "$2" "$TMP/faulty.$1" >"$TMP/broken.xml"
	if cmp -s "$TMP/faulty.$1" "$TMP/broken.xml" || takes "$1" "$TMP/broken.xml"; then
		echo "formats: $1.xsd takes a report broken by $2"
		exit 1
	fi
}

check_xml() {
	for format in junit checkstyle; do
		for name in faulty clean empty; do
			takes $format "$TMP/$name.$format" ||
				{ echo "formats: $name.$format:"; cat "$TMP/out"; exit 1; }
		done
	done
	for name in faulty clean empty; do
		counts=$(xmllint --xpath 'count(//testcase) = /testsuites/@tests and
			count(//failure) = /testsuites/@failures' "$TMP/$name.junit")
		[ "$counts" = true ] || { echo "formats: $name.junit: other counts"; exit 1; }
	done
	refuses junit 's/ tests="[0-9]*"//'
	refuses junit 's/failures="[0-9]*"/failures="many"/'
	refuses junit 's/<testcase name="[^"]*"/<testcase/'
	refuses junit 's/<failure type="[^"]*"/<failure/'
	refuses junit 's/system-out/output/g'
	refuses junit 's/time="0"/time=""/'
	refuses checkstyle 's/severity="info"/severity="note"/'
	refuses checkstyle 's/line="[0-9]*"/line="0"/'
	refuses checkstyle 's/ message="[^"]*"//'
	refuses checkstyle 's/<file name="[^"]*"/<file/'
	refuses checkstyle 's/ version="4.3"//'
}

report faulty 7
report clean 0
report empty 7
json="JSON skipped, no ajv here" xml="XML skipped, no xmllint here"
if [ "$ajv" ]; then
	json=$(node "$here/validate.js" "$TMP" "${SARIF_SCHEMA:-$(find_sarif_schema)}") ||
		{ echo "$json"; exit 1; }
fi
if [ "$xmllint" ]; then
	check_xml
	xml="xmllint takes 6 and refuses 11"
fi
echo "formats: $json; $xml"
