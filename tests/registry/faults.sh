#!/bin/sh
# The registry's client against a registry that fails in every way.
# usage: faults.sh CCX SERVER v3|graphql
# shellcheck source=tests/registry/lib.sh
. "$(dirname "$0")/lib.sh"

api=$3
printf 'version: 2.1\norbs: {n: circleci/node@5}\njobs:
  build:
    docker: [{image: "a:1"}]\n    steps: [n/install]\n' >c.yml
while read -r fault code pattern; do
	check "$fault" "$code" "$pattern" orb source circleci/node@5 --host "$host/$fault" --api "$api"
done <<END
401 1 wants to know who asks: set CIRCLECI_CLI_TOKEN
403 1 does not allow this.*Forbidden
404 5 has no such thing|there is no orb|registry was not asked
429 1 too many requests; try again in 3600 seconds
500 1 is in trouble \\(500\\)
garbage 1 makes no sense
empty 1 makes no sense
list 1 makes no sense
nothing 1 makes no sense
cut 1 broke before the answer was complete
reset 1 broke before the answer was complete
loop 1 too many redirects
outside 1 a redirect to where no TLS is
busy 0 ^commands:
flaky 0 ^commands:
END
for fault in wrongtype nulls; do
	"$ccx" orb info circleci/node --host "$host/$fault" --api "$api" >/dev/null 2>&1
	[ $? -lt 100 ] && pass || fail "$fault crashes"
done
check "a list of pages without end" 0 '^circleci/node' orb list circleci --host "$host" --api "$api"
with=CCX_HTTP_TIMEOUT=1
check slow 1 'did not answer in time' \
	orb source circleci/node@6 --host "$host/slow" --api "$api"
check "nobody there" 1 'takes no connection' orb source circleci/node@6 --host http://127.0.0.1:1
check "validate goes on without" 0 'note: Cannot fetch the orb' \
	config validate c.yml --host http://127.0.0.1:1 --fail-on error
check "http to elsewhere" 1 'must be an address with https' \
	orb source circleci/node@6 --host http://circleci.example
check "a host that looks like this machine" 1 'must be an address with https' \
	orb source circleci/node@6 --host http://127.0.0.1.example
check "a name before an @" 1 'must be an address with https' \
	orb source circleci/node@6 --host http://127.0.0.1@circleci.example
finish
