#!/bin/sh
# What a person at a terminal is asked and told: nothing is published without a yes.
# usage: terminal.sh CCX SERVER
# shellcheck source=tests/registry/lib.sh
. "$(dirname "$0")/lib.sh"

if ! script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	skip "no script(1) here that runs a command on a terminal"
	exit 0
fi
printf 'version: 2.1\ncommands: {hi: {steps: [checkout]}}\n' >orb.yml

# typed KEYS NAME EXIT PATTERN ARGS…: runs ccx on a terminal on which KEYS are typed.
typed() {
	keys=$1 name=$2 want=$3 pattern=$4
	shift 4
	printf "$keys" | script -qec "$ccx $* --host $host" /dev/null >out 2>&1
	verdict "$name" $? "$want" "$pattern"
}
wrote() {
	logged "$1" "$2" '^POST .*/orb/versions'
}

publish="orb publish orb.yml circleci/node@dev:a --api v3"
typed 'n\n' "no" 1 'Go on\? \[y/N\]' "$publish"
grep -q 'nothing was done' out && pass || fail "no is not confirmed" out
grep -q 'publish orb.yml as circleci/node@dev:a to http' out && pass || fail "it is not said what" out
wrote "nothing is sent after a no" 0
typed '\n' "an empty answer is no" 1 'nothing was done' "$publish"
typed 'perhaps\n' "another word is no" 1 'nothing was done' "$publish"
typed '\004' "the end of input is no" 1 'nothing was done' "$publish"
typed '' "a terminal that goes away is no" 1 'nothing was done' "$publish"
wrote "nothing is sent after these" 0
typed '' "dry run" 0 '^would publish' "$publish --dry-run"
grep -q 'Go on' out && fail "a dry run asks" out
wrote "a dry run sends nothing" 0
typed 'y\n' "yes" 0 'published circleci/node@dev:a' "$publish"
wrote "it is sent once after a yes" 1
forget
typed '' "--yes asks nothing" 0 '^published circleci/node@dev:a' "$publish --yes"
grep -q 'Go on' out && fail "--yes asks" out
wrote "and sends" 1
forget
typed 'y\n' "yes to a version" 0 'published circleci/node@5.3.0' \
	"orb publish increment orb.yml circleci/node minor --api v3"
grep -q 'for good: a version cannot be changed' out && pass || fail "that it is for good" out
for command in "orb create acme/tools --private" "orb unlist circleci/node" \
	"orb publish promote circleci/node@dev:x patch" "orb add-to-category circleci/node Build"; do
	for api in v3 graphql; do
		forget
		typed 'n\n' "$command by $api" 1 'nothing was done' "$command --api $api"
		logged "$command by $api sends nothing" 0 .
	done
done

# ---- waiting -------------------------------------------------------------------------------------

CCX_HTTP_TIMEOUT=1
export CCX_HTTP_TIMEOUT
source="orb source circleci/node@5 --api v3"
typed '' "nothing is said of what is quick" 0 '^commands' "$source"
grep -q 'waiting for' out && fail "it waits" out
rm -rf "$XDG_CACHE_HOME"
host=$host/slow
typed '' "a slow answer" 1 '^ccx: waiting for http://127' "$source"
serve "$tmp/log2"
# shellcheck disable=SC2086
"$ccx" $source --host "$host/slow" >out 2>&1 </dev/null
verdict "a slow answer, and nobody there" $? 1 'did not answer in time'
grep -q 'waiting for' out && fail "nobody is told" out
finish
