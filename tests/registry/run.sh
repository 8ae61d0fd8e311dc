#!/bin/sh
# The registry's client against a registry of our own: reading, pins, the token, writing.
# usage: run.sh CCX SERVER
# shellcheck source=tests/registry/lib.sh
. "$(dirname "$0")/lib.sh"

# ---- reading, in both generations ----------------------------------------------------------------

for api in v3 graphql; do
	forget
	check "$api source" 0 '^commands:' orb source circleci/node@5 --host "$host" --api $api
	check "$api source of a dev version" 0 '^commands:' \
		orb source circleci/node@dev:x --host "$host" --api $api
	check "$api source of no orb" 5 'there is no orb nobody/nothing@1.0.0' \
		orb source nobody/nothing@1.0.0 --host "$host" --api $api
	check "$api info" 0 '^  5\.2\.1  2024-01-02$' orb info circleci/node --host "$host" --api $api
	check "$api info as JSON" 0 '"builds30Days": 12' \
		orb info circleci/node --json --host "$host" --api $api
	check "$api info of no orb" 5 'there is no orb nobody/nothing' \
		orb info nobody/nothing --host "$host" --api $api
	check "$api categories" 0 '^Build$' orb list-categories --host "$host" --api $api
	check "$api list" 0 '^circleci/node 5\.2\.1$' orb list --host "$host" --api $api
	check "$api list with a limit" 0 'more than 1: raise --limit' \
		orb list circleci --limit 1 --host "$host" --api $api
done
check "all pages of v3" 0 '^circleci/orb5 ' orb list circleci --host "$host" --api v3
check "no such namespace" 5 'no namespace nobody' orb list nobody --host "$host" --api v3
forget
check "a server before v3" 0 '^commands:' orb source circleci/node@5 --host "$host/old"
logged "is probed, then asked by GraphQL" 1 '^GET /old/api/v3/orb/categories'
logged "is probed, then asked by GraphQL" 1 '^POST /old/graphql-unstable'
forget
check "without a token GraphQL is tried" 1 'set CIRCLECI_CLI_TOKEN' \
	orb source circleci/node@5 --host "$host/401"

# ---- the cache -----------------------------------------------------------------------------------

printf 'version: 2.1\norbs: {n: circleci/node@5}\njobs:\n  build:\n    docker: [{image: "a:1"}]
    steps: [n/install]\n' >c.yml
forget
check "a config with an orb" 0 'resolved to .circleci/node@5.2.1' config process c.yml --host "$host"
asked=$(wc -l <"$tmp/log")
check "and once more" 0 'echo install' config process c.yml --host "$host"
logged "asks nothing" "$asked" .
check "and offline" 0 'echo install' config process c.yml --host "$host" --offline
sleep 1
with=CCX_ORB_MAX_AGE=0
check "unless it is too old" 0 'echo install' config process c.yml --host "$host"
logged "then it asks" $((asked * 2)) .
entry=$(find "$XDG_CACHE_HOME" -name '5.orb')
printf 'x' >>"$entry"
check "a broken entry" 0 'echo install' config process c.yml --host "$host"
logged "is fetched again" $((asked * 3)) .
chmod -R a-w "$XDG_CACHE_HOME" 2>/dev/null
export CCX_ORB_MAX_AGE=0
check "a cache that cannot be written" 0 'echo install' config process c.yml --host "$host"
unset CCX_ORB_MAX_AGE
chmod -R u+w "$XDG_CACHE_HOME"

# ---- pins ----------------------------------------------------------------------------------------

forget
mkdir -p pins/.circleci
cp c.yml pins/.circleci/config.yml
check "a lock" 0 '1 reference$' orb lock pins --host "$host"
cp pins/.circleci/ccx.lock "$tmp/log"
logged "says the registry's address" 1 "from: $host\$"
: >"$tmp/log"
check "from the cache it is the same" 0 'as before' orb lock pins --host "$host" --offline
check "versions of the registry" 0 '^circleci/node@5  5\.2\.1' orb outdated pins --host "$host"
check "vendored" 0 '1 orb, 1 written' orb vendor pins --host "$host"
forget
check "needs no network" 0 'echo install' config process pins --frozen --host "$host"
logged "nor asks it" 0 .
printf 'version: 2.1\norbs: {n: circleci/node@5.0.0}\n' >pins/.circleci/config.yml
check "another version than was asked for is not locked" 1 'gave version 5.2.1' \
	orb lock pins --host "$host"
first=$port
serve "$tmp/log2"
check "a registry that goes away" 0 'echo install' config process c.yml --host "$host"
kill "$started"
wait "$started" 2>/dev/null
with=CCX_ORB_MAX_AGE=0
check "an old entry, when there is no answer" 0 'echo install' config process c.yml --host "$host"
port=$first host=http://127.0.0.1:$first
rm -rf "$XDG_CACHE_HOME"
: >"$tmp/log"
check "offline without a cache" 5 'Cannot find circleci/node@5' \
	config process c.yml --host "$host" --offline
with=CCX_OFFLINE=1
check "the same by the environment" 5 'Cannot find' config process c.yml --host "$host"
logged "opens no connection" 0 .
mkdir -p .circleci/orbs/circleci/node
printf 'version: 2.1\ncommands: {install: {steps: [{run: echo vendored}]}}\n' \
	>.circleci/orbs/circleci/node/5.0.0.yml
check "orbs of the project come first" 0 'echo vendored' config process c.yml --host "$host"
logged "without asking" 0 .
rm -r .circleci

# ---- the token -----------------------------------------------------------------------------------

forget
export CIRCLECI_CLI_TOKEN=secret-token
check "a token that is not accepted" 1 'does not accept the token' \
	orb source circleci/node@5 --host "$host/401" --api v3
: >"$tmp/log"
check "a redirect to another host" 0 '^commands:' \
	orb source circleci/node@5 --host "$host/away" --api v3 -v
grep -q secret "$tmp/out" && fail "the token was printed"
logged "the host gets the token" 2 '^GET /away/.* secret-token$'
logged "the other host does not" 2 '^GET /api/.* -$'
unset CIRCLECI_CLI_TOKEN
mkdir -p "$HOME/.circleci"
printf 'host: %s\nendpoint: graphql-unstable\ntoken: file-token\n' "$host" >"$HOME/.circleci/cli.yml"
forget
check "the official configuration" 0 '^commands:' orb source circleci/node@5
logged "its token goes to its host" 3 ' file-token$'
forget
check "another host" 0 '^commands:' orb source circleci/node@5 --host "http://localhost:$port"
logged "does not get it" 0 ' file-token$'
rm -r "$HOME/.circleci"
export CIRCLE_TOKEN='two words'
check "a token with a space" 2 'was not copied' orb info circleci/node --host "$host"
unset CIRCLE_TOKEN

# ---- writing -------------------------------------------------------------------------------------

printf 'version: 2.1\ncommands: {hi: {steps: [checkout]}}\n' >orb.yml
for api in v3 graphql; do
	forget
	check "$api publish" 0 '^published circleci/node@dev:a$' \
		orb publish orb.yml circleci/node@dev:a --yes --host "$host" --api $api
	check "$api increment" 0 '^published circleci/node@5.3.0$' \
		orb publish increment orb.yml circleci/node minor --yes --host "$host" --api $api
	check "$api promote" 0 'to circleci/node@5.2.2$' \
		orb publish promote circleci/node@dev:x patch --yes --host "$host" --api $api
	check "$api create" 0 '^done: create the private orb' \
		orb create acme/tools --private --yes --host "$host" --api $api
	check "$api unlist" 0 '^done: take circleci/node' \
		orb unlist circleci/node --yes --host "$host" --api $api
	check "$api category" 0 '^done: add' \
		orb add-to-category circleci/node Build --yes --host "$host" --api $api
	check "$api category" 0 '^done: remove' \
		orb remove-from-category circleci/node Build --yes --host "$host" --api $api
	check "$api no category" 5 'no category "Nope"' \
		orb add-to-category circleci/node Nope --yes --host "$host" --api $api
	forget
	check "$api dry run" 0 '^would publish orb.yml as circleci/node@6.0.0 to' \
		orb publish increment orb.yml circleci/node major --dry-run --host "$host" --api $api
	logged "$api dry run sends nothing" 0 '/orb/versions'
	check "$api nobody to ask" 2 'say --yes' \
		orb publish orb.yml circleci/node@9.9.9 --host "$host" --api $api
done
check "a version that is taken" 1 'says: taken' \
	orb publish orb.yml circleci/node@5.2.1 --yes --host "$host/refuse"
for fault in badwrite cutwrite; do
	forget
	check "$fault" 1 'may have been made all the same' \
		orb create acme/tools --yes --host "$host/$fault" --api v3
	logged "$fault is not sent again" 1 '^POST '
done
check "publish what is not there" 5 'cannot read none.yml' orb publish none.yml circleci/node@1.0.0
check "publish a partial version" 2 'x.y.z or dev:label' orb publish orb.yml circleci/node@1

# ---- orbs on their own ---------------------------------------------------------------------------

check "remote and here agree" 0 'valid orb' orb validate orb.yml --remote --host "$host" --api graphql
check "remote says no" 7 'ccx says that it is valid' \
	orb validate orb.yml --remote --host "$host" --api v3
for api in v3 graphql; do
	check "$api, for an organization" 0 '^\+owner: org-1' \
		orb process orb.yml --remote --org-id org-1 --host "$host" --api $api
done
check "an organization of no use" 0 'no effect without --remote' \
	orb validate orb.yml --org-id org-1 --host "$host" -v
check "remote prints another" 0 '^\+a: 1' orb process orb.yml --remote --host "$host" --api graphql

finish
